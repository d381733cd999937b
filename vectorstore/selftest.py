"""Whether the indexes hold what the record does, and find it: counts, some passages both ways, and their own words."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vectorstore.dense import Dense
from vectorstore.flat import Flat
from vectorstore.lexical import Wanted, weights
from vectorstore.record import Record
from vectorstore.types import Filter

SAMPLES = 20
"""Passages that are looked for."""
_MISSED = 10
"""One of so many may be missed: a graph of neighbours finds nearly all, not all."""
_NEAR, _SAME = 10, 0.999
"""Among how many a passage must be by its own vector, unless these are all the same as it."""
_OPENING, _DEEP = 200, 1000
"""Characters of a passage whose words are looked for in its document, and how many of that are looked at."""


class Words(Protocol):
    """What is asked of an index of words."""

    def count(self) -> int:
        """Number of passages."""
        ...

    def torn(self) -> str | None:
        """A file that is not as it was written."""
        ...

    def has(self, keys: Sequence[int]) -> set[int]:
        """Those of `keys` that it holds."""
        ...

    def search(self, sought: Sequence[Wanted], k: int, wanted: Filter | None = None) -> list[tuple[int, float]]:
        """The best passages."""
        ...


def torn(words: Words, flat: Flat, dense: Dense) -> str | None:
    """Which file of the indexes is not as it was written, as a sentence; None where nothing shows.

    Raises:
        OSError: they cannot be read.
    """
    name = words.torn() or flat.torn() or dense.torn()
    return f"ไฟล์ของดัชนีไม่ครบหรือไม่ตรงกับที่เขียนไว้ ({name})" if name else None


def wrong(record: Record, words: Words, flat: Flat, dense: Dense) -> str | None:
    """What the indexes fail in, as a sentence; None where nothing shows. Nobody may change them meanwhile.

    Raises:
        DenseBroken, LexicalBroken: a part cannot be searched at all.
    """
    before, passages = record.pending(1), record.counts()[1]
    held = (words.count(), flat.count(), dense.count())
    steady = not before and not record.pending(1) and record.counts()[1] == passages
    if steady and set(held) != {passages}:
        return f"ดัชนีมีช่วงข้อความ {' '.join(f'{one:,}' for one in held)} แต่ฐานข้อมูลมี {passages:,}"
    keys = record.sampled(SAMPLES)
    held_by_all = words.has(keys) & dense.has(keys) & set(flat.keys().tolist())
    if _settled(record, set(keys) - held_by_all):
        return "ดัชนีไม่มีบางช่วงข้อความของฐานข้อมูล"
    some = _some(flat.keys())
    if _gone(record, some):
        return "ดัชนีมีช่วงข้อความที่ไม่อยู่ในฐานข้อมูลแล้ว"
    return _unfound(record, words, dense, keys)


def _unfound(record: Record, words: Words, dense: Dense, keys: Sequence[int]) -> str | None:
    for what, missed in (("เวกเตอร์", _by_vector(record, dense, keys)), ("คำ", _by_words(record, words, keys))):
        if len(_settled(record, set(missed))) * _MISSED > len(keys):
            return f"ค้นดัชนี{what}ด้วยถ้อยคำของช่วงข้อความเองแล้วไม่พบ"
    return None


def _by_vector(record: Record, dense: Dense, keys: Sequence[int]) -> Iterable[int]:
    found, _, vectors = record.vectors(keys)
    for key, vector in zip(found.tolist(), vectors, strict=True):
        near = dense.search(vector, _NEAR) if vector.any() else []
        if vector.any() and key not in dict(near) and not all(score > _SAME for _, score in near):
            yield key


def _by_words(record: Record, words: Words, keys: Sequence[int]) -> Iterable[int]:
    for some in record.texts(keys):
        for key, text, _, facts in some:
            asked = weights(text[:_OPENING])
            document = tuple(fact.removeprefix("document:") for fact in facts if fact.startswith("document:"))
            if asked and key not in dict(words.search(asked, _DEEP, Filter(documents=document[:1]))):
                yield key


def _settled(record: Record, keys: set[int]) -> set[int]:
    """Those of `keys` that the record still has, and that no note says the indexes are to take in yet."""
    if not keys:
        return keys
    waiting = {key for key, _ in record.pending(-1)}
    return {int(key) for key in record.vectors(sorted(keys))[0]} - waiting


def _gone(record: Record, keys: Sequence[int]) -> set[int]:
    waiting = {key for key, _ in record.pending(-1)}
    return set(keys) - {int(key) for key in record.vectors(keys)[0]} - waiting


def _some(keys: NDArray[np.int64]) -> list[int]:
    chosen = np.random.default_rng().choice(keys, min(SAMPLES, len(keys)), replace=False)
    return [int(key) for key in chosen]
