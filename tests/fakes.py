"""Small real things that stand at the seams: a deterministic embedder, a scripted model, documents made in a line."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from assistant.errors import ModelUnavailable
from vectorstore import Block, Document, Passage, thai
from vectorstore.embed import Vectors


class HashEmbedder:
    """Words hashed to directions: alike texts have alike vectors, the same in every process."""

    def __init__(self, name: str = "hash@1", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.leading = dimension // 2
        self.unrelated = 0.0

    def embed(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in thai.terms(text):
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])
                row += np.random.default_rng(seed).normal(size=self.dimension).astype(np.float32)
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(length > 0, length, 1), np.float32)


class ScriptedModel:
    """A model that says what it was given, piece by piece, and remembers what it was asked."""

    name = "scripted"
    timeout_s = 30.0

    def __init__(self, *pieces: str, fails: bool = False) -> None:
        self.pieces = pieces
        self.fails = fails
        self.asked: list[tuple[str, str]] = []

    def stream(self, system: str, question: str) -> Iterator[str]:
        self.asked.append((system, question))
        yield from self.pieces
        if self.fails:
            raise ModelUnavailable("scripted failure")


def document(source: str, *lines: str, title: str = "", date: str | None = None, **fields: object) -> Document:
    """A document of paragraphs, a line each."""
    text = "\n".join(lines)
    blocks, start = [], 0
    for line in lines:
        blocks.append(Block(start=start, end=start + len(line), kind="paragraph"))
        start += len(line) + 1
    digest = hashlib.sha256((source + text).encode()).hexdigest()
    return Document(id=digest, source=source, title=title or lines[0], date=date, text=text, blocks=tuple(blocks), **fields)  # type: ignore[arg-type]


def passages(made: Document) -> list[Passage]:
    """A passage for each block."""
    return [
        Passage(id=f"{made.id[:16]}:{b.start}", document_id=made.id, start=b.start, end=b.end, text=made.text[b.start : b.end])
        for b in made.blocks
    ]
