"""Whether a text speaks of what a question names, and holds the kind of thing that it asks for."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from assistant.rates import told
from assistant.types import Concept, Query, Wanted
from vectorstore import thai
from vectorstore.dates import dates, years

_SHORT = 4
"""Forms below this many characters are matched as words, longer ones anywhere: สมาคม ends in คม."""

_FIGURE = re.compile("[0-9][0-9,.]*|(?:หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ยี่สิบ|ร้อย|พัน|หมื่น|แสน|ล้าน)")
_MONEY = re.compile("[0-9][0-9,.]* *(?:ล้าน|แสน|หมื่น|พัน)? *(?:บาท|ลบ\\.)|[0-9]{1,3}(?:,[0-9]{3})+")
_PERSON = re.compile(
    "(?:นาย|นาง|นางสาว|น\\.ส\\.|คุณ|ดร\\.|ผศ\\.|รศ\\.|ศ\\.|พล\\.|พ\\.ต\\.|พระ|กำนัน|ผู้ใหญ่|ประธาน|เลขา|ผู้อำนวยการ|รายงาน *:)"
)
_VENUE = re.compile("ณ |ที่ทำการ|ห้อง|โรงแรม|ศาลา|หอประชุม|วัด|โรงเรียน|สถานี|มหาวิทยาลัย|ศูนย์|อาคาร")
_PLACE = re.compile(
    "(?:ณ |ที่ทำการ|ห้อง|โรงแรม|ศาลา|จังหวัด|อำเภอ|ตำบล|จ\\.|อ\\.|ต\\.|บ้าน|หมู่|วัด|โรงเรียน|สถานี|มหาวิทยาลัย|เขต|สำนักงาน)"
)
_RESOLUTION = re.compile("มติ|เห็นชอบ|อนุมัติ|มอบหมาย|รับทราบ|ให้.{0,40}ดำเนินการ")
_DAY = re.compile("วัน|what day|what date|which day", re.IGNORECASE)
_FOR_EACH, _WITHOUT = 1.15, 0.4
"""What a sum or a number is worth that is said to be for the unit that is asked, which few are, and one that is not.

A list or table that says so somewhere has other values besides, and gains nothing.
"""
_ASKED_UNIT = re.compile("กี่ *([ก-๎]{2,20})")


class Text:
    """A text prepared for looking things up in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded = thai.fold(text)
        self._terms = set(thai.terms(text))
        self._years: set[int] | None = None
        self._held: dict[str, bool] = {}

    def holds(self, concept: Concept) -> bool:
        """Whether one of the concept's forms, or one of its years, stands here."""
        if concept.name not in self._held:
            self._held[concept.name] = self._names_year(concept) or any(map(self._has, concept.alternatives))
        return self._held[concept.name]

    def _names_year(self, concept: Concept) -> bool:
        if not concept.years:
            return False
        if self._years is None:
            self._years = {year.value for year in years(self.text)}
        return not self._years.isdisjoint(concept.years)

    def _has(self, form: str) -> bool:
        folded, words = _looked_for(form)
        return folded in self._folded if folded else bool(words) and self._terms.issuperset(words)


@lru_cache(4096)
def _looked_for(form: str) -> tuple[str, tuple[str, ...]]:
    """A form as it is found anywhere in a folded text; or, of a short one, '' and its words.

    A form is looked for in some hundred pieces for each answer: what it looks like is kept.
    """
    folded = thai.fold(form)
    return ("", tuple(thai.terms(form))) if len(folded) < _SHORT or folded.isdigit() else (folded, ())


def coverage(concepts: Sequence[Concept], rarity: Mapping[str, float], tiers: Sequence[tuple[Text, float]]) -> float:
    """The share (0 to 1) of what is asked that a piece speaks of, rare things counting more.

    Args:
        concepts: what the question names.
        rarity: how much each counts, by name.
        tiers: the piece itself and what stands around it, the nearest first, each with what a mention there is worth.
    """
    total = sum(concept.weight * rarity[concept.name] for concept in concepts)
    found = sum(
        next((worth for text, worth in tiers if text.holds(concept)), 0.0) * concept.weight * rarity[concept.name]
        for concept in concepts
    )
    return found / total if total else 0.0


def answers_kind(query: Query, text: str, kind: Wanted, above: str = "") -> float:
    """How surely (0 to 1) `text` holds the `kind` of thing that `query` asks for; 1 where it is nothing particular.

    Where a value for a unit is asked, one that is said to be for it counts a little more than 1, another less.
    `above` is what stands above it: a value may be for the unit that is asked because its column is so named.
    """
    text = thai.arabic_digits(text)
    sure = _holds(query, text, kind)
    if query.per and kind in ("money", "amount"):
        said = told(query.per, text, above)
        return sure * (_WITHOUT if not said else 1.0 if "\n" in text else _FOR_EACH)
    return sure


def _holds(query: Query, text: str, kind: Wanted) -> float:
    match kind:
        case "money":
            return 1.0 if _MONEY.search(text) else 0.0
        case "amount":
            return _amount(query, text)
        case "when":
            return 1.0 if dates(text) else 0.4 if _DAY.search(query.text) else 0.8 if years(text) else 0.0
        case "who":
            return 1.0 if _PERSON.search(text) else 0.3
        case "where":
            return 1.0 if _VENUE.search(text) else 0.7 if _PLACE.search(text) else 0.2
        case "resolution":
            return 1.0 if re.match(" *มติ", text) else 0.7 if _RESOLUTION.search(text) else 0.2
        case "list":
            return 1.0 if text.count("\n") > 1 or len(re.findall(r"\([0-9]\)|[0-9]\)|,| และ", text)) > 1 else 0.5
        case _:
            return 1.0


def _amount(query: Query, text: str) -> float:
    if not _FIGURE.search(text):
        return 0.0
    asked = [thai.words(match[1])[0] for match in _ASKED_UNIT.finditer(query.text)]
    if not asked:
        return 1.0
    with_unit = sum(bool(re.search(f"(?:{_FIGURE.pattern}) *{re.escape(unit)}", text)) for unit in asked)
    return 0.5 + 0.5 * with_unit / len(asked)
