"""The record with the passages that stand beside in place of those that are searched, to be indexed and tried."""

import threading
from collections.abc import Sequence

from vectorstore.connection import Connection
from vectorstore.database import beside
from vectorstore.record import Record
from vectorstore.turns import Turns

_NARROW = "CREATE TEMP VIEW passages AS SELECT * FROM main.passages_beside"


class _Settled:
    """Nothing waits for indexes that are built of what stands: the notes are of others."""

    def __call__(self, _: int = 0) -> list[tuple[int, bool]]:
        return []

    def confirm(self, _: Sequence[tuple[int, bool]]) -> None:
        return None


class Beside(Record):
    """What is read is read on a connection of its own; what is written is written by the whole record."""

    def __init__(self, whole: Record) -> None:
        """Over `whole`, which must stay open, and has a generation beside."""
        self._whole = whole
        self._lock = threading.RLock()
        self._with_fact, self._state = {}, ""
        self._apart = whole._apart
        self.path, self.hides = whole.path, whole.hides
        self._db = beside(whole.path, _narrowed)
        self._transaction = whole._transaction  # type: ignore[method-assign]
        self._furnish()
        self.usage, self.turns = whole.usage, Turns(whole.path)
        self.pending = _Settled()  # type: ignore[assignment]

    def generation(self) -> int:
        """See `Record.generation`."""
        found = self.generations.beside()
        assert found, "it was begun"
        return found.number

    def set_meta(self, name: str, value: str) -> None:
        """See `Record.set_meta`; which model the whole was embedded with is not told by what is only tried."""
        if name != "embedding":
            self._whole.set_meta(name, value)

    def close(self) -> None:
        """Closes the connection; the whole stays open."""
        with self._lock:
            self._db.close()


def _narrowed(db: Connection) -> None:
    db.execute(_NARROW)
    db.execute(db.dialect.read_only)
