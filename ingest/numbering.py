"""The numbers that Word prints before the items of lists: they stand nowhere in the text, but are counted by its rules.

Rules: ECMA-376 part 1, 17.9. Names of number formats: 17.18.59.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.symbols import plain

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ABSTRACT = f"{_W}abstractNum"
_LEVELS = 9
_LETTERS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
"""The order in which Thai lists are lettered, without ฃ ฅ ฆ."""
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"),
    (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_DIGITS = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")
_MOST, _REPEATED = 100_000, 10


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered; `restart` is the level whose next number begins it again, 0-based, -1 for none."""

    form: str = "decimal"
    text: str = ""
    start: int = 1
    font: str = ""
    legal: bool = False
    restart: int | None = None
    style: str = ""


@dataclass(slots=True)
class _List:
    """Levels of an abstract list and how far each has been counted."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of one document, counted from its beginning on; to be asked for each paragraph once, in order."""

    def __init__(self, part: Any | None) -> None:
        """`part` is the root of the numbering part, None where a document has none."""
        self._lists: dict[str, tuple[_List, dict[int, _Level]]] = {}
        self._begun: set[tuple[str, int]] = set()
        self._of_style: dict[str, tuple[str, int]] = {}
        if part is not None:
            self._read(part)

    def _read(self, part: Any) -> None:
        lists = {
            abstract.get(f"{_W}abstractNumId"): _List(
                {int(of.get(f"{_W}ilvl", "0")): _level(of) for of in abstract.iterchildren(f"{_W}lvl")}
            )
            for abstract in part.iterchildren(_ABSTRACT)
        }
        linked = {
            _value(abstract, "styleLink"): abstract.get(f"{_W}abstractNumId") for abstract in part.iterchildren(_ABSTRACT)
        }
        for abstract in part.iterchildren(_ABSTRACT):
            if (link := _value(abstract, "numStyleLink")) and linked.get(link) in lists:
                lists[abstract.get(f"{_W}abstractNumId")] = lists[linked[link]]
        for num in part.iterchildren(f"{_W}num"):
            of = lists.get(_value(num, "abstractNumId"))
            if of is None:
                continue
            name = num.get(f"{_W}numId", "")
            self._lists[name] = of, _overrides(num, of)
            for place, level in of.levels.items():
                if level.style:
                    self._of_style.setdefault(level.style, (name, place))

    def of_style(self, style: str) -> tuple[str, int] | None:
        """(list, level) that a paragraph style is linked to by the list."""
        return self._of_style.get(style)

    def next(self, name: str, place: int) -> tuple[str, bool]:
        """(what Word prints before the next item of list `name` at level `place`, 0-based; whether that is a bullet)."""
        found = self._lists.get(name)
        place = min(max(place, 0), _LEVELS - 1)
        if found is None:
            return "", False
        of, overrides = found
        level = overrides.get(place) or of.levels.get(place) or _Level(form="none")
        if level.form == "bullet":
            return plain(level.text, level.font).strip() or "•", True
        if place in overrides and (name, place) not in self._begun:
            of.counts.pop(place, None)
        self._begun.add((name, place))
        of.counts[place] = of.counts.get(place, level.start - 1) + 1
        for lower in range(place + 1, _LEVELS):
            restart = (of.levels.get(lower) or _Level()).restart
            if restart is None or -1 < place <= restart:
                of.counts.pop(lower, None)
        return _printed(level, {**of.levels, **overrides}, of.counts, place), False


def _overrides(num: Any, of: _List) -> dict[int, _Level]:
    """Levels that a list has its own way, or its own beginning, of."""
    found: dict[int, _Level] = {}
    for override in num.iterchildren(f"{_W}lvlOverride"):
        place = int(override.get(f"{_W}ilvl", "0"))
        own = override.find(f"{_W}lvl")
        level = _level(own) if own is not None else of.levels.get(place, _Level())
        start = _value(override, "startOverride")
        if own is None and not start:
            continue
        found[place] = _Level(
            level.form, level.text, int(start) if start else level.start, level.font, level.legal, level.restart, level.style
        )
    return found


def _level(element: Any) -> _Level:
    fonts = element.find(f"{_W}rPr/{_W}rFonts")
    restart = _value(element, "lvlRestart")
    return _Level(
        form=_value(element, "numFmt") or "decimal",
        text=_value(element, "lvlText"),
        start=int(_value(element, "start") or "0"),
        font=fonts.get(f"{_W}ascii", "") if fonts is not None else "",
        legal=element.find(f"{_W}isLgl") is not None,
        restart=int(restart) - 1 if restart else None,
        style=_value(element, "pStyle"),
    )


def _value(element: Any, name: str) -> str:
    found = element.find(f"{_W}{name}")
    return str(found.get(f"{_W}val", "")) if found is not None else ""


def _printed(level: _Level, levels: Mapping[int, _Level], counts: Mapping[int, int], place: int) -> str:
    """The level's text with %1 to %9 as the numbers of the levels, an outer one that was never counted at its beginning."""
    text = level.text
    for other in range(place + 1):
        of = levels.get(other) or _Level()
        form = "decimal" if level.legal and other < place else of.form
        text = text.replace(f"%{other + 1}", number(counts.get(other, of.start), form))
    return text.strip()


def number(count: int, form: str) -> str:
    """`count` as a list numbered in `form` shows it; in Arabic digits where the form is neither Thai nor Latin."""
    if not 0 <= count < _MOST or form in ("decimal", "none"):
        return "" if form == "none" else str(count)
    if form == "thaiNumbers":
        return str(count).translate(_THAI_DIGITS)
    if form == "thaiLetters":
        return _lettered(count, _LETTERS)
    if form == "thaiCounting":
        return _counted(count)
    if form in ("lowerLetter", "upperLetter"):
        letters = _lettered(count, "abcdefghijklmnopqrstuvwxyz")
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman"):
        return _roman(count).upper() if form == "upperRoman" else _roman(count)
    return f"{count:02d}" if form == "decimalZero" else str(count)


def _lettered(count: int, letters: str) -> str:
    """After the last letter comes the first one twice, as Word does it."""
    return letters[(count - 1) % len(letters)] * min((count - 1) // len(letters) + 1, _REPEATED) if count else ""


def _roman(count: int) -> str:
    found = ""
    for value, letters in _ROMAN:
        found += letters * (count // value)
        count %= value
    return found


def _counted(count: int) -> str:
    """A number in Thai words: หนึ่ง, สิบเอ็ด, ยี่สิบ."""
    if not count:
        return "ศูนย์"
    found = ""
    for place in range(len(_PLACES) - 1, -1, -1):
        digit = count // 10**place % 10
        if not digit:
            continue
        word = _DIGITS[digit]
        if place == 1:
            word = {1: "", 2: "ยี่"}.get(digit, word)
        elif place == 0 and digit == 1 and count > 10:
            word = "เอ็ด"
        found += word + _PLACES[place]
    return found
