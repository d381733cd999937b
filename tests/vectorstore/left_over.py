"""What must hold of an archive whose process was killed: all of a document or nothing, indexes as the record, and no bytes."""

from pathlib import Path

import tantivy

from assistant import Answer, Assistant
from ingest.chunk import passages
from tests.fakes import HashEmbedder
from tests.vectorstore.killing import SOURCES, Known, Log, made, told
from tests.vectorstore.test_erasing import left, traces
from vectorstore import Store, thai
from vectorstore.types import Filter

_LOOKED_FOR = 4
"""How many of the documents that were removed last are looked for in every byte."""
_DOCUMENTS = "SELECT key FROM documents"
_CURRENT = f"{_DOCUMENTS} WHERE current"
_ROWS = {  # tables of documents, and the documents that may be there
    "facts": _CURRENT,
    "resolutions": _CURRENT,
    "passages": _CURRENT,
    "listed": _CURRENT,
    "bands": _CURRENT,
    "masks": _DOCUMENTS,
}


def inspected(home: Path) -> None:
    """Opens the archive and looks at all of it.

    Raises:
        AssertionError: something does not hold.
    """
    log = home.with_suffix(".log")
    known = told(log)
    removed = [(source, n) for source, some in known.gone.items() for n in some]
    latest = sorted(removed, key=lambda one: one[1])[-_LOOKED_FOR:]
    wanted = _bytes_of(known, latest)
    assert known.unswept or left(home, wanted) == set(), "bytes of what was removed"
    with Store(home, HashEmbedder()) as store:
        present = _settled(store, known, Log(log))
        store.wait_until_swept()
        assert (faults := store.faults()) == [], f"faults: {faults}, indexes: {sorted((home / 'index').rglob('*'))}"
        assert (pending := store._record.pending(-1)) == [], f"notes that were not carried out: {pending}"
        assert (unswept := store.status().unswept) is None, f"unswept since {unswept}"
        assert {header.source for header in store.documents()} == present.keys()
        documents_hold(store, present)
        rows_hold(store)
        indexes_hold(store)
        answers_hold(store, present)
        for source, n in removed:
            if present.get(source) != n:
                assert not store.known(made(source, n).id)
        assert left(home, wanted) == set(), "bytes of what was removed, after it was opened"


def _bytes_of(known: Known, some: list[tuple[str, int]]) -> dict[str, bytes]:
    """The bytes that only these documents leave. Their sources may have others now, so names are no trace."""
    found: dict[str, bytes] = {}
    for source, n in some:
        own = traces(made(source, n), cut=passages)
        kept = {name: trace for name, trace in own.items() if name.startswith(("text", "row", "unit", "flat"))}
        found |= {f"{source} {n} {name}": trace for name, trace in kept.items()}
        found[f"{source} {n} id"] = bytes.fromhex(made(source, n).id)
    common = b"".join(traces(made(source, n), cut=passages)["text 8"] for source, n in known.present.items())
    return {name: trace for name, trace in found.items() if trace not in common}


def _settled(store: Store, known: Known, log: Log) -> dict[str, int]:
    """The present document of each source; a change that was not acknowledged is wholly there, or not at all."""
    present = dict(known.present)
    if known.changing:
        source, before, after = known.changing
        versions = store.versions(source)
        ids = {None: None, **{n: made(source, n).id for n in (before, after) if n is not None}}
        now = next((one.document_id for one in versions if one.current), None)
        assert now in (ids[before], ids[after]), f"{source} is neither what it was nor what it was to be"
        became = before if now == ids[before] else after
        if became is None:
            assert versions == [], f"{source} is half removed"
            present.pop(source, None)
        else:
            earlier = known.versions.get(source, [])
            assert len(versions) == len(earlier) + (became != before), f"versions of {source}"
            present[source] = became
        log.settle(source, became, undone=became == before)
    for source, some in known.versions.items():
        if source in present:
            of = [one.document_id for one in store.versions(source)]
            assert of[: len(some)] == [made(source, n).id for n in some], f"versions of {source}"
    return present


def documents_hold(store: Store, present: dict[str, int]) -> None:
    """Text, blocks, facts, resolutions, passages with vectors, and the list, of each as it was read."""
    _, listed = store.listing.find()
    assert {one.header.source for one in listed} == present.keys()
    total = 0
    for source, n in present.items():
        whole, wanted = store.document(made(source, n).id), made(source, n)
        assert (whole.text, whole.blocks, whole.title) == (wanted.text, wanted.blocks, wanted.title)
        assert set(whole.facts) == set(wanted.facts)
        assert [one.decision for one in whole.resolutions] == [one.decision for one in wanted.resolutions] != []
        query = (
            "SELECT p.first, p.last, length(p.vector) FROM passages p JOIN documents d ON d.key = p.document "
            "WHERE d.id = ? AND d.current ORDER BY p.first"
        )
        rows = store._record._rows(query, (wanted.id,))
        assert [row[:2] for row in rows] == [(one.start, one.end) for one in passages(wanted)]
        assert {row[2] for row in rows} == {store.embedder.dimension + 4}
        total += len(wanted.resolutions)
    assert store._record._rows("SELECT count(*) FROM resolutions")[0][0] == total


def rows_hold(store: Store) -> None:
    """No row speaks of a document that is not there."""
    for table, there in _ROWS.items():
        ((lost,),) = store._record._rows(f"SELECT count(*) FROM {table} WHERE document NOT IN ({there})")
        assert lost == 0, f"{table} has {lost} rows of no document"
    ((lost,),) = store._record._rows(f"SELECT count(*) FROM copies WHERE one NOT IN ({_CURRENT}) OR other NOT IN ({_CURRENT})")
    assert lost == 0


def indexes_hold(store: Store) -> None:
    """Tantivy, the flat file and Chroma have the record's passages, and no others."""
    rows = store._record._rows("SELECT key, document FROM passages")
    keys, owners = {row[0] for row in rows}, dict(rows)
    searcher = store._indexes.lexical._index.searcher()
    found = searcher.search(tantivy.Query.all_query(), 10_000).hits
    assert sorted(int(searcher.doc(address)["key"][0]) for _, address in found) == sorted(keys), "tantivy"
    flat, documents = store._indexes.flat._rows[:2]
    assert {int(key): int(of) for key, of in zip(flat, documents, strict=True) if of != -1} == owners, "the flat file"
    assert store._indexes.dense is not None and store.status().index == "ready"
    assert sorted(int(name) for name in store._indexes.dense._rows.get(include=[])["ids"]) == sorted(keys), "Chroma"
    folders = [path for path in (store.home / "index").iterdir() if (path / "manifest.json").exists()]
    assert len(folders) == 1, f"indexes beside those that count: {folders}"


def answers_hold(store: Store, present: dict[str, int]) -> None:
    """Every document is found by its own words, and questions are answered from what is there."""
    for source, n in present.items():
        words = max(thai.terms(made(source, n).text), key=len)
        assert store.search(words, wanted=Filter(documents=(source,))), f"{source} is not found"
    for source in SOURCES:
        title = made(source, present[source]).title if source in present else source
        said = Assistant(store).ask(f"{title} มีมติว่าอย่างไร")
        assert set(said.sources) <= present.keys()
        assert not isinstance(said, Answer) or all(one.quote in store.document(one.document.id).text for one in said.citations)
