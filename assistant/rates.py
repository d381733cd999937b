"""The unit that a value is asked for: คืนละเท่าไร, กี่บาทต่อไร่, how much a night, and whether a text gives one for it."""

import re
from collections.abc import Iterator, Sequence

from assistant.kinds import any_of
from vectorstore import thai

_ASKED = "(?:เท่า(?:ไร|ไหร่|ใด)|กี่)"
_ABOUT = "(?:ไม่(?:เกิน|ต่ำกว่า|น้อยกว่า)|สูงสุด|อย่างน้อย|ประมาณ|ราว|เฉลี่ย|เป็น(?:เงิน)?|เงิน|ได้|คือ| ){0,3}"
_EACH = re.compile(f" *ละ{_ABOUT}{_ASKED}")
_UNITS = (
    "คน|ราย|หัว|ท่าน|คืน|วัน(?!ที่)|สัปดาห์|เดือน|ปี(?! *[0-9๐-๙])|ฤดูกาล|งวด|รอบ|รุ่น|ครั้ง|เที่ยว|มื้อ|ชั่วโมง|ไร่|ตารางวา|ตารางเมตร|"
    "หลัง|ครัวเรือน|ครอบครัว|แห่ง|ตำบล|หมู่บ้าน|ชุมชน|กลุ่ม|ศูนย์|กิโลกรัม|กิโล|กก\\.|ตัน|ลิตร|เมตร|หน่วย|ตัว|ลำ|คัน|ชุด|ชิ้น|เครื่อง|ใบ|เล่ม|หุ้น"
)
_PER = re.compile(f"(?<!ติด)(?:ต่อ|/) *({_UNITS})(?!ได้|จ่าย|การ|งาน)")
_LAST = re.compile(f"(?:{_UNITS})$")
"""A unit at the end of what may be one word with what is before it: เงินเดือนละเท่าไร."""
_ENGLISH = {
    "person|head|member|patient": "คน",
    "night": "คืน",
    "day": "วัน",
    "week": "สัปดาห์",
    "month": "เดือน",
    "year": "ปี",
    "rai": "ไร่",
    "time|visit": "ครั้ง",
    "trip": "เที่ยว",
    "house|home": "หลัง",
    "household|family": "ครัวเรือน",
    "kilo|kilogram|kg": "กิโลกรัม",
    "share": "หุ้น",
}
_EVERY = re.compile(f"(?<![a-z])(?:per|an?|each|every) ({'|'.join(_ENGLISH)})(?![a-z])", re.IGNORECASE)
_ALIKE = (
    ("คน", "ราย", "หัว", "ท่าน"),
    ("กิโลกรัม", "กิโล", "โล", "กก."),
    ("ครัวเรือน", "ครอบครัว", "หลังคาเรือน", "บ้าน"),
)
"""Units that go by several words."""
_NONE = frozenset(["แต่", "ร้อย", "แ", "อย่าง"])
"""What stands before ละ without being a unit of its own: แต่ละ, ร้อยละ, และ, อย่างละ."""
_SEVERAL = any_of("บ้าง|มั่ง")
"""Which things, and how much of each: a list of them answers, whether it says แหล่งละ or not."""
_VALUE = "(?:[0-9]|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ยี่สิบ|ร้อย|พัน|หมื่น|แสน|ล้าน|บาท)"


def asked(text: str) -> tuple[str, ...]:
    """The words of the unit for each of which one value is asked for: คืน; none where it is asked for the whole."""
    if _SEVERAL.search(text) or len(re.findall(_ASKED, text)) > 1:
        return ()
    return tuple(_words(next(_asked(text), "")))


def _asked(text: str) -> Iterator[str]:
    for found in _EACH.finditer(text):
        word = next(iter(thai.words(text[: found.start()])[-1:]), "")
        known = _LAST.search(word)
        if known or (word and word not in _NONE):
            yield known[0] if known else word
    yield from (found[1] for found in _PER.finditer(text))
    for found in _EVERY.finditer(text):
        yield next(unit for words, unit in _ENGLISH.items() if found[1].lower() in words.split("|"))


def _words(unit: str) -> Sequence[str]:
    return next((alike for alike in _ALIKE if unit in alike), (unit,) if unit else ())


def told(units: Sequence[str], text: str, above: str = "") -> bool:
    """Whether `text` (in Arabic digits) gives a value for one of `units`: คืนละ 200 บาท, 450 บาทต่อวัน.

    Cells and items do where the row that names the columns, or another line `above` them, names the unit: ค่าเช่าต่อไร่.
    """
    words = "|".join(map(re.escape, units))
    per = f"(?<!ติด)(?:ต่อ|/) *(?:{words})(?!ที่|ได้|จ่าย|การ|งาน)"
    name = f"(?:(?:{words}) *ละ(?!เอียด|ครึ่ง)|{per})"
    if re.search(f"{name}[^\n|]{{0,30}}?{_VALUE}|{_VALUE}[^\n|]{{0,25}}?{per}", text):
        return True
    return bool(re.search(_VALUE, text) and re.search(name, f"{above}\n{text}" if re.search("[\n|]", text) else above))
