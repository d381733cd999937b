"""Chats of a messenger: whose turns are whose, without anybody's id, and how they go."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore import earlier
from tests.vectorstore.parcels import unasked
from tests.vectorstore.test_conversations import FUND, cited, reply
from vectorstore import Store, backup, restoring
from vectorstore.chats import Said
from vectorstore.schema import SCHEMA


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "home", HashEmbedder()) as opened:
        opened.add([(FUND, passages(FUND))])
        yield opened


def keep(store: Store, chat: str, asker: str, asked: str, text: str = "") -> str:
    """Keeps a turn of a chat; the hash of its message."""
    name = store.chats.hashed("message", chat, asked)
    said = Said(message=name, event=f"event of {asked}", chat=chat, asker=asker)
    store.conversations.add(
        store.chats.conversation(chat),
        asked=asked,
        text=text or asked,
        reply=reply(text or asked, cited(1, FUND)),
        beside=said.keep,
    )
    return name


def asked(store: Store, chat: str) -> list[str]:
    return [turn.text for turn in store.conversations.latest(store.chats.conversation(chat), 100)]


def test_hashes_are_of_this_archive_alone(store: Store, tmp_path: Path) -> None:
    one = store.chats.hashed("person", "U1")
    assert len(one) == 40 and one == store.chats.hashed("person", "U1") != store.chats.hashed("chat", "U1")
    assert store.chats.hashed("a", "b\ud83d") and store.chats.hashed("ab", "c") != store.chats.hashed("a", "bc")
    with Store(tmp_path / "other", HashEmbedder()) as other:
        assert other.chats.hashed("person", "U1") != one
    backup.write(store, {}, "0", tmp_path / "a.tar")
    restoring.restore(tmp_path / "a.tar", tmp_path / "again", unasked)
    with Store(tmp_path / "again", HashEmbedder()) as restored:
        assert restored.chats.hashed("person", "U1") == one, "so that people can still be forgotten"


def test_the_turn_that_answers_a_message_is_found_in_its_chat_alone(store: Store) -> None:
    keep(store, "c" * 40, "p", "ข้อหนึ่ง")
    second = keep(store, "c" * 40, "p", "ข้อสอง")
    assert store.chats.answer("c" * 40, second) == ("line:" + "c" * 40, 2, "event of ข้อสอง")
    assert store.chats.answer("d" * 40, second) is None and store.chats.answer("c" * 40, "none") is None


def test_a_turn_is_kept_with_its_message_or_not_at_all(store: Store) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.conversations.add("talk:0001", asked="q", text="q", reply=reply("q"), beside=fails)
    assert store.conversations.latest("talk:0001", 5) == []


def test_what_was_taken_back_is_in_no_later_turn_either(store: Store) -> None:
    chat = "c" * 40
    first = keep(store, chat, "p", "กองทุนสวัสดิการนาหินแก้วมีสมาชิกกี่คน")
    keep(store, chat, "p", "แล้วปีที่แล้วล่ะ", "กองทุนสวัสดิการนาหินแก้วมีสมาชิกกี่คน ปี 2565")
    keep(store, chat, "p", "ฝายห้วยหมากใช้เงินเท่าไร")
    assert store.chats.unsay("other", first) is False and store.chats.unsay(chat, first)
    assert asked(store, chat) == ["แล้วปีที่แล้วล่ะ", "ฝายห้วยหมากใช้เงินเท่าไร"]
    assert not store.chats.unsay(chat, first) and store.faults() == []


def test_a_person_is_forgotten_everywhere_and_a_chat_with_all_that_was_said_in_it(store: Store) -> None:
    one, other = "c" * 40, "d" * 40
    keep(store, one, "p", "ของฉัน")
    keep(store, other, "p", "ของฉันในกลุ่ม")
    keep(store, other, "q", "ของคนอื่น")
    keep(store, other, "", "ของใครก็ไม่รู้")
    store.feedback.rate(store.chats.conversation(other), 1, right=True)
    store.chats.tell(one)
    assert store.chats.forget_person("") == 0 and store.chats.forget_person("p") == 2
    assert asked(store, one) == [] and asked(store, other) == ["ของคนอื่น", "ของใครก็ไม่รู้"] and not store.feedback.latest()
    assert store.chats.was_told(one) and not store.chats.was_told(other)
    store.chats.turn_over(other)
    keep(store, other, "q", "อีกบทสนทนา")
    for chat in (one, other):
        store.chats.forget_chat(chat)
    rows = store._record._rows
    for table in ("chats", "said", "turns", "turn_documents", "conversations"):
        assert not rows(f"SELECT 1 FROM {table}"), table


def test_a_conversation_that_is_erased_takes_its_messages_along(store: Store) -> None:
    name = keep(store, "c" * 40, "p", "ของฉัน")
    store.conversations.erase("line:" + "c" * 40)
    assert store.chats.answer("c" * 40, name) is None and not store._record._rows("SELECT 1 FROM said")


def test_turns_that_are_too_old_go_and_those_of_no_chat_stay(store: Store) -> None:
    keep(store, "c" * 40, "p", "เก่า")
    store.conversations.add("talk:0001", asked="q", text="q", reply=reply("q"))
    with store._record._transaction() as db:
        db.execute("UPDATE turns SET at = '2025-01-01T00:00:00Z'")
    keep(store, "c" * 40, "p", "ใหม่")
    assert store.chats.forget_before("2025-01-02") == 1
    assert asked(store, "c" * 40) == ["ใหม่"] and len(store.conversations.turns("talk:0001")) == 1


def test_an_archive_of_the_fifth_schema_opens(tmp_path: Path) -> None:
    fund = document("fund.txt", "กองทุนสวัสดิการนาหินแก้วมีสมาชิก 845 คน")
    with Store(tmp_path / "home", HashEmbedder()) as store:
        store.add([(fund, passages(fund))])
        store.conversations.add("talk:0001", asked="q", text="q", reply=reply("q"))
    db = earlier.schema_5(tmp_path / "home" / "archive.db")
    db.commit()
    db.close()
    with Store(tmp_path / "home", HashEmbedder()) as store:
        assert len(store.conversations.turns("talk:0001")) == 1 and store.search("กองทุน") and store.faults() == []
        keep(store, "c" * 40, "p", "ของฉัน")
        store.conversations.erase("talk:0001")
    with sqlite3.connect(tmp_path / "home" / "archive.db") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
    db.close()
