"""The pictures of the README: `python -m tests.bench.screenshots`, over the bundled samples, with Chromium and Thai fonts."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.bench.cases import ROOT
from tests.ui.conftest import CHROMIUM, SWITCHES, Visit, serving
from ui.words import ASSETS, BOOK

WIDTHS = {360: 720, 768: 1024, 1440: 900}
"""In CSS pixels, with the height of each: a phone, a tablet, a desk."""
SCREENS = {"ask": "/", "start": "/start", "resolutions": "/resolutions", "documents": "/documents", "manage": "/manage"}
PICTURES = {(screen, width): ROOT / "docs" / "screens" / f"{screen}-{width}.png" for screen in SCREENS for width in WIDTHS} | {
    ("ask", 1440): ASSETS / "screenshot.png"
}
"""Where each picture lies: the largest of the chat page beside its icon, the others where they are not served."""
MOST_BYTES = 90_000
"""Of one picture."""
_COLOURS = (128, 96, 64, 48, 32)
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


def _pictures(browser: Browser, address: str) -> Iterator[tuple[tuple[str, int], bytes]]:
    """The screen, the width and the PNG of each."""
    for width, height in WIDTHS.items():
        size: ViewportSize = {"width": width, "height": height}
        page = browser.new_context(viewport=size, locale="th-TH", color_scheme="light").new_page()
        for screen, path in SCREENS.items():
            page.goto(address + path)
            if screen == "ask":
                _ask(page, address)
            page.evaluate("document.fonts.ready.then(() => true)")
            yield (screen, width), page.screenshot()
        page.context.close()


def _ask(page: Page, address: str) -> None:
    """Asks the first sample question and waits for its answer, sources and what may be asked next."""
    page.wait_for_selector("#examples button")
    Visit(page, address).ask(BOOK["samples"][0]["question"])
    page.wait_for_selector("#following button")
    page.evaluate("() => { document.activeElement.blur(); document.querySelector('#stage').scrollTop = 0; scrollTo(0, 0); }")
    page.wait_for_timeout(500)


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
