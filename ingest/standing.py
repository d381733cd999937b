"""Which meeting minutes are of, and whether they say of themselves that they are a draft or approved.

Only the name, the title and the lines above the first agenda item are read: minutes speak of drafts of other things, and of
earlier minutes that were approved, all the time.
"""

import re

from vectorstore import thai
from vectorstore.dates import gregorian
from vectorstore.types import Standing

_HEAD_LINES, _HEAD = 8, 400
"""Lines, and characters, at the beginning in which minutes say what they are."""
_AGENDA = re.compile(r"^(?:(?:ระเบียบ)?วาระที่|ผู้(?:เข้า(?:ร่วม)?|มา|ไม่มา|ลา)ประชุม|เริ่มประชุม|เปิดประชุม)")
_MINUTES = re.compile(r"(?:รายงาน|บันทึก|สรุป(?:ผล)?|มติ)(?:การ|ที่)?ประชุม|(?<![a-z])minutes(?![a-z])", re.IGNORECASE)

_OPEN, _CLOSE = r"[(\[“\"]\s*", r"\s*[)\]”\"]"
_DRAFT = re.compile(
    rf"ฉบับร่าง|{_OPEN}ร่าง[^)\]\n]{{0,20}}{_CLOSE}\s*$|^(?:{_OPEN})?ร่าง(?:{_CLOSE})?\s*(?:$|(?:รายงาน|บันทึก|สรุป|มติ))"
    rf"|ประชุม\s*{_OPEN}ร่าง{_CLOSE}|ยังไม่(?:ได้|ผ่าน)?(?:การ)?รับรอง|รอ(?:การ)?รับรอง"
)
_APPROVED = re.compile("ฉบับ(?:ที่)?(?:ผ่านการ)?รับรอง|รับรองแล้ว|ผ่านการรับรอง")
_CUTS = re.compile(r"[\s_.()\[\]-]+")
_DRAFT_NAMES = frozenset(["ร่าง", "ฉบับร่าง", "draft"])
_APPROVED_NAMES = frozenset(["รับรองแล้ว", "ฉบับรับรอง", "ฉบับรับรองแล้ว", "approved"])

_NUMBERED = re.compile(
    r"ประชุม(?P<body>[^\n]{2,160}?)ครั้งที่ ?(?P<n>[0-9]{1,3})"
    r"(?: ?/ ?(?P<year>[0-9]{4}|[0-9]{2}(?![0-9]))| ?(?:ประจำ)?ปี(?:งบประมาณ)? ?(?:พ\.ศ\. ?)?(?P<of>[0-9]{4}))?"
)
_MARKS = re.compile(rf"{_OPEN}[^)\]\n]*(?:ร่าง|รับรอง)[^)\]\n]*{_CLOSE}|ฉบับ(?:ร่าง|ที่?รับรอง(?:แล้ว)?)")
_SPACES = re.compile(r"\s+")


def standing(source: str, title: str, text: str) -> Standing | None:
    """What minutes say of themselves in their name, title or head; None where they say nothing, or are no minutes.

    A mark of a draft counts for more than that of an approval: ยังไม่ผ่านการรับรอง has both.
    """
    name = source.rsplit("/", 1)[-1]
    lines = [title, *_head(text)]
    if not any(_MINUTES.search(line) for line in [name, *lines]):
        return None
    words = set(_CUTS.split(name.lower()))
    if words & _DRAFT_NAMES or any(_DRAFT.search(line) for line in [*lines, *words]):
        return "draft"
    return "approved" if words & _APPROVED_NAMES or any(_APPROVED.search(line) for line in lines) else None


def meeting(title: str, text: str, date: str | None) -> str | None:
    """Whose meeting, its number and Buddhist year: "คณะกรรมการกองทุน 3/2566"; None where the head does not say all of it.

    Args:
        title: of the document.
        text: of the document.
        date: the day it reports on, whose year counts where the number has none.
    """
    for line in (title, " ".join(_head(text))):
        found = _NUMBERED.search(thai.arabic_digits(_MARKS.sub(" ", _SPACES.sub(" ", line))))
        year = (found["year"] or found["of"] or (date or "")[:4]) if found else ""
        body = found["body"].strip(" :-–(") if found else ""
        if found and year and len(thai.fold(body)) > 1:
            return f"{thai.fold(body)} {int(found['n'])}/{gregorian(int(year)) + 543}"
    return None


def _head(text: str) -> list[str]:
    lines = [line.strip() for line in text[:_HEAD].split("\n")[:_HEAD_LINES]]
    ends = next((n for n, line in enumerate(lines) if _AGENDA.match(line)), len(lines))
    return lines[:ends]
