"""Years and dates in Thai and English text: both eras, Thai and Arabic digits, full and short months, ranges.

Years come out Gregorian. The Buddhist Era is 543 ahead; Thai writes it with two digits too (66 is 2566).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from vectorstore.thai import arabic_digits

_MONTHS: tuple[tuple[str, ...], ...] = (
    ("มกราคม", "มกรา", "ม.ค.", "January", "Jan"),
    ("กุมภาพันธ์", "กุมภา", "ก.พ.", "February", "Feb"),
    ("มีนาคม", "มีนา", "มี.ค.", "March", "Mar"),
    ("เมษายน", "เมษา", "เม.ย.", "April", "Apr"),
    ("พฤษภาคม", "พฤษภา", "พ.ค.", "May"),
    ("มิถุนายน", "มิถุนา", "มิ.ย.", "June", "Jun"),
    ("กรกฎาคม", "กรกฏาคม", "กรกฎา", "ก.ค.", "July", "Jul"),
    ("สิงหาคม", "สิงหา", "ส.ค.", "August", "Aug"),
    ("กันยายน", "กันยา", "ก.ย.", "September", "Sept", "Sep"),
    ("ตุลาคม", "ตุลา", "ต.ค.", "October", "Oct"),
    ("พฤศจิกายน", "พฤศจิกา", "พ.ย.", "November", "Nov"),
    ("ธันวาคม", "ธันวา", "ธ.ค.", "December", "Dec"),
)
_NUMBER = {name.replace(".", "").lower(): number for number, names in enumerate(_MONTHS, 1) for name in names}


def _month(name: str) -> str:
    """A short Thai month's dots may be missing or have spaces; a Latin name is no part of a longer word."""
    if name.isascii():
        return rf"(?<![A-Za-z]){name}\.?(?![a-z])"
    head, *rest = name.split(".")
    return rf"{head}\.? ?{rest[0]}\.?(?![ก-๎])" if rest else name


_FIRST = "".join(sorted({name[0] for name in _NUMBER}))
_M = f"(?=[{_FIRST}])(?:" + "|".join(_month(name) for names in _MONTHS for name in names) + ")"
"""A month. Its first letter is looked at before the 70 names are tried, for most letters are none of it."""

_D = r"(?<![\d.,/])\d{1,2}(?!\d|[.,]\d)"
_TO = r"(?: *(?:[-‐-―−~]|ถึงวันที่|ถึง|และวันที่|และ|และวัน|to|until|and) *(?:วันที่ *)?)"
_ERA = r"(?:(?:พ ?\. ?ศ ?\.?|พศ\.?|ค ?\. ?ศ ?\.?|คศ\.?|B\.?E\.?|A\.?D\.?|C\.?E\.?),? *)"
_Y4 = r"(?:(?:19|20|24|25|26)\d\d)"
_END = r"(?!\d|[,.]\d)"
_YEAR = rf"(?: *,? *(?:ปี *)?{_ERA}?({_Y4}|[4-9]\d){_END})"
_OF = r"(?:st|nd|rd|th)?,? *(?:เดือน *|of +)?"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"({_D}){_OF}({_M}){_YEAR}?{_TO}({_D}){_OF}({_M}){_YEAR}",
        rf"({_D})(?:{_TO}|, *)({_D}){_OF}({_M}){_YEAR}",
        rf"({_D}){_OF}({_M}){_YEAR}",
        rf"({_M}) +({_D})(?:{_TO}({_D}))?(?:st|nd|rd|th)?,? +({_Y4}){_END}",
        rf"({_M}){_YEAR}?{_TO}({_M}){_YEAR}",
        rf"({_M}){_YEAR}",
        rf"(?<![\d.,/-])(\d{{1,2}})([/.-])(\d{{1,2}})\2({_Y4}|[4-9]\d){_END}",
        rf"(?<![\d.,/-])({_Y4})-(\d\d)-(\d\d)(?!\d|-\d)",
    )
)
_THAI_DIGIT = re.compile("[๐-๙]")
_RUN = re.compile(r"\d+")
_DATED = re.compile(rf"{_M}|\d[/.-]\d{{1,2}}[/.-]$", re.IGNORECASE)
_BEFORE = 64
"""Characters before a year in which the rest of its date stands: two days, two months and an era at the most."""


@dataclass(frozen=True, slots=True)
class Year:
    """A Gregorian year and where the text names it; `fiscal` when it is called a budget year (ปีงบประมาณ)."""

    value: int
    start: int
    end: int
    fiscal: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """A day (YYYY-MM-DD) or a month (YYYY-MM), Gregorian, and where the text names it; `last` ends a range."""

    first: str
    last: str | None
    start: int
    end: int


def gregorian(year: int) -> int:
    """`year` as a Gregorian one: 2400 and above, and 40 to 99, are of the Buddhist Era; others stay."""
    if year >= 2400:
        return year - 543
    return year + 2500 - 543 if 40 <= year <= 99 else year


def dates(text: str) -> list[Date]:
    """The dates in `text`, in order; a day that no calendar has (31 ก.พ.) is passed over."""
    text = _arabic(text)
    found: dict[int, Date] = {}
    for start, end in _windows(text):
        for date_ in _dates(text, start, end):
            found[date_.start] = date_
    return [found[start] for start in sorted(found)]


def _arabic(text: str) -> str:
    """Translating is slow beside looking whether there is anything to translate."""
    return arabic_digits(text) if _THAI_DIGIT.search(text) else text


def _windows(text: str) -> list[tuple[int, int]]:
    """Where dates can stand, without overlap: a date has a year, and few numbers look like one after a month."""
    spans: list[tuple[int, int]] = []
    for run in _RUN.finditer(text):
        if not _year_like(run[0]):
            continue
        start, end = max(0, run.start() - _BEFORE), min(len(text), run.end() + 8)
        if not _DATED.search(text, run.start() - min(run.start(), 24), run.start()) and text[run.end() : run.end() + 1] != "-":
            continue
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return spans


def _year_like(number: str) -> bool:
    return number[:2] in {"19", "20", "24", "25", "26"} if len(number) == 4 else len(number) == 2 and number >= "40"


def _dates(text: str, start: int, end: int) -> Iterator[Date]:
    """The dates of `text[start:end]`, longest patterns first."""
    taken = bytearray(end - start)
    for kind, pattern in enumerate(_PATTERNS):
        for match in pattern.finditer(text, start, end):
            place = slice(match.start() - start, match.end() - start)
            if any(taken[place]) or (span := _read(kind, match)) is None:
                continue
            taken[place] = b"\1" * len(match[0])
            yield Date(*span, match.start(), match.end())


def _read(kind: int, match: re.Match[str]) -> tuple[str, str | None] | None:
    """(first, last) of a match of the `kind`-th pattern; None where the calendar has no such day."""
    groups = match.groups()
    if kind == 0:
        return _days(groups[0], groups[1], groups[2], groups[3], groups[4], groups[5])
    if kind == 1:
        return _days(groups[0], groups[2], groups[3], groups[1], groups[2], groups[3])
    if kind == 2:
        return _days(groups[0], groups[1], groups[2], None, None, None)
    if kind == 3:
        month, first, last, year = groups
        return _days(first, month, year, last, month, year) if last else _days(first, month, year, None, None, None)
    if kind == 4:
        return _months(*groups)
    if kind == 5:
        return _iso(groups[1], groups[0]), None
    day, month, year = (groups[0], groups[2], groups[3]) if kind == 6 else (groups[2], groups[1], groups[0])
    return _days(day, month, year, None, None, None)


def _days(
    day: str, month: str, year: str | None, last_day: str | None, last_month: str | None, last_year: str | None
) -> tuple[str, str | None] | None:
    """A range that turns the year names the later year only: 29 ธันวาคม – 3 มกราคม 2566."""
    if last_day is None or last_month is None or last_year is None:
        first = _day(day, month, year or "")
        return (first, None) if first else None
    turns = year is None and _number(month) > _number(last_month)
    first = _day(day, month, year or last_year, earlier=turns)
    last = _day(last_day, last_month, last_year)
    return (first, last) if first and last and first <= last else None


def _months(month: str, year: str | None, last_month: str, last_year: str) -> tuple[str, str | None] | None:
    turns = year is None and _number(month) > _number(last_month)
    first, last = _iso(year or last_year, month, earlier=turns), _iso(last_year, last_month)
    return (first, last) if first <= last else None


def _number(month: str) -> int:
    """1 to 12, or what the digits say; 0 where the name is none."""
    bare = month.replace(".", "").replace(" ", "").lower()
    return int(bare) if bare.isdigit() else _NUMBER.get(bare, 0)


def _iso(year: str, month: str, *, earlier: bool = False) -> str:
    return f"{gregorian(int(year)) - earlier:04d}-{_number(month):02d}"


def _day(day: str, month: str, year: str, *, earlier: bool = False) -> str | None:
    try:
        return date(gregorian(int(year)) - earlier, _number(month), int(day)).isoformat()
    except ValueError:
        return None


_DAY_OR_MONTH = re.compile(rf"(?:({_D}){_OF})?({_M})(?: +({_D})(?:st|nd|rd|th)?(?= *,))?", re.IGNORECASE)


def days(text: str) -> list[tuple[int, int, int, int | None]]:
    """The months that `text` names, with a year or without: (start, end, 1 to 12, the day of the month if one is named).

    An English month is written with a capital; may and march are other words.
    """
    found = [match for match in _DAY_OR_MONTH.finditer(_arabic(text)) if not match[2][0].islower()]
    days_of_month = [match[1] or match[3] for match in found]
    return [
        (*match.span(), _number(match[2]), int(day) if day else None) for match, day in zip(found, days_of_month, strict=True)
    ]


_CUE = re.compile(
    r"(?:(?P<fiscal>(?:ประจำ)?ปีงบ(?:ประมาณ)?|งบประมาณ(?:ประจำ)?ปี|งบปี|fiscal year|(?<![A-Za-z])FY)"
    r"|(?<!\d)(?<!\d )ปี(?:การศึกษา|การผลิต)?|(?<![A-Za-z])year"
    rf"|(?<![A-Za-z]){_ERA}|(?P<month>{_M})(?: *ปี)?) *{_ERA}?$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r" ?(?:บาท|คน|ราย(?!งาน|ได้|การ|ชื่อ)|ครัวเรือน|ครอบครัว|หลัง(?!จาก)|ไร่|แห่ง|กิโล|กก\.|กม\.|เมตร|ตาราง|ตัว(?!แทน|อย่าง)|ชุด|เล่ม|กองทุน|"
    r"ล้าน|แสน|หมื่น|พัน|ตำบล|หมู่บ้าน|ชุมชน|ตัน|ครั้ง(?!ที่)|ลำ|ต้น(?!แบบ)|ฉบับ|หน่วย(?!งาน)|จุด|คัน|กล่อง|ถุง|เปอร์เซ็นต์|ดอลลาร์|ยูโร|%|baht|"
    r"people|persons|households|families|USD|km|kg)",
    re.IGNORECASE,
)
"""What a number counts when it is no year: one of four digits without a cue, or of two digits after ปี."""

_TO_YEAR = re.compile(
    rf" *(?:[-‐-―−/]|(?P<word>(?:จน)?ถึง|(?:to|until|through)(?= ))(?: *ปี)?) *(?:{_ERA})?(?P<last>{_Y4}|\d\d)(?!\d|[,.]\d)",
    re.IGNORECASE,
)
_NO_YEAR = re.compile(r"(?:เลขที่|หมายเลข|รหัส|ห้อง|โทร\.?|เบอร์|มาตรา|สาย|(?<![A-Za-z])no\.|code|room) *$", re.IGNORECASE)
"""What makes a number of four digits a name: an address, a room, a road."""
_LONGEST_RANGE = 60


def years(text: str) -> list[Year]:
    """The years that `text` names, in order; those between the ends of a range as well, each with the whole range's place.

    A number of four digits counts without a cue (ปี, พ.ศ., a month) only when it looks like a year and counts nothing:
    2566 does, 2566 บาท and 3,830,000 do not. One of two digits needs a cue.
    """
    text = _arabic(text)
    found: list[Year] = []
    done = 0
    for run in _RUN.finditer(text):
        if run.start() >= done and _year_like(run[0]):
            new = _years_at(text, run)
            found += new
            done = max([done, *(year.end for year in new)])
    return found


def _years_at(text: str, run: re.Match[str]) -> list[Year]:
    """What the digits `run` say: nothing, a year, or the years of a range that they begin."""
    start, end = run.span()
    cue = _CUE.search(text, max(0, start - 24), start)
    if (not cue and (len(run[0]) == 2 or _is_no_year(text, start))) or _goes_on(text, end):
        return []
    fiscal = bool(cue and cue["fiscal"])
    sure = cue and (cue["month"] or len(run[0]) == 4)
    first = gregorian(int(run[0]))
    to = _TO_YEAR.match(text, end)
    last = _range_end(run[0], to["last"]) if to else None
    if to is not None and last is not None and ((sure and not to["word"]) or not _UNIT.match(text, to.end())):
        return [Year(year, start, to.end(), fiscal) for year in range(first, last + 1)]
    return [] if not sure and _UNIT.match(text, end) else [Year(first, start, end, fiscal)]


_JOINED = re.compile(r"\d[.,-]$")
_DAY_AND_MONTH = re.compile(r"(?<!\d)\d{1,2}([/.-])\d{1,2}\1$")


def _is_no_year(text: str, start: int) -> bool:
    """Whether digits go on before `start` (1,2566 and 08-2566-…, but not 2/2566 or 19.05.2566), or a number is named there."""
    before = text[max(0, start - 8) : start]
    return (bool(_JOINED.search(before)) and not _DAY_AND_MONTH.search(before)) or bool(_NO_YEAR.search(before))


def _goes_on(text: str, end: int) -> bool:
    return text[end : end + 1] in (",", ".") and text[end + 1 : end + 2].isdigit()


def _range_end(first: str, last: str) -> int | None:
    """The Gregorian year that ends `first`-`last`; None where that is no range of years."""
    whole = last if len(last) == len(first) else first[:2] + last
    if len(whole) != len(first):
        return None
    start, end = gregorian(int(first)), gregorian(int(whole))
    return end if start < end <= start + _LONGEST_RANGE else None


_TIMES = {"หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_HOW_MANY = rf"(?P<n>[1-9]|{'|'.join(_TIMES)})"
_LAST = "(?:ที่แล้ว|ที่ผ่านมา|ก่อน(?!หน้านี้|ปี)|กลาย)"
_RELATIVE = re.compile(
    rf"(?<![0-9]){_HOW_MANY} ?ปี(?:ก่อน|ที่แล้ว)|(?<![A-Za-z]){_HOW_MANY.replace('<n>', '<m>')} years ago"
    rf"|(?P<unit>ปีงบ(?:ประมาณ)?|ปี|เดือน)(?:(?P<this>นี้)|(?P<last>{_LAST})|(?P<next>หน้า))"
    r"|(?<![A-Za-z])(?:(?P<en_this>this)|(?P<en_last>last)|(?P<en_next>next)) (?P<en_unit>fiscal year|year|month)(?![a-z])",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"(?:จาก|กับ|กว่า|(?:than|with|to)(?: the)?) ?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """Days (`first` to `last`, YYYY-MM-DD, both included) that a text means, and where it says so (0-based, end exclusive).

    `unit` is what it names; a fiscal year begins in October of the year before it.
    """

    first: str
    last: str
    start: int
    end: int
    unit: Literal["year", "fiscal year", "month"] = "year"

    @property
    def value(self) -> int:
        """The Gregorian year: the one in which a fiscal year ends."""
        return int(self.last[:4])


def fiscal_year(value: int) -> tuple[str, str]:
    """First and last day of the Thai budget year called by the Gregorian `value`: 2023 is 2022-10-01 to 2023-09-30."""
    return f"{value - 1:04d}-10-01", f"{value:04d}-09-30"


def relative(text: str, today: date) -> list[Period]:
    """What `text` names from the day on which it is said (ปีที่แล้ว, เดือนนี้, two years ago), in order.

    Not what it only compares with: in เพิ่มจากปีก่อน the year is the one before that of the report.
    """
    text = _arabic(text)
    return [
        _period(match, today)
        for match in _RELATIVE.finditer(text)
        if not _COMPARED.search(text, max(0, match.start() - 12), match.start())
    ]


def _period(match: re.Match[str], today: date) -> Period:
    span = match.span()
    if count := match["n"] or match["m"]:
        return _year_period(today.year - (_TIMES.get(count.lower()) or int(count)), *span)
    shift = 0 if match["this"] or match["en_this"] else -1 if match["last"] or match["en_last"] else 1
    unit = (match["unit"] or match["en_unit"]).lower()
    if unit in ("เดือน", "month"):
        months = today.year * 12 + today.month - 1 + shift
        first = date(months // 12, months % 12 + 1, 1)
        last = date((months + 1) // 12, (months + 1) % 12 + 1, 1) - timedelta(days=1)
        return Period(first.isoformat(), last.isoformat(), *span, unit="month")
    if unit.startswith(("ปีงบ", "fiscal")):
        return Period(*fiscal_year(today.year + (today.month >= _FISCAL_START) + shift), *span, unit="fiscal year")
    return _year_period(today.year + shift, *span)


_FISCAL_START = 10


def _year_period(year: int, start: int, end: int) -> Period:
    return Period(f"{year:04d}-01-01", f"{year:04d}-12-31", start, end)


def month_forms(year: int, month: int) -> tuple[str, ...]:
    """How reports write a month of a Gregorian year: ตุลาคม 2565, ต.ค. 2565, ต.ค. 65, October 2022."""
    full, short, latin = _MONTHS[month - 1][0], next(name for name in _MONTHS[month - 1] if "." in name), _MONTHS[month - 1]
    english = next(name for name in latin if name.isascii())
    era = year + 543
    return f"{full} {era}", f"{short} {era}", f"{short} {era % 100:02d}", f"{english} {year}"
