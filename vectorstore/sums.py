"""The sums of an index's files, noted when it is let go: whoever opens them next can tell whether they are the same."""

import json
import zlib
from collections.abc import Iterable
from pathlib import Path

_NOTE = "sums.json"
_PIECE = 1 << 20


def seal(folder: Path, files: Iterable[Path]) -> None:
    """Notes in `folder` the sums of `files` within it, which nobody writes any more."""
    made = json.dumps({str(path.relative_to(folder)): _sum(path) for path in files})
    temporary = folder / f"{_NOTE}.tmp"
    temporary.write_text(made, encoding="utf-8")
    temporary.rename(folder / _NOTE)


def unseal(folder: Path) -> None:
    """Takes the note back: the files are to be changed."""
    (folder / _NOTE).unlink(missing_ok=True)


def are_noted(folder: Path) -> bool:
    """Whether there is a note: none where the files are open, or a process has ended while they were."""
    return (folder / _NOTE).exists()


def torn(folder: Path, files: Iterable[Path]) -> str | None:
    """The names of those of `files` that are not as they were noted; None where all are, or nothing was noted.

    Raises:
        OSError: they cannot be read.
    """
    if not are_noted(folder):
        return None
    try:
        noted = dict(json.loads((folder / _NOTE).read_bytes()))
    except (ValueError, TypeError):
        return _NOTE
    found = {str(path.relative_to(folder)): _sum(path) for path in files}
    wrong = {Path(name).name for name in {*noted, *found} if noted.get(name) != found.get(name)}
    return ", ".join(sorted(wrong)) or None


def _sum(path: Path) -> list[int]:
    total, size = 0, 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            total, size = zlib.crc32(piece, total), size + len(piece)
    return [size, total]
