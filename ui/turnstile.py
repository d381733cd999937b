"""So many answers are made at once; some wait for their turn, and the others are told at once to come back."""

import asyncio
import re
import threading

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.pace import Stopped, never
from ui.asgi import path_of
from ui.problems import problem
from ui.settings import Settings

_PATHS = re.compile("/v1/(?:answers|search|chat/completions)")
"""What makes the processor work."""
_LONGEST_S = 30.0
"""For how long somebody waits for their turn."""
_SLOW_S = 10.0
"""Whoever takes longer than this to read what they are sent no longer keeps others waiting."""
_AGAIN_S = 5
"""When somebody is told to come back, in seconds."""


def gone_of(request: HTTPConnection) -> Stopped:
    """Tells, in whatever thread, whether whoever sent `request` has gone: what is made for them may be left then."""
    told: Stopped = getattr(request.state, "gone", never)
    return told


class Turnstile:
    """ASGI middleware that lets so many questions through at a time. Whoever goes away loses their turn."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Stands before `app`."""
        self._app = app
        self._most, self._waiting = settings.answers_waiting, 0
        self._turns = asyncio.Semaphore(settings.answers_at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on when it is their turn, or turns away."""
        path = path_of(scope) if scope["type"] == "http" else ""
        if not _PATHS.fullmatch(path) or scope["method"] != "POST":
            return await self._app(scope, receive, send)
        body = await receive()  # whole, see ui/intake.py: what comes next is that they have gone
        if not await self._has_turn(receive):
            busy = problem(503, "busy", f"มีผู้ถามพร้อมกันมาก โปรดรอ {_AGAIN_S} วินาทีแล้วถามใหม่")
            busy.headers["Retry-After"] = str(_AGAIN_S)
            return await busy(scope, receive, send)
        turn, leaving = _Turn(self._turns), _Leaving()
        scope.setdefault("state", {})["gone"] = leaving.seen.is_set
        watching = asyncio.ensure_future(leaving.watch(receive))
        try:
            await self._app(scope, leaving.after(body), turn.kept_while_read(send))
        finally:
            watching.cancel()
            turn.end()

    async def _has_turn(self, receive: Receive) -> bool:
        """Waits; False where too many do already, it takes too long, or nobody waits any more."""
        if not self._turns.locked():
            return await self._turns.acquire()
        if self._waiting >= self._most:
            return False
        self._waiting += 1
        turn, gone = asyncio.ensure_future(self._turns.acquire()), asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait({turn, gone}, timeout=_LONGEST_S, return_when=asyncio.FIRST_COMPLETED)
            if turn.done() and not gone.done():
                return True
            if turn.done():
                self._turns.release()
            return False
        finally:
            self._waiting -= 1
            for one in (turn, gone):
                one.cancel()


class _Turn:
    """A turn, which ends once."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self._turns = turns
        self._ended = False

    def end(self) -> None:
        if not self._ended:
            self._ended = True
            self._turns.release()

    def kept_while_read(self, send: Send) -> Send:
        async def sent(message: Message) -> None:
            late = asyncio.get_running_loop().call_later(_SLOW_S, self.end)
            try:
                await send(message)
            finally:
                late.cancel()

        return sent


class _Leaving:
    """Whether whoever asked has gone: for those who make the answer in threads, and for the app, which may wait for it."""

    def __init__(self) -> None:
        self.seen = threading.Event()
        self._told = asyncio.Event()

    async def watch(self, receive: Receive) -> None:
        await _gone(receive)
        self.seen.set()
        self._told.set()

    def after(self, body: Message) -> Receive:
        waiting = [body]

        async def received() -> Message:
            if waiting:
                return waiting.pop()
            await self._told.wait()
            return {"type": "http.disconnect"}

        return received


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
