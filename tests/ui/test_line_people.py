"""What is kept of people who ask by LINE, how it goes, and what they are not shown."""

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loopback import line_events
from tests.loopback.line_events import GROUP, PERSON
from tests.ui.line_case import BUDGET, FUND, MEMBERS, SECRET_FUND, Case, opened
from tests.ui.test_line_answers import button, kept, slow, turns
from ui.compose import SAMPLES
from ui.people import READER
from ui.suggesting import answered

NOTICE, WELCOME = "ข้อมูลที่ถามคลังเก็บ", "นี่คือถามคลัง"
SELF = [{"type": "user", "isSelf": True, "index": 0, "length": 4}]


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with opened(tmp_path / "home", told=False) as running:
        yield running


def test_who_follows_is_told_what_is_kept_and_not_again_with_the_first_answer(case: Case) -> None:
    case.post(line_events.event("follow", token=case.platform.token(PERSON), follow={"isUnblocked": False}))
    case.ask(MEMBERS)
    greeting, answer = case.platform.wait(2)
    assert NOTICE in greeting.text and WELCOME in greeting.text and NOTICE not in answer.text
    example = button(greeting.messages, "ask=")
    case.post(line_events.postback(example, token=case.platform.token(PERSON)))
    case.settled()
    assert len(case.platform.delivered) == 3


def test_who_follows_is_offered_three_questions_that_are_answered(tmp_path: Path) -> None:
    documents = {path.name: path.read_text(encoding="utf-8") for path in SAMPLES.glob("*.txt")}
    with opened(tmp_path / "home", documents=documents) as running:
        assert len(answered(running.house)(READER.groups)) > 3, "nothing is proved where there are no more"
        running.post(line_events.event("follow", token=running.platform.token(PERSON), follow={"isUnblocked": False}))
        (greeting,) = running.platform.wait(1)
        offered = [item["action"]["data"] for item in greeting.messages[-1]["quickReply"]["items"]]
        assert len([one for one in offered if one != "ask=ความเป็นส่วนตัว"]) == 3


def test_who_asks_first_is_told_with_the_first_answer_alone(case: Case) -> None:
    for _ in range(2):
        case.ask(MEMBERS)
    first, second = case.platform.wait(2)
    assert NOTICE in first.text and "845" in first.text and NOTICE not in second.text and "845" in second.text


def test_a_group_that_the_bot_joins_is_greeted_and_one_that_it_leaves_is_forgotten(case: Case) -> None:
    case.post(line_events.event("join", group=GROUP, user="", token=case.platform.token(GROUP)))
    case.ask(f"@บอต {MEMBERS}", group=GROUP, mentions=SELF)
    greeting, _ = case.platform.wait(2)
    assert NOTICE in greeting.text and len(turns(case, GROUP)) == 1
    case.post(line_events.event("leave", group=GROUP, user=""))
    case.settled()
    assert not list(kept(case)) and len(case.platform.delivered) == 2


def test_commands_are_obeyed_and_no_questions(case: Case) -> None:
    for said, expected in (("ช่วยเหลือ", WELCOME), ("ความเป็นส่วนตัว", NOTICE), ("help", "ThamKhlang")):
        case.ask(said)
        case.settled()
        assert expected in case.texts()[-1]
    welcome = case.platform.delivered[0].messages
    case.post(line_events.postback(button(welcome, "ask=ความเป็นส่วนตัว"), token=case.platform.token(PERSON)))
    case.settled()
    assert NOTICE in case.texts()[-1] and not turns(case)


def test_who_asks_for_it_is_forgotten_in_every_chat_and_nobody_else(case: Case) -> None:
    case.ask(MEMBERS)
    case.ask("แล้วเห็นชอบงบประมาณเท่าไร")
    case.settled()
    answer = button(case.platform.delivered[0].messages, "right=")
    case.post(line_events.postback(answer, token=case.platform.token(PERSON)))
    case.ask(f"@บอต {MEMBERS}", group=GROUP, mentions=SELF)
    case.ask(f"@บอต {BUDGET}", group=GROUP, mentions=SELF, user="Uelse")
    case.ask(MEMBERS, user="Uelse")
    case.settled()
    assert case.house.store.feedback.latest()[0].right
    case.ask("ลบข้อมูลของฉัน")
    case.settled()
    assert "ลบคำถาม คำตอบ และความเห็นทั้งหมดของคุณ" in case.texts()[-1]
    assert not turns(case) and [turn.asked for turn in turns(case, GROUP)] == [BUDGET]
    assert not case.house.store.feedback.latest() and [turn.asked for turn in turns(case, "Uelse")] == [MEMBERS]
    chats = case.house.store.chats
    mine = {chats.hashed("person", PERSON), chats.hashed("chat", line_events.BOT, PERSON)}
    assert not any(one in repr(row) for row in kept(case) for one in mine)
    shown = len(case.platform.delivered)
    case.post(line_events.postback(answer.replace("right", "answer"), token=case.platform.token(PERSON)))
    case.settled()
    assert "845" not in case.texts()[shown], "nor is it shown again"


def test_who_blocks_the_bot_is_forgotten_too(case: Case) -> None:
    case.ask(MEMBERS)
    case.ask(f"@บอต {MEMBERS}", group=GROUP, mentions=SELF)
    case.settled()
    case.post(line_events.event("unfollow"))
    case.settled()
    assert not turns(case) and not turns(case, GROUP)


def test_what_waits_of_somebody_who_is_forgotten_is_not_answered(tmp_path: Path) -> None:
    with slow(tmp_path / "home") as (case, gate):
        case.ask(f"@บอต {MEMBERS}", group=GROUP, mentions=SELF)
        until(lambda: case.bot._answering._chats)
        case.ask(f"@บอต {BUDGET}", group=GROUP, mentions=SELF)
        case.ask("ลบข้อมูลของฉัน", at=line_events.event("x")["timestamp"] + 60_000)
        case.platform.wait(1)
        gate.set()
        case.settled()
        assert len(case.platform.delivered) == 1 and "ลบคำถาม" in case.texts()[0]
        assert not [row for row in kept(case) if row[0] in ("turns", "said")]


def until(found) -> None:
    for _ in range(500):
        if found():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it never came to be")


def test_a_question_that_is_taken_back_is_not_answered_and_not_kept(case: Case) -> None:
    event = case.ask(MEMBERS)
    case.settled()
    message = event["message"]["id"]
    case.ask("แล้วเห็นชอบงบประมาณเท่าไร")
    case.settled()
    assert "นาหินแก้ว" in turns(case)[1].text
    case.post(line_events.unsend(message))
    case.settled()
    (left,) = turns(case)
    assert left.asked == left.text == "แล้วเห็นชอบงบประมาณเท่าไร", "nor what the next one took from it"
    assert len(case.platform.delivered) == 2
    before = case.text(BUDGET)
    case.post(line_events.unsend(before["message"]["id"], at=before["timestamp"] + 5))
    case.post(before)
    case.settled()
    assert len(case.platform.delivered) == 2, "whichever comes first"


def test_a_question_that_is_taken_back_while_it_is_answered(tmp_path: Path) -> None:
    with slow(tmp_path / "home") as (case, gate):
        event = case.ask(MEMBERS)
        until(lambda: case.bot._answering._chats)
        case.post(line_events.unsend(event["message"]["id"], at=event["timestamp"] + 5))
        gate.set()
        case.settled()
        assert not case.platform.delivered and not turns(case)


def test_a_question_that_is_changed_is_answered_anew_in_place_of_what_it_was(case: Case) -> None:
    first = case.ask(f"@บอต {MEMBERS}", group=GROUP, mentions=SELF)
    case.settled()
    named = {"group": GROUP, "message": first["message"]["id"], "kind": "messageEdited"}
    case.ask(f"@บอต {BUDGET}", mentions=SELF, at=first["timestamp"] + 10, **named)
    case.settled()
    case.ask(f"@บอต {MEMBERS} นะ", mentions=SELF, at=first["timestamp"] + 5, **named)
    case.settled()
    assert [turn.asked for turn in turns(case, GROUP)] == [BUDGET], "the latest counts, whichever comes last"
    assert ["845" in text for text in case.texts()] == [True, False]
    case.ask("ไม่ถามแล้ว", at=first["timestamp"] + 20, **named)
    case.settled()
    assert not turns(case, GROUP) and len(case.platform.delivered) == 2, "without a mention it is none of ours"


def test_an_edit_that_comes_before_what_it_changes_is_answered_alone(case: Case) -> None:
    first = case.text(f"@บอต {MEMBERS}", group=GROUP, mentions=SELF)
    case.ask(
        f"@บอต {BUDGET}",
        group=GROUP,
        mentions=SELF,
        message=first["message"]["id"],
        kind="messageEdited",
        at=first["timestamp"] + 10,
    )
    case.settled()
    case.post(first)
    case.settled()
    assert [turn.asked for turn in turns(case, GROUP)] == [BUDGET] and len(case.platform.delivered) == 1


@pytest.mark.parametrize("accounts", ["off", "on"])
def test_documents_that_are_limited_to_groups_are_never_shown(tmp_path: Path, accounts: str) -> None:
    with opened(tmp_path / "home", documents={"fund.txt": FUND, "limited.txt": SECRET_FUND}, accounts=accounts) as case:
        case.ask("กองทุนลับห้วยหมากมีสมาชิกกี่คน")
        case.settled()
        assert "777" in case.texts()[0]
        data = button(case.platform.delivered[0].messages, "right=").replace("right", "answer")
        case.house.store.limit("limited.txt", ["ทีมเลย"])
        for event in (
            case.text("กองทุนลับห้วยหมากมีสมาชิกกี่คน"),
            case.text("ขอดูรายชื่อเอกสารประชุมลับ"),
            line_events.postback(data, token=case.platform.token(PERSON)),
        ):
            case.post(event)
            case.settled()
        assert len(case.platform.delivered) == 4
        for one in case.platform.delivered[1:]:
            assert not any(words in repr(one.messages) for words in ("777", "70,000", "limited.txt", "ประชุมลับกองทุน"))


def test_a_button_says_whether_an_answer_fits(case: Case) -> None:
    case.ask(MEMBERS)
    case.settled()
    case.post(line_events.postback(button(case.platform.delivered[0].messages, "wrong="), token=case.platform.token(PERSON)))
    case.settled()
    assert [(one.asked, one.right) for one in case.house.store.feedback.latest()] == [(MEMBERS, False)]
    assert "ขอบคุณ" in case.texts()[-1]


def test_a_conversation_that_is_full_goes_on_in_another(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.conversations.MOST_TURNS", 2)
    for _ in range(3):
        case.ask(MEMBERS)
        case.settled()
    assert ["845" in text for text in case.texts()] == [True] * 3 and len(turns(case)) == 1
    case.ask("ลบข้อมูลของฉัน")
    case.settled()
    assert not list(kept(case))


def test_what_is_old_is_erased(tmp_path: Path) -> None:
    with opened(tmp_path / "home", line_keep_days=30) as case:
        case.ask(MEMBERS)
        case.settled()
        case.bot._answering._clean()
        assert len(turns(case)) == 1
        case.clock.ahead += 31 * 86_400
        case.bot._answering._clean()
        assert not turns(case) and not case.bot._inbox._reading.execute("SELECT 1 FROM events").fetchall()


def test_personal_data_in_a_question_is_masked(case: Case) -> None:
    case.ask("เลขบัตรประชาชน 1234567890121 ของใคร")
    case.settled()
    assert "1234567890121" not in repr(list(kept(case))) + repr(case.texts())
    assert all(dataclasses.is_dataclass(turn) for turn in turns(case))
