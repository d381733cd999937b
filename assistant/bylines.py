"""Who wrote a report: asked as ใครเขียนข่าว, answered by the line in which the report itself says so."""

from assistant.kinds import any_of
from assistant.units import Unit, lines
from vectorstore.types import Document

_WHO = "(?:ใคร|ผู้ใด|คนไหน|ท่านใด|สื่อ(?:เจ้า)?(?:ไหน|ใด)|หน่วยงาน(?:ไหน|ใด))"
_WHAT = "(?:ข่าว|บทความ|รายงาน(?!ผล|ต่อ|ให้|สถานการณ์|ความ)|เรื่องนี้|บันทึกการประชุม)"
_KEPT = "จด(?:บันทึก|รายงาน)(?:การ)?ประชุม|บันทึกการประชุม"
_ASKED = any_of(
    f"{_WHO} *(?:เป็น)?(?:คน|ผู้)?(?:ที่)?(?:เขียน|เรียบเรียง|ทำ)(?:ข่าว|บทความ|รายงานการประชุม|รายงานฉบับ|รายงานนี้|เรื่องนี้)",
    f"{_WHO} *(?:เป็น)?(?:คน|ผู้)?(?:ที่)?(?:รายงานข่าว|{_KEPT})",
    f"(?:ผู้|คนที่?)(?:เขียน(?:ข่าว|บทความ|รายงาน)?|เรียบเรียง|รายงานข่าว|{_KEPT})(?:.{{0,60}}(?:คือ|เป็น|ชื่อ))? *{_WHO}",
    f"{_WHAT}.{{0,60}}(?:เขียน|เรียบเรียง|รายงาน|จด|บันทึก)โดย *{_WHO}",
    "(?<![a-z])who (?:wrote(?! off)|authored|took the minutes)(?![a-z])",
    "(?<![a-z])(?:author|byline) of(?![a-z])",
)


def asked(text: str) -> bool:
    """Whether a question asks who wrote a report, or kept the minutes."""
    return bool(_ASKED.search(text))


def byline(document: Document) -> tuple[Unit, str] | None:
    """The line in which a document names who wrote it, and the name; None where it does not."""
    names = [fact.value for fact in document.facts if fact.name == "reporter"]
    found = ((unit, name) for unit in lines(document) for name in names if name in unit.text)
    return max(found, key=lambda one: one[0].start, default=None)
