"""The chat page in a real browser, over a real server: what a member of staff sees, and what a hostile document cannot do."""

import re
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from assistant import Answer, Assistant, ModelUnavailable, Refusal, Turn
from tests import fakes
from tests.ui.conftest import Server, Visit, serving
from ui import page, suggesting
from ui.compose import House
from ui.settings import Settings
from vectorstore import Store
from vectorstore.types import Filter, Header

Open = Callable[..., Visit]
BENEFIT = "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วปรับเงินช่วยเหลือกรณีเจ็บป่วยเป็นคืนละเท่าไร"
ATTACKS = (
    "<img src=x onerror=\"document.title='broken'\">",
    "![](http://127.0.0.1:9/x.png)",
    '<form action="http://127.0.0.1:9/"><input name=q></form>',
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">',
    "[กด](javascript:alert(1))",
    "**หนา** `โค้ด` $$x^2$$ ${document.title='broken'} {{constructor}}",
    "<script>document.title='broken'</script>",
    '<a href="http://127.0.0.1:9/">ลิงก์</a>',
    '<iframe src="http://127.0.0.1:9/"></iframe>',
    "<style>body{display:none}</style>",
)
OURS = (
    r"(?:\./)?(?:start|resolutions|documents|manage)?|#source-[0-9]+-[0-9]+|#answer-[0-9]+"
    r"|documents/[0-9a-f]{64}(?:#s=[0-9]+-[0-9]+)?"
)
"""Where a link of the page may lead."""
HOSTILE = f"""บันทึกลงพื้นที่โรงเรือนเห็ดบ้านโคกทดสอบ {ATTACKS[0]}

งบประมาณ
{" ".join(ATTACKS[5:])}
โรงเรือนเห็ดบ้านโคกทดสอบใช้งบประมาณ 41,730 บาท {" ".join(ATTACKS[:5])}
"""
"""Attacks before and after the answer, all within what is shown around it."""


def test_the_page_is_in_thai_for_any_browser(server: Server, visit: Open) -> None:
    for locale in ("th-TH", "en-US"):
        seen = visit(server, locale=locale)
        assert seen.page.title() == page.WORDS["title"]
        assert seen.page.evaluate("document.documentElement.lang") == "th"
        assert page.WORDS["tagline"].split()[0] in seen.page.inner_text("#heading")
        assert "18 เอกสาร" in seen.page.inner_text("#heading")
        seen.page.wait_for_selector("#examples button")
        shown = seen.page.inner_text("body")
        assert set(re.findall("[A-Za-z]+", shown)) == set(), f"English on the page: {shown}"
        assert seen.page.get_by_label(page.WORDS["question"], exact=True).is_visible()
        assert seen.page.evaluate("document.fonts.check('16px \"Noto Sans Thai Looped\"', 'ที่มา')")


def test_a_question_is_answered_with_its_source_beside_it(server: Server, visit: Open) -> None:
    seen = visit(server)
    said = seen.ask(BENEFIT)
    assert "คืนละ 200 บาท" in said
    assert BENEFIT in seen.page.inner_text("#chat .asked")
    card = seen.page.locator("#sources .card").first
    assert card.locator(".n").inner_text() == "1"
    assert "นาหินแก้ว" in card.locator("h3").inner_text()
    assert "18 มิ.ย. 2566" in card.locator(".about").inner_text()
    marked = card.locator("mark").inner_text()
    assert _plain(marked) in _plain(said)
    assert len(card.locator("blockquote").inner_text()) > len(marked) + 200, "the words around a quote are shown"
    with seen.page.context.expect_page() as opened:
        card.get_by_role("link", name=page.WORDS["open_document"]).click()
    opened.value.wait_for_selector("#words")
    assert marked == "".join(opened.value.locator("mark").all_text_contents())
    assert opened.value.evaluate("opener") is None
    seen.page.click("#chat a.ref >> nth=0")
    assert seen.page.evaluate("document.activeElement.id") == "source-1-1"
    assert seen.page.input_value("#question textarea") == ""


def _plain(text: str) -> str:
    return "".join(re.sub(r"\[?[0-9]+\]?\s*$", "", text).split())


def test_earlier_sources_stay_and_a_new_conversation_clears_them(server: Server, visit: Open) -> None:
    seen = visit(server)
    seen.ask(BENEFIT)
    seen.ask("โครงการเพื่อนเยี่ยมบ้านผู้สูงวัยริมคลองมีวัตถุประสงค์อะไรบ้าง")
    assert seen.page.locator("#sources details").count() == 1
    seen.page.click("#chat .answered >> nth=0 >> a.ref >> nth=0")
    assert seen.page.locator("#source-1-1").is_visible(), "an earlier answer's marker opens its card"
    seen.page.click("#anew")
    seen.page.wait_for_selector("#examples button")
    assert seen.page.locator(".turn").count() == 0
    assert seen.page.locator(".card").count() == 0


def test_an_english_question(server: Server, visit: Open) -> None:
    seen = visit(server)
    said = seen.ask("What budget did the weir project in Nan get?")
    assert "200,000" in said
    assert seen.page.locator("#sources mark").count() >= 1


def test_what_the_archive_does_not_hold_is_refused(server: Server, visit: Open) -> None:
    seen = visit(server)
    said = seen.ask("ใครได้แชมป์ฟุตบอลโลกที่กาตาร์")
    assert "ไม่พบ" in said
    assert seen.page.locator("#chat a.ref").count() == 0
    assert seen.page.locator("#sources .card").count() == 0


def test_example_questions_are_answered(server: Server, visit: Open) -> None:
    seen = visit(server)
    seen.page.wait_for_selector("#examples button")
    examples = seen.page.locator("#examples button:visible").all_inner_texts()
    assert 3 <= len(examples) <= 4
    for example in examples:
        seen.page.get_by_role("button", name=example).click()
        seen.answer()
        assert seen.page.locator("#sources .card").count() >= 1, example
        seen.page.click("#anew")
        seen.page.wait_for_selector("#examples button")


def test_a_question_too_long_is_told_in_thai(server: Server, visit: Open) -> None:
    seen = visit(server)
    assert "คำถามยาวเกินไป" in seen.ask("ยาว " * 1500)


@pytest.mark.parametrize(("width", "height"), [(360, 740), (768, 1024), (1280, 900)])
def test_nothing_scrolls_sideways(server: Server, visit: Open, width: int, height: int) -> None:
    seen = visit(server, width=width, height=height)
    wide = "document.documentElement.scrollWidth - innerWidth"
    seen.page.wait_for_selector("#examples button")
    assert seen.page.evaluate(wide) <= 0
    seen.ask("https://example.org/" + "ยาวมาก" * 60)
    seen.ask(BENEFIT)
    assert seen.page.evaluate(wide) <= 0
    beside, talk = (seen.page.locator(name).bounding_box() for name in ("#beside", "#talk"))
    assert beside and talk
    if width >= 960:
        assert beside["x"] >= talk["x"] + talk["width"], "sources stand on the right"
    else:
        assert beside["y"] >= talk["y"] + talk["height"], "sources stand below"


def test_a_hostile_document_and_question_are_text_only(server: Server, visit: Open) -> None:
    posted = httpx.post(f"{server.address}/v1/documents", files={"file": ("เห็ด<b>.txt", HOSTILE.encode(), "text/plain")})
    assert posted.status_code in (200, 201), posted.text
    seen = visit(server)
    said = seen.ask("โรงเรือนเห็ดบ้านโคกทดสอบใช้งบประมาณเท่าไร <img src=x onerror=alert(1)> ![](http://127.0.0.1:9/y.png)")
    shown = seen.page.inner_text("#sources")
    assert "41,730 บาท" in said and ATTACKS[0] in said
    for attack in ATTACKS:
        assert attack in shown, attack
    assert "<img src=x onerror=alert(1)> ![](http://127.0.0.1:9/y.png)" in seen.page.inner_text("#chat .asked")
    for place in ("#chat", "#sources", "#welcome"):
        harmful = "img, form, input, meta, script, iframe, style, strong, em, code:not(#welcome *), video, object, svg"
        assert seen.page.locator(place).locator(harmful).count() == 0
    links = seen.page.eval_on_selector_all("gradio-app a", "all => all.map(one => one.getAttribute('href'))")
    assert all(re.fullmatch(OURS, link) for link in links)
    assert seen.page.title() == page.WORDS["title"]
    assert not [url for url in seen.requests if ":9/" in url]
    reloaded = visit(server)
    reloaded.page.wait_for_selector("#examples button")
    assert reloaded.page.title() == page.WORDS["title"]
    httpx.delete(f"{server.address}/v1/documents/{posted.json()['document']['document_id']}")


def test_an_empty_archive_says_what_to_do(empty_server: Server, visit: Open) -> None:
    seen = visit(empty_server)
    assert page.WORDS["empty_command"] in seen.page.inner_text("#welcome")
    assert seen.page.locator("#examples button:visible").count() == 0
    assert "thamkhlang add" in seen.ask("มีเอกสารอะไรบ้าง")


def test_only_what_the_page_needs_of_gradio_is_served(server: Server) -> None:
    for path in ("upload", "file=/etc/passwd", "info", "openapi.json", "runs", "app_id", "user", "process_recording"):
        assert httpx.get(f"{server.address}/gradio_api/{path}").status_code == 404, path
    assert httpx.post(f"{server.address}/gradio_api/upload", files={"files": b"x"}).status_code == 404
    assert httpx.post(f"{server.address}/gradio_api/queue/join", content=b" " * 200_000).status_code == 413
    served = httpx.get(server.address)
    assert '<html\n\tlang="th"' in served.text
    assert "og:" not in served.text and "twitter:" not in served.text
    assert "default-src 'self'" in served.headers["content-security-policy"]


def test_a_server_that_is_gone_is_told_in_thai(tmp_path_factory: pytest.TempPathFactory, visit: Open) -> None:
    with serving(tmp_path_factory.mktemp("gone") / "home") as running:
        seen = visit(running)
        seen.settle()
    seen.page.fill("#question textarea", "ยังอยู่ไหม")
    seen.page.press("#question textarea", "Enter")
    seen.page.wait_for_selector("#unreachable")
    assert seen.page.inner_text("#unreachable") == page.WORDS["unreachable"]
    assert not seen.page.locator(".toast-body").is_visible()
    seen.complaints.clear()


@dataclass
class Slow(Assistant):
    """Answers half, then waits to be told; fails where it is asked to."""

    archive: Store
    go_on: threading.Event = field(default_factory=threading.Event)
    heard: list[Sequence[Turn]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.archive)

    def stream(
        self, text: str, history: Sequence[Turn] = (), wanted: Filter | None = None, **more: Any
    ) -> Iterator[str | Answer | Refusal]:
        self.heard.append(history)
        yield "ครึ่งแรก"
        assert self.go_on.wait(20)
        if "พัง" in text:
            raise RuntimeError("a fault that nobody foresaw")
        if "ล่ม" in text:
            raise ModelUnavailable("โมเดลไม่ตอบ")
        yield from super().stream(text, history, wanted, **more)


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[tuple[Server, Slow]]:
    """A page over an assistant that answers when it is told to."""
    from ui import api, web

    with Store(tmp_path / "home", fakes.HashEmbedder()) as store, socket.socket() as listening:
        made = fakes.document("a.txt", "กลุ่มออมทรัพย์บ้านทดสอบมีสมาชิก 120 คน")
        store.add([(made, fakes.passages(made))])
        listening.bind(("127.0.0.1", 0))
        house = House(Settings(home=tmp_path), store, Slow(store))
        server = uvicorn.Server(uvicorn.Config(web.mount(api.create(house), house), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        listening.listen()
        thread.start()
        yield Server(f"http://127.0.0.1:{listening.getsockname()[1]}", 0), house.assistant  # type: ignore[misc]
        server.should_exit = True
        thread.join(15)


def test_an_answer_shows_as_it_comes_and_trouble_is_told_in_thai(slow: tuple[Server, Slow], visit: Open) -> None:
    server, assistant = slow
    seen = visit(server)
    seen.settle()
    seen.page.fill("#question textarea", "กลุ่มออมทรัพย์บ้านทดสอบมีสมาชิกกี่คน")
    seen.page.press("#question textarea", "Enter")
    seen.page.wait_for_function("document.querySelector('#chat')?.innerText.includes('ครึ่งแรก')")
    assert seen.page.locator("#chat .coming").count() == 1
    assert seen.page.locator("#sources .card").count() == 0
    assistant.go_on.set()
    assert "120 คน" in seen.answer()
    assert "โมเดลไม่ตอบ" in seen.ask("ล่มหรือยัง")
    assert [turn.role for turn in assistant.heard[-1]] == ["user", "assistant"]
    assert page.WORDS["failed"] in seen.ask("พังหรือยัง")
    assert "120 คน" in seen.page.inner_text("#chat"), "what was said before stays"
    assert not re.findall("Error|Traceback|fault|foresaw", seen.page.inner_text("body"))
    assert not seen.page.locator(".toast-body").is_visible()
    seen.page.fill("#question textarea", "บ้านทดสอบมีสมาชิกกี่คน")
    seen.page.click("#ask")
    seen.page.wait_for_function("document.querySelectorAll('#chat a.ref').length == 2")


@pytest.mark.parametrize(
    ("text", "start", "end", "before", "after"),
    [
        ("หนึ่ง สอง สาม", 6, 9, "หนึ่ง ", " สาม"),
        ("ก" * 50 + " ข" * 20 + "QUOTE" + " ค" * 50, 90, 95, "… " + " ".join("ข" * 20), " ค" * 19 + " …"),
    ],
)
def test_surroundings(text: str, start: int, end: int, before: str, after: str) -> None:
    assert page.surroundings(text, start, end, 40) == (before, after)


def test_surroundings_cut_no_letter_from_its_signs() -> None:
    text = "ที่" * 30 + "คำ" + "ที่" * 30
    for around in range(9, 60):
        before, after = page.surroundings(text, 90, 92, around)
        assert re.fullmatch("… (ที่)*", before), before
        assert re.fullmatch("(ที่)* …", after), after


def test_nothing_is_left_of_a_sign() -> None:
    written = "<b>&amp; [x](y) ![](z) `c` $$ ${} {{}} # * _ ~ | \\ \" ' 1. http://a.b"
    shown = page.inert(written)
    assert not set("<>[]()`${}*_~|\\\"'./:!") & set(re.sub("&#[0-9]+;", "", shown))
    assert page.inert("ก\nข") == "ก<br>ข"


def test_only_an_answers_own_markers_lead_to_cards() -> None:
    assert page.bubble("ก [1] ข [7]", 3, [1]) == (
        '<div class="said">ก&#160;<a class="ref" href="#source-3-1">1</a> ข &#91;7&#93;</div>'
    )
    assert "<a" not in page.bubble("ก [1]")


def test_examples_need_more_than_a_title() -> None:
    header = Header(id="a" * 64, source="x.txt", title="รายงานการประชุม", kind="minutes")
    (example,) = suggesting.examples([header])
    assert example.question == "รายงานการประชุม มีมติอะไรบ้าง"
    assert suggesting.examples([]) == []


def test_a_page_that_there_is_none_of_leads_on(server: Server, visit: Open) -> None:
    seen = visit(server, "/no/such", ready="main h1")
    assert seen.page.inner_text("main h1") == "ไม่มีหน้านี้"
    seen.page.click("main a.button")
    seen.page.wait_for_selector("#question textarea")
    assert len(seen.complaints) == 1 and "404" in seen.complaints.pop()
