"""A disk that is full changes nothing and stops no question; what it held up goes on by itself when there is room again."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.chunk import passages
from tests.disk import Disk, small
from tests.fakes import HashEmbedder
from tests.vectorstore import left_over
from tests.vectorstore.killing import made
from vectorstore import Store
from vectorstore.errors import DiskFull
from vectorstore.indexes import Indexes

KB = 1 << 10


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small(tmp_path / "disk", 40) as mounted:
        yield mounted


def add(store: Store, *made_of: tuple[str, int]) -> None:
    documents = [made(*one) for one in made_of]
    store.add([(one, passages(one)) for one in documents])


class Asker(threading.Thread):
    """Asks without end; what went wrong is in `wrong`."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store, self.over = store, threading.Event()
        self.asked, self.wrong = 0, list[BaseException]()

    def run(self) -> None:
        while not self.over.wait(0.05):
            try:
                assert self._store.search("มติที่ประชุม เห็นชอบงบ")
                self.asked += 1
            except BaseException as error:  # noqa: BLE001 -- told by the test
                self.wrong.append(error)


def test_changes_fail_wholly_or_are_done_and_go_on_when_there_is_room(disk: Disk) -> None:
    """From nothing left to so much that only the last of what is to be written does not fit."""
    present = {f"เรื่อง{n}.txt": n for n in range(60)}
    refused = put_off = 0
    with Store(disk.path / "home", HashEmbedder()) as store:
        add(store, *present.items())
        asker = Asker(store)
        asker.start()
        for n, leave in enumerate((0, 60, 120, 180, 240, 320, 400, 480), start=1000):
            disk.fill(leave * KB)
            new = {f"ใหม่{n}-{m}.txt": n * 10 + m for m in range(8)}
            for changed in (new, {"เรื่อง1.txt": n}):
                try:
                    add(store, *changed.items())
                    present |= changed
                except DiskFull as error:
                    refused += 1
                    assert "ดิสก์" in str(error) and not any(store.known(made(*one).id) for one in changed.items())
            gone = f"เรื่อง{n - 990}.txt"
            try:
                store.remove(gone)
                del present[gone]
                assert store.versions(gone) == []
            except DiskFull:
                refused += 1
                assert store.find(gone)
            put_off += bool(store._record.pending(1) or store.status().unswept)
            disk.empty()
            until = time.monotonic() + 120
            while store._record.pending(1) or store.status().unswept:
                assert time.monotonic() < until, "it does not go on"
                time.sleep(0.05)
        asker.over.set()
        asker.join()
        assert asker.wrong == [] and asker.asked
        assert refused >= 3 and put_off, "nothing is proved where the disk is never full"
        add(store, ("ต่อ.txt", 1))
        present["ต่อ.txt"] = 1
        assert store.faults() == [] and store.status().problem is None
        left_over.documents_hold(store, present)
        left_over.rows_hold(store)
        left_over.indexes_hold(store)


def test_an_archive_opens_on_a_full_disk_and_answers(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    home = disk.path / "home"
    with Store(home, HashEmbedder()) as store:
        add(store, *((f"เรื่อง{n}.txt", n) for n in range(20)))
        monkeypatch.setattr(Indexes, "follow", lambda *_: None)  # as if the process had been killed before the indexes follow
        add(store, ("เรื่อง20.txt", 20))
    monkeypatch.undo()
    disk.fill(44 * KB)  # enough for what SQLite needs to open it
    with Store(home, HashEmbedder(), serving=True) as store:
        assert store.search("มติที่ประชุม เห็นชอบงบ") and store._record.pending(1)
    with Store(home, HashEmbedder(), serving=True) as store:
        disk.empty()
        until = time.monotonic() + 120
        while store._record.pending(1) or store.status().problem:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert store.faults() == []


def test_a_large_archive_is_swept_when_there_is_room(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    from vectorstore import store as stores

    monkeypatch.setattr(stores, "_SMALL", 0)
    with Store(disk.path / "home", HashEmbedder()) as store:
        add(store, *((f"เรื่อง{n}.txt", n) for n in range(20)))
        disk.fill(500 * KB)
        gone = store.remove("เรื่อง3.txt")
        assert gone.indexes == "rebuilding"
        assert not any(hit.document.source == "เรื่อง3.txt" for hit in store.search(made("เรื่อง3.txt", 3).title, k=100))
        disk.empty()
        until = time.monotonic() + 120
        while store.status().unswept:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert store.faults() == []
