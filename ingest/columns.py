"""The order in which a page is read: two columns of prose one after the other, all else from the top down."""

from collections.abc import Sequence
from statistics import median

from ingest.layout import Line

_FEWEST = 5
"""Lines that each of two columns has at least."""
_WIDE = 0.28
"""Share of the page's breadth of text that each column's lines take up at least."""
_GUTTER = 8.0
"""Points between two columns at least."""


def in_order(found: Sequence[Line]) -> list[Line]:
    """Lines from the top down, those of two columns split, the left column before the right one."""
    ordered: list[Line] = []
    place = 0
    left, right = _edges(found)
    while place < len(found):
        end, gutter = _run(found, place, left, right)
        if end > place:
            ordered += _one_after_another(found[place:end], gutter)
            place = end
        else:
            ordered.append(found[place])
            place += 1
    return ordered


def _edges(found: Sequence[Line]) -> tuple[float, float]:
    return min((line.left for line in found), default=0.0), max((line.right for line in found), default=0.0)


def _run(found: Sequence[Line], place: int, left: float, right: float) -> tuple[int, float]:
    """(where the two columns that begin at `place` end, the middle of the gutter between them); `place` where none begin."""
    if len(found[place].segments) != 2:
        return place, 0.0
    first, second = found[place].segments
    low, high = first.right, second.left
    end, sides = place, [0, 0]
    for line in found[place:]:
        parts = _parts(line, low, high)
        if parts is None:
            break
        low, high = parts
        middle = (low + high) / 2
        sides[0] += line.left < middle
        sides[1] += line.right > middle
        end += 1
    gutter = (low + high) / 2
    if min(sides) < _FEWEST or not _are_prose(found[place:end], gutter, right - left):
        return place, 0.0
    return end, gutter


def _parts(line: Line, low: float, high: float) -> tuple[float, float] | None:
    """The gutter as far as it is still free beside `line`; None where the line runs across it."""
    if len(line.segments) > 2:
        return None
    for segment in line.segments:
        if segment.right <= (low + high) / 2:
            low = max(low, segment.right)
        elif segment.left >= (low + high) / 2:
            high = min(high, segment.left)
        else:
            return None
    return (low, high) if high - low >= _GUTTER else None


def _are_prose(run: Sequence[Line], gutter: float, breadth: float) -> bool:
    """Whether both sides are lines of prose, not names and their figures."""
    for side in (False, True):
        widths = [s.right - s.left for line in run for s in line.segments if (s.left >= gutter) is side]
        if median(widths) < _WIDE * breadth:
            return False
    return True


def _one_after_another(run: Sequence[Line], gutter: float) -> list[Line]:
    ordered = []
    for side in (False, True):
        for line in run:
            segments = [segment for segment in line.segments if (segment.left >= gutter) is side]
            if segments:
                ordered.append(Line(segments, line.y, line.size))
    return ordered
