"""How well each piece of the fitting documents answers, and whether any does: `python -m tests.bench.learn_answering`."""

import heapq
import json
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.clues import asked
from assistant.fitting import Fitting
from assistant.match import Text, answers_kind, coverage
from assistant.rates import told
from assistant.reader import Read, read
from assistant.types import Query
from assistant.units import Stretch, Unit, above, stretches
from vectorstore import thai
from vectorstore.types import Document, Passage

WEIGHTS = Path(__file__).with_name("data") / "answering.json"
PIECE = ("share", "hit", "coverage", "kind", "length", "whole", "title")
"""What tells how well a piece answers, in the order of `Judged.features`."""
ANSWER = ("chance", "most", "share", "hit", "coverage", "kind", "heard", "listed", "bias")
"""What tells whether anything answers, in the order of `Judged.signs`."""
_LOOKED_AT = 40
"""How many pieces are judged; the others hold less of what the reader takes for the answer."""
_ROUNDED = 1e-9
"""What a piece may seem to hold more than the stretch that it is of, because sums are rounded."""
_ELSEWHERE = 0.4
"""What a mention elsewhere in the document is worth; one in its title, section or lead-in is as good as its own."""
_SHORT, _AROUND = 7000, 300
"""A document of so many characters is read whole; of a longer one so many to either side of each passage found."""
_DOUBT = 0.01
"""The reader's doubt is believed down to here: there are layouts of tables that it was never taught."""
_LACKING, _SURE = 0.25, 0.5
"""A piece that lacks the one thing which is so much of the matter is of another, unless the reader is so sure."""
_ABSENT = 0.24
"""What a word counts that the archive does not have at all: it may be another way of saying what the archive has."""

_MEETING = re.compile("ครั้งที่ *[0-9]+ */ *[0-9]{2,4}")

Floats = NDArray[np.float64]
Span = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """Pieces of the fitting documents, in no order.

    `features`: float64 (n, len(PIECE)); `chances`: float64 (n,), how surely each one's document answers; `heard`: float64
    (n,), how much of the matter its document speaks of; `lacking`: float64 (n,), what share of the matter the one thing is
    that counts most of those which neither the piece nor what is above it names; `most`: the highest chance of a document;
    `answers`: for each document's id the likeliest words of an answer, their place (0-based, end exclusive) and chance;
    `reads`: what the reader makes of each document, by id; `counts`: what each thing asked about counts, by name.
    """

    units: tuple[Unit, ...]
    features: Floats
    chances: Floats
    heard: Floats
    lacking: Floats
    most: float
    answers: Mapping[str, Span]
    reads: Mapping[str, Read]
    counts: Mapping[str, float]

    def signs(self, place: int) -> Floats:
        """What tells whether the piece at `place` answers, float64 (len(ANSWER),)."""
        share, odds, covered, kind, *_ = self.features[place]
        chance, most = (_odds(max(of, _DOUBT)) for of in (float(self.chances[place]), self.most))
        share = max(share, math.log(_DOUBT))
        listed = float(any(sign in self.units[place].text for sign in "\n|"))
        return np.array([chance, most, share, odds, covered, kind, float(self.heard[place]), listed, 1.0])

    def scores(self) -> Floats:
        """The log odds of each piece against the others, up to a constant, float64 (n,)."""
        return np.asarray(self.features @ _weights().piece)

    def shares(self, pieces: Sequence[Unit]) -> list[float]:
        """How much of what the reader takes for the answer each of some pieces of one document holds, 0 to 1."""
        if not pieces:
            return []
        holding = _Holding(self.reads[pieces[0].document.id])
        return [holding.of(piece) or 0.0 for piece in pieces]

    def speaks_at(self, place: int) -> bool:
        """Whether the piece at `place` is of the matter that is asked about: it surely answers, or names what counts."""
        return bool(self.chances[place] >= _SURE or self.lacking[place] < _LACKING)

    def answers_at(self, place: int) -> bool:
        """Whether the piece at `place` surely enough answers at all."""
        weights = _weights()
        return bool(self.signs(place) @ weights.answer >= weights.least)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature and sign counts, and the log odds from which a question is answered."""

    piece: Floats
    answer: Floats
    least: float


@cache
def _weights() -> Weights:
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    piece, answer = (np.array([kept[part][name] for name in names]) for part, names in (("piece", PIECE), ("answer", ANSWER)))
    return Weights(piece, answer, float(kept["least"]))


def judge(query: Query, fitting: Iterable[Fitting], rarity: Mapping[str, float]) -> Judged:
    """The likeliest pieces of the documents, and what tells how well they answer."""
    question, wanted = asked(query), _meetings(query)
    counts = {name: _ABSENT if rare >= 1 else rare for name, rare in rarity.items()}
    found: list[tuple[float, Unit, float, float, Fitting]] = []
    answers: dict[str, Span] = {}
    reads: dict[str, Read] = {}
    for fit in fitting:
        spans = _read(wanted, fit.document, reach(fit.document, [hit.passage for hit in fit.hits]))
        held = read(question, fit.document.text, fit.document.title, spans)
        if not held.words.words:
            continue
        reads[fit.document.id] = held
        first, last, likely = held.best()
        answers[fit.document.id] = int(held.words.starts[first]), int(held.words.ends[last]), likely
        chance, odds = held.chance, _odds(fit.hits[0].score) / 2
        likeliest = _likeliest(held, stretches(fit.document, spans), wanted)
        found += [(math.log(share + 1e-4) + odds, unit, share, chance, fit) for unit, share in likeliest]
    found = sorted(found, key=lambda piece: -piece[0])[:_LOOKED_AT]
    query = stated(query, [unit for _, unit, *_ in found])
    texts = _Texts()
    rows = [_features(query, unit, share, fit, counts, texts) for _, unit, share, _, fit in found]
    return Judged(
        units=tuple(unit for _, unit, *_ in found),
        features=np.array(rows, np.float64).reshape(-1, len(PIECE)),
        chances=np.array([chance for *_, chance, _ in found]),
        heard=np.array([fit.heard for *_, fit in found]),
        lacking=np.array([_lacking(query, unit, counts, texts) for _, unit, *_ in found]),
        most=max((chance for *_, chance, _ in found), default=0.0),
        answers=answers,
        reads=reads,
        counts=counts,
    )


def stated(query: Query, pieces: Iterable[Unit]) -> Query:
    """The question as far as the pieces go: where none gives a value for the unit that is asked, any value may be it."""
    said = any(told(query.per, thai.arabic_digits(unit.text), above(unit)) for unit in pieces) if query.per else False
    return query if said else replace(query, per=())


class _Texts(dict[str, Text]):
    """Texts prepared once for one question: what stands around a piece stands around others too."""

    def __missing__(self, text: str) -> Text:
        self[text] = made = Text(text)
        return made


def _features(
    query: Query, unit: Unit, share: float, fit: Fitting, counts: Mapping[str, float], texts: Mapping[str, Text]
) -> list[float]:
    tiers = (texts[unit.text], 1.0), (texts[unit.around], 1.0), (fit.text, _ELSEWHERE)
    covered = coverage(query.concepts, counts, tiers)
    over = above(unit) if query.per else ""
    kind = max(answers_kind(query, unit.text, kind, over) for kind in query.wanted)
    length = (unit.end - unit.start) / 100
    title = float(unit.text in unit.document.title)
    return [math.log(share + 1e-4), _odds(fit.hits[0].score), covered, kind, length, length * unit.whole, title]


def _lacking(query: Query, unit: Unit, counts: Mapping[str, float], texts: Mapping[str, Text]) -> float:
    """What share of the matter the one thing is that counts most of those not named in a piece, above it or in the title."""
    told_in = [texts[text] for text in (unit.text, unit.around, unit.document.title)]
    told = {concept: concept.weight * counts[concept.name] for concept in query.concepts}
    missed = [count for concept, count in told.items() if not any(text.holds(concept) for text in told_in)]
    return max(missed, default=0.0) / (sum(told.values()) or 1.0)


def _meetings(query: Query) -> frozenset[str]:
    """The meetings that a question names by number."""
    return frozenset("".join(concept.name.split()) for concept in query.concepts if concept.required and "/" in concept.name)


def _of_another_meeting(wanted: frozenset[str], text: str) -> bool:
    """Whether a text names meetings by number, and none of those that are asked about: its day or place would be another's."""
    named = {"".join(found.split()) for found in _MEETING.findall(thai.arabic_digits(text))} if wanted else set()
    return bool(named) and wanted.isdisjoint(named)


def _read(wanted: frozenset[str], document: Document, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans without the blocks that are of another meeting."""
    for block in document.blocks:
        if _of_another_meeting(wanted, document.text[block.start : block.end]):
            parts = [((a, min(b, block.start)), (max(a, block.end), b)) for a, b in spans]
            spans = [(a, b) for pair in parts for a, b in pair if a < b]
    return spans


def _odds(chance: float) -> float:
    chance = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(chance / (1 - chance))


class _Holding:
    """How much of what the reader takes for the answer stands between two places of a text."""

    def __init__(self, held: Read) -> None:
        self._starts: list[int] = held.words.starts.tolist()
        self._ends: list[int] = held.words.ends.tolist()
        self._summed: list[float] = [0.0, *np.cumsum(held.shares()).tolist()]

    def of(self, piece: Unit | Stretch) -> float | None:
        """The share, 0 to 1; None where none of its words was read."""
        first, last = bisect_left(self._starts, piece.start), bisect_right(self._ends, piece.end)
        return self._summed[last] - self._summed[first] if last > first else None


def _likeliest(held: Read, found: Iterable[Stretch], wanted: frozenset[str]) -> list[tuple[Unit, float]]:
    """The pieces of one document that may be looked at, in their order, each with how much of the answer it holds.

    The stretches that hold the most are cut first; one that holds less than enough pieces do has none that is looked at.
    """
    holding = _Holding(held)
    stretches = [(share, place, stretch) for place, stretch in enumerate(found) if (share := holding.of(stretch)) is not None]
    pieces: list[tuple[float, tuple[int, int], Unit]] = []
    least = 0.0
    for most, place, stretch in sorted(stretches, key=lambda one: -one[0]):
        if most < least:
            break
        units = (unit for unit in stretch.units() if not _of_another_meeting(wanted, unit.text))
        cut = ((holding.of(unit), (place, n), unit) for n, unit in enumerate(units))
        pieces += [(-share, at, unit) for share, at, unit in cut if share is not None]
        if len(pieces) > _LOOKED_AT:
            pieces = heapq.nsmallest(_LOOKED_AT, pieces, key=lambda piece: piece[:2])
            least = -pieces[-1][0] - _ROUNDED
    return [(unit, -share) for share, _, unit in sorted(pieces, key=lambda piece: piece[1])]


def reach(document: Document, found: Iterable[Passage]) -> list[tuple[int, int]]:
    """What is read of a document (0-based, end exclusive, in order): all of a short one, else what is around what was found."""
    size = len(document.text)
    if size <= _SHORT:
        return [(0, size)]
    spans: list[tuple[int, int]] = []
    for passage in sorted(found, key=lambda passage: passage.start):
        start, end = max(0, passage.start - _AROUND), min(size, passage.end + _AROUND)
        if spans and start <= spans[-1][1]:
            start, end = spans[-1][0], max(end, spans.pop()[1])
        spans.append((start, end))
    return spans
