"""What of each document is personal data: where it stands and what it is, never which; and documents with it masked.

A mask is as long as what it hides, so that blocks, passages and citations stay where they are.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from vectorstore import limits, listing, meta, register, replays
from vectorstore.conversations import Conversations, Rows, Transaction
from vectorstore.packing import packed, unpacked
from vectorstore.privacy import RULES, Personal, find, masked, masked_name
from vectorstore.rowform import block_fields, blocks_of, dumps
from vectorstore.types import Block, Document, Passage, Resolution

TABLES = """\
CREATE TABLE masks (document INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, kind TEXT NOT NULL,
  PRIMARY KEY (document, first)) WITHOUT ROWID"""
STATE, MASKED, KEPT = "personal", f"masked:{RULES}", "kept"
"""What the record remembers of itself: that all it holds is masked, by these rules; or that some is kept as it was."""

Words = Callable[[str], str]


class Masks:
    """Where in the documents of one archive personal data was found."""

    def __init__(self, transaction: Transaction, rows: Rows) -> None:
        """Masks over a record's ways to write and to read."""
        self._transaction = transaction
        self._rows = rows

    def are_complete(self) -> bool:
        """Whether all personal data in the record is masked, by the rules of today."""
        return self._rows("SELECT value FROM meta WHERE name = ?", (STATE,)) == [(MASKED,)]

    def keep(self) -> None:
        """Notes that what is added from now on is kept as it is."""
        with self._transaction() as db:
            meta.remember(db, STATE, KEPT)

    def complete(self, conversations: Conversations) -> None:
        """Masks every document, replaced version and kept turn for good; what they were is overwritten on the disk."""
        with self._transaction() as db:
            _hide_rows(db)
            conversations.hide_rows(db)
            replays.forget_all(db)
            set_complete(db)

    def counts(self, ids: Sequence[str] | None = None) -> dict[str, int]:
        """How many places each current document has, or each of `ids`, by its id; documents without any are left out."""
        query = "SELECT d.id, count(*) FROM documents d JOIN masks m ON m.document = d.key WHERE d.current {} GROUP BY d.id"
        some = "" if ids is None else f"AND d.id IN ({', '.join('?' * len(ids))})"
        return dict(self._rows(query.format(some), ids or ()))

    def of(self, document_id: str) -> list[Personal]:
        """The places in the current document with this id, in order."""
        query = "SELECT first, last, kind FROM masks WHERE document = (SELECT key FROM documents WHERE id = ? AND current)"
        return [Personal(*row) for row in sorted(self._rows(query, (document_id,)))]


def note(db: Any, key: int | None, found: Sequence[Personal]) -> None:
    """Writes down what was found in the document with this key, in place of what was, within a transaction."""
    db.execute("DELETE FROM masks WHERE document = ?", (key,))
    db.executemany("INSERT INTO masks VALUES (?, ?, ?, ?)", [(key, one.start, one.end, one.kind) for one in found])


def set_complete(db: Any) -> None:
    """Notes that all personal data is masked, within the transaction that masks it."""
    meta.remember(db, STATE, MASKED)


def hidden(document: Document, found: Sequence[Personal]) -> tuple[Document, Words]:
    """The document with what was `found` in its text masked, also where its title and sections say it, and its address.

    Also how another section of it, such as a passage's, reads then.
    """
    shown = masked(document.text, found)
    words = _words(document, shown, found)
    title = words(document.title)
    url = document.url if document.url is None or not find(document.url) else None
    name = masked_name(document.source)
    if not found and (title, url, name) == (document.title, document.url, document.source):
        return document, words  # as nearly all are
    blocks = tuple(_block(block, words) for block in document.blocks)
    facts = tuple(replace(fact, value=words(fact.value)) for fact in document.facts)
    resolutions = tuple(_resolution(row, shown, words) for row in document.resolutions)
    return replace(
        document, source=name, title=title, url=url, text=shown, blocks=blocks, facts=facts, resolutions=resolutions
    ), words


def hidden_entry(
    document: Document, passages: Sequence[Passage], found: Sequence[Personal]
) -> tuple[Document, Sequence[Passage]]:
    """The same of a document with its passages."""
    shown, words = hidden(document, found)
    return shown, passages if shown is document else [_passage(passage, shown.text, words) for passage in passages]


def _resolution(row: Resolution, text: str, words: Words) -> Resolution:
    section, assigned = (tuple(map(words, some)) for some in (row.section, row.assigned))
    place = words(row.place) if row.place else row.place
    return replace(row, decision=text[row.start : row.end], section=section, assigned=assigned, place=place)


def _passage(passage: Passage, text: str, words: Words) -> Passage:
    section = tuple(map(words, passage.section))
    return replace(passage, text=text[passage.start : passage.end], section=section)


def _block(block: Block, words: Words) -> Block:
    section = tuple(map(words, block.section))
    return block if section == block.section else replace(block, section=section)


def _words(document: Document, shown: str, found: Sequence[Personal]) -> Words:
    """How a title or heading reads with what was found masked: what names a number may stand elsewhere in the text."""
    hidden_values = {document.text[one.start : one.end]: shown[one.start : one.end] for one in found if one.kind != "address"}
    known: dict[str, str] = {}
    if found:
        for block in document.blocks:
            heading = block.section[-1] if block.kind == "heading" and block.section else ""
            if heading and document.text.startswith(heading, block.start):
                known[heading] = shown[block.start : block.start + len(heading)]

    def words(said: str) -> str:
        if said not in known:
            hides = masked(said)
            for value, instead in hidden_values.items():
                hides = hides.replace(value, instead)
            known[said] = hides
        return known[said]

    return words


def _hide_rows(db: Any) -> None:
    """Masks all documents of a record, replaced versions too, within a transaction."""
    for (key,) in db.execute("SELECT key FROM documents").fetchall():
        before = _read(db, key)
        found = find(before.text)
        after, words = hidden(before, found)
        note(db, key, [*{one.start: one for one in [*_noted(db, key), *found]}.values()])
        if after is not before:
            _write(db, key, after)
            limits.rename(db, before.source, after.source)
            listing.retitle(db, key, after)
            _write_sections(db, key, words)
            for name, value in db.execute("SELECT name, value FROM facts WHERE document = ?", (key,)).fetchall():
                if (shown := words(value)) != value:
                    db.execute("DELETE FROM facts WHERE name = ? AND value = ? AND document = ?", (name, value, key))
                    db.execute("INSERT INTO facts VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (name, shown, key))
            register.describe_again(db, key)


def _noted(db: Any, key: int) -> list[Personal]:
    """What was found when the document came in: nothing is found in it any more where it was masked then."""
    return [Personal(*row) for row in db.execute("SELECT first, last, kind FROM masks WHERE document = ?", (key,)).fetchall()]


def _read(db: Any, key: int) -> Document:
    row = db.execute("SELECT id, source, title, url, text, blocks FROM documents WHERE key = ?", (key,)).fetchone()
    name, source, title, url, text, blocks = row
    return Document(id=name, source=source, title=title, url=url, text=unpacked(text), blocks=blocks_of(unpacked(blocks)))


def _write(db: Any, key: int, document: Document) -> None:
    blocks = packed(dumps([block_fields(block) for block in document.blocks]))
    row = (document.source, document.title, document.url, packed(document.text), blocks, key)
    db.execute("UPDATE documents SET source = ?, title = ?, url = ?, text = ?, blocks = ? WHERE key = ?", row)


def _write_sections(db: Any, key: int, words: Words) -> None:
    for passage, section in db.execute("SELECT key, section FROM passages WHERE document = ?", (key,)).fetchall():
        db.execute("UPDATE passages SET section = ? WHERE key = ?", (dumps([*map(words, json.loads(section))]), passage))
