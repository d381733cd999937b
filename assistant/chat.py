"""A question's way out, on one screen."""

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from assistant import drafts, evidence, extract, question, worded
from assistant.askwords import courteous
from assistant.errors import Abandoned, SourceWithdrawn
from assistant.match import Text, coverage
from assistant.model import ChatModel
from assistant.pace import GONE, Stopped, never
from assistant.types import Answer, Query, Refusal, Turn
from vectorstore.errors import UnknownDocument
from vectorstore.names import heard
from vectorstore.privacy import masked
from vectorstore.types import Concept, Document, Filter, Hit
from vectorstore.unread import Unread

_UNLIKELY, _DOUBTFUL = 0.02, 0.3
"""How surely the best passage must answer, at least: by itself, and where none is near to the question."""
_NAMED = 0.5
"""Share of what is asked that the name of a scan must speak of for it to be pointed at."""
_HITS = 12


class Archive(Protocol):
    """What the answer path needs of an archive; `vectorstore.Store` is one."""

    @property
    def unrelated(self) -> float:
        """Dense score below which a passage has nothing to do with a question."""
        ...

    def search(self, text: str, *, wanted: Filter | None = None, k: int = 10, concepts: Sequence[Concept] = ()) -> list[Hit]:
        """Passages that fit, best first."""
        ...

    @property
    def unread(self) -> Unread:
        """The scans that wait to be read."""
        ...

    def is_empty(self) -> bool:
        """Whether it has no document at all."""
        ...

    def document(self, document_id: str) -> Document:
        """A document with its text."""
        ...

    def shows(self, sources: Collection[str]) -> bool:
        """Whether documents of all these sources may be seen at this moment."""
        ...

    def rarity(self, forms: Mapping[str, Sequence[str]]) -> dict[str, float]:
        """How rare each thing is, 0 to 1, by name, given the forms it goes by."""
        ...


class Assistant:
    """Answers questions from one archive, in its own words or through a model that is held to them."""

    def __init__(self, archive: Archive, model: ChatModel | None = None, *, personal: bool = False) -> None:
        """An assistant over `archive`; without a `model` the archive's own words are the answer.

        Personal data in what is asked is masked before anything else is done with it, unless `personal`.
        """
        self._archive = archive
        self._model = model
        self._personal = personal

    def over(self, archive: Archive) -> "Assistant":
        """The same over another archive."""
        return Assistant(archive, self._model, personal=self._personal)

    def ask(
        self, text: str, history: Sequence[Turn] = (), wanted: Filter | None = None, *, without: Collection[str] = ()
    ) -> Answer | Refusal:
        """The last thing that `stream` yields."""
        *_, reply = self.stream(text, history, wanted, without=without)
        assert not isinstance(reply, str)
        return reply

    def stream(
        self,
        text: str,
        history: Sequence[Turn] = (),
        wanted: Filter | None = None,
        *,
        without: Collection[str] = (),
        stopped: Stopped = never,
    ) -> Iterator[str | Answer | Refusal]:
        """Pieces of the answer's text as they are verified, then the whole: an Answer or a Refusal.

        `without` takes back what the question was taken to mean, as `question.understand` says. `stopped` is asked, between the
        steps and while a model is waited for, whether nobody waits any more.

        Raises:
            QuestionEmpty, QuestionTooLong: before anything is yielded.
            Abandoned: nobody waits any more.
            SourceWithdrawn: a document that it quotes may be seen no more; nothing of it is yielded from then on.
        """
        if not self._personal:
            text, history = masked(text), [replace(turn, content=masked(turn.content)) for turn in history]
        query = question.understand(text, history, wanted, without=without)
        if question.asks_personal_data(query):
            yield Refusal(query=query, reason="personal_data")
            return
        if courteous(query.asked):
            yield Refusal(query=query, reason="no_question")
            return
        plain = self._plain(query, stopped)
        if isinstance(plain, Refusal):
            refused = self._or_scan(plain)
            yield refused if self._archive.shows(refused.sources) else replace(refused, nearest=())
            return
        pieces = worded.answer(self._model, plain, history, stopped) if self._model else (plain.text, plain)
        for piece in pieces:
            if not self._archive.shows(plain.sources):
                raise SourceWithdrawn
            yield piece

    def _plain(self, query: Query, stopped: Stopped) -> Answer | Refusal:
        """The answer in the archive's own words."""
        _go_on(stopped)
        if self._archive.is_empty():
            return Refusal(query=query, reason="empty_archive")
        found = self._archive.search(query.text, wanted=query.filter, k=_HITS, concepts=query.concepts)
        _go_on(stopped)
        hits = drafts.preferred(query.text, found)
        likely = max((hit.score for hit in hits), default=0.0)
        near = max((hit.dense for hit in hits), default=0.0)
        if likely < _UNLIKELY or (likely < _DOUBTFUL and near < self._archive.unrelated):
            return Refusal(query=query, reason="not_in_archive")
        query = replace(query, concepts=tuple(heard(dict.fromkeys(query.concepts, 1.0), hits)))
        ids = list(dict.fromkeys(hit.document.id for hit in hits))[: evidence.DOCUMENTS]
        documents = dict(self._read(ids))
        _go_on(stopped)
        rarity = self._archive.rarity({concept.name: concept.alternatives for concept in query.concepts})
        chosen = evidence.choose(query, hits, documents, rarity)
        return chosen if isinstance(chosen, Refusal) else drafts.named(extract.answer(query, chosen), hits)

    def _or_scan(self, refused: Refusal) -> Refusal:
        """The refusal, or that it may be in a scan whose name speaks of most of what is asked."""
        concepts = refused.query.concepts
        names = self._archive.unread.sources()
        rarity = self._archive.rarity({concept.name: concept.alternatives for concept in concepts}) if names else {}
        fitting = [name for name in names if coverage(concepts, rarity, [(Text(name), 1.0)]) >= _NAMED]
        return replace(refused, reason="unreadable_scan", missing=tuple(fitting[:3])) if fitting else refused

    def _read(self, ids: Sequence[str]) -> Iterator[tuple[str, Document]]:
        """The documents with these ids, but for those that were removed since they were found."""
        for name in ids:
            with contextlib.suppress(UnknownDocument):
                yield name, self._archive.document(name)


def _go_on(stopped: Stopped) -> None:
    if stopped():
        raise Abandoned(GONE)
