"""The record: one database that holds everything; indexes are derived from it and may be deleted.

Every change is one transaction, and notes which passages the indexes still have to take in or drop (`pending`), so
that a process killed between the record and an index loses nothing: the next one carries the notes out.

Texts are kept compressed, vectors as bytes with a scale: an archive of 60,000 articles then takes 0.4 GB, not 1.1 GB.
"""

import json
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore import changes, database, facts, masks, meta, moving, rowform
from vectorstore.accounts import Accounts
from vectorstore.audit import Audit
from vectorstore.chats import Chats
from vectorstore.connection import Connection, Place
from vectorstore.conversations import Conversations
from vectorstore.copies import Copies
from vectorstore.database import aside, opened, reading, transaction, writing
from vectorstore.dialect import SQLITE
from vectorstore.erasing import Erased, Erasure
from vectorstore.errors import StoreUnusable
from vectorstore.feedback import Feedback
from vectorstore.generations import Generations
from vectorstore.indexable import Indexable, Vectors
from vectorstore.keys import Keys
from vectorstore.limits import Limits
from vectorstore.listing import Listing
from vectorstore.masks import Masks
from vectorstore.overview import Overview
from vectorstore.packing import unpacked, unscaled
from vectorstore.pending import Pending
from vectorstore.privacy import Personal, find, masked
from vectorstore.register import Register
from vectorstore.replays import Replays
from vectorstore.rowform import HEADER
from vectorstore.terms import Terms
from vectorstore.turns import Turns
from vectorstore.types import Document, Filter, Header, Passage
from vectorstore.unread import Unread
from vectorstore.usage import Usage
from vectorstore.versions import Versions

_SHORT_ID = 8
_COUNTS = "SELECT (SELECT count(*) FROM documents WHERE current), (SELECT count(*) FROM passages)"


class Record(Indexable):
    """The database of one archive. Safe to share between threads: one connection, one call at a time.

    What it keeps beside documents is an attribute each, as `_furnish` sets them. `groups` are those whose view it is; None: it
    is the whole.
    """

    groups: frozenset[str] | None = None

    def __init__(self, path: Place, *, personal: bool = True) -> None:
        """Opens or makes the database at `path`; personal data in it is masked as it is read unless `personal`.

        Raises:
            StoreUnusable: it is not a database of ours, of a later version, or cannot be written.
        """
        self._lock = threading.RLock()
        self._apart = threading.Lock()
        self._with_fact: dict[tuple[str, str], NDArray[np.int64]] = {}
        self.path, self._state = path, ""
        self._db = opened(path)
        self.turns = Turns(path)
        self.alone, self.unless = self.turns.alone, self.turns.unless
        self._furnish()
        self.hides = not personal and not self.masks.are_complete()

    def _furnish(self) -> None:
        both = (self._transaction, self._rows)
        self.masks, self.unread, self.erased, self.feedback = Masks(*both), Unread(*both), Erased(*both), Feedback(*both)
        self.versions, self.copies = Versions(self._rows), Copies(self._rows)
        self.listing, self.overview = Listing(self._rows, self._header), Overview(self._rows, self._said)
        self.usage, self.pending = Usage(*both), Pending(*both)
        self.limits, self.audit, self.accounts, self.keys = Limits(*both), Audit(*both), Accounts(*both), Keys(*both)
        self.chats, self.replays = Chats(*both), Replays(*both)
        self.generations = Generations(*both)
        self.terms = Terms(*both)

    def close(self) -> None:
        """Closes the database."""
        self.usage.close()
        with self._lock:
            self._db.close()
            self.turns.close()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._lock, writing(self.path):
            self._with_fact.clear()
            with transaction(self._db):
                yield self._db

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock, reading(self.path):
            found = self._db.execute(query, values)
            return list(found.fetchall()) if found.description else []

    @contextmanager
    def _steady(self) -> Iterator[None]:
        """Within this all that is read is of one moment."""
        with self._lock:
            if self._db.dialect is SQLITE or self._db.is_within:  # nobody else changes the one, nor what a change reads
                yield
            else:
                with reading(self.path), database.steady(self._db):
                    yield

    def _fresh(self) -> str:
        """A value that is another after every change by others; what was remembered before is then outdated."""
        return str(self._rows(self._db.dialect.state)[0][0])

    def _overwrite(self) -> bool:
        """Has what was deleted overwritten, or freed; whether that was done, and nobody was reading it."""
        return not any(busy for statement in self._db.dialect.erased for busy, *_ in self._rows(statement))

    @contextmanager
    def _aside(self) -> Iterator[Connection]:
        """A connection for what takes long: nobody waits for it but who erases, because a reader holds the log as it was."""
        with self._apart, reading(self.path), closing(aside(self.path)) as db:
            yield db

    def copy(self, path: Path, go_on: Callable[[], object] = lambda: None) -> tuple[int, ...]:
        """Writes the database as it is at this moment to the new file `path`, while others read and write; see `copied`.

        Returns:
            How many current documents, passages and kept questions the copy has.
        """
        with self._aside() as db:
            db.begin(steady=True)  # what is written from here on is not seen
            found: tuple[int, ...] = db.execute(f"{_COUNTS}, (SELECT count(*) FROM turns)").fetchone()
            moving.copied(db, path, go_on)
        return found

    def conversations(self, owner: str | None = None) -> Conversations:
        """The conversations that are kept in this database; with an `owner` theirs alone."""
        return Conversations(self._transaction, self._rows, self.document, hides=self.hides, owner=owner)

    def choices(self, name: str) -> list[tuple[str, int]]:
        """See `facts.choices`."""
        return facts.choices(self._rows, name)

    def mask(self) -> None:
        """Masks the personal data of every document, version and kept turn for good; what it was is overwritten."""
        with self._apart:
            self.masks.complete(self.conversations())
            self._overwrite()
        self.hides = False

    @property
    def register(self) -> Register:
        """The resolutions that the documents record."""
        return Register(self._transaction, self._rows, hides=self.hides)

    def meta(self, name: str) -> str | None:
        """A remembered value, such as the embedding model's name."""
        rows = self._rows("SELECT value FROM meta WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, name: str, value: str) -> None:
        """Remembers `value` under `name`."""
        with self._transaction() as db:
            meta.remember(db, name, value)

    def part(self) -> None:
        """Makes this another archive than the one that it is a copy of: on servers each has indexes of its own."""
        with self._transaction() as db:
            meta.part(db)

    def generation(self) -> int:
        """The number of the generation whose passages these are, from 0."""
        return self.generations.live()

    def known(self, document_id: str) -> bool:
        """Whether a current document has this id."""
        return bool(self._rows("SELECT 1 FROM documents WHERE id = ? AND current", (document_id,)))

    def add(self, entries: Iterable[tuple[Document, Sequence[Passage], Vectors, Sequence[Personal]]]) -> list[bool]:
        """Takes in documents, their passages, vectors (float32, (passages, dimension)) and where personal data stands in them.

        All of them or, on an error, none.

        Returns:
            For each entry whether it replaced an earlier document of the same source. An entry whose id is
            already there changes nothing.
        """
        with self._transaction() as db:
            return [changes.add(db, *entry) for entry in entries]

    def remove(self, header: Header) -> Erasure:
        """Erases a document and every version of its source, text and all, and its words from kept conversations.

        The log has its pages as they were until `truncate_log`; that, and that the indexes are to be built anew, is noted.
        """
        with self._transaction() as db:
            return changes.erase(db, header, [version.document_id for version in self.versions.of(header.source)])

    def truncate_log(self) -> None:
        """Empties the log: on return no byte of what was erased is left in the database's files.

        Raises:
            StoreUnusable: it cannot be, as on a full disk, or while somebody reads what was before.
        """
        with self._apart:
            if not self._overwrite():
                raise StoreUnusable("ล้างบันทึกของฐานข้อมูลไม่ได้เพราะยังมีผู้อ่านอยู่ จะลองใหม่เอง")

    def replace_passages(self, document_id: str, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Sets a current document's passages anew, for another chunker or embedding model."""
        with self._transaction() as db:
            changes.cut_anew(db, document_id, passages, vectors)

    def headers(self) -> list[Header]:
        """All current documents, the latest first."""
        rows = self._rows(f"SELECT {HEADER} FROM documents d WHERE current ORDER BY d.date DESC NULLS LAST, d.source")
        return [Header(**self._header(row)) for row in rows]

    def find(self, name: str) -> Header | None:
        """The current document with this id or source name, or the only one whose id begins so (8 characters at least)."""
        name = name.encode(errors="ignore").decode()  # a lone surrogate is in no name
        rows = self._rows(f"SELECT {HEADER} FROM documents d WHERE current AND (d.id = ? OR d.source = ?)", (name, name))
        if not rows and len(name) >= _SHORT_ID:
            begins = f"SELECT {HEADER} FROM documents d WHERE current AND substr(d.id, 1, ?) = ?"
            rows = self._rows(begins, (len(name), name.lower()))
        return Header(**self._header(rows[0])) if len(rows) == 1 else None

    def document(self, document_id: str) -> Document | None:
        """A document with its text, also one that a later version replaced: a citation stays openable."""
        wanted = f"SELECT {HEADER}, d.text, d.blocks, d.key FROM documents d WHERE d.id = ?"
        rows = self._rows(f"{wanted} AND current", (document_id,))  # by an index
        rows = rows or self._rows(wanted, (document_id,))
        if not rows:
            return None
        *header, text, blocks, key = rows[0]
        found = Document(
            **rowform.header(header),
            text=unpacked(text),
            blocks=rowform.blocks_of(unpacked(blocks)),
            facts=facts.own(self._rows("SELECT name, value FROM facts WHERE document = ?", (key,))),
            resolutions=self.register.of(key),
        )
        return masks.hidden(found, find(found.text))[0] if self.hides else found

    def check_writable(self) -> None:
        """Writes a value and takes it back.

        Raises:
            StoreUnusable: the database cannot be written.
        """
        with self._lock, writing(self.path):
            self._db.begin()
            try:
                meta.remember(self._db, "writable", "yes")
            finally:
                self._db.rollback()

    def is_empty(self) -> bool:
        """Whether there is no current document."""
        return not self._rows("SELECT 1 FROM documents WHERE current LIMIT 1")

    def counts(self) -> tuple[int, int]:
        """(current documents, their passages)."""
        return self._rows(_COUNTS)[0]

    def faults(self) -> list[str]:
        """See `database.faults`."""
        try:
            with self._aside() as db:
                return database.faults(db)
        except StoreUnusable as error:
            return [str(error)]

    def damage(self) -> str | None:
        """See `database.damage`: it takes seconds where the record is large, and nobody waits for it."""
        with self._aside() as db:
            return database.damage(db, self.path)

    def hits(self, keys: Sequence[int]) -> dict[int, tuple[Passage, Header, Vectors]]:
        """Passages by key, each with its document's header and vector (float32, (dimension,)); unknown keys are left out."""
        marks = ", ".join("?" * len(keys))
        with self._steady():  # a document may not go between its passages and its text
            rows = self._rows(
                f"SELECT p.key, p.id, p.first, p.last, p.section, p.page, p.vector, d.key, {HEADER} "
                f"FROM passages p JOIN documents d ON d.key = p.document WHERE p.key IN ({marks})",
                keys,
            )
            texts = self._texts({row[7] for row in rows})
        found = {}
        headers: dict[int, Header] = {}
        vectors = unscaled([row[6] for row in rows]) if rows else ()
        for (key, name, first, last, section, page, _, document_key, *header), vector in zip(rows, vectors, strict=True):
            if document_key not in headers:
                headers[document_key] = Header(**self._header(header))
            document = headers[document_key]
            passage = Passage(
                id=name,
                document_id=document.id,
                start=first,
                end=last,
                text=texts[document_key][first:last],
                section=self._section(section),
                page=page,
            )
            found[key] = passage, document, vector
        return found

    def _texts(self, documents: Collection[int]) -> dict[int, str]:
        """Texts by document key. Cut in Python: SQLite would walk a long text from its start for every passage."""
        marks = ", ".join("?" * len(documents))
        rows = self._rows(f"SELECT key, text FROM documents WHERE key IN ({marks})", list(documents))
        return {key: self._said(unpacked(text)) for key, text in rows}

    def _header(self, row: Sequence[object]) -> dict[str, Any]:
        fields = rowform.header(row)
        return fields | {"title": self._said(fields["title"])}

    def _said(self, text: str) -> str:
        return masked(text) if self.hides else text

    def _section(self, kept: str) -> tuple[str, ...]:
        return tuple(map(self._said, json.loads(kept)))

    def admitted(self, wanted: Filter) -> NDArray[np.int64]:
        """Keys of the current documents that the filter admits, int64 (n,), ascending."""
        found: NDArray[np.int64] | None = None
        for name, values in wanted.facts.items():
            if values:
                some = np.unique(np.concatenate([self._having(name, str(value)) for value in values]))
                found = some if found is None else np.intersect1d(found, some, assume_unique=True)
        if wanted.documents:
            marks = ", ".join("?" * len(wanted.documents))
            one = f"SELECT key FROM documents WHERE current AND {{}} IN ({marks})"  # each by its index; OR would read them all
            query = f"{one.format('id')} UNION {one.format('source')}"
            some = np.unique(np.array(self._rows(query, [*wanted.documents, *wanted.documents]), np.int64))
            found = some if found is None else np.intersect1d(found, some, assume_unique=True)
        return np.zeros(0, np.int64) if found is None else found

    def _having(self, name: str, value: str) -> NDArray[np.int64]:
        """Keys of the documents with a fact, remembered until the archive changes: a kind may have 40,000."""
        with self._lock:
            if self._state != (state := self._fresh()):  # another connection has written
                self._with_fact, self._state = {}, state
            if (name, value) not in self._with_fact:
                rows = self._rows("SELECT document FROM facts WHERE name = ? AND value = ?", (name, value))
                self._with_fact[name, value] = np.array(rows, np.int64).reshape(-1)
            return self._with_fact[name, value]

    def hidden(self) -> NDArray[np.int64] | None:
        """Keys of the current documents that are not to be seen, int64 (n,); None where there are no such."""
        return None
