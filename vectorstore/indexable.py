"""The passages of a record as indexes take them in: their words, their vectors, in pages of keys."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore import facts
from vectorstore.limits import Limits
from vectorstore.packing import unscaled

Vectors = NDArray[np.float32]


class Indexable:
    """The half of a record that is read to be indexed."""

    limits: Limits
    _rows: Callable[..., list[tuple[Any, ...]]]
    _steady: Callable[[], AbstractContextManager[None]]
    _texts: Callable[[Collection[int]], dict[int, str]]
    _said: Callable[[str], str]
    _section: Callable[[str], tuple[str, ...]]

    def vectors(self, keys: Sequence[int] | NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], Vectors]:
        """(keys, their documents' keys, vectors) of those of `keys` that are there, ascending.

        int64 (n,), int64 (n,), float32 (n, dimension).
        """
        marks = ", ".join("?" * len(keys))
        query = f"SELECT key, document, vector FROM passages WHERE key IN ({marks}) ORDER BY key"
        rows = self._rows(query, [int(key) for key in keys])
        found = np.array([row[:2] for row in rows], np.int64).reshape(-1, 2)
        vectors = unscaled([row[2] for row in rows]) if rows else np.zeros((0, 0), np.float32)
        return found[:, 0], found[:, 1], vectors

    def all_vectors(self, page: int = 4000) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], Vectors]]:
        """(keys, their documents' keys, vectors) of all passages, as `vectors` has them, in pages of at most `page`."""
        after = 0
        while keys := [
            row[0] for row in self._rows("SELECT key FROM passages WHERE key > ? ORDER BY key LIMIT ?", (after, page))
        ]:
            yield self.vectors(keys)
            after = keys[-1]

    def sampled(self, count: int) -> list[int]:
        """Keys of some passages, `count` at most, chosen by chance, ascending."""
        first, last = self._rows("SELECT min(key), max(key) FROM passages")[0]
        if first is None:
            return []
        at = np.random.default_rng().integers(first, last, count, endpoint=True)
        one = "SELECT key FROM passages WHERE key >= ? ORDER BY key LIMIT 1"
        return sorted({int(self._rows(one, (int(key),))[0][0]) for key in at})

    def texts(
        self, keys: Sequence[int] | None = None, *, page: int = 4000
    ) -> Iterator[list[tuple[int, str, str, tuple[str, ...]]]]:
        """What the lexical index needs, in pages of at most `page` passages: (key, text, title and sections, facts)."""
        after = 0
        while True:
            some = "" if keys is None else f"AND p.key IN ({', '.join('?' * len(keys))})"
            with self._steady():
                rows = self._rows(
                    "SELECT p.key, p.first, p.last, p.section, d.key, d.title, d.id, d.source "
                    f"FROM passages p JOIN documents d ON d.key = p.document WHERE p.key > ? {some} ORDER BY p.key LIMIT ?",
                    [after, *(keys or ()), page],
                )
                documents = {row[4] for row in rows}
                texts, filters = self._texts(documents), self._facts(documents)
                limited = self.limits.facts({row[7] for row in rows})
            if not rows:
                return
            yield [
                (
                    key,
                    texts[document][first:last],
                    "\n".join([self._said(title), *self._section(section)]),
                    (*filters.get(document, ()), f"document:{name}", f"document:{source}", *limited.get(source, ())),
                )
                for key, first, last, section, document, title, name, source in rows
            ]
            after = rows[-1][0]

    def _facts(self, documents: Collection[int]) -> dict[int, list[str]]:
        marks = ", ".join("?" * len(documents))
        found: dict[int, list[str]] = {}
        filters = ", ".join(f"'{name}'" for name in facts.FILTERS)
        query = f"SELECT document, name, value FROM facts WHERE document IN ({marks}) AND name IN ({filters})"
        for document, name, value in self._rows(query, list(documents)):
            found.setdefault(document, []).append(f"{name}:{value}")
        return found
