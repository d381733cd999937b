"""XLSX by openpyxl: every sheet's rows with the names of their columns, as the sheet shows them. The only door to openpyxl."""

import io
import posixpath
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml import etree
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from ingest.errors import EmptyDocument, TooLarge, UnreadableDocument
from ingest.grid import Cell, Row, lines
from ingest.numberformat import shown
from ingest.package import BROKEN, guard
from ingest.raw import Raw, RawLine
from ingest.uncounted import NOT_COUNTED, counted, uncounted

MAX_CELLS = 500_000
"""Cells that say anything, of all sheets together; merged ones count as often as they are filled in."""
MAX_WIDTH = 20_000_000
"""Places from the first column to the last that is filled, of all rows together: a cell in the last column has 16,384."""

FAULTS = (*BROKEN, InvalidFileException, ParseError, etree.LxmlError, AttributeError, TypeError, IndexError)
"""What openpyxl and its libraries raise for a broken package."""
EXHAUSTED = (RecursionError, MemoryError, OverflowError)

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_UNNAMED = ("sheet", "แผ่นงาน", "ชีต", "แผ่น")


@dataclass(slots=True)
class _Layout:
    """What a sheet says of its places, 1-based: hidden rows and columns; merged cells: (column, row, last column, last row).

    `uncounted` are the cells (row, column) of formulas whose value nobody has kept.
    """

    rows: set[int] = field(default_factory=set)
    columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    uncounted: list[tuple[int, int]] = field(default_factory=list)

    def hides(self, column: int) -> bool:
        return any(first <= column <= last for first, last in self.columns)


@dataclass(slots=True)
class _Budget:
    """What may still be read of a workbook."""

    cells: int = field(default_factory=lambda: MAX_CELLS)
    width: int = field(default_factory=lambda: MAX_WIDTH)


def read_workbook(source: str, content: bytes) -> Raw:
    """A workbook's lines: the name of each sheet a heading, each row with the names of its columns (see `grid.lines`).

    Formulas give the values that the program which saved the file has kept; where it kept none LibreOffice counts them, and
    without it their cells say so. Rows, columns and sheets that are hidden are
    read and marked so.

    Raises:
        UnreadableDocument: the package is broken, or has a document type declaration.
        TooLarge: there are more cells than can be read.
        EncryptedDocument: it has a password.
        EmptyDocument: no cell has text.
    """
    try:
        guard(source, content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that openpyxl leaves out when it writes; nothing is written here
            found = _read(source, counted(source, content))
    except FAULTS as error:
        raise UnreadableDocument(source) from error
    except EXHAUSTED as error:
        raise TooLarge(source, "โครงสร้างซับซ้อนเกินไป") from error
    if not any(line.text for line in found):
        raise EmptyDocument(source)
    first = next(line for line in found if line.text and line.level != 1)
    return Raw(found, title=first.text if first.kind in ("heading", "paragraph") else None)


def _read(source: str, content: bytes) -> list[RawLine]:
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = _parts(package)
            budget = _Budget()
            sheets = []
            for sheet in workbook.worksheets:
                layout = _layout(package, parts[sheet.title]) if sheet.title in parts else _Layout()
                if rows := list(_rows(source, sheet, layout, budget)):
                    sheets.append((sheet.title, rows, sheet.sheet_state != "visible"))
    finally:
        workbook.close()
    return [line for sheet in sheets for line in _sheet(*sheet, alone=len(sheets) == 1)]


def _sheet(title: str, rows: list[Row], hidden: bool, *, alone: bool) -> Iterator[RawLine]:
    """A sheet's lines under its name, which says nothing where it is the only one and was never named."""
    found = [RawLine(""), *lines(rows)]
    if not (alone and title.strip().lower().startswith(_UNNAMED)):
        found = [RawLine(""), RawLine(title, kind="heading", level=1), *found]
    yield from (replace(line, doubt="hidden") for line in found) if hidden else found


def _parts(package: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet, by the sheet's name."""
    relations = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = etree.fromstring(package.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    return {
        sheet.get("name"): posixpath.normpath(posixpath.join("/xl", targets.get(sheet.get(_RELATION)) or "")).lstrip("/")
        for sheet in sheets
    }


def _layout(package: zipfile.ZipFile, part: str) -> _Layout:
    layout = _Layout()
    if part not in package.namelist():
        return layout
    layout.uncounted = [coordinate_to_tuple(name) for name in uncounted(package.read(part))]
    with package.open(part) as file:
        for _, element in etree.iterparse(file, tag=[f"{_MAIN}{name}" for name in ("row", "col", "mergeCell")]):
            hidden = element.get("hidden") in ("1", "true")
            if element.tag == f"{_MAIN}mergeCell":
                layout.merged.append(range_boundaries(element.get("ref")))
            elif hidden and element.tag == f"{_MAIN}row" and element.get("r"):
                layout.rows.add(int(element.get("r")))
            elif hidden and element.tag == f"{_MAIN}col":
                layout.columns.append((int(element.get("min")), int(element.get("max"))))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return layout


def _rows(source: str, sheet: Any, layout: _Layout, budget: _Budget) -> Iterator[Row]:
    """The rows of a sheet that say anything, merged cells filled in downwards."""
    sheet.reset_dimensions()  # what a sheet says of its size may be wrong
    filled: dict[int, dict[int, Cell]] = {}
    for at, cells in enumerate(sheet.iter_rows(), 1):
        budget.width -= len(cells)
        row = {column: cell for column, of in enumerate(cells, 1) if (cell := _cell(of, column, layout))}
        budget.cells -= len(row)
        if min(budget.width, budget.cells) < 0:
            raise TooLarge(source, f"เกิน {MAX_CELLS:,} ช่อง")
        if row:
            filled[at] = row
    for at, column in layout.uncounted:
        if column not in (row := filled.setdefault(at, {})):
            row[column] = Cell(NOT_COUNTED, column, column, True, layout.hides(column))
    _fill(source, filled, layout, budget)
    for at, row in sorted(filled.items()):
        yield Row(at, tuple(row[column] for column in sorted(row)), hidden=at in layout.rows)


def _cell(of: Any, column: int, layout: _Layout) -> Cell | None:
    value = of.value
    if value is None or value == "":
        return None
    text = " ".join(shown(value, of.number_format).split())
    number = isinstance(value, int | float | date | datetime | time | timedelta) and not isinstance(value, bool)
    return Cell(text, column, column, number, layout.hides(column)) if text else None


def _fill(source: str, filled: dict[int, dict[int, Cell]], layout: _Layout, budget: _Budget) -> None:
    """A merged cell knows how wide it is, and stands in each row that it is merged over and that has others."""
    places = sorted(filled)
    for column, top, last, bottom in layout.merged:
        cell = filled.get(top, {}).get(column)
        if cell is None:
            continue
        cell = replace(cell, last=last)
        for at in range(top, bottom + 1) if bottom - top < len(places) else [at for at in places if top <= at <= bottom]:
            if at in filled:
                filled[at][column] = cell
                budget.cells -= 1
        if budget.cells < 0:
            raise TooLarge(source, f"เกิน {MAX_CELLS:,} ช่อง")
