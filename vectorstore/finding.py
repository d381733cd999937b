"""What is asked of an archive's indexes: passages by words and by vectors, of what stands of them."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vectorstore import exact
from vectorstore.dense import Dense, DenseBroken, nearest
from vectorstore.flat import Flat
from vectorstore.lexical import Lexical, LexicalBroken, Wanted
from vectorstore.record import Record
from vectorstore.status import Index
from vectorstore.types import Filter
from vectorstore.wordless import Wordless

WIDER, FEWEST, MOST = 8, 400, 1000
"""Candidates compared by their whole vectors for each one wanted; at least and at most so many, unless more are wanted."""

_FEW = 50_000
"""Passages whose vectors are read from the record for one question where words find something."""


class Finding(ABC):
    """The half of indexes that finds; a part that fails in it is left out from then on."""

    lexical: Lexical | Wordless
    flat: Flat | None
    dense: Dense | None
    _record: Record
    _writing: threading.RLock

    @abstractmethod
    def failed(self, why: str, part: object = None) -> None:
        """Leaves out a `part` that failed, and has everything built anew."""

    def standing(self) -> Index:
        """See `status.Index`."""
        if isinstance(self.lexical, Wordless):
            return "words_missing"
        return "ready" if self.dense else "vectors_missing" if self._too_many() else "exact"

    def _too_many(self) -> bool:
        """Whether vectors are in no index, and the record has more than are looked at while somebody waits."""
        return not self.dense and not self.flat and self._record.counts()[1] > _FEW

    def search(self, sought: Sequence[Wanted], k: int, wanted: Filter | None, record: Record) -> list[tuple[int, float]]:
        """The `k` passages that have the words best, (key, BM25 score), best first, among those that `record` shows.

        None where the words cannot be searched; `problem` says why then.
        """
        words = self.lexical
        try:
            return words.search(sought, k, wanted, record.groups)
        except LexicalBroken as error:
            self.failed(str(error), words)
            return []

    def rarity(self, words: Sequence[str], record: Record) -> dict[str, float]:
        """See `Lexical.rarity`; of the passages that `record` shows."""
        standing = self.lexical
        try:
            return standing.rarity(words, record.groups)
        except LexicalBroken as error:
            self.failed(str(error), standing)
            return self.lexical.rarity(words, record.groups)

    def nearest(
        self, vector: NDArray[np.float32], k: int, wanted: Filter | None = None, hidden: NDArray[np.int64] | None = None
    ) -> dict[int, float]:
        """The `k` passages nearest to `vector`, float32 (dimension,), among those admitted: key -> cosine, best first.

        None is of the `hidden` documents (keys, int64 (n,)). Candidates come from the leading dimensions; the recorded vectors
        decide.
        """
        if not vector.any():
            return {}
        candidates = self._candidates(vector, max(k, FEWEST, min(WIDER * k, MOST)), wanted, hidden)
        keys, _, vectors = self._record.vectors(candidates)
        return dict(nearest(vector, keys, vectors, k))

    def _candidates(
        self, vector: NDArray[np.float32], k: int, wanted: Filter | None, hidden: NDArray[np.int64] | None
    ) -> list[int]:
        dense, flat = self.dense, self.flat
        if dense and not wanted and (hidden is None or not len(hidden)):
            try:
                return [key for key, _ in dense.search(vector, k)]
            except DenseBroken as error:
                if self._writing.acquire(blocking=False):  # else somebody is opening it anew, and others need not wait
                    self._writing.release()
                    self.failed(str(error), dense)
        admitted = self._record.admitted(wanted) if wanted else None
        if flat:
            return [key for key, _ in flat.search(vector, k, admitted, hidden)]
        if self.standing() == "vectors_missing":
            return []  # words find what there is, and its vectors are compared
        return exact.search(self._record, vector, k, admitted, hidden)
