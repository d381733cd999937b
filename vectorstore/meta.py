"""What the record remembers of itself: values by name."""

import secrets
from typing import Any

_OWN = "name IN ('schema', 'archive', 'engine', 'engine_form')"


def remember(db: Any, name: str, value: str) -> None:
    """Keeps `value` under `name`, in place of another, within a transaction."""
    db.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))


def own(db: Any) -> list[tuple[str, str]]:
    """(name, value) of what a record remembers of where it is, and another that has its rows has otherwise."""
    return [(str(name), str(value)) for name, value in db.execute(f"SELECT name, value FROM meta WHERE {_OWN}").fetchall()]


def take(db: Any, own: list[tuple[str, str]]) -> None:
    """Sets that, within a transaction."""
    db.execute(f"DELETE FROM meta WHERE {_OWN}")
    db.executemany("INSERT INTO meta VALUES (?, ?)", own)


def part(db: Any) -> None:
    """Makes a copy of a record that of another archive, whose indexes on servers are its own, within a transaction."""
    db.execute(f"DELETE FROM meta WHERE {_OWN} AND name != 'schema'")


def archive_name(record: Any) -> str:
    """How collections of an archive begin on servers that other archives use too."""
    if not record.meta("archive"):
        record.set_meta("archive", secrets.token_hex(6))
    return f"thamkhlang_{record.meta('archive')}"
