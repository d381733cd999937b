"""What a reader hands on: the lines of a source as they stand in it, before any repair."""

from dataclasses import dataclass, field

from vectorstore.types import BlockKind, Doubt


@dataclass(frozen=True, slots=True)
class RawLine:
    """One line; an empty text marks the gap between paragraphs.

    `page` is 1-based, None where the format has none. `kind` is what the format itself says of the line, None where it
    says nothing; `level` is 1 to 9 for a heading, 0 otherwise.
    """

    text: str
    page: int | None = None
    kind: BlockKind | None = None
    level: int = 0
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """A source's lines, and what it says of itself; `date` is as written there."""

    lines: list[RawLine] = field(default_factory=list)
    title: str | None = None
    date: str | None = None
    url: str | None = None
