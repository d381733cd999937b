import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clean import clean, clean_text
from ingest.raw import RawLine

THAI = st.text(alphabet="กขคงจนมรสอาำะเแโใไัิีึืุู็่้๊๋์ํๆฯ ๐๑1.,-•_ \u200b\u00a0\ufffd\uf70a\x0b\n|()", max_size=60)
PAGES = st.one_of(st.none(), st.just(1))


def cleaned(*texts: str, page: int | None = None) -> list[str]:
    return [line.text for line in clean([RawLine(text, page) for text in texts])]


@pytest.mark.parametrize(
    ("broken", "right"),
    [
        ("จ านวน 3 ราย", "จำนวน 3 ราย"),
        ("ส านักงาน ท างาน", "สำนักงาน ทำงาน"),
        ("ที่ส าคัญในการด าเนินงาน", "ที่สำคัญในการดำเนินงาน"),
        ("ย้ าเตือนไม่ต่ ากว่า", "ย้ำเตือนไม่ต่ำกว่า"),
        ("สะสม 2,081 ล า มี", "สะสม 2,081 ลำ มี"),
        ("ป ระช าชน จีน", "ป ระชาชน จีน"),
        ("น้ํา นํ้า นำ้", "น้ำ น้ำ น้ำ"),
        ("ส�านักงาน ประจำ�ปี", "สำนักงาน ประจำปี"),
        ("ประจำาปี สำำนัก", "ประจำปี สำนัก"),
        ("ก ่อสร ้าง", "ก่อสร้าง"),
        ("หน่วยงานอื่�น", "หน่วยงานอื่น"),
        ("ลงชื่อ....................ผู้จด", "ลงชื่อ ผู้จด"),
        ("  มี   ช่องว่าง  ", "มี ช่องว่าง"),
        ("ร่วม​กัน", "ร่วมกัน"),
    ],
)
def test_repairs(broken: str, right: str) -> None:
    assert cleaned(broken) == [right]


def test_keeps_what_is_right() -> None:
    right = ["ทำ กิจกรรมร่วมกัน", "น้ำ ไฟ ถนน", "พื้นที่ 1,250 ไร่... (ต่อ)", "กองทุน – สวัสดิการ", "ต่าง ๆ ฯลฯ"]
    assert cleaned(*right) == right


def test_pdf_that_parts_every_sara_am() -> None:
    assert cleaned("ทำ บัญชีน้ำ รายสวน", "ตำ บล อำ เภอ", page=1) == ["ทำบัญชีน้ำรายสวน", "ตำบล อำเภอ"]


def test_pdf_that_parts_some() -> None:
    lines = ["สำ นักงานกำหนดให้นำเสนอจำนวนคำถาม", "ทำ ให้ทุกคนจำได้สำคัญดำเนินการ"]
    assert cleaned(*lines, page=1) == ["สำนักงานกำหนดให้นำเสนอจำนวนคำถาม", "ทำให้ทุกคนจำได้สำคัญดำเนินการ"]


@pytest.mark.parametrize(
    "line",
    [
        "  • photo  , 1000x563 pixel , 107,273 bytes.",
        "Relate topics",
        "* * * *",
        "•",
        "แชร์",
        "Facebook | Twitter | LINE",
    ],
)
def test_drops_lines_that_say_nothing(line: str) -> None:
    assert cleaned("ก่อน", line, "หลัง") == ["ก่อน", "หลัง"]


def test_gaps() -> None:
    assert cleaned("", " ", "หนึ่ง", "", "​", "สอง", "") == ["หนึ่ง", "", "สอง"]


def test_a_rule_is_a_gap() -> None:
    assert cleaned("หนึ่ง", "____________", "สอง") == ["หนึ่ง", "", "สอง"]


def test_line_breaks_within_a_line_end_it() -> None:
    assert cleaned("หนึ่ง\x0bสอง\u2028สาม") == ["หนึ่ง", "สอง", "สาม"]


def test_keeps_page_and_kind() -> None:
    assert clean([RawLine("จ านวน", 3, "table_row")]) == [RawLine("จำนวน", 3, "table_row")]


def test_clean_text_is_one_line() -> None:
    assert clean_text(" หัวข้อ\nยาว ") == "หัวข้อ ยาว"


@settings(deadline=None)
@given(st.lists(st.tuples(THAI, PAGES), max_size=8))
def test_cleaning_twice_changes_nothing(lines: list[tuple[str, int | None]]) -> None:
    once = clean([RawLine(text, page) for text, page in lines])
    assert clean(once) == once


@settings(deadline=None)
@given(st.lists(st.text(max_size=80), max_size=6))
def test_cleaning_any_text_twice_changes_nothing(lines: list[str]) -> None:
    once = clean([RawLine(text) for text in lines])
    assert clean(once) == once


@settings(deadline=None)
@given(st.text(alphabet="กขคงจนมรสดตทบปวหอ0123456789abc ", max_size=80))
def test_no_letter_is_lost_or_added(text: str) -> None:
    assert "".join(cleaned(text)).replace(" ", "") == text.replace(" ", "")


def test_hostile_lines_take_no_time() -> None:
    for hostile in ("ก า" * 20_000, "ำ ก" * 20_000, "ก" + "่" * 100_000, "." * 100_000, " " * 100_000 + "ก"):
        assert len(clean([RawLine(hostile, 1)])) <= 1
