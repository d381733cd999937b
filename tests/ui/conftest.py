"""A real server, started as a person would, and a real browser that may not leave this machine."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.dependencies import models
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

ROOT = Path(__file__).parents[2]
READY = re.compile(r"ถามคลังพร้อมแล้วที่ (http://127\.0\.0\.1:[0-9]+)")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that drive a browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def _no_app_is_kept() -> Iterator[None]:
    """FastAPI keeps the routes that it has looked at, and each of ours its app and archive: a thread and 10 MB a test."""
    yield
    for kept in vars(models).values():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()


@dataclass(frozen=True)
class Server:
    """A running `thamkhlang serve`; `seconds` from its start until it said that it was ready."""

    address: str
    seconds: float
    process: int = 0
    send_signal: Callable[[int], None] = lambda _: None


@contextlib.contextmanager
def serving(home: Path, *options: str, **settings: str) -> Iterator[Server]:
    """`thamkhlang serve` over the archive in `home`, on a free port, stopped at the end; `settings` are of the environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("THAMKHLANG_", "GRADIO_"))} | settings
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "serve", "--port", "0", *options]
    started = time.monotonic()
    log = home.with_suffix(".log")
    with (
        log.open("w") as errors,
        subprocess.Popen(command, cwd=ROOT, env=kept, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8") as process,
    ):
        assert process.stdout
        try:
            line = process.stdout.readline()
            ready = READY.search(line)
            assert ready, f"the server said {line!r} and {log.read_text()}"
            _wait_for(ready[1])
            yield Server(ready[1], time.monotonic() - started, process.pid, process.send_signal)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(address: str) -> None:
    for _ in range(200):
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"{address}/healthz")
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing answers at {address}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Over the bundled sample reports."""
    with serving(tmp_path_factory.mktemp("samples") / "home", "--samples") as running:
        yield running


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Over an archive without documents."""
    with serving(tmp_path_factory.mktemp("empty") / "home") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. A machine without one skips these tests, unless it is the one that decides (CI)."""
    if not CHROMIUM:
        missing = "no Chromium: apt-get install chromium fonts-thai-tlwg"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield running
        running.close()


@dataclass
class Visit:
    """A page in the browser, and what it did there that a reader does not see."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    waiting: set[Request] = field(default_factory=set)
    moved: float = field(default_factory=time.monotonic)

    def ask(self, question: str) -> str:
        """Types a question, presses Enter and returns the answer's text when it is complete."""
        before = self.page.locator("#chat .answered").count()
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")
        return self.answer(before)

    def answer(self, before: int = 0) -> str:
        """The answer after the first `before`, when it is complete."""
        latest = self.page.locator("#chat .answered").nth(before)
        latest.wait_for()
        self.page.wait_for_function("!document.querySelector('#chat .coming')")
        self.page.wait_for_function("document.getElementById('said-aloud')?.textContent")
        self.page.wait_for_timeout(300)
        return latest.inner_text()

    def settle(self) -> None:
        """Waits until the page waits for nothing: a reload before would break off what may be asked next.

        Gradio opens a stream for what has ended already when its beginning is told last; a stream alone that has
        been silent for long is such a one.
        """
        for _ in range(300):
            silent = time.monotonic() - self.moved
            if silent > (0.3 if not self.waiting else 5) and all("/queue/data" in request.url for request in self.waiting):
                return
            self.page.wait_for_timeout(60)
        raise AssertionError(f"the page still waits for {self.waiting}")

    def outside(self) -> list[str]:
        """Requests to anything but the server."""
        return [url for url in self.requests if not url.startswith((self.address, "data:", "blob:"))]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens a page of a server; nothing it did may have led outside or broken the content policy."""
    opened: list[Visit] = []

    def open_page(
        server: Server,
        path: str = "",
        *,
        ready: str = "#question textarea",
        width: int = 1280,
        height: int = 900,
        locale: str = "th-TH",
        **options: Any,
    ) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": height}, locale=locale, **options)
        page = context.new_page()
        page.set_default_timeout(20_000)
        seen = Visit(page, server.address)

        def asked(request: Request) -> None:
            seen.requests.append(request.url)
            if "/heartbeat/" not in request.url:  # which stays open as long as the page
                seen.waiting.add(request)
                seen.moved = time.monotonic()

        def ended(request: Request) -> None:
            seen.waiting.discard(request)
            seen.moved = time.monotonic()

        def said(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                seen.complaints.append(message.text)

        page.on("request", asked)
        page.on("requestfinished", ended)
        page.on("requestfailed", ended)
        page.on("console", said)
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.goto(server.address + path)
        page.wait_for_selector(ready)
        opened.append(seen)
        return seen

    yield open_page
    for seen in opened:
        seen.page.context.close()
        assert seen.outside() == []
        assert seen.complaints == []
