"""The soak itself, for some seconds: nothing goes wrong, and nothing that was removed is cited."""

from pathlib import Path

import pytest

from tests.bench import __main__, load, soak, tables


@pytest.mark.slow
def test_nothing_goes_wrong_while_the_archive_is_asked_and_changed(tmp_path: Path) -> None:
    found = soak.soak(tmp_path, None, load.questions_in(__main__.SAMPLE_QUESTIONS), seconds=15)
    assert found.errors == {} and found.cited == 0
    assert found.answers and found.added and found.removed
    assert "errors: 0; removed documents in replies: 0" in tables.soak(found)
