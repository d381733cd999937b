"""A sheet's cells as lines: tables told apart, and each row with the names of its columns, so that it can be quoted alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.raw import RawLine

LABEL_LENGTH = 80
"""Characters of the name of a column at most; a longer cell is matter."""
_GROUP_LENGTH = 120
_TITLE_LENGTH, _TITLE_LINES = 200, 6

_NUMBER = re.compile(r"[(+-]?\s*(?:฿\s*)?[\d๐-๙][\d๐-๙,. ]*\s*(?:%|บาท)?\)?|-")
_YEAR = re.compile(r"(?:พ\.ศ\.|ปี)?\s*(?:2[45]\d\d|19\d\d|20\d\d|๒[๔๕][๐-๙]{2})")
_ORDINAL = re.compile(r"\(?[\d๐-๙]{1,2}\)?")
_TOTAL = re.compile(r"(?:ยอด|จำนวน)?รวม|(?:sub|grand )?total", re.IGNORECASE)
_NAME = re.compile(
    r"(?:ชื่อ|ตำแหน่ง|หมายเหตุ|จำนวน|รายละเอียด|รายการ|สถานะ|ผล|เบอร์|โทร|ที่อยู่|ตำบล|อำเภอ|จังหวัด|หน่วย|วัน|เวลา|บทบาท|ความหมาย|คำอธิบาย|"
    r"ข้อมูล|งบประมาณ|ปี|ประเภท|หน้าที่|พื้นที่|สังกัด|ผู้รับผิดชอบ|กิจกรรม|เนื้อหา|คำเต็ม|แหล่ง|ค่า|มติ|ราคา|ยอด)"
)
"""What the second of two columns of words is called where the first row names the columns, and is no entry of a form."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows, on one line; `column` to `last` are the columns that it stands in, 1-based.

    `number` where it is a number or a date; `hidden` where its column is.
    """

    text: str
    column: int
    last: int
    number: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row that say anything, from left to right; `at` is its 1-based place."""

    at: int
    cells: tuple[Cell, ...]
    hidden: bool = False


Labels = dict[int, str]
"""The name of each column, by its 1-based place."""


def is_number(text: str) -> bool:
    """Whether a cell's text is a number, with or without separators, percent or baht."""
    return _NUMBER.fullmatch(text) is not None


def lines(rows: Sequence[Row], *, title_level: int = 2) -> Iterator[RawLine]:
    """The lines of a sheet, an empty one between its tables; a title above a table is a heading of `title_level`.

    A row of a table is `name of column: cell | name of column: cell`; a table whose first row names no columns has its cells
    alone. A row with one cell only heads those below it, and stands before each of them, for they may be quoted alone.
    """
    labels: Labels = {}
    blocks = _blocks(rows)
    titled = [_titles(block, following) for block, following in zip(blocks, [*blocks[1:], []], strict=True)]
    level = title_level if _all_titled(blocks, titled) else 0
    for index, (block, titles) in enumerate(zip(blocks, titled, strict=True)):
        if index:
            yield RawLine("")
        yield from _headed(block[:titles], level)
        body = block[titles:]
        if not any(len(row.cells) > 1 for row in body):
            yield from (_line(_joined(row, {}), row, table=False) for row in body)
            continue
        heads = _heads(body)
        if heads:
            labels = _labels(body[:heads])
        elif titles or _is_form(body) or not _fits(body, labels):
            labels = {}
        yield from _table(body[heads:] or body, labels if body[heads:] else {}, _texts(body[:heads]))


def _blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows with no empty row between them."""
    blocks: list[list[Row]] = []
    for row in rows:
        if blocks and row.at <= blocks[-1][-1].at + 1:
            blocks[-1].append(row)
        else:
            blocks.append([row])
    return blocks


def _titles(block: Sequence[Row], following: Sequence[Row]) -> int:
    """How many rows at the beginning stand above a table: one cell each, of words."""
    count = 0
    while count < len(block) and len(block[count].cells) == 1:
        count += 1
    above = count < len(block) or any(len(row.cells) > 1 for row in following)
    short = all(len(row.cells[0].text) <= _TITLE_LENGTH for row in block[:count])
    return count if above and short and count <= _TITLE_LINES else 0


def _all_titled(blocks: Sequence[Sequence[Row]], titled: Sequence[int]) -> bool:
    """Whether each table after the first title has one too: else the title would seem to head what is below as well."""
    tables = [
        bool(titles or (index and titled[index - 1] == len(blocks[index - 1])))
        for index, (block, titles) in enumerate(zip(blocks, titled, strict=True))
        if any(len(row.cells) > 1 for row in block)
    ]
    return True in tables and all(tables[tables.index(True) :])


def _headed(rows: Sequence[Row], level: int) -> Iterator[RawLine]:
    """The first line over a table is its heading, of `level` 1 to 9; the others (a place, a unit) lead in to it."""
    for place, row in enumerate(rows):
        line = replace(_line(row.cells[0].text, row, table=False), kind="paragraph")
        yield replace(line, kind="heading", level=level) if level and not place and not line.doubt else line


def _heads(body: Sequence[Row]) -> int:
    """How many rows name the columns."""
    if len(body) < 2 or not _names(body[0]) or _is_form(body):
        return 0
    count = 1
    while count < len(body) - 1 and _names(body[count]) and _continues(body[count - 1], body[count]):
        count += 1
    return count


def _names(row: Row) -> bool:
    """Whether a row may name columns: several short cells, none a number but for years."""
    cells = row.cells
    words = [cell for cell in cells if not (cell.number or is_number(cell.text))]
    years = [cell for cell in cells if _YEAR.fullmatch(cell.text)]
    several = len(cells) > 1 and all(len(cell.text) <= LABEL_LENGTH for cell in cells)
    return several and len(words) + len([cell for cell in years if cell not in words]) == len(cells) and not _is_total(row)


def _continues(above: Row, row: Row) -> bool:
    """Whether `row` goes on naming columns: a cell above is merged, or this row fills places beside those above."""
    merged = any(cell.last > cell.column for cell in above.cells)
    shared = any(cell in above.cells for cell in row.cells)
    covered = {column for cell in above.cells for column in range(cell.column, cell.last + 1)}
    own = {cell.column for cell in row.cells}
    return merged or shared or (not own <= covered and not {cell.column for cell in above.cells} <= own)


def _is_form(body: Sequence[Row]) -> bool:
    """Whether two columns are names and what stands for each, as in a form, and not a table with a head."""
    if any(len(row.cells) > 2 for row in body) or len({cell.column for row in body for cell in row.cells}) > 2:
        return False
    second = [row.cells[1] for row in body if len(row.cells) == 2]
    numbers = [cell.number or is_number(cell.text) for cell in second[1:]]
    return bool(second) and not (numbers and all(numbers)) and not _NAME.match(second[0].text)


def _labels(heads: Sequence[Row]) -> Labels:
    """The names of the columns, those of several rows joined; a cell with none beside it stands over these columns too."""
    columns = sorted({column for row in heads for cell in row.cells for column in (cell.column, cell.last)})
    labels: dict[int, list[str]] = {column: [] for column in columns}
    for row, lower in zip(heads, [*heads[1:], None], strict=True):
        for column in columns:
            over = [cell for cell in row.cells if cell.column <= column]
            cell = over[-1] if over and (over[-1].last >= column or _is_over(over[-1], column, lower)) else None
            if cell and cell.text.rstrip(" :") not in labels[column]:
                labels[column].append(cell.text.rstrip(" :"))
    return {column: " ".join(texts) for column, texts in labels.items() if texts}


def _is_over(cell: Cell, column: int, lower: Row | None) -> bool:
    """Whether a cell of the upper rows stands over an empty place on its right: both have a name of their own below."""
    below = {other.column for other in lower.cells} if lower else set()
    return cell.column in below and column in below


def _fits(body: Sequence[Row], labels: Labels) -> bool:
    """Whether rows go on with the table above the empty row."""
    return all(cell.column in labels for row in body for cell in row.cells)


def _table(body: Sequence[Row], labels: Labels, heads: set[tuple[str, ...]]) -> Iterator[RawLine]:
    form = not labels and len(body) > 1 and _is_form(body)
    last_total = max((place for place, row in enumerate(body) if _is_total(row)), default=-1)
    group = ""
    for place, row in enumerate(body):
        texts = tuple(cell.text for cell in row.cells)
        if texts in heads or (len(texts) > 1 and labels and _are_ordinals(texts)):
            continue
        if len(row.cells) == 1 and labels and not row.cells[0].number:
            group = texts[0] if len(texts[0]) <= _GROUP_LENGTH else ""
            yield _line(texts[0], row)
            continue
        before = "" if place == last_total else group
        yield from _row(row, labels, before, form=form)


def _row(row: Row, labels: Labels, group: str, *, form: bool) -> Iterator[RawLine]:
    """What can be seen of a row, and on a line of its own what cannot, with the first cell to say of what."""
    seen = replace(row, cells=tuple(cell for cell in row.cells if not cell.hidden))
    unseen = tuple(cell for cell in row.cells if cell.hidden)
    if seen.cells:
        yield _line(_joined(seen, labels, group, form=form), row)
    if unseen:
        whole = replace(row, cells=(*seen.cells[:1], *unseen), hidden=True)
        yield _line(_joined(whole, labels, group), whole)


def _joined(row: Row, labels: Labels, group: str = "", *, form: bool = False) -> str:
    if form and len(row.cells) == 2:
        return f"{row.cells[0].text.rstrip(' :')}: {row.cells[1].text}"
    cells = [_named(cell, labels) for cell in row.cells]
    return " | ".join([group, *cells] if group else cells)


def _named(cell: Cell, labels: Labels) -> str:
    """A cell that is merged over several columns is under no name."""
    label = labels.get(cell.column, "") if cell.column == cell.last else ""
    return f"{label}: {cell.text}" if label and label != cell.text else cell.text


def _line(text: str, row: Row, *, table: bool = True) -> RawLine:
    hidden = row.hidden or all(cell.hidden for cell in row.cells)
    return RawLine(text, kind="table_row" if table else None, doubt="hidden" if hidden else None)


def _texts(rows: Sequence[Row]) -> set[tuple[str, ...]]:
    return {tuple(cell.text for cell in row.cells) for row in rows}


def _is_total(row: Row) -> bool:
    return any(_TOTAL.match(cell.text) for cell in row.cells[:2]) and any(is_number(cell.text) for cell in row.cells)


def _are_ordinals(texts: Sequence[str]) -> bool:
    """Whether a row only counts the columns: (1) (2) (3)."""
    return all(_ORDINAL.fullmatch(text) for text in texts) and [text.strip("()") for text in texts] == [
        str(number) for number in range(1, len(texts) + 1)
    ]
