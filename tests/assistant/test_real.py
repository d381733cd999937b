"""The real reports beside the checkout, where there are any: what the answer path must do on them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Answer, Assistant, evaluation
from ingest import ingest
from vectorstore import Store, embed


@pytest.fixture(scope="module")
def archive(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("real"), embed.load()) as store:
        assert len(ingest([shared / "archive"], store).added) == 5
        yield store


def test_a_resolution_is_cited_whole_at_one_place_in_both_languages(archive: Store) -> None:
    places = []
    for question in (
        "กลุ่มจังหวัดอันดามันมีมติเรื่องคณะทำงานชุดเล็กว่าอย่างไร",
        "What did the Andaman group resolve about working subcommittees?",
    ):
        reply = Assistant(archive).ask(question)
        assert isinstance(reply, Answer)
        first = reply.citations[0]
        for name in ("อริยา แก้วสามดวง", "อกนัฐ บุญยัง", "ไมตรี จงไกรจักร", "สมบูรณ์ คำแหง", "จีรศักดิ์ พูลสงค์"):
            assert name in first.quote
        assert first.section[0].startswith("วาระที่ 2") and first.section[1].startswith("2.1")
        places.append((first.document.source, first.start, first.end))
    assert places[0] == places[1]


def test_the_development_questions_are_answered_and_refused_as_promised(archive: Store, shared: Path) -> None:
    questions = evaluation.read(shared / "questions" / "seed_dev.jsonl")
    score = evaluation.score(evaluation.run(questions, archive, Assistant(archive)))
    assert score.citations_broken == 0
    assert score.found is not None and score.found >= 0.9
    assert score.answered is not None and score.answered >= 0.75
    assert score.refused is not None and score.refused >= 0.8
