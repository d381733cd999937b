"""The record: in little room, nothing of it lost; older archives carried over; filters decided in it."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore import earlier
from vectorstore import Filter, Store
from vectorstore.packing import packed, scaled, unpacked, unscaled

PROVINCES, KINDS = ("เลย", "น่าน", "ตรัง"), ("news", "minutes", "report")


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text("กขำ่ะ 12\n“ๆ๙"))
def test_texts_come_back_as_they_were(text: str) -> None:
    assert unpacked(packed(text)) == text


def test_thai_takes_less_than_half_a_byte_a_letter() -> None:
    text = "".join(f"ที่ประชุมเห็นชอบงบประมาณ {number},000 บาท\n" for number in range(200))
    assert len(packed(text)) < len(text) / 4
    assert unpacked(packed(text + "🙂")) == text + "🙂"


@given(st.integers(1, 5), st.integers(1, 40), st.integers(0, 9))
def test_vectors_come_back_nearly_as_they_were(count: int, dimension: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    vectors[0] = 0
    found = unscaled(scaled(vectors))
    assert found.dtype == np.float32 and found.shape == vectors.shape
    assert np.all(np.abs(found - vectors) <= np.abs(vectors).max(axis=1, keepdims=True) / 250)


def fill(store: Store, count: int = 60) -> None:
    with store.bulk():
        for number, (province, kind) in zip(range(count), product(PROVINCES, KINDS * count), strict=False):
            year = 2018 + number % 4
            made = document(
                f"{number}.txt",
                f"รายงานฉบับที่ {number} ของกองทุนสวัสดิการ{province}",
                f"งบประมาณ {number}000 บาท ปีที่ {year}",
                date=f"{year}-05-01",
                provinces=(province,),
                kind=kind,
            )
            store.add([(made, passages(made))])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory):
    with Store(tmp_path_factory.mktemp("filled"), HashEmbedder()) as store:
        fill(store)
        store.remove("7.txt")
        yield store


SOME = st.lists(st.sampled_from(PROVINCES), max_size=2), st.lists(st.sampled_from(KINDS), max_size=2)


@settings(max_examples=80, deadline=None)
@given(
    years=st.lists(st.integers(2017, 2022), max_size=3),
    provinces=SOME[0],
    kinds=SOME[1],
    documents=st.lists(st.integers(0, 70), max_size=4),
    k=st.integers(1, 20),
)
def test_a_filtered_search_is_an_exact_one_over_what_is_admitted(filled: Store, years, provinces, kinds, documents, k) -> None:
    names = tuple(f"{number}.txt" for number in documents)
    wanted = Filter(years=tuple(years), provinces=tuple(provinces), kinds=tuple(kinds), documents=names)
    asked = filled.embedder.embed(["กองทุนสวัสดิการ งบประมาณ"])[0]
    admitted = {header.id for header in filled.documents() if wanted.admits(header)}
    keys = [row[0] for row in filled._record._rows("SELECT key FROM passages")]
    truth = sorted(
        (-float(vector @ asked), key) for key, (_, header, vector) in filled._record.hits(keys).items() if header.id in admitted
    )[:k]
    found = filled._indexes.nearest(asked, k, wanted)
    assert list(found.values()) == pytest.approx([-score for score, _ in truth], abs=0.005)
    assert {hit.document.id for hit in filled.search("งบประมาณ กองทุน", wanted=wanted, k=k)} <= admitted


def test_an_archive_of_the_first_layout_is_carried_over(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        fill(store, 9)
        before = [(hit.passage, round(hit.score, 2)) for hit in store.search("งบประมาณ")]
        whole = store.document(store.documents()[0].id)
    _as_it_was(tmp_path / "archive.db")
    with Store(tmp_path, HashEmbedder()) as store:
        assert [(hit.passage, round(hit.score, 2)) for hit in store.search("งบประมาณ")] == before
        assert store.document(whole.id) == whole
        assert store.faults() == []
        add = document("new.txt", "เรื่องใหม่")
        store.add([(add, passages(add))])
        assert store.search("เรื่องใหม่")[0].document.source == "new.txt"


def _as_it_was(database: Path) -> None:
    """The database as schema 1 kept it: texts as they are, vectors as float16."""
    db = earlier.schema_2(database)
    db.create_function("unpacked", 1, unpacked)
    db.create_function("halves", 1, lambda row: unscaled([row])[0].astype(np.float16).tobytes())
    db.execute("UPDATE documents SET text = unpacked(text), blocks = unpacked(blocks)")
    db.execute("UPDATE passages SET vector = halves(vector)")
    db.execute("PRAGMA user_version = 1")
    db.commit()
    db.close()


def test_what_is_doubtful_about_words_comes_back_with_them(tmp_path: Path) -> None:
    plain = document("บันทึก.pdf", "อ่านได้เลย", "อ่านจากภาพ", "ไม่มีใครเห็น")
    doubts = (None, "ocr", "hidden")
    read = replace(plain, blocks=tuple(replace(block, doubt=doubt) for block, doubt in zip(plain.blocks, doubts, strict=True)))
    with Store(tmp_path, HashEmbedder()) as store:
        store.add([(read, passages(read))])
        assert store.document(read.id).blocks == read.blocks
