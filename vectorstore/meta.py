"""What the record remembers of itself: values by name."""

from typing import Any


def remember(db: Any, name: str, value: str) -> None:
    """Keeps `value` under `name`, in place of another, within a transaction."""
    db.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))
