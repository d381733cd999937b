"""The record as those of some groups see it: a connection of its own, from which what is hidden from them is absent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from vectorstore import limits
from vectorstore.connection import Connection
from vectorstore.database import beside, steady
from vectorstore.record import Record
from vectorstore.turns import Turns


class Viewed(Record):
    """What is read is read on a narrowed connection; what is written is written by the whole record."""

    def __init__(self, whole: Record, groups: frozenset[str]) -> None:
        """The view of `groups` on `whole`, which must stay open."""
        self._whole = whole
        self._lock = threading.RLock()
        self._with_fact, self._state = {}, ""
        self._apart = whole._apart
        self._hidden = "", np.zeros(0, np.int64)
        self.path, self.groups, self.hides = whole.path, groups, whole.hides
        self._db = beside(whole.path, lambda db: _narrowed(db, groups))
        self._transaction = whole._transaction  # type: ignore[method-assign]
        self._furnish()
        self.usage, self.turns = whole.usage, Turns(whole.path)

    @contextmanager
    def _steady(self) -> Iterator[None]:
        with self._lock, steady(self._db):
            yield

    def counts(self) -> tuple[int, int]:
        """(current documents, their passages), but for the hidden ones: as many rows are read as those are."""
        with self._steady():
            documents, passages = self._whole.counts()
            hidden = f"SELECT count(*) FROM main.passages WHERE document IN ({limits.HIDDEN})"
            return documents - len(self.hidden()), passages - int(self._rows(hidden)[0][0])

    def hidden(self) -> NDArray[np.int64]:
        """Keys of the current documents that are not to be seen, int64 (n,); remembered until anything is written."""
        with self._lock:
            state = self._fresh()
            if self._hidden[0] != state:
                self._hidden = state, np.array(self._rows(limits.HIDDEN), np.int64).reshape(-1)
            return self._hidden[1]


def _narrowed(db: Connection, groups: frozenset[str]) -> None:
    limits.narrow(db, groups)
    db.execute(db.dialect.read_only)
