"""The tables of the record, and how an archive of an earlier schema becomes one of this."""

from typing import Any

from vectorstore import (
    accounts,
    audit,
    chats,
    conversations,
    copies,
    erasing,
    feedback,
    generations,
    keys,
    limits,
    listing,
    masks,
    meta,
    register,
    replays,
    rowform,
    terms,
    unread,
    usage,
)
from vectorstore.dialect import FUNCTIONS, POSTGRES, SQLITE
from vectorstore.packing import packed

SCHEMA = 7
"""1 kept texts as they are and vectors as float16; 2 no conversations and no scans that wait; 3 nothing found in texts;
4 nobody's accounts, and no list; 5 no scopes of keys and nobody of LINE;
6 one generation of passages, and no counts of words."""
_FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, source TEXT NOT NULL, version INTEGER NOT NULL,
  current BOOLEAN NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, date TEXT, dates TEXT NOT NULL,
  provinces TEXT NOT NULL, organisations TEXT NOT NULL, districts TEXT NOT NULL, url TEXT, characters INTEGER NOT NULL,
  status TEXT, meeting TEXT, text BLOB NOT NULL, blocks BLOB NOT NULL,
  added_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')));
CREATE UNIQUE INDEX documents_id ON documents (id) WHERE current;
CREATE UNIQUE INDEX documents_source ON documents (source) WHERE current;
CREATE INDEX documents_versions ON documents (source, version);
CREATE TABLE facts (name TEXT NOT NULL, value TEXT NOT NULL, document INTEGER NOT NULL,
  PRIMARY KEY (name, value, document)) WITHOUT ROWID;
CREATE INDEX facts_document ON facts (document);
CREATE TABLE passages (
  key INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents (key), id TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, section TEXT NOT NULL, page INTEGER, vector BLOB NOT NULL);
CREATE INDEX passages_document ON passages (document);
CREATE TABLE pending (passage INTEGER PRIMARY KEY, present INTEGER NOT NULL);
"""
_SINCE = {
    3: (conversations.TABLES, unread.TABLES),
    4: (copies.TABLES, erasing.TABLES, register.TABLES, masks.TABLES),
    5: (
        *(accounts.TABLES, keys.TABLES, limits.TABLES, audit.TABLES, conversations.OWNER, conversations.REFUSED),
        *(feedback.TABLES, listing.TABLES, usage.TABLES),
    ),
    6: (keys.SCOPES_TABLES, replays.TABLES, chats.TABLES),
    7: (generations.TABLES, terms.TABLES),
}
"""Tables by the schema that brought them."""
_VERSION = "schema"
"""Under what the schema is remembered where the database has no number of its own for it."""
LITTERED = "littered"
"""Under what it is remembered that what was deleted under an early schema has left its bytes in the file."""


def version(db: Any) -> int:
    """The schema of a database; 0 of an empty one."""
    if db.dialect is SQLITE:
        return int(db.execute("PRAGMA user_version").fetchone()[0])
    if ("meta",) not in db.execute(db.dialect.tables).fetchall():
        return 0
    return int(db.execute("SELECT value FROM meta WHERE name = ?", (_VERSION,)).fetchone()[0])


def make(db: Any) -> None:
    """Makes the tables of an empty database, within a transaction."""
    if db.dialect is POSTGRES:
        for function in FUNCTIONS:
            db.execute(function)
    _execute(db, _FIRST)
    _newer(db, 1)
    masks.set_complete(db)


def carry_over(db: Any, version: int) -> None:
    """Makes a record of an earlier schema one of this, within a transaction: wholly or not at all."""
    if version < 2:
        db.driver.create_function("packed", 1, packed, deterministic=True)
        db.driver.create_function("scaled", 1, rowform.from_halves, deterministic=True)
        db.execute("UPDATE documents SET text = packed(text), blocks = packed(blocks)")
        db.execute("UPDATE passages SET vector = scaled(vector)")
    _newer(db, version)
    if version < 4:
        meta.remember(db, LITTERED, "yes")
        _describable(db)
    if version < 5:
        listing.catch_up(db)


def _describable(db: Any) -> None:
    """What the fourth schema knows of a document, with nothing found yet."""
    for column in ("status", "meeting"):
        db.execute(f"ALTER TABLE documents ADD COLUMN {column} TEXT")
    db.execute("ALTER TABLE documents ADD COLUMN districts TEXT NOT NULL DEFAULT '[]'")
    db.execute("INSERT INTO undescribed SELECT key FROM documents WHERE current")
    copies.catch_up(db)


def _newer(db: Any, version: int) -> None:
    for since, tables in _SINCE.items():
        if since > version:
            _execute(db, ";\n".join(tables))
    if db.dialect is SQLITE:
        db.execute(f"PRAGMA user_version = {SCHEMA}")
    else:
        meta.remember(db, _VERSION, str(SCHEMA))


def _execute(db: Any, tables: str) -> None:
    for statement in tables.strip().removesuffix(";").split(";\n"):
        db.execute(statement)
