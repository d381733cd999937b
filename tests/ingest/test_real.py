"""Real Thai reports and PDFs beside the checkout; skipped where they are not."""

import json
import re
from pathlib import Path

import pytest

from ingest import ingest, passages, read_document
from tests.ingest.memory import MemoryArchive
from tests.ingest.office import error_rate_within
from tests.ingest.test_chunk import check
from vectorstore.types import Document


@pytest.fixture(scope="module")
def archive(shared: Path) -> MemoryArchive:
    found = MemoryArchive()
    report = ingest([shared / "archive"], found)
    assert len(report.added) == 5
    assert not report.failed
    return found


def of(archive: MemoryArchive, number: str) -> Document:
    return next(document for source, document in archive.documents.items() if source.startswith(number))


def test_passages_tile_the_reports(archive: MemoryArchive) -> None:
    for source, document in archive.documents.items():
        check(document, archive.passages[source])


def test_a_resolution_and_its_names_are_one_passage(archive: MemoryArchive) -> None:
    document = of(archive, "000")
    (resolution,) = [passage for passage in archive.passages[document.source] if "ตั้งชุดเล็ก ประกอบด้วย" in passage.text]
    assert resolution.section[0] == "วาระที่ 2 เรื่องสืบเนื่อง"
    assert resolution.section[1].startswith("2.1 ทิศทาง เป้าหมาย")
    assert len(resolution.section) == 2
    assert all(f"{number}.คุณ" in resolution.text for number in range(1, 6))


def test_a_budget_line_is_one_row(archive: MemoryArchive) -> None:
    document = of(archive, "001")
    rows = [document.text[block.start : block.end] for block in document.blocks if block.kind == "table_row"]
    assert "สำนักงานหลักประกันสุขภาพแห่งชาติ\n3,000,000" in rows
    assert rows[-1] == "รวม\n35,226,000"
    (table,) = [passage for passage in archive.passages[document.source] if "3,000,000" in passage.text]
    assert table.section == ("แหล่งงบประมาณ",)
    assert "35,226,000" in table.text


def test_notes_are_under_their_organisations(archive: MemoryArchive) -> None:
    document = of(archive, "002")
    tops = dict.fromkeys(block.section[0] for block in document.blocks if block.section)
    assert list(tops)[:3] == ["สสจ.", "ทต.ปริก", "อบต.ท่าข้าม"]


def test_facts(archive: MemoryArchive) -> None:
    assert [of(archive, number).kind for number in ("000", "001", "002", "003")] == ["minutes", "project", "notes", "news"]
    assert [of(archive, number).date for number in ("000", "003", "004")] == ["2023-01-29", "2023-05-19", "2022-09-22"]
    assert of(archive, "000").provinces == ("กระบี่", "ตรัง", "พังงา", "ภูเก็ต", "ระนอง", "สตูล")
    assert of(archive, "003").provinces == ("กาญจนบุรี", "ราชบุรี", "สุพรรณบุรี")


def test_captions_are_gone(archive: MemoryArchive) -> None:
    assert not any("photo" in document.text or "Relate topics" in document.text for document in archive.documents.values())


def test_pdfs(shared: Path) -> None:
    for path in sorted((shared / "documents" / "pdf").glob("situation*.pdf")):
        document = read_document(path.name, path.read_bytes())
        check(document, passages(document))
        assert "จำนวน" in document.text
        assert "จ านวน" not in document.text
        assert {block.page for block in document.blocks} == set(range(1, max(block.page or 0 for block in document.blocks) + 1))


def test_a_pdf_that_lost_its_sara_am(shared: Path) -> None:
    content = (shared / "documents" / "pdf" / "situation-no123-050563nn.pdf").read_bytes()
    text = read_document("a.pdf", content).text
    for word in ("จำนวน", "สำคัญ", "ย้ำเตือน", "กำลังพิจารณา", "ดำเนินการ", "ต่ำกว่า", "ตามลำดับ", "การเต้นรำ", "สำหรับ", "สำนักงาน"):
        assert word in text


PAGES = [json.loads(line) for line in (Path(__file__).parents[1] / "data" / "pdf_pages.jsonl").read_text("utf-8").splitlines()]
"""Parts of pages as an eye reads them."""


@pytest.fixture(scope="module")
def books(shared: Path) -> dict[str, Document]:
    paths = [shared / "documents" / "pdf" / name for name in sorted({page["source"] for page in PAGES})]
    return {path.name: read_document(path.name, path.read_bytes()) for path in paths}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page['source'][:16]} {page['page']}")
def test_a_page_reads_as_it_looks(page: dict[str, str], books: dict[str, Document]) -> None:
    document = books[page["source"]]
    text = "\n".join(document.text[block.start : block.end] for block in document.blocks if block.page == page["page"])
    assert error_rate_within(page["text"], text) <= 0.005


def test_no_sara_am_is_left_in_two(books: dict[str, Document]) -> None:
    for document in books.values():
        assert not re.search("(?:จ|ส|ท|ด|ก|ล|ต|น|ย|บ|ร|ช|ค|อ) าน|[จสทดก] า[ก-ฮ]", document.text), document.source


def test_the_rows_of_a_budget(books: dict[str, Document]) -> None:
    document = books["budget-2565-vol31.pdf"]
    rows = {document.text[block.start : block.end] for block in document.blocks if block.kind == "table_row"}
    assert "รวมทั้งสิ้น | 478.9665 | - | - | - | 312.3898 | - | 166.5767 | -" in rows
    assert "งบประมาณรายจ่าย | 191,976,200 บาท | 166,576,700 บาท" in rows
    assert "เงินงบประมาณ | ล้านบาท | 100.3797 | 118.9298 | 88.7637 | 88.7637 | 88.7637" in rows
