"""A sheet's value as the sheet shows it: separators, decimals, percent, dates of both eras, Thai digits.

The codes are those of ECMA-376 part 1, 18.8.31; `[$-xxyyzzzz]` says digits (xx, 0D Thai), calendar (yy, 07 Buddhist) and
language (zzzz, 041E Thai). Where a code leaves names of months to the machine's language, that is Thai here.
"""

import calendar as calendar_names
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_TOKEN = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General|AM/PM|A/P|[Ee][+-]0+|d+|m+|y+|h+|s+(?:\.0+)?|b+|[0#?.,]*[0#?][0#?.,]*|.',
    re.IGNORECASE | re.DOTALL,
)
_LOCALE = re.compile(r"\[\$(?P<sign>[^-\]]*)(?:-(?P<code>[^\]]*))?\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_DIGITS = re.compile("[0#?]")
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_THAI, _SYSTEM_LONG_DATE = 0x041E, 0xF800
_SYSTEM_SHORT_DATE = "mm-dd-yy"
"""What openpyxl calls format 14: the machine's own short date, which in Thailand is day, month and Buddhist year."""

_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
_DAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
_SHORT_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
_SHORT_DAYS = ("จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา.")


def shown(value: object, code: str) -> str:
    """`value` (text, number, truth, date, time or duration) as a cell of the number format `code` shows it; '' for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, code or "General")
    if isinstance(value, datetime | date | time | timedelta):
        return _moment(value, code)
    return str(value)


@lru_cache(1_000)
def _sections(code: str) -> tuple[tuple[str, ...], ...]:
    sections: list[list[str]] = [[]]
    for token in _TOKEN.findall(code):
        if token == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    return tuple(tuple(section) for section in sections)


def _locale(tokens: Sequence[str]) -> tuple[int, int, int]:
    """(digits, calendar, language) that a code asks for; zeros where it does not."""
    for token in tokens:
        found = _LOCALE.fullmatch(token)
        code = found["code"] if found else None
        if code and re.fullmatch("[0-9A-Fa-f]{1,8}", code):
            number = int(code, 16)
            return number >> 24 & 0x7F, number >> 16 & 0x7F, number & 0xFFFF
        if code and code.lower().startswith("th-th"):
            more = code.partition(",")[2]
            number = int(more, 16) if re.fullmatch("[0-9A-Fa-f]{1,4}", more) else 0
            return number >> 8 & 0x7F, number & 0x7F, _THAI
    return 0, 0, 0


def _number(value: float, code: str) -> str:
    sections = _sections(code)
    number = Decimal(repr(value))
    if not number.is_finite():
        return str(value)
    tokens, number = _chosen(sections, number)
    digits = _locale(tokens)[0] == 0x0D or any(token in "tT" for token in tokens)
    text = _filled([token for token in tokens if token not in "tT"], number)
    return text.translate(_THAI_DIGITS) if digits else text


def _chosen(sections: Sequence[tuple[str, ...]], number: Decimal) -> tuple[tuple[str, ...], Decimal]:
    """The section for the number's sign; the second and third show it without one."""
    if number < 0 and len(sections) > 1:
        return sections[1], -number
    if number == 0 and len(sections) > 2:
        return sections[2], number
    return sections[0], number


def _filled(tokens: Sequence[str], number: Decimal) -> str:
    masks = [token for token in tokens if _DIGITS.search(token) and token[0] not in '"\\[_*Ee']
    number *= 100 ** sum(token == "%" for token in tokens)
    if any(token[0] in "Ee" and token[1:2] in ("+", "-") for token in tokens) or "/" in tokens:
        return _general(number)
    numbers = iter(_in_groups(number, masks) if len(masks) > 1 else [_masked(number, masks[0])] if masks else [])
    pieces = []
    for token in tokens:
        if token.lower() == "general" or token == "@":
            pieces.append(_general(number))
        elif token in masks:
            pieces.append(next(numbers, ""))
        else:
            pieces.append(_literal(token))
    return " ".join("".join(pieces).split())


def _literal(token: str) -> str:
    if token[0] == '"':
        return token[1:-1] if len(token) > 1 else ""
    if token[0] == "\\":
        return token[1:]
    if token[0] == "[":
        found = _LOCALE.fullmatch(token)
        return found["sign"] if found else ""
    return " " if token[0] == "_" else "" if token[0] == "*" else token


def _masked(number: Decimal, mask: str) -> str:
    whole, _, fraction = mask.partition(".")
    scale = len(whole) - len(whole.rstrip(","))
    whole = whole.rstrip(",")
    least, most = fraction.count("0"), len(_DIGITS.findall(fraction))
    rounded = (number / 1000**scale).quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    sign = "-" if rounded < 0 else ""
    integer, _, decimals = f"{abs(rounded):f}".partition(".")
    while len(decimals) > least and decimals.endswith("0"):
        decimals = decimals[:-1]
    integer = integer.lstrip("0").zfill(whole.count("0"))
    if "," in whole:
        integer = f"{int(integer or 0):,}" if integer else ""
    return sign + integer + (f".{decimals}" if decimals else "")


def _in_groups(number: Decimal, masks: Sequence[str]) -> list[str]:
    """A number whose digits fill several groups from the right, as in 0-0000-00000-00-0; a sign stands before them."""
    digits = f"{abs(number).to_integral_value(ROUND_HALF_UP):f}"
    groups: list[str] = []
    for mask in reversed(masks[1:]):
        size = len(_DIGITS.findall(mask))
        groups.append(digits[-size:].rjust(size, "0"))
        digits = digits[:-size]
    first = digits.rjust(masks[0].count("0"), "0")
    return [("-" if number < 0 else "") + first, *reversed(groups)]


def _general(number: Decimal) -> str:
    """All digits of a whole number, else at most eleven significant ones."""
    if number == number.to_integral_value() and abs(number) < Decimal(10) ** 15:
        return f"{number.to_integral_value():f}"
    return f"{float(number):.11g}"


def _moment(value: datetime | date | time | timedelta, code: str) -> str:
    sections = _sections(code) if code.lower() != _SYSTEM_SHORT_DATE else _sections("[$-1070000]d/m/yyyy")
    tokens = sections[0]
    digits, calendar, language = _locale(tokens)
    if language == _SYSTEM_LONG_DATE:
        tokens, calendar, language = _sections("d mmmm yyyy")[0], 7, 0
    if isinstance(value, timedelta):
        text = _elapsed(value, tokens)
    else:
        text = "".join(_part(value, tokens, index, calendar, language) for index in range(len(tokens)))
    text = " ".join(text.split())
    return text.translate(_THAI_DIGITS) if digits == 0x0D or any(token in "tT" for token in tokens) else text


def _elapsed(value: timedelta, tokens: Sequence[str]) -> str:
    """Hours, minutes and seconds; the first of them may be more than its clock's."""
    seconds = round(value.total_seconds())
    clock = f"{seconds // 3600}:{seconds // 60 % 60:02d}"
    return f"{clock}:{seconds % 60:02d}" if any(token.lower().startswith("s") for token in tokens) else clock


def _part(value: datetime | date | time, tokens: Sequence[str], index: int, calendar: int, language: int) -> str:
    token = tokens[index]
    kind, size = token[0].lower(), len(token)
    if found := _ELAPSED.fullmatch(token):
        kind, size = found[1][0].lower(), len(found[1])
    if token in ("AM/PM", "A/P"):
        return "" if not isinstance(value, datetime | time) else "AM" if value.hour < 12 else "PM"
    if kind in "hs" or (kind == "m" and _is_minute(tokens, index)):
        return _clock(value, kind, size, twelve=any(other.upper() in ("AM/PM", "A/P") for other in tokens))
    if kind in "dmyb" and isinstance(value, date):
        return _day(value, kind, size, buddhist=calendar == 7 or kind == "b", thai=language in (0, _THAI))
    return "" if kind in "tdmyb" and token[0] not in '"\\' else _literal(token)


def _is_minute(tokens: Sequence[str], index: int) -> bool:
    letters = [(place, token.strip("[]")[0].lower()) for place, token in enumerate(tokens) if token.strip("[]")[:1].isalpha()]
    before = next((letter for place, letter in reversed(letters) if place < index and letter in "hmsdy"), "")
    after = next((letter for place, letter in letters if place > index and letter in "hmsdy"), "")
    return len(tokens[index].strip("[]")) <= 2 and (before == "h" or after == "s")


def _clock(value: date | time, kind: str, size: int, *, twelve: bool) -> str:
    if not isinstance(value, datetime | time):
        return "0" * min(size, 2)
    hour = (value.hour % 12 or 12) if twelve else value.hour
    number = {"h": hour, "m": value.minute, "s": value.second}[kind]
    return f"{number:02d}" if size > 1 else str(number)


def _day(value: date, kind: str, size: int, *, buddhist: bool, thai: bool) -> str:
    if kind in "yb":
        year = value.year + 543 * buddhist
        return f"{year % 100:02d}" if size <= 2 else str(year)
    number = value.day if kind == "d" else value.month
    if size <= 2:
        return f"{number:02d}" if size == 2 else str(number)
    place = value.weekday() if kind == "d" else number - 1
    if thai:
        names = (_SHORT_DAYS if size == 3 else _DAYS) if kind == "d" else (_SHORT_MONTHS if size == 3 else _MONTHS)
        return names[place]
    name = (calendar_names.day_name if kind == "d" else calendar_names.month_name[1:])[place]
    return name[:3] if size == 3 else name
