"""The indexes derived from the record, in `index/<n>/`: opened, kept up with it, and built anew where they do not fit.

The highest n with a manifest counts. What the record has changed and they have not confirmed stands in its notes
(`pending`): settling carries that out, at once or, while many documents come in, in the background.
"""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vectorstore import meta, thai
from vectorstore.dense import Dense, DenseBroken, Server, nearest
from vectorstore.embed import Embedder
from vectorstore.errors import DiskFull
from vectorstore.flat import Flat
from vectorstore.lexical import Lexical, LexicalBroken, Wanted
from vectorstore.record import Record
from vectorstore.types import Filter

_LAYOUT = 2
"""Raised when the indexes keep something else of a passage, so that older ones are built anew."""
_LAG = 4000
"""Passages that the indexes may be behind, twice, before a bulk waits for them."""
_LARGE = 100_000
"""Passages of an archive whose graph is written less often while many more come."""
WIDER, FEWEST, MOST = 8, 400, 1000
"""Candidates compared by their whole vectors for each one wanted; at least and at most so many, unless more are wanted."""

_ROOM = 10_000_000
"""Bytes free on the disk without which indexes that have failed are not built anew."""
_TRIES, _PAUSE_S = 40, 0.05
"""How often a folder is deleted into which Chroma's threads may still be writing, and the seconds between."""

_Broken = (DenseBroken, LexicalBroken, OSError, ValueError)


class Indexes:
    """Every passage by its words (tantivy), its neighbours (Chroma) and its document (a flat file)."""

    lexical: Lexical
    flat: Flat

    def __init__(self, folder: Path, record: Record, embedder: Embedder, server: str = "") -> None:
        """Nothing is read until `open` or `build`; Chroma is in the folder too, or a `server` at this address."""
        self._server = Server(server, meta.archive_name(record)) if server else None
        self.dense: Dense | None = None
        self.problem: str | None = None
        self._folder, self._record, self._embedder = folder, record, embedder
        self._brief = False
        self._writing = threading.RLock()
        self._turn = threading.Lock()
        self._background: ThreadPoolExecutor | None = None
        self._settling: Future[None] | None = None
        self._behind = 0
        self._many = False

    def open(self, *, brief: bool = False) -> None:
        """Opens the newest indexes, or builds them where none fits the record.

        Args:
            brief: leave Chroma closed; what does not stand as the record does is mended in full all the same.
        """
        self._brief = brief and self._open_brief()
        if not self._brief:
            self._open()

    def _open_brief(self) -> bool:
        try:
            folder = self._fitting()
            if folder is None or self._record.pending(1):
                return False
            self._open_small(folder)
            passages = self._record.counts()[1]
            return self.lexical.count() == self.flat.count() == passages
        except _Broken:
            return False

    def _open_small(self, folder: Path) -> None:
        self.lexical, self.flat = Lexical(folder / "lexical"), Flat(folder / "flat", self._embedder.leading)

    def _open(self) -> None:
        try:
            if folder := self._fitting():
                self._open_small(folder)
                self.dense = Dense(folder / "dense", self._embedder.leading, self._server)
                self.settle()
                if self.sound():
                    return
        except _Broken as error:
            self.problem = str(error)
        self.dense = None
        self.build()

    def close(self) -> None:
        """Lets go of Chroma, which would keep its threads and files for as long as this process runs."""
        with self._writing, suppress(DenseBroken):
            if self.dense:
                self.dense.close()

    def sound(self) -> bool:
        """Whether all hold as many passages as the record, and Chroma finds a recorded passage by its own vector."""
        passages = self._record.counts()[1]
        if not self.dense or not self.dense.count() == self.flat.count() == self.lexical.count() == passages:
            return False
        for some in self._record.texts(page=1):
            key = some[0][0]
            vector = self._record.vectors([key])[2][0]
            near = self.dense.search(vector, 10)
            return not vector.any() or key in dict(near) or all(score > 0.999 for _, score in near)
        return True

    # Keeping up

    @contextmanager
    def following(self) -> Iterator[None]:
        """Within this, changes are carried out in the background; when it ends, all have been."""
        with self._turn:
            own = None if self._background else ThreadPoolExecutor(1, "indexes")
            self._background = self._background or own
        try:
            yield
        finally:
            if own:
                with self._turn:
                    self._background, self._settling = None, None
                own.shutdown()
            self.settle()
            self._expect(many=False)

    def _expect(self, *, many: bool) -> None:
        """Tells Chroma whether many rows are to come, as they do in a bulk: it writes a large graph less often then."""
        with self._writing:
            if self.dense and many != self._many:
                self._many = many
                try:
                    self.dense.expect(many=many)
                except DenseBroken as error:
                    self.problem = str(error)
                    self.build()

    def follow(self, passages: int) -> None:
        """Carries out what the record has changed, the last time by so many passages: at once, or soon if `following`."""
        last: Future[None] | None = None
        with self._turn:
            following = self._background is not None
            self._behind += passages
            if self._background and self._behind >= _LAG:
                last, self._behind = self._settling, 0
                self._settling = self._background.submit(self.settle, once=True)
        if last:
            last.result()  # no further behind than this
        if not following:
            self.settle()

    def settle(self, *, once: bool = False) -> None:
        """Carries into the indexes what the record has and they have not confirmed; if `once`, some thousands of it.

        Once is more than `_LAG`, or each time would leave a little, until words that were kept for it are forgotten.
        """
        with self._writing:
            if self._brief:
                self._brief = False
                return self._open()
            if once and self.flat.count() >= _LARGE:
                self._expect(many=True)
            while pending := self._record.pending(2 * _LAG):
                try:
                    self._carry_out(pending)
                except _Broken as error:
                    self._check_room()
                    self.problem = str(error)
                    return self.build()
                self._record.pending.confirm(pending)
                if once:
                    return

    def _check_room(self) -> None:
        """Raises DiskFull where nothing could be built because nothing can be written."""
        if shutil.disk_usage(self._folder).free < _ROOM:
            raise DiskFull("ดิสก์ของคลังเต็ม ดัชนีจึงยังไม่มีการเปลี่ยนแปลงล่าสุด เมื่อมีที่ว่างแล้วจะทำต่อเอง")

    def _carry_out(self, pending: list[tuple[int, bool]]) -> None:
        added = [key for key, present in pending if present]
        removed = [key for key, present in pending if not present]
        texts = [row for some in self._record.texts(added) for row in some] if added else []
        self.lexical.change(texts, removed)
        self._add(self.flat, self.dense, added)
        self.flat.remove(removed)
        if self.dense:
            self.dense.remove(removed)

    def _add(self, flat: Flat, dense: Dense | None, keys: list[int]) -> None:
        found, documents, vectors = self._record.vectors(keys)
        if len(found):
            flat.add(found, documents, vectors)
            if dense:
                dense.add(found, vectors)

    def build(self, progress: Callable[[int], object] = lambda _: None) -> None:
        """Builds `index/<n+1>` from the record, switches to it and deletes the others; `progress` is given passages done."""
        with self._writing:
            pending, unswept, old = self._record.pending(-1), self.unswept(), self.dense
            number = int(self._record.meta("index") or 0) + 1
            self._record.set_meta("index", str(number))  # never one twice: Chroma remembers folders for as long as it runs
            folder = self._folder / str(number)
            shutil.rmtree(folder, ignore_errors=True)
            try:
                lexical, flat, dense = self._made(folder, progress)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)  # half of them are of no use, and take room
                raise
            temporary = folder / "manifest.tmp"
            temporary.write_text(json.dumps(self._manifest(), indent=1), encoding="utf-8")
            temporary.rename(folder / "manifest.json")
            # from here on they count for whoever opens the archive: they have to here too, whatever else fails
            self.lexical, self.flat, self.dense, self.problem, self._brief, self._many = (
                lexical,
                flat,
                dense,
                None,
                False,
                False,
            )
            if old:
                old.close()
            dense.drop_others()
            self._record.pending.confirm(pending)
            self._record.set_meta("embedding", self._embedder.name)
            kept = [other for other in self._folder.iterdir() if other != folder and not _deleted(other)]
            if unswept and not kept:
                self._record.erased.swept(unswept)

    def _made(self, folder: Path, progress: Callable[[int], object]) -> tuple[Lexical, Flat, Dense]:
        """Every passage of the record in new files."""
        lexical, flat = Lexical(folder / "lexical"), Flat(folder / "flat", self._embedder.leading)
        dense = Dense(folder / "dense", self._embedder.leading, self._server)
        try:
            if many := self._record.counts()[1] >= _LARGE:
                dense.expect(many=True)
            done = 0
            for some in self._record.texts():
                lexical.change(some)
                self._add(flat, dense, [row[0] for row in some])
                progress(done := done + len(some))
            if many:
                dense.expect(many=False)
            dense.wipe()
        except BaseException:
            dense.close()
            raise
        return lexical, flat, dense

    def unswept(self) -> str | None:
        """Since when the files here may have bytes of what was erased: Chroma and tantivy keep what they are told to delete."""
        return self._record.erased.unswept()

    def disown(self) -> None:
        """Takes the manifests away: what stands is then never taken for what the record has."""
        for manifest in self._folder.glob("*/manifest.json"):
            manifest.unlink()

    def _manifest(self) -> dict[str, object]:
        return {
            "layout": _LAYOUT,
            "embedding": self._embedder.name,
            "dimension": self._embedder.dimension,
            "leading": self._embedder.leading,
            "dictionary": thai.dictionary_version(),
        }

    def _fitting(self) -> Path | None:
        """The newest index, if it was built from what the archive has now."""
        folders = [path.parent for path in self._folder.glob("*/manifest.json") if path.parent.name.isdigit()]
        newest = max(folders, key=lambda path: int(path.name), default=None)
        if newest and json.loads((newest / "manifest.json").read_text(encoding="utf-8")) == self._manifest():
            return newest
        return None

    # Searching

    @property
    def is_ready(self) -> bool:
        """Whether Chroma is open, so that not every vector is looked at."""
        return self.dense is not None

    def search(self, sought: Sequence[Wanted], k: int, wanted: Filter | None, record: Record) -> list[tuple[int, float]]:
        """The `k` passages that have the words best, (key, BM25 score), best first, among those that `record` shows.

        None where the words cannot be searched; `problem` says why then.
        """
        try:
            return self.lexical.search(sought, k, wanted, record.groups)
        except LexicalBroken as error:
            self.problem = str(error)
            return []

    def rarity(self, words: Sequence[str], record: Record) -> dict[str, float]:
        """See `Lexical.rarity`; of the passages that `record` shows."""
        return self.lexical.rarity(words, record.groups)

    def nearest(
        self, vector: NDArray[np.float32], k: int, wanted: Filter | None = None, hidden: NDArray[np.int64] | None = None
    ) -> dict[int, float]:
        """The `k` passages nearest to `vector`, float32 (dimension,), among those admitted: key -> cosine, best first.

        None is of the `hidden` documents (keys, int64 (n,)). Candidates come from the leading dimensions; the recorded vectors
        decide.
        """
        if not vector.any():
            return {}
        candidates = self._candidates(vector, max(k, FEWEST, min(WIDER * k, MOST)), wanted, hidden)
        keys, _, vectors = self._record.vectors(candidates)
        return dict(nearest(vector, keys, vectors, k))

    def _candidates(
        self, vector: NDArray[np.float32], k: int, wanted: Filter | None, hidden: NDArray[np.int64] | None
    ) -> list[int]:
        dense = self.dense
        if dense and not wanted and (hidden is None or not len(hidden)):
            try:
                return [key for key, _ in dense.search(vector, k)]
            except DenseBroken as error:
                if self.dense is dense:  # and not built anew meanwhile
                    self.dense, self.problem = None, str(error)
                    with suppress(DenseBroken):
                        dense.close()
        return [key for key, _ in self.flat.search(vector, k, self._record.admitted(wanted) if wanted else None, hidden)]


def _deleted(folder: Path) -> bool:
    """Deletes a folder; whether nothing is left of it."""
    for _ in range(_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return True
        time.sleep(_PAUSE_S)
    return False
