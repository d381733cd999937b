"""When, where and at which meeting: what a follow-up question may change of the one before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from vectorstore import places, thai
from vectorstore.dates import dates, relative, years

Sort = Literal["time", "place", "meeting"]

_CUE = re.compile(
    "(?:(?:ประจำ|ต้น|ปลาย|กลาง|ช่วง|ใน|เมื่อ)*(?:ปีงบประมาณ|ปีงบ|งบประมาณปี|ปี|พ\\.ศ\\.|ค\\.ศ\\.|วันที่)|(?<![a-z])in|FY)? *$",
    re.IGNORECASE,
)
_MEETING = re.compile("ครั้งที่ *([0-9]+)(?: */ *([0-9]{2,4}))?")
_NEIGHBOUR = re.compile(
    "ปี(?:ก่อนหน้า(?:นั้น|นี้)?|ถัด(?:ไป|มา)|ต่อ(?:ไป|มา))|the (?:year before|previous year|(?:next|following) year)", re.IGNORECASE
)
_LATER = re.compile("ถัด|ต่อ|next|following", re.IGNORECASE)
_INTO = re.compile("(?:ของ|ใน|ที่|จาก|ณ|(?<![a-z])(?:in|at|from|of|for)) *$", re.IGNORECASE)
_ANY_YEAR = 2000
_NEWEST = {"th": "ล่าสุด", "en": "most recently"}
_LEVELS = {"province": "จังหวัด", "district": "อำเภอ", "subdistrict": "ตำบล"}


@dataclass(frozen=True, slots=True)
class Circumstance:
    """A time, place or meeting that a text names (0-based, end exclusive, with the words that tell what it is).

    `year` is the Gregorian one that a time names; `shift` how many years a relative one (ปีที่แล้ว: -1) is from the one
    spoken of. `level` and `provinces` are those of a place; `number` and `of` those of a meeting (ครั้งที่ 3/2566).
    """

    sort: Sort
    start: int
    end: int
    said: str
    year: int = 0
    shift: int | None = None
    level: str = ""
    provinces: tuple[str, ...] = ()
    number: str = ""
    of: str = ""


@lru_cache(256)
def circumstances(text: str) -> tuple[Circumstance, ...]:
    """The times, places and meetings that `text` (normalised, on one line) names, in order, without overlap."""
    text = thai.arabic_digits(text)
    found = _meetings(text)
    for some in (_dates(text), _years(text), _relative(text), _places(text)):
        found += [one for one in some if not any(one.start < other.end and other.start < one.end for other in found)]
    return tuple(sorted(found, key=lambda one: one.start))


def _meetings(text: str) -> list[Circumstance]:
    return [
        Circumstance("meeting", match.start(), match.end(), match[0], number=match[1], of=match[2] or "")
        for match in _MEETING.finditer(text)
    ]


def _dates(text: str) -> list[Circumstance]:
    spans = [(_cued(text, day.start), day.end, int(day.first[:4])) for day in dates(text)]
    return [Circumstance("time", start, end, text[start:end].strip(), year) for start, end, year in spans]


def _years(text: str) -> list[Circumstance]:
    spans = {(year.start, year.end): year.value for year in years(text)}
    cued = [(_cued(text, start), end, year) for (start, end), year in spans.items()]
    return [Circumstance("time", start, end, text[start:end].strip(), year) for start, end, year in cued]


def _cued(text: str, start: int) -> int:
    cue = _CUE.search(text, max(0, start - 20), start)
    return cue.start() if cue and cue[0].strip() else start


def _relative(text: str) -> list[Circumstance]:
    found = [
        Circumstance("time", one.start, one.end, text[one.start : one.end], shift=one.value - _ANY_YEAR)
        for one in relative(text, date(_ANY_YEAR, 7, 1))
        if one.unit != "month"
    ]
    neighbours = [(match, 1 if _LATER.search(match[0]) else -1) for match in _NEIGHBOUR.finditer(text)]
    return [Circumstance("time", *match.span(), match[0], shift=shift) for match, shift in neighbours] + found


def _places(text: str) -> list[Circumstance]:
    mentions = (places.mentions(text) if not text.isascii() else []) + places.latin_mentions(text)
    return [
        Circumstance(
            "place",
            one.start,
            one.end,
            text[one.start : one.end],
            level=one.level or "subdistrict",
            provinces=tuple(place.province for place in one.places),
        )
        for one in mentions
        if one.marked or one.level == "province" or one.said.isascii() or one.places
    ]


def of(text: str, sort: Sort) -> list[Circumstance]:
    """Those of one sort that `text` names."""
    return [one for one in circumstances(text) if one.sort == sort]


def without(text: str, *sorts: Sort) -> str:
    """`text` with the circumstances of these sorts taken out, and the ของ, ใน or "in" before them."""
    for one in reversed(circumstances(text)):
        if one.sort in sorts:
            before = text[: one.start]
            into = _INTO.search(before)
            text = before[: into.start() if into else len(before)].rstrip() + " " + text[one.end :].lstrip()
    return " ".join(text.split())


def swapped(text: str, new: Sequence[Circumstance], today: date) -> str:
    """`text` with the times, places and meetings that it names replaced by the `new` ones; added where it names none."""
    if any(one.sort != "place" for one in new):
        text = next((text.replace(f" {said}", "") for said in _NEWEST.values() if said in text), text)
    for sort in ("meeting", "place", "time"):
        some = [one for one in new if one.sort == sort]
        if some:
            text = _swapped(text, sort, some, today)
    return text


def _swapped(text: str, sort: Sort, new: Sequence[Circumstance], today: date) -> str:
    old = of(text, sort)
    said = _said(text, old, new, today)
    gone = [one for one in old if not _stays(one, new)]
    if not gone:
        return _added(text, said, sort)
    for one in reversed(gone[1:]):
        text = text[: one.start].rstrip() + " " + text[one.end :].lstrip()
    first = gone[0]
    gap = " " if text.isascii() else ""
    head, tail = text[: first.start], text[first.end :]
    apart = sort == "place" and not gap and said.isascii()
    return " ".join(f"{head.rstrip() + ' ' if gap or apart else head}{said}{' ' if apart else ''}{tail}".split())


def newest(text: str) -> str:
    """`text` asked of the newest report: without the times and meetings that it names."""
    said = _NEWEST["en" if text.isascii() else "th"]
    return _added(without(text, "time", "meeting").replace(" ?", "?"), said, "time")


def _stays(old: Circumstance, new: Sequence[Circumstance]) -> bool:
    """Whether the province that was spoken of holds the smaller place that is spoken of now."""
    if old.sort != "place" or old.level != "province" or any(one.level == "province" for one in new):
        return False
    return all(not one.provinces or set(old.provinces) & set(one.provinces) for one in new)


def _said(text: str, old: Sequence[Circumstance], new: Sequence[Circumstance], today: date) -> str:
    """The new ones in words that fit the language of `text`."""
    first = new[0]
    if first.sort == "time":
        return " และ".join(dict.fromkeys(_time(text, old, one, today) for one in new))
    if first.sort == "meeting":
        return f"ครั้งที่ {first.number}" + (f"/{first.of or old[0].of}" if first.of or (old and old[0].of) else "")
    return " ".join(_place(text, one) for one in new)


def _place(text: str, new: Circumstance) -> str:
    """A bare name gets the word for what it is, so that it is not read as a part of the name beside it."""
    marked = new.said.startswith(tuple("จอตขแ")) and len(new.provinces) != 1
    bare = (
        not text.isascii()
        and not new.said.isascii()
        and not marked
        and not re.match("จังหวัด|อำเภอ|ตำบล|เขต|แขวง|[จอต]\\.", new.said)
    )
    return _LEVELS[new.level] + new.said.removeprefix("เมือง") if bare and new.level == "province" else new.said


def _time(text: str, old: Sequence[Circumstance], new: Circumstance, today: date) -> str:
    year = new.year
    if new.shift:
        base = next((one.year or today.year + (one.shift or 0) for one in old), 0)
        if not base:
            return new.said
        year = base + new.shift
    elif new.shift == 0 or (not text.isascii() and not new.said.isascii() and not new.said.isdecimal()):
        return new.said
    return f"in {year}" if text.isascii() else f"ปี {year + 543}"


_END = re.compile(" *[?？]* *$")


def _added(text: str, said: str, sort: Sort) -> str:
    tail = _END.search(text)
    end = tail.start() if tail else len(text)
    link = "" if sort != "place" else "in " if text.isascii() else "" if said.startswith("ใน") else "ใน"
    return f"{text[:end]} {link}{said}{text[end:].rstrip()}"
