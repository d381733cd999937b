"""Who is who: the organisations that documents explain or name, each under one name with its abbreviations."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from assistant.defining import is_officer
from vectorstore import glossary

Rows = NDArray[np.int64]

_AGENCY = re.compile(r" ?\(องค์การมหาชน\)$")
_JOINT = re.compile("ตามที่|ได้|จะ|ให้|ของ|โดย|ในเครือ|ในการ|ส่งมอบ|เสนอ|รายงาน|ทั่วประเทศ|พร้อม|เพื่อ(?=กระทรวง)")
"""What joins a sentence, and stands in few names of organisations."""
_BODY = re.compile(
    "สำนัก(?:งาน)?|สถาบัน|กระทรวง|กรม(?!ธรรม์|การ)|องค์กา?ร|มูลนิธิ|ศูนย์|คณะ(?:อนุ)?กรรมการ|สภา(?!พ)|สมาคม|เครือข่าย|กองทุน|ธนาคาร|มหาวิทยาลัย|"
    "การ(?:ไฟฟ้า|เคหะ|ประปา|ยางแห่ง|กีฬาแห่ง|ท่องเที่ยวแห่ง|ท่าเรือ)|สหกรณ์|ชมรม|สมัชชา|เทศบาล|โรงพยาบาล|ขบวน"
)
_SHORT = re.compile(r"(?:[ก-ฮ]{1,4}\.)+")
_RARE, _OFTEN = 20, 3
"""How many times as often another name explains the same letters where one is a slip; documents that bear Latin letters out."""
_MAIN = 5
"""An abbreviation in this part of the documents of a name's first one, or more, is one of its own."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Body:
    """An organisation: its full name, abbreviations (the most frequent first), and the documents by row.

    `explained` are those that give the name beside an abbreviation, `rows` all that name it; int64, ascending.
    """

    name: str
    shorts: tuple[str, ...]
    explained: Rows
    rows: Rows


def bodies(organisations: Mapping[str, Rows], abbreviations: Mapping[str, Rows]) -> list[Body]:
    """Those of the facts of an archive: value -> rows, an abbreviation's value "short = full"."""
    explained = _explained(abbreviations)
    naming: dict[str, list[Rows]] = {}
    for whole, rows in organisations.items():
        naming.setdefault(plain(whole), []).append(rows)
    found = []
    for name in {*naming, *explained}:
        shorts = explained.get(name, {})
        most = max(map(len, shorts.values()), default=0)
        often = [short for short in shorts if _MAIN * len(shorts[short]) >= most]
        main = sorted(often, key=lambda short: (-len(explained[name][short]), short))
        told = reduce(np.union1d, (shorts[short] for short in main), np.zeros(0, np.int64))
        known = glossary.other_forms(name).get(name, ())
        if shorts or known:
            forms = (*main, *(form for form in known if _SHORT.fullmatch(form) and form not in main))
            found.append(Body(name=name, shorts=forms, explained=told, rows=reduce(np.union1d, naming.get(name, ()), told)))
    return sorted(found, key=lambda body: (-len(body.rows), body.name))


def plain(name: str) -> str:
    """A full name without what says that it is a public organisation."""
    return _AGENCY.sub("", name)


def _explained(abbreviations: Mapping[str, Rows]) -> dict[str, dict[str, Rows]]:
    """Full name -> abbreviation -> rows, without what only looks like an explanation."""
    of: dict[str, dict[str, Rows]] = {}
    for value, rows in abbreviations.items():
        short, _, full = value.partition(" = ")
        name = named(short, plain(full))
        if name and (not short.isascii() or len(rows) >= _OFTEN):
            some = of.setdefault(short, {})
            some[name] = np.union1d(some[name], rows) if name in some else rows
    found: dict[str, dict[str, Rows]] = {}
    for short, names in of.items():
        most = max(map(len, names.values()))
        for name, rows in names.items():
            if len(rows) * _RARE > most:
                found.setdefault(name, {})[short] = rows
    return found


def named(short: str, full: str) -> str | None:
    """The organisation's name at the end of `full`, which stands before `(short)`; None where the letters are not of it.

    The letters of a Thai abbreviation stand in its full name, in their order. Words that join a sentence are not of a name.
    """
    if is_officer(short):
        return None
    known = [name for name in glossary.full_names(short) if full.endswith(name) and _BODY.match(name)]
    if known:
        return max(known, key=len)
    joints = list(_JOINT.finditer(full))
    if joints and not full.startswith("กองทุน"):
        inner = _BODY.search(full, joints[-1].end())
        full = full[inner.start() :] if inner else ""
    return full if full and _BODY.match(full) and _initials(short, full) else None


def _initials(short: str, full: str) -> bool:
    rest = iter(full)
    return short.isascii() or all(letter in rest for letter in short.replace(".", ""))


def matching(some: Iterable[Body], asked: str) -> list[Body]:
    """Those whose name or abbreviation has the letters of `asked`, whatever its dots and spaces."""
    letters = _letters(asked)
    return [body for body in some if any(letters in _letters(form) for form in (body.name, *body.shorts))]


def _letters(text: str) -> str:
    return re.sub(r"[.\s]", "", text).lower()
