"""Drafts and the minutes that came of them: both named, the minutes quoted."""

from pathlib import Path

import pytest

from assistant import Answer, Assistant
from assistant.drafts import preferred
from ingest import passages, read_document
from tests.fakes import HashEmbedder
from vectorstore import Hit, Passage, Store

HEAD = "รายงานการประชุมคณะกรรมการป่าชุมชนบ้านห้วยทราย\nครั้งที่ 2/2567\nวันที่ 9 มีนาคม 2567\n"
ITEMS = "ระเบียบวาระที่ 1 เรื่องกล้าไม้\nมติ เห็นชอบให้ซื้อกล้าไม้ {} ต้น จากเรือนเพาะชำบ้านเหนือ\nระเบียบวาระที่ 2 เรื่องแนวกันไฟ\n"
REST = "มติ ให้ทำแนวกันไฟรอบป่าก่อนเดือนกุมภาพันธ์ของทุกปี โดยกรรมการทุกหมู่ผลัดกันนำแรงงานมาช่วย"
ASKED = "คณะกรรมการป่าชุมชนบ้านห้วยทรายเห็นชอบให้ซื้อกล้าไม้กี่ต้น"


@pytest.fixture
def store(tmp_path: Path):
    with Store(tmp_path, HashEmbedder()) as opened:
        yield opened


def add(store: Store, source: str, text: str) -> None:
    made = read_document(source, text.encode())
    store.add([(made, passages(made))])


def ask(store: Store, text: str = ASKED) -> Answer:
    said = Assistant(store).ask(text)
    assert isinstance(said, Answer)
    return said


@pytest.mark.parametrize("trees", ["1,200", "900"], ids=["the same words", "another figure"])
def test_the_minutes_are_quoted_and_the_draft_is_named(store: Store, trees: str) -> None:
    add(store, "ร่าง.txt", f"(ร่าง) {HEAD}{ITEMS.format(trees)}{REST}")
    add(store, "รายงาน.txt", f"{HEAD}(รับรองแล้ว)\n{ITEMS.format('1,200')}{REST}")
    said = ask(store)
    assert {(cited.document.source, cited.document.status) for cited in said.citations} == {("รายงาน.txt", "approved")}
    assert all([other.source for other in cited.others] == ["ร่าง.txt"] for cited in said.citations)
    assert "1,200" in said.text and "900" not in said.text


def test_a_draft_alone_is_quoted_as_one(store: Store) -> None:
    add(store, "ร่าง.txt", f"(ร่าง) {HEAD}{ITEMS.format('900')}{REST}")
    said = ask(store)
    assert said.citations[0].document.status == "draft" and "900" in said.text


def test_a_draft_that_is_asked_for_is_quoted(store: Store) -> None:
    add(store, "ร่าง.txt", f"(ร่าง) {HEAD}{ITEMS.format('900')}{REST}")
    add(store, "รายงาน.txt", f"{HEAD}{ITEMS.format('1,200')}{REST}")
    hits = store.search(ASKED)
    assert {hit.document.status for hit in preferred(ASKED, hits)} == {None}
    assert {hit.document.status for hit in preferred(f"ร่าง{ASKED}", hits)} == {None, "draft"}


def test_another_meetings_minutes_put_no_draft_aside(store: Store) -> None:
    add(store, "ร่าง.txt", f"(ร่าง) {HEAD}{ITEMS.format('900')}{REST}")
    other = f"{HEAD}{ITEMS.format('1,200')}{REST}".replace("ครั้งที่ 2/2567", "ครั้งที่ 1/2567").replace("9 มีนาคม", "9 มกราคม")
    add(store, "ก่อน.txt", other)
    assert {hit.document.source for hit in preferred(ASKED, store.search(ASKED))} == {"ร่าง.txt", "ก่อน.txt"}


def test_nothing_is_changed_where_there_is_no_draft() -> None:
    header = read_document("a.txt", (HEAD + REST).encode())
    hit = Hit(
        passage=Passage(id="a", document_id=header.id, start=0, end=1, text="ร"), document=header, score=1, lexical=1, dense=1
    )
    assert preferred(ASKED, [hit, hit]) == [hit, hit]
