"""The indexes of an archive that several processes serve: in Milvus, one collection at a time, which the record names.

Whoever changes the record carries its notes (`pending`) into the collection before it answers, one process at a time; what a
killed one leaves, any other does: in its next change, in opening, or some seconds later.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vectorstore import bm25, meta, thai
from vectorstore.dense import nearest
from vectorstore.embed import Embedder
from vectorstore.errors import StoreError
from vectorstore.finding import FEWEST, MOST, WIDER
from vectorstore.lexical import Wanted, rarity
from vectorstore.milvus import Milvus, MilvusBroken
from vectorstore.record import Record
from vectorstore.status import Index
from vectorstore.types import Filter

_STALE = "ดัชนีใน Milvus ไม่ตรงกับฐานข้อมูล"
_LAYOUT = 1
"""Raised when a row keeps something else of a passage."""
_AT_ONCE = 1000
"""Passages that are carried out in one go."""
_MANY = 2000
"""Rows that are written in a row until they are to be closed and indexed."""
_CANDIDATES = 4
"""Passages whose score by words is reckoned for each one wanted."""
_EVERY_S = 5.0
"""Seconds between looks at what a killed process may have left."""
_Found = TypeVar("_Found")


class SharedIndexes:
    """Every passage by its words and its neighbours, in Milvus."""

    def __init__(self, address: str, record: Record, embedder: Embedder) -> None:
        """Connects; nothing is read until `open` or `build`.

        Raises:
            MilvusBroken: nobody answers at `address`.
        """
        self.problem: str | None = None
        self.mend: Callable[[], object] | None = None
        self._record, self._embedder = record, embedder
        self._milvus = Milvus(address, embedder.leading)
        self._following = False
        self._written = 0
        self._closing = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="notes", daemon=True)

    def open(self, *, brief: bool = False) -> None:
        """Carries out what is noted; builds a collection where none fits the record."""
        name = self._name()
        if not name or name not in self._milvus.names(name) or self._record.meta("engine_form") != self._form():
            self.build()
        self.settle()
        if not brief:
            self._watcher.start()

    def close(self) -> None:
        """Lets go of Milvus."""
        self._closing.set()
        if self._watcher.is_alive():
            self._watcher.join()
        self._milvus.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Remembers what is wrong with Milvus, until it is right again: who asks is told, and not that nothing was found."""
        try:
            yield
        except MilvusBroken as error:
            self.problem = str(error)
            raise
        self.problem = None

    def _watch(self) -> None:
        while not self._closing.wait(_EVERY_S):
            with suppress(StoreError), self._told():  # it is told where the archive's state is
                if self._record.pending(1):
                    self.settle()

    def standing(self) -> Index:
        """See `status.Index`: Milvus answers, or nobody does."""
        return "ready"

    def sound(self) -> bool:
        """Whether there are as many rows as passages, and a recorded passage is found by its own vector."""
        return self.faults() is None

    def faults(self, *, read: bool = True) -> str | None:
        """See `Indexes.faults`; files are Milvus's own to read."""
        try:
            with self._record.alone("notes"), self._told():
                if (name := self._name()) not in self._milvus.names(name):
                    return _STALE
                rows, passages = self._milvus.count(name), self._record.counts()[1]
                if rows != passages and not self._record.pending(1):  # which somebody has just written
                    return f"{_STALE} ({rows:,} {passages:,})"
            return None if self._finds() else _STALE
        except MilvusBroken as error:
            return str(error)

    def _finds(self) -> bool:
        for some in self._record.texts(page=1):
            key = some[0][0]
            found = self._record.vectors([key])[2]
            if not found.any() or self._record.pending(1):  # somebody is at it
                return True
            near = self.nearest(found[0], 10)
            return key in near or max(near.values(), default=0.0) + 1e-3 >= 1.0
        return True

    def failed(self, why: str, part: object = None) -> None:
        """Has everything built anew where it is not as the record has it; a Milvus that does not answer is waited for."""
        self.problem = why
        if self.mend and why.startswith(_STALE):
            self.mend()

    # Keeping up

    @contextmanager
    def following(self) -> Iterator[None]:
        """Within this, changes are carried out some at a time; when it ends, all have been."""
        self._following = True
        try:
            yield
        finally:
            self._following = False
            self.settle()
            if self._written:
                self._close_rows()

    def follow(self, passages: int) -> None:
        """Carries out what the record has changed: at once, or when there is some of it, if `following`."""
        if not self._following or len(self._record.pending(_AT_ONCE)) == _AT_ONCE:
            self.settle()

    def settle(self, *, once: bool = False) -> None:
        """Carries into the collection what the record has and it has not confirmed, unless a new one is being built."""
        with self._record.alone("notes"), self._record.unless("building") as free:
            while free and (pending := self._record.pending(_AT_ONCE)):
                added = [key for key, present in pending if present]
                removed = [key for key, present in pending if not present]
                name = self._name()
                counted = {key: found for some in self._texts(added) for key, found in self._put(name, some).items()}
                self._milvus.remove(name, [*removed, *(key for key in added if key not in counted)])
                self._record.terms.confirm(counted, pending)
                self._written += len(counted)
                if self._written >= _MANY:
                    self._close_rows()
                if once:
                    return

    def _close_rows(self) -> None:
        self._written = 0
        self._milvus.settle(self._name())

    def _texts(self, keys: Sequence[int]) -> Iterator[list[tuple[int, str, str, tuple[str, ...]]]]:
        return self._record.texts(keys) if keys else iter(())

    def _put(self, name: str, rows: Sequence[tuple[int, str, str, tuple[str, ...]]]) -> dict[int, bm25.Weights]:
        """Puts passages into a collection, as the record has them now: their words, by key."""
        words = {key: bm25.vector(text, context) for key, text, context, _ in rows}
        keys, documents, vectors = self._record.vectors(list(words))
        if len(keys):
            self._milvus.put(name, keys, documents, vectors, [words[int(key)] for key in keys])
        return {int(key): words[int(key)] for key in keys}

    def build(self, progress: Callable[[int], object] = lambda _: None) -> None:
        """Builds a new collection from the record, switches to it and drops the others; `progress` is given passages done."""
        with self._record.alone("building"):
            pending, unswept = self._record.pending(-1), self.unswept()
            name = f"{self._archive()}_{int(self._record.meta('index') or 0) + 1}"
            self._record.set_meta("index", name.rsplit("_")[-1])
            self._milvus.make(name)
            done = 0
            for some in self._record.texts(page=_AT_ONCE):
                self._record.terms.confirm(self._put(name, some), [])
                progress(done := done + len(some))
            self._milvus.settle(name)
            self._record.terms.confirm({}, pending)
            self._record.set_meta("embedding", self._embedder.name)
            self._record.set_meta("engine_form", self._form())
            self._record.set_meta("engine", name)
            for other in self._milvus.names(self._archive()):
                if other != name:
                    self._milvus.drop(other)
            if unswept:
                self._record.erased.swept(unswept)
        self.problem = None
        self.settle()

    def unswept(self) -> str | None:
        """Since when the collection may have bytes of what was erased."""
        return self._record.erased.unswept()

    def disown(self) -> None:
        """Has what stands never taken for what the record has."""
        self._record.set_meta("engine_form", "")

    def _form(self) -> str:
        """From what a collection is built."""
        return f"{_LAYOUT} {self._embedder.name} {self._embedder.leading} {thai.dictionary_version()}"

    def _archive(self) -> str:
        """How the collections of this archive are called, which others in the same Milvus are not."""
        return meta.archive_name(self._record)

    def _name(self) -> str:
        return self._record.meta("engine") or ""

    # Searching

    def nearest(
        self, vector: NDArray[np.float32], k: int, wanted: Filter | None = None, hidden: NDArray[np.int64] | None = None
    ) -> dict[int, float]:
        """See `Indexes.nearest`."""
        if not vector.any() or (documents := self._admitted(wanted)) == []:
            return {}
        some = max(k, FEWEST, min(WIDER * k, MOST))
        without = [] if hidden is None else hidden.tolist()
        found = self._asked(lambda name: self._milvus.nearest(name, vector, some, documents, without))
        keys, _, vectors = self._record.vectors(found)
        return dict(nearest(vector, keys, vectors, k))

    def search(self, sought: Sequence[Wanted], k: int, wanted: Filter | None, record: Record) -> list[tuple[int, float]]:
        """See `Indexes.search`."""
        rare = self._rare(sought)
        asked = bm25.question(sought, rare)
        if not asked or (documents := self._admitted(wanted)) == []:
            return []
        hidden = record.hidden()
        without = [] if hidden is None else hidden.tolist()
        some = self._asked(lambda name: self._milvus.matching(name, asked, _CANDIDATES * k, documents, without))
        found = [(key, bm25.score(sought, rare, words)) for key, words in some]
        return sorted(found, key=lambda one: -one[1])[:k]

    def _asked(self, ask: Callable[[str], _Found]) -> _Found:
        """What is found in the collection; in the one that took its place, where that was switched to meanwhile."""
        name = self._name()
        with self._told():
            try:
                return ask(name)
            except MilvusBroken:
                if (now := self._name()) == name:
                    raise
                return ask(now)

    def rarity(self, words: Sequence[str], record: Record) -> dict[str, float]:
        """See `Lexical.rarity`."""
        at = {word: bm25.place("text", word) for word in words}
        passages, counts = self._record.terms.counts({*at.values()})
        hidden = record.hidden()
        if hidden is not None and len(hidden):
            fewer, terms = self._record.terms.of(hidden.tolist())
            passages -= fewer
            counts = {term: count - int((terms == term).sum()) for term, count in counts.items()}
        return {word: rarity(passages, counts.get(at[word], 0)) for word in words}

    def _rare(self, sought: Sequence[Wanted]) -> dict[int, float]:
        passages, counts = self._record.terms.counts(bm25.places(sought))
        return {term: bm25.rareness(passages, count) for term, count in counts.items()}

    def _admitted(self, wanted: Filter | None) -> list[int] | None:
        """Keys of the documents that a filter admits; None for all."""
        return [int(key) for key in self._record.admitted(wanted)] if wanted else None
