"""Two programs over one PostgreSQL and one Milvus serve one archive: each sees at once what the other does, or is killed."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import milvus, postgres

ROOT = Path(__file__).parents[2]
QUESTION = "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วมีสมาชิกกี่คน"


class Program:
    """One `serve`, at an address of its own."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process, self.address = process, address

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> tuple[int, Any]:
        """(status, JSON) of a request."""
        request = urllib.request.Request(self.address + path, data=body, method=method, headers={"Content-Type": kind})
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, json.loads(reply.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def add(self, name: str, text: str) -> int:
        """Sends a file: HTTP's status."""
        head = f'--part\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        return self.ask(
            "POST", "/v1/documents", f"{head}{text}\r\n--part--\r\n".encode(), "multipart/form-data; boundary=part"
        )[0]

    def sources(self) -> set[str]:
        return {one["source"] for one in self.ask("GET", "/v1/documents?limit=500")[1]["documents"]}

    def answer(self, question: str = QUESTION) -> str:
        return str(self.ask("POST", "/v1/answers", json.dumps({"question": question}).encode())[1])


@contextmanager
def serving(home: Path, settings: dict[str, str]) -> Iterator[Program]:
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            said = re.search("http://[^ ]+", process.stdout.readline())
            assert said, "it does not serve"
            yield Program(process, said[0])
        finally:
            process.kill()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What both programs are told."""
    if not postgres.BINARIES:
        pytest.skip("no PostgreSQL on this machine (apt-get install postgresql)")
    folder = tmp_path_factory.mktemp("cluster")
    with postgres.running() as database, milvus.running(folder / "milvus") as engine:
        yield {"THAMKHLANG_DATABASE": database.fresh(), "THAMKHLANG_ENGINE": f"milvus:{engine}"}


def report(members: int, place: str = "นาหินแก้ว") -> str:
    return f"รายงานกองทุนสวัสดิการชุมชนตำบล{place}\nกองทุนสวัสดิการชุมชนตำบล{place}มีสมาชิก {members} คน"


@pytest.mark.slow
def test_two_programs_serve_one_archive(settings: dict[str, str], tmp_path: Path) -> None:
    with ExitStack() as both:
        one, other = (both.enter_context(serving(tmp_path / name, settings)) for name in ("one", "other"))
        assert one.add("a.txt", report(612)) == 201
        assert other.sources() == {"a.txt"} and "612" in other.answer(), "what one takes in the other finds at once"
        assert other.add("a.txt", report(845)) == 201
        assert "845" in one.answer() and "612" not in one.answer(), "a new version too"
        (found,) = one.ask("GET", "/v1/documents")[1]["documents"]
        asked = json.dumps({"question": QUESTION, "conversation_id": "conversation-1"}).encode()
        assert one.ask("POST", "/v1/answers", asked)[0] == 200
        assert len(other.ask("GET", "/v1/conversations/conversation-1")[1]["turns"]) == 1, "a conversation is kept for both"
        assert other.ask("DELETE", f"/v1/documents/{found['document_id']}")[0] == 200
        assert one.sources() == set() and "845" not in one.answer(), "what is removed is gone in both at once"

        acknowledged = set()
        for number in range(200):
            if number == 12:
                os.kill(one.process.pid, signal.SIGKILL)
            try:
                if one.add(f"r{number}.txt", report(1000 + number, f"ที่{number}")) in (200, 201):
                    acknowledged.add(f"r{number}.txt")
            except OSError:
                break
        assert len(acknowledged) >= 12 and other.sources() >= acknowledged, "what was acknowledged is there"
        assert other.add("last.txt", report(77, "ห้วยหมาก")) == 201 and "77" in other.answer(
            "กองทุนสวัสดิการชุมชนตำบลห้วยหมากมีสมาชิกกี่คน"
        )
        ready = other.ask("GET", "/readyz")[1]
        assert ready["documents"] == len(other.sources())
        assert "1011" in other.answer("กองทุนสวัสดิการชุมชนตำบลที่11มีสมาชิกกี่คน")


@pytest.mark.slow
def test_a_database_that_goes_and_comes_back(tmp_path: Path, settings: dict[str, str]) -> None:
    with postgres.running() as database:
        told = settings | {"THAMKHLANG_DATABASE": database.fresh()}
        with serving(tmp_path / "home", told) as program:
            assert program.add("a.txt", report(612)) == 201
            database.restart()
            program.add("b.txt", report(613, "หนองตาลคู่"))  # may be told that the connection was lost
            assert program.add("c.txt", report(614, "ริมคลอง")) in (200, 201)
            assert {"a.txt", "c.txt"} <= program.sources() and "612" in program.answer()


def test_a_password_is_never_told(tmp_path: Path) -> None:
    for wrong in ("postgresql://somebody:secret-word@127.0.0.1:9/none", "mysql://somebody:secret-word@127.0.0.1/none"):
        command = [sys.executable, "-m", "ui.cli", "--home", str(tmp_path), "list"]
        told = os.environ | {"THAMKHLANG_DATABASE": wrong}
        done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 2 and "THAMKHLANG_DATABASE" in done.stderr
        assert "secret-word" not in done.stderr + done.stdout and "Traceback" not in done.stderr
