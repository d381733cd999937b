"""A question that a sheet answers: the row is quoted with the names of its columns."""

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.types import Answer
from ingest import passages, read_document
from tests.ingest import memory
from vectorstore import Store, embed

ROWS = [
    ["แผนงบประมาณโครงการฝายชะลอน้ำบ้านห้วยทราย ปี 2566"],
    ["หมวด", "รายการ", "หน่วยงานที่สนับสนุน", "จำนวน (บาท)"],
    ["ค่าวัสดุ", "ปูนซีเมนต์", "พอช.", "25,000"],
    ["ค่าวัสดุ", "หินคลุกและทราย", "อบต.ห้วยทราย", "12,400"],
    ["ค่าแรง", "ช่างก่อสร้าง", "ชาวบ้านสมทบ", "8,600"],
    ["ค่าดำเนินงาน", "อาหารและน้ำดื่ม", "กองทุนหมู่บ้าน", "4,150"],
]


@pytest.mark.parametrize(
    ("question", "figure", "label"),
    [
        ("ค่าปูนซีเมนต์ของโครงการฝายบ้านห้วยทรายใช้งบเท่าไร", "25,000", "จำนวน (บาท): 25,000"),
        ("งบประมาณค่าช่างก่อสร้างฝายชะลอน้ำบ้านห้วยทรายกี่บาท", "8,600", "จำนวน (บาท): 8,600"),
    ],
)
def test_a_budget_row(tmp_path: Path, question: str, figure: str, label: str) -> None:
    document = read_document("งบประมาณฝาย.xlsx", memory.sheet(ROWS, "งบประมาณ"))
    with Store(tmp_path / "home", embed.load()) as store:
        store.add([(document, passages(document))])
        said = Assistant(store).ask(question)
    assert isinstance(said, Answer)
    assert figure in said.text
    assert any(label in cited.quote and "หมวด: " in cited.quote for cited in said.citations)
    assert all(document.text[cited.start : cited.end] == cited.quote for cited in said.citations)
