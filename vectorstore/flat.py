"""The first dimensions of every passage's vector in one flat file: exact search among the documents that a filter admits.

A question with a filter, and a process that answers one question, look at the rows themselves: reading them all takes
less time than Chroma needs to filter, or to open. As everything in an index, the file is derived from the record.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore import sums

_BLOCK = 1 << 11
"""Rows compared at once: a megabyte of float32, which stays in the processor's cache."""
_GONE = -1
_NAME = "rows.bin"


class Flat:
    """Rows of int8 values with a scale each, in the order of their keys; keys and documents are held in memory."""

    def __init__(self, folder: Path, leading: int) -> None:
        """Opens or makes the file in `folder`, of the `leading` first dimensions of vectors.

        Raises:
            OSError: it cannot be read or written.
            ValueError: it is none of ours.
        """
        self._leading = leading
        self._type = np.dtype([("key", "<i8"), ("document", "<i4"), ("scale", "<f4"), ("values", "i1", (self._leading,))])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _NAME).touch()
        if wrong := sums.torn(folder, [folder / _NAME]):
            raise ValueError(f"{folder}: {wrong} is not as it was written")
        self._path = folder / _NAME
        size = self._path.stat().st_size
        os.truncate(self._path, size - size % self._type.itemsize)  # a kill may have left part of a row
        self._load()
        if np.any(np.diff(self._rows[0]) <= 0):
            raise ValueError(f"{self._path}: keys out of order")

    def _load(self) -> None:
        """One assignment, so that a search in another thread sees all of it or nothing.

        Read, not mapped: what is mapped ends the process where somebody cuts the file short.
        """
        self._rows = _columns(np.fromfile(self._path, self._type))

    def close(self) -> None:
        """Notes how the file was left."""
        if not sums.are_noted(self._path.parent) and self._path.exists():  # nobody has deleted it
            sums.seal(self._path.parent, [self._path])

    def keys(self) -> NDArray[np.int64]:
        """Keys of the rows that are not gone, ascending, int64 (n,)."""
        return np.asarray(self._rows[0][self._rows[1] != _GONE], np.int64)

    def add(self, keys: NDArray[np.int64], documents: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Appends rows: ascending keys, their documents' keys, float32 (n, dimension). Keys that are there stay as they are."""
        new = ~np.isin(keys, self._rows[0])
        rows = np.zeros(int(new.sum()), self._type)
        values = _unit(vectors[new, : self._leading])
        scales = np.abs(values).max(axis=1, initial=0) / 127
        rows["key"], rows["document"], rows["scale"] = keys[new], documents[new], scales
        rows["values"] = np.rint(values / np.where(scales > 0, scales, 1)[:, None])
        self._unseal()
        size = self._path.stat().st_size
        try:
            with self._path.open("ab") as file:
                file.write(rows.tobytes())
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            os.truncate(self._path, size)  # a full disk may have taken part of a row
            raise
        self._rows = tuple(np.concatenate(some) for some in zip(self._rows, _columns(rows), strict=True))

    def remove(self, keys: Sequence[int]) -> None:
        """Marks rows as gone and empties them; unknown keys are no error."""
        places = np.flatnonzero(np.isin(self._rows[0], keys))
        if len(places):
            self._unseal()
            rows = np.memmap(self._path, self._type, mode="r+")
            rows["document"][places], rows["scale"][places], rows["values"][places] = _GONE, 0, 0
            rows.flush()
            self._load()

    def torn(self) -> str | None:
        """The file's name where it is not as it was left; None where it is."""
        return sums.torn(self._path.parent, [self._path]) if self._is_whole() else _NAME

    def _is_whole(self) -> bool:
        return self._path.exists() and self._path.stat().st_size == len(self._rows[0]) * self._type.itemsize

    def _unseal(self) -> None:
        if not self._is_whole():
            raise ValueError(f"{self._path}: changed by somebody else")
        sums.unseal(self._path.parent)

    def count(self) -> int:
        """Number of rows that are not gone."""
        return int((self._rows[1] != _GONE).sum())

    def search(
        self,
        vector: NDArray[np.float32],
        k: int,
        documents: NDArray[np.int64] | None = None,
        hidden: NDArray[np.int64] | None = None,
    ) -> list[tuple[int, float]]:
        """The `k` nearest (key, cosine of the kept dimensions), best first.

        Args:
            vector: float32 (dimension,).
            k: how many.
            documents: keys of the documents that may be searched; None for all.
            hidden: keys of those that may not.
        """
        keys, owners, scales, values = self._rows
        if documents is None and hidden is None:
            places = np.flatnonzero(owners != _GONE)
        else:
            known = [some for some in (owners, documents, hidden) if some is not None]
            admitted = np.full(max(int(some.max(initial=0)) for some in known) + 2, documents is None)
            admitted[documents if documents is not None else []] = True
            admitted[hidden if hidden is not None else []] = False
            admitted[_GONE] = False  # the last
            places = np.flatnonzero(admitted[owners])
        asked = _unit(vector[None, : self._leading])[0]
        whole = len(places) == len(keys)
        scores, block = np.empty(len(places), np.float32), np.empty((_BLOCK, self._leading), np.float32)
        for start in range(0, len(places), _BLOCK):
            some = slice(start, start + _BLOCK)
            rows = block[: len(scores[some])]
            rows[:] = values[some if whole else places[some]]
            np.vecdot(rows, asked, out=scores[some])  # `@` would wake threads that wait for each other on a busy machine
        scores *= scales[places]
        best = np.argpartition(-scores, k - 1)[:k] if k < len(scores) else np.arange(len(scores))
        return [(int(keys[places[i]]), float(scores[i])) for i in best[np.argsort(-scores[best])]]


def _columns(rows: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """Keys, documents, scales and values of rows, each for itself in memory."""
    return tuple(np.ascontiguousarray(rows[name]) for name in ("key", "document", "scale", "values"))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1), np.float32)
