"""The register and the list of documents in a browser: filtered, sorted, opened at the words, downloaded and read back."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import openpyxl
import pytest

from tests.ui.conftest import Server, Visit, serving
from ui import settings
from ui.cli import main
from ui.compose import compose
from ui.register import DUES

Open = Callable[..., Visit]
HOSTILE = '<img src=x onerror="document.title=1"> =HYPERLINK("http://evil.example") {{7*7}}'


def thai(when: date) -> str:
    months = ["มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน"]
    months += ["กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"]
    return f"{when.day} {months[when.month - 1]} {when.year + 543}"


def minutes() -> str:
    """Minutes whose resolutions are due in some days, in a year, and whose words are hostile."""
    soon, later = date.today() + timedelta(10), date.today() + timedelta(400)
    return (
        f"รายงานการประชุมกลุ่ม {HOSTILE} ครั้งที่ 1/2569\nวันที่ 5 มกราคม 2569 ณ ศาลา อำเภอเมือง จังหวัดเลย\nวาระที่ 1 เรื่องพิจารณา\n"
        f"มติที่ประชุม @SUM(A1) เห็นชอบ {HOSTILE} มอบหมายให้นายดี มีสุข ดำเนินการภายในวันที่ {thai(soon)}\n"
        f"วาระที่ 2 เรื่องอื่น\nมติที่ประชุม ให้นางงาม มีทรัพย์ ทาสีศาลา ภายในวันที่ {thai(later)}\n"
    )


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The samples, and a document that means harm."""
    with serving(tmp_path_factory.mktemp("lists") / "home", "--samples") as running:
        added = httpx.post(f"{running.address}/v1/documents", files={"file": ("=cmd|' C calc'!A0.txt", minutes().encode())})
        assert added.status_code == 201, added.text
        yield running


def cells(seen: Visit, column: int) -> list[str]:
    return [text.strip() for text in seen.page.locator(f"tbody tr td:nth-child({column})").all_inner_texts()]


def filled(seen: Visit, **fields: str) -> None:
    for name, value in fields.items():
        field = seen.page.locator(f"form.row [name={name}]")
        field.select_option(value) if field.evaluate("one => one.tagName") == "SELECT" else field.fill(value)
    seen.page.click("form.row button")
    seen.page.wait_for_load_state()


def test_the_register_is_filtered_and_keeps_it_in_its_address(here: Server, visit: Open) -> None:
    seen = visit(here, "/resolutions", ready="table")
    assert "ทั้งหมด 34 มติ" in seen.page.inner_text(".count")
    filled(seen, province="เลย", due="overdue", text="กองทุน")
    assert "province=" in seen.page.url and "due=overdue" in seen.page.url
    assert set(cells(seen, 6)) and all("เลยกำหนด" in text for text in cells(seen, 6))
    chips = seen.page.locator(".chips li").all_inner_texts()
    assert [chip.partition("✕")[0].strip() for chip in chips] == [
        "คำค้น: กองทุน",
        "จังหวัด: เลย",
        "สถานะกำหนด: เลยกำหนด",
        "ล้างตัวกรองทั้งหมด",
    ]
    before = len(cells(seen, 1))
    seen.page.locator(".chips a").first.click()
    seen.page.wait_for_url(lambda url: "text=" not in url)
    assert len(cells(seen, 1)) > before
    seen.page.goto(f"{here.address}/resolutions?text=ไม่มีคำนี้แน่นอน")
    assert "ไม่พบมติ" in seen.page.inner_text("main")
    for due, words in DUES.items():
        seen.page.goto(f"{here.address}/resolutions?due={due}")
        assert cells(seen, 6) and all(words in text for text in cells(seen, 6))


def test_the_register_is_filtered_by_document_and_organisation(here: Server, visit: Open) -> None:
    seen = visit(here, "/resolutions?document=chanthaburi-council-2567", ready="table")
    assert len(cells(seen, 1)) == 4 and set(cells(seen, 3)) == {"9 พ.ค. 2567"}
    assert seen.page.locator("details.more").get_attribute("open") is not None, "what is filtered by is in sight"
    seen.page.goto(f"{here.address}/resolutions?document=ไม่มีเอกสารนี้&year=2567")
    assert "ไม่พบมติ" in seen.page.inner_text("main")
    read = httpx.get(f"{here.address}/v1/documents/minutes-loei-welfare-2566-03.txt").json()
    seen.page.goto(f"{here.address}/documents/{read['document_id']}")
    seen.page.get_by_role("link", name="ดูในทะเบียนมติ").click()
    seen.page.wait_for_selector("table")
    assert len(cells(seen, 1)) == 5 and f"ชื่อเอกสาร: {read['title']}" in seen.page.inner_text(".chips")
    name = seen.page.locator("#organisations option").first.get_attribute("value")
    seen.page.goto(f"{here.address}/resolutions?organisation={name}")
    assert cells(seen, 1)


def test_the_register_is_sorted_by_its_heads(here: Server, visit: Open) -> None:
    seen = visit(here, "/resolutions", ready="table")
    heads = seen.page.locator("th")
    assert heads.nth(2).get_attribute("aria-sort") == "descending"
    newest = cells(seen, 3)
    heads.nth(2).get_by_role("link").click()
    seen.page.wait_for_url("**sort=date*")
    assert heads.nth(2).get_attribute("aria-sort") == "ascending" and cells(seen, 3)[0] == "28 ส.ค. 2563" == newest[-1]
    heads.nth(5).get_by_role("link").click()
    seen.page.wait_for_url("**sort=due*")
    assert heads.nth(5).get_attribute("aria-sort") == "ascending" and heads.nth(2).get_attribute("aria-sort") is None
    states = [next(words for words in DUES.values() if words in text) for text in cells(seen, 6)]
    assert states == sorted(states, key=list(DUES.values()).index) and len(set(states)) == 4


def test_a_row_opens_its_source_at_the_words(here: Server, visit: Open) -> None:
    seen = visit(here, "/resolutions?text=ภัยพิบัติ&province=เลย", ready="table", java_script_enabled=False)
    (words,) = cells(seen, 1)
    seen.page.click("a.decision")
    seen.page.wait_for_selector("#words")
    assert "".join(seen.page.locator("mark").all_text_contents()).strip() == words


WIDE = """[...document.querySelectorAll("main :not(thead, thead *, .unseen, input[type=file])")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 200))"""
"""What reaches beyond the right edge."""


@pytest.mark.parametrize("path", ["/resolutions", "/documents", "/documents?warning=similar", "/resolutions?text=xyz"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_scrolls_sideways_on_a_phone(here: Server, visit: Open, path: str, scheme: str) -> None:
    seen = visit(here, path, ready="main", width=360, height=740, color_scheme=scheme)
    assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert seen.page.evaluate(WIDE) == []
    if seen.page.locator("table").count():
        assert seen.page.locator("tbody tr").first.evaluate("one => getComputedStyle(one).display") == "block"
        label = seen.page.locator("td[data-label]").first
        assert label.evaluate("one => getComputedStyle(one, '::before').content") != "none"


def downloaded(seen: Visit, name: str) -> tuple[str, bytes]:
    with seen.page.expect_download() as saving:
        seen.page.get_by_role("link", name=name, exact=True).click()
    return saving.value.suggested_filename, Path(saving.value.path()).read_bytes()


def test_what_is_filtered_is_downloaded_and_reads_back(here: Server, visit: Open) -> None:
    seen = visit(here, "/resolutions?due=soon", ready="table")
    name, content = downloaded(seen, "CSV")
    assert re.fullmatch(r"ทะเบียนมติ-\d{4}-\d\d-\d\d\.csv", name) and content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert row["มติ"].startswith("'@SUM(A1)") and HOSTILE in row["มติ"] and row["เอกสาร"].startswith("'=cmd")
    assert row["วันที่ประชุม"] == "2026-01-05" and row["วันที่ประชุม (พ.ศ.)"] == "5 ม.ค. 2569" and row["สถานะกำหนด"] == "ใกล้ถึง"
    name, content = downloaded(seen, "Excel")
    assert name.endswith(".xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    head, one = map(list, sheet.iter_rows())
    by = {title.value: cell for title, cell in zip(head, one, strict=True)}
    assert by["มติ"].data_type == "s" and by["มติ"].value.startswith("@SUM(A1)") and by["มติ"].quotePrefix
    assert by["กำหนดวันที่"].is_date and by["กำหนดวันที่"].value.date() == date.today() + timedelta(10)
    assert by["วันที่ประชุม"].value.date() == date(2026, 1, 5) and by["วันที่ประชุม (พ.ศ.)"].value == "5 ม.ค. 2569"
    assert by["ลิงก์"].value.startswith(f"{here.address}/documents/")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_hostile_words_stay_words(here: Server, visit: Open) -> None:
    asked = ["/documents?text=<script>alert(1)</script>&year=<b>&warning=x'\"", "/resolutions?text=<b>&sort=;&due=%00"]
    for path in ("/resolutions", "/documents", *asked):
        seen = visit(here, path, ready="main")
        assert seen.page.locator("main img, main script, main b").count() == 0
        assert seen.page.title().endswith("ถามคลัง") and "49" not in seen.page.inner_text("main h1")
    seen = visit(here, "/resolutions?due=soon", ready="table")
    assert HOSTILE in cells(seen, 1)[0] and "{{7*7}}" in cells(seen, 2)[0]
    seen.page.goto(f"{here.address}/documents?sort=-added")
    seen.page.locator("a.decision").first.click()
    seen.page.wait_for_selector("#text")
    assert seen.page.locator("main img").count() == 0 and HOSTILE in seen.page.inner_text("#text")


def test_the_list_of_documents_is_filtered_sorted_and_opened(here: Server, visit: Open) -> None:
    seen = visit(here, "/documents", ready="table")
    assert "ทั้งหมด 19 เอกสาร" in seen.page.inner_text(".count")
    filled(seen, kind="minutes", province="จันทบุรี", sort="title")
    assert [text.split("\n")[-1] for text in cells(seen, 1)] == [
        "minutes-chanthaburi-council-2565-01.docx",
        "minutes-chanthaburi-council-2567-02.pdf",
    ]
    assert seen.page.locator("th").first.get_attribute("aria-sort") == "ascending"
    filled(seen, text="2/2567", year="2567")
    seen.page.click("a.decision")
    seen.page.wait_for_selector("#text")
    assert "ครั้งที่ 2/2567" in seen.page.inner_text("h1")
    assert seen.page.get_by_role("link", name="ถามเกี่ยวกับเอกสารนี้").get_attribute("href").startswith("../?document=")


def test_the_contents_of_a_document_lead_to_its_parts(here: Server, visit: Open) -> None:
    read = httpx.get(f"{here.address}/v1/documents/minutes-loei-welfare-2566-03.txt").json()
    seen = visit(here, f"/documents/{read['document_id']}", ready="#text", width=360, height=740)
    assert not seen.page.locator(".contents li").first.is_visible(), "folded on a phone"
    seen.page.click(".contents summary")
    seen.page.click(".contents a:has-text('4.3')")
    seen.page.wait_for_url("**#b*")
    target = seen.page.evaluate("document.querySelector(location.hash).textContent")
    assert target.startswith("4.3")
    seen = visit(here, f"/documents/{read['document_id']}", ready="#text", width=1440)
    assert seen.page.locator(".contents li").first.is_visible(), "beside the text where there is room"


def test_the_list_is_downloaded_and_another_archive_takes_its_texts(here: Server, visit: Open, tmp_path: Path) -> None:
    seen = visit(here, "/documents?kind=minutes&sort=date", ready="table")
    rows = list(csv.DictReader(io.StringIO(downloaded(seen, "CSV")[1].decode("utf-8-sig"), newline="")))
    assert [row["ชนิด"] for row in rows] == ["รายงานการประชุม"] * len(rows) and len(rows) == len(cells(seen, 1))
    assert [row["วันที่"] for row in rows] == sorted(row["วันที่"] for row in rows)
    (hostile,) = [row for row in rows if "cmd" in row["เอกสาร"]]
    assert hostile["เอกสาร"].startswith("'=cmd")
    sheet = openpyxl.load_workbook(io.BytesIO(downloaded(seen, "Excel")[1])).active
    assert sheet.max_row == len(rows) + 1 and sheet["D2"].is_date
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    name, content = downloaded(seen, "ข้อความทั้งหมด (JSONL)")
    (tmp_path / name).write_bytes(content)
    assert main(["--home", str(tmp_path / "home"), "add", str(tmp_path / name)]) == 0
    with compose(settings.load(home=tmp_path / "home")).store as store:
        assert len(store.documents()) == len(rows)
        for row in rows:
            one = httpx.get(f"{here.address}/v1/documents/{row['รหัสเอกสาร']}").json()
            same = store.document(store.find(one["source"]).id)
            assert (same.text, same.title, same.date) == (one["text"], one["title"], one["date"])
    text = httpx.get(f"{here.address}/documents/{rows[0]['รหัสเอกสาร']}/text")
    assert text.text == httpx.get(f"{here.address}/v1/documents/{rows[0]['รหัสเอกสาร']}").json()["text"]
    assert "attachment" in text.headers["content-disposition"]
