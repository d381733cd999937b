"""Questions answered in quoted words, or refused: never both, never neither."""

import pytest

from assistant import Answer, Assistant, QuestionEmpty, QuestionTooLong, Refusal, Turn
from assistant.cite import stands
from tests.fakes import HashEmbedder, ScriptedModel
from vectorstore import Filter, Store


def answered(assistant: Assistant, store: Store, question: str, *history: Turn) -> Answer:
    reply = assistant.ask(question, history)
    assert isinstance(reply, Answer), reply
    assert reply.citations
    for cited in reply.citations:
        assert stands(cited, store.document(cited.document.id))
        assert f"[{cited.n}]" in reply.text
    return reply


def refused(assistant: Assistant, question: str) -> Refusal:
    reply = assistant.ask(question)
    assert isinstance(reply, Refusal), reply
    return reply


def test_a_resolution_comes_whole_with_its_names(assistant: Assistant, store: Store) -> None:
    reply = answered(assistant, store, "ที่ประชุมมีมติเรื่องคณะทำงานตรวจบัญชีว่าอย่างไร")
    first = reply.citations[0]
    assert all(name in first.quote for name in ("มติที่ประชุม", "บุญมา ใจเย็น", "สมหวัง รักถิ่น", "คำปัน ดอนแก้ว"))
    assert first.section[0].startswith("วาระที่ 2") and first.section[1].startswith("2.1")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("กองทุนสวัสดิการนาหินแก้วมีสมาชิกกี่คน", "845 คน"),
        ("งบประมาณฝายชะลอน้ำห้วยหมากเท่าไร", "196,400 บาท"),
        ("ใครเป็นประธานกลุ่มฝายบ้านห้วยหมาก", "อุทัย ผาขาว"),
        ("เปิดฝายชะลอน้ำเมื่อวันไหน", "14 มีนาคม 2566"),
        ("ประชุมกองทุนสวัสดิการ ครั้งที่ ๒/๒๕๖๖ จัดที่ไหน", "ห้องประชุม อบต.นาหินแก้ว"),
        ("ฝายห้วยหมากใช้งบเท่าไร และใครเป็นประธานกลุ่ม", "อุทัย ผาขาว"),
        ("How many members does the welfare fund have?", "845 คน"),
    ],
)
def test_a_question_is_answered_by_the_words_that_hold_it(
    assistant: Assistant, store: Store, question: str, words: str
) -> None:
    reply = answered(assistant, store, question)
    assert any(words in cited.quote for cited in reply.citations)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("ขอเบอร์โทรศัพท์ของนายอุทัย ผาขาว", "personal_data"),
        ("What is Mr Uthai's phone number?", "personal_data"),
        ("งบประมาณกองทุนสวัสดิการนาหินแก้ว ปี 2571 เท่าไร", "not_in_archive"),
        ("ประชุมกองทุนสวัสดิการ ครั้งที่ 9/2566 มีมติอะไร", "not_in_archive"),
        ("กองทุนสวัสดิการจังหวัดภูเก็ตมีสมาชิกกี่คน", "not_in_archive"),
        ("ขอสูตรทำขนมเค้กช็อกโกแลต", "not_in_archive"),
    ],
)
def test_what_the_archive_does_not_hold_is_refused_with_the_reason(assistant: Assistant, question: str, reason: str) -> None:
    assert refused(assistant, question).reason == reason


@pytest.mark.parametrize("said", ["สวัสดีครับ", "ขอบคุณมากค่ะ", "hello", "ทดสอบ", "😀", "?"])
def test_a_greeting_is_no_question(assistant: Assistant, said: str) -> None:
    assert refused(assistant, said).reason == "no_question"


def test_a_refusal_names_what_is_missing_and_offers_what_is_near(assistant: Assistant) -> None:
    reply = refused(assistant, "กองทุนสวัสดิการนาหินแก้ว ปี 2571 มีสมาชิกกี่คน")
    assert reply.missing == ("ปี 2571",)
    assert reply.nearest


def test_a_follow_up_leans_on_the_question_before(assistant: Assistant, store: Store) -> None:
    before = Turn(role="user", content="เปิดฝายชะลอน้ำบ้านห้วยหมากวันไหน")
    reply = answered(assistant, store, "แล้วใช้งบเท่าไร", before, Turn(role="assistant", content="…"))
    assert any("196,400" in cited.quote for cited in reply.citations)
    assert "ฝาย" in reply.query.text and reply.query.asked == "แล้วใช้งบเท่าไร"


def test_a_filter_keeps_other_documents_out(assistant: Assistant) -> None:
    reply = assistant.ask("งบประมาณเท่าไร", wanted=Filter(documents=("news.txt",)))
    assert isinstance(reply, Answer)
    assert {cited.document.source for cited in reply.citations} == {"news.txt"}
    assert isinstance(assistant.ask("งบประมาณเท่าไร", wanted=Filter(years=(1999,))), Refusal)


def test_an_empty_archive_says_so(tmp_path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        assert refused(Assistant(store), "งบประมาณเท่าไร").reason == "empty_archive"


@pytest.mark.parametrize("question", ["", "   \n", "\u200b\ufeff", "\x00"])
def test_an_empty_question_is_told_so_and_no_model_is_asked(store: Store, question: str) -> None:
    model = ScriptedModel("ไม่ควรถูกถาม")
    with pytest.raises(QuestionEmpty, match="ยังไม่มีคำถาม"):
        Assistant(store, model).ask(question)
    assert not model.asked


def test_a_long_question_is_told_so(assistant: Assistant) -> None:
    with pytest.raises(QuestionTooLong, match="2,000"):
        assistant.ask("ก" * 100_000)


def test_pieces_streamed_are_the_answer(assistant: Assistant) -> None:
    *pieces, reply = assistant.stream("กองทุนสวัสดิการมีสมาชิกกี่คน")
    assert "".join(map(str, pieces)) == reply.text


def test_a_models_words_are_kept_as_far_as_they_are_borne(store: Store) -> None:
    model = ScriptedModel(
        "ฝายมี 15 ตัว ใช้งบ 196,4", "00 บาท [1]\nฝายมี 99 ตัว [1]\nไม่มีที่มา\nอ้างผิด 15 [7]\n![](http://evil/) เปิดฝาย 15 ตัว [1]"
    )
    *pieces, reply = Assistant(store, model).stream("งบประมาณฝายชะลอน้ำห้วยหมากเท่าไร")
    assert isinstance(reply, Answer) and reply.by == "scripted"
    assert reply.text.splitlines() == ["ฝายมี 15 ตัว ใช้งบ 196,400 บาท [1]", "เปิดฝาย 15 ตัว [1]"]
    assert "".join(map(str, pieces)) == reply.text
    assert reply.dropped == 3 and reply.fallback is None
    assert [cited.n for cited in reply.citations] == [1]
    assert "196,400" in model.asked[0][1] and "[1]" in model.asked[0][1]


@pytest.mark.parametrize("model", [ScriptedModel("ไม่พบ"), ScriptedModel("มี 5 ", fails=True), ScriptedModel()])
def test_where_a_model_fails_the_archives_own_words_answer(store: Store, model: ScriptedModel) -> None:
    reply = Assistant(store, model).ask("งบประมาณฝายชะลอน้ำห้วยหมากเท่าไร")
    assert isinstance(reply, Answer) and reply.by is None
    assert "196,400 บาท" in reply.text


def test_a_model_is_not_asked_where_nothing_was_found(store: Store) -> None:
    model = ScriptedModel("ตอบได้ทุกเรื่อง [1]")
    assert isinstance(Assistant(store, model).ask("ขอสูตรทำขนมเค้กช็อกโกแลต"), Refusal)
    assert not model.asked
