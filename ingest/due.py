"""Until when something is to be done, as a resolution says it: the words, and the day they mean."""

import re
from calendar import monthrange

from vectorstore.dates import Date, dates, days, fiscal_year, gregorian, years
from vectorstore.thai import arabic_digits

_CUE = re.compile(
    r"(?:ให้)?(?:แล้ว)?เสร็จ(?:สิ้น)?(?:ภายใน|ก่อน)(?!หน้า)|ภายใน"
    r"|(?:ไม่เกิน|ให้ทัน|กำหนดส่ง|กำหนดแล้วเสร็จ|ส่ง|จนถึง)(?=(?:ใน)?(?:วันที่|สิ้น) ?[ก-๎0-9๐-๙])"
    r"|ก่อน(?= ?(?:วันที่|สิ้น|เดือน|การประชุม|ประชุม|ปลาย|[0-9๐-๙]))"
)
_NUMBER = r"(?:[0-9๐-๙]+|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ(?:ห้า)?|ยี่สิบ)"
_SPAN = re.compile(rf" ?(?:ระยะเวลา|เวลา)? ?(?:ไม่เกิน )?{_NUMBER} ?(?:วัน|สัปดาห์|เดือน|ปี)(?:ทำการ)?")
_UNTIL = re.compile(
    r" ?(?:กำหนด|สิ้น|ปลาย|กลาง|ต้น|วันที่|วัน(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัส|ศุกร์|เสาร์|อาทิตย์)ที่|เดือน|(?:ประจำ)?ปี(?:งบประมาณ)?| )*"
)
_MEETING = re.compile(
    r"(?:ก่อน|ใน)(?:การ)?(?:จัด)?ประชุม(?:คณะ[ก-๎]{2,20})?"
    r"(?:ครั้ง(?:ต่อไป|ถัดไป|หน้า)|ครั้งที่ ?[0-9๐-๙]+(?:/[0-9๐-๙]+)?|เดือนหน้า|คราวหน้า|คราวต่อไป)"
)
_EVERY = re.compile(r"ทุก(?:วันที่ ?[0-9๐-๙]{1,2} ?ของ(?:ทุก)?เดือน|สิ้น(?:เดือน|ปี|ไตรมาส)|(?:วัน|สัปดาห์|เดือน|ไตรมาส)(?= |$))")
_EXTENDED = re.compile(
    r"(?:ขยาย|ต่อ)(?:ระยะ)?(?:เวลา|อายุ|วาระ)[^\n]{0,40}?"
    rf"(?P<said>(?:อีก|ออกไป|ต่อไปอีก) ?{_NUMBER} ?(?:เดือน|ปี|วัน)(?: ?\([^)\n]{{5,60}}\))?)"
)
_NEAR = 4
"""Characters that may stand between the words that lead to a date and the date."""


def due(text: str, meeting: str | None) -> tuple[str, str | None] | None:
    """(the words that say until when, the last day of it as YYYY-MM-DD or None); None where `text` says nothing of it.

    Of several the first that the calendar tells. `meeting` is the day of the meeting: a day named without a year is the
    next of its name after it.
    """
    found = [said for cue in _CUE.finditer(text) if (said := _after(text, cue, meeting))]
    found += [said for match in _EXTENDED.finditer(text) if (said := _extended(match))]
    found += [(match[0].strip(), None) for pattern in (_MEETING, _EVERY) for match in pattern.finditer(text)]
    return next((one for one in found if one[1]), found[0] if found else None)


def _after(text: str, cue: re.Match[str], meeting: str | None) -> tuple[str, str | None] | None:
    """What stands after the words that lead to a date: a date, a year, or a span of time."""
    start = cue.start()
    lead = _UNTIL.match(text, cue.end())
    at = lead.end() if lead else cue.end()
    window = text[start : at + 60]
    place = at - start
    for date in dates(window):
        if cue.end() - start <= date.start <= place + _NEAR:
            return window[: date.end], _last_day(date.last or date.first)
    for first, last, month, day in days(window):
        if cue.end() - start <= first <= place + _NEAR and (day or "เดือน" in window[:first]):
            return window[:last], _next(meeting, month, day)
    for year in years(window):
        if place - 1 <= year.start <= place + _NEAR:
            return window[: year.end], fiscal_year(year.value)[1] if year.fiscal else f"{year.value:04d}-12-31"
    if span := _SPAN.match(text, cue.end()):
        return text[start : span.end()].strip(), None
    meeting_after = _MEETING.match(text, start)
    return (meeting_after[0], None) if meeting_after else None


def _extended(match: re.Match[str]) -> tuple[str, str | None]:
    """An extension ends when the months in brackets do."""
    named = dates(match["said"])
    return match["said"], _last_day(named[-1].last or named[-1].first) if named else None


def _last_day(iso: str) -> str:
    year, month, *day = iso.split("-")
    return iso if day else f"{iso}-{monthrange(int(year), int(month))[1]:02d}"


def _next(meeting: str | None, month: int, day: int | None) -> str | None:
    """The first such day on or after the day of the meeting."""
    if not meeting or len(meeting) < 10:
        return None
    year = int(meeting[:4])
    for candidate in (year, year + 1):
        last = monthrange(candidate, month)[1]
        if day and day > last:
            return None
        iso = f"{candidate:04d}-{month:02d}-{day or last:02d}"
        if iso >= meeting:
            return iso
    return None


def day_of(text: str) -> str | None:
    """A day as people type it (31 มีนาคม 2566, 2566-03-31, 31/3/2566, มีนาคม 2566), ISO; the first day of a month or year."""
    said = arabic_digits(text.strip())
    if match := re.fullmatch(r"(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?", said):
        year, month, day = gregorian(int(match[1])), int(match[2] or 1), int(match[3] or 1)
        valid = 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
        return f"{year:04d}-{month:02d}-{day:02d}" if valid else None
    found: list[Date] = dates(said)
    return f"{found[0].first}-01"[:10] if found else None
