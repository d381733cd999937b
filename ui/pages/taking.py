"""What changes the archive, as forms that need no script: files are sent, a document is replaced or removed, each on a page."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ingest.outcome import Failure
from ui import documents, messages, render, upload
from ui.compose import House
from ui.pages import shell
from ui.pages.forms import sent
from ui.pages.library import editors, missing, refused
from ui.people import person_of
from ui.words import BOOK
from vectorstore import Store
from vectorstore.errors import StoreError, UnknownDocument
from vectorstore.types import Header

_WORDS: dict[str, Any] = BOOK["library"]
MOST_FILES = 10
"""So many of the largest files are the largest form."""
_FILES = 100
"""Files that one form sends."""


def routes(house: House) -> list[Route]:
    """The forms and what they do, for those who may change the archive."""
    return [*_adding(house), *_removing(house)]


def _adding(house: House) -> list[Route]:
    async def send(request: Request) -> Response:
        return await _sent(house, request, upload.named)

    def asked_to_replace(request: Request) -> Response:
        document = _document(house, request)
        return shell.show(request, "replace.html", "documents", document=document, most=house.settings.max_upload_mb)

    async def replace(request: Request) -> Response:
        try:
            source = (await run_in_threadpool(_document, house, request)).source
        except UnknownDocument:
            return missing(request)
        return await _sent(house, request, lambda _: source)

    path = "/documents/{document_id}/replace"
    return [
        Route("/documents", send, methods=["POST"]),
        Route(path, editors(_there(asked_to_replace)), methods=["GET"]),
        Route(path, replace, methods=["POST"]),
    ]


def _removing(house: House) -> list[Route]:
    def asked_to_remove(request: Request) -> Response:
        return _asked_to_remove(request, shell.seen(house, request).store, _document(house, request))

    def remove(request: Request) -> Response:
        gone = documents.remove(shell.seen(house, request), _document(house, request).id)
        told = render.erasure_text(gone).split("\n")
        return shell.show(request, "told.html", "documents", heading=_WORDS["removed"], lines=told)

    async def forget(request: Request) -> Response:
        if not person_of(request).may("editor"):
            return refused(request)
        source = (await sent(request)).get("source", "")
        await run_in_threadpool(documents.forget_scan, shell.seen(house, request), source)
        return RedirectResponse("../../documents", 303)

    path = "/documents/{document_id}/remove"
    return [
        Route("/documents/scans/forget", forget, methods=["POST"]),
        Route(path, editors(_there(asked_to_remove)), methods=["GET"]),
        Route(path, editors(_there(remove)), methods=["POST"]),
    ]


def _document(house: House, request: Request) -> Header:
    """The current document that the path names.

    Raises:
        UnknownDocument: there is none.
    """
    return shell.seen(house, request).store.find(request.path_params["document_id"])


def _there(handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """`handler`, where its document is in the archive."""

    def handle(request: Request) -> Response:
        try:
            return handler(request)
        except UnknownDocument:
            return missing(request)

    return handle


def _asked_to_remove(request: Request, store: Store, document: Header) -> Response:
    known: dict[str, Any] = {
        "document": document,
        "day": render.day(document.date),
        "kind": render.KINDS[document.kind],
        "versions": store.versions(document.source),
        "resolutions": f"{len(store.document(document.id).resolutions):,}",
        "similar": store.listing.headers(store.similar([document.id]).get(document.id, ())),
    }
    return shell.show(request, "remove.html", "documents", **known)


async def _sent(house: House, request: Request, named: Callable[[str], str]) -> Response:
    """The page that tells of each file of a form what became of it, as soon as that is known."""
    if not person_of(request).may("editor"):
        return refused(request)
    most = house.settings.max_upload_mb
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MOST_FILES * most * 1_000_000:
        return _not_taken(request, 413, _WORDS["too_much"].format(most=MOST_FILES * most))
    try:
        form = await request.form(max_files=_FILES, max_fields=_FILES)
    except HTTPException:
        return _not_taken(request, 400, _WORDS["no_form"].format(files=_FILES))
    except OSError as error:
        if not messages.is_full(error):
            raise
        return _not_taken(request, 507, messages.NO_ROOM)
    files = [file for file in form.getlist("file") if isinstance(file, UploadFile) and file.filename]
    if not files:
        await form.close()
        return _not_taken(request, 422, _WORDS["no_file"])
    seen = shell.seen(house, request)
    return shell.stream(request, "taken.html", "documents", rows=_rows(seen, request, form, files, named), count=len(files))


def _not_taken(request: Request, status: int, why: str) -> Response:
    return shell.show(request, "told.html", "documents", status, heading=_WORDS["not_taken"], lines=[why])


def _rows(
    house: House, request: Request, form: FormData, files: Sequence[UploadFile], named: Callable[[str], str]
) -> Iterator[dict[str, Any]]:
    """What became of each file: its name, state and reason, its documents."""
    try:
        for file in files:
            yield _row(house, request, file, named(file.filename or ""))
    finally:
        for _, sent in form.multi_items():
            if isinstance(sent, UploadFile):
                sent.file.close()


def _row(house: House, request: Request, file: UploadFile, name: str) -> dict[str, Any]:
    most = house.settings.max_upload_mb
    if file.file.seek(0, 2) > most * 1_000_000:
        return _told(name, "failed", _WORDS["states"]["large"].format(most=most))
    try:
        taken = upload.take(house, request.app.state.readers, name, file.file, None)
    except StoreError as error:
        return _told(name, "failed", str(error))
    except OSError as error:
        if not messages.is_full(error):
            raise
        return _told(name, "failed", messages.NO_ROOM)
    if isinstance(taken, Failure):
        return _told(name, "failed", messages.failure(taken).detail)
    reply = taken[0]
    if reply["status"] != "several":
        return _told(name, reply["status"], document=reply["document"])
    members = [
        _told(member["source"], member["status"], (member["problem"] or {}).get("detail", ""), member["document"])
        for member in reply["members"]
    ]
    return {**_told(name, "several"), "members": members}


def _told(name: str, status: str, why: str = "", document: dict[str, Any] | None = None) -> dict[str, Any]:
    link = f"documents/{quote(document['document_id'])}" if document else ""
    told = why or _WORDS["states"][status]
    return {"source": name, "failed": status == "failed", "told": told, "link": link, "members": []}
