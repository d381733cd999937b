"""The database of the record: opened, carried over from an earlier schema, its errors as ours."""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from vectorstore import schema
from vectorstore.connection import Connection, Faults, Place, location, shown
from vectorstore.dialect import POSTGRES, SCHEMA_NAME, SQLITE
from vectorstore.errors import DiskFull, StoreUnusable
from vectorstore.schema import SCHEMA

_FULL = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "53100")
"""What is said of a disk without room: by SQLite, the last of the file that all who read share; by PostgreSQL, its number."""
NO_ROOM = "ดิสก์ของคลังเต็ม จึงบันทึกไม่ได้ สิ่งที่บันทึกไว้ก่อนหน้ายังอยู่ครบและถามได้ตามเดิม เพิ่มที่ว่างในดิสก์แล้วทำใหม่ ไม่ต้องเปิดโปรแกรมใหม่"
RESTORE = "ถ้าไฟล์เสียหาย กู้คืนจากไฟล์สำรองลงโฟลเดอร์ใหม่ด้วย thamkhlang --home โฟลเดอร์ใหม่ restore ไฟล์สำรอง"
"""What to do about a file that is damaged."""
_REMEDY = f"ตรวจว่าโฟลเดอร์เขียนได้ {RESTORE}"
_UNREADABLE = f"ตรวจด้วย thamkhlang check {RESTORE}"
_UNWRITABLE = "ตรวจที่ว่างในดิสก์และสิทธิ์เขียน สิ่งที่บันทึกไว้ก่อนหน้ายังอยู่ครบ"
_REMEDY_ELSEWHERE = "ตรวจว่า PostgreSQL เปิดอยู่ ผู้ใช้สร้าง schema ได้ และ THAMKHLANG_DATABASE ถูกต้อง"


def opened(place: Place) -> Connection:
    """The database at `place`, made if it is not there, of today's schema; every statement is its own transaction.

    Raises:
        StoreUnusable: it is not a database of ours, of a later version, or cannot be written.
    """
    with told(f"เปิดฐานข้อมูล {shown(place)} ไม่ได้", _REMEDY if isinstance(place, Path) else _REMEDY_ELSEWHERE):
        db = Connection(place, opening=SQLITE.opening if isinstance(place, Path) else ())
        if db.dialect is POSTGRES:
            _make_room(db)
        if (version := schema.version(db)) < SCHEMA:
            with transaction(db):
                if (version := schema.version(db)) < SCHEMA:  # and no other process has seen to it meanwhile
                    schema.make(db) if version == 0 else schema.carry_over(db, version)
        if version <= SCHEMA and db.execute("SELECT 1 FROM meta WHERE name = ?", (schema.LITTERED,)).fetchone():
            _clean(db)
    if version > SCHEMA:
        raise StoreUnusable(f"ฐานข้อมูล {shown(place)} มาจากรุ่นที่ใหม่กว่า (schema {version}; รุ่นนี้รู้จักถึง {SCHEMA}) โปรดปรับรุ่นโปรแกรม")
    return db


def _clean(db: Connection) -> None:
    """Has no byte left of what was deleted; where there is no room for that now, the next time that it is opened."""
    try:
        db.execute("VACUUM")
        db.execute("DELETE FROM meta WHERE name = ?", (schema.LITTERED,))
    except Faults as error:
        if not is_full(error):
            raise


def address(said: str) -> Place:
    """PostgreSQL's address, as a setting has it.

    Raises:
        StoreUnusable: it is none.
    """
    try:
        return location(said)
    except ValueError:
        raise StoreUnusable(
            "THAMKHLANG_DATABASE ไม่ใช่ที่อยู่ของ PostgreSQL ใช้รูป postgresql://ผู้ใช้:รหัสผ่าน@เครื่อง:5432/ชื่อฐานข้อมูล "
            "(เครื่องหมายพิเศษในรหัสผ่านเขียนเป็น % ตามด้วยรหัส) หรือเว้นว่างเพื่อใช้ archive.db ในโฟลเดอร์ของคลัง"
        ) from None  # which would be told with its password


def _make_room(db: Connection) -> None:
    """A schema of PostgreSQL's for the tables: somebody may have made it for whoever may not."""
    with transaction(db):
        if not db.execute("SELECT 1 FROM pg_namespace WHERE nspname = ?", (SCHEMA_NAME,)).fetchone():
            db.execute(f"CREATE SCHEMA {SCHEMA_NAME}")


def small(path: Path, tables: Sequence[str]) -> Connection:
    """A database of its own at `path` for what is no part of the record, with these tables, made if they are not there.

    Raises:
        StoreUnusable: it is no database, or cannot be written.
    """
    with told(f"เปิดฐานข้อมูล {path} ไม่ได้", _REMEDY):
        db = Connection(path, opening=SQLITE.opening)
        with transaction(db):
            for table in tables:
                db.execute(table)
        return db


def beside(place: Place, prepare: Callable[[Connection], None] | None = None) -> Connection:
    """Another connection to a database that is open, which only reads; `prepare` sets it up, each time that it opens."""
    return Connection(place, reads=True, prepare=prepare)


def aside(place: Place) -> Connection:
    """A connection of its own for what takes long, to a database that is open or, where there is none, to a new one."""
    return Connection(place)


def check_closed(file: Path) -> None:
    """What was written to a file of SQLite's is in it, when it has been closed: not to be able to is told by nobody else.

    Raises:
        OSError: some of it is still in the log beside it, for want of room.
    """
    if file.with_name(f"{file.name}-wal").exists():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))


def is_full(error: BaseException) -> bool:
    """Whether an error is the database's about a disk that is full; SQLite, beginning a log, tells of one it cannot write."""
    return _says(error, (*_FULL, "SQLITE_IOERR_FSYNC"))


def _says(error: BaseException, names: Sequence[str]) -> bool:
    said = getattr(error, "sqlite_errorname", ""), getattr(error.__cause__, "sqlstate", "")
    return isinstance(error, Faults) and not {*said}.isdisjoint(names)


def faults(db: Connection) -> list[str]:
    """What is wrong with the database by its own account, and what is no part of ours; nothing in a sound one."""
    orphans = "SELECT count(*) FROM passages WHERE document NOT IN (SELECT key FROM documents WHERE current)"
    ((without,),) = db.execute(orphans).fetchall()
    found = [f"{without} passages without a document"] if without else []
    if db.dialect is POSTGRES:
        return found
    acting = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    broken = [str(row[0]) for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    return broken + found + [f"{name} is not of this program" for (name,) in db.execute(acting).fetchall()]


def damage(db: Connection, place: Place) -> str | None:
    """Reads all pages of SQLite's file: what is wrong with them, and what to do about it; None where they are sound."""
    if db.dialect is POSTGRES:
        return None
    try:
        found = [str(row[0]) for row in db.execute("PRAGMA quick_check(1)")]
    except Faults as error:
        found = [str(error)]
    return None if found == ["ok"] else f"ฐานข้อมูล {shown(place)} เสียหาย ({found[0][:200]}) {RESTORE}"


@contextmanager
def transaction(db: Connection) -> Iterator[None]:
    """What is written within this is written wholly or, on an error, not at all."""
    db.begin()
    try:
        yield
        db.commit()
    except BaseException:
        db.rollback()
        raise


@contextmanager
def steady(db: Connection) -> Iterator[None]:
    """What is read within this is of one moment."""
    db.begin(steady=True)
    try:
        yield
    finally:
        db.rollback()


def reading(place: Place) -> AbstractContextManager[None]:
    """What is told where the record cannot be read."""
    return told("อ่านฐานข้อมูลไม่ได้", _UNREADABLE if isinstance(place, Path) else _REMEDY_ELSEWHERE)


def writing(place: Place) -> AbstractContextManager[None]:
    """What is told where the record cannot be written."""
    return told("บันทึกลงฐานข้อมูลไม่ได้", _UNWRITABLE if isinstance(place, Path) else _REMEDY_ELSEWHERE)


@contextmanager
def told(what: str, remedy: str) -> Iterator[None]:
    """The database's errors as ours."""
    try:
        yield
    except Faults as error:
        raise (DiskFull(NO_ROOM) if _says(error, _FULL) else StoreUnusable(f"{what} ({error}) {remedy}")) from error
