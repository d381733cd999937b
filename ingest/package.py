"""Office files as ZIP packages: what could exhaust the machine is refused before any part is parsed."""

import io
import zipfile
import zlib
from collections.abc import Iterable

from ingest.errors import DtdForbidden, EncryptedDocument, TooLarge

MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 200_000_000

BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,  # a member that begins outside the file
    NotImplementedError,  # a compression that zipfile does not know
    RuntimeError,  # a password that the directory does not speak of
    KeyError,
    ValueError,
)
"""What zipfile raises for a broken package."""

_DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_CHUNK = 1 << 20
_MAX_ENTRIES = 200_000
"""Signatures of directory entries, also those of packages that lie within this one."""


def guard(source: str, content: bytes, counted: Iterable[bytes] = ()) -> int:
    """How often one of `counted` begins a tag in the package's XML parts.

    Raises:
        DtdForbidden: a part has a document type declaration, which no writer of office files makes.
        EncryptedDocument: a part needs a password.
        TooLarge: it has too many parts, or unpacks to too much.
        zipfile.BadZipFile: it is no package; see BROKEN for the others.
    """
    check_directory(source, content)
    tags = tuple(b"<" + tag + end for tag in counted for end in (b">", b" "))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = package.infolist()
        if len(members) > MAX_MEMBERS:
            raise TooLarge(source, f"มีส่วนประกอบเกิน {MAX_MEMBERS:,} ส่วน")
        if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
            raise TooLarge(source, f"คลายแล้วเกิน {MAX_UNPACKED_BYTES // 1_000_000} ล้านไบต์")
        if any(member.flag_bits & 1 for member in members):
            raise EncryptedDocument(source)
        parts = [member for member in members if member.filename.endswith((".xml", ".rels"))]
        return sum(_scan(source, package, member, tags) for member in parts)


def has_too_many(content: bytes) -> bool:
    """Whether a package has more entries than should be read even to tell what it is."""
    return content.count(b"PK\x01\x02") > _MAX_ENTRIES


def check_directory(source: str, content: bytes) -> None:
    """Raises TooLarge where there are so many entries that reading their names alone would exhaust the machine."""
    if has_too_many(content):
        raise TooLarge(source, f"มีส่วนประกอบเกิน {MAX_MEMBERS:,} ส่วน")


def _scan(source: str, package: zipfile.ZipFile, member: zipfile.ZipInfo, tags: tuple[bytes, ...]) -> int:
    """The number of `tags` in one part; its document type declaration, if any, is refused."""
    count, tail = 0, b""
    with package.open(member) as part:
        while chunk := part.read(_CHUNK):
            window = tail + chunk
            if any(doctype in window for doctype in _DOCTYPES):
                raise DtdForbidden(source)
            count += sum(chunk.count(tag) for tag in tags)
            tail = window[-32:]
    return count
