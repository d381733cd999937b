"""`thamkhlang add` as a person sees it: how far it is, Ctrl+C, folders that are watched, addresses."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ingest.memory import word
from tests.ui.test_cli import _documents
from ui.cli import main

ROOT = Path(__file__).parents[2]


def command(home: Path, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "ui.cli", "--home", str(home), "add", *map(str, arguments)]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def export(path: Path, count: int) -> Path:
    rows = ({"id": f"r-{n}", "body": f"หมู่บ้านที่ {n} ได้งบประมาณ {n},000 บาท\n" * 60} for n in range(count))
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_off_a_terminal_only_the_result_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("หนึ่ง", encoding="utf-8")
    done = subprocess.run(command(tmp_path / "home", tmp_path / "a.txt"), cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0 and done.stderr == "" and done.stdout.startswith("เพิ่มใหม่ 1 ")


def test_on_a_terminal_a_line_tells_how_far_how_fast_and_how_long(tmp_path: Path) -> None:
    shown, own = pty.openpty()
    termios.tcsetwinsize(own, (24, 120))
    with subprocess.Popen(
        command(tmp_path / "home", export(tmp_path / "a.jsonl", 300)), cwd=ROOT, stderr=own, stdout=subprocess.DEVNULL
    ) as process:
        os.close(own)
        seen = b""
        try:
            while piece := os.read(shown, 65_536):
                seen += piece
        except OSError:  # the other end is closed
            pass
        os.close(shown)
        assert process.wait() == 0
    assert re.search("%.*เอกสาร · [0-9.,]+ เอกสารต่อวินาที · เหลืออีก [0-9:?]+", seen.decode("utf-8", errors="replace"))


@pytest.mark.slow
def test_stopped_in_the_middle_it_goes_on_from_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows, home = export(tmp_path / "a.jsonl", 800), tmp_path / "home"
    with subprocess.Popen(command(home, rows, "--json"), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not _documents(home / "archive.db"):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    first = json.loads(out)
    assert process.returncode == 1 and first["stopped"] and 0 < len(first["added"]) < 800
    assert "กำลังหยุด" in err.decode()
    code, out_, _ = run(capsys, "--home", home, "add", "--json", rows)
    second = json.loads(out_)
    assert code == 0 and not second["stopped"] and not second["failed"]
    assert second["skipped"] == first["added"], "what was told to be taken in is"
    assert len(first["added"]) + len(second["added"]) == 800
    assert run(capsys, "--home", home, "check")[0] == 0


def test_who_stops_it_is_told_what_was_done_and_how_to_go_on(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui import adding

    def stopped(*_: object, **__: object) -> adding.Report:
        return adding.Report(added=["a.txt"], stopped=True, seconds=1.0)

    monkeypatch.setattr(adding, "take_in", stopped)
    code, out, _ = run(capsys, "--home", tmp_path / "home", "add", tmp_path)
    assert code == 1 and "1 เอกสารที่เพิ่มในรอบนี้อยู่ในคลังครบแล้ว" in out and "คำสั่งเดิม" in out


@contextmanager
def watching(home: Path, *paths: Path) -> Iterator[Callable[[str], str]]:
    """A real `add --watch`; waits for a line in which a text stands. Ctrl+C at the end."""
    with subprocess.Popen(
        command(home, *paths, "--watch"), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout and process.stderr

        def told(words: str) -> str:
            for line in process.stdout or ():
                if words in line:
                    return line
            raise AssertionError(f"{words!r} was never told: {process.stderr.read() if process.stderr else ''}")

        told("กำลังเฝ้าดู")
        yield told
        process.send_signal(signal.SIGINT)
        assert "เลิกเฝ้าดูแล้ว" in process.communicate(timeout=60)[0] and process.returncode == 0


@pytest.mark.slow
def test_watched_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (one := tmp_path / "หนึ่ง").mkdir()
    (two := tmp_path / "สอง" / "ย่อย").mkdir(parents=True)
    (one / "before.txt").write_text("มีอยู่ก่อนแล้ว", encoding="utf-8")
    with watching(tmp_path / "home", one, tmp_path / "สอง") as told:
        assert "+ before.txt" in told("before")
        with (one / "growing.txt").open("w", encoding="utf-8") as file:
            for part in range(6):
                file.write(f"ส่วนที่ {part}\n")
                file.flush()
                time.sleep(1)
        (two / "b.docx").write_bytes(word("เอกสารใหม่")[:300])
        assert "+ growing.txt" in told("growing")
        assert "[corrupt]" in told("b.docx")
        (two / "b.docx").write_bytes(word("เอกสารใหม่"))
        (one / "before.txt").unlink()
        assert "ยังอยู่ในคลัง" in told("- before.txt")
        assert "+ ย่อย/b.docx" in told("b.docx")
        (one / "growing.txt").write_text("ฉบับแก้", encoding="utf-8")
        assert "↻" in told("growing")
    out = json.loads(run(capsys, "list", "--json", "--home", tmp_path / "home")[1])
    assert {(document["source"], document["version"]) for document in out} == {
        ("before.txt", 1),
        ("growing.txt", 2),
        ("ย่อย/b.docx", 1),
    }


def test_addresses_are_refused_where_they_are_not_switched_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "urls.txt").write_text("# รายการ\n\nhttps://b.example/1\n", encoding="utf-8")
    home = tmp_path / "home"
    code, out, _ = run(capsys, "--home", home, "add", "https://a.example/x", "--urls", tmp_path / "urls.txt", "--json")
    failed = json.loads(out)["failed"]
    assert code == 1 and [(fault["source"], fault["code"]) for fault in failed] == [
        ("https://a.example/x", "url_forbidden"),
        ("https://b.example/1", "url_forbidden"),
    ]
    assert all("THAMKHLANG_URLS=on" in fault["reason"] for fault in failed)


def test_switched_on_they_lead_to_the_public_web_only(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THAMKHLANG_URLS", "on")
    monkeypatch.setenv("THAMKHLANG_URL_HOSTS", "127.0.0.1, example.org")
    code, out, _ = run(capsys, "--home", tmp_path / "home", "add", "http://127.0.0.1/x", "http://other.example/", "--json")
    reasons = [fault["reason"] for fault in json.loads(out)["failed"]]
    assert code == 1 and "เครือข่ายภายใน" in reasons[0] and "รายชื่อเว็บ" in reasons[1]


@pytest.mark.parametrize("arguments", [[], ["--urls", "nothing.txt"], ["--watch", "https://a.example/"], ["--watch"]])
def test_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    code, out, err = run(capsys, "--home", tmp_path / "home", "add", *arguments)
    assert code == 2 and not out and "thamkhlang:" in err
