"""What a document says of itself: title, dates, provinces, what kind of document it is."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from ingest.clean import clean_text
from ingest.raw import Raw
from ingest.structure import cut
from vectorstore import glossary, thai
from vectorstore.alternatives import one_of
from vectorstore.dates import Date, Year, dates, years
from vectorstore.types import Block, DocumentKind

TITLE_LENGTH, SUBJECT_LENGTH = 150, 60
"""Characters of a title at most, and of what is taken for one from the beginning of a paragraph."""
_HEAD = 1_500
"""Characters at the beginning in which a document dates itself."""

_BANGKOK = "กรุงเทพมหานคร"
_COMMON = frozenset(["น่าน", "เลย", "ตาก", "แพร่", "ตรัง", "ตราด"])
"""Names that are ordinary words too, or parts of many: they need จังหวัด before them, or another province beside them."""

_OTHER_PLACE = re.compile(
    r"(?:ต\.|ตำบล|อ\.|อำเภอ|บ้าน|ถนน|ถ\.|ซอย|ซ\.|วัด|แม่น้ำ|คลอง|หมู่บ้าน|โรงเรียน|โรงแรม|เขต|แขวง|เกาะ|หาด|นาย|นาง|นางสาว|คุณ|สะพาน|"
    r"ชุมชน|ทต\.|อบต\.|รพ\.สต\.) ?$"
)
_PROVINCE = re.compile(r"(?:จังหวัด|จ\.|เมือง) ?$")
_BODIES = ("กระทรวง", "กรม", "สำนักงาน", "สถาบัน", "องค์การ", "มหาวิทยาลัย", "ธนาคาร", "เทศบาล", "สภา", "กองทุน", "การ", "มูลนิธิ")
_MONTHS = frozenset(["ก.พ.", "กพ.", "ก.ค.", "ต.ค.", "ม.ค.", "มี.ค.", "พ.ค.", "ส.ค.", "พ.ย."])
"""Months that an organisation is abbreviated like."""
_NO_NAMES = frozenset(["สำนักงาน", "การพัฒนาคุณภาพชีวิต"])
_AND = r"(?: |,|/|และ)+"
_CUED = re.compile(r"(?:ปี|งบประมาณ|พ\.ศ\.|ค\.ศ\.|/) ?$")
_TERM = re.compile("[ก-๎a-zA-Z]")

_OPENS_MINUTES = re.compile(r"^(?:(?:ระเบียบ)?วาระที่|(?:ที่ประชุม(?:มี)?)?มติ(?!ชน)|ผู้(?:เข้า(?:ร่วม)?|มา)ประชุม)", re.MULTILINE)
_OPENS_PROJECT = re.compile(r"^[\d.๐-๙ )]*(?:วัตถุประสงค์|เป้าประสงค์|หลักการและเหตุผล|แหล่งงบประมาณ|รายละเอียดงบประมาณ)", re.MULTILINE)
_SAYING = re.compile("เปิดเผย|กล่าวว่า|ระบุว่า|ผู้สื่อข่าว")
_REPORTS = re.compile(r"^รายงาน ?(?::|โดย)|^วันนี้ \(|^[ก-๎]{3,16} ?[:/] ?(?:เมื่อ)?วันที่", re.MULTILINE)


def title(raw: Raw, text: str, blocks: Sequence[Block]) -> str:
    """The title given, else the first line that says something; '' where there is none.

    Where the text begins with a whole paragraph, its opening names the subject and stands for a title. A first line that
    only names a genre, or a series whose number is on the second, is joined with the second.
    """
    if raw.title and (given := clean_text(raw.title)):
        return given
    first_lines = [text[block.start : block.end] for block in blocks[:4]]
    first_lines = [" ".join(line.split()) for line in first_lines if len(_TERM.findall(line)) >= 3]
    if not first_lines:
        return ""
    first, *rest = first_lines
    if rest and (len(first) <= 24 or rest[0].startswith("ครั้งที่")):
        first = f"{first} {rest[0]}"
    return first if len(first) <= TITLE_LENGTH else cut(first, SUBJECT_LENGTH)


def dated(raw: Raw, text: str) -> tuple[str | None, tuple[str, ...]]:
    """(the day, month or year it reports on, all that it names), ISO 8601.

    The day given counts; else the first day near the beginning, else a month, else a year there, else the first year named.
    """
    named = dates(text)
    all_years = years(text)
    iso = {day for found in named for day in (found.first, found.last) if day}
    iso |= {f"{year.value:04d}" for year in all_years if not _is_bare(text, year)} - {day[:4] for day in iso}
    main = _iso(raw.date) if raw.date else None
    return main or _main(text, named, all_years), tuple(sorted(iso))


def organisations(text: str) -> tuple[str, ...]:
    """The full names of the organisations of the glossary that the text names, in full or by an abbreviation, sorted."""
    forms = ((form, *others) for form, others in glossary.other_forms(text).items() if form not in _MONTHS)
    found = (max(some, key=len) for some in forms)
    return tuple(sorted(bodies(found)))


def bodies(names: Iterable[str]) -> set[str]:
    """Those of `names` that an organisation may have."""
    return {name for name in names if name.startswith(_BODIES) and name not in _NO_NAMES}


def _main(text: str, named: Sequence[Date], all_years: Sequence[Year]) -> str | None:
    """A number like 2020 or 2550 may be part of a name or an address: a document's year needs ปี, พ.ศ. or a meeting's number."""
    early = [date.first for date in named if date.start < _HEAD]
    sure = [year for year in all_years if not _is_bare(text, year)]
    days_first = sorted(early, key=len, reverse=True)
    years_early = [f"{year.value:04d}" for year in sure if year.start < _HEAD]
    anywhere = [date.first[:4] for date in named] + [f"{year.value:04d}" for year in sure]
    return next(iter([*days_first, *years_early, *anywhere]), None)


def _is_bare(text: str, year: Year) -> bool:
    return not _CUED.search(text, max(0, year.start - 8), year.start)


def _iso(text: str) -> str | None:
    if found := dates(text):
        return found[0].first
    named = years(text)
    return f"{named[0].value:04d}" if named else None


def provinces(text: str) -> tuple[str, ...]:
    """The provinces that `text` names, sorted; a name must stand as a word of its own, and not as another place's."""
    found: set[str] = set()
    common: list[re.Match[str]] = []
    edges: set[int] = set()
    for match in _province_names().finditer(text):
        name = _BANGKOK if match[0].startswith("ก") and match[0] not in thai.provinces() else match[0]
        said = name == _BANGKOK or _PROVINCE.search(text, max(0, match.start() - 8), match.start())
        if not said and name in _COMMON:
            common.append(match)
        elif said or name in found or _is_province(text, match):
            found.add(name)
            edges.update(match.span())
    found |= {match[0] for match in common if _beside(text, match, edges)}
    return tuple(sorted(found))


@cache
def _province_names() -> re.Pattern[str]:
    return re.compile(one_of([*thai.provinces(), "กรุงเทพฯ", "กทม."]))


def _is_province(text: str, match: re.Match[str]) -> bool:
    """Whether no other kind of place has the name, and the words of the surroundings begin and end where it does."""
    start, end = match.span()
    place = max(0, start - 24)
    if _OTHER_PLACE.search(text, max(0, start - 10), start):
        return False
    edges = {place}
    for word in thai.words(text[place : end + 24]):
        place += len(word)
        edges.add(place)
    return start in edges and end in edges


def _beside(text: str, match: re.Match[str], edges: set[int]) -> bool:
    """Whether another province stands beside it, as in a list: ระนอง พังงา ตรัง."""
    start, end = match.span()
    after = re.compile(_AND).match(text, end)
    before = re.compile(f"{_AND}$").search(text, max(0, start - 8), start)
    return bool((after and after.end() in edges) or (before and before.start() in edges))


def kind(text: str, blocks: Sequence[Block]) -> DocumentKind:
    """What kind of document it is, by the headings and turns of phrase that each kind has."""
    if "ประชุม" in text[:2_000] and _OPENS_MINUTES.search(text):
        return "minutes"
    if "โครงการ" in text and _OPENS_PROJECT.search(text):
        return "project"
    if "บันทึก" in text[:60]:
        return "notes"
    if _SAYING.search(text) or _REPORTS.search(text):
        return "news"
    listed = sum(block.kind == "list_item" for block in blocks)
    return "notes" if 2 * listed > len(blocks) else "report"


def address(url: str | None) -> str | None:
    """`url` where it is a web address that a page may link to (http or https), else None."""
    return url if url and re.fullmatch(r"https?://[^\s\x00-\x20\"<>]{1,2000}", url) else None
