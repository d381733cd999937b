"""The pieces of a document that can be quoted whole: clauses, list items, rows, and lists with the line that leads in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from vectorstore import thai
from vectorstore.types import Block, Document

_SHORTEST_WINDOW = 60
_LONGEST_WINDOW = 340
_LONGEST_QUOTE = 450
_LONGEST_GROUP = 1500
_SHORT_LINE = 110
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


def units(document: Document, spans: Iterable[tuple[int, int]]) -> Iterator[Unit]:
    """All quotable pieces of the blocks that touch `spans` (0-based, end exclusive), each once."""
    spans = list(spans)
    blocks = document.blocks
    touched = {i for i, block in enumerate(blocks) if any(block.start < end and start < block.end for start, end in spans)}
    led: dict[int, int] = {}
    leads: set[int] = set()
    for first, last in _groups(document):
        if touched.isdisjoint(range(first, last + 1)):
            continue
        led |= dict.fromkeys(range(first + 1, last + 1), first)
        if blocks[last].end - blocks[first].start <= _LONGEST_GROUP:
            yield _unit(document, blocks[first], blocks[first].start, blocks[last].end, whole=True)
            leads.add(first)
    for i in sorted(touched - leads):
        lead = document.text[blocks[led[i]].start : blocks[led[i]].end] if i in led else ""
        yield from _pieces(document, blocks[i], lead)


def grown(unit: Unit) -> Unit:
    """A part of a paragraph with the clauses beside it, what follows first, up to a length that still reads at once."""
    block = next((block for block in unit.document.blocks if block.start <= unit.start and unit.end <= block.end), None)
    if unit.whole or block is None:
        return unit
    start, end = unit.start, unit.end
    clauses = [(block.start + a, block.start + b) for a, b in thai.clauses(unit.document.text[block.start : block.end])]
    for _, after in clauses:
        if after > end and after - start <= _LONGEST_QUOTE:
            end = after
    for before, _ in reversed(clauses):
        if before < start and end - before <= _LONGEST_QUOTE:
            start = before
    return replace(unit, start=start, end=end)


def _pieces(document: Document, block: Block, lead: str) -> Iterator[Unit]:
    """The block itself where it is short, an item or a row, else windows over its clauses."""
    longest = _LONGEST_WINDOW * (2 if block.kind == "list_item" else 1)
    if block.kind in ("heading", "table_row") or block.end - block.start <= longest:
        yield _unit(document, block, block.start, block.end, lead, whole=True)
        return
    clauses = [(block.start + a, block.start + b) for a, b in thai.clauses(document.text[block.start : block.end])]
    for i, (start, first_end) in enumerate(clauses):
        if first_end - start >= _LONGEST_WINDOW:
            yield _unit(document, block, start, first_end, lead)
        for _, end in clauses[i:]:
            if end - start > _LONGEST_WINDOW:
                break
            if end - start >= _SHORTEST_WINDOW:
                yield _unit(document, block, start, end, lead)


def _groups(document: Document) -> Iterator[tuple[int, int]]:
    """(first, last) block numbers of each lead-in with what it introduces."""
    blocks, text = document.blocks, document.text
    for first, lead in enumerate(blocks[:-1]):
        opens = bool(_LEADS_IN.search(text[lead.start : lead.end]))
        if lead.kind == "table_row" or (lead.kind == "list_item" and not opens):
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
    if block.section != lead.section or block.kind == "heading":
        return False
    if block.kind in ("list_item", "table_row"):
        return True
    line = document.text[block.start : block.end]
    return opens and len(line) <= _SHORT_LINE and not line.startswith("มติ") and not _LEADS_IN.search(line)


def _unit(document: Document, block: Block, start: int, end: int, lead: str = "", *, whole: bool = False) -> Unit:
    around = "\n".join([document.title, *block.section, lead])
    return Unit(document, start, end, block.section, block.page, around, whole)
