"""The indexes derived from the record, in `index/<n>/`: opened, kept up with it, and built anew where they do not fit.

The highest n with a manifest counts. What the record has changed and they have not confirmed stands in its notes
(`pending`): settling carries that out, at once or, while many documents come in, in the background.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from vectorstore import meta, selftest, thai
from vectorstore.dense import Dense, DenseBroken, Server
from vectorstore.embed import Embedder
from vectorstore.errors import DiskFull, StoreUnusable
from vectorstore.finding import Finding
from vectorstore.flat import Flat
from vectorstore.folders import Folders
from vectorstore.lexical import Lexical, LexicalBroken
from vectorstore.record import Record
from vectorstore.wordless import Wordless

_LAYOUT = 2
"""Raised when the indexes keep something else of a passage, so that older ones are built anew."""
_LAG = 4000
"""Passages that the indexes may be behind, twice, before a bulk waits for them."""
_LARGE = 100_000
"""Passages of an archive whose graph is written less often while many more come."""
_ENOUGH, _WAIT_S = 0.9, 5
"""Share of the passages that an index must have to be asked while it is built anew; seconds that who wants to try it waits."""
_ROOM = 10_000_000
"""Bytes free on the disk without which indexes that have failed are not built anew."""

_Broken = (DenseBroken, LexicalBroken, OSError, ValueError)


class Indexes(Finding):
    """Every passage by its words (tantivy), its neighbours (Chroma) and its document (a flat file).

    A part that does not fit, or fails at a question, is left out: vectors are searched in what is left, the record at the
    last. Everything is then built anew, at once or, where `mend` is set, by whoever that tells.
    """

    def __init__(self, folder: Path, record: Record, embedder: Embedder, server: str = "", *, alone: bool = True) -> None:
        """Nothing is read until `open` or `build`; other folders than their own are left unless they are `alone`.

        Chroma is in the folder too, or a `server` at this address.
        """
        self._server = Server(server, meta.archive_name(record)) if server else None
        self.lexical, self.flat, self.dense = Wordless(), None, None
        self.problem: str | None = None
        self.mend: Callable[[], object] | None = None
        """Has them built anew in the background, and returns at once."""
        self._folders = Folders(folder, self._manifest)
        self._record, self._embedder = record, embedder
        self._brief, self._alone = False, alone
        self._writing = threading.RLock()
        self._builder: int | None = None
        self._turn = threading.Lock()
        self._background: ThreadPoolExecutor | None = None
        self._settling: Future[None] | None = None
        self._behind = 0
        self._many = False

    def open(self, *, brief: bool = False) -> None:
        """Opens the newest indexes, or has them built where none fits the record.

        Args:
            brief: leave Chroma closed; what does not stand as the record does is mended in full all the same.
        """
        self._folders.clear()
        self._brief = brief and self._open_brief()
        if not self._brief:
            self._open()

    def close(self) -> None:
        """Lets go of the files and of Chroma's threads, and notes how they were left."""
        if self._brief:
            return
        with self._writing:
            for part in (self.dense, self.flat):
                with contextlib.suppress(*_Broken):  # the next one to open it will see
                    if part:
                        part.close()

    def _open_brief(self) -> bool:
        try:
            folder = self._folders.fitting()
            if folder is None or self._record.pending(1):
                return False
            self.lexical, self.flat = Lexical(folder / "lexical"), Flat(folder / "flat", self._embedder.leading)
            passages = self._record.counts()[1]
            return self.lexical.count() == self.flat.count() == passages
        except _Broken:
            return False

    def _open(self) -> None:
        """Each part by itself, so that what is sound answers while the rest is built anew."""
        folder, wrong = self._folders.fitting(), None
        for name, opened in self._parts(folder) if folder else ():
            try:
                setattr(self, name, opened())
            except _Broken as error:
                setattr(self, name, Wordless() if name == "lexical" else None)
                wrong = str(error)
        if folder and not wrong:
            wrong = self._settled() or self.problem or self.faults(read=False)
        if wrong or not folder:
            self.failed(wrong or "ยังไม่มีดัชนีที่ตรงกับฐานข้อมูล")
        elif newest := self._folders.fitting():  # another one, where what was noted could be carried out only in a new one
            self._folders.keep_only(newest)

    def _settled(self) -> str | None:
        """Carries out what is noted; why that has to wait, where the disk is full."""
        try:
            self.settle()
        except DiskFull as error:
            if self.dense:  # it was opened, and nothing is wrong with it
                self.dense.trust()
            return str(error)
        return None

    def _parts(self, folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
        yield "lexical", lambda: Lexical(folder / "lexical")
        yield "flat", lambda: Flat(folder / "flat", self._embedder.leading)
        yield "dense", lambda: self._neighbours(folder)

    def _neighbours(self, folder: Path) -> Dense:
        return Dense(folder / "dense", self._embedder.leading, self._server)

    def failed(self, why: str, part: object = None) -> None:
        """Leaves out a `part` that failed, or those that lack much of the record, and has everything built anew."""
        if part is not None and part not in (self.lexical, self.dense):
            return  # built anew meanwhile
        self.problem = why
        if part is not None and part is self.dense:
            self.dense = None
        elif part is not None:
            self.lexical = Wordless()
        else:
            self._leave_out()
        if self.mend:
            self.mend()
        elif part is None:
            try:
                self.build()
            except StoreUnusable as error:
                self.problem = str(error)  # questions are answered all the same

    def _leave_out(self) -> None:
        """Parts that lack much of what the record has answer worse than none."""
        enough = self._record.counts()[1] * _ENOUGH
        with contextlib.suppress(*_Broken):
            self.lexical = self.lexical if self.lexical.count() >= enough else Wordless()
        with contextlib.suppress(*_Broken):
            self.dense = self.dense if self.dense and self.dense.count() >= enough else None
        self.flat = self.flat if self.flat and self.flat.count() >= enough else None

    def faults(self, *, read: bool = True) -> str | None:
        """What the indexes fail in, as a sentence; None where nothing shows, or somebody is at work on them.

        `read` their files too, which takes long where they are large, and was done where they have just been opened.
        """
        if not self._writing.acquire(timeout=_WAIT_S):
            return None
        try:
            folder = self._folders.fitting()
            if not folder or not self.flat or not self.dense or isinstance(self.lexical, Wordless):
                return self.problem or "ดัชนีไม่ครบ"
            parts = self.lexical, self.flat, self.dense
            wrong = (selftest.torn(*parts) if read else None) or selftest.wrong(self._record, *parts)
            self.dense.trust()
            return wrong
        except _Broken as error:
            return str(error)
        finally:
            self._writing.release()

    def sound(self) -> bool:
        """Whether all hold what the record does, and find it."""
        return self.faults() is None

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
        if self._is_building():
            return
        with self._writing:
            if self.dense and many != self._many:
                self._many = many
                try:
                    self.dense.expect(many=many)
                except DenseBroken as error:
                    self.dense = None
                    self.failed(str(error))

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
        Nobody waits for indexes that are being built: whoever builds them settles then.
        """
        if self._is_building():
            return
        with self._writing:
            if self._brief:
                self._brief = False
                return self._open()
            if not self.flat or isinstance(self.lexical, Wordless):
                return  # the notes are carried out by those that are built anew
            if once and self.flat.count() >= _LARGE:
                self._expect(many=True)
            while pending := self._record.pending(2 * _LAG):
                try:
                    self._carry_out(pending, self.flat)
                except _Broken as error:
                    self._check_room()
                    return self.failed(str(error))
                self._record.pending.confirm(pending)
                if once:
                    return

    def _is_building(self) -> bool:
        """Whether another thread builds them anew."""
        return self._builder not in (None, threading.get_ident())

    def _check_room(self) -> None:
        """Raises DiskFull where nothing could be built because nothing can be written."""
        if self._folders.free() < _ROOM:
            raise DiskFull("ดิสก์ของคลังเต็ม ดัชนีจึงยังไม่มีการเปลี่ยนแปลงล่าสุด เมื่อมีที่ว่างแล้วจะทำต่อเอง")

    def _carry_out(self, pending: list[tuple[int, bool]], flat: Flat) -> None:
        added = [key for key, present in pending if present]
        removed = [key for key, present in pending if not present]
        texts = [row for some in self._record.texts(added) for row in some] if added else []
        self.lexical.change(texts, removed)
        found, documents, vectors = self._record.vectors(added)
        if len(found):
            flat.add(found, documents, vectors)
        flat.remove(removed)
        if dense := self.dense:  # which another thread may leave out meanwhile
            dense.add(found, vectors)
            dense.remove(removed)

    def build(self, progress: Callable[[int], object] = lambda _: None) -> None:
        """Builds `index/<n+1>` from the record, switches to it and deletes the others; `progress` is given passages done.

        Where it cannot be built, what stood before stands, and nothing of it takes room.
        """
        with self._writing:
            self._builder = threading.get_ident()
            try:
                self._build(progress)
            finally:
                self._builder = None
        if self._record.pending(1) and not self.problem:
            self.settle()

    def _build(self, progress: Callable[[int], object]) -> None:
        pending, unswept = self._record.pending(-1), self.unswept()
        number = int(self._record.meta("index") or 0) + 1
        self._record.set_meta("index", str(number))  # never one twice: Chroma remembers folders for as long as it runs
        folder = self._folders.new(number)
        before = self.lexical, self.flat, self.dense
        try:
            self._fill(folder, progress)
        except BaseException as error:
            self.lexical, self.flat, self.dense = before
            self._folders.delete(folder)
            if isinstance(error, _Broken):
                raise StoreUnusable(f"สร้างดัชนีใหม่ไม่ได้ ({error}) ตรวจที่ว่างในดิสก์และสิทธิ์เขียน คำถามยังตอบจากสิ่งที่มีอยู่") from error
            raise
        # they count for whoever opens the archive: they have to here too, whatever else fails
        self.problem, self._brief, self._many = None, False, False
        if before[2]:
            with contextlib.suppress(DenseBroken):
                before[2].close()
        self._record.pending.confirm(pending)
        self._record.set_meta("embedding", self._embedder.name)
        if self._alone and self.dense:
            with contextlib.suppress(DenseBroken):  # what stays on a server goes the next time
                self.dense.drop_others()
        if self._alone and self._folders.keep_only(folder) and unswept:
            self._record.erased.swept(unswept)

    def _fill(self, folder: Path, progress: Callable[[int], object]) -> None:
        """Builds indexes in `folder`: rows, which are soon made, words, neighbours; each serves at once where there is none."""
        lexical, flat = Lexical(folder / "lexical"), Flat(folder / "flat", self._embedder.leading)
        words = neighbours = 0
        dense = None if isinstance(self.lexical, Wordless) else self._neighbours(folder)  # first: a server may not answer
        try:
            for rows in self._record.all_vectors():
                flat.add(*rows)
            self.flat = self.flat or flat
            for some in self._record.texts():
                lexical.change(some)
                progress((words := words + len(some)) // 2)
            if isinstance(self.lexical, Wordless):
                self.lexical = lexical
            dense = dense or self._neighbours(folder)
            dense.expect(many=words >= _LARGE)
            for keys, _, vectors in self._record.all_vectors():
                dense.add(keys, vectors)
                progress((words + (neighbours := neighbours + len(keys))) // 2)
            dense.expect(many=False)
            dense.wipe()
            dense.trust()
            self._folders.finish(folder)
        except BaseException:
            with contextlib.suppress(DenseBroken):
                if dense:
                    dense.close()
            raise
        self.lexical, self.flat, self.dense = lexical, flat, dense

    def unswept(self) -> str | None:
        """Since when the files here may have bytes of what was erased: Chroma and tantivy keep what they are told to delete."""
        return self._record.erased.unswept()

    def disown(self) -> None:
        """See `Folders.disown`."""
        self._folders.disown()

    def _manifest(self) -> dict[str, object]:
        number = self._record.generation()
        return ({"generation": number} if number else {}) | {
            "layout": _LAYOUT,
            "embedding": self._embedder.name,
            "dimension": self._embedder.dimension,
            "leading": self._embedder.leading,
            "dictionary": thai.dictionary_version(),
        }
