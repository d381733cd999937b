"""A connection to the database: the only door to SQLAlchemy and SQLite. Statements go straight to the driver.

SQLAlchemy reads addresses, knows the drivers of SQLite and PostgreSQL, and which of their errors say that a connection is lost.
What it would put around each row that is read takes ten times as long as reading it from a file.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from vectorstore.dialect import POSTGRES, SQLITE, Dialect

Place = Path | URL
"""Where a database is: a file of SQLite, or PostgreSQL's address, whose password is not shown when it is told."""


class Failed(Exception):
    """PostgreSQL refuses, or cannot be reached, or no database can be opened; what is said of it, in one line."""


Faults = (Failed, sqlite3.Error)
"""All that whoever uses a connection may be told; SQLite's errors come as they are, in reading rows too."""


def location(said: str) -> URL:
    """An address of PostgreSQL, as `postgresql://user:password@host:5432/name`.

    Raises:
        ValueError: it is none.
    """
    try:
        url = make_url(said)
    except ArgumentError:
        raise ValueError("not an address of a database") from None  # which would be told with its password
    if url.drivername not in ("postgresql", "postgres") or not url.database:
        raise ValueError("not an address of a database of PostgreSQL")
    return url.set(drivername="postgresql+psycopg")


def shown(place: Place) -> str:
    """A place as it may be told: of an address neither the user nor the password."""
    if isinstance(place, Path):
        return str(place)
    return f"PostgreSQL {place.host or place.query.get('host') or ''}/{place.database}"


class Connection:
    """One connection, for one thread at a time. Every statement is a change of its own, but within `begin` and `commit`."""

    def __init__(
        self,
        place: Place,
        *,
        reads: bool = False,
        opening: Sequence[str] = (),
        prepare: Callable[["Connection"], None] | None = None,
    ) -> None:
        """Opens `place`; a file that only `reads` must be there.

        Statements of `opening` are executed, and `prepare` is called, each time that it opens: PostgreSQL's is opened again
        where it was lost.

        Raises:
            Failed: it cannot be opened.
        """
        self.dialect: Dialect = SQLITE if isinstance(place, Path) else POSTGRES
        try:
            self._engine = _engine(place, reads=reads)
        except ImportError as error:
            raise Failed("ยังไม่ได้ติดตั้งส่วนที่ใช้กับ PostgreSQL: pip install -e '.[cluster]'") from error
        self._opening, self._prepare = opening, prepare
        self._errors: type[Exception] = self._engine.dialect.dbapi.Error  # type: ignore[union-attr]
        self._within = False
        self._open()

    def _open(self) -> None:
        try:
            self._pooled: Any = self._engine.raw_connection()
        except self._errors as error:
            raise Failed(_line(error)) from error
        self.driver: Any = self._pooled.driver_connection
        self._pooled.detach()  # it is nobody else's, and closed by whoever opened it
        for statement in (*self.dialect.opening * (self.dialect is POSTGRES), *self._opening):
            self.execute(statement)
        if self._prepare:
            self._prepare(self)

    def execute(self, sql: str, values: Sequence[object] = ()) -> Any:
        """Executes a statement: the driver's cursor.

        Raises:
            Failed, sqlite3.Error: it could not be.
        """
        if self.dialect is SQLITE:
            return self.driver.execute(sql, values)
        try:
            return self.driver.execute(self.dialect.said(sql), _taken(values))
        except self._errors as error:
            if self._within or not self._is_lost(error):
                raise Failed(_line(error)) from error
        self._open()  # for what comes next, or again
        if not self.dialect.reads(sql):
            raise Failed("the connection was lost")  # and whether the change was made is not known
        return self._again(sql, values)

    def _again(self, sql: str, values: Sequence[object]) -> Any:
        try:
            return self.driver.execute(self.dialect.said(sql), _taken(values))
        except self._errors as error:
            raise Failed(_line(error)) from error

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Executes a statement for each of some rows of values, within a change.

        Raises:
            Failed, sqlite3.Error: it could not be.
        """
        if self.dialect is SQLITE:
            self.driver.executemany(sql, rows)
            return
        try:
            if some := list(map(_taken, rows)):
                self.driver.cursor().executemany(self.dialect.said(sql), some)
        except self._errors as error:
            raise Failed(_line(error)) from error

    def pieces(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """What a statement reads, so many rows at a time, within a change or what is of one moment.

        Raises:
            Failed, sqlite3.Error: it could not be read.
        """
        try:
            with closing(self.driver.cursor(*([] if self.dialect is SQLITE else ["pieces"]))) as cursor:
                cursor.execute(self.dialect.said(sql))
                while some := cursor.fetchmany(size):
                    yield some
        except self._errors as error:
            if self.dialect is SQLITE:
                raise
            raise Failed(_line(error)) from error

    def begin(self, *, steady: bool = False) -> None:
        """Begins a change, when no other is at it; or, where `steady`, to read what is of one moment."""
        first, *more = self.dialect.steady if steady else self.dialect.begin
        self.execute(first)
        self._within = True
        for statement in more:
            self.execute(statement)

    def commit(self) -> None:
        """Ends what was begun: on return it is on the disk."""
        self.execute("COMMIT")
        self._within = False

    def rollback(self) -> None:
        """Takes back what was begun, where anything was that has not ended."""
        within, self._within = self._within, False
        if within and (self.dialect is POSTGRES or self.driver.in_transaction):  # a full disk has ended it already
            with suppress(Failed):
                self._again("ROLLBACK", ())

    @property
    def is_within(self) -> bool:
        """Whether something was begun that has not ended."""
        return self._within

    def close(self) -> None:
        """Closes it."""
        self._pooled.close()

    def _is_lost(self, error: Exception) -> bool:
        return self.dialect is POSTGRES and (
            self.driver.closed or self._engine.dialect.is_disconnect(error, self.driver, None)  # type: ignore[arg-type]
        )


def _engine(place: Place, *, reads: bool) -> Engine:
    if isinstance(place, URL):
        return create_engine(
            place, poolclass=NullPool, hide_parameters=True, connect_args={"connect_timeout": 10, "autocommit": True}
        )
    file = place.resolve().as_uri() + "?mode=ro" if reads else str(place)

    def connected() -> sqlite3.Connection:
        return sqlite3.connect(file, check_same_thread=False, isolation_level=None, timeout=10, uri=reads)

    return create_engine("sqlite://", creator=connected, poolclass=NullPool)


def _taken(values: Iterable[object]) -> tuple[object, ...]:
    """Values as PostgreSQL takes them: no text of its has a NUL."""
    return tuple(value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value for value in values)


def _line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0]
