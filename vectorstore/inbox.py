"""What has come in from LINE and is not answered yet, in a database of its own beside the record.

An event is acknowledged once it is on the disk, within two seconds, so that it may not wait for a long change of the record;
nor is it part of a backup: a copy of the archive that is opened elsewhere must answer nobody a second time.

While an event is open its row has what was read of it, with the ids that an answer needs. Of one that is finished its id and
its time stay, so that LINE may send it again, and the keyed hash of its message, so that one that was taken back stays so; for
`KEPT_DAYS`.
"""

import json
import queue
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vectorstore.connection import Connection
from vectorstore.database import beside, small, told, transaction
from vectorstore.errors import StoreUnusable

NAME = "inbox.db"
KEPT_DAYS = 7
"""How long a finished event is remembered, in days: LINE's own time for sending again is not told."""
_TABLES = (
    """CREATE TABLE IF NOT EXISTS events (
  id TEXT PRIMARY KEY, at INTEGER NOT NULL, received REAL NOT NULL, channel TEXT NOT NULL, chat TEXT NOT NULL,
  asker TEXT NOT NULL, message TEXT NOT NULL, kind TEXT NOT NULL, event TEXT, tried TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS events_open ON events (at, id) WHERE event IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS events_message ON events (message) WHERE message != ''",
    "CREATE INDEX IF NOT EXISTS events_received ON events (received)",
)
_COLUMNS = "id, at, received, channel, chat, asker, message, kind, event, tried, attempts"
_TOGETHER = 200
"""How many changes are committed at once, at most."""
_AT_ONCE = 1000
"""Rows in one statement, at most: SQLite has a limit to what stands in one."""
_CLEARED = "event = NULL, channel = '', chat = '', asker = '', tried = ''"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An event that is open.

    `id` is LINE's, `at` its time in milliseconds and `received` ours in seconds, both since 1970; `chat`, `asker` and `message`
    are keyed hashes, '' where there is none; `tried` says which way of answering was tried, `attempts` how often it was begun;
    `again` is whether LINE says that it sends it again.
    """

    id: str
    at: int
    received: float
    channel: str
    chat: str
    asker: str
    message: str
    kind: str
    event: dict[str, Any]
    tried: str = ""
    attempts: int = 0
    again: bool = False


Change = Callable[[Connection], Any] | Sequence[Row]
"""Something that is done with the database, or rows that are new."""


class Inbox:
    """The open events of one archive; safe to share between threads. One thread commits what all of them change, at once."""

    def __init__(self, home: Path) -> None:
        """Opens or makes the inbox of the archive in `home`, which this process owns.

        Raises:
            StoreUnusable: it is no database, or cannot be written.
        """
        self._db = small(home / NAME, _TABLES)
        self._reading = beside(home / NAME)
        self._lock = threading.Lock()
        self._changes: queue.SimpleQueue[tuple[Change, Future[Any]] | None] = queue.SimpleQueue()
        self._closing, self._closed = threading.Lock(), False
        self._writer = threading.Thread(target=self._write, name="inbox", daemon=True)
        self._writer.start()

    def close(self) -> None:
        """Writes what is waiting, and no more after."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._changes.put(None)
        self._writer.join()
        with self._lock:
            self._reading.close()
        self._db.close()

    def put(self, rows: Sequence[Row]) -> Future[Any]:
        """Takes in events that are not known yet; the future is done once they are on the disk.

        One that LINE sends again because it was not acknowledged has its reply token renewed: its minute begins anew.

        Raises:
            StoreUnusable: the inbox is closed; the future, where it cannot be written.
        """
        return self._change(rows)

    def begin(self, row: Row) -> None:
        """Notes that an answer is begun: a question that kills the program again and again is given up at last."""
        self._change(lambda db: db.execute("UPDATE events SET attempts = attempts + 1 WHERE id = ?", (row.id,))).result()

    def mark(self, row: Row, tried: str) -> None:
        """Notes what is about to be tried to answer a row; on return it is on the disk."""
        self._change(lambda db: db.execute("UPDATE events SET tried = ? WHERE id = ?", (tried, row.id))).result()

    def finish(self, rows: Sequence[Row]) -> None:
        """Clears rows that need no further answer; on return what was in them is overwritten."""
        ids = [(row.id,) for row in rows]
        self._change(lambda db: db.executemany(f"UPDATE events SET {_CLEARED} WHERE id = ?", ids)).result()

    def forget(self, asker: str, until: int) -> None:
        """Clears every open row of a person from before a time, in milliseconds since 1970."""
        clear = f"UPDATE events SET {_CLEARED} WHERE asker = ? AND asker != '' AND at < ?"
        self._change(lambda db: db.execute(clear, (asker, until))).result()

    def sweep(self, now: float) -> None:
        """Deletes finished rows that are older than `KEPT_DAYS`; `now` in seconds since 1970."""
        old = "DELETE FROM events WHERE received < ? AND event IS NULL"
        self._change(lambda db: db.execute(old, (now - KEPT_DAYS * 86_400,))).result()

    def next(self, *, chats: Collection[str] = (), ids: Collection[str] = (), channels: Collection[str] = ()) -> Row | None:
        """The earliest open row but those of these busy `chats`, these `ids` and these `channels`.

        Whoever asks for an answer that is being made (kind `tap`) waits for no other row of the chat.
        """
        others = f"(kind = 'tap' OR chat NOT IN ({_marks(chats)})) AND id NOT IN ({_marks(ids)})"
        where = f"event IS NOT NULL AND {others} AND channel NOT IN ({_marks(channels)}) ORDER BY at, id LIMIT 1"
        return next(iter(self._rows(where, [*chats, *ids, *channels])), None)

    def due(self, received: float, kinds: Sequence[str], ids: Collection[str] = ()) -> list[Row]:
        """Open rows of these kinds that came at `received` or before, for which nothing was tried yet, but these `ids`."""
        where = (
            f"event IS NOT NULL AND received <= ? AND kind IN ({_marks(kinds)}) AND tried = '' AND id NOT IN ({_marks(ids)})"
        )
        return self._rows(f"{where} ORDER BY received LIMIT 100", [received, *kinds, *ids])

    def is_open(self, row: Row) -> bool:
        """Whether a row has not been cleared meanwhile."""
        return bool(self._rows("id = ? AND event IS NOT NULL", [row.id]))

    def awaits(self, chat: str, message: str) -> bool:
        """Whether a question of this chat, by its message's hash, has not been answered yet."""
        return bool(self._rows("message = ? AND chat = ? AND kind = 'ask' AND event IS NOT NULL", [message, chat]))

    def is_outdated(self, row: Row) -> bool:
        """Whether the row's message was taken back or changed at a later time, as far as it is known."""
        with self._lock, _failing():
            later = (
                "SELECT 1 FROM events WHERE message = ? AND message != '' AND id != ? AND kind != 'tap' AND (at, id) > (?, ?)"
            )
            return bool(self._reading.execute(later, (row.message, row.id, row.at, row.id)).fetchone())

    def count(self) -> int:
        """How many rows are open."""
        with self._lock, _failing():
            return int(self._reading.execute("SELECT count(*) FROM events WHERE event IS NOT NULL").fetchone()[0])

    def _rows(self, where: str, values: Sequence[object]) -> list[Row]:
        with self._lock, _failing():
            found = self._reading.execute(f"SELECT {_COLUMNS} FROM events WHERE {where}", values).fetchall()
        names = _COLUMNS.split(", ")
        return [
            Row(**(fields | {"event": json.loads(fields["event"])}))
            for fields in (dict(zip(names, one, strict=True)) for one in found)
        ]

    def _change(self, work: Change) -> Future[Any]:
        """Has a change done within the next commit.

        Raises:
            StoreUnusable: the inbox is closed.
        """
        done: Future[Any] = Future()
        with self._closing:
            if self._closed:
                raise StoreUnusable("กล่องข้อความเข้าของ LINE ปิดแล้ว เพราะโปรแกรมกำลังหยุด ส่งใหม่อีกครั้งเมื่อโปรแกรมเปิด")
            self._changes.put((work, done))
        return done

    def _write(self) -> None:
        while True:
            waiting = [self._changes.get()]
            while len(waiting) < _TOGETHER and not self._changes.empty():
                waiting.append(self._changes.get())
            self._commit([one for one in waiting if one and one[1].set_running_or_notify_cancel()])
            if None in waiting:
                return

    def _commit(self, changes: Sequence[tuple[Change, Future[Any]]]) -> None:
        try:
            with _failing(), transaction(self._db):
                _insert(self._db, [row for change, _ in changes if not callable(change) for row in change])
                for change, _ in changes:
                    if callable(change):
                        change(self._db)
        except (StoreUnusable, ValueError, OverflowError) as error:  # the latter are of a value that no column takes
            for _, done in changes:
                done.set_exception(error)
        else:
            for _, done in changes:
                done.set_result(None)


def _failing() -> Any:
    return told("ใช้กล่องข้อความเข้าของ LINE (inbox.db) ไม่ได้", "ตรวจที่ว่างในดิสก์และสิทธิ์เขียน")


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _insert(db: Connection, rows: Sequence[Row]) -> None:
    """All in one statement: after each of them other threads have their turn, which takes longer than the statement itself."""
    names = "id, at, received, channel, chat, asker, message, kind, event"
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        values = [
            (row.id, row.at, row.received, row.channel, row.chat, row.asker, row.message, row.kind, json.dumps(row.event))
            for row in some
        ]
        marks = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(some))
        db.execute(
            f"INSERT INTO events ({names}) VALUES {marks} ON CONFLICT DO NOTHING", [one for row in values for one in row]
        )
    if again := [(row.received, row.id) for row in rows if row.again]:
        renew = "UPDATE events SET received = max(received, ?) WHERE id = ? AND event IS NOT NULL AND tried = ''"
        db.executemany(renew, again)
