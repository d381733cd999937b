"""Documents that are limited to groups: to anyone outside these they are not there, whatever the archive is asked."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Assistant
from assistant.types import Answer
from tests.fakes import HashEmbedder, document, passages
from vectorstore import Document, Filter, Store, UnknownDocument
from vectorstore.errors import AccountRefused, LimitedDocument, UnknownConversation
from vectorstore.register import Sought
from vectorstore.types import Resolution

GROUPS = ("ทีมเลย", "ทีมน่าน", "การเงิน")
VIEWERS = [frozenset[str](), frozenset({"ทีมเลย"}), frozenset({"ทีมน่าน", "การเงิน"}), frozenset({"ไม่มีใครรู้จัก"})]
PLACES = ("นาหินแก้ว", "ห้วยหมาก", "คลองพลูทอง", "หาดตะโละงาม", "ริมคลอง", "หนองตาลคู่")
QUESTION = "กองทุนสวัสดิการมีสมาชิกกี่คน"


def report(number: int, *, alike: bool = False, version: int = 1) -> Document:
    """Minutes that nobody else has, or that say nearly the same as all others that are `alike`, with a resolution."""
    place = "ทุกหมู่บ้าน" if alike else PLACES[number % len(PLACES)]
    rest = "สมาชิกออมวันละบาท คณะกรรมการประชุมทุกเดือนที่ศาลาประชาคม และรายงานยอดเงินต่ออบต. ทุกสามเดือน " * (6 if alike else 1)
    count = 845 if alike else 600 + number * 10 + version
    lines = [f"กองทุนสวัสดิการ{place}มีสมาชิก {count} คน", rest.strip(), f"มติ เห็นชอบงบประมาณ {count},000 บาท"]
    made = document(f"r{number}.txt", *lines, title=f"รายงานกองทุน{place} {number}", provinces=("เลย",), kind="minutes")
    block = made.blocks[2]
    decided = Resolution(
        document_id=made.id,
        source=made.source,
        meeting=made.title,
        decision=made.text[block.start : block.end],
        start=block.start,
        end=block.end,
    )
    return replace(made, resolutions=(decided,))


@contextmanager
def archive(documents: Sequence[Document]) -> Iterator[Store]:
    with TemporaryDirectory() as folder, Store(Path(folder) / "home", HashEmbedder()) as store:
        store.add([(some, passages(some)) for some in documents])
        yield store


def everything(store: Store) -> str:
    """All that a reader is ever shown of an archive, as one text."""
    shown: list[Any] = [store.documents(), store.all_versions(), store.similar(), store.register.find(Sought(text="มติ"))]
    shown += [store.register.find(), store.masks.counts(), store.unread.sources()]
    answer = Assistant(store).ask(QUESTION)
    hits = [store.search(QUESTION, k=50), store.search("คณะกรรมการ", wanted=Filter(provinces=("เลย",)), k=50)]
    shown += [*hits, *([answer.text, answer.citations] if isinstance(answer, Answer) else [answer.missing, answer.nearest])]
    return repr(shown)


ARCHIVES = st.lists(st.tuples(st.sets(st.sampled_from(GROUPS)), st.booleans(), st.booleans()), min_size=1, max_size=5)


@settings(max_examples=12)
@given(ARCHIVES)
def test_nothing_is_shown_to_anyone_outside_its_groups(made: list[tuple[set[str], bool, bool]]) -> None:
    documents = [report(n, alike=alike) for n, (_, alike, _) in enumerate(made)]
    newer = [report(n, version=2) for n, (_, alike, again) in enumerate(made) if again and not alike]
    groups = {f"r{n}.txt": some for n, (some, _, _) in enumerate(made)}
    with archive(documents) as store:
        for source, some in groups.items():
            store.limit(source, sorted(some))
        for some in newer:
            store.add([(some, passages(some))])  # a limit is of the source: it holds for what comes later
        for viewer in VIEWERS:
            may = {source for source, some in groups.items() if not some or some & viewer}
            check(store, store.seen_by(viewer), [*documents, *newer], may)
        assert store.seen_by(None) is store


def check(store: Store, seen: Store, documents: Sequence[Document], may: set[str]) -> None:
    """Whether of all `documents`, versions too, those whose source they `may` see are `seen`, and no others."""
    shown = everything(seen)
    for one in documents:
        if one.source in may:
            assert seen.document(one.id).text == one.text and one.id in shown
            continue
        assert not any(words in shown for words in (one.id, repr(one.source), repr(one.title)))
        assert seen.versions(one.source) == [] and not seen.known(one.id) and seen.masks.of(one.id) == []
        assert refused(seen, one.id) == refused(seen, "0" * 64).replace("0" * 64, one.id), "as if it did not exist"
        with pytest.raises(UnknownDocument):
            seen.find(one.source)
    visible = seen.documents()
    assert {header.source for header in visible} == may
    assert seen.status().documents == len(visible) == seen.register.find()[0] and seen.is_empty() == (not visible)
    assert seen.status().passages == sum(len(passages(store.document(one.id))) for one in visible)
    assert (seen.rarity({"คน": ("สมาชิก",)})["คน"] < 1) == bool(visible), "not even how rare a word is"


def refused(store: Store, name: str) -> str:
    with pytest.raises(UnknownDocument) as told:
        store.document(name)
    return str(told.value)


def test_hidden_documents_take_no_place_from_others() -> None:
    documents = [report(n) for n in range(40)]
    with archive(documents) as store:
        for one in documents[:-1]:
            store.limit(one.source, ["การเงิน"])
        (hit, *_) = store.seen_by(frozenset()).search("กองทุนสวัสดิการมีสมาชิก", k=1)
        assert hit.document.id == documents[-1].id
        wanted = Filter(kinds=("minutes",), documents=(documents[0].source, documents[-1].id))
        found = store.seen_by(frozenset()).search("กองทุนสวัสดิการมีสมาชิก", wanted=wanted, k=5)
        assert {one.document.id for one in found} == {documents[-1].id}
        assert len({one.document.id for one in store.seen_by(frozenset({"การเงิน"})).search("กองทุน", k=50)}) > 1


def test_where_nothing_is_limited_the_store_is_seen_itself() -> None:
    with archive([report(0)]) as store:
        assert store.seen_by(frozenset()) is store.seen_by(None) is store
        store.limit("r0.txt", [" การเงิน ", "การเงิน"])
        assert store.seen_by(frozenset()) is not store and store.seen_by(frozenset()).is_empty()
        assert store.limits.all() == {"r0.txt": ("การเงิน",)}
        store.limit("r0.txt", [])
        assert store.seen_by(frozenset()) is store and not store.is_empty()
        assert store.search("กองทุน") and store.faults() == []


def test_limits_outlive_a_restart_a_rebuild_and_what_was_masked(tmp_path: Path) -> None:
    one, named = report(0), document("โทร 081-234-5678.txt", "กองทุนสวัสดิการริมคลอง โทร 081-234-5678")
    with Store(tmp_path / "home", HashEmbedder(), personal=True) as store:
        store.add([(made, passages(made)) for made in (one, named, report(2))])
        for source in (one.source, named.source):
            store.limit(source, ["การเงิน"])
    for rebuilt in (False, True):
        with Store(tmp_path / "home", HashEmbedder()) as store:
            if rebuilt:
                store.rebuild()
                assert named.source not in store.limits.all(), "the name went with its number"
            assert {hit.document.source for hit in store.seen_by(frozenset()).search("กองทุน", k=20)} == {"r2.txt"}
            assert len({hit.document.source for hit in store.search("กองทุน", k=20)}) == 3


def test_a_removed_document_leaves_no_limit_and_no_name() -> None:
    one = report(0)
    with archive([one]) as store:
        store.limit(one.source, ["การเงิน"])
        store.audit.note("somchai", "document.opened", one.source)
        with pytest.raises(UnknownDocument):
            store.seen_by(frozenset()).remove(one.source)
        store.seen_by(frozenset({"การเงิน"})).remove(one.source)
        assert store.limits.are_none()
        (event,) = store.audit.latest()
        assert event.who == "somchai" and event.which not in (one.source, one.id)


def test_what_may_not_be_seen_may_not_be_replaced() -> None:
    one, other = report(0), report(7)
    with archive([one]) as store:
        store.limit(one.source, ["การเงิน"])
        seen = store.seen_by(frozenset())
        for wrong in (replace(other, source=one.source), replace(one, source="new.txt")):
            with pytest.raises(LimitedDocument):
                seen.add([(other, passages(other)), (wrong, passages(wrong))])
        assert store.status().documents == 1 and store.find(one.source).version == 1
        assert seen.add([(other, passages(other))]) == [False] and store.status().documents == 2
        newer = report(0, version=2)
        assert store.seen_by(frozenset({"การเงิน"})).add([(newer, passages(newer))]) == [True]


def test_a_name_that_is_masked_when_it_is_taken_in_replaces_nothing_hidden() -> None:
    one, newer = (replace(report(0, version=n), source="ทะเบียน โทร 0812345678.txt") for n in (1, 2))
    with archive([one]) as store:
        kept = store.find(one.id).source
        assert kept != one.source, "it has a telephone number"
        store.limit(kept, ["การเงิน"])
        with pytest.raises(LimitedDocument):
            store.seen_by(frozenset()).add([(newer, passages(newer))])
        assert store.find(kept).version == 1


@pytest.mark.parametrize("name", ["a,b", "ก" * 61, "a\x00b"])
def test_a_group_that_cannot_be_called_so(name: str) -> None:
    with archive([report(0)]) as store, pytest.raises(AccountRefused):
        store.limit("r0.txt", [name])


def test_kept_quotes_of_what_may_not_be_seen_any_more_are_as_removed_ones() -> None:
    one, other = report(0), report(1)
    quote = one.text[one.blocks[0].start : one.blocks[0].end]
    named = {"document_id": one.id, "source": one.source, "title": one.title, "date": None}
    beside = {"document_id": other.id, "source": other.source, "title": other.title, "date": None}
    cited = {"n": 1, **named, "page": 1, "section": [], "quote": quote, "start": 0, "end": len(quote), "url": None}
    query = {"text": "q", "understood": {"kinds": ["text"], "places": [{"said": quote}]}}
    said = {"answer": f"{quote} [1]", "refusal": None, "query": query, "citations": [cited]}
    near = {"reason": "not_in_archive", "message": "ไม่พบ", "missing": [], "nearest": [named, beside]}
    with archive([one, other]) as store:
        talk = store.conversations
        talk.add("talk:0001", asked="มีกี่คน", text="มีกี่คน", reply=said)
        talk.add("talk:0001", asked="แล้วงบล่ะ", text=f"{quote} งบเท่าไร", reply=said | {"citations": [], "answer": "-"})
        talk.add("talk:0001", asked="อื่น ๆ", text="อื่น ๆ", reply=said | {"citations": [], "answer": "", "refusal": near})
        store.limit(one.source, ["การเงิน"])
        kept = store.seen_by(frozenset()).conversations.turns("talk:0001")
        told = json.dumps([(turn.text, turn.reply) for turn in kept[:2]], ensure_ascii=False)
        assert quote not in told.replace(json.dumps(query, ensure_ascii=False), "") and one.source not in told
        assert kept[0].reply["citations"][0]["removed"] and kept[1].text == "แล้วงบล่ะ"
        assert kept[2].reply["refusal"]["nearest"] == [beside]
        assert quote in repr(store.seen_by(frozenset({"การเงิน"})).conversations.turns("talk:0001"))


def test_a_conversation_is_its_owners() -> None:
    said = {"answer": "-", "refusal": None, "query": {"text": "q", "understood": {}}, "citations": []}
    with archive([report(0)]) as store:
        mine = store.seen_by(None, "somchai").conversations
        names = [mine.begin(), "talk:0002"]
        for name in names:
            mine.add(name, asked="q", text="q", reply=said)
        for owner in ("somying", ""):
            other = store.seen_by(frozenset(), owner).conversations
            for name in names:
                with pytest.raises(UnknownConversation):
                    other.turns(name)
                with pytest.raises(UnknownConversation):
                    other.latest(name, 5)
                with pytest.raises(UnknownConversation):
                    other.erase(name)
                with pytest.raises(UnknownConversation):
                    other.add(name, asked="q", text="q", reply=said)
        assert all(len(mine.turns(name)) == len(store.conversations.turns(name)) == 1 for name in names)


def test_an_account_of_a_name_that_was_removed_finds_no_conversation_of_the_other() -> None:
    said = {"answer": "-", "refusal": None, "query": {"text": "q", "understood": {}}, "citations": []}
    with archive([report(0)]) as store:
        store.accounts.add("somchai", "hash", "administrator")
        store.accounts.add("malee", "hash", "reader")
        before = store.seen_by(frozenset(), "malee").conversations
        before.add("talk:0001", asked="q", text="q", reply=said)
        store.accounts.remove("malee")
        store.accounts.add("malee", "hash", "reader")
        after = store.seen_by(frozenset(), "malee").conversations
        assert after.summaries([]) == [] == store.seen_by(frozenset(), "").conversations.summaries(["talk:0001"])
        with pytest.raises(UnknownConversation):
            after.turns("talk:0001")
        assert len(store.conversations.turns("talk:0001")) == 1, "an administrator still counts what was asked"


def test_every_table_is_narrowed_or_has_no_words_of_documents() -> None:
    """A table that somebody adds must have a column by which it is narrowed, or be named here."""
    own = {
        "meta",
        "pending",
        "usage",
        "feedback",
        "conversations",
        "turns",
        "turn_documents",
        "erased",
        "limits",
        "terms",
        "counted",
        "sqlite_sequence",
    }
    people = {"accounts", "sessions", "attempts", "api_keys", "audit", "chats", "said"}
    theirs = {"replays"}  # told again only to whoever was told it, and gone when a document that it names is limited
    with archive([report(0)]) as store:
        store.limit("r0.txt", ["การเงิน"])
        store.unread.note("r0.txt")
        seen = store.seen_by(frozenset())
        rows = seen._record._rows
        views = {name for (name,) in rows("SELECT name FROM temp.sqlite_schema WHERE type = 'view'")}
        tables = {name for (name,) in rows("SELECT name FROM main.sqlite_schema WHERE type = 'table'")}
        assert tables - views == own | people | theirs
        assert {view: rows(f"SELECT count(*) FROM {view}")[0][0] for view in views} == dict.fromkeys(views, 0)
        assert seen.unread.forget("r0.txt") is False and store.unread.sources() == ["r0.txt"]
