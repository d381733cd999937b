"""Other passages and vectors for an archive: made beside what is searched, tried, and switched to in one go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from vectorstore import vectors
from vectorstore.beside import Beside
from vectorstore.embed import Embedder
from vectorstore.errors import NothingKept
from vectorstore.generations import Generation
from vectorstore.indexes import Indexes
from vectorstore.renewing import Chunk
from vectorstore.store import Store
from vectorstore.view import View

Progress = Callable[[int], object]
Step = Callable[[str], object]
"""Is told what is about to be done: "preparing" (each document), "building", "built", "switching", "switched"."""


class Renewal:
    """One renewal of one archive. A process that ends anywhere leaves the archive wholly as it was, or wholly renewed.

    `prepare`, `build` and `switch` are called in this order; whoever begins again after a kill goes on where it prepared.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        chunk: Chunk,
        rules: str = "",
        *,
        back: bool = False,
        step: Step = lambda _: None,
    ) -> None:
        """Cuts with `chunk`, whose rules have the name `rules`, and embeds with `embedder`.

        With `back` the generation before is taken up again: its passages and vectors are as they were, and only documents
        that came since are cut and embedded.

        Raises:
            NothingKept: there is no generation before, or `embedder` is another than its model.
        """
        self._store, self._embedder, self._chunk, self._step = store, embedder, chunk, step
        self._kept = store.generations
        if back:
            before = self.before(store)
            if before.embedding != embedder.name:
                raise NothingKept(f"ดัชนีรุ่นก่อนสร้างด้วยโมเดลเวกเตอร์ {before.embedding} ไม่ใช่ {embedder.name}")
        else:
            self._kept.begin(embedder.name, rules)
        self._record: Beside | None = None
        self._indexes: Indexes | None = None

    @staticmethod
    def before(store: Store) -> Generation:
        """The generation that can be gone back to.

        Raises:
            NothingKept: there is none.
        """
        found = store.generations.beside()
        if not found or found.role != "before":
            raise NothingKept("ไม่มีดัชนีรุ่นก่อนให้ย้อนกลับ มีเมื่อสลับด้วย thamkhlang rebuild แล้ว และยังไม่ได้เริ่มสร้างรุ่นใหม่อีก")
        return found

    def undone(self) -> int:
        """How many documents are still to be cut and embedded."""
        return len(self._kept.undone())

    def prepare(self, progress: Progress = lambda _: None) -> None:
        """Cuts and embeds every document that has not been; `progress` is told how many have."""
        for done, name in enumerate(self._kept.undone(), start=1):
            self._step("preparing")
            document = self._store.document(name)
            passages = self._chunk(document)
            self._kept.write(name, passages, vectors.of_passages(self._embedder, [(document, passages)]))
            progress(done)

    def build(self, progress: Progress = lambda _: None) -> None:
        """Builds indexes of what was prepared, beside those that stand; `progress` is told how many passages they have."""
        self._step("building")
        self._record = Beside(self._store.record)
        self._indexes = Indexes(self._store.home / "index", self._record, self._embedder, alone=False)
        self._indexes.build(progress)
        self._step("built")

    def carry_out(self, progress: Progress = lambda _: None) -> None:
        """All of it, without a trial; `progress` is told how many passages the indexes have."""
        self.prepare()
        self.build(progress)
        self.switch()

    def trial(self) -> Store:
        """The archive as it will be, to be asked; closed by `switch` or `close`."""
        assert self._record and self._indexes, "it was built"
        tried = View(self._store, self._record)
        tried.embedder, tried._indexes = self._embedder, self._indexes
        return tried

    def close(self) -> None:
        """Lets go of what was built; it is not switched to."""
        if self._indexes:
            self._indexes.close()
        if self._record:
            self._record.close()
        self._record = self._indexes = None

    def switch(self) -> None:
        """The archive is searched by what was built from now on; what was before is kept."""
        self.close()
        self._step("switching")
        self._kept.switch()
        self._step("switched")
        self._store.adopt(self._embedder)


@contextmanager
def standing(store: Store, embedder: Embedder) -> Iterator[Store]:
    """The archive as it stands, to be asked with the `embedder` that it was built with, while a renewal goes on."""
    found = View(store, store.record)
    found.embedder, found._indexes = embedder, Indexes(store.home / "index", store.record, embedder)
    found._indexes.open()
    try:
        yield found
    finally:
        found._indexes.close()
