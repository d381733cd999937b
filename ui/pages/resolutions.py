"""มติ: the register of resolutions as a table, which is filtered and sorted by its address and can be downloaded."""

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from ui import register, render, sheets
from ui.compose import House
from ui.pages import asked, shell
from ui.pages.asked import PAGE, Asked
from ui.words import BOOK
from vectorstore import Store
from vectorstore.dates import gregorian
from vectorstore.listing import Wanted
from vectorstore.register import DUES, ORDERS, Order, Sought, due_of
from vectorstore.types import Resolution

_FIELDS = ("text", "year", "province", "organisation", "document", "due")
_WORDS: dict[str, Any] = BOOK["lists"] | BOOK["register"]
_LONG = 420
"""Characters of a decision that are shown before the rest of it is folded."""
_SUGGESTED = 300
"""Organisations and documents that are suggested while somebody types."""
_NAMED = 500
"""Documents whose names have what was typed, at most."""


def routes(house: House) -> list[Route]:
    """The table, and what it shows as a file."""

    def table(request: Request) -> Response:
        seen = shell.seen(house, request)
        wanted = asked.asked(request.query_params, _FIELDS, ORDERS)
        total, rows = _found(seen, wanted, limit=PAGE, offset=wanted.offset)
        return shell.show(request, "resolutions.html", "resolutions", **_shown(seen.store, wanted, total, rows))

    def as_csv(request: Request) -> Response:
        rows = _all(house, request)
        return StreamingResponse(sheets.as_csv(register.COLUMNS, rows), media_type=sheets.CSV, headers=_named("csv"))

    def as_xlsx(request: Request) -> Response:
        rows = list(_all(house, request))
        if len(rows) > sheets.MOST_ROWS:
            told = {"heading": _WORDS["large"], "lines": [_WORDS["large_why"]], "way": "resolutions"}
            return shell.show(request, "told.html", "resolutions", 413, **told)
        content = sheets.as_xlsx(_WORDS["sheet"], register.COLUMNS, rows)
        return Response(content, media_type=sheets.XLSX, headers=_named("xlsx"))

    return [
        Route("/resolutions", table),
        Route("/resolutions.csv", as_csv),
        Route("/resolutions.xlsx", as_xlsx),
    ]


def _named(suffix: str) -> dict[str, str]:
    return sheets.download(f"{_WORDS['file']}-{register.today()}.{suffix}")


def _all(house: House, request: Request) -> Iterable[tuple[sheets.Value, ...]]:
    """The cells of all that is filtered; links lead to where this was asked for, unless the settings tell another address."""
    wanted = asked.asked(request.query_params, _FIELDS, ORDERS)
    _, rows = _found(shell.seen(house, request), wanted)
    return map(tuple, register.values(rows, house.settings.public_url or str(request.base_url)))


def _found(house: House, wanted: Asked, *, limit: int = -1, offset: int = 0) -> tuple[int, list[Resolution]]:
    sort: Order = next(order for order in ORDERS if order == wanted.sort)
    sought = _sought(house.store, wanted)
    total, rows = house.store.register.find(sought, sort, limit=limit, offset=offset) if sought else (0, [])
    house.note_seen("document.found", (one.source for one in rows))
    return total, rows


def _sought(store: Store, wanted: Asked) -> Sought | None:
    """What is asked of the register; None where no document or year can be it."""
    given = wanted.fields
    year, due = given.get("year", ""), given.get("due", "")
    if year and not (year.isdecimal() and 0 < int(year) < 10_000):
        return None
    names = _documents(store, given["document"]) if "document" in given else []
    if "document" in given and not names:
        return None
    fields = {
        "years": [gregorian(int(year))] if year else [],
        "provinces": [given["province"]] if "province" in given else [],
        "organisations": [given["organisation"]] if "organisation" in given else [],
        "documents": names,
        "text": given.get("text", ""),
        "due": due if due in DUES else None,
    }
    return register.sought(fields)


def _documents(store: Store, name: str) -> list[str]:
    """The ids of the documents that `name` means: one by its id or source, else those whose title or source has its words."""
    _, exact = store.listing.find(Wanted(filter=register.sought({"documents": [name]}).wanted))
    _, some = ([], exact) if exact else store.listing.find(Wanted(text=name), limit=_NAMED)
    return [one.header.id for one in some]


def _shown(store: Store, wanted: Asked, total: int, rows: list[Resolution]) -> dict[str, Any]:
    given = wanted.fields
    values = {name: store.listing.values(name, resolved=True) for name in ("year", "province", "organisation")}
    years = {str(int(year) + 543): str(int(year) + 543) for year in sorted(values["year"], reverse=True)}
    dues: dict[str, str] = {name: register.DUES[name] for name in DUES}
    organisations = sorted(values["organisation"], key=values["organisation"].__getitem__, reverse=True)[:_SUGGESTED]
    document = given.get("document", "")
    names = {one.header.id: one.header.title for one in store.listing.find(_only(document))[1]} if document else {}
    today = register.today()
    return {
        "given": given,
        "sort": wanted.sort,
        "years": asked.options(years, given.get("year", "")),
        "provinces": asked.options({name: name for name in sorted(values["province"])}, given.get("province", "")),
        "dues": asked.options(dues, given.get("due", "")),
        "orders": asked.options(_WORDS["orders"], wanted.sort),
        "organisations": organisations,
        "chips": wanted.chips(_WORDS["fields"], {"due": dues, "document": names}),
        "heads": wanted.columns([("", _WORDS["decision"]), ("meeting", _WORDS["meeting"]), ("date", _WORDS["date"])])
        + wanted.columns([("", _WORDS["item"]), ("", _WORDS["who"]), ("due", _WORDS["due"])]),
        "pager": wanted.pager(total),
        "files": {told: f"resolutions.{suffix}{wanted.to()}" for told, suffix in (("CSV", "csv"), ("Excel", "xlsx"))},
        "rows": [_row(one, today) for one in rows],
        "total": f"{total:,}",
        "empty": not store.register.find(limit=1)[0],
    }


def _only(document: str) -> Wanted:
    return Wanted(filter=register.sought({"documents": [document]}).wanted)


def _row(one: Resolution, today: str) -> dict[str, Any]:
    state = due_of(one.due, today)
    decision = one.decision.strip()
    return {
        "decision": decision if len(decision) <= _LONG else _cut(decision),
        "rest": decision if len(decision) > _LONG else "",
        "link": f"documents/{one.document_id}?s={one.start}-{one.end}#words",
        "document": f"documents/{one.document_id}",
        "meeting": one.meeting,
        "date": render.day(one.date),
        "page": one.page,
        "item": " › ".join(one.section),
        "who": ", ".join(one.assigned),
        "due": render.day(one.due),
        "said": one.due_said or "",
        "state": state,
        "told": register.DUES[state],
    }


def _cut(decision: str) -> str:
    """The beginning of a long decision, not ending within a letter and its signs."""
    return decision[: max(_LONG - 120, decision.rfind(" ", 0, _LONG), decision.rfind("\n", 0, _LONG))].rstrip() + " …"
