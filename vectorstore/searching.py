"""What is searched for in an archive: by words and by meaning, fused, and said what is doubtful about it."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from vectorstore import thai, vectors
from vectorstore.embed import Embedder
from vectorstore.engine import Engine
from vectorstore.lexical import weights
from vectorstore.ranking import ranked, words_asked
from vectorstore.record import Record
from vectorstore.rerank import Candidate
from vectorstore.types import Concept, Doubt, Filter, Hit, doubt_of

_POOL = 50
"""How many passages each half brings to the fusion, at least."""
_MOST = 1000
"""How many passages one search gives at most."""


class Searching:
    """The half of a store that finds: over its record and the indexes derived from it."""

    embedder: Embedder
    _record: Record
    _indexes: Engine

    def similar(self, documents: Collection[str] | None = None) -> dict[str, list[str]]:
        """Which documents say nearly the same as each of `documents` (ids of current ones; None: all), the most alike first."""
        return self._record.copies.all() if documents is None else self._record.copies.of(documents)

    def doubts(self, hits: Sequence[Hit]) -> list[Doubt | None]:
        """What is doubtful about the words of each hit; None too where its document was removed meanwhile."""
        documents = {name: self._record.document(name) for name in {hit.document.id for hit in hits}}
        found = [(documents[hit.document.id], hit.passage) for hit in hits]
        return [doubt_of(document.blocks, passage.start, passage.end) if document else None for document, passage in found]

    def search(
        self,
        text: str,
        *,
        wanted: Filter | None = None,
        k: int = 10,
        concepts: Sequence[Concept] = (),
    ) -> list[Hit]:
        """The `k` passages that fit `text` best, best first.

        Args:
            text: a question or some words.
            wanted: which documents may be searched.
            k: how many, 1 to 1,000.
            concepts: what the text names, in all the words that the archive may use for it; its own words if none are given.
        """
        k = min(k, _MOST)
        pool = max(_POOL, 2 * k)
        concepts = concepts or words_asked(text)
        vector = vectors.of_question(self.embedder, text, concepts)
        with ThreadPoolExecutor(1) as beside:  # neither half holds Python's lock while it searches
            near = beside.submit(self._indexes.nearest, vector, pool, wanted, self._record.hidden())
            lexical = dict(self._indexes.search(weights(text, concepts), pool, wanted, self._record))
            dense = near.result()
        found = self._record.hits([*{*lexical, *dense}])
        dense |= {key: float(found[key][2] @ vector) for key in lexical if key not in dense and key in found}
        return ranked(
            text,
            self.importance(concepts),
            [
                Candidate(passage, document, lexical.get(key, 0.0), dense.get(key, 0.0))
                for key, (passage, document, _) in found.items()
            ],
            k,
            self.similar({document.id for _, document, _ in found.values()}),
        )

    def importance(self, concepts: Sequence[Concept]) -> dict[Concept, float]:
        """What each concept counts in this archive: its weight, and the more the rarer it is."""
        rare = self.rarity({concept.name: concept.alternatives for concept in concepts})
        return {concept: concept.weight * rare[concept.name] for concept in concepts}

    def rarity(self, forms: Mapping[str, Sequence[str]]) -> dict[str, float]:
        """How rare each thing is in the archive, by name: 1 for what it does not have, towards 0 for what every passage has.

        A thing that goes by several forms is as common as its commonest; a form is as rare as its rarest word.
        """
        words = {word for some in forms.values() for form in some for word in thai.terms(form)}
        rare = self._indexes.rarity(sorted(words), self._record)
        return {
            name: min((max((rare[word] for word in thai.terms(form)), default=1.0) for form in some), default=0.5)
            for name, some in forms.items()
        }
