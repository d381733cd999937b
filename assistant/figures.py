"""The figures that a text states, as values: numbers in digits and words, amounts, days, months and years of both eras."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from assistant.plain import readable
from vectorstore import thai
from vectorstore.dates import dates, days, gregorian, years

_POWERS = {"สิบ": 10, "ร้อย": 100, "พัน": 1000, "หมื่น": 10_000, "แสน": 100_000, "ล้าน": 1_000_000}
_ONES = {
    **{word: n for n, word in enumerate(["ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"])},
    **{"เอ็ด": 1, "ยี่": 2},
}
_WORDED = re.compile(f"(?:{'|'.join([*_ONES, *_POWERS])})+")
_PIECE = re.compile("|".join([*_ONES, *_POWERS]))
_NO_NUMBER = ("ร้อยเอ็ด", "ศูนย์")
"""A province and a house."""
_BELOW_TWENTY = re.findall(
    "[a-z]+",
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
)
"""Without one, which is an article more often."""
_TENS = re.findall("[a-z]+", "twenty thirty forty fifty sixty seventy eighty ninety")
_ENGLISH = {word: n for n, word in enumerate(_BELOW_TWENTY, 2)} | {word: n * 10 for n, word in enumerate(_TENS, 2)}
_ENGLISH_WORDS = re.compile(f"(?<![a-z])({'|'.join(_ENGLISH)})(?:[- ]({'|'.join(_BELOW_TWENTY[:8])}|one))?(?![a-z])")
_TIMES = {**_POWERS, "hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_TIMES_WORDS = re.compile(" *((?:หมื่น|แสน|พัน|ร้อย|สิบ)?ล้าน(?:ล้าน)?|แสน|หมื่น|พัน(?!ธ)|ร้อย(?!ละ)|hundred|thousand|million|billion)")
_DIGITS = re.compile("[0-9]+(?:[.:,][0-9]+)*")
_NAMED = re.compile("0[0-9]")
_NUMBERED = re.compile("(?<![0-9/.-])([0-9]{1,3}) ?/ ?((?:25|20)?[0-9]{2})(?![0-9/.-])")
_CLOCK = re.compile("([0-9]{1,2}):([0-9]{2})")
_DAY = re.compile("(?:วันที่|ถึง|และ|[-–]) *$")
"""Before the day of a date whose month is not said again."""
_PERCENT = re.compile("(?:ร้อยละ|percent of) *$")
_UNIT = re.compile(r"[ \"”]*([%ก-๎a-z]+)")
_LINKS = frozenset(
    re.findall("[^ ]+", "และ หรือ ที่ ใน ของ ได้ มี เป็น ให้ จาก โดย กับ ณ ถึง แล้ว ก็ จะ ซึ่ง ว่า เพื่อ and or of in to the for by at on with")
)
_KINDS = {
    word: kind
    for kind, words in {
        "money": "บาท baht",
        "people": "คน ราย ท่าน people persons person members participants",
        "homes": "ครัวเรือน ครอบครัว หลังคาเรือน households families",
        "share": "% เปอร์เซ็นต์ percent",
        "land": "ไร่ งาน ตารางวา rai",
        "length": "กิโลเมตร เมตร กม km metres",
        "time": "วัน เดือน ปี ชั่วโมง นาที สัปดาห์ น days months years hours minutes weeks",
    }.items()
    for word in words.split()
}
_OF_DATE = "<date>"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: what it is, its value, how it is written and what it counts ('' where nothing shows).

    `kind` is "date" (YYYY-MM-DD or YYYY-MM), "numbered" ((2, 2023) of 2/2566), "year" (Gregorian), "years" ((first, last)),
    "day" ((month, day)), "month" (1 to 12) or "number".
    """

    kind: str
    value: object
    said: str
    unit: str = ""


@dataclass(slots=True)
class _Reading:
    text: str
    taken: set[int] = field(default_factory=set)
    found: list[Figure] = field(default_factory=list)

    def take(self, start: int, end: int, kind: str, *values: object) -> None:
        said = self.text[start:end]
        self.found += [Figure(kind, value, said) for value in values]
        self.taken.update(range(start, end))


def figures(text: str) -> list[Figure]:
    """The figures of `text`: each part of it is one figure at the most, a date before a year before a number."""
    return _read(readable(text)).found


def is_number(word: str) -> bool:
    """Whether a word is a number, in digits or in words."""
    return word[:1].isdigit() or bool(_WORDED.fullmatch(word))


def missing(said: str, quoted: str) -> list[str]:
    """The figures of `said`, as written there, that do not stand in `quoted`: the value must, and not of another thing."""
    held = _held(quoted)
    return [figure.said for figure in figures(said) if not _is_held(figure, held)]


def _read(text: str) -> _Reading:
    reading = _Reading(text)
    for day in dates(text):
        reading.take(day.start, day.end, "date", *filter(None, (day.first, day.last)))
    for match in _NUMBERED.finditer(text):
        if match.start() not in reading.taken:
            reading.take(*match.span(), "numbered", (int(match[1]), gregorian(int(match[2]))))
    for (start, end), some in groupby(years(text), key=lambda year: (year.start, year.end)):
        if start not in reading.taken:
            first, *_, last = [year.value for year in some for _ in range(2)]
            reading.take(start, end, *(("year", first) if first == last else ("years", (first, last))))
    for start, end, month, day_of_month in days(text):
        if start not in reading.taken:
            kind, value = ("day", (month, day_of_month)) if day_of_month else ("month", month)
            reading.take(start, end, kind, value)
    for start, end, number in [*_in_digits(text), *_in_words(text)]:
        if start not in reading.taken:
            reading.taken.update(range(start, end))
            reading.found.append(Figure("number", number, text[start:end], _unit(text, start, end)))
    return reading


def _in_digits(text: str) -> Iterator[tuple[int, int, Decimal | str]]:
    low = text.lower()
    for match in _DIGITS.finditer(low):
        start = match.start()
        for part in match[0].split(","):
            end = start + len(part)
            times = _TIMES_WORDS.match(low, end) if end == match.end() else None
            factor = _times(times[1]) if times else 1
            yield start, times.end() if times else end, _number(part, factor)
            start = end + 1


def _number(part: str, factor: int) -> Decimal | str:
    """10:30 and 10.30 are one; 1.1.2 and 007 are names."""
    part = _CLOCK.sub(r"\1.\2", part)
    named = part.count(".") > 1 or ":" in part or _NAMED.match(part)
    return part if named else Decimal(part) * factor


def _times(word: str) -> int:
    factor = 1
    for piece in re.findall("|".join(_TIMES), word):
        factor *= _TIMES[piece]
    return factor


def _in_words(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """Numbers in Thai words that are words by themselves (สามารถ is none), and in English ones."""
    at, start, run = 0, 0, ""
    for word in [*thai.words(text), ""]:
        if _WORDED.fullmatch(word) and word not in _NO_NUMBER and not text.startswith("ละ", at + len(word)):
            start, run = (start, run + word) if run else (at, word)
        elif run:
            yield start, start + len(run), _value(run)
            run = ""
        at += len(word)
    for match in _ENGLISH_WORDS.finditer(text.lower()):
        yield match.start(), match.end(), Decimal(_ENGLISH[match[1]] + (_ENGLISH.get(match[2], 1) if match[2] else 0))


def _value(run: str) -> Decimal:
    total, one = 0, 0
    for piece in _PIECE.findall(run):
        if piece in _ONES:
            one = _ONES[piece]
        elif piece == "ล้าน":
            total, one = (total + one or 1) * 1_000_000, 0
        else:
            total, one = total + (one or 1) * _POWERS[piece], 0
    return Decimal(total + one)


def _unit(text: str, start: int, end: int) -> str:
    """What a figure counts: the word after it, where that is no link between words."""
    if _DAY.search(text, max(0, start - 12), start):
        return _OF_DATE
    if _PERCENT.search(text.lower(), max(0, start - 12), start):
        return "%"
    after = _UNIT.match(text.lower(), end)
    word = thai.words(after[1])[0] if after else ""
    return "" if word in _LINKS else word


@dataclass(frozen=True, slots=True)
class _Held:
    """What a quote states: values by kind, and what its numbers count, by number, those in digits and those in words."""

    values: frozenset[tuple[str, object]]
    units: dict[object, set[str]]
    worded: dict[object, set[str]]
    counted: frozenset[str]


@lru_cache(256)
def _held(quoted: str) -> _Held:
    text = readable(quoted)
    reading = _read(text)
    values: set[tuple[str, object]] = set()
    units: dict[object, set[str]] = {}
    worded: dict[object, set[str]] = {}
    for figure in reading.found:
        values |= {(figure.kind, figure.value), *_parts(figure)}
        if figure.kind == "numbered" and isinstance(figure.value, tuple):
            units.setdefault(Decimal(figure.value[0]), set()).add("")
        if figure.kind == "number":
            (units if figure.said[0].isdigit() else worded).setdefault(figure.value, set()).add(figure.unit)
    for start, _, number in _in_digits(text):
        if start in reading.taken:
            units.setdefault(number, set()).add(_OF_DATE) if number not in units else None
    for match in _WORDED.finditer(text):
        if text[: match.start()].rstrip(" ")[-1:].isdigit():
            continue
        worded.setdefault(_value(match[0]), set()).add(_unit(text, match.start(), match.end()))
    return _Held(frozenset(values), units, worded, frozenset(unit for some in units.values() for unit in some))


def _parts(figure: Figure) -> Iterator[tuple[str, object]]:
    """What a date says besides itself: its month, its year, its day without the year."""
    if figure.kind == "date":
        year, month, *day = (int(part) for part in str(figure.value).split("-"))
        yield from (("date", str(figure.value)[:7]), ("year", year), ("month", month))
        yield from (("day", (month, number)) for number in day)
    if isinstance(figure.value, tuple):
        one, other = figure.value
        yield from {
            "day": [("month", one)],
            "years": [("year", one), ("year", other)],
            "numbered": [("year", other)],
        }[figure.kind]


def _is_held(figure: Figure, held: _Held) -> bool:
    if figure.kind != "number":
        same_digits = figure.said.isdigit() and Decimal(figure.said) in held.units
        return (figure.kind, figure.value) in held.values or same_digits
    worded = held.worded.get(figure.value, set())
    in_words = figure.unit in worded if figure.said[0].isdigit() and figure.unit else worded and not figure.said[0].isdigit()
    return bool(in_words) or _is_counted(figure, held, held.units.get(figure.value, set()))


def _is_counted(figure: Figure, held: _Held, units: set[str]) -> bool:
    """Whether a number that counts `units` in the quote may count what it counts in the statement."""
    if not units:
        return False
    if figure.unit in units or not (figure.unit or units == {_OF_DATE}):
        return True
    kind, others = _KINDS.get(figure.unit), {_KINDS.get(unit) for unit in units - {_OF_DATE}}
    return bool(others) and figure.unit not in held.counted and (not kind or None in others or kind in others)
