"""What a model says, held to the words that it cites."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cite import numbers_cited, stands, verified
from assistant.types import Answer, Citation, Query
from tests.fakes import document

REPORT = document("r.txt", "กองทุนมีสมาชิก ๘๔๕ คน งบประมาณ 3,830,000 บาท")
CITED = {1: Citation(n=1, document=REPORT, page=None, section=(), quote=REPORT.text, start=0, end=len(REPORT.text))}


def kept(said: str) -> list[str]:
    return list(verified([said], CITED))


@pytest.mark.parametrize(
    "said", ["มีสมาชิก 845 คน [1]", "มีสมาชิก ๘๔๕ คน[1]", "งบ 3830000 บาท 【1】", "เป็นกองทุน [1][1]", "กองทุน [1, 9]"]
)
def test_a_borne_line_is_kept(said: str) -> None:
    (line,) = kept(said)
    assert line.endswith("[1]")


@pytest.mark.parametrize(
    "said",
    [
        "มีสมาชิก 854 คน [1]",
        "งบ 3,380,000 บาท [1]",
        "มีสมาชิก 845 คน",
        "มีสมาชิก 845 คน [2]",
        "[1]",
        "   ",
        "มีสมาชิก 84 คน [1]",
        "8 [1]",
    ],
)
def test_what_the_quote_does_not_bear_is_dropped(said: str) -> None:
    assert kept(said) == []


@pytest.mark.parametrize(
    "said",
    [
        "![](http://evil/x) กองทุน [1]",
        "<img src=x> กองทุน [1]",
        "[กด](http://evil) กองทุน [1]",
        "กองทุน https://evil.example/a [1]",
    ],
)
def test_links_and_markup_are_taken_out(said: str) -> None:
    (line,) = kept(said)
    assert "http" not in line and "<" not in line and "กองทุน" in line


@given(st.lists(st.text(alphabet="กข 845[]1\n", max_size=6), max_size=8))
def test_how_the_pieces_come_does_not_matter(pieces: list[str]) -> None:
    assert list(verified(pieces, CITED)) == kept("".join(pieces))


def test_markers() -> None:
    assert numbers_cited("ก [1] ข [2, 3]【4】 [x] [1000]") == [1, 2, 3, 4]


def test_a_quote_stands_only_to_the_letter() -> None:
    assert stands(CITED[1], REPORT)
    assert not stands(CITED[1], document("r.txt", REPORT.text.replace("๘๔๕", "๘๕๔")))


def test_an_answer_without_citations_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="no answer"):
        Answer(query=Query(asked="x", text="x", language="th"), text="x", citations=())
    with pytest.raises(ValueError, match="does not fit"):
        Citation(n=1, document=REPORT, page=None, section=(), quote="สั้น", start=0, end=2)


@pytest.mark.parametrize(
    ("name", "page", "link"),
    [
        ("3f", 2, "/documents/3f#p=2&s=8-11"),
        ("3f", None, "/documents/3f#s=8-11"),
        ("ก/#?", None, "/documents/%E0%B8%81%2F%23%3F#s=8-11"),
    ],
)
def test_a_link_leads_to_the_words(name: str, page: int | None, link: str) -> None:
    assert replace(CITED[1], document=replace(REPORT, id=name), page=page, quote="สมา", start=8, end=11).link == link
