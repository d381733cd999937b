"""Chat completions as OpenAI's clients ask for them, so that any chat program may ask the archive."""

from dataclasses import replace

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from assistant.pace import Stopped
from assistant.question import understand
from assistant.types import Query, Refusal
from ui import conversation, openai, streams, wire
from ui.chatbody import ChatBody
from ui.chatschema import EVENTS, ChatCompletion, Model, Models
from ui.codes import ASKING
from ui.completion import Completion
from ui.problems import problem
from ui.turnstile import gone_of
from ui.v1.described import problems
from ui.v1.seen import Seen

_REFUSED = ("model_not_found", "last_message_not_user", "unsupported_content", "unsupported_value")


def add(app: FastAPI) -> None:
    """Adds the routes."""

    @app.post(
        "/v1/chat/completions",
        operation_id="create_chat_completion",
        summary="ถามคลังด้วยโปรแกรมแชตที่พูดแบบ OpenAI",
        responses=problems(*ASKING[:2], *_REFUSED) | {200: {"model": ChatCompletion, "content": {"text/event-stream": EVENTS}}},
    )
    def complete(body: ChatBody, request: Request, house: Seen) -> Response:
        if wrong := body.fault():
            field, code, told = wrong
            return problem(404 if code == "model_not_found" else 400, code, told, param=field)
        links = house.settings.public_url or str(request.base_url)
        read = len(body.question()) + sum(len(turn.content) for turn in body.history())
        completion, asking = Completion(model=body.model, links=links, read=read), _asking(body, gone_of(request))
        if body.stream:
            events = streams.events(
                lambda stopped: completion.events(
                    conversation.pieces(house, replace(asking, stopped=stopped)) if asking else iter([_no_question(body)]),
                    usage=body.includes_usage(),
                )
            )
            return StreamingResponse(events, media_type="text/event-stream", headers=streams.HEADERS)
        return JSONResponse(completion.whole(conversation.ask(house, asking) if asking else _no_question(body)))

    @app.get("/v1/models", operation_id="list_models", summary="โมเดลที่ถามได้", responses=problems() | {200: {"model": Models}})
    def models() -> Response:
        return JSONResponse({"object": "list", "data": [openai.model(name) for name in openai.MODELS]})

    @app.get(
        "/v1/models/{model}",
        operation_id="read_model",
        summary="โมเดลหนึ่ง",
        responses=problems("model_not_found") | {200: {"model": Model}},
    )
    def model(model: str) -> Response:
        if model not in openai.MODELS:
            return problem(404, "model_not_found", f"ไม่มีโมเดล {model!r} ที่มีคือ {' และ '.join(openai.MODELS)}", param="model")
        return JSONResponse(openai.model(model))


def _asking(body: ChatBody, stopped: Stopped) -> conversation.Asking | None:
    """What is asked of the archive; None where a chat program asks for what a language model does on the side.

    Raises:
        QuestionEmpty, QuestionTooLong: see `understand`.
    """
    if body.is_task():
        return None
    wanted = wire.to_filter(body.filter.model_dump())
    understand(body.question(), body.history(), wanted)
    return conversation.Asking(question=body.question(), history=body.history(), wanted=wanted, stopped=stopped)


def _no_question(body: ChatBody) -> conversation.Told:
    """A refusal without a search, where nothing is asked of the archive."""
    query = Query(asked=body.question(), text=body.question(), language="th")
    return conversation.Told(reply=Refusal(query=query, reason="no_question"))
