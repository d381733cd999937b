"""Kept conversations as a list, and looked for by their words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore.test_conversations import FUND, WEIR, cited, keep, refused, reply
from vectorstore import Store

FIRST, SECOND, THIRD = "conversation-1", "conversation-2", "conversation-3"
NAMES = [FIRST, SECOND, THIRD]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "home", HashEmbedder()) as opened:
        opened.add([(made, passages(made)) for made in (FUND, WEIR)])
        keep(opened, "กองทุนมีสมาชิกกี่คน", reply("กองทุนมีสมาชิกกี่คน", cited(1, FUND)), FIRST)
        keep(opened, "ฝายห้วยหมากใช้งบเท่าไร", reply("ฝายห้วยหมากใช้งบเท่าไร", cited(1, WEIR)), SECOND)
        keep(opened, "ใครเป็นประธาน เบอร์ 081-234-5678", refused(WEIR), THIRD)
        keep(opened, "ใครคือกรรมการ", reply("ใครคือกรรมการ", cited(1, FUND, 1)), FIRST)
        yield opened


def found(store: Store, text: str = "", names: list[str] = NAMES) -> list[str]:
    return [one.id for one in store.conversations.summaries(names, text)]


def test_the_last_answered_is_first_and_only_those_named_are_listed(store: Store) -> None:
    first, *_ = store.conversations.summaries(NAMES)
    assert (first.id, first.asked, first.turns) == (FIRST, "กองทุนมีสมาชิกกี่คน", 2)
    assert first.at == store.conversations.turns(FIRST)[-1].at
    assert found(store) == [FIRST, THIRD, SECOND]
    assert found(store, names=[SECOND, "never-begun-one", "' OR 1=1 --"]) == [SECOND]
    assert found(store, names=[]) == []
    begun = store.conversations.begin()
    assert found(store, names=[begun]) == [], "a conversation without turns has no title"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("สมาชิก", [FIRST]),
        ("กรรมการ สมาชิก", [FIRST]),  # in two of its turns
        ("196,400", [SECOND]),
        ("๑๙๖,๔๐๐ บาท", [SECOND]),  # of an answer, in Thai digits
        ("ไม่พบ", [THIRD]),  # of a refusal
        ("ฝายห้วยหมาก สมาชิก", []),
        ("%", []),
        ("  ", [FIRST, THIRD, SECOND]),
        ("081-234-5678", []),
    ],
)
def test_words_of_questions_and_answers_are_looked_for(store: Store, text: str, names: list[str]) -> None:
    assert found(store, text) == names


def test_personal_data_is_not_shown(store: Store) -> None:
    (third,) = store.conversations.summaries([THIRD])
    assert third.asked == "ใครเป็นประธาน เบอร์ •••-•••-••••"


def test_choices_are_the_values_of_current_documents(store: Store) -> None:
    assert store.choices("kind") == [("report", 2)]
    assert store.choices("province") == store.choices("nothing") == []
    made = document("loei.txt", "ประชุม", provinces=("เลย", "น่าน"), date="2023-06-18", kind="minutes")
    store.add([(made, passages(made))])
    assert store.choices("province") == [("น่าน", 1), ("เลย", 1)]
    assert store.choices("year") == [("2023", 1)]
    assert store.choices("kind") == [("minutes", 1), ("report", 2)]
    store.remove("loei.txt")
    assert store.choices("year") == []
