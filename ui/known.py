"""What is known of a document beside its text, a folded part of its page: facts by name, resolutions with their links."""

from html import escape

from ui.render import day
from ui.words import WORDS
from vectorstore.types import Document, FactName, Resolution

_NAMES: dict[FactName, str] = {
    "meeting_place": "สถานที่ประชุม",
    "period": "ระยะเวลา",
    "area": "พื้นที่ดำเนินงาน",
    "subdistrict": "ตำบล",
    "attendee": "ผู้เข้าร่วม",
    "absent": "ผู้ไม่เข้าร่วม",
    "amount": "จำนวนที่กล่าวถึง",
    "abbreviation": "คำย่อ",
    "reporter": "ผู้รายงาน",
}
"""In the order in which they are shown."""
_MOST = 12
"""How many values of one fact are shown."""


def known(document: Document) -> str:
    """HTML with everything escaped; '' where nothing is known."""
    rows = [("จังหวัด", document.provinces), ("อำเภอ", document.districts), ("องค์กร", document.organisations)]
    for name, said in _NAMES.items():
        rows.append((said, tuple(_shown(name, fact.value) for fact in document.facts if fact.name == name)))
    terms = "".join(f"<dt>{name}</dt><dd>{escape(_listed(values))}</dd>" for name, values in rows if values)
    facts = f"<dl>{terms}</dl>" if terms else ""
    items = "".join(_resolution(row) for row in document.resolutions)
    resolutions = f"<h2>{WORDS['resolutions']}</h2><ol>{items}</ol>" if items else ""
    return f'<details class="known"><summary>{WORDS["known"]}</summary>{facts}{resolutions}</details>' if facts or items else ""


def _listed(values: tuple[str, ...]) -> str:
    more = f" และอีก {len(values) - _MOST}" if len(values) > _MOST else ""
    return ", ".join(values[:_MOST]) + more


def _shown(name: FactName, value: str) -> str:
    """A period in Thai days; any other value as it is."""
    if name != "period":
        return value
    return " ถึง ".join(filter(None, (day(part) for part in value.split("/"))))


def _resolution(row: Resolution) -> str:
    who = f"ผู้รับผิดชอบ: {', '.join(row.assigned)}" if row.assigned else ""
    due = f"กำหนด: {row.due_said}" if row.due_said else ""
    beside = " · ".join(escape(part) for part in (who, due) if part)
    words = f'<a href="?s={row.start}-{row.end}#words">{escape(row.decision)}</a>'
    return f"<li>{words}{f'<br>{beside}' if beside else ''}</li>"
