"""What came of a change is told again for a day, and goes with what it speaks of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore import earlier
from tests.vectorstore.test_accounts import Clock
from vectorstore import Store
from vectorstore.record import Record
from vectorstore.replays import LASTS_S, MOST_CHARACTERS, Replays, Reply, named


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    record = Record(tmp_path / "archive.db")
    yield record
    record.close()


def test_a_reply_is_told_again_for_a_day(record: Record) -> None:
    clock = Clock()
    replays = Replays(record._transaction, record._rows, clock=clock)
    name, reply = named("key:bot", "a1"), Reply(status=201, headers={"link": "</v1/x>"}, body='{"ก": 1}')
    assert replays.find(name) is None
    replays.keep(name, "digest", reply)
    kept = replays.find(name)
    assert kept and kept.asked == "digest" and kept.reply == reply
    assert replays.find(named("key:other", "a1")) is None, "it is bound to who asked"
    clock.now += LASTS_S
    assert replays.find(name) is None
    replays.keep(named("", "b"), "digest", reply)
    assert record._rows("SELECT count(*) FROM replays") == [(1,)], "those of before are gone"
    replays.keep(name, "digest", Reply(status=200, body="x" * (MOST_CHARACTERS + 1)))
    assert replays.find(name) is None


def test_a_reply_goes_with_what_it_names(tmp_path: Path) -> None:
    with Store(tmp_path / "home", HashEmbedder()) as store:
        fund, other = document("fund.txt", "กองทุนมีสมาชิก 845 คน"), document("other.txt", "ธนาคารขยะ")
        store.add([(one, passages(one)) for one in (fund, other)])
        talk = store.conversations.begin()

        def keep(*names: str) -> None:
            for name in names:
                store.replays.keep(name, "", Reply(status=201, body=f'{{"id": "{name}"}}'))

        keep(fund.id, other.id, talk)
        store.remove("fund.txt")
        assert [bool(store.replays.find(name)) for name in (fund.id, other.id, talk)] == [False, True, True]
        store.limit("other.txt", ["ทีมเลย"])
        store.conversations.erase(talk)
        assert not store.replays.find(other.id) and not store.replays.find(talk)
        keep("one")
        store.accounts.add("somchai", "hash", "reader")
        store.accounts.remove("somchai")
        assert not store.replays.find("one"), "another of that name is told nothing of it"
        keep("one")
        store._record.mask()
        assert not store.replays.find("one")


def test_an_archive_of_the_fifth_schema_opens(tmp_path: Path) -> None:
    with Store(tmp_path / "home", HashEmbedder()) as store:
        whole = store.keys.add("bot", "editor")
    db = earlier.schema_5(tmp_path / "home" / "archive.db")
    db.commit()
    db.close()
    with Store(tmp_path / "home", HashEmbedder()) as store:
        key = store.keys.of(whole)
        assert key and key.role == "editor" and key.scopes is None, "an old key may do what it could"
        store.keys.add("narrow", "reader", scopes=["ask"])
        store.replays.keep("name", "digest", Reply(status=204))
        store.check_writable()
