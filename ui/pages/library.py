"""เอกสาร: the list of documents, filtered and sorted by its address; as files for a spreadsheet or for another archive."""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from ui import clock, register, render, sheets
from ui.compose import House
from ui.pages import asked, shell
from ui.pages.asked import PAGE, Asked
from ui.people import person_of
from ui.wire import to_filter
from ui.words import BOOK
from vectorstore import Store
from vectorstore.errors import UnknownDocument
from vectorstore.listing import CAUTIONS, ORDERS, Listed, Order, Wanted
from vectorstore.types import Document

_FIELDS = ("text", "year", "province", "kind", "warning")
_WORDS: dict[str, Any] = BOOK["lists"] | BOOK["library"]
_SCANS = 200
"""Scans that are named at most."""


def routes(house: House) -> list[Route]:
    """The list, and what it shows as files; those are for who may change the archive."""

    def table(request: Request) -> Response:
        seen = shell.seen(house, request)
        wanted = asked.asked(request.query_params, _FIELDS, ORDERS)
        shown = _shown(seen.store, wanted, hides=not house.settings.show_personal)
        return shell.show(request, "documents.html", "documents", **shown, most=house.settings.max_upload_mb)

    def as_csv(request: Request) -> Response:
        rows = sheets.as_csv(_WORDS["columns"], _values(_all(house, request)))
        return StreamingResponse(rows, media_type=sheets.CSV, headers=_named("csv"))

    def as_xlsx(request: Request) -> Response:
        query = asked.asked(request.query_params, _FIELDS, ORDERS)
        if shell.seen(house, request).store.listing.find(_wanted(query), limit=0)[0] > sheets.MOST_ROWS:
            return shell.show(request, "told.html", "documents", 413, heading=_WORDS["large"], lines=[_WORDS["large_why"]])
        content = sheets.as_xlsx(_WORDS["sheet"], _WORDS["columns"], _values(_all(house, request)))
        return Response(content, media_type=sheets.XLSX, headers=_named("xlsx"))

    def as_lines(request: Request) -> Response:
        lines = _lines(shell.seen(house, request), _all(house, request))
        return StreamingResponse(lines, media_type="application/x-ndjson", headers=_named("jsonl"))

    def as_text(request: Request) -> Response:
        seen = shell.seen(house, request)
        try:
            document = seen.store.document(request.path_params["document_id"])
        except UnknownDocument:
            return missing(request)
        seen.note_opened(document.source)
        return PlainTextResponse(document.text, headers=sheets.download(f"{_stem(document)}.txt"))

    return [
        Route("/documents", table, methods=["GET"]),
        Route("/documents.csv", editors(as_csv)),
        Route("/documents.xlsx", editors(as_xlsx)),
        Route("/documents.jsonl", editors(as_lines)),
        Route("/documents/{document_id}/text", editors(as_text)),
    ]


def editors(handler: Any) -> Any:
    """`handler` for those who may change the archive; the others are told that they may not."""

    def handle(request: Request) -> Response:
        return handler(request) if person_of(request).may("editor") else refused(request)

    return handle


def refused(request: Request) -> Response:
    """What somebody is told who may not do what they asked for."""
    return shell.refusal(request, "documents", _WORDS["refused"])


def missing(request: Request) -> Response:
    """What is told of a document that there is none of."""
    return shell.show(request, "told.html", "documents", 404, heading=_WORDS["missing"], lines=[_WORDS["missing_why"]])


def _stem(document: Document) -> str:
    return document.source.rpartition("/")[2].rpartition(".")[0] or document.source or document.id[:12]


def _named(suffix: str) -> dict[str, str]:
    return sheets.download(f"{_WORDS['file']}-{register.today()}.{suffix}")


def _wanted(query: Asked) -> Wanted:
    """What is asked of the list; a year that is none asks for nothing."""
    given = query.fields
    year = given.get("year", "")
    fields = {
        "years": [int(year)] if year.isdecimal() and 0 < int(year) < 10_000 else [],
        "provinces": [given["province"]] if "province" in given else [],
        "kinds": [given["kind"]] if given.get("kind") in render.KINDS else [],
    }
    caution = next((name for name in CAUTIONS if name == given.get("warning")), None)
    return Wanted(filter=to_filter(fields), text=given.get("text", ""), caution=caution)


def _order(query: Asked) -> Order:
    return next(order for order in ORDERS if order == query.sort)


def _all(house: House, request: Request) -> Iterable[Listed]:
    query = asked.asked(request.query_params, _FIELDS, ORDERS)
    return shell.seen(house, request).store.listing.all(_wanted(query), _order(query))


def _shown(store: Store, query: Asked, *, hides: bool) -> dict[str, Any]:
    given = query.fields
    total, rows = store.listing.find(_wanted(query), _order(query), limit=PAGE, offset=query.offset)
    years = {str(int(year) + 543): str(int(year) + 543) for year in sorted(store.listing.values("year"), reverse=True)}
    provinces = {name: name for name in sorted(store.listing.values("province"))}
    scans = store.unread.sources()
    cautions: dict[str, str] = {name: _WORDS["cautions"][name] for name in CAUTIONS if hides or name != "masked"}
    return {
        "given": given,
        "years": asked.options(years, given.get("year", "")),
        "provinces": asked.options(provinces, given.get("province", "")),
        "kinds": asked.options(render.KINDS, given.get("kind", "")),
        "cautions": asked.options(cautions, given.get("warning", "")),
        "orders": asked.options(_WORDS["orders"], query.sort),
        "chips": query.chips(_WORDS["fields"], {"kind": render.KINDS, "warning": cautions}),
        "heads": query.columns([("title", _WORDS["name"]), ("kind", _WORDS["kind"]), ("date", _WORDS["date"])])
        + query.columns([("", _WORDS["provinces"]), ("added", _WORDS["added"]), ("", _WORDS["warnings"])]),
        "pager": query.pager(total),
        "files": {
            told: f"documents.{suffix}{query.to()}"
            for told, suffix in (("CSV", "csv"), ("Excel", "xlsx"), (_WORDS["texts"], "jsonl"))
        },
        "rows": [_row(one, cautions) for one in rows],
        "total": f"{total:,}",
        "scans": scans[:_SCANS],
        "scans_total": f"{len(scans):,}",
        "empty": store.is_empty(),
    }


def _row(one: Listed, cautions: dict[str, str]) -> dict[str, Any]:
    header = one.header
    return {
        "title": header.title,
        "source": header.source,
        "link": f"documents/{quote(header.id)}",
        "kind": render.KINDS[header.kind],
        "date": render.day(header.date),
        "provinces": ", ".join(header.provinces),
        "version": header.version,
        "added": clock.day_of(one.added_at),
        "cautions": [cautions[name] for name in one.cautions if name in cautions],
    }


def _values(some: Iterable[Listed]) -> Iterator[tuple[sheets.Value, ...]]:
    """The cells of the columns that the words name."""
    for one in some:
        header = one.header
        dates = (sheets.day(header.date), render.day(header.date))
        added = (header.version, sheets.day(clock.iso_day(one.added_at)), clock.day_of(one.added_at))
        warned = " · ".join(_WORDS["cautions"][name] for name in one.cautions)
        about = (render.KINDS[header.kind], *dates, ", ".join(header.provinces), *added, warned)
        yield (header.title, header.source, *about, header.characters, header.url, header.id)


def _lines(house: House, some: Iterable[Listed]) -> Iterator[str]:
    """The documents with their texts as `thamkhlang add` takes them, a line each, but for one that may be seen no more."""
    for one in some:
        if not house.store.shows([one.header.source]):
            continue
        try:
            document = house.store.document(one.header.id)
        except UnknownDocument:
            continue
        house.note_opened(document.source)
        record = {"id": document.source, "title": document.title, "date": document.date, "body": document.text}
        yield json.dumps(record | {"url": document.url}, ensure_ascii=False) + "\n"
