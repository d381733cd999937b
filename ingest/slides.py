"""PPTX by python-pptx: slides as pages, their titles as headings, tables, diagrams and notes. Its only door."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pptx
from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError

from ingest.errors import EmptyDocument, NoTextLayer, TooLarge, UnreadableDocument
from ingest.package import BROKEN, guard
from ingest.raw import Raw, RawLine
from vectorstore.types import Doubt

MAX_SLIDES, MAX_PARAGRAPHS = 2_000, 200_000

FAULTS = (*BROKEN, PythonPptxError, etree.LxmlError, AttributeError, TypeError, IndexError)
"""What python-pptx and its libraries raise for a broken package."""
EXHAUSTED = (RecursionError, MemoryError)

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
_FURNITURE = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER}
_TITLES = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE}


def read_slides(source: str, content: bytes) -> Raw:
    """A presentation's lines: the slide's number is the page, its title a heading, its notes follow after an empty line.

    A hidden slide is read and marked so.

    Raises:
        UnreadableDocument: the package is broken, or has a document type declaration.
        EncryptedDocument: it has a password.
        TooLarge: there are more slides or paragraphs than can be read.
        EmptyDocument, NoTextLayer: it has no text, or pictures only.
    """
    try:
        if guard(source, content, [b"a:p"]) > MAX_PARAGRAPHS:
            raise TooLarge(source, f"เกิน {MAX_PARAGRAPHS:,} ย่อหน้า")
        slides = list(pptx.Presentation(io.BytesIO(content)).slides)
        if len(slides) > MAX_SLIDES:
            raise TooLarge(source, f"เกิน {MAX_SLIDES:,} สไลด์")
        lines = [line for number, slide in enumerate(slides, 1) for line in _slide(slide, number)]
    except FAULTS as error:
        raise UnreadableDocument(source) from error
    except EXHAUSTED as error:
        raise TooLarge(source, "โครงสร้างซับซ้อนเกินไป") from error
    if not any(line.text.strip() for line in lines):
        raise NoTextLayer(source) if b"ppt/media/" in content else EmptyDocument(source)
    return Raw(lines, title=_title(lines))


def _title(lines: list[RawLine]) -> str | None:
    """The title of the first slide that has one."""
    return next((line.text for line in lines if line.level == 1 and line.page in (1, 2)), None)


def _slide(slide: Any, number: int) -> Iterator[RawLine]:
    doubt: Doubt | None = "hidden" if slide._element.get("show") in ("0", "false") else None
    found = [*_headings(slide), *_shapes(slide.shapes, slide)]
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
        found += [RawLine(""), *_paragraphs(frame)]
    yield from (replace(line, page=number, doubt=doubt) for line in [RawLine(""), *found])


def _headings(slide: Any) -> Iterator[RawLine]:
    for shape in slide.shapes:
        if shape.is_placeholder and shape.placeholder_format.type in _TITLES and shape.has_text_frame:
            text = " ".join(shape.text_frame.text.split())
            yield RawLine(text, kind="heading" if text else None, level=1 if text else 0)


def _shapes(shapes: Any, slide: Any) -> Iterator[RawLine]:
    """The text of shapes in their order, groups opened; titles have been read, and what is on every slide says nothing."""
    for shape in shapes:
        kind = shape.placeholder_format.type if shape.is_placeholder else None
        if kind in _FURNITURE or kind in _TITLES:
            continue
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes, slide)
        elif getattr(shape, "has_table", False):
            yield from _table(shape.table)
        elif shape.has_text_frame:
            yield from [RawLine(""), *_paragraphs(shape.text_frame)]
        else:
            yield from _diagram(shape, slide)


def _paragraphs(frame: Any) -> Iterator[RawLine]:
    """One line a paragraph; a list item where a bullet or number is set on it itself, or it is indented below another."""
    for paragraph in frame.paragraphs:
        text = " ".join(paragraph.text.replace("\v", "\n").split())
        properties = paragraph._p.pPr
        bullet = properties is not None and any(
            properties.find(f"{_DRAWING}{name}") is not None for name in ("buChar", "buAutoNum")
        )
        listed = text and (bullet or paragraph.level > 0)
        yield RawLine(text, kind="list_item" if listed else None)


def _table(table: Any) -> Iterator[RawLine]:
    """One line a row, its cells joined by " | "; a merged cell says its text once."""
    yield RawLine("")
    for row in table.rows:
        texts = ["" if cell.is_spanned else " ".join(cell.text_frame.text.split()) for cell in row.cells]
        if any(texts):
            yield RawLine(" | ".join(texts), kind="table_row" if len(texts) > 1 else None)
    yield RawLine("")


def _diagram(shape: Any, slide: Any) -> Iterator[RawLine]:
    """The texts of a SmartArt diagram, which python-pptx does not open: they stand in a part of their own."""
    for relation in shape._element.iter(_DIAGRAM):
        part = slide.part.related_part(relation.get(_DATA))
        yield RawLine("")
        for paragraph in etree.fromstring(part.blob).iter(f"{_DRAWING}p"):
            text = " ".join("".join(piece.text or "" for piece in paragraph.iter(f"{_DRAWING}t")).split())
            if text:
                yield RawLine(text, kind="list_item")
