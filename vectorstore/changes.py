"""The rows of a document in the record, each change within a transaction: added, taken out of search, erased."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore import (
    audit,
    conversations,
    copies,
    erasing,
    facts,
    generations,
    limits,
    listing,
    masks,
    register,
    replays,
    rowform,
    unread,
)
from vectorstore.erasing import Erasure
from vectorstore.pending import AGAIN
from vectorstore.privacy import Personal
from vectorstore.types import Document, Header, Passage


def add(
    db: Any,
    document: Document,
    passages: Sequence[Passage],
    vectors: NDArray[np.float32],
    found: Sequence[Personal] = (),
) -> bool:
    """Adds a document with what was found in it; whether it replaced one. One whose id is there changes nothing."""
    if db.execute("SELECT 1 FROM documents WHERE id = ? AND current", (document.id,)).fetchone():
        return False
    before = db.execute(
        "SELECT key, version, current FROM documents WHERE source = ? ORDER BY version DESC", (document.source,)
    ).fetchone()
    replaced = bool(before and before[2])
    if replaced:
        retire(db, before[0])
    row = rowform.columns(document, before[1] + 1 if before else 1)
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    insert = f"INSERT INTO documents ({names}) VALUES ({marks}) RETURNING key"
    ((key,),) = db.execute(insert, list(row.values())).fetchall()
    facts.write(db, key, document)
    register.write(db, key, document)
    rowform.write_passages(db, key, passages, vectors)
    db.execute("INSERT INTO pending SELECT key, 1 FROM passages WHERE document = ?", (key,))
    unread.forget(db, document.source)
    masks.note(db, key, found)
    copies.write(db, key, document.text)
    listing.write(db, key, document)
    erasing.forget(db, document.id)
    return replaced


def cut_anew(db: Any, document_id: str, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
    """Sets the passages of a current document anew."""
    key = db.execute("SELECT key FROM documents WHERE id = ? AND current", (document_id,)).fetchone()[0]
    _drop_passages(db, key)
    rowform.write_passages(db, key, passages, vectors)
    db.execute("INSERT INTO pending SELECT key, 1 FROM passages WHERE document = ?", (key,))


def retire(db: Any, key: int) -> None:
    """Takes a document out of search; its text stays as a version of the source."""
    _drop_passages(db, key)
    generations.forget(db, key)
    facts.forget(db, key)
    register.forget(db, key)
    copies.forget(db, key)
    listing.forget(db, key)
    db.execute("UPDATE documents SET current = FALSE WHERE key = ?", (key,))


def _drop_passages(db: Any, key: int) -> None:
    db.execute(f"INSERT INTO pending SELECT key, 0 FROM passages WHERE document = ? {AGAIN}", (key,))
    db.execute("DELETE FROM passages WHERE document = ?", (key,))


def erase(db: Any, header: Header, versions: Sequence[str]) -> Erasure:
    """Erases every version (ids) of a document's source, its words in kept conversations, and its limits; notes that."""
    keys = [row[0] for row in db.execute("SELECT key FROM documents WHERE source = ?", (header.source,))]
    gone = erasing.counted(db, header, versions, keys)
    turns = conversations.forget(db, set(gone.documents))
    for key in keys:
        retire(db, key)
        masks.note(db, key, ())
        db.execute("DELETE FROM documents WHERE key = ?", (key,))
    limits.forget(db, header.source)
    audit.forget(db, header.source, header.id)
    replays.forget(db, gone.documents)
    erasing.note(db, gone)
    return replace(gone, turns=turns)
