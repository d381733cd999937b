"""The nearest passages without any index: every vector of the record is looked at."""

import numpy as np
from numpy.typing import NDArray

from vectorstore.dense import nearest
from vectorstore.record import Record


def search(
    record: Record,
    vector: NDArray[np.float32],
    k: int,
    documents: NDArray[np.int64] | None = None,
    hidden: NDArray[np.int64] | None = None,
) -> list[int]:
    """Keys of the `k` passages nearest to `vector`, float32 (dimension,), best first.

    `documents` are the keys of those that may be searched, None for all; `hidden` of those that may not.
    """
    best: list[tuple[int, float]] = []
    for keys, owners, vectors in record.all_vectors():
        may = np.ones(len(keys), bool) if documents is None else np.isin(owners, documents)
        if hidden is not None:
            may &= ~np.isin(owners, hidden)
        best = sorted([*best, *nearest(vector, keys[may], vectors[may], k)], key=lambda one: -one[1])[:k]
    return [key for key, _ in best]
