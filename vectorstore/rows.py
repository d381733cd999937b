"""The tables of the record, and how it writes down a document's parts and reads them again."""

import json
from collections.abc import Sequence
from typing import Any

from vectorstore.types import Block

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, source TEXT NOT NULL, version INTEGER NOT NULL,
  current INTEGER NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, date TEXT, dates TEXT NOT NULL,
  provinces TEXT NOT NULL, organisations TEXT NOT NULL, url TEXT, characters INTEGER NOT NULL,
  text BLOB NOT NULL, blocks BLOB NOT NULL, added_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')));
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
"""What every version of the record has; other files have tables of their own."""
HEADER = "d.id, d.source, d.title, d.kind, d.date, d.dates, d.provinces, d.organisations, d.url, d.version, d.characters"
"""The columns of `documents d` that a `Header` has."""


def dumps(value: object) -> str:
    """`value` as JSON in little room."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def header_fields(row: Sequence[object]) -> dict[str, Any]:
    """The fields of a `Header`, of a row of the columns `HEADER`."""
    fields: dict[str, Any] = dict(zip([name.removeprefix("d.") for name in HEADER.split(", ")], row, strict=True))
    for name in ("dates", "provinces", "organisations"):
        fields[name] = tuple(json.loads(fields[name]))
    return fields


def block_fields(block: Block) -> list[Any]:
    """A block as it is kept; its doubt only where there is one, for there seldom is."""
    return [block.start, block.end, block.kind, block.section, block.page, *([block.doubt] if block.doubt else [])]


def blocks_of(kept: str) -> tuple[Block, ...]:
    """The blocks of a document, of the JSON of their fields."""
    return tuple(
        Block(start=start, end=end, kind=kind, section=tuple(section), page=page, doubt=doubt[0] if doubt else None)
        for start, end, kind, section, page, *doubt in json.loads(kept)
    )
