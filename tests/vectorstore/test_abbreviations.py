"""Abbreviations of a question: with and without dots, told apart by what stands beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.abbreviations import abbreviations


@pytest.mark.parametrize(
    ("text", "said", "meaning"),
    [
        ("พอช. สนับสนุนอะไร", "พอช.", "สถาบันพัฒนาองค์กรชุมชน"),
        ("พอช สนับสนุนอะไร", "พอช", "สถาบันพัฒนาองค์กรชุมชน"),
        ("งบของอบต.บ้านสวน", "อบต.", "องค์การบริหารส่วนตำบล"),
        ("อบตบ้านสวน", "อบต", "องค์การบริหารส่วนตำบล"),
        ("ของพม.จัดอะไร", "พม.", "กระทรวงการพัฒนาสังคมและความมั่นคงของมนุษย์"),
        ("มท. สั่งการอะไร", "มท.", "กระทรวงมหาดไทย"),
        ("ส.ป.ก. แจกที่ดิน", "ส.ป.ก.", "สำนักงานการปฏิรูปที่ดินเพื่อเกษตรกรรม"),
        ("สสส ให้เงินเท่าไร", "สสส", "สำนักงานกองทุนสนับสนุนการสร้างเสริมสุขภาพ"),
        ("เดือน ก.พ. ประชุมอะไร", "ก.พ.", "กุมภาพันธ์"),
        ("5 ก.พ. 66", "ก.พ.", "กุมภาพันธ์"),
        ("สำนักงาน ก.พ. ประกาศอะไร", "ก.พ.", "สำนักงานคณะกรรมการข้าราชการพลเรือน"),
    ],
)
def test_what_it_stands_for(text: str, said: str, meaning: str) -> None:
    (found,) = abbreviations(text)
    assert found.said == said and meaning in found.forms
    assert text[found.start : found.end] == said


def test_a_month_is_not_an_office_where_a_year_follows() -> None:
    (february,) = abbreviations("ก.พ. 66 ประชุมอะไร")
    (office,) = abbreviations("เลขาธิการ ก.พ. คือใคร")
    assert "สำนักงานคณะกรรมการข้าราชการพลเรือน" not in february.forms
    assert "กุมภาพันธ์" not in office.forms


@pytest.mark.parametrize("text", ["5 กก. ราคาเท่าไร", "รวมกี่คน", "จ.ตรัง ต.บางรัก", "สวย", "พอชุมชน", "น.ส.", "66 กม."])
def test_no_abbreviation(text: str) -> None:
    assert abbreviations(text) == []


@given(st.text(alphabet="กขพอชม.ตบ า้1", max_size=60))
def test_any_text(text: str) -> None:
    for found in abbreviations(text):
        assert text[found.start : found.end] == found.said and found.forms
