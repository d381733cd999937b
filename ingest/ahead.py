"""Reading ahead in another process: on a second processor core documents are read and cut while the archive takes in others.

The other process is this program's own interpreter at the end of two pipes, and ends when they close, however that comes
about; multiprocessing's would run the caller's main module once more, and outlive a caller that is killed.
"""

import fcntl
import pickle
import signal
import struct
import subprocess
import sys
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import islice
from types import TracebackType
from typing import IO, Any, BinaryIO, Generic, TypeVar

Found = TypeVar("Found")
Task = Callable[[], Found]

AT_ONCE, BYTES_AT_ONCE = 16, 1_000_000
"""Tasks handed over together: so many, or fewer that hold so many bytes."""
_AHEAD = 4
"""Such handfuls on their way at once: enough that neither process waits for the other."""
_ALONE = 64
"""The first tasks are done here: the other process takes half a second to begin."""

_HEAD = struct.Struct("<QI")
"""Before each message: its length in bytes and its checksum. What was garbled on the way must never reach the archive."""
_MOST = 1 << 31
"""Bytes of a message at most; no handful comes near it."""

_PROGRAM = "import sys; sys.path[:] = {path!r}; from ingest.ahead import serve; serve(sys.stdin.buffer, sys.stdout.buffer)"


def done(tasks: Iterable[Task[Found]]) -> Generator[Found, None, None]:
    """What each task returns, in order; from the 65th on, another process does them. Tasks and results must be picklable.

    A task that ends the other process is done once more here, and so are those after it.
    """
    waiting = iter(tasks)
    for task in islice(waiting, _ALONE):
        yield task()
    if first := _handful(waiting):
        other: _Other[Found]
        with _Other() as other:
            yield from _ahead(other, first, waiting)


def _ahead(other: "_Other[Found]", first: list[Task[Found]], waiting: Iterator[Task[Found]]) -> Iterator[Found]:
    asked: deque[Future[list[Found]]] = deque([other.ask(first)])
    more = True
    while asked:
        while more and len(asked) < _AHEAD:
            some = _handful(waiting)
            more = bool(some)
            if some:
                asked.append(other.ask(some))
        yield from asked.popleft().result()


def _handful(waiting: Iterator[Task[Found]]) -> list[Task[Found]]:
    some: list[Task[Found]] = []
    size = 0
    for task in waiting:
        some.append(task)
        size += sum(len(value) for value in getattr(task, "args", ()) if isinstance(value, bytes))
        if len(some) == AT_ONCE or size >= BYTES_AT_ONCE:
            break
    return some


class _Other(Generic[Found]):
    """The other process. One thread asks it and one listens, so that it always knows what to do next."""

    def __init__(self) -> None:
        program = _PROGRAM.format(path=sys.path)
        self._process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._lost = False
        self._asking, self._listening = ThreadPoolExecutor(1, "ask"), ThreadPoolExecutor(1, "listen")
        for pipe in (self._process.stdin, self._process.stdout):
            _widen(pipe)

    def __enter__(self) -> "_Other[Found]":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        for thread in (self._asking, self._listening):
            thread.shutdown(cancel_futures=True)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()

    def ask(self, tasks: list[Task[Found]]) -> Future[list[Found]]:
        self._asking.submit(self._ask, tasks)
        return self._listening.submit(self._answer, tasks)

    def _ask(self, tasks: list[Task[Found]]) -> None:
        assert self._process.stdin
        with suppress(OSError):  # it is gone, as the listener will find
            _send(tasks, self._process.stdin)

    def _answer(self, tasks: list[Task[Found]]) -> list[Found]:
        assert self._process.stdout
        if not self._lost:
            try:
                found: list[Found] = _received(self._process.stdout)
                return found
            except (OSError, EOFError):  # it is gone, or makes no sense: what else it has said is no longer listened to
                self._lost = True
                self._process.kill()
        return [task() for task in tasks]


def _widen(pipe: IO[bytes] | None) -> None:
    """A pipe holds 64 kB unless told otherwise: a handful would cross it in twenty pieces, each waiting for a busy thread."""
    if pipe and (set_size := getattr(fcntl, "F_SETPIPE_SZ", None)):
        with suppress(OSError):  # of all users together only so much is granted
            fcntl.fcntl(pipe, set_size, 1 << 20)


def _send(message: object, pipe: IO[bytes]) -> None:
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    pipe.write(_HEAD.pack(len(data), zlib.crc32(data)))
    pipe.write(data)
    pipe.flush()


def _received(pipe: IO[bytes]) -> Any:
    """The next message. Raises EOFError where there is none, or not the one that was sent."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError("no more messages")
    size, checksum = _HEAD.unpack(head)
    data = pipe.read(size) if size <= _MOST else b""
    if len(data) < size or zlib.crc32(data) != checksum:
        raise EOFError("a garbled message")
    return pickle.loads(data)


def serve(tasks: BinaryIO, found: BinaryIO) -> None:
    """The other process: does handfuls of tasks until there are no more. Stopping by keyboard is the first one's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, BrokenPipeError), closing(found):
        while True:
            _send([task() for task in _received(tasks)], found)
