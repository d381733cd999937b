"""Counting words in the record, and scores by words that an engine without Thai can give."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore.conftest import Profile
from vectorstore import Store, bm25
from vectorstore.lexical import Wanted, context, weights

WEIR = "สร้างฝายชะลอน้ำ 15 ตัว ที่บ้านห้วยหมาก"
FUND = "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วมีสมาชิก 612 คน"


def test_what_is_confirmed_twice_counts_once(home: Path) -> None:
    with Store(home, HashEmbedder()) as store:
        store.add([(made := document("a.txt", FUND, WEIR), passages(made))])
        one, two = sorted(row[0] for some in store._record.texts() for row in some)
        terms = store._record.terms
        for _ in range(2):
            terms.confirm({one: [5, 7], two: [7, 2**32 - 2]}, [])
        assert terms.counts([5, 7, 2**32 - 2, 9]) == (2, {5: 1, 7: 2, 2**32 - 2: 1})
        terms.confirm({one: [7, 9]}, [])
        assert terms.counts([5, 7, 9]) == (2, {7: 2, 9: 1}), "what a passage said before counts no more"
        terms.confirm({}, [(one, False)])
        terms.confirm({}, [(one, False)])
        assert terms.counts([5, 7, 9]) == (1, {7: 1})


WORDS = st.dictionaries(st.sampled_from([bm25.place("text", word) for word in "กขคงจ"]), st.floats(0.1, 2.0))
FORMS = st.lists(st.lists(st.sampled_from("กขคงจ"), min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple)
SOUGHT = st.lists(st.builds(lambda weight, forms: Wanted(weight, forms, {"text": 1.0}), st.floats(0.1, 1.0), FORMS), max_size=3)


@given(SOUGHT, WORDS)
def test_the_vector_of_a_question_leaves_out_no_passage_that_has_a_score(sought: list[Wanted], passage: bm25.Weights) -> None:
    rare = {bm25.place("text", word): 1.0 + at for at, word in enumerate("กขคงจ")}
    asked = bm25.question(sought, rare)
    score = bm25.score(sought, rare, passage)
    assert score >= 0 and (score > 0) == any(asked.get(at, 0.0) * weight > 0 for at, weight in passage.items())


def test_a_word_in_the_text_counts_more_than_in_a_section_and_a_rare_one_more() -> None:
    sought = weights("ฝายชะลอน้ำ")
    rare = dict.fromkeys(bm25.places(sought), 2.0)
    text = bm25.score(sought, rare, bm25.vector(WEIR, context("รายงาน", [])))
    section = bm25.score(sought, rare, bm25.vector(FUND, context("รายงาน", ["ฝายชะลอน้ำ"])))
    assert text > section > bm25.score(sought, rare, bm25.vector(FUND, context("รายงาน", []))) == 0
    assert bm25.rareness(1000, 1) > bm25.rareness(1000, 500) > bm25.rareness(1000, 1000) > 0


def test_every_place_is_one_that_sparse_vectors_have() -> None:
    assert all(0 <= at < 2**32 - 1 and weight > 0 for at, weight in bm25.vector(FUND, context(WEIR, ["วาระที่ 1"])).items())
    assert bm25.place("text", "ฝาย") != bm25.place("title", "ฝาย")


def test_words_of_hidden_documents_do_not_make_a_word_common(tmp_path: Path, cluster: Profile) -> None:
    with Store(tmp_path, HashEmbedder(), **cluster()) as store:
        open_, closed = document("open.txt", WEIR), document("closed.txt", FUND, "กองทุนสวัสดิการอีกกองทุนหนึ่ง")
        store.add([(made, passages(made)) for made in (open_, closed)])
        before = store.rarity({"fund": ["กองทุน"]})["fund"]
        store.limit("closed.txt", ["การเงิน"])
        seen = store.seen_by(frozenset({"ทีมเลย"}))
        assert seen.rarity({"fund": ["กองทุน"]})["fund"] == 1.0 > before
        assert not any("กองทุน" in hit.passage.text for hit in seen.search("กองทุนสวัสดิการ"))
        assert "กองทุน" in store.seen_by(frozenset({"การเงิน"})).search("กองทุนสวัสดิการ")[0].passage.text
