"""From clean lines to a document's text and its blocks, each with the path of headings above it.

A heading closes those of its own rank and below. The ranks: the title, what the format itself calls a heading (2 to
10), agenda item, numbered item of an agenda, label, numbered heading of a project sheet.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest import lines as kind_of
from ingest.lines import NO_MARKER, Marker
from ingest.raw import RawLine
from vectorstore.thai import clauses, word_boundary
from vectorstore.types import Block, BlockKind, Doubt

TITLE, AGENDA, ITEM, LABEL, NUMBERED = 1, 11, 20, 30, 50
SECTION_LENGTH = 120
"""A section path holds a heading's line cut to this many characters."""

_MENTION = 240
"""A longer line that begins with วาระที่ 1 speaks of the item, and is no heading."""

_SHORT, _WRAPPED_LINES = 40, 8
"""Characters of a line, and lines of a list item, in a PDF's columns."""

_OPENING = 80
"""A numbered agenda item with nothing under it is a heading up to this length, and a statement beyond."""


@dataclass(slots=True)
class _Line:
    """A line that is not empty, and what has been found out about it.

    `rank` is 0 where it opens no section; `title` is what a section path shows of it, once it stands in one.
    """

    text: str
    start: int
    end: int
    page: int | None
    kind: BlockKind | None
    level: int
    marker: Marker
    gap: bool
    doubt: Doubt | None = None
    rank: int = 0
    title: str = ""


def structure(source: Sequence[RawLine]) -> tuple[str, tuple[Block, ...]]:
    """(text, blocks) of clean lines: the text is the lines joined by line breaks, an empty line where they had a gap."""
    found = _lines(source)
    _join_figures(found)
    found = [line for line in found if line.text]
    for mark in (_mark_agenda, _mark_hinted, _mark_numbered, _mark_labels, _mark_lists):
        mark(found)
    return "\n".join(line.text for line in source), tuple(_blocks(found))


def seen(text: str, blocks: Sequence[Block]) -> tuple[str, tuple[Block, ...]]:
    """`text` with spaces for what the source hides, and the blocks that it shows: what a document says of itself."""
    pieces: list[str] = []
    end = 0
    for block in blocks:
        if block.doubt == "hidden":
            pieces += text[end : block.start], " " * (block.end - block.start)
            end = block.end
    return "".join([*pieces, text[end:]]), tuple(block for block in blocks if block.doubt != "hidden")


def _lines(source: Sequence[RawLine]) -> list[_Line]:
    found: list[_Line] = []
    place, gap = 0, True
    for line in source:
        end = place + len(line.text)
        if line.text:
            kind = "paragraph" if line.doubt == "hidden" else line.kind
            mark = NO_MARKER if kind in ("table_row", "paragraph") else kind_of.marker(line.text)
            found.append(_Line(line.text, place, end, line.page, kind, line.level, mark, gap, line.doubt))
        place, gap = end + 1, not line.text
    return found


def _join_figures(found: list[_Line]) -> None:
    """A name on one line and its figure on the next are one table row; so is the head above such rows."""
    rows = {
        index
        for index in range(len(found) - 1)
        if found[index].doubt == found[index + 1].doubt
        and kind_of.is_figure(found[index + 1].text)
        and not kind_of.is_figure(found[index].text)
        and _is_name(found[index])
    }
    kept = {index for index in rows if index + 2 in rows or index - 2 in rows or _is_amount(found[index + 1].text)}
    for index in sorted(kept):
        if index - 2 not in kept and index >= 2 and kind_of.is_unit_head(found[index - 1].text):
            _join_head(found, index)
        _join(found[index], found[index + 1])


def _join_head(found: list[_Line], index: int) -> None:
    """The two lines above the first row name its columns; the first of them may be the section's own heading instead."""
    name, unit = found[index - 2], found[index - 1]
    named_before = any(line.text == name.text for line in found[max(0, index - 5) : index - 2])
    if _is_name(name) and (named_before or not kind_of.is_known_label(name.text)):
        _join(name, unit)
    else:
        unit.kind = "table_row"


def _is_name(line: _Line) -> bool:
    return line.kind is None and len(line.text) <= 80 and not kind_of.introduces(line.text)


def _is_amount(text: str) -> bool:
    """A lone 7 below a line may be a page's number, 2566 a year; 3,595,000 is neither."""
    return "," in text or (len(text) > 3 and not (len(text) == 4 and text[:2] in ("25", "20")))


def _join(first: _Line, second: _Line) -> None:
    first.kind, first.end, first.marker = "table_row", second.end, NO_MARKER
    second.text = ""


def _mark_agenda(found: list[_Line]) -> None:
    """Agenda items, and below them the items whose number begins with the agenda's.

    A numbered item that is a whole statement is a list item: one with matter below opens a section all the same.
    """
    agenda = 0
    for index, line in enumerate(found):
        if line.marker.style == "agenda":
            agenda = line.marker.number
            line.rank = AGENDA if line.kind is None and len(line.text) <= _MENTION else 0
        elif line.marker.style == "dotted" and line.marker.path[0] == agenda and line.kind is None:
            alone = index + 1 == len(found) or found[index + 1].marker.style in ("dotted", "agenda")
            line.kind = "list_item" if len(line.text) > (_OPENING if alone else SECTION_LENGTH) else None
            line.rank = 0 if alone and line.kind else ITEM + len(line.marker.path) - 2


def _mark_hinted(found: list[_Line]) -> None:
    """The format's own headings, level 1 outermost; the others go below an agenda that is plain text.

    A first heading that is alone at its level is the document's title.
    """
    below = LABEL if any(line.rank == AGENDA for line in found) else 0
    hinted = [line for line in found if line.kind == "heading"]
    for line in hinted:
        line.rank = 1 + (1 if line.level <= 1 else min(9, line.level) + below)
    if hinted and hinted[0].level <= 1 and not any(line.level <= 1 for line in hinted[1:]):
        hinted[0].rank = TITLE


def _mark_numbered(found: list[_Line]) -> None:
    """`1. label`: headings where most of a sequence has matter of its own below, or one of them its own kind of list."""
    for sequence in _sequences(found):
        *earlier, _ = sequence
        filled = sum(_has_matter(found, index) for index in earlier)
        short = all(len(found[index].text) <= _OPENING for index in sequence)
        whole = short and 2 * filled > len(earlier)
        for index in sequence:
            if whole or _is_heading(found, index):
                found[index].rank = LABEL if whole else NUMBERED


def _sequences(found: list[_Line]) -> list[list[int]]:
    """Indexes of lines numbered 1., 2., 3. … in unbroken order; another 1. or a resolution between begins anew."""
    sequences: list[list[int]] = []
    agenda = False
    for index, line in enumerate(found):
        agenda = agenda or line.rank == AGENDA
        if line.marker.style != "number" or line.kind is not None or agenda:
            continue
        last = found[sequences[-1][-1]].marker.number if sequences else 0
        if sequences and line.marker.number == last + 1:
            sequences[-1].append(index)
        else:
            sequences.append([index])
    return sequences


def _is_heading(found: list[_Line], index: int) -> bool:
    text = found[index].text
    return kind_of.is_known_label(text) or (len(text) <= SECTION_LENGTH and _has_list(found, index))


def _has_matter(found: list[_Line], index: int) -> bool:
    following = found[index + 1] if index + 1 < len(found) else None
    return following is not None and following.marker.style not in ("number", "agenda") and following.kind != "heading"


def _has_list(found: list[_Line], index: int) -> bool:
    following = found[index + 1].marker if index + 1 < len(found) else NO_MARKER
    if following.style == "dotted":
        return following.path[0] == found[index].marker.number
    return following.style in ("bullet", "parenthesis", "half", "letter")


def _mark_labels(found: list[_Line]) -> None:
    """Unmarked short lines: a known label, one that a list follows, or one that stands apart over a long paragraph."""
    for index, line in enumerate(found[:-1]):
        if line.rank or line.kind is not None or line.marker is not NO_MARKER:
            continue
        following = found[index + 1]
        if kind_of.is_known_label(line.text) and following.rank != AGENDA:
            line.rank = LABEL
        elif index and kind_of.is_label(line.text) and _heads(found, index):
            line.rank = LABEL + (found[index - 1].rank == LABEL)


def _heads(found: list[_Line], index: int) -> bool:
    """Whether the possible label at `index` has under it what a heading has."""
    line, following = found[index], found[index + 1]
    return _stands_apart(line, following) or (_begins_list(following) and not _is_wrapped(found, index))


def _is_wrapped(found: list[_Line], index: int) -> bool:
    """Whether the line ends the list item above it: in a PDF, after a long line, between items of one kind."""
    before = found[max(0, index - _WRAPPED_LINES) : index]
    style = next((line.marker.style for line in reversed(before) if line.marker is not NO_MARKER), "none")
    return found[index].page is not None and len(before[-1].text) > _SHORT and style == found[index + 1].marker.style


def _begins_list(line: _Line) -> bool:
    first = line.marker.number <= 1 and line.marker.style in ("number", "parenthesis", "half", "bullet", "letter", "dotted")
    return line.rank != AGENDA and (first or line.kind == "table_row")


def _stands_apart(line: _Line, following: _Line) -> bool:
    return line.gap and not following.gap and following.marker is NO_MARKER and len(following.text) > 100


def _mark_lists(found: list[_Line]) -> None:
    """What begins with a marker is a list item; so are short counts one below the other. Rows of amounts are a table."""
    for index, line in enumerate(found):
        if line.kind is not None or line.rank:
            continue
        if " | " in line.text:
            line.kind = "table_row"
        elif line.marker is not NO_MARKER or _in_run(found, index, kind_of.is_count):
            line.kind = "list_item"
        elif _in_run(found, index, kind_of.is_row):
            line.kind = "table_row"


def _in_run(found: list[_Line], index: int, alike: Callable[[str], bool]) -> bool:
    near = found[max(0, index - 1) : index] + found[index + 1 : index + 2]
    return alike(found[index].text) and any(alike(line.text) and not line.rank for line in near)


def _blocks(found: list[_Line]) -> Iterator[Block]:
    path: list[_Line] = []
    item = NO_MARKER
    for before, line in zip([None, *found], found, strict=False):
        rank = line.rank or _closes(line, before, path, item)
        if rank:
            path = [above for above in path if TITLE < above.rank < rank]
            item = NO_MARKER
        if line.rank:
            line.title = cut(line.text, SECTION_LENGTH)
            path.append(line)
        elif line.marker.style == "number":
            item = line.marker
        kind = line.kind or ("heading" if line.rank else "paragraph")
        section = tuple(above.title for above in path)
        yield Block(start=line.start, end=line.end, kind=kind, section=section, page=line.page, doubt=line.doubt)


def _closes(line: _Line, before: _Line | None, path: list[_Line], item: Marker) -> int:
    """The rank from which headings end at a line that is none itself; 0 where it stays below them all.

    `item` is the last `1.` of the innermost section. A resolution belongs to the agenda item. The sibling of a numbered
    heading stands beside it; a numbered list that begins again, with no heading between, is another part of the sheet.
    """
    if kind_of.is_resolution(line.text):
        return LABEL
    if line.marker.style != "number" or any(above.rank in (AGENDA, ITEM) for above in path):
        return 0
    inside = path[-1].marker if path else NO_MARKER
    if inside.style == "number" and item is NO_MARKER and line.marker.number == inside.number + 1:
        return path[-1].rank
    after_list = inside.style == "number" and before is not None and before.kind == "list_item"
    return LABEL if line.marker.number == 1 and (item.number > 1 or after_list) else 0


def cut(text: str, length: int) -> str:
    """`text` up to `length` characters: to the end of a clause in the second half, else of a word."""
    if len(text) <= length:
        return text
    ends = [end for _, end in clauses(text[: length + 1]) if length // 2 <= end <= length]
    return text[: ends[-1] if ends else word_boundary(text[: length + 1], length)].rstrip()
