"""Chat completions as OpenAI's clients ask for them, so that any chat program may ask the archive."""

from collections.abc import Iterator

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from assistant.question import understand
from assistant.types import Answer, Query, Refusal
from ui import conversation, openai, streams, wire
from ui.chatbody import ChatBody
from ui.chatschema import EVENTS, ChatCompletion, Model, Models
from ui.codes import ASKING
from ui.completion import Completion
from ui.compose import House
from ui.problems import problem
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
        completion, pieces = Completion(model=body.model, links=links, read=read), _pieces(body, house)
        if body.stream:
            events = streams.events(lambda _: completion.events(pieces, usage=body.includes_usage()))
            return StreamingResponse(events, media_type="text/event-stream", headers=streams.HEADERS)
        *_, said = pieces
        assert not isinstance(said, str)
        return JSONResponse(completion.whole(said))

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


def _pieces(body: ChatBody, house: House) -> Iterator[str | Answer | Refusal]:
    """The pieces of the answer, then the whole; what a chat program asks a language model for is refused without a search.

    Raises:
        QuestionEmpty, QuestionTooLong: at once.
    """
    question = body.question()
    if body.is_task():
        return iter([Refusal(query=Query(asked=question, text=question, language="th"), reason="no_question")])
    wanted = wire.to_filter(body.filter.model_dump())
    asking = conversation.Asking(question=question, history=body.history(), wanted=wanted)
    understand(asking.question, asking.history, asking.wanted)
    return conversation.stream(house, asking)
