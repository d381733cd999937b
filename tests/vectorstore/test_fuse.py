"""Fusion by score."""

from hypothesis import given
from hypothesis import strategies as st

from vectorstore.fuse import fuse

SCORES = st.dictionaries(st.integers(0, 20), st.floats(-1, 30, allow_nan=False), max_size=10)


@given(SCORES, SCORES)
def test_scores_are_shares_in_order(lexical: dict[int, float], dense: dict[int, float]) -> None:
    lexical = {key: abs(score) for key, score in lexical.items()}
    fused = fuse(lexical, dense)
    assert fused.keys() == {*lexical, *dense}
    assert all(0 <= score <= 1 for score in fused.values())
    assert list(fused.values()) == sorted(fused.values(), reverse=True)


def test_what_both_halves_find_comes_first() -> None:
    assert list(fuse({1: 10, 2: 9}, {2: 0.9, 3: 0.8})) == [2, 1, 3]


def test_a_sure_half_is_not_outvoted_by_ranks() -> None:
    assert next(iter(fuse({1: 20, 2: 5}, {2: 0.62, 1: 0.6, 3: 0.61}))) == 1


def test_nothing_found() -> None:
    assert fuse({}, {}) == {}
