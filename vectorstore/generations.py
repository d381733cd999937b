"""Another generation of passages beside the one that is searched: the next, as far as it is made, or the one before.

Its passages have keys that no other generation has, so that an index never takes one for another. A document that is
removed or replaced goes from both.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from vectorstore import meta, rowform
from vectorstore.conversations import Rows, Transaction
from vectorstore.types import Passage

TABLES = """\
CREATE TABLE passages_beside (
  key INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents (key), id TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, section TEXT NOT NULL, page INTEGER, vector BLOB NOT NULL);
CREATE INDEX passages_beside_document ON passages_beside (document);
CREATE TABLE beside_documents (document INTEGER PRIMARY KEY)"""
"""`beside_documents` are those whose passages there are complete."""
_APART = 1 << 40
"""Keys that a generation has for itself."""
_SLOT, _LIVE = "beside", "generation"
"""Under what it is remembered which generation stands beside, and which is searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """Passages by what made them: `embedding` is the model's name, `rules` those of the chunker, `number` its own from 0."""

    number: int
    embedding: str
    rules: str
    role: Literal["next", "before"]


class Generations:
    """The generation that stands beside the passages of one archive."""

    def __init__(self, transaction: Transaction, rows: Rows) -> None:
        """The generations over a record's ways to write and to read."""
        self._transaction, self._rows = transaction, rows

    def live(self) -> int:
        """The number of the generation that is searched, from 0."""
        return int(json.loads(self._meta(_LIVE) or '{"number": 0}')["number"])

    def beside(self) -> Generation | None:
        """That which stands beside; None where there is none."""
        kept = self._meta(_SLOT)
        return Generation(**json.loads(kept)) if kept else None

    def begin(self, embedding: str, rules: str) -> None:
        """Makes room for the next generation, unless it was begun: then it goes on. The one before is given up."""
        beside = self.beside()
        if beside and (beside.role, beside.embedding, beside.rules) == ("next", embedding, rules):
            return
        number = max(self.live(), beside.number if beside else 0) + 1
        with self._transaction() as db:
            _clear(db)
            first = "INSERT INTO sqlite_sequence (name, seq) VALUES ('passages_beside', ?)"
            db.execute("DELETE FROM sqlite_sequence WHERE name = 'passages_beside'")
            db.execute(first, (number * _APART,))
            _set(db, _SLOT, asdict(Generation(number=number, embedding=embedding, rules=rules, role="next")))

    def give_up(self) -> None:
        """Deletes what stands beside."""
        with self._transaction() as db:
            _clear(db)

    def undone(self) -> list[str]:
        """Ids of the current documents that have no passages there yet, the earliest added first."""
        query = "SELECT id FROM documents WHERE current AND key NOT IN (SELECT document FROM beside_documents) ORDER BY key"
        return [row[0] for row in self._rows(query, ())]

    def write(self, document_id: str, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        """Sets the passages of a current document there, with vectors float32 (passages, dimension)."""
        with self._transaction() as db:
            key = db.execute("SELECT key FROM documents WHERE id = ? AND current", (document_id,)).fetchone()[0]
            forget(db, key)
            rowform.write_passages(db, key, passages, vectors, table="passages_beside")
            db.execute("INSERT INTO beside_documents VALUES (?)", (key,))

    def switch(self) -> None:
        """What stands beside is searched from now on, and what was searched stands beside: in one go.

        Indexes of the one that is searched now must be whole; what those of the other had still to take in is forgotten.
        """
        beside = self.beside()
        assert beside, "it was begun"
        embedding = self._meta("embedding") or ""
        rules = str(json.loads(self._meta(_LIVE) or "{}").get("rules", ""))
        before = Generation(number=self.live(), embedding=embedding, rules=rules, role="before")
        with self._transaction() as db:
            db.execute("ALTER TABLE passages RENAME TO passages_between")
            db.execute("ALTER TABLE passages_beside RENAME TO passages")
            db.execute("ALTER TABLE passages_between RENAME TO passages_beside")
            db.execute("DELETE FROM beside_documents")
            db.execute("INSERT INTO beside_documents SELECT key FROM documents WHERE current")
            db.execute("DELETE FROM pending")
            _set(db, _LIVE, {"number": beside.number, "rules": beside.rules})
            _set(db, _SLOT, asdict(before))
            meta.remember(db, "embedding", beside.embedding)

    def _meta(self, name: str) -> str | None:
        rows = self._rows("SELECT value FROM meta WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None


def forget(db: Any, key: int) -> None:
    """Deletes the passages of the document with this key there, within a transaction."""
    db.execute("DELETE FROM passages_beside WHERE document = ?", (key,))
    db.execute("DELETE FROM beside_documents WHERE document = ?", (key,))


def _clear(db: Any) -> None:
    for table in ("passages_beside", "beside_documents"):
        db.execute(f"DELETE FROM {table}")
    db.execute("DELETE FROM meta WHERE name = ?", (_SLOT,))


def _set(db: Any, name: str, value: object) -> None:
    meta.remember(db, name, json.dumps(value))
