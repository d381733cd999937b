"""A stream that ends in time: whatever its source does, nobody waits for it beyond the deadline."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue

from assistant.errors import ModelUnavailable

_END = object()


def paced(source: Callable[[], Iterator[str]], deadline: float, most: int) -> Iterator[str]:
    """The pieces of `source` as they come, until `deadline` (of `time.monotonic`) and `most` characters.

    A thread reads, because a read that waits cannot be interrupted; it is left to itself when time is over, stops at the next
    piece and closes the source. At most `most` characters are waiting, so a fast source fills no memory.

    Raises:
        ModelUnavailable: "timeout", "too_long", or what the source raised.
    """
    came: SimpleQueue[object] = SimpleQueue()
    over = threading.Event()
    threading.Thread(target=_read, args=(source, came, over, most), name="model", daemon=True).start()
    try:
        while True:
            try:
                piece = came.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                raise _late() from None
            if isinstance(piece, BaseException):
                raise piece
            if piece is _END:
                return
            if time.monotonic() > deadline:
                raise _late()
            yield str(piece)
    finally:
        over.set()


def _late() -> ModelUnavailable:
    return ModelUnavailable("โมเดลตอบไม่ทันเวลาที่ตั้งไว้ (THAMKHLANG_MODEL_TIMEOUT_S)", "timeout")


def _read(source: Callable[[], Iterator[str]], came: SimpleQueue[object], over: threading.Event, most: int) -> None:
    left = most
    pieces = source()
    try:
        for piece in pieces:
            if over.is_set():
                return
            came.put(piece[:left])
            left -= len(piece)
            if left <= 0:
                raise ModelUnavailable(f"โมเดลตอบยาวเกิน {most:,} ตัวอักษร", "too_long")
    except ModelUnavailable as error:
        came.put(error)
    finally:
        came.put(sys.exception() or _END)
        close = getattr(pieces, "close", None)
        if close:
            close()
