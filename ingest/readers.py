"""Which reader a source is for: its content decides, its name's suffix must not say otherwise."""

import io
import re
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import PurePosixPath
from typing import Literal

from ingest import export
from ingest.delimited import is_delimited, read_delimited
from ingest.errors import (
    EmptyDocument,
    IngestError,
    InvalidEncoding,
    SeveralDocuments,
    TooLarge,
    TypeMismatch,
    UnreadableDocument,
    UnsupportedFormat,
)
from ingest.mail import is_mail, read_mail
from ingest.package import BROKEN, has_too_many
from ingest.plain import decode, read_plain, wide
from ingest.raw import Raw

Format = Literal[
    "pdf",
    "word",
    "workbook",
    "slides",
    "open",
    "office",
    "rich_text",
    "webpage",
    "mail",
    "bundle",
    "export",
    "delimited",
    "plain",
    "package",
    "image",
    "markup",
    "binary",
]
"""`open` is OpenDocument and whatever else LibreOffice must turn; `package` a ZIP file too broken to tell what is in it."""

MAX_BYTES = 100_000_000
MAX_CHARACTERS = 2_000_000
"""A thousand full pages. Taking so much in at once takes 150 MB of memory, of a server too."""
MAX_LINES = 300_000

_SUFFIXES: dict[str, Format] = {
    ".pdf": "pdf",
    **dict.fromkeys((".docx", ".docm"), "word"),
    **dict.fromkeys((".xlsx", ".xlsm"), "workbook"),
    **dict.fromkeys((".pptx", ".pptm", ".ppsx"), "slides"),
    **dict.fromkeys((".odt", ".ods", ".odp", ".xlsb"), "open"),
    **dict.fromkeys((".doc", ".xls", ".ppt", ".pps", ".dot", ".xlt"), "office"),
    ".rtf": "rich_text",
    **dict.fromkeys((".html", ".htm", ".xhtml"), "webpage"),
    ".eml": "mail",
    ".zip": "bundle",
    **dict.fromkeys((".jsonl", ".ndjson"), "export"),
    **dict.fromkeys((".csv", ".tsv"), "delimited"),
    **dict.fromkeys((".txt", ".text", ".md"), "plain"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff"), "image"),
}
BUNDLES: frozenset[Format] = frozenset(["bundle", "mail"])
"""What may be several documents: see `ingest.bundle`."""
_NAMES: dict[Format, str] = {
    "pdf": "PDF",
    "word": "DOCX",
    "workbook": "XLSX",
    "slides": "PPTX",
    "open": "OpenDocument (ODT, ODS, ODP) หรือ XLSB",
    "office": "Word, Excel หรือ PowerPoint รุ่นเก่า",
    "rich_text": "RTF",
    "webpage": "HTML",
    "mail": "อีเมล",
    "bundle": "ZIP",
    "export": "JSON Lines",
    "delimited": "CSV",
    "plain": "ข้อความล้วน",
    "package": "ZIP ที่เสียหาย",
    "image": "รูปภาพ",
    "markup": "XML",
    "binary": "ข้อมูลไบนารี",
}
_PARTS: tuple[tuple[str, Format], ...] = (
    ("word/document.xml", "word"),
    ("xl/workbook.xml", "workbook"),
    ("ppt/presentation.xml", "slides"),
    ("xl/workbook.bin", "open"),
)
"""The part of a ZIP file that tells what it is."""
_OLD: frozenset[Format] = frozenset(["webpage", "rich_text", "delimited", "word", "workbook", "slides", "open"])
"""What also goes by .doc, .xls and .ppt: many programs that claim to write them write one of these."""

_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF")
_PAGE = re.compile(rb"\s*(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(
    rb"\s*<\?xml\b[^>]*>\s*(?:<!--(?:(?!-->).)*+-->\s*+)*+(?P<page><(?:!doctype\s+html|html)\b)?", re.IGNORECASE | re.DOTALL
)
_AGREED: frozenset[tuple[Format, Format]] = frozenset(
    [
        ("plain", "export"),
        ("plain", "mail"),
        ("word", "office"),
        ("workbook", "office"),
        ("slides", "office"),
        ("word", "rich_text"),
    ]
)
"""(what the suffix says, what the content is) where both may be right: a modern file with a password is an OLE file."""
_BEGINNING = 100_000
"""Bytes by which a text is told to be a table."""
_TAG = re.compile(rb"<[a-zA-Z][a-zA-Z0-9]*[\s/>]")
_CONTROLS = bytes([*range(9), *range(14, 32), 127])
_BYTES_A_CONTROL = 50
"""One control character in so many bytes may be a stray in a text; more are in no text."""

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read(source: str, content: bytes) -> Raw:
    """The lines of `content`, which came under the name `source`.

    Raises:
        IngestError: what is wrong with it, and what to do (see `ingest.errors`).
    """
    if len(content) > MAX_BYTES:
        raise TooLarge(source, f"เกิน {MAX_BYTES // 1_000_000} ล้านไบต์")
    if not content.removeprefix(_BOM).strip():
        raise EmptyDocument(source)
    found = _agreed(source, content)
    reader = _reader(found)
    if reader is None:
        raise UnsupportedFormat(source, _NAMES[found])
    return reader(source, content)


def is_plain(source: str, head: bytes) -> bool:
    """Whether no library is needed to read the file `source` whose content begins with `head`, 4,096 bytes or all."""
    try:
        return _agreed(source, head) in ("plain", "export", "binary")
    except IngestError:
        return False


def may_be_bundle(head: bytes) -> bool:
    """Whether a file that begins with `head`, 4,096 bytes or all, may be one of `BUNDLES`."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06")) or is_mail(head.removeprefix(_BOM))


def check_size(source: str, raw: Raw) -> None:
    """Raises TooLarge where there is more text than can be taken in at once."""
    if sum(len(line.text) for line in raw.lines) > MAX_CHARACTERS:
        raise TooLarge(source, f"ข้อความเกิน {MAX_CHARACTERS // 1_000_000} ล้านตัวอักษร")
    if len(raw.lines) > MAX_LINES:
        raise TooLarge(source, f"ข้อความเกิน {MAX_LINES:,} บรรทัด")


def format_of(content: bytes) -> Format:
    """What `content` is, whatever its name; `plain` is text, in an encoding still to be told."""
    head = content[:4_096].removeprefix(_BOM)
    if b"%PDF-" in content[:1_024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed_format(content)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "office"
    if head.startswith(_IMAGES):
        return "image"
    return _text_format(content, head)


def _packed_format(content: bytes) -> Format:
    """What a ZIP file is by its parts: an office file, or a bundle of files. Hardly anything of it is unpacked."""
    if has_too_many(content):
        return "bundle"  # whose reader says so
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            kind = _beginning(package, "mimetype") if "mimetype" in names else b""
    except BROKEN:
        return "package"
    if kind.startswith(b"application/vnd.oasis.opendocument"):
        return "open"
    return next((found for part, found in _PARTS if part in names), "bundle")


def _beginning(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(100)


def _text_format(content: bytes, head: bytes) -> Format:
    if _PAGE.match(head):
        return "webpage"
    if is_mail(head):
        return "mail"
    if xml := _XML.match(head):
        return "webpage" if xml["page"] else "markup"
    if head.startswith(b"{\\rtf"):
        return "rich_text"
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if _BYTES_A_CONTROL * controls > len(head) and not head.startswith(_UTF16) and not wide(head):
        return "binary"
    first = content.removeprefix(_BOM).lstrip().split(b"\n", 1)[0]
    return "export" if first.startswith(b"{") and export.is_record(first) else "plain"


def _agreed(source: str, content: bytes) -> Format:
    """What content and suffix agree on: a fragment of a page begins like any text, and so does a broken export.

    Raises:
        TypeMismatch: the suffix names another format than the content has.
    """
    found = format_of(content)
    suffix = PurePosixPath(source.lower()).suffix
    named = _SUFFIXES.get(suffix)
    if named is None:
        return "delimited" if found == "plain" and _is_table(content) else found
    if named == found or (found == "package" and named in {"bundle", "open", *(of for _, of in _PARTS)}):
        return found
    if found == "plain" and (named in ("export", "delimited", "mail") or (named == "webpage" and _TAG.search(content[:4_096]))):
        return named
    if found == "plain" and suffix in (".xls", ".xlt"):
        return "delimited"
    if (named == "office" and found in _OLD) or (named, found) in _AGREED:
        return found
    raise TypeMismatch(source, f"นามสกุลของ {_NAMES[named]} แต่เนื้อไฟล์เป็น {_NAMES[found]}")


def _is_table(content: bytes) -> bool:
    """Whether a text whose name says nothing is a table."""
    try:
        text = decode("", content[:_BEGINNING])
    except InvalidEncoding:
        return False
    return is_delimited(text.rpartition("\n")[0])


def _read_package(source: str, content: bytes) -> Raw:
    """What cannot be opened at all."""
    raise UnreadableDocument(source)


def _read_bundle(source: str, content: bytes) -> Raw:
    """A bundle is several documents, and `ingest` takes those."""
    raise SeveralDocuments(source, "ZIP")


def _read_export(source: str, content: bytes) -> Raw:
    """An uploaded export of one record; several records are several documents, and `ingest` takes those."""
    lines = [line for line in content.removeprefix(_BOM).split(b"\n") if line.strip()]
    if len(lines) > 1:
        raise SeveralDocuments(source, f"JSON Lines {len(lines)} ระเบียน")
    return export.read_record(source, 1, lines[0].strip())[1]


def _reader(found: Format) -> Callable[[str, bytes], Raw] | None:
    """The reader of a format, None where there is none; imported when first needed, for asking needs no parser of PDFs."""
    if (place := _PARSERS.get(found)) is None:
        return _OWN.get(found)
    module, name = place
    reader: Callable[[str, bytes], Raw] = getattr(import_module(f"ingest.{module}"), name)
    return reader


_PARSERS: dict[Format, tuple[str, str]] = {
    "pdf": ("pdf", "read_pdf"),
    "word": ("word", "read_word"),
    "workbook": ("workbook", "read_workbook"),
    "slides": ("slides", "read_slides"),
    "open": ("office", "read_open_document"),
    "office": ("office", "read_office"),
    "rich_text": ("office", "read_rich_text"),
    "webpage": ("webpage", "read_webpage"),
    "image": ("picture", "read_picture"),
}
"""The readers that bring a library along: module and name."""
_OWN: dict[Format, Callable[[str, bytes], Raw]] = {
    "export": _read_export,
    "plain": read_plain,
    "delimited": read_delimited,
    "mail": read_mail,
    "bundle": _read_bundle,
    "package": _read_package,
}
