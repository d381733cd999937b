"""What a model says, held to the words that it cites."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cite import numbers_cited, sentences, stands
from assistant.claims import faults
from assistant.types import Answer, Citation, Query
from tests.fakes import document

REPORT = document("r.txt", "กองทุนมีสมาชิก ๘๔๕ คน งบประมาณ 3,830,000 บาท")
CITED = {1: Citation(n=1, document=REPORT, page=None, section=(), quote=REPORT.text, start=0, end=len(REPORT.text))}


def kept(*pieces: str) -> list[str]:
    quotes = {n: cited.quote for n, cited in CITED.items()}
    return [one.text for one in sentences(pieces) if not one.is_empty and not faults(one.said, one.cited, quotes)]


@pytest.mark.parametrize(
    "said", ["มีสมาชิก 845 คน [1]", "มีสมาชิก ๘๔๕ คน[1]", "งบ 3830000 บาท 【1】", "เป็นกองทุน [1][1]", "กองทุน [๑]"]
)
def test_a_borne_sentence_is_kept(said: str) -> None:
    (line,) = kept(said)
    assert line.endswith(" [1]")


@pytest.mark.parametrize(
    "said",
    [
        "มีสมาชิก 854 คน [1]",
        "งบ 3,380,000 บาท [1]",
        "มีสมาชิก 845 คน",
        "มีสมาชิก 845 คน [2]",
        "มีสมาชิก 845 คน [1, 9]",
        "[1]",
        "   ",
        "มีสมาชิก 84 คน [1]",
        "8 [1]",
        "มีสมาชิก 3,830,000 คน [1]",
        "ก" * 100_000 + "[1]",
    ],
)
def test_what_the_quote_does_not_bear_is_dropped(said: str) -> None:
    assert kept(said) == []


def test_each_sentence_of_a_line_stands_by_itself() -> None:
    assert kept("มีสมาชิก 845 คน [1] มีสมาชิก 99 คน [1] งบประมาณ 3,830,000 บาท [1]") == [
        "มีสมาชิก 845 คน [1]",
        "งบประมาณ 3,830,000 บาท [1]",
    ]
    (first, second) = sentences(["The fund has 845 members. Mr. Lee chairs it [1]"])
    assert (first.said, second.said, second.cited) == ("The fund has 845 members.", "Mr. Lee chairs it", (1,))


def test_a_list_and_its_heading_are_read_as_sentences() -> None:
    assert kept("## สรุปได้ดังนี้:\n1. **มีสมาชิก** 845 คน [1]\n- งบประมาณ `3,830,000` บาท [1]") == [
        "มีสมาชิก 845 คน [1]",
        "งบประมาณ 3,830,000 บาท [1]",
    ]


@pytest.mark.parametrize(
    "said",
    [
        "![](http://evil/x) กองทุน [1]",
        "<img src=x> กองทุน [1]",
        "<img src=x กองทุน [1]",
        "[กองทุน](http://evil) [1]",
        "[กองทุน](javascript:alert(1)) [1]",
        "กองทุน https://evil.example/a [1]",
        "กองทุน evil.example/a [1]",
        "[1](http://evil) กองทุน [1]",
    ],
)
def test_links_and_markup_never_come_through(said: str) -> None:
    for line in kept(said):
        assert line.endswith("กองทุน [1]") or line == "กองทุน) [1]"
        assert not any(sign in line for sign in ("http", "<", "](", "evil", "javascript"))


@given(st.lists(st.text(alphabet="กข 845[]1().!A\n", max_size=6), max_size=8))
def test_how_the_pieces_come_does_not_matter(pieces: list[str]) -> None:
    assert list(sentences(pieces)) == list(sentences(["".join(pieces)]))


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
