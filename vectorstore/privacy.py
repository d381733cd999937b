"""Personal data in Thai text: where it stands, and the text with it masked, every other character in its place.

What is looked for is what the Personal Data Protection Act has a public archive keep to itself: numbers of citizens, phones,
bank accounts and passports, private mailboxes, LINE names and house numbers of persons. Names stay: minutes are of people.

A citizen's number has 13 digits, the last of them (11 - sum of d_i * (14 - i) mod 11) mod 10 for i = 1 to 12. One number in
ten passes by chance and a scanner's slip fails, so what a number is called counts for more: where it is called a citizen's it
is masked whatever its last digit is, with a digit too few or too many, and with letters in place of digits.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal, get_args

from vectorstore.labels import Cell, Named, cells, named

Kind = Literal["citizen", "phone", "account", "email", "line", "address", "passport"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MASK = "•"
"""Stands for each letter and digit. No word has it, so that what is masked is never indexed nor found."""
RULES = "1"
"""Raised when more is found than before, so that archives can tell what they were masked by."""

_D = "0-9๐-๙０-９"
_NOISE = "OoQlIiSsBZz"
"""Letters that scanners read for 0, 1, 5, 8 and 2."""
_BETWEEN = " \t\n.()_\\-‐-―−\u00a0\u00ad\u200b-\u200f\u2060\ufeff"
_ONE = rf"(?:[{_D}{_NOISE}]|(?<! )\|(?! ))"
_CLUSTER = re.compile(rf"(?<![A-Za-z{_D}])(?:[{_D}OlI]|[{_NOISE}](?=[{_D}])|\|(?! ))(?:[{_BETWEEN}]{{0,3}}{_ONE}){{7,}}")
_HINT = re.compile(rf"[{_D}](?:[{_BETWEEN}{_NOISE}|]{{0,3}}[{_D}]){{6}}")
"""What every number that is looked for has; most texts have none and are left alone."""
_AHEAD = 60
"""Characters before its first digits in which a number may begin with letters that were read for digits."""
_GROUP = re.compile(rf"[{_D}{_NOISE}|]+")
_DIGIT = re.compile(f"[{_D}]")
_JOINED = re.compile("[-‐-―−]+")
"""What stands within a number only: none begins after it."""
_SHOWN = re.compile(f"[{_D}0-9A-Za-z|\u00c0-\u024fก-๎]")
_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９OoQlIi|SsBZz", "01234567890123456789000111155822"[:32])

_PERSON = re.compile(
    r"นาย(?!ก(?:[ ฯ)\n]|รัฐ|สมาคม|อบ|เทศ|องค์|เมือง|สภา|สโมสร|เหล่า)|อำเภอ|ทะเบียน|จ้าง|ช่าง|แพทย์|ทุน|หน้า|ประกัน)"
    r"|นาง(?!รอง|เลิ้ง)|น\.ส\.(?! ?[0-9๐-๙])|ด\.[ชญ]\.|เด็ก(?:ชาย|หญิง)|คุณ(?!ภาพ|ธรรม|สมบัติ|ค่า|ลักษณะ|ูป|วุฒิ)"
    r"|ว่าที่ ?(?:ร|พ)|(?<![A-Za-z])M(?:r|rs|s|iss)(?![A-Za-z])"
)
_OFFICE = re.compile(
    r"สำนัก|กอง(?!ทุน)|กรม|กระทรวง|ศูนย์|เทศบาล|อบต|อบจ|องค์การ|ฝ่าย|กลุ่มงาน|ที่ทำการ|ที่ว่าการ|โรงเรียน|โรงพยาบาล|รพ\.|สถานี|ธนาคาร|บริษัท|สมาคม"
    r"|มูลนิธิ|สายด่วน|โทรสาร|แฟกซ์|fax|มหาวิทยาลัย|สถาบัน|สาขา|โรงแรม|หน่วยงาน",
    re.IGNORECASE,
)
_OWN = re.compile("มือถือ|เคลื่อนที่|ส่วนตัว|โทร(?:ศัพท์)?(?:ที่)?บ้าน|เบอร์บ้าน|mobile", re.IGNORECASE)
_BANK_AFTER = re.compile(r"[ (]{0,3}(?:ธนาคาร|ธ\. ?ก\. ?ส|ธกส|ออมสิน|กรุงไทย|กสิกร|ไทยพาณิชย์)")
_CITIZEN_AFTER = re.compile("[ (]{0,3}(?:เลข|บัตร)[ก-๎ ]{0,20}ประชาชน")
_COUNTED = re.compile(r" ?(?:[,.][0-9๐-๙]|บาท|ล้าน|คน|ครัวเรือน|ไร่|หลัง|แห่ง|ราย)")
_ADDRESS_OF_WEB = re.compile(r"(?:://|www\.|\.(?:com|net|org|th)/|[?&=%#])[!-~]*$")
_NEAR = 16
"""Characters within which a reference's name takes a number for its own."""
_MOST = 15
"""Groups of digits that one number has at most: each by itself, and one too many."""

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63} ?@ ?"
    r"(?:g[mn]a[i1l][l1i]|googlemail|hotma[i1l][l1i]|outlook|live|msn|yahoo|ymail|rocketmail|windowslive|icloud|me|mac|aol"
    r"|proton(?:mail)?|qq|163|naver|mail|gmx|zoho|thaimail|chaiyo)"
    r" ?[.,] ?(?:com?|net|me|de|ru|in)(?: ?\. ?[a-z]{2})?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_LINE = re.compile(
    "(?:[Ll][Ii][Nn][Ee]|ไลน์) ?(?:(?:[Ii][Dd]|ไอดี)(?![A-Za-z]) ?[:.=]* ?|[:=] ?)([A-Za-z0-9][A-Za-z0-9._-]{2,30})"
)
_ID_LINE = re.compile("(?:[Ii][Dd]|ไอดี)[ -]?(?:[Ll][Ii][Nn][Ee](?![A-Za-z])|ไลน์) ?[:.=]* ?([A-Za-z0-9][A-Za-z0-9._-]{2,30})")
_SAYS_ID = re.compile("^.{0,6}(?:[Ii][Dd]|ไอดี)")
_PART_OF_WORD = re.compile("[A-Za-z]$|ออน$|official $", re.IGNORECASE)
_NO_LINE = re.compile("official|https?|add|www|line|group|today|notify|app|lin", re.IGNORECASE)
_PASSPORT = re.compile(
    r"(?:หนังสือเดินทาง|พาสปอร์ต|passport)[^\n]{0,30}?"
    rf"(?<![A-Za-z{_D}])([A-Z]{{1,2}}[ -]?[{_D}]{{6,8}}|[{_D}]{{8,9}})(?![A-Za-z{_D}])",
    re.IGNORECASE,
)
_HOUSE_NUMBER = rf"[{_D}]{{1,5}}(?: ?[/-] ?[{_D}]{{1,5}}){{0,2}}"
_HOUSE = re.compile(rf"(?:บ้านเลขที่|เลขที่บ้าน) ?[:.]? ?({_HOUSE_NUMBER})(?![{_D}]| ?(?:หลัง|แห่ง|ครัวเรือน|คน|ราย))")
_NUMBERED = re.compile(rf"เลขที่ ?({_HOUSE_NUMBER})(?![{_D}])(?= ?(?:หมู่(?:ที่|บ้าน)?|ม\.|ซอย|ซ\.|ถนน|ถ\.|ต\.|ตำบล|บ้าน))")
_LIVES = re.compile("อาศัย|อยู่บ้าน|ภูมิลำเนา|ที่อยู่(?:ตาม|ปัจจุบัน)|ทะเบียนบ้าน")
_HOUSE_CELL = re.compile(rf" *({_HOUSE_NUMBER})(?![{_D}])(?: *$| *(?:หมู่|ม\.|ถ\.|ถนน|ซ\.|ซอย|ต\.|ตำบล|บ้าน))")
_LINE_CELL = re.compile(" *@?([A-Za-z0-9][A-Za-z0-9._-]{2,30}) *$")


@dataclass(frozen=True, slots=True, order=True)
class Personal:
    """Where personal data stands: the characters `start` to `end` (0-based, end exclusive) and what they are, never which."""

    start: int
    end: int
    kind: Kind


def find(text: str) -> list[Personal]:
    """The personal data in `text`, in order and without overlap."""
    found: list[Personal] = []
    held = [*cells(text)] if " | " in text else []
    if hint := _HINT.search(text):
        within = _Cells(held)
        for cluster in _CLUSTER.finditer(text, max(0, hint.start() - _AHEAD)):
            found += _numbers(text, cluster, within)
    found += _letters(text)
    for cell in held:
        if cell.label in ("address", "line"):
            pattern, kind = (_HOUSE_CELL, "address") if cell.label == "address" else (_LINE_CELL, "line")
            if match := pattern.match(text[cell.start : cell.end]):
                found.append(Personal(cell.start + match.start(1), cell.start + match.end(1), kind))  # type: ignore[arg-type]
    return _apart(found)


def masked(text: str, found: Iterable[Personal] | None = None) -> str:
    """`text` with the letters and digits of what was `found` in it (of all that is, if not given) replaced by `MASK`.

    As long as `text`, so that every span of the one is a span of the other; what separates the digits stays.
    """
    pieces: list[str] = []
    last = 0
    for one in find(text) if found is None else found:
        pieces += text[last : one.start], _SHOWN.sub(MASK, text[one.start : one.end])
        last = one.end
    return "".join([*pieces, text[last:]]) if pieces else text


def masked_name(name: str) -> str:
    """The name of a file with its personal data masked, and a mark of the original, so that two such names stay two.

    Thirteen digits that nothing names are a camera's or a phone's number for a picture, not a person's.
    """
    everything = find(name)
    bare = [one for one in everything if one.kind == "citizen" and name[one.start : one.end].isdigit()]
    found = [one for one in everything if one not in bare or named(name, one.start)]
    if not found:
        return name
    hidden = masked(name, found)
    stem, dot, suffix = hidden.rpartition(".")
    mark = hashlib.sha256(name.encode(errors="replace")).hexdigest()[:4].translate(str.maketrans("0123456789", "ghijkmnpqr"))
    return f"{stem}~{mark}.{suffix}" if dot and "/" not in suffix and " " not in suffix else f"{hidden}~{mark}"


def is_masked(shown: str, text: str) -> bool:
    """Whether `shown` is `text`, but for characters that are masked in it."""
    return len(shown) == len(text) and all(a in (b, MASK) for a, b in zip(shown, text, strict=True))


def _apart(found: list[Personal]) -> list[Personal]:
    """All of it, what overlaps as one."""
    kept: list[Personal] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.end > kept[-1].end:
            kept[-1] = replace(kept[-1], end=one.end)
    return kept


class _Cells:
    """The cells of a text, asked in the order of places."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = cells
        self._next = 0

    def label(self, start: int) -> Named | None:
        """What the cell at `start` is headed, None outside of all."""
        while self._next < len(self._cells) and self._cells[self._next].end <= start:
            self._next += 1
        cell = self._cells[self._next] if self._next < len(self._cells) else None
        return Named(cell.label, 0) if cell and cell.start <= start else None


@dataclass(frozen=True, slots=True)
class _Run:
    """Groups of digits that only separators stand between, from one of them on; `digits` are they joined, in Arabic."""

    text: str
    groups: Sequence[tuple[int, int]]

    @property
    def start(self) -> int:
        return self.groups[0][0]

    @property
    def digits(self) -> str:
        return "".join(self.text[start:end] for start, end in self.groups).translate(_ARABIC)

    @property
    def lengths(self) -> list[int]:
        return [end - start for start, end in self.groups]

    def upto(self, *counts: int) -> int:
        """How many groups hold one of `counts` digits, the first of these that ends where a group does; 0 for none."""
        sums, total = [], 0
        for length in self.lengths:
            sums.append(total := total + length)
        return next((sums.index(count) + 1 for count in counts if count in sums), 0)

    def sure(self, groups: int) -> int:
        """How many characters of the first `groups` are digits and no letters."""
        return len(_DIGIT.findall("".join(self.text[start:end] for start, end in self.groups[:groups])))

    def dashed(self, groups: int) -> bool:
        """Whether dashes, dots or spaces stand between the first `groups`; a line may end after a dash."""
        return groups > 0 and all(
            re.fullmatch("(?:[-‐-―−]\n?| (?!\n)|[.\u200b\u00ad])+", self.text[self.groups[n][1] : self.groups[n + 1][0]])
            for n in range(groups - 1)
        )


def _numbers(text: str, cluster: re.Match[str], within: _Cells) -> Iterator[Personal]:
    """What of a cluster of digits is personal: each number is tried as what it is called, then as what it looks like."""
    groups = _groups(text, cluster)
    name = named(text, groups[0][0]) if groups else None
    place = 0
    while place < len(groups):
        run = _Run(text, groups[place : place + _MOST])
        inside = place and _JOINED.fullmatch(text[groups[place - 1][1] : run.start])
        found = None if inside else _number(run, within.label(run.start) or name)
        if found:
            kind, used = found
            yield Personal(run.start, groups[place + used - 1][1], kind)
        place += found[1] if found else 1


def _groups(text: str, cluster: re.Match[str]) -> list[tuple[int, int]]:
    """Spans of the groups; letters alone are a word and not digits read wrongly, and so is what other letters stand at."""
    found: list[tuple[int, int]] = []
    for group in _GROUP.finditer(text, *cluster.span()):
        beside = text[group.end() : group.end() + 1]
        read = bool(_DIGIT.search(group[0])) and not (beside.isascii() and beside.isalnum())
        if read or (len(group[0]) == 1 and (found or beside in ("-", "."))):
            found.append(group.span())
    return found


def _number(run: _Run, name: Named | None) -> tuple[Kind, int] | None:
    """(what the number at the beginning of `run` is, how many groups it has); None for nothing personal."""
    label = name.label if name else None
    if _ADDRESS_OF_WEB.search(run.text[max(0, run.start - 200) : run.start]):
        return None
    if label in ("citizen", "tax") and (used := _citizen_called(run, tax=label == "tax")):
        return "citizen", used
    if label == "account" and (used := _mobile(run)) > 1:
        return "phone", used
    if label == "account" and (used := _account_called(run)):
        return "account", used
    if label == "phone" and (used := _phone_called(run)):
        return "phone", used
    if used := _shaped(run):
        return "citizen", used
    near = name is not None and label == "reference" and name.gap <= _NEAR
    return None if near else _unnamed(run, label)


def _unnamed(run: _Run, label: str | None) -> tuple[Kind, int] | None:
    if used := _mobile(run):
        return "phone", used
    if _citizen_bare(run):
        return "citizen", 1
    if run.lengths[:4] == [3, 1, 5, 1] and run.dashed(4):
        return "account", 4
    if run.lengths[0] in (10, 11, 12) and _BANK_AFTER.match(run.text, run.groups[0][1]):
        return "account", 1
    if (used := _landline(run)) and _of_person(run, used):
        return "phone", used
    return None


def _citizen_called(run: _Run, *, tax: bool) -> int:
    """Groups of what is called a citizen's number: 13 digits, or one or two more or fewer."""
    used = run.upto(13, 14, 12, 15, 11)
    if not used or run.sure(used) < 9 or (tax and run.digits[0] == "0") or _years(run, used):
        return 0
    return used


def _years(run: _Run, used: int) -> bool:
    return all(len(group) == 4 and group[:2] in ("19", "20", "24", "25", "26") for group in _texts(run, used))


def _texts(run: _Run, used: int) -> list[str]:
    return [run.text[start:end].translate(_ARABIC) for start, end in run.groups[:used]]


def _account_called(run: _Run) -> int:
    used = run.upto(10, 12, 15, 11, 13, 14)
    counted = used and _COUNTED.match(run.text, run.groups[used - 1][1])
    return 0 if not run.dashed(used) or counted or run.sure(used) < 8 or _years(run, used) or used > 6 else used


def _phone_called(run: _Run) -> int:
    """Groups of a mobile phone's number, or of one that is said to be a person's, digits missing or not."""
    own = _OWN.search(run.text, max(0, run.start - 40), run.start)
    used = run.upto(10, 9, 11, 8) if own else run.upto(10)
    if used and run.sure(used) >= 7 and (own or re.match("0[689]", run.digits)):
        return _with_range(run, used)
    used = run.upto(9)
    if used and re.match("[689]", run.digits) and run.sure(used) >= 7:  # a spreadsheet drops the nought at the beginning
        return used
    return _mobile(run)


def _mobile(run: _Run) -> int:
    digits = run.digits
    used = run.upto(10)
    if used and used <= 4 and re.match("0[689]", digits) and run.sure(used) == 10 and _whole(run, used):
        return _with_range(run, used)
    if run.text[max(0, run.start - 2) : run.start].rstrip("( ").endswith("+") or run.lengths[0] == 2:
        used = run.upto(11, 12)
        if used and used <= 6 and re.match("660?[689]", digits) and run.sure(used) >= 11:
            return used
    return 0


def _whole(run: _Run, used: int) -> bool:
    """Whether the number is not a part of an amount or of a longer code."""
    before, end = run.text[max(0, run.start - 2) : run.start], run.groups[used - 1][1]
    return not re.search(f"[{_D}][.,/-]$", before) and not re.match(f"[,.][{_D}]{{2}}", run.text[end : end + 3])


def _with_range(run: _Run, used: int) -> int:
    """081-234-5678-9 is two numbers."""
    if used < len(run.groups) and run.lengths[used] <= 2:
        used += run.text[run.groups[used - 1][1] : run.groups[used][0]] in "-–"
    return used


def _landline(run: _Run) -> int:
    used = run.upto(9)
    return used if used and used <= 4 and re.match("0[2-57]", run.digits) and run.sure(used) == 9 and _whole(run, used) else 0


def _of_person(run: _Run, used: int) -> bool:
    """Whether a fixed line is a person's: somebody is named beside it and no office."""
    first = max(run.text.rfind("\n", 0, run.start) + 1, run.start - 100)
    before, after = run.text[first : run.start], run.text[run.groups[used - 1][1] :][:16]
    if re.match(f" ?(?:ต่อ|ext|[-–/] ?[{_D}])", after):
        return False
    return bool(_OWN.search(before) or _PERSON.search(before)) and not _OFFICE.search(before)


def _shaped(run: _Run) -> int:
    """Groups of a number written as citizens' are, 1-2345-67890-12-1; a digit may be wrong, missing or too many."""
    lengths = run.lengths[:5]
    if len(lengths) < 5 or run.digits[0] == "0" or not run.dashed(5) or run.sure(5) < 9:
        return 0
    if lengths == [1, 4, 5, 2, 1]:
        return 5
    near = all(abs(have - right) <= 1 for have, right in zip(lengths, (1, 4, 5, 2, 1), strict=True))
    return 5 if near and 12 <= sum(lengths) <= 14 and "-" in run.text[run.groups[0][1] : run.groups[1][0]] else 0


def _citizen_bare(run: _Run) -> bool:
    """Thirteen digits in a row that check, or that stand beside a person's name or a citizen's number's."""
    start, end = run.groups[0]
    digits = run.digits[:13]
    if end - start != 13 or run.sure(1) < 13 or digits[0] in "09" or _COUNTED.match(run.text, end) or not _whole(run, 1):
        return False
    line = run.text[max(run.text.rfind("\n", 0, start) + 1, start - 100) : start]
    return _checks(digits) or bool(_PERSON.search(line)) or bool(_CITIZEN_AFTER.match(run.text, end))


def _checks(digits: str) -> bool:
    """Whether the 13th digit is the check digit of the twelve before it."""
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return (11 - total % 11) % 10 == int(digits[12])


def _letters(text: str) -> Iterator[Personal]:
    """What is told by more than its digits: mailboxes, LINE names, passports, house numbers."""
    if "@" in text:
        yield from (Personal(*match.span(), "email") for match in _EMAIL.finditer(text))
    if text.count("ไลน์") > text.count("ออนไลน์") or "ine" in text or "INE" in text:
        for match in chain(_LINE.finditer(text), _ID_LINE.finditer(text)):
            before = text[max(0, match.start() - 9) : match.start()]
            a_name = match[1].isalpha() and not _SAYS_ID.search(match[0])  # of a brand or a railway
            if not _PART_OF_WORD.search(before) and not _NO_LINE.match(match[1]) and not a_name:
                yield Personal(*match.span(1), "line")
    if "หนังสือเดินทาง" in text or "พาสปอร์ต" in text or "ssport" in text or "SSPORT" in text:
        yield from (Personal(*match.span(1), "passport") for match in _PASSPORT.finditer(text))
    if "เลขที่" in text:
        yield from (Personal(*match.span(1), "address") for match in _HOUSE.finditer(text))
        yield from (Personal(*match.span(1), "address") for match in _NUMBERED.finditer(text) if _lives(text, match.start()))


def _lives(text: str, start: int) -> bool:
    """Whether somebody is said to live at what begins at `start`."""
    before = text[max(text.rfind("\n", 0, start) + 1, start - 70) : start]
    return bool(_LIVES.search(before) or _PERSON.search(before)) and not _OFFICE.search(before)
