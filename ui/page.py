"""What the chat page shows, as HTML in which no word of a question, a model or a document can become markup."""

import contextlib
import re
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.types import Answer, Citation, Query, Reading, Refusal
from ui.messages import refusal, whose_words, worded_by
from ui.pages.shell import header
from ui.people import OWNER, Person
from ui.render import DOUBTS, KINDS, STANDINGS, day, others_line, read_as, understood_as
from ui.words import BOOK, WORDS
from vectorstore.conversations import KeptTurn
from vectorstore.errors import UnknownDocument
from vectorstore.types import Document, Header, doubt_of

_AROUND = 300
"""Characters of a document shown before and after a quote."""
_PANEL = 10
"""How many answers keep their sources on the page."""
_MARKER = re.compile(r"\[(\d{1,3})\]")
_INERT = str.maketrans({mark: f"&#{ord(mark)};" for mark in string.punctuation} | {"\n": "<br>", "\r": "", "\0": ""})
_DEPENDENT = re.compile("[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e\u0300-\u036f]")
"""Signs that cannot be shown without the letter before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and what was said, as plain text and as the page shows it; `n` counts a conversation's from 1."""

    n: int
    question: str
    said: str
    bubble: str
    cards: str = ""


def inert(words: str) -> str:
    """`words` as HTML that shows exactly them: with every ASCII sign a character reference, none has a meaning left.

    That holds for HTML, and for the Markdown, KaTeX and templates that Gradio may pass a value through.
    """
    return words.translate(_INERT)


def bubble(words: str, n: int = 0, markers: Sequence[int] = ()) -> str:
    """A message; each of its `markers` becomes a link to its card in the panel beside it, on one line with the word before."""
    shown, end = "", 0
    for found in _MARKER.finditer(words):
        if int(found[1]) in markers:
            shown += inert(words[end : found.start()].rstrip(" ")) + _link(n, int(found[1]))
            end = found.end()
    return f'<div class="said">{shown}{inert(words[end:])}</div>'


def _link(n: int, marker: int) -> str:
    return f'&#160;<a class="ref" href="#source-{n}-{marker}">{marker}</a>'


def phrases(words: str) -> str:
    """Words of the page as HTML whose lines break between phrases first: a browser cuts Thai inside compounds such as คำตอบ."""
    return " ".join(f'<span class="phrase">{inert(phrase)}</span>' for phrase in words.split())


def coming(words: str = "") -> str:
    """An answer as far as it has come, or that it is being looked for."""
    said = bubble(words) if words else f'<div class="said waiting">{inert(WORDS["searching"])}</div>'
    return f'<div class="coming">{said}</div>'


def exchange(n: int, question: str, reply: Answer | Refusal, document: Callable[[str], Document]) -> Exchange:
    """How the page shows `reply`, the `n`-th of a conversation; `document` opens a cited one.

    Raises:
        StoreError: a cited document has been removed since.
    """
    before, after = _understood(reply.query), _read_as(reply.query)
    if isinstance(reply, Refusal):
        said = refusal(reply)
        return Exchange(n=n, question=question, said=said, bubble=before + bubble(said) + after + _nearest(reply.nearest))
    cards = "".join(_card(n, cited, document(cited.document.id).text) for cited in reply.citations)
    shown = before + bubble(reply.text, n, [cited.n for cited in reply.citations]) + after
    if told := whose_words(reply):
        shown += f'<p class="by">{inert(told)}</p>'
    return Exchange(n=n, question=question, said=reply.text, bubble=shown, cards=cards)


def kept(n: int, turn: KeptTurn, document: Callable[[str], Document]) -> Exchange:
    """How the page shows a kept turn, the `n`-th of a conversation; a citation whose document was removed says so."""
    reply, query = turn.reply, _kept_query(turn)
    refused = reply["refusal"]
    said = refused["message"] if refused else reply["answer"]
    near = list(_opened([one["document_id"] for one in refused["nearest"]], document)) if refused else []
    shown = _understood(query) + bubble(said, n, [one["n"] for one in reply["citations"]]) + _read_as(query) + _nearest(near)
    if (by := reply.get("by")) and (told := worded_by(query.language, by["model"], by["fallback"], by["dropped"])):
        shown += f'<p class="by">{inert(told)}</p>'
    cards = "".join(_kept_card(n, one, document) for one in reply["citations"])
    return Exchange(n=n, question=turn.asked, said=said, bubble=shown, cards=cards)


def _kept_query(turn: KeptTurn) -> Query:
    """What a kept reply tells of how its question was understood."""
    told = turn.reply["query"]
    read = told["understood"]
    mended = [Reading(kind="spelling", said=one["said"], forms=tuple(one["forms"])) for one in read["spellings"]]
    short = [Reading(kind="abbreviation", said=one["said"], forms=tuple(one["forms"])) for one in read["abbreviations"]]
    carried = told["carried"] and turn.text != turn.asked
    return Query(asked=turn.asked, text=turn.text, language=turn.reply["language"], readings=(*mended, *short), carried=carried)


def _opened(names: Sequence[str], document: Callable[[str], Document]) -> Iterator[Document]:
    for name in names:
        with contextlib.suppress(UnknownDocument):
            yield document(name)


def _kept_card(n: int, fields: dict[str, Any], document: Callable[[str], Document]) -> str:
    for opened in () if fields.get("removed") else _opened([fields["document_id"]], document):
        spans = {name: fields[name] for name in ("n", "page", "quote", "start", "end")}
        others = tuple(_opened([one["document_id"] for one in fields.get("others", [])], document))
        doubt = doubt_of(opened.blocks, fields["start"], fields["end"])
        cited = Citation(document=opened, section=tuple(fields["section"]), others=others, doubt=doubt, **spans)
        return _card(n, cited, opened.text)
    number = f'<h3><span class="n">{fields["n"]}</span><span>{inert(WORDS["removed"])}</span></h3>'
    return f'<article class="card" id="source-{n}-{fields["n"]}" tabindex="-1">{number}</article>'


def _understood(query: Query) -> str:
    """The question as it stands alone, where it is not as typed, and a button that puts it into the question box."""
    words = understood_as(query)
    if not words:
        return ""
    button = f'<button type="button" class="reask" data-question="{inert(query.text)}">{inert(WORDS["reask"])}</button>'
    return f'<p class="by understood">{inert(words)} {button}</p>'


def _read_as(query: Query) -> str:
    """What was searched besides what was typed, for a person to see that a word was mended."""
    words = read_as(query)
    return f'<p class="by">{inert(words)}</p>' if words else ""


def failed(n: int, question: str, said: str) -> Exchange:
    """How the page shows a question that could not be answered for the reason `said`."""
    return Exchange(n=n, question=question, said=said, bubble=bubble(said))


def _nearest(headers: Sequence[Header]) -> str:
    if not headers:
        return ""
    lines = "".join(f"<li>{inert(header.title)}<br><small>{_about(header)}</small></li>" for header in headers)
    return f'<div class="nearest"><strong>{inert(WORDS["nearest"])}</strong><ul>{lines}</ul></div>'


def _about(header: Header, *more: str) -> str:
    parts = [KINDS[header.kind], STANDINGS[header.status], day(header.date), *more]
    return " · ".join(inert(part) for part in parts if part)


def _card(n: int, cited: Citation, text: str) -> str:
    """A citation: where it stands, and its words marked among those around them."""
    before, after = surroundings(text, cited.start, cited.end)
    page = f"{WORDS['page']} {cited.page}" if cited.page else ""
    section = " › ".join(inert(part) for part in cited.section)
    link = cited.link.removeprefix("/")  # the page may be served below a path
    return (
        f'<article class="card" id="source-{n}-{cited.n}" tabindex="-1">'
        f'<h3><span class="n">{cited.n}</span><span>{inert(cited.document.title)}</span></h3>'
        f'<p class="about">{_about(cited.document, page)}</p>'
        + (f'<p class="section">{section}</p>' if section else "")
        + f"<blockquote>{inert(before)}<mark>{inert(cited.quote)}</mark>{inert(after)}</blockquote>"
        + (f'<p class="others">{inert(others)}</p>' if (others := others_line(cited.others)) else "")
        + (f'<p class="doubt">{inert(DOUBTS[cited.doubt])}</p>' if cited.doubt else "")
        + f'<p class="file">{inert(cited.document.source)}</p>'
        f'<p class="open"><a href="{inert(link)}" target="_blank" rel="noopener">{inert(WORDS["open_document"])}</a></p>'
        "</article>"
    )


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


def conversation(past: Sequence[Exchange], asked: str = "", reply: str = "") -> str:
    """What was asked and said so far, then a question `asked` now and the `reply` (HTML) as far as it has come."""
    shown = [_turns_html(one.question, one.bubble) for one in past]
    return "".join(shown + ([_turns_html(asked, reply)] if asked else []))


def _turns_html(question: str, reply: str) -> str:
    you, we = inert(WORDS["you"]), inert(WORDS["reply"])
    asked = f'<div class="turn asked"><h3 class="who">{you}</h3>{bubble(question)}</div>'
    return asked + f'<div class="turn answered"><h3 class="who">{we}</h3>{reply}</div>' if reply else asked


def trouble() -> str:
    """What stands after the conversation when something went wrong that nobody foresaw."""
    return f'<div class="turn answered"><h3 class="who">{inert(WORDS["reply"])}</h3>{bubble(WORDS["failed"])}</div>'


def sources(past: Sequence[Exchange]) -> str:
    """The panel: the last answer's sources, then those of the answers before it, folded."""
    if not past:
        return _panel(f'<p class="hint">{phrases(WORDS["sources_hint"])}</p>', fresh=True)
    latest = past[-1].cards or f'<p class="hint">{inert(WORDS["no_sources"])}</p>'
    earlier = [
        f"<details><summary>{inert(one.question)}</summary>{one.cards}</details>"
        for one in reversed(past[-_PANEL:-1])
        if one.cards
    ]
    head = f'<h2 class="earlier">{inert(WORDS["earlier"])}</h2>' if earlier else ""
    return _panel(latest + head + "".join(earlier))


def _panel(body: str, *, fresh: bool = False) -> str:
    return f'<section class="sources{" fresh" if fresh else ""}"><h2>{inert(WORDS["sources"])}</h2>{body}</section>'


def heading(documents: int, person: Person = OWNER) -> str:
    """The page's head for `person`: the way to the other screens, and the number of documents in the archive."""
    count = inert(WORDS["documents"].format(count=f"{documents:,}"))
    said = f"<h1>{phrases(WORDS['tagline'])}</h1> <small>{count}</small>"
    return f'{header("ask", person)}<div class="tagline">{said}</div>'


def adding(most: int) -> str:
    """Where files are chosen to be added, each up to `most` megabytes; page.js tells below what becomes of each."""
    states = ("waiting", "reading", "added", "replaced", "skipped", "failed")
    told = " ".join(f'data-{state}="{inert(WORDS[f"adding_{state}"])}"' for state in states)
    choose = inert(WORDS["adding_choose"].format(most=most))
    return (
        f"<details {told}><summary>{inert(WORDS['adding'])}</summary><label>{choose} "
        '<input type="file" multiple id="adding-files"></label><ul role="status"></ul></details>'
    )


def welcome(documents: int) -> str:
    """What stands where the conversation will be: how to ask, or how to fill an empty archive."""
    if documents:
        return f"<h2>{phrases(WORDS['welcome'])}</h2><p>{phrases(WORDS['how'])}</p>"
    what, serving = phrases(WORDS["empty_what"]), phrases(WORDS["empty_serving"])
    return f"<h2>{phrases(WORDS['empty'])}</h2><p>{what}</p><p><code>{inert(WORDS['empty_command'])}</code></p><p>{serving}</p>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question that a document may answer, and words that its answer then has: any, where they are not known."""

    question: str
    document: Header
    answer: str = ""

    def fits(self, reply: Answer | Refusal) -> bool:
        """Whether `reply` quotes the document, and more of it than its title."""
        cited = reply.citations if isinstance(reply, Answer) else ()
        quotes = [one.quote for one in cited if one.document.id == self.document.id]
        return any(self.answer in quote and quote not in self.document.title for quote in quotes)


def examples(headers: Sequence[Header], most: int = 12) -> list[Example]:
    """Questions to try: written ones for the bundled samples, then by kind and title."""
    by_source = {header.source: header for header in headers}
    written = [
        Example(question=one["question"], document=by_source[one["source"]], answer=one["answer"])
        for one in BOOK["samples"]
        if one["source"] in by_source
    ]
    rules = BOOK["rules"]
    ruled = [Example(question=rules[header.kind].format(title=header.title), document=header) for header in headers[:most]]
    return (written + ruled)[:most]


def opening() -> str:
    """What stands on the page until its parts have come."""
    return f'<p id="opening">{inert(WORDS["opening"])}</p>'


def head() -> str:
    """What the page's <head> starts with; addresses are relative, so that it can be served below a path."""
    font = "page/noto-sans-thai-looped-{}-400-normal.woff2"
    fonts = "".join(
        f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{font.format(script)}">'
        for script in ("thai", "latin")
    )
    return (
        f'<title>{WORDS["title"]}</title><meta name="description" content="{WORDS["tagline"]}">'
        f'<meta name="thamkhlang-unreachable" content="{WORDS["unreachable"]}">'
        f'<link rel="icon" href="page/icon.svg" type="image/svg+xml">{fonts}'
        '<link rel="stylesheet" href="page/theme.css"><link rel="stylesheet" href="page/pages.css">'
        '<link rel="stylesheet" href="page/page.css"><script src="page/page.js"></script>'
    )
