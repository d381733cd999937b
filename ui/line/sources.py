"""What an answer quotes, and the documents nearest to a refusal, as LINE shows them: cards side by side, and as words."""

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any

from ui.line import links
from ui.line.texts import clip, line, shown, units
from ui.render import day
from ui.words import BOOK

Object = dict[str, Any]
"""A part of a message, as LINE's Messaging API has it."""
_MOST_CARDS = 12
_CARD, _CARDS = 28_000, 47_000
"""Bytes of one card and of all; LINE takes 30 and 50 KB and does not say how it counts, so the longest way is counted."""
_ALT = 1_500
"""UTF-16 units of what stands in place of the cards."""
_QUOTED = (1_500, 800, 400, 200, 100, 60)
"""UTF-16 units of a quote, a title or a section: the most with which all the cards fit."""
_NAMED, _SHORTEST = 160, 40
_GREY, _WARNING = "#595959", "#8a4500"
"""Against white 7:1 at least, as WCAG AAA asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A card: which document it is, where in it, the words with their numbers, what is doubtful, and what opens it.

    `about` are parts of a line; `quotes` are (number, words); `link` is '' where there is nothing to open.
    """

    title: str
    about: tuple[str, ...] = ()
    quotes: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()
    link: str = ""
    opens: str = ""


def cited(reply: Mapping[str, Any], public_url: str) -> list[Source]:
    """What an answer quotes; quotes in a row that stand in one section of one page are one."""
    said = BOOK["line"][reply["language"]]

    def place(one: Mapping[str, Any]) -> tuple[Any, ...]:
        return one["document_id"], one["page"], one["section"], one.get("removed", False)

    return [_cited(list(quotes), said, public_url) for _, quotes in groupby(reply["citations"], place)]


def _cited(quotes: Sequence[Mapping[str, Any]], said: Mapping[str, Any], public_url: str) -> Source:
    first = quotes[0]
    numbered = tuple((one["n"], one["quote"]) for one in quotes)
    if first.get("removed"):
        return Source(title=said["removed"], quotes=numbered)
    page = said["page"].format(page=first["page"]) if first["page"] else ""
    others = [other for one in quotes for other in one.get("others", ())]
    same = {other["document_id"] for other in others if other["status"] != "draft"}
    notes = [said["doubts"][doubt] for doubt in dict.fromkeys(one.get("doubt") for one in quotes) if doubt]
    notes += [said["draft_also"]] if any(other["status"] == "draft" for other in others) else []
    notes += [said["also"].format(count=len(same))] if same else []
    return Source(
        title=first["title"],
        about=(*_dated(first, said), page, " › ".join(first["section"])),
        quotes=numbered,
        notes=tuple(notes),
        link=links.words(public_url, first["document_id"], first["start"], first["end"], first["page"]),
        opens=said["open_words"],
    )


def nearest(reply: Mapping[str, Any], public_url: str) -> list[Source]:
    """The documents that may help where there is no answer."""
    said = BOOK["line"][reply["language"]]
    return [
        Source(
            title=one["title"],
            about=_dated(one, said),
            link=links.document(public_url, one["document_id"]),
            opens=said["open_document"],
        )
        for one in reply["refusal"]["nearest"]
    ]


def _dated(one: Mapping[str, Any], said: Mapping[str, Any]) -> tuple[str, str]:
    date = one["date"] or ""
    if date and "months" in said:
        year, *rest = date.split("-")
        shown = " ".join([*rest[1:], *(said["months"][int(month) - 1] for month in rest[:1]), year]).lstrip("0")
    else:
        shown = day(date)
    return said["standings"].get(one["status"] or "", ""), shown


def carousel(sources: Sequence[Source], heading: str, language: str) -> Object:
    """A message that shows one or more `sources` side by side; its altText has them for who cannot see the cards."""
    cards = _fitting(sources)
    parts = [heading, *map(_spoken, sources[: len(cards)])]
    if left := len(sources) - len(cards):
        parts.append(BOOK["line"][language]["more_sources"].format(count=left))
        cards[-1]["body"]["contents"].append(_text(parts[-1], size="sm", color=_GREY))
    return {"type": "flex", "altText": clip("\n".join(parts), _ALT), "contents": {"type": "carousel", "contents": cards}}


def spoken(sources: Sequence[Source], heading: str) -> str:
    """The same as text, a line each."""
    return "\n".join([heading, *map(_spoken, sources)])


def _spoken(one: Source) -> str:
    parts = [line(one.title), *map(line, one.about), *(f"“{clip(line(words), 200)}”" for _, words in one.quotes if words)]
    numbers = "".join(f"[{n}]" for n, _ in one.quotes)
    return f"{numbers or '•'} " + " · ".join(filter(None, [*parts, *one.notes]))


def _fitting(sources: Sequence[Source]) -> list[Object]:
    """Cards with as long quotes as may be; the last ones are left out where the shortest are too long."""
    for most in _QUOTED:
        cards = [_card(one, most) for one in sources[:_MOST_CARDS]]
        ends = list(accumulate(len(json.dumps(card)) for card in cards))
        if ends[-1] <= _CARDS and max(len(json.dumps(card)) for card in cards) <= _CARD:
            return cards
    return cards[: max(1, bisect_right(ends, _CARDS))]


def _card(one: Source, most: int) -> Object:
    named = min(most, _NAMED)
    card: Object = {
        "type": "bubble",
        "size": "mega",
        "body": {"type": "box", "layout": "vertical", "spacing": "sm", "contents": list(_parts(one, most, named))},
    }
    if one.link:
        action = {"type": "uri", "label": one.opens, "uri": one.link}
        button = {"type": "button", "style": "link", "height": "sm", "scaling": True, "action": action}
        card["footer"] = {"type": "box", "layout": "vertical", "contents": [button]}
    return card


def _parts(one: Source, most: int, named: int) -> Iterator[Object]:
    yield _text(clip(line(one.title), named) or "–", weight="bold")
    if about := " · ".join(clip(part, named) for part in map(line, one.about) if part):
        yield _text(about, size="sm", color=_GREY)
    left, rest = most, ""
    for n, words in one.quotes:
        if left > 0 and words:
            words = clip(shown(words), max(left, _SHORTEST))
            left -= units(words)
            yield _text(f"[{n}] “{words}”", margin="md")
        else:
            rest += f"[{n}]"
    for words in filter(None, [clip(rest, named), *one.notes]):
        yield _text(words, size="sm", color=_WARNING if words in one.notes else _GREY)


def _text(words: str, **more: Any) -> Object:
    return {"type": "text", "text": words, "wrap": True, "scaling": True, **more}
