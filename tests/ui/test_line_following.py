"""Questions to ask on with in LINE: tried, and nothing of what is limited."""

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.types import Answer
from ingest import ingest
from tests.ui.line_case import house_of
from ui import wire
from ui.compose import SAMPLES, House
from ui.line import following
from ui.quiet import Quiet
from ui.suggesting import Next

ASKED = "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วปรับเงินช่วยเหลือกรณีเจ็บป่วยเป็นคืนละเท่าไร"
SOURCE = "minutes-loei-welfare-2566-03.txt"


def followed(house: House, question: str, asked: list[str] | None = None) -> list[str]:
    reply = wire.reply(Assistant(house.store).ask(question))
    return following.follow_ups(Next(house, Quiet()), reply, asked or [question])


def test_they_are_answered_and_new_and_of_what_everybody_may_see(tmp_path: Path) -> None:
    with house_of(tmp_path / "home", "http://127.0.0.1:9", {}) as house:
        assert ingest([SAMPLES / SOURCE], house.store).added
        found = followed(house, ASKED)
        assert 1 <= len(found) <= 3
        assert all(isinstance(house.assistant.ask(one), Answer) for one in found)
        assert not set(found) & set(followed(house, ASKED, found))
        refused = followed(house, "กองทุนนาหินแก้วปี 2590 มีมติว่าอย่างไร")
        assert refused, "a refusal leads on to what its nearest documents do answer"
        assert followed(house, "How much is paid per night in hospital?") == []
        reply = wire.reply(house.assistant.ask(ASKED))
        reply["citations"][0]["removed"] = True
        house.store.limit(SOURCE, ["ทีมเลย"])
        for shown in (reply, wire.reply(house.assistant.ask(ASKED))):
            assert following.follow_ups(Next(house, Quiet()), shown, []) == [], "not even to who sees it"
        house.store.remove(SOURCE)
        assert following.follow_ups(Next(house, Quiet()), reply, []) == []


def test_a_reply_does_not_wait_for_them_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "WITHIN_S", 0.0)
    with house_of(tmp_path / "home", "http://127.0.0.1:9", {}) as house:
        assert ingest([SAMPLES / SOURCE], house.store).added
        quiet = Quiet()
        reply = wire.reply(house.assistant.ask(ASKED))
        with quiet.broken():  # others are answered for ever
            assert following.follow_ups(Next(house, quiet), reply, []) == []
