import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.ranking import ranked, words_asked
from vectorstore.rerank import NAMES, Candidate, features, rerank
from vectorstore.types import Concept, Header, Passage


def candidate(
    text: str,
    *,
    name: str = "a",
    title: str = "รายงาน",
    lexical: float = 1.0,
    dense: float = 0.5,
    date: str | None = None,
    dates: tuple[str, ...] = (),
    section: tuple[str, ...] = (),
) -> Candidate:
    header = Header(id=name, source=name, title=title, date=date, dates=dates)
    passage = Passage(id=f"{name}:{text[:20]}", document_id=name, start=0, end=len(text), text=text, section=section)
    return Candidate(passage, header, lexical, dense)


def feature(name: str, question: str, *candidates: Candidate, concepts: tuple[Concept, ...] | None = None) -> list[float]:
    named = words_asked(question) if concepts is None else concepts
    found = features(question, dict.fromkeys(named, 1.0), candidates)
    return found[:, NAMES.index(name)].tolist()


def test_what_is_asked_counts_in_the_passage_its_title_and_its_document() -> None:
    question = "ปะการัง มังคุด"
    both = candidate("ปลูกปะการังและมังคุด", name="x")
    one, beside = candidate("ปลูกปะการัง", name="y"), candidate("ขายมังคุด", name="y")
    headed = candidate("ปลูกปะการัง", name="z", title="สวนมังคุด")
    found = {name: feature(name, question, both, one, beside, headed) for name in ("covered", "headed", "title", "document")}
    assert found["covered"] == [1, 0.5, 0.5, 0.5]
    assert found["headed"] == [1, 0.5, 0.5, 1]
    assert found["title"] == [0, 0, 0, 0.5]
    assert found["document"] == [1, 1, 1, 1]


def test_any_form_of_a_thing_is_the_thing() -> None:
    codi = Concept(name="พอช.", alternatives=("พอช.", "สถาบันพัฒนาองค์กรชุมชน"))
    said = candidate("สถาบันพัฒนา องค์กรชุมชน รายงาน"), candidate("รายงานอื่น", name="b")
    assert feature("covered", "พอช. ทำอะไร", *said, concepts=(codi,)) == [1, 0]


def test_numbers_are_whole_numbers_in_either_digits() -> None:
    said = candidate("ได้ ๑,๒๐๐ บาท"), candidate("ได้ 12,000 บาท", name="b"), candidate("ได้ 1200 บาท", name="c")
    assert feature("numbers", "ใครได้ 1,200 บาท", *said) == [1, 0, 1]
    number = (Concept(name="12", alternatives=("12",)),)
    assert feature("covered", "12", candidate("หมู่ 12"), candidate("หมู่ 120", name="b"), concepts=number) == [1, 0]


def test_years_and_days_of_the_document_count_before_those_it_names() -> None:
    year = (Concept(name="ปี 2566", alternatives=(), years=(2023,)),)
    own = candidate("ก", date="2023-05-02")
    names = candidate("ก", name="b", date="2021-01-01", dates=("2021-01-01", "2023-05-02"))
    other = candidate("ก", name="c", date="2021-01-01")
    assert feature("years", "ปี 2566", own, names, other, concepts=year) == [1, 0.5, 0]
    assert feature("dates", "เมื่อ พ.ค. 66", own, names, other) == [1, 0.5, 0]
    assert feature("dates", "เมื่อ 3 พ.ค. 66", own, names, other) == [0, 0, 0]


def test_what_stands_together_is_nearer() -> None:
    near = candidate("ปะการังกับมังคุด" + "ก" * 300)
    far = candidate("ปะการัง" + "ก" * 300 + "มังคุด", name="b")
    assert feature("near", "ปะการัง มังคุด", near, far) == [1, 0.5]


def test_runs_of_letters_tell_compounds() -> None:
    whole = candidate("กลุ่มสะพานร่วมพูนผลหนึ่ง")
    parts = candidate("ร่วมสร้างสะพาน ได้ผลพูนทวี", name="b")
    for name in ("grams3", "grams4", "grams6"):
        first, second = feature(name, "สะพานร่วมพูนผล", whole, parts)
        assert first == pytest.approx(1) and second < first


def test_an_english_question_is_compared_by_its_thai_forms() -> None:
    crab = (Concept(name="crab bank", alternatives=("ธนาคารปู", "crab bank")),)
    first, second = feature("grams4", "crab bank", candidate("เปิดธนาคารปู"), candidate("ไม่มี", name="b"), concepts=crab)
    assert first == 1 and second == 0


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=6))
def test_scores_are_odds_for_any_text(question: str, texts: list[str]) -> None:
    candidates = [candidate(text, name=str(place)) for place, text in enumerate(texts)]
    concepts = dict.fromkeys(words_asked(question), 0.5)
    found = features(question, concepts, candidates)
    assert found.shape == (len(texts), len(NAMES)) and np.isfinite(found).all() and (found <= 1 + 1e-6).all()
    scores = rerank(question, concepts, candidates)
    assert ((scores >= 0) & (scores <= 1)).all()
    hits = ranked(question, concepts, candidates, 10)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_nothing_found_is_no_error() -> None:
    assert rerank("อะไร", {}, []).shape == (0,)
    assert ranked("อะไร", {}, [], 5) == []


def test_more_than_are_judged_keep_their_order_behind_them() -> None:
    candidates = [candidate(f"เรื่องที่{n}", name=str(n), lexical=100.0 - n, dense=0.9 - n / 200) for n in range(80)]
    hits = ranked("เรื่อง", dict.fromkeys(words_asked("เรื่อง"), 1.0), candidates, 80)
    assert len({hit.document.id for hit in hits}) == 80
    assert [hit.document.id for hit in hits[50:]] == [str(n) for n in range(50, 80)]
    assert all(0 <= hit.score <= 1 and math.isfinite(hit.score) for hit in hits)


STORY = "กรมส่งเสริมสหกรณ์มอบโคเนื้อ 120 ตัวให้สมาชิกสหกรณ์การเกษตรบ้านโคกกลาง เพื่อเพิ่มรายได้หลังฤดูทำนา "


def test_a_copy_is_folded_into_the_hit_that_it_copies() -> None:
    first = candidate(STORY * 3, name="a", title="มอบโคเนื้อให้สมาชิกสหกรณ์บ้านโคกกลาง", lexical=3.0)
    copy = candidate(STORY * 3 + "ที่มา", name="b", title="มอบโคเนื้อให้สมาชิกสหกรณ์บ้านโคกกลาง", lexical=2.9)
    other = candidate(STORY.replace("120", "80") + "อำเภอ" * 40, name="c", title="มอบโคเนื้อให้สมาชิกสหกรณ์บ้านโคกกลาง", lexical=2.8)
    similar = {"a": ["b", "c"], "b": ["a"], "c": ["a"]}
    hits = ranked("มอบโคเนื้อกี่ตัว", dict.fromkeys(words_asked("มอบโคเนื้อกี่ตัว"), 1.0), [first, copy, other], 10, similar)
    assert {hit.document.id for hit in hits} == {"a", "c"} or {hit.document.id for hit in hits} == {"b", "c"}
    assert sorted(header.id for hit in hits for header in (hit.document, *hit.others)) == ["a", "b", "c"]


def test_words_with_another_figure_are_no_copy_and_neither_are_those_of_strangers() -> None:
    first, corrected = candidate(STORY * 3, name="a"), candidate(STORY * 2 + STORY.replace("120", "125"), name="b")
    concepts = dict.fromkeys(words_asked("มอบโคเนื้อกี่ตัว"), 1.0)
    assert len(ranked("มอบโคเนื้อกี่ตัว", concepts, [first, corrected], 10, {"a": ["b"], "b": ["a"]})) == 2
    assert len(ranked("มอบโคเนื้อกี่ตัว", concepts, [first, candidate(STORY * 3, name="c")], 10)) == 2


def test_of_a_draft_and_its_minutes_the_minutes_are_the_hit() -> None:
    draft, minutes = candidate(STORY, name="a", lexical=3.0), candidate(STORY, name="b", lexical=2.0)
    draft = replace(draft, document=replace(draft.document, status="draft"))
    concepts = dict.fromkeys(words_asked("มอบโคเนื้อกี่ตัว"), 1.0)
    (hit,) = ranked("มอบโคเนื้อกี่ตัว", concepts, [draft, minutes], 10, {"a": ["b"], "b": ["a"]})
    assert (hit.document.id, [other.id for other in hit.others]) == ("b", ["a"])


def test_passages_of_one_document_are_never_folded() -> None:
    twice = [candidate(STORY, name="a", title="เรื่องเดียว"), candidate(STORY + "จบ", name="a", title="เรื่องเดียว")]
    assert len(ranked("โคเนื้อ", dict.fromkeys(words_asked("โคเนื้อ"), 1.0), twice, 10)) == 2
