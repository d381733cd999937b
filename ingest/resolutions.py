"""The resolutions of a meeting, as its minutes or a report of it record them: what, who is to do it, by when."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest import meeting, resolving
from ingest.assignees import assigned
from ingest.due import due
from ingest.lines import introduces, marker
from ingest.people import people_at
from ingest.resolving import Said
from vectorstore.types import Block, Document, Resolution

_ANY = re.compile("มติ|ที่ประชุม|มอบหมาย|เห็นชอบ|รับรองรายงาน")
_GOES_ON = re.compile(
    r"(?:และ|พร้อมทั้ง|โดย|ทั้งนี้)? ?(?:มอบหมาย|มอบ ?(?=นาย|นาง|คุณ)|ให้(?!ข้อมูล)|กำหนด(?:ส่ง|แล้วเสร็จ|ให้)|ภายใน|โดยให้|โดยมี)"
)
_SHORT_HEAD = 60
"""A decision up to this length may have its matter in the list that follows."""
_MOST = 3_000
"""Characters of one resolution."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A span of the text that is one resolution, and the block that it begins in."""

    start: int
    end: int
    block: Block


def resolutions(document: Document) -> tuple[Resolution, ...]:
    """The rows that `document` gives to the register, in order; none where it records no meeting of its own."""
    if not _ANY.search(document.text) or not meeting.records_meeting(document):
        return ()
    rows = list(_rows(document))
    if not rows:
        return ()
    held = meeting.place(document.text)
    place = document.text[slice(*held)] if held else None
    day = meeting.day(document, held)
    return tuple(_resolution(document, row, place, day) for row in rows)


def _rows(document: Document) -> Iterator[_Row]:
    done = 0
    for index, block in enumerate(document.blocks):
        if block.end <= done:
            continue
        rows = _at(document, index)
        yield from rows
        done = max([done, *(row.end for row in rows)])


def _at(document: Document, index: int) -> list[_Row]:
    """The resolutions that begin in the block at `index`."""
    text, block, minutes = document.text, document.blocks[index], document.kind == "minutes"
    start = block.start + (marker(text[block.start : block.end]).length if block.kind != "table_row" else 0)
    sentence = text.startswith("ที่ประชุม", start)  # others may follow it in the paragraph
    if (said := resolving.formal(text, start, block.end, document.title)) and (said.bare or not sentence):
        return _whole(document, index, said)
    if block.kind == "table_row":
        return []
    if minutes and block.kind != "list_item" and (said := resolving.opening(text, start, block.end)):
        heading = block.kind == "heading" and not text.startswith("รับรองรายงาน", start)
        return [] if heading else _whole(document, index, said)
    found = list(resolving.inline(text, start, block.end, document.kind))
    rows = [_Row(said.start, said.end, block) for said in found]
    announces = bool(found) and found[-1].end == block.end and introduces(text[found[-1].start : block.end])
    return rows[:-1] + _whole(document, index, found[-1]) if announces else rows


def _whole(document: Document, index: int, said: Said) -> list[_Row]:
    """A resolution with the lines that belong to it; each item of a list that has its own who or when is one of its own."""
    block = document.blocks[index]
    if said.bare:
        following = document.blocks[index + 1 : index + 2]
        if not following or following[0].kind == "heading" or following[0].section != block.section:
            return []
        if following[0].kind == "paragraph":
            first = following[0]
            head = resolving.formal(document.text, first.start, first.end, document.title)
            return [] if head else _whole(document, index + 1, Said(first.start, first.end))
        return [_item(document.text, item) for item in _items(document, index)]
    items = _items(document, index) if _has_list(document, index, said) else []
    if sum(_is_task(document.text, item) for item in items) > 1:
        return [_item(document.text, item) for item in items]
    after = index + 1 + len(items)
    end = max([said.end, *(item.end for item in items)])
    while after < len(document.blocks) and _goes_on(document, block, document.blocks[after]):
        end = document.blocks[after].end
        after += 1
    return [_Row(said.start, min(end, said.start + _MOST), block)]


def _items(document: Document, index: int) -> Sequence[Block]:
    """The list items that follow the block at `index` in its section; an agenda's own items are none of it."""
    found: list[Block] = []
    for block in document.blocks[index + 1 :]:
        style = marker(document.text[block.start : block.end]).style
        if block.kind != "list_item" or block.section != document.blocks[index].section or style in ("dotted", "agenda"):
            break
        found.append(block)
    return found


def _has_list(document: Document, index: int, said: Said) -> bool:
    items = _items(document, index)
    if not items:
        return False
    line = document.text[said.start : said.end]
    first = marker(document.text[items[0].start : items[0].end])
    return introduces(line) or (len(line) <= _SHORT_HEAD and first.number == 1)


def _is_task(text: str, item: Block) -> bool:
    """Whether a list item says what somebody is to do, or by when: not where it is a name alone."""
    line = text[item.start : item.end]
    begins = marker(line).length
    named = people_at(line, begins)
    alone = bool(named) and len(line) - begins - len(named[0]) < 60
    return not alone and bool(assigned(line) or due(line, None))


def _item(text: str, block: Block) -> _Row:
    return _Row(block.start + marker(text[block.start : block.end]).length, block.end, block)


def _goes_on(document: Document, head: Block, block: Block) -> bool:
    """Whether a paragraph still belongs to the resolution above it."""
    return block.kind == "paragraph" and block.section == head.section and bool(_GOES_ON.match(document.text, block.start))


def _resolution(document: Document, row: _Row, place: str | None, day: str | None) -> Resolution:
    decision = document.text[row.start : row.end]
    own = document.text[row.block.start : row.block.end]
    date = meeting.day_at(own) or day
    above = _approved(document, row) if resolving.APPROVED.fullmatch(decision) else []
    told = due(decision, date) or next((found for item in above if (found := due(item, date))), None)
    who = assigned(decision) or tuple(name for item in above for name in people_at(item, marker(item).length))
    return Resolution(
        document_id=document.id,
        source=document.source,
        meeting=document.title,
        date=date,
        place=place,
        section=row.block.section,
        decision=decision,
        assigned=who,
        due=told[1] if told else None,
        due_said=told[0] if told else None,
        page=row.block.page,
        start=row.start,
        end=row.end,
    )


def _approved(document: Document, row: _Row) -> list[str]:
    """The list items of the agenda item that end above a resolution which only approves them."""
    depth, found = row.block.section, []
    for block in document.blocks:
        if block.end <= row.start and depth and block.section[: len(depth)] == depth and block.kind == "list_item":
            found.append(document.text[block.start : block.end])
    return found
