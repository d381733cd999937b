"""Conversations that are kept, and what is said of their answers."""

from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse, Response

from ui import wire
from ui.bodies import FeedbackBody
from ui.codes import AGAIN
from ui.schema import Begun, Conversation
from ui.v1.described import problems
from ui.v1.paging import Offset, links
from ui.v1.seen import Seen
from vectorstore.conversations import MOST_TURNS

_NAMED = ("misnamed_conversation", "unknown_conversation")
_Limit = Annotated[int, Query(ge=1, le=MOST_TURNS, description="กี่คำถาม")]


def add(app: FastAPI) -> None:
    """Adds the routes."""

    @app.post(
        "/v1/conversations",
        status_code=201,
        operation_id="begin_conversation",
        summary="เริ่มบทสนทนาที่เก็บไว้",
        response_model=Begun,
        responses=problems(*AGAIN),
    )
    def begin(house: Seen) -> dict[str, Any]:
        return {"conversation_id": house.store.conversations.begin()}

    @app.get(
        "/v1/conversations/{conversation_id}",
        operation_id="read_conversation",
        summary="อ่านบทสนทนาที่เก็บไว้ จากคำถามแรก",
        responses=problems(*_NAMED) | {200: {"model": Conversation}},
    )
    def turns(request: Request, conversation_id: str, house: Seen, limit: _Limit = MOST_TURNS, offset: Offset = 0) -> Response:
        kept = house.store.conversations.turns(conversation_id)
        page = kept[offset : offset + limit]
        house.note_seen("document.cited", (source for turn in page for source in wire.sources(turn.reply)))
        shown = [wire.turn(one, conversation_id, house.settings.public_url) for one in page]
        told = {"conversation_id": conversation_id, "total": len(kept), "turns": shown}
        return JSONResponse(told, headers=links(request, len(kept), limit, offset))

    @app.delete(
        "/v1/conversations/{conversation_id}",
        status_code=204,
        operation_id="erase_conversation",
        summary="ลบบทสนทนาที่เก็บไว้",
        responses=problems(*_NAMED),
    )
    def erase(conversation_id: str, house: Seen) -> Response:
        house.store.conversations.erase(conversation_id)
        house.note("conversation.erased")
        return Response(status_code=204)

    @app.post(
        "/v1/feedback",
        status_code=204,
        operation_id="rate_answer",
        summary="บอกว่าคำตอบในบทสนทนาที่เก็บไว้ตรงกับที่ถามไหม",
        responses=problems(*_NAMED, *AGAIN, "unknown_turn"),
    )
    def rate(body: FeedbackBody, house: Seen) -> Response:
        house.store.conversations.check(body.conversation_id)
        house.store.feedback.rate(body.conversation_id, body.n, right=body.right, reason=body.reason)
        return Response(status_code=204)
