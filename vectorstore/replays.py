"""What came of changes that were asked for under a name of the asker's choosing, so that asking again does nothing twice.

Kept for a day. Who asked and how they called it is one hash, and so is what was sent; the name, which is in both, nobody keeps.
What is kept of the reply is gone as soon as a document or a conversation that it names is removed, or limited to others.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # which forgets what is kept here
    from vectorstore.conversations import Rows, Transaction

TABLES = """
CREATE TABLE replays (name TEXT PRIMARY KEY, asked TEXT NOT NULL, at REAL NOT NULL, status INTEGER NOT NULL,
  headers TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX replays_at ON replays (at)
"""
LASTS_S = 86_400
"""How long what came of a change is kept, in seconds."""
MOST_CHARACTERS = 200_000
"""A reply that is longer is not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came of a change: HTTP's status, what is to be told again of its headers, and its body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A reply, and the digest of what was sent for it."""

    asked: str
    reply: Reply


class Replays:
    """The replies of one archive that may be asked for again."""

    def __init__(self, transaction: "Transaction", rows: "Rows", *, clock: Callable[[], float] = time.time) -> None:
        """Replies over a record's ways to write and to read; `clock` gives seconds since 1970."""
        self._transaction = transaction
        self._rows = rows
        self._clock = clock

    def find(self, name: str) -> Kept | None:
        """What is kept under a name, a value of `named`; None where nothing is, or a day has gone by."""
        query = "SELECT asked, status, headers, body FROM replays WHERE name = ? AND at > ?"
        for asked, status, headers, body in self._rows(query, (name, self._clock() - LASTS_S)):
            return Kept(asked=asked, reply=Reply(status=status, headers=json.loads(headers), body=body))
        return None

    def keep(self, name: str, asked: str, reply: Reply) -> None:
        """Keeps a reply under a name, in the place of an earlier one; on return it is on the disk. Those of before go."""
        if len(reply.body) > MOST_CHARACTERS:
            return
        now = self._clock()
        row = (name, asked, now, reply.status, json.dumps(dict(reply.headers), ensure_ascii=False), reply.body)
        with self._transaction() as db:
            db.execute("DELETE FROM replays WHERE at <= ?", (now - LASTS_S,))
            db.execute("DELETE FROM replays WHERE name = ?", (name,))
            db.execute("INSERT INTO replays VALUES (?, ?, ?, ?, ?, ?)", row)


def named(who: str, key: str) -> str:
    """Under what the change is kept that `who` calls `key`: a digest, SHA-256 in hex."""
    return hashlib.sha256(f"{who}\n{key}".encode(errors="surrogatepass")).hexdigest()


def forget(db: Any, names: Iterable[str]) -> None:
    """Drops the replies that speak of one of these ids, of documents or of conversations, within a transaction."""
    db.executemany("DELETE FROM replays WHERE instr(body, ?) > 0", [(name,) for name in names])


def forget_all(db: Any) -> None:
    """Drops all replies, within a transaction: what they say may be masked in the record from now on."""
    db.execute("DELETE FROM replays")
