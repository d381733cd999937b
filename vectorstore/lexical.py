"""BM25 over Thai words on disk: the only door to tantivy.

Words are cut by us and joined by spaces, because no tokenizer of tantivy's knows Thai; the index keeps the passage's
key and nothing else of it.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import tantivy

from vectorstore import thai
from vectorstore.errors import StoreError
from vectorstore.types import Filter

_HEAP = 60_000_000
_CONTEXT = 0.4
"""Weight of a word in the title or section path against the same word in the text."""


_EXTRA = 0.6
"""Weight of a word that was added to the question against one that was asked."""


class LexicalBroken(StoreError):
    """Tantivy refuses its own folder; the index has to be built anew."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("context", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("facts", tokenizer_name="raw")
    return builder.build()


@lru_cache(1 << 14)
def fields(text: str, context: str) -> Mapping[str, str]:
    """The fields of words that the index keeps of a passage, by name; `context` is its title and sections.

    Remembered for a while, because words are known when a passage is embedded, and wanted when the indexes follow.
    """
    return {
        "text": _spaced(text),
        "context": _spaced(context),
    }


@lru_cache(1 << 12)
def _spaced(text: str) -> str:
    """The words of `text`, joined by spaces; a title comes with each of its passages."""
    return " ".join(thai.terms(text))


class Lexical:
    """Passages by their words, titles and sections."""

    def __init__(self, folder: Path) -> None:
        """Opens or makes the index in `folder`.

        Raises:
            LexicalBroken: tantivy cannot open it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._index = tantivy.Index(_schema(), path=str(folder))
        except ValueError as error:
            raise LexicalBroken(f"ดัชนีคำใช้ไม่ได้ ({error})") from error

    def change(self, added: Iterable[tuple[int, str, str, tuple[str, ...]]], removed: Sequence[int] = ()) -> None:
        """Adds or sets passages (key, text, title and sections, facts), drops others, and commits: all or nothing.

        A fact is "name:value", such as "year:2023" or "province:เลย".
        """
        try:
            writer = self._index.writer(heap_size=_HEAP, num_threads=1)
            for key in removed:
                writer.delete_documents_by_term("key", str(key))
            for key, text, context, facts in added:
                writer.delete_documents_by_term("key", str(key))
                row = {"key": str(key), "facts": list(facts), **fields(text, context)}
                writer.add_document(tantivy.Document(**row))
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()
        except (ValueError, OSError) as error:
            raise LexicalBroken(f"เขียนดัชนีคำไม่ได้ ({error})") from error

    def count(self) -> int:
        """Number of passages."""
        return int(self._index.searcher().num_docs)

    def search(self, weights: Mapping[str, float], k: int, wanted: Filter | None = None) -> list[tuple[int, float]]:
        """The `k` best (key, BM25 score), best first, for words with their weights."""
        parts = []
        for word, weight in weights.items():
            for field, share in (("text", 1.0), ("context", _CONTEXT)):
                query = tantivy.Query.term_query(self._index.schema, field, word)
                parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, weight * share)))
        if not parts:
            return []
        query = tantivy.Query.boolean_query(parts)
        if wanted:
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *self._must(wanted)])
        try:
            searcher = self._index.searcher()
            return [(int(searcher.doc(address)["key"][0]), float(score)) for score, address in searcher.search(query, k).hits]
        except (ValueError, OSError) as error:
            raise LexicalBroken(f"ค้นดัชนีคำไม่ได้ ({error})") from error

    def rarity(self, words: Sequence[str]) -> dict[str, float]:
        """How rare each word is, from 1 (in no passage) towards 0 (in all): its inverse document frequency over the largest."""
        searcher = self._index.searcher()
        most = math.log1p(searcher.num_docs + 0.5) or 1.0
        return {word: math.log1p((searcher.num_docs + 0.5) / (searcher.doc_freq("text", word) + 1)) / most for word in words}

    def _must(self, wanted: Filter) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        fields = {"year": wanted.years, "province": wanted.provinces, "kind": wanted.kinds, "document": wanted.documents}
        musts = []
        for name, values in fields.items():
            if values:
                any_of = [
                    (tantivy.Occur.Should, tantivy.Query.term_query(self._index.schema, "facts", f"{name}:{value}"))
                    for value in values
                ]
                only = tantivy.Query.const_score_query(tantivy.Query.boolean_query(any_of), 0.0)
                musts.append((tantivy.Occur.Must, only))
        return musts


def weights(text: str, extra: Sequence[str] = ()) -> dict[str, float]:
    """The words to look for and their weights: those asked at 1, added ones lower, stop words not at all.

    A question of stop words alone keeps them, for want of better.
    """
    asked = dict.fromkeys(thai.terms(text), 1.0)
    kept = {word: weight for word, weight in asked.items() if word not in thai.stopwords()} or asked
    added = {word: _EXTRA for phrase in extra for word in thai.terms(phrase) if word not in thai.stopwords()}
    return added | kept
