"""Which reader a source is for: its content decides, its name's suffix must not say otherwise."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Literal

from ingest import export
from ingest.errors import EmptyDocument, SeveralDocuments, TooLarge, TypeMismatch, UnsupportedFormat
from ingest.plain import read_plain
from ingest.raw import Raw

Format = Literal["pdf", "word", "webpage", "export", "plain", "office", "zip", "image", "markup", "binary"]

MAX_BYTES = 100_000_000
MAX_CHARACTERS = 20_000_000
MAX_LINES = 300_000

_SUFFIXES: dict[str, Format] = {
    ".pdf": "pdf",
    ".docx": "word",
    ".html": "webpage",
    ".htm": "webpage",
    ".xhtml": "webpage",
    ".jsonl": "export",
    ".ndjson": "export",
    ".txt": "plain",
    ".text": "plain",
    ".md": "plain",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
    ".tif": "image",
    ".tiff": "image",
}
_NAMES: dict[Format, str] = {
    "pdf": "PDF",
    "word": "DOCX",
    "webpage": "HTML",
    "export": "JSON Lines",
    "plain": "ข้อความล้วน",
    "office": "Word, Excel หรือ PowerPoint รุ่นเก่า",
    "zip": "ZIP ที่ไม่ใช่ DOCX เช่น XLSX, PPTX, ODT",
    "image": "รูปภาพ",
    "markup": "XML หรือ RTF",
    "binary": "ข้อมูลไบนารี",
}

_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF")
_PAGE = re.compile(rb"\s*(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(
    rb"\s*<\?xml\b[^>]*>\s*(?:<!--(?:(?!-->).)*+-->\s*+)*+(?P<page><(?:!doctype\s+html|html)\b)?", re.IGNORECASE | re.DOTALL
)
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
        from ingest.word import holds_word

        return "word" if holds_word(content) else "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "office"
    if head.startswith(_IMAGES):
        return "image"
    return _text_format(content, head)


def _text_format(content: bytes, head: bytes) -> Format:
    if _PAGE.match(head):
        return "webpage"
    if xml := _XML.match(head):
        return "webpage" if xml["page"] else "markup"
    if head.startswith(b"{\\rtf"):
        return "markup"
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if _BYTES_A_CONTROL * controls > len(head) and not head.startswith(_UTF16):
        return "binary"
    first = content.removeprefix(_BOM).lstrip().split(b"\n", 1)[0]
    return "export" if first.startswith(b"{") and export.is_record(first) else "plain"


def _agreed(source: str, content: bytes) -> Format:
    """What content and suffix agree on: a fragment of a page begins like any text, and so does a broken export.

    Raises:
        TypeMismatch: the suffix names another format than the content has.
    """
    found = format_of(content)
    named = _SUFFIXES.get(PurePosixPath(source.lower()).suffix)
    if named is None or named == found:
        return found
    if found == "plain" and (named == "export" or (named == "webpage" and _TAG.search(content[:4_096]))):
        return named
    if (named, found) in {("plain", "export"), ("word", "office")}:
        return found
    raise TypeMismatch(source, f"นามสกุลของ {_NAMES[named]} แต่เนื้อไฟล์เป็น {_NAMES[found]}")


def _read_export(source: str, content: bytes) -> Raw:
    """An uploaded export of one record; several records are several documents, and `ingest` takes those."""
    lines = [line for line in content.removeprefix(_BOM).split(b"\n") if line.strip()]
    if len(lines) > 1:
        raise SeveralDocuments(source, f"JSON Lines {len(lines)} ระเบียน")
    return export.read_record(source, 1, lines[0].strip())[1]


def _reader(found: Format) -> Callable[[str, bytes], Raw] | None:
    """The reader of a format, None where there is none; imported when first needed, for asking needs no parser of PDFs."""
    if found == "pdf":
        from ingest.pdf import read_pdf

        return read_pdf
    if found == "image":
        from ingest.picture import read_picture

        return read_picture
    if found == "webpage":
        from ingest.webpage import read_webpage

        return read_webpage
    if found in ("word", "office"):
        from ingest.word import read_office, read_word

        return read_word if found == "word" else read_office
    return {"export": _read_export, "plain": read_plain}.get(found)
