"""The HTTP API: the only door to FastAPI. Paths, fields and codes are stable; other programs rely on them."""

import contextlib
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, File, Form, Query, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Route

from assistant import quote
from assistant.errors import AssistantError
from assistant.question import understand
from assistant.types import Turn
from ingest.apart import Readers
from ingest.errors import IngestError
from ingest.outcome import Failure
from ingest.web import Address, Reach
from ui import beside, conversation, documents, messages, pages, reader, register, upload, wire
from ui.access import Access
from ui.bodies import AddressBody, FeedbackBody, QuestionBody, QuoteBody, SearchBody
from ui.compose import House, reach
from ui.guard import Guard
from ui.line import webhook
from ui.pages.shell import seen
from ui.problems import problem
from ui.schema import Begun, Conversation, Erased, ErasedScan, Hits, Register, RegisterQuery, Reply, Verified, Versions
from vectorstore.errors import StoreError, UnknownDocument

MAX_QUOTE = 10_000
"""Longest quote that is looked for, in characters."""
_log = logging.getLogger("thamkhlang")


def create(house: House, within: Reach | None = None) -> FastAPI:
    """The API over `house`, described at /openapi.json; the usual pages for it would come from another host.

    `within` is where documents may be fetched from, as the settings say where it is not given.
    """
    app = FastAPI(
        title="ThamKhlang ถามคลัง",
        version="1",
        description="ถามคลังเอกสารงานพัฒนาชุมชน ได้ถ้อยคำในเอกสารพร้อมที่มา",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.house, app.state.readers = house, Readers()
    app.state.reach = within or reach(house.settings)
    _handle_errors(app)
    app.add_middleware(Access, house=house)
    app.add_middleware(Guard, settings=house.settings)  # before anybody is asked who they are
    _answers(app, house)
    _conversations(app, house)
    _documents(app, house)
    _register(app, house)
    pages.add(app, house)  # before the page of a document, whose path takes in all that is below it
    _reader(app, house)
    _health(app, house)
    webhook.add(app, house)
    _nothing_else(app)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    if app.state.line:
        app.state.line.start()
    yield
    if app.state.line:
        await run_in_threadpool(app.state.line.close)
    await run_in_threadpool(app.state.readers.close)


def _view(request: Request) -> House:
    """The house as whoever asks may see it."""
    return seen(request.app.state.house, request)


Seen = Annotated[House, Depends(_view)]


def _answers(app: FastAPI, house: House) -> None:
    links = house.settings.public_url

    @app.post("/v1/answers", summary="ถามคลัง", responses={200: {"model": Reply}})
    def answers(body: QuestionBody, house: Seen) -> Response:
        asking = conversation.Asking(
            question=body.question,
            history=[Turn(role=turn.role, content=turn.content) for turn in body.history],
            wanted=wire.to_filter(body.filter.model_dump()),
            without=body.without,
            conversation=body.conversation_id,
        )
        understand(asking.question, conversation.before(house, asking), asking.wanted)
        if body.stream:
            events = _events(conversation.stream(house, asking), links, body.conversation_id)
            return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        reply = wire.reply(conversation.ask(house, asking), links)
        return JSONResponse(reply | {"conversation_id": body.conversation_id})

    @app.post("/v1/search", summary="ค้นข้อความ", responses={200: {"model": Hits}})
    def search(body: SearchBody, house: Seen) -> dict[str, Any]:
        wanted = wire.to_filter(body.filter.model_dump())
        query = understand(house.discreet(body.query), (), wanted, without=body.without)
        hits = house.store.search(query.text, wanted=wanted, k=body.k, concepts=query.concepts)
        return {"hits": [wire.hit(hit, doubt) for hit, doubt in zip(hits, house.store.doubts(hits), strict=True)]}

    @app.post("/v1/verify", summary="ตรวจว่าถ้อยคำมีในเอกสารจริง", responses={200: {"model": Verified}})
    def verify(body: QuoteBody, house: Seen) -> Response:
        length = len(body.quote.strip())
        if not 0 < length <= MAX_QUOTE:
            return problem(422, "quote_length", f"ถ้อยคำที่จะตรวจต้องยาว 1 ถึง {MAX_QUOTE:,} ตัวอักษร ส่งมา {length:,} ตัว")
        document = documents.opened(house.store, body.document_id)
        return JSONResponse(wire.verified(document, quote.find(body.quote, document.text), links))


def _events(pieces: Iterator[Any], links: str, conversation_id: str | None) -> Iterator[str]:
    """Server-sent events: `piece` with {"text"} as words are verified, then `answer` with the whole, or `error`."""
    try:
        for piece in pieces:
            if isinstance(piece, str):
                yield _event("piece", {"text": piece})
            else:
                yield _event("answer", wire.reply(piece, links) | {"conversation_id": conversation_id})
    except (AssistantError, StoreError) as error:
        told = messages.problem(error)
        yield _event("error", {"code": told.code, "status": told.status, "detail": told.detail})


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _conversations(app: FastAPI, _: House) -> None:
    @app.post("/v1/conversations", status_code=201, summary="เริ่มบทสนทนาที่เก็บไว้", response_model=Begun)
    def begin(house: Seen) -> dict[str, Any]:
        return {"conversation_id": house.store.conversations.begin()}

    @app.get("/v1/conversations/{conversation_id}", summary="อ่านบทสนทนาที่เก็บไว้", responses={200: {"model": Conversation}})
    def turns(conversation_id: str, house: Seen) -> Response:
        kept = [
            wire.turn(turn, conversation_id, house.settings.public_url)
            for turn in house.store.conversations.turns(conversation_id)
        ]
        return JSONResponse({"conversation_id": conversation_id, "turns": kept})

    @app.delete("/v1/conversations/{conversation_id}", status_code=204, summary="ลบบทสนทนาที่เก็บไว้")
    def erase(conversation_id: str, house: Seen) -> Response:
        house.store.conversations.erase(conversation_id)
        return Response(status_code=204)

    @app.post("/v1/feedback", status_code=204, summary="บอกว่าคำตอบในบทสนทนาที่เก็บไว้ตรงกับที่ถามไหม")
    def rate(body: FeedbackBody, house: Seen) -> Response:
        house.store.conversations.check(body.conversation_id)
        house.store.feedback.rate(body.conversation_id, body.n, right=body.right, reason=body.reason)
        return Response(status_code=204)


def _documents(app: FastAPI, _: House) -> None:
    _versions(app)

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
            return _taken(upload.take_page(house, app.state.readers, Address(asked, app.state.reach)))
        if file is None:
            return problem(422, "invalid_request", 'ต้องส่งไฟล์ในฟิลด์ file หรือส่ง JSON {"url": "https://…"}')
        name = upload.named(file.filename or "")
        if file.file.seek(0, 2) > house.settings.max_upload_mb * 1_000_000:
            return problem(
                413, "too_large", f"{name} ใหญ่เกิน {house.settings.max_upload_mb} เมกะไบต์ แบ่งไฟล์หรือเพิ่มด้วยคำสั่ง thamkhlang add"
            )
        return _taken(upload.take(house, app.state.readers, name, file.file, url))


def _versions(app: FastAPI) -> None:
    """Before a document's own path, which takes in every other."""

    @app.get("/v1/documents/{document_id:path}/versions", summary="ทุกฉบับของเอกสาร", response_model=Versions)
    def versions(document_id: str, house: Seen) -> dict[str, Any]:
        source = documents.opened(house.store, document_id).source
        return {"source": source, "versions": [wire.version(one) for one in house.store.versions(source)]}

    @app.delete("/v1/documents/{document_id:path}", summary="ลบเอกสารทุกฉบับ", response_model=Erased | ErasedScan)
    def remove(document_id: str, house: Seen) -> dict[str, Any]:
        if house.store.unread.forget(document_id):
            return {"source": document_id, "indexes": "clean"}
        return wire.erasure(documents.remove(house, document_id))


def _register(app: FastAPI, _: House) -> None:
    @app.get("/v1/resolutions", summary="ทะเบียนมติที่ประชุม", responses={200: {"model": Register}})
    def resolutions(asked: Annotated[RegisterQuery, Query()], house: Seen) -> Response:
        names = [documents.opened(house.store, name).source for name in asked.document]
        try:
            sought = register.sought(asked.fields() | {"documents": names})
        except register.UnknownDay as error:
            return problem(422, "unknown_day", str(error))
        total, rows = house.store.register.find(sought, asked.sort, limit=asked.limit, offset=asked.offset)
        return JSONResponse({"total": total, "resolutions": [register.row(one, house.settings.public_url) for one in rows]})


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


def _reader(app: FastAPI, _: House) -> None:
    @app.get("/documents/{document_id:path}", summary="หน้าเอกสารสำหรับคนอ่าน", response_class=HTMLResponse)
    def page(
        house: Seen,
        document_id: str,
        s: Annotated[str, Query(description="ถ้อยคำที่เน้นสี: อักขระแรก-อักขระถัดจากตัวสุดท้าย", examples=["812-1104"])] = "",
    ) -> Response:
        store = house.store
        headers = {"Content-Security-Policy": reader.CSP}
        try:
            document = store.document(document_id)
        except UnknownDocument:
            return HTMLResponse(reader.missing(1 + document_id.count("/"), house.person), 404, headers)
        house.note_opened(document.source)
        masked = 0 if house.settings.show_personal else store.masks.counts([document.id]).get(document.id, 0)
        around = beside.beside(store, document, house.person)
        newest = documents.newest(store, document)
        shown = reader.show(document, s, newest, masked=masked, person=house.person, beside=around)
        return HTMLResponse(shown, headers=headers)


def _health(app: FastAPI, _: House) -> None:
    @app.get("/healthz", summary="โปรแกรมทำงานอยู่")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", summary="คลังพร้อมตอบ")
    def readyz(request: Request, house: Seen) -> dict[str, Any]:
        status = house.store.status()
        return {
            "ready": True,
            "documents": status.documents,
            "passages": status.passages,
            "index": status.index,
            "embedding_model": status.embedding,
            "language_model": house.settings.model or None,
            "personal": status.personal,
            "problem": status.problem,
            "unswept": status.unswept,
            "line": request.app.state.line.degraded() if request.app.state.line else None,
        }


def _nothing_else(app: FastAPI) -> None:
    """Answers for what is not there, before the page, which takes in every other path, is asked."""
    known = [route for route in app.routes if isinstance(route, Route)]

    @app.api_route("/v1/{rest:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    def nothing(request: Request) -> Response:
        if any(route.path_regex.match(request.url.path) for route in known):
            return problem(405, "method_not_allowed", f"ที่อยู่นี้ไม่รับคำสั่ง {request.method}")
        return problem(404, "not_found", "ไม่มีที่อยู่นี้ ดูที่มีทั้งหมดใน /openapi.json")


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(AssistantError)
    @app.exception_handler(StoreError)
    @app.exception_handler(IngestError)
    def ours(_: Request, error: Exception) -> Response:
        told = messages.problem(error)
        return problem(told.status, told.code, told.detail)

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> Response:
        faults = [
            {"field": ".".join(str(part) for part in fault["loc"][1:]), "message": fault["msg"]} for fault in error.errors()
        ]
        return problem(422, "invalid_request", "คำขอไม่ถูกต้อง ดูชื่อฟิลด์และสาเหตุใน errors", errors=faults)

    @app.exception_handler(HTTPException)
    def http(_: Request, error: HTTPException) -> Response:
        return problem(
            error.status_code,
            {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error"),
            str(error.detail),
        )

    @app.exception_handler(Exception)
    def unexpected(_: Request, error: Exception) -> Response:
        _log.error("unexpected error", exc_info=error)
        return problem(500, "internal_error", "เกิดข้อผิดพลาดภายใน ลองใหม่อีกครั้ง หากยังพบ โปรดแจ้งผู้ดูแลพร้อมรหัสคำขอ")
