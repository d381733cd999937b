"""Words by what they do in a question: ask, say nothing of what it is about, name one side of it, or name a body."""

import re
from functools import cache

from vectorstore import thai


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ASKING = _set(
    "ใคร อะไร ไหน กี่ เท่าไร เท่าไหร่ เท่าใด เมื่อไร เมื่อไหร่ เมื่อใด ที่ไหน อย่างไร ยังไง ทำไม ไหม มั้ย มั๊ย ไม๊ หรือไม่ หรือเปล่า หรือยัง รึยัง ใด ไง "
    "เพราะอะไร "
    "what which who whom whose when where why how"
)
_ASKING_END = re.compile("[ก-๎]+(?:ไหน|ไหร่|เท่าไร|เมื่อไร|เท่าใด|เมื่อใด|อะไร|ใคร)")
_LIGHT = _set(
    "มี ใช้ ได้ ได้รับ รับ ตั้ง ก่อตั้ง จัดตั้ง เป็น คือ อยู่ จัด เริ่ม เริ่มต้น เสร็จ เสร็จสิ้น สิ้นสุด จบ ทำ เกิด เกิดขึ้น ให้ ต้อง จะ ถูก เหลือ เพิ่ม เพิ่มขึ้น ลด "
    "ลดลง มา มาจาก "
    "ไป ตรงกับ คิด คิดเป็น รวม ทั้งหมด ทั้งสิ้น ซื้อ จ่าย เข้าร่วม ร่วม ดำเนินการ ดำเนินงาน ดำรง ดำรงตำแหน่ง ทำหน้าที่ อนุมัติ เห็นชอบ เสนอ รับผิดชอบ ดูแล "
    "นำ พูด คุย ว่า หมายถึง ส่ง ประกอบด้วย สำเร็จ ไว้ พบ เจอ ครอบคลุม มอบ มอบหมาย ภายใน ตอนนี้ ปัจจุบัน ล่าสุด ตั้งแต่ เดือนละ ปีละ คนละ คืนละ ละ "
    "แรก สุดท้าย เทียบ เปรียบเทียบ มาก มากที่สุด น้อยที่สุด ที่สุด สุด นาน สัก อีก เฉลี่ย ต่อ กลับ แบ่ง ช่วย ขอ บอก "
    "have has had get got gets receive received cost costs found founded hold held use used uses spend spent start started "
    "begin began begun end ended "
    "happen happened take took taken place locate located set chair chaired lead led resolve resolved decide decided say "
    "said give gave given make made "
    "join joined take part total overall run runs ran currently now still left exactly approximately about"
)
"""Verbs and fillers that lead up to what is asked for."""
_SIDES = _set(
    "ข้อ อัน สมาชิก ประธาน รองประธาน เลขานุการ เลขา เหรัญญิก กรรมการ คณะกรรมการ หัวหน้า ผู้นำ ผู้รับผิดชอบ ผู้เข้าร่วม ผู้ประสานงาน ผู้จัดการ ผู้ดูแล "
    "งบ งบประมาณ เงิน เงินทุน "
    "เงินสนับสนุน ทุน ค่าใช้จ่าย ราคา มูลค่า ยอด ยอดเงิน รายได้ รายจ่าย กำไร มติ ปัญหา อุปสรรค ผล ผลลัพธ์ ผลงาน วัตถุประสงค์ เป้าหมาย กิจกรรม "
    "สถานที่ วันที่ "
    "เวลา ระยะเวลา พื้นที่ เนื้อที่ ขนาด จำนวน แหล่ง แหล่งทุน แหล่งเงิน ที่ตั้ง รายชื่อ ชื่อ ตำแหน่ง หน่วยงาน องค์กร สาเหตุ เหตุผล ข้อเสนอ ข้อเสนอแนะ "
    "แนวทาง วิธี วิธีการ ขั้นตอน "
    "รายละเอียด ที่ประชุม หน้าที่ ข้อสรุป สรุป สนับสนุน ครัวเรือน ครอบครัว คน ราย หมู่ หมู่บ้าน ตำบล อำเภอ จังหวัด แห่ง หลัง ไร่ บาท เดือน วัน ปี ครั้ง "
    "ช่วง ตัว ล้าน ล้านบาท หัวข้อ "
    "ประเด็น ห้อง ห้องประชุม นานเท่าไร เบอร์ เบอร์โทร เบอร์โทรศัพท์ โทรศัพท์ มือถือ ที่อยู่ คุณสมบัติ เงื่อนไข อายุ อันดับ สถานะ หมายเลข "
    "member members chair chairs chairman chairperson chairwoman president leader leaders secretary treasurer committee "
    "budget budgets money fund's funds funding cost price "
    "amount sum value number share percentage income expenses resolution resolutions decision decisions problem problems "
    "obstacle obstacles result results outcome outcomes "
    "objective objectives goal goals target activity activities location date day month year years time period duration "
    "area size source sources name names people persons "
    "households families province district subdistrict village villages baht million details reason reasons role phone "
    "telephone address participants responsible"
)
"""Sides that everything in the archive has, and units: alone they say nothing of what a question is about."""
_BODIES = _set(
    "กองทุน กลุ่ม โครงการ สภา สภาองค์กรชุมชน ธนาคาร สหกรณ์ ชุมชน ศูนย์ คณะ คณะทำงาน คณะอนุกรรมการ อนุกรรมการ ฝาย ป่า ป่าชุมชน บ้าน หมู่บ้าน "
    "มูลนิธิ เครือข่าย สมาคม วิสาหกิจ "
    "วิสาหกิจชุมชน ห้องสมุด วัด โรงเรียน ตลาด บริษัท เทศบาล อบต. สถาบัน ขบวน สมัชชา สมัชชาสุขภาพ แผน แผนงาน งาน เวที ประชุม การประชุม สัมมนา "
    "ชมรม ร้าน โรงงาน โรงพยาบาล ทีม "
    "กรม กระทรวง แปลง ตำบล อำเภอ จังหวัด ที่ประชุม กองทุนสวัสดิการ กองทุนสวัสดิการชุมชน กลุ่มออมทรัพย์ ธนาคารขยะ บ้านมั่นคง "
    "fund group project council bank cooperative community centre center committee weir forest village foundation network "
    "association enterprise library temple school "
    "market company municipality institute assembly plan team meeting programme program"
)
"""What a project or body is called by; a word after it tells which."""
_COURTESY = _set(
    "ขอบคุณ ขอบใจ ขอบพระคุณ สวัสดี หวัดดี ดี ครับ คับ ค่ะ คะ คะ่ จ้า จ้ะ จ๊ะ นะ นะคะ นะครับ มาก มากๆ เลย โอเค ok okay ได้ เข้าใจ แล้ว เยี่ยม ใช่ "
    "อืม อ๋อ อ้อ ทดสอบ ทุกคน แอดมิน บอท น้อง "
    "thanks thank you very much hello hi hey good morning afternoon evening great nice bye so test testing there everyone ๆ"
)
_COURTEOUS = re.compile(
    "(?:ขอบคุณ|ขอบใจ|ขอบพระคุณ|สวัสดี|หวัดดี|โอเค|เข้าใจแล้ว|อ๋อ|อ้อ|ทดสอบ"
    "|(?:thanks|thank you|hello|hi|hey|ok|okay|great|good (?:morning|afternoon|evening)|test(?:ing)?)(?![a-z]))",
    re.IGNORECASE,
)


def asks(word: str) -> bool:
    """Whether a word (small letters) asks: ใคร, กี่, where."""
    return word in _ASKING or bool(_ASKING_END.fullmatch(word))


@cache
def light(word: str) -> bool:
    """Whether a word says nothing of what a question is about: a filler, a side, two of them in one (มีปัญหา, ได้เงิน)."""
    if plain(word):
        return True
    return any(word.startswith(verb) and plain(word[len(verb) :]) for verb in _LIGHT if len(verb) < len(word))


def plain(word: str) -> bool:
    """Whether a word is itself a filler, a side, or one without meaning of its own."""
    known = word in _LIGHT or word in _SIDES or word in thai.stopwords()
    return known or word.endswith(("นี้", "นั้น", "ดังกล่าว")) or not re.search("[a-z0-9ก-ฮ]", word)


def side(word: str) -> bool:
    """Whether a word names one side of whatever is spoken of: สมาชิก, งบ, budget."""
    return word in _SIDES


def verb(word: str) -> bool:
    """Whether a word leads up to what is asked for, and so may begin a question whose subject was dropped."""
    return word in _LIGHT or (light(word) and not side(word) and word not in thai.stopwords())


def body(word: str) -> bool:
    """Whether a word names a kind of body or project: กองทุน, โครงการ."""
    return word in _BODIES


def courteous(text: str) -> bool:
    """Whether `text` is thanks, a greeting or a test and nothing else, or has no word at all."""
    words = [word for word in thai.words(text.lower()) if re.search("[0-9a-zก-๎]", word)]
    return not words or (bool(_COURTEOUS.match(text)) and all(word in _COURTESY for word in words))


def after_courtesy(text: str) -> str:
    """`text` without the thanks that it begins with."""
    found = re.match(f"{_COURTEOUS.pattern}(?:ๆ| |,|\\.|!|มาก|เลย|ครับ|คับ|ค่ะ|คะ|จ้า|very much|so much)*", text, re.IGNORECASE)
    return text[found.end() :] if found and found.end() < len(text) else text
