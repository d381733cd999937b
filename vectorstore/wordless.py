"""What stands in for the index of words while there is none: it finds nothing, and takes every word for as rare as the next."""

from collections.abc import Collection, Iterable, Sequence

from vectorstore.lexical import Wanted
from vectorstore.types import Filter

_RARE = 0.5
"""Of every word, between that of a word that is in no passage and one that is in all."""


class Wordless:
    """See `lexical.Lexical`, whose ways to read it has."""

    def count(self) -> int:
        """No passage."""
        return 0

    def torn(self) -> str | None:
        """There are no files."""
        return "lexical"

    def has(self, _: Sequence[int]) -> set[int]:
        """None of them."""
        return set()

    def search(
        self, sought: Sequence[Wanted], k: int, wanted: Filter | None = None, groups: Collection[str] | None = None
    ) -> list[tuple[int, float]]:
        """Nothing."""
        return []

    def rarity(self, words: Sequence[str], groups: Collection[str] | None = None) -> dict[str, float]:
        """The same of every word."""
        return dict.fromkeys(words, _RARE)

    def change(self, added: Iterable[object], removed: Sequence[int] = ()) -> None:
        """Nothing: what changes waits in the record's notes."""
