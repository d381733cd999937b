"""What is drawn on a page, before any reading: letters, ruling lines, pictures. Points of 1/72 inch, y upwards.

Letters are told as if the page were turned so that their own line runs from left to right; `turned` turns a box back.
"""

import math
from typing import Literal, NamedTuple

from vectorstore.types import Doubt

Ink = Literal["plain", "invisible", "pale"]
"""How letters are drawn: to be seen; not at all, as text under a scan is; in a colour so light that only the ground tells."""


class Box(NamedTuple):
    """A rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    @property
    def area(self) -> float:
        """In square points; 0 where it is turned inside out."""
        return max(0.0, self.right - self.left) * max(0.0, self.top - self.bottom)


def turned(box: Box, degrees: float) -> Box:
    """A box as it is when the page is turned about its corner, clockwise."""
    if not degrees:
        return box
    a = math.radians(degrees)
    corners = [(x, y) for x in (box.left, box.right) for y in (box.bottom, box.top)]
    xs = [x * math.cos(a) + y * math.sin(a) for x, y in corners]
    ys = [y * math.cos(a) - x * math.sin(a) for x, y in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))


class Glyph(NamedTuple):
    """One letter or mark, or several that one shape is: where the pen stood (`x`, `y` the baseline), its room, its size.

    `right` is where the pen goes on. A mark is drawn back over the letter before it: it ends where the pen stood.
    `turn` is the direction of writing on the page in degrees, 0 from left to right, 90 upwards; `box` is the ink itself.
    """

    text: str
    x: float
    y: float
    left: float
    right: float
    size: float
    box: Box
    turn: int = 0
    ink: Ink = "plain"
    doubt: Doubt | None = None

    def joined(self, other: "Glyph") -> "Glyph":
        """This and another that the same shape stands for."""
        a, b = self.box, other.box
        box = Box(min(a.left, b.left), min(a.bottom, b.bottom), max(a.right, b.right), max(a.top, b.top))
        left, right = min(self.left, other.left), max(self.right, other.right)
        return self._replace(text=self.text + other.text, left=left, right=right, box=box)


class Rule(NamedTuple):
    """A straight ruling line, across (`y0 == y1`) or down (`x0 == x1`), x0 <= x1 and y0 <= y1."""

    x0: float
    y0: float
    x1: float
    y1: float

    def turned(self, degrees: float) -> "Rule":
        """As it is when the page is turned, clockwise by a right angle or several."""
        box = turned(Box(self.x0, self.y0, self.x1, self.y1), degrees)
        if box.right - box.left > box.top - box.bottom:
            return Rule(box.left, box.bottom, box.right, box.bottom)
        return Rule(box.left, box.bottom, box.left, box.top)


class Page(NamedTuple):
    """All that is drawn on a page, in the order in which it is drawn."""

    glyphs: list[Glyph]
    rules: list[Rule]
    pictures: list[Box]
    shown: Box
