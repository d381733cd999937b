"""What kind of thing a question asks for."""

import re

from assistant.types import Query, Wanted
from vectorstore.privacy import MASK


def any_of(*patterns: str) -> re.Pattern[str]:
    """One pattern of several, whatever the case of its letters."""
    return re.compile("|".join(patterns), re.IGNORECASE)


_WANTED: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    ("resolution", any_of("มีมติ", "มติ.{0,20}(?:ว่า|อะไร|อย่างไร)", "ลงมติ", "resol(?:ve|ution)", "decide")),
    (
        "when",
        any_of(
            "เมื่อ(?:ไร|ไหร่|ใด)",
            "(?:วัน|เดือน|ปี|ช่วง|ช่วงปี)(?:ไหน|ใด|อะไร)",
            "วันที่(?:เท่าไร|เท่าไหร่|อะไร|ไหน)",
            "กี่โมง",
            "when",
            "(?:what|which) (?:date|day|month|year)",
        ),
    ),
    (
        "money",
        any_of(
            "กี่(?:ล้าน|แสน|หมื่น|พัน)?บาท",
            "(?:งบ|เงิน|ทุน|ราคา|มูลค่า|สมทบ|ค่า).{0,60}(?:เท่าไร|เท่าไหร่|เท่าใด)",
            "how much (?:money|fund|budget|did|was|were|does|is)",
            "what (?:was|is) the (?:budget|cost|price|amount)",
            "how many (?:million )?baht",
        ),
    ),
    (
        "amount",
        any_of("กี่", "เท่าไร", "เท่าไหร่", "เท่าใด", "how (?:many|much|long)", "what (?:share|percentage|proportion)", "number of"),
    ),
    ("who", any_of("ใคร", "ผู้ใด", "ท่านใด", "คนไหน", "ชื่ออะไร", "(?<![a-z])(?:who|whom|whose)(?![a-z])")),
    (
        "where",
        any_of(
            "ที่ไหน", "ที่ใด", "(?:จังหวัด|อำเภอ|ตำบล)(?:ไหน|ใด)", "where", "which (?:province|district|subdistrict|tambon|village)"
        ),
    ),
    ("list", any_of("อะไรบ้าง", "ใดบ้าง", "ไหนบ้าง", "รายชื่อ", "ได้แก่", "list ", "what are", "which are")),
)
"""In the order of what they tell: a question of a resolution may ask for a sum besides."""
_PERSONAL = any_of(
    "(?:เบอร์|หมายเลข)(?:โทร|มือถือ|ติดต่อ)",
    "เบอร์.{0,12}(?:ของ|คุณ|นาย|นาง)",
    "ขอเบอร์",
    "เลข(?:บัตร|ประจำตัว)ประชาชน",
    "(?:เลข|เลขที่|หมายเลข)บัญชี",
    "บ้านเลขที่",
    "ที่อยู่(?:บ้าน|ส่วนตัว)?ของ",
    "ไลน์ไอดี",
    "(?:phone|mobile|telephone|id|identity|bank account) (?:number|card)",
    "home address",
    "e-?mail address of",
    "ติดต่อ.{0,60}(?:ยังไง|อย่างไร|ได้ไง|เบอร์|ทางไหน)",
    "(?:ขอ|บอก|มี)(?:อีเมล|ไลน์)",
    f"{MASK}[{MASK} .@-]{{3,}}(?:นี้|เป็น|คือ|เบอร์|เลข|ของ|ชื่อ| )*(?:ใคร|คนไหน|ท่านใด)",
    f"(?:ใคร|เจ้าของ|whose|who).{{0,20}}(?:เบอร์|เลข|บัญชี|อีเมล|number|phone|account).{{0,12}}{MASK}",
    f"^[ .@+()?-]*{MASK}[{MASK} .@+()?-]*$",
)

_OFFICE = any_of(
    "สำนักงาน|สำนัก(?!พิมพ์)|เทศบาล|อบต|อบจ|องค์การบริหาร|ที่ว่าการ|ที่ทำการ|ศูนย์|โรงเรียน|โรงพยาบาล|รพ\\.สต|กระทรวง|กรม|สถาบัน|พอช|พมจ|หน่วยงาน|สายด่วน",
    "(?<![a-z])(?:office|municipality|ministry|department|hospital|school|hotline)(?![a-z])",
)
_SOMEBODY = any_of(
    "นาย|นาง|น\\.ส\\.|คุณ|ประธาน|กรรมการ|สมาชิก|เลขา|หัวหน้า|ผู้อำนวยการ|ผอ\\.|ผู้ใหญ่|กำนัน|ปลัด|เจ้าหน้าที่|ผู้ประสาน|ผู้รับผิดชอบ|ครู|หมอ|ใคร|ชาวบ้าน",
    "มือถือ|ส่วนตัว|บัตร|ประชาชน|บัญชี|บ้านเลขที่|ไลน์",
    "(?<![a-z])(?:mr|mrs|ms|his|her|mobile|home|whose|who|card|account|chair|head|director|of the staff)(?![a-z])",
)


def kinds(text: str) -> tuple[Wanted, ...]:
    """What is asked for, at most two things: who buys it, and for how much. A sum of money is an amount already."""
    found = [kind for kind, pattern in _WANTED if pattern.search(text)]
    if "money" in found and "amount" in found and len(re.findall("กี่|เท่าไร|เท่าไหร่|เท่าใด|how (?:much|many)", text)) < 2:
        found.remove("amount")
    return tuple(found[:2]) or ("text",)


def asks_personal_data(query: Query) -> bool:
    """Whether somebody's telephone number, identity number, account or home address is asked for; an office's is not."""
    return any(_PERSONAL.search(text) and not _of_office(text) for text in (query.asked, query.text))


def _of_office(text: str) -> bool:
    return bool(_OFFICE.search(text)) and not _SOMEBODY.search(text)
