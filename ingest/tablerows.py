"""Table rows of a page: the cells that ruling lines enclose, and figures that stand in line below each other without any."""

import re
from collections.abc import Iterator, Sequence

from ingest.glyphs import Box, Glyph
from ingest.layout import Line, lines
from ingest.lines import NO_MARKER, marker
from ingest.pages import glued
from ingest.ruled import Grid
from vectorstore.thai import arabic_digits
from vectorstore.types import Doubt

CELL = " | "

_FIGURE = re.compile(r"[(]?(?:(?:ปี|พ\.ศ\.|ร้อยละ) ?)?[-–+]?\d[\d,./]*%?[)*]?(?: ?[ก-๎.]{1,14})?|[-–](?: ?[ก-๎.]{1,14})?")
"""What the cells of a table without ruling lines have after the first: an amount with its unit, a year, a dash."""
_BULLETS = re.compile(r"[-–—•●▪■□◦○*✓✔➢➤►▶o§·\uf000-\uf0ff]|[(]?[\dก-ฮ]{1,3}[.)]|\d+(?:\.\d+)+\.?")
_NEIGHBOURS = 3
"""Lines above or below within which a row of figures has another one."""

Row = tuple[str, float, Doubt | None]
"""A row's text, the height on the page where it begins, and what is doubtful about it."""


def ruled_rows(grid: Grid, glyphs: Sequence[Glyph]) -> Iterator[Row]:
    """The rows of a table with ruling lines, its cells joined by " | "; empty rows are left out.

    A cell that runs over several rows has its words in the first, and is empty in the others.
    """
    for row in filter(None, grid.rows):
        top = min(cell.top for cell in row)
        cells = [_in_cell(cell, glyphs) if cell.top == top else [] for cell in row]
        doubts = {segment.doubt for found in cells for line in found for segment in line.segments}
        for texts in _split(cells):
            if any(texts):
                yield CELL.join(texts).rstrip(CELL), top, "ocr" if "ocr" in doubts else None


def _in_cell(cell: Box, glyphs: Sequence[Glyph]) -> list[Line]:
    inside = [glyph for glyph in glyphs if cell.holds((glyph.left + glyph.right) / 2, glyph.y)]
    return lines(inside)


def _split(cells: Sequence[list[Line]]) -> Iterator[list[str]]:
    """One row, or as many as a column of figures has lines in its one tall cell."""
    figures = [found for found in cells if len(found) > 1 and all(_is_figure(line.text) for line in found)]
    heights = _heights(figures)
    if not heights:
        yield [_whole(found) for found in cells]
        return
    for top, bottom in zip(heights, [*heights[1:], float("-inf")], strict=True):
        within = [[line for line in found if _belongs(line, top, bottom, first=top == heights[0])] for found in cells]
        yield [_whole(found) for found in within]


def _heights(figures: Sequence[Sequence[Line]]) -> list[float]:
    """Where rows of figures begin, from the top: the baselines of all of them, each once."""
    found: list[float] = []
    for line in sorted((line for column in figures for line in column), key=lambda line: -line.y):
        if not found or found[-1] - line.y > 0.6 * line.size:
            found.append(line.y)
    return found


def _belongs(line: Line, top: float, bottom: float, *, first: bool) -> bool:
    slack = 0.6 * line.size
    return (first or line.y <= top + slack) and line.y > bottom + slack


def _whole(found: Sequence[Line]) -> str:
    text = ""
    for line in found:
        text = glued(text, line.text)
    return " ".join(text.split())


def _is_figure(text: str) -> bool:
    return len(text) <= 24 and _FIGURE.fullmatch(arabic_digits(text)) is not None


def paired(found: Sequence[Line]) -> list[Line]:
    """Lines from the top down; a lone figure a little higher or lower than the line beside it stands in that line."""
    kept: list[Line] = []
    for line in found:
        before = kept[-1] if kept else None
        if before and 0 <= before.y - line.y <= 0.7 * line.size and _beside(before, line):
            segments = sorted([*before.segments, *line.segments], key=lambda segment: segment.left)
            kept[-1] = Line(segments, max(before.y, line.y), before.size)
        else:
            kept.append(line)
    return kept


def _beside(a: Line, b: Line) -> bool:
    apart = a.right < b.left or b.right < a.left
    doubts = {segment.doubt for line in (a, b) for segment in line.segments}
    return apart and len(doubts) == 1 and any(len(line.segments) == 1 and _is_figure(line.text) for line in (a, b))


def aligned(found: Sequence[Line]) -> list[bool]:
    """For each line from the top whether it is a table's row: a name and figures far apart, others like it near by."""
    like = [_has_figures(line) for line in found]
    near = [any(like[max(0, n - _NEIGHBOURS) : n]) or any(like[n + 1 : n + 1 + _NEIGHBOURS]) for n in range(len(found))]
    return [of and some for of, some in zip(like, near, strict=True)]


def cells(line: Line) -> list[str]:
    """The segments of a line, a bullet or a number at its head together with what it marks."""
    texts = [segment.text for segment in line.segments]
    if len(texts) > 1 and _BULLETS.fullmatch(arabic_digits(texts[0])):
        texts[:2] = [f"{texts[0]} {texts[1]}"]
    return texts


def _has_figures(line: Line) -> bool:
    """Whether a line ends in figures apart from its name; a figure of one or two signs alone may be a page's number."""
    first, *others = cells(line)
    if not others or not all(_is_figure(text) or len(text) <= 12 for text in others):
        return False
    told = [text for text in others if _is_figure(text)]
    long = [text for text in told if len(text) > 3 or len(told) > 1]
    return bool(long) and (len(first) > 1 or marker(first) is NO_MARKER)
