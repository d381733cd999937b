"""How many passages have each word, kept in the record for an engine that does not tell it: BM25 needs it of every question.

Counted when the engine has taken a passage in, in the transaction that confirms it, and taken back when it is dropped. What
each passage was counted with is kept, so that whatever is done twice counts once.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore import pending
from vectorstore.conversations import Rows, Transaction

TABLES = """\
CREATE TABLE terms (term INTEGER PRIMARY KEY, passages INTEGER NOT NULL);
CREATE TABLE counted (passage INTEGER PRIMARY KEY, terms BLOB NOT NULL)"""
"""`term` is a place of `bm25`; `counted.terms` are uint32 in a row. Both are empty where the indexes are local."""
_ALL = -1
"""The term that every passage has."""
_AT_ONCE = 5000


class Terms:
    """The counts of one archive."""

    def __init__(self, transaction: Transaction, rows: Rows) -> None:
        """Counts over a record's ways to write and to read."""
        self._transaction = transaction
        self._rows = rows

    def confirm(self, found: Mapping[int, Collection[int]], done: Sequence[tuple[int, bool]]) -> None:
        """Counts passages, by key with their terms, and those of `done` that are gone no more, which are noted no longer."""
        kept = {key: np.array(sorted(terms), np.uint32) for key, terms in found.items()}
        keys = sorted({*kept, *(key for key, present in done if not present)})
        with self._transaction() as db:
            change: Counter[int] = Counter()
            for some in _parts(keys):
                marks = ", ".join("?" * len(some))
                for key, terms in db.execute(f"SELECT passage, terms FROM counted WHERE passage IN ({marks})", some).fetchall():
                    change.subtract([*np.frombuffer(terms, np.uint32).tolist(), _ALL])
                    if key not in kept:
                        db.execute("DELETE FROM counted WHERE passage = ?", (key,))
            for terms in kept.values():
                change.update([*terms.tolist(), _ALL])
            again = "ON CONFLICT (passage) DO UPDATE SET terms = excluded.terms"
            db.executemany(f"INSERT INTO counted VALUES (?, ?) {again}", [(key, kept[key].tobytes()) for key in sorted(kept)])
            _add(db, change)
            pending.forget(db, done)

    def counts(self, terms: Collection[int]) -> tuple[int, dict[int, int]]:
        """(how many passages there are, how many have each of `terms`); a term that none has is left out."""
        found: dict[int, int] = {}
        for some in _parts([_ALL, *terms]):
            marks = ", ".join("?" * len(some))
            found |= dict(self._rows(f"SELECT term, passages FROM terms WHERE term IN ({marks})", some))
        return found.pop(_ALL, 0), {term: count for term, count in found.items() if count > 0}

    def of(self, documents: Sequence[int]) -> tuple[int, NDArray[np.uint32]]:
        """(how many passages the documents with these keys have, the terms of each of them in a row)."""
        found: list[bytes] = []
        for some in _parts(documents):
            query = (
                "SELECT c.terms FROM counted c JOIN passages p ON p.key = c.passage "
                f"WHERE p.document IN ({', '.join('?' * len(some))})"
            )
            found += [row[0] for row in self._rows(query, some)]
        return len(found), np.frombuffer(b"".join(found), np.uint32)


def _add(db: Any, change: Counter[int]) -> None:
    """In the order of the terms: whoever waits for a row that another changes waits for nobody who waits in turn."""
    for some in _parts(sorted(term for term, count in change.items() if count)):
        marks = ", ".join(["(?, ?)"] * len(some))
        again = "ON CONFLICT (term) DO UPDATE SET passages = terms.passages + excluded.passages"
        db.execute(f"INSERT INTO terms VALUES {marks} {again}", [value for term in some for value in (term, change[term])])


def _parts(values: Sequence[int]) -> Iterator[Sequence[int]]:
    return (values[at : at + _AT_ONCE] for at in range(0, len(values), _AT_ONCE))
