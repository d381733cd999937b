"""Districts and subdistricts that a document names by อำเภอ and ตำบล, those of one name told apart by the province."""

import re
from collections.abc import Iterator, Sequence

from vectorstore import gazetteer
from vectorstore.gazetteer import Row
from vectorstore.thai import stopwords, words

_MARK = re.compile(r"อำเภอ|อ\.|เขต|ตำบล|ต\.|แขวง")  # alternatives that begin with a letter each: re looks for those first
_RUN = re.compile("[ก-๎]{2,30}")
_PROVINCE_NEAR = re.compile(r"[ก-๎./ ]{0,40}?(?:จังหวัด|(?<![ก-๎])จ\.) ?")
_UNKNOWN = re.compile(r" ?([ก-๎]{4,20})(?= (?:อำเภอ|อ\.|เขต))")
"""A subdistrict that the gazetteer does not have is one where its district follows."""
_AFTER = re.compile("อำเภอ|จังหวัด|และ|กับ|ที่|ใน|เป็น|ได้|มี|โดย|ซึ่ง|จะ|เพื่อ|ร่วม|ของ|ถึง|จัด|ไป|ให้|เมื่อ|หรือ|ตั้ง|จึง|ต้อง|ทุก")
"""What may follow the name of a subdistrict without a space; anything else makes it another, longer name."""
_NO_SUBDISTRICT = frozenset(["เมือง", "ประกอบ"]) | stopwords()
_SURE = 6
"""Letters of a name that is known wherever it stands; a shorter one must end where a word does."""
_BANGKOK = "กรุงเทพมหานคร"


def districts(text: str, provinces: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """(districts, subdistricts, the provinces that they lie in for sure), each sorted, without the words for what they are.

    `provinces` are those that the text names. The capital's district is called by its whole name: เมืองพังงา.
    """
    found: dict[str, set[str]] = {"district": set(), "subdistrict": set()}
    sure: set[str] = set()
    for level, name, rows in _named(text, provinces):
        found[level].add(name)
        inside = {row[3] for row in rows}
        if len(inside) == 1 and level == "district":
            sure |= inside
    return tuple(sorted(found["district"])), tuple(sorted(found["subdistrict"])), tuple(sorted(sure))


def _named(text: str, provinces: Sequence[str]) -> Iterator[tuple[str, str, list[Row]]]:
    for mark in _MARK.finditer(text):
        short = mark[0].endswith(".")
        if short and "ก" <= text[mark.start() - 1 : mark.start()] <= "๎":
            continue
        level = "subdistrict" if mark[0][0] in "ตแ" else "district"
        start = mark.end() + text.startswith(" ", mark.end())
        run = _RUN.match(text, start)
        name, rows = _longest(run[0], level) if run else ("", [])
        if mark[0] in ("เขต", "แขวง"):
            rows = [row for row in rows if row[3] == _BANGKOK]
        elif level == "district" and run and run[0].startswith("เมือง"):
            name, rows = _capital(text, start, provinces, name, rows)
        if level == "subdistrict" and not _stands(run, name):
            rows = []
        if rows:
            yield level, name, _told_apart(text, start + len(name), rows, provinces)
        elif mark[0][0] == "ต" and (unknown := _UNKNOWN.match(text, mark.end())):
            yield level, unknown[1], []


def _stands(run: re.Match[str] | None, name: str) -> bool:
    """Whether letters that begin with a subdistrict's name are that name, and no longer one or another word."""
    rest = run[0][len(name) :] if run else ""
    return name not in _NO_SUBDISTRICT and (not rest or _AFTER.match(rest) is not None)


def _longest(run: str, level: str) -> tuple[str, list[Row]]:
    """The longest name of a place of `level` that the letters begin with."""
    edges: set[int] | None = None
    for size in range(len(run), 1, -1):
        rows = [row for row in gazetteer.rows().get(run[:size], ()) if row[2] == level]
        if not rows:
            continue
        if size < _SURE and size < len(run):
            edges = edges if edges is not None else _edges(run)
            if size not in edges:
                continue
        return run[:size], rows
    return "", []


def _edges(run: str) -> set[int]:
    place, edges = 0, set()
    for word in words(run):
        place += len(word)
        edges.add(place)
    return edges


def _capital(text: str, start: int, provinces: Sequence[str], name: str, rows: list[Row]) -> tuple[str, list[Row]]:
    """อำเภอเมือง by the province beside it, or the only one named."""
    if len(name) > len("เมือง"):
        return name, rows
    near = _province_after(text, start + len("เมือง")) or (provinces[0] if len(provinces) == 1 else "")
    whole = f"เมือง{near}"
    found = [row for row in gazetteer.rows().get(whole, ()) if row[2] == "district"]
    return (whole, found) if near and found else ("", [])


def _told_apart(text: str, end: int, rows: list[Row], provinces: Sequence[str]) -> list[Row]:
    """Of several places of one name those in the province named beside them, else in one that is named anywhere."""
    near = _province_after(text, end)
    return [row for row in rows if row[3] == near] or [row for row in rows if row[3] in provinces] or rows


def _province_after(text: str, end: int) -> str:
    lead = _PROVINCE_NEAR.match(text, end)
    run = _RUN.match(text, lead.end()) if lead else None
    return _longest(run[0], "province")[0] if run else ""
