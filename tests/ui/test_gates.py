"""What stands before the API: keys and their scopes, how often somebody may ask, the id of each request and its line."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from tests.ui.test_access import opened
from ui import journal
from ui.compose import House
from vectorstore.keys import SCOPES

REPORT = "ประชุมกองทุนสวัสดิการนาหินแก้ว วันที่ 18 มิถุนายน 2566\nกองทุนมีสมาชิก 845 คน"
Client = Callable[..., TestClient]


@contextmanager
def guarded(home: Path, **given: object) -> Iterator[tuple[House, Client]]:
    """An archive with accounts on; a client may be given a key."""
    with opened(home, accounts="on", **given) as (house, fresh):

        def client(key: str = "") -> TestClient:
            one = fresh()
            one.headers.update({"Authorization": f"Bearer {key}"} if key else {})
            return one

        yield house, client


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[tuple[House, Client]]:
    with guarded(tmp_path / "home") as both:
        yield both


def code(response) -> tuple[int, str]:
    return response.status_code, response.json().get("code", "")


# Keys


def test_a_key_that_is_not_good_is_told_and_never_logged(archive, caplog: pytest.LogCaptureFixture) -> None:
    house, client = archive
    caplog.set_level(logging.DEBUG, "thamkhlang")
    keys = house.store.keys
    good, revoked = keys.add("bot", "reader"), keys.add("old", "reader")
    keys.revoke(revoked)
    expired = keys.add("late", "reader", days=1)
    with house.store._record._transaction() as db:
        db.execute("UPDATE api_keys SET until = 1 WHERE name = 'late'")
    assert client(good).get("/v1/documents").status_code == 200
    for sent in (revoked, good[:-1], f"{good[:-2]}zz", "ไม่ใช่กุญแจ", "x" * 5000, ""):
        asked = client().get("/v1/documents", headers={"Authorization": f"Bearer {sent}".encode()})
        assert code(asked) == (401, "key_invalid") and asked.headers["www-authenticate"] == "Bearer", sent
    assert code(client(expired).get("/v1/documents")) == (401, "key_expired")
    for headers in ({}, {"Authorization": good}, {"Authorization": f"Basic {good}"}, {"Authorization": "Bearer"}):
        asked = client().get("/v1/documents", headers=headers)
        assert asked.status_code == 401 and asked.json()["code"] in ("login_required", "key_invalid")
    for query in (f"?api_key={good}", f"?q=a&tk={good}", f"?{good}", f"?k=tk%5F{good[3:]}", f"?k={expired}"):
        for headers in ({}, {"Authorization": f"Bearer {good}"}):
            asked = client().get(f"/v1/documents{query}", headers=headers)
            assert code(asked) == (401, "key_in_query") and "เพิกถอน" in asked.json()["detail"]
            assert good not in asked.text
    lines = "\n".join(journal._Lines().format(record) for record in caplog.records)
    assert '"status": 401' in lines
    for key in (good, revoked, expired):
        assert key not in lines and key[10:] not in lines


ASKED = {
    "ask": [("POST", "/v1/search"), ("POST", "/v1/verify"), ("POST", "/v1/answers"), ("POST", "/v1/conversations")],
    "read": [("GET", "/v1/documents"), ("GET", "/v1/resolutions"), ("GET", "/documents/x"), ("GET", "/start")],
    "write": [("POST", "/v1/documents"), ("DELETE", "/v1/documents/nothing")],
    "admin": [("GET", "/manage/people"), ("POST", "/manage/check")],
    "metrics": [("GET", "/metrics")],
}
"""What each scope is for."""


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_does_what_its_scopes_say(archive, scope: str) -> None:
    house, client = archive
    own = client(house.store.keys.add("narrow", "administrator", scopes=[scope]))
    for needed, requests in ASKED.items():
        for method, path in requests:
            asked = own.request(method, path, json={} if method == "POST" else None)
            if needed == scope:
                assert asked.status_code not in (401, 403), (path, asked.text)
            else:
                assert code(asked) == (403, "missing_scope") and asked.json()["scope"] == needed, (path, asked.text)
                assert asked.headers["www-authenticate"] == f'Bearer error="insufficient_scope", scope="{needed}"'
    for path in ("/healthz", "/readyz", "/version", "/openapi.json"):
        assert own.get(path).status_code == 200, "every key that is good has what it takes"


def test_a_scope_gives_no_role_but_that_of_reading_the_figures(archive) -> None:
    house, client = archive
    own = client(house.store.keys.add("bot", "reader", scopes=["ask", "write", "admin"]))
    for method, path in (*ASKED["write"], *ASKED["admin"]):
        assert code(own.request(method, path)) == (403, "not_allowed")
    assert code(client(house.store.keys.add("plain", "editor")).get("/metrics")) == (403, "not_allowed")
    figures = client(house.store.keys.add("scraper", "reader", scopes=["metrics"])).get("/metrics")
    assert figures.status_code == 200 and "thamkhlang_documents 0.0" in figures.text


# How often


def test_a_key_is_limited_by_itself(tmp_path: Path) -> None:
    with guarded(tmp_path / "home", rate_per_minute=4, address_rate_per_minute=3) as (house, client):
        bot, other = (client(house.store.keys.add(name, "reader")) for name in ("bot", "other"))
        answered = [bot.get(path) for path in ("/v1/documents", "/v1/nothing", "//v1/documents", "/v1/documents/?x=1")]
        assert [one.headers["ratelimit"].split(";")[1] for one in answered] == ["r=3", "r=2", "r=1", "r=0"]
        assert {one.headers["ratelimit-policy"] for one in answered} == {'"minute";q=4;w=60'}
        for path in (
            "/v1/documents",
            "/V1/documents",
            "/v1//documents",
            "/v1/%64ocuments",
            "/",
            "/readyz",
            "/page/../v1/search",
        ):
            late = bot.get(path)
            assert code(late) == (429, "rate_limited"), path
            reset = int(re.fullmatch('"minute";r=0;t=([0-9]+)', late.headers["ratelimit"])[1])  # type: ignore[index]
            assert 0 < reset <= int(late.headers["retry-after"]) <= 60 and late.json()["violated-policies"] == ["minute"]
        assert "รออีก" in bot.get("/start", headers={"Accept": "text/html"}).text
        assert bot.get("/healthz").status_code == 200 and other.get("/v1/documents").status_code == 200
        second = client(house.store.keys.add("bot", "reader"))
        assert second.get("/v1/documents").status_code == 429, "a second key of the same name is the same program's"
        wrong = [client("tk_nothing").get("/v1/documents").status_code for _ in range(4)]
        assert wrong == [401, 401, 401, 429], "who guesses is limited by where they are"
        assert client().get("/login").status_code == 429 and other.get("/v1/documents").status_code == 200


def test_addresses_are_believed_of_trusted_proxies_alone(tmp_path: Path) -> None:
    with opened(tmp_path / "home", host="0.0.0.0", address_rate_per_minute=1) as (_, client):
        app = client().app

        def asks(address: str, trusted: str) -> int:
            seen = ProxyHeadersMiddleware(app, trusted_hosts=trusted) if trusted else app  # as ui/server.py sets uvicorn
            one = TestClient(seen, base_url="http://127.0.0.1:8000", client=("10.0.0.7", 1))
            return one.get("/v1/documents", headers={"X-Forwarded-For": address}).status_code

        assert [asks(f"203.0.113.{n}", "") for n in range(3)] == [200, 429, 429]
        assert [asks(f"203.0.113.{n}", "10.0.0.0/8") for n in range(3)] == [200, 200, 200]
        assert asks("203.0.113.9, 203.0.113.1", "10.0.0.0/8") == 429, "the last that the proxy has seen, whatever was sent"
        assert [asks(f"2001:db8:1:2::{n}", "10.0.0.7") for n in range(2)] == [200, 429], (
            "one machine has a whole network of them"
        )


def test_the_owner_of_the_machine_is_not_limited(tmp_path: Path) -> None:
    with opened(tmp_path / "home", rate_per_minute=1, address_rate_per_minute=1) as (_, client):
        asked = [client().get("/v1/documents") for _ in range(5)]
        assert {one.status_code for one in asked} == {200} and "ratelimit" not in asked[0].headers


# Ids and lines


def test_every_request_has_an_id_and_a_line(archive, caplog: pytest.LogCaptureFixture) -> None:
    house, client = archive
    own = client(house.store.keys.add("line-bot", "editor"))
    caplog.set_level(logging.INFO, "thamkhlang")
    caplog.handler.setFormatter(journal._Lines())
    assert own.post("/v1/documents", files={"file": ("แผนลับ.txt", REPORT)}).status_code == 201
    sent = own.post("/v1/answers", json={"question": "กองทุนมีสมาชิกกี่คน"}, headers={"X-Request-Id": "from-bot.0001"})
    assert sent.headers["x-request-id"] == "from-bot.0001"
    told = own.get("/v1/documents/เลขบัตร-1234567890121?q=ความลับ")
    assert told.status_code == 404 and told.json()["request_id"] == told.headers["x-request-id"]
    for odd in ("short", "x" * 65, 'a"b c', "กขคงจฉชซ"):
        given = own.get("/healthz", headers={"X-Request-Id": odd.encode()}).headers["x-request-id"]
        assert re.fullmatch("[0-9a-f]{32}", given)
    wrong = own.post("/v1/search", content=b"{", headers={"content-type": "application/json"})
    for refused in (client().get("/manage"), own.get("/v1/documents?k=tk_abcdef_abcdefgh"), wrong):
        assert refused.json()["request_id"] == refused.headers["x-request-id"]
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    requests = [line for line in lines if line["message"] == "request"]
    assert [(line["method"], line["route"], line["status"], line["face"]) for line in requests] == [
        ("POST", "/v1/documents", 201, "api"),
        ("POST", "/v1/answers", 200, "api"),
        ("GET", "/v1/documents/{document_id:path}", 404, "api"),
        ("POST", "/v1/search", 422, "api"),
        ("GET", "-", 401, "screen"),
        ("GET", "-", 401, "api"),
    ]
    assert requests[1]["request_id"] == "from-bot.0001" and all(isinstance(line["ms"], int) for line in requests)
    for word in ("แผนลับ", "สมาชิก", "1234567890121", "ความลับ", "line-bot", "tk_"):
        assert word not in caplog.text, word


def test_a_line_stays_one_line_and_has_no_key_in_it() -> None:
    record = logging.LogRecord("thamkhlang", logging.ERROR, "", 0, "a\nb\u2028c\x85d \ud83d tk_abcdef_%s", ("x" * 38,), None)
    line = journal._Lines().format(record)
    assert len(line.splitlines()) == 1 and "x" * 8 not in line and json.loads(line)["level"] == "error"
    line.encode()


def test_what_nobody_foresaw_is_told_with_its_id(archive, caplog: pytest.LogCaptureFixture, monkeypatch) -> None:
    house, client = archive
    own = client(house.store.keys.add("bot", "reader"))
    monkeypatch.setattr(type(house.store), "search", lambda *_, **__: 1 / 0)
    broken = TestClient(own.app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    caplog.handler.setFormatter(journal._Lines())
    told = broken.post("/v1/search", json={"query": "ความลับ"}, headers=own.headers)
    assert code(told) == (500, "internal_error") and told.json()["request_id"] == told.headers["x-request-id"]
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    assert {line["request_id"] for line in lines} == {told.json()["request_id"]}
    assert any("ZeroDivisionError" in line.get("error", "") for line in lines) and "ความลับ" not in caplog.text
