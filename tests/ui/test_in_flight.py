"""What is limited or removed while an answer is being made is not told, though nothing was limited when it was asked."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant import Assistant, Refusal
from assistant.errors import SourceWithdrawn
from tests.fakes import HashEmbedder, document, passages
from ui import api, conversation, settings
from ui.compose import House
from ui.conversation import Asking, Told
from ui.pages import library
from ui.people import OWNER, READER, Person
from vectorstore import Store
from vectorstore.errors import LimitedDocument

MADE = document("fund.txt", "กองทุนสวัสดิการนาหินแก้วมีสมาชิก 845 คน", "กองทุนจ่ายเงินช่วยเหลือคืนละ 200 บาท")
ASKED = "กองทุนสวัสดิการนาหินแก้วมีสมาชิกกี่คน"
SAID = ("กองทุนมีสมาชิก 845 คน [1]\n", "กองทุนสวัสดิการนาหินแก้วมีสมาชิก 845 คน [1]\n")
MEMBER = Person(name="loei", role="editor", groups=frozenset({"ทีมเลย"}))


@dataclass
class Interrupted:
    """A model before whose first words something is done, and that says its second sentence when it is told to."""

    before: Callable[[], object] = lambda: None
    go_on: threading.Event = field(default_factory=threading.Event)
    name: str = "interrupted"
    timeout_s: float = 30.0

    def stream(self, system: str, question: str) -> Iterator[str]:
        self.before()
        yield SAID[0]
        assert self.go_on.wait(20)
        yield SAID[1]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "home", HashEmbedder()) as opened:
        opened.add([(MADE, passages(MADE))])
        yield opened


def house(store: Store, model: Interrupted | None = None, **given: object) -> House:
    return House(settings.load(home=store.home, **given), store, Assistant(store, model))


CHANGES: dict[str, Callable[[Store], object]] = {
    "limited": lambda store: store.limit("fund.txt", ["การเงิน"]),
    "removed": lambda store: store.remove("fund.txt"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("person", [READER, MEMBER], ids=lambda person: person.name or "reader")
def test_from_then_on_nothing_of_an_answer_is_told(store: Store, change: str, person: Person) -> None:
    model = Interrupted()
    seen = house(store, model).seen_by(person)
    coming = conversation.pieces(seen, Asking(question=ASKED, conversation="kept-00000001"))
    assert "845" in str(next(coming)), "what was told before stays told"
    CHANGES[change](store)
    model.go_on.set()
    with pytest.raises(SourceWithdrawn, match="ถามใหม่"):
        list(coming)
    assert seen.store.conversations.begin() and store.conversations.summaries(["kept-00000001"]) == []


def test_an_answer_is_told_to_those_who_may_still_see_it(store: Store) -> None:
    for person, groups in ((MEMBER, ["ทีมเลย"]), (OWNER, ["การเงิน"]), (replace(READER, name="x"), [])):
        model = Interrupted(before=lambda groups=groups: store.limit("fund.txt", groups))
        model.go_on.set()
        seen = house(store, model).seen_by(person)
        *_, told = conversation.pieces(seen, Asking(question=ASKED))
        assert isinstance(told, Told) and "845" in told.reply.text
        store.limit("fund.txt", [])


def test_an_answer_that_waits_to_be_kept_is_looked_at_once_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = house(store).seen_by(READER)
    keep = seen.store.conversations.add

    def late(*args: object, **fields: object) -> object:
        store.limit("fund.txt", ["การเงิน"])
        return keep(*args, **fields)  # type: ignore[arg-type]

    monkeypatch.setattr(seen.store.conversations, "add", late)
    coming = conversation.pieces(seen, Asking(question=ASKED, conversation="kept-00000001"))
    with pytest.raises(SourceWithdrawn):
        assert not [piece for piece in coming if isinstance(piece, Told)]


def test_a_refusal_names_no_document_that_was_limited_meanwhile(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = house(store).seen_by(READER)
    asked = "ประธานกองทุนสวัสดิการนาหินแก้วชื่ออะไร"
    first = seen.assistant.ask(asked)
    assert isinstance(first, Refusal) and first.nearest
    unread = seen.store.unread.sources

    def late() -> list[str]:
        store.limit("fund.txt", ["การเงิน"])
        return unread()

    monkeypatch.setattr(seen.store.unread, "sources", late)
    again = seen.assistant.ask(asked)
    assert isinstance(again, Refusal) and again.nearest == ()


def test_a_file_that_is_read_while_its_name_is_limited_does_not_replace_it(store: Store) -> None:
    seen = store.seen_by(MEMBER.groups, MEMBER.name)
    store.limit("fund.txt", ["การเงิน"])
    newer = document("fund.txt", "ฉบับที่แทนกัน")
    with pytest.raises(LimitedDocument):
        seen.add([(newer, passages(newer))])
    assert store.find("fund.txt").version == 1


def test_an_export_that_is_on_its_way_leaves_out_what_is_limited_meanwhile(store: Store) -> None:
    other = document("other.txt", "บันทึกลงพื้นที่บ้านหนองตาลคู่")
    store.add([(other, passages(other))])
    seen = House(settings.load(home=store.home), store, Assistant(store)).seen_by(MEMBER)
    coming = library._lines(seen, seen.store.listing.all(order="added"))
    assert "fund.txt" in next(coming)
    store.limit("other.txt", ["การเงิน"])
    assert list(coming) == []


def test_over_http_it_is_told_as_a_conflict(store: Store) -> None:
    model = Interrupted(before=lambda: store.limit("fund.txt", ["การเงิน"]))
    model.go_on.set()
    seen = house(store, model, host="0.0.0.0")
    with TestClient(api.create(seen), base_url="http://127.0.0.1:8000") as client:
        whole = client.post("/v1/answers", json={"question": ASKED})
        assert (whole.status_code, whole.json()["code"]) == (409, "source_withdrawn") and "845" not in whole.text
        store.limit("fund.txt", [])
        streamed = client.post("/v1/answers", json={"question": ASKED, "stream": True}).text
        assert "event: error" in streamed and "source_withdrawn" in streamed and "845" not in streamed
