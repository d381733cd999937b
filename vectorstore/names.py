"""English names in a question (Juti, Nong Kwang) and the Thai names of the passages at hand that sound like them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from vectorstore import thai
from vectorstore.translit import names_like
from vectorstore.types import Concept, Header, Passage

_LIKE = 4
"""How many Thai names an English one may be."""
_SHORTEST = 4
"""Letters of an English name that is looked for so."""
_CALLED = re.compile("(?:นาย|นางสาว|นาง|น\\.ส\\.|ดร\\.|พล\\.[อตท]\\.|บ้าน|ตำบล|ต\\.|อำเภอ|อ\\.|วัด|ชุมชน) ?([ก-ฮเ-ไ][ก-๎]{2,17})")
_BEGINS = re.compile("[ก-ฮเ-ไ]")


class Found(Protocol):
    """A passage that a search found, such as a candidate or a hit."""

    @property
    def passage(self) -> Passage:
        """Its words."""

    @property
    def document(self) -> Header:
        """Where they stand."""


def heard(concepts: Mapping[Concept, float], candidates: Sequence[Found]) -> dict[Concept, float]:
    """The concepts with what each counts, the English names among them with the Thai names that they may be.

    A name without a Thai form counts little, because it can stand in few passages; one that is heard counts as any other.
    """
    latin = [concept for concept in concepts if _is_name(concept)]
    if not latin:
        return dict(concepts)
    names = sorted({name for candidate in candidates for name in _names(candidate.document.title, candidate.passage.text)})
    like = {concept: tuple(names_like(concept.name, names)[:_LIKE]) for concept in latin}
    found: dict[Concept, float] = {}
    for concept, count in concepts.items():
        if forms := like.get(concept):
            found[replace(concept, alternatives=(*forms, *concept.alternatives), weight=1.0)] = count / concept.weight
        else:
            found[concept] = count
    return found


def _is_name(concept: Concept) -> bool:
    return concept.name[:1].isupper() and len(concept.name) >= _SHORTEST and all(map(str.isascii, concept.alternatives))


def _names(title: str, text: str) -> Iterator[str]:
    """What may be a name: words of the title and each two that stand together; what follows นาย, บ้าน and the like."""
    yield from _words(title)
    yield from _CALLED.findall(text)


@lru_cache(1 << 12)
def _words(title: str) -> tuple[str, ...]:
    words = [word for word in thai.words(title) if _BEGINS.match(word) and word not in thai.stopwords()]
    pairs = (one + other for one, other in pairwise(words))
    return tuple(name for name in (*words, *pairs) if len(name) > 2)
