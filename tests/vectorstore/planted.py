"""Numbers planted in invented sentences and table rows by rule: citizens' numbers, and budgets, books and codes."""

import random
from dataclasses import dataclass

_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_READ_AS = {"0": "OoQ", "1": "lI|i", "5": "S", "8": "B", "2": "Z"}
_NAMES = ["นายสมหมาย ทองดี", "นางบุญเรือน แสนสุข", "น.ส.กานดา ใจงาม", "ด.ช.ก้อง ภูเขา", "ว่าที่ ร.ต.วิชัย นาคำ", "คุณป้าละออ"]
_PLACES = ["บ้านโคกสีทอง", "ตำบลหนองบัวลาย", "ชุมชนริมคลองเก้า", "กองทุนหมู่บ้านทุ่งรวงทอง"]
_CALLED = [
    "เลขประจำตัวประชาชน",
    "เลขบัตรประชาชน",
    "เลขที่บัตรประชาชน",
    "บัตรประชาชนเลขที่",
    "หมายเลขประจำตัวประชาชน",
    "บัตรประจำตัวประชาชน เลขที่",
    "เลข 13 หลัก",
    "เลข ปชช.",
    "ถือบัตรประชาชนหมายเลข",
    "เลขประจำตัวบัตรประชาชน:",
    "เลขประจำตัวประชาชน (13 หลัก) คือ",
    "ID card no.",
]
_CITIZENS = [
    "{name} {called} {number} อยู่ในพื้นที่{place}",
    "ผู้รับสวัสดิการ {name} {called} {number} ได้รับเงิน {amount} บาท เมื่อปี 2566",
    "- {name} ({called} {number}) เป็นสมาชิก{place}",
    "ข้าพเจ้า {name} {called} {number} ขอรับรองว่าข้อความข้างต้นเป็นความจริง",
    "{called}\n{number}\n{name}",
    "ชื่อ | {name}\n{called} | {number}\nยอดเงิน | {amount}",
    "ลำดับ | ชื่อ-สกุล | {called} | จำนวนเงิน\n1 | {name} | {number} | {amount}",
    "ที่ | {called} | ชื่อ\n1 | 1-1111-11111-11-9 | นายก ข\n2 | {number} | {name}",
    "{place} {name} {called} {number}, โทร. 02-141-7000",
]
_FIGURES = [
    "งบประมาณทั้งสิ้น {amount} บาท ใช้ไป {amount} บาท",
    "ตามหนังสือ มท {four}.{one}/ว {four} ลงวันที่ {day} มกราคม 25{two}",
    "หนังสือ พอช. ที่ {two}/{four} เรื่อง การจัดสรรงบประมาณ {amount} บาท",
    "รหัสโครงการ {digits13} วงเงิน {amount} บาท",
    "เลขที่โครงการ {digits11} เลขที่สัญญา {digits12}",
    "รหัสงบประมาณ 0700{digits11}{four} แหล่งของเงิน 67{four}10",
    "รหัสบัญชีแยกประเภท 5104{six} ค่าใช้จ่าย {amount}",
    "นิติบุคคลเลขประจำตัวผู้เสียภาษี 0{digits12}",
    "ISBN 978-616-{three}-{three}-{one}",
    "พิกัด 1{one}.{six}, 100.{six}",
    "บ้านมั่นคง | {amount} | {amount} | {amount}\nรวม | {amount} | {amount} | {amount}",
    "ปี 2561 2562 2563 2564 2565 ได้งบ {amount} {amount}",
    "วันที่ {day}/{month}/25{two} เวลา 09.30-12.00 น. ประชุมครั้งที่ {one}/25{two}",
    "เลขครุภัณฑ์ {four}-{three}-{four}/{two} ราคา {amount}",
    "ทะเบียนเลขที่ {six}/25{two} จำนวน {three} ราย",
    "โทร. 0 2{three} {four} ต่อ {three} โทรสาร 0-2{three}-{four}",
    "ใบเสร็จรับเงินเล่มที่ {three} เลขที่ {digits11} เป็นเงิน {amount} บาท",
    "สมาชิก {four} คน เงินสะสม {digits13} บาท มาตรา {three}",
]


@dataclass(frozen=True)
class Planted:
    """A text, where in it the number stands (an empty span where there is nothing personal)."""

    text: str
    start: int
    end: int

    @property
    def number(self) -> str:
        return self.text[self.start : self.end]


def citizens(count: int, seed: int) -> list[Planted]:
    """Texts that hold a citizen's number, one in two of them with a slip of a scanner, in many ways of writing."""
    chance = random.Random(seed)
    return [_citizen(chance) for _ in range(count)]


def figures(count: int, seed: int) -> list[str]:
    """Texts of budgets, books, codes, dates, places and offices."""
    chance = random.Random(seed)
    return [_figure(chance, chance.choice(_FIGURES)) for _ in range(count)]


def citizen(chance: random.Random) -> str:
    """Thirteen digits that check."""
    digits = [chance.randint(1, 8), *(chance.randint(0, 9) for _ in range(11))]
    total = sum(digit * (13 - place) for place, digit in enumerate(digits))
    return "".join(map(str, [*digits, (11 - total % 11) % 10]))


def _citizen(chance: random.Random) -> Planted:
    number = citizen(chance)
    slip = chance.random() < 0.5
    if slip:
        number = _slipped(chance, number)
    number = _written(chance, number)
    if chance.random() < 0.2:
        number = number.translate(_THAI)
    template = chance.choice(_CITIZENS)
    fields = {"name": chance.choice(_NAMES), "place": chance.choice(_PLACES), "called": chance.choice(_CALLED)}
    before, after = (_figure(chance, part, **fields) for part in template.split("{number}"))
    return Planted(before + number + after, len(before), len(before) + len(number))


def _slipped(chance: random.Random, number: str) -> str:
    place = chance.randrange(13)
    kind = chance.choice(["wrong", "missing", "added", "letter"])
    if kind == "missing":
        return number[:place] + number[place + 1 :]
    if kind == "added":
        return number[:place] + str(chance.randint(0, 9)) + number[place:]
    if kind == "letter" and number[place] in _READ_AS:
        return number[:place] + chance.choice(_READ_AS[number[place]]) + number[place + 1 :]
    return number[:place] + str((int(number[place]) + chance.randint(1, 9)) % 10) + number[place + 1 :]


def _written(chance: random.Random, number: str) -> str:
    between = chance.choice(["", "", "-", "-", " ", ".", " - ", "–", "\u200b", "-\n", "\n"])
    cuts = [1, 5, 10, 12]
    if between == "\n":
        cut = chance.choice(cuts)
        return f"{number[:cut]}\n{number[cut:]}"
    return between.join(number[start:end] for start, end in zip([0, *cuts], [*cuts, len(number)], strict=True))


def _figure(chance: random.Random, template: str, **fields: str) -> str:
    def digits(count: int) -> str:
        return "".join(str(chance.randint(0, 9)) for _ in range(count))

    pieces = template.split("{amount}")
    text = pieces[0]
    for piece in pieces[1:]:
        text += f"{chance.randint(1_000, 99_999_999):,}" + chance.choice(["", ".00", ".50"]) + piece
    named = {f"digits{count}": digits(count) for count in (11, 12, 13)}
    named |= {"one": digits(1), "two": digits(2), "three": digits(3), "four": digits(4), "six": digits(6)}
    text = text.format(**named, day=chance.randint(1, 28), month=chance.randint(1, 12), **fields)
    return text.translate(_THAI) if not fields and chance.random() < 0.15 else text
