"""DOCX by python-docx: paragraphs, lists, tables, text boxes and notes in reading order. The only door to python-docx."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.exceptions import InvalidXmlError
from lxml import etree

from ingest import lines as kind_of
from ingest.errors import EmptyDocument, NoTextLayer, TooLarge, UnreadableDocument
from ingest.grid import LABEL_LENGTH
from ingest.numbering import Numbering
from ingest.package import BROKEN, guard
from ingest.raw import Raw, RawLine
from ingest.symbols import plain, sign
from ingest.wordstyle import Styles, W, chain, is_hidden, is_on, number_of, said_by, styles_of, value
from vectorstore.types import BlockKind

MAX_PARAGRAPHS = 200_000

FAULTS = (*BROKEN, OpcError, InvalidXmlError, etree.LxmlError, AttributeError, TypeError, IndexError)
"""What python-docx and its libraries raise for a broken package."""

EXHAUSTED = (RecursionError, MemoryError)

_BREAKS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_BOX = f"{W}txbxContent"
_PASSED_OVER = {*(f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "rt")), f"{_COMPATIBILITY}Fallback", _BOX}
"""What is no text of its paragraph: what was deleted, the second copy of a text box for old programs, text boxes themselves."""
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}


@dataclass(frozen=True, slots=True)
class _House:
    """What a paragraph needs to know of its document."""

    styles: Styles
    numbering: Numbering
    notes: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    """Footnotes and endnotes, by their part's name and their id."""
    on_white: bool = True


@dataclass(slots=True)
class _Said:
    """What a paragraph says: text that is seen, text that is not, and what hangs on it."""

    seen: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)


def read_word(source: str, content: bytes) -> Raw:
    """A DOCX document's lines; table rows have their cells joined by " | ".

    Items of lists have the numbers that Word prints. Footnotes, endnotes and text boxes follow the paragraph that they hang
    on. What was deleted, comments, headers and footers are left out; words that nobody sees are lines marked `hidden`.

    Raises:
        UnreadableDocument: the package is broken.
        DtdForbidden: it has a document type declaration, which no writer of DOCX makes.
        EncryptedDocument: a part needs a password.
        TooLarge: it unpacks to more than can be read safely.
        EmptyDocument, NoTextLayer: it has no text, or pictures only.
    """
    try:
        if guard(source, content, [b"w:p"]) > MAX_PARAGRAPHS:
            raise TooLarge(source, f"เกิน {MAX_PARAGRAPHS:,} ย่อหน้า")
        raw = _read(content)
    except FAULTS as error:
        raise UnreadableDocument(source) from error
    except EXHAUSTED as error:
        raise TooLarge(source, "โครงสร้างซับซ้อนเกินไป") from error
    if not any(line.text.strip() for line in raw.lines):
        raise NoTextLayer(source) if b"word/media/" in content else EmptyDocument(source)
    return raw


def _read(content: bytes) -> Raw:
    document = docx.Document(io.BytesIO(content))
    parts = {relation.reltype.rsplit("/", 1)[-1]: relation for relation in document.part.rels.values()}
    roots = {
        name: etree.fromstring(parts[name].target_part.blob)
        for name in ("styles", "numbering", "footnotes", "endnotes")
        if name in parts and not parts[name].is_external
    }
    notes = {
        (name, note.get(f"{W}id", "")): note
        for name in ("footnotes", "endnotes")
        for note in (roots[name].iterchildren() if name in roots else ())
        if note.get(f"{W}type", "normal") == "normal"
    }
    root = document.element
    background = root.find(f"{W}background")
    on_white = background is None or background.get(f"{W}color", "auto") in ("auto", "FFFFFF")
    house = _House(styles_of(roots.get("styles")), Numbering(roots.get("numbering")), notes, on_white)
    lines = list(_lines(root.body, house))
    opening = [line for line in lines if line.text.strip()][:3]
    return Raw(lines, title=next((line.text for line in opening if line.level == 1), None))


def _lines(parent: Any, house: _House) -> Iterator[RawLine]:
    """The lines of a body, a cell, a note, a text box or a content control, in order."""
    for child in parent.iterchildren():
        if child.tag == f"{W}p":
            yield from _paragraph(child, house)
        elif child.tag == f"{W}tbl":
            yield from _table(child, house)
        elif child.tag == f"{W}sdt" and not _is_placeholder(child):
            for content in child.iterchildren(f"{W}sdtContent"):
                yield from _lines(content, house)
        elif child.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
            yield from _lines(child, house)


def _is_placeholder(control: Any) -> bool:
    """Whether a content control shows only Word's own request to fill it in."""
    return bool(is_on(control.find(f"{W}sdtPr"), "showingPlcHdr"))


def _paragraph(paragraph: Any, house: _House) -> Iterator[RawLine]:
    said = _said(paragraph, house)
    properties = paragraph.find(f"{W}pPr")
    kind, level = said_by(house.styles, value(properties, "pStyle"), properties)
    text = "".join(said.seen).strip("\n")
    hidden = "".join(said.hidden).strip("\n")
    printed, bullet = _printed(paragraph, house)
    if text.strip() or not hidden.strip():
        yield _line(text, printed, kind, level, bullet=bullet)
    if hidden.strip():
        yield RawLine(hidden, doubt="hidden")
    yield from _hanging(said, house)


def _line(text: str, printed: str, kind: BlockKind | None, level: int, *, bullet: bool) -> RawLine:
    """A paragraph under its number. One that structure can tell by its number is left to it, as if the number were typed."""
    if not text.strip():
        return RawLine("")
    if printed:
        text = f"{printed} {text}"
        told = kind_of.marker(text) is not kind_of.NO_MARKER
        kind = kind or ("list_item" if bullet or not told else None)
    return RawLine(text.replace("\n", " ") if kind == "heading" else text, kind=kind, level=level)


def _hanging(said: _Said, house: _House) -> Iterator[RawLine]:
    """Text boxes and notes, each after an empty line."""
    for hung in [*said.boxes, *said.notes]:
        yield RawLine("")
        yield from _lines(hung, house)
        yield RawLine("")


def _printed(paragraph: Any, house: _House) -> tuple[str, bool]:
    """(what Word prints before the paragraph, whether it is a bullet)."""
    properties = paragraph.find(f"{W}pPr")
    style = value(properties, "pStyle")
    own = number_of(properties)
    inherited = next((of.number for of in chain(house.styles, style) if of.number), None) or house.numbering.of_style(style)
    name, level = own or inherited or ("", None)
    if not name and inherited:
        name = inherited[0]
    if level is None:
        linked = house.numbering.of_style(style)
        level = linked[1] if linked else 0
    return house.numbering.next(name, level) if name not in ("", "0") else ("", False)


def _said(paragraph: Any, house: _House) -> _Said:
    """All runs joined before anything looks at them: runs may part a letter from its mark."""
    said = _Said()
    _collect(paragraph, paragraph, house, said, hidden=False, font="")
    return said


def _collect(element: Any, paragraph: Any, house: _House, said: _Said, *, hidden: bool, font: str) -> None:
    for child in element.iterchildren():
        tag = child.tag
        if tag == f"{W}r":
            of = child.find(f"{W}rPr/{W}rFonts")
            unseen = is_hidden(child, paragraph, house.styles, on_white=house.on_white)
            _collect(child, paragraph, house, said, hidden=unseen, font=of.get(f"{W}ascii", "") if of is not None else "")
        elif (text := _text(child, font)) is not None:
            (said.hidden if hidden else said.seen).append(text)
        elif tag in _NOTES:
            note = house.notes.get((_NOTES[tag], child.get(f"{W}id", "")))
            said.notes += [note] if note is not None else []
        elif tag == _BOX:
            said.boxes.append(child)
        elif isinstance(tag, str) and tag not in _PASSED_OVER and not (tag == f"{W}sdt" and _is_placeholder(child)):
            _collect(child, paragraph, house, said, hidden=hidden, font=font)


def _text(element: Any, font: str) -> str | None:
    """The text that an element of a run is; None where it is none."""
    tag = element.tag
    if tag == f"{W}t":
        return plain(element.text or "", font)
    if tag == f"{W}sym":
        code = element.get(f"{W}char", "")
        return sign(int(code, 16), element.get(f"{W}font", "")) if code else ""
    return (element.text or "") if tag == _FORMULA else _BREAKS.get(tag)


def _table(table: Any, house: _House) -> Iterator[RawLine]:
    """One line a row; a row of one cell is a frame around its paragraphs. A table in a cell follows its row."""
    above: dict[int, str] = {}
    for row in table.iter(f"{W}tr"):
        if next(row.iterancestors(f"{W}tbl")) is not table or row.find(f"{W}trPr/{W}del") is not None:
            continue
        cells = [cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row]
        if len(cells) == 1:
            yield from _lines(cells[0], house)
        else:
            yield from _row(cells, above, house)


def _row(cells: list[Any], above: dict[int, str], house: _House) -> Iterator[RawLine]:
    """A row's line; `above` is what the cells say, by column, that those below them are merged into.

    It is said in each row, which is quoted alone, unless it is as long as a paragraph.
    """
    texts: list[str] = []
    after: list[RawLine] = []
    column, says = 0, False
    for cell in cells:
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        if merge is not None and merge.get(f"{W}val") != "restart":
            texts.append(above.get(column, ""))
        else:
            text, more = _cell(cell, house)
            texts.append(text)
            after += more
            above[column] = text if merge is not None and len(text) <= LABEL_LENGTH else ""
            says = says or bool(text)
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        said = span.get(f"{W}val", "") if span is not None else ""
        column += int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 1
    if says:
        yield RawLine(" | ".join(texts), kind="table_row")
    yield from after


def _cell(cell: Any, house: _House) -> tuple[str, list[RawLine]]:
    """(a cell's text on one line; its tables, boxes, notes and hidden words)."""
    texts: list[str] = []
    after: list[RawLine] = []
    for paragraph in cell.iter(f"{W}p"):
        if next(paragraph.iterancestors(f"{W}tc")) is not cell or _in_box(paragraph, cell):
            continue
        said = _said(paragraph, house)
        printed, _ = _printed(paragraph, house)
        text = " ".join("".join(said.seen).split())
        texts.append(f"{printed} {text}" if printed and text else text)
        hidden = " ".join("".join(said.hidden).split())
        after += [RawLine(hidden, doubt="hidden")] if hidden else []
        after += _hanging(said, house)
    for table in cell.iter(f"{W}tbl"):
        if next(table.iterancestors(f"{W}tc")) is cell:
            after += [RawLine(""), *_table(table, house), RawLine("")]
    return " ".join(text for text in texts if text), after


def _in_box(paragraph: Any, cell: Any) -> bool:
    return any(above.getparent() is not None and cell in above.iterancestors() for above in paragraph.iterancestors(_BOX))
