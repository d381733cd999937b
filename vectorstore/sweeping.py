"""Indexes made anew in the background: because somebody wants it, or after something was erased.

Theirs keep the bytes of what is deleted in their files.
"""

import threading
from collections.abc import Callable

from vectorstore.engine import Engine
from vectorstore.errors import StoreError


class _Stopped(Exception):
    """The archive is closed before the indexes stand; the next process begins again."""


class Sweeping:
    """Makes the indexes of one archive anew, one time after another where more is erased meanwhile."""

    def __init__(self, indexes: Engine) -> None:
        """Nothing is done until `begin`."""
        self._indexes = indexes
        self._turn = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self.done: int | None = None
        """Passages that the indexes which are being made have so far; None where none are made."""

    def begin(self, *, anew: bool = False) -> None:
        """Begins in a thread of its own, unless one is at it: that will see to the rest too.

        `anew` even if nothing was erased.
        """
        with self._turn:
            if not self._thread or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, args=(anew,), name="sweeping", daemon=True)
                self.done = 0
                self._thread.start()

    def wait(self) -> None:
        """Returns when all is done, or could not be."""
        if self._thread:
            self._thread.join()

    def stop(self) -> None:
        """Ends soon, done or not."""
        self._stopped.set()
        self.wait()

    def _run(self, anew: bool) -> None:
        try:
            self._told(lambda: self._build(anew))
        except _Stopped:
            return
        finally:
            self.done = None  # who adds from here on waits for the next line; what came before it is carried out there
        self._told(self._indexes.settle)

    def _build(self, anew: bool) -> None:
        before, unswept = None, self._indexes.unswept()
        while anew or (unswept and unswept != before):  # unless a folder cannot be deleted
            self._indexes.build(self._go_on)
            before, anew, unswept = unswept, False, self._indexes.unswept()

    def _told(self, act: Callable[[], None]) -> None:
        try:
            act()
        except (StoreError, OSError, ValueError) as error:
            self._indexes.problem = str(error)

    def _go_on(self, done: int) -> None:
        self.done = done
        if self._stopped.is_set():
            raise _Stopped
