"""Whether the program is ready, what it is, and its figures."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.ui.conftest import ROOT
from tests.ui.test_access import opened
from tests.ui.test_api import REPORT, upload
from ui import metrics, readiness
from ui.compose import House
from vectorstore.errors import StoreUnusable


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[House, TestClient]]:
    monkeypatch.setattr(readiness, "_FRESH_S", 0.0)
    with opened(tmp_path / "home") as (house, client):
        yield house, client()


def test_it_is_ready_where_record_index_and_disk_are(archive, monkeypatch: pytest.MonkeyPatch) -> None:
    house, client = archive
    for _ in range(2):  # an empty archive answers, too
        ready = client.get("/readyz")
        assert ready.status_code == 200 and ready.json()["ready"] and ready.json()["reasons"] == {} == ready.json()["degraded"]
        assert upload(client, "report.txt", REPORT).status_code in (200, 201)
    monkeypatch.setattr(type(house.store), "search", lambda *_, **__: [])
    broken = client.get("/readyz")
    assert broken.status_code == 503 and broken.json()["reasons"].keys() == {"index"} and not broken.json()["ready"]
    monkeypatch.undo()
    monkeypatch.setattr(readiness, "_FRESH_S", 0.0)
    usage = shutil.disk_usage(house.store.home)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10**6))
    full = client.get("/readyz").json()
    assert full["reasons"].keys() == {"disk"} and "200" in full["reasons"]["disk"] and full["documents"] == 1


def test_a_record_that_cannot_be_written_is_told(archive) -> None:
    house, client = archive
    house.store._record._db.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnusable):
        house.store.check_writable()
    told = client.get("/readyz")
    assert told.status_code == 503 and told.json()["reasons"].keys() == {"record"}
    for refused in (client.post("/v1/conversations"), upload(client, "report.txt", REPORT)):
        assert refused.status_code == 507 and refused.json()["code"] == "archive_unusable"
    answer = client.post("/v1/answers", json={"question": "กองทุนมีสมาชิกกี่คน"})
    assert answer.status_code == 200 and answer.json()["refusal"]["reason"] == "empty_archive", "questions are answered"
    assert client.get("/healthz").status_code == 200
    house.store._record._db.execute("PRAGMA query_only = OFF")
    assert client.get("/readyz").status_code == 200
    assert house.store._record.meta("writable") is None, "the test leaves nothing"


def test_what_fails_beside_does_not_make_it_unready(archive) -> None:
    _, client = archive
    client.app.state.readiness.watch("line", lambda: "LINE ปฏิเสธกุญแจ (401)")
    told = client.get("/readyz")
    assert told.status_code == 200 and told.json()["degraded"] == {"line": "LINE ปฏิเสธกุญแจ (401)"}


def test_what_was_found_is_kept_for_some_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path / "home") as (house, client):
        asked: list[str] = []
        check = house.store.check_writable
        monkeypatch.setattr(house.store, "check_writable", lambda: (asked.append("x"), check())[1])
        for _ in range(5):
            assert client().get("/readyz").status_code == 200
        assert len(asked) == 1


def test_the_version(archive) -> None:
    told = archive[1].get("/version").json()
    assert told["schema"] == 7 and told["api"] == "1" and told.keys() == {"program", "api", "schema", "embedding_model"}


def figures(client: TestClient) -> dict[str, float]:
    said = client.get("/metrics")
    assert said.status_code == 200 and said.headers["content-type"].startswith("text/plain; version=0.0.4")
    rows = [line.rsplit(" ", 1) for line in said.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in rows}


def test_the_figures(archive) -> None:
    _, client = archive
    before = figures(client)
    assert upload(client, "report.txt", REPORT).status_code == 201
    for question in ("กองทุนมีสมาชิกกี่คน", "พรุ่งนี้ฝนตกไหมที่ดาวอังคาร"):
        client.post("/v1/answers", json={"question": question})
    client.request("PURGE", "/v1/เอกสารลับ")
    client.get("/v1/documents/ความลับ")
    after = figures(client)

    def more(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert more('thamkhlang_questions_total{face="api"}') == 2 and more("thamkhlang_documents") == 1
    refused = sum(more(name) for name in after if name.startswith("thamkhlang_refusals_total"))
    assert refused == 1 and more('thamkhlang_answer_seconds_count{path="extractive"}') == 1
    assert more('thamkhlang_requests_total{method="POST",route="/v1/answers",status="200"}') == 2
    assert any('method="other"' in name for name in after)
    assert after["process_resident_memory_bytes"] > 1e6 and after["thamkhlang_disk_free_bytes"] > 0
    assert after["thamkhlang_index_ready"] == 1 and after["thamkhlang_passages"] >= 1
    assert not any("ลับ" in name or "สมาชิก" in name for name in after)


def test_other_parts_add_theirs(archive) -> None:
    metrics.watch("inbox_events", "Events that wait, by state.", lambda: {"open": 3, "oldest_seconds": 1.5})
    metrics.watch("inbox_depth", "Events.", lambda: 7)
    try:
        after = figures(archive[1])
    finally:
        metrics._watched.clear()
    assert after['thamkhlang_inbox_events{kind="open"}'] == 3 and after["thamkhlang_inbox_depth"] == 7


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "ui.cli", "--home", str(tmp_path / "home"), "serve", "--port", port]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 2 and port in done.stderr and "--port" in done.stderr and "Traceback" not in done.stderr
