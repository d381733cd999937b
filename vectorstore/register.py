"""The register of resolutions: a row for each that the archive's documents record, in the record itself."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, get_args

from vectorstore import facts, thai
from vectorstore.conversations import Rows, Transaction
from vectorstore.pending import AGAIN
from vectorstore.privacy import masked
from vectorstore.rowform import dumps
from vectorstore.types import Document, Filter, Resolution

TABLES = """\
CREATE TABLE resolutions (document INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, page INTEGER,
  date TEXT, place TEXT, section TEXT NOT NULL, decision TEXT NOT NULL, assigned TEXT NOT NULL, due TEXT, due_said TEXT,
  words TEXT NOT NULL, folded TEXT NOT NULL, PRIMARY KEY (document, first)) WITHOUT ROWID;
CREATE TABLE undescribed (document INTEGER PRIMARY KEY)"""
"""`undescribed` are documents of an earlier schema, in which facts and resolutions are still to be looked for."""

_COLUMNS = (
    "d.id, d.source, d.title, r.first, r.last, r.page, r.date, r.place, r.section, r.decision, r.assigned, r.due, r.due_said"
)

Due = Literal["overdue", "soon", "later", "none"]
"""How a resolution stands on a day: its last day is past; is that day or one of the next `SOON_DAYS`; is later than these; or
no calendar tells it."""
DUES: tuple[Due, ...] = get_args(Due)
SOON_DAYS = 30
Order = Literal["-date", "date", "due", "-due", "meeting", "-meeting"]
"""By what the register is sorted, upwards or (-) downwards: the day of the meeting, the last day, the meeting's name. Where a
day is not known it comes last either way."""
ORDERS: tuple[Order, ...] = get_args(Order)
_BY = {"date": "r.date", "due": "r.due", "meeting": "l.title"}


def due_of(day: str | None, today: str) -> Due:
    """How a resolution whose last `day` this is stands `today`; both ISO."""
    if day is None:
        return "none"
    return "overdue" if day < today else "soon" if day <= _soon(today) else "later"


def _due(asked: Due, today: str) -> tuple[str, list[str]]:
    """(what SQL asks of `r.due`, its values)."""
    if asked == "none":
        return "AND r.due IS NULL", []
    if asked == "soon":
        return "AND r.due BETWEEN ? AND ?", [today, _soon(today)]
    return ("AND r.due < ?", [today]) if asked == "overdue" else ("AND r.due > ?", [_soon(today)])


def _soon(today: str) -> str:
    return (date.fromisoformat(today) + timedelta(SOON_DAYS)).isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which resolutions are wanted; an empty field asks for nothing.

    `text` is words that decision, agenda item or those who carry it out must have; `due_before` an ISO day: those to be done
    earlier, among those whose day is known; `due` those that stand so on the ISO day `today`.
    """

    wanted: Filter = field(default_factory=Filter)
    text: str = ""
    due_before: str = ""
    due: Due | None = None
    today: str = ""


class Register:
    """The resolutions of the current documents of one archive."""

    def __init__(self, transaction: Transaction, rows: Rows, *, hides: bool = False) -> None:
        """The register over a record's ways to write and to read; `hides`: personal data is masked as it is read."""
        self._transaction = transaction
        self._rows = rows
        self._hides = hides

    def find(
        self, sought: Sought | None = None, order: Order = "-date", *, limit: int = -1, offset: int = 0
    ) -> tuple[int, list[Resolution]]:
        """(how many there are, those from `offset` on, `limit` at most): the newest meeting first, each in its own order."""
        where, values = _where(sought or Sought())
        source = (
            f"FROM resolutions r JOIN documents d ON d.key = r.document JOIN listed l ON l.document = d.key WHERE TRUE {where}"
        )
        by = f"{_BY[order.lstrip('-')]} {'DESC' if order.startswith('-') else 'ASC'} NULLS LAST"
        end = f"ORDER BY {by}, r.date DESC NULLS LAST, l.title, d.key, r.first LIMIT ? OFFSET ?"
        total = self._rows(f"SELECT count(*) {source}", values)[0][0]
        rows = self._rows(f"SELECT {_COLUMNS} {source} {end}", [*values, limit, offset])
        return int(total), [self._read(row) for row in rows]

    def of(self, key: int) -> tuple[Resolution, ...]:
        """Those of one document, by its key."""
        source = "FROM resolutions r JOIN documents d ON d.key = r.document WHERE r.document = ? ORDER BY r.first"
        return tuple(map(self._read, self._rows(f"SELECT {_COLUMNS} {source}", (key,))))

    def _read(self, row: tuple[Any, ...]) -> Resolution:
        found = _resolution(row)
        return _hidden(found) if self._hides else found

    def undescribed(self, limit: int = -1) -> list[str]:
        """Ids of documents of an earlier schema whose facts and resolutions are still to be looked for."""
        one = "SELECT d.id FROM undescribed u JOIN documents d ON d.key = u.document WHERE d.current LIMIT ?"
        return [row[0] for row in self._rows(one, (limit,))]

    def describe(self, documents: Iterable[Document]) -> int:
        """Sets anew what is known of current documents beside their texts and passages.

        Returns:
            How many passages the indexes have to take in again: those of documents that a search may ask for otherwise now.
        """
        passages = 0
        with self._transaction() as db:
            for document in documents:
                key = db.execute("SELECT key FROM documents WHERE id = ? AND current", (document.id,)).fetchone()[0]
                found = (*(dumps(some) for some in (document.provinces, document.organisations, document.districts)), key)
                db.execute("UPDATE documents SET provinces = ?, organisations = ?, districts = ? WHERE key = ?", found)
                if facts.write(db, key, document):
                    one = f"INSERT INTO pending SELECT key, 1 FROM passages WHERE document = ? {AGAIN}"
                    passages += db.execute(one, (key,)).rowcount
                write(db, key, document)
                db.execute("DELETE FROM undescribed WHERE document = ?", (key,))
        return passages


def write(db: Any, key: int, document: Document) -> None:
    """Sets the resolutions of a document, within a transaction."""
    db.execute("DELETE FROM resolutions WHERE document = ?", (key,))
    db.executemany(
        f"INSERT INTO resolutions VALUES ({', '.join('?' * 13)}) ON CONFLICT DO NOTHING",
        [
            (
                *(key, row.start, row.end, row.page, row.date, row.place),
                *(dumps(row.section), row.decision, dumps(row.assigned), row.due, row.due_said),
                *_searched(row),
            )
            for row in document.resolutions
        ],
    )


def forget(db: Any, key: int) -> None:
    """Drops the resolutions of a document, within a transaction."""
    db.execute("DELETE FROM resolutions WHERE document = ?", (key,))
    db.execute("DELETE FROM undescribed WHERE document = ?", (key,))


def describe_again(db: Any, key: int) -> None:
    """Drops the resolutions of a document whose text has changed, to be looked for again, within a transaction."""
    db.execute("DELETE FROM resolutions WHERE document = ?", (key,))
    db.execute("INSERT INTO undescribed SELECT key FROM documents WHERE key = ? AND current ON CONFLICT DO NOTHING", (key,))


def _hidden(row: Resolution) -> Resolution:
    section, assigned = (tuple(map(masked, some)) for some in (row.section, row.assigned))
    place = masked(row.place) if row.place else row.place
    return replace(
        row, meeting=masked(row.meeting), decision=masked(row.decision), section=section, assigned=assigned, place=place
    )


def _searched(row: Resolution) -> tuple[str, str]:
    """(words between spaces, all letters in one): a word is also found as a part of a longer one."""
    text = "\n".join((row.decision, *row.section, *row.assigned))
    return f" {' '.join(thai.terms(text))} ", thai.fold(text)


def _where(sought: Sought) -> tuple[str, list[str]]:
    parts: list[str] = []
    values: list[str] = []
    for name, some in sought.wanted.facts.items():
        if some:
            marks = ", ".join("?" * len(some))
            parts.append(f"AND r.document IN (SELECT document FROM facts WHERE name = ? AND value IN ({marks}))")
            values += [name, *map(str, some)]
    if documents := [name.encode(errors="ignore").decode() for name in sought.wanted.documents]:
        marks = ", ".join("?" * len(documents))
        parts.append(f"AND (d.id IN ({marks}) OR d.source IN ({marks}))")
        values += [*documents, *documents]
    if sought.due_before:
        parts.append("AND r.due < ?")
        values.append(sought.due_before)
    if sought.due:
        part, days = _due(sought.due, sought.today)
        parts.append(part)
        values += days
    for word in _asked(sought.text):
        parts.append("AND (instr(r.words, ?) > 0 OR instr(r.folded, ?) > 0)")
        values += [f" {word} ", thai.fold(word)]
    return " ".join(parts), values


def _asked(text: str) -> list[str]:
    """The words of `text` that say something; all of them where none does."""
    words = list(dict.fromkeys(thai.terms(text)))
    return [word for word in words if word not in thai.stopwords()] or words


def _resolution(row: tuple[Any, ...]) -> Resolution:
    name, source, title, first, last, page, date, place, section, decision, assigned, due, due_said = row
    return Resolution(
        document_id=name,
        source=source,
        meeting=title,
        date=date,
        place=place,
        section=tuple(json.loads(section)),
        decision=decision,
        assigned=tuple(json.loads(assigned)),
        due=due,
        due_said=due_said,
        page=page,
        start=first,
        end=last,
    )
