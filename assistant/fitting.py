"""Which documents speak of what a question asks about, and have the place, year or meeting that it names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.match import Text, coverage
from assistant.types import Query
from vectorstore.types import Document, Hit, Passage

_HEARD, _MISSED = 0.35, 0.6
"""Share of what is asked that a document must speak of anywhere, and what a word counts there that no document has."""
_SHORT, _NEAR = 8000, 600
"""All of a document of so many characters is looked at; of a longer one so many to either side of each passage found."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """A document that has all that a question requires, with the passages found in it, the best first.

    `text` is what it says about the matter; `heard`, 0 to 1, how much of what is asked that speaks of.
    """

    document: Document
    hits: tuple[Hit, ...]
    text: Text
    heard: float


def fit(
    query: Query, hits: Sequence[Hit], documents: Mapping[str, Document], rarity: Mapping[str, float]
) -> tuple[list[Fitting], list[str]]:
    """The documents that speak of the matter and have all that is required; and what the nearest of the others lacks.

    Args:
        query: the question.
        hits: what the search found, best first.
        documents: the documents of the first hits by id, in the hits' order.
        rarity: how rare each concept of the question is in the archive, 0 to 1, by name.
    """
    required = [concept for concept in query.concepts if concept.required]
    counts = {name: _MISSED if rare >= 1 else rare for name, rare in rarity.items()}
    fitting: list[Fitting] = []
    lacking: list[str] = []
    missing: list[str] = []
    for document in documents.values():
        own = tuple(hit for hit in hits if hit.document.id == document.id)
        text = Text(_scope(document, [hit.passage for hit in own]))
        lacks = [concept.name for concept in required if not text.holds(concept)]
        heard = coverage(query.concepts, counts, [(text, 1.0)])
        if lacks:
            lacking = lacking or lacks
        elif heard >= _HEARD:
            fitting.append(Fitting(document, own, text, heard))
        else:
            missing = missing or unheard(query, [text])
    return fitting, lacking or missing


def unheard(query: Query, texts: Iterable[Text]) -> list[str]:
    """What none of the texts speaks of, for the refusal to name."""
    texts = list(texts)
    return [concept.name for concept in query.concepts if not any(text.holds(concept) for text in texts)][:5]


def _scope(document: Document, found: Sequence[Passage]) -> str:
    head = "\n".join([document.title, document.source, f"ปี {document.date[:4]}" if document.date else ""])
    if len(document.text) <= _SHORT:
        return f"{head}\n{document.text}"
    near = (document.text[max(0, passage.start - _NEAR) : passage.end + _NEAR] for passage in found)
    return "\n".join([head, *near])
