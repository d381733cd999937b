"""Chroma writes its graph less often while many rows come, and has written it when they have come."""

import struct
from pathlib import Path

import numpy as np
import pytest

from vectorstore import dense
from vectorstore.dense import Dense

ROWS = np.random.default_rng(0).standard_normal((900, 16)).astype(np.float32)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "_SYNC", 200)
    monkeypatch.setattr(dense, "_SYNC_MANY", 5000)


def written(folder: Path) -> int:
    """Rows of the graph on disk."""
    (header,) = folder.rglob("header.bin")
    return int(struct.unpack("<i4Q", header.read_bytes()[:36])[3])


def add(rows: Dense, first: int, last: int) -> None:
    for at in range(first, last, 100):
        rows.add(range(at, at + 100), ROWS[at : at + 100])


def test_a_graph_is_written_less_often_while_many_rows_come(tmp_path: Path) -> None:
    rows = Dense(tmp_path, 16)
    add(rows, 0, 200)
    assert written(tmp_path) == 200
    rows.expect(many=True)
    add(rows, 200, 900)
    assert written(tmp_path) == 200
    rows.expect(many=False)
    assert written(tmp_path) == rows.count() == 900
    assert [rows.search(ROWS[n], 1)[0][0] for n in (0, 450, 899)] == [0, 450, 899]
    rows.close()


def test_a_process_killed_meanwhile_leaves_nothing_to_be_read_again_each_time(tmp_path: Path) -> None:
    rows = Dense(tmp_path, 16)
    rows.trust()
    rows.expect(many=True)
    add(rows, 0, 900)
    rows.close()
    assert written(tmp_path) == 0
    rows = Dense(tmp_path, 16)
    assert written(tmp_path) == rows.count() == 900
    rows.close()
