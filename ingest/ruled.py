"""Tables with ruling lines: the cells that the lines enclose, row by row.

Only what the lines say is believed: a region counts as a table where it has two rows and two columns of cells and no words
run across a line.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingest.glyphs import Box, Glyph, Rule

_NEAR = 3.0
"""Points by which lines that meet may miss each other."""
_LEAST = 4.0
"""Points that a row or a column has at least."""
_MOST_RULES = 2_000
_MOST_LINES = 120
"""Lines of one direction that a table has at most."""


class Grid(NamedTuple):
    """A table's cells: `rows` from the top, in each its cells from the left; one of several rows stands in each of them."""

    box: Box
    rows: tuple[tuple[Box, ...], ...]


def grids(rules: Sequence[Rule], glyphs: Sequence[Glyph]) -> list[Grid]:
    """The tables that `rules` draw around `glyphs`, from the top of the page."""
    if len(rules) > _MOST_RULES:
        return []
    found = [grid for group in _groups(_merged(rules)) if (grid := _grid(group))]
    outer = [grid for grid in found if not any(_inside(grid.box, other.box) for other in found if other is not grid)]
    return sorted((grid for grid in outer if _holds(grid, glyphs)), key=lambda grid: -grid.box.top)


def _is_across(rule: Rule) -> bool:
    return rule.y0 == rule.y1


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Pieces of one line that lie end to end as one."""
    found: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (_is_across(r), r.y0 if _is_across(r) else r.x0, r.x0, r.y0)):
        for n in range(len(found) - 1, max(-1, len(found) - 12), -1):
            if (one := _as_one(found[n], rule)) is not None:
                found[n] = one
                break
        else:
            found.append(rule)
    return found


def _as_one(a: Rule, b: Rule) -> Rule | None:
    if _is_across(a) != _is_across(b):
        return None
    if _is_across(a):
        if abs(a.y0 - b.y0) > _NEAR / 2 or b.x0 > a.x1 + _NEAR or a.x0 > b.x1 + _NEAR:
            return None
        return Rule(min(a.x0, b.x0), a.y0, max(a.x1, b.x1), a.y0)
    if abs(a.x0 - b.x0) > _NEAR / 2 or b.y0 > a.y1 + _NEAR or a.y0 > b.y1 + _NEAR:
        return None
    return Rule(a.x0, min(a.y0, b.y0), a.x0, max(a.y1, b.y1))


def _meet(a: Rule, b: Rule) -> bool:
    if _is_across(a) == _is_across(b):
        return False
    across, down = (a, b) if _is_across(a) else (b, a)
    return across.x0 - _NEAR <= down.x0 <= across.x1 + _NEAR and down.y0 - _NEAR <= across.y0 <= down.y1 + _NEAR


def _groups(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that meet, directly or through others."""
    groups: list[list[Rule]] = []
    left = list(rules)
    while left:
        group, waiting = [], [left.pop()]
        while waiting:
            rule = waiting.pop()
            group.append(rule)
            met = [other for other in left if _meet(rule, other)]
            left = [other for other in left if other not in met]
            waiting += met
        groups.append(group)
    return groups


def _grid(group: Sequence[Rule]) -> Grid | None:
    across = [rule for rule in group if _is_across(rule)]
    down = [rule for rule in group if not _is_across(rule)]
    ys = _places([rule.y0 for rule in across] + [y for rule in down for y in (rule.y0, rule.y1)])[::-1]
    xs = _places([rule.x0 for rule in down] + [x for rule in across for x in (rule.x0, rule.x1)])
    if len(xs) < 3 or len(ys) < 3 or max(len(xs), len(ys)) > _MOST_LINES:
        return None
    cells = _cells(xs, ys, across, down)
    rows = tuple(tuple(cell for cell in cells if cell.bottom < top <= cell.top) for top in ys[:-1])
    rows = tuple(tuple(sorted(row)) for row in rows)
    filled = [row for row in rows if len(row) > 1]
    return Grid(Box(xs[0], ys[-1], xs[-1], ys[0]), rows) if len(filled) > 1 else None


def _places(values: Iterable[float]) -> list[float]:
    """The distinct places among `values`, ascending; what is nearer than a row is high is one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _LEAST:
            found.append(value)
    return found


def _cells(xs: Sequence[float], ys: Sequence[float], across: Sequence[Rule], down: Sequence[Rule]) -> list[Box]:
    """The rectangles between the lines, those with no line between them as one."""
    wide, high = len(xs) - 1, len(ys) - 1
    taken: set[tuple[int, int]] = set()
    cells: list[Box] = []
    for row in range(high):
        for column in range(wide):
            if (row, column) in taken:
                continue
            last, bottom = column, row
            while last + 1 < wide and not _is_wall(down, xs[last + 1], (ys[row] + ys[row + 1]) / 2):
                last += 1
            while bottom + 1 < high and not any(
                _is_floor(across, (xs[c] + xs[c + 1]) / 2, ys[bottom + 1]) for c in range(column, last + 1)
            ):
                bottom += 1
            taken |= {(r, c) for r in range(row, bottom + 1) for c in range(column, last + 1)}
            cells.append(Box(xs[column], ys[bottom + 1], xs[last + 1], ys[row]))
    return cells


def _is_wall(down: Sequence[Rule], x: float, y: float) -> bool:
    return any(abs(rule.x0 - x) <= _LEAST and rule.y0 - _NEAR <= y <= rule.y1 + _NEAR for rule in down)


def _is_floor(across: Sequence[Rule], x: float, y: float) -> bool:
    return any(abs(rule.y0 - y) <= _LEAST and rule.x0 - _NEAR <= x <= rule.x1 + _NEAR for rule in across)


def _inside(box: Box, other: Box) -> bool:
    return box.area < other.area and other.holds((box.left + box.right) / 2, (box.bottom + box.top) / 2)


def _holds(grid: Grid, glyphs: Sequence[Glyph]) -> bool:
    """Whether the cells hold the words: two cells at least have some, and hardly a letter lies across a line."""
    walls = [sorted({cell.left for cell in row} | {cell.right for cell in row}) for row in grid.rows]
    inside = [glyph for glyph in glyphs if glyph.text.strip() and grid.box.holds(glyph.x, glyph.y)]
    crossing = sum(_crosses(glyph, grid, walls) for glyph in inside)
    cells = {cell for row in grid.rows for cell in row}
    used = sum(any(cell.holds((g.left + g.right) / 2, g.y) for g in inside) for cell in cells)
    return used >= 3 and 3 * used >= len(cells) and 50 * crossing <= len(inside)


def _crosses(glyph: Glyph, grid: Grid, walls: Sequence[Sequence[float]]) -> bool:
    """Whether a wall of its row goes through the middle of a letter."""
    for row, places in zip(grid.rows, walls, strict=True):
        if row and max(cell.bottom for cell in row) <= glyph.y <= min(cell.top for cell in row):
            slack = 0.25 * (glyph.right - glyph.left)
            at = bisect_right(places, glyph.left + slack)
            return at < bisect_left(places, glyph.right - slack)
    return False
