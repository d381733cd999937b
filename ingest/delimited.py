"""CSV and TSV: the sign between the cells and the encoding are told from the content."""

import csv
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from ingest.errors import EmptyDocument, TooLarge, UnreadableDocument
from ingest.grid import Cell, Row, is_number, lines
from ingest.plain import decode
from ingest.raw import Raw

MAX_CELLS = 1_000_000
_SIGNS = (",", "\t", ";", "|")
_SAMPLE = 100
"""Rows by which the sign is told."""
_SURE_ROWS, _SURE_COLUMNS = 3, 3
"""Lines without a name that says so are taken for a table from so many alike on."""


def read_delimited(source: str, content: bytes) -> Raw:
    """The rows of a CSV or TSV file, each with the names of its columns (see `grid.lines`).

    Raises:
        InvalidEncoding: its encoding cannot be told.
        UnreadableDocument: a cell is longer than can be read.
        TooLarge: it has too many cells.
        EmptyDocument: no cell has text.
    """
    text = decode(source, content).replace("\x00", "")
    first, _, rest = text.partition("\n")
    stated = (
        first.strip().lower().strip('"').removeprefix("sep=") if first.strip().lower().startswith(("sep=", '"sep=')) else ""
    )
    sign = stated if stated in _SIGNS else delimiter(text)
    rows: list[Row] = []
    size = 0
    try:
        for at, values in enumerate(csv.reader((rest if stated else text).splitlines(keepends=True), delimiter=sign or ","), 1):
            cells = _cells(values)
            size += len(values)
            if size > MAX_CELLS:
                raise TooLarge(source, f"เกิน {MAX_CELLS:,} ช่อง")
            if cells:
                rows.append(Row(at, cells))
    except csv.Error as error:
        raise UnreadableDocument(source, str(error)) from error
    if not rows:
        raise EmptyDocument(source)
    return Raw(list(lines(rows)))


def _cells(values: Sequence[str]) -> tuple[Cell, ...]:
    texts = [" ".join(value.split()) for value in values]
    return tuple(Cell(text, column, column, is_number(text)) for column, text in enumerate(texts, 1) if text)


def delimiter(text: str) -> str:
    """The sign that parts the most rows into the same number of cells; '' where none parts any."""
    best, sign = (0.0, 0), ""
    for candidate in _SIGNS:
        alike, width, of = _alike(text, candidate)
        if width > 1 and (alike / of, width) > best:
            best, sign = (alike / of, width), candidate
    return sign


def is_delimited(text: str) -> bool:
    """Whether a text under any name is a table: three rows or more, all of the same three or more cells."""
    return any(
        alike == of >= _SURE_ROWS and width >= _SURE_COLUMNS
        for alike, width, of in (_alike(text, sign) for sign in (",", "\t", ";"))
    )


def _alike(text: str, sign: str) -> tuple[int, int, int]:
    """(rows of the commonest number of cells, that number, all rows) of the first rows."""
    try:
        rows = [row for row in islice(csv.reader(text.splitlines(keepends=True), delimiter=sign), _SAMPLE) if row]
    except csv.Error:
        return 0, 0, 1
    if not rows:
        return 0, 0, 1
    ((width, count),) = Counter(len(row) for row in rows).most_common(1)
    return count, width, len(rows)
