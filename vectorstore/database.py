"""The database file: the only door to SQLite. Opened, carried over from an earlier schema, its errors as ours."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from vectorstore import schema
from vectorstore.errors import DiskFull, StoreUnusable
from vectorstore.schema import SCHEMA

Connection = sqlite3.Connection
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE")
"""What SQLite says of a disk without room: the last of the file that all who read share."""
NO_ROOM = "ดิสก์ของคลังเต็ม จึงบันทึกไม่ได้ สิ่งที่บันทึกไว้ก่อนหน้ายังอยู่ครบและถามได้ตามเดิม เพิ่มที่ว่างในดิสก์แล้วทำใหม่ ไม่ต้องเปิดโปรแกรมใหม่"
RESTORE = "ถ้าไฟล์เสียหาย กู้คืนจากไฟล์สำรองลงโฟลเดอร์ใหม่ด้วย thamkhlang --home โฟลเดอร์ใหม่ restore ไฟล์สำรอง"
"""What to do about a file that is damaged."""
_STEP = 2_000
"""Pages that are copied at once."""
# A cache (kB) that is smaller has a page written and read again within one change.
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "secure_delete = ON",
    "wal_autocheckpoint = 8000",
    "cache_size = -64000",
)


def opened(path: Path) -> Connection:
    """The database at `path`, made if it is not there, of today's schema; every statement is its own transaction.

    Raises:
        StoreUnusable: it is not a database of ours, of a later version, or cannot be written.
    """
    try:
        db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        for pragma in _PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        if version < SCHEMA:
            with transaction(db):
                schema.make(db) if version == 0 else schema.carry_over(db, version)
        if version <= SCHEMA and db.execute("SELECT 1 FROM meta WHERE name = ?", (schema.LITTERED,)).fetchone():
            db.execute("VACUUM")
            db.execute("DELETE FROM meta WHERE name = ?", (schema.LITTERED,))
    except sqlite3.Error as error:
        raise _ours(error, f"เปิดฐานข้อมูล {path} ไม่ได้ ({error}) ตรวจว่าโฟลเดอร์เขียนได้ {RESTORE}") from error
    if version > SCHEMA:
        raise StoreUnusable(f"ฐานข้อมูล {path} มาจากรุ่นที่ใหม่กว่า (schema {version}; รุ่นนี้รู้จักถึง {SCHEMA}) โปรดปรับรุ่นโปรแกรม")
    return db


def small(path: Path, tables: Sequence[str]) -> Connection:
    """A database of its own at `path` for what is no part of the record, with these tables, made if they are not there.

    Raises:
        StoreUnusable: it is no database, or cannot be written.
    """
    with told(f"เปิดฐานข้อมูล {path} ไม่ได้", "ตรวจว่าโฟลเดอร์เขียนได้และไฟล์ไม่เสียหาย"):
        db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        for pragma in _PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
        with transaction(db):
            for table in tables:
                db.execute(table)
        return db


def beside(path: Path) -> Connection:
    """Another connection to a database that is open, which only reads."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False, isolation_level=None)


def aside(path: Path) -> Connection:
    """A connection of its own for what takes long, to a database that is open or, where there is none, to a new one."""
    return sqlite3.connect(path, isolation_level=None, timeout=10)


def copied(db: Connection, path: Path, go_on: Callable[[], object]) -> None:
    """Writes the database as it is at this moment to the new file `path`, within a transaction of `db`.

    `go_on` is called again and again; what it raises ends that.
    """
    with closing(aside(path)) as copy:
        db.backup(copy, pages=_STEP, progress=lambda *_: go_on())


def is_full(error: BaseException) -> bool:
    """Whether an error is SQLite's about a disk that is full: while a log is begun it tells of one that cannot be written."""
    full = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_FSYNC)
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) in full


def faults(db: Connection) -> list[str]:
    """What SQLite finds wrong with the database, and what is no part of ours; nothing in a sound one."""
    orphans = "SELECT count(*) FROM passages WHERE document NOT IN (SELECT key FROM documents WHERE current)"
    acting = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    found = [str(row[0]) for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    ((without,),), foreign = db.execute(orphans).fetchall(), db.execute(acting).fetchall()
    found += [f"{without} passages without a document"] if without else []
    return found + [f"{name} is not of this program" for (name,) in foreign]


def damage(db: Connection, path: Path) -> str | None:
    """Reads all pages of the database: what is wrong with them, and what to do about it; None where they are sound."""
    try:
        found = [str(row[0]) for row in db.execute("PRAGMA quick_check(1)")]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    return None if found == ["ok"] else f"ฐานข้อมูล {path} เสียหาย ({found[0][:200]}) {RESTORE}"


@contextmanager
def transaction(db: Connection) -> Iterator[None]:
    """What is written within this is written wholly or, on an error, not at all."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk has ended it already
            db.execute("ROLLBACK")
        raise


@contextmanager
def told(what: str, remedy: str) -> Iterator[None]:
    """SQLite's errors as ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise _ours(error, f"{what} ({error}) {remedy}") from error


def _ours(error: sqlite3.Error, said: str) -> StoreUnusable:
    return DiskFull(NO_ROOM) if getattr(error, "sqlite_errorname", "") in _FULL else StoreUnusable(said)
