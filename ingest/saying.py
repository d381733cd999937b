"""What a document says of itself in so many words: amounts, its project's period and area, who reported, abbreviations."""

import re
from collections.abc import Iterator

from ingest import meeting
from vectorstore.dates import dates
from vectorstore.thai import arabic_digits
from vectorstore.types import Document, Fact

_AMOUNT = re.compile(r"(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?) ?(?P<unit>(?:ล้าน|แสน|หมื่น)?บาท|ครัวเรือน|ไร่)")
_MOST = 60
"""Amounts of one document that are kept."""

_PERIOD = re.compile(r"ระยะเวลา(?:ใน)?(?:การ)?(?:ดำเนิน|ของโครงการ|โครงการ)[^\n]{0,20}")
_AREA = re.compile(
    r"(?:^|\n)[0-9๐-๙.) ]*(?:พื้นที่(?:ดำเนิน(?:งาน|การ|โครงการ)|เป้าหมาย|โครงการ)|ขอบเขตพื้นที่) ?:?\s*(?P<area>[^\n]{4,200})"
)
_EDGE = 600
"""Characters at the beginning and at the end in which reporters name themselves."""
_REPORTER = re.compile(
    r"^(?:ผู้)?(?:รายงาน(?:ข่าว)?|จดรายงาน(?:การประชุม)?|บันทึก(?:การประชุม)?|เรียบเรียง|เขียน|เรื่อง(?:และ|/| - )ภาพ)(?:โดย)?"
    r" ?[:：]? (?:โดย ?:? ?)?(?P<after>[^\n:]{3,60})$"
    r"|^(?P<before>[^\n:]{3,60}?) ?(?:ผู้จดรายงาน(?:การประชุม)?|ผู้บันทึก(?:การประชุม)?)$"
    r"|^(?P<press>(?:สื่อ|ทีม|นาย|นาง|คุณ|กอง|ศูนย์|เครือข่าย|ข่าว|ภาพ|เรื่อง)[^\n:]{2,50}) รายงาน$",
    re.MULTILINE,
)
_BODY = (
    "สำนักงาน|สถาบัน|กระทรวง|กรม(?!การ)|องค์การ|มูลนิธิ|ศูนย์|คณะ(?:อนุ)?กรรมการ|สภา|สมาคม|เครือข่าย|กองทุน|ธนาคาร|มหาวิทยาลัย|การ(?:ไฟฟ้า|เคหะ|ประปา|ยาง|กีฬา|ท่องเที่ยว)|"
    "บริษัท|โครงการ|สหกรณ์|ชมรม|สมัชชา|เทศบาล|โรงพยาบาล|ขบวน"
)
_SHORT = re.compile(r"[(（] ?(?P<short>(?:[ก-ฮ]{1,4}\.){1,5}(?:[ก-ฮ]{1,4})?|[A-Z]{2,8}) ?[)）]")
_FULL = re.compile(rf"(?:{_BODY})[ก-๎ฯ]{{3,70}}(?: ?\(องค์การมหาชน\))? ?$")


def said(document: Document) -> Iterator[Fact]:
    """These facts, in the order of their kinds."""
    text = document.text
    if meeting.records_meeting(document) and (held := meeting.place(text)):
        yield Fact(name="meeting_place", value=text[slice(*held)])
    for match in [*_REPORTER.finditer(text[:_EDGE]), *_REPORTER.finditer(text[_EDGE:][-_EDGE:])]:
        yield Fact(name="reporter", value=(match["after"] or match["before"] or match["press"]).strip(" .-"))
    for match in _PERIOD.finditer(text):
        span = next((date for date in dates(text[match.start() : match.end() + 120]) if date.last), None)
        if span:
            yield Fact(name="period", value=f"{span.first}/{span.last}")
    if "โครงการ" in text[:_EDGE] and (area := _AREA.search(text)):
        yield Fact(name="area", value=area["area"].strip(" |"))
    for value in list(dict.fromkeys(_amounts(arabic_digits(text))))[:_MOST]:
        yield Fact(name="amount", value=value)


def abbreviations(text: str) -> dict[str, str]:
    """Abbreviation -> what it stands for, where the text itself explains it: ชื่อเต็ม (ย่อ)."""
    found: dict[str, str] = {}
    for match in _SHORT.finditer(text):
        if full := _FULL.search(text, max(0, match.start() - 100), match.start()):
            found.setdefault(match["short"], full[0].strip())
    return found


def _amounts(text: str) -> Iterator[str]:
    """Numbers with one space before their unit."""
    for match in _AMOUNT.finditer(text):
        if text[match.start() - 1 : match.start()] not in (".", ","):
            yield f"{match['number']} {match['unit']}"
