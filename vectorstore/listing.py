"""The list of documents, filtered, sorted and counted by SQL: of 60,000 documents a screen reads the headers that it shows."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from vectorstore import thai
from vectorstore.conversations import Rows
from vectorstore.packing import unpacked
from vectorstore.privacy import masked, masked_name
from vectorstore.rowform import HEADER
from vectorstore.types import Document, Filter, Header

TABLES = """\
CREATE TABLE listed (document INTEGER PRIMARY KEY, date TEXT, kind TEXT NOT NULL, title TEXT NOT NULL, draft BOOLEAN NOT NULL,
  ocr BOOLEAN NOT NULL, hidden BOOLEAN NOT NULL, folded TEXT NOT NULL);
CREATE INDEX listed_date ON listed (date DESC, title);
CREATE INDEX listed_title ON listed (title)"""
"""Of current documents alone: rows without texts, which are read through sooner. `title` is what titles are sorted by, `folded`
what is looked for in titles and sources; neither has personal data, whatever the record keeps."""

Caution = Literal["draft", "ocr", "hidden", "masked", "similar"]
"""What a reader is warned of: minutes not yet approved, words that a machine read off a picture, words that nobody sees in the
source, personal data, other documents that say nearly the same."""
CAUTIONS: tuple[Caution, ...] = get_args(Caution)
Order = Literal["date", "-date", "title", "-title", "kind", "-kind", "added", "-added"]
"""By what a list is sorted, upwards or (-) downwards; documents without a date come last either way."""
ORDERS: tuple[Order, ...] = get_args(Order)

_BY: dict[Order, str] = {
    "date": "l.date NULLS LAST, l.title, l.document",
    "-date": "l.date DESC NULLS LAST, l.title, l.document",
    "title": "l.title, l.document",
    "-title": "l.title DESC, l.document",
    "kind": "l.kind, l.title, l.document",
    "-kind": "l.kind DESC, l.title, l.document",
    "added": "l.document",
    "-added": "l.document DESC",
}
_HAS = {
    **{name: f"l.{name}" for name in ("draft", "ocr", "hidden")},
    "masked": "EXISTS (SELECT 1 FROM masks m WHERE m.document = l.document)",
    "similar": "EXISTS (SELECT 1 FROM copies c WHERE c.one = l.document)",
}
_AT_ONCE = 500
_SIGNS, _TONES = re.compile("^[^0-9a-zก-๎]+"), re.compile("[็-๎]")
_LEADING, _NUMBER = re.compile("([เ-ไ])([ก-ฮ])"), re.compile("[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which documents are listed; an empty field asks for nothing. `text` is words that title or source must have."""

    filter: Filter = field(default_factory=Filter)
    text: str = ""
    caution: Caution | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A document in a list: its header, when it was added (UTC, ISO 8601), and what a reader is warned of."""

    header: Header
    added_at: str
    cautions: tuple[Caution, ...]


class Listing:
    """The current documents of one archive, as a list shows them."""

    def __init__(self, rows: Rows, read: Callable[[Sequence[object]], dict[str, Any]]) -> None:
        """The list over a record's way to read, and its way to `read` the columns of a header."""
        self._rows = rows
        self._read = read

    def find(
        self, wanted: Wanted | None = None, order: Order = "-date", *, limit: int = -1, offset: int = 0
    ) -> tuple[int, list[Listed]]:
        """(how many there are, those from `offset` on, `limit` at most)."""
        where, values = _where(wanted or Wanted())
        total = self._rows(f"SELECT count(*) FROM listed l WHERE {where}", values)[0][0]
        return int(total), list(self._page(self._keys(wanted or Wanted(), order, limit, offset)))

    def all(self, wanted: Wanted | None = None, order: Order = "-date") -> Iterator[Listed]:
        """Every one of them, some hundred at a time; what is removed meanwhile is left out."""
        keys = self._keys(wanted or Wanted(), order, -1, 0)
        for first in range(0, len(keys), _AT_ONCE):
            yield from self._page(keys[first : first + _AT_ONCE])

    def headers(self, ids: Collection[str]) -> list[Header]:
        """Those of the current documents among `ids`, in their order."""
        query = f"SELECT {HEADER} FROM documents d WHERE d.current AND d.id IN ({', '.join('?' * len(ids))})"
        found = {header.id: header for header in (Header(**self._read(row)) for row in self._rows(query, list(ids)))}
        return [found[name] for name in ids if name in found]

    def values(self, name: str, *, resolved: bool = False) -> dict[str, int]:
        """How many documents have each value of a fact, by value; with `resolved` only documents that record resolutions."""
        some = "(SELECT DISTINCT document FROM resolutions) r CROSS JOIN facts f ON f.document = r.document"
        query = f"SELECT f.value, count(*) FROM {some if resolved else 'facts f'} WHERE f.name = ? GROUP BY f.value"
        return dict(self._rows(query, (name,)))

    def last_added(self) -> str | None:
        """When the last document was added (UTC, ISO 8601); None where there is none."""
        rows = self._rows("SELECT added_at FROM documents ORDER BY key DESC LIMIT 1", ())
        return str(rows[0][0]) if rows else None

    def _keys(self, wanted: Wanted, order: Order, limit: int, offset: int) -> list[int]:
        where, values = _where(wanted)
        query = f"SELECT l.document FROM listed l WHERE {where} ORDER BY {_BY[order]}"
        return [row[0] for row in self._rows(f"{query} LIMIT ? OFFSET ?", [*values, limit, offset])]

    def _page(self, keys: Sequence[int]) -> Iterator[Listed]:
        has = ", ".join(_HAS.values())
        query = f"SELECT d.key, d.added_at, {has}, {HEADER} FROM documents d JOIN listed l ON l.document = d.key WHERE d.key IN"
        rows = {row[0]: row[1:] for row in self._rows(f"{query} ({', '.join('?' * len(keys))})", list(keys))}
        for added_at, *columns in (rows[key] for key in keys if key in rows):
            flags, header = columns[: len(_HAS)], columns[len(_HAS) :]
            cautions = tuple(name for name, flag in zip(CAUTIONS, flags, strict=True) if flag)
            yield Listed(header=Header(**self._read(header)), added_at=added_at, cautions=cautions)


def write(db: Any, key: int, document: Document) -> None:
    """Lists a new document, within the transaction that takes it in."""
    doubts = {block.doubt for block in document.blocks}
    draft = document.status == "draft"
    row = (key, document.date, document.kind, *_words(document), draft, "ocr" in doubts, "hidden" in doubts)
    db.execute(_ROW, row)


_ROW = "INSERT INTO listed (document, date, kind, title, folded, draft, ocr, hidden) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def forget(db: Any, key: int) -> None:
    """Takes a document off the list, within a transaction."""
    db.execute("DELETE FROM listed WHERE document = ?", (key,))


def retitle(db: Any, key: int, document: Header) -> None:
    """Sets anew what is looked for of a document on the list whose names have changed, within a transaction."""
    db.execute("UPDATE listed SET title = ?, folded = ? WHERE document = ?", (*_words(document), key))


def catch_up(db: Any) -> None:
    """Lists all documents of an archive that had no list, within a transaction."""
    query = "SELECT id, source, title, date, kind, status, blocks FROM documents WHERE key = ?"
    for (key,) in db.execute("SELECT key FROM documents WHERE current").fetchall():
        name, source, title, date, kind, status, blocks = db.execute(query, (key,)).fetchone()
        kept = unpacked(blocks)
        doubts = [f',"{doubt}"]' in kept for doubt in ("ocr", "hidden")]  # within a string the marks would be escaped
        words = _words(Header(id=name, source=source, title=title))
        db.execute(_ROW, (key, date, kind, *words, status == "draft", *doubts))


def _words(document: Header) -> tuple[str, str]:
    """(what the title is sorted by, the letters of title and source)."""
    title = thai.fold(masked(document.title))
    return _sorted_by(title), f"{title}\n{thai.fold(masked_name(document.source))}"


def _sorted_by(folded: str) -> str:
    """What sorts as a Thai dictionary does, nearly: a consonant before the vowel that is written before it, no tone marks.

    Signs at the beginning count for nothing, and numbers for what they are: the tenth meeting comes after the second.
    """
    letters = _LEADING.sub(r"\2\1", _TONES.sub("", _SIGNS.sub("", folded)))
    return _NUMBER.sub(lambda number: number[0].zfill(8), letters)


def _where(wanted: Wanted) -> tuple[str, list[str]]:
    parts, values = ["TRUE"], list[str]()
    for name, some in wanted.filter.facts.items():
        if some:
            marks = ", ".join("?" * len(some))
            parts.append(f"l.document IN (SELECT document FROM facts WHERE name = ? AND value IN ({marks}))")
            values += [name, *map(str, some)]
    if documents := [name.encode(errors="ignore").decode() for name in wanted.filter.documents]:
        one = f"SELECT key FROM documents WHERE current AND {{}} IN ({', '.join('?' * len(documents))})"
        parts.append(f"l.document IN ({one.format('id')} UNION {one.format('source')})")
        values += [*documents, *documents]
    for word in map(thai.fold, wanted.text.split()):
        parts.append("instr(l.folded, ?) > 0")
        values.append(word.encode(errors="ignore").decode())
    if wanted.caution:
        parts.append(_HAS[wanted.caution])
    return " AND ".join(parts), values
