"""Conversations in the record: nothing acknowledged is lost, nothing removed is kept, every quote is looked up again."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore import earlier
from tests.vectorstore.conftest import Profile
from vectorstore import Document, Store
from vectorstore.conversations import MOST_TURNS, REMOVED, fresh_id
from vectorstore.errors import ConversationFull, MisnamedConversation, UnknownConversation

ROOT = Path(__file__).parents[2]
NAME = "staff:somchai.2566"
FUND = document("fund.txt", "กองทุนสวัสดิการนาหินแก้วมีสมาชิก 845 คน", "1. นางบุญมา ใจเย็น 2. นายสมหวัง รักถิ่น")
WEIR = document("weir.txt", "ฝายห้วยหมากใช้งบประมาณ 196,400 บาท")


@pytest.fixture
def store(tmp_path: Path, profile: Profile) -> Iterator[Store]:
    with Store(tmp_path / "home", HashEmbedder(), **profile()) as opened:
        opened.add([(made, passages(made)) for made in (FUND, WEIR)])
        yield opened


def cited(n: int, made: Document, line: int = 0) -> dict[str, Any]:
    block = made.blocks[line]
    fields = {
        "n": n,
        "document_id": made.id,
        "source": made.source,
        "title": made.title,
        "date": None,
        "page": 1,
        "section": [],
    }
    return fields | {"quote": made.text[block.start : block.end], "start": block.start, "end": block.end, "url": None}


def reply(text: str, *citations: dict[str, Any], answer: str = "") -> dict[str, Any]:
    said = answer or "\n\n".join(f"{one['quote']} [{one['n']}]" for one in citations)
    query = {"text": text, "carried": False, "filter": {}, "understood": {"kinds": ["text"], "places": [{"said": text}]}}
    return {"answered": True, "language": "th", "answer": said, "refusal": None, "query": query, "citations": list(citations)}


def refused(*near: Document) -> dict[str, Any]:
    nearest = [{"document_id": one.id, "source": one.source, "title": one.title, "date": None} for one in near]
    why = {"reason": "not_in_archive", "message": "ไม่พบ", "missing": [], "nearest": nearest}
    return {**reply("อื่น ๆ"), "answered": False, "answer": "", "refusal": why}


def keep(store: Store, asked: str, said: dict[str, Any], name: str = NAME) -> int:
    return store.conversations.add(name, asked=asked, text=said["query"]["text"], reply=said).n


def test_turns_come_back_as_they_were_after_reopening(tmp_path: Path) -> None:
    said = reply("กองทุนมีสมาชิกกี่คน", cited(1, FUND))
    with Store(tmp_path, HashEmbedder()) as store:
        store.add([(FUND, passages(FUND))])
        assert [keep(store, "กี่คน", said), keep(store, "ขอบคุณ", refused())] == [1, 2]
    with Store(tmp_path, HashEmbedder()) as store:
        store.rebuild(passages)
        first, second = store.conversations.turns(NAME)
    assert (first.n, first.asked, first.text, first.reply) == (1, "กี่คน", "กองทุนมีสมาชิกกี่คน", said)
    assert second.reply == refused() and first.at.endswith("Z")


def test_a_new_conversation_has_a_name_that_nobody_guesses(store: Store) -> None:
    names = {store.conversations.begin() for _ in range(20)}
    assert len(names) == 20 and all(len(name) == 32 for name in names)
    assert store.conversations.turns(names.pop()) == []


def test_an_erased_conversation_is_gone_and_others_stay(store: Store) -> None:
    keep(store, "ก", reply("ก", cited(1, FUND)))
    keep(store, "ข", reply("ข", cited(1, FUND)), "another:one")
    store.conversations.erase(NAME)
    for gone in (lambda: store.conversations.turns(NAME), lambda: store.conversations.erase(NAME)):
        with pytest.raises(UnknownConversation, match="เริ่มบทสนทนาใหม่"):
            gone()
    assert [turn.asked for turn in store.conversations.turns("another:one")] == ["ข"]
    rows = store._record._rows("SELECT (SELECT count(*) FROM turns), (SELECT count(*) FROM turn_documents)")
    assert rows == [(1, 1)]


@pytest.mark.parametrize(
    "name", ["", "short", "x" * 129, "มีไทยในชื่อนี้", "has space", "semi;colon", "new\nline1", "trailing\n", "\ud800abcdefgh"]
)
def test_a_name_that_cannot_be_is_told(store: Store, name: str) -> None:
    for use in (lambda: keep(store, "ก", refused(), name), lambda: store.conversations.latest(name, 10)):
        with pytest.raises(MisnamedConversation, match="8 ถึง 128"):
            use()
    with pytest.raises(MisnamedConversation):
        store.conversations.turns(name)


def test_the_latest_turns_are_the_history(store: Store) -> None:
    assert store.conversations.latest(NAME, 10) == []
    for number in range(13):
        keep(store, f"คำถาม {number}", refused())
    assert [turn.asked for turn in store.conversations.latest(NAME, 10)] == [f"คำถาม {number}" for number in range(3, 13)]


def test_a_full_conversation_says_so(store: Store) -> None:
    keep(store, "ก", refused())
    store._record._rows("UPDATE turns SET n = ?", (MOST_TURNS,))
    for use in (lambda: keep(store, "ข", refused()), lambda: store.conversations.latest(NAME, 10)):
        with pytest.raises(ConversationFull, match="500"):
            use()


def test_turns_at_once_share_no_number(store: Store) -> None:
    numbers: list[int] = []

    def several() -> None:
        numbers.extend(keep(store, "พร้อมกัน", refused()) for _ in range(25))

    threads = [threading.Thread(target=several) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 201))
    assert [turn.n for turn in store.conversations.turns(NAME)] == list(range(1, 201))


def raw(store: Store) -> str:
    """All that is kept of conversations."""
    return str(store._record._rows("SELECT * FROM turns")) + str(store._record._rows("SELECT * FROM turn_documents"))


def test_a_removed_document_takes_its_words_out_of_kept_turns(store: Store) -> None:
    keep(store, "สองเรื่อง", reply("สองเรื่อง", cited(1, FUND), cited(2, WEIR)))
    keep(
        store,
        "เรียบเรียง",
        reply("เรียบเรียง", cited(1, FUND), cited(2, WEIR), answer="สมาชิกแปดร้อยกว่าคน [1]\nฝายใช้งบ 196,400 บาท [2]"),
    )
    keep(store, "ไม่พบ", refused(FUND, WEIR))
    keep(store, "อันที่สองล่ะ", reply("กองทุน นายสมหวัง รักถิ่น", cited(1, FUND, 1)))
    keep(store, "คนที่สองทำอะไร", reply("กองทุน นายสมหวัง รักถิ่น ทำอะไร", cited(1, WEIR)))
    store.remove("fund.txt")
    both, worded, near, item, later = store.conversations.turns(NAME)
    assert both.reply["answer"] == f"{REMOVED} [1]\n\n{WEIR.text} [2]"
    assert [one["quote"] for one in both.reply["citations"]] == ["", WEIR.text]
    assert both.reply["citations"][0]["removed"] and "removed" not in both.reply["citations"][1]
    assert worded.reply["answer"] == f"{REMOVED} [1]\nฝายใช้งบ 196,400 บาท [2]"
    assert [one["title"] for one in near.reply["refusal"]["nearest"]] == [WEIR.title]
    assert item.reply["answer"] == f"{REMOVED} [1]" and later.text == later.asked == later.reply["query"]["text"]
    for words in ("845", "สมหวัง", "แปดร้อย", "fund.txt", "นาหินแก้ว"):
        assert words not in raw(store).replace(FUND.id, ""), words
    store.remove("weir.txt")
    assert "196,400" not in raw(store) and len(store.conversations.turns(NAME)) == 5


def test_a_replaced_document_stays_citable_until_its_source_is_removed(store: Store) -> None:
    keep(store, "กี่คน", reply("กี่คน", cited(1, FUND)))
    newer = document("fund.txt", "กองทุนสวัสดิการนาหินแก้วมีสมาชิก 900 คน")
    store.add([(newer, passages(newer))])
    assert "845" in store.conversations.turns(NAME)[0].reply["answer"]
    store.remove("fund.txt")
    assert "845" not in raw(store)


def test_a_quote_that_does_not_stand_is_not_shown(store: Store) -> None:
    wrong = cited(1, FUND) | {"quote": "กองทุนมีสมาชิกหนึ่งล้านคน"}
    keep(store, "ก", reply("ก", wrong, cited(2, WEIR)))
    gone = document("never.txt", "ไม่เคยมี")
    keep(store, "ข", reply("ข", cited(1, gone)))
    assert "หนึ่งล้าน" not in raw(store) and "ไม่เคยมี" not in raw(store), "a document may go while the answer is made"
    turns = store.conversations.turns(NAME)
    assert [one["quote"] for turn in turns for one in turn.reply["citations"]] == ["", WEIR.text, ""]
    store._record._rows("UPDATE turns SET reply = replace(reply, '196,400', '999,999')")
    assert "999,999" not in str(store.conversations.turns(NAME))


def test_an_archive_of_the_second_layout_is_carried_over(tmp_path: Path) -> None:
    with Store(tmp_path, HashEmbedder()) as store:
        store.add([(FUND, passages(FUND))])
    db = earlier.schema_2(tmp_path / "archive.db")
    db.commit()
    db.close()
    with Store(tmp_path, HashEmbedder()) as store:
        assert store.documents()[0].source == "fund.txt" and store.faults() == []
        assert keep(store, "ก", reply("ก", cited(1, FUND))) == 1
        store.remove("fund.txt")
        assert store.conversations.turns(NAME)[0].reply["citations"][0]["removed"]


KILLED = """
import sys
from pathlib import Path
from tests.fakes import HashEmbedder
from tests.vectorstore.test_conversations import keep, refused
from vectorstore import Store
store = Store(Path(sys.argv[1]), HashEmbedder())
while True:
    print(keep(store, "คำถาม", refused()), flush=True)
"""


@pytest.mark.slow
def test_a_killed_process_loses_no_turn_that_was_acknowledged(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "home")], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout
        told = [int(process.stdout.readline()) for _ in range(7)]
        os.kill(process.pid, signal.SIGKILL)
        told += [int(line) for line in process.stdout.read().split()]
    with Store(tmp_path / "home", HashEmbedder()) as store:
        kept = [turn.n for turn in store.conversations.turns(NAME)]
        assert kept[: len(told)] == told and kept == list(range(1, len(kept) + 1))
        assert keep(store, "ต่อ", refused()) == len(kept) + 1


def test_fresh_names_are_names() -> None:
    assert all(30 <= len(fresh_id()) <= 40 for _ in range(50))
