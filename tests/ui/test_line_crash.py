"""A served program that is killed in the middle: whatever was acknowledged is answered exactly once by the one after it."""

import os
import random
import signal
import time
from pathlib import Path

import httpx
import pytest

from tests.loopback import line, line_events
from tests.loopback.line import Fault, Platform
from tests.ui.conftest import Server, serving
from tests.ui.line_case import SECRET, TOKEN
from ui.words import BOOK

pytestmark = pytest.mark.slow
QUESTIONS = [sample["question"] for sample in BOOK["samples"]]


def settings(platform: Platform, **more: str) -> dict[str, str]:
    platform.channels[TOKEN] = line_events.BOT
    given = {"SECRET": SECRET, "TOKEN": TOKEN, "API": platform.url} | more
    return {f"THAMKHLANG_LINE_{name}": value for name, value in given.items()}


def post(server: Server, platform: Platform, *events: dict[str, object]) -> list[str]:
    """The reply tokens of the events that were acknowledged."""
    content = line_events.body(*events)
    try:
        answered = httpx.post(f"{server.address}/webhooks/line", content=content, headers=line_events.headers(SECRET, content))
    except httpx.TransportError:
        return []
    return [str(event["replyToken"]) for event in events] if answered.status_code == 200 else []


def text(platform: Platform, n: int, user: str = "") -> dict[str, object]:
    user = user or f"U{n:03}"
    return line_events.text(QUESTIONS[n % len(QUESTIONS)], user=user, token=platform.token(user))


def wait(platform: Platform, tokens: list[str]) -> None:
    until = time.monotonic() + 60
    while not set(tokens) <= platform.used:
        assert time.monotonic() < until, f"{len(set(tokens) - platform.used)} of {len(tokens)} were never answered"
        time.sleep(0.05)


def test_what_was_acknowledged_is_answered_exactly_once(tmp_path: Path) -> None:
    rng = random.Random(7)
    acknowledged: list[str] = []
    with line.serving(Platform(clock=lambda: 0.0)) as platform:  # however slowly this machine starts, tokens are good
        given = settings(platform)
        for round_ in range(3):
            with serving(tmp_path / "home", "--samples", **given) as server:
                for n in range(8):
                    acknowledged += post(server, platform, *(text(platform, 10 * round_ + n + m) for m in range(2)))
                    time.sleep(rng.uniform(0, 0.1))
                os.kill(server.process, signal.SIGKILL)
        with serving(tmp_path / "home", **given):
            wait(platform, acknowledged)
            assert len(acknowledged) == 48
        assert len(platform.delivered) == len(acknowledged), "nobody got two"
        assert all(one.by == "reply" for one in platform.delivered)


@pytest.mark.parametrize("way", ["reply", "push"])
def test_what_was_delivered_before_the_kill_is_not_delivered_again(tmp_path: Path, way: str) -> None:
    with line.serving(Platform(clock=lambda: 0.0)) as platform:
        given = settings(platform, PUSH="on")
        platform.faults[way] += [Fault(0, hang_s=60, delivered=True)]
        with serving(tmp_path / "home", "--samples", **given) as server:
            event = text(platform, 0)
            if way == "push":
                platform.used.add(str(event["replyToken"]))
            post(server, platform, event)
            platform.wait(1)
            os.kill(server.process, signal.SIGKILL)
        with serving(tmp_path / "home", **given) as server:
            post(server, platform, other := text(platform, 1, "U000"))
            wait(platform, [str(other["replyToken"])])
        assert [one.by for one in platform.delivered] == [way, "reply"], "the second only by being asked"
        assert [status for name, status in platform.requests if name == way][:1] == [400 if way == "reply" else 409]
