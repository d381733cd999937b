"""The form of every screen, on a phone and a wide one: what axe-core finds, sideways scrolling, focus, headings and titles."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, Page, StorageState

from ingest import ingest
from tests.ui.axe import faults_in_both_schemes
from tests.ui.conftest import Server, Visit, serving
from ui import conversation, passwords, settings
from ui.compose import SAMPLES, compose
from ui.conversation import Asking

Open = Callable[..., Visit]
NAME, PASSWORD = "ผู้ดูแลคลังประจำตำบลบ้านหนองตาลคู่", "ข้าวเหนียวมะม่วง 7 จาน"
READ = "minutes-loei-welfare-2566-03.txt"
BENEFIT = "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วปรับเงินช่วยเหลือกรณีเจ็บป่วยเป็นคืนละเท่าไร"
PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
SCREENS = {
    "start": "/start",
    "start of a province": "/start?province=เลย",
    "start of a year": "/start?year=2566&who=xyz",
    "start without a match": "/start?province=เลย&year=2500",
    "resolutions": "/resolutions",
    "resolutions filtered": "/resolutions?province=เลย&year=2566&organisation=กองทุน",
    "resolutions not found": "/resolutions?text=xyz",
    "documents": "/documents",
    "documents filtered": "/documents?province=เลย&kind=minutes",
    "documents not found": "/documents?text=xyz",
    "document at its words": "/documents/{read}?s=600-700#words",
    "document to be removed": "/documents/{read}/remove",
    "document to be replaced": "/documents/{read}/replace",
    "manage": "/manage",
    "manage by month": "/manage?span=months",
    "manage questions": "/manage/questions",
    "manage system": "/manage/system",
    "manage people": "/manage/people",
    "manage limits": "/manage/people?q=กองทุน&document={read}",
}
"""Addresses of the screens and of what they are when they are filtered or find nothing; `read` is a document's id."""
EMPTY = ("/", "/start", "/resolutions", "/documents", "/manage", "/manage/questions", "/manage/system", "/manage/people")
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
HEADINGS = "[...document.querySelectorAll('h1')].filter((one) => one.getClientRects().length).length"
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return [null, true];
  const shown = [one, one.nextElementSibling, one.querySelector("path")].filter(Boolean).map((each) => getComputedStyle(each));
  const seen = shown.some((style) =>
    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
    || (style.boxShadow !== "none" && / [2-9]px/.test(style.boxShadow)) || parseFloat(style.strokeWidth) >= 4);
  return [one.outerHTML.slice(0, 120), seen];
}"""
"""The element that has the focus, and whether that is to be seen: at it, at the label behind it, or at its shape."""
TABS = 14
"""How often Tab is pressed on a screen."""


@dataclass(frozen=True)
class Furnished:
    """A server with accounts, whose archive has something on every screen; `state` is its administrator's session."""

    server: Server
    state: StorageState
    read: str


@pytest.fixture(scope="module")
def furnished(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    home = tmp_path_factory.mktemp("form") / "home"
    house = compose(settings.load(home=home))
    with house.store as store:
        assert len(ingest([SAMPLES], store).added) == 18
        read = store.find(READ).id
        store.accounts.add(NAME, passwords.hashed(PASSWORD), "administrator", ())
        store.accounts.add("malee", passwords.hashed(PASSWORD), "reader", ("ทีมเลย", "ทีมการเงิน"))
        store.keys.add("line-bot", "reader", ("ทีมเลย",), days=90)
        store.limit(read, ("ทีมเลย",))
        house.note("account.added", "malee")
        for n, question in enumerate(["เรือดำน้ำซื้อกี่ลำ", "เบอร์โทรนายสมชาย 081-234-5678", "ราคายางพาราเท่าไร", BENEFIT]):
            conversation.ask(house, Asking(question=question, conversation=f"kept-{n:08}", face="page"))
    with serving(home, THAMKHLANG_ACCOUNTS="on") as server:
        yield Furnished(server, _session(browser, server), read)


def _session(browser: Browser, server: Server) -> StorageState:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.address}/login?next=start")
    page.fill("input[name=name]", NAME)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/start")
    state = context.storage_state()
    context.close()
    return state


def looked_at(page: Page, *sizes: dict[str, int]) -> None:
    """Fails where a screen is at fault, in light or dark, at each of `sizes`: without one on a phone and a wide screen."""
    for size in sizes or (WIDE, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate(SIDEWAYS) <= 0, size
        assert faults_in_both_schemes(page) == [], size
        assert page.evaluate(HEADINGS) <= 1, size
    assert page.locator("h1").count() == 1
    assert page.get_attribute("html", "lang") == "th"
    assert re.search("[ก-๙]", page.title()) and page.title().endswith("ถามคลัง")


def walked(page: Page) -> int:
    """Presses Tab as often as `TABS`, and fails where the focus cannot be seen; how many elements had it."""
    had: list[str] = []
    for _ in range(TABS):
        page.keyboard.press("Tab")
        element, seen = page.evaluate(FOCUSED)
        assert seen, element
        had += [element] if element else []
    return len(set(had))


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_well_formed(furnished: Furnished, visit: Open, name: str) -> None:
    path = SCREENS[name].format(read=furnished.read)
    seen = visit(furnished.server, path, ready="main h1", storage_state=furnished.state, **WIDE)
    looked_at(seen.page)
    assert walked(seen.page) >= 5
    for _ in range(seen.page.locator("main details:not([open])").count()):
        seen.page.locator("main details:not([open]) > summary").first.click()
    assert seen.page.evaluate(SIDEWAYS) <= 0, "with all unfolded"


def test_the_form_to_log_in_is_well_formed(furnished: Furnished, visit: Open) -> None:
    seen = visit(furnished.server, "/login", ready="input[name=password]", **WIDE)
    looked_at(seen.page)
    assert walked(seen.page) >= 4


@pytest.mark.parametrize("path", EMPTY)
def test_a_screen_of_an_empty_archive_is_well_formed(empty_server: Server, visit: Open, path: str) -> None:
    seen = visit(empty_server, path, ready="#question textarea" if path == "/" else "main h1", **PHONE)
    seen.settle()
    looked_at(seen.page, PHONE)
    if path in ("/", "/start", "/resolutions"):
        assert seen.page.locator("a[href$=documents]", has_text="เพิ่มเอกสารได้ที่หน้าเอกสาร").is_visible()


def test_the_chat_page_is_well_formed(furnished: Furnished, visit: Open) -> None:
    seen = visit(furnished.server, storage_state=furnished.state, **WIDE)
    seen.page.wait_for_selector("#examples button")
    seen.settle()
    looked_at(seen.page)
    seen.ask(BENEFIT)
    seen.ask("ราคาทองคำวันนี้เท่าไร")
    seen.page.click("#limits summary")
    seen.settle()
    looked_at(seen.page)
    seen.page.locator("#question textarea").focus()
    assert walked(seen.page) >= 5


def test_each_screen_has_a_title_of_its_own(furnished: Furnished) -> None:
    cookies = {one["name"]: one["value"] for one in furnished.state["cookies"]}
    own = [f"/documents/{furnished.read}{rest}" for rest in ("", "/remove", "/replace")]
    managed = [f"/manage{rest}" for rest in ("", "/questions", "/system", "/people")]
    paths = ["/", "/start", "/resolutions", "/documents", *own, *managed]
    with httpx.Client(base_url=furnished.server.address, cookies=cookies) as client:
        titles = [re.findall("<title>(.*?)</title>", client.get(path).text)[-1] for path in paths]
    assert len(set(titles)) == len(titles), titles
