"""Names of people and bodies, as reports write them: where one begins and where it ends."""

import re

TITLE = (
    r"(?:นางสาว|น\.ส\.|นาง(?!หลง|เลิ้ง)|นาย(?!ช่าง|อำเภอ|ทะเบียน|จ้าง|ทุน|หน้า|ก(?:รัฐ|สมาคม|เทศ|องค์|อบ|ฯ| ?อบ|เมือง))"
    r"|คุณ(?!ภาพ|ค่า|สมบัติ|ธรรม|ลักษณะ|ประโยชน์|วุฒิ|ูปการ)"
    r"|ดร\.|ผศ\.|รศ\.|ศ\.|พระ(?:ครู|อาจารย์|มหา|อธิการ|ปลัด)|ว่าที่ ?ร(?:้อย|\.)ต(?:รี|\.)"
    r"|ด\.ต\.|[รพ]\.ต\.[ทอต]\.|จ\.ส\.อ\.|Mr\.|Mrs\.|Ms\.)"
)
TASK = (
    "ดำเนินการ|ดำเนินงาน|จัดทำ|จัดหา|จัด|ทำ|ติดต่อ|ติดตาม|ติดประกาศ|ติด|ประสาน|บันทึก|แก้ไข|ปรับ|เขียน|ส่ง|เปิด|เสนอ|เบิก|รายงาน|นำ|บรรจุ|แยก|"
    "ตรวจ|ศึกษา|ยกร่าง|ร่าง|สรุป|รับผิดชอบ|เป็น|ไป|ดูแล|รวบรวม|สำรวจ|แจ้ง|ออก|ตั้ง|ช่วย|ลง|พิจารณา|เร่ง|กำกับ|ซ่อม|ซื้อ|จ่าย|พัฒนา|เชิญ|หา|เก็บ|ขอ|"
    "ทบทวน|เตรียม|สนับสนุน|หารือ|วางแผน|ใช้|กลับ|ต้อง|จะ|ให้|ใน|ภายใน|เพื่อ|ประชาสัมพันธ์|ถือ|ควบคุม|ทำหน้าที่|เข้า|อบรม|ปลูก|สร้าง|ก่อสร้าง|ขยาย|"
    "คัดเลือก|ชี้แจง|ทาบทาม|นัด|เชื่อม|ขับเคลื่อน|ออกแบบ|กำหนด|หนุนเสริม|ผลักดัน|จดทะเบียน|ยื่น|พร้อม|ร่วมกัน|ร่วม(?!กับ)|ทั้งนี้|โดย|ประกอบ|ตาม|ที่ได้|ไม่|รื้อ|ขุด|"
    "ตัด|ล้าง|ทาสี|ประเมิน|วิเคราะห์|บริหาร|ถ่าย|เรียก|เฝ้า|จดบันทึก|สอบถาม|เผยแพร่|จำหน่าย|คืน|โอน|มอบ|ต่อ|เพิ่ม|ลด|ยก|เลือก|รับสมัคร|ฝึก"
)
"""How what somebody is to do begins, behind the name."""

_GIVEN = rf"[ก-๎A-Za-z.]+?(?=เป็น(?:ผู้|หัวหน้า|ประธาน|เลขา)|และ(?= ?{TITLE})|[^ก-๎A-Za-z.]|$)"
_NO_SURNAME = rf"และ|กับ|หรือ|ซึ่ง|ประธาน|รองประธาน|กรรมการ|เลขา|ผู้|หัวหน้า|เจ้าหน้าที่|นักพัฒนา|ปลัด|{TASK}|{TITLE}"
PERSON = rf"{TITLE} ?{_GIVEN}(?: (?!{_NO_SURNAME})[ก-๎]{{2,30}}(?![ก-๎]))?"
_PERSON = re.compile(PERSON)
_AND = re.compile(rf"(?: [ก-๎ .]{{2,40}})??(?:,? ?(?:และ|กับ|ร่วมกับ|พร้อมด้วย|พร้อมกับ),? ?|, ?|[ \n]+(?:\(?\d+[.)] ?)?)(?={TITLE})")


def person_at(text: str, start: int) -> str | None:
    """The name of a person that begins at `start`, with the title."""
    match = _PERSON.match(text, start)
    return match[0].rstrip(" .,") if match else None


def people_at(text: str, start: int) -> list[str]:
    """The people named one after the other from `start` on: with และ, a comma, a space, or a number of a list between."""
    found: list[str] = []
    while name := person_at(text, start):
        found.append(name)
        start += len(name)
        between = _AND.match(text, start)
        if not between:
            break
        start = between.end()
    return found


def people(text: str) -> list[str]:
    """All people that `text` names, in order."""
    return [match[0].rstrip(" .,") for match in _PERSON.finditer(text)]
