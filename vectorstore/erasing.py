"""What was erased: a certificate for whoever asked for it, and a note for the archive that says no more than that it was."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vectorstore import meta
from vectorstore.conversations import Rows, Transaction
from vectorstore.types import Header

TABLES = """\
CREATE TABLE erased (id TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID"""
"""`id` is the SHA-256 of a document's id, in hex: a backup from before can be told what to leave out, and nothing else."""

_UNSWEPT = "unswept"
"""Under what it is remembered that something was erased whose bytes the indexes may still have."""

Indexes = Literal["clean", "rebuilding"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What went with a document that was removed.

    `documents` are the ids of its versions, the earliest first; `passages` how many passages with their vectors were erased;
    `turns` how many questions of kept conversations quoted it; `copies` how many links to documents that say nearly the
    same; `at` the time (UTC, ISO 8601). `indexes` are "clean" where no byte of it is left in them, or "rebuilding" where
    they are made anew in the background: until that ends, old words lie in their files and are never found.
    """

    source: str
    title: str
    documents: tuple[str, ...]
    passages: int
    copies: int
    turns: int = 0
    at: str
    indexes: Indexes = "rebuilding"


class Erased:
    """What was erased from one archive, and whether its indexes still have bytes of it."""

    def __init__(self, transaction: Transaction, rows: Rows) -> None:
        """Notes over a record's ways to write and to read."""
        self._transaction = transaction
        self._rows = rows

    def times(self) -> dict[str, str]:
        """When documents were erased: the time (UTC, ISO 8601) by the tombstone of the id."""
        return dict(self._rows("SELECT id, at FROM erased", ()))

    def unswept(self) -> str | None:
        """The time of the last erasure that the indexes have not been built anew after."""
        rows = self._rows("SELECT value FROM meta WHERE name = ?", (_UNSWEPT,))
        return str(rows[0][0]) if rows else None

    def swept(self, since: str) -> None:
        """Notes that the indexes hold nothing of what was erased until `since`, a value of `unswept`."""
        with self._transaction() as db:
            db.execute("DELETE FROM meta WHERE name = ? AND value = ?", (_UNSWEPT, since))


def counted(db: Any, header: Header, versions: Sequence[str], keys: Sequence[int]) -> Erasure:
    """What is to go with the documents of these ids and keys, within the transaction that erases them."""
    marks = ", ".join("?" * len(keys))
    (passages,) = db.execute(f"SELECT count(*) FROM passages WHERE document IN ({marks})", keys).fetchone()
    (copies,) = db.execute(f"SELECT count(*) FROM copies WHERE one IN ({marks})", keys).fetchone()
    (at,) = db.execute("SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')").fetchone()
    return Erasure(
        source=header.source, title=header.title, documents=tuple(versions), passages=passages, copies=copies, at=str(at)
    )


def note(db: Any, gone: Erasure) -> None:
    """Notes that documents were erased, within the transaction that does it; not those that another source has too."""
    for document in gone.documents:
        if not db.execute("SELECT 1 FROM documents WHERE id = ?", (document,)).fetchone():
            again = "ON CONFLICT (id) DO UPDATE SET at = excluded.at"
            db.execute(f"INSERT INTO erased VALUES (?, ?) {again}", (tombstone(document), gone.at))
    meta.remember(db, _UNSWEPT, gone.at)


def forget(db: Any, document: str) -> None:
    """Takes the note back, within the transaction that takes the document in again."""
    db.execute("DELETE FROM erased WHERE id = ?", (tombstone(document),))


def tombstone(document: str) -> str:
    """What is kept of an erased document's id."""
    return hashlib.sha256(document.encode()).hexdigest()
