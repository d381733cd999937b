"""Scans that wait to be read: an archive that cannot read a document still knows its name, and says so when asked for it."""

from typing import Any

from vectorstore.conversations import Rows, Transaction
from vectorstore.privacy import masked_name

TABLES = """\
CREATE TABLE unread (source TEXT PRIMARY KEY,
  at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))) WITHOUT ROWID"""


class Unread:
    """The names of the scans of one archive whose words nobody has read."""

    def __init__(self, transaction: Transaction, rows: Rows) -> None:
        """Names over a record's ways to write and to read."""
        self._transaction = transaction
        self._rows = rows

    def note(self, source: str) -> None:
        """Keeps the name of a scan, personal data in it masked; it is forgotten when a document of that name is taken in."""
        with self._transaction() as db:
            db.execute("INSERT INTO unread (source) VALUES (?) ON CONFLICT DO NOTHING", (masked_name(source),))

    def sources(self) -> list[str]:
        """The names, in order."""
        return [source for (source,) in self._rows("SELECT source FROM unread ORDER BY source", ())]

    def forget(self, source: str) -> bool:
        """Removes a name; whether it was there."""
        if not self._rows("SELECT 1 FROM unread WHERE source IN (?, ?)", (source, masked_name(source))):
            return False
        with self._transaction() as db:
            return forget(db, source)


def forget(db: Any, source: str) -> bool:
    """The same, within a transaction."""
    return bool(db.execute("DELETE FROM unread WHERE source IN (?, ?)", (source, masked_name(source))).rowcount)
