"""Pieces that can be quoted: short, whole, and each of the text once."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.units import LONGEST, grown, header_of, rows, units
from ingest import read_document
from vectorstore.types import Document

TABLE = """โครงการฝายมีชีวิต
งบประมาณ
รายการ | จำนวนเงิน (บาท)
วัสดุ | 114,000
แนวกันไฟ | 32,000
รวม | 146,000
"""
PROSE = "วันที่ 14 มีนาคม 2566 ชาวบ้านเปิดฝายชะลอน้ำ 15 ตัว ใช้งบประมาณ 196,400 บาท " * 4 + "นำโดยนายอุทัย ผาขาว ประธานกลุ่ม"


def document(text: str) -> Document:
    return read_document("a.txt", text.encode())


def test_parts_of_a_paragraph_are_short_and_follow_its_clauses() -> None:
    of = document(PROSE)
    parts = [unit for unit in units(of, [(0, len(of.text))]) if not unit.whole]
    assert len(parts) > 3 and all(len(unit.text) <= LONGEST for unit in parts)
    assert any("อุทัย ผาขาว" in unit.text for unit in parts)
    assert len(parts) == len({(unit.start, unit.end) for unit in parts})


def test_a_part_grows_to_what_can_be_quoted_but_not_into_another() -> None:
    of = document(PROSE)
    parts = [unit for unit in units(of, [(0, len(of.text))]) if not unit.whole]
    small = min(parts, key=lambda unit: len(unit.text))
    larger = grown(small)
    assert larger.start <= small.start and small.end <= larger.end and len(small.text) <= len(larger.text) <= LONGEST
    beside = grown(small, [unit for unit in parts if unit.start >= small.end][:1])
    assert beside.end == small.end or all(beside.end <= unit.start for unit in parts if unit.start >= small.end)


def test_a_row_knows_the_row_that_names_its_columns() -> None:
    of = document(TABLE)
    rows = {unit.text: unit for unit in units(of, [(0, len(of.text))])}
    header = header_of(rows["แนวกันไฟ | 32,000"])
    assert header is not None and header.text == "รายการ | จำนวนเงิน (บาท)"
    assert header_of(header) is None
    assert all(header_of(unit) is None for unit in rows.values() if "|" not in unit.text)


def test_a_table_comes_with_the_unit_of_its_figures() -> None:
    of = document(TABLE.replace("งบประมาณ\n", "งบประมาณ\n(หน่วย: บาท)\n"))
    found = {unit.text: unit for unit in units(of, [(0, len(of.text))])}
    header = header_of(found["แนวกันไฟ | 32,000"])
    assert header is not None and header.text == "(หน่วย: บาท)\nรายการ | จำนวนเงิน (บาท)"


def test_the_rows_of_a_table_are_without_what_leads_in_and_names_columns() -> None:
    of = document(TABLE)
    group = max(units(of, [(0, len(of.text))]), key=lambda unit: unit.text.count("\n"))
    within = rows(group)
    assert [row.text for row in within] == ["วัสดุ | 114,000", "แนวกันไฟ | 32,000", "รวม | 146,000"]
    assert all("งบประมาณ" in row.around and "จำนวนเงิน (บาท)" in row.around for row in within)
    assert all(rows(row) == [] for row in within)


def test_a_list_is_quoted_with_the_words_that_lead_in_and_not_with_their_whole_paragraph() -> None:
    led = "ชาวบ้านปลูกผักหลายอย่างไว้กินและขายในตลาดนัดวันเสาร์ ซึ่งเปิดมาตั้งแต่ปี 2561 " * 3 + "พันธุ์ที่ปลูกมาก ได้แก่"
    of = document(f"แปลงผักรวมบ้านหนองบัว\n{led}\n1. คะน้า 3 แปลง\n2. ผักบุ้ง 5 แปลง")
    found = list(units(of, [(0, len(of.text))]))
    (group,) = (unit for unit in found if unit.whole and "คะน้า" in unit.text and "ผักบุ้ง" in unit.text)
    assert "พันธุ์ที่ปลูกมาก ได้แก่\n1. คะน้า" in group.text and len(group.text) < LONGEST + 60
    assert any("ตลาดนัด" in unit.text and not unit.whole for unit in found), "the paragraph can be quoted too"


@given(st.text(alphabet="กขา่ 2.,(|-\n", min_size=1, max_size=400))
def test_any_text_can_be_quoted_in_pieces(text: str) -> None:
    if not text.strip(" \n|-.,("):
        return
    of = document("หัวเรื่อง\n" + text)
    for unit in units(of, [(0, len(of.text))]):
        assert 0 <= unit.start < unit.end <= len(of.text) and unit.text.strip()
        assert unit.whole or len(unit.text) <= LONGEST
        assert len(grown(unit).text) >= len(unit.text)
