"""DOCX by python-docx: paragraphs and tables in the document's order. The only door to python-docx."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.exceptions import InvalidXmlError
from docx.oxml.ns import qn
from lxml.etree import LxmlError

from ingest.errors import (
    DtdForbidden,
    EmptyDocument,
    EncryptedDocument,
    NoTextLayer,
    TooLarge,
    UnreadableDocument,
    UnsupportedFormat,
)
from ingest.raw import Raw, RawLine
from vectorstore.types import BlockKind

MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 200_000_000
MAX_PARAGRAPHS = 200_000

FAULTS = (
    OpcError,
    InvalidXmlError,
    LxmlError,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a compression that zipfile does not know
    KeyError,  # a part is missing
    ValueError,
    AttributeError,
    TypeError,
    IndexError,
)
"""What python-docx and its libraries raise for a broken package."""

EXHAUSTED = (RecursionError, MemoryError)

_MAIN = "word/document.xml"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_CHUNK = 1 << 20
_HEADING = re.compile(r"(?:heading|หัวเรื่อง) ?([1-9])$", re.IGNORECASE)
_Said = tuple[BlockKind, int]
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:sym"): "•"}
_PASSED_OVER = {qn("w:del"), qn("w:pPr"), qn("w:rPr"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}


def holds_word(content: bytes) -> bool:
    """Whether the ZIP file `content` has a Word document in it, or is too broken to tell."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _MAIN in package.namelist()
    except (*FAULTS, OSError):
        return True


def read_office(source: str, content: bytes) -> Raw:
    """An OLE file: a DOCX with a password is one, and so are the old formats.

    Raises:
        EncryptedDocument: it has a password.
        UnsupportedFormat: it is .doc, .xls or .ppt.
    """
    if _ENCRYPTED in content:
        raise EncryptedDocument(source)
    raise UnsupportedFormat(source, "Word, Excel หรือ PowerPoint รุ่นเก่า: โปรดบันทึกเป็น DOCX")


def read_word(source: str, content: bytes) -> Raw:
    """A DOCX document's lines; table rows have their cells joined by " | ".

    Raises:
        UnreadableDocument: the package is broken.
        DtdForbidden: it has a document type declaration, which no writer of DOCX makes.
        TooLarge: it unpacks to more than can be read safely.
        EmptyDocument, NoTextLayer: it has no text, or pictures only.
    """
    try:
        _guard(source, content)
        raw = _read(content)
    except FAULTS as error:
        raise UnreadableDocument(source) from error
    except EXHAUSTED as error:
        raise TooLarge(source, "โครงสร้างซับซ้อนเกินไป") from error
    if not any(line.text.strip() for line in raw.lines):
        raise NoTextLayer(source) if b"word/media/" in content else EmptyDocument(source)
    return raw


def _guard(source: str, content: bytes) -> None:
    """Raises where unpacking or parsing the package could exhaust the machine."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = package.infolist()
        if len(members) > MAX_MEMBERS:
            raise TooLarge(source, f"มีส่วนประกอบเกิน {MAX_MEMBERS} ส่วน")
        if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
            raise TooLarge(source, f"คลายแล้วเกิน {MAX_UNPACKED_BYTES // 1_000_000} ล้านไบต์")
        if any(member.flag_bits & 1 for member in members):
            raise EncryptedDocument(source)
        paragraphs = 0
        for member in members:
            if member.filename.endswith((".xml", ".rels")):
                paragraphs += _scan(source, package, member)
    if paragraphs > MAX_PARAGRAPHS:
        raise TooLarge(source, f"เกิน {MAX_PARAGRAPHS:,} ย่อหน้า")


def _scan(source: str, package: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """The number of paragraphs in one part; its document type declaration, if any, is refused."""
    paragraphs, tail = 0, b""
    with package.open(member) as part:
        while chunk := part.read(_CHUNK):
            window = tail + chunk
            if any(doctype in window for doctype in _DOCTYPES):
                raise DtdForbidden(source)
            paragraphs += chunk.count(b"<w:p>") + chunk.count(b"<w:p ")
            tail = window[-32:]
    return paragraphs


def _read(content: bytes) -> Raw:
    document = docx.Document(io.BytesIO(content))
    styles = {style.style_id: said for style in document.styles if (said := _said_by(style.name or ""))}
    lines = list(_lines(document.element.body, styles))
    opening = [line for line in lines if line.text.strip()][:3]
    return Raw(lines, title=next((line.text for line in opening if line.level == 1), None))


def _said_by(style_name: str) -> _Said | None:
    """What a paragraph's style says of it: a heading and its level, a list item, or nothing."""
    if style_name.lower() == "title":
        return "heading", 1
    if match := _HEADING.match(style_name):
        return "heading", int(match[1])
    return ("list_item", 0) if style_name.startswith(("List Bullet", "List Number")) else None


def _lines(parent: Any, styles: dict[str, _Said]) -> Iterator[RawLine]:
    """The lines of a body, a cell or a content control, in order."""
    for child in parent.iterchildren():
        if child.tag == qn("w:p"):
            yield _paragraph(child, styles)
        elif child.tag == qn("w:tbl"):
            yield from _table(child, styles)
        elif child.tag == qn("w:sdt"):
            for content in child.iterchildren(qn("w:sdtContent")):
                yield from _lines(content, styles)


def _paragraph(paragraph: Any, styles: dict[str, _Said]) -> RawLine:
    """Word numbers list items itself: the number is not in the text, the list is known by its property or style."""
    text = _text(paragraph)
    kind, level = styles.get(paragraph.style or "", (None, 0))
    if kind == "heading":
        return RawLine(text.replace("\n", " "), kind=kind, level=level)
    if kind is None and paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None:
        kind = "list_item"
    return RawLine(text, kind=kind if text.strip() else None)


def _table(table: Any, styles: dict[str, _Said]) -> Iterator[RawLine]:
    """One line a row; a row of one cell is a frame around its paragraphs."""
    for row in table.iter(qn("w:tr")):
        if next(row.iterancestors(qn("w:tbl"))) is not table:
            continue
        cells = list(row.iterchildren(qn("w:tc")))
        if len(cells) == 1:
            yield from _lines(cells[0], styles)
        elif any(texts := [_cell(cell) for cell in cells]):
            yield RawLine(" | ".join(texts), kind="table_row")


def _cell(cell: Any) -> str:
    """A cell's text on one line; '' for one that is merged into the cell above."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    if merge is not None and merge.get(qn("w:val")) != "restart":
        return ""
    return " ".join(" ".join(_text(paragraph).split()) for paragraph in cell.iter(qn("w:p"))).strip()


def _text(element: Any) -> str:
    """The text of all runs, joined before anything looks at it: runs may part a letter from its mark."""
    pieces: list[str] = []
    for child in element.iterchildren():
        if child.tag == qn("w:t"):
            pieces.append(child.text or "")
        elif child.tag in _BREAKS:
            pieces.append(_BREAKS[child.tag])
        elif isinstance(child.tag, str) and child.tag not in _PASSED_OVER:
            text = _text(child)
            pieces.append(f"\n{text}\n" if child.tag == qn("w:txbxContent") else text)
    return "".join(pieces)
