"""A process that changes an archive until it is killed, or kills itself at a step; and one that looks at what it has left.

Both come from a process that has everything imported and no archive open, so that a hundred of them take no hundred starts.
"""

import contextlib
import json
import multiprocessing
import os
import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.chunk import passages
from ingest.pipeline import read_document
from tests.fakes import HashEmbedder
from vectorstore import Document, Store, changes, indexes, record, sweeping
from vectorstore import store as stores
from vectorstore.dense import Dense
from vectorstore.erasing import Erased
from vectorstore.flat import Flat
from vectorstore.lexical import Lexical
from vectorstore.pending import Pending

SOURCES = tuple(f"บันทึก-{letter}.txt" for letter in "กขคงจฉช")
_LONGEST_S = 120.0
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.vectorstore.warm"])
_SYLLABLES = [first + vowel + last for first in "กขจชดตทนบปพมยรลวสห" for vowel in "าิีุู" for last in "กงดนบมย"]


def made(source: str, n: int) -> Document:
    """The `n`-th document of a source, read from its bytes."""
    return read_document(source, written(source, n))


def written(source: str, n: int) -> bytes:
    """The bytes of the `n`-th document of a source: minutes with a resolution, of words that no other has together."""
    chance = random.Random(f"{source} {n}")

    def words(count: int) -> str:
        return "".join(chance.choices(_SYLLABLES, k=count))

    lines = [
        f"รายงานการประชุมคณะกรรมการบ้าน{words(3)} ครั้งที่ {n % 12 + 1}/2566",
        "วันที่ 10 กุมภาพันธ์ 2566 เวลา 09.00 น.",
        f"ระเบียบวาระที่ 1 เรื่อง{words(4)}",
        *(f"{chance.randrange(1, 9)}. {words(24)} {words(20)}" for _ in range(chance.randrange(2, 9))),
        f"มติที่ประชุม เห็นชอบงบ{words(4)} {chance.randrange(1, 900)} บาท",
    ]
    return "\n".join(lines).encode()


@dataclass
class Known:
    """What a killed process had said: the number of the present document of each source, None of one that was removed.

    `gone` are the numbers of documents that were removed, by source; of a change that was not acknowledged `before` and `after`
    are what the source may be. Where the indexes were being built anew when it was, it is `unswept`.
    """

    present: dict[str, int] = field(default_factory=dict)
    gone: dict[str, list[int]] = field(default_factory=dict)
    versions: dict[str, list[int]] = field(default_factory=dict)
    changing: tuple[str, int | None, int | None] | None = None
    acknowledged: int = 0
    unswept: bool = False

    def done(self, source: str, n: int | None) -> None:
        """Notes that a source has its `n`-th document now, or none."""
        self.changing = None
        if n is not None:
            self.present[source] = n
            self.versions.setdefault(source, []).append(n)
        elif source in self.present:
            del self.present[source]
            self.gone.setdefault(source, []).extend(self.versions.pop(source))


def told(log: Path) -> Known:
    """What stands in a log of changes: a line before each, and one after it that is on the disk when it is acknowledged."""
    known = Known()
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
        said = json.loads(line)
        if said.get("undone"):
            known.changing = None
        elif "done" in said:
            known.acknowledged += bool(said["done"])
            known.unswept = not said.get("swept", True)
            known.done(said["source"], said["n"])
        else:
            known.changing = said["source"], known.present.get(said["source"]), said["n"]
    return known


class Log:
    """Where each change is announced and acknowledged."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def say(self, **fields: object) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(fields, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def settle(self, source: str, n: int | None, *, undone: bool) -> None:
        """Notes what became of a change that nobody acknowledged, so that the next process builds on it."""
        self.say(done=False, source=source, n=n, undone=undone)


def change(store: Store, log: Log, source: str, n: int | None) -> None:
    """Adds or replaces a document, or removes it where `n` is None, and acknowledges it."""
    log.say(source=source, n=n)
    swept = True
    if n is None:
        swept = store.remove(source).indexes == "clean"
    else:
        document = made(source, n)
        store.add([(document, passages(document))])
    log.say(done=True, source=source, n=n, swept=swept)


def _keep_changing(home: Path, seed: int) -> None:
    """Changes the archive until it is killed, some of the time as a bulk does."""
    chance, path = random.Random(seed), home.with_suffix(".log")
    with Store(home, HashEmbedder()) as store:
        n = seed * 10_000
        while True:
            bulk = chance.random() < 0.2
            with store.bulk() if bulk else contextlib.nullcontext():
                for _ in range(chance.randrange(1, 6)):
                    n += 1
                    source = chance.choice(SOURCES)
                    gone = source in told(path).present and chance.random() < 0.4
                    change(store, Log(path), source, None if gone else n)


# Steps at which a process kills itself


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def _before(owner: Any, name: str) -> None:
    setattr(owner, name, _die)


def _after(owner: Any, name: str) -> None:
    plain = getattr(owner, name)

    def did(*given: Any, **more: Any) -> None:
        plain(*given, **more)
        _die()

    setattr(owner, name, did)


def _at_checkpoint(when: Callable[[Any, str], None]) -> None:
    plain = record.Record._rows

    def rows(self: record.Record, query: str, values: Any = ()) -> Any:
        if "wal_checkpoint" in query:
            if when is _after:
                plain(self, query, values)
            _die()
        return plain(self, query, values)

    record.Record._rows = rows  # type: ignore[method-assign]


def _torn_row() -> None:
    """A row of the flat file is half written."""
    plain = Flat.add

    def torn(self: Flat, *given: Any) -> None:
        plain(self, *given)
        os.truncate(self._path, self._path.stat().st_size - 7)
        _die()

    Flat.add = torn  # type: ignore[method-assign]


def _half_deleted() -> None:
    """Of an old folder of indexes some files are gone, but not the manifest."""

    def some(folder: Path) -> bool:
        for path in sorted((folder / "lexical").iterdir())[:2]:
            path.unlink()
        _die()
        return False

    indexes._deleted = some


def _in_background() -> None:
    """Indexes are made anew by a thread, as in a large archive."""
    stores._SMALL = 0
    _before(sweeping.Sweeping, "_go_on")


ADDING: dict[str, Callable[[], None]] = {
    "in the record's transaction": lambda: _after(changes, "add"),
    "after the record's commit": lambda: _before(indexes.Indexes, "follow"),
    "before tantivy": lambda: _before(Lexical, "change"),
    "between tantivy and the flat file": lambda: _before(Flat, "add"),
    "in a row of the flat file": _torn_row,
    "between the flat file and Chroma": lambda: _before(Dense, "add"),
    "after Chroma": lambda: _after(Dense, "add"),
    "before what was carried out is confirmed": lambda: _before(Pending, "confirm"),
    "after it is confirmed": lambda: _after(Pending, "confirm"),
}
REMOVING: dict[str, Callable[[], None]] = {
    "in the record's transaction": lambda: _after(changes, "erase"),
    "between the commit and the checkpoint": lambda: _at_checkpoint(_before),
    "after the checkpoint": lambda: _at_checkpoint(_after),
    "before the indexes are built": lambda: _before(indexes.Indexes, "build"),
    "between tantivy and the flat file of new indexes": lambda: _before(Flat, "add"),
    "between the flat file and Chroma of new indexes": lambda: _before(Dense, "add"),
    "before the graph's empty rooms are wiped": lambda: _before(Dense, "wipe"),
    "before the manifest has its name": lambda: _before(Path, "rename"),
    "after the manifest has its name": lambda: _after(Path, "rename"),
    "before what was carried out is confirmed": lambda: _before(Pending, "confirm"),
    "before the old indexes are deleted": lambda: _before(indexes, "_deleted"),
    "while the old indexes are deleted": _half_deleted,
    "before it is noted that all is swept": lambda: _before(Erased, "swept"),
    "after that is noted": lambda: _after(Erased, "swept"),
    "while a thread builds the indexes": _in_background,
}
STEPS = {
    **{f"add: {name}": step for name, step in ADDING.items()},
    **{f"replace: {name}": step for name, step in ADDING.items()},
    "replace: before the earlier version is taken out of search": lambda: _before(changes, "retire"),
    **{f"remove: {name}": step for name, step in REMOVING.items()},
}
"""Where a process kills itself, by what it does and how far it came."""
MENDING = {
    "mending: before anything is carried out": lambda: _before(indexes.Indexes, "_carry_out"),
    "mending: before it is confirmed": lambda: _before(Pending, "confirm"),
    "mending: before indexes are built": lambda: _before(indexes.Indexes, "build"),
    "mending: before the old ones are deleted": lambda: _before(indexes, "_deleted"),
}
"""Where the process is killed that opens what a killed one has left."""


def _to_a_step(home: Path, step: str) -> None:
    """Takes in three documents, one of them twice, and dies at a step of the fourth change."""
    log = Log(home.with_suffix(".log"))
    with Store(home, HashEmbedder()) as store:
        for n, source in enumerate((*SOURCES[:3], SOURCES[0])):
            change(store, log, source, n)
        STEPS[step]()
        kind = step.split(":")[0]
        change(store, log, SOURCES[3] if kind == "add" else SOURCES[0], None if kind == "remove" else 9)


def _to_mend(home: Path, step: str) -> None:
    MENDING[step]()
    with Store(home, HashEmbedder()):
        pass


# From outside


@dataclass
class Ended(Exception):
    """A process that was to end otherwise; `said` is what it said."""

    code: int | None
    said: str


def _run(work: Callable[..., None], errors: Path, *given: Any) -> None:
    try:
        work(*given)
    except Exception:  # noqa: BLE001 -- whatever it is, the one who started this tells it
        errors.write_text(traceback.format_exc(), encoding="utf-8")
        raise SystemExit(1) from None


@contextlib.contextmanager
def _process(work: Callable[..., None], home: Path, *given: Any) -> Iterator[Any]:
    errors = home.with_suffix(".errors")
    errors.unlink(missing_ok=True)
    process = _CONTEXT.Process(target=_run, args=(work, errors, home, *given))
    process.start()
    try:
        yield process
    finally:
        process.join(_LONGEST_S)
        if process.is_alive():
            process.kill()
            process.join()


def _check(process: Any, home: Path, wanted: int) -> None:
    if process.exitcode != wanted:
        errors = home.with_suffix(".errors")
        raise Ended(process.exitcode, errors.read_text(encoding="utf-8") if errors.exists() else "")


def kill_soon(home: Path, seed: int, chance: random.Random) -> None:
    """Kills a process that changes the archive, some time after it has begun to.

    Raises:
        Ended: it ended before.
    """
    before = told(home.with_suffix(".log")).acknowledged
    with _process(_keep_changing, home, seed) as process:
        until = time.monotonic() + _LONGEST_S
        first = chance.random() < 0.1  # while it opens what is there
        while not first and process.is_alive() and told(home.with_suffix(".log")).acknowledged == before:
            assert time.monotonic() < until
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.5))
        process.kill()
    _check(process, home, -signal.SIGKILL)


def kill_at(home: Path, step: str) -> None:
    """Lets a process kill itself at a step of `STEPS` or `MENDING`.

    Raises:
        Ended: it did not come there.
    """
    with _process(_to_mend if step in MENDING else _to_a_step, home, step) as process:
        pass
    _check(process, home, -signal.SIGKILL)


def inspect(home: Path) -> None:
    """Looks at what is left, in a process of its own, and notes what became of the change that was not acknowledged.

    Raises:
        Ended: something is wrong.
    """
    from tests.vectorstore.left_over import inspected

    with _process(inspected, home) as process:
        pass
    _check(process, home, 0)
