"""Repairs that need more than one line's characters to be seen: lost sara am, stray spaces, and lines that say nothing.

Never adds or drops a word: what goes is spaces, rows of dots, captions without words and the page's own buttons.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.raw import RawLine
from vectorstore import thai

_MARK = "[ัิ-ฺ็-๎]"
_CONSONANT = "[ก-ฮ]"

_LEADERS = re.compile(r"([_.*=~…]|[-‐-―])\1{3,}")
_SPACES = re.compile(" {2,}")
_BEFORE_MARK = re.compile(f"(?<=[ก-๎]) +(?={_MARK})")
_SURE_AM = re.compile(f"(?<={_CONSONANT})([่-๋]?)(?:\ufffd+า| +ำ|ำ[ำา]+)")
_LOST_GLYPH = re.compile("(?<=[ำ็-๎])\ufffd+")
_LOST_AM = re.compile(f"({_CONSONANT}[่-๋]?) +า")
_SPLIT_AM = re.compile("(?<=ำ) +(?=[ก-ฮเ-ไ])")
_FOREIGN_TONE = re.compile("(?<=[ก-๎])[ÉÊËÌÍ]|[ÉÊËÌÍ](?=[ัิ-ฺ])")
_TONES = dict(zip("ÉÊËÌÍ", "่้๊๋์", strict=True))
"""Raised tone marks of old Thai fonts, as PDF writers with the wrong table name them."""

_AT_ONCE = 20_000
"""Characters normalised together."""

_RUN = 24
"""Characters on either side of a fault that are looked at to tell which word was meant."""

_LETTERS = "".join(chr(code) for code in (*range(0x0E01, 0x0E3B), *range(0x0E40, 0x0E4F)))
_THAI = _LETTERS + " "

_NOTHING = re.compile(
    r"[\s•·*\-–—_=.~|]*"
    r"|[•\-\s]*photo\s*,\s*\d+\s*x\s*\d+\s*pixels?\s*,\s*[\d,]+\s*bytes\.?"
    r"|related? topics?:?"
    r"|(?:share|tweet|like|print|e-?mail|facebook|twitter|pinterest|line|แชร์|ถูกใจ|พิมพ์|พิมพ์หน้านี้|แชร์หน้านี้|อ่านต่อ|อ่านเพิ่มเติม|"
    r"share on \w+|share this:?|แชร์ไปยัง \w+|กลับหน้าหลัก|กลับไปหน้าแรก|back to top)"
    r"(?: *[|/,·•] *(?:share|tweet|like|print|e-?mail|facebook|twitter|pinterest|line|แชร์|ถูกใจ|พิมพ์))*",
    re.IGNORECASE,
)
"""Lines that say nothing: rules, bare bullets, photo captions without words, the site's own links and buttons."""


def clean(lines: Iterable[RawLine]) -> list[RawLine]:
    """`lines` repaired; gaps are single empty lines, none first or last. Cleaning twice changes nothing."""
    kept: list[RawLine] = []
    for line in _normalised(lines):
        text = _repaired(line.text, pdf=line.page is not None)
        if text and not _NOTHING.fullmatch(text):
            kept.append(line if text == line.text else replace(line, text=text))
        elif not text and kept and kept[-1].text:
            kept.append(RawLine("", line.page))
    while kept and not kept[-1].text:
        kept.pop()
    return kept


def clean_text(text: str) -> str:
    """`text` as one clean line: for titles and names."""
    return " ".join(line.text for line in clean([RawLine(text)]) if line.text)


def _normalised(lines: Iterable[RawLine]) -> Iterator[RawLine]:
    """Each line normalised, a line break within one (a cell, a vertical tab) ending a line.

    Many lines at once, which is twice as fast; no rule of normalising looks across a line break.
    """
    waiting: list[RawLine] = []
    size = 0
    for line in lines:
        parts = line.text.splitlines()
        waiting += [line] if len(parts) == 1 else [replace(line, text=part) for part in parts or [""]]
        size += len(line.text)
        if size >= _AT_ONCE:
            yield from _all_normalised(waiting)
            waiting, size = [], 0
    if waiting:
        yield from _all_normalised(waiting)


def _all_normalised(lines: list[RawLine]) -> Iterator[RawLine]:
    texts = thai.normalise("\n".join(line.text for line in lines)).split("\n")
    for line, text in zip(lines, texts, strict=True):
        yield line if text == line.text else replace(line, text=text)


def _repaired(text: str, *, pdf: bool) -> str:
    """A normalised line repaired; where letters met that had been apart, both are done again until nothing changes."""
    while True:
        if pdf:
            text = _FOREIGN_TONE.sub(lambda m: _TONES[m[0]], text)
        text = _SPACES.sub(" ", _LEADERS.sub(" ", text)).strip(" ")
        joined = _LOST_GLYPH.sub("", _SURE_AM.sub(r"\1ำ", text))
        if " " in joined:
            joined = _resolved(_BEFORE_MARK.sub("", joined))
            joined = _unsplit(joined) if pdf and "ำ " in joined else joined
        again = thai.normalise(joined) if joined != text or pdf else joined
        if again == text:
            return text
        text = again


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
