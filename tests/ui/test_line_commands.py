"""What a short text asks of the bot itself; questions stay questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.line.commands import command

FORGET = """
ลบข้อมูลของฉัน
ลบข้อมูลของฉันค่ะ
 ลบ ข้อมูล ของ ฉัน
ลบข้อมุลของฉัน
ลบขอมูลของฉัน
ลบข้อมูลฉัน
ลบข้อมูลของผมด้วยครับ
ช่วยลบข้อมูลของหนูหน่อยนะคะ
ขอลบข้อมูลส่วนตัวของดิฉันทั้งหมด
กรุณาลบประวัติการคุยของเรา
ล้างประวัติแชทของผม
“ลบข้อมูลของฉัน”
Delete my data
please delete all of my data.
erase my history
FORGET ME
"""
HELP = """
ช่วยเหลือ
ขอความช่วยเหลือ
วิธีใช้
วิธีใช้งานครับ
ใช้ยังไง
เมนู
help
HELP!
/help
menu
"""
CONSENT = """
ความเป็นส่วนตัว
นโยบายความเป็นส่วนตัว
ข้อมูลส่วนบุคคล
ลบข้อมูล
privacy
Privacy policy
PDPA
"""
QUESTIONS = """
ลบข้อมูลของกองทุนอย่างไร
ใครลบข้อมูลของฉันได้บ้างในคลัง
ที่ประชุมมีมติเรื่องความเป็นส่วนตัวว่าอย่างไร
การช่วยเหลือผู้ประสบภัยมีอะไรบ้าง
ช่วยเหลือผู้สูงอายุเท่าไร
ข้อมูลส่วนบุคคลของสมาชิกเก็บที่ไหน
ฉัน
ลบ
helping the elderly
how to delete my data from a fund
?
"""


def lines(text: str) -> list[str]:
    return text.strip("\n").split("\n")


@pytest.mark.parametrize("text", lines(FORGET))
def test_erasing(text: str) -> None:
    assert command(text) == "forget"


@pytest.mark.parametrize("text", lines(HELP))
def test_help(text: str) -> None:
    assert command(text) == "help"


@pytest.mark.parametrize("text", lines(CONSENT))
def test_privacy(text: str) -> None:
    assert command(text) == "consent", "who only says ลบข้อมูล is told how, and nothing is erased by mistake"


@pytest.mark.parametrize("text", lines(QUESTIONS))
def test_questions_are_none(text: str) -> None:
    assert command(text) is None


@given(st.text(max_size=2_000))
def test_any_text_is_read(text: str) -> None:
    assert command(text) in (None, "forget", "help", "consent")
    assert command(f"{text}ลบข้อมูลของฉัน" * 10) is None
