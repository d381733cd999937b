"""The record: one SQLite database that holds everything; indexes are derived from it and may be deleted.

Every change is one transaction, and notes which passages the indexes still have to take in or drop (`pending`), so
that a process killed between the record and an index loses nothing: the next one carries the notes out.

Texts are kept compressed, vectors as bytes with a scale: an archive of 60,000 articles then takes 0.4 GB, not 1.1 GB.
"""

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore import conversations, copies, erasing, facts, masks, register, rowform, schema, unread
from vectorstore.conversations import Conversations
from vectorstore.copies import Copies
from vectorstore.erasing import Erased, Erasure
from vectorstore.errors import StoreUnusable
from vectorstore.masks import Masks
from vectorstore.packing import scaled, unpacked, unscaled
from vectorstore.privacy import Personal, find, masked
from vectorstore.register import Register
from vectorstore.rowform import HEADER, dumps
from vectorstore.schema import SCHEMA
from vectorstore.types import Document, Filter, Header, Passage
from vectorstore.unread import Unread
from vectorstore.versions import Versions

Vectors = NDArray[np.float32]

_SHORT_ID = 8


class Record:
    """The database of one archive. Safe to share between threads: one connection, one call at a time.

    `masks`, `unread`, `versions`, `copies`, `erased`, `register` and `conversations()` are what it keeps beside documents.
    """

    def __init__(self, path: Path, *, personal: bool = True) -> None:
        """Opens or makes the database at `path`; personal data in it is masked as it is read unless `personal`.

        Raises:
            StoreUnusable: it is not a database of ours, of a later version, or cannot be written.
        """
        self._lock = threading.RLock()
        self._with_fact: dict[tuple[str, str], NDArray[np.int64]] = {}
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.execute("PRAGMA wal_autocheckpoint = 8000")
            self._db.execute("PRAGMA cache_size = -64000")  # kB: less, and a page is written and read again within one change
            version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
            if version < SCHEMA:
                with self._transaction() as db:
                    schema.make(db) if version == 0 else schema.carry_over(db, version)
            if version <= SCHEMA and self.meta(schema.LITTERED):
                self._db.execute("VACUUM")
                with self._transaction() as db:
                    db.execute("DELETE FROM meta WHERE name = ?", (schema.LITTERED,))
        except sqlite3.Error as error:
            raise StoreUnusable(f"เปิดฐานข้อมูล {path} ไม่ได้ ({error}) ตรวจว่าโฟลเดอร์เขียนได้และไฟล์ไม่เสียหาย") from error
        if version > SCHEMA:
            raise StoreUnusable(f"ฐานข้อมูล {path} มาจากรุ่นที่ใหม่กว่า (schema {version}; รุ่นนี้รู้จักถึง {SCHEMA}) โปรดปรับรุ่นโปรแกรม")
        self.masks, self.unread = Masks(self._transaction, self._rows), Unread(self._transaction, self._rows)
        self.versions, self.copies, self.erased = (
            Versions(self._rows),
            Copies(self._rows),
            Erased(self._transaction, self._rows),
        )
        self.hides = not personal and not self.masks.are_complete()

    def close(self) -> None:
        """Closes the database."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _told("บันทึกลงฐานข้อมูลไม่ได้", "ตรวจที่ว่างในดิสก์และสิทธิ์เขียน สิ่งที่บันทึกไว้ก่อนหน้ายังอยู่ครบ"):
            self._db.execute("BEGIN IMMEDIATE")
            self._with_fact.clear()
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk has ended it already
                    self._db.execute("ROLLBACK")
                raise

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock, _told("อ่านฐานข้อมูลไม่ได้", "ไฟล์ archive.db อาจเสียหาย ตรวจด้วย thamkhlang check หรือกู้จากสำเนา"):
            return self._db.execute(query, values).fetchall()

    def conversations(self) -> Conversations:
        """The conversations that are kept in this database."""
        return Conversations(self._transaction, self._rows, self.document, hides=self.hides)

    def mask(self) -> None:
        """Masks the personal data of every document, version and kept turn for good; what it was is overwritten."""
        self.masks.complete(self.conversations())
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
            db.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))

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
            return [self._add(db, *entry) for entry in entries]

    def _add(
        self,
        db: sqlite3.Connection,
        document: Document,
        passages: Sequence[Passage],
        vectors: Vectors,
        found: Sequence[Personal] = (),
    ) -> bool:
        if self.known(document.id):
            return False
        before = db.execute(
            "SELECT key, version, current FROM documents WHERE source = ? ORDER BY version DESC", (document.source,)
        ).fetchone()
        replaced = bool(before and before[2])
        if replaced:
            self._retire(db, before[0])
        row = rowform.columns(document, before[1] + 1 if before else 1)
        names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        key = int(db.execute(f"INSERT INTO documents ({names}) VALUES ({values})", row).lastrowid or 0)
        facts.write(db, key, document)
        register.write(db, key, document)
        self._add_passages(db, key, passages, vectors)
        db.execute("INSERT INTO pending SELECT key, 1 FROM passages WHERE document = ?", (key,))
        unread.forget(db, document.source)
        masks.note(db, key, found)
        copies.write(db, key, document.text)
        erasing.forget(db, document.id)
        return replaced

    @staticmethod
    def _add_passages(db: sqlite3.Connection, key: int, passages: Sequence[Passage], vectors: Vectors) -> None:
        db.executemany(
            "INSERT INTO passages (document, id, first, last, section, page, vector) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (key, passage.id, passage.start, passage.end, dumps(passage.section), passage.page, vector)
                for passage, vector in zip(passages, scaled(vectors), strict=True)
            ],
        )

    def _retire(self, db: sqlite3.Connection, key: int) -> None:
        """Takes a document out of search; its text stays as a version of the source."""
        db.execute("INSERT OR REPLACE INTO pending SELECT key, 0 FROM passages WHERE document = ?", (key,))
        db.execute("DELETE FROM passages WHERE document = ?", (key,))
        facts.forget(db, key)
        register.forget(db, key)
        copies.forget(db, key)
        db.execute("UPDATE documents SET current = 0 WHERE key = ?", (key,))

    def remove(self, header: Header) -> Erasure:
        """Erases a document and every version of its source, text and all, and its words from kept conversations.

        On return no byte of it is left in the database's files; that the indexes are to be built anew is noted.
        """
        with self._transaction() as db:
            versions = self.versions.of(header.source)
            keys = [row[0] for row in db.execute("SELECT key FROM documents WHERE source = ?", (header.source,))]
            gone = erasing.counted(db, header, [version.document_id for version in versions], keys)
            turns = conversations.forget(db, set(gone.documents))
            for key in keys:
                self._retire(db, key)
                masks.note(db, key, ())
                db.execute("DELETE FROM documents WHERE key = ?", (key,))
            erasing.note(db, gone)
        self._rows("PRAGMA wal_checkpoint(TRUNCATE)")  # the log has pages as they were
        return replace(gone, turns=turns)

    def replace_passages(self, document_id: str, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Sets a current document's passages anew, for another chunker or embedding model."""
        with self._transaction() as db:
            key = db.execute("SELECT key FROM documents WHERE id = ? AND current", (document_id,)).fetchone()[0]
            db.execute("DELETE FROM passages WHERE document = ?", (key,))
            self._add_passages(db, key, passages, vectors)

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
        rows = self._rows(f"{wanted} AND current", (document_id,)) or self._rows(
            wanted, (document_id,)
        )  # the first by an index
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

    def is_empty(self) -> bool:
        """Whether there is no current document."""
        return not self._rows("SELECT 1 FROM documents WHERE current LIMIT 1")

    def counts(self) -> tuple[int, int]:
        """(current documents, their passages)."""
        return self._rows("SELECT (SELECT count(*) FROM documents WHERE current), (SELECT count(*) FROM passages)")[0]

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the database; nothing in a sound one."""
        try:
            found = [str(row[0]) for row in self._rows("PRAGMA integrity_check") if row[0] != "ok"]
        except StoreUnusable as error:
            return [str(error)]
        orphans = self._rows("SELECT count(*) FROM passages WHERE document NOT IN (SELECT key FROM documents WHERE current)")
        return found + ([f"{orphans[0][0]} passages without a document"] if orphans[0][0] else [])

    def hits(self, keys: Sequence[int]) -> dict[int, tuple[Passage, Header, Vectors]]:
        """Passages by key, each with its document's header and vector (float32, (dimension,)); unknown keys are left out."""
        marks = ", ".join("?" * len(keys))
        with self._lock:  # a document may not go between its passages and its text
            rows = self._rows(
                f"SELECT p.key, p.id, p.first, p.last, p.section, p.page, p.vector, d.key, {HEADER} "
                f"FROM passages p JOIN documents d ON d.key = p.document WHERE p.key IN ({marks})",
                keys,
            )
            texts = self._texts({row[7] for row in rows})
        found = {}
        for key, name, first, last, section, page, vector, document_key, *header in rows:
            document = Header(**self._header(header))
            passage = Passage(
                id=name,
                document_id=document.id,
                start=first,
                end=last,
                text=texts[document_key][first:last],
                section=self._section(section),
                page=page,
            )
            found[key] = passage, document, unscaled([vector])[0]
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
            if (name, value) not in self._with_fact:
                rows = self._rows("SELECT document FROM facts WHERE name = ? AND value = ?", (name, value))
                self._with_fact[name, value] = np.array(rows, np.int64).reshape(-1)
            return self._with_fact[name, value]

    def vectors(self, keys: Sequence[int] | NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], Vectors]:
        """(keys, their documents' keys, vectors) of those of `keys` that are there, ascending.

        int64 (n,), int64 (n,), float32 (n, dimension).
        """
        marks = ", ".join("?" * len(keys))
        query = f"SELECT key, document, vector FROM passages WHERE key IN ({marks}) ORDER BY key"
        rows = self._rows(query, [int(key) for key in keys])
        found = np.array([row[:2] for row in rows], np.int64).reshape(-1, 2)
        vectors = unscaled([row[2] for row in rows]) if rows else np.zeros((0, 0), np.float32)
        return found[:, 0], found[:, 1], vectors

    def texts(
        self, keys: Sequence[int] | None = None, *, page: int = 4000
    ) -> Iterator[list[tuple[int, str, str, tuple[str, ...]]]]:
        """What the lexical index needs, in pages of at most `page` passages: (key, text, title and sections, facts)."""
        after = 0
        while True:
            some = "" if keys is None else f"AND p.key IN ({', '.join('?' * len(keys))})"
            with self._lock:
                rows = self._rows(
                    "SELECT p.key, p.first, p.last, p.section, d.key, d.title, d.id, d.source "
                    f"FROM passages p JOIN documents d ON d.key = p.document WHERE p.key > ? {some} ORDER BY p.key LIMIT ?",
                    [after, *(keys or ()), page],
                )
                documents = {row[4] for row in rows}
                texts, filters = self._texts(documents), self._facts(documents)
            if not rows:
                return
            yield [
                (
                    key,
                    texts[document][first:last],
                    "\n".join([self._said(title), *self._section(section)]),
                    (*filters.get(document, ()), f"document:{name}", f"document:{source}"),
                )
                for key, first, last, section, document, title, name, source in rows
            ]
            after = rows[-1][0]

    def _facts(self, documents: Collection[int]) -> dict[int, list[str]]:
        marks = ", ".join("?" * len(documents))
        found: dict[int, list[str]] = {}
        filters = ", ".join(f"'{name}'" for name in facts.FILTERS)
        query = f"SELECT document, name, value FROM facts WHERE document IN ({marks}) AND name IN ({filters})"
        for document, name, value in self._rows(query, list(documents)):
            found.setdefault(document, []).append(f"{name}:{value}")
        return found

    def pending(self, limit: int = 4000) -> list[tuple[int, bool]]:
        """(passage key, whether it should be in the indexes) of changes that the indexes have not confirmed; -1: of all."""
        rows = self._rows("SELECT passage, present FROM pending ORDER BY passage LIMIT ?", (limit,))
        return [(key, bool(present)) for key, present in rows]

    def confirm(self, done: Sequence[tuple[int, bool]]) -> None:
        """Forgets pending changes that were carried out; one that has become another meanwhile stays."""
        with self._transaction() as db:
            db.executemany("DELETE FROM pending WHERE passage = ? AND present = ?", done)


@contextmanager
def _told(what: str, remedy: str) -> Iterator[None]:
    """SQLite's errors as ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreUnusable(f"{what} ({error}) {remedy}") from error
