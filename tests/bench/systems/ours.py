"""ThamKhlang's own search, and each half of it alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

from assistant import evaluation
from assistant.question import understand
from ingest import ingest
from tests.bench.systems import OURS, Way
from vectorstore import Hit, Store, embed

_MOST = 1000
"""A half alone is what it scored among so many: far more than the ten documents that are looked at."""


class Ours:
    """A question understood, then searched, as `thamkhlang search` does it."""

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder, embed.load())

    def index(self, documents: Path) -> int:
        """See `System.index`."""
        report = ingest([documents], self._store)
        if report.failed:
            raise RuntimeError(f"{len(report.failed)} documents were not taken in, first {report.failed[0]}")
        return self._store.status().passages

    def ways(self) -> Iterator[Way]:
        """See `System.ways`."""
        yield Way(OURS, lambda question, k: _names(self._hits(question, k)))
        yield Way("its words alone", self._half(lambda hit: hit.lexical), timed=False)
        yield Way("its vectors alone", self._half(lambda hit: hit.dense), timed=False)

    def close(self) -> None:
        """See `System.close`."""
        self._store.close()

    def _hits(self, question: str, k: int) -> list[Hit]:
        return evaluation.search(self._store, understand(question), k)

    def _half(self, score: Callable[[Hit], float]) -> Callable[[str, int], list[str]]:
        def search(question: str, k: int) -> list[str]:
            hits = (hit for hit in self._hits(question, _MOST) if score(hit) > 0)
            return _names(sorted(hits, key=score, reverse=True)[:k])

        return search


def _names(hits: list[Hit]) -> list[str]:
    return list(dict.fromkeys(evaluation.behind(hits)))


make = Ours
