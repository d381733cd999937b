"""ดูแล: for administrators. What was asked in vain, how much the archive is used, how it stands, and a backup of it."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from ui import settings, subjects, use
from ui.backups import Backups
from ui.clock import day_of, time_of
from ui.compose import House
from ui.keeping import VERSION
from ui.pages.forms import sent
from ui.pages.shell import refusal, seen, show
from ui.people import person_of
from ui.subjects import Asked, Subject
from ui.words import BOOK
from vectorstore import StoreError, UnknownDocument, backup
from vectorstore.parcel import PIECE
from vectorstore.schema import SCHEMA

_LAST = 2_000
"""Unanswered questions that are looked at, the latest."""
_PAGE = 20
"""Subjects on one page."""
_QUESTIONS = 30
"""Questions of one subject that are shown."""
_NEAREST = 3
"""Documents that are named beside a subject."""
_NO_QUESTION = "no_question"
"""The reason of a refusal to what asked for nothing, such as a greeting."""
_BACKUPS = 10
"""Backups that are shown, the latest."""
_MOST_SENT = 10_000
"""Bytes of a form of this screen."""
_REASONS: dict[str, str] = BOOK["manage"]["reasons"]
_TABS = {"manage": "overview", "manage/questions": "questions", "manage/system": "system", "manage/people": "accounts"}
"""The parts of the screen by path: the name of each among the words."""

Handler = Callable[[Request], Response]


def routes(house: House) -> list[Route]:
    """The screen's paths."""

    def overview(request: Request) -> Response:
        usage = seen(house, request).store.usage
        monthly = request.query_params.get("span") == "months"
        counted = use.by_month(usage) if monthly else use.by_day(usage)
        status = house.store.status()
        return _show(request, "manage.html", 0, use=counted, monthly=monthly, state=status)

    def questions(request: Request) -> Response:
        return _questions(seen(house, request), request)

    def system(request: Request) -> Response:
        return _system(house, request)

    def check(request: Request) -> Response:
        return _system(house, request, faults=house.store.faults())

    def rebuild(request: Request) -> Response:
        house.store.behind.begin(anew=True)
        return RedirectResponse("system", 303)

    def download(request: Request) -> Response:
        return _download(house, request)

    paths = {"": overview, "/questions": questions, "/system": system}
    changes = {"/check": check, "/rebuild": rebuild, "/backup": download}
    return [
        *(Route(f"/manage{path}", _only(handler), methods=["GET"]) for path, handler in paths.items()),
        *(Route(f"/manage{path}", _meant(house, _only(handler)), methods=["POST"]) for path, handler in changes.items()),
    ]


def _show(request: Request, template: str, tab: int, status_code: int = 200, **values: Any) -> Response:
    return show(request, template, "manage", status_code, tabs=tabs(tab), reasons=_REASONS, **values)


def tabs(here: int) -> list[dict[str, Any]]:
    """The parts of ดูแล in their order, the one of number `here` (from 0) marked."""
    return [{"path": path, "name": BOOK["manage"][name], "here": n == here} for n, (path, name) in enumerate(_TABS.items())]


def _only(handler: Handler) -> Handler:
    """The same for administrators alone."""

    def handle(request: Request) -> Response:
        if not person_of(request).may("administrator"):
            return refusal(request, "manage", BOOK["manage"]["only"])
        return handler(request)

    return handle


def _meant(house: House, handler: Handler) -> Callable[[Request], Any]:
    """The same where the form says that it is meant; else the page with the form once more."""

    async def handle(request: Request) -> Response:
        short = int(request.headers.get("content-length") or _MOST_SENT + 1) <= _MOST_SENT
        meant = short and (await sent(request)).get("sure") == "yes"
        return await run_in_threadpool(handler if meant else _only(lambda one: _system(house, one, unsure=True)), request)

    return handle


# Questions


def _questions(house: House, request: Request) -> Response:
    reason = request.query_params.get("reason", "")
    rated = subjects.subjects(subjects.rated(_rated_bad(house)))
    refused = subjects.subjects(one for one in _refused(house) if reason in ("", one.reason))
    pages = max(1, -(-len(refused) // _PAGE))
    page = min(max(1, _number(request.query_params.get("page", ""))), pages)
    here = refused[(page - 1) * _PAGE : page * _PAGE]
    return _show(
        request,
        "manage_questions.html",
        1,
        refused=[_subject(house, one) for one in here],
        rated=[_subject(house, one) for one in rated[:_PAGE]],
        asked=sum(len(one.asked) for one in refused),
        found=len(refused),
        reason=reason if reason in _REASONS else "",
        page=page,
        pages=pages,
        most=_LAST,
    )


def _refused(house: House) -> Iterator[Asked]:
    for one in house.store.conversations.unanswered(_LAST):
        if one.reason != _NO_QUESTION:
            yield Asked(question=one.question, reason=one.reason, at=one.at, nearest=one.nearest)


def _rated_bad(house: House) -> Iterable[tuple[str, str, str]]:
    """(question, reason, when) of the answers that people found wrong; those of a conversation that is kept."""
    return ((one.asked, one.reason, one.at) for one in house.store.feedback.latest(_LAST, right=False))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _subject(house: House, one: Subject) -> dict[str, Any]:
    """What the page shows of a subject: each question once, with how often it was asked."""
    counts: dict[tuple[str, str], list[Asked]] = {}
    for asked in one.asked:
        counts.setdefault((asked.question, asked.reason), []).append(asked)
    shown = [
        {"text": text, "why": _REASONS.get(reason, reason), "times": len(some), "last": day_of(some[0].at)}
        for (text, reason), some in counts.items()
    ]
    return {
        "name": one.name or BOOK["manage"]["unnamed"],
        "count": len(one.asked),
        "last": day_of(one.last),
        "asked": shown[:_QUESTIONS],
        "more": len(shown) - len(shown[:_QUESTIONS]),
        "nearest": list(_nearest(house, one)),
    }


def _nearest(house: House, one: Subject) -> Iterator[dict[str, str]]:
    """The documents that were nearest to the latest questions, as they are called now."""
    names = list(dict.fromkeys(name for asked in one.asked for name in asked.nearest))
    for name in names[:_NEAREST]:
        try:
            yield {"id": name, "title": house.store.find(name).title}
        except UnknownDocument:  # removed since
            continue


# How it stands


def _system(house: House, request: Request, *, faults: list[str] | None = None, unsure: bool = False) -> Response:
    store, status = house.store, house.store.status()
    return _show(
        request,
        "manage_system.html",
        2,
        422 if unsure else 200,
        state=status,
        rebuilt=store.behind.done,
        scans=store.unread.sources(),
        size=f"{_size(store.home) / 1e6:,.1f}",
        schema=SCHEMA,
        version=VERSION,
        settings=settings.told(house.settings),
        faults=faults,
        unsure=unsure,
        since=day_of(status.unswept or ""),
        backups=_scheduled(request.app.state.backups),
        sealed=request.app.state.seal is not None,
    )


def _size(home: Path) -> int:
    """Bytes of the archive on the disk; what goes while it is counted is not counted."""
    total = 0
    for path in home.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total


def _download(house: House, request: Request) -> Response:
    making = backup.made(house.store, settings.without_secrets(house.settings), VERSION, seal=request.app.state.seal)
    try:
        ready = making.__enter__()
    except StoreError as error:
        words = BOOK["manage"]
        told = {"heading": words["backup"], "lines": [str(error)], "way": "manage/system", "back": words["back"]}
        return show(request, "told.html", "manage", 507, **told)

    def pieces() -> Iterator[bytes]:
        try:
            with ready.file.open("rb") as file:
                while piece := file.read(PIECE):
                    yield piece
        finally:
            making.__exit__(None, None, None)

    headers = {
        "Content-Disposition": f'attachment; filename="{ready.name}"',
        "Content-Length": str(ready.file.stat().st_size),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(pieces(), media_type="application/octet-stream", headers=headers)


def _scheduled(backups: Backups | None) -> dict[str, Any] | None:
    """What the page shows of the backups that are made by the clock."""
    if backups is None:
        return None
    made = backups.made()
    return {
        "folder": backups.folder,
        "hours": f"{backups.every.total_seconds() / 3600:g}",
        "wrong": backups.wrong(),
        "due": time_of(backups.due().isoformat()),
        "made": [
            {"at": time_of(one.at.isoformat()), "name": one.file.name, "size": f"{one.size / 1e6:,.1f}"}
            for one in made[:_BACKUPS]
        ],
        "more": len(made[_BACKUPS:]),
    }
