"""What the record has changed and the indexes have not confirmed: a killed process loses nothing, the next carries it out."""

from collections.abc import Sequence
from typing import Any

from vectorstore.conversations import Rows, Transaction

AGAIN = "ON CONFLICT (passage) DO UPDATE SET present = excluded.present"
"""What ends a statement that notes passages, which may be noted already."""


class Pending:
    """Notes of passages that the indexes of one archive still have to take in or drop."""

    def __init__(self, transaction: Transaction, rows: Rows) -> None:
        """Notes over a record's ways to write and to read."""
        self._transaction = transaction
        self._rows = rows

    def __call__(self, limit: int = 4000) -> list[tuple[int, bool]]:
        """(passage key, whether it should be in the indexes) of changes that were not confirmed; -1: of all."""
        rows = self._rows("SELECT passage, present FROM pending ORDER BY passage LIMIT ?", (limit,))
        return [(key, bool(present)) for key, present in rows]

    def confirm(self, done: Sequence[tuple[int, bool]]) -> None:
        """Forgets changes that were carried out; one that has become another meanwhile stays."""
        with self._transaction() as db:
            forget(db, done)


def forget(db: Any, done: Sequence[tuple[int, bool]]) -> None:
    """The same, within a transaction."""
    gone = "DELETE FROM pending WHERE passage = ? AND present = ?"
    db.executemany(gone, [(key, int(present)) for key, present in done])
