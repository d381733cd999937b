"""The first passages in a better order: what each says of the question, weighed as learned on development questions.

A passage's score is a logistic regression over the features named in `NAMES`. The weights lie in `data/ranking.json`,
written by `python -m tests.bench.learn`; the features need no word segmentation of the passages, so that fifty of
them take a few milliseconds.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vectorstore import thai
from vectorstore.dates import dates
from vectorstore.types import Concept, Header, Passage

Matrix = NDArray[np.float32]

NAMES = (
    "lexical",  # BM25 score, the best of the candidates being 1
    "dense",  # cosine similarity, the best of the candidates being 1
    "cosine",  # cosine similarity
    "covered",  # share of what is asked, rare things counting more, that the passage speaks of
    "headed",  # the same for the passage with its title and sections
    "title",  # the same for the title and sections alone
    "document",  # the same for all candidates of the document together
    "near",  # the same for the best stretch of the passage
    "grams3",  # share of the question's runs of 3 letters in the passage, those of few candidates counting more
    "grams4",
    "grams6",
    "numbers",  # share of the question's numbers in the passage, its title or sections
    "years",  # whether the document is of a year asked for: 1, or 0.5 where it names one
    "dates",  # whether the document is of a day or month asked for: 1, or 0.5 where it names one
)
"""What is looked at, in the order of the columns."""
WEIGHTS = Path(__file__).with_name("data") / "ranking.json"

_STRETCH = 120
"""Letters of a stretch of text in which things stand near to each other."""
_SHORT = 3
"""Thai forms of fewer letters are not looked for: nearly every passage holds them somewhere."""
_FORMS = 4
"""How many forms of a thing lend their letters to the question."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage to be judged, with its BM25 score and its cosine similarity with the question."""

    passage: Passage
    document: Header
    lexical: float
    dense: float


def rerank(text: str, concepts: Mapping[Concept, float], candidates: Sequence[Candidate]) -> NDArray[np.float32]:
    """How surely each candidate answers `text`, 0 to 1, float32 (len(candidates),).

    Args:
        text: the question, in whatever language.
        concepts: what it names, each with what it counts (0 or more).
        candidates: passages of one search.
    """
    if not candidates:
        return np.zeros(0, np.float32)
    weights, bias = _learned()
    odds = features(text, concepts, candidates) @ weights + bias
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


def features(text: str, concepts: Mapping[Concept, float], candidates: Sequence[Candidate]) -> Matrix:
    """What is looked at, float32 (len(candidates), len(NAMES)), each value 0 to 1 (a cosine may be below)."""
    documents = [candidate.document for candidate in candidates]
    bodies = [_plain(candidate.passage.text) for candidate in candidates]
    heads = [_plain("\n".join((c.document.title, *c.passage.section))) for c in candidates]
    named = [(concept, weight) for concept, weight in concepts.items() if not concept.years and weight > 0]
    counts = np.array([weight for _, weight in named], np.float32)
    total = float(counts.sum()) or 1.0
    forms = [_forms(concept) for concept, _ in named]
    placed = [[_first(of_one, body) for of_one in forms] for body in bodies]
    inside = np.array(placed, np.float32).reshape(len(candidates), len(forms)) >= 0
    above = np.array([[_first(of_one, head) >= 0 for of_one in forms] for head in heads], bool).reshape(inside.shape)
    either = inside | above
    together = either.copy()
    places: dict[str, list[int]] = {}
    for place, document in enumerate(documents):
        places.setdefault(document.id, []).append(place)
    for own in places.values():
        together[own] = either[own].any(axis=0)
    lexical = np.array([candidate.lexical for candidate in candidates], np.float32)
    cosine = np.array([candidate.dense for candidate in candidates], np.float32)
    asked = _letters(text, [concept for concept, _ in named])
    columns = [
        lexical / max(float(lexical.max()), 1e-9),
        np.maximum(cosine, 0) / max(float(cosine.max()), 1e-9),
        cosine,
        *(np.where(held, counts, 0).sum(axis=1) / total for held in (inside, either, above, together)),
        np.array([_nearest(row, counts) for row in placed], np.float32) / total,
        *(_grams(asked, bodies, size) for size in (3, 4, 6)),
        _numbers(text, [f"{head}\n{body}" for head, body in zip(heads, bodies, strict=True)]),
        _years(concepts, documents),
        _dates(text, documents),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


@cache
def _learned() -> tuple[NDArray[np.float32], float]:
    """(weights in the order of `NAMES`, bias)."""
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return np.array([kept["weights"][name] for name in NAMES], np.float32), float(kept["bias"])


def _plain(text: str) -> str:
    """A passage's text as forms are looked for in it; what `thai.fold` does beyond that, the archive's text does not need."""
    return thai.arabic_digits(text).lower().replace(" ", "").replace("\n", "")


def _forms(concept: Concept) -> tuple[str | re.Pattern[str], ...]:
    """What to look for of a concept, in plain text; nothing where its forms are too short to tell anything."""
    found: list[str | re.Pattern[str]] = []
    for form in dict.fromkeys(map(_plain, concept.alternatives)):
        if form[:1].isdigit() or (form.isascii() and len(form) <= _SHORT):
            found.append(re.compile(f"(?<![0-9a-z]){re.escape(form)}(?![0-9a-z])"))
        elif len(form) >= _SHORT:
            found.append(form)
    return tuple(found)


def _first(forms: Sequence[str | re.Pattern[str]], text: str) -> int:
    """Where in `text` the first of the forms found stands; -1 where none does."""
    for form in forms:
        if isinstance(form, str):
            if (place := text.find(form)) >= 0:
                return place
        elif match := form.search(text):
            return match.start()
    return -1


def _nearest(places: Sequence[int], counts: Matrix) -> float:
    """The greatest weight of things whose first places lie within one stretch of the text."""
    found = sorted((place, float(count)) for place, count in zip(places, counts, strict=True) if place >= 0)
    best = held = 0.0
    last = 0
    for first, (start, count) in enumerate(found):
        while last < len(found) and found[last][0] - start <= _STRETCH:
            held += found[last][1]
            last += 1
        best = max(best, held)
        held -= found[first][1] if first < last else count
    return best


def _letters(text: str, concepts: Sequence[Concept]) -> str:
    """The question in Thai letters: itself, or where it has few, the Thai forms of what it names."""
    folded = thai.fold(text)
    if sum("ก" <= letter <= "๎" for letter in folded) * 2 >= len(folded):
        return folded
    forms = (thai.fold(form) for concept in concepts for form in concept.alternatives[:_FORMS])
    return " ".join(form for form in forms if not form.isascii()) or folded


def _grams(asked: str, texts: Sequence[str], size: int) -> NDArray[np.float32]:
    """The share of the runs of `size` letters of `asked` that each text has, those that few texts have counting more."""
    wanted = np.unique(_runs(asked, size))
    if not len(wanted):
        return np.zeros(len(texts), np.float32)
    found = _runs("\n".join(texts), size)  # a run over the end of a text is in no question
    owner = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts])[: len(found)]
    likely = np.zeros(1 << 16, bool)  # by their last bits: few runs are looked up at all
    likely[wanted.astype(np.uint16)] = True
    maybe = np.flatnonzero(likely[found.astype(np.uint16)])
    place = np.minimum(np.searchsorted(wanted, found[maybe]), len(wanted) - 1)
    same = wanted[place] == found[maybe]
    held = np.zeros((len(texts), len(wanted)), np.float32)
    held[owner[maybe[same]], place[same]] = 1
    rare = np.log((len(texts) + 1) / (held.sum(axis=0) + 0.5))
    return np.asarray(held @ rare / rare.sum(), np.float32)


def _runs(text: str, size: int) -> NDArray[np.uint64]:
    """A number for each run of `size` letters of `text`, uint64 (len(text) - size + 1,); equal runs have equal numbers."""
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    count = max(0, len(letters) - size + 1)
    runs = np.zeros(count, np.uint64)
    for at in range(size):
        runs = runs * np.uint64(0x9E3779B97F4A7C15) + letters[at : at + count]
    return runs


_NUMBER = re.compile("[0-9]+(?:[.,][0-9]+)*")


def _numbers(text: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """The share of the numbers of `text` that each of the texts has; 0 where it has none."""
    asked = {number.replace(",", "") for number in _NUMBER.findall(thai.arabic_digits(text))}
    if not asked:
        return np.zeros(len(texts), np.float32)
    held = [{number.replace(",", "") for number in _NUMBER.findall(other)} for other in texts]
    return np.array([len(asked & other) / len(asked) for other in held], np.float32)


def _dates(text: str, documents: Sequence[Header]) -> NDArray[np.float32]:
    asked = tuple({date.first for date in dates(text)})
    if not asked:
        return np.zeros(len(documents), np.float32)
    return np.array(
        [
            1.0
            if (document.date or "").startswith(asked)
            else 0.5
            if any(date.startswith(asked) for date in document.dates)
            else 0.0
            for document in documents
        ],
        np.float32,
    )


def _years(concepts: Mapping[Concept, float], documents: Sequence[Header]) -> NDArray[np.float32]:
    asked = {year for concept in concepts for year in concept.years}
    named = [{int(date[:4]) for date in document.dates} for document in documents]
    return np.array(
        [
            1.0 if asked & document.years else 0.5 if asked & dates else 0.0
            for document, dates in zip(documents, named, strict=True)
        ],
        np.float32,
    )
