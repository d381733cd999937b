"""Documents: the list, one with its versions, adding and removing."""

from typing import Annotated, Any

from fastapi import Depends, FastAPI, File, Form, Query, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from ingest.outcome import Failure
from ingest.web import Address
from ui import documents, messages, upload, wire
from ui.bodies import AddressBody
from ui.problems import problem
from ui.schema import Erased, ErasedScan, Versions
from ui.v1.seen import Seen


def add(app: FastAPI) -> None:
    """Adds the routes; versions before a document's own path, which takes in every other."""
    _versions(app)
    _reading(app)
    _adding(app)


def _versions(app: FastAPI) -> None:
    @app.get("/v1/documents/{document_id:path}/versions", summary="ทุกฉบับของเอกสาร", response_model=Versions)
    def versions(document_id: str, house: Seen) -> dict[str, Any]:
        source = documents.opened(house.store, document_id).source
        house.note_seen("document.found", [source])
        return {"source": source, "versions": [wire.version(one) for one in house.store.versions(source)]}

    @app.delete("/v1/documents/{document_id:path}", summary="ลบเอกสารทุกฉบับ", response_model=Erased | ErasedScan)
    def remove(document_id: str, house: Seen) -> dict[str, Any]:
        if documents.forget_scan(house, document_id):
            return {"source": document_id, "indexes": "clean"}
        return wire.erasure(documents.remove(house, document_id))


def _reading(app: FastAPI) -> None:
    @app.get("/v1/documents", summary="รายการเอกสาร")
    def listing(
        house: Seen, limit: Annotated[int, Query(ge=1, le=1000)] = 100, offset: Annotated[int, Query(ge=0)] = 0
    ) -> dict[str, Any]:
        store = house.store
        total, shown = store.listing.find(limit=limit, offset=offset)
        told = documents.told(store, [one.header for one in shown])
        return {"total": total, "documents": told, "unread": store.unread.sources()}

    @app.get("/v1/documents/{document_id:path}", summary="อ่านเอกสาร")
    def read(document_id: str, response: Response, house: Seen) -> dict[str, Any]:
        document = documents.opened(house.store, document_id)
        house.note_opened(document.source)
        read = documents.whole(house.store, document, house.settings.public_url)
        if read["replaced_by"]:
            response.headers["Link"] = f'</v1/documents/{read["replaced_by"]["document_id"]}>; rel="latest-version"'
        return read


def _adding(app: FastAPI) -> None:
    readers, reach = app.state.readers, app.state.reach

    @app.post(
        "/v1/documents",
        status_code=201,
        summary="เพิ่มเอกสารจากไฟล์ หรือจากที่อยู่เว็บ",
        description="ไฟล์หนึ่งเป็นเอกสารหนึ่ง ได้ {status, document} · ZIP และอีเมลที่มีไฟล์แนบเป็นหลายฉบับ ได้ "
        "{status: several, members: [{source, status, document, problem}]} ฉบับที่อ่านไม่ได้มีเหตุผลใน problem และไม่ทำให้ฉบับอื่นหยุด",
        openapi_extra=_EITHER,
    )
    def add(
        house: Seen,
        asked: Annotated[str | None, Depends(_asked_address)],
        file: Annotated[UploadFile | None, File()] = None,
        url: Annotated[str | None, Form()] = None,
    ) -> Response:
        if asked is not None:
            return _taken(upload.take_page(house, readers, Address(asked, reach)))
        if file is None:
            return problem(422, "invalid_request", 'ต้องส่งไฟล์ในฟิลด์ file หรือส่ง JSON {"url": "https://…"}')
        name = upload.named(file.filename or "")
        if file.file.seek(0, 2) > house.settings.max_upload_mb * 1_000_000:
            return problem(
                413, "too_large", f"{name} ใหญ่เกิน {house.settings.max_upload_mb} เมกะไบต์ แบ่งไฟล์หรือเพิ่มด้วยคำสั่ง thamkhlang add"
            )
        return _taken(upload.take(house, readers, name, file.file, url))


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
    return JSONResponse(*reply)
