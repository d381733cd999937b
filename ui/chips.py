"""What a question was taken to mean, as chips: each is a button that asks again without it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ui.markup import inert, inert_json
from ui.render import KINDS, day
from ui.words import BOOK

_WORDS = BOOK["asking"]
_FEW = 6
"""How many translated words are shown: an English question has one for nearly each of its own."""
_LEVELS = {"province": "จังหวัด", "district": "อำเภอ", "subdistrict": "ตำบล"}
Chip = tuple[str, str]
"""The id of a reading, and how it is told."""


def chips(query: Mapping[str, Any]) -> str:
    """HTML of the chips of a question, given as `ui.wire.query` tells it; '' where its words were taken as they are."""
    found = dict(_chips(query["understood"]))
    if not found:
        return ""
    before = query.get("without", [])
    items = "".join(_item(query["text"], [*before, name], told) for name, told in found.items())
    return f'<ul class="chips" aria-label="{inert(_WORDS["understood"])}">{items}</ul>'


def _item(question: str, without: Sequence[str], told: str) -> str:
    wish = inert_json({"question": question, "without": list(without)})
    drop = f'<span aria-hidden="true" class="x">✕</span><span class="who">{inert(_WORDS["drop"])}</span>'
    return f'<li><button type="button" class="chip" data-wish="{wish}">{inert(told)} {drop}</button></li>'


def _chips(understood: Mapping[str, Any]) -> Iterator[Chip]:
    dates = understood.get("dates", [])
    for year in understood.get("years", []):
        if not any(year["said"] in date["said"] for date in dates):
            yield year["id"], _year(year)
    for date in dates:
        yield date["id"], _WORDS["date"].format(date=_range(_tight(date["first"]), _tight(date["last"])))
    places: dict[str, list[Mapping[str, Any]]] = {}
    for place in understood.get("places", []):
        places.setdefault(place["id"], []).append(place)
    for name, some in places.items():
        yield name, _place(some)
    for mended in understood.get("spellings", []):
        yield mended["id"], _WORDS["spelling"].format(meant=" ".join(mended["forms"]), said=mended["said"])
    for short in understood.get("abbreviations", []):
        if len(short["said"]) < len(short["forms"][0]):
            yield short["id"], f"{short['said']} = {short['forms'][0]}"
    for word in understood.get("translations", [])[:_FEW]:
        yield word["id"], f"{word['said']} = {word['forms'][0]}"


def _year(year: Mapping[str, Any]) -> str:
    buddhist, gregorian = (_range(str(some[0]), str(some[-1])) for some in (year["buddhist"], year["gregorian"]))
    told = _WORDS["fiscal" if year["fiscal"] else "year"].format(buddhist=buddhist, gregorian=gregorian)
    return f"{told}: {_range(_tight(year['first']), _tight(year['last']))}" if year["fiscal"] else told


def _tight(date: str) -> str:
    """A date whose parts stay on one line."""
    return day(date).replace(" ", "\u00a0")


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


def _place(places: Sequence[Mapping[str, Any]]) -> str:
    """A place with its level and what it lies in; of homonyms the first, and how many others there are."""
    one = places[0]
    parts = [_LEVELS[one["level"]] + one["name"]]
    parts += [f"อ.{one['district']}"] if one["level"] == "subdistrict" and one["district"] else []
    parts += [f"จ.{one['province']}"] if one["level"] != "province" and one["province"] else []
    told = " ".join(parts)
    return f"{told} {_WORDS['homonyms'].format(count=len(places) - 1)}" if len(places) > 1 else told


def searched(wanted: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """HTML that tells which documents were searched, as `ui.wire.filter_of` has it; '' where all were.

    `titles` are those of the documents by id.
    """
    parts = [_WORDS["of_year"].format(year=year + 543) for year in wanted.get("years", [])]
    parts += [f"จังหวัด{name}" for name in wanted.get("provinces", [])]
    parts += [KINDS.get(kind, kind) for kind in wanted.get("kinds", [])]
    parts += [titles.get(name, _WORDS["one_document"]) for name in wanted.get("documents", [])]
    told = _WORDS["searched"].format(what=" · ".join(parts))
    return f'<p class="by">{inert(told)}</p>' if parts else ""
