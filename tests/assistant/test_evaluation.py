"""The measures, worked out by hand, and their way through a question file."""

import json
import math
from pathlib import Path

import pytest

from assistant import Answer, Assistant, evaluation
from assistant.question import understand
from assistant.types import Citation
from ingest import read_document
from vectorstore import Store


def test_ranks_count_documents_once_and_end_at_ten() -> None:
    assert evaluation.ranks(["a", "a", "b", "a", "c"], {"b", "c"}) == (2, 3)
    many = [str(number) for number in range(20)]
    assert evaluation.ranks(many, ["9", "10"]) == (10,)
    assert evaluation.ranks([], {"a"}) == ()


def test_one_right_document() -> None:
    """Ranks 1, 3, 7 and nowhere: nDCG is 1 / log2(rank + 1)."""
    of = evaluation.retrieval([((1,), 1), ((3,), 1), ((7,), 1), ((), 1)])
    assert of.questions == 4
    assert (of.first.value, of.in_5.value, of.in_10.value) == (0.25, 0.5, 0.75)
    assert of.mrr.value == pytest.approx((1 + 1 / 3 + 1 / 7) / 4)
    assert of.ndcg.value == pytest.approx((1 + 1 / 2 + 1 / 3) / 4)


def test_several_right_documents_are_all_wanted_for_the_full_gain() -> None:
    """Two right, at ranks 1 and 3: 1 + 1/2 of the best 1 + 1/log2(3). Eleven right: the best is ten in a row."""
    best = 1 + 1 / math.log2(3)
    assert evaluation.retrieval([((1, 3), 2)]).ndcg.value == pytest.approx(1.5 / best)
    assert evaluation.retrieval([((1, 2), 2)]).ndcg.value == pytest.approx(1.0)
    assert evaluation.retrieval([(tuple(range(1, 11)), 11)]).ndcg.value == pytest.approx(1.0)
    assert evaluation.retrieval([((2,), 2)]).mrr.value == 0.5


def test_the_interval_is_that_of_the_mean_and_the_same_every_time() -> None:
    """Of 100 questions half right, the mean of a resample has standard deviation 0.05: 1.96 of them each side."""
    values = [0.0, 1.0] * 50
    interval = evaluation.share(values)
    assert interval.value == 0.5
    assert interval.low == pytest.approx(0.402, abs=0.02) and interval.high == pytest.approx(0.598, abs=0.02)
    assert evaluation.share(values) == interval
    assert evaluation.share([1.0] * 7) == evaluation.Share(1.0, 1.0, 1.0)


def test_scores_are_split_by_what_the_file_tells_apart(store: Store, tmp_path: Path) -> None:
    lines = [
        {"id": 1, "q": "กองทุนมีสมาชิกกี่คน", "doc": ["minutes.txt", "other.txt"], "lang": "th", "kind": "plain", "must": [["845"]]},
        {"id": 2, "q": "ฝายชะลอน้ำใช้งบเท่าไร", "doc": "news.txt", "lang": "th", "kind": "colloquial"},
        {"id": 3, "q": "news.txt สมาชิก", "doc": "nothing.txt", "lang": "en", "kind": "english"},
        {"id": 4, "q": "ไม่รู้ว่าอยู่ที่ใด", "lang": "th", "kind": "plain"},
        {"id": 5, "q": "ค่าเช่าดวงจันทร์เท่าไร", "abstain": True, "lang": "th", "kind": "unanswerable"},
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    score = evaluation.score(evaluation.run(evaluation.read(path), store, Assistant(store)))
    assert score.questions == 5
    assert {name: of.questions for name, of in score.retrieval.items()} == {
        "all": 3,
        "th": 2,
        "en": 1,
        "plain": 1,
        "colloquial": 1,
    }
    assert score.retrieval["th"].first.value == 1.0 and score.retrieval["en"].in_10.value == 0.0
    assert score.outcomes[0].ranks == (1,) and score.retrieval["plain"].ndcg.value == pytest.approx(1 / (1 + 1 / math.log2(3)))
    assert score.outcomes[4].ranks == ()


def test_answers_are_measured_by_kind(store: Store, tmp_path: Path) -> None:
    lines = [
        {"id": 1, "q": "กองทุนมีสมาชิกกี่คน", "doc": "minutes.txt", "kind": "plain", "must": [["845 คน"]]},
        {"id": 2, "q": "งบประมาณกองทุนปี 2566 เท่าไร", "doc": "minutes.txt", "kind": "plain", "must": [["ไม่มีในเอกสาร"]]},
        {"id": 3, "q": "กองทุนปี 2590 มีสมาชิกกี่คน", "kind": "unanswerable", "abstain": True},
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    of = evaluation.score(evaluation.run(evaluation.read(path), store, Assistant(store))).answering
    assert set(of) == {"all", "plain", "unanswerable"}
    assert (of["plain"].answered, of["plain"].wrongly_refused, of["plain"].refused) == (0.5, 0.0, None)
    assert (of["unanswerable"].refused, of["unanswerable"].answered, of["unanswerable"].length) == (1.0, None, None)
    assert (of["all"].support, of["all"].precision) == (1.0, 1.0) and 10 < (of["all"].length or 0) < 700


@pytest.mark.parametrize(
    ("said", "borne"),
    [
        ("845 คน [1]\n\nกองทุนมีสมาชิก 845 คน [1]", True),
        ("กองทุนมีสมาชิก 854 คน [1]", False),
        ("นายบุญชัย ใจดี เป็นประธาน [1]", False),
    ],
)
def test_an_answer_is_borne_by_its_quotes(said: str, borne: bool) -> None:
    quote = "กองทุนมีสมาชิก 845 คน"
    document = read_document("a.txt", quote.encode())
    cited = Citation(n=1, document=document, page=None, section=(), quote=quote, start=0, end=len(quote))
    assert evaluation.is_borne(Answer(query=understand("กองทุนมีสมาชิกกี่คน"), text=said, citations=(cited,))) is borne


def test_without_named_documents_there_is_nothing_to_rank(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": 1, "q": "กองทุนมีสมาชิกกี่คน"}', encoding="utf-8")
    assert evaluation.score(evaluation.run(evaluation.read(path), store, Assistant(store))).retrieval == {}
