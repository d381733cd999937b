"""What documents say of themselves, as names and values in the record: some of them are filters of a search."""

from typing import Any

from vectorstore.conversations import Rows
from vectorstore.types import Document, Fact, Filter

FILTERS = tuple(Filter().facts)
"""Names of the facts that a search can ask for; they are in the index too."""


def write(db: Any, key: int, document: Document) -> bool:
    """Sets the facts of a document, within a transaction; whether those that a search can ask for are others now."""
    before = set(db.execute("SELECT name, value FROM facts WHERE document = ?", (key,)).fetchall())
    found = [("year", str(year)) for year in document.years] + [("kind", document.kind)]
    for name, values in (
        ("province", document.provinces),
        ("district", document.districts),
        ("organisation", document.organisations),
    ):
        found += [(name, value) for value in values]
    asked = {*found} != {(name, value) for name, value in before if name in FILTERS}
    found += [(fact.name, fact.value) for fact in document.facts]
    if {*found} != before:
        forget(db, key)
        db.executemany("INSERT INTO facts VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [(*fact, key) for fact in found])
    return asked


def forget(db: Any, key: int) -> None:
    """Drops the facts of a document, within a transaction."""
    db.execute("DELETE FROM facts WHERE document = ?", (key,))


def choices(rows: Rows, name: str) -> list[tuple[str, int]]:
    """The values that a fact has, each with how many current documents have it, by value; told by an index alone."""
    query = "SELECT value, count(*) FROM facts WHERE name = ? GROUP BY value ORDER BY value"
    return [(str(value), int(documents)) for value, documents in rows(query, (name,))]


def own(rows: list[tuple[Any, ...]]) -> tuple[Fact, ...]:
    """The facts beside the header's, of rows (name, value), sorted."""
    return tuple(Fact(name=name, value=value) for name, value in sorted(rows) if name not in FILTERS)
