"""Who did what, and when: what a person in charge of an archive has to be able to tell. Never what was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vectorstore.conversations import Rows, Transaction
from vectorstore.erasing import tombstone

TABLES = """\
CREATE TABLE audit (key INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  who TEXT NOT NULL, what TEXT NOT NULL, which TEXT NOT NULL)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that was done: `at` (UTC, ISO 8601), by `who` ('' of nobody known), `what`, and to `which` thing.

    `what` is the sort of thing and what became of it: "login.failed", "document.removed", "limit.set". `which` is the name of
    a document, an account or a key; of a document that was removed since, the tombstone of its id.
    """

    at: str
    who: str
    what: str
    which: str


class Audit:
    """What was done in one archive."""

    def __init__(self, transaction: Transaction, rows: Rows) -> None:
        """Notes over a record's ways to write and to read."""
        self._transaction = transaction
        self._rows = rows

    def note(self, who: str, what: str, which: str = "") -> None:
        """Writes down that something was done; on return it is on the disk."""
        with self._transaction() as db:
            db.execute("INSERT INTO audit (who, what, which) VALUES (?, ?, ?)", (who, what, which))

    def note_all(self, who: str, what: str, which: Sequence[str]) -> None:
        """The same of several things at once."""
        with self._transaction() as db:
            db.executemany("INSERT INTO audit (who, what, which) VALUES (?, ?, ?)", [(who, what, one) for one in which])

    def latest(self, most: int = 100, offset: int = 0) -> list[Event]:
        """The last `most` things that were done but for the last `offset`, the latest first."""
        rows = self._rows("SELECT at, who, what, which FROM audit ORDER BY key DESC LIMIT ? OFFSET ?", (most, offset))
        return [Event(at=at, who=who, what=what, which=which) for at, who, what, which in rows]


def forget(db: Any, source: str, document_id: str) -> None:
    """Takes the name of a document that is removed out of the notes, within the transaction."""
    of = "(what LIKE 'document.%' OR what LIKE 'limit.%')"
    db.execute(f"UPDATE audit SET which = ? WHERE which = ? AND {of}", (tombstone(document_id), source))
