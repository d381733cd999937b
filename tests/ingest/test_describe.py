"""Facts: places, people, amounts, periods and abbreviations, in the words and spellings of reports."""

import pytest

from ingest import read_document
from ingest.describe import described
from ingest.districts import districts
from ingest.people import people
from ingest.saying import abbreviations
from tests.ingest.memory import word
from vectorstore.types import Document


def read(text: str) -> Document:
    return read_document("report.txt", text.encode())


def facts(document: Document, name: str) -> list[str]:
    return [fact.value for fact in document.facts if fact.name == name]


@pytest.mark.parametrize(
    ("text", "provinces", "named", "smaller"),
    [
        ("ลงพื้นที่ตำบลนาแก อำเภองาว จังหวัดลำปาง", ("ลำปาง",), ("งาว",), ("นาแก",)),
        ("ณ วัดใหม่ อ.เมือง จ.ตรัง", ("ตรัง",), ("เมืองตรัง",), ()),
        ("ประชุมที่อำเภอเมืองขอนแก่น", (), ("เมืองขอนแก่น",), ()),
        ("ชาวเขตบางกะปิ กรุงเทพมหานคร", ("กรุงเทพมหานคร",), ("บางกะปิ",), ()),
        ("ในเขตพื้นที่ภาคเหนือ ทุกตำบลและหมู่บ้าน ระดับตำบล เมือง จังหวัด", (), (), ()),
        ("บ้านสมมติ ต.ไม่มีจริงเลย อ.วังสะพุง จ.เลย", ("เลย",), ("วังสะพุง",), ("ไม่มีจริงเลย",)),
        ("อำเภอทุกแห่งและอำเภอที่เหลือ", (), (), ()),
    ],
)
def test_districts(text: str, provinces: tuple[str, ...], named: tuple[str, ...], smaller: tuple[str, ...]) -> None:
    assert districts(text, provinces)[:2] == (named, smaller)


def test_a_district_tells_its_province_where_none_is_named() -> None:
    assert read("คณะทำงานลงพื้นที่อำเภอวังสะพุง เพื่อติดตามงานกองทุน").provinces == ("เลย",)
    assert read("คณะทำงานลงพื้นที่อำเภอเฉลิมพระเกียรติ เพื่อติดตามงาน").provinces == (), "five provinces have one"


def test_homonyms_lie_in_the_province_named_near() -> None:
    assert districts("อำเภอเฉลิมพระเกียรติ จังหวัดน่าน", ("น่าน", "บุรีรัมย์"))[2] == ("น่าน",)


def test_who_was_there() -> None:
    text = """รายงานการประชุมกลุ่มตัวอย่าง
ผู้เข้าร่วมประชุม
1. นายทดสอบ ใจงาม ประธาน
2. นางสมมติ รักดี ผู้แทน อบต.ตัวอย่าง
ผู้ไม่มาประชุม
1. คุณลองดู ก่อนเชื่อ (ลาป่วย)
วาระที่ 1 เรื่องแจ้งเพื่อทราบ
1. นายคนอื่น พูดมาก แจ้งข่าว"""
    document = read(text)
    assert facts(document, "attendee") == ["นางสมมติ รักดี · ผู้แทน อบต.ตัวอย่าง", "นายทดสอบ ใจงาม · ประธาน"]
    assert facts(document, "absent") == ["คุณลองดู ก่อนเชื่อ · (ลาป่วย)"]


def test_who_was_there_in_a_table() -> None:
    table = [["ที่", "ชื่อ", "ตำแหน่ง"], ["1", "นายทดสอบ ใจงาม", "ประธาน"], ["2", "นางสมมติ รักดี", "เหรัญญิก"]]
    document = read_document("minutes.docx", word("รายงานการประชุมกลุ่มตัวอย่าง", "รายชื่อผู้เข้าประชุม", table))
    assert facts(document, "attendee") == ["นางสมมติ รักดี · เหรัญญิก", "นายทดสอบ ใจงาม · ประธาน"]


def test_what_a_project_sheet_says() -> None:
    text = """โครงการธนาคารปูตัวอย่าง
พื้นที่ดำเนินงาน
บ้านสมมติ ตำบลตัวอย่าง อำเภอกันตัง จังหวัดตรัง
ระยะเวลาดำเนินงาน
12 เดือน (ตุลาคม 2565 – กันยายน 2566)
งบประมาณ
รวม ๒๕,๐๐๐ บาท และสมทบ 1.5ล้านบาท จาก 40 ครัวเรือน
ผู้บันทึก: นางสมมติ รักดี"""
    document = read(text)
    assert facts(document, "area") == ["บ้านสมมติ ตำบลตัวอย่าง อำเภอกันตัง จังหวัดตรัง"]
    assert facts(document, "period") == ["2022-10/2023-09"]
    assert facts(document, "amount") == ["1.5 ล้านบาท", "25,000 บาท", "40 ครัวเรือน"]
    assert facts(document, "reporter") == ["นางสมมติ รักดี"]


def test_abbreviations_that_the_text_explains() -> None:
    text = "ร่วมกับสถาบันพัฒนาเมืองสมมติ (พมส.) และเครือข่ายคนรักษ์น้ำ (CWN) รวม (3 คน) ประชุม (ก.พ.)"
    assert abbreviations(text) == {"พมส.": "สถาบันพัฒนาเมืองสมมติ", "CWN": "เครือข่ายคนรักษ์น้ำ"}
    assert "สถาบันพัฒนาเมืองสมมติ" in read(text).organisations


def test_a_month_is_no_organisation() -> None:
    assert read("ส่งภายในวันที่ 5 ก.พ. 66 และ 6 ก.พ.66").organisations == ()


def test_names_end_where_roles_and_tasks_begin() -> None:
    assert people("นายทดสอบ ใจงาม ประธาน นางสมมติ รักดี จัดซื้อของ คุณภาพดี นายอำเภอมา") == ["นายทดสอบ ใจงาม", "นางสมมติ รักดี"]


def test_describing_again_changes_nothing() -> None:
    document = read("รายงานการประชุม\nวันที่ 3 มกราคม 2566 ณ วัดตัวอย่าง อำเภองาว จังหวัดลำปาง\nมติ เห็นชอบ มอบหมายให้เหรัญญิก จ่าย 500 บาท")
    assert document.resolutions and described(document) == document
