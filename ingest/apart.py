"""Reading apart: in a process within limits, which is replaced when it is lost, and when it has read many files."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from ingest.child import Child, Lost
from ingest.errors import ReaderUnavailable, TooLarge, UnreadableDocument
from ingest.outcome import Failure, Outcome, failed
from ingest.task import LIMITS, Limits, Task

MANY = 200
"""After so many files that a library parsed, the process is replaced: what they left in its memory goes with it."""


class Reader:
    """Reads in another process, started when first asked; `folder` is for files on their way there, and is removed with it."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="thamkhlang-"))
        self._limits = limits
        self._child: Child | None = None
        self._parsed = 0

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process and removes what it had on disk."""
        self.renew()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def is_worn(self) -> bool:
        """Whether the process should be replaced before it is asked for more."""
        return self._parsed >= MANY

    def renew(self) -> None:
        """Ends the process; the next question starts another."""
        if self._child:
            self._child.close()
        self._child, self._parsed = None, 0

    def read(self, task: Task) -> Outcome:
        """What became of one source."""
        if self.is_worn:
            self.renew()
        return self.settled([task], self.ask([task]))[0]

    def ask(self, tasks: list[Task]) -> Future[list[Outcome]]:
        """Hands tasks over; what becomes of them is for `settled`."""
        if self._child is None:
            self._child = Child(self.folder, self._limits)
        self._parsed += sum(not task.plain for task in tasks)
        return self._child.ask(tasks)

    def settled(self, tasks: list[Task], asked: Future[list[Outcome]]) -> list[Outcome]:
        """What became of the tasks that were asked for, in order.

        Where the process was lost over several, each is read once more, alone: so the one that ends it is found, and the
        others are not lost. Nobody may be waiting for what was asked after them: that is to be asked again.
        """
        try:
            outcomes = asked.result()
            if any(isinstance(outcome, Failure) and outcome.code == TooLarge.code for outcome in outcomes):
                self._parsed = MANY  # it may have no memory left to go on with
            return outcomes
        except Lost as lost:
            self.renew()
            if len(tasks) > 1:
                return [self._alone(task) for task in tasks]
            once_more = lost.error in (UnreadableDocument, ReaderUnavailable)
            return [self._alone(tasks[0]) if once_more else failed(lost.error(tasks[0].source))]

    def _alone(self, task: Task) -> Outcome:
        try:
            return self.ask([task]).result()[0]
        except Lost as lost:
            self.renew()
            return failed(lost.error(task.source))


class Readers:
    """At most so many readers at once for the threads of a server; one is kept for the next file."""

    def __init__(self, most: int = 2, limits: Limits = LIMITS) -> None:
        self._free = threading.Semaphore(most)
        self._changing = threading.Lock()
        self._kept: Reader | None = None
        self._limits = limits

    @contextmanager
    def one(self) -> Iterator[Reader]:
        """A reader of one's own; the calling thread waits until one is free."""
        with self._free:
            with self._changing:
                reader, self._kept = self._kept, None
            reader = reader or Reader(self._limits)
            try:
                yield reader
            finally:
                with self._changing:
                    reader, self._kept = (None, reader) if self._kept is None else (reader, self._kept)
                if reader:
                    reader.close()

    def close(self) -> None:
        """Ends the one that is kept."""
        with self._changing:
            reader, self._kept = self._kept, None
        if reader:
            reader.close()
