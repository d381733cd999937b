"""BM25 over Thai words on disk: the only door to tantivy.

Words are cut by us and joined by spaces, because no tokenizer of tantivy's knows Thai; the index keeps the passage's
key and nothing else of it.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path

import tantivy

from vectorstore import limits, segments, thai
from vectorstore.errors import StoreError
from vectorstore.rust import translated
from vectorstore.types import Concept, Filter

_HEAP = 60_000_000
_FIELDS: Mapping[str, float] = {"text": 1.0, "title": 0.5, "section": 0.3}
"""Weight of a word by where it stands."""
_EXTRA = 0.6
"""Weight of another form of a thing against the word that was asked."""
TIE = 0.2
"""What the weaker forms of a thing add to its best."""
_STRIPPED, _PARTS = 0.25, 0.5
"""Weight of a word as it reads without its tone marks, and of all the runs of letters of a word together."""
_RUN = 3
"""Letters of the runs of which strange words are made."""
_SHORTEST = 5
"""Letters of a word whose runs are looked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing to look for: its forms, each as the words that it is of, and what it counts."""

    weight: float
    forms: tuple[tuple[str, ...], ...]
    fields: Mapping[str, float] = field(default_factory=lambda: _FIELDS)


class LexicalBroken(StoreError):
    """Tantivy refuses its own folder; the index has to be built anew."""


def _translated(what: str) -> translated:
    return translated(LexicalBroken, what, ValueError, OSError)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw")
    for name in ("text", "title", "section", "strange"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("facts", tokenizer_name="raw")
    return builder.build()


def context(title: str, section: Sequence[str]) -> str:
    """What `fields` takes for a passage's title and sections."""
    return "\n".join([title, *section])


@lru_cache(1 << 14)
def fields(text: str, context: str) -> Mapping[str, str]:
    """The fields of words that the index keeps of a passage, by name; `context` is its title and sections.

    Remembered for a while, because words are known when a passage is embedded, and wanted when the indexes follow.
    """
    title, _, section = context.partition("\n")
    return {
        "text": _spaced(text),
        "title": _spaced(title),
        "section": _spaced(section),
        "strange": f"{_letters(title)} {_letters(text)}",
    }


@lru_cache(1 << 12)
def _spaced(text: str) -> str:
    """The words of `text`, joined by spaces; a title comes with each of its passages."""
    return " ".join(thai.terms(text))


@lru_cache(1 << 12)
def _letters(text: str) -> str:
    """The runs of letters of the strange words of `text`, joined by spaces."""
    return " ".join(run for word in thai.strange(text) for run in runs(word))


class Lexical:
    """Passages by their words, titles and sections."""

    def __init__(self, folder: Path) -> None:
        """Opens or makes the index in `folder`.

        Raises:
            LexicalBroken: tantivy cannot open it.
        """
        self._folder = folder
        with _translated("ดัชนีคำใช้ไม่ได้"):
            folder.mkdir(parents=True, exist_ok=True)
            if wrong := segments.torn(folder):
                raise LexicalBroken(f"ไฟล์ของดัชนีคำไม่ครบหรือไม่ตรงกับที่เขียนไว้ ({wrong})")
            self._index = tantivy.Index(_schema(), path=str(folder))

    def change(self, added: Iterable[tuple[int, str, str, tuple[str, ...]]], removed: Sequence[int] = ()) -> None:
        """Adds or sets passages (key, text, title and sections, facts), drops others, and commits: all or nothing.

        A fact is "name:value", such as "year:2023" or "province:เลย".
        """
        with _translated("เขียนดัชนีคำไม่ได้"):
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

    def torn(self) -> str | None:
        """The name of a file of the index that is no longer as it was written; None where all are."""
        return segments.torn(self._folder) if self._folder.exists() else self._folder.name

    def has(self, keys: Sequence[int]) -> set[int]:
        """Those of `keys` that the index holds."""
        with _translated("ค้นดัชนีคำไม่ได้"):
            searcher = self._index.searcher()
            one = partial(tantivy.Query.term_query, self._index.schema, "key")
            return {key for key in keys if searcher.search(one(str(key)), 1).hits}

    def count(self) -> int:
        """Number of passages."""
        with _translated("ค้นดัชนีคำไม่ได้"):
            return int(self._index.searcher().num_docs)

    def search(
        self, sought: Sequence[Wanted], k: int, wanted: Filter | None = None, groups: Collection[str] | None = None
    ) -> list[tuple[int, float]]:
        """The `k` best (key, BM25 score), best first; of a thing's forms the best counts.

        What is limited to none of `groups` is left out; None leaves out nothing.
        """
        parts = [(tantivy.Occur.Should, self._query(thing)) for thing in sought]
        if not parts:
            return []
        query = tantivy.Query.boolean_query(parts)
        if wanted or groups is not None:
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), *self._must(wanted or Filter()), *self._not_for(groups)]
            )
        with _translated("ค้นดัชนีคำไม่ได้"):
            searcher = self._index.searcher()
            return [(int(searcher.doc(address)["key"][0]), float(score)) for score, address in searcher.search(query, k).hits]

    def _query(self, thing: Wanted) -> tantivy.Query:
        forms = []
        for form in thing.forms:
            words = [self._term(field, word, share) for word in form for field, share in thing.fields.items()]
            forms.append(tantivy.Query.boolean_query([(tantivy.Occur.Should, word) for word in words]))
        return tantivy.Query.boost_query(tantivy.Query.disjunction_max_query(forms, TIE), thing.weight)

    def _term(self, field: str, word: str, share: float) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._index.schema, field, word), share)

    def rarity(self, words: Sequence[str], groups: Collection[str] | None = None) -> dict[str, float]:
        """How rare each word is, from 1 (in no passage) towards 0 (in all): its inverse document frequency over the largest.

        Passages that are limited to none of `groups` do not count; None counts all.
        """
        with _translated("ค้นดัชนีคำไม่ได้"):
            return self._rarity(words, groups)

    def _rarity(self, words: Sequence[str], groups: Collection[str] | None) -> dict[str, float]:
        searcher = self._index.searcher()
        counts = {word: searcher.doc_freq("text", word) for word in words}
        passages = searcher.num_docs
        if groups is not None:
            some = {word: tantivy.Query.term_query(self._index.schema, "text", word) for word in words}
            counts = {word: self._count(searcher, query, groups) if counts[word] else 0 for word, query in some.items()}
            passages = self._count(searcher, tantivy.Query.all_query(), groups)
        return {word: rarity(passages, count) for word, count in counts.items()}

    def _count(self, searcher: tantivy.Searcher, query: tantivy.Query, groups: Collection[str]) -> int:
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *self._not_for(groups)])
        return int(searcher.search(query, 1, count=True).count)

    def _not_for(self, groups: Collection[str] | None) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        """What takes out the passages that are limited, and to none of these groups."""
        if groups is None:
            return []
        parts = [(tantivy.Occur.Must, self._fact(limits.LIMITED))]
        parts += [(tantivy.Occur.MustNot, self._fact(limits.fact(group))) for group in groups]
        return [(tantivy.Occur.MustNot, tantivy.Query.boolean_query(parts))]

    def _fact(self, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, "facts", value)

    def _must(self, wanted: Filter) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        fields = {**wanted.facts, "document": wanted.documents}
        musts = []
        for name, values in fields.items():
            if values:
                any_of = [(tantivy.Occur.Should, self._fact(f"{name}:{value}")) for value in values]
                only = tantivy.Query.const_score_query(tantivy.Query.boolean_query(any_of), 0.0)
                musts.append((tantivy.Occur.Must, only))
        return musts


def rarity(passages: int, having: int) -> float:
    """How rare a word is that so many of the passages have: 1 where none has it, towards 0 where all have."""
    return math.log1p((passages + 0.5) / (having + 1)) / (math.log1p(passages + 0.5) or 1.0)


def weights(text: str, concepts: Sequence[Concept] = ()) -> list[Wanted]:
    """What to look for: each word asked for at 1, the other forms of a thing lower and as one; stop words not at all.

    A word is looked for by its letters too, where the index has letters of strange words, and as it is cut without its
    tone marks: names, misspellings and scanned pages are met so. A question of stop words alone keeps them, for want of
    better.
    """
    asked = dict.fromkeys(thai.terms(text))
    kept = [word for word in asked if word not in thai.stopwords()] or list(asked)
    found = [Wanted(1.0, ((word,),)) for word in kept]
    for concept in concepts:
        said = (*concept.alternatives, *(str(era) for year in concept.years for era in (year, year + 543)))
        forms = (tuple(word for word in thai.terms(form) if word not in thai.stopwords()) for form in said)
        others = tuple(dict.fromkeys(form for form in forms if form and not asked.keys() >= set(form)))
        if others:
            found.append(Wanted(_EXTRA * concept.weight, others))
    return found + list(_net(kept, thai.strange(text)))


def _net(words: Sequence[str], strange: Sequence[str]) -> Iterator[Wanted]:
    """The words by their letters and without their tone marks."""
    for word in dict.fromkeys([*words, *strange]):
        if len(word) >= _SHORTEST and not word.isascii():
            parts = runs(word)
            yield Wanted(_PARTS / len(parts), (tuple(parts),), {"strange": 1.0})
        plain = thai.toneless(word)
        if plain != word and (cut := tuple(part for part in thai.terms(plain) if part not in thai.stopwords())):
            yield Wanted(_STRIPPED, (cut,), {"text": 1.0})


def runs(word: str) -> list[str]:
    """The runs of three letters of a word without tone marks; its ends count as letters."""
    plain = f"^{thai.toneless(word)}$"
    return [plain[at : at + _RUN] for at in range(max(1, len(plain) - _RUN + 1))]
