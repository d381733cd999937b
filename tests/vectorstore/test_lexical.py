from pathlib import Path

import pytest

from vectorstore.lexical import Lexical, runs, weights
from vectorstore.types import Concept

TEXTS = (
    ("โครงการบ้านมั่นคงที่สุพรรณบุรี", "ข่าวสุพรรณ"),
    ("โครงการบานมนคงที่สุพรรนบุรี อานจากภาพ", "เอกสารสแกน"),
    ("คณะกรรมการประชุมเรื่องงบประมาณของสถาบันพัฒนาองค์กรชุมชน", "บันทึก"),
    ("นายพัทธธีรา ศรุติพงศ์โภคิน เป็นประธาน", "รายชื่อ"),
)


@pytest.fixture
def index(tmp_path: Path) -> Lexical:
    lexical = Lexical(tmp_path)
    lexical.change([(key, text, title, ()) for key, (text, title) in enumerate(TEXTS)])
    return lexical


def found(index: Lexical, question: str, *concepts: Concept) -> list[int]:
    return [key for key, _ in index.search(weights(question, concepts), 10)]


def test_words_find_text_and_title(index: Lexical) -> None:
    assert found(index, "งบประมาณ") == [2]
    assert found(index, "บันทึก") == [2]


def test_a_scanned_page_is_met_by_its_letters(index: Lexical) -> None:
    assert found(index, "สุพรรณบุรี") == [0, 1]


def test_a_name_spelt_otherwise_is_met_by_its_letters(index: Lexical) -> None:
    assert found(index, "พัทธ์ธีรา")[0] == 3


def test_words_without_their_tone_marks_are_met(tmp_path: Path) -> None:
    lexical = Lexical(tmp_path / "toneless")
    lexical.change([(1, "ตลาดนาสมโอ บานใหม", "", ()), (2, "ประชุมใหญ่", "", ())])
    assert found(lexical, "ส้มโอบ้านใหม่")[0] == 1


def test_another_form_is_found_lower_than_what_was_asked(index: Lexical) -> None:
    codi = Concept(name="พอช.", alternatives=("พอช.", "สถาบันพัฒนาองค์กรชุมชน"))
    assert found(index, "พอช.") == []
    assert found(index, "พอช.", codi) == [2]
    asked, other = (dict(index.search(weights(text, (codi,)), 10))[2] for text in ("สถาบันพัฒนาองค์กรชุมชน", "พอช."))
    assert asked > other


def test_a_thing_of_many_forms_counts_once(index: Lexical) -> None:
    one = Concept(name="x", alternatives=("งบประมาณ",))
    many = Concept(name="x", alternatives=("งบประมาณ", "ประชุม", "คณะกรรมการ", "เรื่อง"))
    alone, together = (dict(index.search(weights("x", (concept,)), 10))[2] for concept in (one, many))
    assert together < 2 * alone


def test_a_question_of_stop_words_is_searched_all_the_same() -> None:
    assert weights("ที่ และ ของ")


def test_runs_have_no_tone_marks_and_know_the_ends() -> None:
    assert runs("บ้าน") == ["^บา", "บาน", "าน$"]
    assert runs("ก") == ["^ก$"]
