"""So many answers at once, the others wait or are told to come back; who goes away costs nothing more."""

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant import Assistant
from assistant.pace import Stopped
from tests.loopback import line_events, openai
from tests.ui.conftest import serving
from tests.ui.inside import served
from tests.ui.line_case import SECRET
from tests.ui.test_api import REPORT, upload
from tests.ui.test_hostile import kilobytes
from ui import api, settings, streams
from ui.compose import House, compose
from vectorstore import Store

QUESTION = {"question": "กองทุนมีสมาชิกกี่คน"}


def in_a_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """What `work` returns, in a thread of its own: this one has a loop already, where a browser was driven before."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@dataclass
class Slow(Assistant):
    """Answers when it is told to."""

    archive: Store
    go_on: threading.Event = field(default_factory=threading.Event)
    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        super().__init__(self.archive)

    def over(self, archive: Store) -> "Slow":
        return self

    def stream(self, *given, **more):
        self.asked.release()
        assert self.go_on.wait(30)
        yield from super().stream(*given, **more)


@contextlib.contextmanager
def slow(home: Path, **given: object) -> Iterator[tuple[str, Slow]]:
    house = compose(settings.load(home=home, **given))
    assistant = Slow(house.store)
    with house.store, served(api.create(House(house.settings, house.store, assistant))) as port:
        yield f"http://127.0.0.1:{port}", assistant
        assistant.go_on.set()


def test_the_others_wait_or_are_told_to_come_back(tmp_path: Path) -> None:
    async def ask_all(address: str, assistant: Slow) -> None:
        async with httpx.AsyncClient(base_url=address, timeout=60) as client:
            first = asyncio.create_task(client.post("/v1/answers", json=QUESTION))
            await asyncio.to_thread(assistant.asked.acquire)
            rest = [asyncio.create_task(client.post("/v1/answers", json=QUESTION | {"stream": True})) for _ in range(3)]
            done, waiting = await asyncio.wait(rest, return_when=asyncio.FIRST_COMPLETED)
            (busy,) = [one.result() for one in done]
            assert busy.status_code == 503 and busy.json()["code"] == "busy" and int(busy.headers["retry-after"]) > 0
            assert (await client.get("/healthz")).status_code == 200 == (await client.get("/v1/documents")).status_code
            assistant.go_on.set()
            assert [(await one).status_code for one in (first, *waiting)] == [200, 200, 200]
            assert (await client.post("/v1/search", json={"query": "งบ"})).status_code == 200

    with slow(tmp_path / "home", answers_at_once=1, answers_waiting=2) as (address, assistant):
        in_a_loop(ask_all(address, assistant))


def test_who_goes_away_loses_their_turn(tmp_path: Path) -> None:
    async def leave(address: str, assistant: Slow) -> None:
        async with httpx.AsyncClient(base_url=address, timeout=60) as client:
            first = asyncio.create_task(client.post("/v1/answers", json=QUESTION))
            await asyncio.to_thread(assistant.asked.acquire)
            for _ in range(5):  # each takes the only place to wait at, and leaves it
                with pytest.raises(httpx.ReadTimeout):
                    await client.post("/v1/answers", json=QUESTION, timeout=0.5)
            assistant.go_on.set()
            assert (await first).status_code == 200
            assert (await client.post("/v1/search", json={"query": "งบ"})).status_code == 200
            assert not assistant.asked.acquire(blocking=False), "nobody's question was asked who had gone"

    with slow(tmp_path / "home", answers_at_once=1, answers_waiting=1) as (address, assistant):
        in_a_loop(leave(address, assistant))


@pytest.mark.parametrize("pause_s", [0.05, 300.0])
def test_who_reads_no_longer_is_not_answered(tmp_path: Path, pause_s: float) -> None:
    """The model says more and more, or nothing at all."""
    said: list[int] = []

    def chunks() -> Iterator[bytes]:
        while True:
            said.append(1)
            yield openai.event("กองทุนมีสมาชิก 845 คน [1]\n")

    script = openai.Script([openai.Reply(chunks(), pause_s=pause_s)])
    with openai.serving(script):
        model = {"model": "openai:qwen", "model_url": script.url, "model_timeout_s": 60}
        house = compose(settings.load(home=tmp_path / "home", answers_at_once=1, **model))
        with house.store, served(api.create(house)) as port:
            address = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=address, timeout=60) as client:
                assert upload(client, "report.txt", REPORT).status_code == 201
                with client.stream(
                    "POST", "/v1/answers", json=QUESTION | {"stream": True, "conversation_id": "talk:0001"}
                ) as reply:
                    assert reply.status_code == 200 and reply.headers["x-accel-buffering"] == "no"
                    for _ in range(600):
                        if script.asked:
                            break
                        threading.Event().wait(0.05)
                asked = client.post("/v1/search", json={"query": "กองทุน"})
                assert asked.status_code == 200, "the only turn is free again"
                works = [one for one in threading.enumerate() if one.name == "stream"]
                for one in works:
                    one.join(30)
                assert not any(one.is_alive() for one in works), "the work goes on"
                for _ in range(30):
                    before = len(said)
                    threading.Event().wait(1)
                    if len(said) == before:
                        break
                else:
                    raise AssertionError("the model still speaks to somebody")
                assert client.get("/v1/conversations/talk:0001").status_code == 404, "what nobody waited for is not kept"


def test_a_stream_that_is_long_in_coming_is_kept_alive() -> None:
    go_on = threading.Event()

    def work(stopped: Stopped) -> Iterator[str]:
        yield "data: 1\n\n"
        assert go_on.wait(30) and not stopped()
        yield "data: 2\n\n"

    async def read() -> list[str]:
        said = []
        async for event in streams.events(work, keep_alive_s=0.05):
            said.append(event)
            if said.count(streams.COMMENT) == 3:
                go_on.set()
        return said

    said = in_a_loop(read())
    assert [event for event in said if event != streams.COMMENT] == ["data: 1\n\n", "data: 2\n\n"]
    assert said[1:4] == [streams.COMMENT] * 3 and streams.COMMENT.startswith(":") and 10 <= streams.KEEP_ALIVE_S <= 15


def test_what_goes_wrong_in_the_work_is_raised_where_it_is_read() -> None:
    def work(_: Stopped) -> Iterator[str]:
        yield "data: 1\n\n"
        raise ValueError("wrong")

    async def read() -> None:
        async for _ in streams.events(work):
            pass

    with pytest.raises(ValueError, match="wrong"):
        in_a_loop(read())


def test_who_reads_slowly_holds_up_nobody(tmp_path: Path) -> None:
    house = compose(settings.load(home=tmp_path / "home", answers_at_once=1, answers_waiting=1))
    with (
        house.store,
        served(api.create(house)) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        assert upload(client, "report.txt", REPORT).status_code == 201
        body = json.dumps(QUESTION | {"stream": True}).encode()
        about = ("Host: 127.0.0.1", "Content-Type: application/json", f"Content-Length: {len(body)}")
        head = "\r\n".join(("POST /v1/answers HTTP/1.1", *about, "", ""))
        with socket.create_connection(("127.0.0.1", port)) as reader:
            reader.sendall(head.encode() + body)  # and reads nothing
            for _ in range(3):
                assert client.post("/v1/answers", json=QUESTION).status_code == 200


@pytest.mark.slow
@contextlib.contextmanager
def line_meanwhile(address: str) -> Iterator[list[int]]:
    """The statuses of what LINE sends, one event after another, as long as the block lasts."""
    over, statuses = threading.Event(), list[int]()

    def send() -> None:
        with httpx.Client(base_url=address, timeout=30) as client:
            while not over.wait(0.2):
                content = line_events.body(line_events.event("unfollow"))
                headers = line_events.headers(SECRET, content)
                statuses.append(client.post("/webhooks/line", content=content, headers=headers).status_code)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield statuses
    finally:
        over.set()
        sender.join()


def test_a_thousand_at_once_with_one_key(tmp_path: Path) -> None:
    """Answers up to the limit, then 429 with the time to wait; 503 where too many wait; and no more memory than before."""
    house = compose(settings.load(home=tmp_path / "home"))
    with house.store:
        house.store.accounts.add("somchai", "-", "administrator")
        key, editor = house.store.keys.add("bot", "reader"), house.store.keys.add("editor", "editor")

    async def ask_all(address: str, count: int, key: str) -> list[httpx.Response]:
        limits, headers = httpx.Limits(max_connections=count), {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits, headers=headers) as client:
            return await asyncio.gather(*(client.post("/v1/search", json={"query": "กองทุน"}) for _ in range(count)))

    given = {"THAMKHLANG_ACCOUNTS": "on", "THAMKHLANG_RATE_PER_MINUTE": "300", "THAMKHLANG_ANSWERS_WAITING": "100"}
    given |= {"THAMKHLANG_LINE_SECRET": SECRET, "THAMKHLANG_LINE_TOKEN": "token", "THAMKHLANG_LINE_API": "http://127.0.0.1:1"}
    with serving(tmp_path / "home", **given) as server:
        own = {"headers": {"Authorization": f"Bearer {editor}"}, "timeout": 60}
        files = {"file": ("report.txt", REPORT)}
        assert httpx.post(f"{server.address}/v1/documents", files=files, **own).status_code == 201
        in_a_loop(ask_all(server.address, 50, editor))
        before = kilobytes(server, "VmRSS")
        with line_meanwhile(server.address) as acknowledged:
            replies = in_a_loop(ask_all(server.address, 1_000, key))
        assert acknowledged and set(acknowledged) == {200}, "what comes from LINE waits for nobody"
        assert httpx.get(f"{server.address}/v1/documents?api_key={key}").status_code == 401
        statuses = [one.status_code for one in replies]
        assert set(statuses) <= {200, 429, 503} and len(statuses) == 1_000
        assert statuses.count(429) == 700 and statuses.count(200) >= 100, {one: statuses.count(one) for one in set(statuses)}
        assert all(int(one.headers["retry-after"]) > 0 for one in replies if one.status_code != 200)
        assert httpx.post(f"{server.address}/v1/answers", json=QUESTION, **own).json()["answered"]
        assert kilobytes(server, "VmRSS") - before < 60_000
        log = (tmp_path / "home.log").read_text(encoding="utf-8")
        assert log.count('"status": 429') == 700 and key not in log and "กองทุน" not in log
