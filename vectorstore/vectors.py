"""Vectors of passages and of questions: what each is drawn towards."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vectorstore.embed import Embedder
from vectorstore.types import Concept, Document, Passage

_TITLE, _OPENING = 0.6, 80
"""Weight of the title's vector against the passage's, and how many characters of a title are read."""
_FORMS = 3
"""How many forms of a thing lend the question their meaning."""
_TRANSLATED, _REWORDED = 1.0, 0.25
"""Weight of the other forms' vector against the question's own, in an English question and in a Thai one."""


def of_passages(embedder: Embedder, entries: Sequence[tuple[Document, Sequence[Passage]]]) -> NDArray[np.float32]:
    """One vector for each passage, float32 (passages, dimension): that of its text drawn towards that of its title.

    A passage seldom names what the whole document is about, and a question does. The opening of a title says it; what
    follows in a long one, mostly a first sentence in place of a title, would blur it.
    """
    texts = ["\n".join((*passage.section[-1:], passage.text)) for _, passages in entries for passage in passages]
    counts = [len(passages) for _, passages in entries]
    titles = embedder.embed([document.title[:_OPENING] for document, _ in entries])
    vectors = embedder.embed(texts) + _TITLE * np.repeat(titles, counts, axis=0)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(norms > 0, norms, 1), np.float32)


def of_question(embedder: Embedder, text: str, concepts: Sequence[Concept]) -> NDArray[np.float32]:
    """The question's vector, drawn towards the other words for what it names: by much where it is all English."""
    other = [form for concept in concepts for form in concept.alternatives[:_FORMS] if form not in text]
    own, others = embedder.embed([text, " ".join(other)], question=True)
    vector = own + (_TRANSLATED if text.isascii() else _REWORDED) * others
    norm = float(np.linalg.norm(vector))
    return np.asarray(vector / norm if norm else vector, np.float32)
