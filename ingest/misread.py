"""What a machine that reads pictures loses of Thai, put back: tone marks and other small signs above a letter.

A word is changed only where signs were lost, never a letter, a vowel beside it or a digit, and only into the one common word
that it can be.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from vectorstore import thai

_RUN = re.compile("[ก-ฮะ-ฺเ-ๅ็-๎]+")
_SPACE = re.compile("(?<=[ก-ฮะ-ฺเ-ๅ็-๎]) (?=[ก-ฮะ-ฺเ-ๅ็-๎])")
_NEAR = 24
"""Letters on either side of a space that are looked at to tell whether it is meant."""
_WINDOW = 4
"""Pieces that one word may have been cut into, for want of its signs."""
_LONGEST = 20
_TITLES = frozenset(["คุณ", "นาย", "นาง", "นางสาว", "พระ", "ครู", "หมอ"])
"""What a name follows, which no list of words knows better."""
_COMMON = 100
"""How often a word stands in the corpus at least, to be taken for one that was misread."""
_OFTEN = 5_000
"""The same where the pieces that it was cut into could be words."""
_CLEARLY = 12
"""How many times as common as the next best it must be."""
_INSTEAD, _EVERYWHERE = 60, 50_000
"""How many times as common as a word that is there already, and how often in the corpus, it must be to stand in its place:
ที is ที่ that lost its tone, but ฝาย is not ฝ่าย."""


def mended(line: str) -> str:
    """A line of OCR, normalised, with lost signs put back where there is no doubt which."""
    return _RUN.sub(lambda run: _mended(run[0]), _SPACE.sub(_across, line))


def _across(space: re.Match[str]) -> str:
    """The space, or nothing where a word runs across it and a piece beside it is none."""
    text, place = space.string, space.end()
    left = _last(text[max(0, place - 1 - _NEAR) : place - 1])
    right = _RUN.match(text, place, place + _NEAR)
    if right is None:
        return space[0]
    beside = (thai.words(left)[-1], thai.words(right[0])[0])
    end = 0
    for word in thai.words(left + right[0]):
        end += len(word)
        if end >= len(left):
            joins = end > len(left) and thai.is_word(word) and any(map(_is_odd, beside))
            return "" if joins else space[0]
    return space[0]


def _last(text: str) -> str:
    """The run of Thai letters that `text` ends in."""
    return next(run[0] for run in reversed(list(_RUN.finditer(text))))


@lru_cache(1 << 12)
def _mended(run: str) -> str:
    words = thai.words(run)
    kept: list[str] = []
    first = 0
    while first < len(words):
        named = bool(kept) and kept[-1] in _TITLES
        last, word = (first + 1, words[first]) if named else _best(words, first)
        kept.append(word)
        first = last
    return "".join(kept)


def _best(words: Sequence[str], first: int) -> tuple[int, str]:
    """(where the word that begins at `first` ends, what it was): the longest that can be told, or the piece itself."""
    for last in range(min(first + _WINDOW, len(words)), first, -1):
        said = "".join(words[first:last])
        meant = _meant(said) if 1 < len(said) <= _LONGEST else ""
        cut = last - first == 1 or any(map(_is_odd, words[first:last])) or thai.counts().get(meant, 0) >= _OFTEN
        if meant and cut:
            return last, meant
    return first + 1, words[first]


def _is_odd(piece: str) -> bool:
    """Whether a piece is what is left of a word: none itself, or a rare one."""
    return len(piece) == 1 or not thai.is_word(piece) or thai.counts().get(piece, 0) < _COMMON


def _meant(said: str) -> str:
    """The one common word that `said` is without some of its signs; '' where none is, or several are."""
    counts = thai.counts()
    fits = [word for word in _by_letters().get(thai.toneless(said), ()) if _lacks(said, word)]
    best, *others = sorted(fits, key=lambda word: -counts[word]) or [""]
    if not best or (others and counts[best] < _CLEARLY * counts[others[0]]):
        return ""
    if thai.is_word(said):
        return best if counts[best] >= max(_EVERYWHERE, _INSTEAD * counts.get(said, 0)) else ""
    return best


def _lacks(said: str, word: str) -> bool:
    """Whether `said` is `word` without some of its characters, the others in their order."""
    rest = iter(word)
    return len(said) < len(word) and all(char in rest for char in said)


@cache
def _by_letters() -> Mapping[str, tuple[str, ...]]:
    """The common words under their letters without signs."""
    found: dict[str, list[str]] = defaultdict(list)
    for word, count in thai.counts().items():
        if count >= _COMMON and len(word) > 1 and thai.is_word(word) and (bare := thai.toneless(word)) != word:
            found[bare].append(word)
    return {bare: tuple(sorted(words)) for bare, words in found.items()}
