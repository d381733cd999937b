"""A question made to stand alone, by rules: what it leaves out is taken from the questions before it, and from nowhere else.

Each earlier question is made to stand alone first, in order, so that a subject may have been named many turns ago. A question
that names its own subject takes up nothing: dragging an old subject in would be the worse mistake.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from assistant import anaphora, askwords, items
from assistant.circumstance import circumstances, newest, swapped, without
from assistant.subject import Token, asks_anything, own_words, split, tokens
from assistant.types import Turn
from vectorstore import thai

TURNS = 10
"""How many earlier questions are understood with a new one; those before them are not looked at."""
_LONGEST_ANSWER = 20_000
"""Characters of an answer in which its items are looked for."""

_LED = re.compile(
    "(?:แล้ว(?:ก็)?|ส่วน|และ|ถ้างั้น|งั้น|ถ้า(?:เป็น)?|แต่|what about|how about|and(?: what about| how about)?|then|but)(?![a-z])[ ,]*",
    re.IGNORECASE,
)
_TRAILED = re.compile("(?:ล่ะ|ละ|หละ)(?:ครับ|คับ|ค่ะ|คะ|จ๊ะ|นะ|เนี่ย)*$")
_POLITE = re.compile("(?: |,|[?？!.]|(?:นะ)?(?:ครับ|คับ|คะ|ค่ะ)|ครับผม|ครับ|คับ|ค่ะ|คะ|จ๊ะ|จ้า|อ่ะ|อะ|please)+$", re.IGNORECASE)
_CORRECTED = re.compile(
    "(?:(?:ไม่ใช่|ไม่|เปล่า|พิมพ์ผิด|ผิด|เอ้ย|เอ๊ย|โทษที|ขอโทษ|no|not that|sorry|actually)(?:[ ,.]|ครับ|คับ|ค่ะ|คะ|นะ|แล้ว)*"
    "(?:ปี ?[0-9๐-๙]+ (?=หมายถึง))?)?"
    "(?:ผม|ฉัน|ดิฉัน|หนู|เรา|i)? *(?:หมายถึง|หมายความว่า|จะถาม(?:ถึง)?|ขอเปลี่ยนเป็น|เปลี่ยนเป็น|ขอเป็น|(?:meant?|was asking about)(?![a-z]))"
    "(?:ของ)?[: ]*(?P<x>.+)"
    "|(?:ไม่ใช่(?:ครับ|ค่ะ|คะ|นะ)?|เปล่า(?:ครับ|ค่ะ)?|พิมพ์ผิด|โทษที|no|not that)[ ,.]+(?P<y>.+)",
    re.IGNORECASE,
)
_MORE = re.compile(
    "(?:ช่วย|ขอ|อยากรู้|อยากให้)*"
    "(?:(?:อธิบาย|ขยายความ|ขยาย|เล่า|บอก|รายละเอียด|ละเอียด|ข้อมูล)(?:ให้|ต่อ|อีก|เพิ่มเติม|เพิ่ม|ละเอียด|กว่านี้|ขึ้น)*"
    "|เพิ่มเติม|ต่อ|มีอีกไหม|มีอะไรอีก(?:ไหม|บ้าง)?)(?:หน่อย|ที|ด้วย|อีก|ได้ไหม|ได้มั้ย|สิ|ซิ| )*"
    "|(?:please |can you |could you )*(?:tell me more|more(?: details?| information)?|go on|explain(?: more| further)?"
    "|elaborate|expand)(?: on| about)?(?: it| that| this)?",
    re.IGNORECASE,
)
_WHAT_IS = re.compile(
    "(?:คืออะไร|คือใคร|หมายถึงอะไร|หมายความว่า(?:อะไร|อย่างไร|ยังไง))|what (?:is|are) (?!the |it|its|their)[a-z]", re.IGNORECASE
)
_NEWEST = re.compile(
    "(?:ใน|ของ|เอา|การ|ประชุม|ข้อมูล|รายงาน)*(?:ปี|ครั้ง|รอบ|เดือน|ฉบับ)?(?:ที่)?(?:ล่าสุด|หลังสุด)|ปัจจุบัน(?:นี้)?|ตอนนี้|เดี๋ยวนี้|ขณะนี้"
    "|(?:in |at )?(?:the )?(?:latest|most recent)(?: year| meeting| report| one)?|now|currently",
    re.IGNORECASE,
)
_COMPARED = re.compile("เทียบ|กว่า|compared|than", re.IGNORECASE)
_PERSON = re.compile("(?:นางสาว|นาย|นาง|น\\.ส\\.|คุณ|ดร\\.|กำนัน)[ก-๎]{2,}")
_NAMED = frozenset("ห้วย หนอง คลอง บาง ดอน บ้าน โนน นา ท่า แม่ โคก เกาะ ทุ่ง วัง ควน ตำบล อำเภอ จังหวัด".split())  # noqa: SIM905
"""Words that a name of a place begins with, without the gazetteer's knowing it."""
_ASKS = {
    **{word: f"ใช้{word}เท่าไร" for word in ("งบ", "งบประมาณ", "เงิน", "เงินทุน", "ทุน")},
    **{word: f"{word}เท่าไร" for word in ("ค่าใช้จ่าย", "ราคา", "มูลค่า", "ยอดเงิน", "รายได้", "รายจ่าย", "กำไร")},
    **{word: f"ใครเป็น{word}" for word in ("ประธาน", "รองประธาน", "เลขานุการ", "เหรัญญิก", "หัวหน้า", "ผู้รับผิดชอบ", "ผู้ประสานงาน")},
    **{word: f"{word}มีใครบ้าง" for word in ("คณะกรรมการ", "กรรมการ", "ผู้เข้าร่วม")},
    **{word: f"มี{word}อะไรบ้าง" for word in ("ปัญหา", "อุปสรรค", "วัตถุประสงค์", "เป้าหมาย", "กิจกรรม", "ข้อเสนอ", "ข้อเสนอแนะ")},
    **{word: f"มี{word}อย่างไร" for word in ("ผล", "ผลลัพธ์", "มติ", "แนวทาง")},
    "สมาชิก": "มีสมาชิกกี่คน",
    "สถานที่": "จัดที่ไหน",
    "วันที่": "วันที่เท่าไร",
}
"""How a side that is named alone is asked for: งบล่ะ."""


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that stands alone.

    `text` is all of it; `subject` what it is about ('' where that is nowhere said) and `asks` the part that asks: the whole
    where the question is as it was typed. `carried` where words of an earlier question were taken up.
    """

    text: str
    subject: str
    asks: str
    carried: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """A question, the one before it, and the answer to that.

    `rest` is the question without what only links it to the one before (`led`: แล้ว; `trailed`: ล่ะ).
    """

    rest: str
    led: bool
    trailed: bool
    before: Standalone
    answer: str
    today: date


def standalone(asked: str, history: Sequence[Turn], longest: int, today: date) -> Standalone:
    """`asked` with what it leaves out taken from `history`.

    Args:
        asked: a question, normalised, on one line.
        history: what was said before it, the oldest first; only its last `TURNS` questions count.
        longest: characters of an earlier question that are read; a longer result is not made.
        today: the day from which ปีที่แล้ว is counted where no year is spoken of.
    """
    before: Standalone | None = None
    answer = ""
    for turn in _latest(history):
        if turn.role == "assistant":
            answer = turn.content[:_LONGEST_ANSWER]
            continue
        said = " ".join(thai.normalise(turn.content[:longest]).split())
        if said and not askwords.courteous(said):
            before, answer = _follow(said, before, answer, today, longest), ""
    return _follow(asked, before, answer, today, longest)


def _latest(history: Sequence[Turn]) -> Sequence[Turn]:
    questions = [place for place, turn in enumerate(history) if turn.role == "user"]
    return history[questions[-TURNS] :] if len(questions) > TURNS else history


def _follow(asked: str, before: Standalone | None, answer: str, today: date, longest: int) -> Standalone:
    alone = Standalone(asked, split(asked)[0], asked)
    if before is None or askwords.courteous(asked):
        return alone
    rest = _POLITE.sub("", askwords.after_courtesy(asked))
    corrected = _CORRECTED.fullmatch(rest)
    if corrected:
        rest = (corrected["x"] or corrected["y"]).strip()
    led = _LED.match(rest)
    rest = rest[led.end() :] if led else rest
    trailed = _TRAILED.search(rest)
    rest = _POLITE.sub("", rest[: trailed.start()] if trailed else rest).strip()
    said = _Said(rest, bool(led), bool(trailed or corrected), before, answer, today)
    found = next((made for rule in _RULES if (made := rule(said))), None)
    if not found and (led or corrected) and rest:
        found = Standalone(rest, split(rest)[0], rest)
    return found if found and 0 < len(found.text) <= longest else alone


def _more(said: _Said) -> Standalone | None:
    """ขยายความหน่อย: the question before again."""
    return replace(said.before, carried=True) if _MORE.fullmatch(said.rest) else None


def _item(said: _Said) -> Standalone | None:
    """ข้อ 2 ล่ะ: the item of the answer in place of its number."""
    found = items.reference(said.rest)
    words = items.item(said.answer, found) if found else ""
    if not found or not words:
        return None
    more = _MORE.fullmatch(items.without(said.rest, found))
    asks = words if more else items.without(said.rest, found, [words])
    about = said.before.subject
    return Standalone(_beside(about, asks), _beside(about, words), asks, carried=True)


def _beside(about: str, asks: str) -> str:
    return f"{about} {asks}".strip() if about not in asks else asks


def _circumstance(said: _Said) -> Standalone | None:
    """แล้วปี 65 ล่ะ: the question before with another time, place or meeting."""
    new = circumstances(said.rest)
    if not new or own_words(said.rest) or asks_anything(said.rest) or any(askwords.side(token.word) for token in _free(said)):
        return None
    before = said.before

    def change(text: str) -> str:
        return swapped(text, new, said.today)

    if before.asks == before.text:
        text = change(before.text)
        return Standalone(text, split(text)[0], text, carried=True)
    about = change(before.subject) if before.subject else ""
    return Standalone(_beside(about, before.asks), about, before.asks, carried=True)


def _newest(said: _Said) -> Standalone | None:
    """ปีล่าสุดล่ะ: the question before, of the newest report."""
    if not _NEWEST.fullmatch(said.rest):
        return None
    before = said.before
    about = without(before.subject, "time", "meeting")
    text = newest(before.text if before.asks == before.text else _beside(about, before.asks))
    return Standalone(text, about, text, carried=True)


def _free(said: _Said) -> list[Token]:
    return [token for token in tokens(said.rest) if not token.named]


def _named_alone(said: _Said) -> Standalone | None:
    """งบล่ะ, แล้วฝายห้วยหมากล่ะ: another side of the same subject, or the same side of another subject."""
    if asks_anything(said.rest) or anaphora.found(said.rest):
        return None
    own, sides = own_words(said.rest), [token.word for token in _free(said) if askwords.side(token.word)]
    if sides and not own:
        return _asked(said, _ASKS.get(without(said.rest, "time", "place", "meeting"), said.rest))
    if own and (said.trailed or said.led) and said.before.subject:
        return _other_subject(said)
    return None


def _other_subject(said: _Said) -> Standalone:
    old, ask = said.before.subject, said.before.asks
    if ask == said.before.text:
        ask = split(said.before.text)[1]
    new = said.rest.removeprefix("ของ").strip()
    at = _same_body(old, new)
    about = f"{old[:at].rstrip()} {new}".strip() if at else new
    mine = {one.sort for one in circumstances(new)}
    named = (
        "place" in mine or any(token.word in _NAMED for token in tokens(new)) or _PERSON.match(new) or bool(thai.strange(new))
    )
    for one in circumstances(old):
        if one.start >= at and one.sort not in mine and (one.sort == "time" or not named):
            about += f" {one.said}"
    text = said.before.text
    whole = old in text and text == said.before.asks
    return Standalone(text.replace(old, about, 1) if whole else _beside(about, ask), about, ask, carried=True)


def _same_body(old: str, new: str) -> int:
    """Where `old` names the kind of body that `new` begins with, after something else: ฝายชะลอน้ำ|บ้านห้วยหมาก; else 0."""
    head = tokens(new)[0].word
    return next((token.start for token in tokens(old) if token.word == head and askwords.body(head)), 0)


def _referring(said: _Said) -> Standalone | None:
    """โครงการนี้เริ่มเมื่อไร: the subject in place of what points to it."""
    pointing = anaphora.found(said.rest)
    if not pointing or not said.before.subject or (not pointing.strong and _stands_alone(said)):
        return None
    about = _with_circumstances(said)
    text = anaphora.resolved(said.rest, pointing, about, said.before.text)
    whole = _beside(about, text) if pointing.sort in ("time", "noun") else text
    return Standalone(whole, about, text, carried=True)


def _with_circumstances(said: _Said) -> str:
    """The subject without the times, places and meetings in whose stead the question names others."""
    mine = set() if _COMPARED.search(said.rest) else {one.sort for one in circumstances(said.rest)}
    if _NEWEST.match(said.rest):
        mine |= {"time", "meeting"}
    return without(said.before.subject, *mine) if mine else said.before.subject


def _dropped(said: _Said) -> Standalone | None:
    """มีสมาชิกกี่คน: a question that names no subject has that of the one before."""
    if (_WHAT_IS.search(said.rest) and own_words(said.rest)) or not _lacks_subject(said):
        return None
    return _asked(said, said.rest)


def _asked(said: _Said, asks: str) -> Standalone | None:
    """`asks` of the subject before; that of the whole question before where `asks` is a bare ที่ไหน or กี่บาท."""
    about = _with_circumstances(said)
    words = [
        token for token in tokens(asks) if token.own or token.named or askwords.side(token.word) or askwords.verb(token.word)
    ]
    if not words and said.before.carried:
        about = split(said.before.text)[0] or about
    if not about:
        return None
    return Standalone(_joined(about, asks), about, asks, carried=True)


def _joined(about: str, asks: str) -> str:
    """The subject and what is asked of it, in the order of the language."""
    words = [token.word for token in tokens(asks)]
    if asks.isascii() and words:
        linked = " of " if askwords.side(words[-1]) else ": "
        return f"{asks}{linked}{about}?" if linked == " of " else f"{about}: {asks}?"
    head = next(iter(words), "")
    if askwords.body(head) and any(token.word == head for token in tokens(about)):
        return f"{about} {asks[len(head) :].strip()}"
    return f"{about} {asks}"


def _lacks_subject(said: _Said) -> bool:
    own = own_words(said.rest)
    if not own:
        return True
    if _stands_alone(said):
        return False
    if said.led or _begins_with_asking(said.rest):
        return said.led or len(own) < 2 or _known(own, said)
    return _known(own, said)


def _stands_alone(said: _Said) -> bool:
    """Whether the question names a body or project and which, or a place and something in it."""
    words = [token for token in tokens(said.rest) if token.word.strip()]
    own = {token.word for token in words if token.own}
    subject = set(own_words(said.before.subject))
    placed = any(one.sort == "place" for one in circumstances(said.rest))
    if (
        (own and (placed or (said.trailed and asks_anything(said.rest))))
        or _PERSON.search(said.rest)
        or (subject and subject <= own)
    ):
        return True
    earlier = {token.word for token in tokens(said.before.text)}
    which = any(askwords.body(one.word) and (two.own or two.named) for one, two in pairwise(words) if one.own)
    return which and not own <= earlier


def _begins_with_asking(text: str) -> bool:
    first = next((token.word for token in tokens(text) if token.word.strip()), "")
    return askwords.asks(first) or askwords.verb(first)


def _known(own: Sequence[str], said: _Said) -> bool:
    """Whether at least half of the question's own words were in the question before or in its answer."""
    earlier = {token.word for token in tokens(said.before.text)} | set(thai.terms(said.answer))
    return 2 * sum(word in earlier for word in own) >= len(own)


_Rule = Callable[[_Said], Standalone | None]
_RULES: tuple[_Rule, ...] = (_item, _more, _newest, _circumstance, _named_alone, _referring, _dropped)
