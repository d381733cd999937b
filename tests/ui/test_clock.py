"""What was done late in the evening in UTC was done on the next day in Thailand."""

import pytest

from ui import clock


@pytest.mark.parametrize("moment", ["2023-12-31T17:00:00Z", "2023-12-31T17:00:59+00:00", "2024-01-01T00:00:00+07:00"])
def test_a_moment_is_told_at_thailands_time(moment: str) -> None:
    assert (clock.iso_day(moment), clock.day_of(moment)) == ("2024-01-01", "1 ม.ค. 2567")
    assert clock.time_of(moment) == "1 ม.ค. 2567 00:00 น."


def test_no_moment_is_told_as_nothing() -> None:
    assert clock.day_of("") == clock.time_of("") == clock.time_of(None) == ""
