"""What a line of a Thai report is by the way it begins and ends: agenda item, number, bullet, label, figure, resolution."""

import re
from dataclasses import dataclass

from vectorstore.thai import arabic_digits

_AGENDA_WORD = r"(?:ระเบียบ)?วาระ(?:การประชุม|ประชุม)?"
_AGENDA = re.compile(rf"{_AGENDA_WORD} ?(?:ที่)? *(\d+)(?![\d/])")
_AGENDA_SUB = re.compile(rf"{_AGENDA_WORD} ?(?:ที่)? *(\d{{1,2}}(?:\.\d{{1,2}})+)\.?(?=[ :)])")
_AGENDA_SPELT = re.compile(rf"{_AGENDA_WORD} ?ที่ *(หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ)(?=[ :]|$)")
_AGENDA_NAMED = re.compile(rf"{_AGENDA_WORD}(?:เพื่อ(?:ทราบ|พิจารณา)|สืบเนื่อง|(?:เรื่อง)?อื่น ?ๆ|จร|พิเศษ)(?: ?:| [^\d].{{0,60}})?$")
_SPELT = ("หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า", "สิบ")
_DOTTED = re.compile(r"(\d{1,2}(?:\.\d{1,2})+)\.?(?=[ )]|[^\d ,.%)])\)? *(?=\S)")
_NUMBER = re.compile(r"(\d{1,3})(?:\. ?\1)?\.(?!\d) *(?=\S)")
_PARENTHESIS = re.compile(r"(?:(\()?(\d{1,3})\)) *(?=\S)")
_BULLET = re.compile(r"[-–—•●▪■□◦○*✓✔➢➤►▶o§·] *(?=\S)")
_LETTER = re.compile(r"[ก-ฮ][.)] +(?=\S)")
_NAMED = re.compile(r"(?:แผน(?:งาน)?|ข้อ|ขั้นตอน|กิจกรรม|ประเด็น|ยุทธศาสตร์|ด้าน|ประการ|เป้าหมาย|มาตรการ)(?:ที่)? ?(\d{1,2}) +(?=\S)")

_FIGURE = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?: ?(?:บาท|คน|ครัวเรือน|ราย|หลัง|ไร่|แห่ง|กองทุน|%))?|-")
_FIGURES = re.compile(r"[\d๐-๙]{2}[\d๐-๙,.]* +[\d๐-๙-][\d๐-๙,.]*(?: |$)")
_WORDS = re.compile("[ก-ฮA-Za-z]{2}")
_COUNT = re.compile(
    r"\d ?(?:ล้าน|แสน|หมื่น|พัน)?(?:บาท|คน|ครัวเรือน|ครัวเรียน|ครอบครัว|ราย|หลัง|ไร่|แห่ง|กองทุน|ตำบล|หมู่บ้าน|ชุมชน|กลุ่ม|ตัว|ชุด|ครั้ง|"
    r"กิโลกรัม|กก\.|ตัน|%)\.?$"
)
_ROW = re.compile(
    r"\S.* (?:[\d๐-๙]{1,3}(?:,[\d๐-๙]{3})+(?:\.[\d๐-๙]+)?|-)(?: (?:บาท|[\d๐-๙,.-]+))*"
    r"|\S.* (?:จำนวน|เป็น)[^ ]* ?\((?:พัน|ล้าน)?บาท\)"
)
_UNIT_HEAD = re.compile(r"(?:จำนวน|งบประมาณ|เป็นเงิน|หน่วย|วงเงิน|ยอด)[^\d]{0,20}\)?|\(?(?:หน่วย ?:? ?)?(?:พัน|ล้าน)?บาท\)?")
_PERSON = re.compile(r"(?:นาย|นางสาว|นาง|น\.ส\.|คุณ|ดร\.|ผศ\.|รศ\.|ศ\.|พระ|ด\.[ชญ]\.|ว่าที่|พ\.ต\.|ร\.ต\.)")
_INTRODUCES = re.compile(r"(?:ดังนี้|ดังต่อไปนี้|ประกอบด้วย|ได้แก่|คือ|มีดังนี้|:) *:?$")
_ENDED = re.compile(r"[!?;,…”\"»]$|(?<![ก-ฮ])\.$")
_RESOLUTION = re.compile(r"(?:ที่ประชุม(?:ได้)?(?:มี)?|สรุป)?มติ(?!ชน|ด)")
_ACRONYM = re.compile(r"(?:[ก-ฮ]{1,5}\.)+[ก-๎A-Za-z0-9 ]{0,30}(?: - .{1,60})?")

_LABELS = re.compile(
    r"(?:\d+[.)] *)*(?:เป้าประสงค์|วัตถุประสงค์|เป้าหมาย|กลุ่มเป้าหมาย|ตัวชี้วัด|ขอบเขต|รายละเอียดงบประมาณ|แหล่ง(?:ที่มาของ)?งบประมาณ|"
    r"งบประมาณ|ภาคีการพัฒนา|ภาคี(?:เครือข่าย|ที่เกี่ยวข้อง|ร่วมดำเนินงาน)|ปัญหา(?:และ|/)?อุปสรรค|ข้อเสนอแนะ|ข้อแสนอแนะ|ข้อเสนอ|"
    r"ผลที่คาดว่าจะได้รับ|ผลการดำเนิน(?:งาน|การ)|ผลลัพธ์|ผลผลิต|ระยะเวลา(?:ใน)?(?:การ)?ดำเนิน(?:งาน|การ|โครงการ)|หลักการและเหตุผล|"
    r"ความเป็นมา|วิธีดำเนิน(?:งาน|การ)|แผนการดำเนินงาน|แนวทาง(?:การ)?ดำเนินงาน|พื้นที่ดำเนิน(?:งาน|การ)|ผู้รับผิดชอบ(?:โครงการ)?|"
    r"ผู้(?:เข้า(?:ร่วม)?|ไม่มา|ไม่เข้าร่วม|ลา|มา|ร่วม)ประชุม|รายชื่อผู้เข้า(?:ร่วม)?ประชุม|ความก้าวหน้า|การติดตาม(?:และ)?ประเมินผล|"
    r"บทเรียน(?:ที่ได้รับ)?|สรุปผล|บทสรุป|ข้อสังเกต|ปัจจัยความสำเร็จ|แผน(?:งาน)?ระยะต่อไป|ก้าวต่อไป)[^\d:]{0,20}"
)
"""Headings that project sheets and reports have, when they stand alone on a short line."""

LABEL_LENGTH = 70


@dataclass(frozen=True, slots=True)
class Marker:
    """How a line begins. `style` is agenda, dotted, number, parenthesis, half, bullet, letter, named or none.

    `number` is the last number of the marker, 0 without one; `path` all of them (2.1 is (2, 1)); `length` its characters.
    """

    style: str = "none"
    path: tuple[int, ...] = ()
    length: int = 0

    @property
    def number(self) -> int:
        """The marker's last number; 0 without one."""
        return self.path[-1] if self.path else 0


NO_MARKER = Marker()


def marker(text: str) -> Marker:
    """The marker that `text` begins with."""
    digits = arabic_digits(text[:48])
    if digits.startswith(("วาระ", "ระเบียบวาระ")) and (agenda := _agenda(digits, text)):
        return agenda
    if match := _DOTTED.match(digits):
        return Marker("dotted", tuple(map(int, match[1].split("."))), match.end())
    if match := _NUMBER.match(digits):
        return Marker("number", (int(match[1]),), match.end())
    if match := _PARENTHESIS.match(digits):
        return Marker("parenthesis" if match[1] else "half", (int(match[2]),), match.end())
    if match := _BULLET.match(digits):
        return Marker("bullet", (), match.end()) if digits[0] != "o" or digits[1] == " " else NO_MARKER
    if match := _LETTER.match(digits):
        return Marker("letter", (), match.end())
    if match := _NAMED.match(digits):
        return Marker("named", (int(match[1]),), match.end())
    return NO_MARKER


def _agenda(digits: str, text: str) -> Marker | None:
    """The marker of an agenda item by its number, in figures or in words, or by its name."""
    if match := _AGENDA_SUB.match(digits):
        return Marker("dotted", tuple(map(int, match[1].split("."))), match.end())
    if match := _AGENDA.match(digits):
        return Marker("agenda", (int(match[1]),), match.end())
    if match := _AGENDA_SPELT.match(digits):
        return Marker("agenda", (_SPELT.index(match[1]) + 1,), match.end())
    return Marker("agenda") if len(text) <= LABEL_LENGTH and _AGENDA_NAMED.match(text) else None


def is_figure(text: str) -> bool:
    """Whether the line is one number, with or without its unit."""
    return len(text) <= 24 and _FIGURE.fullmatch(arabic_digits(text)) is not None


def is_count(text: str) -> bool:
    """Whether a short line ends in a number and what it counts (จังหวัดพังงา 504 ครัวเรือน)."""
    return len(text) <= 80 and _COUNT.search(arabic_digits(text[-24:])) is not None


def is_row(text: str) -> bool:
    """Whether a short line looks like a name and its amounts (อบต. สมทบ 30,000), or like the head of such rows."""
    return len(text) <= 100 and _ROW.fullmatch(text) is not None


def is_unit_head(text: str) -> bool:
    """Whether a short line heads a column of figures: จำนวน(บาท)."""
    return len(text) <= 40 and _UNIT_HEAD.fullmatch(text) is not None


def is_resolution(text: str) -> bool:
    """Whether the line states what a meeting resolved."""
    return _RESOLUTION.match(text) is not None


def introduces(text: str) -> bool:
    """Whether the line announces what follows it (… ดังนี้, … ประกอบด้วย)."""
    return _INTRODUCES.search(text[-20:]) is not None


def is_known_label(text: str) -> bool:
    """Whether the line is one of the headings that every project sheet has."""
    return len(text) <= LABEL_LENGTH and not is_count(text) and _LABELS.fullmatch(text.rstrip(": ")) is not None


def is_label(text: str) -> bool:
    """Whether a line could be a heading, if what follows it fits: short, unended; no person, count, figures or resolution."""
    if len(text) > LABEL_LENGTH or _PERSON.match(text) or " | " in text:
        return False
    if is_count(text) or is_figure(text) or is_resolution(text) or not _WORDS.search(text) or _FIGURES.search(text):
        return False
    if _ACRONYM.fullmatch(text):
        return True
    if ":" in text[:-1] or _ENDED.search(text):
        return False
    return text.endswith(":") or not introduces(text)
