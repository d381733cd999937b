"""Every document of a record described or cut anew, for other rules, another chunker or another embedding model."""

from collections.abc import Callable, Sequence

from vectorstore import vectors
from vectorstore.embed import Embedder
from vectorstore.record import Record
from vectorstore.types import Document, Header, Passage

Chunk = Callable[[Document], Sequence[Passage]]
Describe = Callable[[Document], Document]
"""Finds facts and resolutions in a document, and gives it back with them."""


def describe_anew(record: Record, describe: Describe) -> None:
    """Finds facts and resolutions in every current document again."""
    for header in record.headers():
        record.register.describe([describe(_opened(record, header))])


def cut_anew(record: Record, embedder: Embedder, chunk: Chunk) -> None:
    """Cuts every current document again and embeds its passages; until all are done the record fits no embedder."""
    record.set_meta("embedding", f"({embedder.name} ที่ยังสร้างไม่เสร็จ)")  # until all vectors are its own
    for header in record.headers():
        document = _opened(record, header)
        passages = chunk(document)
        found = vectors.of_passages(embedder, [(document, passages)])
        record.replace_passages(document.id, passages, found)
    record.set_meta("embedding", embedder.name)


def _opened(record: Record, header: Header) -> Document:
    document = record.document(header.id)
    assert document, "nobody else changes the record meanwhile"
    return document
