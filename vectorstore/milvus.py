"""The only door to Milvus: rows with a key, the document's key, a dense and a sparse vector, in collections.

Reads are strong: what any process has written before is seen. In a file (Milvus Lite) one process has the collections for
itself; a server gives them to many.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.errors import IndexUnavailable, StoreError

_BATCH = 500
_TRIES, _SOON_S, _LONGEST_S = 3, 5.0, 30
"""How often it is connected to, how soon a server that is there refuses, and how long it is waited for, in seconds."""
_GRAPH = {"M": 12, "efConstruction": 50}
_LOOKED_AT = 400
"""Neighbours that are looked at in a search; at least as many as are wanted."""


class MilvusBroken(IndexUnavailable):
    """Milvus refuses, or cannot be reached."""


class Milvus:
    """One server or file; safe to share between threads."""

    def __init__(self, address: str, leading: int) -> None:
        """Connects to `address`, as http://host:19530 or a file's name; vectors are of the `leading` first dimensions.

        Raises:
            MilvusBroken: nobody answers there.
        """
        self._leading = leading
        with _translated():
            self._client: Any = _connected(address)

    def close(self) -> None:
        """Closes the connection."""
        with _translated():
            self._client.close()

    def make(self, name: str) -> None:
        """Makes an empty collection, in place of one of that name."""
        from pymilvus import DataType

        with _translated():
            self._client.drop_collection(name)
            schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("key", DataType.INT64, is_primary=True)
            schema.add_field("document", DataType.INT64)
            schema.add_field("dense", DataType.FLOAT_VECTOR, dim=self._leading)
            schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
            index = self._client.prepare_index_params()
            index.add_index("dense", index_type="HNSW", metric_type="COSINE", params=_GRAPH)
            index.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
            self._client.create_collection(name, schema=schema, index_params=index, consistency_level="Strong")

    def names(self, beginning: str) -> list[str]:
        """The names of the collections that begin so."""
        with _translated():
            return [name for name in self._client.list_collections() if name.startswith(beginning)]

    def drop(self, name: str) -> None:
        """Drops a collection; an unknown one is no error."""
        with _translated():
            self._client.drop_collection(name)

    def put(
        self,
        name: str,
        keys: NDArray[np.int64],
        documents: NDArray[np.int64],
        vectors: NDArray[np.float32],
        words: Sequence[Mapping[int, float]],
    ) -> None:
        """Adds rows or sets them anew: int64 (n,) twice, float32 (n, dimension), n sparse vectors."""
        dense = vectors[:, : self._leading]
        # a zero vector has no cosine: an arbitrary one, far from every text, stands in for it
        dense = np.where(dense.any(axis=1, keepdims=True), dense, np.resize([1, -1], dense.shape[1:])).astype(np.float32)
        rows = [
            {"key": int(key), "document": int(document), "dense": some.tolist(), "sparse": dict(said) or {0: 1e-6}}
            for key, document, some, said in zip(keys, documents, dense, words, strict=True)
        ]
        with _translated():
            for at in range(0, len(rows), _BATCH):
                self._client.upsert(name, rows[at : at + _BATCH])

    def remove(self, name: str, keys: Sequence[int]) -> None:
        """Drops rows; unknown keys are no error."""
        with _translated():
            for at in range(0, len(keys), _BATCH):
                self._client.delete(name, ids=list(keys[at : at + _BATCH]))

    def settle(self, name: str) -> None:
        """Has what was written closed and indexed: after many rows searches are quick again."""
        with _translated():
            self._client.flush(name)

    def count(self, name: str) -> int:
        """Number of rows."""
        with _translated():
            found = self._client.query(name, filter="key >= 0", output_fields=["count(*)"], consistency_level="Strong")
            return int(found[0]["count(*)"])

    def nearest(
        self,
        name: str,
        vector: NDArray[np.float32],
        k: int,
        documents: Collection[int] | None = None,
        hidden: Collection[int] = (),
    ) -> list[int]:
        """Keys of the `k` rows nearest to `vector`, float32 (dimension,), by cosine; in `documents` alone, in none `hidden`."""
        settings = {"params": {"ef": max(k, _LOOKED_AT)}}
        found = self._search(name, [vector[: self._leading].tolist()], "dense", k, _admits(documents, hidden), settings, [])
        return [int(row["key"]) for row in found]

    def matching(
        self,
        name: str,
        words: Mapping[int, float],
        k: int,
        documents: Collection[int] | None = None,
        hidden: Collection[int] = (),
    ) -> list[tuple[int, dict[int, float]]]:
        """(key, sparse vector) of the `k` rows with the largest inner product, best first."""
        found = self._search(name, [dict(words)], "sparse", k, _admits(documents, hidden), {}, ["sparse"])
        return [(int(row["key"]), dict(row["entity"]["sparse"])) for row in found]

    def _search(
        self, name: str, data: list[Any], field: str, k: int, admits: str, settings: dict[str, Any], output: list[str]
    ) -> list[dict[str, Any]]:
        with _translated():
            found = self._client.search(
                name,
                data,
                anns_field=field,
                limit=k,
                filter=admits,
                output_fields=output,
                search_params=settings,
                consistency_level="Strong",
            )
            return list(found[0])


def _admits(documents: Collection[int] | None, hidden: Collection[int]) -> str:
    parts = [] if documents is None else [f"document in {[int(one) for one in documents]}"]
    return " and ".join([*parts, *([f"document not in {[int(one) for one in hidden]}"] if len(hidden) else [])])


def _connected(address: str) -> Any:
    """A client, in few tries: a server that ends an idle connection takes the first call of the next one with it.

    Where it takes long to be refused, nobody is there, and it is not tried again.
    """
    from pymilvus import MilvusClient, MilvusException

    for _ in range(_TRIES - 1):
        began = time.monotonic()
        try:
            return MilvusClient(address, timeout=_LONGEST_S)
        except MilvusException:
            if time.monotonic() - began > _SOON_S:
                raise
    return MilvusClient(address, timeout=_LONGEST_S)


class _translated:  # noqa: N801  (reads as a verb at its place of use)
    """Turns what Milvus and its connection raise into MilvusBroken."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, StoreError):
            said = str(error).strip().split("\n")[0][:300]
            raise MilvusBroken(f"ใช้ Milvus ไม่ได้ ({said}) ตรวจว่าเปิดอยู่ และ THAMKHLANG_ENGINE ถูกต้อง") from error
