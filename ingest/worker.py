"""The process that reads what others have made: within limits, and gone as soon as the one that started it is."""

import os
import pickle
import resource
import shutil
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

from ingest import frames, pulse
from ingest.errors import IngestError, TooLarge, UnreadableDocument
from ingest.outcome import Outcome, failed, packed, worded
from ingest.task import Limits, Task

HELLO = b"ready"
"""The first message: from here on what is asked is read."""
BEAT = b""
"""A message that says that the work goes on."""
_ending = threading.Lock()


def serve(folder: str, limits: Limits) -> None:
    """Reads handfuls of tasks, pickled by the one that started this process, and answers each with its outcomes as JSON.

    `folder` is for temporary files; it is removed when the other end of the pipe closes, and so is this process group.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # stopping by keyboard is the first one's business
    answers = _answers()
    _limit(limits)
    asked: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, asked, folder), daemon=True).start()

    def beat() -> None:
        _limit_processor(limits)
        frames.send(BEAT, answers)

    pulse.on_beat(beat)
    with suppress(OSError):  # nobody listens any more
        frames.send(HELLO, answers)
        while True:
            _answer(asked.get(), answers, limits)
    _end(folder)


def _answer(asked: bytes, answers: BinaryIO, limits: Limits) -> None:
    tasks: list[Task] = pickle.loads(asked)
    outcomes = [_done(task, limits) for task in tasks]
    with suppress(MemoryError):  # then they are cut by the one that asked
        outcomes = worded(outcomes)
    frames.send(_told(outcomes, tasks), answers)


def _answers() -> BinaryIO:
    """The pipe for answers, kept from libraries that print."""
    kept = os.fdopen(os.dup(1), "wb")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.close(silent)
    return kept


def _listen(pipe: BinaryIO, asked: "SimpleQueue[bytes]", folder: str) -> None:
    with suppress(EOFError, OSError):
        while True:
            asked.put(frames.received(pipe))
    _end(folder)


def _end(folder: str) -> None:
    """Either thread may be the first to find that the other end is gone; the second one waits to be ended."""
    _ending.acquire()
    shutil.rmtree(folder, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def _limit(limits: Limits) -> None:
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, limits.file_bytes)
    _lower(resource.RLIMIT_AS, limits.memory_bytes)


def _lower(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):  # not every system knows every limit
        resource.setrlimit(what, (least, least))


def _limit_processor(limits: Limits) -> None:
    """The limit is on all that a process has used, so each task moves it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + limits.seconds) + 1, hard))


def _done(task: Task, limits: Limits) -> Outcome:
    """What became of a task. Whatever a parser raises is a failure of its file alone."""
    _limit_processor(limits)
    try:
        return task.run()
    except (MemoryError, RecursionError):
        return failed(TooLarge(task.source, "ใช้หน่วยความจำมากเกินไป"))
    except Exception as error:  # noqa: BLE001 - this process is there for what nobody foresaw
        return failed(UnreadableDocument(task.source, type(error).__name__))


def _told(outcomes: list[Outcome], tasks: list[Task]) -> bytes:
    """The outcomes as a message. Where that cannot be, tasks that came together are asked for again, each alone."""
    error: IngestError = TooLarge(tasks[0].source)
    with suppress(MemoryError):
        try:
            data = packed(outcomes)
            if len(data) <= frames.MOST:
                return data
        except ValueError:
            error = UnreadableDocument(tasks[0].source)
    if len(tasks) > 1:
        sys.exit(1)
    return packed([failed(error)])


def program(folder: Path, limits: Limits) -> list[str]:
    """The command that starts such a process."""
    code = (
        f"import sys; sys.path[:] = {sys.path!r}; from ingest.task import Limits; from ingest.worker import serve; "
        f"serve({str(folder)!r}, {limits!r})"
    )
    return [sys.executable, "-X", "utf8", "-c", code]
