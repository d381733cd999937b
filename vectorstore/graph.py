"""The files in which Chroma keeps its graph: whether they are whole, and what lies unused in them.

Chroma writes them in place and reads them without looking: one that is cut short or garbled is searched wrongly, or ends
the process.
"""

import struct
from pathlib import Path

from vectorstore import sums

_HEADER = struct.Struct("<i4Q")
_KNOWN = 1
"""The version of the files whose make-up is known here."""
_LENGTH = 4
"""Bytes that a room has in `length.bin`."""


def wipe(folder: Path) -> None:
    """Zeroes the rooms of the graphs on disk that no row has taken yet: Chroma writes there what its memory held before."""
    for header in folder.rglob("header.bin"):
        version, rooms, taken, size = _made_up(header)
        data = header.with_name("data_level0.bin")
        if version == _KNOWN and taken <= rooms and data.stat().st_size == rooms * size:
            with data.open("r+b") as file:
                file.seek(taken * size)
                file.write(bytes((rooms - taken) * size))


def files(folder: Path) -> list[Path]:
    """Those of the graphs that were written whole: of others Chroma makes the files anew whenever it opens them."""
    return sorted(path for whole in folder.glob("*/index_metadata.pickle") for path in whole.parent.iterdir() if path.is_file())


def torn(folder: Path) -> str | None:
    """What is wrong with the files, without opening them as Chroma does; None where nothing shows.

    Where nobody noted sums because the process ended before, lengths alone are compared.

    Raises:
        OSError: they cannot be read.
    """
    if sums.are_noted(folder):
        return sums.torn(folder, files(folder))
    return next((path.name for path in files(folder) if path.name == "header.bin" and not _fits(path)), None)


def _made_up(header: Path) -> tuple[int, int, int, int]:
    """(version, rooms, rooms taken, bytes of a room); zeroes where the file is too short to say."""
    content = header.read_bytes()
    if len(content) < _HEADER.size:
        return 0, 0, 0, 0
    version, _, rooms, taken, size = _HEADER.unpack_from(content)
    return version, rooms, taken, size


def _fits(header: Path) -> bool:
    """Whether the files beside have room for all that is taken, and no other lengths than Chroma gives them."""
    version, rooms, taken, size = _made_up(header)
    if version != _KNOWN or taken > rooms:
        return False
    beside = (("data_level0.bin", size), ("length.bin", _LENGTH))
    return all(_size(header.with_name(name)) in (rooms * each, taken * each) for name, each in beside)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else -1
