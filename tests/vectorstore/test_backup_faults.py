"""Backups and restorings that are killed, or that find the disk full: what is there is wholly old or wholly new."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.disk import small
from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore import earlier
from tests.vectorstore.killed import PASSPHRASE, rows, user_version
from tests.vectorstore.parcels import unasked
from vectorstore import Store, backup, restoring
from vectorstore.errors import BackupFailed, BackupUnusable, DiskFull, StoreUnusable
from vectorstore.record import Record
from vectorstore.restoring import restore
from vectorstore.schema import SCHEMA
from vectorstore.sealing import Seal

ROOT = Path(__file__).parents[2]
FEW = document("a.txt", "กองทุนสวัสดิการมีสมาชิก 845 คน", "มติเห็นชอบงบประมาณ 50,000 บาท")


def fill(home: Path, count: int) -> None:
    with Store(home, HashEmbedder()) as store:
        made = [FEW, *(document(f"{n}.txt", *(f"บรรทัด {n * m} ของเอกสาร" for m in range(40))) for n in range(count))]
        store.add([(one, passages(one)) for one in made])


def killed(what: str, *given: object) -> dict[str, int]:
    command = [sys.executable, "-m", "tests.vectorstore.killed", what, *map(str, given)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.slow
@pytest.mark.parametrize("sealed", ["", "sealed"])
def test_a_backup_that_is_killed_at_any_line_leaves_the_earlier_or_its_own(tmp_path: Path, sealed: str) -> None:
    fill(tmp_path / "home", 0)
    counts = killed("backup", tmp_path, sealed)
    assert counts["steps"] > 150 and counts["old"] > 20 and counts["new"] > 1


@pytest.mark.slow
@pytest.mark.parametrize("form", ["format 1", "format 2", "sealed"])
def test_a_restoring_that_is_killed_at_any_line_leaves_the_archive_or_none(tmp_path: Path, form: str) -> None:
    file = tmp_path / "a"
    if form == "format 1":
        file = earlier.backup_1(tmp_path)
    else:
        fill(tmp_path / "home", 0)
        with Store(tmp_path / "home", HashEmbedder(), brief=True) as store:
            backup.write(store, {}, "0.1.0", file, seal=Seal.of(PASSPHRASE) if form == "sealed" else None)
    counts = killed("restore", tmp_path, file, "" if form == "format 2" else PASSPHRASE)
    assert counts["steps"] > 100 and counts["old"] > 20 and counts["new"] >= 1


@pytest.mark.slow
@pytest.mark.parametrize("schema", range(1, SCHEMA))
def test_a_carrying_over_that_is_killed_at_any_statement_leaves_the_old_or_the_new(tmp_path: Path, schema: int) -> None:
    (tmp_path / "killed").mkdir()
    counts = killed("carry", tmp_path / "killed", earlier.real(schema, tmp_path))
    assert counts["steps"] > 10 and counts["old"] > 5 and counts["new"] > 1


# Where the disk is full


def test_a_disk_that_fills_up_is_told_and_the_archive_goes_on(tmp_path: Path) -> None:
    fill(tmp_path / "home", 60)
    size = (tmp_path / "home" / "archive.db").stat().st_size
    with small(tmp_path / "out", 4) as disk, Store(tmp_path / "home", HashEmbedder()) as store:
        out = disk.path
        backup.write(store, {}, "0.1.0", out / "a.tar.zst")
        before = (out / "a.tar.zst").read_bytes()
        for room in (0, size // 2, size + 30_000):  # for nothing, for a part of the copy, for the copy and a part of the whole
            disk.fill(leave=room)
            with pytest.raises(BackupFailed, match=r"ดิสก์เต็ม.*ที่ว่างอย่างน้อยสองเท่า"):
                backup.write(store, {}, "0.1.0", out / "a.tar.zst", seal=None)
            assert (out / "a.tar.zst").read_bytes() == before and len(list(out.iterdir())) == 2
            assert store.search("สมาชิก")[0].document.source == "a.txt"
            disk.empty()
        assert backup.write(store, {}, "0.1.0", out / "a.tar.zst", seal=Seal.of(PASSPHRASE))["counts"]["documents"] == 61


def test_a_backup_where_the_archive_itself_has_no_room_is_told(tmp_path: Path) -> None:
    with small(tmp_path / "disk", 8) as disk:
        home = disk.path / "home"
        fill(home, 20)
        with Store(home, HashEmbedder()) as store:
            disk.fill()
            store.usage.count(["asked"])
            with pytest.raises(BackupFailed, match="ดิสก์เต็ม"):
                backup.write(store, {}, "0.1.0", disk.path / "a.tar.zst")
            assert store.search("สมาชิก")[0].document.source == "a.txt"
            assert backup.write(store, {}, "0.1.0", tmp_path / "a.tar.zst")["counts"]["documents"] == 21, (
                "elsewhere there is room"
            )
            disk.empty()
            backup.write(store, {}, "0.1.0", disk.path / "a.tar.zst")
            assert store.faults() == []


def test_a_restoring_on_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "home", 60)
    size = (tmp_path / "home" / "archive.db").stat().st_size
    with Store(tmp_path / "home", HashEmbedder()) as store:
        backup.write(store, {}, "0.1.0", tmp_path / "a.tar.zst")
    with small(tmp_path / "disk", 3) as disk:
        new = disk.path / "new"
        disk.fill(leave=size // 2)
        with pytest.raises(BackupUnusable, match=r"ที่ว่างในดิสก์ของ .* ไม่พอ"):
            restore(tmp_path / "a.tar.zst", new, unasked)
        usage = shutil.disk_usage(disk.path)
        with monkeypatch.context() as patched:  # as if another program took it meanwhile
            patched.setattr(restoring.shutil, "disk_usage", lambda _: usage._replace(free=10 * size))
            for room in (0, size // 2, size + 8192):  # for nothing, for a part, for all but what is noted in it afterwards
                disk.empty()
                disk.fill(leave=room)
                with pytest.raises(BackupUnusable, match=r"ดิสก์เต็ม.*เพิ่มที่ว่างในดิสก์"):
                    restore(tmp_path / "a.tar.zst", new, unasked)
                assert [path.name for path in disk.path.iterdir()] == ["filler"]
        disk.empty()
        assert restore(tmp_path / "a.tar.zst", new, unasked).manifest["counts"]["documents"] == 61


@pytest.mark.parametrize("schema", range(1, SCHEMA))
def test_a_carrying_over_on_a_full_disk_leaves_the_old_whole(tmp_path: Path, schema: int) -> None:
    with small(tmp_path / "disk", 8) as disk:
        database = earlier.real(schema, disk.path)
        before = rows(database)
        told = 0
        for room in range(0, 1_000_000, 40_960):
            disk.fill(leave=room)
            try:
                Record(database).close()
            except StoreUnusable as error:
                assert isinstance(error, DiskFull) or "ฐานข้อมูล" in str(error)
                told += 1
            disk.empty()
            if user_version(database) == SCHEMA:
                break
            assert rows(database) == before
        assert told and user_version(database) == SCHEMA
        Record(database).close()
