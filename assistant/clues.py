"""What a reader is told of each word of a text: how near it is to what a question names, and what sort of word it is."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from assistant.match import Text
from assistant.tokens import SORTS, Tokens, tokens
from assistant.types import Concept, Query, Wanted
from vectorstore import thai
from vectorstore.dates import years

Floats = NDArray[np.float32]

_REACHES = (4, 12, 40, 120)
"""Words to either side within which a mention counts."""
_KINDS = get_args(Wanted)
CLUES = 4 + 3 * len(_REACHES) + 1 + 4 + 6 + SORTS + len(_KINDS)
"""How many numbers tell of a word."""
_SHORT = 4
"""Forms below this many characters are matched as whole words: สมาคม ends in คม."""
_EMPTY, _FULL = 10.0, 40.0
"""Lengths of the vectors of words that tell hardly anything, and of names."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question prepared for reading: its own words, and the `m` things it names.

    `vectors`: float32 (m, dimension), of each thing; `counts`: float32 (m,), what each counts, 1 in all.
    """

    query: Query
    words: Tokens
    vectors: Floats
    counts: Floats


def asked(query: Query) -> Asked:
    """`query` prepared: what it names counts by how much its words tell, whatever archive is asked."""
    thai_names = query.language == "th"
    vectors = [
        _vector(concept.name if thai_names else next(iter(concept.alternatives), concept.name)) for concept in query.concepts
    ]
    counts = np.array([concept.weight * _telling(concept.name) for concept in query.concepts], np.float32)
    return Asked(
        query=query,
        words=tokens(query.text),
        vectors=np.stack(vectors) if vectors else np.zeros((0, tokens("ก").vectors.shape[1]), np.float32),
        counts=counts / counts.sum() if len(counts) else counts,
    )


@lru_cache(1 << 12)
def _telling(name: str) -> float:
    """How much a name tells, 0.1 to 1: what its most telling word does."""
    return float(np.clip((tokens(name).telling.max(initial=0) - _EMPTY) / (_FULL - _EMPTY), 0.1, 1))


@lru_cache(1 << 12)
def _vector(name: str) -> Floats:
    summed = (words := tokens(name)).vectors.T @ words.telling
    return np.asarray(summed / (np.linalg.norm(summed) or 1), np.float32)


def clues(question: Asked, text: str, words: Tokens, title: Text) -> Floats:
    """What there is to tell of each of `words`, float32 (n, CLUES).

    Args:
        question: what is asked.
        text: the text that the words are of, repaired.
        words: its words, or those of parts of it.
        title: what says what the text is about, without being part of it.
    """
    n, concepts = len(words.words), question.query.concepts
    if not n:
        return np.zeros((0, CLUES), np.float32)
    counts = question.counts
    named = _named(concepts, text, words)
    alike = np.maximum(words.vectors @ question.vectors.T, 0)
    either = np.maximum(named, alike)
    of_title = np.array([title.holds(concept) for concept in concepts], np.float32)
    most = counts.max() if len(counts) else 1.0
    columns = [_most(named), _most(named * counts) / most, _most(alike), _most(either * counts) / most]
    for reach in _REACHES:
        near, around = _within(named, reach), _within(either, reach)
        columns += [np.maximum(near, of_title) @ counts, around @ counts, _most((1 - around) * counts) / most]
    columns.append(np.full(n, _most((1 - either.max(axis=0, initial=0)[None]) * counts)[0] / most, np.float32))
    columns.extend(_of_lines(named, words.opens[:, 1]) @ counts)
    place = np.arange(n, dtype=np.float32)
    lengths = _since_break(words.opens[:, 1])
    columns += [np.log1p(place) / 6, words.telling / 30, *words.opens.T, _bracketed(words.words), lengths]
    kinds = np.array([kind in question.query.wanted for kind in _KINDS], np.float32)
    return np.column_stack([*columns, words.sorts, np.broadcast_to(kinds, (n, len(_KINDS)))]).astype(np.float32)


def _most(values: Floats) -> Floats:
    return values.max(axis=1) if values.shape[1] else np.zeros(len(values), np.float32)


def _within(values: Floats, reach: int) -> Floats:
    """The greatest of each column within `reach` rows to either side of each row, by doubling."""
    padding = np.zeros((reach, values.shape[1]), np.float32)
    found, have, size = np.concatenate([padding, values, padding]), 1, 2 * reach + 1
    while have < size:
        step = min(have, size - have)
        found = np.maximum(found[:-step], found[step:])
        have += step
    return found


def _of_lines(values: Floats, breaks: Floats) -> Floats:
    """The greatest of each column in each row's line, the line before, the one after, and the line or the one before.

    Returns float32 (4, n, columns): a table's row answers by its own line, a figure below its label by the one before.
    """
    starts = np.flatnonzero(np.concatenate([[1.0], breaks[1:]]))
    line = np.cumsum(np.concatenate([[0.0], breaks[1:]])).astype(int)
    most = np.maximum.reduceat(values, starts, axis=0)
    none = np.zeros((1, values.shape[1]), np.float32)
    before, after = np.concatenate([none, most[:-1]]), np.concatenate([most[1:], none])
    return np.stack([most, before, after, np.maximum(most, before)])[:, line]


def _since_break(breaks: Floats) -> Floats:
    """How many words stand before each in its line, up to 30, as a share of that."""
    place = np.arange(len(breaks))
    first = np.maximum.accumulate(np.where(breaks > 0, place, 0))
    return np.minimum((place - first) / 30, 1).astype(np.float32)


def _bracketed(words: Sequence[str]) -> Floats:
    depth, inside = np.zeros(len(words), np.float32), 0.0
    for place, word in enumerate(words):
        inside = 1.0 if word == "(" else inside
        depth[place] = inside
        inside = 0.0 if word == ")" else inside
    return depth


def _named(concepts: Sequence[Concept], text: str, words: Tokens) -> Floats:
    """1 where a form of a concept covers a word, float32 (n, len(concepts))."""
    found = np.zeros((len(words.words), len(concepts)), np.float32)
    plain, starts, ends = _plain(text, words)
    rows: dict[str, list[int]] = {}
    for row, word in enumerate(words.words):
        rows.setdefault(word, []).append(row)
    own_starts, own_ends = words.starts.tolist(), words.ends.tolist()
    for column, concept in enumerate(concepts):
        for form in concept.alternatives:
            found[_covered(form, rows, plain, starts, ends), column] = 1
        for year in years(text) if concept.years else ():
            if year.value in concept.years:
                found[_between(own_starts, own_ends, year.start, year.end), column] = 1
    return found


def _plain(text: str, words: Tokens) -> tuple[str, list[int], list[int]]:
    """The text in small letters without spaces, and where each word begins and ends in it."""
    small = thai.arabic_digits(text).lower()
    if len(small) != len(text):
        small = thai.arabic_digits(text)
    codes = np.frombuffer(small.encode("utf-32-le"), np.uint32)
    solid = ~np.isin(codes, _SPACES)
    places = np.concatenate([[0], np.cumsum(solid)])
    return codes[solid].tobytes().decode("utf-32-le"), places[words.starts].tolist(), places[words.ends].tolist()


def _covered(form: str, rows: Mapping[str, list[int]], plain: str, starts: list[int], ends: list[int]) -> list[int]:
    """The rows of the words that a form covers, wherever it stands; a short one counts only as whole words."""
    folded = _folded(form)
    if len(folded) < _SHORT or folded.isdigit():
        own = thai.terms(form)
        return [row for word in own for row in rows[word]] if all(word in rows for word in own) else []
    covered: list[int] = []
    at = plain.find(folded)
    while at >= 0:
        covered += _between(starts, ends, at, at + len(folded))
        at = plain.find(folded, at + len(folded))
    return covered


def _between(starts: Sequence[int], ends: Sequence[int], start: int, end: int) -> range:
    """The rows of the words that touch the characters from `start` to `end`."""
    return range(bisect_right(ends, start), bisect_left(starts, end))


_SPACES = np.array([ord(space) for space in " \n\t\r\u00a0"], np.uint32)


@lru_cache(1 << 12)
def _folded(form: str) -> str:
    return "".join(thai.arabic_digits(form).lower().split())
