"""Letters that nobody sees who looks at a page: tiny, beside the page, drawn without ink, or in the colour of their ground."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.glyphs import Box, Glyph, Page, turned

TINY = 1.5
"""Points of a letter's size, and of its height, below which it is not to be read."""
_CONTRAST = 20
"""Steps of 255 between the lightest and the darkest point around a letter that the eye needs."""
_OUTSIDE = 1.0
"""Points by which a letter may leave the page."""
_SCANNED = 0.5
"""Share of a page that pictures cover where it is a scan, at least."""
_DPI = 144.0

Drawing = tuple[NDArray[np.uint8], Callable[[float, float], tuple[int, int]]]
"""A page's grey pixels (height, width), 0 black, and where in them a point of the page lies (column, row)."""


def doubted(page: Page, draw: Callable[[float], Drawing]) -> list[Glyph]:
    """The page's letters, each with its doubt: hidden, or read by the machine that scanned the page ("ocr").

    Args:
        page: a page.
        draw: draws it at a resolution in dots per inch; called only where a letter's colour leaves it open.
    """
    under = "ocr" if _is_scan(page) else "hidden"
    drawing: Drawing | None = None
    found: list[Glyph] = []
    for glyph in page.glyphs:
        if not glyph.text.strip():
            found.append(glyph._replace(doubt=found[-1].doubt if found else None))
            continue
        box = turned(glyph.box, -glyph.turn)
        if _is_tiny(glyph) or _is_outside(box, page.shown):
            found.append(glyph._replace(doubt="hidden"))
        elif glyph.ink == "invisible":
            found.append(glyph._replace(doubt="ocr" if under == "ocr" else "hidden"))
        elif glyph.ink == "pale":
            drawing = drawing or draw(_DPI)
            found.append(glyph if _stands_out(box, drawing) else glyph._replace(doubt="hidden"))
        else:
            found.append(glyph)
    return found


def _is_scan(page: Page) -> bool:
    """Whether pictures cover the page, and it has hardly any letters but those without ink."""
    seen = sum(glyph.ink != "invisible" and bool(glyph.text.strip()) for glyph in page.glyphs)
    unseen = sum(glyph.ink == "invisible" and bool(glyph.text.strip()) for glyph in page.glyphs)
    return unseen > seen and covered(page) >= _SCANNED


def covered(page: Page) -> float:
    """The share of the page that pictures cover, those beside each other added up."""
    shown = page.shown
    inside = [
        Box(max(p.left, shown.left), max(p.bottom, shown.bottom), min(p.right, shown.right), min(p.top, shown.top))
        for p in page.pictures
    ]
    return min(1.0, sum(box.area for box in inside) / shown.area) if shown.area else 0.0


def _is_tiny(glyph: Glyph) -> bool:
    return glyph.size < TINY and glyph.box.top - glyph.box.bottom < TINY


def _is_outside(box: Box, shown: Box) -> bool:
    x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    wide = Box(shown.left - _OUTSIDE, shown.bottom - _OUTSIDE, shown.right + _OUTSIDE, shown.top + _OUTSIDE)
    return not wide.holds(x, y)


def _stands_out(box: Box, drawing: Drawing) -> bool:
    pixels, to_pixel = drawing
    corners: Sequence[tuple[int, int]] = [to_pixel(box.left, box.bottom), to_pixel(box.right, box.top)]
    (x0, x1), (y0, y1) = (sorted(corner[axis] for corner in corners) for axis in (0, 1))
    around = pixels[max(0, y0 - 2) : y1 + 3, max(0, x0 - 2) : x1 + 3]
    return around.size > 0 and int(around.max()) - int(around.min()) >= _CONTRAST
