"""What can be done with a reply, beneath it: it is copied, asked again, and judged."""

from collections.abc import Mapping, Sequence
from typing import Any

from ui.markup import button, inert, inert_json, inert_value
from ui.render import STANDINGS, day
from ui.words import BOOK, WORDS
from vectorstore.feedback import Rating

_WORDS = BOOK["asking"]
_LINK = "\ufffc"
"""Where page.js puts a link into an answer that is copied."""


def again(question: str, without: Sequence[str] = ()) -> str:
    """A button that asks `question` once more."""
    return button(_WORDS["again"], "small again", wish=inert_json({"question": question, "without": list(without)}))


def tools(n: int, question: str, told: Mapping[str, Any], talk: str, rating: Rating | None) -> str:
    """HTML of the tools for the reply to `question`, `told` as the API does: the `n`-th of the conversation `talk`."""
    query, cited = told["query"], [one for one in told["citations"] if not one.get("removed")]
    links = " ".join(one["link"].removeprefix("/") for one in cited)
    copied = inert_value(plain(question, told["answer"], cited))
    copy = button(_WORDS["copy"], "small copy", copy=copied, links=inert(links)) if cited else ""
    judged = _rating(n, talk, rating) if n and talk else ""
    return f'<div class="tools">{copy}{again(query["text"], query.get("without", ()))}{judged}</div>'


def plain(question: str, answer: str, cited: Sequence[Mapping[str, Any]]) -> str:
    """An answer with its sources as plain text; each source ends with a sign in the place of its link."""
    said = [question, "", answer, "", WORDS["sources"]]
    sources = [f"[{one['n']}] {_place(one)}".replace(_LINK, "") + f"\n{_LINK}" for one in cited]
    return "\n".join([*(line.replace(_LINK, "") for line in said), *sources])


def _place(cited: Mapping[str, Any]) -> str:
    page = f"{WORDS['page']} {cited['page']}" if cited["page"] else ""
    parts = [cited["title"], STANDINGS[cited.get("status")], day(cited["date"]), " › ".join(cited["section"]), page]
    return " · ".join(part for part in parts if part)


def _rating(n: int, talk: str, rating: Rating | None) -> str:
    """Whether the reply fits what was asked: two buttons, the one that was pressed marked."""
    buttons = "".join(
        f'<button type="button" class="small rate" data-right="{json}" aria-pressed="{_is(rating, right)}">'
        f"{inert(_WORDS[name])}</button>"
        for name, right, json in (("right", True, "true"), ("wrong", False, "false"))
    )
    thanks = inert(_WORDS["thanks"]) if rating else ""
    return (
        f'<div class="rating" role="group" aria-label="{inert(_WORDS["fits"])}" data-n="{n}" data-talk="{inert(talk)}">'
        f'<span aria-hidden="true">{inert(_WORDS["fits"])}</span>{buttons}<span class="thanks">{thanks}</span></div>'
    )


def _is(rating: Rating | None, right: bool) -> str:
    return "true" if rating and rating.right is right else "false"
