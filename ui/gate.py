"""What is let through to Gradio: the paths that the chat page needs, of a size that it sends, and each person to their own.

Gradio keeps what a conversation has shown, and what waits to be sent, under a word that the browser makes up and that stands in
addresses. Whoever learned it would be given the other's answers. Here it is made another word for every person, so that no two
ever mean the same session.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.asgi import first, path_of, whole
from ui.pages import shell
from ui.people import Person, person_of
from ui.words import BOOK

_KEPT = re.compile(
    "/|/config|/theme.css|/favicon.ico|/robots.txt|/manifest.json|/(?:assets|static|svelte)/.*"
    "|/gradio_api/(?:queue/join|queue/data|run/predict|cancel|reset|startup-events|theme.css|heartbeat/[a-z0-9]+)"
)
"""The paths that the page needs of Gradio. Its others (uploads, files of this machine, recordings) are not served."""
_HEART, _RESET = "/gradio_api/heartbeat/", "/gradio_api/reset"
_CALLS = ("/gradio_api/queue/join", "/gradio_api/run/predict")
_ENDS = ("/gradio_api/cancel", _RESET)
_NAME = "session_hash"
_MOST_BODY = 100_000
"""Largest body that the page sends, in bytes: a question."""


class Gate:
    """ASGI middleware around Gradio's app, which comes after `ui.access` has found who asks."""

    def __init__(self, app: ASGIApp, inputs: Mapping[int, int]) -> None:
        """Guards `app`, whose functions, by number, have so many `inputs`."""
        self._app = app
        self._inputs = inputs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, or passes on with the session of who asks."""
        if scope["type"] == "websocket":  # the page opens none
            return await send({"type": "websocket.close", "code": 1008})
        asked = Request(scope, receive)
        path = path_of(scope)
        if not _KEPT.fullmatch(path):
            return await _nowhere(asked)(scope, receive, send)
        length = asked.headers.get("content-length", "0")
        if "transfer-encoding" in asked.headers or not length.isdigit() or int(length) > _MOST_BODY:
            return await Response(status_code=413)(scope, receive, send)
        try:
            body = await asked.body()
            body = json.dumps(self._checked(path, body, person_of(asked))).encode() if body else body
        except (ValueError, RecursionError):
            return await Response(status_code=400)(scope, receive, send)
        except ClientDisconnect:
            return None
        await self._app(_named(scope, person_of(asked), len(body)), first(whole(body), receive), send)

    def _checked(self, path: str, body: bytes, person: Person) -> dict[str, Any]:
        """What a body says, in a session of `person`. Gradio takes what it cannot do anything with for a fault of its own.

        Raises:
            ValueError, RecursionError: it is nothing that the page sends.
        """
        told = json.loads(body)
        if not isinstance(told, dict) or not isinstance(told.get(_NAME, "" if path == _RESET else None), str):
            raise ValueError("not an object with a session")
        if path in _CALLS:
            function, data = told.get("fn_index"), told.get("data")
            if not isinstance(function, int) or not isinstance(data, list) or len(data) != self._inputs.get(function):
                raise ValueError("no function of the page, or not what it takes")
        if path in _ENDS and told.get("event_id") is None:  # stopped before the browser was told how its event is called
            told["event_id"] = ""
        return told | {_NAME: session(person, told[_NAME])} if _NAME in told else told


def session(person: Person, word: str) -> str:
    """The session of `person` that their browser calls `word`; another one where they may see other documents than before."""
    groups = None if person.groups is None else sorted(person.groups)
    return hashlib.sha256(json.dumps([person.name, person.role, groups, word]).encode()).hexdigest()


def _named(scope: Scope, person: Person, length: int) -> Scope:
    """The request whose path and query name a session of theirs, with a body of so many bytes."""
    query = [
        (name, session(person, value) if name == _NAME else value)
        for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    ]
    headers = [(name, str(length).encode() if name == b"content-length" else value) for name, value in scope["headers"]]
    own: dict[str, Any] = {"query_string": urlencode(query).encode(), "headers": headers}
    before, heart, word = scope["path"].partition(_HEART)
    if heart:
        own["path"] = f"{before}{heart}{session(person, word)}"
        own["raw_path"] = own["path"].encode()
    return {**scope, **own}


def _nowhere(asked: HTTPConnection) -> Response:
    """What somebody is told who opens a page that there is none of; nothing is told to what asks for no page."""
    if "text/html" not in asked.headers.get("accept", ""):
        return Response(status_code=404)
    words = BOOK["asking"]
    told = {"heading": words["nowhere"], "lines": [words["nowhere_why"]], "way": "./", "back": words["nowhere_way"]}
    return shell.show(asked, "told.html", "ask", 404, **told)
