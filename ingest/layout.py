"""From letters on a page to lines of text: each mark over its letter, letters from left to right, spaces where there is room.

The makers of PDFs draw marks apart from their letters and in any order. What is drawn where decides, as it does for the eye.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ingest.glyphs import Glyph
from vectorstore.types import Doubt

_MARK = re.compile("[ัิ-ฺ็-๎\uf701-\uf70e\uf710\uf712-\uf71a]+")
_VOWEL = re.compile("[ัิ-ื็ํ\uf701-\uf704\uf710-\uf712]")
_TONE = re.compile("[่-์ÉÊËÌÍ\uf705-\uf70e\uf713-\uf717]")
_RAISED = frozenset("ÉÊËÌÍ\ufffd")
"""What tone marks of old fonts come out as; only where they are drawn as marks are."""

_SAME_LINE = 0.4
"""How far apart, in letter sizes, the baselines of one line may be: CO₂ is one line."""
_MARK_HEIGHT = 0.9
"""How far, in letter sizes, a mark's own baseline may be from its letter's."""
_LEANING = 0.12
"""How much nearer, in letter sizes, another letter must be than the one that a mark follows in the text."""
_ROOM = 0.14
"""Room between two letters that is a space, in letter sizes, beyond what the line has between all its letters."""
_TWICE = 0.12
"""Two like letters so near together, in letter sizes, are one drawn twice to look bold."""
GAP = 1.3
"""Room between two words, in letter sizes, that sets them apart as columns do."""


class Letter(NamedTuple):
    """A letter with its marks: `left` to `right` is the room it takes on its line."""

    text: str
    left: float
    right: float
    y: float
    size: float
    doubt: Doubt | None

    @property
    def is_space(self) -> bool:
        """Whether it is a space or a tab."""
        return not self.text.strip()


class Segment(NamedTuple):
    """Letters of a line between two wide gaps."""

    text: str
    left: float
    right: float
    doubt: Doubt | None


class Line(NamedTuple):
    """Segments from left to right on one baseline `y`."""

    segments: list[Segment]
    y: float
    size: float

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.segments[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.segments[-1].right

    @property
    def text(self) -> str:
        """Its words, a space for each wide gap."""
        return " ".join(segment.text for segment in self.segments)


def lines(glyphs: Sequence[Glyph]) -> list[Line]:
    """The lines of upright letters, from the top of the page down; letters of another doubt make a line of their own."""
    found: list[Line] = []
    for row in _rows(_letters(glyphs)):
        for doubt in dict.fromkeys(letter.doubt for letter in row):
            segments = list(_segments([letter for letter in row if letter.doubt == doubt]))
            if segments:
                found.append(Line(segments, row[0].y, max(letter.size for letter in row)))
    return found


def _is_mark(glyph: Glyph) -> bool:
    if glyph.text in _RAISED:
        return glyph.right <= glyph.x + 0.15 * glyph.size
    return bool(_MARK.fullmatch(glyph.text))


def _letters(glyphs: Sequence[Glyph]) -> list[Letter]:
    """The letters in the order in which they were drawn, each with the marks that are drawn over it."""
    bases = [n for n, glyph in enumerate(glyphs) if not _is_mark(glyph)]
    places = _Places([(glyphs[n], n) for n in bases if glyphs[n].text.strip()])
    owners: dict[int, int] = {}
    before = -1
    for n, glyph in enumerate(glyphs):
        if not _is_mark(glyph):
            before = n
        else:
            owners[n] = _owner(glyph, before, glyphs, places)
    vowels = _Places([(glyphs[n], n) for n in owners if _VOWEL.search(glyphs[n].text)])
    marks: dict[int, list[str]] = {}
    for n, owner in owners.items():
        under = vowels.under(glyphs[n]) if owner >= 0 and _TONE.fullmatch(glyphs[n].text) else -1
        marks.setdefault(owners[under] if under >= 0 else owner, []).append(glyphs[n].text)
    return [_letter(glyphs[n], marks.get(n, ())) for n in bases]


def _letter(glyph: Glyph, marks: Iterable[str]) -> Letter:
    """With each mark once, tones behind vowels."""
    text = glyph.text + "".join(sorted(dict.fromkeys(marks), key=lambda mark: bool(_TONE.fullmatch(mark))))
    return Letter(text, glyph.x, max(glyph.right, glyph.x), glyph.y, glyph.size, glyph.doubt)


def _owner(mark: Glyph, before: int, glyphs: Sequence[Glyph], places: "_Places") -> int:
    """The number of the letter that a mark is drawn over: the one before it in the text, unless another is nearer; or -1."""
    away, found = places.nearest(mark)
    if found < 0:
        return before
    own = _away(mark, glyphs[before]) if before >= 0 and glyphs[before].text.strip() else None
    return before if own is not None and own <= away + _LEANING * mark.size else found


def _away(mark: Glyph, base: Glyph) -> float | None:
    """How far the middle of a mark is from the room of a letter; None where it is on another line."""
    height = abs(base.y - mark.y)
    if height > _MARK_HEIGHT * base.size:
        return None
    middle = _middle(mark)
    return max(base.x - middle, middle - base.right, 0.0) + 0.2 * height


def _middle(mark: Glyph) -> float:
    return (mark.box.left + mark.box.right) / 2 if mark.box.right > mark.box.left else (mark.left + mark.right) / 2


class _Places:
    """Glyphs by their height on the page, to find those near to a mark."""

    _BAND = 8.0

    def __init__(self, numbered: Iterable[tuple[Glyph, int]]) -> None:
        self._bands: dict[int, list[tuple[Glyph, int]]] = {}
        for glyph, number in numbered:
            self._bands.setdefault(int(glyph.y // self._BAND), []).append((glyph, number))

    def _near(self, mark: Glyph) -> Iterator[tuple[Glyph, int]]:
        band = int(mark.y // self._BAND)
        return (pair for near in range(band - 2, band + 3) for pair in self._bands.get(near, ()))

    def under(self, tone: Glyph) -> int:
        """The number of the vowel mark whose ink is right under that of `tone`; -1 where none is."""
        slack = 0.05 * tone.size
        for vowel, number in self._near(tone):
            across = vowel.box.left - slack <= tone.box.right and tone.box.left <= vowel.box.right + slack
            if across and -slack <= tone.box.bottom - vowel.box.top <= 0.25 * tone.size:
                return number
        return -1

    def nearest(self, mark: Glyph) -> tuple[float, int]:
        """(how far it is, the number) of the letter whose room is nearest to the middle of `mark`; -1 where none is near."""
        best, found = 0.6 * mark.size, -1
        for base, number in self._near(mark):
            away = _away(mark, base)
            if away is not None and away < best:
                best, found = away, number
        return best, found


def _rows(letters: Iterable[Letter]) -> list[list[Letter]]:
    """Letters of one baseline together, from the top down, each row from left to right."""
    rows: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda letter: -letter.y):
        row = rows[-1] if rows else []
        if row and abs(row[0].y - letter.y) <= _SAME_LINE * min(row[0].size, letter.size):
            row.append(letter)
        else:
            rows.append([letter])
    return [_once(sorted(row, key=lambda letter: letter.left)) for row in rows]


def _once(row: list[Letter]) -> list[Letter]:
    """Without letters that are drawn a second time, a little aside."""
    kept: list[Letter] = []
    for letter in row:
        like = [one for one in kept[-3:] if one.text[0] == letter.text[0] and letter.left - one.left < _TWICE * letter.size]
        if not like or letter.is_space:
            kept.append(letter)
        elif len(letter.text) > len(like[-1].text):
            kept[kept.index(like[-1])] = like[-1]._replace(text=letter.text)
    return kept


def _segments(row: list[Letter]) -> Iterator[Segment]:
    """The row cut at wide gaps, spaces put where there is room for one."""
    usual = _usual_room(row)
    text, left, right = "", 0.0, 0.0
    spaced = False
    for letter in row:
        if letter.is_space:
            spaced = True
            continue
        room = letter.left - right
        if text and room > GAP * letter.size + usual:
            yield Segment(text, left, right, row[0].doubt)
            text = ""
        elif text and (spaced or room > _ROOM * letter.size + usual):
            text += " "
        if not text:
            left = letter.left
        text += letter.text
        right, spaced = max(right if right > left else left, letter.right), False
    if text:
        yield Segment(text, left, right, row[0].doubt)


def _usual_room(row: Sequence[Letter]) -> float:
    """The room that a line has between letters within a word: more than none where it is drawn out to the margin."""
    rooms = [b.left - a.right for a, b in pairwise(row) if not a.is_space and not b.is_space]
    return max(0.0, median(rooms)) if len(rooms) > 3 else 0.0
