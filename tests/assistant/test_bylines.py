"""Who wrote a report: which questions ask it, and that the report's own line answers or nobody is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Refusal
from assistant.bylines import asked, byline
from ingest import ingest, read_document
from vectorstore import Store, embed

SAMPLES = Path(__file__).parents[2] / "ingest" / "samples"
NEWS = """ลำปาง: ชุมชนบ้านแม่ผึ้งงามลดจุดความร้อน
นายสมชาย ใจดี ประธานป่าชุมชน เล่าว่า ชุมชนเขียนกติกาดับไฟป่าร่วมกัน
รายงาน: ทีมสื่อชุมชนดอยขุนผึ้ง"""


@pytest.mark.parametrize(
    "question",
    [
        "ใครเขียนข่าวป่าชุมชนลำปาง",
        "สื่อไหนเขียนข่าวนี้",
        "ใครเป็นผู้จดรายงานการประชุมกองทุนสวัสดิการ",
        "ผู้จดรายงานการประชุมกองทุนสวัสดิการ ปี 2564 คือใคร",
        "ผู้เขียนบทความเรื่องป่าชุมชนคือใคร",
        "ข่าวป่าชุมชนลำปางเขียนโดยใคร",
        "Who wrote the report about the Lampang forest?",
    ],
)
def test_who_wrote_is_asked(question: str) -> None:
    assert asked(question)


@pytest.mark.parametrize(
    "question",
    [
        "ใครรายงานผลการดำเนินงานกองทุน",
        "ใครเป็นประธาน",
        "ใครเขียนกติกาดับไฟป่า",
        "ใครต้องรายงานความคืบหน้า",
        "Who reported the loss to the police?",
        "Who wrote off the debt?",
    ],
)
def test_other_questions_with_the_same_words_are_not(question: str) -> None:
    assert not asked(question)


def test_the_line_is_quoted_whole_and_the_name_leads() -> None:
    document = read_document("news.txt", NEWS.encode())
    found = byline(document)
    assert found is not None
    unit, name = found
    assert (unit.text, name) == ("รายงาน: ทีมสื่อชุมชนดอยขุนผึ้ง", "ทีมสื่อชุมชนดอยขุนผึ้ง")
    assert byline(read_document("bare.txt", NEWS.rpartition("\n")[0].encode())) is None


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Store(tmp_path_factory.mktemp("home"), embed.load("bundled")) as store:
        ingest([SAMPLES], store)
        yield Assistant(store)


def test_the_report_that_is_asked_about_answers(assistant: Assistant) -> None:
    reply = assistant.ask("ใครเขียนข่าวป่าชุมชนลำปาง")
    assert isinstance(reply, Answer)
    assert reply.text.startswith("ทีมสื่อชุมชนดอยขุนผึ้ง [1]")
    reply = assistant.ask("ใครจดรายงานการประชุมกองทุนสวัสดิการเลย ปี 2566")
    assert isinstance(reply, Answer)
    assert reply.citations[0].quote == "นางสาวอรอุมา จันทร์ห้วยส้ม ผู้จดรายงานการประชุม"


def test_nobody_is_named_for_a_report_that_names_nobody(assistant: Assistant) -> None:
    reply = assistant.ask("ใครเขียนข่าวธนาคารปูตรัง")
    assert isinstance(reply, Refusal)
    assert reply.reason == "detail_not_found"
