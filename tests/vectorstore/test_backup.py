"""Backups: whole, made while the archive is in use, and restored only where everything in them is right."""

import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import pytest
import zstandard

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore.parcels import PASSPHRASE, Form, Members, asked, members, put, summed, tar_in, tarred, unasked, untarred
from vectorstore import Store, backup, parcel
from vectorstore.errors import BackupFailed, BackupUnusable, StoreLocked
from vectorstore.lock import locked
from vectorstore.restoring import restore
from vectorstore.schema import SCHEMA
from vectorstore.sealing import Seal

ROOT = Path(__file__).parents[2]
WELFARE = document("a.txt", "กองทุนสวัสดิการมีสมาชิก 845 คน", "มติเห็นชอบงบประมาณ 50,000 บาท")
SECRET = document("ลับ.txt", "นางซ่อนกลิ่นไพรสณฑ์ปริศนายกที่ดินให้ธนาคารอาหาร")
Change = Callable[[Path, Form], object]


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
    path = tmp_path / "คลัง.tar.zst"
    backup.write(store, {"THAMKHLANG_MODEL": "openai:a", "THAMKHLANG_MODEL_KEY": None}, "0.1.0", path)
    return path


@pytest.fixture(scope="module")
def seal() -> Seal:
    return Seal.of(PASSPHRASE)


def test_a_backup_is_a_compressed_tar_with_a_manifest_first(file: Path) -> None:
    found = members(file)
    assert list(found) == ["manifest.json", "settings.json", "archive.db"]
    manifest = json.loads(found["manifest.json"])
    assert (manifest["format"], manifest["schema"], manifest["version"]) == (2, SCHEMA, "0.1.0")
    assert manifest["counts"] == {"documents": 1, "passages": 2, "turns": 1}
    for name, told in manifest["members"].items():
        assert told == {"size": len(found[name]), "sha256": hashlib.sha256(found[name]).hexdigest()}
    assert json.loads(found["settings.json"]) == {"THAMKHLANG_MODEL": "openai:a", "THAMKHLANG_MODEL_KEY": None}
    assert oct(file.stat().st_mode)[-3:] == "600", "it holds everything"
    assert file.stat().st_size < len(found["archive.db"])


def test_one_that_is_ready_is_gone_afterwards(store: Store, seal: Seal) -> None:
    with backup.made(store, {}, "0.1.0") as ready:
        assert list(members(ready.file)) == ["manifest.json", "settings.json", "archive.db"]
        assert re.fullmatch(r"thamkhlang-[0-9-]{15}\.tar\.zst", ready.name)
        assert len(list(store.home.glob(".thamkhlang-*"))) == 1
    with backup.made(store, {}, "0.1.0", seal=seal) as ready:
        assert re.fullmatch(r"thamkhlang-[0-9-]{15}\.age\.tar", ready.name)
    assert not list(store.home.glob(".thamkhlang-*"))


def test_it_is_given_up_where_it_is_not_wanted_any_more(store: Store, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    for most in range(100):
        left = iter(range(most))

        def go_on(left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise Enough

        try:
            backup.write(store, {}, "0.1.0", tmp_path / "a.tar.zst", go_on=go_on)
        except Enough:
            assert [path.name for path in tmp_path.iterdir()] == ["home"]
        else:
            break
    assert most > 3 and (tmp_path / "a.tar.zst").exists()


def test_what_cannot_be_read_again_is_no_backup(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(target: BinaryIO, *given: object) -> None:
        parcel.write(target, *given)  # type: ignore[arg-type]
        target.seek(30)
        target.write(b"?")

    monkeypatch.setattr(backup, "parcel", SimpleNamespace(write=write))
    with pytest.raises(BackupFailed, match="เสียหาย"):
        backup.write(store, {}, "0.1.0", tmp_path / "a.tar.zst")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_others_files_and_those_who_are_at_it_are_left_alone(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for name in (".thamkhlang-abcdefgh", ".thamkhlang-ijklmnop", ".thamkhlang-qrstuvwx", ".backup-งาน"):
        (folder / name).mkdir(parents=True)
        (folder / name / "archive.db").write_bytes(b"words")
    (folder / ".thamkhlang-ijklmnop" / "งาน.docx").write_bytes(b"mine")
    (folder / ".thamkhlang-linkedto").symlink_to(folder / ".backup-งาน")
    with locked(folder / ".thamkhlang-qrstuvwx"):
        backup.write(store, {}, "0.1.0", folder / "a.tar.zst")
    left = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    assert left == [
        ".backup-งาน/archive.db",
        ".thamkhlang-ijklmnop/งาน.docx",
        ".thamkhlang-qrstuvwx/archive.db",
        "a.tar.zst",
    ]


@pytest.mark.parametrize("form", ["tar", "compressed", "sealed"])
def test_every_form_of_a_backup_is_restored(store: Store, file: Path, tmp_path: Path, form: Form) -> None:
    content = members(file)
    if form == "tar":  # as version 0.1 wrote it
        content = summed(content, format=1)
    put(tmp_path / "other", tarred(content), form)
    restored = restore(tmp_path / "other", tmp_path / "new", asked if form == "sealed" else unasked)
    assert restored.manifest["format"] == (1 if form == "tar" else 2)
    with Store(tmp_path / "new", HashEmbedder()) as again:
        assert again.faults() == [] and again.documents() == store.documents()


def test_what_is_encrypted_is_opened_by_the_passphrase_alone(store: Store, seal: Seal, tmp_path: Path) -> None:
    file = tmp_path / "a.age.tar"
    backup.write(store, {}, "0.1.0", file, seal=seal)
    assert list(untarred(file.read_bytes())) == ["key.age", "backup.tar.zst.age"]
    assert untarred(file.read_bytes())["key.age"].startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert list(members(file)) == ["manifest.json", "settings.json", "archive.db"], "by age's own means"
    for words in (WELFARE.source.encode(), b"manifest", b"THAMKHLANG", b"SQLite"):
        assert words not in file.read_bytes()
    for other in ("รหัสผ่านอื่น", "", PASSPHRASE + " ", "\udcff"):
        with pytest.raises(BackupUnusable, match="รหัสผ่านของไฟล์สำรองไม่ถูกต้อง"):
            restore(file, tmp_path / "new", lambda other=other: other)
        assert not (tmp_path / "new").exists()
    assert restore(file, tmp_path / "new", asked).manifest["counts"]["documents"] == 1
    assert repr(seal.key) not in repr(seal) and "AGE-SECRET" not in repr(seal)


def test_what_is_restored_answers_as_before(store: Store, file: Path, tmp_path: Path) -> None:
    home = tmp_path / "ใหม่" / "home"
    restored = restore(file, home, unasked)
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
    restore(tmp_path / "b.tar", tmp_path / "new", unasked)
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
        restore(tmp_path / f"{n}.tar", tmp_path / f"home{n}", unasked)
        with Store(tmp_path / f"home{n}", HashEmbedder()) as again:
            status = again.status()
            assert manifest["counts"]["documents"] == status.documents and again.faults() == []
            assert status.passages == manifest["counts"]["passages"]


def test_what_was_removed_is_in_no_backup_made_afterwards(store: Store, tmp_path: Path) -> None:
    add(store, SECRET)
    traces = [SECRET.id.encode(), SECRET.source.encode(), "ไพรสณฑ์".encode()]
    backup.write(store, {}, "0.1.0", tmp_path / "before.tar")
    assert any(trace in tar_in(tmp_path / "before.tar") for trace in traces)
    store.remove(SECRET.source)
    backup.write(store, {}, "0.1.0", tmp_path / "after.tar")
    content = tar_in(tmp_path / "after.tar")
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
    for name in (".thamkhlang-abcdefgh", ".backup-abc", "archive.restoring"):
        (home / name).mkdir()
        (home / name / "archive.db").write_bytes(b"words")
    with Store(home, HashEmbedder()):
        assert sorted(path.name for path in home.iterdir() if path.is_dir()) == ["index"]


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
from tests.vectorstore.parcels import PASSPHRASE, Form, Members, asked, members, put, summed, tar_in, tarred, unasked, untarred
from vectorstore import Store, backup, parcel
from vectorstore.errors import BackupFailed
with Store(Path(sys.argv[1]), HashEmbedder()) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
    try:
        backup.write(store, {}, "0.1.0", Path(sys.argv[2]))
    except BackupFailed as error:
        print(error)
"""


def test_a_file_that_may_not_grow_is_told_and_keeps_the_earlier_backup(tmp_path: Path) -> None:
    home, target = tmp_path / "home", tmp_path / "out" / "a.tar"
    target.parent.mkdir()
    target.write_bytes(b"earlier")
    with Store(home, HashEmbedder()) as store:
        add(store, *(document(f"{n}.txt", *(f"บรรทัด {n * m} ของเอกสาร" for m in range(60))) for n in range(60)))
    most = (home / "archive.db").stat().st_size // 3
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


def damaged(file: Path, form: Form) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def cut(file: Path, form: Form) -> None:
    os.truncate(file, file.stat().st_size // 2)


def shorter(file: Path, form: Form) -> None:
    os.truncate(file, file.stat().st_size - 1)


def followed(file: Path, form: Form) -> None:
    with file.open("ab") as more:
        more.write(b"evil" * 10)


def anew(file: Path, form: Form, content: Members, **changes: object) -> None:
    put(file, tarred(summed(content, **changes)), form)


def changed(**fields: object) -> Change:
    return lambda file, form: anew(file, form, members(file), **fields)


def renamed(name: str) -> Change:
    def change(file: Path, form: Form) -> None:
        content = members(file)
        content[name] = content.pop("archive.db")
        anew(file, form, content)

    return change


def more(file: Path, form: Form) -> None:
    anew(file, form, members(file) | {"../../etc/cron.d/x": b"evil"})


def linked(file: Path, form: Form) -> None:
    content, made = members(file), io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name in ("manifest.json", "settings.json"):
            info = tarfile.TarInfo(name)
            info.size = len(content[name])
            tar.addfile(info, io.BytesIO(content[name]))
        info = tarfile.TarInfo("archive.db")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(info)
    put(file, made.getvalue(), form)


def with_record(change: Callable[[sqlite3.Connection], object], **fields: object) -> Change:
    def changed_record(file: Path, form: Form) -> None:
        content, database = members(file), file.with_suffix(".db")
        database.write_bytes(content["archive.db"])
        with contextlib.closing(sqlite3.connect(database)) as db:
            change(db)
            db.commit()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        anew(file, form, content | {"archive.db": database.read_bytes()}, **fields)

    return changed_record


def lying(file: Path, form: Form) -> None:
    """A member that says that it is as large as the manifest says, and is less."""
    content = members(file)
    tar = tarred(summed(content))
    put(file, tar[: len(tar) - 10 * 1024 - len(content["archive.db"]) // 2], form)


def swollen(file: Path, form: Form) -> None:
    """Far more than the manifest says, which packs to nearly nothing."""
    put(file, tarred(summed(members(file))) + bytes(200_000_000), form)


def torn(file: Path, form: Form) -> None:
    content = members(file)
    database = bytearray(content["archive.db"])
    database[4096 * 3 : 4096 * 9] = bytes(4096 * 6)
    anew(file, form, content | {"archive.db": bytes(database)})


WRONG: dict[str, tuple[Change, str]] = {
    "a bit": (damaged, "ผลรวมตรวจสอบ|เสียหาย"),
    "cut off": (cut, "ขาดหายตอนท้าย|เสียหาย|ไม่ครบ"),
    "a little shorter": (shorter, "ขาดหายตอนท้าย|เสียหาย|ไม่ครบ"),
    "something behind": (followed, "ต่อท้าย|เสียหาย"),
    "less than it says": (lying, "ขาดหายตอนท้าย|เสียหาย|ไม่ครบ"),
    "a bomb": (swollen, "ต่อท้าย"),
    "empty": (lambda file, _: file.write_bytes(b""), "ไม่ใช่ไฟล์สำรอง"),
    "a picture": (lambda file, _: file.write_bytes(b"\x89PNG" * 1000), "ไม่ใช่ไฟล์สำรอง"),
    "another tar": (lambda file, form: put(file, tarred({"a.txt": b"a"}), form) and None, "ไม่ใช่ไฟล์สำรอง"),
    "another program's": (changed(program="other"), "ไม่ใช่ไฟล์สำรอง"),
    "a later format": (changed(format=3), "รุ่นใหม่กว่า"),
    "a later schema": (changed(schema=SCHEMA + 1), "รุ่นใหม่กว่า"),
    "a later database": (with_record(lambda db: db.execute(f"PRAGMA user_version = {SCHEMA + 1}")), "ไม่ใช่ฐานข้อมูลที่"),
    "no members": (changed(members={}), "ไม่ครบ"),
    "counted wrongly": (changed(counts={"documents": 9, "passages": 2}), "จำนวนเอกสาร"),
    "a way out": (renamed("../archive.db"), "ซึ่งไฟล์สำรองของถามคลังไม่มี"),
    "an absolute name": (renamed("/tmp/archive.db"), "ซึ่งไฟล์สำรองของถามคลังไม่มี"),
    "another file behind": (more, "ต่อท้าย"),
    "a link": (linked, "อ่านไม่ได้"),
    "no database": (lambda file, form: anew(file, form, members(file) | {"archive.db": b"words"}), "ไม่ใช่ฐานข้อมูล"),
    "torn pages": (torn, "เสียหาย"),
    "a trigger": (
        with_record(lambda db: db.execute("CREATE TRIGGER t AFTER INSERT ON turns BEGIN DELETE FROM documents; END")),
        "not of this program",
    ),
}


FORMS = [(fault, form) for form in ("tar", "compressed") for fault in WRONG if (fault, form) != ("a little shorter", "tar")]
FORMS += [(fault, "sealed") for fault in ("a bit", "cut off", "something behind", "another tar", "a bomb")]


@pytest.mark.parametrize(("fault", "form"), FORMS)
def test_what_is_wrong_is_told_and_leaves_no_archive(file: Path, tmp_path: Path, seal: Seal, fault: str, form: Form) -> None:
    change, why = WRONG[fault]
    put(file, tarred(members(file)), form, seal)
    change(file, form)
    outside = sorted(path for path in tmp_path.iterdir() if path.name != "home")
    with pytest.raises(BackupUnusable, match=why):
        restore(file, tmp_path / "new", asked)
    assert sorted(path for path in tmp_path.iterdir() if path.name != "home") == outside
    (tmp_path / "empty").mkdir()
    with pytest.raises(BackupUnusable, match=why):
        restore(file, tmp_path / "empty", asked)
    assert not list((tmp_path / "empty").iterdir())


def test_a_key_that_would_take_all_memory_is_refused(file: Path, seal: Seal, tmp_path: Path) -> None:
    greedy = re.sub(rb"(?<=scrypt )([A-Za-z0-9+/]+) [0-9]+", rb"\1 30", seal.kept)
    file.write_bytes(tarred({"key.age": greedy, "backup.tar.zst.age": b""}))
    with pytest.raises(BackupUnusable, match="เสียหาย"):
        restore(file, tmp_path / "new", asked)


def test_a_frame_that_would_take_all_memory_is_refused(file: Path, tmp_path: Path) -> None:
    far = zstandard.ZstdCompressor(compression_params=zstandard.ZstdCompressionParameters(window_log=27)).compressobj()
    file.write_bytes(far.compress(tar_in(file)) + far.flush())
    with pytest.raises(BackupUnusable, match="คลายการบีบอัด"):
        restore(file, tmp_path / "new", unasked)


@pytest.mark.parametrize("form", ["tar", "compressed"])
def test_more_than_the_disk_holds_is_told_before_anything_is_written(file: Path, tmp_path: Path, form: Form) -> None:
    manifest = json.loads(members(file)["manifest.json"])
    manifest["members"]["archive.db"]["size"] = shutil.disk_usage(tmp_path).total * 2
    put(file, tarred({"manifest.json": json.dumps(manifest).encode()}), form)
    with pytest.raises(BackupUnusable, match="ที่ว่างในดิสก์"):
        restore(file, tmp_path / "new", unasked)


def test_no_archive_is_overwritten(store: Store, file: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupUnusable, match=r"archive\.db อยู่แล้ว"):
        restore(file, store.home, unasked)
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "งาน.docx").write_text("งาน")
    with pytest.raises(BackupUnusable, match="อยู่แล้ว"):
        restore(file, tmp_path / "used", unasked)
    assert (tmp_path / "used" / "งาน.docx").read_text() == "งาน" and len(list((tmp_path / "used").iterdir())) == 1
    with pytest.raises(BackupUnusable, match="ตรวจชื่อไฟล์"):
        restore(tmp_path / "ไม่มี.tar", tmp_path / "new", unasked)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_another_process_owns_is_left_alone(file: Path, tmp_path: Path) -> None:
    with locked(tmp_path / "owned"), pytest.raises(StoreLocked):
        restore(file, tmp_path / "owned", unasked)
