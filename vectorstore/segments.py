"""The files in which tantivy keeps words: each ends with a sum of what is before, which nobody else compares.

It maps them into memory and trusts them: one that is cut short or garbled gives wrong hits, or ends the process.
"""

import json
import struct
import zlib
from pathlib import Path

_END = struct.Struct("<II")
"""The length of the footer, and the number by which it is known."""
_MAGIC = 1337


def torn(folder: Path) -> str | None:
    """The name of the first file of the index in `folder` that is not as it was written; None where all are, or none is there.

    Raises:
        OSError: they cannot be read.
    """
    try:
        kept = json.loads((folder / "meta.json").read_bytes())["segments"]
        named = {str(one["segment_id"]).replace("-", "") for one in kept}
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return "meta.json"
    files = [path for path in sorted(folder.iterdir()) if path.name.partition(".")[0] in named]
    missing = named - {path.name.partition(".")[0] for path in files if path.suffix == ".store"}
    return next((path.name for path in files if not _is_whole(path)), next(iter(missing), None))


def _is_whole(path: Path) -> bool:
    content = memoryview(path.read_bytes())
    if len(content) < _END.size:
        return False
    size, magic = _END.unpack_from(content, len(content) - _END.size)
    body = len(content) - _END.size - size
    if magic != _MAGIC or body < 0:
        return False
    try:
        return bool(zlib.crc32(content[:body]) == json.loads(bytes(content[body : len(content) - _END.size]))["crc"])
    except (ValueError, KeyError, TypeError):
        return False
