"""Reading in another process: the same results in the same order, whatever becomes of that process."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from ingest import ahead, apart, frames, pulse
from ingest.outcome import Failure, Outcome, packed, unpacked, worded
from ingest.pipeline import read_file
from ingest.task import Limits, Task
from tests.ingest.test_pipeline import record

ROOT = Path(__file__).parents[2]
SHORT = Limits(seconds=1.0)


def whereabouts(number: int) -> str:
    return f"{number} {os.getpid()}"


def tasks(*runs: Callable[[], Outcome], plain: bool = False) -> Iterator[Task]:
    return (Task(f"{number}.pdf", run, plain=plain) for number, run in enumerate(runs))


def codes(outcomes: Iterator[Outcome]) -> list[str]:
    return [outcome.code if isinstance(outcome, Failure) else str(outcome) for outcome in outcomes]


def test_all_in_order_and_most_in_another_process() -> None:
    found = [str(outcome).split() for outcome in ahead.done(tasks(*(partial(whereabouts, n) for n in range(300)), plain=True))]
    assert [int(number) for number, _ in found] == list(range(300))
    processes = [int(process) for _, process in found]
    assert set(processes[:64]) == {os.getpid()}
    assert len(set(processes[64:])) == 1 and os.getpid() not in processes[64:]


@pytest.mark.parametrize("count", [0, 1, 64, 65, 80, 81])
def test_any_number(count: int) -> None:
    wanted = [str(number) for number in range(count)]
    assert list(ahead.done(tasks(*(partial(str, n) for n in wanted), plain=True))) == wanted


def test_what_a_library_parses_is_never_read_here() -> None:
    found = [str(outcome).split()[1] for outcome in ahead.done(tasks(*(partial(whereabouts, n) for n in range(3))))]
    assert len(set(found)) == 1 and str(os.getpid()) not in found


def test_a_process_is_replaced_when_it_has_read_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MANY", 3)
    found = [str(outcome).split()[1] for outcome in ahead.done(tasks(*(partial(whereabouts, n) for n in range(7))))]
    assert [found.count(process) for process in dict.fromkeys(found)] == [3, 3, 1]


def dies(how: int) -> str:
    if how:
        os.kill(os.getpid(), how)
    else:
        os._exit(0)
    return "never"


def hangs() -> str:
    time.sleep(60)
    return "never"


def spins() -> str:
    while True:
        pass


def hoards() -> str:
    return str(len(bytearray(4_000_000_000)))


def fills() -> str:
    path = Path(os.environ["TMPDIR"], "large")
    with path.open("wb") as file:
        for _ in range(600):
            file.write(bytes(1_000_000))
    return "never"


def recurses() -> str:
    return recurses()


def shouts(number: int) -> str:
    os.write(1, b"a library prints where it should not")
    print("and again", flush=True)
    return str(number)


def surrogate() -> str:
    return "\ud800"


def interrupted() -> str:
    os.kill(os.getpid(), signal.SIGINT)
    return "went on"


FAULTS = {
    "a crash": (partial(dies, signal.SIGSEGV), "corrupt"),
    "a library that gives up": (partial(dies, signal.SIGABRT), "too_large"),
    "an end without a word": (partial(dies, 0), "corrupt"),
    "killed for memory": (partial(dies, signal.SIGKILL), "too_large"),
    "never ending": (hangs, "timeout"),
    "never ending work": (spins, "timeout"),
    "more memory than allowed": (hoards, "too_large"),
    "more on disk than allowed": (fills, "corrupt"),
    "endless recursion": (recurses, "too_large"),
    "an error that nobody foresaw": (partial(int, "x"), "corrupt"),
    "text that no encoding has": (surrogate, "corrupt"),
    "Ctrl+C": (interrupted, "went on"),
    "printing": (partial(shouts, 5), "5"),
}


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_ends_the_other_process_fails_alone(fault: str, plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_ALONE", 0)
    run, code = FAULTS[fault]
    runs = [*(partial(str, n) for n in range(20)), run, *(partial(str, n) for n in range(20, 60))]
    found = codes(ahead.done(tasks(*runs, plain=plain), limits=SHORT))
    assert found == [*map(str, range(20)), code, *map(str, range(20, 60))]


def test_a_failure_names_its_source_in_thai() -> None:
    (failure,) = ahead.done(tasks(partial(dies, signal.SIGSEGV)))
    assert isinstance(failure, Failure) and failure.source == "0.pdf"
    assert "“0.pdf”" in failure.reason and "โปรด" in failure.reason


def beats() -> str:
    for _ in range(4):
        time.sleep(1.0)
        pulse.beat()
    return "done"


def test_who_says_that_it_goes_on_is_given_more_time() -> None:
    assert codes(ahead.done(tasks(beats), limits=Limits(seconds=0.5))) == ["done"]
    assert codes(ahead.done(tasks(beats), limits=Limits(seconds=0.5, most_seconds=1.0))) == ["timeout"]


def secrets() -> str:
    return " ".join(os.environ)


def test_keys_are_not_handed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THAMKHLANG_MODEL_KEY", "sk-secret")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    (found,) = ahead.done(tasks(secrets))
    assert isinstance(found, str) and "KEY" not in found and "PATH" in found


def modules() -> str:
    return " ".join({"chromadb", "torch", "gradio", "fastapi", "model2vec", "langchain", "uvicorn"} & set(sys.modules))


def test_it_loads_only_what_reading_needs() -> None:
    assert list(ahead.done(tasks(modules))) == [""]


def test_a_document_comes_back_as_it_was_made(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("โครงการฝาย\nงบประมาณ 50,000 บาท\n18 มิถุนายน 2566", encoding="utf-8")
    task = Task("a.txt", partial(read_file, "a.txt", path))
    assert list(ahead.done([task])) == worded([task.run()])


def test_what_is_no_outcome_is_not_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("งบประมาณ 50,000 บาท", encoding="utf-8")
    whole = packed([read_file("a.txt", path)])
    assert len(unpacked(whole)) == 1
    for old, new in (
        ('"text":"งบ', '"text":"xx'),
        ('"characters":19', '"characters":18'),
        ('"start":0', '"start":"0"'),
        ("[", "{"),
    ):
        with pytest.raises(ValueError):
            unpacked(whole.decode().replace(old, new, 1).encode())


def test_a_garbled_message_is_never_taken_for_an_answer() -> None:
    pipe = io.BytesIO()
    frames.send("ก".encode() * 1000, pipe)
    sent = pipe.getvalue()
    assert frames.received(io.BytesIO(sent)) == "ก".encode() * 1000
    for garbled in (b"", sent[:5], sent[:-1], sent[:500] + b"x" + sent[501:], sent[:500] + sent[501:] + b"x"):
        with pytest.raises(EOFError):
            frames.received(io.BytesIO(garbled))


def is_gone(process: int) -> bool:
    deadline = time.monotonic() + 60  # a busy machine may still be starting it
    while time.monotonic() < deadline and Path(f"/proc/{process}").exists():
        time.sleep(0.05)
    return not Path(f"/proc/{process}").exists()


def test_an_error_between_comes_out_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = ahead.done(tasks(*(partial(whereabouts, n) for n in range(500)), plain=True))
    others = {int(str(next(found)).split()[1]) for _ in range(200)} - {os.getpid()}
    assert len(list(tmp_path.iterdir())) == 1
    found.close()
    assert len(others) == 1 and is_gone(others.pop()) and not list(tmp_path.iterdir())


def test_to_stop_is_heard_while_a_file_hangs() -> None:
    assert list(ahead.done(tasks(hangs), stopped=lambda: True)) == []


def test_a_line_of_many_bytes_goes_alone() -> None:
    lines = [Task("a", partial(str, "x"), plain=True, bytes=size) for size in (600_000, 600_000, 1, 2, 3)]
    assert [len(some) for some in ahead._handfuls(iter(lines))] == [2, 3]


@pytest.mark.slow
def test_the_other_process_does_not_outlive_one_that_is_killed(tmp_path: Path) -> None:
    export = tmp_path / "a.jsonl"
    export.write_text("\n".join(record(n, f"เรื่องที่ {n} " * 300) for n in range(4000)), encoding="utf-8")
    program = [sys.executable, "-m", "ui.cli", "--home", str(tmp_path / "home"), "add", str(export)]
    (scratch := tmp_path / "scratch").mkdir()
    process = subprocess.Popen(
        program, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"TMPDIR": str(scratch)}
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        process.kill()
        pytest.skip("no list of children on this system")
    while process.poll() is None and not (started := children.read_text().split()):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert is_gone(int(started[0]))
    assert not list(scratch.glob("thamkhlang-*"))
