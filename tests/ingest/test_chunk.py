from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import passages, read_document
from ingest.chunk import MOST
from ingest.errors import IngestError
from tests.ingest.test_structure import PIECES
from vectorstore.types import Document, Passage

CLAUSE = "ที่ประชุมเห็นว่าควรจัดทำแผนพัฒนาชุมชนท้องถิ่นให้ครอบคลุมทุกมิติ "


def chunked(*lines: str) -> list[Passage]:
    return passages(read_document("x.txt", "\n".join(lines).encode()))


def check(document: Document, found: list[Passage]) -> None:
    """Passages are slices, in order, whole, and leave nothing of any block out."""
    covered: set[int] = set()
    end = 0
    for passage in found:
        assert passage.text == document.text[passage.start : passage.end] == passage.text.strip()
        assert passage.id == f"{document.id[:16]}:{passage.start}"
        assert passage.document_id == document.id
        assert end <= passage.start < passage.end
        assert len(passage.text) <= MOST
        covered.update(range(passage.start, passage.end))
        end = passage.end
    letters = {
        place for block in document.blocks for place in range(block.start, block.end) if not document.text[place].isspace()
    }
    assert letters <= covered


@settings(deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=2_000)))
def test_passages_tile_the_document(text: str) -> None:
    try:
        document = read_document("x.md", text.encode(errors="ignore"))
    except IngestError:
        return
    check(document, passages(document))


def test_long_texts_without_breaks() -> None:
    for text in ("ก" * 5_000, "กองทุนสวัสดิการชุมชน" * 400, "1 " * 4_000, CLAUSE * 100):
        document = read_document("x.txt", text.encode())
        check(document, passages(document))


def test_a_long_paragraph_is_cut_at_clauses() -> None:
    found = chunked(CLAUSE * 30)
    assert all(passage.text.startswith("ที่ประชุม") and passage.text.endswith("ทุกมิติ") for passage in found)
    assert all(250 < len(passage.text) < 700 for passage in found)


def test_a_list_stays_with_the_line_that_introduces_it() -> None:
    resolution = "มติ เห็นชอบให้ตั้งคณะทำงาน ประกอบด้วย"
    found = chunked("วาระที่ 1 เรื่องพิจารณา", CLAUSE * 7, resolution, "1.คุณหนึ่ง", "", "2.คุณสอง", "", "3.คุณสาม", CLAUSE * 7)
    (with_resolution,) = [passage for passage in found if resolution in passage.text]
    assert "3.คุณสาม" in with_resolution.text


def test_a_long_list_is_cut_between_items() -> None:
    found = chunked("กติกามีดังนี้", *(f"{number}. {CLAUSE}" for number in range(1, 30)))
    assert len(found) > 3
    assert all(passage.text.endswith("ทุกมิติ") for passage in found)


def test_a_table_stays_with_its_heading() -> None:
    rows = [f"รายการที่ {number} | {number},000" for number in range(1, 15)]
    found = chunked(CLAUSE * 7, "", "แหล่งงบประมาณ", *rows, "", CLAUSE * 7)
    (table,) = [passage for passage in found if "แหล่งงบประมาณ" in passage.text]
    assert all(row in table.text for row in rows)
    assert table.section == ("แหล่งงบประมาณ",)


def test_sections_are_not_mixed() -> None:
    found = chunked(*(line for number in (1, 2, 3) for line in (f"วาระที่ {number} เรื่อง", CLAUSE * 4)))
    assert [passage.section for passage in found] == [(f"วาระที่ {number} เรื่อง",) for number in (1, 2, 3)]


def test_a_small_section_follows_in_the_one_before() -> None:
    found = chunked("วาระที่ 1 เรื่อง", CLAUSE * 4, "วาระที่ 2 เรื่องอื่น ๆ", "ไม่มี")
    assert [passage.section for passage in found] == [("วาระที่ 1 เรื่อง",)]
