"""The list of documents: what is asked for, in its order, and only of documents that are there."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore import earlier
from tests.vectorstore.conftest import Profile
from vectorstore import Document, Filter, Store
from vectorstore.listing import CAUTIONS, Caution, Order, Wanted

WORDS = "ที่ประชุมเห็นชอบให้ซ่อมศาลาประชาคมของหมู่บ้านก่อนฤดูฝน และให้ทุกครัวเรือนช่วยกันลงแรงในวันอาทิตย์"


def doubtful(made: Document, doubt: str) -> Document:
    return replace(made, blocks=(replace(made.blocks[0], doubt=doubt), *made.blocks[1:]))  # type: ignore[arg-type]


MADE = [
    document("ก.docx", "เก้าเลี้ยว ครั้งที่ ๑๐/๒๕๖๖", date="2023-10-01", kind="minutes", provinces=("เลย",), status="draft"),
    document("ข.docx", "เก้าเลี้ยว ครั้งที่ 2/2566", WORDS, date="2023-02-01", kind="minutes", provinces=("เลย", "น่าน")),
    document("ข-สำเนา.docx", "“ขอนแก่น” สรุป", WORDS, date="2022-05", kind="news", provinces=("ขอนแก่น",)),
    doubtful(document("scan.pdf", "กาฬสินธุ์ 2564", date="2021", kind="report"), "ocr"),
    doubtful(document("a%_b.txt", "แก่งกระจาน", "โทร 081-234-5678", kind="notes"), "hidden"),
]


def fill(store: Store) -> None:
    store.add([(made, passages(made)) for made in MADE])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, profile: Profile):
    with Store(tmp_path_factory.mktemp("listing"), HashEmbedder(), **profile()) as opened:
        fill(opened)
        yield opened


def found(store: Store, order: Order = "-date", **asked: object) -> list[str]:
    total, some = store.listing.find(Wanted(**asked), order)  # type: ignore[arg-type]
    assert total == len(some) and some == list(store.listing.all(Wanted(**asked), order))  # type: ignore[arg-type]
    return [one.header.source for one in some]


@pytest.mark.parametrize(
    ("order", "sources"),
    [
        ("-date", ["ก.docx", "ข.docx", "ข-สำเนา.docx", "scan.pdf", "a%_b.txt"]),
        ("date", ["scan.pdf", "ข-สำเนา.docx", "ข.docx", "ก.docx", "a%_b.txt"]),
        ("title", ["scan.pdf", "ข.docx", "ก.docx", "a%_b.txt", "ข-สำเนา.docx"]),
        ("-title", ["ข-สำเนา.docx", "a%_b.txt", "ก.docx", "ข.docx", "scan.pdf"]),
        ("kind", ["ข.docx", "ก.docx", "ข-สำเนา.docx", "a%_b.txt", "scan.pdf"]),
        ("added", ["ก.docx", "ข.docx", "ข-สำเนา.docx", "scan.pdf", "a%_b.txt"]),
        ("-added", ["a%_b.txt", "scan.pdf", "ข-สำเนา.docx", "ข.docx", "ก.docx"]),
    ],
)
def test_the_order(store: Store, order: Order, sources: list[str]) -> None:
    assert found(store, order) == sources


@pytest.mark.parametrize(
    ("asked", "sources"),
    [
        ({"text": "เก้าเลี้ยว ครั้งที่ 10"}, ["ก.docx"]),
        ({"text": "SCAN"}, ["scan.pdf"]),
        ({"text": "%"}, ["a%_b.txt"]),
        ({"text": "_"}, ["a%_b.txt"]),
        ({"text": "' OR 1=1 --"}, []),
        ({"text": "\ud800"}, ["ก.docx", "ข.docx", "ข-สำเนา.docx", "scan.pdf", "a%_b.txt"]),
        ({"filter": Filter(years=(2023,))}, ["ก.docx", "ข.docx"]),
        ({"filter": Filter(provinces=("น่าน", "ขอนแก่น"))}, ["ข.docx", "ข-สำเนา.docx"]),
        ({"filter": Filter(kinds=("news", "notes"))}, ["ข-สำเนา.docx", "a%_b.txt"]),
        ({"filter": Filter(documents=("scan.pdf", MADE[0].id, "ไม่มี"))}, ["ก.docx", "scan.pdf"]),
        ({"filter": Filter(provinces=("เลย",), kinds=("minutes",)), "text": "2/2566"}, ["ข.docx"]),
        ({"caution": "draft"}, ["ก.docx"]),
        ({"caution": "ocr"}, ["scan.pdf"]),
        ({"caution": "hidden"}, ["a%_b.txt"]),
        ({"caution": "masked"}, ["a%_b.txt"]),
        ({"caution": "similar"}, ["ข.docx", "ข-สำเนา.docx"]),
    ],
    ids=str,
)
def test_what_is_asked_for(store: Store, asked: dict[str, object], sources: list[str]) -> None:
    assert found(store, **asked) == sources


def cautions(store: Store) -> dict[str, tuple[Caution, ...]]:
    return {one.header.source: one.cautions for one in store.listing.find()[1]}


SAID: dict[str, tuple[Caution, ...]] = {
    "ก.docx": ("draft",),
    "ข.docx": ("similar",),
    "ข-สำเนา.docx": ("similar",),
    "scan.pdf": ("ocr",),
    "a%_b.txt": ("hidden", "masked"),
}


def test_a_page_of_it_has_what_readers_are_warned_of(store: Store) -> None:
    total, some = store.listing.find(limit=2, offset=2)
    assert total == 5 and [one.header for one in some] == [store.find(name) for name in ("ข-สำเนา.docx", "scan.pdf")]
    assert cautions(store) == SAID and {name for some in SAID.values() for name in some} == set(CAUTIONS)
    assert some[0].added_at.startswith("20") and some[0].added_at.endswith("Z")


def test_the_values_that_can_be_asked_for(store: Store) -> None:
    assert store.listing.values("province") == {"เลย": 2, "น่าน": 1, "ขอนแก่น": 1}
    assert store.listing.values("province", resolved=True) == {}


def test_a_document_that_goes_leaves_no_row(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        fill(store)
        newer = document("ก.docx", "ฉบับใหม่", date="2024-01-01")
        assert store.add([(newer, passages(newer))]) == [True]
        assert found(store)[0] == "ก.docx" and found(store, text="เก้าเลี้ยว") == ["ข.docx"]
        store.remove("ก.docx")
        assert len(found(store)) == store._record._rows("SELECT count(*) FROM listed")[0][0] == 4


def test_an_archive_of_the_fourth_schema_is_listed(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        fill(store)
    db = earlier.schema_4(tmp_path / "archive.db")
    db.commit()
    db.close()
    with Store(tmp_path, HashEmbedder()) as store:
        assert cautions(store) == SAID
        assert found(store, "title") == ["scan.pdf", "ข.docx", "ก.docx", "a%_b.txt", "ข-สำเนา.docx"]


def test_no_list_tells_personal_data_that_is_kept(tmp_path: Path) -> None:
    made = document("นายดี 081-234-5678.txt", "ติดต่อนายดี มีสุข โทร 089-876-5432")
    with Store(tmp_path, HashEmbedder(), personal=True) as store:
        store.add([(made, passages(made))])
        assert found(store, text="มีสุข") == [made.source]
        assert found(store, text="089-876-5432") == found(store, text="081-234-5678") == []
    with Store(tmp_path, HashEmbedder(), rebuilding=True) as store:
        store.rebuild()
        assert found(store, text="มีสุข") and "•" in store.listing.find()[1][0].header.title
