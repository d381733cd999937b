"""Misspelt words of the field mended; what is right, and whoever is named, left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.spelling import distance, key, mend


@pytest.mark.parametrize(
    ("text", "said", "form"),
    [
        ("สุพรรน ได้งบเท่าไร", "สุพรรน", "สุพรรณ"),
        ("จังหวัดสุพรรนบุรี", "สุพรรนบุรี", "สุพรรณบุรี"),
        ("สภาองกรชุมชนคืออะไร", "สภาองกรชุมชน", "สภาองค์กรชุมชน"),
        ("งบประมานปี 66", "งบประมาน", "งบประมาณ"),
        ("กองทุนสวัสดิการชุมชลมีกี่คน", "กองทุนสวัสดิการชุมชล", "กองทุนสวัสดิการชุมชน"),
        ("บ้านมั่งคงกี่หลัง", "บ้านมั่งคง", "บ้านมั่นคง"),
        ("คนะกรรมการมีกี่คน", "คนะกรรมการ", "คณะกรรมการ"),
        ("ที่เชียงไหม่", "เชียงไหม่", "เชียงใหม่"),
        ("ประจวบคีรีขัน", "ประจวบคีรีขัน", "ประจวบคีรีขันธ์"),
        ("สุราษฏร์ธานี", "สุราษฏร์ธานี", "สุราษฎร์ธานี"),
        ("ผู้มีรายได้น้อยย", "ผู้มีรายได้น้อยย", "ผู้มีรายได้น้อย"),
        ("ท่องเทียวโดยชุมชน", "ท่องเทียวโดยชุมชน", "ท่องเที่ยวโดยชุมชน"),
        ("พัฒนาคุนภาพชีวิต", "พัฒนาคุนภาพชีวิต", "พัฒนาคุณภาพชีวิต"),
        ("ระเบียบวาละที่ 3", "ระเบียบวาละ", "ระเบียบวาระ"),
    ],
)
def test_mended(text: str, said: str, form: str) -> None:
    (mended,) = mend(text)
    assert (mended.said, mended.form) == (said, form)
    assert text[mended.start : mended.end] == said


@pytest.mark.parametrize(
    "text",
    [
        "คณะอนุกรรมการบริหารมีกี่คน",
        "กองทุนสวัสดิการชุมชนลำปางดีเด่น",
        "เรื่องมหาสารคาม",
        "ใครสร้างฝายได้",
        "เดินบนสะพาน",
        "คุณสุพรรน แก้วใจ",
        "นางสาวงบประมาน ใจดี",
        "ตำบลบ้านมั่งคง",
        "A1234 XYZ 66",
        "ครับ ๆ ฯ",
    ],
)
def test_left_alone(text: str) -> None:
    assert mend(text) == []


def test_what_the_archive_has_is_right() -> None:
    assert mend("องกรชุมชน", known={"องกรชุมชน"}) == []


def test_a_key_is_the_same_for_what_sounds_the_same() -> None:
    assert key("สุพรรณ") == key("สุพรรน") and key("องค์กร") == key("องกร")
    assert key("บ้าน") != key("เรือ")


def test_marks_cost_less_than_letters() -> None:
    assert distance("ที่", "ที") < distance("ณ", "น") < distance("ก", "ม") == 1.0
    assert distance("กา", "กา") == 0.0 == distance("", "")


@given(st.text(alphabet="กขนมสร้่ิุาะเแโใไ์ๆฯ 1a", max_size=80))
def test_any_text(text: str) -> None:
    end = 0
    for mended in mend(text):
        assert end <= mended.start < mended.end <= len(text) and mended.form != mended.said
        end = mended.end


@pytest.mark.parametrize("unit", ["ก", "สุพรรน", "งบประมาน ", "คุณ", "่", "กร", "ชน", "นาย ก ", "ศษส"])
def test_hostile_text_is_read_to_its_end(unit: str) -> None:
    text = (unit * 2000)[:2000]
    assert all(mended.end <= len(text) for mended in mend(text))
