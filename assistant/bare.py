"""A noun alone, asked out: งบประมาณโครงการฝาย is asked as งบประมาณโครงการฝาย เท่าไร, in the words that questions are read by."""

import re

from assistant import askwords
from assistant.subject import Token, asks_anything, tokens

_POLITE = re.compile("(?:(?:ขอ|อยาก|ต้องการ)?(?:ทราบ|รู้|ดู|ค้น|หา)|ขอ|ช่วย|บอก|เอา|หน่อย| )+")
_ASKED = {
    "คือใคร": "ประธาน รองประธาน เลขานุการ เลขา เหรัญญิก หัวหน้า ผู้รับผิดชอบ ผู้ประสานงาน ผู้จัดการ ผู้อำนวยการ ผู้ใหญ่บ้าน กำนัน",
    "เท่าไร": "งบ งบประมาณ เงินทุน เงินสนับสนุน เงินสมทบ ค่าใช้จ่าย ราคา มูลค่า ยอดเงิน รายได้ รายจ่าย กำไร จำนวน เนื้อที่ ขนาด "
    "เบอร์ เบอร์โทร เบอร์โทรศัพท์ โทรศัพท์ หมายเลขโทรศัพท์",
    "วันไหน": "วันที่ วันประชุม",
    "ที่ไหน": "สถานที่ สถานที่ประชุม ที่ตั้ง",
    "มีใครบ้าง": "รายชื่อ คณะกรรมการ กรรมการ ผู้เข้าร่วม",
    "มีอะไรบ้าง": "วัตถุประสงค์ กิจกรรม ปัญหา อุปสรรค ข้อเสนอ ข้อเสนอแนะ",
}
_ENDING = {noun: ending for ending, nouns in _ASKED.items() for noun in nouns.split()}
_NOUN = re.compile("|".join(sorted(_ENDING, key=len, reverse=True)))
_OFFICE = re.compile("สำนักงาน|สำนัก|เทศบาล|อบต|อบจ|องค์การ|ที่ทำการ|โรงเรียน|โรงพยาบาล|กระทรวง|กรม|สถาบัน|พอช|พมจ|หน่วยงาน")


def asked_out(text: str) -> tuple[str, str] | None:
    """(`text` with the words that ask, what asks alone) where it is a noun of one side and what it is a side of.

    `text` is normalised, on one line. None for anything else: a question, or a phrase to search for.
    """
    polite = _POLITE.match(text)
    head = _NOUN.match(text, polite.end() if polite else 0)
    if not head or asks_anything(text):
        return None
    words = [token for token in tokens(text) if token.word.strip()]
    after = next((token for token in words if token.start >= head.end()), None)
    if after is None or not any(token.end == head.end() for token in words) or not _is_side_of(after):
        return None
    ending = _ENDING[head[0]]
    return f"{text} {ending}", f"{head[0]} {ending}"


def _is_side_of(after: Token) -> bool:
    """Whether the word after a noun begins what it is a side of: กองทุน, อบต., a place, ของ."""
    names = after.named or after.word == "ของ" or _OFFICE.match(after.word)
    return bool(names) or askwords.body(after.word) or askwords.side(after.word)
