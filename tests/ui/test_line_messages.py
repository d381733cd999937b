"""What is said in LINE: inside every limit whatever the reply, with nothing in it that opens anything but our documents."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from linebot.v3.messaging import ReplyMessageRequest

from assistant.types import Answer, Citation, Query, Reason, Refusal
from tests.loopback import line_checks
from ui import wire
from ui.line import commands, links, messages, texts
from ui.words import BOOK
from vectorstore import thai
from vectorstore.types import Header

PUBLIC = "https://ถามคลัง.example.org:8443/คลัง"
NASTY = st.sampled_from(
    ["น้ำท่วม ", "เก้าอี้", "\n", "[1]", " [2] ", "😀", "\ud83d", "\0", "\u202e", "http://evil.example/x", "www.evil.com", '"\\']
)
SOME = st.lists(NASTY | st.text(max_size=9), max_size=9)
WORDS = st.builds(lambda pieces, times: "".join(pieces) * times, SOME, st.sampled_from([1, 1, 1, 9, 90]))
DATES = st.sampled_from([None, "2023-06-18", "2023-06", "2023"])
NAMED = st.fixed_dictionaries(
    {
        "document_id": st.text("0123456789abcdef", min_size=64, max_size=64) | st.text(min_size=1, max_size=99),
        "source": WORDS,
        "title": WORDS,
        "date": DATES,
        "status": st.sampled_from([None, "draft", "approved"]),
    }
)
CITED = st.builds(
    lambda named, more: named | more,
    NAMED,
    st.fixed_dictionaries(
        {
            "n": st.integers(1, 99),
            "page": st.none() | st.integers(1, 10**9),
            "section": st.lists(WORDS, max_size=3),
            "quote": WORDS,
            "start": st.integers(0, 10**7),
            "end": st.integers(0, 10**7),
            "doubt": st.sampled_from([None, "ocr", "hidden"]),
            "others": st.lists(NAMED, max_size=2),
            "removed": st.booleans(),
        }
    ),
)


def _whole(
    answered: bool, language: str, said: str, asked: str, cited: list[Any], near: list[Any], carried: bool
) -> dict[str, Any]:
    refusal = {"reason": "not_in_archive", "message": said, "missing": [], "nearest": near}
    understood = {"spellings": [{"said": asked, "forms": [asked]}] if carried else []}
    by = {"path": "model", "model": "openai:qwen3", "fallback": "too_long", "dropped": 2}
    return {
        "answered": answered,
        "language": language,
        "answer": said if answered else "",
        "refusal": None if answered else refusal,
        "query": {"text": asked, "carried": carried, "understood": understood},
        "citations": cited if answered else [],
        "by": by if answered else None,
    }


REPLIES = st.builds(
    _whole,
    st.booleans(),
    st.sampled_from(["th", "en"]),
    WORDS.filter(lambda said: thai.normalise(said).strip()),
    WORDS,
    st.lists(CITED, min_size=1, max_size=14).map(lambda few: few * 3),
    st.lists(NAMED, max_size=15),
    st.booleans(),
)


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within messages."""
    if isinstance(value, list):
        for one in value:
            yield from parts(one)
    elif isinstance(value, dict):
        yield value
        yield from parts(list(value.values()))


def test_every_part_is_told_apart() -> None:
    assert len(list(parts(messages.later("a")))) == 6


@settings(max_examples=50, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(REPLIES, st.lists(WORDS, max_size=6), st.sampled_from([PUBLIC, "", "http://127.0.0.1:8000", "https://" + "x" * 999]))
def test_any_reply_is_inside_every_limit_and_opens_only_our_documents(reply: Any, asked: list[str], public: str) -> None:
    said = messages.messages(reply, links=public, follow_ups=asked, answer_id="a" * 40)
    assert line_checks.faults_of(said) == []
    for one in (part for part in parts(said) if part.get("type") in ("bubble", "carousel")):
        most = 30_000 if one["type"] == "bubble" else 50_000
        assert len(json.dumps(one)) <= most and len(json.dumps(one, ensure_ascii=False).encode()) <= most
    assert ReplyMessageRequest.from_dict({"replyToken": "t", "messages": said}).to_dict()["messages"] == said
    base = links.base(public)
    assert base.startswith("https://xn--") if public == PUBLIC else base == "" or len(base) > 999
    for one in parts(said):
        assert one.get("type") not in ("image", "icon", "video", "textV2")
        if one.get("type") == "uri":
            assert public == PUBLIC and re.fullmatch(re.escape(base) + r"/documents/[!-~]+", one["uri"])
        if one.get("type") == "postback":
            assert one["data"].startswith((commands.ASK, commands.RIGHT, commands.WRONG))
        for words in (one.get(name, "").replace(f"{base}/?q=", "") for name in ("text", "altText")):
            assert not re.search(r"://(?!\u200a)|[^\s.]\.[A-Za-z]", words), "nothing that LINE makes a link by itself"


@given(st.lists(NASTY | st.text(max_size=9), min_size=1, max_size=300).map("".join), st.integers(1, 12))
@settings(max_examples=40)
def test_an_answer_is_split_without_losing_a_word(answer: str, times: int) -> None:
    reply = _whole(True, "th", "ก" + answer * times, "ก", [], [], False) | {"by": None}
    said = messages.messages(reply, links=PUBLIC)
    if BOOK["line"]["th"]["rest"] not in said[-1]["text"]:
        whole = "".join(one["text"] for one in said)
        assert "".join(whole.split()) == "".join(texts.shown(reply["answer"]).split())


def _header(n: int = 1, **more: Any) -> Header:
    return Header(id=f"{n:064x}", source=f"{n}.txt", title=f"รายงานการประชุมครั้งที่ {n}", date="2023-06-18", **more)


def _answer(quotes: int = 1, text: str = "", language: Any = "th", words: str = "เห็นชอบงบประมาณ", **more: Any) -> Answer:
    cited = tuple(
        Citation(n=n, document=_header(n), page=n, section=("วาระที่ 4",), quote=words, start=5, end=5 + len(words), **more)
        for n in range(1, quotes + 1)
    )
    query = Query(asked="งบเท่าไร", text="กองทุนใช้งบเท่าไร", language=language)
    return Answer(query=query, text=text or f"{words} [1]", citations=cited)


def said_of(reply: Answer | Refusal, links: str = PUBLIC, **more: Any) -> list[dict[str, Any]]:
    said = messages.messages(wire.reply(reply), links=links, **more)
    assert line_checks.faults_of(said) == []
    return said


def test_an_answer_is_a_text_and_a_card_for_each_source_that_opens_at_its_words() -> None:
    text, cards = said_of(_answer(2, doubt="ocr"))
    assert text == {"type": "text", "text": "เห็นชอบงบประมาณ [1]"}
    first = cards["contents"]["contents"][0]
    shown = [one["text"] for one in first["body"]["contents"]]
    assert shown == [
        "รายงานการประชุมครั้งที่ 1",
        "18 มิ.ย. 2566 · หน้า 1 · วาระที่ 4",
        "[1] “เห็นชอบงบประมาณ”",
        "อ่านจากภาพด้วยเครื่อง โปรดเทียบกับต้นฉบับ",
    ]
    action = first["footer"]["contents"][0]["action"]
    assert action["uri"].startswith("https://xn--") and action["uri"].endswith(f"/documents/{1:064x}#p=1&s=5-20")
    assert "%E0%B8%84%E0%B8%A5%E0%B8%B1%E0%B8%87" in action["uri"] and ":8443/" in action["uri"]
    assert cards["altText"].split("\n")[0] == "ที่มาของคำตอบ 2 แห่ง"
    assert cards["altText"].split("\n")[1].startswith("[1] รายงานการประชุมครั้งที่ 1 · 18 มิ.ย. 2566 · หน้า 1 · วาระที่ 4 · “เห็น")


def test_drafts_and_others_with_the_same_words_are_told() -> None:
    cards = said_of(_answer(1, others=(_header(8, status="draft"), _header(9))))[1]
    notes = [one["text"] for one in cards["contents"]["contents"][0]["body"]["contents"][3:]]
    assert notes == ["มีฉบับร่างด้วย", "ถ้อยคำเดียวกันมีในอีก 1 เอกสาร"]


def test_quotes_of_one_section_are_on_one_card() -> None:
    said = _answer(2)
    together = tuple(replace(one, document=_header(1), page=3) for one in said.citations)
    cards = said_of(replace(said, citations=together))[1]["contents"]["contents"]
    assert len(cards) == 1 and [one["text"][:3] for one in cards[0]["body"]["contents"][2:]] == ["[1]", "[2]"]


@pytest.mark.parametrize("public", ["", "http://127.0.0.1:8000", "https://[", "https://a b"])
def test_without_a_public_https_address_there_is_no_button_but_all_the_words(public: str) -> None:
    _, cards = said_of(_answer(1), public)
    assert "footer" not in cards["contents"]["contents"][0] and "เห็นชอบงบประมาณ" in json.dumps(cards, ensure_ascii=False)
    refused = said_of(Refusal(query=_answer().query, reason="detail_not_found", nearest=(_header(),)), public)
    assert [one["type"] for one in refused] == ["text"]
    assert "• รายงานการประชุมครั้งที่ 1 · 18 มิ.ย. 2566" in refused[0]["text"]


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("reason", get_args(Reason))
def test_a_refusal_says_why_and_what_is_nearest(reason: Reason, language: Any) -> None:
    query = replace(_answer().query, language=language)
    refused = Refusal(query=query, reason=reason, missing=("ปี 2590",), nearest=(_header(),))
    text, cards = said_of(refused)
    if reason == "empty_archive":
        assert "thamkhlang add" not in text["text"], "whoever asks in LINE cannot add"
    else:
        assert "ปี 2590" in text["text"]
    assert (re.search("[ก-๎]{3}", text["text"].replace("ปี 2590", "")) is None) == (language == "en")
    card = cards["contents"]["contents"][0]
    assert card["footer"]["contents"][0]["action"]["uri"].endswith(f"/documents/{1:064x}")
    assert cards["altText"].startswith({"th": "เอกสารที่ใกล้เคียง\n• ", "en": "Nearest documents\n• "}[language])


def test_an_english_answer_is_introduced_in_english() -> None:
    text, cards = said_of(_answer(1, language="en", doubt="ocr"))
    shown = [one["text"] for one in cards["contents"]["contents"][0]["body"]["contents"]]
    assert shown[1] == "18 Jun 2023 · page 1 · วาระที่ 4" and shown[3].startswith("Read from a picture")
    assert cards["altText"].startswith("Sources of the answer: 1") and text["text"].startswith("เห็นชอบ")


@pytest.mark.parametrize(("public", "ends"), [(PUBLIC, "q=%E0%B8%81"), ("", "ได้ทั้งหมด")])
def test_a_very_long_answer_ends_with_where_to_read_on(public: str, ends: str) -> None:
    long = "ที่ประชุมมีมติเห็นชอบแผนงานของคณะทำงาน [1] " * 1_000
    said = said_of(_answer(30, long, words="มติเห็นชอบ" * 300), public)
    assert len(said) == 5 and said[-1]["type"] == "flex" and ends in said[3]["text"][-400:]
    assert all(4_000 < texts.units(one["text"]) <= 5_000 for one in said[:4])
    assert "และอีก 18 แห่ง" in json.dumps(said[-1], ensure_ascii=False)
    assert len(said[-1]["contents"]["contents"]) == 12


def test_a_20_000_character_answer_is_told_whole_where_it_fits() -> None:
    said = said_of(_answer(1, "กองทุนมีสมาชิก 845 คน และมีเงินกองทุนรวม " * 485))
    assert len(said) == 5 and "อ่านต่อ" not in said[3]["text"]


def test_what_may_be_asked_next_is_on_buttons_that_differ() -> None:
    subject = "กองทุนสวัสดิการชุมชนตำบลนาหินแก้ว 3/2566"
    asked = [f"{subject} มีมติเรื่องงบประมาณว่าอย่างไร", f"{subject} ใช้งบประมาณเท่าไร", "ใครเป็นประธาน", "ใครเป็นประธาน", "ก" * 300]
    items = [one["action"] for one in said_of(_answer(), follow_ups=asked)[-1]["quickReply"]["items"]]
    assert [one["label"] for one in items] == ["…มีมติเรื่องงบประมาณว่า…", "…ใช้งบประมาณเท่าไร", "ใครเป็นประธาน"]
    assert [one["data"] for one in items] == [f"ask={one}" for one in asked[:3]], "a group hears no message without a mention"
    assert [one["displayText"] for one in items] == asked[:3]
    more = [f"{subject} มีมติเรื่องช้างว่าอย่างไร", f"{subject} มีมติเรื่องน้ำว่าอย่างไร", f"{subject} ใช้งบประมาณเท่าไร"]
    labels = [one["action"]["label"] for one in said_of(_answer(), follow_ups=more)[-1]["quickReply"]["items"]]
    assert labels[:2] == ["…มีมติเรื่องช้างว่าอย่างไร", "…มีมติเรื่องน้ำว่าอย่างไร"], (
        "what all of them begin with is left out, not what two do"
    )
    many = said_of(_answer(), follow_ups=[f"ข้อ {n}" for n in range(20)], answer_id="b" * 40)[-1]["quickReply"]["items"]
    assert len(many) == 13


def test_an_answer_can_be_rated() -> None:
    data = [one["action"]["data"] for one in said_of(_answer(), answer_id="ab12")[-1]["quickReply"]["items"]]
    assert list(map(commands.rating, data)) == [("ab12", True), ("ab12", False)]
    greeting = Refusal(query=_answer().query, reason="no_question")
    assert "quickReply" not in said_of(greeting, answer_id="ab12")[-1]
    assert commands.rating("answer=ab12") is commands.rating("right=") is None


def test_what_was_carried_and_mended_is_told_before_the_answer() -> None:
    reply = wire.reply(_answer())
    reply["query"] |= {"carried": True}
    reply["query"]["understood"]["spellings"] = [{"id": "spelling:สุพรรน", "said": "สุพรรน", "forms": ["สุพรรณบุรี"]}]
    said = messages.messages(reply, links=PUBLIC)[0]["text"].split("\n\n")
    assert said[:2] == ["เข้าใจว่าถามถึง: กองทุนใช้งบเท่าไร", "ค้นด้วย: สุพรรณบุรี (พิมพ์ว่า สุพรรน)"]


def test_a_source_that_was_removed_since_opens_nothing() -> None:
    reply = wire.reply(_answer())
    gone = {"title": "", "quote": "", "date": None, "page": None, "section": [], "start": 0, "end": 0, "removed": True}
    reply["citations"][0] |= gone
    card = messages.messages(reply, links=PUBLIC)[1]["contents"]["contents"][0]
    assert card["body"]["contents"][0]["text"] == "เอกสารต้นทางถูกนำออกจากคลังแล้ว" and "footer" not in card


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("told", ["welcome", "consent", "only_text", "failed", "forgotten"])
def test_all_else_that_is_said_fits_and_its_buttons_are_understood(told: str, language: Any) -> None:
    said = getattr(messages, told)(language=language)
    assert line_checks.faults_of(said) == [] and (re.search("[ก-๎]", said[0]["text"]) is None) == (language == "en")
    for item in said[-1].get("quickReply", {}).get("items", []):
        assert commands.command(item["action"]["data"].removeprefix(commands.ASK)) in ("help", "consent", "forget")


def test_a_late_answer_is_fetched_by_a_button_that_stays_and_shows_on_a_computer_too() -> None:
    said = messages.later("a" * 40)
    assert line_checks.faults_of(said) == [] and "quickReply" not in said[0]
    assert said[0]["contents"]["body"]["contents"][1]["action"]["data"] == f"answer={'a' * 40}"
    assert messages.later("a", "en")[0]["altText"].startswith("Still searching")


def test_both_languages_say_the_same() -> None:
    def names(table: dict[str, Any]) -> set[str]:
        return {f"{name}.{more}" for name, value in table.items() for more in (value if isinstance(value, dict) else [""])}

    thai_ones, english = names(BOOK["line"]["th"]), names(BOOK["line"]["en"])
    assert english - thai_ones == {"months."} and not thai_ones - english
