"""What the record remembers of itself: values by name."""

import secrets
from typing import Any


def remember(db: Any, name: str, value: str) -> None:
    """Keeps `value` under `name`, in place of another, within a transaction."""
    db.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))


def archive_name(record: Any) -> str:
    """How collections of an archive begin on servers that other archives use too."""
    if not record.meta("archive"):
        record.set_meta("archive", secrets.token_hex(6))
    return f"thamkhlang_{record.meta('archive')}"
