"""Indexes made anew in the background: because somebody wants it, or after something was erased; and made to follow at last.

Theirs keep the bytes of what is deleted in their files. What cannot be done now, as on a full disk, is tried again until it is.
"""

import threading
from collections.abc import Callable

from vectorstore.engine import Engine

_PAUSE_S, _LONGEST_S = 1.0, 60.0
"""Until what has failed is tried again, in seconds: twice as long each time, up to the second."""


class _Stopped(Exception):
    """The archive is closed before the indexes stand; the next process begins again."""


class Sweeping:
    """Makes the indexes of one archive anew, one time after another where more is erased meanwhile."""

    def __init__(self, indexes: Engine, truncate_log: Callable[[], None]) -> None:
        """Nothing is done until `begin`. After something was erased, `truncate_log` empties the record's log."""
        self._indexes = indexes
        self._truncate_log = truncate_log
        self._turn = threading.Lock()
        self._stopped, self._tried = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._wanted = self._anew = False
        self.done: int | None = None
        """Passages that the indexes which are being made have so far; None where none are made."""

    def begin(self, *, anew: bool = False) -> None:
        """Begins in a thread of its own, unless one is at it: that will see to the rest too.

        `anew` even if nothing was erased.
        """
        with self._turn:
            self._wanted, self._anew = True, self._anew or (anew and self.done is None)
            self._tried.clear()
            if not self._thread:
                self._thread = threading.Thread(target=self._run, name="sweeping", daemon=True)
                self.done = 0
                self._thread.start()

    def wait(self) -> None:
        """Returns when all is done, or could not be for now."""
        if self._thread:
            self._tried.wait()

    def stop(self) -> None:
        """Ends soon, done or not."""
        self._stopped.set()
        if thread := self._thread:
            thread.join()

    def _run(self) -> None:
        pause = _PAUSE_S
        while self._is_wanted():
            try:
                self._build()
                self._indexes.settle()
            except _Stopped:
                self._tried.set()
                break
            except Exception as error:  # noqa: BLE001 - whatever it is, who waits is not to wait for ever
                self._indexes.problem = str(error)
                self._wanted = True
                self._tried.set()
                self._stopped.wait(pause)
                pause = min(2 * pause, _LONGEST_S)
            else:
                pause = _PAUSE_S
                if self._indexes.standing() == "ready":
                    self._indexes.problem = None

    def _is_wanted(self) -> bool:
        """Whether there is anything to do; if not, the next `begin` has another thread."""
        with self._turn:
            if self._wanted and not self._stopped.is_set():
                self._wanted = False
                return True
            self._thread = None
            self._tried.set()
            return False

    def _build(self) -> None:
        before, unswept = None, self._indexes.unswept()
        try:
            if unswept:
                self._truncate_log()
            while self._anew or (unswept and unswept != before):  # unless a folder cannot be deleted
                self.done = 0
                anew, self._anew = self._anew, False
                try:
                    self._indexes.build(self._go_on)
                except BaseException:
                    self._anew = anew
                    raise
                before, unswept = unswept, self._indexes.unswept()
        finally:
            self.done = None  # who adds from here on waits for the next line; what came before it is carried out there

    def _go_on(self, done: int) -> None:
        self.done = done
        if self._stopped.is_set():
            raise _Stopped
