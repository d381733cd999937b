"""The pieces of a document that can be quoted whole: clauses, list items, rows, and lists with the line that leads in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from vectorstore import thai
from vectorstore.types import Block, Document

LONGEST = 160
"""Characters of a part of a paragraph that is quoted, at most."""
_LONGEST_ROW, _LONGEST_ITEM = 600, 340
"""Rows and items of lists are quoted whole up to so many characters."""
_LONGEST_RESOLUTION = 450
"""A resolution is quoted with what it assigns to whom, up to so many characters."""
_CUT = 80
"""Characters of the parts into which a run of words without a space is cut."""
_LONGEST_GROUP = 1500
_SHORT_LINE = 110
_NAMED_CELL = re.compile(r"(?:^|\| )[^|:\n]{1,80}: [^|\n]")
_MEASURE = re.compile(r"\(?หน่วย *(?:นับ)? *[:：]?[^\n]{1,30}")
_VALUE = re.compile("^ *[0-9๐-๙.,]+ *%? *$|[0-9๐-๙][0-9๐-๙.,]* *(?:บาท|คน|ราย|ครัวเรือน|ไร่|แห่ง|หลัง)")
_PHRASE = re.compile("[^ \n]+")
_LEADS_IN = re.compile("(?:ประกอบด้วย|ดังนี้|ดังต่อไปนี้|ได้แก่|คือ|:|ดังนี้คือ|อาทิ|following)[ ).:–-]*$")


@dataclass(frozen=True, slots=True)
class Unit:
    """A quotable slice of a document.

    `around` is text that says what the slice is about without being part of it: title, sections, the line that leads
    in, a table's first row.
    """

    document: Document
    start: int
    end: int
    section: tuple[str, ...]
    page: int | None
    around: str
    whole: bool
    """Whether it is a block or a list of blocks, not a part of a paragraph."""

    @property
    def text(self) -> str:
        """The slice."""
        return self.document.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a document that pieces are cut from: a block, or a list with the line that leads in.

    `start` and `end` are its characters (0-based, end exclusive), `lead` what leads in to it.
    """

    document: Document
    block: Block
    start: int
    end: int
    lead: str = ""
    whole: bool = False

    def units(self) -> Iterator[Unit]:
        """Its quotable pieces, in order."""
        if self.whole:
            yield _unit(self.document, self.block, self.start, self.end, whole=True)
        else:
            yield from _pieces(self.document, self.block, self.lead)


def units(document: Document, spans: Iterable[tuple[int, int]]) -> Iterator[Unit]:
    """All quotable pieces of the blocks that touch `spans` (0-based, end exclusive), each once; hidden ones are not quoted."""
    for stretch in stretches(document, spans):
        yield from stretch.units()


def stretches(document: Document, spans: Iterable[tuple[int, int]]) -> Iterator[Stretch]:
    """What the pieces of `units` are cut from, in their order."""
    spans = list(spans)
    blocks = document.blocks
    touched = {
        i
        for i, block in enumerate(blocks)
        if block.doubt != "hidden" and any(block.start < end and start < block.end for start, end in spans)
    }
    led: dict[int, int] = {}
    leads: set[int] = set()
    for first, last in _groups(document):
        if touched.isdisjoint(range(first, last + 1)):
            continue
        led |= dict.fromkeys(range(first + 1, last + 1), first)
        start = _lead_start(document, blocks[first])
        if blocks[last].end - start <= _LONGEST_GROUP:
            yield Stretch(document, blocks[first], start, blocks[last].end, whole=True)
            leads |= {first} if start == blocks[first].start else set()
    for i in sorted(touched - leads):
        lead = document.text[blocks[led[i]].start : blocks[led[i]].end] if i in led else ""
        yield Stretch(document, blocks[i], blocks[i].start, blocks[i].end, lead)


def lines(document: Document) -> Iterator[Unit]:
    """Every block that is short enough to be quoted whole, but for hidden ones."""
    for block in document.blocks:
        if block.doubt != "hidden" and block.end - block.start <= LONGEST:
            yield _unit(document, block, block.start, block.end, whole=True)


def _lead_start(document: Document, lead: Block) -> int:
    """Where the words begin that lead in: a short line does as a whole, of a paragraph only its end."""
    if lead.end - lead.start <= LONGEST:
        return lead.start
    return next(start for start, _ in _parts(document.text, lead.start, lead.end) if lead.end - start <= LONGEST)


def grown(unit: Unit, others: Iterable[Unit] = ()) -> Unit:
    """A part of a paragraph with what is beside it, what follows first, as long as may be quoted and not into `others`."""
    block = next((block for block in unit.document.blocks if block.start <= unit.start and unit.end <= block.end), None)
    if unit.whole or block is None:
        return unit
    taken = [(other.start, other.end) for other in others if other.document.id == unit.document.id]
    start, end = unit.start, unit.end
    parts = list(_parts(unit.document.text, block.start, block.end))
    for _, after in parts:
        if after > end and after - start <= LONGEST and not any(a < after and end <= a for a, _ in taken):
            end = after
    for before, _ in reversed(parts):
        if before < start and end - before <= LONGEST and not any(before < b and b <= start for _, b in taken):
            start = before
    return replace(unit, start=start, end=end)


def header_of(unit: Unit) -> Unit | None:
    """The first row of the table that a row is of, which names its columns; None where it is none or the first itself.

    A line above it that tells the unit of the figures, (หน่วย: บาท), comes with it.
    Rows of a sheet say the names of their columns themselves (column: cell | column: cell), and have none.
    """
    blocks = unit.document.blocks
    own = next((i for i, block in enumerate(blocks) if (block.start, block.end) == (unit.start, unit.end)), None)
    if own is None or blocks[own].kind != "table_row":
        return None
    first = own
    while first and blocks[first - 1].kind == "table_row" and blocks[first - 1].section == blocks[own].section:
        first -= 1
    start = blocks[first].start
    if first == own or _NAMED_CELL.search(unit.document.text[start : blocks[first].end]):
        return None
    if first and blocks[first - 1].section == blocks[first].section:
        above = unit.document.text[blocks[first - 1].start : blocks[first - 1].end]
        start = blocks[first - 1].start if _MEASURE.fullmatch(above) else start
    return _unit(unit.document, blocks[first], start, blocks[first].end, whole=True)


def names_columns(header: Unit, row: Unit) -> bool:
    """Whether the first row of a table does name the columns of `row`: as many cells, none of them a value."""
    names, cells = header.text.split("\n")[-1].split("|"), row.text.split("|")
    return len(names) == len(cells) > 1 and not any(_VALUE.search(name) for name in names)


def above(unit: Unit) -> str:
    """What stands above a piece: what is around it, and the row that names the columns where it is a row."""
    header = header_of(unit)
    return f"{unit.around}\n{header.text}" if header else unit.around


def rows(group: Unit) -> list[Unit]:
    """The rows or items of a list or table, without the words that lead in, the row that names columns, and what leads on.

    What is above each, that row included, is `around` it. None of a piece that is neither list nor table.
    """
    document = group.document
    inside = [
        block for block in document.blocks if group.start < block.end and block.start < group.end and block.doubt != "hidden"
    ]
    if not group.whole or len(inside) < 2:
        return []
    lead = document.text[group.start : inside[0].end]
    found = [_unit(document, block, block.start, block.end, lead, whole=True) for block in inside[1:]]
    headed = [(unit, header_of(unit)) for unit in found if not _LEADS_IN.search(unit.text)]
    headers = [header for _, header in headed if header]
    return [
        replace(unit, around=f"{unit.around}\n{header.text}") if header else unit
        for unit, header in headed
        if not any(one.start <= unit.start < one.end for one in headers)
    ]


def _pieces(document: Document, block: Block, lead: str) -> Iterator[Unit]:
    """The block itself where it is short, an item or a row, else runs of its clauses."""
    longest = {"heading": _LONGEST_ROW, "table_row": _LONGEST_ROW, "list_item": _LONGEST_ITEM}.get(block.kind, LONGEST)
    if document.text.startswith("มติ", block.start):
        longest = _LONGEST_RESOLUTION
    if block.end - block.start <= longest:
        yield _unit(document, block, block.start, block.end, lead, whole=True)
        return
    parts = list(_parts(document.text, block.start, block.end))
    for i, (start, _) in enumerate(parts):
        for _, end in parts[i:]:
            if end - start > LONGEST:
                break
            yield _unit(document, block, start, end, lead)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The clauses between two places; one that is too long to be quoted is cut at its spaces, or else between its words."""
    for first, last in thai.clauses(text[start:end]):
        if last - first <= LONGEST:
            yield start + first, start + last
        else:
            yield from _phrases(text, start + first, start + last)


def _phrases(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for phrase in _PHRASE.finditer(text, start, end):
        if phrase.end() - phrase.start() <= LONGEST:
            yield phrase.span()
            continue
        at = last = phrase.start()
        for word in thai.words(phrase[0]):
            if last + len(word) - at > _CUT:
                yield at, last
                at = last
            last += len(word)
        if at < last:
            yield at, last


def _groups(document: Document) -> Iterator[tuple[int, int]]:
    """(first, last) block numbers of each lead-in with what it introduces."""
    blocks, text = document.blocks, document.text
    for first, lead in enumerate(blocks[:-1]):
        opens = bool(_LEADS_IN.search(text[lead.start : lead.end]))
        if lead.doubt == "hidden" or lead.kind == "table_row" or (lead.kind == "list_item" and not opens):
            continue
        last = first
        while (
            last + 1 < len(blocks)
            and blocks[last].end - lead.start <= _LONGEST_GROUP
            and _follows(document, blocks[last + 1], lead, opens=opens)
        ):
            last += 1
        if last > first:
            yield first, last


def _follows(document: Document, block: Block, lead: Block, *, opens: bool) -> bool:
    if block.section != lead.section or block.kind == "heading" or block.doubt == "hidden":
        return False
    if block.kind in ("list_item", "table_row"):
        return True
    line = document.text[block.start : block.end]
    return opens and len(line) <= _SHORT_LINE and not line.startswith("มติ") and not _LEADS_IN.search(line)


def _unit(document: Document, block: Block, start: int, end: int, lead: str = "", *, whole: bool = False) -> Unit:
    around = "\n".join([document.title, *block.section, lead])
    return Unit(document, start, end, block.section, block.page, around, whole)
