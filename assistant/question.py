"""A question understood: what stands alone, which language, what it names, what kind of thing would answer it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.errors import QuestionEmpty, QuestionTooLong
from assistant.types import Concept, Language, Query, Turn, Wanted
from vectorstore import glossary, thai
from vectorstore.dates import years
from vectorstore.types import Filter

MAX_CHARACTERS = 2000
"""Longest question, in characters; the longest in practice are a few hundred."""

_THAI = re.compile("[ก-๎]")


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_WANTED: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    ("resolution", _any_of("มีมติ", "มติ.{0,20}(?:ว่า|อะไร|อย่างไร)", "ลงมติ", "resol(?:ve|ution)", "decide")),
    (
        "when",
        _any_of(
            "เมื่อ(?:ไร|ไหร่|ใด)",
            "(?:วัน|เดือน|ปี|ช่วง|ช่วงปี)(?:ไหน|ใด|อะไร)",
            "วันที่(?:เท่าไร|เท่าไหร่|อะไร|ไหน)",
            "กี่โมง",
            "when",
            "(?:what|which) (?:date|day|month|year)",
        ),
    ),
    (
        "money",
        _any_of(
            "กี่(?:ล้าน|แสน|หมื่น|พัน)?บาท",
            "(?:งบ|เงิน|ทุน|ราคา|มูลค่า|สมทบ|ค่า).{0,60}(?:เท่าไร|เท่าไหร่|เท่าใด)",
            "how much (?:money|fund|budget|did|was|were|does|is)",
            "what (?:was|is) the (?:budget|cost|price|amount)",
            "how many (?:million )?baht",
        ),
    ),
    (
        "amount",
        _any_of("กี่", "เท่าไร", "เท่าไหร่", "เท่าใด", "how (?:many|much|long)", "what (?:share|percentage|proportion)", "number of"),
    ),
    ("who", _any_of("ใคร", "ผู้ใด", "ท่านใด", "คนไหน", "ชื่ออะไร", "(?<![a-z])(?:who|whom|whose)(?![a-z])")),
    (
        "where",
        _any_of(
            "ที่ไหน", "ที่ใด", "(?:จังหวัด|อำเภอ|ตำบล)(?:ไหน|ใด)", "where", "which (?:province|district|subdistrict|tambon|village)"
        ),
    ),
    ("list", _any_of("อะไรบ้าง", "ใดบ้าง", "ไหนบ้าง", "รายชื่อ", "ได้แก่", "list ", "what are", "which are")),
)
"""In the order of what they tell: a question of a resolution may ask for a sum besides."""
_PERSONAL = _any_of(
    "(?:เบอร์|หมายเลข)(?:โทร|มือถือ|ติดต่อ)",
    "เบอร์.{0,12}(?:ของ|คุณ|นาย|นาง)",
    "ขอเบอร์",
    "เลข(?:บัตร|ประจำตัว)ประชาชน",
    "(?:เลข|เลขที่|หมายเลข)บัญชี",
    "บ้านเลขที่",
    "ที่อยู่(?:บ้าน|ส่วนตัว)?ของ",
    "ไลน์ไอดี",
    "(?:phone|mobile|telephone|id|identity|bank account) (?:number|card)",
    "home address",
    "e-?mail address of",
    "ติดต่อ.{0,60}(?:ยังไง|อย่างไร|ได้ไง|เบอร์|ทางไหน)",
    "(?:ขอ|บอก|มี)(?:อีเมล|ไลน์)",
)
_DEPENDENT = _any_of(
    "^(?:แล้ว|ส่วน|และ|งั้น|ถ้างั้น|and |what about|how about|then )",
    "นั้น|ดังกล่าว|เหล่านั้น|เขา|ล่ะ|อันแรก|อันนี้|ข้อแรก|ที่ว่า",
    "(?<![a-z])(?:it|its|they|their|there|that|those|these|he|she|his|her)(?![a-z])",
)
_MEETING = re.compile("(?:ครั้งที่|no\\.?|number) *([0-9]+(?: */ *[0-9]{2,4})?)", re.IGNORECASE)
_PLACE = re.compile(
    "(?:ตำบล|(?<![ก-๎])ต\\.|อำเภอ|(?<![ก-๎])อ\\.) *"
    "(?!ไหน|ใด|อะไร|ไร|กี่|เดียว|ละ|ที่|ใน|ของ|และ|มี|ต่าง|เป็น|จะ|ได้|ให้|นั้น|นี้|ตัวอย่าง|ต้นแบบ|นึง|หนึ่ง|หลัก|เป้าหมาย|อื่น|ทั้ง|ใกล้|เดิม|เดียวกัน)([ก-๎]{3,30})"
)
_GENERIC = frozenset(
    "บ้าน เมือง หนอง คลอง บาง ดอน โนน นา ห้วย ท่า วัง ป่า เขา โคก แม่ เกาะ ทุ่ง ปาก ควน สระ ศรี ชุมชน".split()  # noqa: SIM905
)
"""Words that hundreds of names begin with."""
_CUT = re.compile("([ก-๎]{5,})ฯ")
_BANGKOK = re.compile("กรุงเทพ|กทม")
_COUNTED = {word: str(n) for n, word in enumerate(["หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า", "สิบ"], start=1)}
_UNKNOWN = 0.3
"""Weight of an English word without a Thai form: it can stand in few reports, whatever it means."""
_FEW = 3
"""A follow-up with at most so many content words leans on the question before it."""


def understand(text: str, history: Sequence[Turn] = (), wanted: Filter | None = None) -> Query:
    """What `text` asks after `history` (oldest first), searched only in what `wanted` admits.

    Raises:
        QuestionEmpty: nothing but spaces and invisible characters.
        QuestionTooLong: more than `MAX_CHARACTERS`.
    """
    asked = " ".join(thai.normalise(text[: MAX_CHARACTERS * 2]).split())
    if not asked:
        raise QuestionEmpty("ยังไม่มีคำถาม พิมพ์สิ่งที่อยากรู้จากเอกสารในคลัง เช่น ที่ประชุมมีมติเรื่องงบประมาณว่าอย่างไร")
    if len(asked) > MAX_CHARACTERS:
        raise QuestionTooLong(f"คำถามยาวเกินไป (รับได้ไม่เกิน {MAX_CHARACTERS:,} ตัวอักษร) ย่อให้เหลือสิ่งที่อยากรู้จริง ๆ")
    before = _before(asked, history)
    language: Language = "th" if _THAI.search(asked) else "en"
    concepts = _concepts(asked, language)
    concepts += tuple(_carried(before, concepts))
    standalone = f"{before} {asked}" if before else asked
    return Query(
        asked=asked,
        text=standalone,
        language=language,
        wanted=_kinds(asked),
        concepts=concepts,
        extra=_extra(standalone, concepts),
        filter=wanted or Filter(),
    )


def asks_personal_data(query: Query) -> bool:
    """Whether somebody's telephone number, identity number, account or home address is asked for."""
    return bool(_PERSONAL.search(query.asked))


def _kinds(text: str) -> tuple[Wanted, ...]:
    """What is asked for, at most two things: who buys it, and for how much. A sum of money is an amount already."""
    found = [kind for kind, pattern in _WANTED if pattern.search(text)]
    if "money" in found and "amount" in found and len(re.findall("กี่|เท่าไร|เท่าไหร่|เท่าใด|how (?:much|many)", text)) < 2:
        found.remove("amount")
    return tuple(found[:2]) or ("text",)


def _before(asked: str, history: Sequence[Turn]) -> str:
    """The earlier question that `asked` leans on, if it does."""
    earlier = [" ".join(thai.normalise(turn.content[:MAX_CHARACTERS]).split()) for turn in history if turn.role == "user"]
    if not earlier or not earlier[-1]:
        return ""
    content = [word for word in thai.terms(asked) if word not in thai.stopwords()]
    return earlier[-1] if _DEPENDENT.search(asked) or len(content) <= _FEW else ""


def _carried(before: str, concepts: Sequence[Concept]) -> Iterator[Concept]:
    """What the earlier question named, at half its weight; its year, meeting or place not where the new one names another."""
    anew = {concept.name for concept in concepts} | {_sort(concept) for concept in concepts if concept.required}
    for old in _concepts(before, "th" if _THAI.search(before) else "en") if before else ():
        if old.name not in anew and not (old.required and _sort(old) in anew):
            yield replace(old, weight=old.weight / 2)


def _sort(concept: Concept) -> str:
    """Which sort of required thing a concept is."""
    return "<year>" if concept.years else "<meeting>" if concept.name.startswith("ครั้งที่ ") else "<place>"


def _concepts(text: str, language: Language) -> tuple[Concept, ...]:
    found = [_year_concept(text)] if years(text) else []
    found += [
        Concept(name=f"ครั้งที่ {match[1]}", alternatives=(match[1].replace(" ", ""),), required=True)
        for match in _MEETING.finditer(thai.arabic_digits(text))
    ]
    found += _places(text)
    found += _thai_terms(text) if language == "th" else _english_terms(text)
    unique = {concept.name: concept for concept in reversed(found)}
    return tuple(concept for concept in found if unique[concept.name] is concept)


def _year_concept(text: str) -> Concept:
    named = tuple(dict.fromkeys(year.value for year in years(text)))
    return Concept(name=" ".join(f"ปี {year + 543}" for year in named), alternatives=(), weight=0.5, required=True, years=named)


def _places(text: str) -> list[Concept]:
    found = [
        name for name in thai.provinces() if (len(name) >= 4 and name in text) or f"จังหวัด{name}" in text or f"จ.{name}" in text
    ]
    found += [name for match in _CUT.finditer(text) for name in thai.provinces() if _is_cut(match[1], name)]
    found += ["กรุงเทพมหานคร"] if _BANGKOK.search(text) else []
    places = [Concept(name=name, alternatives=_called(name), required=True) for name in dict.fromkeys(found)]
    for match in _PLACE.finditer(text):
        if names := _names(match[1]):
            places.append(Concept(name=names[-1], alternatives=names, required=True))
    return places


def _names(run: str) -> tuple[str, ...]:
    """The names that a run of letters after ตำบล may begin with, shortest first: Thai does not show where a name ends."""
    names, name = list[str](), ""
    for word in thai.words(run)[:4]:
        if name and word in thai.stopwords():
            break
        name += word
        if len(name) >= 3 and name not in _GENERIC:
            names.append(name)
    return tuple(names)


def _called(province: str) -> tuple[str, ...]:
    return (province, "กรุงเทพ", "กทม.") if province == "กรุงเทพมหานคร" else (province,)


def _is_cut(run: str, province: str) -> bool:
    """Whether `run`, which ฯ follows, ends with the beginning of the province's name: โครงการนครศรีฯ."""
    return any(run.endswith(province[:size]) for size in range(5, len(province)))


def _thai_terms(text: str) -> list[Concept]:
    forms = glossary.other_forms(text)
    concepts = [Concept(name=form, alternatives=(form, *others)) for form, others in forms.items()]
    for form in forms:
        text = text.replace(form, " ")
    for year in reversed(years(text)):
        text = text[: year.start] + " " * (year.end - year.start) + text[year.end :]
    content = [word for word in dict.fromkeys(thai.terms(text)) if word not in thai.stopwords()]
    return concepts + [_term(word) for word in content if len(word) > 1 or word.isdigit()]


def _term(word: str) -> Concept:
    """A figure counts half: it is written in many ways, and is seldom what a question is about."""
    figure = _COUNTED.get(word, word)
    return Concept(name=word, alternatives=tuple(dict.fromkeys((word, figure))), weight=0.5 if figure.isdigit() else 1.0)


def _english_terms(text: str) -> list[Concept]:
    concepts = []
    for term, forms in glossary.thai_for(text):
        if term.lower() in thai.stopwords() or (len(term) < 2 and not term.isdigit()):
            continue
        if years(f"ปี {term}") and term.isdigit() and len(term) == 4:
            continue
        term = term.removesuffix("'s").removesuffix("’s")
        known = bool(forms) or any(char.isdigit() for char in term)
        province = len(forms) == 1 and forms[0] in thai.provinces()
        forms = _called(forms[0]) if province else forms
        concepts.append(Concept(name=term, alternatives=(*forms, term), weight=1.0 if known else _UNKNOWN, required=province))
    return concepts


def _extra(text: str, concepts: Sequence[Concept]) -> tuple[str, ...]:
    """Words for the search that the question does not have itself: long forms, translations, years in both eras."""
    other = [form for concept in concepts for form in concept.alternatives[:3] if form not in text]
    eras = [str(era) for concept in concepts for year in concept.years for era in (year, year + 543)]
    return tuple(dict.fromkeys([*other, *(era for era in eras if era not in text)]))
