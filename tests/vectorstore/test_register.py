"""The register: what is asked for, in its order; kept with its documents, and made anew for older archives."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore import earlier
from tests.vectorstore.conftest import Profile
from vectorstore import Document, Filter, Store
from vectorstore.register import Due, Order, Sought, due_of
from vectorstore.schema import SCHEMA
from vectorstore.types import Fact, Resolution


def resolved(made: Document, *rows: tuple[str, tuple[str, ...], str | None]) -> Document:
    """`made` with resolutions: a part of its text, who is to do it, and by when."""
    found = []
    for decision, assigned, due in rows:
        start = made.text.index(decision)
        found.append(
            Resolution(
                document_id=made.id,
                source=made.source,
                meeting=made.title,
                date=made.date,
                place="ศาลาประชาคม",
                section=("วาระที่ 3", "3.1 กองทุนสวัสดิการ"),
                decision=decision,
                assigned=assigned,
                due=due,
                due_said=due and "ภายในกำหนด",
                page=2,
                start=start,
                end=start + len(decision),
            )
        )
    return replace(made, resolutions=tuple(found))


OLD = resolved(
    document("old.txt", "ประชุมกองทุน", "เห็นชอบเงินสมทบ ๕๐,๐๐๐ บาท", "ให้เหรัญญิกเปิดบัญชี", date="2021-03-14", provinces=("เลย",)),
    ("เห็นชอบเงินสมทบ ๕๐,๐๐๐ บาท", (), None),
    ("ให้เหรัญญิกเปิดบัญชี", ("เหรัญญิก",), "2021-03-25"),
)
NEW = resolved(
    document(
        "new.txt", "ประชุมช้างป่า", "มอบหมายให้นายทดสอบ ใจงาม ซื้อวิทยุ", date="2024-05-09", provinces=("จันทบุรี",), districts=("มะขาม",)
    ),
    ("มอบหมายให้นายทดสอบ ใจงาม ซื้อวิทยุ", ("นายทดสอบ ใจงาม",), "2024-05-24"),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, profile: Profile):
    with Store(tmp_path_factory.mktemp("register"), HashEmbedder(), **profile()) as opened:
        opened.add([(made, passages(made)) for made in (OLD, NEW)])
        yield opened


def found(store: Store, **asked: object) -> list[str]:
    total, rows = store.register.find(Sought(**asked))  # type: ignore[arg-type]
    assert total == len(rows)
    return [row.decision for row in rows]


FIRST, SECOND = (row.decision for row in OLD.resolutions)
LAST = NEW.resolutions[0].decision


def test_rows_come_back_as_they_went_in_the_newest_meeting_first(store: Store) -> None:
    assert store.register.find()[1] == [*NEW.resolutions, *OLD.resolutions]
    assert store.document(OLD.id).resolutions == OLD.resolutions
    assert store.register.find(limit=1, offset=1) == (3, [OLD.resolutions[0]])


@pytest.mark.parametrize(
    ("asked", "decisions"),
    [
        ({"wanted": Filter(provinces=("เลย",))}, [FIRST, SECOND]),
        ({"wanted": Filter(districts=("มะขาม",))}, [LAST]),
        ({"wanted": Filter(years=(2024, 1999))}, [LAST]),
        ({"wanted": Filter(documents=("old.txt", "none"))}, [FIRST, SECOND]),
        ({"wanted": Filter(documents=("\ud800",))}, []),
        ({"text": "สมทบ"}, [FIRST]),
        ({"text": "50,000"}, [FIRST]),
        ({"text": "เหรัญญิก บัญชี"}, [SECOND]),
        ({"text": "ใจงาม"}, [LAST]),
        ({"text": "กองทุนสวัสดิการ"}, [LAST, FIRST, SECOND]),
        ({"text": "ไม่มีคำนี้"}, []),
        ({"text": "%"}, [LAST, FIRST, SECOND]),
        ({"due_before": "2024-05-24"}, [SECOND]),
        ({"due_before": "2024-05-25"}, [LAST, SECOND]),
        ({"due_before": "2024-05-25", "wanted": Filter(provinces=("เลย",)), "text": "บัญชี"}, [SECOND]),
    ],
    ids=str,
)
def test_what_is_asked_for(store: Store, asked: dict[str, object], decisions: list[str]) -> None:
    assert found(store, **asked) == decisions


@pytest.mark.parametrize(
    ("today", "due", "decisions"),
    [
        ("2021-03-25", "soon", [SECOND]),
        ("2021-03-26", "overdue", [SECOND]),
        ("2021-02-23", "soon", [SECOND]),
        ("2021-02-22", "soon", []),
        ("2021-02-22", "later", [LAST, SECOND]),
        ("2024-05-25", "overdue", [LAST, SECOND]),
        ("2024-05-25", "none", [FIRST]),
    ],
)
def test_how_they_stand_on_a_day(store: Store, today: str, due: Due, decisions: list[str]) -> None:
    assert found(store, due=due, today=today) == decisions
    assert all(due_of(row.due, today) == due for row in store.register.find(Sought(due=due, today=today))[1])


@pytest.mark.parametrize(
    ("order", "decisions"),
    [
        ("-date", [LAST, FIRST, SECOND]),
        ("date", [FIRST, SECOND, LAST]),
        ("due", [SECOND, LAST, FIRST]),
        ("-due", [LAST, SECOND, FIRST]),
        ("meeting", [FIRST, SECOND, LAST]),
        ("-meeting", [LAST, FIRST, SECOND]),
    ],
)
def test_the_order(store: Store, order: Order, decisions: list[str]) -> None:
    assert [row.decision for row in store.register.find(None, order)[1]] == decisions


def test_a_search_admits_districts_and_organisations(store: Store) -> None:
    assert {hit.document.source for hit in store.search("ประชุม", wanted=Filter(districts=("มะขาม",)))} == {"new.txt"}
    assert store.search("ประชุม", wanted=Filter(organisations=("สภา",))) == []


def test_rows_go_with_their_document(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        store.add([(OLD, passages(OLD))])
        newer = document("old.txt", "ประชุมกองทุนฉบับแก้ไข", "เห็นชอบใหม่", date="2021-03-14")
        newer = resolved(newer, ("เห็นชอบใหม่", (), None))
        assert store.add([(newer, passages(newer))]) == [True]
        assert found(store) == ["เห็นชอบใหม่"], "rows of a version that was replaced are not listed"
        store.remove("old.txt")
        assert found(store) == []
        assert store._record._rows("SELECT count(*) FROM resolutions")[0] == (0,)


def describe(read: Document) -> Document:
    """What a finder of resolutions gives: the rows and districts of OLD, whatever was found before."""
    fact = Fact(name="meeting_place", value="ศาลาประชาคม")
    return replace(read, districts=("วังสะพุง",), facts=(fact,), resolutions=OLD.resolutions)


def of_schema_3(folder: Path) -> None:
    """An archive as the version before kept it: no register, no districts."""
    plain = replace(OLD, resolutions=())
    with Store(folder, HashEmbedder()) as store:
        store.add([(plain, passages(plain))])
    db = earlier.schema_3(folder / "archive.db")
    db.commit()
    db.close()


def test_an_archive_of_the_third_schema_opens_and_gets_its_rows(tmp_path: Path) -> None:
    of_schema_3(tmp_path)
    with Store(tmp_path, HashEmbedder()) as store:
        assert found(store) == [] and store.faults() == []
        assert store.register.undescribed() == [OLD.id]
        store.catch_up(describe)
        assert found(store) == [FIRST, SECOND] and store.register.undescribed() == []
        assert {hit.document.source for hit in store.search("ประชุม", wanted=Filter(districts=("วังสะพุง",)))} == {"old.txt"}
        assert store.document(OLD.id).facts == (Fact(name="meeting_place", value="ศาลาประชาคม"),)
        assert store.faults() == []
    version = sqlite3.connect(tmp_path / "archive.db").execute("PRAGMA user_version").fetchone()[0]
    assert version == SCHEMA


def test_what_was_left_undescribed_is_done_the_next_time(tmp_path: Path) -> None:
    of_schema_3(tmp_path)

    def killed(_: Document) -> Document:
        raise KeyboardInterrupt

    with Store(tmp_path, HashEmbedder()) as store:
        with pytest.raises(KeyboardInterrupt):
            store.catch_up(killed)
        assert store.register.undescribed() == [OLD.id]
        store.remove("old.txt")
        assert store.register.undescribed() == [], "a document that is gone takes its note along"


def test_what_was_found_reaches_the_indexes_though_the_process_is_killed(tmp_path: Path) -> None:
    of_schema_3(tmp_path)
    with Store(tmp_path, HashEmbedder()) as store:
        assert store.register.describe([describe(store.document(OLD.id))]), "the indexes have to follow"
        assert not store.register.describe([describe(store.document(OLD.id))]), "nothing is new the second time"
    with Store(tmp_path, HashEmbedder()) as store:
        assert {hit.document.source for hit in store.search("ประชุม", wanted=Filter(districts=("วังสะพุง",)))} == {"old.txt"}


def test_a_rebuild_finds_them_anew(tmp_path: Path) -> None:
    of_schema_3(tmp_path)
    with Store(tmp_path, HashEmbedder(), rebuilding=True) as store:
        store.rebuild(passages, describe=describe)
        assert found(store) == [FIRST, SECOND] and store.register.undescribed() == []
        assert {hit.document.source for hit in store.search("ประชุม", wanted=Filter(districts=("วังสะพุง",)))} == {"old.txt"}
