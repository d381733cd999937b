"""Chats of a messenger in the record: whose turn a kept turn is, and who was told what is kept. Nobody's id is in it.

People, chats and messages are known by keyed hashes, under a secret of the archive: it is in the record, and so in a backup,
because without it nobody's turns could be found again when they ask for them to be erased.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from vectorstore.conversations import Rows, Transaction, forget_later

TABLES = """
CREATE TABLE chats (chat TEXT PRIMARY KEY, told_at TEXT, series INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE said (
  message TEXT PRIMARY KEY, event TEXT NOT NULL, chat TEXT NOT NULL, asker TEXT NOT NULL, turn INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX said_asker ON said (asker);
CREATE INDEX said_turn ON said (turn)
"""
"""A chat's `series` counts its conversations that are full; `asker` is '' where it is not known."""
_SECRET = "chat_secret"
_NOW = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message that a kept turn answers: keyed hashes of it, of its chat and of whoever wrote it, and the event's id."""

    message: str
    event: str
    chat: str
    asker: str

    def keep(self, db: Any, turn: int) -> None:
        """Notes which turn answers it, within the transaction that keeps the turn."""
        row = (self.message, self.event, self.chat, self.asker, turn)
        db.execute("DELETE FROM said WHERE message = ?", (self.message,))
        db.execute("INSERT INTO said (message, event, chat, asker, turn) VALUES (?, ?, ?, ?, ?)", row)


class Chats:
    """The chats of one archive; each change is one transaction of its record."""

    def __init__(self, transaction: Transaction, rows: Rows) -> None:
        """Chats over a record's ways to write and to read."""
        self._transaction = transaction
        self._rows = rows
        self._key = b""

    def hashed(self, *names: str) -> str:
        """The keyed hash of what is known by these names, the first of which says what it is: 40 hexadecimal digits."""
        self._key = self._key or self._secret()
        return hmac.new(self._key, "\0".join(names).encode(errors="replace"), hashlib.sha256).hexdigest()[:40]

    def conversation(self, chat: str) -> str:
        """The name of the conversation that keeps what is asked in a chat."""
        series = self._series(chat)
        return f"line:{chat}.{series}" if series else f"line:{chat}"

    def turn_over(self, chat: str) -> None:
        """Begins another conversation, because the one before is full."""
        with self._transaction() as db:
            more = "INSERT INTO chats (chat, series) VALUES (?, 1) ON CONFLICT (chat) DO UPDATE SET series = chats.series + 1"
            db.execute(more, (chat,))

    def was_told(self, chat: str) -> bool:
        """Whether those of a chat have been told what is kept of them."""
        return bool(self._rows("SELECT 1 FROM chats WHERE chat = ? AND told_at IS NOT NULL", (chat,)))

    def tell(self, chat: str) -> None:
        """Notes that they have been."""
        with self._transaction() as db:
            told = f"INSERT INTO chats (chat, told_at) VALUES (?, {_NOW}) ON CONFLICT (chat) DO UPDATE SET told_at = {_NOW}"
            db.execute(told, (chat,))

    def answer(self, chat: str, message: str) -> tuple[str, int, str] | None:
        """(conversation, turn's number, event's id) of the turn that answers a message of a chat; None where none does."""
        query = (
            "SELECT c.id, t.n, s.event FROM said s JOIN turns t ON t.key = s.turn "
            "JOIN conversations c ON c.key = t.conversation WHERE s.message = ? AND s.chat = ?"
        )
        return next(iter(self._rows(query, (message, chat))), None)

    def unsay(self, chat: str, message: str) -> bool:
        """Erases the turn that answers a message of a chat; whether there was one."""
        return bool(self._erase("message = ? AND chat = ?", message, chat))

    def forget_person(self, asker: str) -> int:
        """Erases every turn of a person in whatever chat; how many there were."""
        return self._erase("asker = ? AND asker != ''", asker)

    def forget_chat(self, chat: str) -> None:
        """Erases a chat's conversations and what is noted of it."""
        series = self._series(chat)
        names = [f"line:{chat}", *(f"line:{chat}.{n}" for n in range(1, series + 1))]
        with self._transaction() as db:
            for name in names:
                turns = db.execute(
                    "SELECT t.key FROM turns t JOIN conversations c ON c.key = t.conversation WHERE c.id = ?", (name,)
                ).fetchall()
                for (turn,) in turns:
                    _delete(db, turn)
                db.execute("DELETE FROM conversations WHERE id = ?", (name,))
            db.execute("DELETE FROM said WHERE chat = ?", (chat,))
            db.execute("DELETE FROM chats WHERE chat = ?", (chat,))

    def forget_before(self, day: str) -> int:
        """Erases every turn of the chats that is from before a day (ISO); how many there were."""
        return self._erase("turn IN (SELECT key FROM turns WHERE at < ?)", day)

    def _erase(self, where: str, *values: str) -> int:
        with self._transaction() as db:
            turns = db.execute(f"SELECT turn FROM said WHERE {where}", values).fetchall()
            for (turn,) in turns:
                found = db.execute("SELECT conversation, asked, text FROM turns WHERE key = ?", (turn,)).fetchone()
                _delete(db, turn)
                if found:
                    forget_later(db, found[0], turn, found[1:])
        return len(turns)

    def _series(self, chat: str) -> int:
        rows = self._rows("SELECT series FROM chats WHERE chat = ?", (chat,))
        return int(rows[0][0]) if rows else 0

    def _secret(self) -> bytes:
        with self._transaction() as db:
            db.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING", (_SECRET, secrets.token_hex(32)))
            return str(db.execute("SELECT value FROM meta WHERE name = ?", (_SECRET,)).fetchone()[0]).encode()


def _delete(db: Any, turn: int) -> None:
    """A turn, and what belongs to it."""
    for table, column in (("turn_documents", "turn"), ("feedback", "turn"), ("said", "turn"), ("turns", "key")):
        db.execute(f"DELETE FROM {table} WHERE {column} = ?", (turn,))
