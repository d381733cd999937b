"""Asking, searching, and verifying a quote."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from assistant import quote
from assistant.errors import Abandoned, AssistantError
from assistant.pace import GONE
from assistant.question import understand
from assistant.types import Turn
from ui import conversation, documents, messages, streams, wire
from ui.bodies import QuestionBody, QuoteBody, SearchBody
from ui.codes import AGAIN, ASKING
from ui.compose import House
from ui.problems import problem
from ui.schema import Hits, Reply, Verified
from ui.turnstile import gone_of
from ui.v1.described import problems
from ui.v1.seen import Seen
from vectorstore.errors import StoreError

_EVENTS = {
    "schema": {
        "type": "object",
        "description": "เหตุการณ์หนึ่ง: piece มีถ้อยคำ {text} ทีละส่วน แล้ว answer คือ Reply ทั้งหมด หรือ error {code, status, detail}",
        "properties": {"event": {"enum": ["piece", "answer", "error"]}, "data": {"type": "string", "description": "JSON"}},
    }
}
MAX_QUOTE = 10_000
"""Longest quote that is looked for, in characters."""


def add(app: FastAPI) -> None:
    """Adds the routes."""
    links = app.state.house.settings.public_url

    @app.post(
        "/v1/answers",
        operation_id="ask",
        summary="ถามคลัง ได้คำตอบเป็นถ้อยคำในเอกสารพร้อมที่มา หรือบอกว่าไม่มี",
        responses=problems(*ASKING, *AGAIN) | {200: {"model": Reply, "content": {"text/event-stream": _EVENTS}}},
    )
    def answers(body: QuestionBody, request: Request, house: Seen) -> Response:
        asking = conversation.Asking(
            question=body.question,
            history=[Turn(role=turn.role, content=turn.content) for turn in body.history],
            wanted=wire.to_filter(body.filter.model_dump()),
            without=body.without,
            conversation=body.conversation_id,
            stopped=gone_of(request),
        )
        understand(asking.question, conversation.before(house, asking), asking.wanted)
        if body.stream:
            events = streams.events(lambda stopped: _events(house, replace(asking, stopped=stopped)))
            return StreamingResponse(events, media_type="text/event-stream", headers=streams.HEADERS)
        return JSONResponse(_whole(house, asking, conversation.ask(house, asking)))

    @app.post(
        "/v1/search",
        operation_id="search",
        summary="ค้นข้อความ",
        responses=problems("question_empty", "question_too_long") | {200: {"model": Hits}},
    )
    def search(body: SearchBody, request: Request, house: Seen) -> dict[str, Any]:
        wanted = wire.to_filter(body.filter.model_dump())
        query = understand(house.discreet(body.query), (), wanted, without=body.without)
        if gone_of(request)():
            raise Abandoned(GONE)
        hits = house.store.search(query.text, wanted=wanted, k=body.k, concepts=query.concepts)
        house.note_seen("document.found", (one.source for hit in hits for one in (hit.document, *hit.others)))
        return {"hits": [wire.hit(hit, doubt) for hit, doubt in zip(hits, house.store.doubts(hits), strict=True)]}

    @app.post(
        "/v1/verify",
        operation_id="verify_quote",
        summary="ตรวจว่าถ้อยคำมีในเอกสารจริง",
        responses=problems("quote_length", "unknown_document") | {200: {"model": Verified}},
    )
    def verify(body: QuoteBody, house: Seen) -> Response:
        length = len(body.quote.strip())
        if not 0 < length <= MAX_QUOTE:
            return problem(422, "quote_length", f"ถ้อยคำที่จะตรวจต้องยาว 1 ถึง {MAX_QUOTE:,} ตัวอักษร ส่งมา {length:,} ตัว")
        document = documents.opened(house.store, body.document_id)
        house.note_seen("document.found", [document.source])
        return JSONResponse(wire.verified(document, quote.find(body.quote, document.text), links))


def _whole(house: House, asking: conversation.Asking, told: conversation.Told) -> dict[str, Any]:
    reply = wire.reply(told.reply, house.settings.public_url)
    notice = messages.notice(told.notice, told.reply.query.language)
    kept = {"conversation_id": asking.conversation, "n": told.n or None, "unkept": told.unkept or None}
    return reply | kept | {"notice": notice}


def _events(house: House, asking: conversation.Asking) -> Iterator[str]:
    """Server-sent events: `piece` with {"text"} as words are verified, then `answer` with the whole, or `error`."""
    try:
        for piece in conversation.pieces(house, asking):
            if isinstance(piece, str):
                yield streams.event("piece", _json({"text": piece}))
            else:
                yield streams.event(streams.ANSWER, _json(_whole(house, asking, piece)))
    except (AssistantError, StoreError) as error:
        told = messages.problem(error)
        yield streams.event("error", _json({"code": told.code, "status": told.status, "detail": told.detail}))


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False)
