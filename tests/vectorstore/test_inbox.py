"""The inbox: what was taken in is on the disk, once, and goes when it is finished."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from vectorstore.errors import StoreUnusable
from vectorstore.inbox import KEPT_DAYS, NAME, Inbox, Row


def row(name: str, *, at: int = 0, chat: str = "c", kind: str = "ask", **more: object) -> Row:
    fields = {"received": 1000.0, "channel": "U1", "asker": "p", "message": f"m-{name}", "event": {"text": "ลับ"}}
    return Row(id=name, at=at, chat=chat, kind=kind, **fields | more)  # type: ignore[arg-type]


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    opened = Inbox(tmp_path)
    yield opened
    opened.close()


def test_a_row_is_taken_in_once_and_read_as_it_was(inbox: Inbox) -> None:
    for _ in range(2):
        inbox.put([row("a", at=5), row("b", at=3)]).result()
    assert inbox.count() == 2 and inbox.next() == row("b", at=3)
    inbox.finish([row("b")])
    inbox.put([row("b", at=3)]).result()
    assert inbox.next() == row("a", at=5) and inbox.count() == 1


def test_one_of_a_chat_at_a_time_and_who_waits_for_an_answer_at_once(inbox: Inbox) -> None:
    inbox.put([row("a", at=1), row("b", at=2), row("c", at=3, chat="d"), row("t", at=4, kind="tap")]).result()
    assert [found.id for found in (inbox.next(), inbox.next(chats={"c"}), inbox.next(chats={"c", "d"})) if found] == [
        "a",
        "c",
        "t",
    ]
    assert inbox.next(chats={"c", "d"}, ids={"t"}) is None and inbox.next(channels={"U1"}) is None


def test_what_waits_too_long_and_what_was_tried(inbox: Inbox) -> None:
    inbox.put([row("a"), row("b", received=2000.0), row("o", kind="other")]).result()
    assert [found.id for found in inbox.due(1000.0, ("ask", "tap"))] == ["a"]
    inbox.begin(row("a"))
    inbox.mark(row("a"), "reply")
    found = inbox.next()
    assert found and (found.tried, found.attempts) == ("reply", 1) and not inbox.due(1500.0, ("ask",))
    inbox.put([row("b", received=3000.0, again=True), row("a", received=3000.0, again=True)]).result()
    assert [one.received for one in inbox._rows("id IN ('a', 'b') ORDER BY id", [])] == [1000.0, 3000.0]


def test_a_message_that_was_changed_later(inbox: Inbox) -> None:
    first, later = row("a", at=1, message="m"), row("b", at=2, message="m")
    inbox.put([first, later, row("t", at=3, message="m", kind="tap")]).result()
    assert inbox.is_outdated(first) and not inbox.is_outdated(later) and inbox.awaits("c", "m") and not inbox.awaits("d", "m")
    inbox.finish([later])
    assert inbox.is_outdated(first) and inbox.is_open(first) and not inbox.is_open(later)


def test_who_is_forgotten_and_what_is_old(inbox: Inbox, tmp_path: Path) -> None:
    inbox.put([row("a", at=1), row("b", at=9), row("c", at=1, asker="q"), row("d", at=1, asker="")]).result()
    inbox.forget("p", 9)
    inbox.forget("", 9)
    assert [found.id for found in inbox._rows("event IS NOT NULL ORDER BY id", [])] == ["b", "c", "d"]
    inbox.sweep(1000.0 + KEPT_DAYS * 86_400)
    assert inbox._reading.execute("SELECT count(*) FROM events").fetchone()[0] == 4
    inbox.sweep(1001.0 + KEPT_DAYS * 86_400)
    assert inbox._reading.execute("SELECT count(*) FROM events").fetchone()[0] == 3


def test_many_at_once_are_all_on_the_disk_when_they_are_acknowledged(inbox: Inbox, tmp_path: Path) -> None:
    def put(n: int) -> None:
        inbox.put([row(f"{n}-{m}") for m in range(50)]).result()
        with sqlite3.connect(tmp_path / NAME) as other:
            assert other.execute("SELECT count(*) FROM events WHERE id LIKE ?", (f"{n}-%",)).fetchone()[0] == 50
        other.close()

    threads = [threading.Thread(target=put, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    inbox.put([row(f"big-{n}") for n in range(5_000)]).result()
    assert inbox.count() == 6_000


def test_what_cannot_be_written_is_told_and_costs_nobody_else(inbox: Inbox) -> None:
    with pytest.raises(OverflowError):
        inbox.put([row("a", at=2**70)]).result()
    inbox.put([row("b")]).result()
    inbox._db.execute("ALTER TABLE events RENAME TO elsewhere")
    with pytest.raises(StoreUnusable, match="LINE"):
        inbox.put([row("c")]).result()
    inbox._db.execute("ALTER TABLE elsewhere RENAME TO events")
    inbox.put([row("d")]).result()
    assert inbox.count() == 2


def test_a_closed_inbox_takes_nothing(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    waiting = inbox.put([row("a")])
    inbox.close()
    inbox.close()
    assert waiting.done()
    with pytest.raises(StoreUnusable, match="กำลังหยุด"):
        inbox.put([row("b")])
    again = Inbox(tmp_path)
    assert again.count() == 1
    again.close()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"not a database, but a long enough text" * 100)
    with pytest.raises(StoreUnusable, match=r"inbox\.db"):
        Inbox(tmp_path)
