"""Passages along the structure: about 450 characters each, a list with the line that introduces it, a table with its heading.

Where to end a passage is one question for the whole document: the ends are chosen so that the sum of two costs is least,
how far each passage is from the target and what each end tears apart (Knuth and Plass break paragraphs into lines so).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.lines import introduces, is_resolution
from vectorstore.thai import clauses, word_boundary
from vectorstore.types import Block, Document, Passage

RULES = "1"
"""Raised when documents are cut otherwise: what was cut before is then not gone on with."""
TARGET, MOST = 450, 900
"""Characters of a passage: aimed at, and never exceeded."""

_WHOLE = 500
"""A block up to this length is never cut."""

_SMALL_SECTION = 150
"""A top-level section of so few characters may share a passage with its neighbour."""

_AFTER_HEADING, _IN_LIST_HEAD, _IN_TABLE, _IN_BLOCK, _IN_LIST, _IN_SECTION, _AT_SECTION = 3.0, 2.0, 0.8, 0.5, 0.3, 0.15, 0.0
"""What an end of a passage costs, by what it parts."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block, or a clause of a long one, and the cost of a passage ending before it.

    `top` numbers its top-level section; `table` the table that it is of, from 1 on, 0 for none; `apart` is whether hidden words
    stand before it, which no passage may have.
    """

    start: int
    end: int
    block: Block
    cost: float
    top: int
    table: int = 0
    apart: bool = False


def passages(document: Document) -> list[Passage]:
    """The passages of `document`, in order, without overlap.

    Only spaces, line breaks and words that the source hides lie between them: those are kept, and never found or quoted.
    """
    pieces = _pieces(document.text, document.blocks)
    found = []
    for first, last in _best(pieces):
        start, end, block = pieces[first].start, pieces[last].end, pieces[first].block
        found.append(
            Passage(
                id=f"{document.id[:16]}:{start}",
                document_id=document.id,
                start=start,
                end=end,
                text=document.text[start:end],
                section=block.section,
                page=block.page,
            )
        )
    return found


def _pieces(text: str, blocks: Sequence[Block]) -> list[_Piece]:
    pieces: list[_Piece] = []
    top, before = 0, None
    apart = False
    for block, table in zip(blocks, _tables(text, blocks), strict=True):
        if block.doubt == "hidden":
            apart = True
            continue
        if before is not None and before.section[:1] != block.section[:1]:
            top += 1
        for start, end in _spans(text, block):
            inside = bool(pieces) and pieces[-1].block is block
            cost = _IN_BLOCK if inside else _tear(text, before, block)
            pieces.append(_Piece(start, end, block, cost, top, table, apart))
            apart = False
        before = block
    return pieces


def _tables(text: str, blocks: Sequence[Block]) -> list[int]:
    """The number of the table that each block is of, 0 for none: rows with cells, up to an empty line or anything else."""
    found = [0] * len(blocks)
    count, place = 0, 0
    while place < len(blocks):
        last = place
        while last + 1 < len(blocks) and _is_next_row(text, blocks[last], blocks[last + 1]):
            last += 1
        rows = blocks[place : last + 1]
        if rows[0].kind == "table_row" and (_in_cells(text, rows) or _is_form(text, rows)):
            count += 1
            found[place : last + 1] = [count] * len(rows)
        place = last + 1
    return found


def _in_cells(text: str, rows: Sequence[Block]) -> bool:
    return any(" | " in text[row.start : row.end] for row in rows)


def _is_form(text: str, rows: Sequence[Block]) -> bool:
    """Whether every row is a name, a colon and what stands for it."""
    return all(": " in text[row.start : row.end] for row in rows)


def _is_next_row(text: str, before: Block, block: Block) -> bool:
    return before.kind == block.kind == "table_row" and "\n\n" not in text[before.end : block.start]


def _spans(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """The block's span without surrounding spaces, or its clauses'; none where it is blank."""
    piece = text[block.start : block.end]
    start = block.start + len(piece) - len(piece.lstrip())
    end = block.start + len(piece.rstrip())
    if end - start <= _WHOLE:
        if start < end:
            yield start, end
        return
    for first, last in clauses(text[start:end]):
        yield from _words(text, start + first, start + last)


def _words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """`start`-`end` cut between words where it is one clause too long for a passage."""
    while end - start > MOST:
        place = start + word_boundary(text[start : start + MOST], TARGET)
        yield start, start + len(text[start:place].rstrip())
        start = place
        while text[start].isspace():
            start += 1
    yield start, end


def _tear(text: str, before: Block | None, block: Block) -> float:
    """What is lost when a passage ends between two blocks."""
    if before is None:
        return 0.0
    if before.kind == "heading":
        return _AFTER_HEADING
    listed = block.kind in ("list_item", "table_row")
    if listed and before.kind == "paragraph" and before.section == block.section:
        line = text[before.start : before.end]
        return _IN_LIST_HEAD if introduces(line) or is_resolution(line) else _IN_TABLE
    if before.section != block.section:
        return _AT_SECTION
    if before.kind == block.kind == "table_row":
        return _IN_TABLE
    return _IN_LIST if before.kind == "list_item" else _IN_SECTION


def _best(pieces: Sequence[_Piece]) -> list[tuple[int, int]]:
    """(first, last) piece of each passage, at the least total cost."""
    starts = [piece.start for piece in pieces]
    tears = [piece.cost for piece in pieces]
    walls = _walls(pieces)
    costs, firsts = [0.0], [0]
    for last, piece in enumerate(pieces):
        best, best_first, end = float("inf"), last, piece.end
        for first in range(last, walls[last] - 1, -1):
            length = end - starts[first]
            if length > MOST and first < last:
                break
            cost = costs[first] + tears[first] + ((length - TARGET) / TARGET) ** 2
            if cost < best:
                best, best_first = cost, first
        costs.append(best)
        firsts.append(best_first)
    return _read_back(firsts)


def _read_back(firsts: Sequence[int]) -> list[tuple[int, int]]:
    """`firsts[n]` is the first piece of the last passage of the first n pieces."""
    found: list[tuple[int, int]] = []
    end = len(firsts) - 1
    while end:
        found.append((firsts[end], end - 1))
        end = firsts[end]
    return found[::-1]


def _walls(pieces: Sequence[_Piece]) -> list[int]:
    """For each piece the first that may be in one passage with it, by top-level section.

    A passage is known by the section that it begins in: a small one may follow in it, or a title stand before it. Two tables
    are never in one: a figure under another table's columns would be another figure.
    """
    small = _small_sections(pieces)
    walls: list[int] = []
    table, ended = 0, 0
    for index, piece in enumerate(pieces):
        before = pieces[index - 1] if index else piece
        title = not before.block.section and before.top in small
        apart = piece.top != before.top and piece.top not in small and not title
        wall = index if apart or piece.apart or not index else walls[-1]
        if piece.table:
            wall = max(wall, ended) if piece.table != table else wall
            table, ended = piece.table, index + 1
        walls.append(wall)
    return walls


def _small_sections(pieces: Sequence[_Piece]) -> set[int]:
    """Numbers of the top-level sections that are short as a whole."""
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for piece in pieces:
        starts.setdefault(piece.top, piece.start)
        ends[piece.top] = piece.end
    return {top for top, start in starts.items() if ends[top] - start <= _SMALL_SECTION}
