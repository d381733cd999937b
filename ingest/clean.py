"""Repairs that need more than one line's characters to be seen: lost sara am, stray spaces, and lines that say nothing.

Never adds or drops a word: what goes is spaces, rows of dots, captions without words and the page's own buttons.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest import marks
from ingest.raw import RawLine
from vectorstore import thai

_MARK = "[ัิ-ฺ็-๎]"
_CONSONANT = "[ก-ฮ]"

_LEADERS = re.compile(r"([_*=~…]|[-‐-―])\1{5,}|\.{8,}")
"""Rows of signs that lead the eye or leave room for a name; พ.ศ. .... is the year of a law still to come, and stays."""

_LED = re.compile("[_*=~….‐-―-]{6}")
"""Rows of signs have this; looking for it is quick."""

_SPACES = re.compile(" {2,}")
_FAULTY = re.compile("\ufffd| [ั-ฺ็-๎]|ำ[ำา]")
"""Without one of these a line has nothing to be joined; looking for it is quick."""

_BEFORE_MARK = re.compile(f"(?<=[ก-๎]) +(?={_MARK})")
_SURE_AM = re.compile(f"(?<={_CONSONANT})([่-๋]?)(?:\ufffd+า| +ำ|ำ[ำา]+)")
_LOST_GLYPH = re.compile("(?<=[ำ็-๎])\ufffd+")
_LOST_AM = re.compile(f"({_CONSONANT}[่-๋]?) +า")
_SPLIT_AM = re.compile("(?<=ำ) +(?=[ก-ฮเ-ไ])")
_JOINED_AM = re.compile("ำ(?=[ก-ฮเ-ไ])")
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
    r"|(?:#[^\s#]+[\s,]*)+"
    r"|(?:share|tweet|like|print|e-?mail|facebook|twitter|pinterest|line|แชร์|ถูกใจ|พิมพ์|พิมพ์หน้านี้|แชร์หน้านี้|อ่านต่อ|อ่านเพิ่มเติม|"
    r"share on \w+|share this:?|แชร์ไปยัง \w+|กลับหน้าหลัก|กลับไปหน้าแรก|back to top)"
    r"(?: *[|/,·•] *(?:share|tweet|like|print|e-?mail|facebook|twitter|pinterest|line|แชร์|ถูกใจ|พิมพ์))*",
    re.IGNORECASE,
)
"""Lines that say nothing: rules, bare bullets, photo captions without words, hashtags, the site's own links and buttons."""


def clean(lines: Iterable[RawLine]) -> list[RawLine]:
    """`lines` repaired; gaps are single empty lines, none first or last. Cleaning twice changes nothing."""
    repaired = [(line, _repaired(line.text, pdf=line.page is not None, sound=sound)) for line, sound in _normalised(lines)]
    unsplit = _joined if _parts_every_am(repaired) else _unsplit
    repaired = [(line, unsplit(text) if line.page is not None and "ำ " in text else text) for line, text in repaired]
    kept: list[RawLine] = []
    for line, text in repaired:
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


def _normalised(lines: Iterable[RawLine]) -> Iterator[tuple[RawLine, bool]]:
    """Each line normalised, and whether it was so; a line break within one (a cell, a vertical tab) ends a line.

    Many lines are looked at at once, which is twice as fast; no rule of normalising looks across a line break.
    """
    waiting: list[RawLine] = []
    size = 0
    for line in lines:
        parts = line.text.splitlines()
        waiting += [line] if parts == [line.text] else [replace(line, text=part) for part in parts or [""]]
        size += len(line.text)
        if size >= _AT_ONCE:
            yield from _all_normalised(waiting)
            waiting, size = [], 0
    if waiting:
        yield from _all_normalised(waiting)


def _all_normalised(lines: list[RawLine]) -> Iterator[tuple[RawLine, bool]]:
    texts = [marks.mended(line.text) for line in lines]
    if thai.is_suspect("\n".join(texts)):
        texts = [thai.normalise(text) for text in texts]  # one by one: a long text seldom has more than a few that need it
    for line, text in zip(lines, texts, strict=True):
        yield (line, True) if text == line.text else (replace(line, text=text), False)


def _repaired(text: str, *, pdf: bool, sound: bool) -> str:
    """A normalised line repaired; where letters met that had been apart, both are done again until nothing changes.

    The marks of a `sound` line are known to be right.
    """
    while True:
        if pdf:
            text = _FOREIGN_TONE.sub(lambda m: _TONES[m[0]], text)
        if pdf or not sound:
            text = marks.mended(text)
        sound = False
        if _LED.search(text):
            text = _LEADERS.sub(" ", text)
        text = (_SPACES.sub(" ", text) if "  " in text else text).strip(" ")
        joined = text
        if _FAULTY.search(text):
            joined = _resolved(_BEFORE_MARK.sub("", _LOST_GLYPH.sub("", _SURE_AM.sub(r"\1ำ", text))))
        again = thai.normalise(joined) if joined != text or pdf else joined
        if again == text:
            return text
        text = again


def _parts_every_am(lines: Iterable[tuple[RawLine, str]]) -> bool:
    """Whether a PDF has a space after most of its ำ: its maker draws the letter in two parts, and no space is meant."""
    texts = [text for line, text in lines if line.page is not None and "ำ" in text]
    return sum(len(_SPLIT_AM.findall(text)) for text in texts) > sum(len(_JOINED_AM.findall(text)) for text in texts)


def _resolved(text: str) -> str:
    """A consonant, a space and า: no Thai word begins with า, so either ำ lost its ring (จ านวน) or the space is stray."""
    pieces: list[str] = []
    before, place = "", 0
    for match in _LOST_AM.finditer(text):
        kept = text[place : match.start()]
        left = _last_of(_THAI, (before + kept)[-_RUN:]).replace(" ", "")
        right = _first_of(_THAI, text[match.end() : match.end() + _RUN]).replace(" ", "")
        read_as_am, read_as_aa = f"{match[1]}ำ", f"{match[1]}า"
        stranger = _strangeness(left + read_as_am + right) > _strangeness(left + read_as_aa + right)
        pieces.append(kept + (read_as_aa if stranger else read_as_am))
        before, place = (before + pieces[-1])[-_RUN:], match.end()
    return "".join(pieces) + text[place:]


def _joined(text: str) -> str:
    return _SPLIT_AM.sub("", text)


def _unsplit(text: str) -> str:
    """A space after ำ goes where a word runs across it (สำ นักงาน), and stays where two words meet (ทำ กิจกรรม)."""
    while (again := _SPLIT_AM.sub(_across, text)) != text:
        text = again
    return text


def _across(match: re.Match[str]) -> str:
    """The matched space, or nothing where the letters around it are of one word."""
    text, start, end = match.string, match.start(), match.end()
    left = _last_of(_LETTERS, text[max(0, start - _RUN) : start])
    place = 0
    for word in thai.words(left + _first_of(_LETTERS, text[end : end + _RUN])):
        place += len(word)
        if place >= len(left):
            return "" if place > len(left) and thai.is_word(word) else match[0]
    return match[0]


def _last_of(letters: str, text: str) -> str:
    return text[len(text.rstrip(letters)) :]


def _first_of(letters: str, text: str) -> str:
    return text[: len(text) - len(text.lstrip(letters))]


def _strangeness(text: str) -> tuple[int, int]:
    """(characters in no known word, number of words): the fewer, the likelier a reading."""
    words = thai.words(text)
    return sum(len(word) for word in words if not thai.is_word(word)), len(words)
