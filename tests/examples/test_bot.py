"""The example bot, started as its first lines say, between LINE on this machine and a really served archive."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.loopback import line, line_events
from tests.loopback.line import Platform
from tests.loopback.web import free_port
from tests.ui.conftest import ROOT, _wait_for, serving

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
FUND = "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วปรับเงินช่วยเหลือกรณีเจ็บป่วยเป็นคืนละเท่าไร"


@contextmanager
def running(platform: Platform, archive: str, key: str = "") -> Iterator[str]:
    """The bot; yields its webhook's address."""
    port = free_port()
    set_up = {"LINE_SECRET": SECRET, "LINE_TOKEN": "token", "LINE_API": platform.url, "ARCHIVE_URL": archive}
    command = [sys.executable, "-m", "uvicorn", "tests.examples.bot:app", "--port", str(port), "--log-level", "warning"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **set_up, "ARCHIVE_KEY": key}) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}/callback"
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with line.serving() as running_platform:
        running_platform.channels["token"] = line_events.BOT
        yield running_platform


def test_it_answers_with_sources_that_open_follows_up_and_refuses(tmp_path: Path, platform: Platform) -> None:
    with serving(tmp_path / "home", "--samples") as archive, running(platform, archive.address) as webhook:
        event = line_events.text(FUND, token=platform.token(line_events.PERSON))
        assert [line_events.post(webhook, SECRET, event, event) for _ in range(2)] == [200, 200]
        (first,) = platform.wait(1)
        assert "คืนละ 200 บาท" in first.text and "[1]" in first.text
        link = next(row for row in first.text.split("\n") if row.startswith(archive.address))
        assert "200 บาท" in httpx.get(link).text, "the document that is cited"
        for n, asked in enumerate(["แล้วปี 2564 ล่ะ", "กองทุนปี 2590 มีมติว่าอย่างไร"], start=2):
            line_events.post(webhook, SECRET, line_events.text(asked, token=platform.token(line_events.PERSON)))
            said = platform.wait(n)[-1].text
        assert "ปี 2590" in said and len(platform.delivered) == 3, "the event that came four times was answered once"
        assert line_events.post(webhook, "another secret", event) == 400
        assert line_events.post(webhook, SECRET) == 200, "LINE's own test has no events"

        group = {"group": line_events.GROUP, "token": platform.token(line_events.GROUP)}
        line_events.post(webhook, SECRET, line_events.text(f"ไม่ได้ถามบอต {FUND}", **group), line_events.sticker(**group))
        mention = [{"index": 3, "length": 5, "type": "user", "isSelf": True}]
        line_events.post(webhook, SECRET, line_events.text(f"😀 @บอต. {FUND}", mentions=mention, **group))
        assert "คืนละ 200 บาท" in platform.wait(4)[-1].text and platform.delivered[-1].chat == line_events.GROUP


def test_it_says_so_where_the_archive_does_not_let_it_in(tmp_path: Path, platform: Platform) -> None:
    before = len(platform.delivered)
    with serving(tmp_path / "home") as archive, running(platform, f"{archive.address}/nowhere", "tk_wrong") as webhook:
        line_events.post(webhook, SECRET, line_events.text(FUND, token=platform.token(line_events.PERSON)))
        assert "รอสักครู่" in platform.wait(before + 1)[-1].text
