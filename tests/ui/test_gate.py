"""Gradio's own paths, called as somebody would who wants what is another's: each person has sessions of their own."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient

from ingest import ingest
from tests.ui.conftest import serving
from ui import passwords, settings
from ui.compose import compose
from ui.gate import Gate, session
from ui.people import OWNER, READER, Person

PASSWORD = "ข้าวเหนียวมะม่วง 7 จาน"
OPEN = "ประชุมกองทุนสวัสดิการนาหินแก้ว วันที่ 18 มิถุนายน 2566\nกองทุนนาหินแก้วมีสมาชิก 845 คน\n"
LIMITED = "ประชุมลับกองทุนสวัสดิการห้วยหมาก วันที่ 18 มิถุนายน 2566\nกองทุนลับห้วยหมากมีสมาชิก 777 คน\n"
SECRET = ("777 คน", "limited.txt", "ประชุมลับ")
ASKED = "กองทุนลับห้วยหมากมีสมาชิกกี่คน"
STOLEN = "stolen00word"


@dataclass(frozen=True)
class Caller:
    """Somebody who is logged in and speaks to the page's server as its script does, or otherwise."""

    client: httpx.Client
    asks: dict[str, Any]

    def join(self, data: list[Any], word: str = STOLEN, **more: Any) -> httpx.Response:
        sent = {"data": data, "fn_index": self.asks["id"], "session_hash": word, "trigger_id": self.asks["targets"][0][0]}
        return self.client.post("/gradio_api/queue/join", json=sent | more)

    def ask(self, question: str, word: str = STOLEN) -> str:
        self.join([question, json.dumps({"filter": {}}), None, "", []], word).raise_for_status()
        return self.listen(word)

    def listen(self, word: str = STOLEN) -> str:
        """All that is sent to a session until its answer is whole or it is told that there is no such session."""
        told = []
        with self.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": word}) as events:
            for line in events.iter_lines():
                told.append(line)
                if '"process_completed"' in line or "unexpected_error" in line:
                    break
        return "\n".join(told)


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Caller]]:
    """Accounts on, a document that one of them may see, and the page of each of them."""
    folder = tmp_path_factory.mktemp("gate")
    for name, text in (("open.txt", OPEN), ("limited.txt", LIMITED)):
        (folder / name).write_text(text, encoding="utf-8")
    house = compose(settings.load(home=folder / "home"))
    with house.store as store:
        assert len(ingest([folder / "open.txt", folder / "limited.txt"], store).added) == 2
        store.accounts.add("admin", passwords.hashed(PASSWORD), "administrator")
        store.accounts.add("loei", passwords.hashed(PASSWORD), "reader", ["ทีมเลย"])
        store.accounts.add("reader", passwords.hashed(PASSWORD), "reader")
        store.limit("limited.txt", ["ทีมเลย"])
    with serving(folder / "home", THAMKHLANG_ACCOUNTS="on") as server:
        opened: list[httpx.Client] = []

        def caller(name: str) -> Caller:
            client = httpx.Client(base_url=server.address, headers={"Origin": server.address}, timeout=20)
            opened.append(client)
            assert client.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
            config = client.get("/config").json()
            parts = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
            box = [parts["question"], "submit"]
            asks = next(one for one in config["dependencies"] if box in [list(target) for target in one["targets"]])
            return Caller(client, asks)

        yield caller
        for client in opened:
            client.close()


def test_a_stolen_session_tells_nothing_of_what_was_said_in_it(called: Callable[[str], Caller]) -> None:
    own, thief = called("loei"), called("reader")
    assert "777 คน" in own.ask(ASKED), "who may see it is told"
    told = thief.ask("กองทุนนาหินแก้วมีสมาชิกกี่คน")
    assert "845" in told and not [word for word in (*SECRET, ASKED) if word in told]
    again = own.ask("กองทุนนาหินแก้วมีสมาชิกกี่คน")
    assert ASKED in again and "777 คน" in again, "whose it is still has it"


def test_nobody_hears_or_stops_what_another_waits_for(called: Callable[[str], Caller]) -> None:
    own, thief = called("loei"), called("reader")
    joined = own.join([ASKED, json.dumps({"filter": {}}), None, "", []], "waiting00word").json()
    heard = thief.listen("waiting00word")
    assert "session_not_found" in heard and not [word for word in SECRET if word in heard]
    stop = {"session_hash": "waiting00word", "fn_index": own.asks["id"], "event_id": "0" * 32}
    assert thief.client.post("/gradio_api/cancel", json=stop).status_code == 200
    with thief.client.stream("GET", "/gradio_api/heartbeat/waiting00word") as heart:
        next(heart.iter_lines())
    assert joined["event_id"] and "777 คน" in own.listen("waiting00word")


def test_a_conversation_of_another_is_not_opened_by_its_name(called: Callable[[str], Caller]) -> None:
    own, thief = called("loei"), called("reader")
    talk = own.client.post("/v1/conversations").json()["conversation_id"]
    own.join([ASKED, json.dumps({"filter": {}}), None, talk, []], "talk00word")
    assert "777 คน" in own.listen("talk00word")
    thief.join(["แล้วใครเป็นประธาน", json.dumps({"filter": {}}), None, talk, [talk]], "talk00word")
    told = thief.listen("talk00word")
    assert ASKED not in told and not [word for word in SECRET if word in told]
    config = thief.client.get("/config").json()
    for one in config["dependencies"]:
        asked = [json.dumps({"talk": talk, "text": "กองทุน"}), talk, [talk]][: len(one["inputs"])]
        thief.join(asked, f"each{one['id']}", fn_index=one["id"], trigger_id=(one["targets"] or [[None]])[0][0])
        heard = thief.listen(f"each{one['id']}")
        assert ASKED not in heard and not [word for word in SECRET if word in heard], one["id"]
    assert own.client.get(f"/v1/conversations/{talk}").json()["turns"], "nor is it erased by them"


def test_what_everybody_is_sent_names_nothing_limited(called: Callable[[str], Caller]) -> None:
    thief = called("reader")
    for path in ("/", "/config", "/config?deep_link=aaaaaaaaaaaaaaaa", "/?deep_link=../../x", "/gradio_api/startup-events"):
        told = thief.client.get(path)
        assert told.status_code == 200 and not [word for word in SECRET if word in told.text], path


@pytest.mark.parametrize(
    "path",
    [
        "upload",
        "file=/etc/passwd",
        "file/etc/passwd",
        "info",
        "openapi.json",
        "runs",
        "app_id",
        "user",
        "call/ask",
        "call/v2/ask",
        "component_server",
        "deep_link?session_hash=stolen00word",
        "stream/a/b/1/playlist.m3u8",
        "stream/a/b/1/playlist-file",
        "proxy=http://127.0.0.1/",
        "dev/reload",
        "heartbeat/..%2f..%2fconfig",
        "queue/status",
        "queue/data/x",
        "monitoring/x",
        "vibe-edit/",
        "process_recording",
        "api/predict",
    ],
)
def test_no_other_path_of_gradio_is_served(called: Callable[[str], Caller], path: str) -> None:
    thief = called("admin")
    asked = thief.client.get(f"/gradio_api/{path}"), thief.client.post(f"/gradio_api/{path}", json={"session_hash": STOLEN})
    assert {one.status_code for one in asked} == {404}


@pytest.mark.parametrize(
    "path",
    ["static/..%2f..%2froutes.py", "static/%2e%2e/%2e%2e/routes.py", "assets/..%2f..%2froutes.py", "svelte/%2fetc/passwd"],
)
def test_only_gradios_own_files_are_sent(called: Callable[[str], Caller], path: str) -> None:
    told = called("admin").client.get(f"/{path}")
    assert told.status_code in (403, 404) and "import" not in told.text and "root:" not in told.text


@contextmanager
def _listening() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that nobody should ask, and what it was asked."""
    asked: list[str] = []

    class Noted(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Noted) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def test_a_file_or_an_address_in_the_place_of_words_is_neither_read_nor_asked(called: Callable[[str], Caller]) -> None:
    thief = called("reader")
    with _listening() as (address, asked):
        for n, path in enumerate(("/etc/passwd", "../../archive.db", f"{address}/x.png")):
            file = {"path": path, "url": f"{address}/y.png", "meta": {"_type": "gradio.FileData"}}
            for at in range(3):
                data: list[Any] = ["", json.dumps({"filter": {}}), None, "", []]
                data[(0, 1, 4)[at]] = file if at < 2 else [file]
                thief.join(data, f"file{n}{at}")
                told = thief.listen(f"file{n}{at}")
                assert "root:" not in told and "SQLite format" not in told
        assert asked == []


def test_what_is_no_request_of_the_page_is_no_fault_of_the_program(called: Callable[[str], Caller]) -> None:
    thief = called("reader")
    json_type = {"content-type": "application/json"}
    for body in (
        b"[" * 90_000,
        b"{",
        b"null",
        b"[]",
        b'{"session_hash": 5}',
        b'{"session_hash": null, "data": []}',
        b"\xff\xfe",
    ):
        for path in ("queue/join", "cancel", "reset", "run/predict"):
            assert thief.client.post(f"/gradio_api/{path}", content=body, headers=json_type).status_code in (400, 422), (
                path,
                body[:40],
            )
    session, number = {"session_hash": "a"}, thief.asks["id"]
    called_for = {"data": []}, {"data": [], "fn_index": 99}, {"data": [], "fn_index": number}, {"data": {}, "fn_index": number}
    for told in ({}, *called_for, {"data": [None], "fn_index": str(number)}):
        for path in ("queue/join", "run/predict"):
            assert thief.client.post(f"/gradio_api/{path}", json=told | session).status_code == 400, (path, told)
    assert thief.client.get("/gradio_api/queue/data").status_code == 422, "which session"


def test_what_is_stopped_before_its_name_is_known_is_stopped(called: Callable[[str], Caller]) -> None:
    own = called("loei")
    ended = {"session_hash": "own000word", "fn_index": own.asks["id"], "event_id": None}
    assert own.client.post("/gradio_api/cancel", json=ended).status_code == 200
    assert own.client.post("/gradio_api/reset", json={}).status_code == 200


def test_a_session_is_another_for_whoever_sees_other_documents() -> None:
    some = Person(name="loei", role="reader", groups=frozenset({"ก", "ข"}))
    others = [
        Person(name="loei", role="reader", groups=frozenset({"ก"})),
        Person(name="reader", role="reader", groups=some.groups),
        Person(name="loei", role="editor", groups=some.groups),
        OWNER,
        READER,
    ]
    words = {session(person, "word") for person in (some, *others)}
    assert len(words) == 1 + len(others) and session(some, "word") == session(some, "word") != session(some, "wore")


def test_a_session_is_made_ones_own_wherever_it_is_named() -> None:
    async def tell(scope, receive, send):
        asked = Request(scope, receive)
        body = (await asked.body()).decode()
        told = {"path": scope["path"], "query": scope["query_string"].decode(), "body": body, **asked.headers}
        await JSONResponse(told)(scope, receive, send)

    class As:
        async def __call__(self, scope, receive, send):
            scope.setdefault("state", {})["person"] = READER
            await Gate(tell, {7: 1})(scope, receive, send)

    client, own = TestClient(As()), session(READER, "a")
    asked = client.get("/gradio_api/queue/data?session_hash=a&session%5Fhash=a&x=%E0%B8%81&y=").json()
    assert asked["query"] == f"session_hash={own}&session_hash={own}&x=%E0%B8%81&y="
    assert client.get("/gradio_api/heartbeat/a").json()["path"] == f"/gradio_api/heartbeat/{own}"
    sent = client.post("/gradio_api/queue/join", json={"data": ["ก"], "fn_index": 7, "session_hash": "a"}).json()
    assert json.loads(sent["body"]) == {"data": ["ก"], "fn_index": 7, "session_hash": own}
    assert int(sent["content-length"]) == len(sent["body"])
    assert client.post("/gradio_api/queue/join", content=b"\xff").status_code == 400
    assert client.post("/gradio_api/queue/join", content=b" " * 100_001).status_code == 413
