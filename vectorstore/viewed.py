"""The record as those of some groups see it: a connection of its own, from which what is hidden from them is absent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from vectorstore import limits
from vectorstore.database import beside
from vectorstore.record import Record


class Viewed(Record):
    """What is read is read on a narrowed connection; what is written is written by the whole record."""

    def __init__(self, whole: Record, groups: frozenset[str]) -> None:
        """The view of `groups` on `whole`, which must stay open."""
        self._whole = whole
        self._lock = threading.RLock()
        self._with_fact, self._state = {}, -1
        self._apart = whole._apart
        self._hidden = -1, np.zeros(0, np.int64)
        self.path, self.groups, self.hides = whole.path, groups, whole.hides
        self._db = beside(whole.path)
        limits.narrow(self._db, groups)
        self._db.execute("PRAGMA query_only = ON")
        self._transaction = whole._transaction  # type: ignore[method-assign]
        self._furnish()
        self.usage = whole.usage

    @contextmanager
    def _steady(self) -> Iterator[None]:
        with self._lock:
            self._rows("BEGIN")
            try:
                yield
            finally:
                self._rows("COMMIT")

    def counts(self) -> tuple[int, int]:
        """(current documents, their passages), but for the hidden ones: as many rows are read as those are."""
        with self._steady():
            documents, passages = self._whole.counts()
            hidden = f"SELECT count(*) FROM main.passages WHERE document IN ({limits.HIDDEN})"
            return documents - len(self.hidden()), passages - int(self._rows(hidden)[0][0])

    def hidden(self) -> NDArray[np.int64]:
        """Keys of the current documents that are not to be seen, int64 (n,); remembered until anything is written."""
        with self._lock:
            state = int(self._rows("PRAGMA data_version")[0][0])
            if self._hidden[0] != state:
                self._hidden = state, np.array(self._rows(limits.HIDDEN), np.int64).reshape(-1)
            return self._hidden[1]
