"""A running process that reads (`ingest.worker`), seen from the one that started it: asked through a pipe, killed when late."""

import fcntl
import os
import pickle
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import IO, BinaryIO, cast

from ingest import frames, worker
from ingest.errors import IngestError, ReaderUnavailable, TimedOut, TooLarge, UnreadableDocument
from ingest.outcome import Outcome, unpacked
from ingest.task import Limits, Task

_START_S = 60.0
"""A busy machine may need many seconds to start a process that needs half a second of its own."""
_SPARE_S = 2.0
"""The processor's time is up before the clock's is."""
_NO_MEMORY = {signal.SIGKILL, signal.SIGABRT, signal.SIGTRAP, signal.SIGILL}
"""How a process ends that gets no more memory: the system kills it, or a library gives up (PDFium by a trap)."""
_PATH = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"


class Lost(Exception):
    """The process is gone; `error` is the kind of error that this is for the one source it was reading."""

    def __init__(self, error: type[IngestError]) -> None:
        super().__init__(error.code)
        self.error = error


class Child:
    """The process. One thread asks it and one listens, so that it always knows what to do next."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """Starts it; its temporary files go below `folder`. It has none of this one's environment, where keys may be."""
        self._limits = limits
        self._work = folder / "work"
        self._work.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            worker.program(folder, limits),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(self._work),
            start_new_session=True,  # it and what it starts end together
        )
        self._asking, self._listening = ThreadPoolExecutor(1, "ask"), ThreadPoolExecutor(1, "listen")
        self._lost: type[IngestError] | None = None
        self._late = False
        for pipe in (self._process.stdin, self._process.stdout):
            _widen(pipe)
        self._ready = self._listening.submit(self._greet)

    def ask(self, tasks: list[Task]) -> Future[list[Outcome]]:
        """What becomes of the tasks, in order; its result raises Lost where the process ends instead."""
        self._asking.submit(self._ask, tasks)
        return self._listening.submit(self._answer, tasks)

    def close(self) -> None:
        """Ends it, whatever it is doing."""
        self._kill()
        for thread in (self._asking, self._listening):
            thread.shutdown(cancel_futures=True)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()
        shutil.rmtree(self._work, ignore_errors=True)

    def _kill(self) -> None:
        if self._process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _ask(self, tasks: list[Task]) -> None:
        with suppress(OSError, ValueError):  # it is gone, as the listener will find
            frames.send(pickle.dumps(tasks, pickle.HIGHEST_PROTOCOL), cast(BinaryIO, self._process.stdin))

    def _greet(self) -> None:
        with self._expected(_START_S), suppress(EOFError, OSError):
            if frames.received(cast(BinaryIO, self._process.stdout)) == worker.HELLO:
                return
        self._lost = ReaderUnavailable

    def _answer(self, tasks: list[Task]) -> list[Outcome]:
        if self._lost is None:
            try:
                outcomes = unpacked(self._message())
                if len(outcomes) == len(tasks):
                    return outcomes
            except (OSError, EOFError, ValueError):
                pass  # told below, with what ended it
            self._lost = self._why()
        raise Lost(self._lost)

    def _message(self) -> bytes:
        """The next answer; each beat before it gives it more time."""
        end = monotonic() + self._limits.most_seconds
        while True:
            with self._expected(min(self._limits.seconds + _SPARE_S, end - monotonic())):
                data = frames.received(cast(BinaryIO, self._process.stdout))
            if data != worker.BEAT:
                return data

    @contextmanager
    def _expected(self, seconds: float) -> Iterator[None]:
        """Ends the process where this takes longer."""
        timer = threading.Timer(max(seconds, 0.0), self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self._late = True
        self._kill()

    def _why(self) -> type[IngestError]:
        """What else it says is no longer listened to."""
        try:
            ended = -self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._kill()
            ended = 0
        if self._late or ended == signal.SIGXCPU:
            return TimedOut
        return TooLarge if ended in _NO_MEMORY else UnreadableDocument


def _environment(folder: Path) -> dict[str, str]:
    """One thread for each numeric library: their stacks and arenas count as memory."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_THREAD_LIMIT"), "1")
    return {"PATH": _PATH, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", **single}


def _widen(pipe: IO[bytes] | None) -> None:
    """A pipe holds 64 kB unless told otherwise: a handful would cross it in twenty pieces, each waiting for a busy thread."""
    if pipe and (set_size := getattr(fcntl, "F_SETPIPE_SZ", None)):
        with suppress(OSError):  # of all users together only so much is granted
            fcntl.fcntl(pipe, set_size, 1 << 20)
