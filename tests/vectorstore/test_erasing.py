"""What is removed is gone from every byte of the archive's folder, and no more than that it was is kept."""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore import earlier
from vectorstore import Document, Passage, Store, schema, store, thai
from vectorstore.connection import Connection
from vectorstore.database import transaction
from vectorstore.erasing import tombstone
from vectorstore.packing import packed, scaled, unscaled
from vectorstore.vectors import of_passages

SECRET = "นางซ่อนกลิ่น ไพรสณฑ์ปริศนา ยกที่ดินหลังวัดห้วยตะเคียนทองให้ทำธนาคารอาหาร 37 ไร่"
NAME = "ไพรสณฑ์ปริศนา"
SOURCE = "บันทึกลับเฉพาะคราวนั้น.txt"


def filler(n: int) -> Document:
    lines = [f"กองทุนหมู่บ้านที่ {n} ประชุมเรื่องที่ {m} ของปี มีสมาชิก {n * 7 + m} คน" for m in range(12)]
    return document(f"เรื่อง{n}.txt", *lines, title=f"กองทุนหมู่บ้านที่ {n}")


def secret(*more: str) -> Document:
    lines = [SECRET, *(f"{NAME} พูดครั้งที่ {n} ว่าจะปลูกผักกูดริมห้วยแปลงที่ {n * n}" for n in range(30)), *more]
    return document(SOURCE, *lines, title=f"บันทึกของ{NAME}")


def add(archive: Store, *documents: Document) -> None:
    archive.add([(made, passages(made)) for made in documents])


def traces(*removed: Document, cut: Callable[[Document], list[Passage]] = passages) -> dict[str, bytes]:
    """Bytes that only documents with these texts leave: words, names, ids, and pieces of texts and vectors as they are kept."""
    embedder = HashEmbedder()
    found: dict[str, bytes] = {}
    for text in (SECRET, NAME, SOURCE):
        found |= {f"{text} {code}": text.encode(code) for code in ("utf-8", "cp874", "utf-16-le", "utf-32-le")}
    for made in removed:
        found[f"id {made.id}"], found["packed id"] = made.id.encode(), bytes.fromhex(made.id)
        for name, blob in (("text", packed(made.text)), ("title", made.title.encode())):
            found |= {f"{name} {at}": blob[at : at + 24] for at in range(8, len(blob) - 24, 24)}
        kept = scaled(of_passages(embedder, [(made, cut(made))]))
        vectors = unscaled(kept)
        unit = vectors[:, : embedder.leading] / np.linalg.norm(vectors[:, : embedder.leading], axis=1, keepdims=True)
        for n, row in enumerate(vectors):
            found |= {
                f"row {n}": kept[n][4:28],
                f"vector {n}": row[:6].tobytes(),
                f"unit {n}": unit[n, :6].tobytes(),
            }
            flat = np.rint(unit[n] / (np.abs(unit[n]).max() / 127)).astype(np.int8)
            found[f"flat {n}"] = flat.tobytes()[:24]
    return found


def left(folder: Path, wanted: dict[str, bytes]) -> set[str]:
    """Which of the traces are in any file's bytes or name."""
    found: set[str] = set()
    for path in sorted(folder.rglob("*")):
        content = str(path.relative_to(folder)).encode() + (path.read_bytes() if path.is_file() else b"")
        found |= {f"{path.relative_to(folder)}: {name}" for name, trace in wanted.items() if trace in content}
    return found


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "home", HashEmbedder()) as opened:
        add(opened, *(filler(n) for n in range(40)))
        yield opened


def kept_answer(quoted: Document, other: Document) -> dict[str, object]:
    query = {"text": "ใครยกที่ดิน", "carried": False, "filter": {}, "understood": {"kinds": ["who"], "places": []}}
    cited = {
        "n": 1,
        "document_id": quoted.id,
        "source": SOURCE,
        "title": quoted.title,
        "date": None,
        "page": None,
        "section": [],
    }
    cited |= {"quote": SECRET, "start": 0, "end": len(SECRET), "link": "", "url": None, "others": []}
    named = {"document_id": quoted.id, "source": SOURCE, "title": quoted.title}
    beside = cited | {"n": 2, "document_id": other.id, "source": other.source, "title": other.title, "others": [named]}
    beside |= {"quote": other.text[:20], "end": 20}
    answer = f"{SECRET} [1]\n{other.text[:20]} [2]"
    return {"answered": True, "answer": answer, "query": query, "refusal": None, "citations": [cited, beside], "by": None}


def test_not_a_byte_is_left(archive: Store) -> None:
    first, second = secret(), secret("ต่อมาขอเพิ่มอีก 12 ไร่")
    add(archive, first)
    add(archive, second, *(filler(n) for n in range(40, 60)))
    archive.conversations.add("บทที่".encode().hex(), asked="ใครยกที่ดิน", text="ใครยกที่ดิน", reply=kept_answer(second, filler(3)))
    archive._record._rows("PRAGMA wal_checkpoint(PASSIVE)")  # in the database and in its log
    wanted = {name: trace for name, trace in traces(first, second).items() if not name.startswith("id ")}
    # its id stays in the turn, which has to say what it has lost
    there = left(archive.home, wanted)
    for kind in ("archive.db: text", "archive.db: row", "flat/rows.bin: flat", "dense", f"{NAME} utf-8", "archive.db-wal"):
        assert any(kind in trace for trace in there), f"nothing is proved where {kind} is not found before"
    word = max(set(thai.terms(SECRET)) - set(thai.terms(filler(1).text)), key=len)
    assert archive._indexes.lexical.rarity([word])[word] < 1, "tantivy's own words are compressed: it is asked for them"
    folder = [path.name for path in (archive.home / "index").iterdir()]
    gone = archive.remove(SOURCE)
    assert left(archive.home, wanted) == set()
    assert archive._indexes.lexical.rarity([word])[word] == 1, "it counts what was deleted until its file is another"
    assert not {path.name for path in (archive.home / "index").iterdir()} & set(folder)
    assert (gone.source, gone.title, gone.documents) == (SOURCE, second.title, (first.id, second.id))
    assert (gone.passages, gone.turns, gone.indexes) == (32, 1, "clean")
    assert archive.faults() == [] and archive.status().unswept is None
    assert archive.search("กองทุนหมู่บ้านที่ 7") and not any(NAME in hit.passage.text for hit in archive.search(NAME))


def test_a_note_without_words_is_kept_until_it_is_added_again(archive: Store) -> None:
    made = secret()
    add(archive, made)
    gone = archive.remove(made.id)
    assert archive._record.erased.times() == {tombstone(made.id): gone.at}
    add(archive, made)
    assert archive._record.erased.times() == {}


def test_what_another_source_has_too_is_not_noted(archive: Store) -> None:
    first, other = secret(), document("อื่น.txt", "x")
    add(archive, first)
    add(archive, secret("ใหม่"))
    same = Document(**{name: getattr(first, name) for name in Document.__dataclass_fields__} | {"source": "อื่น.txt"})
    add(archive, other, same)
    gone = archive.remove(SOURCE)
    assert first.id in gone.documents
    assert tombstone(first.id) not in archive._record.erased.times()
    assert archive.document(first.id).source == "อื่น.txt"


def test_many_come_and_go_and_leave_nothing(archive: Store) -> None:
    """Rows move between pages of the database as it grows: what moved is overwritten too."""
    made = secret()
    with archive.bulk():
        for n in range(60, 121):
            add(archive, filler(n), *([made] if n % 25 == 0 else []))
            if n % 25 == 20 and archive.known(made.id):
                archive._record.remove(archive.find(SOURCE))
            if n % 3 == 0 and n < 100:
                archive._record.remove(archive.find(f"เรื่อง{n - 60}.txt"))
    archive.remove("เรื่อง1.txt")
    assert not archive.known(made.id)
    assert left(archive.home, traces(made)) == set()


def test_what_somebody_else_puts_beside_the_indexes_is_in_nobodys_way(archive: Store) -> None:
    (archive.home / "index" / ".DS_Store").touch()
    (archive.home / "index" / "elsewhere").symlink_to(archive.home)
    assert archive.remove(archive.listing.find()[1][0].header.source).indexes == "clean"
    assert archive.home.exists() and archive.status().unswept is None


def test_a_large_archive_is_swept_in_the_background(archive: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_SMALL", 10)
    made = secret()
    add(archive, made)
    gone = archive.remove(SOURCE)
    assert gone.indexes == "rebuilding"
    assert not any(NAME in hit.passage.text for hit in archive.search(NAME))
    assert archive.wait_until_swept() and archive.status().unswept is None
    assert left(archive.home, traces(made)) == set()


def test_what_a_killed_process_left_is_swept_by_the_next(tmp_path: Path) -> None:
    made = secret()
    with Store(tmp_path, HashEmbedder()) as opened:
        add(opened, made, filler(1))
        opened._record.remove(opened.find(SOURCE))  # as far as it came
        assert opened.status().unswept
    with Store(tmp_path, HashEmbedder()) as opened:
        assert opened.status().unswept is None
        assert left(tmp_path, traces(made)) == set()


@pytest.mark.parametrize("killed", [False, True], ids=["at once", "by the next process"])
def test_what_was_deleted_before_this_schema_goes_when_it_is_carried_over(tmp_path: Path, killed: bool) -> None:
    made = secret()
    with Store(tmp_path, HashEmbedder()) as opened:
        add(opened, filler(1), made)
    db = earlier.schema_3(tmp_path / "archive.db")
    db.execute("PRAGMA secure_delete = OFF")
    for table in ("passages", "facts"):
        db.execute(f"DELETE FROM {table} WHERE document = 2")
    db.execute("DELETE FROM documents WHERE key = 2")
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    assert any("archive.db" in trace for trace in left(tmp_path, traces(made)))
    if killed:  # between carrying over and what follows
        db = Connection(tmp_path / "archive.db")
        with transaction(db):
            schema.carry_over(db, 3)
        db.close()
    with Store(tmp_path, HashEmbedder()) as opened:
        assert [header.source for header in opened.documents()] == ["เรื่อง1.txt"]
    assert not any("archive.db" in trace for trace in left(tmp_path, traces(made)))


def test_rooms_of_the_graph_that_no_row_has_are_empty(archive: Store) -> None:
    add(archive, secret())
    archive.remove(SOURCE)
    (data,) = archive.home.rglob("data_level0.bin")
    _, _, rooms, taken, size = struct.unpack("<i4Q", data.with_name("header.bin").read_bytes()[:36])
    content = data.read_bytes()
    assert len(content) == rooms * size and taken < rooms and not any(content[taken * size :])
    assert archive.search("แปลง")
