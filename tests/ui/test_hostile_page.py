"""What documents, questions, titles and reasons cannot do to the chat page, whatever they say."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

import httpx
import pytest

from tests.ui.conftest import Server, Visit, serving
from tests.ui.test_web import OURS
from ui.markup import inert, inert_json, inert_value
from ui.words import WORDS

Open = Callable[..., Visit]
TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in "hidden")
ATTACKS = (
    "<script>window.broken=1</script>",
    '<img src=x onerror="window.broken=1">',
    "<svg/onload=window.broken=1>",
    '<img src="http://127.0.0.1:9/beacon.png">',
    "![รูป](http://127.0.0.1:9/markdown.png)",
    "<style>@import 'http://127.0.0.1:9/a.css'; body{display:none}</style>",
    '<div style="background:url(http://127.0.0.1:9/css.png)">x</div>',
    '<link rel="stylesheet" href="http://127.0.0.1:9/b.css">',
    '<form action="http://127.0.0.1:9/"><input name=q autofocus onfocus="window.broken=1"></form>',
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">',
    '<a href="javascript:window.broken=1">กด</a>',
    "[กด](javascript:window.broken=1)",
    '<iframe srcdoc="<script>parent.broken=1</script>"></iframe>',
    '<object data="data:text/html,<script>window.broken=1</script>"></object>',
    '<a href="data:text/html,<script>window.broken=1</script>">ข้อมูล</a>',
    '<base href="http://127.0.0.1:9/">',
    "\u202eกลับหน้าเป็นหลัง\u202c \u2066แยก\u2069",
    "คำ\u200bว่าง\u200d\u2060\ufeff",
    f"มองไม่เห็น{TAGS}",
    "$$\\href{javascript:window.broken=1}{x}$$ \\(x^2\\)",
    "{{7*7}} {% raw %} ${window.broken=1} #{1} <%= 1 %> {{constructor.constructor('window.broken=1')()}}",
    "\"'><script>window.broken=1</script>",
    "</span></article></textarea></template><script>window.broken=1</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.broken=1>",
    '<button data-wish=\'{"question":"x"}\' class="rate copy erase">กด</button>',
    '[1] <a class="ref" href="#x">1</a> &lt;b&gt; &#60;i&#62;',
)
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
HARMFUL = (
    "img, form, input, meta, script, iframe, style, link, base, svg, math, object, em, code, video, table, [onerror], [style]"
)
PLACES = ".turn, .card, #following ul, #talks-list ul, #limits ul, #limits data, #examples ul"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An archive of hostile documents: an attack in the title, the words that answer, those around them, and the name."""
    with serving(tmp_path_factory.mktemp("hostile") / "home") as running:
        for n, attack in enumerate(ATTACKS, start=10):
            text = (
                f"บันทึกลงพื้นที่โรงเรือนเห็ดบ้านทดสอบ{n} {attack}\n\nงบประมาณ\n{attack}\n"
                f"โรงเรือนเห็ดบ้านทดสอบ{n} ใช้งบประมาณ {n},730 บาท {attack}\nหมายเหตุ {attack}\n"
            )
            name = f"เห็ด{n}<img src=x onerror=broken>.txt"
            sent = httpx.post(
                f"{running.address}/v1/documents", files={"file": (name, text.encode(), "text/plain")}, timeout=60
            )
            assert sent.status_code == 201, sent.text
        yield running


def unharmed(seen: Visit) -> None:
    assert seen.page.evaluate("typeof window.broken") == "undefined"
    assert seen.page.title() == WORDS["title"] and seen.page.locator("#question textarea").is_visible()
    assert not [url for url in seen.requests if ":9/" in url or url.startswith("data:text")]
    counted = seen.page.evaluate(
        "([places, harmful]) => [...document.querySelectorAll(places)].map((one) => one.querySelectorAll(harmful).length)",
        [PLACES, HARMFUL],
    )
    assert sum(counted) == 0
    assert not UNSEEN.search(seen.page.inner_text("body"))
    links = seen.page.eval_on_selector_all("gradio-app a", "all => all.map(one => one.getAttribute('href'))")
    assert [link for link in links if not re.fullmatch(OURS, link)] == []


@pytest.mark.slow
def test_hostile_documents_and_questions_are_text_only(hostile: Server, visit: Open) -> None:
    seen = visit(hostile)
    answered = 0
    for n, attack in enumerate(ATTACKS, start=10):
        before = seen.page.locator("#said .answered").count()
        said = seen.ask(f"โรงเรือนเห็ดบ้านทดสอบ{n} ใช้งบประมาณเท่าไร {attack}")
        asked = seen.page.locator("#chat .asked .said").nth(before).inner_text()
        assert _seen(attack) in _seen(asked), attack
        answered += f"{n},730" in said
        unharmed(seen)
    assert answered >= 20
    seen.page.locator(".rate[data-right=false]").last.click()
    seen.page.fill(".why input[name=more]", ATTACKS[1])
    seen.page.click(".why button")
    seen.page.wait_for_selector(".why", state="detached")
    seen.page.click("#talks-open")
    seen.page.wait_for_selector("button.talk")
    assert ATTACKS[0] in seen.page.inner_text("button.talk span")
    seen.settle()
    unharmed(seen)
    seen.page.reload()
    seen.page.wait_for_selector("#chat .turn")
    seen.settle()
    unharmed(seen)


def _seen(text: str) -> str:
    return "".join(UNSEEN.sub("", text).split())


@pytest.mark.parametrize("where", ["q", "document"])
def test_a_hostile_address_is_text_only(hostile: Server, visit: Open, where: str) -> None:
    seen = visit(hostile, f"/?{where}={quote(ATTACKS[1] + ATTACKS[21])}")
    seen.page.wait_for_selector("#said .answered" if where == "q" else "#limits .alarm")
    seen.settle()
    unharmed(seen)


def test_a_hostile_title_is_a_chip(hostile: Server, visit: Open) -> None:
    (found, *_) = httpx.get(f"{hostile.address}/v1/documents").json()["documents"]
    seen = visit(hostile, f"/?document={found['document_id']}")
    seen.page.wait_for_selector("#limited .chip")
    assert _seen(found["title"]) in _seen(seen.page.inner_text("#limited .chip"))
    unharmed(seen)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_is_left_of_an_attack(attack: str) -> None:
    for shown in (inert(attack), inert_value(f"{attack}\n{attack}"), inert_json({"question": attack})):
        left = re.sub("&#[0-9]+;|<br>", "", shown)
        assert not set("<>[]()`${}%*_~|\\\"'./:!=") & set(left)
        assert not UNSEEN.search(left)
