"""So many change the archive at once, files on their way included; the others are told at once to come back.

Each of them has a thread while it works, and there are forty for all: those who ask must find one.
"""

import re

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.asgi import path_of
from ui.guard import READS
from ui.pages import shell
from ui.problems import problem

_PATHS = re.compile("/(?:v1/)?documents(?:/.*)?")
MOST = 24
"""How many change the archive at once."""
_AGAIN_S = 5


class Doorway:
    """ASGI middleware that counts those who change the archive, from their first byte to the end of what they are told."""

    def __init__(self, app: ASGIApp) -> None:
        """Stands before `app`."""
        self._app = app
        self._within = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, or turns away."""
        if scope["type"] != "http" or scope["method"] in READS or not _PATHS.fullmatch(path_of(scope)):
            return await self._app(scope, receive, send)
        if self._within >= MOST:
            return await _busy(scope)(scope, receive, send)
        self._within += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._within -= 1


def _busy(scope: Scope) -> Response:
    told = f"มีผู้ส่งหรือลบเอกสารพร้อมกันมาก โปรดรอ {_AGAIN_S} วินาทีแล้วทำใหม่"
    connection = HTTPConnection(scope)
    if "text/html" in connection.headers.get("accept", "") and not path_of(scope).startswith("/v1/"):
        response: Response = shell.refusal(connection, "documents", told, 503)
    else:
        response = problem(503, "busy", told)
    response.headers.update({"Retry-After": str(_AGAIN_S), "Connection": "close"})  # the rest of a file is not read
    return response
