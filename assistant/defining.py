"""Passages that say what something is: a name spelled out beside its abbreviation, a sentence that says what it is or does."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.types import Citation
from vectorstore import thai
from vectorstore.alternatives import one_of
from vectorstore.types import Document, doubt_of

LONGEST = 240
"""Characters of a sentence that is quoted, at most."""
_ENOUGH, _SHORTEST = 50, 18
"""Characters at which a sentence says enough, and at least."""

_THAI = "[ก-๎]"
_BESIDE = r"(?: ?[(（][^()（）\n]{1,60}[)）]){0,2}"
"""What stands between a name and what is said of it: its other names in brackets."""
_SORTS = (
    "หน่วยงาน(?!ที่?รับผิดชอบ)|องค์กร|องค์การ|สถาบัน|รัฐวิสาหกิจ|กองทุน(?!เงิน)|ธนาคาร|กลไก|เวที|สภา|กลุ่ม|เครือข่าย|ศูนย์|ส่วนราชการ|สมาคม|มูลนิธิ|"
    "คณะกรรมการ|คณะทำงาน|สหกรณ์|โครงการ|กระบวนการ|ระบบ|การ(?:รวม|ออม|จัด|สร้าง|ดูแล|ช่วย|ทำงาน)|พื้นที่|ที่(?:พึ่ง|รวม|ปรึกษา)|แหล่ง|"
    "ตัวกลาง|หลักประกัน|โรงพยาบาล|โรงเรียน|กฎหมาย|วิสาหกิจ|สวัสดิการ"
)
"""What a thing is said to be; a person, a host or a chairman is not what an organisation is."""
_BEFORE = re.compile(
    r"(?:ระเบียบ|สำนักงาน|ของ|กับ|และ|หรือ|ผ่าน|จาก|โดย|ตาม|เลขาธิการ|ผู้อำนวยการ|อธิบดี|พื้นที่|สมาชิก|กรรมการ|ประธาน|ที่ดิน) $"
)
"""A word before a name that makes what follows speak of something of it."""
_SAYS = (
    rf"(?P<what>คือ(?! ?(?:อะไร|ใคร|ที่ไหน|ว่า|เรื่อง|การที่|ความ|เพื่อ(?!น)|[0-9๐-๙]))|หมายถึง|"
    rf"หมายความว่า|เป็น ?(?:{_SORTS})(?!ที่ ?[0-9๐-๙]))"
    r"|(?P<does>(?:ทำ|มี)หน้าที่(?! ?(?:เป็น)?(?:ประธาน|เลขา|พิธีกร|วิทยากร|ผู้ช่วย))|มีภารกิจ|มีบทบาท(?:หน้าที่)?|มีพันธกิจ"
    r"|(?:จัด|ก่อ)?ตั้งขึ้น(?:ตาม|เพื่อ|เมื่อ|โดย))"
)
_ASKS = re.compile("อะไร|ใคร|ไหม|หรือไม่$")
_OR = r"(?: ?หรือ(?:เรียก(?:โดย)?(?:ย่อ|สั้น) ?ๆ? ?(?:ว่า)?)? ?| ?(?:ชื่อย่อ|เรียกย่อ|ย่อ|เรียกสั้น ?ๆ ?)(?:ว่า|คือ)? ?| ?(?:เรียกว่า) ?)"
_OFFICER = re.compile(r"^(?:รมว|รมช|ปกท|ปลัด|นรม|รองนรม|ผวจ|ผอ|เลขา|อธ)\.")
"""Abbreviations of somebody who heads what the name says."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a text (0-based, end exclusive), and how well they define: the more, the better."""

    start: int
    end: int
    worth: int


def is_officer(short: str) -> bool:
    """Whether an abbreviation is of a minister, a permanent secretary or another head, not of what they head."""
    return _OFFICER.match(short) is not None


def spelled_out(text: str, full: str, shorts: Iterable[str]) -> Span | None:
    """Where `text` first gives a full name beside one of its abbreviations: ชื่อเต็ม (ย่อ), ย่อ (ชื่อเต็ม), ชื่อเต็ม หรือ ย่อ."""
    some = [short for short in shorts if short]
    if not some or full not in text:
        return None
    name, short = re.escape(full), one_of(some)
    agency = r"(?: ?\(องค์การมหาชน\))?"
    after = rf"{name}{agency}(?: ?[(（] ?(?:{short}) ?[)）]|{_OR}(?:{short})(?!{_THAI}))"
    before = rf"(?<!{_THAI})(?:{short}) ?[(（] ?{name}{agency} ?[)）]"
    found = re.search(f"{after}|{before}", text)
    return Span(found.start(), found.end(), 1) if found else None


def sentence(text: str, names: Sequence[str]) -> Span | None:
    """The sentence of `text` that says best what one of `names` is or does; None where none does.

    The name must open it, or stand after a space, so that what is said is said of it and not of something of it.
    """
    known = [name for name in names if name in text]
    if not known:
        return None
    best: Span | None = None
    for name in re.finditer(rf"(?<!{_THAI})(?<!{_THAI}\.)(?:{one_of(known)})", text):
        match = _TAIL.match(text, name.end())
        if not match:
            continue
        start = name.start()
        end = _end(text, start, match.end())
        said = text[match.end() : end]
        if len(said) < _SHORTEST or _ASKS.search(said) or _BEFORE.search(text, max(0, start - 16), start):
            continue
        worth = (2 if match["what"] else 1) + (start == 0 or text[start - 1] == "\n")
        if best is None or worth > best.worth:
            best = Span(start, end, worth)
    return best


_TAIL = re.compile(rf"{_BESIDE}(?:{_OR}[^\s()]{{2,40}})? ?(?:นั้น ?|ก็ ?)?(?:{_SAYS})")
"""What stands behind a name of which something is said."""


def _end(text: str, start: int, said: int) -> int:
    """Where the sentence from `start` ends: with the clause in which it has said enough, at LONGEST characters or the line."""
    line = text.find("\n", start)
    line = len(text) if line < 0 else line
    piece = text[start : min(line, start + LONGEST + 1)]
    ends = [start + end for _, end in thai.clauses(piece)]
    enough = (end for end in ends if end - said >= _SHORTEST and end - start >= _ENOUGH)
    whole = [end for end in enough if end == line or end - start < len(piece)]
    if whole:
        return whole[0]
    if line - start <= LONGEST:
        return start + len(piece.rstrip())
    cut = piece.rfind(" ")
    return start + cut if start + cut > said else start + LONGEST


def cited(document: Document, start: int, end: int) -> Citation | None:
    """The characters `start` to `end` of a document as a citation; None where people do not see them in the source."""
    doubt = doubt_of(document.blocks, start, end)
    if doubt == "hidden":
        return None
    block = next((block for block in document.blocks if block.end > start), None)
    return Citation(
        n=1,
        document=document,
        page=block.page if block else None,
        section=block.section if block else (),
        quote=document.text[start:end],
        start=start,
        end=end,
        doubt=doubt,
    )
