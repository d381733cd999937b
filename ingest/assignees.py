"""Who is to carry out what a meeting resolved, in the words of the resolution."""

import re

from ingest.people import PERSON, TASK, TITLE, people, people_at
from vectorstore.thai import words

_BODY = (
    r"(?:คณะ(?:อนุ)?กรรมการ|คณะทำงาน|คณะประสานงาน|คณะ|อนุกรรมการ|กรรมการ|ฝ่าย|กลุ่ม|สภา|เครือข่าย|ทุก(?:จังหวัด|ตำบล|หมู่บ้าน|อำเภอ|กลุ่ม|ฝ่าย|ชุมชน|กองทุน|ภาค|พื้นที่)|"
    r"จังหวัด|ตำบล|อบต\.?|อบจ\.?|เทศบาล|ทต\.|สมาชิก|เหรัญญิก|เลขานุการ|เลขาฯ|รองประธาน|ประธาน|ผู้ใหญ่บ้าน|กำนัน|ปลัด|เจ้าหน้าที่|ผู้จัดการ|ทีม|ชุมชน|กองทุน|"
    r"สำนัก|ศูนย์|กรม|กระทรวง|หน่วยงาน|สถาบัน|องค์การ|มหาวิทยาลัย|ผู้ว่าราชการ|นายอำเภอ|โรงเรียน|ผู้แทน|ผู้ประสานงาน|พอช\.?|พมจ\.?|สสจ\.?|หัวหน้า|แกนนำ|ขบวน|อสม\.?|วัด|ช่าง|นายช่าง|นายก)"
)
_ROLE = re.compile("(?:เหรัญญิก|เลขานุการ|เลขาฯ|รองประธาน|ประธาน|ผู้ใหญ่บ้าน|กำนัน|ทุก[ก-๎]+|จังหวัด|ตำบล)")
_CUE = re.compile(
    rf"(?:(?:มอบหมาย|มอบ)(?:ให้)?|โดยให้) ?(?={TITLE}|{_BODY})"
    r"|(?:^|(?<=[ \n])|(?<=และ)|(?<=โดย)|(?<=เห็นชอบ)|(?<=อนุมัติ))ให้ ?"
    rf"(?={TITLE}|{_BODY})|ผู้รับผิดชอบ ?[:：]? ?(?={TITLE}|{_BODY})"
)
_SUBJECT = re.compile(rf"(?:เห็นชอบ|อนุมัติ) (?=(?:ทุก)?(?:จังหวัด|ตำบล|อำเภอ|กลุ่ม|ชุมชน)(?:{TASK}))")
_IN_CHARGE = re.compile(rf"(?:โดยมี|ซึ่งมี|มี|โดย)? ?(?P<who>{PERSON})(?= ?เป็น(?:ผู้|หัวหน้า|ประธาน|เลขา|แกน))")
_RESPONSIBLE = re.compile(rf"(?P<who>{PERSON}) ?(?=รับผิดชอบ|รับไปดำเนินการ)")
_LISTED = re.compile(rf"(?:ประกอบด้วย|ได้แก่|คือ|ดังนี้|ดังต่อไปนี้|มี) ?:?\s*(?:\(?[0-9๐-๙]+[.)] ?|- ?)?(?={TITLE})")
_LINE = re.compile(rf"^(?:\(?[0-9๐-๙]+[.)]|[-•]) ?(?={TITLE})", re.MULTILINE)
_TASK = re.compile(TASK)
_SPACED = re.compile(rf"(?P<who>[^\n]{{2,90}}?) (?={TASK})")
_AT_ONCE = re.compile(
    "จัดทำ|จัดหา|ดำเนิน|ยกร่าง|นำไป|นำเสนอ|ติดประกาศ|รายงาน|เสนอ|สรุป|รวบรวม|แจ้ง|เร่ง|เบิก|ชี้แจง|ปรับแก้|ส่ง|แก้ไข|ลงพื้นที่|ทำหนังสือ"
)
"""Tasks that no body is named for: they end its name also where no space stands before them."""
_LONGEST = 90


def assigned(decision: str) -> tuple[str, ...]:
    """Those who are to carry out `decision`, as it calls them, in order, each once: people, bodies, offices."""
    found: list[tuple[int, str]] = []
    for pattern in (_CUE, _SUBJECT):
        for cue in pattern.finditer(decision):
            found += _from(decision, cue.end())
    for pattern in (_IN_CHARGE, _RESPONSIBLE):
        found += [(match.start("who"), match["who"].rstrip(" .,")) for match in pattern.finditer(decision)]
    for cue in _LISTED.finditer(decision):
        found += _from(decision, cue.end())
    people_listed = [(line.end(), name) for line in _LINE.finditer(decision) for name in people_at(decision, line.end())[:1]]
    if people_listed and len(people_listed) > 1:
        found = [one for one in found if not _introduces(decision, one)] + people_listed
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


def _introduces(decision: str, named: tuple[int, str]) -> bool:
    """Whether a body is named only to say who is in it: คณะทำงานชุดเล็ก ประกอบด้วย."""
    return re.compile(r"[^\n]{0,30}(?:ประกอบด้วย|ได้แก่|ดังนี้|คือ)").match(decision, named[0] + len(named[1])) is not None


def _from(text: str, start: int) -> list[tuple[int, str]]:
    """Who is named from `start` on: people one after the other, or one body and what is joined to it."""
    if named := people_at(text, start):
        return [(text.find(name, start), name) for name in named]
    body = _body(text, start)
    if not body:
        return []
    after = re.compile(rf" ?(?:และ|ร่วมกับ|กับ) ?(?={TITLE})").match(text, start + len(body))
    return [(start, body), *(_from(text, after.end()) if after else [])]


def _body(text: str, start: int) -> str:
    """The body or office that is named from `start` on: up to a space before what it is to do, else up to that itself."""
    line = text[start : start + _LONGEST].split("\n")[0]
    direct = _up_to_task(line)
    spaced = _SPACED.match(line)
    at_once = _AT_ONCE.match(line, len(direct))
    if spaced and not at_once and not _ROLE.match(direct) and not people(spaced["who"]):
        return spaced["who"].strip(" ,")
    return direct.strip(" ,")


def _up_to_task(line: str) -> str:
    place, seen = 0, ""
    for word in words(line):
        if place and (_TASK.match(line, place) and len(word) > 1):
            break
        if word in ("ประกอบด้วย", "ได้แก่") or (word == " " and len(seen) > 30):
            break
        seen += word
        place += len(word)
    return seen
