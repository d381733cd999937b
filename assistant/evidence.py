"""Which pieces answer a question, or why none does."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.match import Text, answers_kind, coverage
from assistant.types import Query, Reason, Refusal
from assistant.units import Unit, units
from vectorstore.types import Document, Hit

DOCUMENTS = 4
"""How many documents are read for one answer."""
QUOTES = 3
"""How many pieces one answer quotes at most."""
_COMPARED = 80
"""How many pieces are compared by their vectors; the others were already far behind by their words."""
_ENOUGH = 0.42
"""Share of what is asked that a document must speak of, between its title and the piece quoted."""
_KIND = 0.35
"""How surely a piece must hold the kind of thing asked for."""

Similarity = Callable[[str, Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece chosen to answer, and how well it does: `score` for order, `coverage` from 0 to 1."""

    unit: Unit
    score: float
    coverage: float


def choose(
    query: Query, hits: Sequence[Hit], documents: Mapping[str, Document], rarity: Mapping[str, float], similarity: Similarity
) -> list[Evidence] | Refusal:
    """The pieces that answer `query`, best first, or a refusal.

    Args:
        query: the question.
        hits: what the search found, best first.
        documents: the documents of the first hits by id.
        rarity: how rare each concept of the question is in the archive, 0 to 1, by name.
        similarity: cosine similarities of one text with several.
    """
    if not hits:
        return _refusal(query, "not_in_archive", hits)
    fitting, missing = _fitting(query, hits, documents)
    if not fitting:
        return _refusal(query, "not_in_archive", hits, missing)
    ranked = _ranked(query, fitting, hits, rarity, similarity)
    if not ranked or ranked[0].coverage < _ENOUGH:
        return _refusal(query, "not_in_archive", hits, _unheard(query, ranked))
    holding = [piece for piece in ranked if answers_kind(query, piece.unit.text) >= _KIND and piece.coverage >= _ENOUGH]
    if not holding:
        return _refusal(query, "detail_not_found", hits)
    return _few(query, holding)


def _refusal(query: Query, reason: Reason, hits: Iterable[Hit], missing: Sequence[str] = ()) -> Refusal:
    nearest = {hit.document.id: hit.document for hit in hits}
    return Refusal(query=query, reason=reason, missing=tuple(missing), nearest=tuple(nearest.values())[:3])


def _fitting(query: Query, hits: Sequence[Hit], documents: Mapping[str, Document]) -> tuple[list[Document], list[str]]:
    """The documents that have everything the question requires, in the hits' order, and else what the nearest lacks."""
    required = [concept for concept in query.concepts if concept.required]
    fitting: list[Document] = []
    missing: list[str] = []
    for document in documents.values():
        text = Text("\n".join([document.title, *document.dates, document.text]))
        lacks = [c.name for c in required if not (text.holds(c) or (c.years and not document.years.isdisjoint(c.years)))]
        if not lacks:
            fitting.append(document)
        missing = missing or lacks
    return fitting, missing


def _ranked(
    query: Query, fitting: Sequence[Document], hits: Sequence[Hit], rarity: Mapping[str, float], similarity: Similarity
) -> list[Evidence]:
    best_hit: dict[str, float] = {}
    for hit in hits:
        best_hit.setdefault(hit.document.id, hit.score)
    scored = []
    for document in fitting:
        spans = [(hit.passage.start, hit.passage.end) for hit in hits if hit.document.id == document.id]
        for unit in units(document, spans):
            covered = coverage(query.concepts, rarity, Text(unit.text), Text(unit.around))
            score = covered + 0.35 * answers_kind(query, unit.text) + 0.3 * best_hit[document.id] - _length_cost(unit)
            scored.append(Evidence(unit, score, covered))
    scored.sort(key=lambda piece: -piece.score)
    compared = scored[:_COMPARED]
    if not compared:
        return []
    near = similarity(query.text, [piece.unit.text for piece in compared])
    again = [Evidence(p.unit, p.score + 0.4 * float(s), p.coverage) for p, s in zip(compared, near, strict=True)]
    return sorted(again, key=lambda piece: -piece.score)


def _length_cost(unit: Unit) -> float:
    """A longer quote must say more; a list is read as one, so it costs less for its length."""
    return (unit.end - unit.start) / (6000 if unit.whole else 2500)


def _unheard(query: Query, ranked: Sequence[Evidence]) -> list[str]:
    """What the best piece does not speak of, for the refusal to name."""
    if not ranked:
        return []
    text = Text(ranked[0].unit.text + "\n" + ranked[0].unit.around)
    return [concept.name for concept in query.concepts if not text.holds(concept)][:5]


def _few(query: Query, holding: Sequence[Evidence]) -> list[Evidence]:
    """The best piece, and others that add something asked for which it lacks, or do as well elsewhere; none overlapping."""
    chosen = [holding[0]]
    heard = {c.name for c in query.concepts if Text(holding[0].unit.text).holds(c)}
    for piece in holding[1:]:
        if len(chosen) == QUOTES or piece.score < chosen[0].score * 0.75:
            break
        if any(_overlap(piece.unit, other.unit) for other in chosen):
            continue
        new = {c.name for c in query.concepts if Text(piece.unit.text).holds(c)} - heard
        if new or piece.score >= chosen[0].score * 0.92:
            chosen.append(piece)
            heard |= new
    return chosen


def _overlap(one: Unit, other: Unit) -> bool:
    return one.document.id == other.document.id and one.start < other.end and other.start < one.end
