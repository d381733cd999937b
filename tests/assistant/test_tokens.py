"""Words of a text: where each stands, and what is told of it alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.tokens import SORTS, tokens
from vectorstore import thai

TEXT = "กองทุนมีสมาชิก 845 คน\nเมื่อ ๕ ก.พ. 2566 (Loei) ได้งบ 107,500 บาท"


def test_each_word_stands_where_it_says() -> None:
    found = tokens(TEXT)
    small = thai.arabic_digits(TEXT).lower()
    assert [small[start:end] for start, end in zip(found.starts, found.ends, strict=True)] == list(found.words)
    assert "".join(found.words) == "".join(small.split())


def test_spans_are_read_in_place() -> None:
    start = TEXT.index("เมื่อ")
    found = tokens(TEXT, [(0, 6), (start, start + 10)])
    assert found.starts[0] == 0 and start in found.starts and found.ends.max() <= start + 10


def test_what_is_told_of_a_word() -> None:
    found = tokens(TEXT)
    of = {word: found.sorts[row] for row, word in enumerate(found.words)}
    assert found.sorts.shape == (len(found.words), SORTS)
    assert not np.array_equal(of["2566"], of["845"]), "a year is another sort of figure"
    assert found.opens[found.words.index("845"), 0] == 1 and found.opens[found.words.index("เมื่อ"), 1] == 1
    assert np.allclose(np.linalg.norm(found.vectors[found.words.index("สมาชิก")]), 1, atol=1e-5)
    assert found.empty[found.words.index("เมื่อ")] == 1 and found.empty[found.words.index("สมาชิก")] == 0


@given(st.text(max_size=60) | st.text(alphabet="กขาำ่้ ๆ๑2.(\nİß", max_size=60))
def test_any_text(text: str) -> None:
    text = thai.normalise(text)
    found = tokens(text)
    assert len(found.words) == len(found.starts) == len(found.ends) == len(found.vectors) == len(found.telling)
    assert all(0 <= start < end <= len(text) for start, end in zip(found.starts, found.ends, strict=True))
    assert np.isfinite(found.vectors).all() and np.isfinite(found.telling).all()
