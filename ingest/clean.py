"""Repairs that need more than one line's characters to be seen: lost sara am, stray spaces, and lines that say nothing.

Never adds or drops a word: what goes is spaces, rows of dots, captions without words and the page's own buttons.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from ingest.raw import RawLine
from vectorstore import thai

_MARK = "[ัิ-ฺ็-๎]"
_CONSONANT = "[ก-ฮ]"

_LEADERS = re.compile(r"([_.*=~…]|[-‐-―])\1{3,}")
_SPACES = re.compile("[ \n]*\n[ \n]*| {2,}")
_BEFORE_MARK = re.compile(f"(?<=[ก-๎]) +(?={_MARK})")
_SURE_AM = re.compile(f"(?<={_CONSONANT})([่-๋]?)(?:\ufffd+า| +ำ|ำา+)|ำ(?:\ufffd|(?<=ำ)า)+")
_LOST_AM = re.compile(f"({_CONSONANT}[่-๋]?) +า")
_SPLIT_AM = re.compile("(?<=ำ) +(?=[ก-ฮเ-ไ])")
_RUN = 24
"""Characters on either side of a fault that are looked at to tell which word was meant."""

_LETTERS = "".join(chr(code) for code in (*range(0x0E01, 0x0E3B), *range(0x0E40, 0x0E4F)))
_THAI = _LETTERS + " "

_NOTHING = re.compile(
    r"[\s•·*\-–—_=.~|]*"
    r"|[•\-\s]*photo\s*,\s*\d+\s*x\s*\d+\s*pixels?\s*,\s*[\d,]+\s*bytes\.?"
    r"|related? topics?:?"
    r"|(?:share|tweet|like|print|e-?mail|facebook|twitter|pinterest|line|แชร์|ถูกใจ|พิมพ์|พิมพ์หน้านี้|แชร์หน้านี้|อ่านต่อ|อ่านเพิ่มเติม|"
    r"share on \w+|share this:?|แชร์ไปยัง \w+|กลับหน้าหลัก|กลับไปหน้าแรก|back to top)(?: *[|/,·•] *(?:share|tweet|like|print|e-?mail|facebook|"
    r"twitter|pinterest|line|แชร์|ถูกใจ|พิมพ์))*",
    re.IGNORECASE,
)
"""Lines that say nothing: rules, bare bullets, photo captions without words, the site's own links and buttons."""


def clean(lines: Iterable[RawLine]) -> list[RawLine]:
    """`lines` repaired; gaps are single empty lines, none first or last. Cleaning twice changes nothing."""
    kept: list[RawLine] = []
    for line in lines:
        for text in _texts(line):
            if text and not _NOTHING.fullmatch(text):
                kept.append(replace(line, text=text))
            elif not text and kept and kept[-1].text:
                kept.append(RawLine("", line.page))
    while kept and not kept[-1].text:
        kept.pop()
    return kept


def clean_text(text: str) -> str:
    """`text` as one clean line: for titles and names."""
    return " ".join(line.text for line in clean([RawLine(text)]) if line.text)


def _texts(line: RawLine) -> list[str]:
    """The repaired lines that one raw line holds: a line break within it (a cell, a vertical tab) ends a line."""
    text, pdf = line.text, line.page is not None
    while (again := _repaired(text, pdf=pdf)) != text:
        text = again
    return text.split("\n")


def _repaired(text: str, *, pdf: bool) -> str:
    text = thai.normalise(text)
    text = _LEADERS.sub(" ", text)
    text = _SPACES.sub(lambda m: "\n" if "\n" in m[0] else " ", text).strip(" ")
    text = _SURE_AM.sub(lambda m: f"{m[1] or ''}ำ" if m[1] is not None else "ำ", text)
    text = _BEFORE_MARK.sub("", text)
    if " " not in text:
        return text
    text = _resolved(text)
    return _unsplit(text) if pdf and "ำ " in text else text


def _resolved(text: str) -> str:
    """A consonant, a space and า: no Thai word begins with า, so either ำ lost its ring (จ านวน) or the space is stray."""
    while match := _LOST_AM.search(text):
        left, right = (side.replace(" ", "") for side in _around(_THAI, text, match.start(), match.end()))
        choices = (f"{match[1]}ำ", f"{match[1]}า")
        chosen = min(choices, key=lambda joined: _strangeness(f"{left}{joined}{right}"))
        text = f"{text[: match.start()]}{chosen}{text[match.end() :]}"
    return text


def _unsplit(text: str) -> str:
    """A space after ำ goes where a word runs across it (สำ นักงาน), and stays where two words meet (ทำ กิจกรรม)."""
    for match in reversed(list(_SPLIT_AM.finditer(text))):
        left, right = _around(_LETTERS, text, match.start(), match.end())
        if _crosses(thai.words(left + right), len(left)):
            text = f"{text[: match.start()]}{text[match.end() :]}"
    return text


def _crosses(words: list[str], place: int) -> bool:
    end = 0
    for word in words:
        end += len(word)
        if end >= place:
            return end > place and thai.is_word(word)
    return False


def _around(run: str, text: str, start: int, end: int) -> tuple[str, str]:
    """The letters of `run` that stand unbroken before `start` and after `end`."""
    before, after = text[max(0, start - _RUN) : start], text[end : end + _RUN]
    return before[len(before.rstrip(run)) :], after[: len(after) - len(after.lstrip(run))]


def _strangeness(text: str) -> tuple[int, int]:
    """(characters in no known word, number of words): the fewer, the likelier a reading."""
    words = thai.words(text)
    return sum(len(word) for word in words if not thai.is_word(word)), len(words)
