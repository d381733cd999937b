"""An archive whose process is killed at any moment has each document wholly, as it was or as it was to be; nothing is lost."""

import random
from pathlib import Path

import pytest

from tests.vectorstore.killing import MENDING, STEPS, inspect, kill_at, kill_soon, told

TIMES = 12


@pytest.mark.slow
def test_killed_at_any_moment_each_document_is_wholly_there_or_not_at_all(tmp_path: Path) -> None:
    chance = random.Random(8)
    for n in range(TIMES):
        kill_soon(tmp_path / "home", n, chance)
        inspect(tmp_path / "home")
    assert told(tmp_path / "home.log").acknowledged >= TIMES / 2


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step(tmp_path: Path, step: str) -> None:
    kill_at(tmp_path / "home", step)
    inspect(tmp_path / "home")


@pytest.mark.slow
@pytest.mark.parametrize("step", MENDING)
def test_killed_once_more_while_what_was_left_is_mended(tmp_path: Path, step: str) -> None:
    first = "remove: before the indexes are built" if "old ones" in step or "built" in step else "replace: before tantivy"
    kill_at(tmp_path / "home", first)
    kill_at(tmp_path / "home", step)
    inspect(tmp_path / "home")
