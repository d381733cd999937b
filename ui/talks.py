"""The list of kept conversations: each is opened by its first question, and can be erased."""

from collections.abc import Sequence

from ui.clock import day_of
from ui.markup import inert
from ui.words import BOOK
from vectorstore.summaries import Summary

_WORDS = BOOK["asking"]
_LONGEST = 160
"""Characters of a question that a list shows."""


def opener() -> str:
    """A button that shows the list and hides it."""
    name = inert(_WORDS["talks"])
    return f'<button type="button" id="talks-open" aria-expanded="false" aria-controls="talks">{name}</button>'


def head() -> str:
    """What stands above the list: its name, how to close it, and where words are typed to look for."""
    return (
        f'<div class="bar"><h2>{inert(_WORDS["talks_title"])}</h2>'
        f'<button type="button" id="talks-close" class="small">{inert(_WORDS["talks_close"])}</button></div>'
        f"<label>{inert(_WORDS['talks_search'])}"
        '<input type="search" id="talks-words" maxlength="200" autocomplete="off"></label>'
    )


def listed(found: Sequence[Summary], here: str = "", text: str = "") -> str:
    """HTML of the list, the conversation `here` marked; what to do where there is none, or none with the words `text`."""
    if not found:
        return f'<p class="hint" role="status">{inert(_WORDS["no_such_talk" if text.strip() else "no_talks"])}</p>'
    return f"<ul>{''.join(_item(one, here) for one in found)}</ul>"


def _item(one: Summary, here: str) -> str:
    name, asked = inert(one.id), one.asked if len(one.asked) <= _LONGEST else one.asked[:_LONGEST] + "…"
    when = inert(_WORDS["talk_about"].format(day=day_of(one.at), turns=one.turns))
    current = ' aria-current="true"' if one.id == here else ""
    erase = inert(_WORDS["talk_erase"].format(asked=asked))
    return (
        f'<li><button type="button" class="talk" data-talk="{name}"{current}><span>{inert(asked)}</span>'
        f'<small>{when}</small></button><button type="button" class="drop" data-talk="{name}" aria-label="{erase}">'
        f"{inert(_WORDS['erase_short'])}</button></li>"
    )
