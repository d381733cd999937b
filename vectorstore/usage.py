"""How often the archive is asked, day by day: counters without a question, a person or an address in them.

A count may be lost, when the program is killed or the disk is full; it never keeps an answer waiting, nor breaks one.
"""

import contextlib
import threading
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from vectorstore.conversations import Rows, Transaction
from vectorstore.errors import StoreError

TABLES = """\
CREATE TABLE usage (day TEXT NOT NULL, what TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, what)) WITHOUT ROWID"""
THAILAND = timezone(timedelta(hours=7))
BOUNDS_S = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Upper bounds of the histogram of answering times, in seconds; what takes longer is counted under `SLOWER`."""
SLOWER = "slower"
_EVERY_S = 2.0
"""Seconds between writes, at least."""


def today() -> str:
    """The day in Thailand, ISO."""
    return datetime.now(THAILAND).date().isoformat()


def took(seconds: float) -> str:
    """The name of the counter for an answer that took so long: took:0.5 for one between 0.2 and 0.5 seconds."""
    return f"took:{next((bound for bound in BOUNDS_S if seconds <= bound), SLOWER)}"


class Usage:
    """The counters of one archive, by day and name."""

    def __init__(self, transaction: Transaction, rows: Rows) -> None:
        """Counters over a record's ways to write and to read."""
        self._transaction = transaction
        self._rows = rows
        self._turn = threading.Lock()
        self._fresh: Counter[tuple[str, str]] = Counter()
        self._writer: threading.Thread | None = None
        self._closed = threading.Event()

    def count(self, names: Iterable[str], day: str = "") -> None:
        """Counts one of each of `names`, on `day` (ISO, today where none is given); they are on the disk some seconds later."""
        day = day or today()
        with self._turn:
            self._fresh.update((day, name) for name in names)
            if not self._writer and not self._closed.is_set():
                writer = threading.Thread(target=self._write_soon, name="usage", daemon=True)
                with contextlib.suppress(RuntimeError):  # no thread to be had: the next count tries again
                    writer.start()
                    self._writer = writer

    def since(self, day: str) -> dict[str, Counter[str]]:
        """The counters of each day from `day` (ISO) on that has any, by day and name."""
        self.flush()
        found: dict[str, Counter[str]] = {}
        for on, what, count in self._rows("SELECT day, what, count FROM usage WHERE day >= ? ORDER BY day", (day,)):
            found.setdefault(on, Counter())[what] = count
        return found

    def flush(self) -> None:
        """Writes what was counted; it is lost where that cannot be."""
        with self._turn:
            fresh, self._fresh = self._fresh, Counter()
        more = "INSERT INTO usage VALUES (?, ?, ?) ON CONFLICT (day, what) DO UPDATE SET count = usage.count + excluded.count"
        if fresh:
            with contextlib.suppress(StoreError), self._transaction() as db:
                db.executemany(more, [(*name, count) for name, count in fresh.items()])

    def close(self) -> None:
        """Writes what was counted, and no more after."""
        self._closed.set()
        if writer := self._writer:
            writer.join()
        self.flush()

    def _write_soon(self) -> None:
        """One write for all that is counted in the next seconds."""
        self._closed.wait(_EVERY_S)
        with self._turn:
            self._writer = None  # what is counted from here on has another
        self.flush()
