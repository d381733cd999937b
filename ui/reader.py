"""The page of one document, without Gradio: its text as it is recorded, and in it the words that a citation points at."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from urllib.parse import quote as encoded

from ui.known import known
from ui.pages.shell import header
from ui.people import OWNER, Person
from ui.render import DOUBTS, KINDS, STANDINGS, day
from ui.words import BOOK, WORDS
from vectorstore.types import Block, Document, Doubt, Header

CSP = (
    "default-src 'none'; style-src 'self'; font-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Nothing but our own style, fonts, script, icon and the form to log out, whatever a document says."""
_SPAN = re.compile("([0-9]{1,12})-([0-9]{1,12})")
_CELL = re.compile(r"(?:^| |(?<=\| ))\|(?: |$)|\n")
"""What separates the cells of a row; some are empty."""
_BULLET = re.compile(r"[-–•*○●▪(]|[0-9๐-๙]")
"""What a list item may begin with itself."""


def show(
    document: Document,
    span: str = "",
    newest: Header | None = None,
    *,
    masked: int = 0,
    person: Person = OWNER,
    beside: str = "",
) -> str:
    """The page of `document`, which shows every character of its text once, in order and as nothing but text.

    Args:
        document: any version of it.
        span: start-end (0-based, end exclusive, in characters) of the words to mark; "" for none. One that is not in the
            text is told and marks nothing.
        newest: the version that replaced this one, if one did.
        masked: in how many places personal data is masked.
        person: who reads it.
        beside: HTML of what stands before the text (see `ui.beside`).
    """
    words = _span(span, len(document.text))
    blocks = list(_blocks(document))
    titled = bool(blocks) and document.text[blocks[0].start : blocks[0].end] == document.title
    sheet = _Sheet(document.text, *(words or (0, 0)), title=blocks[0].start if titled else -1)
    body = sheet.gap(0, blocks[0].start if blocks else len(document.text)) + "".join(_grouped(sheet, blocks))
    heading = "" if titled else f"<h1>{escape(document.title)}</h1>"
    notices = _notices(document, newest, lost=bool(span) and not words, masked=masked)
    skip = f'<a class="skip" href="#words">{WORDS["skip"]}</a>' if words else ""
    top = f'{notices}<p class="about">{_about(document)}</p>{heading}{beside}{known(document)}'
    main = f'<main>{top}<article id="text">{body}</article>{_source(document)}</main>'
    return _html(document.title, main, skip, person=person)


def missing(depth: int = 1, person: Person = OWNER) -> str:
    """What stands where there is no document; `depth` is how many folders deep the page is, `person` who asked for it."""
    body = f"<main><h1>{WORDS['no_document']}</h1><p>{WORDS['no_document_why']}</p></main>"
    return _html(WORDS["no_document"], body, depth=depth, person=person)


def _html(title: str, body: str, skip: str = "", *, depth: int = 1, person: Person) -> str:
    """A whole page. Addresses are relative, so that it can be served below a path."""
    top = "../" * depth
    return (
        '<!DOCTYPE html><html lang="th"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="same-origin">'
        f"<title>{escape(title)} · {WORDS['title']}</title>"
        f'<link rel="icon" href="{top}page/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="{top}page/theme.css">'
        f'<link rel="stylesheet" href="{top}page/pages.css"><link rel="stylesheet" href="{top}page/reader.css">'
        f'<script src="{top}page/reader.js"></script></head>'
        f'<body class="screen reader">{skip}{header("documents", person, top)}{body}</body></html>'
    )


def _span(asked: str, length: int) -> tuple[int, int] | None:
    found = _SPAN.fullmatch(asked)
    start, end = (int(found[1]), int(found[2])) if found else (0, 0)
    return (start, end) if start < end <= length else None


def _notices(document: Document, newest: Header | None, *, lost: bool, masked: int) -> str:
    said = [f'<p class="notice" role="status">{WORDS["no_words"]}</p>'] if lost else []
    if newest:
        told = WORDS["replaced"].format(version=document.version, newest=newest.version)
        link = f'<a href="{encoded(newest.id, safe="")}">{WORDS["open_newest"]}</a>'
        said.append(f'<p class="notice">{told} {link}</p>')
    if masked:
        said.append(f'<p class="notice">{WORDS["masked"].format(count=masked)}</p>')
    if document.status == "draft":
        said.append(f'<p class="notice">{WORDS["draft"]}</p>')
    doubts = {block.doubt for block in document.blocks}
    said += [f'<p class="notice">{BOOK["library"][f"has_{doubt}"]}</p>' for doubt in DOUBTS if doubt in doubts]
    return "".join(said) + f'<noscript><p class="notice">{WORDS["no_script"]}</p></noscript>'


def _about(document: Document) -> str:
    parts = [
        KINDS[document.kind],
        STANDINGS[document.status],
        day(document.date),
        WORDS["version"].format(version=document.version),
    ]
    return " · ".join(escape(part) for part in parts if part)


def _source(document: Document) -> str:
    address = escape(document.url or "")
    link = f'<br><a href="{address}" rel="noopener noreferrer">{address}</a>' if re.match("https?://", address) else ""
    return f'<p class="from">{WORDS["from"]} {escape(document.source)}{link}</p>'


def _blocks(document: Document) -> Iterator[Block]:
    """The document's blocks and, where words stand between two of them, a paragraph of these."""
    end = 0
    for block in document.blocks:
        yield from _between(document.text, end, block.start)
        yield block
        end = block.end
    yield from _between(document.text, end, len(document.text))


def _between(text: str, start: int, end: int) -> Iterator[Block]:
    words = text[start:end].strip()
    if words:
        first = text.index(words, start)
        yield Block(start=first, end=first + len(words), kind="paragraph")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A document's text, as HTML by the piece, with the characters `first` to `last` (end exclusive) of it marked.

    `title` is where the block begins that is the title; -1 where none is.
    """

    text: str
    first: int
    last: int
    title: int

    def words(self, start: int, end: int) -> str:
        """The characters `start` to `end`, those to be marked in a mark."""
        begin, stop = max(start, self.first), min(end, self.last)
        if begin >= stop:
            return escape(self.text[start:end])
        name = ' id="words" tabindex="-1"' if begin == self.first else ""
        done = ' class="end"' if stop == self.last else ""
        marked = f"<mark{name}{done}>{escape(self.text[begin:stop])}</mark>"
        return escape(self.text[start:begin]) + marked + escape(self.text[stop:end])

    def gap(self, start: int, end: int) -> str:
        """What separates two blocks or cells: there for those who count or copy characters, and not seen."""
        return f'<span class="gap" aria-hidden="true">{self.words(start, end)}</span>' if start < end else ""


def _grouped(sheet: _Sheet, blocks: Sequence[Block]) -> Iterator[str]:
    """HTML of the blocks, each with what separates it from the next; list items, and table rows, in one list or table."""
    ends = [*(block.start for block in blocks[1:]), len(sheet.text)] if blocks else []
    page = None
    told: Doubt | None = None
    for (kind, number, doubt), group in groupby(
        zip(blocks, ends, strict=True), key=lambda pair: (pair[0].kind, pair[0].page, pair[0].doubt)
    ):
        if number is not None and number != page:
            label = f"{WORDS['page']} {number}"
            yield f'<div class="break" id="p{number}" role="doc-pagebreak" aria-label="{label}" data-label="{label}"></div>'
            page, told = number, None
        if doubt and doubt != told:
            yield f'<p class="doubt" data-label="{DOUBTS[doubt]}" aria-label="{DOUBTS[doubt]}" role="note"></p>'
        told = doubt
        if kind == "list_item":
            yield f"<ul>{''.join(_item(sheet, *pair) for pair in group)}</ul>"
        elif kind == "table_row":
            yield _table(sheet, list(group))
        else:
            yield from (_element(sheet, *pair) for pair in group)


def _element(sheet: _Sheet, block: Block, end: int) -> str:
    """A heading or paragraph; `end` is where the next block begins."""
    tag = f"h{min(6, 1 + max(1, len(block.section)))}" if block.kind == "heading" else "p"
    tag = "h1" if block.start == sheet.title else tag
    unseen = ' class="unseen"' if block.doubt == "hidden" else ""
    return f'<{tag} id="b{block.start}"{unseen}>{sheet.words(block.start, block.end)}{sheet.gap(block.end, end)}</{tag}>'


def _item(sheet: _Sheet, block: Block, end: int) -> str:
    own = "" if _BULLET.match(sheet.text, block.start) else ' class="plain"'
    return f'<li id="b{block.start}"{own}>{sheet.words(block.start, block.end)}{sheet.gap(block.end, end)}</li>'


def _table(sheet: _Sheet, rows: Sequence[tuple[Block, int]]) -> str:
    cuts = [_cuts(sheet.text, block) for block, _ in rows]
    columns = max(map(len, cuts)) + 1
    shown = "".join(_row(sheet, block, end, some, columns) for (block, end), some in zip(rows, cuts, strict=True))
    return f'<div class="table" tabindex="0" role="region" aria-label="{WORDS["table"]}"><table>{shown}</table></div>'


def _cuts(text: str, block: Block) -> list[tuple[int, int]]:
    found = (cut.span() for cut in _CELL.finditer(text[block.start : block.end]))
    return [(block.start + start, block.start + end) for start, end in found]


def _row(sheet: _Sheet, block: Block, end: int, cuts: Sequence[tuple[int, int]], columns: int) -> str:
    starts = [block.start, *(stop for _, stop in cuts)]
    stops = [*cuts, (block.end, end)]
    wide = f' colspan="{columns - len(cuts)}"' if len(cuts) + 1 < columns else ""
    cells = [
        f"<td{wide if n == len(cuts) else ''}>{sheet.words(start, stop)}{sheet.gap(stop, after)}</td>"
        for n, (start, (stop, after)) in enumerate(zip(starts, stops, strict=True))
    ]
    return f'<tr id="b{block.start}">{"".join(cells)}</tr>'
