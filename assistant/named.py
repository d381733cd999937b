"""What a question names, as concepts to search and answer by, and what its parts were taken to mean."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from assistant.types import Concept, Language, Reading
from vectorstore import glossary, places, spelling, thai
from vectorstore.abbreviations import abbreviations
from vectorstore.dates import Year, dates, fiscal_year, month_forms, relative, years
from vectorstore.places import Mention

_MEETING = re.compile("(?:ครั้งที่|no\\.?|number) *([0-9]+(?: */ *[0-9]{2,4})?)", re.IGNORECASE)
_CUT = re.compile("([ก-๎]{5,})ฯ")
_LATIN_NAME = re.compile("[A-Z][a-z]{2}")
_COUNTED = {word: str(n) for n, word in enumerate(["หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า", "สิบ"], start=1)}
_NUMBER_OF = re.compile("^(?:เบอร์|หมายเลข)(?=โทร)")
_ASKING_WHEN = "(?:วัน(?:ที่)?|เดือน|ปี|ช่วง|เมื่อ)(?:เท่า)?(?:ไหน|ใด|ไร|ไหร่|อะไร)"
_ASKING = re.compile(
    f"ตั้งแต่ *{_ASKING_WHEN}(?: *(?:จน)?ถึง *{_ASKING_WHEN})?"
    "|(?<![a-z])how (?:many|long|often|far|old|big|large|much(?:(?P<of> [a-z]+)? money)?)(?![a-z])",
    re.IGNORECASE,
)
"""What asks, and whose words would be taken for others: จัดตั้งแต่วันไหน is not about what was จัดตั้ง."""
_YEAR_SAID = re.compile(
    "(?<![a-z])(?:(?:the|buddhist|christian|calendar|fiscal|budget|financial) *)*(?:years?|era) *$|FY$", re.IGNORECASE
)
_WHICH = frozenset(["ล่าสุด", "latest", "recently"])
"""Words that say which of several reports is meant, and not what it speaks of."""
_UNKNOWN = 0.3
"""Weight of an English word without a Thai form: it can stand in few reports, whatever it means."""
_BEFORE_FISCAL = (10, 11, 12)
"""Months of a budget year that lie in the calendar year before it."""

_ANY_DAY = date(2000, 1, 1)

Allowed = Callable[[str, str], bool]
"""Whether a kind of reading of a part of the question is wanted: (kind, the part as it is written)."""


@dataclass(frozen=True, slots=True)
class Named:
    """The concepts of a text, in the order of what tells most, and the readings behind them."""

    concepts: tuple[Concept, ...]
    readings: tuple[Reading, ...]


def allowed(without: Collection[str]) -> Allowed:
    """Every reading but those whose kind (spelling) or id (spelling:สุพรรน) is among `without`."""
    return lambda kind, said: kind not in without and f"{kind}:{said}" not in without


def named(text: str, language: Language, today: date, may: Allowed, known: Collection[str] = ()) -> Named:
    """What `text` names.

    Args:
        text: a question, normalised, on one line.
        language: of the question.
        today: the day from which ปีที่แล้ว is counted.
        may: which readings are wanted.
        known: words that the archive has, which are right however they are spelt.
    """
    mended = [mend for mend in spelling.mend(text, known) if may("spelling", mend.said)]
    right = _replaced(text, mended)
    timed, timings = _times(right, today, may)
    placed, spots, rest = _places(right, may)
    found = [*timed, *_meetings(right), *placed]
    words, meanings = _terms(rest, language, may)
    unique = {concept.name: concept for concept in reversed([*found, *words])}
    concepts = [concept for concept in [*found, *words] if unique[concept.name] is concept]
    spellings = [Reading(kind="spelling", said=mend.said, forms=(mend.form,)) for mend in mended]
    return Named(tuple(_with_originals(concept, mended) for concept in concepts), (*timings, *spots, *spellings, *meanings))


def _replaced(text: str, mended: list[spelling.Mended]) -> str:
    for mend in reversed(mended):
        text = text[: mend.start] + mend.form + text[mend.end :]
    return text


def _with_originals(concept: Concept, mended: list[spelling.Mended]) -> Concept:
    """The concept with what was written beside what it was mended to: an archive may have the same mistake."""
    written = [mend.said for mend in mended if concept.name in mend.form or mend.form in concept.alternatives]
    return replace(concept, alternatives=(*concept.alternatives, *written)) if written else concept


def _times(text: str, today: date, may: Allowed) -> tuple[list[Concept], list[Reading]]:
    """One concept for all the years, with a reading for each place where one is named."""
    spans: dict[tuple[int, int], list[Year]] = {}
    for year in years(text):
        spans.setdefault((year.start, year.end), []).append(year)
    readings = [_year_reading(text, some) for some in spans.values()]
    readings = [reading for reading in readings if may("year", reading.said)]
    months: list[Concept] = []
    if not spans:
        # Beside a year that is named, ปีก่อน is the one before that.
        for period in relative(text, today):
            said = text[period.start : period.end]
            if may("year", said):
                of = {"years": (period.value,), "first": period.first, "last": period.last}
                readings.append(Reading(kind="year", said=said, fiscal=period.unit == "fiscal year", **of))  # type: ignore[arg-type]
                if period.unit == "month":
                    forms = month_forms(period.value, int(period.first[5:7]))
                    months.append(Concept(name=forms[0], alternatives=forms))
    wanted = tuple(dict.fromkeys(value for reading in readings for value in reading.years))
    concepts = [_year_concept(wanted, [r for r in readings if r.fiscal])] if wanted else []
    days = [
        Reading(kind="date", said=text[day.start : day.end], first=day.first, last=day.last or day.first)
        for day in dates(text)
        if may("date", text[day.start : day.end])
    ]
    return concepts + months, readings + days


def _year_reading(text: str, some: list[Year]) -> Reading:
    start = some[0].start
    cue = re.search("(?:ประจำ)?(?:ปีงบประมาณ|ปีงบ|งบประมาณปี|ปี|พ\\.ศ\\.|ค\\.ศ\\.|FY)? *$", text[max(0, start - 14) : start])
    begin = start - len(cue[0]) if cue else start
    first, last = some[0].value, some[-1].value
    days = (fiscal_year(first)[0], fiscal_year(last)[1]) if some[0].fiscal else (f"{first:04d}-01-01", f"{last:04d}-12-31")
    return Reading(
        kind="year",
        said=text[begin : some[0].end].strip(),
        first=days[0],
        last=days[1],
        years=tuple(year.value for year in some),
        fiscal=some[0].fiscal,
    )


def _year_concept(wanted: tuple[int, ...], fiscal: list[Reading]) -> Concept:
    """The years asked for; of a budget year, the months before its January are other forms of it."""
    before = [form for reading in fiscal for month in _BEFORE_FISCAL for form in month_forms(reading.years[0] - 1, month)]
    name = " ".join(f"ปี {year + 543}" for year in wanted)
    return Concept(name=name, alternatives=tuple(dict.fromkeys(before)), weight=0.5, required=True, years=wanted)


def _meetings(text: str) -> Iterator[Concept]:
    for match in _MEETING.finditer(thai.arabic_digits(text)):
        yield Concept(name=f"ครั้งที่ {match[1]}", alternatives=(match[1].replace(" ", ""),), required=True)


def _places(text: str, may: Allowed) -> tuple[list[Concept], list[Reading], str]:
    """Concepts and readings of the places, and the text with those that are known blanked out.

    A province is required wherever it is named, a smaller place where it is called a district or subdistrict; another Thai
    name stays with the words, which are as good.
    """
    mentions = places.mentions(text) if _has_thai(text) else []
    mentions += places.latin_mentions(text) if _LATIN_NAME.search(text) or not mentions else []
    mentions = [mention for mention in mentions if may("place", mention.said)]
    told = [mention for mention in mentions if mention.marked or mention.level == "province" or mention.said.isascii()]
    concepts = [_place_concept(mention) for mention in told]
    for mention in told:
        if mention.marked and (province := _capital_of(mention)):
            concepts.append(Concept(name=province, alternatives=places.province_forms(province), required=True))
    for match in _CUT.finditer(text):
        for name in thai.provinces():
            if may("place", match[0]) and _is_cut(match[1], name):
                concepts.append(Concept(name=name, alternatives=places.province_forms(name), required=True))
    readings = [Reading(kind="place", said=mention.said, places=mention.places) for mention in mentions if mention.places]
    for mention in told:
        if mention.places:
            text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return concepts, readings, text


def _has_thai(text: str) -> bool:
    return any("ก" <= char <= "๎" for char in text)


def _place_concept(mention: Mention) -> Concept:
    if not mention.places:
        return Concept(name=mention.names[-1], alternatives=mention.names, required=True)
    place = mention.places[0]
    latin = (mention.said,) if mention.said.isascii() else ()
    forms = dict.fromkeys(form for place in mention.places for form in places.forms(place))
    name = mention.said if latin else place.name
    return Concept(
        name=name, alternatives=tuple(dict.fromkeys([*forms, *latin])), required=mention.marked or place.level == "province"
    )


def _capital_of(mention: Mention) -> str:
    """The province of อำเภอเมืองตรัง, which no other place is called."""
    place = mention.places[0] if len(mention.places) == 1 else None
    return place.province if place and place.level == "district" and place.name == f"เมือง{place.province}" else ""


def _is_cut(run: str, province: str) -> bool:
    """Whether `run`, which ฯ follows, ends with the beginning of the province's name: โครงการนครศรีฯ."""
    return any(run.endswith(province[:size]) for size in range(5, len(province)))


def _terms(text: str, language: Language, may: Allowed) -> tuple[list[Concept], list[Reading]]:
    spans = [(year.start, year.end) for year in years(text)] or [(one.start, one.end) for one in relative(text, _ANY_DAY)]
    for start, end in reversed(spans):
        said = _YEAR_SAID.search(text, 0, start)
        begin = said.start() if said else start
        text = text[:begin] + " " * (end - begin) + text[end:]
    text = _ASKING.sub(lambda found: found["of"] or " ", text)
    return _thai_terms(text, may) if language == "th" else _english_terms(text, may)


def _thai_terms(text: str, may: Allowed) -> tuple[list[Concept], list[Reading]]:
    short = {found.said: found.forms for found in abbreviations(text) if may("abbreviation", found.said)}
    forms = {form: others for form, others in glossary.other_forms(text).items() if may("abbreviation", form)}
    forms = {form: others for form, others in forms.items() if not any(form in said for said in short)} | {
        said: tuple(form for form in some if form != said) for said, some in short.items()
    }
    concepts = [Concept(name=form, alternatives=(form, *others)) for form, others in forms.items()]
    readings = [Reading(kind="abbreviation", said=form, forms=others) for form, others in forms.items()]
    for form in forms:
        text = text.replace(form, " ")
    content = [word for word in dict.fromkeys(thai.terms(text)) if word not in thai.stopwords() and word not in _WHICH]
    return concepts + [_term(word) for word in content if len(word) > 1 or word.isdigit()], readings


def _term(word: str) -> Concept:
    """A figure counts half: it is written in many ways, and is seldom what a question is about.

    The number of a telephone stands in reports beside the telephone alone: โทรศัพท์ 0-5312-3456.
    """
    figure, numbered = _COUNTED.get(word, word), _NUMBER_OF.sub("", word)
    return Concept(
        name=word, alternatives=tuple(dict.fromkeys((word, figure, numbered))), weight=0.5 if figure.isdigit() else 1.0
    )


def _english_terms(text: str, may: Allowed) -> tuple[list[Concept], list[Reading]]:
    concepts: list[Concept] = []
    readings: list[Reading] = []
    for term, forms in glossary.thai_for(text):
        if term.lower() in thai.stopwords() or term.lower() in _WHICH or (len(term) < 2 and not term.isdigit()):
            continue
        term = term.removesuffix("'s").removesuffix("’s")
        forms = forms if may("translation", term) else ()
        known = bool(forms) or any(char.isdigit() for char in term)
        written = dict.fromkeys([*forms, term, term.replace(",", "")])
        concepts.append(Concept(name=term, alternatives=tuple(written), weight=1.0 if known else _UNKNOWN))
        if forms:
            readings.append(Reading(kind="translation", said=term, forms=forms))
    return concepts, readings
