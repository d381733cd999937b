"""Nearest passages by vector: the only door to Chroma, which holds vectors and ids and nothing else.

Chroma is derived and disposable: it can be left broken by a kill at the wrong moment, deletes are never reclaimed and
two processes lose each other's writes. So one process writes it, in batches below its limit of 5,461 rows, and
whatever fails here is answered by building a new folder from the record.

It holds the first dimensions only: its neighbours are candidates, which the caller compares again by the whole vectors of
the record. That is built three times as fast, in a third of the room.
"""

import contextlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from vectorstore import graph, sums
from vectorstore.errors import StoreError
from vectorstore.rust import translated

_BATCH = 5000
_NAME = "passages"
_GRAPH = {"space": "cosine", "max_neighbors": 12, "ef_construction": 50, "ef_search": 400}
"""Measured on 365,000 passages: half as many neighbours looked at in building lose 1 of 100 candidates, save half the time."""
_SYNC, _SYNC_MANY = 5000, 25_000
"""Every so many rows Chroma writes its graph to disk anew, all of it; up to so many it reads from its log in opening. The
second holds while many rows are to come: with the first, graphs of 365,000 rows come to 9 GB."""


class DenseBroken(StoreError):
    """Chroma refuses its own folder; the index has to be built anew."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server of Chroma: its address (http://host:8000), and how the collections of the archive begin there."""

    address: str
    archive: str


class Dense:
    """Cosine neighbours among passage vectors, by their first dimensions, in a Chroma folder.

    Chroma may end the process when it opens files that are not as it wrote them. So files that show it are not opened, and
    a mark stands while others are opened and tried, until `trust`: where it still stands, a process has ended meanwhile.
    """

    def __init__(self, folder: Path, leading: int, server: Server | None = None) -> None:
        """Opens or makes the index in `folder`, or for it on a `server`, of the `leading` first dimensions of vectors.

        Raises:
            DenseBroken: Chroma cannot open it, is not to be trusted with it, or does not answer.
        """
        self._folder, self._leading, self._server = folder, leading, server
        self._mark, self._sealed = folder / "opening", False
        if server:
            return self._open(_SYNC)
        self._sealed = sums.are_noted(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if self._mark.exists():
            raise DenseBroken("โปรแกรมปิดไปเองขณะเปิดดัชนีเวกเตอร์ครั้งก่อน จึงไม่เปิดดัชนีนั้นอีก")
        if wrong := graph.torn(folder):
            raise DenseBroken(f"ไฟล์ของดัชนีเวกเตอร์ไม่ครบหรือไม่ตรงกับที่เขียนไว้ ({wrong})")
        self._mark.touch()
        with contextlib.ExitStack() as failed:
            failed.callback(self.trust)  # an error is none of those that end the process
            self._open(_SYNC)
            failed.pop_all()

    def trust(self) -> None:
        """The index was opened and searched, and the process still runs: the next one may open it too."""
        self._mark.unlink(missing_ok=True)

    def _open(self, sync: int) -> None:
        """What Chroma has opened keeps the threshold that it found."""
        import chromadb
        from chromadb.config import Settings

        self._sync = sync
        graph = {"hnsw": {**_GRAPH, "sync_threshold": sync}}
        if self._server:
            at = urlsplit(self._server.address)
            with _translated():
                self._client = chromadb.HttpClient(
                    at.hostname or "",
                    at.port or 8000,
                    ssl=at.scheme == "https",
                    settings=Settings(anonymized_telemetry=False),
                )
                name = f"{self._server.archive}_{self._folder.parent.name}"
                self._rows = self._client.get_or_create_collection(name, configuration=graph, embedding_function=None)
            return
        with _translated():
            self._client = chromadb.PersistentClient(str(self._folder), settings=Settings(anonymized_telemetry=False))
            self._rows = self._client.get_or_create_collection(_NAME, configuration=graph, embedding_function=None)
            before = int(self._rows.configuration_json["hnsw"]["sync_threshold"])
            if before != sync:
                self._unseal()
                with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # on having no embedding function
                    self._rows.modify(configuration={"hnsw": {"sync_threshold": sync}})
            if before > sync and (some := self._rows.get(limit=1, include=["embeddings"]))["ids"]:
                self._rows.add(
                    ids=some["ids"], embeddings=some["embeddings"]
                )  # changes nothing, and has what is behind written

    def expect(self, *, many: bool) -> None:
        """Tells whether many rows are to come. The folder is opened anew: whoever is searching it is told that it is broken."""
        sync = _SYNC_MANY if many else _SYNC
        if sync != self._sync and not self._server:  # which writes when it likes
            self._let_go()
            self._open(sync)

    def _unseal(self) -> None:
        if self._sealed:
            self._sealed = False
            sums.unseal(self._folder)

    def add(self, keys: Sequence[int] | NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Adds rows: int keys, float32 (n, dimension). Keys that are there stay as they are.

        A zero vector has no direction and no cosine: an arbitrary one, far from every text, stands in for it.
        """
        if not len(keys):
            return
        vectors = vectors[:, : self._leading]
        vectors = np.where(vectors.any(axis=1, keepdims=True), vectors, np.resize([1, -1], vectors.shape[1:])).astype(
            np.float32
        )
        with _translated():
            self._unseal()
            for at in range(0, len(keys), _BATCH):
                ids = [str(key) for key in keys[at : at + _BATCH]]
                self._rows.add(ids=ids, embeddings=vectors[at : at + _BATCH])

    def remove(self, keys: Sequence[int]) -> None:
        """Drops rows; unknown keys are no error."""
        with _translated():
            self._unseal()
            for at in range(0, len(keys), _BATCH):
                self._rows.delete(ids=[str(key) for key in keys[at : at + _BATCH]])

    def close(self) -> None:
        """Lets go of the folder, and notes how it was left; whoever is searching it is told that it is broken."""
        self._let_go()
        with _translated():
            if not self._server and not self._sealed and self._folder.exists():  # nobody has deleted it
                sums.seal(self._folder, graph.files(self._folder))

    def _let_go(self) -> None:
        with _translated():
            if self._server:  # whose connections Chroma leaves open
                for part in (self._client, self._client._admin_client):
                    part._server._session.close()
            self._client.close()

    def drop_others(self) -> None:
        """Drops what a server has of this archive's earlier indexes; folders are deleted by whoever made them."""
        if self._server:
            with _translated():
                for other in self._client.list_collections():
                    if other.name.startswith(f"{self._server.archive}_") and other.name != self._rows.name:
                        self._client.delete_collection(other.name)

    def wipe(self) -> None:
        """See `graph.wipe`."""
        graph.wipe(self._folder)

    def count(self) -> int:
        """Number of rows."""
        with _translated():
            return int(self._rows.count())

    def torn(self) -> str | None:
        """A file that is not as it was when it was opened, where nothing was written since; None where nothing shows."""
        if not self._server and not self._folder.exists():
            return self._folder.name
        return sums.torn(self._folder, graph.files(self._folder)) if self._sealed else None

    def has(self, keys: Sequence[int]) -> set[int]:
        """Those of `keys` that have a row."""
        with _translated():
            return {int(key) for key in self._rows.get(ids=[str(key) for key in keys], include=[])["ids"]} if keys else set()

    def search(self, vector: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The `k` nearest (key, cosine of the kept dimensions), best first; `vector` is float32 (dimension,)."""
        with _translated():
            found = self._rows.query(query_embeddings=[vector[: self._leading]], n_results=k, include=["distances"])
        return [(int(key), 1.0 - float(distance)) for key, distance in zip(found["ids"][0], found["distances"][0], strict=True)]


def _translated() -> translated:
    """Chroma's Rust half raises bare and undocumented types."""
    return translated(DenseBroken, "ดัชนีเวกเตอร์ใช้ไม่ได้")


def nearest(
    vector: NDArray[np.float32], keys: NDArray[np.int64], vectors: NDArray[np.float32], k: int
) -> list[tuple[int, float]]:
    """The same answer without an index: exact search over recorded vectors, float32 (n, dimension), best first."""
    if not len(keys):
        return []
    norms = np.linalg.norm(vectors, axis=1)
    scores = np.vecdot(vectors, vector) / np.where(norms > 0, norms, 1)
    best = np.argsort(-scores)[:k]
    return [(int(keys[i]), float(scores[i])) for i in best]
