"""Text as LINE counts and cuts it."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.loopback.line_checks import graphemes
from ui.line import texts

PIECES = st.sampled_from(
    [
        "น้ำท่วม",
        "เก้าอี้",
        "ใช้เงิน 50,000 บาท",
        " ",
        "\n",
        "\n\n",
        "[1]",
        " [12]",
        "😀",
        "a",
        "พ.ศ. 2566 ",
        "ก็",
        "https://a.example/x?y=1",
    ]
)
WRITTEN = st.builds("".join, st.lists(PIECES | st.text(max_size=8), max_size=60))


@given(WRITTEN, st.integers(2, 90))
@example("เ" * 200, 7)
@example("ก" + "้" * 200, 7)
@example("😀" * 50, 3)
def test_pieces_are_short_enough_and_lose_nothing_but_space(written: str, most: int) -> None:
    pieces = list(texts.split(written, most))
    assert all(1 <= texts.units(piece) <= most and piece == piece.strip() for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(written.split())


@given(WRITTEN, st.integers(40, 90))
def test_no_sign_of_thai_is_cut_off(written: str, most: int) -> None:
    written = texts.shown(written)
    for before, after in zip(*[list(texts.split(written, most))[n:] for n in (0, 1)], strict=False):
        assert unicodedata.category(after[0]) != "Mn" and after[0] not in "ะาำๅ", (before, after)
        assert before[-1] not in "เแโใไ" or written.count("\n"), (before, after)


@given(st.integers(20, 120), st.integers(1, 30))
def test_neither_addresses_nor_markers_are_cut(most: int, times: int) -> None:
    address = "https://a.example/" + "x" * 80
    pieces = list(texts.split(f"ที่ประชุมเห็นชอบ [1][2] ดู {address} ต่อ [12] " * times, max(most, 105)))
    assert sum(piece.count(address) for piece in pieces) == times
    assert sum(piece.count("[1][2]") for piece in pieces) == sum(piece.count("[12]") for piece in pieces) == times
    assert not any(piece.startswith("[") for piece in pieces), "a marker stays with its words"


def test_paragraphs_come_before_lines_and_clauses() -> None:
    assert list(texts.split("ก" * 30 + "\n\n" + "ข" * 10 + "\nค ง", 45)) == ["ก" * 30, "ข" * 10 + "\nค ง"]
    assert list(texts.split("มีมติเห็นชอบแผนงาน ให้คณะทำงานไปดำเนินการ", 30)) == ["มีมติเห็นชอบแผนงาน", "ให้คณะทำงานไปดำเนินการ"]


@given(WRITTEN, st.integers(2, 40))
def test_a_label_has_few_enough_signs(written: str, most: int) -> None:
    clipped = texts.clip(texts.line(written), most, texts.sign)
    assert graphemes(clipped) <= texts.signs(clipped) <= most
    assert clipped == texts.line(written) or clipped.endswith("…")


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.example/a?b=c",
        "https://evil.example",
        "www.evil.com",
        "evil.co.th/โอนเงิน",
        "http://10.0.0.1/x",
        "10.0.0.1",
        "somchai@evil.com",
        "ธนาคาร.ไทย",
        "пример.рф",
        "evil。com",
        "line://ti/p/@evil",
        "http://\u200bevil\u2060.com",
        "https://http://evil.com.",
    ],
)
def test_no_address_in_a_text_is_one_that_LINE_makes_a_link(address: str) -> None:  # noqa: N802
    shown = texts.shown(f"ดู{address} ต่อ")
    assert "://" not in re.sub("://\u200a", "", shown)
    assert not re.search(r"[^\s.][.。](?:[a-z]{2,}|ไทย|рф)", shown), shown
    assert not re.search(r"[0-9]+(?:\.[0-9]+){3}", shown)


def test_other_dots_stay() -> None:
    for written in ("พ.ศ. 2566 อบต.นาหินแก้ว 4.1 เรื่องเพื่อทราบ 1,250.50 บาท", "ข้อ 1.2.3 วันที่ 1.5.2566"):
        assert texts.shown(written) == written


@given(WRITTEN)
def test_what_is_shown_is_what_is_compared(written: str) -> None:
    from vectorstore import thai

    assert thai.fold(texts.shown(written)).replace(" ", "") == thai.fold(written).replace(" ", "")
