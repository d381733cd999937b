"""Passages that either half of the search found, in one order: fused, the first judged closely, copies folded into one."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from vectorstore import thai
from vectorstore.fuse import fuse
from vectorstore.names import heard
from vectorstore.rerank import Candidate, rerank
from vectorstore.types import Concept, Header, Hit

_JUDGED = 50
"""How many of the fused passages are judged closely."""
_LETTERS = 8
"""Letters of the runs by which two passages are compared."""
_COPY = 0.9
"""Share of their runs that two passages have in common where one is a copy of the other."""
_FIGURE = re.compile("[0-9]+")


def words_asked(text: str) -> tuple[Concept, ...]:
    """Each word of `text` as a thing asked for; of stop words only where there is nothing else."""
    words = dict.fromkeys(thai.terms(text))
    kept = [word for word in words if word not in thai.stopwords()] or list(words)
    return tuple(Concept(name=word, alternatives=(word,)) for word in kept)


def ranked(
    text: str,
    concepts: Mapping[Concept, float],
    candidates: Sequence[Candidate],
    k: int,
    similar: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> list[Hit]:
    """The `k` best candidates as hits, best first, scores 0 to 1.

    Args:
        text: the question.
        concepts: what it names, each with what it counts.
        candidates: what either half found.
        k: how many, copies not counted.
        similar: of each document (id) those that say nearly the same.
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
    return _folded([(candidates[place], score) for score, place in found], k, similar)


def _hit(candidate: Candidate, score: float, others: Sequence[Header] = ()) -> Hit:
    return Hit(
        passage=candidate.passage,
        document=candidate.document,
        score=score,
        lexical=candidate.lexical,
        dense=candidate.dense,
        others=tuple(others),
    )


def _folded(found: Sequence[tuple[Candidate, float]], k: int, similar: Mapping[str, Collection[str]]) -> list[Hit]:
    """The hits, but for those whose words a hit before them has from a similar document: that one names their documents.

    Of a draft and the minutes that came of it the minutes are the hit, and the draft is named.
    """
    kept: list[tuple[Candidate, float, list[Header]]] = []
    for candidate, score in found:
        near = similar.get(candidate.document.id, ())
        place = next(
            (n for n, (other, _, _) in enumerate(kept) if other.document.id in near and _is_copy(candidate, other)), -1
        )
        if place < 0:
            if len(kept) == k:
                break
            kept.append((candidate, score, []))
            continue
        first, best, others = kept[place]
        if first.document.status == "draft" != candidate.document.status:
            kept[place], candidate = (candidate, best, others), first
        if candidate.document not in others:
            others.append(candidate.document)
    return [_hit(*hit) for hit in kept]


def _is_copy(one: Candidate, other: Candidate) -> bool:
    """Whether passages of similar documents are the same: nearly the same letters, and every figure."""
    figures = [_FIGURE.findall(thai.arabic_digits(each.passage.text)) for each in (one, other)]
    return figures[0] == figures[1] and _alike(one.passage.text, other.passage.text) >= _COPY


def _alike(one: str, other: str) -> float:
    """The share of their runs of letters that two texts have in common (Jaccard)."""
    first, second = _runs(one), _runs(other)
    return len(first & second) / len(first | second)


@lru_cache(1 << 10)
def _runs(text: str) -> frozenset[str]:
    plain = "".join(text.split())
    return frozenset(plain[at : at + _LETTERS] for at in range(max(1, len(plain) - _LETTERS + 1)))
