"""What comes in at /webhooks/line: signatures, odd events, the same one again; on the disk before it is acknowledged."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loopback import line_events
from tests.ui.line_case import BUDGET, FUND, MEMBERS, SECRET, Case, at_once, house_of, opened
from ui import settings
from ui.line import channels
from ui.line.channels import Channel

OFFICIAL = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with opened(tmp_path / "home") as running:
        yield running


def test_the_signature_of_lines_own_example_is_right(case: Case) -> None:
    assert Channel(secret=SECRET, token="t").signed(OFFICIAL, SIGNATURE)
    answered = case.raw(OFFICIAL, **{"x-line-signature": SIGNATURE})
    assert (answered.status_code, answered.content) == (200, b"")
    assert case.raw(OFFICIAL, **{"X-LINE-Signature": SIGNATURE}).status_code == 200


def test_what_is_not_signed_by_a_channel_of_ours_is_refused_without_an_echo(case: Case) -> None:
    content = line_events.body(case.text("ความลับของฉัน"))
    right = line_events.signature(SECRET, content)
    pretty = json.dumps(json.loads(content), indent=1).encode()
    wrong = {
        "none": (content, {}),
        "empty": (content, {"x-line-signature": ""}),
        "another secret": (content, {"x-line-signature": line_events.signature("else", content)}),
        "not ASCII": (content, {"x-line-signature": "ลายเซ็น".encode()}),
        "cut short": (content, {"x-line-signature": right[:-1]}),
        "serialised again": (pretty, {"x-line-signature": right}),
        "signed again": (content, {"x-line-signature": line_events.signature(SECRET, pretty)}),
    }
    for name, (body, headers) in wrong.items():
        answered = case.raw(body, **headers)
        assert answered.status_code == 400 and answered.json()["code"] == "bad_signature", name
        assert "ความลับ" not in answered.text and SECRET not in answered.text and right not in answered.text, name
    assert case.settled() == {"refused": len(wrong), "open": 0} and not case.platform.delivered


def test_a_request_for_another_channels_bot_is_refused(tmp_path: Path) -> None:
    two = [{"destination": f"U{n}", "secret": f"secret-{n}", "token": f"token-{n}"} for n in range(2)]
    with opened(tmp_path / "home", line_channels=json.dumps(two)) as case:
        content = line_events.body(destination="U0")
        for secret, status in (("secret-0", 200), ("secret-1", 400), (SECRET, 400)):
            answered = case.raw(content, **line_events.headers(secret, content))
            assert answered.status_code == status, secret


def test_what_is_signed_and_is_no_list_of_events_is_refused(case: Case) -> None:
    for content in (b"", b"null", b"[]", b"{}", b'{"events": 5}', b"\xff\xfe", b"\x00", b"{" * 200_000, b'{"destination":'):
        answered = case.raw(content, **line_events.headers(SECRET, content))
        assert (answered.status_code, answered.json()["code"]) == (400, "invalid_json"), content[:20]


def test_sizes_hosts_and_methods(case: Case) -> None:
    filler = b'{"destination":"U","events":[],"x":"%s"}'
    for length, status in ((1_000_000, 200), (1_000_001, 413)):
        content = filler % (b"x" * (length - len(filler) + 2))
        assert case.raw(content, **line_events.headers(SECRET, content)).status_code == status
    assert case.client.post("https://bot.example.org/v1/answers", json={"question": "ก"}).status_code == 403
    assert case.client.get("https://bot.example.org/webhooks/line/x").status_code == 403
    assert case.client.get("http://127.0.0.1:8000/webhooks/line").status_code == 405

    def pieces() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 50_000

    assert case.client.post("https://bot.example.org/webhooks/line", content=pieces()).status_code == 413
    content = OFFICIAL
    sent = case.client.post(
        "https://bot.example.org/webhooks/line",
        content=iter([content[:9], content[9:]]),
        headers={"x-line-signature": SIGNATURE},
    )
    assert sent.status_code == 200, "in pieces, as some proxies send it on"


def test_without_a_channel_the_address_says_what_is_missing(tmp_path: Path) -> None:
    from starlette.testclient import TestClient

    from ui import api

    with house_of(tmp_path / "home", "https://api.line.me", {}, line_secret="", line_token="") as house:
        with TestClient(api.create(house), base_url="http://127.0.0.1:8000") as client:
            answered = client.post("/webhooks/line", content=OFFICIAL)
        assert answered.status_code == 404 and answered.json()["code"] == "line_not_set"
        assert not (tmp_path / "home" / "inbox.db").exists()


def test_half_a_channel_or_a_garbled_list_of_them_is_told_without_its_secrets() -> None:
    wrong = [
        {"line_secret": "hushhush"},
        {"line_token": "hushhush"},
        *(
            {"line_channels": value}
            for value in ("hushhush", "{}", '["hushhush"]', '[{"destination": "U1", "secret": "hushhush"}]')
        ),
        {"line_channels": '[{"destination": "U1", "secret": "hushhush", "token": 5}]'},
        {"line_channels": json.dumps([{"destination": "U1", "secret": "hushhush", "token": "d"}] * 2)},
    ]
    for given in wrong:
        with pytest.raises(settings.SettingsError, match="THAMKHLANG_LINE_") as told:
            channels.channels(settings.load(**given))
        assert "hushhush" not in str(told.value) and told.value.__cause__ is None
    shown = settings.told(settings.load(line_secret="hushhush", line_token="hushhush"))
    assert "hushhush" not in repr(shown) and "hushhush" not in repr(Channel(secret="hushhush", token="hushhush"))


def test_the_same_event_three_times_on_two_connections_and_after_a_restart_is_answered_once(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as case:
        event = case.text(MEMBERS)
        again = event | {"deliveryContext": {"isRedelivery": True}}
        at_once(*[lambda sent=one: case.post(sent) for one in (event, event, again)])
        assert case.post(event, again) == 200
        (one,) = case.platform.wait(1)
        assert "845" in one.text
        case.settled()
        platform = case.platform
    with opened(tmp_path / "home", platform, {}) as case:
        assert case.post(again) == 200
        case.settled()
        assert len(platform.delivered) == 1 and platform.count("reply") == 1


def test_odd_events_cost_no_other(case: Case) -> None:
    deep: object = "x"
    for _ in range(900):
        deep = [deep]
    good = case.text(MEMBERS)
    odd = [
        None,
        5,
        [],
        "x",
        {},
        {"type": 5},
        {"type": "newKind", "mode": "dreaming"},
        {"type": "message"},
        line_events.event("message", message=None),
        case.text(MEMBERS, source=None),
        case.text(MEMBERS, source={"type": "dream", "dreamId": "D1"}),
        case.text(MEMBERS, timestamp="yesterday"),
        case.text(MEMBERS, timestamp=10**40),
        case.text(MEMBERS, webhookEventId=None),
        case.text(MEMBERS, webhookEventId="\ud83d"),
        case.text(MEMBERS, mode="standby"),
        case.text(MEMBERS, more=deep),
        good,
        case.text(MEMBERS, group="C1"),
    ]
    assert case.post(*odd) == 200
    case.settled()
    assert len(case.platform.delivered) == 2, "the good one, and the one with more than is known"
    counted = case.bot.counters()
    assert counted["received"] == 2 and sum(count for name, count in counted.items() if name.startswith("odd:")) == 12


def test_an_event_nested_too_deeply_to_read_costs_no_other(case: Case) -> None:
    deep = b'{"type": "x", "a": ' + b"[" * 3_000 + b'"}\\"]"' + b"]" * 3_000 + b"}"
    good = json.dumps(case.text(MEMBERS)).encode()
    content = b'{"destination": "%s", "events": [%s, %s]}' % (line_events.BOT.encode(), deep, good)
    assert case.raw(content, **line_events.headers(SECRET, content)).status_code == 200
    (one,) = case.platform.wait(1)
    assert "845" in one.text and case.settled()["odd:too_deep"] == 1


def test_unknown_parts_of_an_event_that_can_be_read_change_nothing(case: Case) -> None:
    lacking = case.text(MEMBERS)
    del lacking["mode"], lacking["deliveryContext"], lacking["message"]["quoteToken"]
    newer = case.text(BUDGET, mode="dreaming", deliveryContext=7, mood={"x": []})
    newer["message"]["mention"] = {"mentionees": [{"type": "dream"}, None, {"isSelf": True, "index": "x"}]}
    assert case.post(lacking, newer) == 200
    case.platform.wait(2)
    assert ["845" in text or "50,000" in text for text in case.texts()] == [True, True]


def test_half_a_surrogate_pair_and_signs_that_are_none_are_read_as_such(case: Case) -> None:
    case.ask(f"\ud83d{MEMBERS}\x00\u202e")
    (one,) = case.platform.wait(1)
    assert "845" in one.text


def test_events_are_answered_in_the_order_of_their_own_times(case: Case) -> None:
    events = [case.text(f"{MEMBERS} {n}", at=1_700_000_000_000 + n) for n in range(6)]
    assert case.post(*(events[n] for n in (4, 2, 5, 0, 3, 1))) == 200
    case.platform.wait(6)
    kept = case.house.store.conversations.turns(case.house.store.chats.conversation(chat_of(case)))
    assert [turn.asked[-1] for turn in kept] == list("012345")


def chat_of(case: Case, chat: str = line_events.PERSON) -> str:
    return case.house.store.chats.hashed("chat", line_events.BOT, chat)


def test_what_cannot_be_stored_is_not_acknowledged(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as case:
        event = case.text(MEMBERS)
        with sqlite3.connect(tmp_path / "home" / "inbox.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")  # as long as a full disk
            content = line_events.body(event)
            answered = case.raw(content, **line_events.headers(SECRET, content))
            assert (answered.status_code, answered.json()["code"]) == (503, "inbox_unavailable")
            other.execute("ROLLBACK")
        other.close()
        assert case.post(event | {"deliveryContext": {"isRedelivery": True}}) == 200, "LINE sends it again"
        case.settled()
        assert len(case.platform.delivered) == 1


def test_nothing_of_what_was_said_stays_in_the_inbox(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as case:
        case.ask(MEMBERS)
        case.platform.wait(1)
        case.settled()
    content = b"".join(path.read_bytes() for path in (tmp_path / "home").glob("inbox.db*"))
    for said in (MEMBERS, json.dumps(MEMBERS).strip('"'), line_events.PERSON):
        assert said.encode() not in content
    with sqlite3.connect(tmp_path / "home" / "archive.db") as record:
        dump = "\n".join(record.iterdump())
    record.close()
    assert line_events.PERSON not in dump and FUND.split("\n")[1] in MEMBERS + dump
