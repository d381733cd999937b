"""BM25 over Thai words as sparse vectors whose inner product is the score, for an engine that knows no Thai.

What a passage's words weigh hangs on the passage alone: lengths are compared with what is usual in reports and news, and how
rare a word is stands on the question's side. So no passage is taken in anew because others came or went.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

from vectorstore.lexical import TIE, Wanted, fields

_K1, _B = 1.2, 0.75
_USUAL: Mapping[str, float] = {"text": 60.0, "title": 12.0, "section": 6.0, "strange": 25.0}
"""How many words a passage has in each field, about: the mean of 10,000 passages of news."""

Weights = dict[int, float]
"""A sparse vector: weight by place, 0 to 2**32 - 2."""


@lru_cache(1 << 16)
def place(field: str, word: str) -> int:
    """Where a word of a field stands in every vector, for good; two of a million words share theirs with another."""
    return int.from_bytes(blake2b(f"{field} {word}".encode(errors="replace"), digest_size=4).digest()) % (2**32 - 1)


def vector(text: str, context: str) -> Weights:
    """What the words of a passage weigh; `context` is its title and sections, as `lexical.fields` takes it."""
    found: Weights = {}
    for field, words in fields(text, context).items():
        counts = Counter(words.split())
        stretch = _K1 * (1 - _B + _B * counts.total() / _USUAL[field])
        for word, count in counts.items():
            found[place(field, word)] = count * (_K1 + 1) / (count + stretch)
    return found


def rareness(passages: int, having: int) -> float:
    """What a word counts that so many of the passages have (inverse document frequency)."""
    return math.log1p((passages - having + 0.5) / (having + 0.5)) if having < passages else math.log1p(0.5 / (having + 0.5))


def places(sought: Sequence[Wanted]) -> set[int]:
    """Where the words stand that are looked for."""
    return {at for thing in sought for form in thing.forms for at, _ in _terms(thing, form)}


def question(sought: Sequence[Wanted], rare: Mapping[int, float]) -> Weights:
    """The vector that finds what may have the best scores: as if all forms of a thing counted; `rare` by place."""
    found: Weights = {}
    for thing in sought:
        best: Weights = {}
        for form in thing.forms:
            for at, share in _terms(thing, form):
                best[at] = max(best.get(at, 0.0), thing.weight * share * rare.get(at, 0.0))
        for at, weight in best.items():
            found[at] = found.get(at, 0.0) + weight
    return {at: weight for at, weight in found.items() if weight > 0}


def score(sought: Sequence[Wanted], rare: Mapping[int, float], passage: Mapping[int, float]) -> float:
    """The score of a passage: of a thing's forms the best counts, and a little of the others."""
    total = 0.0
    for thing in sought:
        forms = [
            sum(share * rare.get(at, 0.0) * passage.get(at, 0.0) for at, share in _terms(thing, form)) for form in thing.forms
        ]
        best = max(forms, default=0.0)
        total += thing.weight * (best + TIE * (sum(forms) - best))
    return total


def _terms(thing: Wanted, form: Sequence[str]) -> Iterator[tuple[int, float]]:
    return ((place(field, word), share) for word in form for field, share in thing.fields.items())
