"""A stream that ends in time: whatever its source does, nobody waits beyond the deadline, nor once whoever asked has gone."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from assistant.errors import Abandoned, ModelUnavailable

_END = object()
_LOOKS_S = 0.5
"""How often it is looked whether anybody still waits, in seconds."""
GONE = "ผู้ถามออกไปก่อนได้คำตอบ"
Stopped = Callable[[], bool]
"""Whether whoever asked has gone."""


def never() -> bool:
    """They have not."""
    return False


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when somebody waits, of `time.monotonic`, if they have not `stopped` before."""

    at: float
    stopped: Stopped = never

    def left(self) -> float:
        """Seconds, 0 when time is over.

        Raises:
            Abandoned: nobody waits any more.
        """
        if self.stopped():
            raise Abandoned(GONE)
        return max(0.0, self.at - time.monotonic())


def paced(source: Callable[[], Iterator[str]], deadline: Deadline, most: int) -> Iterator[str]:
    """The pieces of `source` as they come, until `deadline` and `most` characters.

    A thread reads, because a read that waits cannot be interrupted; it is left to itself when time is over, stops at the next
    piece and closes the source. At most `most` characters are waiting, so a fast source fills no memory.

    Raises:
        ModelUnavailable: "timeout", "too_long", or what the source raised.
        Abandoned: nobody waits any more.
    """
    came: SimpleQueue[object] = SimpleQueue()
    over = threading.Event()
    threading.Thread(target=_read, args=(source, came, over, most), name="model", daemon=True).start()
    try:
        while True:
            left = deadline.left()
            try:
                piece = came.get(timeout=min(left, _LOOKS_S))
            except Empty:
                if left > _LOOKS_S:
                    continue
                raise _late() from None
            if isinstance(piece, BaseException):
                raise piece
            if piece is _END:
                return
            if not deadline.left():
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
