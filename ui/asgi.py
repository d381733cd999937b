"""What the layers around the program have in common: the path that is asked for, and a request that was read, given again."""

import asyncio
import contextlib

from starlette.types import Message, Receive, Scope

_PAUSE_S = 2.0
"""After this without a piece of it a body is taken to have come, in seconds."""


def path_of(scope: Scope) -> str:
    """The path within the program, wherever that is mounted."""
    return str(scope["path"]).removeprefix(scope.get("root_path", ""))


def whole(body: bytes) -> Message:
    """A body in one piece, as a server brings it."""
    return {"type": "http.request", "body": body, "more_body": False}


def first(message: Message, receive: Receive) -> Receive:
    """`message`, then what `receive` brings."""
    waiting = [message]

    async def received() -> Message:
        return waiting.pop() if waiting else await receive()

    return received


async def drained(receive: Receive) -> None:
    """Reads what still comes of a body: a connection that is closed on somebody who sends does not bring them what is told."""
    with contextlib.suppress(TimeoutError):
        while (await asyncio.wait_for(receive(), _PAUSE_S)).get("more_body", False):
            pass
