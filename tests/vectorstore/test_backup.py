"""Backups: whole, made while the archive is in use, and restored only where everything in them is right."""

import contextlib
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes import HashEmbedder, document, passages
from vectorstore import Store, backup
from vectorstore.errors import BackupFailed, BackupUnusable, StoreLocked
from vectorstore.restoring import restore
from vectorstore.schema import SCHEMA

ROOT = Path(__file__).parents[2]
WELFARE = document("a.txt", "กองทุนสวัสดิการมีสมาชิก 845 คน", "มติเห็นชอบงบประมาณ 50,000 บาท")
SECRET = document("ลับ.txt", "นางซ่อนกลิ่นไพรสณฑ์ปริศนายกที่ดินให้ธนาคารอาหาร")
Members = dict[str, bytes]


def add(store: Store, *documents: object) -> None:
    store.add([(made, passages(made)) for made in documents])  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path):
    with Store(tmp_path / "home", HashEmbedder()) as opened:
        add(opened, WELFARE)
        opened.conversations.add("คลัง-12345678".encode().hex(), asked="ถาม", text="ถาม", reply=REPLY)
        yield opened


REPLY = {"answer": "", "citations": [], "refusal": {"reason": "not_in_archive", "nearest": []}, "query": {"text": "ถาม"}}


@pytest.fixture
def file(store: Store, tmp_path: Path) -> Path:
    path = tmp_path / "คลัง.tar"
    backup.write(store, {"THAMKHLANG_MODEL": "openai:a", "THAMKHLANG_MODEL_KEY": None}, "0.1.0", path)
    return path


def members(file: Path) -> Members:
    with tarfile.open(file, "r:") as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}  # type: ignore[union-attr]


def tar_of(file: Path, content: Members, **changes: object) -> Path:
    """The file made anew of `content`, with the manifest's sums put right and `changes` in it."""
    manifest = json.loads(content["manifest.json"]) | changes
    for name in manifest["members"]:
        if name in content:
            digest = hashlib.sha256(content[name]).hexdigest()
            manifest["members"][name] = {"size": len(content[name]), "sha256": digest}
    with tarfile.open(file, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, bytes_ in {**content, "manifest.json": json.dumps(manifest).encode()}.items():
            info = tarfile.TarInfo(name)
            info.size = len(bytes_)
            tar.addfile(info, io.BytesIO(bytes_))
    return file


def test_a_backup_is_an_ordinary_tar_with_a_manifest_first(file: Path) -> None:
    found = members(file)
    assert list(found) == ["manifest.json", "settings.json", "archive.db"]
    manifest = json.loads(found["manifest.json"])
    assert (manifest["format"], manifest["schema"], manifest["version"]) == (1, SCHEMA, "0.1.0")
    assert manifest["counts"] == {"documents": 1, "passages": 2, "turns": 1}
    for name, told in manifest["members"].items():
        assert told == {"size": len(found[name]), "sha256": hashlib.sha256(found[name]).hexdigest()}
    assert json.loads(found["settings.json"]) == {"THAMKHLANG_MODEL": "openai:a", "THAMKHLANG_MODEL_KEY": None}
    assert oct(file.stat().st_mode)[-3:] == "600", "it holds everything"


def test_its_size_is_known_before_it_is_sent(store: Store) -> None:
    with backup.made(store, {}, "0.1.0") as made:
        assert made.size == sum(map(len, made.pieces())) and made.size % 512 == 0
        assert list(store.home.glob(".backup-*"))
    assert not list(store.home.glob(".backup-*"))


def test_what_is_restored_answers_as_before(store: Store, file: Path, tmp_path: Path) -> None:
    home = tmp_path / "ใหม่" / "home"
    restored = restore(file, home)
    assert restored.settings["THAMKHLANG_MODEL"] == "openai:a" and restored.manifest["counts"]["documents"] == 1
    assert sorted(path.name for path in home.iterdir()) in (["archive.db", "lock"], ["archive.db"])
    with Store(home, HashEmbedder()) as again:
        assert again.faults() == [] and again.documents() == store.documents()
        assert [hit.passage for hit in again.search("สมาชิก")] == [hit.passage for hit in store.search("สมาชิก")]
        assert again.conversations.unanswered(5) == store.conversations.unanswered(5) != []


def test_nobody_is_logged_in_to_what_is_restored(store: Store, tmp_path: Path) -> None:
    store.accounts.add("somchai", "hash", "administrator")
    token = store.accounts.begin("somchai", 12)
    backup.write(store, {}, "0.1.0", tmp_path / "b.tar")
    restore(tmp_path / "b.tar", tmp_path / "new")
    with Store(tmp_path / "new", HashEmbedder()) as again:
        assert again.accounts.of_session(token) is None, "it may have been ended since: by a new password, say"
        assert again.accounts.hash_of("somchai") == "hash"
    assert store.accounts.of_session(token)


def test_it_is_whole_while_others_ask_add_and_remove(store: Store, tmp_path: Path) -> None:
    stop = threading.Event()
    broken: list[BaseException] = []

    def busy() -> None:
        try:
            for n in range(10_000):
                if stop.is_set():
                    return
                add(store, document(f"{n}.txt", *(f"เอกสารที่ {n} บรรทัดที่ {m}" for m in range(20))))
                assert store.search("กองทุนสวัสดิการ")
                if n % 3 == 0:
                    store.remove(f"{n}.txt")
        except BaseException as error:
            broken.append(error)
            raise

    thread = threading.Thread(target=busy)
    thread.start()
    try:
        manifests = [backup.write(store, {}, "0.1.0", tmp_path / f"{n}.tar") for n in range(5)]
    finally:
        stop.set()
        thread.join()
    assert not broken
    for n, manifest in enumerate(manifests):
        restore(tmp_path / f"{n}.tar", tmp_path / f"home{n}")
        with Store(tmp_path / f"home{n}", HashEmbedder()) as again:
            status = again.status()
            assert manifest["counts"]["documents"] == status.documents and again.faults() == []
            assert status.passages == manifest["counts"]["passages"]


def test_what_was_removed_is_in_no_backup_made_afterwards(store: Store, tmp_path: Path) -> None:
    add(store, SECRET)
    traces = [SECRET.id.encode(), SECRET.source.encode(), "ไพรสณฑ์".encode()]
    backup.write(store, {}, "0.1.0", tmp_path / "before.tar")
    assert any(trace in (tmp_path / "before.tar").read_bytes() for trace in traces)
    store.remove(SECRET.source)
    backup.write(store, {}, "0.1.0", tmp_path / "after.tar")
    content = (tmp_path / "after.tar").read_bytes()
    assert not [trace for trace in traces if trace in content]
    assert WELFARE.source.encode() in content


def test_a_removal_waits_for_a_copy_and_leaves_nothing_in_the_log(store: Store, tmp_path: Path) -> None:
    add(store, SECRET)
    record = store._record
    began, gone = threading.Event(), threading.Event()

    def remove() -> None:
        began.set()
        store.remove(SECRET.source)
        gone.set()

    with record._aside() as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM documents").fetchone()
        thread = threading.Thread(target=remove)
        thread.start()
        began.wait()
        assert not gone.wait(0.3)
    thread.join()
    left = b"".join(path.read_bytes() for path in store.home.glob("archive.db*"))
    assert SECRET.id.encode() not in left


def test_copies_of_a_killed_process_are_deleted_on_opening(store: Store) -> None:
    home = store.home
    store.close()
    (home / ".backup-abc").mkdir()
    (home / ".backup-abc" / "archive.db").write_bytes(b"words")
    with Store(home, HashEmbedder()):
        assert not list(home.glob(".backup-*"))


# Where it cannot be written


@pytest.mark.parametrize(
    ("target", "why"), [("ไม่มี/a.tar", "ไม่มีโฟลเดอร์"), ("file/a.tar", "ไม่ใช่โฟลเดอร์"), ("folder", "เป็นโฟลเดอร์")]
)
def test_a_target_that_cannot_be_written_is_told(store: Store, tmp_path: Path, target: str, why: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BackupFailed, match=why):
        backup.write(store, {}, "0.1.0", tmp_path / target)
    assert [path for path in sorted(tmp_path.rglob("*")) if "home" not in str(path)] == [
        path for path in before if "home" not in str(path)
    ]
    assert store.faults() == []


FULL = """
import resource, sys
from pathlib import Path
from tests.fakes import HashEmbedder
from vectorstore import Store, backup
from vectorstore.errors import BackupFailed
with Store(Path(sys.argv[1]), HashEmbedder()) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
    try:
        backup.write(store, {}, "0.1.0", Path(sys.argv[2]))
    except BackupFailed as error:
        print(error)
"""


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_a_disk_that_is_full_is_told_and_keeps_the_earlier_backup(tmp_path: Path, share: float) -> None:
    home, target = tmp_path / "home", tmp_path / "out" / "a.tar"
    target.parent.mkdir()
    target.write_bytes(b"earlier")
    with Store(home, HashEmbedder()) as store:
        add(store, *(document(f"{n}.txt", *(f"บรรทัด {n * m} ของเอกสาร" for m in range(60))) for n in range(60)))
    most = int((home / "archive.db").stat().st_size * share)  # of the copy, and of the copy but not of the whole
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(home), str(target), str(most)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "ที่ว่าง" in done.stdout and "ไม่มีไฟล์ค้างไว้" in done.stdout
    assert target.read_bytes() == b"earlier" and list(target.parent.iterdir()) == [target]


# What is not restored


def damaged(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def changed(**fields: object) -> Callable[[Path], None]:
    return lambda file: tar_of(file, members(file), **fields) and None


def renamed(name: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        content = members(file)
        content[name] = content.pop("archive.db")
        tar_of(file, content)

    return change


def more(file: Path) -> None:
    tar_of(file, members(file) | {"../../etc/cron.d/x": b"evil"})


def linked(file: Path) -> None:
    content = members(file)
    with tarfile.open(file, "w", format=tarfile.GNU_FORMAT) as tar:
        for name in ("manifest.json", "settings.json"):
            info = tarfile.TarInfo(name)
            info.size = len(content[name])
            tar.addfile(info, io.BytesIO(content[name]))
        info = tarfile.TarInfo("archive.db")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(info)


def with_record(change: Callable[[sqlite3.Connection], object], **fields: object) -> Callable[[Path], None]:
    def changed_record(file: Path) -> None:
        content, database = members(file), file.with_suffix(".db")
        database.write_bytes(content["archive.db"])
        with contextlib.closing(sqlite3.connect(database)) as db:
            change(db)
            db.commit()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        tar_of(file, content | {"archive.db": database.read_bytes()}, **fields)

    return changed_record


def torn(file: Path) -> None:
    content = members(file)
    database = bytearray(content["archive.db"])
    database[4096 * 3 : 4096 * 9] = bytes(4096 * 6)
    tar_of(file, content | {"archive.db": bytes(database)})


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "a bit": (damaged, "ผลรวมตรวจสอบ"),
    "cut off": (cut, "ขาดหายตอนท้าย"),
    "empty": (lambda file: file.write_bytes(b""), "ไม่ใช่ไฟล์สำรอง"),
    "a picture": (lambda file: file.write_bytes(b"\x89PNG" * 1000), "ไม่ใช่ไฟล์สำรอง"),
    "another tar": (lambda file: tar_of(file, {"a.txt": b"a", "manifest.json": b'{"members": {}}'}), "ไม่ใช่ไฟล์สำรอง"),
    "another program's": (changed(program="other"), "ไม่ใช่ไฟล์สำรอง"),
    "a later format": (changed(format=2), "รุ่นใหม่กว่า"),
    "a later schema": (changed(schema=SCHEMA + 1), "รุ่นใหม่กว่า"),
    "a later database": (with_record(lambda db: db.execute(f"PRAGMA user_version = {SCHEMA + 1}")), "ไม่ใช่ฐานข้อมูลที่"),
    "no members": (changed(members={}), "ไม่ครบ"),
    "counted wrongly": (changed(counts={"documents": 9, "passages": 2}), "จำนวนเอกสาร"),
    "a way out": (renamed("../archive.db"), "ซึ่งไฟล์สำรองของถามคลังไม่มี"),
    "an absolute name": (renamed("/tmp/archive.db"), "ซึ่งไฟล์สำรองของถามคลังไม่มี"),
    "another file behind": (more, "ต่อท้าย"),
    "a link": (linked, "อ่านไม่ได้"),
    "no database": (lambda file: tar_of(file, members(file) | {"archive.db": b"words"}), "ไม่ใช่ฐานข้อมูล"),
    "torn pages": (torn, "เสียหาย"),
    "a trigger": (
        with_record(lambda db: db.execute("CREATE TRIGGER t AFTER INSERT ON turns BEGIN DELETE FROM documents; END")),
        "not of this program",
    ),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_wrong_is_told_and_leaves_no_archive(file: Path, tmp_path: Path, fault: str) -> None:
    change, why = WRONG[fault]
    change(file)
    outside = sorted(path for path in tmp_path.iterdir() if path.name != "home")
    with pytest.raises(BackupUnusable, match=why):
        restore(file, tmp_path / "new")
    assert sorted(path for path in tmp_path.iterdir() if path.name != "home") == outside
    (tmp_path / "empty").mkdir()
    with pytest.raises(BackupUnusable, match=why):
        restore(file, tmp_path / "empty")
    assert not list((tmp_path / "empty").iterdir())


def test_more_than_the_disk_holds_is_told_before_anything_is_written(file: Path, tmp_path: Path) -> None:
    content = members(file)
    manifest = json.loads(content["manifest.json"])
    manifest["members"]["archive.db"]["size"] = shutil.disk_usage(tmp_path).total * 2
    with tarfile.open(file, "w", format=tarfile.GNU_FORMAT) as tar:
        info = tarfile.TarInfo("manifest.json")
        told = json.dumps(manifest).encode()
        info.size = len(told)
        tar.addfile(info, io.BytesIO(told))
    with pytest.raises(BackupUnusable, match="ที่ว่างในดิสก์"):
        restore(file, tmp_path / "new")


def test_no_archive_is_overwritten(store: Store, file: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupUnusable, match=r"archive\.db อยู่แล้ว"):
        restore(file, store.home)
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "งาน.docx").write_text("งาน")
    with pytest.raises(BackupUnusable, match="อยู่แล้ว"):
        restore(file, tmp_path / "used")
    assert (tmp_path / "used" / "งาน.docx").read_text() == "งาน" and len(list((tmp_path / "used").iterdir())) == 1
    with pytest.raises(BackupUnusable, match="ตรวจชื่อไฟล์"):
        restore(tmp_path / "ไม่มี.tar", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_folder_that_another_process_owns_is_left_alone(file: Path, tmp_path: Path) -> None:
    from vectorstore.lock import locked

    with locked(tmp_path / "owned"), pytest.raises(StoreLocked):
        restore(file, tmp_path / "owned")
