"""The archive: wholly in or wholly out, never half, mended from its record."""

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore.conftest import Profile
from vectorstore import Filter, IndexMismatch, Store, StoreLocked, StoreUnusable, UnknownDocument, indexes
from vectorstore.errors import StoreError

WELFARE = document(
    "a.txt",
    "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วมีสมาชิก 612 คน",
    "ที่ประชุมเห็นชอบงบประมาณ 45,000 บาท",
    dates=("2021-03-14",),
    provinces=("เลย",),
    kind="minutes",
)
WEIR = document(
    "b.txt",
    "สร้างฝายชะลอน้ำ 15 ตัว ที่บ้านห้วยหมาก",
    "ใช้งบ 196,400 บาท",
    date="2023-05-01",
    dates=("2023-05-01",),
    provinces=("น่าน",),
    kind="news",
)


def add(store: Store, *documents: object) -> list[bool]:
    return store.add([(made, passages(made)) for made in documents])  # type: ignore[arg-type, misc]


@pytest.fixture
def store(tmp_path: Path, profile: Profile):
    with Store(tmp_path / "home", HashEmbedder(), **profile()) as opened:
        yield opened


@pytest.fixture
def files(home: Path):
    """A store whose record and indexes are files in its own folder."""
    with Store(home, HashEmbedder()) as opened:
        yield opened


def found(store: Store, text: str, **options: object) -> list[str]:
    return [hit.passage.text for hit in store.search(text, **options)]  # type: ignore[arg-type]


def test_added_documents_are_found_by_their_words(store: Store) -> None:
    assert add(store, WELFARE, WEIR) == [False, False]
    assert found(store, "สมาชิกกองทุนสวัสดิการ")[0].startswith("กองทุนสวัสดิการชุมชน")
    assert found(store, "ฝายชะลอน้ำ")[0].startswith("สร้างฝาย")
    assert [header.source for header in store.documents()] == ["b.txt", "a.txt"]
    hit = store.search("ฝาย")[0]
    assert store.document(hit.document.id).text[hit.passage.start : hit.passage.end] == hit.passage.text
    assert 0 <= hit.score <= 1


def test_the_same_content_is_known_and_changes_nothing(store: Store) -> None:
    add(store, WELFARE)
    assert store.known(WELFARE.id)
    assert add(store, WELFARE) == [False]
    assert store.status().documents == 1 and store.status().passages == 2


def test_new_content_of_a_source_replaces_it_and_keeps_the_old_text(store: Store) -> None:
    add(store, WELFARE)
    newer = document("a.txt", "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วมีสมาชิก 845 คน")
    assert add(store, newer) == [True]
    assert store.find("a.txt").version == 2
    assert not any("612" in text for text in found(store, "สมาชิกกองทุนสวัสดิการ"))
    assert "612" in store.document(WELFARE.id).text, "a citation of the earlier version stays openable"
    assert store.status().passages == 1


def test_two_versions_in_one_call(store: Store) -> None:
    newer = document("a.txt", "สมาชิก 845 คน")
    assert add(store, WELFARE, newer) == [False, True]
    assert store.find("a.txt").id == newer.id


def test_a_removed_document_is_gone_with_its_versions(store: Store) -> None:
    add(store, WELFARE)
    add(store, document("a.txt", "สมาชิก 845 คน"), WEIR)
    store.remove("a.txt")
    assert [header.source for header in store.documents()] == ["b.txt"]
    assert not any("845" in text for text in found(store, "สมาชิก 845 คน"))
    for gone in (WELFARE.id, "a.txt"):
        with pytest.raises(UnknownDocument):
            store.document(gone)
    with pytest.raises(UnknownDocument):
        store.remove("a.txt")


@pytest.mark.parametrize(
    ("wanted", "source"),
    [
        (Filter(years=(2021,)), "a.txt"),
        (Filter(provinces=("น่าน",)), "b.txt"),
        (Filter(kinds=("news",)), "b.txt"),
        (Filter(documents=("a.txt",)), "a.txt"),
        (Filter(documents=(WEIR.id,)), "b.txt"),
        (Filter(years=(2021, 1999), kinds=("minutes",)), "a.txt"),
    ],
)
def test_a_filter_admits_only_what_it_names(store: Store, wanted: Filter, source: str) -> None:
    add(store, WELFARE, WEIR)
    hits = store.search("งบ บาท ฝาย สมาชิก", wanted=wanted)
    assert hits and {hit.document.source for hit in hits} == {source}
    assert all(wanted.admits(hit.document) for hit in hits)


def test_a_filter_that_fits_nothing_finds_nothing(store: Store) -> None:
    add(store, WELFARE)
    assert store.search("สมาชิก", wanted=Filter(years=(1999,))) == []


@pytest.mark.parametrize("text", ["?", "🙂", "ที่", "xyzzy", "ก" * 5000, "\n"])
def test_odd_questions_are_no_error(store: Store, text: str) -> None:
    assert store.search(text) == []
    add(store, WELFARE)
    assert all(0 <= hit.score <= 1 for hit in store.search(text))


def test_an_error_in_a_batch_leaves_nothing_of_it(store: Store) -> None:
    wrong = passages(WEIR)[:1] * 2
    with pytest.raises(ValueError, match=r"zip|argument"):
        store._record.add(
            [(WELFARE, passages(WELFARE), HashEmbedder().embed(["x", "y"])), (WEIR, wrong, HashEmbedder().embed(["x"]))]
        )
    assert store.status().documents == 0 and store.status().passages == 0


def test_a_second_owner_is_told_so(home: Path) -> None:
    with Store(home, HashEmbedder()), pytest.raises(StoreLocked, match="ถูกโปรแกรมอื่นเปิดใช้อยู่"):
        Store(home, HashEmbedder())


def test_the_lock_is_free_after_closing_and_after_a_failed_opening(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        add(store, WELFARE)
    with pytest.raises(IndexMismatch, match="hash@2"):
        Store(tmp_path, HashEmbedder("hash@2"))
    Store(tmp_path, HashEmbedder()).close()


def test_another_embedding_model_is_refused_until_rebuilt(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        add(store, WELFARE, WEIR)
    with Store(tmp_path, HashEmbedder("hash@2", 32), rebuilding=True) as store:
        store.rebuild(passages)
        assert store.status().dimension == 32
    with Store(tmp_path, HashEmbedder("hash@2", 32)) as store:
        assert found(store, "ฝายชะลอน้ำ")[0].startswith("สร้างฝาย")


def test_an_empty_archive_takes_any_model(tmp_path: Path) -> None:
    Store(tmp_path, HashEmbedder()).close()
    Store(tmp_path, HashEmbedder("hash@2", 32)).close()


def _break_files(index: Path) -> None:
    for path in index.rglob("*"):
        if path.is_file() and path.name != "manifest.json":
            path.write_bytes(b"broken")


def _drop_half(index: Path) -> None:
    shutil.rmtree(next(index.glob("*/lexical")))


def _old_dictionary(index: Path) -> None:
    manifest = next(index.glob("*/manifest.json"))
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"dictionary": "old"}))


@pytest.mark.parametrize("harm", [shutil.rmtree, _break_files, _drop_half, _old_dictionary])
def test_harmed_indexes_are_built_anew_from_the_record(tmp_path: Path, harm) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        add(store, WELFARE, WEIR)
        before = found(store, "ฝายชะลอน้ำ")
    harm(tmp_path / "index")
    with Store(tmp_path, HashEmbedder()) as store:
        assert found(store, "ฝายชะลอน้ำ") == before
        assert store.status().index == "ready"


def test_what_the_indexes_missed_is_carried_out_on_opening(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        add(store, WELFARE)
        store._record.add([(WEIR, passages(WEIR), HashEmbedder().embed([p.text for p in passages(WEIR)]))])
        assert store._record.pending()
    with Store(tmp_path, HashEmbedder()) as store:
        assert found(store, "ฝายชะลอน้ำ")[0].startswith("สร้างฝาย")
        assert not store._record.pending()


def test_a_closed_archive_leaves_no_file_open(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        add(store, WELFARE, WEIR)
        store.rebuild()
        assert found(store, "ฝายชะลอน้ำ") and held(tmp_path)
    with Store(tmp_path, HashEmbedder()) as store:
        assert found(store, "ฝายชะลอน้ำ") and store.status().index == "ready"
    del store
    assert held(tmp_path) == set()


def held(folder: Path) -> set[str]:
    """The files below `folder` that this process has open."""
    gc.collect()
    links = (os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink())
    return {link for link in links if link.startswith(str(folder))}


def test_an_unusable_home_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="ใช้โฟลเดอร์"):
        Store(tmp_path / "file", HashEmbedder())
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "archive.db").write_bytes(b"not a database at all, but long enough to be read as one" * 40)
    with pytest.raises(StoreUnusable, match="เปิดฐานข้อมูล"):
        Store(tmp_path / "home", HashEmbedder())


KILLED = """
    import sys
    from pathlib import Path
    from tests.fakes import HashEmbedder, document, passages
    from vectorstore import Store
    with Store(Path(sys.argv[1]), HashEmbedder()) as store:
        for n in range(int(sys.argv[2])):
            made = document(f"{n}.txt", f"รายงานฉบับที่ {n} เรื่องกองทุนสวัสดิการ", f"งบประมาณ {n}000 บาท")
            if not store.known(made.id):
                store.add([(made, passages(made))])
            print(n, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [0, 3, 11])
def test_a_killed_add_loses_nothing(tmp_path: Path, after: int) -> None:
    program = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), "25"]
    process = subprocess.Popen(
        program, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    )
    assert process.stdout
    for line in process.stdout:
        if int(line) >= after:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.wait()
    process.stdout.close()
    subprocess.run(
        program, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    )
    with Store(tmp_path, HashEmbedder()) as store:
        assert sorted(header.source for header in store.documents()) == sorted(f"{n}.txt" for n in range(25))
        assert store.status().passages == 50
        assert store._indexes.sound()
        assert all(header.version == 1 for header in store.documents())


BULK = """
    import sys
    from pathlib import Path
    from tests.fakes import HashEmbedder, document, passages
    from vectorstore import Store, indexes
    indexes._LAG = 40
    with Store(Path(sys.argv[1]), HashEmbedder()) as store, store.bulk():
        for n in range(int(sys.argv[2])):
            made = document(f"{n}.txt", *(f"รายงานฉบับที่ {n} ข้อ {line} เรื่องกองทุนสวัสดิการ" for line in range(10)))
            if not store.known(made.id):
                store.add([(made, passages(made))])
            print(n, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [1, 6, 9, 14, 23, 38])
def test_a_bulk_killed_while_the_indexes_follow_loses_nothing(tmp_path: Path, after: int) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    program = [sys.executable, "-c", textwrap.dedent(BULK), str(tmp_path), "40"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        for line in process.stdout:
            if int(line) >= after:
                process.kill()
                break
    with Store(tmp_path, HashEmbedder()) as store:
        recorded = len(store.documents())
        assert recorded > after and store.faults() == [] and not store._record.pending()
        assert store.search(f"รายงานฉบับที่ {after} ข้อ 3")[0].document.source == f"{after}.txt"
    subprocess.run(program, check=True, stdout=subprocess.DEVNULL, env=environment)
    with Store(tmp_path, HashEmbedder()) as store:
        assert store.status().documents == 40 and store.status().passages == 400 and store.faults() == []


def test_a_bulk_in_which_documents_go_and_change(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "_LAG", 7)
    with store.bulk():
        for n in range(60):
            add(store, document(f"{n % 25}.txt", *(f"รายงานฉบับที่ {n} ข้อ {line} เรื่องกองทุน" for line in range(5))))
            if n % 6 == 5:
                store.remove(f"{n % 25}.txt")
    assert store.faults() == [] and not store._record.pending()
    for header in store.documents():
        first = store.document(header.id).text.splitlines()[0]
        assert any(hit.document.id == header.id for hit in store.search(first, wanted=Filter(documents=(header.source,))))


def test_bulks_of_two_threads(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import ThreadPoolExecutor

    monkeypatch.setattr(indexes, "_LAG", 7)

    def fill(thread: int) -> None:
        with store.bulk():
            for n in range(20):
                add(store, document(f"{thread}-{n}.txt", f"รายงานฉบับที่ {n} ของกลุ่ม {thread}", "งบประมาณ"))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(fill, range(3)))
    assert store.status().passages == 120 and store.faults() == []


def test_what_fails_in_a_bulk_leaves_what_was_added_searchable(store: Store) -> None:
    with pytest.raises(KeyError), store.bulk():
        add(store, WELFARE)
        raise KeyError("reader")
    assert found(store, "สมาชิกกองทุนสวัสดิการ")[0].startswith("กองทุนสวัสดิการชุมชน")


def test_adding_removing_and_searching_at_once(store: Store) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def put(n: int) -> None:
        add(store, document(f"{n}.txt", f"รายงานฉบับที่ {n} เรื่องกองทุนสวัสดิการ"))
        if n % 3 == 0:
            store.remove(f"{n}.txt")

    add(store, WELFARE)
    with ThreadPoolExecutor(6) as pool:
        changes = [pool.submit(put, n) for n in range(18)]
        searches = [pool.submit(found, store, "กองทุนสวัสดิการ") for _ in range(40)]
        assert all(change.result() is None for change in changes)
        assert all(search.result() for search in searches)
    assert {header.source for header in store.documents()} == {"a.txt", *(f"{n}.txt" for n in range(18) if n % 3)}
    assert store.faults() == []


def test_a_rebuild_that_was_cut_short_is_never_taken_for_a_whole_one(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        add(store, WELFARE, WEIR)

    def cut_short(made):
        if made.source == "a.txt":
            raise KeyboardInterrupt
        return passages(made)

    with Store(tmp_path, HashEmbedder("hash@2", 32), rebuilding=True) as store, pytest.raises(KeyboardInterrupt):
        store.rebuild(cut_short)
    with pytest.raises(IndexMismatch, match="thamkhlang rebuild"):
        Store(tmp_path, HashEmbedder("hash@2", 32))
    with Store(tmp_path, HashEmbedder()) as store:
        assert found(store, "ฝายชะลอน้ำ")[0].startswith("สร้างฝาย") and store.faults() == []
    with Store(tmp_path, HashEmbedder("hash@2", 32), rebuilding=True) as store:
        store.rebuild(passages)
        assert found(store, "ฝายชะลอน้ำ")[0].startswith("สร้างฝาย")
        assert store.faults() == []


def test_a_brief_store_finds_the_same_without_chroma(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        add(store, WELFARE, WEIR)
        whole = [(hit.passage.id, round(hit.score, 3)) for hit in store.search("ฝายชะลอน้ำ งบ")]
    with Store(tmp_path, HashEmbedder(), brief=True) as store:
        assert [(hit.passage.id, round(hit.score, 3)) for hit in store.search("ฝายชะลอน้ำ งบ")] == whole
        assert store.status().index == "exact"


@pytest.mark.parametrize("harm", [shutil.rmtree, _drop_half])
def test_a_brief_store_mends_what_is_harmed(tmp_path: Path, harm) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        add(store, WELFARE, WEIR)
    harm(tmp_path / "index")
    with Store(tmp_path, HashEmbedder(), brief=True) as store:
        assert found(store, "ฝายชะลอน้ำ")[0].startswith("สร้างฝาย")
        assert store.status().index == "ready"


def test_a_rebuild_killed_after_the_cutting_answers_afterwards(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        add(store, WELFARE, WEIR)
        before = found(store, "ฝายชะลอน้ำ")

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    with Store(tmp_path, HashEmbedder(), rebuilding=True) as store, pytest.raises(KeyboardInterrupt):
        store.rebuild(passages, killed)
    for brief in (True, False):
        with Store(tmp_path, HashEmbedder(), brief=brief) as store:
            assert found(store, "ฝายชะลอน้ำ") == before


def test_a_brief_store_that_is_changed_opens_in_full(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        add(store, WELFARE)
    with Store(tmp_path, HashEmbedder(), brief=True) as store:
        add(store, WEIR)
        assert store.status().index == "ready" and store.faults() == []
        assert found(store, "ฝายชะลอน้ำ")[0].startswith("สร้างฝาย")


def test_searching_what_is_being_removed(store: Store) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def change(_: int) -> None:
        store.remove("a.txt")
        add(store, WELFARE)

    add(store, WELFARE, WEIR)
    with ThreadPoolExecutor(4) as pool:
        searches = [pool.submit(found, store, "กองทุนสวัสดิการ สมาชิก ฝาย") for _ in range(60)]
        for n in range(8):
            change(n)
        assert all(search.result() for search in searches)


def test_a_full_disk_is_told_and_loses_nothing(files: Store) -> None:
    store = files
    add(store, WELFARE)
    pages = store._record._rows("PRAGMA page_count")[0][0]
    store._record._rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnusable, match="ที่ว่างในดิสก์"):
        add(store, document("big.txt", *(f"บรรทัดที่ {n} ของรายงานฉบับใหญ่" for n in range(3000))))
    assert [header.source for header in store.documents()] == ["a.txt"]
    store._record._rows("PRAGMA max_page_count = 1000000")
    add(store, WEIR)
    assert len(store.documents()) == 2 and store.faults() == []


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        add(store, document("big.txt", *(f"บรรทัดที่ {n} ของรายงานฉบับใหญ่" for n in range(2000))))
    database = tmp_path / "archive.db"
    content = bytearray(database.read_bytes())
    content[len(content) // 3 : len(content) * 2 // 3] = bytes(len(content) * 2 // 3 - len(content) // 3)
    database.write_bytes(content)
    with pytest.raises(StoreError), Store(tmp_path, HashEmbedder()) as store:
        store.search("รายงาน")
        assert store.faults()
        raise StoreError("found")


@pytest.mark.parametrize("name", ["\ud800", "a\x00", "'; DROP TABLE documents; --", "%", "a.txt/../b"])
def test_odd_names_are_unknown(store: Store, name: str) -> None:
    add(store, WELFARE)
    with pytest.raises(UnknownDocument):
        store.find(name)
    assert store.documents()


def test_indexes_are_built_behind_while_documents_are_added_and_asked_for(
    files: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = files
    add(store, WELFARE)
    folder, texts = store.home / "index", store._record.texts
    reached, go_on = threading.Event(), threading.Event()

    def slow(*given: Any, **more: Any) -> Any:
        for some in texts(*given, **more):
            yield some
            if threading.current_thread().name == "sweeping":
                reached.set()
                go_on.wait(60)

    monkeypatch.setattr(store._record, "texts", slow)
    before = {path.name for path in folder.iterdir()}
    store.behind.begin(anew=True)
    assert reached.wait(60) and store.behind.done is not None
    store.behind.begin(anew=True)  # one is at it
    assert {hit.document.source for hit in store.search("สมาชิก")} == {"a.txt"}
    add(store, WEIR)  # waits for nothing
    assert store.behind.done is not None and len(store.documents()) == 2
    go_on.set()
    store.wait_until_swept()
    assert store.behind.done is None and {path.name for path in folder.iterdir()}.isdisjoint(before)
    assert {hit.document.source for hit in store.search("ฝาย")} >= {"b.txt"} and store.faults() == []
