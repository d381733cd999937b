"""Bodies as they come in: whole and in time before anything is done with them, and JSON that can be read in one way only."""

import asyncio
import json
import re
import time
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.asgi import first, path_of, whole
from ui.guard import WEBHOOK
from ui.problems import problem

_PAUSE_S = 15.0
"""Longest time between two pieces of a body, in seconds."""
_LONGEST_S, _SLOWEST = 30.0, 10_000
"""For how long a body may come, in seconds, and on top of that a second for so many bytes of it."""
_JSON = re.compile("application/(?:[a-z0-9.+-]+[+])?json(?:;.*)?", re.IGNORECASE)
_LARGE = 50_000
"""Bytes of JSON that take so long to read that it is not done while all others wait."""


class _Late(Exception):
    """A body does not come."""


class Intake:
    """ASGI middleware that reads bodies: a small one before the app is asked, a file as the app takes it."""

    def __init__(self, app: ASGIApp) -> None:
        """Reads for `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reads and passes on, or tells what is wrong."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        length = int(headers.get("content-length") or 0)
        kind, path = headers.get("content-type", ""), path_of(scope)
        timed = _timed(receive, length)
        if kind.lower().startswith("multipart/") or path == WEBHOOK:  # which may tell no length, and counts
            return await self._while_it_comes(scope, timed, send)
        try:
            body = await _whole(timed)
        except _Late:
            return await _late()(scope, receive, send)
        if body is None:
            return None  # whoever sent it has gone
        if path.startswith("/v1/") and _JSON.fullmatch(kind):
            wrong = _fault(body) if len(body) < _LARGE else await run_in_threadpool(_fault, body)
            if wrong:
                return await wrong(scope, receive, send)
        await self._app(scope, first(whole(body), receive), send)

    async def _while_it_comes(self, scope: Scope, timed: Receive, send: Send) -> None:
        """The app reads; where the rest does not come it is told that the sender has gone, and the sender why."""
        late = False

        async def received() -> Message:
            nonlocal late
            try:
                return await timed()
            except _Late:
                late = True
                return {"type": "http.disconnect"}

        async def sent(message: Message) -> None:
            if not late:
                await send(message)

        await self._app(scope, received, sent)
        if late:
            await _late()(scope, received, send)


def _timed(receive: Receive, length: int) -> Receive:
    """The same, as long as the body comes in time."""
    until = time.monotonic() + _LONGEST_S + length / _SLOWEST
    done = False

    async def received() -> Message:
        nonlocal done
        if done:  # what comes now is that whoever asked has gone, at their time
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), min(_PAUSE_S, max(0.0, until - time.monotonic())))
        except TimeoutError:
            raise _Late from None
        done = not message.get("more_body", False)
        return message

    return received


async def _whole(receive: Receive) -> bytes | None:
    """The body; None where whoever sent it has gone before its end."""
    pieces = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)


def _late() -> Response:
    told = f"ข้อมูลที่ส่งมาช้าเกินไปหรือขาดช่วงเกิน {_PAUSE_S:.0f} วินาที ตรวจเครือข่ายแล้วส่งใหม่"
    response = problem(408, "too_slow", told)
    response.headers["Connection"] = "close"
    return response


def _fault(body: bytes) -> Response | None:
    """What is wrong with a body of JSON that two readers may read in two ways, or that no reader reads.

    What is no JSON at all is left to the route, which tells where it breaks.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return problem(400, "invalid_encoding", f"ข้อมูลต้องเป็น UTF-8 แต่ไบต์ที่ {error.start} ไม่ใช่ แปลงเป็น UTF-8 แล้วส่งใหม่")
    try:
        json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number)
    except RecursionError:
        return problem(400, "too_deep", "JSON ซ้อนกันลึกเกินไป ลดชั้นแล้วส่งใหม่")
    except _Unreadable as error:
        return problem(400, error.code, str(error))
    except ValueError:
        return None
    return None


class _Unreadable(Exception):
    """JSON that is read in several ways, or in none."""

    def __init__(self, code: str, told: str) -> None:
        super().__init__(told)
        self.code = code


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Unreadable("duplicate_field", f"ฟิลด์ {name[:100]!r} มีซ้ำในออบเจ็กต์เดียวกัน ส่งเพียงครั้งเดียว")
        found[name] = value
    return found


def _no_number(said: str) -> Any:
    raise _Unreadable("invalid_number", f"{said} ไม่ใช่ตัวเลขใน JSON ส่งตัวเลขหรือ null")
