"""An archive keeps no personal data unless it is told to, and what it kept before can be masked for good."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore import earlier
from vectorstore import Block, Document, Filter, Store
from vectorstore.privacy import MASK, masked

CITIZEN, MOBILE = "1-2345-67890-12-1", "081-234-5678"
LINES = ("ทะเบียนผู้รับสวัสดิการบ้านนาดี", f"นางสมใจ ใจดี เลขประจำตัวประชาชน {CITIZEN} ได้รับ 3,000 บาท", f"โทร. {MOBILE}")
LIST = document("register.txt", *LINES)
OFFICE = document("office.txt", "สำนักงานเทศบาลนาดี โทร. 0-5312-3456 ต่อ 11", "งบประมาณ 1,234,567 บาท")
NAME = "staff:somchai.2566"


def open_(home: Path, *, personal: bool = False) -> Store:
    return Store(home, HashEmbedder(), personal=personal)


def add(store: Store, *documents: Document) -> None:
    store.add([(made, passages(made)) for made in documents])


def bytes_of(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def shows(store: Store) -> str:
    """All that an archive says."""
    hits = store.search("เลขประจำตัวประชาชน นางสมใจ โทร", k=50)
    read = [store.document(header.id) for header in store.documents()]
    return repr((store.documents(), read, hits, store.unread.sources(), list(store._record.texts())))


def test_a_document_is_masked_before_it_is_recorded_and_every_span_holds(tmp_path: Path) -> None:
    with open_(tmp_path) as store:
        add(store, LIST, OFFICE)
        assert store.status().personal == "masked"
        said = shows(store)
        assert CITIZEN not in said and MOBILE not in said and "0-5312-3456 ต่อ 11" in said and "1,234,567" in said
        read = store.document(LIST.id)
        assert read.text == masked(LIST.text) and read.blocks == LIST.blocks
        for hit in store.search("นางสมใจ", k=5):
            whole = store.document(hit.document.id).text
            assert whole[hit.passage.start : hit.passage.end] == hit.passage.text
        assert store.masks.counts() == {LIST.id: 2} and store.masks.counts([OFFICE.id]) == {}
        assert [(one.kind, LIST.text[one.start : one.end]) for one in store.masks.of(LIST.id)] == [
            ("citizen", CITIZEN),
            ("phone", MOBILE),
        ]
        store.remove("register.txt")
        assert store.masks.counts() == {} and store.faults() == []


def test_titles_sections_addresses_and_names_are_masked_too(tmp_path: Path) -> None:
    heading = f"รายที่ 1 บัตรประชาชน {CITIZEN}"
    made = document(
        "สำเนาบัตรประชาชน 1234567890121.pdf", heading, "ได้รับเงิน 3,000 บาท", url="https://a.th/?to=som.chai@gmail.com"
    )
    first, second = made.blocks
    blocks = (replace(first, kind="heading", section=(heading,)), replace(second, section=(heading,)))
    made = replace(made, title=f"ผู้รับสวัสดิการ {CITIZEN}", blocks=blocks)
    with open_(tmp_path) as store:
        cut = [replace(passage, section=(heading,)) for passage in passages(made)]
        store.add([(made, cut)])
        (header,) = store.documents()
        assert CITIZEN not in shows(store) and header.url is None
        assert header.source.startswith(f"สำเนาบัตรประชาชน {MASK * 13}~") and header.source.endswith(".pdf")
        assert store.find(header.source).id == made.id
        add(store, document("สำเนาบัตรประชาชน 1234567890121.pdf", "ฉบับใหม่"))
        assert [(one.source, one.version) for one in store.documents()] == [(header.source, 2)]
        store.unread.note("สำเนาบัตรประชาชน 1234567890121.pdf")
        assert "1234567890121" not in str(store.unread.sources())
        assert store.unread.forget("สำเนาบัตรประชาชน 1234567890121.pdf")


def reply(made: Document, asked: str) -> dict[str, Any]:
    block: Block = made.blocks[1]
    quote = made.text[block.start : block.end]
    fields = {
        "n": 1,
        "document_id": made.id,
        "source": made.source,
        "title": made.title,
        "date": None,
        "page": None,
        "section": [],
    }
    cited = fields | {"quote": quote, "start": block.start, "end": block.end, "url": None}
    query = {"text": asked, "carried": False, "filter": {}, "understood": {"kinds": ["text"]}}
    said = {"answered": True, "language": "th", "answer": f"{quote} [1]", "refusal": None, "query": query}
    return said | {"citations": [cited]}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """An archive whose operator showed personal data: a replaced version, a current one, and a turn that quotes it."""
    home = tmp_path / "home"
    with open_(home, personal=True) as store:
        add(store, document("register.txt", *LINES, "ฉบับแรก"), OFFICE)
        add(store, LIST)
        asked = f"{CITIZEN} ได้รับเท่าไร"
        store.conversations.add(NAME, asked=asked, text=asked, reply=reply(LIST, asked))
        assert store.status().personal == "kept" and CITIZEN in shows(store)
        assert store.masks.counts() == {LIST.id: 2}, "where it stands is noted all the same"
    return home


def test_what_was_kept_is_hidden_as_soon_as_the_setting_says_so(kept: Path) -> None:
    with open_(kept) as store:
        assert store.status().personal == "hidden"
        turn = store.conversations.turns(NAME)[0]
        for said in (shows(store), repr(turn)):
            assert CITIZEN not in said and MOBILE not in said
        assert turn.reply["citations"][0]["quote"] in turn.reply["answer"] and "removed" not in turn.reply["citations"][0]
    with open_(kept, personal=True) as store:
        assert CITIZEN in shows(store), "nothing is lost by that"


def test_rebuilding_masks_for_good_old_versions_turns_and_the_disk(kept: Path) -> None:
    with open_(kept) as store:
        store.rebuild(passages)
        assert store.status().personal == "masked" and store.faults() == []
        assert store.masks.counts() == {LIST.id: 2}
    with sqlite3.connect(kept / "archive.db") as db:
        assert db.execute("SELECT count(*) FROM documents").fetchone() == (3,)
        assert CITIZEN not in str(db.execute("SELECT * FROM turns").fetchall())
    with open_(kept, personal=True) as store:
        assert CITIZEN not in shows(store) and store.conversations.turns(NAME)[0].reply["answer"]
        assert store.search("นางสมใจ", wanted=Filter(documents=("register.txt",)))
    assert CITIZEN.encode() not in bytes_of(kept)


def test_an_archive_of_the_third_layout_is_hidden_until_it_is_rebuilt(kept: Path) -> None:
    with earlier.schema_3(kept / "archive.db") as db:
        assert not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'masks'").fetchall()
    with open_(kept) as store:
        assert store.status().personal == "hidden" and CITIZEN not in shows(store) and store.faults() == []
        assert store.conversations.turns(NAME)
        store.rebuild(passages)
        assert store.masks.counts() == {LIST.id: 2} and store.status().personal == "masked"


def test_masked_documents_among_kept_ones_keep_their_notes(kept: Path) -> None:
    with open_(kept) as store:
        add(store, document("second.txt", f"นายเอก เลขบัตรประชาชน {CITIZEN}"))
        store.rebuild(passages)
        assert sorted(store.masks.counts().values()) == [1, 2]
