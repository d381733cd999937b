"""Tables for spreadsheet programs: CSV that Excel opens as Thai, and XLSX. No cell is a formula; the door to writing XLSX."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from urllib.parse import quote

Value = str | int | date | None
"""A cell: a `date` is one in XLSX, and ISO text in CSV."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
MOST_ROWS = 20_000
"""Rows of an XLSX file: more take minutes to write, and CSV takes them all."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula."""
_MOST = 32_767
"""Characters that a cell of Excel holds."""
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BOM = "\ufeff"
"""Without it Excel shows no Thai."""
_FIRST_DAY = "1900-03-01"
"""Excel counts its days from 1900, which it takes for a leap year."""
_TOGETHER = 200
"""Rows that are sent at once."""


def day(text: str | None) -> date | str | None:
    """A whole ISO day as a date; a month, a year, or a day that Excel has none of, as it is."""
    return date.fromisoformat(text) if text and len(text) == len(_FIRST_DAY) and text >= _FIRST_DAY else text


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """The text of a CSV file, a piece at a time."""
    written = io.StringIO(_BOM, newline="")
    written.seek(0, io.SEEK_END)
    table = csv.writer(written)
    table.writerow(head)
    for number, row in enumerate(rows, start=1):
        table.writerow(map(_inert, row))
        if number % _TOGETHER == 0:
            yield written.getvalue()
            written.seek(0)
            written.truncate()
    yield written.getvalue()


def as_xlsx(title: str, head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """An XLSX file of one sheet, called `title`, whose head stays in sight and can be filtered by."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for column, name in enumerate(head):
        sheet.column_dimensions[chr(ord("A") + column)].width = max(14, min(40, 2 * len(name)))
    sheet.append(head)
    last = 1
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
        last += 1
    sheet.auto_filter.ref = f"A1:{chr(ord('A') + len(head) - 1)}{last}"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def download(name: str) -> dict[str, str]:
    """Headers that have a browser save what is sent, under a Thai `name`."""
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


def _inert(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value


def _cell(sheet: object, value: Value) -> object:
    """Text that could be a formula as a cell that is text, also when a spreadsheet program writes it into another file."""
    if not isinstance(value, str):
        return value
    text = _ILLEGAL.sub("", value)[:_MOST]
    if not text.lstrip(" ").startswith(_FORMULA):
        return text
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
