"""Which of the backups that are made by the clock stay."""

import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zstandard

from vectorstore import parcel
from vectorstore.series import Series

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)  # a Monday
ONE = zstandard.ZstdCompressor().compress(b"x")


def make(series: Series, at: datetime, *, is_sealed: bool = False) -> Path:
    file = series.next(at, is_sealed=is_sealed)
    file.write_bytes(b"key.age\0" + bytes(600) if is_sealed else ONE)
    return file


def days(series: Series) -> list[str]:
    return [f"{one.at:%m-%d %H}" for one in series.all()]


def test_the_last_of_each_day_and_week_stays(tmp_path: Path) -> None:
    series = Series(tmp_path, "a1b2c3d4")
    for hours in range(0, 24 * 60, 8):
        make(series, NOW - timedelta(hours=hours), is_sealed=hours % 3 == 0)
    assert len(series.thin(7, 4)) == 180 - 9
    assert days(series)[:8] == ["11-30 12", "11-29 20", "11-28 20", "11-27 20", "11-26 20", "11-25 20", "11-24 20", "11-22 20"]
    assert days(series)[8:] == ["11-15 20"]
    assert series.thin(7, 4) == []


def test_one_that_cannot_be_read_is_left_and_the_others_are_thinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user who runs the tests may read anything: the system's answer is given in its place."""
    series = Series(tmp_path, "a1b2c3d4")
    *made, unreadable = (make(series, NOW - timedelta(days=n)) for n in range(4))
    seems_one = parcel.seems_one

    def looked(file: Path) -> bool:
        if file == unreadable:
            raise PermissionError(errno.EACCES, "Permission denied", str(file))
        return seems_one(file)

    monkeypatch.setattr(parcel, "seems_one", looked)
    assert len(series.all()) == 3 and series.thin(1, 0) == made[1:] and unreadable.exists()


def test_nothing_goes_where_none_are_made_any_more(tmp_path: Path) -> None:
    series = Series(tmp_path, "a1b2c3d4")
    for days_ago in (400, 300, 200):
        make(series, NOW - timedelta(days=days_ago))
    assert series.thin(7, 0) == [] and len(series.all()) == 3
    assert len(series.thin(1, 0)) == 2 and len(series.all()) == 1


def test_only_files_of_this_archive_that_are_backups_are_touched(tmp_path: Path) -> None:
    series, other = Series(tmp_path, "a1b2c3d4"), Series(tmp_path, "ffffffff")
    mine = [make(series, NOW - timedelta(hours=n)) for n in range(3)]
    theirs = [make(other, NOW - timedelta(hours=n)) for n in range(3)]
    words = series.next(NOW - timedelta(hours=9), is_sealed=False)
    words.write_text("บันทึกของฉัน ซึ่งบังเอิญชื่อเหมือนกัน")
    linked = series.next(NOW - timedelta(hours=10), is_sealed=False)
    linked.symlink_to(theirs[0])
    series.next(NOW - timedelta(hours=11), is_sealed=False).mkdir()
    names = [
        "thamkhlang-2026-11-30-1200.tar.zst",
        f"{mine[0].name}.bak",
        f"x{mine[0].name}",
        "thamkhlang-a1b2c3d4-20261399T000000Z.tar.zst",
    ]
    others = [tmp_path / name for name in names]
    for file in others:
        file.write_bytes(ONE)
    assert series.thin(1, 0) == mine[1:]
    assert mine[0].exists() and words.exists() and linked.is_symlink() and all(file.exists() for file in [*theirs, *others])
