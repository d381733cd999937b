"""Bodies that are no JSON, or JSON that is read in two ways, and those that come too slowly or not at all."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.ui.inside import served
from tests.ui.test_access import opened
from ui import intake
from ui.compose import House

JSON = {"content-type": "application/json"}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[tuple[House, TestClient]]:
    with opened(tmp_path / "home") as (house, client):
        yield house, client()


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b'{"query": "\xff\xfe"}', 400, "invalid_encoding"),
        ('{"query": "งบ"}'.encode("utf-16"), 400, "invalid_encoding"),
        ('{"query": "งบ"}'.encode("cp874"), 400, "invalid_encoding"),
        (b'{"query": "a", "query": "b"}', 400, "duplicate_field"),
        (b'{"query": "a", "filter": {"years": [1], "years": [2]}}', 400, "duplicate_field"),
        (b'{"query": "a", "k": NaN}', 400, "invalid_number"),
        (b'{"query": "a", "k": -Infinity}', 400, "invalid_number"),
        (b"[" * 3_000 + b"]" * 3_000, 400, "too_deep"),
        (b'{"query":' * 50_000, 400, "too_deep"),
        (b'{"query": "a", "k": 1e400}', 422, "invalid_request"),
        (b'{"query": "a", "k": ' + b"9" * 5_000 + b"}", None, None),
        (b'{"query": "a", "k": "x"}', 422, "invalid_request"),
        (b'{"query": "a", "k": -1}', 422, "invalid_request"),
        (b'{"query": "a", "k": 1000000000}', 422, "invalid_request"),
        (b"[]", 422, "invalid_request"),
        (b"null", 422, "invalid_request"),
        (b"", 422, "invalid_request"),
        (b'{"query"', 422, "invalid_request"),
        (b'{"query": "' + b"x" * 10_000_000 + b'"}', 413, "too_large"),
        ("\ufeff".encode() + '{"query": "งบ"}'.encode(), 200, None),
        (b'{"query": "\\ud83d \\u0000 \\u202e \\u0e07\\u0e1a"}', 200, None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_body_is_read_in_one_way_or_not_at_all(archive, raw: bytes, status: int | None, code: str | None) -> None:
    _, client = archive
    for path in ("/v1/search", "/v1/answers"):
        sent = raw if path == "/v1/search" else raw.replace(b'"query"', b'"question"')
        told = client.post(path, content=sent, headers=JSON)
        assert told.status_code in ((status,) if status else (400, 422)) or (path == "/v1/answers" and told.status_code == 422)
        assert told.status_code == 200 or (told.json()["request_id"] and told.json()["detail"])
        assert code is None or path == "/v1/answers" or told.json()["code"] == code


def test_many_fields_take_no_more_than_their_time(archive) -> None:
    _, client = archive
    fields = {f"f{n}": n for n in range(60_000)}
    told = client.post("/v1/search", content=json.dumps(fields).encode(), headers=JSON)
    assert told.status_code == 422


def test_a_body_in_another_form_is_told(archive) -> None:
    _, client = archive
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
        told = client.post("/v1/search", content=b'{"query": "a"}', headers={"content-type": kind})
        assert told.status_code == 422 and told.json()["code"] == "invalid_request", kind


def sent_slowly(port: int, head: str, length: int, first: bytes = b"{", *, drip: threading.Event | None = None) -> bytes:
    """What the server says to a client that sends the head, the beginning of a body, and then a byte at a time or nothing."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        lines = f"{head}\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n\r\n"
        client.sendall(lines.encode() + first)
        while drip and not drip.wait(0.05):
            try:
                client.sendall(b" ")
            except OSError:
                break
        said = b""
        while piece := client.recv(65_536):
            said += piece
        return said


def test_a_body_that_does_not_come_is_answered(archive, monkeypatch: pytest.MonkeyPatch) -> None:
    house, client = archive
    monkeypatch.setattr(intake, "_PAUSE_S", 0.2)
    with served(client.app) as port:
        for head in (
            "POST /v1/search HTTP/1.1\r\nContent-Type: application/json",
            "POST /v1/documents HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x",
            "POST /manage/people HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded",
            "POST /v1/conversations HTTP/1.1\r\nIdempotency-Key: slow",
        ):
            said = sent_slowly(port, head, 900_000, b"--x\r\n" if "multipart" in head else b"{")
            assert b" 408 " in said.split(b"\r\n")[0] and b'"too_slow"' in said and b"connection: close" in said.lower(), head
        assert house.store.is_empty() and client.get("/healthz").status_code == 200


def test_a_body_that_drips_is_answered_in_the_end(archive, monkeypatch: pytest.MonkeyPatch) -> None:
    _, client = archive
    monkeypatch.setattr(intake, "_LONGEST_S", 0.5)
    monkeypatch.setattr(intake, "_SLOWEST", 10**9)
    head = "POST /v1/search HTTP/1.1\r\nContent-Type: application/json"
    with served(client.app) as port:
        drip, said = threading.Event(), []
        threads = [
            threading.Thread(target=lambda: said.append(sent_slowly(port, head, 900_000, drip=drip)), daemon=True)
            for _ in range(50)  # more than there are threads at work
        ]
        for thread in threads:
            thread.start()
        assert client.post("/v1/search", json={"query": "x"}).status_code == 200, "others are answered meanwhile"
        threading.Timer(1.5, drip.set).start()
        for thread in threads:
            thread.join(60)
        assert len(said) == 50 and all(b" 408 " in one.split(b"\r\n")[0] for one in said)


def test_a_client_that_hangs_up_in_the_middle_leaves_nothing(archive) -> None:
    house, client = archive
    with served(client.app) as port:
        for head in ("application/json", "multipart/form-data; boundary=x"):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
                lines = (
                    "POST /v1/documents HTTP/1.1",
                    f"Host: 127.0.0.1:{port}",
                    f"Content-Type: {head}",
                    "Content-Length: 99",
                )
                one.sendall("\r\n".join((*lines, "", "--x\r\n")).encode())
        assert client.get("/healthz").status_code == 200
    assert house.store.is_empty()
