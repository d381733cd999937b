"""The files below the paths that were given, each with the name under which the archive knows it."""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import UnreachableSource

NAME_LENGTH = 200

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb]")
_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file and its name in the archive: the path below the folder that was given, or the file's own name."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class _Found:
    """`above` is what tells it from another of the same name: the folder given, or the one that the file is in."""

    path: Path
    name: str
    above: str


def clean_name(name: str) -> str:
    """`name` composed (NFC), without control and direction characters; what is lost of a long one is its beginning."""
    return _UNPRINTABLE.sub("", unicodedata.normalize("NFC", name))[-NAME_LENGTH:].strip() or "ไม่มีชื่อ"


def sources(paths: Sequence[Path]) -> Iterator[Source | UnreachableSource]:
    """Every file to read, folders in alphabetical order; what cannot be reached comes as the error that says so.

    Hidden files, the lock files of office programs and links that lead out of the folder are passed over.
    """
    found: list[_Found] = []
    for path in paths:
        for item in _below(path):
            if isinstance(item, _Found):
                found.append(item)
            else:
                yield item
    found = list({os.path.abspath(item.path): item for item in found}.values())
    counts = Counter(item.name for item in found)
    for item in found:
        name = item.name if counts[item.name] == 1 else f"{item.above}/{item.name}"
        yield Source(clean_name(name), item.path)


def _below(path: Path) -> Iterator[_Found | UnreachableSource]:
    if path.is_dir():
        yield from _in_folder(path)
    elif path.is_file():
        yield _Found(path, path.name, path.absolute().parent.name)
    else:
        yield UnreachableSource(clean_name(str(path)))


def _in_folder(folder: Path) -> Iterator[_Found | UnreachableSource]:
    root = folder.resolve()
    errors: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if not _leads_nowhere(path, root):
                yield _Found(path, path.relative_to(folder).as_posix(), root.name)
    for error in errors:
        yield UnreachableSource(clean_name(str(error.filename)), "เปิดโฟลเดอร์ไม่ได้")


def _leads_nowhere(path: Path, root: Path) -> bool:
    if is_passed_over(path.name) or (path.is_symlink() and not path.resolve().is_relative_to(root)):
        return True
    return not path.is_file()


def is_passed_over(name: str) -> bool:
    """Whether a file or folder of this name is hidden, a lock of an office program, or what a system leaves behind."""
    return name.startswith((".", "~$")) or name.lower() in _SYSTEM_FILES
