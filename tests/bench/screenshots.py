"""The pictures of the README: `python -m tests.bench.screenshots`, over the bundled samples, with Chromium and Thai fonts."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.cases import ROOT
from tests.ui.conftest import CHROMIUM, SWITCHES, Visit, serving
from ui.words import ASSETS, BOOK

PICTURES = {
    "ask": ASSETS / "screenshot.png",
    **{name: ROOT / "docs" / "screens" / f"{name}.png" for name in ("phone", "start", "resolutions", "documents")},
}
"""Where each picture lies: that of the chat page beside its icon, the others where they are not served."""
MOST_BYTES = 120_000
"""Of one picture."""
_PLAIN = {"start": "/start", "resolutions": "/resolutions", "documents": "/documents"}
_COLOURS = (128, 96, 64)
"""Tried in turn until a picture is small enough."""


def main() -> None:
    """Writes every picture anew."""
    if not CHROMIUM:
        raise SystemExit("no Chromium: apt-get install chromium fonts-thai-tlwg")
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "home", "--samples") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        for name, picture in _pictures(browser, server.address):
            PICTURES[name].parent.mkdir(parents=True, exist_ok=True)
            PICTURES[name].write_bytes(small(picture))
        browser.close()


def _pictures(browser: Browser, address: str) -> Iterator[tuple[str, bytes]]:
    """The name and the PNG of each."""
    yield "ask", _asked(_page(browser, 1440, 900), address)
    yield "phone", _asked(_page(browser, 360, 720), address)
    page = _page(browser, 1280, 800)
    for name, path in _PLAIN.items():
        page.goto(address + path)
        page.evaluate("document.fonts.ready.then(() => true)")
        yield name, page.screenshot()


def _page(browser: Browser, width: int, height: int) -> Page:
    return browser.new_context(viewport={"width": width, "height": height}, locale="th-TH", color_scheme="light").new_page()


def _asked(page: Page, address: str) -> bytes:
    """The chat page with the answer to the first sample question and its sources."""
    page.goto(address)
    page.wait_for_selector("#examples button")
    Visit(page, address).ask(BOOK["samples"][0]["question"])
    page.wait_for_selector("#following button")
    page.evaluate("() => { document.activeElement.blur(); document.querySelector('#stage').scrollTop = 0; scrollTo(0, 0); }")
    page.wait_for_timeout(500)
    return page.screenshot()


def small(picture: bytes) -> bytes:
    """A PNG of few colours that weighs at most `MOST_BYTES`, or of the fewest that are tried."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    made = b""
    for colours in _COLOURS:
        file = io.BytesIO()
        whole.quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        made = file.getvalue()
        if len(made) <= MOST_BYTES:
            break
    return made


if __name__ == "__main__":
    main()
