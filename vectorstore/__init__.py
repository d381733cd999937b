"""The archive of record, its indexes, Thai text, and the nouns of all of it."""

from vectorstore.errors import (
    EmbedderUnavailable,
    IndexMismatch,
    StoreError,
    StoreLocked,
    StoreUnusable,
    UnknownDocument,
)
from vectorstore.status import Status
from vectorstore.store import Store
from vectorstore.types import Block, Document, Filter, Header, Hit, Passage

__all__ = [
    "Block",
    "Document",
    "EmbedderUnavailable",
    "Filter",
    "Header",
    "Hit",
    "IndexMismatch",
    "Passage",
    "Status",
    "Store",
    "StoreError",
    "StoreLocked",
    "StoreUnusable",
    "UnknownDocument",
]
