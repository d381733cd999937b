"""Passages that either half of the search found, in one order: fused, the first judged closely, copies folded into one."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from vectorstore import thai
from vectorstore.fuse import fuse
from vectorstore.names import heard
from vectorstore.rerank import Candidate, rerank
from vectorstore.types import Concept, Header, Hit

_JUDGED = 50
"""How many of the fused passages are judged closely."""
_LETTERS = 8
"""Letters of the runs by which two passages are compared."""
_COPY, _NEAR = 0.9, 0.05
"""Share of their runs that two texts have in common where one is a copy of the other, and by how much their cosines with the
question may differ: copies are told apart from most others before any letters are compared."""


def words_asked(text: str) -> tuple[Concept, ...]:
    """Each word of `text` as a thing asked for; of stop words only where there is nothing else."""
    words = dict.fromkeys(thai.terms(text))
    kept = [word for word in words if word not in thai.stopwords()] or list(words)
    return tuple(Concept(name=word, alternatives=(word,)) for word in kept)


def ranked(text: str, concepts: Mapping[Concept, float], candidates: Sequence[Candidate], k: int) -> list[Hit]:
    """The `k` best candidates as hits, best first, scores 0 to 1.

    Args:
        text: the question.
        concepts: what it names, each with what it counts.
        candidates: what either half found.
        k: how many, copies not counted.
    """
    scores = fuse(dict(enumerate(c.lexical for c in candidates)), dict(enumerate(c.dense for c in candidates)))
    order = list(scores)
    first, rest = order[:_JUDGED], order[_JUDGED:]
    near = [candidates[place] for place in first]
    judged = rerank(text, heard(concepts, near), near)
    least = float(judged.min()) if first else 1.0
    found = [(float(score), place) for score, place in zip(judged, first, strict=True)]
    found += [(least * scores[place], place) for place in rest]  # fused scores are at most 1: never above what was judged
    found.sort(key=lambda pair: -pair[0])
    return _folded([(candidates[place], score) for score, place in found], k)


def _hit(candidate: Candidate, score: float, others: Sequence[Header] = ()) -> Hit:
    return Hit(
        passage=candidate.passage,
        document=candidate.document,
        score=score,
        lexical=candidate.lexical,
        dense=candidate.dense,
        others=tuple(others),
    )


def _folded(found: Sequence[tuple[Candidate, float]], k: int) -> list[Hit]:
    """The hits, but for those whose title and words another document's hit before them has: that one names their documents.

    Only copies have a like place in the title and in the words; documents of one kind that say different things do not.
    """
    kept: list[tuple[Candidate, float, list[Header]]] = []
    for candidate, score in found:
        for other, _, others in kept[:_JUDGED]:
            if candidate.document.id != other.document.id and _is_copy(candidate, other):
                if candidate.document not in others:
                    others.append(candidate.document)
                break
        else:
            if len(kept) == k:
                break
            kept.append((candidate, score, []))
    return [_hit(*hit) for hit in kept]


def _is_copy(one: Candidate, other: Candidate) -> bool:
    """Whether one is the other published again: as near to the question, and nearly the same letters."""
    return (
        abs(one.dense - other.dense) <= _NEAR
        and _alike(one.document.title, other.document.title) >= _COPY
        and _alike(one.passage.text, other.passage.text) >= _COPY
    )


def _alike(one: str, other: str) -> float:
    """The share of their runs of letters that two texts have in common (Jaccard)."""
    first, second = _runs(one), _runs(other)
    return len(first & second) / len(first | second)


@lru_cache(1 << 10)
def _runs(text: str) -> frozenset[str]:
    plain = "".join(text.split())
    return frozenset(plain[at : at + _LETTERS] for at in range(max(1, len(plain) - _LETTERS + 1)))
