"""A served program on a disk that is full: changes are refused with their reason, questions answered, and it goes on after."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.disk import Disk, small
from tests.ui.conftest import ROOT, Server, serving
from tests.ui.test_api import REPORT
from tests.vectorstore.killing import made
from vectorstore import Store, embed

pytestmark = pytest.mark.slow
QUESTION = "กองทุนมีสมาชิกกี่คน"
KB = 1 << 10


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small(tmp_path / "disk", 60) as mounted:
        yield mounted


def upload(client: httpx.Client, name: str, content: str | bytes, **headers: str) -> httpx.Response:
    return client.post("/v1/documents", files={"file": (name, content)}, headers=headers)


class Asker(threading.Thread):
    """Asks in a conversation that is kept until it is over; every reply is in `replies`."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._server, self.over, self.replies = server, threading.Event(), list[httpx.Response]()

    def run(self) -> None:
        with httpx.Client(base_url=self._server.address, timeout=60) as client:
            while not self.over.wait(0.1):
                body = {"question": QUESTION, "conversation_id": f"talk:{len(self.replies) // 100:04}"}
                self.replies.append(client.post("/v1/answers", json=body))


def changed(client: httpx.Client, n: int) -> list[int]:
    """The statuses of adding, replacing and removing."""
    replies = [
        upload(client, f"new-{n}.txt", made("new.txt", n).text),
        upload(client, "again.txt", made("again.txt", n).text),
        client.delete(f"/v1/documents/old-{n}.txt"),
    ]
    for reply in replies:
        assert reply.status_code < 300 or (reply.status_code == 507 and reply.json()["code"] == "disk_full"), reply.text
        assert reply.status_code < 300 or "ดิสก์" in reply.json()["detail"]
    return [reply.status_code for reply in replies]


def test_it_is_told_and_questions_are_answered(disk: Disk) -> None:
    home = disk.path / "home"
    leaves = (0, 80, 160, 240, 400)
    with serving(home, THAMKHLANG_MIN_FREE_MB="0") as server, httpx.Client(base_url=server.address, timeout=60) as client:
        assert upload(client, "fund.txt", REPORT).status_code == 201
        for n in range(len(leaves)):
            assert upload(client, f"old-{n}.txt", made("old.txt", n).text).status_code == 201
        asker = Asker(server)
        asker.start()
        statuses = list[int]()
        for n, leave in enumerate(leaves):
            disk.fill(leave * KB)
            statuses += changed(client, n)
            until = time.monotonic() + 60
            while not leave and not any(reply.json().get("unkept") for reply in asker.replies):
                assert time.monotonic() < until
                time.sleep(0.05)
            disk.empty()
        assert 507 in statuses, "nothing is proved where the disk is never full"
        assert changed(client, 0)[:2] == [200 if statuses[0] < 300 else 201, 200 if statuses[1] < 300 else 201]
        asker.over.set()
        asker.join()
        assert {reply.status_code for reply in asker.replies} == {200}
        told: list[dict[str, Any]] = [reply.json() for reply in asker.replies]
        assert all("845" in one["answer"] for one in told)
        assert all((one["n"] is None) == bool(one["unkept"]) for one in told)
        assert told[-1]["n"], "kept again"
        until = time.monotonic() + 60
        while (ready := client.get("/readyz").json())["unswept"] or ready["problem"]:
            assert time.monotonic() < until, ready
            time.sleep(0.1)
    with Store(home, embed.load("bundled")) as store:
        assert store.faults() == [] and store._record.pending(1) == []


def test_a_file_for_which_there_is_no_room_on_its_way(disk: Disk) -> None:
    home, temporary = disk.path.parent / "home", disk.path / "tmp"
    temporary.mkdir()
    with serving(home, TMPDIR=str(temporary)) as server, httpx.Client(base_url=server.address, timeout=60) as client:
        disk.fill(100 * KB)
        large = b"%PDF-1.4\n" + b"x" * 3_000_000
        for headers in ({}, {"Idempotency-Key": "no-room-0001"}):
            reply = upload(client, "large.pdf", large, **headers)
            assert (reply.status_code, reply.json()["code"]) == (507, "disk_full"), reply.text
        page = client.post("/documents", files={"file": ("large.pdf", large)}, headers={"accept": "text/html"})
        assert page.status_code == 507 and "ดิสก์" in page.text
        assert upload(client, "fund.txt", REPORT).status_code == 201, "a small one needs no room there"
        assert client.post("/v1/answers", json={"question": QUESTION}).json()["answered"]
        disk.empty()
        reply = upload(client, "large.pdf", large)
        assert (reply.status_code, reply.json()["code"]) == (422, "corrupt"), reply.text


def test_commands_end_with_1_and_say_why(disk: Disk, tmp_path: Path) -> None:
    home, report = disk.path / "home", tmp_path / "report.txt"
    report.write_text(REPORT, encoding="utf-8")

    def command(*words: object) -> subprocess.CompletedProcess[str]:
        called = [sys.executable, "-m", "ui.cli", "--home", home, *words]
        env = os.environ | {"THAMKHLANG_MIN_FREE_MB": "0"}
        return subprocess.run(list(map(str, called)), cwd=ROOT, env=env, capture_output=True, encoding="utf-8")

    assert command("add", report).returncode == 0
    report.write_text(f"{REPORT}\nเพิ่มเติม", encoding="utf-8")
    for leave, words in ((0, ("add", report)), (60, ("add", report)), (60, ("remove", "report.txt"))):
        disk.fill(leave * KB)
        ended = command(*words)
        assert ended.returncode == 1 and "ดิสก์" in ended.stderr and "Traceback" not in ended.stderr, ended
        disk.empty()
    assert "845" in command("ask", QUESTION).stdout
    assert command("add", report).returncode == 0
    assert command("remove", "report.txt").returncode == 0
    assert command("check").returncode == 0
