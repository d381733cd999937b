"""When one row stands for its table or list, and when the whole does."""

from collections.abc import Sequence

import pytest

from assistant.narrowing import Shares, asks_for_one, narrowed
from assistant.question import understand
from assistant.units import Unit, units
from ingest import read_document

MINUTES = """รายงานการประชุมกองทุนสวัสดิการตำบลหนองแวง
ผู้มาประชุม
1. นายบุญมี แก้วใส ประธานกรรมการ
2. นายคำปัน สายทอง รองประธานกรรมการ
3. นางมาลี ดอนชัย เหรัญญิก
4. นางรัตนา พรหมมา เลขานุการ"""
BUDGET = """โครงการฝายชะลอน้ำบ้านปางแดง
งบประมาณ
(หน่วย: บาท)
รายการ | แผน | ใช้จริง
วัสดุทำฝาย | 114,000 | 112,500
ศึกษาดูงานต้นน้ำ | 24,000 | 21,000
รวมทั้งสิ้น | 138,000 | 133,500"""


def whole(text: str) -> Unit:
    """The largest piece of a document: its list or table with what leads in."""
    document = read_document("a.txt", text.encode())
    return max(units(document, [(0, len(document.text))]), key=lambda unit: unit.text.count("\n"))


def reads(*said: str) -> Shares:
    """A reader that finds the answer in the lines that have one of `said`, as much in each."""

    def shares(pieces: Sequence[Unit]) -> list[float]:
        return [sum(one in piece.text for one in said) / len(said) for piece in pieces]

    return shares


def row(text: str, question: str, *answer: str) -> str:
    """What is quoted of the document's list or table."""
    query = understand(question)
    return narrowed(query, whole(text), dict.fromkeys((concept.name for concept in query.concepts), 1.0), reads(*answer)).text


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (MINUTES, "ใครเป็นเหรัญญิกกองทุนสวัสดิการตำบลหนองแวง", "3. นางมาลี ดอนชัย เหรัญญิก"),
        (MINUTES, "ใครเป็นประธานกองทุนหนองแวง", "1. นายบุญมี แก้วใส ประธานกรรมการ"),
        (MINUTES, "ใครเป็นรองประธานกองทุนหนองแวง", "2. นายคำปัน สายทอง รองประธานกรรมการ"),
        (BUDGET, "ฝายบ้านปางแดงตั้งงบศึกษาดูงานไว้เท่าไร", "ศึกษาดูงานต้นน้ำ | 24,000 | 21,000"),
        (BUDGET, "โครงการฝายชะลอน้ำบ้านปางแดงได้งบประมาณเท่าไร", "รวมทั้งสิ้น | 138,000 | 133,500"),
    ],
)
def test_one_row_that_names_what_is_asked_stands_for_the_whole(text: str, question: str, answer: str) -> None:
    assert row(text, question, answer) == answer


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (MINUTES, "กองทุนหนองแวงมีใครมาประชุมบ้าง", ["นางมาลี"]),
        (MINUTES, "ขอรายชื่อกรรมการกองทุนหนองแวง", ["นางมาลี"]),
        (MINUTES, "ใครเป็นประธาน และใครเป็นเหรัญญิกกองทุนหนองแวง", ["นายบุญมี"]),
        (MINUTES, "ที่ประชุมกองทุนหนองแวงมีมติว่าอย่างไร", ["นางมาลี"]),
        (BUDGET, "งบของฝายบ้านปางแดงใช้ทำอะไร", ["วัสดุทำฝาย"]),
    ],
)
def test_several_things_or_none_in_particular_want_the_whole(text: str, question: str, answer: list[str]) -> None:
    assert row(text, question, *answer) == whole(text).text


def test_the_whole_stays_where_the_reader_reads_another_row_or_two_alike() -> None:
    assert row(MINUTES, "ใครเป็นเหรัญญิกกองทุนหนองแวง", "นายบุญมี") == whole(MINUTES).text
    assert row(MINUTES, "ใครเป็นกรรมการกองทุนหนองแวง", "นายบุญมี", "นายคำปัน") == whole(MINUTES).text


def test_a_row_that_lacks_what_another_has_does_not_stand_for_both() -> None:
    assert row(BUDGET, "ศึกษาดูงานแพงกว่าวัสดุเท่าไร", "114,000") == whole(BUDGET).text


def test_what_is_no_list_stays_as_it_is() -> None:
    assert row("ฝายบ้านปางแดงใช้งบ 114,000 บาท", "ฝายบ้านปางแดงใช้งบเท่าไร", "114,000") == "ฝายบ้านปางแดงใช้งบ 114,000 บาท"


@pytest.mark.parametrize(
    ("question", "one"),
    [
        ("กองทุนมีสมาชิกกี่คน", True),
        ("ใครเป็นประธาน", True),
        ("ประชุมวันไหน", True),
        ("How much was the budget?", True),
        ("กองทุนมีสมาชิกกี่คน จากกี่หมู่บ้าน", False),
        ("แต่ละตำบลได้เท่าไร", False),
        ("มีงบอะไรบ้าง", False),
        ("ที่ประชุมมีมติอย่างไร", False),
        ("Which villages does it cover?", False),
    ],
)
def test_whether_one_value_is_asked_for(question: str, one: bool) -> None:
    assert asks_for_one(understand(question)) is one
