"""Counters of use: by day, from several threads, and never in an answer's way."""

import sqlite3
import threading
from pathlib import Path

import pytest

from tests.fakes import HashEmbedder
from vectorstore import Store
from vectorstore.usage import BOUNDS_S, SLOWER, today, took


@pytest.mark.parametrize(
    ("seconds", "name"), [(0.0, "took:0.1"), (0.1, "took:0.1"), (0.11, "took:0.2"), (30, "took:30.0"), (31, f"took:{SLOWER}")]
)
def test_a_time_has_one_place_in_the_histogram(seconds: float, name: str) -> None:
    assert took(seconds) == name and list(BOUNDS_S) == sorted(BOUNDS_S)


def test_counts_are_kept_by_day_and_added_up(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        store.usage.count(["asked", "answered"], "2026-11-30")
        store.usage.count(["asked", "refused:not_in_archive"], "2026-11-30")
        store.usage.count(["asked"])
        assert store.usage.since("2026-11-30") == {
            "2026-11-30": {"asked": 2, "answered": 1, "refused:not_in_archive": 1},
            today(): {"asked": 1},
        }
        store.usage.count(["asked"], "2026-11-30")  # and is written when the archive is closed
    with Store(tmp_path, HashEmbedder()) as store:
        assert store.usage.since("2026-11-01")["2026-11-30"]["asked"] == 3
        assert "2026-11-30" not in store.usage.since("2026-12-01")


def test_counts_reach_the_disk_by_themselves(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        store.usage.count(["asked"])
        writer = store.usage._writer
        assert writer
        writer.join(30)
        with sqlite3.connect(tmp_path / "archive.db") as other:
            assert other.execute("SELECT count FROM usage").fetchall() == [(1,)]
        other.close()


def test_no_count_of_several_threads_is_lost(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:

        def ask() -> None:
            for n in range(300):
                store.usage.count(["asked", "answered"])
                if n % 50 == 0:
                    store.usage.flush()

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.usage.since(today()) == {today(): {"asked": 600, "answered": 600}}


def test_a_database_that_cannot_be_written_breaks_nothing(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        store._record._rows("DROP TABLE usage")
        store.usage.count(["asked"])
        store.usage.flush()
        store._record._db.close()
        store.usage.count(["asked"])
        store.usage.flush()
