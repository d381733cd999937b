"""The tables of the record, and how it writes down a document's parts and reads them again."""

import json
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from vectorstore.packing import packed, scaled
from vectorstore.types import Block, Document

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
  key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, source TEXT NOT NULL, version INTEGER NOT NULL,
  current INTEGER NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, date TEXT, dates TEXT NOT NULL,
  provinces TEXT NOT NULL, organisations TEXT NOT NULL, districts TEXT NOT NULL, url TEXT, characters INTEGER NOT NULL,
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
_NAMES = tuple(re.findall("[a-z]+", "id source title kind date dates provinces organisations districts url version characters"))
HEADER = ", ".join(f"d.{name}" for name in _NAMES)
"""The columns of `documents d` that a `Header` has."""
_LISTS = ("dates", "provinces", "organisations", "districts")
_ELSEWHERE = ("facts", "resolutions")
"""Fields of a document that have tables of their own."""


def dumps(value: object) -> str:
    """`value` as JSON in little room."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def columns(document: Document, version: int) -> dict[str, Any]:
    """A document's row, but for what has tables of its own."""
    row = {name: getattr(document, name) for name in Document.__dataclass_fields__ if name not in _ELSEWHERE}
    row |= {name: dumps(row[name]) for name in _LISTS}
    row |= {"version": version, "current": 1, "characters": len(document.text), "text": packed(document.text)}
    return row | {"blocks": packed(dumps([block_fields(block) for block in document.blocks]))}


def header_fields(row: Sequence[object]) -> dict[str, Any]:
    """The fields of a `Header`, of a row of the columns `HEADER`."""
    fields: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    return fields | {name: tuple(json.loads(fields[name])) for name in _LISTS}


def block_fields(block: Block) -> list[Any]:
    """A block as it is kept; its doubt only where there is one, for there seldom is."""
    return [block.start, block.end, block.kind, block.section, block.page, *([block.doubt] if block.doubt else [])]


def blocks_of(kept: str) -> tuple[Block, ...]:
    """The blocks of a document, of the JSON of their fields."""
    return tuple(
        Block(start=start, end=end, kind=kind, section=tuple(section), page=page, doubt=doubt[0] if doubt else None)
        for start, end, kind, section, page, *doubt in json.loads(kept)
    )


def from_halves(vector: bytes) -> bytes:
    """A vector of schema 1, float16, as it is kept now."""
    return scaled(np.frombuffer(vector, np.float16)[None])[0]
