"""How an archive stands, for whoever looks after it."""

from dataclasses import dataclass
from typing import Literal

Index = Literal["ready", "exact", "words_missing", "vectors_missing"]
"""How questions are searched: by all indexes; by words, and by every vector one by one; by vectors alone; by words alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the archive stands. `problem` is why indexes are, or have to be, built anew; None where they need not.

    `personal` data is "masked" in the record; "hidden" where it is still there and masked as it is read; or "kept" and shown.
    `unswept` is since when (UTC, ISO 8601) the indexes' files may have bytes of what was removed, None where they have none.
    """

    documents: int
    passages: int
    index: Index
    embedding: str
    dimension: int
    problem: str | None = None
    personal: Literal["masked", "hidden", "kept"] = "masked"
    unswept: str | None = None
