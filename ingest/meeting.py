"""Whether a document records a meeting of its own, and when and where that was."""

import re

from vectorstore.dates import dates
from vectorstore.types import Document

_HEAD, _TITLE = 1_500, 800
"""Characters at the beginning in which a document says of what meeting it is, and the news its subject."""
_HELD = re.compile("ประชุม(?<!ที่ประชุม)(?<!ห้องประชุม)(?<!หอประชุม)|สัมมนา|เวที|ประชาคม")  # `re` looks for first letters
_CABINET = re.compile(r"คณะรัฐมนตรี|ครม(?<![ก-ฮ]ครม)\.?(?![ก-ฮ])|สภาผู้แทนราษฎร|วุฒิสภา|สภานิติบัญญัติ")
_TIME = re.compile(r"(?:ระหว่าง|เมื่อ|ใน)?วัน(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัส|ศุกร์|เสาร์|อาทิตย์)?(?:ที่)? ?")
_AT = re.compile(
    r"(?:(?<=[ \n0-9๐-๙.])|^)(?:ณ|สถานที่(?:ประชุม)? ?[:：]|ที่(?=(?:ห้องประชุม|ศาลา|หอประชุม|โรงแรม|อาคาร|วัด|โรงเรียน|ที่ทำการ))) ?",
    re.MULTILINE,
)
_NO_PLACE = re.compile(r"วันที่|สิ้น|ปัจจุบัน|ขณะ|เดือน|[0-9๐-๙]")
_END = re.compile(
    r"\n|[;。)]|ว่า(?!การ|งาน)|ตามที่| (?=เวลา|โดย|เพื่อ|และ(?:ประชุม|ผ่าน)|มี(?!โฮม)|ซึ่ง|เมื่อ|วันที่|ระหว่าง|พร้อม|นำโดย|ได้|ทั้งนี้|ร่วมกับ|จัดโดย|"
    r"จำนวน|หลังจาก|ในการ|ครั้งที่|ใน(?!เมือง)|นาย|นาง|คุณ|พล(?:เอก|โท|ตรี|ตำรวจ|\.)|ศาสตราจารย์|ดร\.|รอง|คณะ(?:กรรม|อนุ|ทำงาน)|ผู้)"
)
_LONGEST_PLACE, _BEFORE_PLACE = 160, 80


def records_meeting(document: Document) -> bool:
    """Whether it is minutes, or tells in its opening of a meeting that is not the cabinet's or parliament's."""
    if _CABINET.search(document.title):
        return False
    if document.kind == "minutes":
        return True
    opening = f"{document.title}\n{document.text[:_TITLE]}"
    return bool(_HELD.search(opening)) and not _CABINET.search(opening)


def place(text: str) -> tuple[int, int] | None:
    """Where the words for the place of the meeting stand (0-based, end exclusive): what follows ณ near the beginning."""
    for match in _AT.finditer(text, 0, _HEAD):
        start = match.end()
        if _NO_PLACE.match(text, start):
            continue
        end = _END.search(text, start, start + _LONGEST_PLACE)
        stop = end.start() if end else min(len(text), start + _LONGEST_PLACE)
        stop = _closed(text, start, stop)
        stop = start + len(text[start:stop].rstrip(" .,"))
        if stop - start >= 4:
            return start, stop
    return None


def _closed(text: str, start: int, stop: int) -> int:
    """The end of a place with the bracket that is open there, or before it where it closes too late."""
    if text.count("(", start, stop) <= text.count(")", start, stop):
        return stop
    return stop + 1 if text[stop : stop + 1] == ")" else text.rfind("(", start, stop)


def day(document: Document, held: tuple[int, int] | None) -> str | None:
    """The day of the meeting: named just before its place, else the document's own; news is of a later day."""
    before = document.text[max(0, held[0] - _BEFORE_PLACE) : held[0]] if held else ""
    return next((date.first for date in reversed(dates(before)) if len(date.first) == 10), document.date)


def day_at(text: str) -> str | None:
    """The day that a paragraph begins with: minutes of two days tell each under its own."""
    lead = _TIME.match(text)
    if not lead or lead.end() == 0:
        return None
    return next((date.first for date in dates(text[:80]) if date.start <= lead.end() and len(date.first) == 10), None)
