"""txtai's hybrid index: BM25 and vectors at equal weights, the texts kept with them."""

from collections.abc import Callable, Iterator
from pathlib import Path

from txtai.embeddings import Embeddings  # type: ignore[import-untyped, unused-ignore]

from tests.bench.systems import Way
from tests.bench.systems.cut import chunks
from vectorstore import embed


class Txtai:
    """An index built in one go and saved; txtai's own settings but for our vectors."""

    def __init__(self, folder: Path) -> None:
        embedder = embed.load()
        self._folder = folder
        transform = lambda texts: embedder.embed(texts)  # noqa: E731 - txtai calls a bound method to get a function
        self._index = Embeddings(method="external", transform=transform, hybrid=True, content=True)

    def index(self, documents: Path) -> int:
        """See `System.index`."""
        self._index.index((f"{name}#{number}", text, None) for number, (name, text) in enumerate(chunks(documents)))
        self._index.save(str(self._folder))
        return int(self._index.count())

    def ways(self) -> Iterator[Way]:
        """See `System.ways`."""
        yield Way("txtai", self._search)

    def close(self) -> None:
        """See `System.close`."""
        self._index.close()

    def _search(self, question: str, k: int) -> list[str]:
        return list(dict.fromkeys(found["id"].rsplit("#", 1)[0] for found in self._index.search(question, k)))


make: Callable[[Path], Txtai] = Txtai
