"""ThamKhlang's own search, and each half of it alone."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from assistant import evaluation
from assistant.question import understand
from ingest import ingest
from tests.bench.systems import OURS, Search, Way
from vectorstore import Hit, Store, embed

_MOST = 300
"""A half alone is what it scored among so many fused hits: more take seconds, for each is compared with the others to fold
copies. Checked: of 1,000 hits among 30,273 passages the vectors' first ten documents were those of exact search for 59 of 60
questions, and of 300 among 4,754 both halves' first document was that of 1,000 for 121 of 121."""


_Scored = tuple[str, float, float]
"""A hit's document, its lexical and its dense score."""


class Ours:
    """A question understood, then searched, as `thamkhlang search` does it."""

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder, embed.load())
        self._scored: dict[str, list[_Scored]] = {}

    def index(self, documents: Path) -> int:
        """See `System.index`."""
        report = ingest([documents], self._store)
        if report.failed:
            raise RuntimeError(f"{len(report.failed)} documents were not taken in, first {report.failed[0]}")
        return self._store.status().passages

    def ways(self) -> Iterator[Way]:
        """See `System.ways`."""
        yield Way(OURS, lambda question, k: _distinct(evaluation.behind(self._hits(question, k))))
        yield Way("its words alone", self._half(lambda scored: scored[1]), timed=False)
        yield Way("its vectors alone", self._half(lambda scored: scored[2]), timed=False)

    def close(self) -> None:
        """See `System.close`."""
        self._store.close()

    def _hits(self, question: str, k: int) -> list[Hit]:
        return evaluation.search(self._store, understand(question), k)

    def _half(self, score: Callable[[_Scored], float]) -> Search:
        def search(question: str, k: int) -> list[str]:
            some = [scored for scored in self._all(question) if score(scored) > 0]
            return _distinct(scored[0] for scored in sorted(some, key=score, reverse=True)[:k])

        return search

    def _all(self, question: str) -> list[_Scored]:
        """Searched once for both halves: it takes long."""
        if question not in self._scored:
            hits = self._hits(question, _MOST)
            self._scored[question] = [(name, hit.lexical, hit.dense) for hit in hits for name in evaluation.behind([hit])]
        return self._scored[question]


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


make = Ours
