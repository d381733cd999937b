"""What the chat page shows, as HTML; every word of a question, a model or a document goes through `inert`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.types import Answer, Refusal
from ui import wire
from ui.cards import Open, about, card, kept_card, opened, panel
from ui.cards import surroundings as surroundings
from ui.chips import chips, searched
from ui.markup import button, inert_json, phrases
from ui.markup import inert as inert
from ui.messages import worded_by
from ui.pages.shell import header
from ui.people import OWNER, Person
from ui.toolbar import again, tools
from ui.words import BOOK, WORDS
from vectorstore.conversations import KeptTurn
from vectorstore.feedback import Rating
from vectorstore.types import Header

_WORDS = BOOK["asking"]
_PANEL = 10
"""How many answers keep their sources on the page."""
_MARKER = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and what was said, as plain text and as the page shows it.

    `n` is the turn's number in its conversation, from 1; 0 where it was not kept. `documents` are the ids of those that the
    reply names, cited or near; `quotes` the words that it cites.
    """

    n: int
    question: str
    said: str
    bubble: str
    cards: str = ""
    documents: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


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


def coming(words: str = "") -> str:
    """An answer as far as it has come, or that it is being looked for."""
    said = bubble(words) if words else f'<div class="said waiting">{inert(WORDS["searching"])}</div>'
    return f'<div class="coming">{said}</div>'


def exchange(
    n: int, question: str, reply: Answer | Refusal, document: Open, talk: str = "", person: Person = OWNER
) -> Exchange:
    """How the page shows `person` the `reply`, the `n`-th of the conversation `talk`; `document` opens a cited one.

    Raises:
        StoreError: a cited document has been removed since.
    """
    told = wire.reply(reply)
    if isinstance(reply, Refusal):
        return _shown(n, question, told, reply.nearest, "", document, talk, person)
    cards = "".join(card(n, cited, document(cited.document.id).text) for cited in reply.citations)
    return _shown(n, question, told, (), cards, document, talk, person)


def unkept(shown: Exchange, why: str) -> Exchange:
    """The same, and why it is not kept; where it is, `why` is empty."""
    return replace(shown, bubble=f'{shown.bubble}<p class="by">{inert(why)}</p>') if why else shown


def kept(turn: KeptTurn, document: Open, talk: str = "", rating: Rating | None = None, person: Person = OWNER) -> Exchange:
    """How the page shows a kept turn of the conversation `talk`; a citation whose document was removed says so."""
    near = turn.reply["refusal"]["nearest"] if turn.reply["refusal"] else []
    nearest = list(opened([one["document_id"] for one in near], document))
    cards = "".join(kept_card(turn.n, one, document) for one in turn.reply["citations"])
    query = turn.reply["query"]
    told = turn.reply | {"query": query | {"carried": query["carried"] and turn.text != turn.asked}}
    return _shown(turn.n, turn.asked, told, nearest, cards, document, talk, person, rating)


def _shown(
    n: int,
    question: str,
    told: Mapping[str, Any],
    nearest: Sequence[Header],
    cards: str,
    document: Open,
    talk: str,
    person: Person,
    rating: Rating | None = None,
) -> Exchange:
    """The exchange of a reply that is `told` as the API does."""
    query, refused, cited = told["query"], told["refusal"], told["citations"]
    said = refused["message"] if refused else told["answer"]
    titles = {one.id: one.title for one in opened(query["filter"].get("documents", ()), document)}
    shown = _carried(query) + chips(query) + searched(query["filter"], titles)
    shown += bubble(said, n, [one["n"] for one in cited])
    if refused:
        shown += _helping(refused["reason"], nearest, query, person)
    if (by := told.get("by")) and (words := worded_by(told["language"], by["model"], by["fallback"], by["dropped"])):
        shown += f'<p class="by">{inert(words)}</p>'
    return Exchange(
        n=n,
        question=question,
        said=said,
        bubble=shown + tools(n, question, told, talk, rating),
        cards=cards,
        documents=tuple(one.id for one in nearest) or tuple(dict.fromkeys(one["document_id"] for one in cited)),
        quotes=tuple(one["quote"] for one in cited),
    )


def _carried(query: Mapping[str, Any]) -> str:
    """The question as it stands alone, where it is not as typed, and a button that puts it into the question box."""
    if not query["carried"]:
        return ""
    words = WORDS["understood"].format(question=query["text"])
    return f'<p class="by understood">{inert(words)} {button(WORDS["reask"], "small reask", question=inert(query["text"]))}</p>'


def failed(question: str, said: str) -> Exchange:
    """How the page shows a question that could not be answered for the reason `said`."""
    return Exchange(n=0, question=question, said=said, bubble=bubble(said) + f'<div class="tools">{again(question)}</div>')


def stopped(question: str) -> str:
    """How the page shows an answer that somebody did not wait for."""
    told = f'<div class="said waiting-no-more">{inert(_WORDS["stopped"])}</div>'
    return _turns_html(question, f'{told}<div class="tools">{again(question)}</div>')


def _helping(reason: str, nearest: Sequence[Header], query: Mapping[str, Any], person: Person) -> str:
    """What may help where there is no answer: the nearest documents, a wider search, and how what is missing is added."""
    if reason in ("personal_data", "no_question"):
        return ""
    near = "".join(
        f'<li><a href="documents/{inert(one.id)}" target="_blank" rel="noopener">{inert(one.title)}</a>'
        f"<br><small>{about(one)}</small></li>"
        for one in nearest
    )
    shown = f"<strong>{inert(WORDS['nearest'])}</strong><ul>{near}</ul>" if near else ""
    if query["filter"]:
        wish = inert_json({"question": query["text"], "without": query.get("without", []), "wider": True})
        shown += f"<p>{button(_WORDS['wider'], 'small', wish=wish)}</p>"
    way = f'<a href="documents">{inert(_WORDS["add"])}</a>' if person.may("editor") else inert(_WORDS["send"])
    return f'<div class="nearest">{shown}<p class="missing">{inert(_WORDS["missing"])} {way}</p></div>'


def conversation(past: Sequence[Exchange]) -> str:
    """What was asked and said so far."""
    return "".join(_turns_html(one.question, one.bubble, one.n) for one in past)


def asking(question: str, said: str = "") -> str:
    """What is asked now, and the reply as far as it has come."""
    return _turns_html(question, coming(said))


def _turns_html(question: str, reply: str, n: int = 0) -> str:
    you, we = inert(WORDS["you"]), inert(WORDS["reply"])
    asked = f'<div class="turn asked"><h3 class="who">{you}</h3>{bubble(question)}</div>'
    name = f' id="answer-{n}" tabindex="-1"' if n else ""
    return f'{asked}<div class="turn answered"{name}><h3 class="who">{we}</h3>{reply}</div>'


def trouble(question: str) -> str:
    """What is shown when something went wrong that nobody foresaw."""
    return _turns_html(question, failed(question, WORDS["failed"]).bubble)


def sources(past: Sequence[Exchange]) -> str:
    """The panel: the last answer's sources, then those of the answers before it, folded."""
    earlier = [(one.question, one.cards) for one in reversed(past[-_PANEL:-1])]
    return panel(past[-1].cards if past else None, earlier)


def heading(documents: int, person: Person = OWNER) -> str:
    """The page's head for `person`: the way to the other screens, and the number of documents in the archive."""
    count = inert(WORDS["documents"].format(count=f"{documents:,}"))
    said = f"<h1>{phrases(WORDS['tagline'])}</h1> <small>{count}</small>"
    return f'{header("ask", person)}<div class="tagline">{said}</div>'


def erasing() -> str:
    """A button that erases the conversation on the page."""
    return button(WORDS["erase"], "erase")


def forms(public_url: str = "") -> str:
    """What asking.js shows when it is needed: why an answer does not fit, and whether something is to be erased."""
    told = " ".join(
        f'data-{name.replace("_", "-")}="{inert(_WORDS[name])}"' for name in ("copied", "not_copied", "thanks", "not_rated")
    )
    reasons = "".join(
        f'<label><input type="radio" name="reason" value="{inert(one)}"> {inert(one)}</label>' for one in _WORDS["reasons"]
    )
    why = (
        f'<form class="why"><fieldset><legend>{inert(_WORDS["why"])}</legend>{reasons}</fieldset>'
        f'<label>{inert(_WORDS["reason_more"])}<input type="text" name="more" maxlength="900" autocomplete="off"></label>'
        f'<button class="small">{inert(_WORDS["reason_send"])}</button></form>'
    )
    sure = (
        f'<dialog id="sure" aria-label="{inert(_WORDS["erase_short"])}"><form method="dialog">'
        f"<p>{inert(_WORDS['erase_sure'])}</p>"
        f'<button class="small" value="">{inert(_WORDS["erase_no"])}</button>'
        f'<button class="small danger" value="yes">{inert(_WORDS["erase_yes"])}</button></form></dialog>'
    )
    return f'<div id="spoken" {told} data-public="{inert(public_url)}"><template id="why">{why}</template>{sure}</div>'


def welcome(documents: int, person: Person = OWNER) -> str:
    """What stands where the conversation will be: how to ask, or how an empty archive is filled."""
    if documents:
        return f"<h2>{phrases(WORDS['welcome'])}</h2><p>{phrases(WORDS['how'])}</p>"
    if not person.may("editor"):
        return f"<h2>{phrases(WORDS['empty'])}</h2><p>{phrases(BOOK['screens']['ask_to_add'])}</p>"
    what, serving = phrases(WORDS["empty_what"]), phrases(WORDS["empty_serving"])
    way = f'<p><a href="documents">{inert(BOOK["screens"]["to_documents"])}</a></p>'
    command = f"<p><code>{inert(WORDS['empty_command'])}</code></p>"
    return f"<h2>{phrases(WORDS['empty'])}</h2>{way}<p>{what}</p>{command}<p>{serving}</p>"


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
        '<link rel="stylesheet" href="page/page.css"><link rel="stylesheet" href="page/asking.css">'
        '<script src="page/page.js"></script><script src="page/asking.js"></script>'
    )
