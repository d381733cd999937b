"""Server-sent events from work that a thread does: comments while nothing comes, and an end as soon as nobody reads."""

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import AsyncIterator, Callable, Iterator

from assistant.pace import Stopped

KEEP_ALIVE_S = 12.0
"""After so many seconds without an event a comment is sent, so that no proxy takes the stream for dead."""
COMMENT = ": keep-alive\n\n"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Of a response whose parts are to arrive as they are made."""
ANSWER = "answer"
"""The event that has the whole of a reply."""
_END = object()


def event(name: str, data: str) -> str:
    """A server-sent event; `data` is JSON on one line."""
    return f"event: {name}\ndata: {data}\n\n"


async def events(work: Callable[[Stopped], Iterator[str]], keep_alive_s: float = KEEP_ALIVE_S) -> AsyncIterator[str]:
    """The events that `work` yields in a thread of its own, and comments between them where they are long in coming.

    When nobody reads any more, what `work` was given says so, and its iterator is closed at its next piece. What it makes waits
    until it is read: it must be bounded.
    """
    loop, came, over = asyncio.get_running_loop(), asyncio.Queue[object](), threading.Event()

    def bring(piece: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(came.put_nowait, piece)

    def run() -> None:
        last: object = _END
        try:
            with contextlib.closing(work(over.is_set)) as pieces:  # type: ignore[type-var]
                for piece in pieces:
                    if over.is_set():
                        break
                    bring(piece)
        except Exception as error:  # noqa: BLE001  it is raised where it is read
            last = error
        finally:
            bring(last)

    threading.Thread(target=contextvars.copy_context().run, args=(run,), name="stream", daemon=True).start()
    try:
        while True:
            try:
                piece = await asyncio.wait_for(came.get(), keep_alive_s)
            except TimeoutError:
                yield COMMENT
                continue
            if piece is _END:
                return
            if isinstance(piece, Exception):
                raise piece
            yield str(piece)
    finally:
        over.set()
