"""The pages of a PDF or of pictures as lines: tables as rows, hidden words marked, and what cannot be read so read by OCR."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from ingest import garble, ocr
from ingest.clean import clean_text
from ingest.columns import in_order
from ingest.errors import NoTextLayer
from ingest.glyphs import Box, Glyph, Page, Rule
from ingest.invisible import Drawing, covered, doubted
from ingest.layout import Line, lines
from ingest.misread import mended
from ingest.pages import joined, letters, without_running_lines
from ingest.raw import Raw, RawLine
from ingest.ruled import grids
from ingest.tablerows import CELL, aligned, cells, paired, ruled_rows

_LETTERS_A_PAGE = 8
_LETTERS_OF_A_STAMP = 30
"""A page of text has more than the first, running heads aside; a scan has none, or the scanner's own stamp on every page."""
_PICTURED = 0.3
"""Share of a page without letters that pictures cover where there is something to be read off it."""


class _Sheet(NamedTuple):
    """A page's lines that are seen, those that are not, and whether its words are to be read off its picture."""

    seen: list[RawLine]
    hidden: list[RawLine]
    is_picture: bool
    is_garbled: bool


def read(source: str, count: int, page: Callable[[int], Page], draw: Callable[[int, float], Drawing]) -> Raw:
    """The lines of a document of `count` pages.

    Args:
        source: its name, for errors.
        count: of pages, at least 1.
        page: what is drawn on a page, by its index from 0.
        draw: how a page looks, by its index and a resolution in dots per inch.

    Raises:
        NoTextLayer: its pages are pictures, or their letters garbled, and no OCR is installed or it finds nothing.
        TooLarge: OCR takes too long.
    """
    sheets = [_sheet(page(index), index + 1, partial(draw, index)) for index in range(count)]
    own = without_running_lines([sheet.seen for sheet in sheets])
    bare = _bare(sheets, own)
    if bare and ocr.is_there():
        drawn = (draw(index, ocr.DPI)[0] for index in bare)
        for index, found in zip(bare, ocr.read_pages(source, drawn), strict=True):
            own[index] = ocr_lines(found, index + 1) or own[index]
    elif 2 * len([index for index in bare if sheets[index].is_garbled]) > count:
        raise NoTextLayer(source, "ตัวอักษรในไฟล์เพี้ยนจนอ่านไม่ออก")
    if sum(map(letters, own)) < _LETTERS_A_PAGE * count:
        own = [found if found and found[0].doubt == "ocr" else sheet.seen for found, sheet in zip(own, sheets, strict=True)]
        if sum(map(letters, own)) < _LETTERS_OF_A_STAMP * count and not _is_read(own):
            raise NoTextLayer(source)
    return Raw(joined([[*found, *sheet.hidden] for found, sheet in zip(own, sheets, strict=True)]))


def _is_read(pages: Sequence[Sequence[RawLine]]) -> bool:
    return any(line.doubt == "ocr" for page in pages for line in page)


def _bare(sheets: Sequence[_Sheet], own: Sequence[Sequence[RawLine]]) -> list[int]:
    """The pages to be read off their pictures: without words of their own, a stamp aside, or with garbled ones."""
    few = sum(map(letters, own)) < _LETTERS_A_PAGE * len(sheets)
    stamps = few and sum(letters(sheet.seen) for sheet in sheets) < _LETTERS_OF_A_STAMP * len(sheets)
    return [
        index
        for index, sheet in enumerate(sheets)
        if sheet.is_garbled or (sheet.is_picture and (stamps or letters(own[index]) < _LETTERS_A_PAGE))
    ]


def ocr_lines(found: Sequence[str], page: int) -> list[RawLine]:
    """Lines that were read off a picture, repaired and marked so."""
    texts = [mended(clean_text(text)) for text in found]
    return [RawLine(text, page, doubt="ocr") for text in texts if text]


def _sheet(page: Page, number: int, draw: Callable[[float], Drawing]) -> _Sheet:
    glyphs = doubted(page._replace(glyphs=garble.decoded(page.glyphs)), draw)
    seen: list[RawLine] = []
    turns = Counter(glyph.turn for glyph in glyphs if glyph.doubt != "hidden" and glyph.text.strip())
    for place, (turn, _) in enumerate(turns.most_common()):
        upright = [glyph for glyph in glyphs if glyph.turn == turn and glyph.doubt != "hidden"]
        rules = [rule.turned(turn) for rule in page.rules] if not place and turn % 90 == 0 else []
        seen += _lines(upright, rules, number)
    turned = {glyph.turn for glyph in glyphs if glyph.doubt == "hidden"}
    unseen = [lines([glyph for glyph in glyphs if glyph.turn == turn and glyph.doubt == "hidden"]) for turn in sorted(turned)]
    hidden = [RawLine(line.text, number, doubt="hidden") for found in unseen for line in found if line.text.strip()]
    garbled = garble.is_garbled("\n".join(clean_text(line.text) for line in seen))
    return _Sheet(seen, hidden, covered(page) >= _PICTURED, garbled)


def _lines(glyphs: Sequence[Glyph], rules: Sequence[Rule], number: int) -> list[RawLine]:
    """The lines of letters of one direction: tables' rows where they stand, all else in the order of reading."""
    tables = grids(rules, glyphs)
    rest = [glyph for glyph in glyphs if not any(_is_in(glyph, grid.box) for grid in tables)]
    found = list(_in_turn(lines(rest), [grid.box.top for grid in tables]))
    made: list[RawLine] = []
    for table, part in zip([None, *tables], found, strict=True):
        if table is not None:
            made += [RawLine(text, number, "table_row", doubt=doubt) for text, _, doubt in ruled_rows(table, glyphs)]
        made += _told(in_order(paired(part)), number)
    return made


def _is_in(glyph: Glyph, box: Box) -> bool:
    return box.holds((glyph.left + glyph.right) / 2, glyph.y)


def _in_turn(found: Sequence[Line], tops: Sequence[float]) -> Iterator[list[Line]]:
    """The lines above the first table, then those below each."""
    edges = [float("inf"), *tops, float("-inf")]
    for top, bottom in pairwise(edges):
        yield [line for line in found if bottom < line.y <= top]


def _told(found: Sequence[Line], number: int) -> Iterator[RawLine]:
    for line, is_row in zip(found, aligned(found), strict=True):
        doubt = line.segments[0].doubt
        if is_row:
            yield RawLine(CELL.join(cells(line)), number, "table_row", doubt=doubt)
        else:
            yield RawLine(line.text, number, doubt=doubt)
