"""Which reader a source is for: its content decides, its name's suffix must not say otherwise."""

import re
from pathlib import PurePosixPath
from typing import Literal

from ingest import export
from ingest.errors import EmptyDocument, TooLarge, TypeMismatch, UnsupportedFormat
from ingest.pdf import read_pdf
from ingest.plain import read_plain
from ingest.raw import Raw
from ingest.webpage import read_webpage
from ingest.word import holds_word, read_office, read_word

Format = Literal["pdf", "word", "webpage", "export", "plain", "office", "zip", "image", "markup", "binary"]

MAX_BYTES = 100_000_000
MAX_CHARACTERS = 20_000_000

_READERS = {"pdf": read_pdf, "word": read_word, "webpage": read_webpage, "plain": read_plain, "office": read_office}
_SUFFIXES: dict[str, Format] = {
    ".pdf": "pdf", ".docx": "word", ".html": "webpage", ".htm": "webpage", ".xhtml": "webpage",
    ".jsonl": "export", ".ndjson": "export", ".txt": "plain", ".text": "plain", ".md": "plain",
}  # fmt: skip

_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF")
_MARKUP_TEXT = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(rb"\s*<\?xml\b[^>]*>\s*(?:<!--.*?-->\s*)*(?P<html><(?:!doctype\s+html|html)\b)?", re.IGNORECASE | re.DOTALL)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read(source: str, content: bytes) -> Raw:
    """The lines of `content`, which came under the name `source`.

    Raises:
        IngestError: what is wrong with it, and what to do (see `ingest.errors`).
    """
    if len(content) > MAX_BYTES:
        raise TooLarge(source, f"เกิน {MAX_BYTES // 1_000_000} ล้านไบต์")
    if not content.strip():
        raise EmptyDocument(source)
    found = format_of(content)
    _check_suffix(source, found, content)
    raw = _read_export(source, content) if found == "export" else _reader(source, found)(source, content)
    if sum(len(line.text) for line in raw.lines) > MAX_CHARACTERS:
        raise TooLarge(source, f"ข้อความเกิน {MAX_CHARACTERS // 1_000_000} ล้านตัวอักษร")
    return raw


def format_of(content: bytes) -> Format:
    """What `content` is, whatever its name; `plain` is text, in an encoding still to be told."""
    head = content[:4_096].removeprefix(b"\xef\xbb\xbf")
    if b"%PDF-" in content[:1_024]:
        return "pdf"
    if head.startswith(b"PK"):
        return "word" if holds_word(content) else "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "office"
    if head.startswith(_IMAGES):
        return "image"
    return _text_format(content, head)


def _text_format(content: bytes, head: bytes) -> Format:
    if _MARKUP_TEXT.match(head):
        return "webpage"
    if xml := _XML.match(head):
        return "webpage" if xml["html"] else "markup"
    if head.startswith(b"{\\rtf"):
        return "markup"
    if b"\x00" in head and not head.startswith(_UTF16):
        return "binary"
    first = content.removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n", 1)[0]
    return "export" if first.startswith(b"{") and export.is_record(first) else "plain"


def _check_suffix(source: str, found: Format, content: bytes) -> None:
    """Raises TypeMismatch where the suffix names another format; a fragment of a page begins like any text."""
    named = _SUFFIXES.get(PurePosixPath(source.lower()).suffix)
    if named in (None, found) or (named == "plain" and found == "export"):
        return
    if named == "word" and found == "office":
        return
    raise TypeMismatch(source, f"นามสกุลบอกว่าเป็น {named} แต่เนื้อไฟล์เป็น {found}")


def _reader(source: str, found: Format):
    return _READERS[found]


def _read_export(source: str, content: bytes) -> Raw:
    return Raw()
