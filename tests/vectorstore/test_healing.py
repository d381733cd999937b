"""Indexes that are torn, garbled or gone: questions are answered all the same, and they are built anew without help."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes import HashEmbedder, document, passages
from vectorstore import Store, dense, finding, indexes, vigil
from vectorstore.dense import DenseBroken
from vectorstore.errors import DiskFull, StoreUnusable
from vectorstore.rust import translated
from vectorstore.vigil import Vigil
from vectorstore.wordless import Wordless

ROOT = Path(__file__).parents[2]
ASKED = "รายงานฉบับที่ 7 ข้อ 3 เรื่องกองทุนสวัสดิการ"


def fill(store: Store, first: int, last: int) -> None:
    with store.bulk():
        for n in range(first, last):
            made = document(f"{n}.txt", *(f"รายงานฉบับที่ {n} ข้อ {line} เรื่องกองทุนสวัสดิการ" for line in range(10)))
            store.add([(made, passages(made))])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An archive of 300 passages whose graph stands in files."""
    home = tmp_path_factory.mktemp("made") / "home"
    with pytest.MonkeyPatch.context() as small:
        small.setattr(dense, "_SYNC", 50)
        with Store(home, HashEmbedder()) as store:
            fill(store, 0, 30)
        yield home


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(dense, "_SYNC", 50)
    shutil.copytree(made, tmp_path / "home")
    return tmp_path / "home"


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def garble(path: Path) -> None:
    with path.open("r+b") as file:
        size = path.stat().st_size
        file.seek(size // 3)
        file.write(os.urandom(size // 3))


def lose(path: Path) -> None:
    path.unlink()


CHROMA = ("header.bin", "data_level0.bin", "length.bin", "link_lists.bin", "index_metadata.pickle", "chroma.sqlite3")
TANTIVY = ("*.idx", "*.term", "*.store", "*.fieldnorm", "meta.json")
OURS = ("rows.bin", "manifest.json", "sums.json")


def right(store: Store) -> bool:
    return bool(store.search(ASKED)) and store.search(ASKED)[0].document.source == "7.txt"


def healed(store: Store) -> bool:
    store.behind.wait()
    status = store.status()
    return (status.index, status.problem, store.notice, store.faults()) == ("ready", None, None, []) and right(store)


@pytest.mark.parametrize("harm", [cut, garble, lose])
@pytest.mark.parametrize("name", [*CHROMA, *TANTIVY, *OURS])
def test_what_was_harmed_while_nobody_looked(home: Path, name: str, harm: Callable[[Path], None]) -> None:
    harm(next(path for path in sorted((home / "index").rglob(name)) if path.stat().st_size))
    with Store(home, HashEmbedder(), serving=True) as store:
        store.search(ASKED)  # whatever stands answers
        assert healed(store)
        fill(store, 30, 32)
        assert store.faults() == [] and store.status().passages == 320


@pytest.mark.parametrize("harm", [garble, lose])
@pytest.mark.parametrize("name", [*CHROMA, *TANTIVY, *OURS])
def test_what_was_harmed_while_it_was_open(home: Path, name: str, harm: Callable[[Path], None]) -> None:
    with Store(home, HashEmbedder(), serving=True) as store:
        for path in sorted((home / "index").rglob(name)):
            harm(path)
        assert len(store.search(ASKED)) <= 10
        store.examine()
        store.behind.wait()
        fill(store, 30, 32)
        store.examine()
        assert healed(store) and store.status().passages == 320
    with Store(home, HashEmbedder(), serving=True) as store:
        assert healed(store)


def test_the_whole_index_is_deleted_while_it_is_open(home: Path) -> None:
    with Store(home, HashEmbedder(), serving=True) as store:
        shutil.rmtree(home / "index")
        assert store.search(ASKED)
        fill(store, 30, 31)  # cannot be written there, and is noted
        assert healed(store) and store.status().passages == 310


def test_indexes_that_break_while_they_follow_in_opening_are_built_anew_and_stay(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill in the middle of an add whose rows Chroma then refuses."""
    with Store(home, HashEmbedder()) as store:
        with monkeypatch.context() as killed:
            killed.setattr(indexes.Indexes, "settle", lambda *_, **__: None)
            fill(store, 30, 31)
        assert store._record.pending(1)
    add, refused = dense.Dense.add, list[object]()

    def broken(self: dense.Dense, *given: object) -> None:
        if not refused:
            refused.append(given)
            raise dense.DenseBroken("refused")
        add(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(dense.Dense, "add", broken)
    with Store(home, HashEmbedder()) as store:
        assert refused and healed(store) and store.status().passages == 310
        (folder,) = (home / "index").iterdir()
    with Store(home, HashEmbedder()) as store:
        assert healed(store) and list((home / "index").iterdir()) == [folder], "what was built is not built again"


@pytest.mark.parametrize("missing", ["lexical", "flat", "dense", "*"])
def test_what_is_left_answers_while_the_rest_is_built(home: Path, missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (home / "index").glob(f"*/{missing}"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    monkeypatch.setattr(indexes.Indexes, "build", lambda *_: time.sleep(0.2))
    with Store(home, HashEmbedder(), serving=True) as store:
        assert right(store), "by words, by vectors one by one, or by the record's alone"
        assert store.notice == {"lexical": "words_missing", "flat": None, "dense": "exact", "*": "words_missing"}[missing]
        assert store.status().problem
        store.behind.wait()
    monkeypatch.undo()
    with Store(home, HashEmbedder()) as store:
        assert healed(store)


def test_a_large_archive_without_vectors_is_asked_by_words(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("flat", "dense"):
        shutil.rmtree(next((home / "index").glob(f"*/{name}")))
    monkeypatch.setattr(indexes.Indexes, "build", lambda *_: None)
    monkeypatch.setattr(finding, "_FEW", 200)
    with Store(home, HashEmbedder(), serving=True) as store:
        assert store.notice == "vectors_missing" and right(store)


def test_files_that_end_the_process_are_not_opened_again(home: Path) -> None:
    for path in (home / "index").rglob("data_level0.bin"):
        garble(path)
    for note in (home / "index").rglob("sums.json"):
        note.unlink()  # as after a kill
    program = f"""
        from pathlib import Path
        from tests.fakes import HashEmbedder
        from tests.vectorstore.test_healing import healed
        from vectorstore import Store
        with Store(Path({str(home)!r}), HashEmbedder(), serving=True) as store:
            assert healed(store)
    """
    run = [sys.executable, "-c", textwrap.dedent(program)]
    first, second = (subprocess.run(run, cwd=ROOT, check=False, capture_output=True, text=True) for _ in range(2))
    assert first.returncode in (0, -signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT), first.stderr
    assert second.returncode == 0, second.stderr


def test_a_process_that_ended_while_it_opened(home: Path) -> None:
    mark = next((home / "index").glob("*/dense")) / "opening"
    mark.touch()
    with Store(home, HashEmbedder(), serving=True) as store:
        assert "ปิดไปเอง" in (store.status().problem or "ปิดไปเอง")
        assert healed(store)
    assert not list((home / "index").rglob("opening"))


def test_what_a_killed_build_left_takes_no_room(home: Path) -> None:
    left = home / "index" / "99" / "lexical"
    left.mkdir(parents=True)
    with Store(home, HashEmbedder()) as store:
        assert not left.exists() and store.faults() == []


def test_a_part_that_fails_at_a_question_is_left_out(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(home, HashEmbedder()) as store:
        for name in ("lexical", "dense"):
            part = getattr(store._indexes, name)
            monkeypatch.setattr(part, "_index" if name == "lexical" else "_rows", None)
        with pytest.raises(DenseBroken):
            store._indexes.dense.search(HashEmbedder().embed([ASKED])[0], 3)
        with monkeypatch.context() as no_words:
            no_words.setattr(store._indexes, "lexical", Wordless())
            assert right(store)
        assert store.notice == "exact"


def test_a_panic_of_rust_is_an_error_of_ours() -> None:
    panic = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})
    with pytest.raises(DenseBroken, match="หมดแล้ว"), translated(DenseBroken, "ใช้ไม่ได้"):
        raise panic("หมดแล้ว")
    with pytest.raises(KeyboardInterrupt), translated(DenseBroken, "ใช้ไม่ได้"):
        raise KeyboardInterrupt
    with pytest.raises(StoreUnusable), translated(DenseBroken, "ใช้ไม่ได้"):
        raise StoreUnusable("ของเรา")


def test_the_vigil_finds_what_nobody_asked_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vigil, "_SOON_S", 0.05)
    with Store(home, HashEmbedder(), serving=True) as store, Vigil(store, 0.05):
        before = next((home / "index").glob("*"))
        garble(next(before.glob("lexical/*.term")))
        for _ in range(600):
            if not before.exists():
                break
            time.sleep(0.05)
        assert healed(store)
    with Store(home, HashEmbedder(), serving=True) as store, Vigil(store, 0):
        assert right(store)


def test_no_room_to_build_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(home / "index")
    add, full = dense.Dense.add, True

    def no_room(*given) -> None:
        if full:
            raise OSError(28, "No space left on device")
        add(*given)

    monkeypatch.setattr(dense.Dense, "add", no_room)
    with Store(home, HashEmbedder(), serving=True) as store:
        store.behind.wait()
        assert "No space left" in (store.status().problem or "") and "ที่ว่างในดิสก์" in (store.status().problem or "")
        assert store.search(ASKED) and store.notice == "words_missing"
        assert not list((home / "index").iterdir()), "what was begun takes no room"
        full = False
        store.examine()
        assert healed(store)


def test_nothing_is_added_below_the_floor(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(home)
    with Store(home, HashEmbedder(), floor_mb=200) as store:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=199_000_000))
        with pytest.raises(DiskFull, match="199 เมกะไบต์"):
            fill(store, 30, 31)
        assert right(store) and store.status().documents == 30
        store.remove("0.txt")
        monkeypatch.undo()
        fill(store, 30, 31)
        assert store.status().documents == 30


def garble_the_end(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 4 * 3)
        file.write(os.urandom(path.stat().st_size // 8))


def replace_all(path: Path) -> None:
    path.write_bytes(b"x" * 5000)


@pytest.mark.parametrize("harm", [cut, garble, garble_the_end, replace_all])
def test_a_harmed_record_is_refused_with_the_way_to_restore(home: Path, harm: Callable[[Path], None]) -> None:
    harm(home / "archive.db")
    with pytest.raises(StoreUnusable, match="restore ไฟล์สำรอง"):
        Store(home, HashEmbedder(), serving=True)
    Store(home.with_name("other"), HashEmbedder(), serving=True).close()


def test_a_record_that_is_harmed_while_it_is_served_is_told(home: Path) -> None:
    with Store(home, HashEmbedder(), serving=True) as store:
        store.examine()
        assert store.damage is None
        garble_the_end(home / "archive.db")
        store.examine()
        assert "restore ไฟล์สำรอง" in (store.damage or "")


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_an_archive_that_cannot_be_written_is_told_with_what_to_do(
    home: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user who runs the tests may write anywhere: the system's answer is given in its place."""

    def refused(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(StoreUnusable, match=r"คัดลอกทั้งโฟลเดอร์.*--home"):
        Store(home, HashEmbedder())
