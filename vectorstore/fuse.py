"""One score from two: lexical and dense results fused by score, not by rank.

A rank throws away how sure each half is; with a dense half weaker than BM25, as any small model is on Thai, fusion by
reciprocal rank was measured to lose what BM25 alone had found.
"""

from collections.abc import Mapping

DENSE_WEIGHT = 1.0
"""The dense half's weight against the lexical half's 1."""


def fuse(lexical: Mapping[int, float], dense: Mapping[int, float]) -> dict[int, float]:
    """Fused scores, 0 to 1, best first; ties in the order of the keys.

    Args:
        lexical: BM25 scores by passage key, each at least 0.
        dense: cosine similarities by passage key; a negative one counts as 0.

    Each half is scaled by its best; a passage that one half did not find has 0 there.
    """
    best_lexical = max(lexical.values(), default=0.0) or 1.0
    best_dense = max(dense.values(), default=0.0)
    best_dense = best_dense if best_dense > 0 else 1.0
    total = 1 + DENSE_WEIGHT
    scores = {
        key: (lexical.get(key, 0.0) / best_lexical + DENSE_WEIGHT * max(dense.get(key, 0.0), 0.0) / best_dense) / total
        for key in {*lexical, *dense}
    }
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))
