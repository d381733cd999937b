"""Our search as a LangChain retriever, for programs built with LangChain."""

from collections.abc import Sequence
from typing import Any, Protocol

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever

from assistant.question import understand
from vectorstore.types import Concept, Filter, Hit


class Searcher(Protocol):
    """Anything that searches as `vectorstore.Store` does."""

    def search(self, text: str, *, wanted: Filter | None = None, k: int = 10, concepts: Sequence[Concept] = ()) -> list[Hit]:
        """Passages that fit `text`, best first."""
        ...


class ArchiveRetriever(BaseRetriever):
    """Passages of an archive as LangChain documents, best first.

    The metadata is what a citation needs: document_id, source, title, date, section, page, start, end, score.
    """

    archive: Any
    """A `vectorstore.Store`, or anything else that is a `Searcher`."""
    k: int = 10
    wanted: Filter = Filter()

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[LangChainDocument]:
        asked = understand(query)
        searcher: Searcher = self.archive
        hits = searcher.search(asked.text, wanted=self.wanted, k=self.k, concepts=asked.concepts)
        return [_document(hit) for hit in hits]


def _document(hit: Hit) -> LangChainDocument:
    passage, document = hit.passage, hit.document
    return LangChainDocument(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "document_id": document.id,
            "source": document.source,
            "title": document.title,
            "date": document.date,
            "section": list(passage.section),
            "page": passage.page,
            "start": passage.start,
            "end": passage.end,
            "score": hit.score,
        },
    )
