"""Pages: what they state of themselves, what of them is not their matter, and what they hide."""

import pytest

from ingest import read_document
from tests.ingest.test_readers import THAI
from vectorstore.types import Document

MATTER = "ชาวบ้านห้วยทรายร่วมกันสร้างฝายชะลอน้ำในป่าต้นน้ำ และแบ่งเวรดูแลกันทุกเดือน " * 5


def page(head: str = "", body: str = "", before: str = "") -> Document:
    article = f"<article><h1>ฝายบ้านห้วยทราย</h1><p>{MATTER}</p>{body}</article>"
    whole = f"{before}<html><head><title>ข่าวฝาย</title>{head}</head><body>{article}</body></html>"
    return read_document("a.html", whole.encode())


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta property="article:published_time" content="2023-03-16T08:00:00+07:00">', "2023-03-16"),
        ('<meta name="DC.date" content="2566-03-16">', "2023-03-16"),
        ('<script type="application/ld+json">{"@graph": [{"datePublished": "2023-03-16"}]}</script>', "2023-03-16"),
        ('<script type="application/ld+json">[{"datePublished": "2023-03-16"}]</script>', "2023-03-16"),
        (
            '<script type="application/ld+json">{broken</script><meta itemprop="datePublished" content="2023-03-16">',
            "2023-03-16",
        ),
    ],
)
def test_the_day_that_a_page_states(head: str, date: str) -> None:
    assert page(head).date == date


@pytest.mark.parametrize(
    ("head", "before"),
    [
        ('<link rel="canonical" href="https://example.org/n/1"><meta property="og:url" content="https://example.org/x">', ""),
        ('<meta property="og:url" content="https://example.org/n/1">', ""),
        ("", "<!DOCTYPE html>\n<!-- saved from url=(0023)https://example.org/n/1 -->\n"),
    ],
)
def test_the_address_that_a_page_states(head: str, before: str) -> None:
    assert page(head, before=before).url == "https://example.org/n/1"


def test_furniture_is_left_out() -> None:
    document = page(
        body="<div class='share-buttons'><a href='x'>แชร์หน้านี้ให้เพื่อน</a></div>"
        "<h3>ข่าวที่เกี่ยวข้อง</h3><ul><li><a href='y'>ข่าวอื่นของเรา</a></li></ul>"
        "<p>#ฝาย #ป่าชุมชน</p>"
    )
    for furniture in ("แชร์หน้านี้", "ข่าวอื่น", "ที่เกี่ยวข้อง", "#ฝาย"):
        assert furniture not in document.text
    assert MATTER.strip()[:60] in document.text


def test_an_article_about_social_work_is_no_furniture() -> None:
    body = f"<div class='social'>{'<p>' + THAI + '</p>'}{'<p>งานพัฒนาสังคมของตำบล ' * 60}</div>"
    assert "งานพัฒนาสังคมของตำบล" in page(body=body).text


def test_a_table_keeps_its_head() -> None:
    table = "<h2>งบ</h2><table><tr><th>รายการ</th><th>บาท</th></tr><tr><td>ปูน</td><td>25,000</td></tr></table>"
    assert "รายการ | บาท\nปูน | 25,000" in page(body=table).text


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display: none">ถ้อยคำลับของหน้า</p>',
        "<p hidden>ถ้อยคำลับของหน้า</p>",
        '<p style="font-size:0px">ถ้อยคำลับของหน้า</p>',
        '<p style="visibility:hidden">ถ้อยคำลับของหน้า</p>',
        '<div style="background:#fff"><p class="x" style="color:#FFFFFF">ถ้อยคำลับของหน้า</p></div>'.replace(' class="x"', ""),
        '<p>เห็น <span style="opacity:0">ถ้อยคำลับของหน้า</span></p>',
    ],
)
def test_hidden_words_stand_at_the_end_and_are_marked(hidden: str) -> None:
    document = page(body=hidden + f"<p>{THAI}</p>")
    last = document.blocks[-1]
    assert (document.text[last.start : last.end], last.doubt) == ("ถ้อยคำลับของหน้า", "hidden")
    assert all(block.doubt is None for block in document.blocks[:-1])
    assert document.text.count("ถ้อยคำลับ") == 1


def test_white_on_a_colour_is_seen_and_menus_are_thrown_away() -> None:
    document = page(
        body='<div style="background:#1f4e79"><p style="color:white">คำบนพื้นสีน้ำเงินที่อ่านได้ชัดเจน</p></div>'
        '<div class="menu" style="display:none">เมนูหลัก ติดต่อเรา</div>'
    )
    assert "เมนูหลัก" not in document.text
    assert all(block.doubt is None for block in document.blocks)
    assert "คำบนพื้นสีน้ำเงิน" in document.text


@pytest.mark.parametrize("charset", ["tis-620", "windows-874", "TIS-620"])
def test_thai_code_pages(charset: str) -> None:
    stated = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    whole = f"<html><head>{stated}</head><body><p>{THAI}</p></body></html>"
    assert read_document("a.html", whole.encode("cp874")).text == THAI


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ("<tr><td rowspan=2>บ้านแม่</td><td>2566</td></tr><tr><td>2567</td></tr>", "บ้านแม่ | 2566\nบ้านแม่ | 2567"),
        (
            "<tr><td>ก<td rowspan=2>ข<td>ค</tr><tr><td>ง<td>จ</tr><tr><td>ฉ<td>ช<td>ซ</tr>",
            "ก | ข | ค\nง | ข | จ\nฉ | ช | ซ",
        ),
        ("<tr><td colspan=2>ก</td><td rowspan=3>ข</td></tr><tr><td>ค</td><td>ง</td></tr>", "ก | | ข\nค | ง | ข"),
        (f"<tr><td rowspan=2>{'ยาว ' * 40}</td><td>1</td></tr><tr><td>2</td></tr>", f"{('ยาว ' * 40).strip()} | 1\n| 2"),
        ("<tr><td rowspan=99999999999>ก</td><td rowspan=x>1</td></tr><tr><td>2</td></tr>", "ก | 1\n2 |"),
    ],
    ids=["at the beginning", "within", "after a wide one", "a paragraph", "a lie"],
)
def test_a_cell_of_several_rows_is_said_in_each_of_them(rows: str, text: str) -> None:
    assert read_document("a.html", f"<html><body><table>{rows}</table></body></html>".encode()).text == text
