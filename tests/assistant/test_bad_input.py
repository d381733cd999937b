"""Whatever is asked: an answer, a refusal or a plain word on how to ask. How long it takes: `python -m tests.bench answers`."""

import pytest

from assistant import Answer, Assistant, QuestionEmpty, QuestionTooLong, Refusal
from assistant.question import MAX_CHARACTERS
from vectorstore import Filter

BAD = [
    "ก",
    "a",
    "?",
    "1",
    "ที่ ใน ของ และ ไหน อะไร",
    "what is the of and",
    "😀😀😀",
    "👨‍👩‍👧‍👦 กองทุน 🏠",
    "xqzv blorf wug snerk",
    "กองทุน fund ファンド фонд صندوق 基金",
    "\ud800กองทุน\udfff",
    "กองทุนปี 2590 มีสมาชิกกี่คน",
    "66",
    "66 คน",
    "2566",
    "ปี ปี ปี",
    "่้๊๋",
    "ิีึื",
    "ๆ ฯ",
    "((((((((((",
    "'; DROP TABLE passages; --",
    "<script>alert(1)</script>",
    "title:กองทุน AND (งบ OR *)",
    "\x00\x01กองทุน",
    "ก" * MAX_CHARACTERS,
    ("กองทุนสวัสดิการ " * MAX_CHARACTERS)[:MAX_CHARACTERS],
    ("community fund " * MAX_CHARACTERS)[:MAX_CHARACTERS],
]


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
@pytest.mark.parametrize("wanted", [None, Filter(years=(1600,)), Filter(provinces=("ไม่มี",), documents=("ไม่มี",))], ids=str)
def test_an_answer_or_a_refusal(assistant: Assistant, text: str, wanted: Filter | None) -> None:
    said = assistant.ask(text, (), wanted)
    assert isinstance(said, Answer | Refusal)
    assert wanted is None or isinstance(said, Refusal)


@pytest.mark.parametrize("text", ["กองทุนปี 2590 มีสมาชิกกี่คน", "การประชุมปี 66 ที่จังหวัดภูเก็ตมีมติอะไร"])
def test_what_nothing_fits_is_refused_by_name(assistant: Assistant, text: str) -> None:
    said = assistant.ask(text)
    assert isinstance(said, Refusal) and said.missing


@pytest.mark.parametrize("text", ["", " \n\t ", "\u200b", "\ud800", "\ufeff"])
def test_nothing_is_told_so(assistant: Assistant, text: str) -> None:
    with pytest.raises(QuestionEmpty, match="ยังไม่มีคำถาม"):
        assistant.ask(text)


def test_far_too_much_is_told_so(assistant: Assistant) -> None:
    with pytest.raises(QuestionTooLong, match="ย่อให้เหลือ"):
        assistant.ask("กองทุน" * 20_000)
