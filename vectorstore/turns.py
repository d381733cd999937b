"""Who may do what only one may do at a time: threads of this process, and processes that share a database of PostgreSQL.

A process that is killed, or loses its connection, holds nothing any more.
"""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from vectorstore.connection import Connection, Place
from vectorstore.database import told
from vectorstore.dialect import LOCK
from vectorstore.errors import StoreLocked

Work = Literal["notes", "building"]
_NUMBERS: dict[Work, int] = {"notes": 2, "building": 3}
_OWNER = 4
_FAILING = "รอคิวในฐานข้อมูลไม่ได้", "ตรวจว่า PostgreSQL เปิดอยู่"


class Turns:
    """The turns of one archive; a file of SQLite has one process, which `lock.py` sees to."""

    def __init__(self, place: Place) -> None:
        """Nothing is waited for yet."""
        self._place = place
        self._locks = {name: threading.RLock() for name in _NUMBERS}
        self._owner: Connection | None = None

    @contextmanager
    def alone(self, work: Work) -> Iterator[None]:
        """Within this nobody else is at this work; waits until that is so."""
        with self._locks[work]:
            if isinstance(self._place, Path):
                yield
                return
            with told(*_FAILING):
                db = Connection(self._place)
            with closing(db):
                with told(*_FAILING):
                    db.execute(f"SELECT pg_advisory_lock({LOCK}, {_NUMBERS[work]})")
                yield

    @contextmanager
    def unless(self, work: Work) -> Iterator[bool]:
        """Whether nobody is at this work; then nobody begins it within this. Nothing is waited for."""
        if not self._locks[work].acquire(blocking=False):
            yield False
            return
        try:
            if isinstance(self._place, Path):
                yield True
                return
            with told(*_FAILING):
                db = Connection(self._place)
            with closing(db):
                with told(*_FAILING):
                    query = f"SELECT pg_try_advisory_lock_shared({LOCK}, {_NUMBERS[work]})"
                    free = bool(db.execute(query).fetchone()[0])
                yield free
        finally:
            self._locks[work].release()

    def own(self, *, shared: bool) -> None:
        """Has the archive from now on: alone or, where `shared`, with others who share it.

        Raises:
            StoreLocked: another process has it otherwise.
        """
        if not isinstance(self._place, Path):
            with told(*_FAILING):
                self._owner = Connection(self._place)
                query = f"SELECT pg_try_advisory_lock{'_shared' if shared else ''}({LOCK}, {_OWNER})"
                if not self._owner.execute(query).fetchone()[0]:
                    self.close()
                    raise StoreLocked(
                        "คลังใน PostgreSQL นี้ถูกโปรแกรมอื่นเปิดใช้อยู่ หลายโปรแกรมใช้พร้อมกันได้เมื่อทุกโปรแกรมตั้ง THAMKHLANG_ENGINE "
                        "เป็นเซิร์ฟเวอร์ Milvus เดียวกัน"
                    )

    def close(self) -> None:
        """Has it no longer."""
        if self._owner:
            self._owner.close()
            self._owner = None
