"""Every document of a record described anew, for other rules."""

from collections.abc import Callable, Sequence

from vectorstore.record import Record
from vectorstore.types import Document, Header, Passage

Chunk = Callable[[Document], Sequence[Passage]]
Describe = Callable[[Document], Document]
"""Finds facts and resolutions in a document, and gives it back with them."""


def describe_anew(record: Record, describe: Describe) -> None:
    """Finds facts and resolutions in every current document again."""
    for header in record.headers():
        record.register.describe([describe(_opened(record, header))])


def _opened(record: Record, header: Header) -> Document:
    document = record.document(header.id)
    assert document, "nobody else changes the record meanwhile"
    return document
