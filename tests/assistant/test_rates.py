"""The unit for each of which a value is asked, and whether a text gives one for it."""

from pathlib import Path

import pytest

from assistant import Answer, Assistant
from assistant.match import answers_kind
from assistant.narrowing import narrowed
from assistant.question import understand
from assistant.rates import asked, told
from assistant.units import units
from ingest import passages, read_document
from tests.assistant.test_narrowing import reads, whole
from vectorstore import Store, embed

MINUTES = """รายงานการประชุมกองทุนสวัสดิการชุมชนตำบลดอนแก้ว ครั้งที่ 3/2566
3. การจ่ายสวัสดิการ
ประเภท | จำนวนราย | เป็นเงิน (บาท)
เจ็บป่วยนอนโรงพยาบาล | 38 | 28,500
เสียชีวิต | 2 | 40,000
4. การปรับเงินช่วยเหลือกรณีเจ็บป่วย
นายทองดี เสนอเพิ่มเงินช่วยเหลือกรณีเจ็บป่วยนอนโรงพยาบาล
มติที่ประชุม เห็นชอบให้ปรับเงินช่วยเหลือกรณีเจ็บป่วยเป็นคืนละ 200 บาท มีผลตั้งแต่วันที่ 1 กรกฎาคม 2566"""
RENT = """กลุ่มเช่านาบ้านดอนแก้ว
ค่าเช่านา
เจ้าของ | ค่าเช่าต่อไร่ต่อปี (บาท) | รวม (บาท)
นายสมพร | 700 | 18,900
นางวันดี | 650 | 13,000"""


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("กองทุนให้เงินค่านอนโรงพยาบาลคืนละเท่าไร", "คืน"),
        ("ได้เบี้ยเลี้ยงคนละกี่บาท", "คน"),
        ("เงินช่วยงานศพรายละไม่เกินเท่าไหร่", "คน"),
        ("สมาชิกส่งเงินปีละกี่ครั้ง", "ปี"),
        ("เก็บค่าน้ำเดือนละกี่บาท", "เดือน"),
        ("ช่างได้เงินเดือนละกี่บาท", "เดือน"),
        ("ผ้าทอขายผืนละเท่าไร", "ผืน"),
        ("ค่าเช่านาไร่ละประมาณเท่าไร", "ไร่"),
        ("ซ่อมบ้านหลังละไม่เกินกี่บาท", "หลัง"),
        ("กลุ่มรับซื้อขวดโลละเท่าไหร่", "กิโลกรัม"),
        ("ค่าแรงกี่บาทต่อวัน", "วัน"),
        ("รายได้เฉลี่ยต่อลำเท่าไร", "ลำ"),
        ("How much does the fund pay per night?", "คืน"),
        ("How much did each household receive?", "ครัวเรือน"),
    ],
)
def test_the_unit_for_each_of_which_a_value_is_asked(question: str, unit: str) -> None:
    assert unit in understand(question).per


@pytest.mark.parametrize(
    "question",
    [
        "มีสมาชิกกี่คน",
        "คิดดอกเบี้ยร้อยละเท่าไร",
        "แต่ละตำบลได้เท่าไร",
        "กองทุนวันละบาทมีสมาชิกกี่คน",
        "มีบ้านและนากี่ไร่",
        "รายละเอียดงบประมาณเท่าไร",
        "ติดต่อกลุ่มได้กี่คน",
        "งานต่อปี 2567 ใช้งบเท่าไร",
        "ใช้เงินจากแหล่งใดบ้าง แหล่งละเท่าไร",
        "ให้ทุนเรียนกี่ทุน ทุนละกี่บาท",
        "How much was the budget?",
    ],
)
def test_no_unit_where_the_whole_is_asked(question: str) -> None:
    assert asked(question) == ()


@pytest.mark.parametrize(
    ("text", "above"),
    [
        ("ให้ปรับเป็นคืนละ 200 บาท", ""),
        ("จ่ายคืนละไม่เกินสองร้อยบาท", ""),
        ("ช่วยเหลือ 200 บาทต่อคืน", ""),
        ("ค่าห้อง 200 บาท/คืน", ""),
        ("ค่าห้อง | 200", "รายการ | อัตราต่อคืน (บาท)"),
        ("รายการ | คืนละ (บาท)\nค่าห้อง | 200", ""),
    ],
)
def test_a_value_for_each_unit_is_told(text: str, above: str) -> None:
    assert told(("คืน",), text, above)


@pytest.mark.parametrize(
    ("unit", "text", "above"),
    [
        ("คืน", "เจ็บป่วยนอนโรงพยาบาล | 38 | 28,500", "ประเภท | จำนวนราย | เป็นเงิน (บาท)"),
        ("คืน", "นอนโรงพยาบาล 3 คืน รวม 600 บาท", ""),
        ("คืน", "เก็บปีละ 200 บาท", ""),
        ("คืน", "กรณีคืนละไม่เท่ากันให้ถามเหรัญญิก", ""),
        ("ราย", "รายละเอียด 3 หน้า", ""),
        ("คน", "โครงการคนละครึ่ง 5 ล้านสิทธิ", ""),
    ],
)
def test_a_value_for_something_else_is_none(unit: str, text: str, above: str) -> None:
    assert not told((unit,), text, above)


def test_a_sum_of_all_is_less_of_an_answer_than_one_for_the_unit() -> None:
    query = understand("จ่ายเงินช่วยค่านอนโรงพยาบาลคืนละเท่าไร")
    each, whole_sum = (answers_kind(query, text, "money") for text in ("จ่ายคืนละ 200 บาท", "จ่ายรวม 28,500 บาท"))
    assert each > whole_sum > 0


def test_a_row_answers_whose_column_is_named_for_the_unit() -> None:
    query = understand("ค่าเช่านาของนายสมพรไร่ละเท่าไร")
    row = narrowed(query, whole(RENT), dict.fromkeys((concept.name for concept in query.concepts), 1.0), reads("700"))
    assert row.text == "นายสมพร | 700 | 18,900"


@pytest.mark.parametrize(
    "question",
    ["กองทุนตำบลดอนแก้วปรับเงินช่วยเหลือกรณีเจ็บป่วยเป็นคืนละเท่าไร", "กองทุนตำบลดอนแก้วให้เงินช่วยเหลือกรณีเจ็บป่วยนอนโรงพยาบาลคืนละกี่บาท"],
)
def test_what_says_the_value_for_the_unit_leads(tmp_path: Path, question: str) -> None:
    with Store(tmp_path / "home", embed.load()) as store:
        document = read_document("minutes.txt", MINUTES.encode())
        store.add([(document, passages(document))])
        reply = Assistant(store).ask(question)
    assert isinstance(reply, Answer) and "คืนละ 200 บาท" in reply.citations[0].quote


def test_every_piece_is_looked_at_for_the_unit() -> None:
    document = read_document("rent.txt", RENT.encode())
    told_by = [piece.text for piece in units(document, [(0, len(document.text))]) if told(("ไร่",), piece.text)]
    assert told_by and all("ต่อไร่" in text for text in told_by)
