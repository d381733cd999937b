"""The sources beside the answers: each citation as a card, its words marked among those around them."""

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from assistant.types import Citation
from ui.markup import button, inert, phrases
from ui.render import DOUBTS, KINDS, STANDINGS, day, others_line
from ui.words import BOOK, WORDS
from vectorstore import thai
from vectorstore.errors import UnknownDocument
from vectorstore.types import Document, Header, doubt_of

_WORDS = BOOK["asking"]
_AROUND = 300
"""Characters of a document shown before and after a quote."""
_DEPENDENT = re.compile("[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e\u0300-\u036f]")
"""Signs that cannot be shown without the letter before them."""
Open = Callable[[str], Document]


def card(n: int, cited: Citation, text: str) -> str:
    """A citation of the `n`-th answer: where it stands, and its words marked among those around them in `text`."""
    document = cited.document
    before, after = surroundings(text, cited.start, cited.end)
    page = f"{WORDS['page']} {cited.page}" if cited.page else ""
    section = " › ".join(inert(part) for part in cited.section)
    link = inert(cited.link.removeprefix("/"))  # the page may be served below a path
    others = others_line(cited.others)
    return (
        f'<article class="card" id="source-{n}-{cited.n}" tabindex="-1">'
        f'<h3><span class="n">{cited.n}</span><span>{inert(document.title)}</span></h3>'
        f'<p class="about">{about(document, page)}</p>'
        + (f'<p class="meeting">{inert(document.meeting)}</p>' if document.meeting and not _told(document) else "")
        + (f'<p class="section">{section}</p>' if section else "")
        + f"<blockquote>{inert(before)}<mark>{inert(cited.quote)}</mark>{inert(after)}</blockquote>"
        + (f'<p class="others">{inert(others)}</p>' if others else "")
        + (f'<p class="doubt">{inert(DOUBTS[cited.doubt])}</p>' if cited.doubt else "")
        + f'<p class="file">{inert(document.source)}</p>'
        f'<p class="open"><a href="{link}" target="_blank" rel="noopener">{inert(WORDS["open_document"])}</a>'
        f"{button(_WORDS['link'], 'small copy-link', link=link)}"
        f'<a class="back" href="#answer-{n}">{inert(_WORDS["back"])}</a></p></article>'
    )


def _told(document: Header) -> bool:
    """Whether its title says already whose and which meeting it is of."""
    title = thai.fold(document.title)
    return all(thai.fold(part) in title for part in (document.meeting or "").split())


def kept_card(n: int, fields: dict[str, Any], document: Open) -> str:
    """The same of a citation as the API tells it; one whose document was removed says so."""
    for found in () if fields.get("removed") else opened([fields["document_id"]], document):
        spans = {name: fields[name] for name in ("n", "page", "quote", "start", "end")}
        others = tuple(opened([one["document_id"] for one in fields.get("others", [])], document))
        doubt = doubt_of(found.blocks, fields["start"], fields["end"])
        cited = Citation(document=found, section=tuple(fields["section"]), others=others, doubt=doubt, **spans)
        return card(n, cited, found.text)
    number = f'<h3><span class="n">{fields["n"]}</span><span>{inert(WORDS["removed"])}</span></h3>'
    back = f'<p class="open"><a class="back" href="#answer-{n}">{inert(_WORDS["back"])}</a></p>'
    return f'<article class="card" id="source-{n}-{fields["n"]}" tabindex="-1">{number}{back}</article>'


def opened(names: Sequence[str], document: Open) -> Iterator[Document]:
    """The documents with these ids, but for those that were removed."""
    for name in names:
        with contextlib.suppress(UnknownDocument):
            yield document(name)


def about(header: Header, *more: str) -> str:
    """HTML of what kind of document it is, how it stands and of when, and `more`."""
    parts = [KINDS[header.kind], STANDINGS[header.status], day(header.date), *more]
    return " · ".join(inert(part) for part in parts if part)


def surroundings(text: str, start: int, end: int, around: int = _AROUND) -> tuple[str, str]:
    """The words before `start` and after `end` in `text`, about `around` characters each, with … where more is left out.

    Cuts fall at a line's or a space's end where one is near, and never between a letter and its signs.
    """
    first, last = max(0, start - around), min(len(text), end + around)
    before, after = text[first:start], text[end:last]
    if first:
        space = re.search(r"\s", before[: around // 4])
        before = before[space.end() :] if space else before
        while before and _DEPENDENT.match(before):
            before = before[1:]
        before = "… " + before.lstrip()
    if last < len(text):
        tail = after[-(around // 4) :]
        spaces = [found.start() for found in re.finditer(r"\s", tail)]
        after = after[: len(after) - len(tail) + spaces[-1]] if spaces else after
        while after and not spaces and _DEPENDENT.match(text, end + len(after)):
            after = text[end : end + len(after) + 1]
        after = after.rstrip() + " …"
    return before, after


def panel(latest: str | None, earlier: Sequence[tuple[str, str]] = ()) -> str:
    """The panel: the `latest` answer's cards (None: nothing was asked), then the `earlier` questions with theirs, folded."""
    if latest is None:
        return _panel(f'<p class="hint">{phrases(WORDS["sources_hint"])}</p>', fresh=True)
    shown = latest or f'<p class="hint">{inert(WORDS["no_sources"])}</p>'
    folded = [f"<details><summary>{inert(question)}</summary>{cards}</details>" for question, cards in earlier if cards]
    head = f'<h2 class="earlier">{inert(WORDS["earlier"])}</h2>' if folded else ""
    return _panel(shown + head + "".join(folded))


def _panel(body: str, *, fresh: bool = False) -> str:
    label = inert(WORDS["sources"])
    return f'<section class="sources{" fresh" if fresh else ""}" aria-label="{label}"><h2>{label}</h2>{body}</section>'
