"""Ratings in the record: one for each kept turn, changed by rating again, gone with the conversation."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import HashEmbedder
from tests.vectorstore.test_conversations import FUND, NAME, WEIR, cited, keep, refused, reply
from vectorstore import Store
from vectorstore.errors import MisnamedConversation, UnknownConversation, UnknownTurn
from vectorstore.feedback import MOST_CHARACTERS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "home", HashEmbedder()) as opened:
        keep(opened, "กองทุนมีสมาชิกกี่คน", reply("กองทุนมีสมาชิกกี่คน", cited(1, FUND)))
        keep(opened, "ฝายใช้งบเท่าไร", refused(WEIR))
        yield opened


def test_a_rating_is_kept_and_changed_by_rating_again(store: Store, tmp_path: Path) -> None:
    assert store.feedback.of(NAME) == {}
    store.feedback.rate(NAME, 1, right=True)
    store.feedback.rate(NAME, 2, right=False, reason="ตอบ\nไม่ตรง")
    store.feedback.rate(NAME, 1, right=False, reason="จำนวนเก่าแล้ว")
    store.close()
    with Store(tmp_path / "home", HashEmbedder()) as opened:
        found = opened.feedback.of(NAME)
        assert {n: (one.right, one.reason, one.asked) for n, one in found.items()} == {
            1: (False, "จำนวนเก่าแล้ว", "กองทุนมีสมาชิกกี่คน"),
            2: (False, "ตอบ ไม่ตรง", "ฝายใช้งบเท่าไร"),
        }
        opened.feedback.rate(NAME, 1, right=True)
        assert [(one.n, one.right) for one in opened.feedback.latest()] == [(1, True), (2, False)]
        assert [one.n for one in opened.feedback.latest(right=False)] == [2]
        assert len(opened.feedback.latest(1)) == 1


def test_personal_data_in_a_reason_is_masked_and_a_long_one_cut(store: Store) -> None:
    store.feedback.rate(NAME, 1, right=False, reason="โทรหาผม 081-234-5678")
    assert store.feedback.of(NAME)[1].reason == "โทรหาผม •••-•••-••••"
    store.feedback.rate(NAME, 1, right=False, reason="ก" * 5000)
    assert store.feedback.of(NAME)[1].reason == "ก" * MOST_CHARACTERS


def test_only_a_kept_turn_is_rated(store: Store) -> None:
    for name, n in ((NAME, 3), (NAME, 0), (NAME, -1), ("nobody-knows-it", 1)):
        with pytest.raises(UnknownTurn):
            store.feedback.rate(name, n, right=True)
    with pytest.raises(MisnamedConversation):
        store.feedback.rate("สั้น", 1, right=True)
    assert store.feedback.latest() == []


def test_ratings_go_with_their_conversation(store: Store, tmp_path: Path) -> None:
    keep(store, "อีกเรื่อง", refused(), "another-conversation")
    store.feedback.rate(NAME, 1, right=False, reason="เหตุผลที่ต้องหายไป")
    store.feedback.rate("another-conversation", 1, right=True)
    store.conversations.erase(NAME)
    assert [one.asked for one in store.feedback.latest()] == ["อีกเรื่อง"]
    with pytest.raises(UnknownConversation):
        store.conversations.turns(NAME)
    store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("home/archive.db*"))
    assert "เหตุผลที่ต้องหายไป".encode() not in kept
