"""LangChain as its guides set it up: BM25 and Chroma, half each, through EnsembleRetriever."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from langchain_chroma import Chroma
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from tests.bench.systems import Way
from tests.bench.systems.cut import chunks
from vectorstore import embed, thai

_BATCH = 1000
_FEW = 30_000
"""Chunks up to which BM25Retriever is tried with Thai words too: over all news articles it would think for hours."""


class _OurVectors(Embeddings):
    """The bundled model, as LangChain wants a model."""

    def __init__(self) -> None:
        self._embedder = embed.load()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.embed(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.embed([text], question=True)[0].tolist()  # type: ignore[no-any-return]


class LangChain:
    """Chroma keeps the documents on the disk; BM25Retriever keeps them in memory only, and splits words at spaces."""

    def __init__(self, folder: Path) -> None:
        self._chroma = Chroma("bench", _OurVectors(), persist_directory=str(folder))
        self._chunks: list[Document] = []

    def index(self, documents: Path) -> int:
        """See `System.index`."""
        self._chunks = [Document(text, metadata={"name": name}) for name, text in chunks(documents)]
        for start in range(0, len(self._chunks), _BATCH):
            self._chroma.add_documents(self._chunks[start : start + _BATCH])
        self._words = BM25Retriever.from_documents(self._chunks)
        return len(self._chunks)

    def ways(self) -> Iterator[Way]:
        """See `System.ways`."""
        yield Way("LangChain", self._ensemble)
        if len(self._chunks) > _FEW:
            return
        self._words = BM25Retriever.from_documents(self._chunks, preprocess_func=_thai_words)
        yield Way("LangChain with our Thai words", self._ensemble)

    def close(self) -> None:
        """See `System.close`."""

    def _ensemble(self, question: str, k: int) -> list[str]:
        self._words.k = k
        vectors = self._chroma.as_retriever(search_kwargs={"k": k})
        both = EnsembleRetriever(retrievers=[self._words, vectors], weights=[0.5, 0.5])
        return list(dict.fromkeys(found.metadata["name"] for found in both.invoke(question)[:k]))


def _thai_words(text: str) -> list[str]:
    """One object for each word, however often it comes: BM25 over all news articles would not fit the memory otherwise."""
    return [sys.intern(word) for word in thai.terms(text)]


make: Callable[[Path], LangChain] = LangChain
