"""The flat file: exact among the rows that are there, whatever was added, removed or cut short."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.flat import Flat


def vectors(count: int, dimension: int = 16, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def made(folder: Path, count: int, leading: int = 16) -> Flat:
    flat = Flat(folder, leading)
    flat.add(np.arange(1, count + 1), np.arange(1, count + 1) // 3, vectors(count))
    return flat


def test_finds_what_numpy_finds(tmp_path: Path) -> None:
    flat, asked = made(tmp_path, 40_000), vectors(1, seed=1)[0]
    truth = vectors(40_000) @ asked
    found = flat.search(asked, 20)
    assert [key - 1 for key, _ in found[:3]] == list(np.argsort(-truth)[:3])
    assert all(abs(score - truth[key - 1]) < 0.01 for key, score in found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


@settings(max_examples=60, deadline=None)
@given(
    admitted=st.lists(st.integers(0, 40), max_size=12),
    removed=st.lists(st.integers(1, 90), max_size=30),
    k=st.integers(1, 100),
)
def test_only_the_admitted_and_only_what_is_there(tmp_path_factory, admitted: list[int], removed: list[int], k: int) -> None:
    flat = made(tmp_path_factory.mktemp("flat"), 90)
    flat.remove(removed)
    asked = vectors(1, seed=2)[0]
    truth = vectors(90) @ asked
    there = [key for key in range(1, 91) if key // 3 in admitted and key not in removed]
    found = flat.search(asked, k, np.unique(np.array(admitted, np.int64)))
    assert len(found) == min(k, len(there)) and {key for key, _ in found} <= set(there)
    if found:
        assert truth[found[0][0] - 1] >= max(truth[key - 1] for key in there) - 0.02
    assert flat.count() == 90 - len(set(removed))


def test_keys_that_are_there_are_not_added_twice(tmp_path: Path) -> None:
    flat = made(tmp_path, 10)
    flat.add(np.arange(5, 15), np.zeros(10, np.int64), vectors(10, seed=3))
    assert flat.count() == 14
    assert Flat(tmp_path, 16).search(vectors(10)[6], 1)[0][0] == 7


def test_a_row_cut_short_is_dropped_on_opening(tmp_path: Path) -> None:
    made(tmp_path, 10)
    content = (tmp_path / "rows.bin").read_bytes()
    (tmp_path / "rows.bin").write_bytes(content[:-5])
    flat = Flat(tmp_path, 16)
    assert flat.count() == 9
    flat.add(np.array([10]), np.array([3]), vectors(10)[9:])
    assert flat.search(vectors(10)[9], 1)[0][0] == 10


def test_what_is_none_of_ours_is_told(tmp_path: Path) -> None:
    tmp_path.joinpath("rows.bin").write_bytes(b"broken" * 100)
    with pytest.raises(ValueError, match="out of order"):
        Flat(tmp_path, 16)


def test_nothing_in_it(tmp_path: Path) -> None:
    flat = Flat(tmp_path, 16)
    assert flat.search(vectors(1)[0], 5) == [] and flat.count() == 0
    flat.remove([1])
    flat.add(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 16), np.float32))
    assert flat.search(vectors(1)[0], 5, np.array([1, 2])) == []


def test_zero_vectors_and_more_dimensions_than_are_kept(tmp_path: Path) -> None:
    flat = Flat(tmp_path, 8)
    flat.add(np.array([1, 2]), np.array([1, 2]), np.stack([np.zeros(16, np.float32), np.ones(16, np.float32)]))
    assert flat.search(np.ones(16, np.float32), 2)[0] == (2, pytest.approx(1.0, abs=0.01))
