"""The reader as it comes: it points at answers, and is unsure where there is none."""

import numpy as np
import pytest

from assistant.clues import asked
from assistant.question import understand
from assistant.reader import Read, read

TEXT = """บันทึกการประชุมกลุ่มออมทรัพย์บ้านดอนกลาง วันที่ 12 พฤษภาคม 2566 ณ ศาลาวัดดอนกลาง จังหวัดสกลนคร
กลุ่มมีสมาชิก 312 คน เงินสะสม 1,245,000 บาท ปล่อยกู้แล้ว 820,000 บาท
นายประจักษ์ ทองดี ประธานกลุ่ม แจ้งว่าจะเปิดตลาดชุมชนทุกวันเสาร์ตั้งแต่เดือนกรกฎาคม
"""


def reading(question: str, text: str = TEXT) -> Read:
    query = understand(question)
    return read(asked(query), text, "บันทึกการประชุม")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("กลุ่มออมทรัพย์บ้านดอนกลางมีสมาชิกกี่คน", "312"),
        ("เงินสะสมของกลุ่มมีเท่าไร", "1,245,000"),
        ("กลุ่มปล่อยกู้ไปกี่บาท", "820,000"),
        ("ใครเป็นประธานกลุ่ม", "ประจักษ์"),
        ("ประชุมกันที่ไหน", "ศาลา"),
        ("ประชุมเมื่อวันที่เท่าไร", "12 พฤษภาคม 2566"),
        ("How many members does the savings group have?", "312"),
    ],
)
def test_one_of_the_likeliest_words_is_the_answers(question: str, answer: str) -> None:
    found = reading(question)
    first = TEXT.index(answer)
    likeliest = np.argsort(-found.shares())[:5]
    inside = [first <= found.words.ends[place] - 1 < first + len(answer) + 8 for place in likeliest]
    assert any(inside), [found.words.words[place] for place in likeliest]


def test_it_is_surer_of_what_the_text_tells() -> None:
    assert reading("กลุ่มมีสมาชิกกี่คน").chance > reading("ใครเป็นผู้ตรวจสอบบัญชีของสหกรณ์การเกษตร").chance


def test_shares_sum_to_the_chance_and_the_best_is_a_span() -> None:
    found = reading("กลุ่มมีสมาชิกกี่คน")
    assert found.shares().sum() == pytest.approx(found.chance)
    first, last, chance = found.best()
    assert 0 <= first <= last < len(found.words.words) and 0 < chance <= 1


@pytest.mark.parametrize("text", ["", "\n \n", "ก", "((((", "๑"])
def test_hardly_any_text(text: str) -> None:
    found = reading("กลุ่มมีสมาชิกกี่คน", text)
    assert 0 <= found.chance <= 1 and len(found.shares()) == len(found.words.words)
