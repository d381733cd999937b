"""An archive that moves between a file and PostgreSQL by way of a backup: every row arrives, and nothing is overwritten."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests import postgres
from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore.conftest import Profile
from vectorstore import Store, backup, moving
from vectorstore.connection import Connection
from vectorstore.database import address, opened, transaction
from vectorstore.errors import BackupFailed, BackupUnusable, StoreLocked, StoreUnusable
from vectorstore.record import Record
from vectorstore.restoring import restore

FUND = document("a.txt", "กองทุนสวัสดิการมีสมาชิก 845 คน", "มติเห็นชอบงบประมาณ 50,000 บาท")
WEIR = document("b.txt", "ฝายบ้านห้วยหมากใช้งบประมาณ 196,400 บาท")
GONE = document("c.txt", "บ้านมั่นคงสร้างเสร็จ 40 หลัง")
REPLY = {"answer": "", "citations": [], "refusal": {"reason": "not_in_archive", "nearest": []}, "query": {"text": "ถาม"}}
ELSEWHERE = "SELECT name, value FROM meta WHERE name NOT IN ('index', 'embedding', 'writable', 'archive')"


def add(store: Store, *documents: object) -> None:
    store.add([(made, passages(made)) for made in documents])  # type: ignore[arg-type]


def sources(store: Store) -> set[str]:
    return {one.header.source for one in store.listing.find()[1]}


def rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of an archive in a folder, but for what is of its indexes."""
    with closing(sqlite3.connect(home / "archive.db")) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        kept = [name for name in tables if name not in ("pending", "terms", "counted", "meta")]
        found = {name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in kept}
        return found | {"meta": sorted(db.execute(ELSEWHERE).fetchall())}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Store(tmp_path / "first", HashEmbedder()) as store:
        add(store, FUND, GONE)
        add(store, document("a.txt", "กองทุนสวัสดิการมีสมาชิก 900 คน"), WEIR)
        store.remove("c.txt")
        store.conversations.add("conversation-1", asked="ถาม", text="ถาม", reply=REPLY)
        store.accounts.add("สมศรี", "hashed", "administrator")
        store.limit("b.txt", ["การเงิน"])
        store.usage.count(["asked"])
    return tmp_path / "first"


def saved(home: Path, name: str, **given: str) -> Path:
    with Store(home, HashEmbedder(), **given) as store:
        file = home.parent / name
        backup.write(store, {}, "0.1.0", file)
        return file


def test_an_archive_moves_to_postgres_and_back(home: Path, cluster: Profile, tmp_path: Path) -> None:
    before, told = rows(home), cluster()
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "inbox.db").touch()
    (tmp_path / "second" / "index" / "5").mkdir(parents=True)
    restore(saved(home, "one.tar.zst"), tmp_path / "second", str, address(told["database"]))
    assert {path.name for path in (tmp_path / "second").iterdir()} == {"inbox.db", "lock"}, "no index of another record"
    with Store(tmp_path / "second", HashEmbedder(), **told) as store:
        assert sources(store) == {"a.txt", "b.txt"} and store.faults() == []
        assert "900" in store.search("กองทุนสวัสดิการมีสมาชิกกี่คน")[0].passage.text
        assert sources(store.seen_by(frozenset())) == {"a.txt"}, "what is limited stays so"
        add(store, GONE)
        key = store.record._rows("SELECT max(key) FROM documents")[0][0]
        assert key == 1 + max(row[1] for row in before["sqlite_sequence"] if row[0] == "documents"), "no number twice"
        store.remove("c.txt")
    restore(saved(tmp_path / "second", "two.tar.zst", **told), tmp_path / "third", str)
    with Store(tmp_path / "third", HashEmbedder()) as store:
        assert store.faults() == [] and "900" in store.search("กองทุนสวัสดิการมีสมาชิกกี่คน")[0].passage.text
    after = rows(tmp_path / "third")
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"sqlite_sequence", "erased"}, changed  # of the document that was added in between, and removed


def test_nothing_is_moved_over_an_archive_or_under_somebody(home: Path, cluster: Profile, tmp_path: Path) -> None:
    file, told = saved(home, "one.tar.zst"), cluster()
    with Store(tmp_path / "other", HashEmbedder(), **told) as store:
        with pytest.raises(StoreLocked):
            restore(file, tmp_path / "second", str, address(told["database"]))
        add(store, FUND)
    with pytest.raises(BackupUnusable, match="มีคลังอยู่แล้ว"):
        restore(file, tmp_path / "second", str, address(told["database"]))
    assert not (tmp_path / "second").exists()
    with Store(tmp_path / "other", HashEmbedder(), **told) as store:
        assert sources(store) == {"a.txt"} and store.search("สมาชิก")


def test_what_is_broken_off_leaves_nothing(home: Path, database_server: postgres.Server) -> None:
    place = address(database_server.fresh())
    with closing(opened(place)) as target, closing(Connection(home / "archive.db", reads=True)) as source:
        steps = iter(range(4))
        with pytest.raises(StopIteration), transaction(target):
            moving.carry(source, target, lambda: next(steps))
        assert target.execute("SELECT count(*) FROM documents").fetchone()[0] == 0
    with pytest.raises(StoreUnusable):
        restore(saved(home, "one.tar.zst"), home.parent / "second", str, address("postgresql://nobody@127.0.0.1:9/none"))
    assert not (home.parent / "second").exists()


def test_what_could_not_be_written_to_the_end_is_no_archive(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite closes without a word where the log could not be written back, as on a full disk, or with a reader beside it."""
    faults, readers = Record.faults, list[sqlite3.Connection]()

    def looked_through(record: Record) -> list[str]:
        found = faults(record)
        readers.append(sqlite3.connect(record.path))  # type: ignore[arg-type]
        readers[0].execute("BEGIN")
        readers[0].execute("SELECT count(*) FROM meta").fetchall()
        return found

    file = saved(home, "one.tar.zst")
    monkeypatch.setattr(Record, "faults", looked_through)
    with pytest.raises(BackupUnusable, match="ดิสก์เต็ม"):
        restore(file, tmp_path / "second", str)
    assert readers and not (tmp_path / "second").exists()
    readers[0].close()


def test_a_copy_is_another_archive_on_servers(home: Path, tmp_path: Path) -> None:
    with Store(home, HashEmbedder()) as store:
        store.record.set_meta("archive", "of-the-first")
        store.record.set_meta("engine", "thamkhlang_of-the-first_1")
    restore(saved(home, "one.tar.zst"), tmp_path / "second", str)
    with Store(tmp_path / "second", HashEmbedder()) as store:
        assert store.record.meta("archive") is store.record.meta("engine") is None


def test_a_backup_of_postgres_that_fails_leaves_nothing(
    home: Path, cluster: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = cluster()
    restore(saved(home, "one.tar.zst"), tmp_path / "second", str, address(told["database"]))
    with Store(tmp_path / "second", HashEmbedder(), **told) as store:
        monkeypatch.setattr(moving, "_FIRST", ("documents", "no_such_table"))
        with pytest.raises(BackupFailed):
            backup.write(store, {}, "0.1.0", tmp_path / "two.tar.zst")
    assert {path.name for path in tmp_path.iterdir()} == {"first", "one.tar.zst", "second"}
