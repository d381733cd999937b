"""What a store needs of its indexes, and where they are: in its own folder, or in an engine that several processes share."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vectorstore.embed import Embedder
from vectorstore.errors import StoreUnusable
from vectorstore.indexes import Indexes
from vectorstore.lexical import Wanted
from vectorstore.record import Record
from vectorstore.shared import SharedIndexes
from vectorstore.status import Index
from vectorstore.types import Filter

MILVUS = "milvus:"
"""How the address of Milvus begins: milvus:http://host:19530, or milvus:FILE.db for one process."""
CHROMA = "chroma:"
"""How that of a server of Chroma begins: chroma:http://host:8000; words stay in the folder, which is one process's."""


def is_shared(said: str) -> bool:
    """Whether a setting names an engine that several processes use at once."""
    return said.startswith((f"{MILVUS}http://", f"{MILVUS}https://"))


class Engine(Protocol):
    """Indexes derived from the record: `Indexes` says what each of these does."""

    problem: str | None
    mend: Callable[[], object] | None

    def standing(self) -> Index: ...  # noqa: D102
    def faults(self, *, read: bool = True) -> str | None: ...  # noqa: D102
    def failed(self, why: str, part: object = None) -> None: ...  # noqa: D102
    def open(self, *, brief: bool = False) -> None: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102
    def sound(self) -> bool: ...  # noqa: D102
    def following(self) -> AbstractContextManager[None]: ...  # noqa: D102
    def follow(self, passages: int) -> None: ...  # noqa: D102
    def settle(self, *, once: bool = False) -> None: ...  # noqa: D102
    def build(self, progress: Callable[[int], object] = ...) -> None: ...  # noqa: D102
    def unswept(self) -> str | None: ...  # noqa: D102
    def disown(self) -> None: ...  # noqa: D102
    def search(  # noqa: D102
        self, sought: Sequence[Wanted], k: int, wanted: Filter | None, record: Record
    ) -> list[tuple[int, float]]: ...
    def rarity(self, words: Sequence[str], record: Record) -> dict[str, float]: ...  # noqa: D102
    def nearest(  # noqa: D102
        self, vector: NDArray[np.float32], k: int, wanted: Filter | None = None, hidden: NDArray[np.int64] | None = None
    ) -> dict[int, float]: ...


def chosen(said: str, home: Path, record: Record, embedder: Embedder) -> Engine:
    """The indexes that a setting names: '' those in the archive's own folder.

    Raises:
        StoreUnusable: it names none, or nobody answers there.
    """
    if not said:
        return Indexes(home / "index", record, embedder)
    if said.startswith(CHROMA):
        return Indexes(home / "index", record, embedder, said.removeprefix(CHROMA))
    if said.startswith(MILVUS):
        return SharedIndexes(said.removeprefix(MILVUS), record, embedder)
    raise StoreUnusable(f"ไม่รู้จัก THAMKHLANG_ENGINE={said} ใช้ milvus:http://เครื่อง:19530 chroma:http://เครื่อง:8000 หรือเว้นว่างไว้")
