"""What a number in a Thai text is called: by the words before it, or by the heading of its column."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Label = Literal["citizen", "tax", "account", "phone", "address", "line", "passport", "reference"]
"""`reference` is any number that is nobody's: of a letter, project, budget, contract, book or place."""

WINDOW = 80
"""Characters before a number in which its name is looked for."""

_LABELS: dict[Label, str] = {
    "reference": r"รหัส(?!บัตร|ประจำตัว|ประชาชน)[ก-๎]{0,20}|ผังบัญชี|บัญชีแยกประเภท|หมวดบัญชี"
    r"|เลขที่(?! ?(?:บัญชี|บัตร|โทร|ประจำ|ประชา|[ก-๎]*ติดต่อ|มือถือ))"
    r"|โครงการ|หนังสือ(?!เดินทาง)|is[bs]n|สัญญา|ใบ(?:เสร็จ|สั่ง|อนุญาต)|ทะเบียน|อ้างอิง|งบประมาณ|วงเงิน|พิกัด|ละติจูด|ลองจิจูด|gps"
    r"|จำนวน|ราคา|มูลค่า|เงิน(?!ฝาก)|ครุภัณฑ์|บาร์โค้ด|barcode|serial|code|ref(?![a-z])|มาตรา|ลำดับที่",
    "tax": r"ผู้เสียภาษี(?:อากร)?|tax ?(?:payer)? ?(?:id|no)",
    "citizen": r"(?:เลข(?!า)|บัตร|รหัส)[ก-๎ ./()]{0,24}(?:ประชาชน|ปชช)|ปชช\.?"
    r"|(?:เลข|บัตร)[ก-๎ ()]{0,20}(?:13|๑๓) ?หลัก|บัตรเลขที่|เลข(?:ที่)?บัตร"
    r"|เลขประจำตัว(?!ผู้|นัก|สอบ|ข้าราชการ|สมาชิก)|citizen|(?<![a-z])id(?:entity|entification)?[ .-]?(?:card|no|num)",
    "account": r"(?:เลข(?:ที่)?|หมายเลข) ?บัญชี|บัญชี ?(?:เลขที่|เงินฝาก|ออมทรัพย์|กระแสรายวัน|ธนาคาร|ธ\.|ชื่อ)"
    r"|พร้อมเพย์|promptpay|(?<![a-z])a/c|account"
    r"|ธนาคาร|ธ\. ?ก\. ?ส\.|ธกส|ธ\.(?=[ก-๎])|ธอส|ออมสิน|กรุงไทย|กสิกรไทย|ไทยพาณิชย์|กรุงศรี",
    "phone": r"โทรศัพท์|โทร|มือถือ|เบอร์|(?<![a-z])(?:tel|mobile|phone|call|fax|mob)(?![a-z])|telephone|☎|สายด่วน|แฟกซ์|ติดต่อ|whatsapp",
    "passport": r"หนังสือเดินทาง|พาสปอร์ต|passport",
    "line": r"(?<![a-z])line(?![a-z])|ไลน์",
    "address": r"บ้านเลขที่|ที่อยู่",
}
_NUMBER = r"(?:[ :]{0,2}(?:เลขที่|หมายเลข|เลข|no\.?|number))?"
_NAMED = re.compile("|".join(f"(?P<{label}>(?:{pattern}){_NUMBER})" for label, pattern in _LABELS.items()), re.IGNORECASE)
_HEADINGS: dict[Label, str] = {**_LABELS, "address": "บ้านเลขที่|ที่อยู่|เลขที่บ้าน|^ *เลขที่ *$"}
_HEADING = re.compile(
    "|".join(
        f"(?P<{label}>{_HEADINGS[label]})"
        for label in ("citizen", "tax", "account", "phone", "passport", "line", "address", "reference")
    ),
    re.IGNORECASE,
)
_FIGURES = re.compile("[0-9๐-๙]{3}")
_ROW = re.compile(r"^.* \| .*$", re.MULTILINE)
_HEADING_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Named:
    """What a number is called, and how many characters stand between that and the number."""

    label: Label
    gap: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell below a heading that names what it holds; the span is 0-based, end exclusive."""

    label: Label
    start: int
    end: int


def named(text: str, start: int) -> Named | None:
    """The last name before the number that begins at `start`; None where nothing within `WINDOW` names it."""
    first = max(0, start - WINDOW)
    last = next(iter(deque(_NAMED.finditer(text, first, start), maxlen=1)), None)
    return Named(last.lastgroup, start - last.end()) if last else None  # type: ignore[arg-type]


def cells(text: str) -> Iterator[Cell]:
    """The cells of tables (rows joined by " | ") that stand below a heading, in order."""
    headings: dict[int, Label] = {}
    last = -2
    for row in _ROW.finditer(text):
        if row.start() > last + 2:
            headings = {}
        last = row.end()
        start = row.start()
        for column, cell in enumerate(row[0].split(" | ")):
            end = start + len(cell)
            if found := _heading(cell):
                headings[column] = found
            elif column in headings and cell.strip():
                yield Cell(headings[column], start, end)
            start = end + 3


def _heading(cell: str) -> Label | None:
    if len(cell) > _HEADING_LENGTH or _FIGURES.search(cell):
        return None
    found = _HEADING.search(cell)
    return found.lastgroup if found else None  # type: ignore[return-value]
