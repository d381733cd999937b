"""Files that hold files: a ZIP's members and a mail's attachments, each a source of its own, named below the one it came in."""

import io
import stat
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from ingest import mail
from ingest.errors import EmptyDocument, EncryptedDocument, IngestError, NestedZip, TooLarge, UnreadableDocument
from ingest.package import BROKEN, check_directory
from ingest.readers import Format, format_of
from ingest.sources import clean_name, is_passed_over

MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 200_000_000
"""Of all that is in one file, at every depth."""
MAX_RATIO, RATIO_FLOOR_BYTES = 100, 10_000_000
"""A member that unpacks to more than the floor may be so many times as large as it is packed."""
_DEPTH = 3
"""Mails within mails."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file within another, or a mail's own text: its name in the archive, its bytes, and what they are."""

    name: str
    content: bytes
    format: Format


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked."""

    members: int = field(default_factory=lambda: MAX_MEMBERS)
    bytes: int = field(default_factory=lambda: MAX_UNPACKED_BYTES)


def members(source: str, content: bytes) -> Iterator[Member | IngestError]:
    """The documents of a ZIP or a mail, in order, one in memory at a time; what cannot be had comes as the error that says so.

    A mail comes first itself. Folders, hidden files and what systems leave behind are passed over; a name never leads out of
    the bundle. Any other file is its own only member.
    """
    yield from _opened(source, content, _Budget(), depth=0, in_zip=False)


def _opened(source: str, content: bytes, budget: _Budget, *, depth: int, in_zip: bool) -> Iterator[Member | IngestError]:
    found = format_of(content)
    if found == "bundle" and in_zip:
        yield NestedZip(source)
    elif found == "bundle":
        yield from _unpacked(source, content, budget, depth)
    else:
        yield Member(source, content, found)
        if found == "mail" and depth < _DEPTH:
            yield from _attached(source, content, budget, depth, in_zip=in_zip)


def _unpacked(source: str, content: bytes, budget: _Budget, depth: int) -> Iterator[Member | IngestError]:
    try:
        check_directory(source, content)
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            infos = [info for info in package.infolist() if not info.is_dir() and not _is_link(info)]
            budget.members -= len(infos)
            if budget.members < 0:
                yield TooLarge(source, f"มีไฟล์ข้างในเกิน {MAX_MEMBERS:,} ไฟล์")
                return
            taken: set[str] = set()
            for info in infos:
                path = _path(info)
                if not path or any(is_passed_over(part) for part in path):
                    continue
                name = _unlike(clean_name("/".join([source, *path])), taken)
                yield from _member(name, package, info, budget, depth)
            if not taken:
                yield EmptyDocument(source, "ไม่มีไฟล์ข้างใน")
    except (*BROKEN, TooLarge) as error:
        yield _broken(source, error)


def _member(
    name: str, package: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget, depth: int
) -> Iterator[Member | IngestError]:
    if info.flag_bits & 1:
        yield EncryptedDocument(name)
        return
    if info.file_size > RATIO_FLOOR_BYTES and info.file_size > MAX_RATIO * info.compress_size:
        yield TooLarge(name, f"คลายแล้วใหญ่กว่าเดิมเกิน {MAX_RATIO} เท่า")
        return
    if info.file_size > budget.bytes:
        yield TooLarge(name, f"ไฟล์ข้างในรวมกันเกิน {MAX_UNPACKED_BYTES // 1_000_000} ล้านไบต์")
        return
    budget.bytes -= info.file_size
    try:
        content = package.read(info)
    except BROKEN as error:
        yield _broken(name, error)
        return
    yield from _opened(name, content, budget, depth=depth, in_zip=True)


def _attached(source: str, content: bytes, budget: _Budget, depth: int, *, in_zip: bool) -> Iterator[Member | IngestError]:
    taken: set[str] = set()
    try:
        for name, payload in mail.attachments(content):
            budget.members -= 1
            budget.bytes -= len(payload)
            if min(budget.members, budget.bytes) < 0:
                yield TooLarge(source, f"มีไฟล์แนบเกิน {MAX_MEMBERS:,} ไฟล์ หรือ {MAX_UNPACKED_BYTES // 1_000_000} ล้านไบต์")
                return
            named = _unlike(clean_name(f"{source}/{'/'.join(_parts(name)) or 'ไฟล์แนบ'}"), taken)
            yield from _opened(named, payload, budget, depth=depth + 1, in_zip=in_zip)
    except (*mail.FAULTS, *mail.EXHAUSTED) as error:
        yield _broken(source, error)


def _broken(source: str, error: BaseException) -> IngestError:
    """An error of the libraries as ours; ours as it is."""
    return error if isinstance(error, IngestError) else UnreadableDocument(source, "เปิดไฟล์ข้างในไม่ได้")


def _is_link(info: zipfile.ZipInfo) -> bool:
    """Whether a member is a name for another file, as Unix packs them: its content is a path and no document."""
    return stat.S_ISLNK(info.external_attr >> 16)


def _path(info: zipfile.ZipInfo) -> list[str]:
    """The folders and the name of a member. Without the mark of UTF-8, zipfile has taken the bytes for code page 437."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeEncodeError):
            name = _told(name.encode("cp437"))
    return _parts(name)


def _told(name: bytes) -> str:
    """UTF-8 (macOS), Thai CP874 (Windows), or else code page 437."""
    for encoding in ("utf-8", "cp874"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("cp437")


def _parts(name: str) -> list[str]:
    """A path's parts, none of which leads anywhere else: no drive, no root, no step up."""
    parts = name.replace("\\", "/").split("/")
    return [part for part in parts if part.strip(". ") and not (len(part) == 2 and part[1] == ":")]


def _unlike(name: str, taken: set[str]) -> str:
    """`name`, with a number where a member of this name came before."""
    number, unlike = 1, name
    while unlike in taken:
        number += 1
        unlike = f"{name} ({number})"
    taken.add(unlike)
    return unlike
