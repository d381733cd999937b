"""Words that point to what was said before: โครงการนี้, เขา, ที่นั่น, it."""

import re
from dataclasses import dataclass

from assistant import askwords
from assistant.circumstance import of
from assistant.subject import Token, tokens

_POINTING = "นี้|นั้น|ดังกล่าว|เหล่านี้|เหล่านั้น|ที่ว่า(?:นี้|นั้น)?"
_NOW = re.compile("(?:ปี|เดือน|วัน|สัปดาห์|อาทิตย์|ตอน|ขณะ|ทุกวัน|เวลา|สมัย|ครั้ง)$")
_HE = frozenset("เขา เค้า พวกเขา พวกเค้า เธอ เขาเหล่านั้น มัน".split())  # noqa: SIM905
_THERE = re.compile("(?:ที่|จาก|ใน|แถว)?(?:ที่นั่น|ที่นี่|ที่นั้น|ตรงนั้น|ตรงนี้|แห่งนั้น|แห่งนี้)")
_MOUNTAIN = re.compile("(?:ตำบล|ต\\.|อำเภอ|อ\\.|บ้าน|วัด|ภู|ป่า|เชิง|ตีน|ยอด|บน|ริม|ชุมชน|สภา|ไหล่)$")
_ENGLISH = re.compile(
    "(?<![a-z'])(?P<owned>its|their|his|her(?= [a-z]))(?![a-z])|(?<![a-z'])(?P<he>it|they|them|he|she|him)(?![a-z'])"
    "|(?<![a-z'])(?P<that>(?:this|that|these|those)(?: (?P<noun>[a-z]+))?)(?= |$|\\?)"
    "|(?<!is )(?<!are )(?<!was )(?<!were )(?<![a-z])(?P<there>there)(?= |$|\\?)",
    re.IGNORECASE,
)
_WHEN = frozenset("year month day date time ปี เดือน วัน ครั้ง ช่วง ตอน รอบ เวลา เวที คราว สมัย".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Pointing:
    """Where a text points back (0-based, end exclusive) and to what sort of thing.

    `strong` where it can mean nothing else: รอบนั้น and มัน also stand in questions of their own.
    """

    start: int
    end: int
    sort: str
    strong: bool = True


def found(text: str) -> Pointing | None:
    """The first words of `text` (normalised, on one line) that point back; None where none do."""
    there = _THERE.search(text)
    if there:
        return Pointing(*there.span(), "place")
    words = tokens(text)
    for i, token in enumerate(words):
        if pointing := _thai(text, words, i, token):
            return pointing
    return _english(text)


def _thai(text: str, words: tuple[Token, ...], i: int, token: Token) -> Pointing | None:
    if token.word in _HE and not token.named and not _MOUNTAIN.search(text[: token.start]):
        named = i + 1 < len(words) and words[i + 1].own and askwords.body(words[i - 1].word if i else "")
        return None if named else Pointing(token.start, token.end, "subject", strong=token.word != "มัน")
    whole = re.fullmatch(f"(?P<noun>.*?)(?:{_POINTING})", token.word)
    if not whole or token.named:
        return None
    noun, start = whole["noun"], token.start
    if not noun and i:
        noun, start = words[i - 1].word, words[i - 1].start
    if not noun.strip():
        return Pointing(token.start, token.end, "subject")
    if token.word.endswith("นี้") and _NOW.search(noun):
        return None
    sort = "time" if noun in _WHEN else "body" if askwords.body(noun) or noun in ("อัน", "เรื่อง", "แห่ง") else "noun"
    if sort == "body" and noun in ("เวที", "อัน", "เรื่อง"):
        return Pointing(start, token.end, "body")
    return Pointing(start, token.end, sort, strong=sort != "time")


def _english(text: str) -> Pointing | None:
    for match in _ENGLISH.finditer(text.lower()):
        if match["owned"]:
            return Pointing(*match.span(), "owner")
        if match["he"]:
            return Pointing(*match.span(), "subject")
        if match["there"]:
            return Pointing(*match.span(), "place")
        noun = match["noun"] or ""
        if not noun:
            return Pointing(*match.span(), "subject", strong=False)
        if noun in _WHEN:
            return Pointing(*match.span(), "time", strong=False)
        if askwords.body(noun):
            return Pointing(*match.span(), "body")
    return None


def resolved(text: str, pointing: Pointing, about: str, before: str) -> str:
    """`text` with the subject `about`, or the place or time of the question `before`, where it points back."""
    head, tail = text[: pointing.start].strip(), text[pointing.end :].strip()
    noun = re.sub(f" ?(?:{_POINTING})$", "", text[pointing.start : pointing.end])
    if pointing.sort == "owner":
        said, tail = f"the {tail} of {about}", ""
    elif pointing.sort == "time":
        said = " ".join(one.said for one in of(before, "time")) if not of(about, "time") else ""
    elif pointing.sort == "noun":
        said = noun
    elif pointing.sort == "place" and not about.isascii():
        of_body = any(askwords.body(token.word) for token in tokens(head))
        where = " ".join(one.said for one in of(about, "place")) if of_body else ""
        said = f"ที่{where or about}".removeprefix("ที่" if head.endswith("ที่") else "")
    else:
        said = f"in {about}" if pointing.sort == "place" else about
    thai = not text.isascii() or not said.isascii()
    before_gap = " " if not thai or text[: pointing.start].endswith(" ") else ""
    after_gap = " " if not thai or text[pointing.end :].startswith(" ") else ""
    return f"{head}{before_gap}{said}{after_gap}{tail}".strip()
