"""The screen for those who begin: what is held, by map and by year; who is who; all of it cited, filtered by its address."""

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import Server, Visit, serving
from tests.ui.test_web import ATTACKS
from ui.thailand import SHADES, shade, steps, thailand
from ui.words import ASSETS
from vectorstore import gazetteer

Open = Callable[..., Visit]
HOSTILE = f"ข่าว {ATTACKS[0]} <svg onload=alert(1)>"


def test_the_map_has_the_77_provinces_by_our_names_and_says_whose_work_it_is() -> None:
    assert tuple(thailand().shapes) == gazetteer.provinces() and "บึงกาฬ" in thailand().shapes
    for outline in thailand().shapes.values():
        assert re.fullmatch(r"(?:m[-0-9]+,[-0-9]+l[-0-9, ]+z)+", outline)
    assert "CC BY 4.0" in thailand().licence and "svg-maps/thailand" in thailand().source
    assert (ASSETS / "provinces.json").stat().st_size < 60_000


@pytest.mark.parametrize("counts", [[1], [0, 2, 2], [1, 2, 3, 7], [0, 300, 310, 320, 2_000, 13_273], list(range(100))])
def test_every_count_has_a_shade_and_more_is_never_fainter(counts: list[int]) -> None:
    found = steps(counts)
    assert found[0][0] == min(filter(None, counts)) and found[-1][1] == max(counts) and len(found) <= SHADES
    shades = [shade(count, found) for count in sorted(counts)]
    assert shades[-1] == SHADES and shades == sorted(shades)
    assert all((one == 0) == (count == 0) for one, count in zip(shades, sorted(counts), strict=True))
    assert steps([]) == [] and shade(0, []) == 0


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose documents are made to become markup."""
    with serving(tmp_path_factory.mktemp("start") / "home") as running:
        text = f"{HOSTILE}\nวันที่ 3 มีนาคม 2566 จังหวัดเลย\nสำนักงานทดสอบ<b>งาน (สทง.) {' '.join(ATTACKS)}\nมติที่ประชุม เห็นชอบ {HOSTILE}"
        for number in range(2):
            file = ("ข่าว.txt", f"{text} {number}".encode())
            sent = httpx.post(f"{running.address}/v1/documents", files={"file": (f"{number}-{file[0]}", file[1])})
            assert sent.status_code == 201, sent.text
        yield running


def start(open_page: Open, server: Server, query: str = "", **options: object) -> Page:
    return open_page(server, f"/start{query}", ready="h1", **options).page


def test_the_numbers_are_the_archives(server: Server) -> None:
    told = html.unescape(httpx.get(f"{server.address}/start").text)
    documents = httpx.get(f"{server.address}/v1/documents").json()["documents"]
    assert f"<strong>{len(documents)} เอกสาร</strong>" in told
    for province in {name for one in documents for name in one["provinces"]}:
        count = sum(province in one["provinces"] for one in documents)
        assert f'aria-label="{province} {count} เอกสาร"' in told
    assert told.count('class="s0"') == 77 - len({name for one in documents for name in one["provinces"]})


def test_every_quote_stands_where_its_link_opens(server: Server) -> None:
    told = httpx.get(f"{server.address}/start").text
    quotes = re.findall(
        r'<blockquote[^>]*><a href="documents/([0-9a-f]+)#(?:p=[0-9]+&amp;)?s=([0-9]+)-([0-9]+)">(.*?)</a>', told
    )
    assert len(quotes) > 10
    for name, first, last, quote in quotes:
        text = httpx.get(f"{server.address}/v1/documents/{name}").json()["text"]
        assert " ".join(text[int(first) : int(last)].split()) == html.unescape(quote)


def begun(open_page: Open, server: Server) -> Page:
    """ปูพื้น, come to by a click on the first screen; what Gradio still asks for when it is left would be an error to it."""
    seen = open_page(server)
    seen.page.wait_for_selector("#examples button")
    seen.settle()
    seen.page.get_by_role("link", name="ปูพื้น").click()
    seen.page.wait_for_url("**/start")
    return seen.page


def test_three_clicks_from_the_first_screen_to_a_cited_definition(server: Server, visit: Open) -> None:
    page = begun(visit, server)
    page.get_by_role("link", name="ใครเป็นใคร").click()
    card = page.locator("#who li.sheet").filter(has_text="พอช.")
    expect(card.locator("h3")).to_be_in_viewport()
    card.locator("blockquote a").first.click()
    expect(page.locator("#words")).to_be_in_viewport()
    expect(page.locator("mark").first).to_contain_text("สถาบันพัฒนาองค์กรชุมชน (องค์การมหาชน) (พอช.) เป็นหน่วยงานของรัฐ")


def test_four_clicks_from_the_first_screen_to_the_latest_resolution_of_a_province(server: Server, visit: Open) -> None:
    page = begun(visit, server)
    page.get_by_role("link", name="เลย 2 เอกสาร").click()
    expect(page.locator(".chips")).to_contain_text("จังหวัดเลย")
    page.locator(".parts").get_by_role("link", name="มติล่าสุด").click()
    latest = page.locator("#resolutions li a").first
    expect(latest).to_be_in_viewport()
    decided = " ".join(latest.inner_text().split()).removesuffix("…").strip()
    latest.click()
    expect(page.locator("#words")).to_be_in_viewport()
    assert "นาหินแก้ว" in page.inner_text("h1 >> nth=0")
    assert " ".join("".join(page.locator("mark").all_text_contents()).split()).startswith(decided[:40])


def test_a_click_on_the_map_filters_all_and_a_chip_takes_it_back(server: Server, visit: Open) -> None:
    page = start(visit, server)
    page.get_by_role("link", name="เลย 2 เอกสาร").click()
    expect(page).to_have_url(re.compile(r"/start\?province="))
    expect(page.locator(".sum")).to_contain_text("2 เอกสาร")
    assert page.locator("#documents .list li").count() == 2
    assert (
        "นาหินแก้ว" in page.locator("#resolutions").inner_text() and "คลองพลูทอง" not in page.locator("#resolutions").inner_text()
    )
    expect(page.get_by_role("link", name="น่าน 2 เอกสาร")).to_be_attached()
    page.get_by_role("link", name="เอาตัวกรอง จังหวัดเลย ออก").click()
    expect(page.locator(".sum")).to_contain_text("18 เอกสาร")


def test_a_year_opens_its_months_and_stays_beside_other_filters(server: Server, visit: Open) -> None:
    page = start(visit, server, "?kind=minutes")
    page.locator(".bars a").filter(has_text="2566").click()
    assert "kind=minutes" in page.url and "year=2566" in page.url
    page.locator(".bars a").filter(has_text="มิ.ย. 2566").click()
    assert "month=6" in page.url
    assert [chip.split("✕")[0].strip() for chip in page.locator(".chips .chip").all_inner_texts()] == [
        "พ.ศ. 2566", "มิ.ย.", "รายงานการประชุม", "ล้างตัวกรองทั้งหมด"
    ]  # fmt: skip
    page.locator("#documents .list a").first.click()
    expect(page.locator("h1").first).to_contain_text("กองทุนสวัสดิการชุมชนตำบลนาหินแก้ว")


def test_provinces_are_reached_and_opened_by_the_keyboard(server: Server, visit: Open) -> None:
    page = start(visit, server)
    page.locator(".map a").first.focus()
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") not in (None, name)
    wanted = page.evaluate("document.activeElement.getAttribute('aria-label')").split()[0]
    page.keyboard.press("Enter")
    expect(page.locator(".chips")).to_contain_text(wanted)


def test_without_a_script_the_screen_is_whole(server: Server, visit: Open) -> None:
    page = start(visit, server, java_script_enabled=False)
    page.fill("input[name=who]", "อบต")
    page.get_by_role("button", name="ค้นหา").click()
    cards = page.locator("#who li.sheet h3").all_inner_texts()
    assert cards == ["อบต. · องค์การบริหารส่วนตำบล"] and "who=" in page.url


def test_a_search_for_nobody_says_so_and_keeps_the_filter(server: Server) -> None:
    told = html.unescape(httpx.get(f"{server.address}/start", params={"who": "ไม่มีใคร<b>", "province": "เลย"}).text)
    assert "ไม่พบเอกสารที่บอกความหมายของ" in told and '<input type="hidden" name="province" value="เลย">' in told


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("province=โคราช", "ไม่มีจังหวัดชื่อ “โคราช”"),
        ("year=ปีก่อน", "“ปีก่อน” ไม่ใช่ปี"),
        ("year=2566&month=13", "“13” ไม่ใช่เดือน"),
        ("kind=poem", "ไม่มีเอกสารชนิด “poem”"),
        ("organisation=กรมเวทมนตร์", "ไม่พบหน่วยงาน “กรมเวทมนตร์”"),
        ("province=เลย&year=2500", "ไม่มีเอกสารที่ตรงกับตัวกรองทั้งหมด"),
        ("province=%FF%00&year=99999999&page=-1&most=x", "ไม่ใช่ปี"),
    ],
)
def test_what_cannot_be_asked_for_is_told_in_thai(server: Server, query: str, said: str) -> None:
    told = httpx.get(f"{server.address}/start?{query}")
    assert told.status_code == 200 and said in html.unescape(told.text)


def test_the_suggested_questions_are_addresses_of_the_first_screen(server: Server) -> None:
    told = html.unescape(httpx.get(f"{server.address}/start").text)
    asked = re.findall(r'<a class="button" href="\./\?q=([^"]+)">([^<]+)<', told)
    assert "พอช. คืออะไร" in [said for _, said in asked]


@pytest.mark.parametrize("query", ["", "?province=เลย&year=2566"])
def test_a_phone_shows_it_without_scrolling_sideways(server: Server, visit: Open, query: str) -> None:
    page = start(visit, server, query, width=360, height=740)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_documents_say_stays_text(hostile: Server, visit: Open) -> None:
    page = start(visit, hostile, "?province=เลย")
    assert "<svg onload=alert(1)>" in page.locator("#documents").inner_text()
    assert page.locator("main script, main img, main iframe, main b, [onload], [style]").count() == 0
    assert page.evaluate("document.querySelectorAll('main a[href^=\"javascript\"]').length") == 0


def test_an_empty_archive_is_told_and_a_new_document_shows_at_once(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as server:
        assert "คลังยังไม่มีเอกสาร" in httpx.get(f"{server.address}/start").text
        httpx.post(f"{server.address}/v1/documents", files={"file": ("ก.txt", "ประชุมที่จังหวัดเลย วันที่ 3 มีนาคม 2566".encode())})
        assert 'aria-label="เลย 1 เอกสาร"' in httpx.get(f"{server.address}/start").text
        httpx.delete(f"{server.address}/v1/documents/ก.txt")
        assert "คลังยังไม่มีเอกสาร" in httpx.get(f"{server.address}/start").text
