"""Which pieces answer a question, whole and in which order, or why none does."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant import bylines
from assistant.figures import missing
from assistant.fitting import fit, unheard
from assistant.judging import PIECE, Judged, judge, stated
from assistant.match import answers_kind
from assistant.narrowing import SEVERAL, narrowed
from assistant.rates import told
from assistant.types import Query, Reason, Refusal, Wanted
from assistant.units import Unit, above, grown, header_of, names_columns
from vectorstore import thai
from vectorstore.types import Document, Hit

DOCUMENTS = 4
"""How many documents are read for one answer."""
QUOTES, BUDGET = 4, 480
"""How many pieces one answer quotes at most, and how many characters: one piece that is longer stands alone."""
_BEHIND = 3.0
"""How far a further piece may be behind the best, in log odds."""
_LIKE = 1.5
"""How far documents' best pieces may be apart, in log odds, for each to answer as well as the other."""
_NAMEABLE: frozenset[Wanted] = frozenset(["amount", "money", "when", "who", "where"])
_SURE = 0.5
"""An answer leads with the words asked for where they are one of these kinds, and so sure."""
_BESIDE = 24
"""Characters to either side of a value in which it says for each of what it is."""
_KIND = 0.44
"""How surely a piece must hold the kind of thing asked for."""
_ENOUGH = 0.51
"""Share of what is asked that the best piece must speak of for the archive to have the subject."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece chosen to answer; `score` is its log odds against the other pieces, up to a constant.

    `words` are those in it that are the answer itself, where the reader is sure of them, else ''. It `names_columns` where it
    is chosen only to tell what the cells of the row before it are.
    """

    unit: Unit
    score: float
    words: str = ""
    names_columns: bool = False


def choose(
    query: Query, hits: Sequence[Hit], documents: Mapping[str, Document], rarity: Mapping[str, float]
) -> list[Evidence] | Refusal:
    """The pieces that answer `query`, in the order in which to quote them, or a refusal.

    The best comes first; where several documents answer alike, and several are asked for or their figures differ, the newest.

    Args:
        query: the question.
        hits: what the search found, best first.
        documents: the documents of the first hits by id, in the hits' order.
        rarity: how rare each concept of the question is in the archive, 0 to 1, by name.
    """
    fitting, lacking = fit(query, hits, documents, rarity)
    if not fitting:
        return _refusal(query, "not_in_archive", hits, lacking)
    if bylines.asked(query.text):
        found = bylines.byline(fitting[0].document)
        return [Evidence(found[0], 0.0, found[1])] if found else _refusal(query, "detail_not_found", hits)
    pieces = judge(query, fitting, rarity)
    if not pieces.units:
        return _refusal(query, "detail_not_found", hits)
    scores = pieces.scores()
    best = int(scores.argmax())
    if not (known := pieces.speaks_at(best)) or not pieces.answers_at(best):
        known = known and pieces.features[:, PIECE.index("coverage")].max() >= _ENOUGH
        names = [] if known else unheard(query, [fit.text for fit in fitting])
        return _refusal(query, "detail_not_found" if known else "not_in_archive", hits, names)
    query = stated(query, pieces.units)
    ranked = [Evidence(pieces.units[place], float(scores[place])) for place in (-scores).argsort()]
    chosen = _led(query, _narrowed(query, _few(query, ranked), pieces), pieces)
    return _with_headers(_newest_first(chosen) if _is_of_several(query, chosen) else chosen)


def _refusal(query: Query, reason: Reason, hits: Iterable[Hit], lacking: Sequence[str] = ()) -> Refusal:
    nearest = {hit.document.id: hit.document for hit in hits}
    return Refusal(query=query, reason=reason, missing=tuple(lacking), nearest=tuple(nearest.values())[:3])


def _few(query: Query, ranked: Sequence[Evidence]) -> list[Evidence]:
    """The best piece, the best for the second thing asked for, and others that are not far behind; none overlapping."""
    leading = [next((piece for piece in ranked if _of_kind(query, piece.unit, kind)), ranked[0]) for kind in query.wanted[1:]]
    if SEVERAL.search(query.text):
        leading += _best_of_each(ranked)
    chosen: list[Evidence] = []
    length = 0
    for piece in [ranked[0], *leading, *ranked]:
        if len(chosen) == QUOTES:
            break
        if piece.score < ranked[0].score - _BEHIND or any(_overlap(piece.unit, other.unit) for other in chosen):
            continue
        unit = grown(piece.unit, [other.unit for other in chosen])
        size = unit.end - unit.start
        if not chosen or length + size <= BUDGET:
            chosen.append(replace(piece, unit=unit))
            length += size
    return chosen


def _of_kind(query: Query, unit: Unit, kind: Wanted) -> bool:
    return answers_kind(query, unit.text, kind, above(unit) if query.per else "") >= _KIND


def _narrowed(query: Query, chosen: Sequence[Evidence], pieces: Judged) -> list[Evidence]:
    """The chosen, each as small as it answers: what else stands in its table or list is not quoted in the room that is left."""
    return [replace(piece, unit=narrowed(query, piece.unit, pieces.counts, pieces.shares)) for piece in chosen]


def _best_of_each(ranked: Sequence[Evidence]) -> list[Evidence]:
    """The best piece of each document that answers nearly as well as the best of all."""
    first: dict[str, Evidence] = {}
    for piece in ranked:
        first.setdefault(piece.unit.document.id, piece)
    return [piece for piece in first.values() if piece.score >= ranked[0].score - _LIKE]


def _overlap(one: Unit, other: Unit) -> bool:
    return one.document.id == other.document.id and one.start < other.end and other.start < one.end


def _led(query: Query, chosen: Sequence[Evidence], pieces: Judged) -> list[Evidence]:
    """The pieces, of each document the first with the words of the answer, where they are surely it: short, of its kind."""
    told: set[str] = set()
    found = []
    for piece in chosen:
        name = piece.unit.document.id
        words = "" if name in told else _words(query, piece, pieces)
        told |= {name} if words else set()
        found.append(replace(piece, words=words))
    return found if found[0].words else [replace(piece, words="") for piece in found]


def _words(query: Query, piece: Evidence, pieces: Judged) -> str:
    unit, wanted = piece.unit, query.wanted[0]
    start, end, chance = pieces.answers[unit.document.id]
    words = unit.document.text[start:end]
    fits = unit.start <= start and end <= unit.end and "\n" not in words and 2 * len(words) < unit.end - unit.start
    sure = fits and chance >= _SURE and wanted in _NAMEABLE
    fits = sure and answers_kind(replace(query, per=()), words, wanted) >= _KIND
    return words if fits and (not query.per or _is_for(query.per, unit, start, end)) else ""


def _is_for(units: Sequence[str], piece: Unit, start: int, end: int) -> bool:
    """Whether a value, at these characters of the document, is for one of the units: by what is beside it in its line."""
    text = piece.document.text
    first = max(piece.start, start - _BESIDE, text.rfind("\n", 0, start) + 1)
    last = min(piece.end, end + _BESIDE)
    return told(units, thai.arabic_digits(text[first:last]), above(piece))


def _is_of_several(query: Query, chosen: Sequence[Evidence]) -> bool:
    """Whether documents answer alike, and several are asked for or their figures differ."""
    alike = _best_of_each(sorted(chosen, key=lambda piece: -piece.score))
    return len(alike) > 1 and (bool(SEVERAL.search(query.text)) or differ(chosen))


def differ(chosen: Sequence[Evidence]) -> bool:
    """Whether the words of the answer have other figures in one document than in another."""
    words = [piece.words for piece in chosen if piece.words]
    return any(_DIGIT.search(one) and missing(one, other) and missing(other, one) for one in words for other in words)


_DIGIT = re.compile("[0-9๐-๙]")


def _newest_first(chosen: Sequence[Evidence]) -> list[Evidence]:
    """By the documents' days, those without one last; within a document as they were."""
    return sorted(chosen, key=lambda piece: piece.unit.document.date or "", reverse=True)


def _with_headers(chosen: Sequence[Evidence]) -> list[Evidence]:
    """After each row of a table the row that names its columns, once."""
    found: list[Evidence] = []
    for piece in chosen:
        found.append(piece)
        header = header_of(piece.unit)
        if header and not any(_overlap(header, other.unit) for other in [*chosen, *found]):
            found.append(Evidence(header, piece.score, names_columns=names_columns(header, piece.unit)))
    return found
