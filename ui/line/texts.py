"""Text as LINE counts, cuts and shows it: UTF-16 units, whole signs, and no word of anybody's that becomes a link."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from vectorstore import thai

_BEFORE_LETTER = "เแโใไ"
"""Thai vowels that are written before their consonant."""
_AFTER_LETTER = re.compile("[ะ-ฺๅ-๎]|[\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff]")
"""Thai vowels and signs that belong to the letter before them; skins of emoji, and the letters of flags."""
_KEPT_WHOLE = re.compile(r"https?://\u200a?[!-~]+(?:\u200a\.[!-~]+)*| *\[[0-9]{1,4}\](?: ?\[[0-9]{1,4}\])*")
"""Addresses, and markers such as [1] with the space before them."""
_HAIR = "\u200a"
_ADDRESS_DOT = re.compile("(?<=[^\\s.])[.\u3002\uff0e\uff61](?=[A-Za-z\u00c0-\u0dff\u0e80-\ufeff]|ไทย|คอม)")
_FOUR_NUMBERS = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.])")
Width = Callable[[str], int]
"""How much one character counts."""


def unit(char: str) -> int:
    """UTF-16 units of one character: LINE counts texts in them."""
    return 1 + (char > "\uffff")


def sign(char: str) -> int:
    """1 for what may be a sign of its own: LINE counts labels in signs, and takes together at least what is taken so here."""
    return int(unicodedata.category(char) != "Mn")


def units(text: str) -> int:
    """How long LINE says that `text` is."""
    return sum(map(unit, text))


def signs(text: str) -> int:
    """How long LINE says that a label is, at most."""
    return sum(map(sign, text))


def shown(text: str) -> str:
    """`text` for a message, without characters that nobody sees, and with nothing in it that LINE makes a link by itself.

    LINE links whatever looks like an address, so in every address stands a hair space, which is seen as hardly anything and
    is no part of any address; `thamkhlang`'s comparison of quotes does not mind it.
    """
    text = thai.normalise(text).strip()
    text = _ADDRESS_DOT.sub(lambda found: _HAIR + found[0], text)
    text = _FOUR_NUMBERS.sub(lambda found: found[0].replace(".", f"{_HAIR}."), text)
    return text.replace("://", f"://{_HAIR}")


def line(text: str) -> str:
    """The same on one line."""
    return " ".join(shown(text).split("\n"))


def is_between(text: str, place: int) -> bool:
    """Whether a cut before `text[place]` leaves every sign whole: 0 < place < len(text)."""
    after = text[place]
    joined = unicodedata.category(after) in ("Mn", "Mc", "Me") or _AFTER_LETTER.match(after)
    return not joined and text[place - 1] not in _BEFORE_LETTER


def clip(text: str, most: int, width: Width = unit) -> str:
    """`text`, or as many of its first words as fit with … behind them; at most `most` (2 or more) as `width` counts."""
    if _reach(text, most, width) == len(text):
        return text
    last = _reach(text, most - 1, width)
    return text[: _best(text, last, [_words])].rstrip() + "…"


def split(text: str, most: int) -> Iterator[str]:
    """Pieces of `text` of at most `most` UTF-16 units (2 or more), without the space around them; none is empty.

    Cut where a paragraph, a line, a clause or at least a word ends, in this order, but before half a piece is lost; never
    within a sign, an address or before a marker, unless that alone is longer.
    """
    while text := text.strip():
        last = _reach(text, most, unit)
        if last == len(text):
            yield text
            return
        place = _best(text, last, [_paragraphs, _lines, _clauses, _spaces, _words])
        yield text[:place].rstrip()
        text = text[place:]


def _reach(text: str, most: int, width: Width) -> int:
    """How many characters of `text` count `most` or less."""
    total = 0
    for place, char in enumerate(text):
        total += width(char)
        if total > most:
            return place
    return len(text)


_LONGEST = 3_000
"""Of an address that is kept whole; browsers take no longer ones for sure."""
Way = Callable[[str], Iterator[int]]
"""Finds the places where the beginning of a text may be cut, from 1."""


def _best(text: str, last: int, ways: Sequence[Way]) -> int:
    """Where to cut `text` (0 < last < its length), at `last` at most.

    That is the last place in the second half by the first of the `ways` that finds any, else wherever no sign is cut.
    """
    spans = (found.span() for found in _KEPT_WHOLE.finditer(text[: last + _LONGEST]))
    whole = {place for start, end in spans for place in range(max(start, 1), min(end, last + 1))}
    for way in ways:
        if places := [place for place in way(text[:last]) if place > last // 2 and place not in whole]:
            return max(places)
    places = [place for place in range(1, last + 1) if is_between(text, place)]
    return max((place for place in places if place not in whole), default=max(places, default=last))


def _paragraphs(head: str) -> Iterator[int]:
    return (found.start() for found in re.finditer("\n\n", head))


def _lines(head: str) -> Iterator[int]:
    return (found.start() for found in re.finditer("\n", head))


def _clauses(head: str) -> Iterator[int]:
    return (end for _, end in thai.clauses(head) if end < len(head))


def _spaces(head: str) -> Iterator[int]:
    return (found.start() for found in re.finditer(" ", head))


def _words(head: str) -> Iterator[int]:
    place = 0
    for word in thai.words(head)[:-1]:  # the last one may go on
        place += len(word)
        if is_between(head, place):
            yield place
