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


def register(document: Document) -> list[tuple[str, str, tuple[str, ...], str | None]]:
    """(last section's opening, decision's opening, who, until when) of each row; every row quotes its document."""
    rows = document.resolutions
    assert all(document.text[row.start : row.end] == row.decision for row in rows)
    return [((row.section or ("",))[-1][:3], row.decision[:24], row.assigned, row.due) for row in rows]


def facts(document: Document, name: str) -> list[str]:
    return [fact.value for fact in document.facts if fact.name == name]


def test_the_register_of_the_andaman_minutes(archive: MemoryArchive) -> None:
    document = of(archive, "000")
    names = ("คุณอริยา แก้วสามดวง", "คุณอกนัฐ บุญยัง", "คุณไมตรี จงไกรจักร", "คุณสมบูรณ์ คำแหง", "คุณจีรศักดิ์ พูลสงค์")
    assert register(document) == [
        ("2.1", "คณะทำงานฯ เห็นชอบ และมอบ", names, None),
        ("2.2", "คณะทำงานฯเห็นชอบ จังหวัด", ("จังหวัด",), "2023-03-05"),
        ("3.1", "ให้ทุกจังหวัดปรับแก้ไขข้", ("ทุกจังหวัด",), None),
        ("3.2", "ให้ทุกตำบลปรับแก้ไขข้อมู", ("ทุกตำบล",), None),
        ("3.3", "คณะทำงานๆ เห็นชอบ", (), "2023-02-05"),
    ]
    assert {(row.date, row.place) for row in document.resolutions} == {("2023-01-29", "ห้องประชุมโรงแรมภูงา อำเภอเมือง จังหวัดพังงา")}
    assert [row.due_said for row in document.resolutions if row.due] == [
        "ให้แล้วเสร็จภายในวันที่ 5 มีนาคม 2566",
        "ภายในวันที่ 5 ก.พ.66",
    ]


def test_the_register_of_the_eastern_seminar(archive: MemoryArchive) -> None:
    document = of(archive, "004")
    board = "คณะทำงานพิจารณาโครงการภาคกรุงเทพฯ ปริมณฑลและตะวันออก"
    assert register(document) == [
        ("", "มอบหมายให้ คณะทำงานพิจาร", (board,), None),
        ("", "ให้ดำเนินการขยายระยะเวลา", (), "2022-11-30"),
    ]
    assert {row.date for row in document.resolutions} == {"2022-09-23"}, "the second day, that of the board's meeting"
    assert document.resolutions[1].due_said == "อีก 3 เดือน (ตุลาคม-พฤศจิกายน 2565)"


def test_what_records_no_resolution_has_no_rows(archive: MemoryArchive) -> None:
    assert not any(of(archive, number).resolutions for number in ("001", "002", "003"))


def test_agenda_items(archive: MemoryArchive) -> None:
    document = of(archive, "000")
    headings = [document.text[block.start : block.end] for block in document.blocks if block.kind == "heading"]
    agenda = [line[:9] for line in headings if line.startswith("วาระที่")]
    items = [line[:4] for line in headings if line[:1].isdigit()]
    assert agenda == ["วาระที่ 1", "วาระที่ 2", "วาระที่ 3"]
    assert items == ["1.1 ", "2.1 ", "2.2 ", "3.1 ", "3.2 ", "3.3 "]


def test_dates_are_all_there(archive: MemoryArchive) -> None:
    assert set(of(archive, "000").dates) >= {f"2023-0{day}" for day in ("1-29", "1-30", "2-05", "2-06", "2-07", "2-08", "3-05")}
    assert set(of(archive, "001").dates) == {"2009-03", "2010-08"}
    assert set(of(archive, "002").dates) >= {"2012-12-19", "2013-09"}
    assert set(of(archive, "003").dates) == {"2023-05-19"}
    named = {"2022-09-22", "2022-09-23", "2022-09-29", "2022-10-03", "2022-10", "2022-11"}
    assert set(of(archive, "004").dates) >= named


def test_places_and_more(archive: MemoryArchive) -> None:
    assert [of(archive, number).provinces for number in ("001", "002")] == [("นครศรีธรรมราช",), ("สงขลา",)]
    assert of(archive, "004").provinces == ("กรุงเทพมหานคร", "ฉะเชิงเทรา")
    assert [of(archive, number).districts for number in ("000", "004")] == [("เมืองพังงา",), ("เมืองฉะเชิงเทรา",)]
    assert facts(of(archive, "003"), "subdistrict") == ["ช่องสะเดา", "รั้วใหญ่", "เขาขลุง"]
    assert facts(of(archive, "003"), "meeting_place") == ["ห้องประชุมคณะประสานงานขบวนองค์กรชุมชน ศาลากลางจังหวัดสุพรรณบุรี"]
    assert facts(of(archive, "004"), "meeting_place") == ["บ้านนายถึกโฮมสเตย์ ต.คลองนา อ.เมือง จ.ฉะเชิงเทรา"]
    assert facts(of(archive, "001"), "period") == ["2009-03/2010-08"]
    assert [facts(of(archive, number), "reporter") for number in ("000", "003")] == [["สื่อชุมชนจังหวัดกระบี่"], ["เรวดี อุลิต"]]
    assert {"3,830,000 บาท", "842,368 บาท", "504 ครัวเรือน"} <= set(facts(of(archive, "000"), "amount"))
    assert facts(of(archive, "002"), "abbreviation") == ["พอช. = สถาบันพัฒนาองค์กรชุมชน"]


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
