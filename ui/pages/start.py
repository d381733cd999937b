"""ปูพื้น: what an archive holds, who is who in it, the latest resolutions, and where to begin reading; all of it cited."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.types import Citation, link
from ui import learning
from ui.compose import House
from ui.learning import Learned, Learning, Path, Who
from ui.pages.shell import seen, show
from ui.render import DOUBTS, KINDS, MONTHS, STANDINGS, day
from ui.thailand import shade, steps, thailand
from ui.words import BOOK
from vectorstore import Store
from vectorstore.overview import Choice, Mask
from vectorstore.types import DOCUMENT_KINDS, Header, Resolution

_PAGE = 12
"""Documents of a choice on one page."""
_LONGEST = 200
"""Characters of what is typed into the address that are looked at."""
_MOST_WHO = 96
_DECISION = 280
"""Characters of a resolution that are shown."""
_ERA = 543
_WORDS = BOOK["start"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address asks for: which documents, which names, how far, and what of it cannot be (sentences)."""

    choice: Choice
    who: str = ""
    most: int = learning.WHO
    page: int = 1
    wrong: tuple[str, ...] = ()


def routes(house: House) -> list[Route]:
    """The screen's path."""
    known = Learning()

    def start(request: Request) -> Response:
        store = seen(house, request).store
        learned = known.of(store)
        return show(request, "start.html", "start", **values(store, learned, asked(request.query_params, learned)))

    return [Route("/start", start, methods=["GET"])]


def asked(fields: Mapping[str, str], learned: Learned) -> Asked:
    """What the fields of an address ask for; what is no province, year or kind of the archive is left out, and told."""
    given = {name: fields.get(name, "").strip()[:_LONGEST] for name in ("province", "year", "month", "kind", "organisation")}
    year, month = _number(given["year"]), _number(given["month"])
    if year is not None and year > 2400:
        year -= _ERA
    ok = {
        "province": given["province"] in thailand().shapes,
        "year": year is not None and 1 <= year <= 9999 - _ERA,
        "month": month is not None and 1 <= month <= 12,
        "kind": given["kind"] in DOCUMENT_KINDS,
        "organisation": given["organisation"] in learned.holdings.organisations,
    }
    choice = Choice(
        province=given["province"] if ok["province"] else None,
        year=year if ok["year"] else None,
        month=month if ok["month"] and ok["year"] else None,
        kind=given["kind"] if ok["kind"] else None,
        organisation=given["organisation"] if ok["organisation"] else None,
    )
    wrong = tuple(_WORDS[f"wrong_{name}"].format(said=given[name]) for name, good in ok.items() if given[name] and not good)
    who = fields.get("who", "").strip()[:_LONGEST]
    most = min(_MOST_WHO, max(learning.WHO, _number(fields.get("most", "")) or 0))
    return Asked(choice=choice, who=who, most=most, page=max(1, _number(fields.get("page", "")) or 1), wrong=wrong)


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,4}", text.strip()) else None


def address(choice: Choice, **more: object) -> str:
    """The screen's address for a choice of documents."""
    year = choice.year + _ERA if choice.year else None
    fields = {
        "province": choice.province,
        "year": year,
        "month": choice.month if year else None,
        "kind": choice.kind,
        "organisation": choice.organisation,
        **more,
    }
    said = urlencode({name: value for name, value in fields.items() if value})
    return f"start?{said}" if said else "start"


def values(store: Store, learned: Learned, wanted: Asked) -> dict[str, Any]:
    """What the template shows."""
    choice, holdings = wanted.choice, learned.holdings
    chosen = holdings.chosen(choice)
    who = learned.who(store, choice, wanted.who, wanted.most)
    paths = learned.paths(store, choice)
    filtered = choice != Choice()
    return {
        "total": int(chosen.sum()),
        "empty": not len(holdings.keys),
        "span": _span(holdings.years[chosen]),
        "meetings": int((chosen & (holdings.kinds == DOCUMENT_KINDS.index("minutes"))).sum()),
        "kinds": _kinds(learned, choice),
        "map": _map(learned, choice),
        "years": _years(learned, choice),
        "months": _months(learned, choice),
        "chips": _chips(choice),
        "fields": _fields(choice),
        "wrong": wanted.wrong,
        "now": address(choice),
        "all": address(Choice()),
        "filtered": filtered,
        "documents": _documents(store, learned, wanted, chosen) if filtered else None,
        "who": [_who(one, choice) for one in who],
        "asked": wanted.who,
        "more": address(choice, who=wanted.who, most=wanted.most + learning.WHO) + "#who"
        if len(who) == wanted.most < _MOST_WHO
        else "",
        "resolutions": [_resolution(one) for one in learned.resolutions(store, choice)],
        "paths": [_path(one) for one in paths],
        "questions": questions(paths, who),
    }


def _span(years: Any) -> str:
    dated = years[years > 0]
    if not len(dated):
        return ""
    first, last = int(dated.min()) + _ERA, int(dated.max()) + _ERA
    return str(first) if first == last else f"{first}–{last}"


def _kinds(learned: Learned, choice: Choice) -> list[dict[str, Any]]:
    counts = np.bincount(learned.holdings.kinds[learned.holdings.chosen(choice, leave=["kind"])], minlength=len(DOCUMENT_KINDS))
    return [
        {
            "name": KINDS[kind],
            "count": int(count),
            "href": address(replace(choice, kind=None if choice.kind == kind else kind)),
            "chosen": choice.kind == kind,
        }
        for kind, count in zip(DOCUMENT_KINDS, counts, strict=True)
        if count or choice.kind == kind
    ]


def _map(learned: Learned, choice: Choice) -> dict[str, Any]:
    """The provinces with their outlines, in official order, the counts of each, and what the shades stand for."""
    chosen = learned.holdings.chosen(choice, leave=["province"])
    counts = {name: int(chosen[rows].sum()) for name, rows in learned.holdings.provinces.items()}
    shades = steps(counts.values())
    shapes = [
        {
            "name": name,
            "outline": outline,
            "count": counts.get(name, 0),
            "label": _WORDS["province_label"].format(name=name, count=f"{counts.get(name, 0):,}"),
            "shade": shade(counts.get(name, 0), shades),
            "href": address(replace(choice, province=name)),
            "chosen": choice.province == name,
        }
        for name, outline in thailand().shapes.items()
    ]
    return {
        "box": thailand().box,
        "shapes": shapes,
        "rows": sorted((one for one in shapes if one["count"]), key=lambda one: -one["count"]),
        "legend": [
            {"shade": shade(first, shades), "said": f"{first:,}" if first == last else f"{first:,}–{last:,}"}
            for first, last in shades
        ],
        "nowhere": int(chosen.sum()) - int(_anywhere(learned, chosen).sum()),
    }


def _anywhere(learned: Learned, chosen: Mask) -> Mask:
    found = np.zeros(len(chosen), bool)
    for rows in learned.holdings.provinces.values():
        found[rows] = True
    return found & chosen


def _years(learned: Learned, choice: Choice) -> list[dict[str, Any]]:
    chosen = learned.holdings.chosen(choice, leave=["year", "month"])
    named = sorted({int(year) for year in learned.holdings.years[chosen]} - {0})
    masks = {year: chosen & (learned.holdings.years == year) for year in named}
    bars = [(str(year + _ERA), mask, replace(choice, year=year, month=None)) for year, mask in masks.items()]
    return _bars(learned, bars, choice.year + _ERA if choice.year else None)


def _months(learned: Learned, choice: Choice) -> list[dict[str, Any]]:
    """Those of the year that is chosen; none where none is."""
    if not choice.year:
        return []
    chosen = learned.holdings.chosen(choice, leave=["month"])
    names = {month: f"{MONTHS[month - 1]} {choice.year + _ERA}" for month in range(1, 13)}
    masks = {month: chosen & (learned.holdings.months == month) for month in names}
    bars = [(names[month], mask, replace(choice, month=month)) for month, mask in masks.items() if mask.any()]
    return _bars(learned, bars, names[choice.month] if choice.month else None)


def _bars(learned: Learned, bars: Sequence[tuple[str, Mask, Choice]], here: object) -> list[dict[str, Any]]:
    """Bars with their lengths in thousandths of the longest, and how much of each are meetings."""
    minutes = learned.holdings.kinds == DOCUMENT_KINDS.index("minutes")
    most = max((int(mask.sum()) for _, mask, _ in bars), default=1)
    return [
        {
            "name": name,
            "count": int(mask.sum()),
            "meetings": int((mask & minutes).sum()),
            "width": max(4, 1000 * int(mask.sum()) // most),
            "inner": -(-1000 * int((mask & minutes).sum()) // most),
            "href": address(choice),
            "chosen": name == str(here),
        }
        for name, mask, choice in bars
    ]


def _chips(choice: Choice) -> list[dict[str, str]]:
    """What is chosen, each with the address without it."""
    said = {
        "province": choice.province and f"จังหวัด{choice.province}" if choice.province != "กรุงเทพมหานคร" else choice.province,
        "year": choice.year and f"พ.ศ. {choice.year + _ERA}",
        "month": choice.month and MONTHS[choice.month - 1],
        "kind": choice.kind and KINDS[choice.kind],
        "organisation": choice.organisation,
    }
    without = {name: {name: None} | ({"month": None} if name == "year" else {}) for name in said}
    return [{"name": name, "href": address(replace(choice, **without[field]))} for field, name in said.items() if name]


def _fields(choice: Choice) -> dict[str, object]:
    """What a form has to carry on, so that what is chosen stays so."""
    fields = {"province": choice.province, "year": choice.year and choice.year + _ERA, "month": choice.month}
    fields |= {"kind": choice.kind, "organisation": choice.organisation}
    return {name: value for name, value in fields.items() if value}


def _documents(store: Store, learned: Learned, wanted: Asked, chosen: Mask) -> dict[str, Any]:
    rows = learned.holdings.newest(chosen)
    first = (wanted.page - 1) * _PAGE
    shown = rows[first : first + _PAGE]
    return {
        "rows": [_document(header) for header in store.overview.headers(learned.holdings.keys[shown])],
        "before": address(wanted.choice, page=wanted.page - 1) + "#documents" if wanted.page > 1 else "",
        "after": address(wanted.choice, page=wanted.page + 1) + "#documents" if first + _PAGE < len(rows) else "",
        "shown": _WORDS["shown"].format(first=first + 1, last=first + len(shown), total=f"{len(rows):,}") if len(shown) else "",
    }


def _document(header: Header) -> dict[str, str]:
    parts = (KINDS[header.kind], STANDINGS[header.status], day(header.date), ", ".join(header.provinces[:4]))
    return {"title": header.title or header.source, "href": f"documents/{header.id}", "beside": " · ".join(filter(None, parts))}


def _who(one: Who, choice: Choice) -> dict[str, Any]:
    return {
        "name": one.body.name,
        "shorts": one.body.shorts[:2],
        "count": one.count,
        "href": address(replace(choice, organisation=one.body.name)),
        "quotes": [_quote(line) for line in _told(one)],
    }


def _told(one: Who) -> list[Citation]:
    """What says what it is, and what spells its name out where the first does not."""
    if one.says and one.spelled and one.spelled.quote in one.says.quote:
        return [one.says]
    return [line for line in (one.says, one.spelled) if line]


def _quote(line: Citation) -> dict[str, str]:
    parts = (line.document.title or line.document.source, day(line.document.date), f"หน้า {line.page}" if line.page else "")
    beside = " · ".join(filter(None, (*parts, DOUBTS[line.doubt] if line.doubt else "")))
    return {"quote": " ".join(line.quote.split()), "href": line.link.lstrip("/"), "beside": beside}


def _resolution(one: Resolution) -> dict[str, str]:
    due = one.due_said or ""
    return {
        "decision": _short(" ".join(one.decision.split())),
        "href": link(one.document_id, one.start, one.end, one.page).lstrip("/"),
        "meeting": " · ".join(filter(None, (one.meeting, day(one.date)))),
        "who": ", ".join(one.assigned),
        "due": f"{day(one.due)} ({due})" if one.due and due else due,
    }


def _short(text: str) -> str:
    """As much as a list has room for; the whole is behind the link."""
    if len(text) <= _DECISION:
        return text
    end = text.rfind(" ", _DECISION // 2, _DECISION)
    return f"{text[: end if end > 0 else _DECISION]} …"


def _path(one: Path) -> dict[str, Any]:
    return {"term": one.term, "steps": [{**_document(step.document), "line": _quote(step.line)} for step in one.steps]}


def questions(paths: Sequence[Path], who: Sequence[Who]) -> list[dict[str, str]]:
    """Questions that passages of the archive answer, with the addresses that ask them."""
    names = [(*one.body.shorts, one.body.name)[0] for one in who if one.says]
    found = [_WORDS["ask_what"].format(name=name) for name in names][:2]
    found += [_WORDS["ask_what"].format(name=path.term) for path in paths if path.steps[0].defines][:2]
    found += [_WORDS["ask_resolved"].format(name=path.term) for path in paths if path.resolved][:2]
    projects = [step.document.title for path in paths for step in path.steps if step.document.kind == "project"]
    found += [_WORDS["ask_aim"].format(name=title) for title in dict.fromkeys(projects) if len(title) < 80][:2]
    return [{"said": said, "href": "?" + urlencode({"q": said})} for said in dict.fromkeys(found)]
