"""The rows of a record carried into another database: from a file of SQLite's into PostgreSQL, or back."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from vectorstore import meta
from vectorstore.connection import Connection, Place, shown
from vectorstore.database import aside, check_closed, opened, reading, transaction, writing
from vectorstore.dialect import SQLITE
from vectorstore.errors import BackupUnusable
from vectorstore.turns import Turns

_FIRST = ("documents", "conversations", "turns")
"""Tables that rows of others name, each after those that its own rows name."""
_DERIVED = {"pending", "terms", "counted", "sqlite_sequence"}
"""Of indexes, which are built anew where the rows are carried to; the last is SQLite's own."""
_AT_ONCE = 1000
_STEP = 2_000
"""Pages that are copied at once."""


def copied(db: Connection, path: Path, go_on: Callable[[], object]) -> None:
    """Writes the database as it is at this moment to the new file `path` of SQLite's, within a transaction of `db`.

    `go_on` is called again and again; what it raises ends that.
    """
    if db.dialect is SQLITE:
        with closing(aside(path)) as copy:
            db.driver.backup(copy.driver, pages=_STEP, progress=lambda *_: go_on())
        return
    with closing(opened(path)) as copy, transaction(copy):
        carry(db, copy, go_on)
    check_closed(path)


def moved(file: Path, place: Place) -> None:
    """Carries the record in the SQLite `file` into PostgreSQL at `place`, which has none yet: all of it or nothing.

    Raises:
        BackupUnusable: there is an archive.
        StoreLocked: another process has it open.
        StoreUnusable: PostgreSQL cannot be reached or written.
    """
    with closing(opened(place)) as target, closing(Turns(place)) as turns:
        turns.own(shared=False)
        with reading(file):
            source = Connection(file, reads=True)
        with closing(source), writing(place), transaction(target):
            if any(target.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("documents", "accounts", "turns")):
                raise BackupUnusable(
                    f"กู้คืนลง {shown(place)} ไม่ได้ เพราะมีคลังอยู่แล้ว สร้างฐานข้อมูลใหม่แล้วตั้ง THAMKHLANG_DATABASE เป็นฐานข้อมูลนั้น "
                    "เพื่อไม่ให้ทับคลังเดิม"
                )
            carry(source, target)


def carry(source: Connection, target: Connection, go_on: Callable[[], object] = lambda: None) -> None:
    """Sets all rows of `target` to those of `source`, within a transaction of both; both are of today's schema.

    What either keeps of its own indexes is not carried. `go_on` is called again and again; what it raises ends that.
    """
    columns: dict[str, list[tuple[str, bool]]] = {}
    for table, column, kind in source.execute(source.dialect.columns).fetchall():
        columns.setdefault(table, []).append((column, kind == "BOOLEAN"))
    tables = [table for table in (*_FIRST, *sorted(columns.keys() - {*_FIRST})) if table not in _DERIVED]
    own = meta.own(target)
    for table in reversed(tables):
        target.execute(f"DELETE FROM {table}")
    for table in tables:
        names = ", ".join(name for name, _ in columns[table])
        truths = [place for place, (_, is_truth) in enumerate(columns[table]) if is_truth]
        insert = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns[table]))})"
        for some in source.pieces(f"SELECT {names} FROM {table}", _AT_ONCE):
            go_on()
            target.executemany(insert, _with_truths(some, truths))
    meta.take(target, own)
    _number(source, target)


def _with_truths(rows: list[tuple[object, ...]], places: list[int]) -> Iterator[tuple[object, ...]]:
    """Rows whose truths are so for both: SQLite keeps 0 and 1."""
    for row in rows:
        yield tuple(bool(value) if at in places else value for at, value in enumerate(row)) if places else row


def _number(source: Connection, target: Connection) -> None:
    """Has the next row of each table numbered as it would have been: a number is never given twice."""
    for table, last in source.execute(source.dialect.numbered).fetchall():
        if target.dialect is SQLITE:
            target.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            target.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
        else:
            target.execute("SELECT setval(pg_get_serial_sequence(?, 'key'), ?)", (table, last))
