"""Which documents are limited to groups of people, and the record as those of some groups see it.

A limit is of a source, so that a new version has it too. Whoever is in none of a source's groups is shown a record without it:
every table that tells of documents is hidden behind a view of the same name, on a connection of its own, so that whatever is
asked of the record, in whatever words, is asked of what they may see.
"""

from collections.abc import Collection, Iterable
from typing import Any

from vectorstore import replays
from vectorstore.conversations import Rows, Transaction
from vectorstore.errors import AccountRefused
from vectorstore.pending import AGAIN

TABLES = """\
CREATE TABLE limits (source TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (source, name)) WITHOUT ROWID"""
"""A group's `name` beside each source that it may see; a source without any is limited to nobody."""

LONGEST = 60
"""Characters of a group's name."""
LIMITED = "limited:yes"
"""What the index keeps of a passage that is limited, beside its groups."""
_KEYS = ("document", "one", "other")
"""Columns that hold keys of documents, where they are numbers."""
_AT_ONCE = 10_000


def fact(group: str) -> str:
    """What the index keeps of a passage that a group may see."""
    return f"group:{group}"


def group_names(said: Iterable[str]) -> tuple[str, ...]:
    """Names of groups as they are kept: trimmed, each once, sorted.

    Raises:
        AccountRefused: one is too long, or has a comma or what cannot be seen.
    """
    names = sorted({" ".join(name.split()) for name in said} - {""})
    for name in names:
        if len(name) > LONGEST or "," in name or not name.isprintable():
            raise AccountRefused(f"ชื่อกลุ่ม {name[: LONGEST + 5]!r} ใช้ไม่ได้ ต้องยาวไม่เกิน {LONGEST} ตัวอักษร และไม่มีเครื่องหมายจุลภาค")
    return tuple(names)


class Limits:
    """Which sources of one archive are limited to which groups."""

    def __init__(self, transaction: Transaction, rows: Rows) -> None:
        """Limits over a record's ways to write and to read."""
        self._transaction = transaction
        self._rows = rows

    def are_none(self) -> bool:
        """Whether everybody may see everything."""
        return not self._rows("SELECT 1 FROM limits LIMIT 1", ())

    def of(self, source: str) -> tuple[str, ...]:
        """The groups that a source is limited to, sorted; none where it is limited to nobody."""
        return tuple(name for (name,) in self._rows("SELECT name FROM limits WHERE source = ? ORDER BY name", (source,)))

    def all(self) -> dict[str, tuple[str, ...]]:
        """The groups of every limited source, by source, both sorted."""
        found: dict[str, list[str]] = {}
        for source, name in self._rows("SELECT source, name FROM limits ORDER BY source, name", ()):
            found.setdefault(source, []).append(name)
        return {source: tuple(names) for source, names in found.items()}

    def hide(self, source: str, ids: Collection[str], groups: frozenset[str]) -> bool:
        """Whether the source, or a current document with one of these ids, is there and not to be seen by `groups`."""
        marks, own = ", ".join("?" * len(ids)), ", ".join("?" * len(groups))
        query = (
            f"SELECT 1 FROM (SELECT ? AS source UNION SELECT source FROM documents WHERE current AND id IN ({marks})) s "
            "WHERE EXISTS (SELECT 1 FROM limits l WHERE l.source = s.source) "
            f"AND NOT EXISTS (SELECT 1 FROM limits l WHERE l.source = s.source AND l.name IN ({own}))"
        )
        return bool(self._rows(query, (source, *ids, *groups)))

    def set(self, source: str, groups: Iterable[str]) -> None:
        """Limits a source to these groups, or to nobody; its passages are then to be taken into the indexes again."""
        names = group_names(groups)
        with self._transaction() as db:
            db.execute("DELETE FROM limits WHERE source = ?", (source,))
            db.executemany("INSERT INTO limits VALUES (?, ?)", [(source, name) for name in names])
            own = "SELECT p.key, 1 FROM passages p JOIN documents d ON d.key = p.document WHERE d.source = ?"
            db.execute(f"INSERT INTO pending {own} {AGAIN}", (source,))
            replays.forget(db, [name for (name,) in db.execute("SELECT id FROM documents WHERE source = ?", (source,))])

    def facts(self, sources: Collection[str]) -> dict[str, tuple[str, ...]]:
        """What the index keeps of the passages of these sources, by source, of those that are limited."""
        if self.are_none():
            return {}
        return {source: (LIMITED, *map(fact, names)) for source, names in self.all().items() if source in frozenset(sources)}


def forget(db: Any, source: str) -> None:
    """Drops the limits of a source that is removed, within the transaction."""
    db.execute("DELETE FROM limits WHERE source = ?", (source,))


def rename(db: Any, before: str, after: str) -> None:
    """Gives the limits of a source to its new name, within a transaction."""
    if before != after:
        db.execute("INSERT INTO limits SELECT ?, name FROM limits WHERE source = ? ON CONFLICT DO NOTHING", (after, before))
        forget(db, before)


def _is_open(source: str) -> str:
    """SQL that tells whether the source in this column may be seen by the groups in `temp.own`."""
    limits = f"FROM main.limits l WHERE l.source = {source}"
    own = "AND l.name IN (SELECT name FROM temp.own)"
    return f"(NOT EXISTS (SELECT 1 {limits}) OR EXISTS (SELECT 1 {limits} {own}))"


HIDDEN = (
    "SELECT d.key FROM (SELECT source FROM main.limits EXCEPT "
    "SELECT source FROM main.limits WHERE name IN (SELECT name FROM temp.own)) m "
    "CROSS JOIN main.documents d INDEXED BY documents_source ON d.source = m.source WHERE d.current"
)
"""Keys of the current documents that are not to be seen, on a connection that was narrowed: few limits are read in no time."""


def narrow(db: Any, groups: Collection[str]) -> None:
    """Hides what `groups` may not see from all that is read on this connection from now on.

    A table is taken to tell of documents where it has a column `source`, or a number `document`, `one` or `other`.
    """
    db.execute("CREATE TEMP TABLE own (name TEXT PRIMARY KEY) WITHOUT ROWID")
    db.executemany("INSERT INTO own VALUES (?)", [(group,) for group in groups])
    found = {one[:3] for one in db.execute(db.dialect.columns).fetchall()}
    for table in sorted({one[0] for one in found} - {"limits"}):
        parts = [_is_open("t.source")] if (table, "source", "TEXT") in found else []
        for name in (name for name in _KEYS if (table, name, db.dialect.integer) in found):
            parts.append(f"EXISTS (SELECT 1 FROM main.documents d WHERE d.key = t.{name} AND {_is_open('d.source')})")
        if parts:
            db.execute(f"CREATE TEMP VIEW {table} AS SELECT t.* FROM main.{table} t WHERE {' AND '.join(parts)}")
