"""Which pieces answer a question, or why none does."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.match import Text, answers_kind, coverage
from assistant.types import Query, Reason, Refusal
from assistant.units import Unit, grown, units
from vectorstore.types import Document, Hit, Passage

DOCUMENTS = 4
"""How many documents are read for one answer."""
QUOTES = 3
"""How many pieces one answer quotes at most."""
_COMPARED = 80
"""How many pieces are compared by their vectors; the others were already far behind by their words."""
_ENOUGH = 0.51
"""Share of what is asked that a document must speak of, between its title and the piece quoted."""
_KIND = 0.44
"""How surely a piece must hold the kind of thing asked for."""
_BEHIND = 0.88
"""A piece that holds the right kind of thing may score so much of the best, but not less: it would be about something else."""
_OF_KIND, _OF_HIT, _OF_NEARNESS, _TITLE = 0.35, 0.32, 0.14, 0.4
"""What counts beside the share of the question that a piece speaks of (1): that it holds the kind of thing asked for, that its
document was found first, that its vector is near; against it, that it is but the title."""
_ELSEWHERE = 0.4
"""What a mention elsewhere in the document is worth; one in its title, section or lead-in is as good as its own."""
_ALSO, _AS_GOOD = 0.81, 0.92
"""A further piece is quoted above these shares of the best one's score: with something new to say, and without."""
_HEARD, _MISSED = 0.35, 0.6
"""Share of what is asked that a document must speak of anywhere, and what a word counts there that no document has."""
_BESIDE = 0.7
"""A piece for the second thing asked for may score so much of the best piece for the first."""
_SHORT_DOCUMENT = 8000
_NEAR = 600
_ABSENT = 0.24
"""What a word counts that the archive does not have at all: it may be another way of saying what the archive has."""

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
        documents: the documents of the first hits by id, in the hits' order.
        rarity: how rare each concept of the question is in the archive, 0 to 1, by name.
        similarity: cosine similarities of one text with several.
    """
    fitting, missing = _fitting(query, hits, documents, rarity)
    if not fitting:
        return _refusal(query, "not_in_archive", hits, missing)
    ranked = _ranked(query, fitting, _candidates(fitting, hits, documents), rarity, similarity)
    if not ranked or ranked[0].coverage < _ENOUGH:
        return _refusal(query, "not_in_archive", hits, _unheard(query, fitting.values()))
    enough = [piece for piece in ranked if piece.coverage >= _ENOUGH]
    for_each = [[piece for piece in enough if answers_kind(query, piece.unit.text, kind) >= _KIND] for kind in query.wanted]
    if not for_each[0] or for_each[0][0].score < ranked[0].score * _BEHIND:
        return _refusal(query, "detail_not_found", hits)
    return _few(query, for_each)


def _refusal(query: Query, reason: Reason, hits: Iterable[Hit], missing: Sequence[str] = ()) -> Refusal:
    nearest = {hit.document.id: hit.document for hit in hits}
    return Refusal(query=query, reason=reason, missing=tuple(missing), nearest=tuple(nearest.values())[:3])


def _fitting(
    query: Query, hits: Sequence[Hit], documents: Mapping[str, Document], rarity: Mapping[str, float]
) -> tuple[dict[str, Text], list[str]]:
    """The documents that speak of the matter and have all that is required, by id; and what the nearest of the others lacks."""
    required = [concept for concept in query.concepts if concept.required]
    counts = {name: _MISSED if rare >= 1 else rare for name, rare in rarity.items()}
    fitting: dict[str, Text] = {}
    lacking: list[str] = []
    unheard: list[str] = []
    for document in documents.values():
        text = Text(_scope(document, [hit.passage for hit in hits if hit.document.id == document.id]))
        lacks = [concept.name for concept in required if not text.holds(concept)]
        if lacks:
            lacking = lacking or lacks
        elif coverage(query.concepts, counts, [(text, 1.0)]) >= _HEARD:
            fitting[document.id] = text
        else:
            unheard = unheard or _unheard(query, [text])
    return fitting, lacking or unheard


def _scope(document: Document, found: Sequence[Passage]) -> str:
    """What a document says about the matter: all of a short one; of a long one what is near the passages found."""
    head = "\n".join([document.title, document.source, f"ปี {document.date[:4]}" if document.date else ""])
    if len(document.text) <= _SHORT_DOCUMENT:
        return f"{head}\n{document.text}"
    near = (document.text[max(0, passage.start - _NEAR) : passage.end + _NEAR] for passage in found)
    return "\n".join([head, *near])


def _ranked(
    query: Query,
    fitting: Mapping[str, Text],
    candidates: Iterable[tuple[Unit, float]],
    rarity: Mapping[str, float],
    similarity: Similarity,
) -> list[Evidence]:
    counts = {name: _ABSENT if rare >= 1 else rare for name, rare in rarity.items()}
    arounds: dict[str, Text] = {}
    scored = []
    for piece, best in candidates:
        around = arounds.setdefault(piece.around, Text(piece.around))
        tiers = (Text(piece.text), 1.0), (around, 1.0), (fitting[piece.document.id], _ELSEWHERE)
        covered = coverage(query.concepts, counts, tiers)
        score = covered + _OF_KIND * _kinds_held(query, piece) + _OF_HIT * best - _cost(piece)
        scored.append(Evidence(piece, score, covered))
    scored.sort(key=lambda piece: -piece.score)
    compared = scored[:_COMPARED]
    if not compared:
        return []
    near = similarity(query.text, [piece.unit.text for piece in compared])
    again = [Evidence(p.unit, p.score + _OF_NEARNESS * float(s), p.coverage) for p, s in zip(compared, near, strict=True)]
    return sorted(again, key=lambda piece: -piece.score)


def _candidates(
    fitting: Mapping[str, Text], hits: Sequence[Hit], documents: Mapping[str, Document]
) -> Iterator[tuple[Unit, float]]:
    """Every quotable piece of the passages found in fitting documents, with the score of its document's best passage."""
    for name in fitting:
        own = [hit for hit in hits if hit.document.id == name]
        for piece in units(documents[name], [(hit.passage.start, hit.passage.end) for hit in own]):
            yield piece, own[0].score


def _kinds_held(query: Query, unit: Unit) -> float:
    """How surely (0 to 1) the piece holds one of the kinds of thing asked for."""
    return max(answers_kind(query, unit.text, kind) for kind in query.wanted)


def _cost(unit: Unit) -> float:
    """A longer quote must say more; a list is read as one, so it costs less for its length. A title alone says nothing."""
    return (unit.end - unit.start) / (8000 if unit.whole else 4000) + (_TITLE if unit.text in unit.document.title else 0)


def _unheard(query: Query, texts: Collection[Text]) -> list[str]:
    """What none of the texts speaks of, for the refusal to name."""
    return [concept.name for concept in query.concepts if not any(text.holds(concept) for text in texts)][:5]


def _few(query: Query, for_each: Sequence[Sequence[Evidence]]) -> list[Evidence]:
    """For each thing asked for the best piece that holds it, then others with something new or as good; none overlapping."""
    best = for_each[0][0].score
    leading = [pieces[0] for pieces in for_each if pieces and pieces[0].score >= best * _BESIDE]
    others = [piece for piece in for_each[0] if piece.score >= best * _ALSO]
    chosen: list[Evidence] = []
    heard: set[str] = set()
    for place, piece in enumerate([*leading, *others]):
        if len(chosen) == QUOTES:
            break
        if any(_overlap(piece.unit, other.unit) for other in chosen):
            continue
        text = Text(piece.unit.text)
        new = {concept.name for concept in query.concepts if text.holds(concept)} - heard
        if place < len(leading) or new or piece.score >= best * _AS_GOOD:
            chosen.append(replace(piece, unit=grown(piece.unit)))
            heard |= new
    return chosen


def _overlap(one: Unit, other: Unit) -> bool:
    return one.document.id == other.document.id and one.start < other.end and other.start < one.end
