"""Conversations that are kept, and what is said of their answers."""

from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from ui import wire
from ui.bodies import FeedbackBody
from ui.schema import Begun, Conversation
from ui.v1.seen import Seen


def add(app: FastAPI) -> None:
    """Adds the routes."""

    @app.post("/v1/conversations", status_code=201, summary="เริ่มบทสนทนาที่เก็บไว้", response_model=Begun)
    def begin(house: Seen) -> dict[str, Any]:
        return {"conversation_id": house.store.conversations.begin()}

    @app.get("/v1/conversations/{conversation_id}", summary="อ่านบทสนทนาที่เก็บไว้", responses={200: {"model": Conversation}})
    def turns(conversation_id: str, house: Seen) -> Response:
        turns = house.store.conversations.turns(conversation_id)
        house.note_seen("document.cited", (source for turn in turns for source in wire.sources(turn.reply)))
        kept = [wire.turn(turn, conversation_id, house.settings.public_url) for turn in turns]
        return JSONResponse({"conversation_id": conversation_id, "turns": kept})

    @app.delete("/v1/conversations/{conversation_id}", status_code=204, summary="ลบบทสนทนาที่เก็บไว้")
    def erase(conversation_id: str, house: Seen) -> Response:
        house.store.conversations.erase(conversation_id)
        house.note("conversation.erased")
        return Response(status_code=204)

    @app.post("/v1/feedback", status_code=204, summary="บอกว่าคำตอบในบทสนทนาที่เก็บไว้ตรงกับที่ถามไหม")
    def rate(body: FeedbackBody, house: Seen) -> Response:
        house.store.conversations.check(body.conversation_id)
        house.store.feedback.rate(body.conversation_id, body.n, right=body.right, reason=body.reason)
        return Response(status_code=204)
