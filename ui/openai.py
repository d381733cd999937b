"""What OpenAI's clients expect beside the words of an answer: the names of models, and errors in their shape."""

import json
import re
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.asgi import path_of

MODELS = ("thamkhlang", "thamkhlang-sources")
"""The second adds the sources to the answer as text, for clients that drop every field that they do not know."""
SOURCES = "\n\nที่มา\n"
"""What stands between an answer and the sources that are added to it."""
NOTICE = "\n\nสถานะดัชนี: "
"""What stands between all that and how the archive was searched, where that was not as usual."""
_PATHS = re.compile("/v1/(?:chat/completions|models(?:/.*)?)", re.DOTALL)
_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_SINCE = 1_795_219_200
"""When the models are said to be made: 2026-11-21, the first version's day."""


def shapes(path: str) -> bool:
    """Whether OpenAI's clients ask on this path."""
    return bool(_PATHS.fullmatch(path))


def model(name: str) -> dict[str, Any]:
    """A model of `MODELS` as a list of models names it."""
    return {"id": name, "object": "model", "created": _SINCE, "owned_by": "thamkhlang"}


def error(problem: dict[str, Any]) -> dict[str, Any]:
    """A problem as the API tells it elsewhere, in OpenAI's shape; `param` is the field that is wrong, where one is."""
    status, faults = problem["status"], problem.get("errors") or []
    told = "; ".join(f"{fault['field']}: {fault['message']}" for fault in faults[:5])
    return {
        "error": {
            "message": ": ".join(filter(None, [problem["detail"], told])),
            "type": _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error"),
            "param": problem.get("param") or (faults[0]["field"] if faults else None),
            "code": problem["code"],
            "request_id": problem.get("request_id"),
        }
    }


def shaped(path: str, problem: Response) -> Response:
    """A problem as it is told on `path`: in OpenAI's shape where OpenAI's clients ask, where a wrong request is always 400."""
    if not shapes(path):
        return problem
    status = 400 if problem.status_code == 422 else problem.status_code
    kept = {name: value for name, value in problem.headers.items() if name not in ("content-type", "content-length")}
    return JSONResponse(error(json.loads(bytes(problem.body))), status, kept)


class Shape:
    """ASGI middleware that tells whatever goes wrong on these paths in OpenAI's shape, also what other middleware refuses."""

    def __init__(self, app: ASGIApp) -> None:
        """Around `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, and tells problems anew."""
        if scope["type"] != "http" or not shapes(path := path_of(scope)):
            return await self._app(scope, receive, send)
        held = Response()
        held.body = b""
        is_problem = False

        async def sent(message: Message) -> None:
            nonlocal is_problem
            if message["type"] == "http.response.start":
                kinds = [value for name, value in message["headers"] if name.lower() == b"content-type"]
                is_problem = kinds == [b"application/problem+json"]
                held.status_code, held.raw_headers = message["status"], list(message["headers"])
            if not is_problem:
                return await send(message)
            if message["type"] == "http.response.body":
                held.body += message.get("body", b"")
                if not message.get("more_body"):
                    await shaped(path, held)(scope, receive, send)

        await self._app(scope, receive, sent)
