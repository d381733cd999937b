"""Abbreviations in a question and what they stand for, with or without their dots, told apart by what stands beside them."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from vectorstore import glossary, thai

_SHORT = re.compile(r"[ก-ฮ]{1,4}\.?(?:[ก-ฮ]{1,4}\.?){0,5}")
_WRITTEN = re.compile(r"(?:[ก-ฮ]{1,4}\.)+|[ก-ฮ]{2,6}\.")
"""What counts as an abbreviation in the glossary: consonants and dots alone."""
_LONGEST = 12
_MONTH_BESIDE = re.compile(r"(?:[0-9๐-๙]|เดือน|วันที่|ถึง|ช่วง|ต้น|ปลาย|กลาง|[-–]) ?$")
_YEAR_AFTER = re.compile(r" ?(?:[0-9๐-๙]|พ\.ศ\.|นี้|ปี)")
_COUNTED = re.compile("[0-9๐-๙] ?$")
_UNITS = frozenset(["กก.", "กม.", "ชม.", "ตร.ว.", "น."])
_WORDS = frozenset(["พก", "ปม", "อก", "ชม", "ทน", "กก", "คค", "รก", "สน", "นก", "ผล", "งบ", "กบ", "อด", "นม", "ตก"])
"""Words that have the letters of an abbreviation."""
_MARK = re.compile("[ะ-ฺๅ-๎]")


@dataclass(frozen=True, slots=True)
class Expansion:
    """An abbreviation as it is written, its place (0-based, end exclusive) and what it may stand for, with its dotted form."""

    said: str
    start: int
    end: int
    forms: tuple[str, ...]


@cache
def _senses() -> tuple[Mapping[str, tuple[tuple[str, ...], ...]], Mapping[str, tuple[str, ...]]]:
    """(abbreviation -> the forms of each thing it stands for, its letters without dots -> the abbreviations that have them)."""
    senses: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    bare: dict[str, list[str]] = defaultdict(list)
    for _, forms in glossary.concepts():
        for form in forms:
            if _WRITTEN.fullmatch(form) and len(forms) > 1 and len(form) > 2:
                senses[form].append(forms)
                if form not in bare[form.replace(".", "")]:
                    bare[form.replace(".", "")].append(form)
    return {form: tuple(some) for form, some in senses.items()}, {key: tuple(some) for key, some in bare.items()}


def abbreviations(text: str) -> list[Expansion]:
    """The abbreviations of a Thai text, in order."""
    found: list[Expansion] = []
    place = 0
    for word in thai.words(text):
        if (not found or place >= found[-1].end) and (expansion := _at(text, place)):
            found.append(expansion)
        place += len(word)
    return found


def _at(text: str, start: int) -> Expansion | None:
    """The longest abbreviation that begins at `start`."""
    run = _SHORT.match(text, start, start + _LONGEST)
    for end in range(run.end() if run else start, start + 1, -1):
        said = text[start:end]
        if _MARK.match(text, end) or (not said.endswith(".") and text[end : end + 1] == "."):
            continue
        if forms := _stands_for(text, said, start, end):
            return Expansion(said, start, end, forms)
    return None


def _stands_for(text: str, said: str, start: int, end: int) -> tuple[str, ...]:
    senses, bare = _senses()
    names = (said,) if said in senses else bare.get(said.replace(".", ""), ())
    if not names or ("." not in said and not _stands_alone(text, said, start, end)):
        return ()
    found = [forms for name in names for forms in senses[name]]
    if len(found) > 1 or any(name in _UNITS for name in names):
        found = _likely(text, start, end, found)
    return tuple(dict.fromkeys([*names, *(form for forms in found for form in forms)])) if found else ()


def _stands_alone(text: str, said: str, start: int, end: int) -> bool:
    """Whether letters without dots are an abbreviation: no word, and nothing beside them that they could be part of."""
    if said in _WORDS or "ก" <= text[start - 1 : start] <= "๎":
        return False
    after = thai.words(text[end : end + 24])[:1]
    return not ("ก" <= text[end : end + 1] <= "๎") or (len(said) > 2 and len(after[0]) > 1 and thai.is_word(after[0]))


def _likely(text: str, start: int, end: int, found: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Of several things the month where a day or a year stands beside it, and no unit; all of them where nothing tells."""
    dated = _MONTH_BESIDE.search(text, max(0, start - 8), start) or _YEAR_AFTER.match(text, end)
    months = [forms for forms in found if forms[0] in _MONTHS]
    if months and dated:
        return months
    if _COUNTED.search(text, max(0, start - 2), start):
        return []
    return [forms for forms in found if forms not in months] or found


_MONTHS = frozenset(
    re.findall("[ก-๎]+", "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม")
)
