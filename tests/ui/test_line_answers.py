"""How questions that came in from LINE are answered: once each, by the cheapest way that still works."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.loopback import line, line_events, openai
from tests.loopback.line import RATE_LIMIT, Fault
from tests.loopback.line_events import GROUP, PERSON
from tests.ui.line_case import BUDGET, MEMBERS, SECRET, TOKEN, Case, house_of, opened
from ui.line import messages as words
from ui.line.delivery import Outcome, Sender

LONG = "บันทึกประชุมกองทุนยาว วันที่ 18 มิถุนายน 2566"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with opened(tmp_path / "home") as running:
        yield running


@contextmanager
def slow(home: Path, **given: Any) -> Iterator[tuple[Case, threading.Event]]:
    """A case whose language model answers when the event is set, which then says what is not in the documents."""
    script = openai.Script([openai.says("ไม่มี [1]")])
    gate = threading.Event()
    reply = script.replies[0]
    with openai.serving(script):

        class Gate(list[bytes]):
            def __iter__(self) -> Iterator[bytes]:
                gate.wait(30)
                return super().__iter__()

        reply.chunks = Gate(reply.chunks)
        with opened(home, model="openai:m", model_url=script.url, model_key="k", **given) as running:
            try:
                yield running, gate
            finally:
                gate.set()


def turns(case: Case, chat: str = PERSON) -> list[Any]:
    chats = case.house.store.chats
    name = chats.conversation(chats.hashed("chat", line_events.BOT, chat))
    return case.house.store.conversations.latest(name, 100)


def button(messages: list[dict[str, Any]], begins: str) -> str:
    """The data of the first button that begins so."""
    (_, data), *_ = [pair for pair in _pairs(messages) if pair[0] == "data" and pair[1].startswith(begins)]
    return data


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    for name, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield name, one
        yield from _pairs(one)


def test_an_answer_says_that_the_indexes_are_being_built_anew(tmp_path: Path) -> None:
    with house_of(tmp_path / "home", "http://127.0.0.1:1"):
        pass
    shutil.rmtree(tmp_path / "home" / "index")
    (tmp_path / "home" / "index").write_text("in the way")  # nothing can be built for now
    with opened(tmp_path / "home", documents={}) as case:
        case.ask(MEMBERS)
        assert case.platform.wait(1)[0].text.count("กำลังสร้างดัชนีใหม่") == 1


def test_a_question_is_answered_with_its_source_and_may_lean_on_the_one_before(case: Case) -> None:
    case.ask(MEMBERS)
    case.ask("แล้วเห็นชอบงบประมาณเท่าไร")
    first, second = case.platform.wait(2)
    assert "845" in first.text and "50,000" in second.text and first.by == second.by == "reply"
    assert "https://archive.example.org/documents/" in json.dumps(first.messages)
    assert case.platform.loading == [PERSON, PERSON]
    assert case.settled()["answered"] == 2
    assert [turn.asked for turn in turns(case)] == [MEMBERS, "แล้วเห็นชอบงบประมาณเท่าไร"]
    today = case.house.store.usage.since("2000-01-01")
    assert next(iter(today.values()))["face:line"] == 2


def test_a_question_that_cannot_be_one_is_told_so(case: Case) -> None:
    for asked in ("  \u200b ", "ก" * 2_001, "สวัสดี"):
        case.ask(asked)
    case.platform.wait(3)
    empty, long, greeting = case.texts()
    assert "ยังไม่มีคำถาม" in empty and "2,000" in long and "ยินดีช่วยค้นเอกสาร" in greeting


def test_an_answer_that_takes_too_long_is_a_button_and_pressing_it_shows_the_answer(tmp_path: Path) -> None:
    with slow(tmp_path / "home") as (case, gate):
        case.ask(MEMBERS)
        case.clock.ahead += 46
        (late,) = case.platform.wait(1)
        assert late.by == "reply" and late.text == "ยังค้นไม่เสร็จ กดดูคำตอบได้ในอีกสักครู่"
        data = button(late.messages, "answer=")
        case.post(line_events.postback(data, token=case.platform.token(PERSON)))
        case.clock.ahead += 46
        (_, again) = case.platform.wait(2)
        assert button(again.messages, "answer=") == data, "who asks too soon is asked to wait again"
        case.post(line_events.postback(data, token=case.platform.token(PERSON)))
        gate.set()
        shown = case.platform.wait(3)[-1]
        assert "845" in shown.text and shown.by == "reply"
        case.post(line_events.postback(data, token=case.platform.token(PERSON)))
        assert "845" in case.platform.wait(4)[-1].text, "and as often as it is pressed"
        assert case.settled()["open"] == 0 and len(turns(case)) == 1
        for odd in ("answer=", "answer=x", "else", "right=x"):
            case.post(line_events.postback(odd, token=case.platform.token(PERSON)))
        case.settled()
        assert [one.text[:20] for one in case.platform.delivered[4:]] == ["ตอบคำถามนี้ไม่ได้ในข"] * 3
        case.post(line_events.postback(data, group=GROUP, token=case.platform.token(GROUP)))
        assert "845" not in case.platform.wait(8)[-1].text, "and to nobody of another chat"


def test_who_waits_behind_a_slow_question_gets_a_button_too(tmp_path: Path) -> None:
    with slow(tmp_path / "home") as (case, gate):
        case.ask(MEMBERS)
        case.ask(BUDGET)
        case.clock.ahead += 46
        late = case.platform.wait(2)
        gate.set()
        assert len({button(one.messages, "answer=") for one in late}) == 2
        case.settled()
        for one in late:
            case.post(line_events.postback(button(one.messages, "answer="), token=case.platform.token(PERSON)))
        case.settled()
        shown = "".join(one.text for one in case.platform.wait(4)[2:])
        assert "845" in shown and "50,000" in shown


def test_where_the_operator_pays_for_it_a_late_answer_is_pushed(tmp_path: Path) -> None:
    with slow(tmp_path / "home", line_push="on") as (case, gate):
        case.ask(MEMBERS)
        case.clock.ahead += 46
        case.platform.wait(1)
        gate.set()
        pushed = case.platform.wait(2)[-1]
        assert (pushed.by, pushed.chat) == ("push", PERSON) and "845" in pushed.text and pushed.retry_key
        assert case.settled()["answered"] == 1


@pytest.mark.parametrize("push", ["off", "on"])
def test_a_reply_token_that_is_too_old(tmp_path: Path, push: str) -> None:
    with opened(tmp_path / "home", line_push=push) as case:
        event = case.text(MEMBERS)
        case.platform._tokens[event["replyToken"]] = PERSON, case.clock() - 61
        case.post(event)
        case.settled()
        assert [(one.by, one.chat) for one in case.platform.delivered] == ([("push", PERSON)] if push == "on" else [])
        assert case.platform.count("reply") == 1 and len(turns(case)) == 1
        assert case.bot.counters()["answered" if push == "on" else "kept"] == 1


def test_a_group_is_pushed_to_as_a_group(tmp_path: Path) -> None:
    with opened(tmp_path / "home", line_push="on") as case:
        mention = [{"type": "user", "isSelf": True, "index": 0, "length": 4}]
        event = case.text(f"@บอต {MEMBERS}", group=GROUP, mentions=mention)
        case.platform.used.add(event["replyToken"])
        case.post(event)
        (one,) = case.platform.wait(1)
        assert (one.by, one.chat) == ("push", GROUP) and not case.platform.loading


def test_an_error_of_lines_own_is_tried_again_and_delivered_once(case: Case) -> None:
    case.platform.faults["reply"] += [Fault(500), Fault(503)]
    case.ask(MEMBERS)
    (one,) = case.platform.wait(1)
    assert "845" in one.text and case.settled()["answered"] == 1 and case.platform.count("reply") == 3


@pytest.mark.parametrize("fault", [Fault(0, delivered=True), Fault(500, delivered=True)])
@pytest.mark.parametrize("push", ["off", "on"])
def test_what_was_delivered_before_the_line_broke_is_not_delivered_again(tmp_path: Path, fault: Fault, push: str) -> None:
    with opened(tmp_path / "home", line_push=push) as case:
        case.platform.faults["reply"] += [fault]
        case.ask(MEMBERS)
        case.settled()
        assert len(case.platform.delivered) == 1 and case.platform.count("reply") == 2
        assert case.platform.count("push") == 0 and case.bot.counters()["answered"] == 1


def test_a_reply_that_hangs_is_given_up_in_time(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.line.delivery.TIMEOUT_S", 0.3)
    case.platform.faults["reply"] += [Fault(200, hang_s=5, delivered=True)]
    case.ask(MEMBERS)
    case.settled()
    assert len(case.platform.delivered) == 1 and case.platform.count("reply") >= 1


def test_a_push_that_broke_off_is_tried_again_under_the_same_key(tmp_path: Path) -> None:
    with opened(tmp_path / "home", line_push="on") as case:
        case.platform.faults["push"] += [Fault(0, delivered=True), Fault(500)]
        event = case.text(MEMBERS)
        case.platform.used.add(event["replyToken"])
        case.post(event)
        assert case.settled()["answered"] == 1
        assert len(case.platform.delivered) == 1 and [status for name, status in case.platform.requests if name == "push"] == [
            0,
            500,
            409,
        ]


def test_too_many_requests_at_once_are_waited_for(case: Case) -> None:
    case.platform.faults["reply"] += [Fault(429, RATE_LIMIT)] * 2
    case.ask(MEMBERS)
    assert "845" in case.platform.wait(1)[0].text
    assert case.settled()["answered"] == 1 and case.bot.degraded() == []


def test_when_the_months_messages_are_used_up_nothing_more_is_pushed(tmp_path: Path) -> None:
    with opened(tmp_path / "home", line_push="on") as case:
        case.platform.quota = 0
        for _ in range(2):
            event = case.text(MEMBERS)
            case.platform.used.add(event["replyToken"])
            case.post(event)
            case.settled()
        assert [status for name, status in case.platform.requests if name == "push"] == [429]
        assert case.bot.degraded() == ["quota"] and case.bot.counters()["kept"] == 2
        case.ask(MEMBERS)
        assert case.platform.wait(1)[0].by == "reply", "replies cost nothing"


def test_while_the_access_token_is_refused_the_inbox_keeps_what_comes(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as case:
        case.platform.channels.clear()
        events = [case.ask(MEMBERS), case.ask(BUDGET)]
        until_refused(case)
        assert case.bot.degraded() == ["unauthorized"] and case.bot.counters()["open"] == 2
        ready = case.client.get("/readyz")
        assert ready.status_code == 200 and "LINE_TOKEN" in ready.json()["degraded"]["line"]
        assert 'thamkhlang_line{kind="open"} 2.0' in case.client.get("/metrics").text
        assert case.platform.count("reply") == 1, "one is enough to know"
        case.platform.channels[TOKEN] = line_events.BOT
        case.clock.ahead += 2
        case.platform.wait(2)
        assert case.settled()["answered"] == len(events) and case.bot.degraded() == []
        assert case.client.get("/readyz").json()["degraded"] == {}
        assert len(turns(case)) == 2, "an answer that was made already is not made again"


def until_refused(case: Case) -> None:
    for _ in range(500):
        if case.bot.degraded():
            return
        threading.Event().wait(0.02)


def test_what_line_does_not_take_is_said_in_plain_text(case: Case) -> None:
    case.platform.faults["reply"] += [Fault(400, "The request body has 1 error(s)")]
    case.ask(MEMBERS)
    (one,) = case.platform.wait(1)
    assert "845" in one.text and {message["type"] for message in one.messages} == {"text"}
    assert case.settled()["answered"] == 1


def test_a_very_long_answer_is_cut_to_what_line_takes(tmp_path: Path) -> None:
    item = "มติ ที่ประชุมเห็นชอบให้ดำเนินโครงการฝายมีชีวิตและซ่อมแซมเหมืองส่งน้ำของหมู่บ้านในปีงบประมาณ 2567 ตามที่คณะทำงานเสนอ"
    reply = long_reply(item, 20_000)
    assert len(reply["answer"]) >= 20_000
    said = words.messages(reply, links="https://archive.example.org", answer_id="a" * 40)
    with opened(tmp_path / "home", documents={}) as case:
        sender = Sender(TOKEN, case.platform.url)
        assert sender.reply(case.platform.token(PERSON), said) is Outcome.DONE
        sender.close()
        assert len(case.platform.delivered[0].messages) <= 5


def long_reply(item: str, length: int) -> dict[str, Any]:
    """A reply of the API whose words are as many as a language model might write, with 30 citations."""
    cited = {
        **{"document_id": "a" * 64, "source": "x.txt", "title": LONG, "date": "2023-06-18", "status": None, "page": None},
        **{"section": [], "quote": item, "start": 0, "end": len(item), "doubt": None, "url": None, "others": []},
    }
    understood = {"language": "th", "kinds": []} | {
        name: [] for name in ("years", "dates", "places", "abbreviations", "spellings", "translations")
    }
    return {
        "answered": True,
        "language": "th",
        "answer": "\n".join(f"{n}. {item} [{n % 30 + 1}]" for n in range(length // len(item) + 1)),
        "refusal": None,
        "query": {"text": MEMBERS, "carried": [], "without": [], "filter": {}, "understood": understood},
        "citations": [
            cited | {"n": n + 1, "link": f"https://archive.example.org/documents/{'a' * 64}#s=0-9"} for n in range(30)
        ],
        "by": {"path": "model", "model": "m", "fallback": None, "dropped": 0},
    }


def test_in_a_group_only_who_mentions_the_bot_is_answered(case: Case) -> None:
    spans = {
        f"@ผู้ช่วย พช. {MEMBERS}": (0, 12),
        f"🍎🍎 @ผู้ช่วย พช. {MEMBERS}": (5, 12),  # in UTF-16 units
        f"🍎 @ผู้ช่วย พช. {MEMBERS} ": (2, 12),  # in characters
    }
    for said, (index, length) in spans.items():
        case.ask(said, group=GROUP, mentions=[{"type": "user", "isSelf": True, "index": index, "length": length}])
    case.ask(f"@สมชาย {MEMBERS}", group=GROUP, mentions=[{"type": "user", "userId": PERSON, "index": 0, "length": 6}])
    case.ask(MEMBERS, group=GROUP, mentions=[{"type": "all", "index": 0, "length": 4}])
    case.ask(MEMBERS, group=GROUP)
    case.post(line_events.sticker(group=GROUP, token=case.platform.token(GROUP)))
    case.settled()
    assert ["845" in text for text in case.texts()] == [True] * 3
    assert [turn.asked for turn in turns(case, GROUP)] == [MEMBERS, f"🍎🍎 {MEMBERS}", f"🍎 {MEMBERS}"]
    follow_up = button(case.platform.delivered[-1].messages, "ask=")
    case.post(line_events.postback(follow_up, group=GROUP, token=case.platform.token(GROUP)))
    case.platform.wait(4)
    assert turns(case, GROUP)[-1].asked == follow_up.removeprefix("ask=")
    assert not case.platform.loading, "which only one person can be shown"
    assert case.bot.counters()["received"] == 4, "what people say to each other is not even stored"


def test_pictures_and_stickers_are_remarked_on_once(case: Case) -> None:
    for _ in range(3):
        case.post(line_events.sticker(token=case.platform.token(PERSON)))
    case.settled()
    assert len(case.platform.delivered) == 1 and "เฉพาะข้อความ" in case.texts()[0]
    case.clock.ahead += 61
    case.post(line_events.sticker(token=case.platform.token(PERSON)))
    case.settled()
    assert len(case.platform.delivered) == 2


def test_two_channels_answer_each_with_its_own_token_and_keep_their_chats_apart(tmp_path: Path) -> None:
    two = [{"destination": f"U{n}", "secret": f"secret-{n}", "token": f"token-{n}"} for n in range(2)]
    with opened(tmp_path / "home", told=False, line_channels=json.dumps(two)) as case:
        case.platform.channels = {"token-0": "U0", "token-1": "U1"}
        for n, question in ((0, MEMBERS), (1, "แล้วเห็นชอบงบประมาณเท่าไร")):
            assert case.post(case.text(question), secret=f"secret-{n}", destination=f"U{n}") == 200
        case.settled()
        assert sorted(one.channel for one in case.platform.delivered) == ["U0", "U1"]
        second = next(one for one in case.platform.delivered if one.channel == "U1")
        assert all("ข้อมูลที่ถามคลังเก็บ" in one.text for one in case.platform.delivered) and "เข้าใจว่าถามถึง" not in second.text
        case.post(case.text("ลบข้อมูลของฉัน"), secret="secret-0", destination="U0")
        case.settled()
        assert not list(kept(case)), "of all channels"


def kept(case: Case) -> Iterator[object]:
    """Whatever the record keeps of anybody."""
    rows = case.house.store._record._rows
    for table in ("turns", "said", "chats", "turn_documents", "feedback", "conversations"):
        yield from ((table, row) for row in rows(f"SELECT * FROM {table}"))


def test_one_reply_at_a_time_in_a_chat_and_several_chats_at_once(tmp_path: Path) -> None:
    with slow(tmp_path / "home") as (case, gate):
        for n in range(3):
            case.ask(MEMBERS, user=f"U{n}")
            case.ask(BUDGET, user=f"U{n}")
        for _ in range(500):
            if len(case.platform.loading) == 3:
                break
            threading.Event().wait(0.02)
        assert sorted(case.platform.loading) == ["U0", "U1", "U2"]
        gate.set()
        done = case.platform.wait(6)
        for n in range(3):
            texts = [one.text for one in done if one.chat == f"U{n}"]
            assert "845" in texts[0] and "50,000" in texts[1]


def test_the_address_of_a_real_server_is_reached_through_a_proxys_host(tmp_path: Path) -> None:
    from tests.ui.conftest import serving

    with line.serving() as platform:
        platform.channels[TOKEN] = line_events.BOT
        names = {"SECRET": SECRET, "TOKEN": TOKEN, "API": platform.url}
        with serving(
            tmp_path / "home", "--samples", **{f"THAMKHLANG_LINE_{name}": value for name, value in names.items()}
        ) as server:
            event = line_events.text("เลยมีสมาชิกกองทุนกี่คน", token=platform.token(PERSON))
            content = line_events.body(event)
            headers = {**line_events.headers(SECRET, content), "Host": "bot.example.org", "X-Forwarded-Proto": "https"}
            answered = httpx.post(f"{server.address}/webhooks/line", content=content, headers=headers)
            assert answered.status_code == 200
            platform.wait(1)
            assert httpx.get(f"{server.address}/v1/documents", headers={"Host": "bot.example.org"}).status_code == 403
