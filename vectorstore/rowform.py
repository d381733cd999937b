"""How documents and blocks are written in the record's rows, and read again."""

import json
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore.packing import packed, scaled
from vectorstore.types import Block, Document, Passage

_NAMES = tuple(
    re.findall(
        "[a-z]+", "id source title kind date dates provinces organisations districts url version characters status meeting"
    )
)
HEADER = ", ".join(f"d.{name}" for name in _NAMES)
"""The columns of `documents d` that a `Header` has."""
_LISTS = ("dates", "provinces", "organisations", "districts")
_ELSEWHERE = ("facts", "resolutions")
"""Fields of a document that have tables of their own."""


def dumps(value: object) -> str:
    """JSON on as few characters as it takes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def columns(document: Document, version: int) -> dict[str, Any]:
    """A document's row, but for what has tables of its own."""
    row = {name: getattr(document, name) for name in Document.__dataclass_fields__ if name not in _ELSEWHERE}
    row |= {name: dumps(row[name]) for name in _LISTS}
    row |= {"version": version, "current": True, "characters": len(document.text), "text": packed(document.text)}
    return row | {"blocks": packed(dumps([block_fields(block) for block in document.blocks]))}


def header(row: Sequence[object]) -> dict[str, Any]:
    """The fields of a header from the columns of `HEADER`."""
    fields: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    return fields | {name: tuple(json.loads(fields[name])) if fields[name] != "[]" else () for name in _LISTS}


def block_fields(block: Block) -> list[Any]:
    """A block as it is kept; its doubt only where there is one, for there seldom is."""
    return [block.start, block.end, block.kind, block.section, block.page, *([block.doubt] if block.doubt else [])]


def blocks_of(kept: str) -> tuple[Block, ...]:
    """The blocks of a document, of the JSON of their fields."""
    return tuple(
        Block(start=start, end=end, kind=kind, section=tuple(section), page=page, doubt=doubt[0] if doubt else None)
        for start, end, kind, section, page, *doubt in json.loads(kept)
    )


def write_passages(
    db: Any, key: int, passages: Sequence[Passage], vectors: NDArray[np.float32], table: str = "passages"
) -> None:
    """Adds the passages of the document with this key, with a row of `vectors` each, within a transaction."""
    db.executemany(
        f"INSERT INTO {table} (document, id, first, last, section, page, vector) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (key, passage.id, passage.start, passage.end, dumps(passage.section), passage.page, vector)
            for passage, vector in zip(passages, scaled(vectors), strict=True)
        ],
    )


def from_halves(vector: bytes) -> bytes:
    """A vector of schema 1, float16, as it is kept now."""
    return scaled(np.frombuffer(vector, np.float16)[None])[0]
