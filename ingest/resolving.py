"""The ways in which Thai reports say that a meeting resolved something, as patterns of its words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.people import TITLE
from vectorstore.types import DocumentKind

OTHER = re.compile(
    r"คณะรัฐมนตรี|(?<![ก-ฮ])ครม\.?(?![ก-๎])|สภาผู้แทนราษฎร|วุฒิสภา|สภานิติบัญญัติ|มหาเถรสมาคม|(?<![ก-ฮ])(?:กพช|กนช|กตร|ก\.ตร|กกต|ศบค|กบง|กปร|คสช)\.?(?![ก-๎])"
)
"""Bodies whose resolutions a report only mentions."""
_BY = r"(?:ที่ประชุม|การประชุม|เวที|ประชาคม)(?:ใหญ่)? ?[ฯๆ]?"
_FORMAL = re.compile(
    rf"(?:(?:ข้อ)?สรุป|ผล)?(?:ที่ประชุม ?ฯ? ?(?:จึง|ได้)*(?:มี|ลง)? ?)?มติ(?!ชน|ด|ๆ|การ) ?(?:ของ)?(?:{_BY})? ?"
    r"(?:(?:มี|ได้)(?=ดังนี้))?(?:คือ|ว่า)? ?[:：\-–—=>]* ?"
)
_EARLIER = re.compile(r"(?:ครั้ง(?:ที่)?(?:ก่อน|แล้ว|ผ่านมา|ที่ผ่านมา|ที่แล้ว)|เดิม|เมื่อ|ครั้งที่ ?(?P<number>[0-9๐-๙]+ ?/ ?[0-9๐-๙]+))")
_BARE = re.compile(r"(?:มี)?(?:ดังนี้|ดังต่อไปนี้|คือ)? ?:? ?")

VERB = r"(?:เห็นชอบ|เห็นพ้อง|เห็นด้วย|เห็นควร|อนุมัติ|มอบหมาย|รับทราบ|รับรอง(?!มาตรฐาน)|ตกลง(?=ให้|ว่า|ร่วม| ))"
_SOMEHOW = r"(?: |จึง|ได้|ร่วมกัน|พิจารณาแล้ว|พิจารณา|อภิปรายแล้ว|ส่วนใหญ่|ทั้งหมด|เป็นเอกฉันท์|โดยเอกฉันท์|และ)*"
_INLINE = re.compile(
    rf"ที่ประชุม(?:ใหญ่)? ?[ฯๆ]?(?:คณะ[ก-๎ฯ]{{2,60}}|สภาองค์กร[ก-๎]{{2,40}})?{_SOMEHOW}"
    rf"(?:(?:มี|ลง)มติ ?(?:ว่า|:)? ?(?P<resolved>)|(?P<verb>{VERB}))"
    r"|(?:โดย|จึง|ได้|ซึ่ง|และ)(?:ได้)?(?:มี|ลง)มติ ?(?:(?:ที่|การ)ประชุม)?(?:ที่สำคัญ)? ?(?:ว่า)? ?(?P<so>)"
    r"|คณะ(?:อนุ)?กรรมการ[^\n]{0,60}? (?:จึง)?ได้(?=มอบหมาย)(?P<body>)"
    r"|ประธาน(?:ในที่ประชุม|กรรมการ|คณะทำงาน|ฯ)? ?(?:ได้|จึง)*(?=มอบหมาย)(?P<chair>)"
)
_REFERRED = re.compile(
    r"(?:ตาม|ตามที่|จาก|จากที่|มติ|ต่อ|แจ้ง|ใน|ขอ|เสนอ|ให้|เรียน|เพื่อ|เมื่อ|หาก|ถ้า|เข้า|นำ|รายงาน|ชี้แจง|กับ|ว่า|ผ่าน|อดีต|รอ|ครั้งที่แล้ว|ครั้งก่อน) ?$"
)
"""What stands before the meeting's name where somebody only speaks of it, or to it."""
_LINE = re.compile(
    rf"มอบหมาย|มอบ(?= ?{TITLE})|รับรองรายงานการประชุม(?=[^\n]* โดย)|(?:เห็นชอบ|อนุมัติ)(?=ให้|ตาม|ใน|งบ|วงเงิน|และ|$| )|รับทราบ(?=$| )"
)
_NEXT = re.compile(
    r"(?<=แล้ว) | (?=(?:ทั้งนี้(?! ?(?:ให้|มอบ|ภายใน))|นอกจากนี้|นอกจากนั้น|จากนั้น|หลังจากนั้น|ต่อมา|ขณะที่|ขณะเดียวกัน|"
    r"สำหรับ|ในส่วน|อย่างไรก็|รายงาน(?!ผล)|ด้าน ?(?:นาย|นาง|ผล)|ในการนี้|สุดท้าย|ในช่วง|ไม่เพียง|และมีการดำเนิน))"
)
_LONGEST = 700
"""Characters of a decision within a paragraph, beyond which it is no longer the same sentence."""
APPROVED = re.compile(
    r"(?:คณะ[ก-๎ฯๆ]{2,30} ?)?(?:เป็นเอกฉันท์)?(?:เห็นชอบ|อนุมัติ|เห็นด้วย)(?: ?ตาม(?:ที่)?(?:เสนอ|นำเสนอ|รายละเอียด[ก-๎]*))?(?:ทุกประการ)? ?"
)
"""A decision that says nothing but that what stands above it was approved."""
_SHORT = re.compile(rf"{VERB}(?: ?ตาม(?:ที่)?(?:เสนอ|นำเสนอ))?(?:ทุกประการ)?[ .]*")


@dataclass(frozen=True, slots=True)
class Said:
    """Where a decision stands in a text (0-based, end exclusive); `bare` where only its heading does, and its words follow."""

    start: int
    end: int
    bare: bool = False


def formal(text: str, start: int, end: int, title: str) -> Said | None:
    """The decision of a line that begins as minutes record one (มติที่ประชุม …), not of another body or meeting."""
    match = _FORMAL.match(text, start, end)
    if not match or OTHER.match(text, match.end(), end):
        return None
    earlier = _EARLIER.match(text, match.end(), end)
    if earlier and not (earlier["number"] and earlier["number"].replace(" ", "") in title):
        return None
    return Said(match.end(), end, bare=bool(_BARE.fullmatch(text, match.end(), end)))


def opening(text: str, start: int, end: int) -> Said | None:
    """The decision of a line of minutes that begins with what was decided (มอบหมายให้ …)."""
    return Said(start, end) if _LINE.match(text, start, end) else None


def inline(text: str, start: int, end: int, kind: DocumentKind) -> Iterator[Said]:
    """The decisions within a paragraph (ที่ประชุมมีมติให้ …, โดยมีมติ …), each up to the next or to another matter."""
    found = [match for match in _INLINE.finditer(text, start, end) if _is_own(text, match, start, kind)]
    for match, following in zip(found, [*found[1:], None][: len(found)], strict=True):
        first = match.start("verb") if match["verb"] else match.end()
        last = following.start() if following else end
        over = _NEXT.search(text, first, last)
        last = min(over.start() if over else last, first + _LONGEST)
        last = first + len(text[first:last].rstrip(" ,\n"))
        if match["verb"] and _SHORT.fullmatch(text, first, last):
            first = start  # the sentence before says what
        if last > first:
            yield Said(first, last)


def _is_own(text: str, match: re.Match[str], start: int, kind: DocumentKind) -> bool:
    before = text[max(start, match.start() - 16) : match.start()]
    if match["chair"] is not None:
        return kind == "minutes" and not _REFERRED.search(before)
    if match["body"] is not None and kind == "news":  # it tells of bodies that did not meet there
        return False
    if match["so"] is not None:
        return not OTHER.search(text, max(start, match.start() - 150), match.end())
    return not _REFERRED.search(before) and not OTHER.search(text, max(start, match.start() - 40), match.end() + 12)
