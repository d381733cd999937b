"""Words for people: every reason has its sentence, dates are Thai."""

from dataclasses import replace
from typing import get_args

import pytest

from assistant.question import LITERALLY, understand
from assistant.types import Answer, Citation, Fallback, Query, Reason, Refusal
from tests.fakes import document
from ui import messages, page, reader, render, wire
from vectorstore import errors as store_errors
from vectorstore.types import Header, Hit, Passage


@pytest.mark.parametrize("reason", get_args(Reason))
@pytest.mark.parametrize("language", ["th", "en"])
def test_every_reason_has_a_sentence_in_both_languages(reason: Reason, language: str) -> None:
    refused = Refusal(query=Query(asked="x", text="x", language=language), reason=reason, missing=("ปี 2571",))  # type: ignore[arg-type]
    said = messages.refusal(refused)
    assert len(said) > 20 and "ปี 2571" in said
    assert said in render.reply_text(refused)


@pytest.mark.parametrize(
    ("date", "said"), [("2023-01-29", "29 ม.ค. 2566"), ("2023-06", "มิ.ย. 2566"), ("2023", "2566"), (None, "")]
)
def test_days_are_told_in_the_buddhist_era(date: str | None, said: str) -> None:
    assert render.day(date) == said


@pytest.mark.parametrize("name", [name for name in vars(store_errors) if name[0].isupper()])
def test_every_error_of_the_archive_has_a_code_and_a_status(name: str) -> None:
    told = messages.problem(getattr(store_errors, name)("เหตุ"))
    assert told.code and 400 <= told.status < 600 and told.detail == "เหตุ"


def test_what_was_mended_and_expanded_is_told_on_one_line() -> None:
    assert "สุพรรณ (พิมพ์ว่า สุพรรน)" in render.read_as(understand("สุพรรน ได้งบเท่าไร"))
    assert "พอช. = สถาบันพัฒนาองค์กรชุมชน" in render.read_as(understand("พอช. ให้งบเท่าไร"))
    assert render.read_as(understand("สุพรรน พอช. ให้งบเท่าไร", without=LITERALLY)) == ""
    assert render.read_as(understand("มีสมาชิกกี่คน")) == ""


def test_the_page_tells_what_was_mended() -> None:
    refused = Refusal(query=understand("สุพรรน ได้งบเท่าไร"), reason="not_in_archive")
    shown = page.exchange(1, "สุพรรน ได้งบเท่าไร", refused, lambda _: pytest.fail("no document is cited")).bubble
    assert "สุพรรณ" in shown and "พิมพ์ว่า สุพรรน" in shown


def test_copies_are_listed_with_the_hit_that_stands_for_them() -> None:
    first, copy = (Header(id=name * 64, source=f"{name}.txt", title="มอบโค", date="2023-05-02") for name in "ab")
    passage = Passage(id="a:0", document_id=first.id, start=0, end=5, text="มอบโค")
    hit = Hit(passage=passage, document=first, score=0.9, lexical=1.0, dense=0.5, others=(copy,))
    assert "b.txt" in render.hit_text(1, hit)
    assert wire.hit(hit)["others"] == [
        {"document_id": copy.id, "source": "b.txt", "title": "มอบโค", "date": "2023-05-02", "status": None}
    ]


def answer(language: str = "th", **fields: object) -> Answer:
    report = document("r.txt", "กองทุนมีสมาชิก 845 คน")
    cited = Citation(n=1, document=report, page=None, section=(), quote=report.text, start=0, end=len(report.text))
    query = Query(asked="x", text="x", language=language)  # type: ignore[arg-type]
    return Answer(query=query, text=f"{report.text} [1]", citations=(cited,), **fields)  # type: ignore[arg-type]


def test_an_answer_without_a_model_says_nothing_of_one() -> None:
    assert messages.whose_words(answer()) == ""
    assert wire.reply(answer())["by"] == {"path": "extractive", "model": None, "fallback": None, "dropped": 0}


@pytest.mark.parametrize("code", get_args(Fallback))
@pytest.mark.parametrize("language", ["th", "en"])
def test_every_reason_why_a_models_words_were_not_used_is_told(code: Fallback, language: str) -> None:
    plain = answer(language, fallback=code, dropped=2)
    told = messages.whose_words(plain)
    assert len(told) > 20 and (language == "th") == any("ก" <= char <= "๎" for char in told)
    assert told in render.reply_text(plain)
    assert wire.reply(plain)["by"] == {"path": "extractive", "model": None, "fallback": code, "dropped": 2}


def test_what_was_taken_out_of_a_models_answer_is_told() -> None:
    worded = answer(by="openai:<b>qwen", dropped=2, fallback="timeout")
    told = render.reply_text(worded)
    assert "(เรียบเรียงโดย openai:<b>qwen จากถ้อยคำที่อ้าง · ตัดออก 2 ข้อความที่เอกสารไม่รองรับ · อาจไม่ครบ: โมเดลตอบไม่ทันเวลา)" in told
    assert wire.reply(worded)["by"]["path"] == "model"
    (report,) = [document("r.txt", "กองทุนมีสมาชิก 845 คน")]
    shown = page.exchange(1, "x", worded, lambda _: report).bubble
    assert "ตัดออก 2 ข้อความ" in shown and "<b>" not in shown


def test_words_read_by_a_machine_are_said_to_be() -> None:
    plain = document("r.txt", "กองทุนมีสมาชิก 845 คน")
    report = replace(plain, blocks=tuple(replace(block, doubt="ocr") for block in plain.blocks))
    cited = replace(answer().citations[0], document=report, doubt="ocr")
    told = replace(answer(), citations=(cited,))
    note = "อ่านจากภาพด้วยเครื่อง โปรดเทียบกับต้นฉบับ"
    assert note in render.reply_text(told)
    assert page.inert(note) in page.exchange(1, "x", told, lambda _: report).cards
    assert wire.citation(cited)["doubt"] == "ocr"
    assert f'data-label="{note}"' in reader.show(report)
    assert note not in render.reply_text(answer())


def test_of_many_documents_with_personal_data_the_first_are_told() -> None:
    lines = render.personal_lines({f"{n}.txt": n for n in range(1, 1_031)}, shows=False)
    assert lines[0] == "  • 1.txt ปิดบังข้อมูลส่วนบุคคล 1 แห่ง"
    assert lines[20:] == ["  • และอีก 1,010 เอกสาร ดูได้ด้วย thamkhlang check --privacy"]
    assert render.personal_lines({"ก.txt": 2}, shows=True) == ["  • ก.txt มีข้อมูลส่วนบุคคล 2 แห่ง"]
