"""Reading in another process: the same results in the same order, whatever becomes of that process."""

import io
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from ingest import ahead
from tests.ingest.test_pipeline import record

ROOT = Path(__file__).parents[2]


def whereabouts(number: int) -> tuple[int, int]:
    return number, os.getpid()


def fatal(here: int, number: int) -> int:
    if os.getpid() != here and number == 100:
        os._exit(9)
    return number


def test_all_in_order_and_most_in_another_process() -> None:
    found = list(ahead.done(partial(whereabouts, number) for number in range(300)))
    assert [number for number, _ in found] == list(range(300))
    processes = [process for _, process in found]
    assert set(processes[:64]) == {os.getpid()}
    assert len(set(processes[64:])) == 1 and os.getpid() not in processes[64:]


@pytest.mark.parametrize("count", [0, 1, 64, 65, 80, 81])
def test_any_number(count: int) -> None:
    assert list(ahead.done(partial(int, number) for number in range(count))) == list(range(count))


def test_what_ends_the_other_process_is_done_here() -> None:
    assert list(ahead.done(partial(fatal, os.getpid(), number) for number in range(200))) == list(range(200))


def test_a_garbled_message_is_never_taken_for_an_answer() -> None:
    pipe = io.BytesIO()
    ahead._send(["ก" * 1000], pipe)
    sent = pipe.getvalue()
    assert ahead._received(io.BytesIO(sent)) == ["ก" * 1000]
    for garbled in (b"", sent[:5], sent[:-1], sent[:500] + b"x" + sent[501:], sent[:500] + sent[501:] + b"x"):
        with pytest.raises(EOFError):
            ahead._received(io.BytesIO(garbled))


def shouting(here: int, number: int) -> int:
    if os.getpid() != here and number == 100:
        os.write(1, b"a library prints where it should not")
    return number


def test_what_the_other_process_says_besides_ends_it_and_loses_nothing() -> None:
    assert list(ahead.done(partial(shouting, os.getpid(), number) for number in range(300))) == list(range(300))


def test_an_error_between_comes_out_and_leaves_no_process() -> None:
    found = ahead.done(partial(whereabouts, number) for number in range(500))
    others = {process for _, process in (next(found) for _ in range(200))} - {os.getpid()}
    found.close()
    assert len(others) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(others.pop(), 0)


def test_a_line_of_many_bytes_goes_alone() -> None:
    tasks = [partial(len, b"x" * size) for size in (600_000, 600_000, 1, 2, 3)]
    waiting = iter(tasks)
    assert [len(ahead._handful(waiting)) for _ in range(3)] == [2, 3, 0]


@pytest.mark.slow
def test_the_other_process_does_not_outlive_one_that_is_killed(tmp_path: Path) -> None:
    export = tmp_path / "a.jsonl"
    export.write_text("\n".join(record(n, f"เรื่องที่ {n} " * 300) for n in range(4000)), encoding="utf-8")
    program = [sys.executable, "-m", "ui.cli", "--home", str(tmp_path / "home"), "add", str(export)]
    process = subprocess.Popen(program, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        process.kill()
        pytest.skip("no list of children on this system")
    while process.poll() is None and not (started := children.read_text().split()):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and Path(f"/proc/{started[0]}").exists():
        time.sleep(0.05)
    assert not Path(f"/proc/{started[0]}").exists()
