"""Documents: the list, one with its versions, adding and removing."""

import contextlib
import threading
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, FastAPI, File, Form, Query, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from ingest.outcome import Failure
from ingest.web import Address
from ui import documents, messages, upload, wire
from ui.bodies import AddressBody
from ui.codes import AGAIN, FILES
from ui.compose import House
from ui.documentschema import Added, Documents, DocumentWhole, Several
from ui.problems import problem
from ui.schema import Erased, ErasedScan, Versions
from ui.v1.described import MODELS, problems
from ui.v1.etags import IfMatch, IfNew, IfNoneMatch, changed, tagged
from ui.v1.paging import MOST, Offset, links
from ui.v1.seen import Seen
from vectorstore.errors import UnknownDocument
from vectorstore.privacy import masked_name

_CONDITIONAL = threading.Lock()
"""Held from looking whether a document is as a request says until it is changed."""
_Limit = Annotated[int, Query(ge=1, le=MOST, description="กี่รายการ")]


def add(app: FastAPI) -> None:
    """Adds the routes; versions before a document's own path, which takes in every other."""
    _versions(app)
    _reading(app)
    _adding(app)


def _versions(app: FastAPI) -> None:
    @app.get(
        "/v1/documents/{document_id:path}/versions",
        operation_id="list_versions",
        summary="ทุกฉบับของเอกสาร ฉบับแรกก่อน",
        responses=problems("unknown_document") | {200: {"model": Versions}},
    )
    def versions(request: Request, document_id: str, house: Seen, limit: _Limit = MOST, offset: Offset = 0) -> Response:
        source = documents.opened(house.store, document_id).source
        house.note_seen("document.found", [source])
        found = house.store.versions(source)
        shown = [wire.version(one) for one in found[offset : offset + limit]]
        told = {"source": source, "total": len(found), "versions": shown}
        return JSONResponse(told, headers=links(request, len(found), limit, offset))

    @app.delete(
        "/v1/documents/{document_id:path}",
        operation_id="remove_document",
        summary="ลบเอกสารทุกฉบับ",
        response_model=Erased | ErasedScan,
        responses=problems("unknown_document", "changed"),
    )
    def remove(document_id: str, house: Seen, if_match: IfMatch = None) -> Any:
        if if_match is not None:
            with _CONDITIONAL:
                document = documents.opened(house.store, document_id)
                now = documents.whole(house.store, document, house.settings.public_url)
                return changed(if_match, now) or wire.erasure(documents.remove(house, document.id))
        if documents.forget_scan(house, document_id):
            return {"source": document_id, "indexes": "clean"}
        return wire.erasure(documents.remove(house, document_id))


def _reading(app: FastAPI) -> None:
    @app.get(
        "/v1/documents",
        operation_id="list_documents",
        summary="รายการเอกสาร ล่าสุดก่อน",
        responses=problems() | {200: {"model": Documents}, 304: _SAME},
    )
    def listing(
        request: Request, house: Seen, limit: _Limit = 100, offset: Offset = 0, if_none_match: IfNoneMatch = None
    ) -> Response:
        store = house.store
        total, shown = store.listing.find(limit=limit, offset=offset)
        told = documents.told(store, [one.header for one in shown])
        whole = {"total": total, "documents": told, "unread": store.unread.sources()}
        return tagged(if_none_match, whole, links(request, total, limit, offset))

    @app.get(
        "/v1/documents/{document_id:path}",
        operation_id="read_document",
        summary="อ่านเอกสารฉบับใดก็ได้",
        responses=problems("unknown_document") | {200: {"model": DocumentWhole}, 304: _SAME},
    )
    def read(document_id: str, house: Seen, if_none_match: IfNoneMatch = None) -> Response:
        document = documents.opened(house.store, document_id)
        house.note_opened(document.source)
        read = documents.whole(house.store, document, house.settings.public_url)
        newer = read["replaced_by"]
        later = {"Link": f'</v1/documents/{newer["document_id"]}>; rel="latest-version"'} if newer else {}
        return tagged(if_none_match, read, later)


def _adding(app: FastAPI) -> None:
    readers, reach = app.state.readers, app.state.reach

    @app.post(
        "/v1/documents",
        status_code=201,
        operation_id="add_document",
        summary="เพิ่มเอกสารจากไฟล์ หรือจากที่อยู่เว็บ",
        description="ไฟล์หนึ่งเป็นเอกสารหนึ่ง ได้ {status, document} · ZIP และอีเมลที่มีไฟล์แนบเป็นหลายฉบับ ได้ "
        "{status: several, members: [{source, status, document, problem}]} ฉบับที่อ่านไม่ได้มีเหตุผลใน problem และไม่ทำให้ฉบับอื่นหยุด",
        openapi_extra=_EITHER,
        responses=_ADDED,
    )
    def add(
        house: Seen,
        asked: Annotated[str | None, Depends(_asked_address)],
        file: Annotated[UploadFile | None, File()] = None,
        url: Annotated[str | None, Form(max_length=2_000)] = None,
        if_match: IfMatch = None,
        if_none_match: IfNew = None,
    ) -> Response:
        take: Callable[[], upload.Taken | Failure]
        if asked is not None:
            name, take = asked, partial(upload.take_page, house, readers, Address(asked, reach))
        elif file is not None:
            name = upload.named(file.filename or "")
            take = partial(upload.take, house, readers, name, file.file, url)
        else:
            return problem(422, "invalid_request", 'ต้องส่งไฟล์ในฟิลด์ file หรือส่ง JSON {"url": "https://…"}')
        if file is not None and file.file.seek(0, 2) > house.settings.max_upload_mb * 1_000_000:
            return problem(
                413, "too_large", f"{name} ใหญ่เกิน {house.settings.max_upload_mb} เมกะไบต์ แบ่งไฟล์หรือเพิ่มด้วยคำสั่ง thamkhlang add"
            )
        if if_match is None and if_none_match is None:
            return _taken(take())
        with _CONDITIONAL:
            return _not_as_read(house, name, if_match, if_none_match) or _taken(take())


def _not_as_read(house: House, name: str, if_match: str | None, if_none_match: str | None) -> Response | None:
    """Why a file of this name is not taken, where the document of the name is not as the request says."""
    known, now = name if house.settings.show_personal else masked_name(name), None
    with contextlib.suppress(UnknownDocument):
        found = house.store.find(known)
        if found.source == known:
            now = documents.whole(house.store, house.store.document(found.id), house.settings.public_url)
    return changed(if_match, now, if_none_match)


_SAME = {"description": "ยังเหมือนที่มีอยู่แล้ว (If-None-Match)"}
_TAKEN = {"model": Added | Several, "description": "ผลของไฟล์ หรือของแต่ละไฟล์ใน ZIP และอีเมล"}
_REFUSED = problems(*FILES, *AGAIN, "changed")
_ADDED = _REFUSED | {
    200: _TAKEN | {"description": "มีอยู่แล้วทั้งหมด"},
    201: _TAKEN,
    422: _REFUSED[422]
    | {"content": {**_REFUSED[422]["content"], "application/json": {"schema": {"$ref": f"{MODELS}Several"}}}},
}
_EITHER = {
    "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"url": {"type": "string"}}}}}}
}
"""What FastAPI does not tell of itself: beside a form the path takes JSON."""


async def _asked_address(request: Request) -> str | None:
    """The address in a JSON body; None where the body is a form."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        return None
    try:
        return AddressBody.model_validate_json(await request.body()).url
    except ValidationError as error:
        raise RequestValidationError([fault | {"loc": ("body", *fault["loc"])} for fault in error.errors()]) from error


def _taken(reply: upload.Taken | Failure) -> Response:
    if isinstance(reply, Failure):
        told = messages.failure(reply)
        return problem(told.status, told.code, told.detail)
    became, status = reply
    is_new = status == 201 and "document" in became
    return JSONResponse(became, status, {"Location": f"/v1/documents/{became['document']['document_id']}"} if is_new else None)
