"""What a question is about, apart from what it asks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant import askwords
from assistant.circumstance import circumstances
from vectorstore import thai

_EDGE = {
    *"ที่ ของ ใน โดย และ แล้ว กับ จาก ให้ เมื่อ ณ ว่า เรื่อง ซึ่ง ด้วย".split(),  # noqa: SIM905
    *"of in at for from by and with a an on to about or did do does was were is are".split(),  # noqa: SIM905
}
"""Words that neither begin nor end what a question is about."""
_TOPIC = re.compile("เรื่อง|เกี่ยวกับ|ด้าน")
_SHOWN = re.compile("[a-z0-9ก-ฮ]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text (small letters, Arabic digits) and where it stands (0-based, end exclusive).

    `named` where it is of a time, place or meeting; `own` where it says what the text is about and is not of one.
    """

    word: str
    start: int
    end: int
    named: bool
    own: bool


@lru_cache(256)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of `text` (normalised, on one line), punctuation and spaces included."""
    spans = [(one.start, one.end) for one in circumstances(text)]
    found: list[Token] = []
    place = 0
    for word in thai.words(thai.arabic_digits(text).lower()):
        end = place + len(word)
        named = any(start <= place < last for start, last in spans)
        counted = bool(found) and any(one.word == "กี่" for one in found[-2:]) and not askwords.light(word)
        own = not (named or counted or askwords.asks(word) or askwords.light(word))
        found.append(Token(word, place, end, named, own))
        place = end
    return tuple(found)


def own_words(text: str) -> tuple[str, ...]:
    """The words that say what `text` is about, without times, places and meetings, each once."""
    return tuple(dict.fromkeys(token.word for token in tokens(text) if token.own and not token.word.isdigit()))


def asks_anything(text: str) -> bool:
    """Whether a word of `text` asks."""
    return any(askwords.asks(token.word) for token in tokens(text)) or "?" in text


@lru_cache(256)
def split(text: str) -> tuple[str, str]:
    """(what `text` is about, what it asks): กองทุนสวัสดิการตำบลบางรัก, ตั้งเมื่อไร. Either may be ''."""
    words = tokens(text)
    asking = [False] * len(words)
    for i, token in enumerate(words):
        if askwords.asks(token.word) and not token.named:
            first, last = _reach(words, i)
            asking[first : last + 1] = [True] * (last + 1 - first)
    about = _trimmed(text, words, [not flag for flag in asking])
    return about, _joined(text, words, asking)


def _reach(words: Sequence[Token], at: int) -> tuple[int, int]:
    """The first and last word of what the asking word at `at` asks: มี สมาชิก กี่ คน."""
    first, last = at, at
    if first and askwords.body(words[first - 1].word) and not words[at].word.startswith("กี่"):
        first -= 1
    while first and _empty(words[first - 1]):
        first -= 1
    while last + 1 < len(words) and _empty(words[last + 1]):
        last += 1
    return first, last


def _empty(token: Token) -> bool:
    return not token.own and not token.named and not _TOPIC.fullmatch(token.word)


def _trimmed(text: str, words: Sequence[Token], kept: list[bool]) -> str:
    """The kept words without those at their edges that say nothing: ประธานของกองทุน begins with กองทุน."""
    whole = [i for i, flag in enumerate(kept) if flag and (words[i].own or words[i].named)]
    if not whole:
        return ""
    first, last = whole[0], whole[-1]
    flags = [flag and first <= i <= last and not _idle(words[i]) for i, flag in enumerate(kept)]
    if first > 1 and words[first - 2].word == "the":
        flags[first - 2] = flags[first - 1] = True
    return _joined(text, words, flags)


def _idle(token: Token) -> bool:
    """An English verb such as "have", which stands after what the question is about."""
    return token.word.isascii() and token.word.isalpha() and askwords.verb(token.word) and not token.named


def _joined(text: str, words: Sequence[Token], kept: Sequence[bool]) -> str:
    """The kept runs of words, one space between them, without links that now lead nowhere."""
    runs: list[list[Token]] = [[]]
    for token, flag in zip(words, kept, strict=True):
        if flag:
            runs[-1].append(token)
        elif runs[-1]:
            runs.append([])
    pieces = [_piece(text, run) for run in runs]
    return " ".join(piece for piece in pieces if piece)


def _piece(text: str, run: list[Token]) -> str:
    while run and (run[-1].word in _EDGE or not _SHOWN.search(run[-1].word)) and not run[-1].named:
        run = run[:-1]
    while run and not _SHOWN.search(run[0].word):
        run = run[1:]
    return text[run[0].start : run[-1].end] if run else ""
