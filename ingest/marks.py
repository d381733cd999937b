"""Marks that no Thai syllable has, put right where one reading makes known words: น้้า, ทัี่, รวม4,ุ600, กร�ม."""

import re
from collections.abc import Sequence

from vectorstore import thai

_OPENS = re.compile("^ *[ัิ-ฺ็-๎]")
_SUSPECT = re.compile("[ัิ-ฺ็-๎\ufffdๅ](?:(?<=[\ufffdๅ])|(?<![ก-๎ ].)|(?<=่)่า|(?<=้)้า|(?<=๊)๊า|(?<=๋)๋า|(?<=[ัิีึืุู])[่-์]*[ัิีึืุู]|(?<=[่-์]) +[่-์])")
"""Without one of these a line has nothing to be put right; a pattern that begins with signs is looked for quickly."""

_TWICE = re.compile("(?<=[ก-ฮ])([่-๋])\\1+า")
_VOWELS = re.compile("(?<=[ก-ฮ])[่-์]*[ัิีึืุู](?:[่-์]*[ัิีึืุู])+[่-์]*")
_ORPHAN = re.compile("(?<![ก-๎ ])[ัิ-ฺ็-๎]+|^ *[ัิ-ฺ็-๎]+|(?<=[่-์]) +[่-์]+")
_LOST = re.compile("(?<=[ก-๎])\ufffd+(?=[ก-ฮเ-ไ])")
_LONG = re.compile("(?<![ฤฦ])ๅ")
_LETTERS = re.compile("[ก-ฮะ-ฺเ-ๅ็-๎]*")
_NEAR = 16
"""Letters on either side of a fault that tell which word was meant."""


def mended(line: str) -> str:
    """A line whose marks are to be told from each other, before doubled ones are taken for one."""
    if not (_OPENS.match(line) or _SUSPECT.search(line)):
        return line
    line = _LONG.sub("า", _ORPHAN.sub("", line))
    line = _TWICE.sub(lambda m: _likeliest(m, [f"{m[1]}ำ", f"{m[1]}า"]), line)
    line = _VOWELS.sub(lambda m: _likeliest(m, _with_one_vowel(m[0])), line)
    return _LOST.sub(lambda m: _likeliest(m, ["", m[0]]), line)


def _with_one_vowel(marks: str) -> list[str]:
    """The readings of a run of marks that keep one vowel, and the last tone."""
    tones = [mark for mark in marks if mark in "่้๊๋์"]
    return [vowel + "".join(tones[-1:]) for vowel in dict.fromkeys(marks) if vowel not in tones]


def _likeliest(match: re.Match[str], readings: Sequence[str]) -> str:
    """The reading that makes the fewest letters of no known word, the more common word where that is even."""
    text, start, end = match.string, match.start(), match.end()
    left = text[max(0, start - _NEAR) : start]
    left = left[max((m.end() for m in re.finditer("[^ก-ฮะ-ฺเ-ๅ็-๎]", left)), default=0) :]
    right = _LETTERS.match(text, end, end + _NEAR)
    around = right[0] if right else ""
    return min(readings, key=lambda reading: _oddness(left, reading, around))


def _oddness(left: str, reading: str, right: str) -> tuple[int, int, int]:
    """(letters in no known word, number of words, how rare the word is in which the reading stands)."""
    words = thai.words(thai.normalise(left + reading + right))
    place, own = 0, ""
    for word in words:
        place += len(word)
        if place >= len(left):
            own = word
            break
    return sum(len(word) for word in words if not thai.is_word(word)), len(words), -thai.counts().get(own, 0)
