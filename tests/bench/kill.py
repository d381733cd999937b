"""An archive whose process is killed, again and again: at random moments, and at each step that has a name."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.runner import tell
from tests.vectorstore.killing import MENDING, STEPS, Ended, inspect, kill_at, kill_soon, told

_MENDED = "replace: before tantivy"
"""What is to be mended when the process that mends is killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """Of a process that was killed `where`, `times` times: the changes that were `acknowledged`, and what was `wrong` after."""

    where: str
    times: int
    acknowledged: int
    wrong: tuple[str, ...]
    seconds: float


def killed(work: Path, times: int, seed: int = 100) -> Iterator[Killed]:
    """Kills a process that changes an archive `times` times at random moments, then another at each step once."""
    chance, home, wrong, began = random.Random(seed), work / "kill-home", list[str](), time.perf_counter()
    for n in range(times):
        tell(f"killed {n} of {times} times")
        try:
            kill_soon(home, n, chance)
            inspect(home)
        except Ended as error:
            wrong.append(_last(error))
            home = work / f"kill-home-{n}"  # what is wrong once would be told again and again
    counted = told(home.with_suffix(".log")).acknowledged
    yield Killed(
        where="at a random moment",
        times=times,
        acknowledged=counted,
        wrong=tuple(wrong),
        seconds=time.perf_counter() - began,
    )
    for n, step in enumerate((*STEPS, *MENDING)):
        yield _at(work / f"kill-step-{n}", step)


def _last(error: Ended) -> str:
    """The line that failed, and what it said."""
    return " / ".join(line.strip() for line in error.said.strip().split("\n")[-2:])


def _at(home: Path, step: str) -> Killed:
    began, wrong = time.perf_counter(), ""
    try:
        if step in MENDING:
            kill_at(home, "remove: before the indexes are built" if "old ones" in step or "built" in step else _MENDED)
        kill_at(home, step)
        inspect(home)
    except Ended as error:
        wrong = _last(error) or "it did not come there"
    acknowledged = told(home.with_suffix(".log")).acknowledged
    return Killed(
        where=step,
        times=1,
        acknowledged=acknowledged,
        wrong=tuple(filter(None, [wrong])),
        seconds=time.perf_counter() - began,
    )
