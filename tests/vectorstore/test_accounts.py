"""Accounts, their sessions and attempts, and API keys: what ends in time, what is limited, what is kept of a secret."""

import hmac
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore import earlier
from vectorstore import Store
from vectorstore import keys as keys_module
from vectorstore.accounts import MOST_ANYWHERE, MOST_BY_ADDRESS, MOST_BY_NAME, WINDOW_S, Accounts
from vectorstore.errors import AccountRefused, UnknownAccount
from vectorstore.keys import Keys, is_key
from vectorstore.record import Record
from vectorstore.schema import SCHEMA


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    opened = Record(tmp_path / "archive.db")
    yield opened
    opened.close()


@pytest.fixture
def accounts(record: Record, clock: Clock) -> Accounts:
    found = Accounts(record._transaction, record._rows, clock=clock)
    found.add("Somchai", "hash-1", "administrator")
    found.add("มาลี", "hash-2", "reader", [" ทีมเลย ", "การเงิน", "ทีมเลย"])
    return found


@pytest.fixture
def keys(record: Record, clock: Clock) -> Keys:
    return Keys(record._transaction, record._rows, clock=clock)


def test_an_account_is_known_by_its_name_however_it_is_typed(accounts: Accounts) -> None:
    assert [one.name for one in accounts.all()] == ["somchai", "มาลี"]
    assert accounts.find(" SOMCHAI ").role == "administrator" and accounts.find("มาลี").groups == ("การเงิน", "ทีมเลย")
    assert accounts.hash_of("somchai") == "hash-1" and accounts.hash_of("nobody") is None
    with pytest.raises(UnknownAccount):
        accounts.find("nobody")


@pytest.mark.parametrize("name", ["", "a", "somchai", "SOMCHAI", "a b", "key:x", "a,b", "x" * 41, "a\x00b", "<b>", "ก\u200bข"])
def test_a_name_that_no_account_can_have(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountRefused):
        accounts.add(name, "hash", "reader")
    assert len(accounts.all()) == 2


def test_an_administrator_is_always_left(accounts: Accounts) -> None:
    for change in (
        lambda: accounts.remove("somchai"),
        lambda: accounts.disable("somchai"),
        lambda: accounts.set_role("somchai", "editor"),
    ):
        with pytest.raises(AccountRefused):
            change()
    assert accounts.has_administrator() and accounts.find("somchai").role == "administrator"
    accounts.set_role("มาลี", "administrator")
    accounts.remove("somchai")
    assert [one.name for one in accounts.all()] == ["มาลี"]


def test_a_session_ends_in_time_and_its_token_is_not_kept(accounts: Accounts, clock: Clock, record: Record) -> None:
    token = accounts.begin("somchai", 12)
    found = accounts.of_session(token)
    assert found and found.name == "somchai" and found.login_at == "2027-01-15T08:00:00Z"
    assert token not in repr(record._rows("SELECT * FROM sessions")) and accounts.of_session(token + "x") is None
    clock.now += 12 * 3600 - 1
    assert accounts.of_session(token)
    clock.now += 1
    assert accounts.of_session(token) is None
    accounts.begin("มาลี", 1)
    assert len(record._rows("SELECT * FROM sessions")) == 1, "what has ended is forgotten"


def test_sessions_end_with_the_password_the_account_and_the_log_out(accounts: Accounts) -> None:
    for change in (
        lambda _: accounts.set_hash("มาลี", "hash-3"),
        lambda _: accounts.disable("มาลี"),
        accounts.end,
        lambda _: accounts.remove("มาลี"),
    ):
        accounts.disable("มาลี", disabled=False)
        token = accounts.begin("มาลี", 1)
        other = accounts.begin("somchai", 1)
        assert accounts.of_session(token)
        change(token)
        assert accounts.of_session(token) is None and accounts.of_session(other)


def test_attempts_are_counted_by_name_and_by_address_in_a_window(accounts: Accounts, clock: Clock, record: Record) -> None:
    for name in ("มาลี", "nobody"):
        for _ in range(MOST_BY_NAME):
            assert accounts.attempt(name, "10.0.0.1") == 0
        assert accounts.attempt(f" {name} ", "10.0.0.1") == WINDOW_S // 60
    assert accounts.attempt("somchai", "10.0.0.1") == 0
    clock.now += WINDOW_S - 61
    assert accounts.attempt("มาลี", "10.0.0.1") == 2
    clock.now += 61
    assert accounts.attempt("มาลี", "10.0.0.1") == 0
    clock.now += WINDOW_S
    for attempt in range(MOST_BY_ADDRESS):
        assert accounts.attempt(f"name{attempt}", "10.0.2.1") == 0
    assert accounts.attempt("another", "10.0.2.1") > 0 and accounts.attempt("another", "10.0.2.2") == 0
    assert "name1" not in repr(record._rows("SELECT * FROM attempts")), "it may be a password in the wrong box"


def test_nobody_is_locked_out_by_another_address(accounts: Accounts) -> None:
    for _ in range(2 * MOST_BY_NAME):
        accounts.attempt("somchai", "203.0.113.9")
    assert accounts.attempt("somchai", "10.0.0.1") == 0
    accounts.succeeded("somchai", "10.0.0.1")
    assert accounts.attempt("somchai", "203.0.113.9") > 0, "who guesses is not let off by who logs in"
    made = [accounts.attempt("somchai", f"10.0.{attempt}.1") for attempt in range(MOST_ANYWHERE)]
    assert made.count(0) == MOST_ANYWHERE - MOST_BY_NAME, "from many addresses as few may be tried as one name can bear"


def test_who_logs_in_begins_anew(accounts: Accounts) -> None:
    for _ in range(3 * MOST_BY_NAME):
        assert accounts.attempt("มาลี", "10.0.0.1") == 0
        accounts.succeeded("มาลี", "10.0.0.1")


def test_a_key_is_known_by_its_hash_alone(keys: Keys, record: Record, clock: Clock) -> None:
    whole = keys.add("line-bot", "reader", ["ทีมเลย"], days=30)
    assert is_key(whole) and whole not in repr(record._rows("SELECT * FROM api_keys"))
    assert whole.split("_")[2] not in repr(record._rows("SELECT * FROM api_keys"))
    found = keys.of(whole)
    assert found and (found.name, found.role, found.groups, found.expired) == ("line-bot", "reader", ("ทีมเลย",), False)
    clock.now += 30 * 86_400
    assert keys.all()[0].expired and (late := keys.of(whole)) and late.expired
    other = keys.add("line-bot", "reader")
    keys.revoke(other)
    assert keys.of(other) is None and keys.find(other).revoked
    forged = keys.add("other", "reader")
    assert keys.of(f"tk_{whole[3:9]}_{forged[10:]}") is None


def test_a_key_is_narrowed_to_its_scopes(keys: Keys, record: Record) -> None:
    narrow = keys.add("scraper", "reader", scopes=["metrics", "ask"])
    assert keys.of(narrow).scopes == ("ask", "metrics") == keys.find(narrow).scopes
    assert keys.of(keys.add("bot", "editor")).scopes is None
    for wrong in ([], ["ask", "everything"]):
        with pytest.raises(AccountRefused, match="ask read write admin metrics"):
            keys.add("other", "reader", scopes=wrong)


def test_the_same_is_done_for_every_key_that_is_not_good(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def rows(query: str, values=()):
        done.append(query)
        return record._rows(query, values)

    keys = Keys(record._transaction, rows)
    good, revoked = keys.add("line-bot", "reader"), keys.add("old-bot", "reader")
    keys.revoke(revoked)
    compare = hmac.compare_digest
    monkeypatch.setattr("vectorstore.keys._hashed", lambda whole, made=keys_module._hashed: done.append("hash") or made(whole))
    monkeypatch.setattr(
        "vectorstore.keys.hmac.compare_digest", lambda *both: (len(both[0]) == 64 and done.append("compare")) or compare(*both)
    )
    head = "tk_zzzzzz_" + "z" * 32
    unknown = head + keys_module._checksum(head)
    forged = f"tk_{good[3:9]}_{unknown[10:42]}"
    forged += keys_module._checksum(forged)
    work = []
    for sent in (unknown, forged, revoked, good[:-1], good[:-1] + "!", "", "ไม่ใช่กุญแจ", "\udcff", "x" * 10_000):
        done.clear()
        assert keys.of(sent) is None, sent
        work.append(tuple(done))
    assert len(set(work)) == 1 and [step for step in work[0] if step in ("hash", "compare")] == ["hash", "compare"]
    assert len(work[0]) == 3, "and one row is looked up"


@given(st.integers(3, 46), st.sampled_from("abcXYZ019_-"))
def test_the_checksum_tells_every_slip_of_a_letter(place: int, letter: str) -> None:
    whole = "tk_3fK9aQ_" + "abcdefghijklmnopqrstuvwxyz012345"
    from vectorstore.keys import _checksum

    whole += _checksum(whole)
    assert is_key(whole)
    slipped = whole[:place] + letter + whole[place + 1 :]
    assert is_key(slipped) == (slipped == whole) and not is_key(whole[:-1]) and not is_key(whole + "a")


def test_two_keys_of_a_name_are_good_at_a_time(keys: Keys, clock: Clock) -> None:
    first = keys.add("line-bot", "reader")
    keys.add("line-bot", "reader", days=1)
    with pytest.raises(AccountRefused):
        keys.add("LINE-bot", "reader")
    clock.now += 86_400
    keys.add("line-bot", "reader")
    with pytest.raises(AccountRefused):
        keys.add("line-bot", "reader")
    keys.revoke(first[:9])
    keys.add("line-bot", "reader")
    for days in (0, -1, 4000):
        with pytest.raises(AccountRefused):
            keys.add("other", "reader", days=days)


def test_the_last_use_is_written_once_a_minute(keys: Keys, clock: Clock) -> None:
    whole = keys.add("line-bot", "reader")
    used = []
    for _ in range(4):
        keys.of(whole)
        used.append(keys.find(whole).used_at)
        clock.now += 30
    assert used[0] == used[1] and used[1] != used[2] == used[3]


def test_an_archive_of_the_fourth_schema_opens(tmp_path: Path) -> None:
    fund = document("fund.txt", "กองทุนสวัสดิการนาหินแก้วมีสมาชิก 845 คน")
    with Store(tmp_path / "home", HashEmbedder()) as store:
        store.add([(fund, passages(fund))])
        said = {"answer": "-", "refusal": None, "query": {"text": "q", "understood": {}}, "citations": []}
        store.conversations.add("talk:0001", asked="q", text="q", reply=said)
    db = earlier.schema_4(tmp_path / "home" / "archive.db")
    db.commit()
    db.close()
    with Store(tmp_path / "home", HashEmbedder()) as store:
        assert store.search("กองทุน") and store.limits.are_none() and store.accounts.all() == []
        assert store.seen_by(frozenset(), "").conversations.turns("talk:0001"), "what was kept before is nobody's"
        store.accounts.add("somchai", "hash", "administrator")
        store.limit("fund.txt", ["ทีมเลย"])
        assert store.seen_by(frozenset()).search("กองทุน") == []
    with sqlite3.connect(tmp_path / "home" / "archive.db") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
    db.close()
