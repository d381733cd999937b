"""Whoever goes away is worked for no more, and their place is another's; who changes the archive leaves room for who asks."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.loopback import openai
from tests.ui.inside import served
from tests.ui.test_api import REPORT, upload
from ui import api, doorway, intake, settings
from ui.compose import House, compose
from ui.v1 import answers

QUESTION = {"question": "กองทุนมีสมาชิกกี่คน"}


@contextlib.contextmanager
def running(home: Path, **given: object) -> Iterator[tuple[House, int, httpx.Client]]:
    house = compose(settings.load(home=home, answers_at_once=1, **given))
    with (
        house.store,
        served(api.create(house)) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        assert upload(client, "report.txt", REPORT).status_code == 201
        yield house, port, client


def sent(port: int, path: str, body: bytes, *, length: int = 0, kind: str = "application/json") -> socket.socket:
    """A connection on which a request was sent, of a longer one its beginning."""
    about = ("Host: 127.0.0.1", f"Content-Type: {kind}", f"Content-Length: {length or len(body)}")
    client = socket.create_connection(("127.0.0.1", port))
    client.sendall("\r\n".join((f"POST {path} HTTP/1.1", *about, "", "")).encode() + body)
    return client


def until(holds: Callable[[], object]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it does not come to hold")


class Gate:
    """Holds whoever comes to it until it is opened."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()

    def before(self, work: Callable[..., object]) -> Callable[..., object]:
        def held(*given: object, **more: object) -> object:
            self.reached.set()
            assert self.go_on.wait(60)
            return work(*given, **more)

        return held


def test_a_model_is_not_waited_for_by_nobody(tmp_path: Path) -> None:
    script = openai.Script([openai.Reply(iter([openai.event("กองทุน")]), pause_s=300.0)])
    with openai.serving(script):
        model = {"model": "openai:qwen", "model_url": script.url, "model_timeout_s": 300}
        with running(tmp_path / "home", **model) as (_, port, client):
            for path, more in (("/v1/answers", {"conversation_id": "talk:0001"}), ("/v1/chat/completions", None)):
                body = (
                    QUESTION | more
                    if more
                    else {"model": "thamkhlang", "messages": [{"role": "user", "content": "กองทุนมีสมาชิกกี่คน"}]}
                )
                asked = len(script.asked)
                with sent(port, path, json.dumps(body).encode()):
                    until(lambda asked=asked: len(script.asked) > asked)
                assert client.post("/v1/search", json={"query": "กองทุน"}).status_code == 200, "the only turn is free again"
            assert client.get("/v1/conversations/talk:0001").status_code == 404, "what nobody waited for is not kept"


def test_an_answer_that_nobody_waits_for_goes_no_further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(tmp_path / "home") as (house, port, client):
        gate, read = Gate(), []
        monkeypatch.setattr(house.store, "search", gate.before(house.store.search))
        document = house.store.document
        monkeypatch.setattr(house.store, "document", lambda name: read.append(name) or document(name))
        with sent(port, "/v1/answers", json.dumps(QUESTION | {"conversation_id": "talk:0001"}).encode()):
            assert gate.reached.wait(30)
        time.sleep(0.5)  # until the server has seen that they have gone
        gate.go_on.set()
        assert client.post("/v1/search", json={"query": "กองทุน"}).status_code == 200, "the only turn is free again"
        assert read == [], "no document is read for them"
        assert client.get("/v1/conversations/talk:0001").status_code == 404


def test_what_nobody_waits_for_is_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(tmp_path / "home") as (house, port, client):
        gate, searched = Gate(), []
        monkeypatch.setattr(answers, "understand", gate.before(answers.understand))
        search = house.store.search
        monkeypatch.setattr(house.store, "search", lambda text, **more: searched.append(text) or search(text, **more))
        with sent(port, "/v1/search", json.dumps({"query": "ที่หนึ่ง"}).encode()):
            assert gate.reached.wait(30)
        time.sleep(0.5)
        gate.go_on.set()
        assert client.post("/v1/search", json={"query": "กองทุน"}).status_code == 200
        assert searched == ["กองทุน"]


def test_files_that_do_not_come_keep_a_place_only_as_long_as_their_sender(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_PAUSE_S", 300.0)
    with running(tmp_path / "home") as (house, port, client), contextlib.ExitStack() as waiting:

        def finds_no_place() -> bool:
            begun = sent(port, "/v1/documents", b"--x\r\n", length=900_000, kind="multipart/form-data; boundary=x")
            waiting.enter_context(begun).settimeout(0.5)
            with contextlib.suppress(TimeoutError):
                return b" 503 " in begun.recv(4_096).split(b"\r\n")[0]
            return False

        until(finds_no_place)
        busy = upload(client, "more.txt", REPORT + " ")
        assert (busy.status_code, busy.json()["code"]) == (503, "busy") and int(busy.headers["retry-after"]) > 0
        page = client.post("/documents", files={"file": ("more.txt", b"x")}, headers={"accept": "text/html"})
        assert page.status_code == 503 and "โปรดรอ" in page.text and "text/html" in page.headers["content-type"]
        for path, body in (("/v1/search", {"query": "กองทุน"}), ("/v1/answers", QUESTION)):
            assert client.post(path, json=body).status_code == 200
        waiting.close()
        until(lambda: upload(client, "more.txt", REPORT + " ").status_code in (200, 201))
        assert len(house.store.documents()) == 2


def test_who_asks_finds_a_thread_however_many_change_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(tmp_path / "home") as (house, _, client), ThreadPoolExecutor(doorway.MOST) as threads:
        gate, add, adding = Gate(), house.store.add, list[object]()
        monkeypatch.setattr(house.store, "add", gate.before(add))
        monkeypatch.setattr(house.store, "known", lambda name: bool(adding.append(name)))
        sending = [threads.submit(upload, client, f"{n}.txt", f"{REPORT} {n}") for n in range(doorway.MOST)]
        until(lambda: len(adding) == doorway.MOST)
        assert upload(client, "more.txt", REPORT + " ").status_code == 503
        assert client.post("/v1/answers", json=QUESTION).json()["answered"]
        assert client.get("/v1/documents").status_code == 200
        gate.go_on.set()
        assert {one.result().status_code for one in sending} == {201}
        assert len(house.store.documents()) == doorway.MOST + 1
