"""The page of one document: every citation opens at its words, and a document is nothing but text."""

import hashlib
import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.types import link
from ingest import read_document
from tests.fakes import document
from tests.ui.conftest import Server, Visit, serving
from tests.ui.test_web import ATTACKS
from ui import api, reader, settings
from ui.compose import compose
from ui.page import WORDS
from vectorstore import Block, Document

Open = Callable[..., Visit]
REPORT = f"""รายงานการประชุมกลุ่มออมทรัพย์บ้านทดสอบ 😀
👩‍🌾 เปิดประชุมเวลา 09.00 น. 𝒜 มีผู้เข้าร่วม 24 คน <b>ตัวหนา</b> & "อัญประกาศ" {" ".join(ATTACKS)}

1. นางบุญมา ใจเย็น 🎉
2. นายสมหวัง รักถิ่น

มติ เห็นชอบงบประมาณ 41,730 บาท
ปิดประชุมเวลา 12.00 น."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of our own, so that no other test's documents stand in it."""
    with serving(tmp_path_factory.mktemp("reader") / "home", "--samples") as running:
        added = httpx.post(f"{running.address}/v1/documents", files={"file": ("ทดสอบ.txt", REPORT.encode())})
        assert added.status_code == 201, added.text
        yield running


def recorded(server: Server, source: str) -> dict:
    return httpx.get(f"{server.address}/v1/documents/{source}").json()


def blocks_of(read: dict, kind: str) -> list[dict]:
    return [block for block in read["blocks"] if block["kind"] == kind]


def spans(read: dict) -> Iterator[tuple[int, int]]:
    """The first and the last character, all of it, each kind of block, and what goes across blocks, cells and pages."""
    length = len(read["text"])
    yield from [(0, 1), (length - 1, length), (0, length)]
    for kind in ("heading", "paragraph", "list_item", "table_row"):
        if found := blocks_of(read, kind):
            one, last = found[len(found) // 2], found[-1]
            yield from [(one["start"], one["end"]), (one["start"] + 2, last["end"] - 1)]
    paged = [block for block in read["blocks"] if block["page"] == 2]
    if paged:
        yield paged[0]["start"] - 9, paged[0]["end"]


@pytest.mark.parametrize(
    "source",
    ["ทดสอบ.txt", "minutes-chanthaburi-council-2565-01.docx", "news-nan-weir-2566.html", "project-trang-crab-bank-2563.pdf"],
)
def test_a_link_opens_at_exactly_its_words(here: Server, visit: Open, source: str) -> None:
    read = recorded(here, source)
    seen = visit(here, f"/documents/{read['document_id']}", ready="#text")
    assert seen.page.locator("#text").text_content() == read["text"], "every character, once and in order"
    for start, end in spans(read):
        seen.page.goto(here.address + link(read["document_id"], start, end, 1))
        seen.page.wait_for_url(f"**?s={start}-{end}#words")
        seen.page.wait_for_function("document.activeElement.id == 'words'")
        assert "".join(seen.page.locator("mark").all_text_contents()) == read["text"][start:end]
        assert seen.page.locator("#words").count() == seen.page.locator("mark.end").count() == 1
        top = seen.page.evaluate("document.getElementById('words').getBoundingClientRect().top")
        assert -1 <= top < 900, "the words are in sight"


def test_every_citation_of_an_answer_opens(here: Server, visit: Open) -> None:
    question = "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วปรับเงินช่วยเหลือกรณีเจ็บป่วยเป็นคืนละเท่าไร"
    cited = httpx.post(f"{here.address}/v1/answers", json={"question": question}).json()["citations"]
    assert cited
    for one in cited:
        seen = visit(here, one["link"], ready="#words")
        assert "".join(seen.page.locator("mark").all_text_contents()) == one["quote"]


def test_another_link_to_the_same_document_moves_the_marks(here: Server, visit: Open) -> None:
    read = recorded(here, "ทดสอบ.txt")
    seen = visit(here, link(read["document_id"], 0, 7), ready="#words")
    seen.page.evaluate("location.hash = '#s=8-20'")
    seen.page.wait_for_url("**?s=8-20#words")
    assert seen.page.locator("mark").text_content() == read["text"][8:20]
    paged = recorded(here, "project-trang-crab-bank-2563.pdf")
    seen.page.goto(f"{here.address}/documents/{paged['document_id']}#p=2")
    seen.page.wait_for_url("**#p2")
    assert seen.page.evaluate("document.getElementById('p2').getBoundingClientRect().top") < 900


def test_it_can_be_read_without_a_script(here: Server, visit: Open) -> None:
    read = recorded(here, "ทดสอบ.txt")
    seen = visit(here, link(read["document_id"], 8, 20), ready="#text", java_script_enabled=False)
    assert WORDS["no_script"] in seen.page.inner_text("main")
    seen = visit(here, f"/documents/{read['document_id']}?s=8-20#words", ready="mark", java_script_enabled=False)
    assert seen.page.locator("mark").text_content() == read["text"][8:20]


def test_a_keyboard_and_a_screen_reader_find_the_words(here: Server, visit: Open) -> None:
    read = recorded(here, "ทดสอบ.txt")
    seen = visit(here, f"/documents/{read['document_id']}?s=60-75#top", ready="#text")
    assert seen.page.evaluate("document.documentElement.lang") == "th"
    assert seen.page.get_by_role("heading", level=1).count() == 1
    seen.page.locator("body").press("Tab")
    skip = seen.page.get_by_role("link", name=WORDS["skip"])
    assert skip.evaluate("one => one === document.activeElement")
    skip.press("Enter")
    seen.page.wait_for_function("document.activeElement.id == 'words'")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_well_on_a_small_screen_and_in_the_dark(here: Server, visit: Open, scheme: str) -> None:
    for source in ("project-nan-weir-2565.docx", "ทดสอบ.txt"):
        read = recorded(here, source)
        path = link(read["document_id"], 0, len(read["text"]))
        seen = visit(here, path, ready="#words", width=360, height=740, color_scheme=scheme)
        assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert seen.page.evaluate("document.fonts.check('16px \"Noto Sans Thai Looped\"', 'ที่มา')")
        for name in ("#words", "h1", ".about", ".from", "nav a", "main"):
            assert seen.page.evaluate(CONTRAST, name) >= 4.5, name


CONTRAST = """(name) => {
  const light = (colour) => { const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3)
      .map((part) => part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const shown = document.querySelector(name);
  let under = shown;
  while (getComputedStyle(under).backgroundColor === "rgba(0, 0, 0, 0)") under = under.parentElement;
  const both = [light(getComputedStyle(shown).color), light(getComputedStyle(under).backgroundColor)].sort((a, b) => b - a);
  return (both[0] + 0.05) / (both[1] + 0.05); }"""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    house = compose(settings.load(home=tmp_path / "home"))
    with house.store, TestClient(api.create(house), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def put(client: TestClient, text: str) -> str:
    added = client.post("/v1/documents", files={"file": ("<i>report</i>.txt", text)})
    return str(added.json()["document"]["document_id"])


def test_old_versions_stay_readable_and_name_the_new_one(client: TestClient) -> None:
    old, new = put(client, "กลุ่มมีสมาชิก 24 คน"), put(client, "กลุ่มมีสมาชิก 25 คน")
    shown = client.get(f"/documents/{old}?s=14-16").text
    assert '<mark id="words" tabindex="-1" class="end">24</mark>' in shown and f'<a href="{new}">' in shown
    assert WORDS["open_newest"] not in client.get(f"/documents/{new}").text
    assert client.delete(f"/v1/documents/{new}").json()["documents"] == [old, new]
    for gone in (old, new, "nothing", "a/b/c", ""):
        told = client.get(f"/documents/{gone}")
        assert told.status_code == 404 and WORDS["no_document"] in told.text and 'lang="th"' in told.text
        assert told.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("span", ["x", "5-5", "9-4", "0-9999", "-1-3", "1-2-3", "9" * 5000 + "-1", "๑-๓", '"><b>'])
def test_a_span_that_is_none_is_told_and_marks_nothing(client: TestClient, span: str) -> None:
    told = client.get(f"/documents/{put(client, 'กลุ่มมีสมาชิก 24 คน')}", params={"s": span})
    assert told.status_code == 200 and WORDS["no_words"] in told.text and "<mark" not in told.text and "<b>" not in told.text


def test_the_page_may_load_only_our_own_style_and_script(client: TestClient) -> None:
    name = put(client, REPORT)
    for path in (f"/documents/{name}", "/documents/nothing"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    shown = client.get(f"/documents/{name}").text
    assert not re.search(r"<(?:img|form|meta http|iframe|style|b>|script>)| on[a-z]+=\"|style=", shown.partition("<main>")[2])
    assert client.get(f"/documents/{name}", headers={"host": "evil.example"}).json()["code"] == "foreign_host"


BITS = st.text(alphabet="กำ่ 1|<&\"'>\n😀", min_size=1, max_size=12)
KINDS = st.sampled_from(["heading", "paragraph", "list_item", "table_row"])


@given(st.lists(st.tuples(BITS, KINDS, st.sampled_from(["", "\n", " x\n", "\n\n"]), st.none() | st.integers(1, 3))), st.data())
def test_every_character_is_there_once_and_those_asked_for_are_marked(parts: list, data: st.DataObject) -> None:
    text, blocks = data.draw(st.sampled_from(["", "\n", "ก "])), []
    for words, kind, gap, page in parts:
        blocks.append(Block(start=len(text), end=len(text) + len(words), kind=kind, page=page))
        text += words + gap
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    name = hashlib.sha256(text.encode()).hexdigest()
    shown = reader.show(Document(id=name, source="x", title="ก", text=text, blocks=tuple(blocks)), f"{start}-{end}")
    article = shown.partition('<article id="text">')[2].partition("</article>")[0]
    assert written(article) == text
    assert "".join(written(mark) for mark in re.findall("<mark[^>]*>(.*?)</mark>", article, re.DOTALL)) == text[start:end]
    assert article.count('id="words"') == article.count('class="end"') == (start < end)


def written(markup: str) -> str:
    return html.unescape(re.sub("<[^>]*>", "", markup))


def test_empty_cells_keep_their_place() -> None:
    text = "ที่ | รายการ | บาท\n| รวม | \n| | 5"
    rows = [
        Block(start=0, end=18, kind="table_row"),
        Block(start=19, end=27, kind="table_row"),
        Block(start=28, end=33, kind="table_row"),
    ]
    shown = reader.show(Document(id="a", source="x", title="ก", text=text, blocks=tuple(rows)))
    cells = [re.findall("<td[^>]*>(.*?)(?:<span|</td>)", row) for row in re.findall("<tr.*?</tr>", shown, re.DOTALL)]
    assert cells == [["ที่", "รายการ", "บาท"], ["", "รวม", ""], ["", "", "5"]]


def test_the_title_is_told_once() -> None:
    made = document("a.txt", "ข่าวเปิดฝาย", "เนื้อข่าว")
    assert reader.show(made).count("<h1") == 1 and '<h1 id="b0">ข่าวเปิดฝาย' in reader.show(made)
    assert "<h1>อื่น</h1>" in reader.show(document("a.txt", "ข่าวเปิดฝาย", title="อื่น"))


def test_what_is_known_of_a_document_is_on_its_page_and_its_resolutions_lead_to_their_words() -> None:
    text = (
        "รายงานการประชุมกองทุนสวัสดิการตำบลนาดี ครั้งที่ 2/2566\nวันที่ 18 มิถุนายน 2566 ณ ศาลาประชาคม อำเภอเมือง จังหวัดเลย\n"
        "วาระที่ 1 เรื่องพิจารณา\nมติที่ประชุม เห็นชอบ <b>ซ่อมศาลา</b> มอบหมายให้นายดี มีสุข ดำเนินการภายในวันที่ 30 กันยายน 2566\n"
    )
    document = read_document("minutes.txt", text.encode())
    page = reader.show(document)
    (row,) = document.resolutions
    assert f'<a href="?s={row.start}-{row.end}#words">' in page and "<b>" not in page
    assert "ศาลาประชาคม" in page.split("</details>")[0] and "ผู้รับผิดชอบ: นายดี มีสุข" in page
    assert "<details" not in reader.show(read_document("a.txt", "ไม่มีอะไรน่ารู้".encode()))
