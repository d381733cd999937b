"""What a document says of itself: title, dates, provinces, what kind of document it is."""

import re
from collections.abc import Sequence
from functools import cache

from ingest.clean import clean_text
from ingest.raw import Raw
from ingest.structure import cut
from vectorstore import thai
from vectorstore.dates import dates, years
from vectorstore.types import Block, DocumentKind

TITLE_LENGTH = 150
_HEAD = 1_500
"""Characters at the beginning in which a document dates itself."""

_BANGKOK = "กรุงเทพมหานคร"
_COMMON = frozenset("น่าน เลย ตาก แพร่ ตรัง ตราด".split())
"""Provinces whose names are ordinary words too, or parts of many: they need จังหวัด before them, or another province beside them."""

_OTHER_PLACE = re.compile(
    r"(?:ต\.|ตำบล|อ\.|อำเภอ|บ้าน|ถนน|ถ\.|ซอย|ซ\.|วัด|แม่น้ำ|คลอง|หมู่บ้าน|โรงเรียน|โรงแรม|เขต|แขวง|เกาะ|หาด|นาย|นาง|นางสาว|คุณ|สะพาน|ชุมชน|ทต\.|อบต\.|รพ\.สต\.) ?$"
)
_TERM = re.compile("[ก-๎a-zA-Z]")

_OPENS_MINUTES = re.compile(r"(?:^|\n)(?:ระเบียบ)?วาระที่|(?:^|\n)(?:ที่ประชุม(?:มี)?)?มติ(?!ชน)|(?:^|\n)ผู้(?:เข้า(?:ร่วม)?|มา)ประชุม")
_OPENS_PROJECT = re.compile(r"(?:^|\n)[\d.๐-๙ )]*(?:วัตถุประสงค์|เป้าประสงค์|หลักการและเหตุผล|แหล่งงบประมาณ|รายละเอียดงบประมาณ)")
_REPORTS = re.compile(r"เปิดเผย|กล่าวว่า|ระบุว่า|ผู้สื่อข่าว|(?:^|\n)รายงาน ?(?::|โดย)|(?:^|\n)วันนี้ \(|(?:^|\n)[ก-๎]{3,16} ?[:/] ?(?:เมื่อ)?วันที่")


def title(raw: Raw, text: str, blocks: Sequence[Block]) -> str:
    """The title given, else the first line that says something, up to 150 characters; '' where there is none.

    A first line that only names a genre, or a series whose number is on the second, is joined with the second.
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
    return cut(first, TITLE_LENGTH)


def dated(raw: Raw, text: str) -> tuple[str | None, tuple[str, ...]]:
    """(the day, month or year it reports on, all that it names), ISO 8601.

    The day given counts; else the first day near the beginning, else the first month, else the first year.
    """
    named = dates(text)
    all_years = years(text)
    iso = {day for found in named for day in (found.first, found.last) if day}
    iso |= {f"{year.value:04d}" for year in all_years} - {day[:4] for day in iso}
    main = _iso(raw.date) if raw.date else None
    if main is None:
        early = sorted((found.first for found in named if found.start < _HEAD), key=lambda day: -len(day))
        main = early[0] if early else next((f"{year.value:04d}" for year in all_years if year.start < _HEAD), None)
    return main, tuple(sorted(iso))


def _iso(text: str) -> str | None:
    if found := dates(text):
        return found[0].first
    named = years(text)
    return f"{named[0].value:04d}" if named else None


def provinces(text: str) -> tuple[str, ...]:
    """The provinces that `text` names, sorted; a name must stand as a word of its own, and not as another place's."""
    found: set[str] = set()
    doubtful: list[tuple[int, int, str]] = []
    ends: set[int] = set()
    for match in _province_names().finditer(text):
        name = match[0]
        before = text[max(0, match.start() - 10) : match.start()]
        if name.startswith("กรุงเทพ") or name.startswith("กทม"):
            found.add(_BANGKOK)
        elif re.search(r"(?:จังหวัด|จ\.|เมือง) ?$", before):
            found.add(name)
        elif name in _COMMON:
            doubtful.append((match.start(), match.end(), name))
            continue
        elif not _OTHER_PLACE.search(before) and name not in found and _is_whole(text, match.start(), match.end()):
            found.add(name)
        else:
            continue
        ends.update((match.start(), match.end()))
    found |= {name for start, end, name in doubtful if _beside(text, start, end, ends)}
    return tuple(sorted(found))


@cache
def _province_names() -> re.Pattern[str]:
    names = sorted(set(thai.provinces()) - {_BANGKOK}, key=len, reverse=True)
    return re.compile("|".join([_BANGKOK, "กรุงเทพฯ", r"กทม\.", *names]))


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the words of the surroundings begin and end where the name does."""
    left = max(0, start - 24)
    place = left
    edges = {left}
    for word in thai.words(text[left : end + 24]):
        place += len(word)
        edges.add(place)
    return start in edges and end in edges


def _beside(text: str, start: int, end: int, others: set[int]) -> bool:
    """Whether another province stands beside it, as in a list: ระนอง พังงา ตรัง."""
    near = re.compile(r"(?: |,|/|และ)+")
    after = near.match(text, end)
    before = re.search(r"(?: |,|/|และ)+$", text[max(0, start - 8) : start])
    return bool((after and after.end() in others) or (before and start - len(before[0]) in others))


def kind(text: str, blocks: Sequence[Block]) -> DocumentKind:
    """What kind of document it is, by the headings and turns of phrase that each kind has."""
    if "ประชุม" in text[:2_000] and _OPENS_MINUTES.search(text):
        return "minutes"
    if "โครงการ" in text and _OPENS_PROJECT.search(text):
        return "project"
    if "บันทึก" in text[:60]:
        return "notes"
    if _REPORTS.search(text):
        return "news"
    listed = sum(block.kind == "list_item" for block in blocks)
    return "notes" if 2 * listed > len(blocks) else "report"
