"""What a reader is told: forms are found through spaces, short ones as words, years in both eras."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.clues import CLUES, asked, clues
from assistant.match import Text
from assistant.question import understand
from assistant.tokens import tokens
from assistant.types import Concept, Query
from vectorstore import thai


def told(question: str, text: str, title: str = "") -> np.ndarray:
    query = understand(question)
    return clues(asked(query), text, tokens(text), Text(title))


def named(concept: Concept, text: str) -> list[str]:
    """The words that the concept's forms cover."""
    query = Query(asked="x", text="x", language="th", concepts=(concept,))
    words = tokens(text)
    found = clues(asked(query), text, words, Text(""))
    return [word for word, row in zip(words.words, found, strict=True) if row[0] == 1]


@pytest.mark.parametrize(
    ("form", "text", "words"),
    [
        ("กองทุนสวัสดิการ", "มีกองทุน สวัสดิการ ชุมชน", "กองทุนสวัสดิการ"),
        ("อบต.นาหินแก้ว", "ณ อบต. นาหินแก้ว วันนี้", "อบต.นาหินแก้ว"),
        ("CODI", "เจ้าหน้าที่ codi และ พอช.", "codi"),
        ("คม", "สมาคมและ คม", "คม"),
        ("845", "8450 คน และ ๘๔๕ คน", "845"),
    ],
)
def test_a_form_is_found_as_people_write_it(form: str, text: str, words: str) -> None:
    assert "".join(named(Concept(name="x", alternatives=(form,)), text)) == words


def test_a_year_is_found_in_both_eras_and_short() -> None:
    concept = Concept(name="ปี 2566", alternatives=(), years=(2023,))
    assert {"2566", "2023", "66"} <= set(named(concept, "ปี 2566 คือ ค.ศ. 2023 หรือ ปี 66 ไม่ใช่ปี 2565"))
    assert "2565" not in named(concept, "ปี 2566 ไม่ใช่ปี 2565")


def test_nearer_mentions_count_more() -> None:
    text = "กองทุนสวัสดิการมีสมาชิก 845 คน " + "เรื่องอื่น ๆ ที่คุยกันในวันนั้น " * 12 + "คนมาร่วมงาน 120 คน"
    rows = told("กองทุนสวัสดิการมีสมาชิกกี่คน", text)
    words = tokens(text).words
    near, far = rows[words.index("845")], rows[words.index("120")]
    assert (near >= far)[:16].sum() > 10 and near[:16].sum() > far[:16].sum()


@given(st.text(max_size=50), st.text(alphabet="กขา่ 26(.\n", max_size=80))
def test_any_question_of_any_text(question: str, text: str) -> None:
    if not thai.normalise(question).strip():
        return
    text = thai.normalise(text)
    found = told(question, text)
    assert found.shape == (len(tokens(text).words), CLUES) and np.isfinite(found).all()
