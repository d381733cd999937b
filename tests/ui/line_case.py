"""A bot over an archive of its own, and LINE's platform on this machine: what the tests of LINE begin with."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from tests.loopback import line, line_events
from ui import api, metrics, settings
from ui.compose import House, compose
from ui.line.bot import Bot

SECRET, TOKEN = "8c570fa6dd201bb328f1c1eac23a96d8", "token-of-the-channel"
FUND = "ประชุมกองทุนสวัสดิการนาหินแก้ว วันที่ 18 มิถุนายน 2566\nกองทุนมีสมาชิก 845 คน\nมติ เห็นชอบงบประมาณ 50,000 บาท"
SECRET_FUND = "ประชุมลับกองทุนสวัสดิการห้วยหมาก วันที่ 18 มิถุนายน 2566\nกองทุนลับมีสมาชิก 777 คน\nมติ เห็นชอบงบประมาณลับ 70,000 บาท"
MEMBERS = "กองทุนสวัสดิการนาหินแก้วมีสมาชิกกี่คน"
BUDGET = "กองทุนสวัสดิการนาหินแก้วเห็นชอบงบประมาณเท่าไร"


@dataclass
class Clock:
    """Seconds since 1970, and as much more as a test says."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Case:
    house: House
    client: TestClient
    platform: line.Platform
    bot: Bot
    clock: Clock

    def post(self, *events: Any, secret: str = SECRET, destination: str = line_events.BOT) -> int:
        """Sends events in one request, as LINE does: to the address that it knows, through whatever stands before."""
        content = line_events.body(*events, destination=destination)
        return self.raw(content, **line_events.headers(secret, content)).status_code

    def raw(self, content: bytes, **headers: str) -> Any:
        return self.client.post("https://bot.example.org/webhooks/line", content=content, headers=headers)

    def text(self, said: str, *, user: str = line_events.PERSON, group: str = "", **more: Any) -> dict[str, Any]:
        """An event of somebody who writes, with a reply token."""
        return line_events.text(said, user=user, group=group, token=self.platform.token(group or user), **more)

    def ask(self, said: str, **more: Any) -> dict[str, Any]:
        """Somebody writes, and the webhook takes it."""
        event = self.text(said, **more)
        assert self.post(event) == 200
        return event

    def settled(self, seconds: float = 20.0) -> dict[str, int]:
        """The counters, once nothing is open any more."""
        until = time.monotonic() + seconds
        while (found := self.bot.counters())["open"]:
            assert time.monotonic() < until, found
            time.sleep(0.02)
        return found

    def texts(self) -> list[str]:
        return [one.text for one in self.platform.delivered]


@contextmanager
def opened(
    home: Path,
    platform: line.Platform | None = None,
    documents: dict[str, str] | None = None,
    *,
    told: bool = True,
    **given: Any,
) -> Iterator[Case]:
    """A served app with a bot, whose clock LINE's platform shares; `told` where people know already what is kept."""
    clock = Clock()
    with line.serving(platform or line.Platform(clock=clock)) as running:
        running.clock = clock
        if not running.channels:
            running.channels[TOKEN] = line_events.BOT
        with house_of(home, running.url, documents, **given) as house:
            app = api.create(house)
            first = app.state.line
            app.state.line = bot = Bot(house, first.known, clock=clock, pause_s=0.02)
            app.state.readiness.watch("line", bot.wrong)
            metrics.watch("line", "as ui.line.webhook has it", bot.counters)
            first.close()
            if told:
                for chat in (line_events.PERSON, line_events.GROUP):
                    house.store.chats.tell(house.store.chats.hashed("chat", line_events.BOT, chat))
            with TestClient(app, base_url="http://127.0.0.1:8000") as client:
                yield Case(house, client, running, bot, clock)


@contextmanager
def house_of(home: Path, api_url: str, documents: dict[str, str] | None = None, **given: Any) -> Iterator[House]:
    if "line_channels" not in given:
        given = {"line_secret": SECRET, "line_token": TOKEN} | given
    house = compose(settings.load(home=home, line_api=api_url, public_url="https://archive.example.org", **given))
    with house.store:
        for name, text in ({"fund.txt": FUND} if documents is None else documents).items():
            add(house, home.parent, name, text)
        yield house


def add(house: House, folder: Path, name: str, text: str) -> None:
    from ingest import ingest

    (folder / name).write_text(text, encoding="utf-8")
    assert ingest([folder / name], house.store).added


def at_once(*works: Callable[[], object]) -> None:
    """Does all of them at the same moment."""
    ready = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        ready.wait()
        work()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
