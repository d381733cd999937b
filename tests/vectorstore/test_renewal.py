"""Another model or chunker: built beside, tried, switched to in one go, and gone back from; whatever is killed where."""

import contextlib
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore.earlier import schema_6
from vectorstore import Document, Passage, Store
from vectorstore.errors import IndexMismatch, NothingKept, StoreUnusable
from vectorstore.renewal import Renewal

ROOT = Path(__file__).parents[2]
OLD, NEW = HashEmbedder("old@1"), HashEmbedder("new@1", 32)


def report(n: int) -> Document:
    return document(f"{n}.txt", *(f"รายงานฉบับที่ {n} ข้อ {line} เรื่องกองทุนสวัสดิการ" for line in range(5)))


def whole(made: Document) -> list[Passage]:
    """Another chunker: the document is one passage."""
    return [Passage(id=f"{made.id[:16]}:w", document_id=made.id, start=0, end=len(made.text), text=made.text)]


def fill(store: Store, *numbers: int, chunk: Callable[[Document], list[Passage]] = passages) -> None:
    store.add([(report(n), chunk(report(n))) for n in numbers])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("made") / "home"
    with Store(home, OLD) as store:
        fill(store, *range(8))
    yield home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "home")
    return tmp_path / "home"


def renew(
    store: Store, embedder: HashEmbedder = NEW, *, back: bool = False, step: Callable[[str], object] = lambda _: None
) -> None:
    renewal = Renewal(store, embedder, whole if embedder is NEW else passages, "whole", back=back, step=step)
    renewal.prepare()
    renewal.build()
    renewal.switch()


def stands(store: Store, numbers: set[int], each: int) -> None:
    """The archive has these documents, with so many passages each, and its indexes are as the record."""
    assert {header.source for header in store.documents()} == {f"{n}.txt" for n in numbers}
    assert store.status().passages == each * len(numbers) and store.faults() == [] and store.status().index == "ready"
    for n in numbers:
        assert store.search(f"รายงานฉบับที่ {n} ข้อ 3")[0].document.source == f"{n}.txt"


def kept(store: Store, table: str = "passages") -> list[tuple[object, ...]]:
    return store.record._rows(f"SELECT key, document, id, vector FROM {table} ORDER BY key")


def test_switched_to_and_gone_back_from(home: Path) -> None:
    with Store(home, NEW, rebuilding=True) as store:
        before = kept(store)
        renew(store)
        stands(store, set(range(8)), 1)
        assert kept(store, "passages_beside") == before
    with pytest.raises(IndexMismatch, match="old@1"):
        Store(home, OLD)
    with Store(home, NEW) as store:
        stands(store, set(range(8)), 1)
        fill(store, 8, 9, chunk=whole)
        store.remove("0.txt")
        fill(store, 1, chunk=whole)  # known, and stays
        changed = document("2.txt", "รายงานฉบับที่ 2 ข้อ 3 ฉบับแก้ไข", *(f"บรรทัด {n}" for n in range(4)))
        store.add([(changed, whole(changed))])
        stands(store, set(range(1, 10)), 1)
        assert not [row for row in kept(store, "passages_beside") if row[1] == 1], "what is removed is removed there too"
    with Store(home, OLD, rebuilding=True) as store:
        renew(store, OLD, back=True)
        stands(store, set(range(1, 10)), 5)
        unchanged = [row for row in before if row[1] not in (1, 3)]
        assert [row for row in kept(store) if row[1] not in (9, 10, 11)] == unchanged, "to the byte"
        assert {row[1] for row in kept(store)} - {row[1] for row in unchanged} == {9, 10, 11}
    with Store(home, NEW, rebuilding=True) as store:  # and forth again
        renew(store, NEW, back=True)
        stands(store, set(range(1, 10)), 1)


def test_there_is_nothing_to_go_back_to(home: Path) -> None:
    with Store(home, OLD, rebuilding=True) as store:
        with pytest.raises(NothingKept, match="ไม่มีดัชนีรุ่นก่อน"):
            Renewal(store, OLD, passages, back=True)
        Renewal(store, NEW, whole).prepare()  # the next one is none before
        with pytest.raises(NothingKept):
            Renewal(store, NEW, whole, back=True)
    with Store(home, NEW, rebuilding=True) as store:
        renew(store)
        with pytest.raises(NothingKept, match="old@1"):
            Renewal(store, NEW, whole, back=True)


def test_it_is_tried_before(home: Path) -> None:
    with Store(home, OLD) as store:
        renewal = Renewal(store, NEW, whole)
        renewal.prepare()
        renewal.build()
        tried = renewal.trial()
        assert tried.search("รายงานฉบับที่ 3")[0].passage.text == report(3).text
        assert store.search("รายงานฉบับที่ 3")[0].passage.text in report(3).text.splitlines()
        renewal.close()
        stands(store, set(range(8)), 5)
    with Store(home, OLD) as store:
        stands(store, set(range(8)), 5)
        assert len(list((home / "index").iterdir())) == 1


def test_it_goes_on_where_it_was(home: Path) -> None:
    with Store(home, OLD, rebuilding=True) as store:
        renewal = Renewal(store, NEW, whole, "a", step=_ends_at("preparing", 5))
        with pytest.raises(KeyboardInterrupt):
            renewal.prepare()
    with Store(home, OLD) as store:  # as it was, and used
        stands(store, set(range(8)), 5)
        store.remove("0.txt")
        fill(store, 8)
    with Store(home, NEW, rebuilding=True) as store:
        assert Renewal(store, NEW, whole, "a").undone() == 5
        renewal = Renewal(store, NEW, whole, "a")
        renewal.prepare()
        renewal.build()
        renewal.switch()
        stands(store, set(range(1, 9)), 1)
    with Store(home, OLD, rebuilding=True) as store:
        assert Renewal(store, OLD, passages, "b").undone() == 8, "other rules begin anew"


def _ends_at(step: str, times: int) -> Callable[[str], None]:
    left = [times]

    def ends(name: str) -> None:
        left[0] -= name == step
        if not left[0]:
            raise KeyboardInterrupt

    return ends


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from tests.vectorstore import test_renewal as case
    from vectorstore import Store, generations
    home, at, back = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "back"

    def step(name):
        if name == at:
            os.kill(os.getpid(), signal.SIGKILL)

    kept = generations._set

    def killed(db, name, value):
        if value.get("role") == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        kept(db, name, value)

    if at == "committing":
        generations._set = killed
    embedder = case.OLD if back else case.NEW
    with Store(home, embedder, rebuilding=True) as store:
        case.renew(store, embedder, back=back, step=step)
"""


def run(home: Path, at: str, way: str) -> int:
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(home), at, way]
    return subprocess.run(command, cwd=ROOT, check=False, stderr=subprocess.PIPE).returncode


@pytest.mark.slow
@pytest.mark.parametrize("way", ["forth", "back"])
@pytest.mark.parametrize("at", ["preparing", "building", "built", "switching", "committing", "switched"])
def test_a_renewal_killed_at_each_step(home: Path, at: str, way: str) -> None:
    numbers, before, after = set(range(8)), (OLD, 5), (NEW, 1)
    if way == "back":
        with Store(home, NEW, rebuilding=True) as store:
            renew(store)
            fill(store, 8, chunk=whole)
        numbers, before, after = set(range(9)), (NEW, 1), (OLD, 5)
    assert run(home, at, way) == -signal.SIGKILL
    (embedder, each), (other, _) = (after, before) if at == "switched" else (before, after)
    with pytest.raises(IndexMismatch):
        Store(home, other)
    with Store(home, embedder, serving=True) as store:
        stands(store, numbers, each)
    if at != "switched":
        assert run(home, "", way) == 0
    with Store(home, after[0]) as store:
        stands(store, numbers, after[1])
        assert len(list((home / "index").iterdir())) == 1


def test_no_room_leaves_it_as_it_was(home: Path) -> None:
    with Store(home, NEW, rebuilding=True) as store:
        pages = store.record._rows("PRAGMA page_count")[0][0]
        store.record._rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreUnusable, match="ที่ว่างในดิสก์"):
            for n in range(400):
                store.generations.begin(f"{n}", "")
                store.generations.write(report(1).id, passages(report(1)) * 40, OLD.embed(["x"] * 200))
                store.generations.write(report(2).id, passages(report(2)) * 400, OLD.embed(["x"] * 2000))
    with Store(home, OLD) as store:
        stands(store, set(range(8)), 5)
    with Store(home, NEW, rebuilding=True) as store:
        renew(store)
        stands(store, set(range(8)), 1)


def test_what_is_masked_is_not_gone_back_to(tmp_path: Path) -> None:
    secret = document("id.txt", "เลขประจำตัวประชาชน 1-1014-00234-56-1 ของนายสมชาย", "รายงาน")
    with Store(tmp_path, OLD, personal=True) as store:
        store.add([(secret, passages(secret))])
        store.rebuild(passages)
        assert store.generations.beside(), "what was before"
    with Store(tmp_path, OLD, rebuilding=True) as store:
        store.renew_texts()
        assert store.generations.beside() is None and not kept(store, "passages_beside")


def test_an_archive_of_the_sixth_schema_can_be_renewed(home: Path) -> None:
    with contextlib.closing(schema_6(home / "archive.db")) as db:
        db.commit()
    with Store(home, NEW, rebuilding=True) as store:
        renew(store)
        stands(store, set(range(8)), 1)
