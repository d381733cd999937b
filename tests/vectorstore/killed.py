"""What is left of a backup, a restoring or a carrying over that is killed at any of its steps: a program of its own.

`python -m tests.vectorstore.killed WHAT FOLDER ...` does it again and again, each time in a child that kills itself one step
later, and looks each time at what is there. It prints how many steps there were, and how often the old and the new was found.
"""

import contextlib
import functools
import json
import os
import shutil
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from tests.fakes import HashEmbedder
from vectorstore import Store, backup, parcel, reading, restoring, sealing
from vectorstore.record import Record
from vectorstore.restoring import restore
from vectorstore.schema import SCHEMA
from vectorstore.sealing import Seal

PASSPHRASE = "รหัสผ่านของคลัง-1"
TWICE = 2
"""How often a line counts as a step: the second time is within a loop."""
Step = Callable[[], None]


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def lines_of(*modules: Any) -> Callable[[Step], None]:
    """Makes every line of these modules a step."""
    files = {module.__file__ for module in modules}

    def watch(step: Step) -> None:
        seen: dict[tuple[str, int], int] = {}

        def trace(frame: FrameType, event: str, _: object) -> Any:
            if frame.f_code.co_filename not in files:
                return None
            at = (frame.f_code.co_filename, frame.f_lineno)
            if event == "line" and seen.get(at, 0) < TWICE:
                seen[at] = seen.get(at, 0) + 1
                step()
            return trace

        threading.settrace(trace)
        sys.settrace(trace)

    return watch


def statements(step: Step) -> None:
    """Makes every statement of SQL a step."""
    connect = sqlite3.connect

    def connected(*given: Any, **options: Any) -> sqlite3.Connection:
        db = connect(*given, **options)
        db.set_trace_callback(lambda _: step())
        return db

    sqlite3.connect = connected  # type: ignore[assignment]


def runs_through(act: Callable[[], object], steps: Callable[[Step], None], most: int) -> bool:
    """Whether `act` is done in a child after so many steps; else the child is killed at the next."""
    child = os.fork()
    if child == 0:
        left = iter(range(most))
        with contextlib.suppress(BaseException):
            steps(lambda: None if next(left, None) is not None else kill())
            act()
            os._exit(0)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"failed at step {most}"
    return os.WIFEXITED(status)


def again_and_again(
    prepare: Step, act: Callable[[], object], steps: Callable[[Step], None], found: Callable[[], str], stride: int = 1
) -> None:
    """Kills at every step, or at every so many of them."""
    counts = {"steps": 0, "old": 0, "new": 0}
    while True:
        prepare()
        done = runs_through(act, steps, counts["steps"])
        counts[found()] += 1
        if done:
            break
        counts["steps"] += stride
    print(json.dumps(counts))


def small_pieces() -> None:
    backup.PIECE = reading.PIECE = parcel.PIECE = 1 << 14  # type: ignore[misc]


def backing(folder: Path, sealed: str) -> None:
    """Over an earlier backup, in a folder with another file, of the archive in folder/home."""
    seal = Seal.of(PASSPHRASE) if sealed else None
    out, earlier = folder / "out", b""

    def act() -> None:
        with Store(folder / "home", HashEmbedder(), brief=True) as store:
            backup.write(store, {}, "0.1.0", out / "a", seal=seal)

    def prepare() -> None:
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        (out / "a").write_bytes(earlier)
        (out / "งาน.docx").write_bytes(b"mine")

    def found() -> str:
        old = (out / "a").read_bytes() == earlier
        assert read(out / "a").manifest["counts"]["documents"] == 1
        act()
        assert sorted(path.name for path in out.iterdir()) == ["a", "งาน.docx"], "what the killed one left is gone"
        return "old" if old else "new"

    def read(file: Path) -> Any:
        return reading.read(file, lambda _: seal.key if seal else None)

    prepare()
    act()
    earlier = (out / "a").read_bytes()
    again_and_again(prepare, act, lines_of(backup, parcel, reading, sealing), found, stride=5 if sealed else 1)


def restored(folder: Path, file: str, passphrase: str) -> None:
    """From a backup onto folder/new."""
    home = folder / "new"
    restoring.key_of = functools.cache(sealing.key_of)  # type: ignore[attr-defined]  # which takes a second, once
    counts = (0, 0)

    def act() -> Any:
        return restore(Path(file), home, lambda: passphrase)

    def found() -> str:
        new = (home / "archive.db").exists()
        if not new:
            act()
        record = Record(home / "archive.db")
        assert record.faults() == [] and record.counts() == counts
        record.close()
        backup.sweep_home(home)
        assert {path.name for path in home.iterdir()} <= {"archive.db", "lock"}
        return "new" if new else "old"

    told = act().manifest["counts"]
    counts = (told["documents"], told["passages"])
    steps = lines_of(restoring, reading, parcel, sealing)
    again_and_again(lambda: shutil.rmtree(home), act, steps, found, stride=5 if passphrase else 1)


def carried(folder: Path, database: str) -> None:
    """A database of an earlier schema."""
    copy = folder / "archive.db"
    before = rows(Path(database))
    columns = {table: names for table, (names, _) in before.items()}

    def prepare() -> None:
        for left in folder.glob("archive.db*"):
            left.unlink()
        shutil.copy(database, copy)

    def act() -> None:
        Record(copy).close()

    def found() -> str:
        version = user_version(copy)
        if version != SCHEMA:
            assert version == user_version(Path(database)) and rows(copy) == before, "wholly as it was"
        act()
        after = rows(copy)
        assert {table: after[table][0][: len(names)] for table, names in columns.items()}.keys() == columns.keys()
        assert user_version(copy) == SCHEMA and len(after["documents"][1]) == len(before["documents"][1])
        return "new" if version == SCHEMA else "old"

    again_and_again(prepare, act, statements, found)


def user_version(database: Path) -> int:
    with contextlib.closing(sqlite3.connect(database)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def rows(database: Path) -> dict[str, tuple[list[str], list[tuple[object, ...]]]]:
    """(columns, rows) of every table."""
    with contextlib.closing(sqlite3.connect(database)) as db:
        tables = [
            row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        ]
        found = {}
        for table in tables:
            names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            found[table] = names, sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
        return found


if __name__ == "__main__":
    small_pieces()
    what = {"backup": backing, "restore": restored, "carry": carried}[sys.argv[1]]
    what(Path(sys.argv[2]), *sys.argv[3:])
