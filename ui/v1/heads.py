"""HEAD of every path that can be read: what GET would answer, without the body."""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.asgi import path_of

_PATHS = re.compile("/(?:v1|documents)/.*|/(?:healthz|readyz|version|metrics)")
"""The API's own paths; the screens and the chat page tell heads of themselves."""


class Heads:
    """ASGI middleware that asks for a path as GET does, and sends the head alone."""

    def __init__(self, app: ASGIApp) -> None:
        """Around `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on."""
        path = path_of(scope) if scope["type"] == "http" else ""
        if not path or scope["method"] != "HEAD" or not _PATHS.fullmatch(path):
            return await self._app(scope, receive, send)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope["method"] = "GET"
        try:
            await self._app(scope, receive, sent)
        finally:
            scope["method"] = "HEAD"
