"""Cells of a page's tables that stand in several rows, said in each of them, because a row is quoted alone."""

from copy import deepcopy
from typing import Any

from ingest.grid import LABEL_LENGTH

_MOST_ROWS, _MOST_COLUMNS, _MOST_COPIES = 1_000, 100, 20_000
"""What one cell may claim, and cells that are put in: a page may say any number."""


def spread(tree: Any) -> None:
    """Puts a copy of each short cell of several rows into those below it, in the tree itself."""
    left = _MOST_COPIES
    for table in tree.iter("table"):
        above: dict[int, tuple[Any, int]] = {}  # by column: a cell, and in how many more rows it stands
        for row in table.iter("tr"):
            if next(row.iterancestors("table")) is table and left > 0:
                above, copies = _spread_into(row, above)
                left -= copies


def _spread_into(row: Any, above: dict[int, tuple[Any, int]]) -> tuple[dict[int, tuple[Any, int]], int]:
    """(the cells that stand in the next row too, how many copies were put in)."""
    below = {column: (cell, rows - 1) for column, (cell, rows) in above.items() if rows > 1}
    waiting = [*row.iterchildren("td", "th")]
    column, place, copies = 0, 0, 0
    while waiting or column in above:
        if column in above:
            cell = above[column][0]
            row.insert(place, _copy(cell))
            copies += 1
        else:
            cell = waiting.pop(0)
            rows = _span(cell, "rowspan", _MOST_ROWS)
            cell.attrib.pop("rowspan", None)  # trafilatura would leave room for it once more
            if rows > 1:
                below[column] = (cell, rows - 1)
        place = row.index(cell) + 1 if cell.getparent() is row else place + 1
        column += _span(cell, "colspan", _MOST_COLUMNS)
    return below, copies


def _copy(cell: Any) -> Any:
    """The cell without what hangs after it; an empty one in place of whole paragraphs."""
    copy = deepcopy(cell) if len("".join(cell.itertext()).strip()) <= LABEL_LENGTH else cell.makeelement(cell.tag)
    copy.tail = None
    return copy


def _span(cell: Any, name: str, most: int) -> int:
    said = str(cell.get(name) or "1").strip()
    return max(1, min(int(said), most)) if said.isascii() and said.isdigit() and len(said) < 9 else 1
