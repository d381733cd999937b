"""What an archive holds, in numbers: its documents by kind, month, province and organisation, without reading a text."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vectorstore import rowform
from vectorstore.conversations import Rows
from vectorstore.rowform import HEADER
from vectorstore.types import DOCUMENT_KINDS, Header

if TYPE_CHECKING:
    from vectorstore.record import Record

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which documents are looked at; None asks for nothing. `year` is Gregorian, `month` 1 to 12 and only beside a year."""

    province: str | None = None
    year: int | None = None
    month: int | None = None
    kind: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Holdings:
    """The documents that an archive showed at one moment, a row each: `keys`, int64 (n,), ascending.

    `years` are those of their dates, int64 (n,), 0 where there is none, `months` 1 to 12 or 0; `kinds` are places in
    DOCUMENT_KINDS; `resolved` tells which record resolutions. The others give the rows (int64, ascending) that have a
    province, name an organisation, or explain an abbreviation ("short = full").
    """

    keys: Numbers
    titles: tuple[str, ...]
    years: Numbers
    months: Numbers
    kinds: Numbers
    resolved: Mask
    provinces: Mapping[str, Numbers]
    organisations: Mapping[str, Numbers]
    abbreviations: Mapping[str, Numbers]

    def chosen(self, choice: Choice, *, leave: Collection[str] = ()) -> Mask:
        """Which rows `choice` admits, bool (n,); what it says of the fields named in `leave` is not asked."""
        found = np.ones(len(self.keys), bool)
        for name, rows in (("province", self.provinces), ("organisation", self.organisations)):
            value = getattr(choice, name)
            if value is not None and name not in leave:
                found &= self._having(rows, value)
        for name, values in (("year", self.years), ("month", self.months)):
            number = getattr(choice, name)
            if number is not None and name not in leave:
                found &= values == number
        if choice.kind is not None and "kind" not in leave:
            found &= self.kinds == DOCUMENT_KINDS.index(choice.kind) if choice.kind in DOCUMENT_KINDS else False
        return found

    def _having(self, rows: Mapping[str, Numbers], value: str) -> Mask:
        found = np.zeros(len(self.keys), bool)
        found[rows.get(value, np.zeros(0, np.int64))] = True
        return found

    def newest(self, found: Mask) -> Numbers:
        """The rows of `found`, the latest month first, those without a date last."""
        rows = np.flatnonzero(found)
        return rows[np.lexsort((-self.keys[rows], -self.months[rows], -self.years[rows]))]


class Overview:
    """The overview of one record, or of the part of it that somebody may see."""

    def __init__(self, rows: Rows, said: Callable[[str], str], admits: str = "d.current") -> None:
        """Over a record's way to read and to show text; `admits` is the SQL that a row of `documents d` must satisfy."""
        self._rows = rows
        self._said = said
        self._admits = admits

    def state(self) -> str:
        """A name for what can be seen now: another one after every change of documents or of what is known of them."""
        keys = np.sort(np.array(self._rows(f"SELECT d.key FROM documents d WHERE {self._admits}", ()), np.int64), axis=None)
        known = self._rows("SELECT (SELECT count(*) FROM facts), (SELECT count(*) FROM resolutions)", ())[0]
        return blake2b(keys.tobytes() + repr(known).encode(), digest_size=16).hexdigest()

    def holdings(self) -> Holdings:
        """What can be seen now, by four queries."""
        rows = self._rows(f"SELECT d.key, d.date, d.kind, d.title FROM documents d WHERE {self._admits} ORDER BY d.key", ())
        keys = np.array([row[0] for row in rows], np.int64)
        dates = [row[1] or "" for row in rows]
        place = {kind: number for number, kind in enumerate(DOCUMENT_KINDS)}
        resolved = np.array(self._rows("SELECT DISTINCT document FROM resolutions", ()), np.int64).reshape(-1)
        organisations, abbreviations = self._facts("organisation", keys), self._facts("abbreviation", keys)
        return Holdings(
            keys=keys,
            titles=tuple(self._said(row[3]) for row in rows),
            years=np.array([int(date[:4] or 0) for date in dates], np.int64),
            months=np.array([int(date[5:7] or 0) for date in dates], np.int64),
            kinds=np.array([place[row[2]] for row in rows], np.int64),
            resolved=np.isin(keys, resolved),
            provinces=self._facts("province", keys),
            organisations=_named(organisations, abbreviations),
            abbreviations=abbreviations,
        )

    def _facts(self, name: str, keys: Numbers) -> dict[str, Numbers]:
        """Value -> the rows of the documents that have this fact."""
        found: dict[str, list[int]] = {}
        for value, document in self._rows("SELECT value, document FROM facts WHERE name = ? ORDER BY value, document", (name,)):
            found.setdefault(value, []).append(document)
        kept = {self._said(value): _places(keys, np.array(some, np.int64)) for value, some in found.items()}
        return {value: rows for value, rows in kept.items() if len(rows)}

    def headers(self, keys: Iterable[int]) -> list[Header]:
        """The documents with these keys, in their order; those that are gone, or not to be seen, are left out."""
        wanted = [int(key) for key in keys]
        marks = ", ".join("?" * len(wanted))
        query = f"SELECT d.key, {HEADER} FROM documents d WHERE {self._admits} AND d.key IN ({marks})"
        found = {row[0]: self._header(row[1:]) for row in self._rows(query, wanted)}
        return [found[key] for key in wanted if key in found]

    def _header(self, row: Sequence[object]) -> Header:
        fields = rowform.header(row)
        return Header(**fields | {"title": self._said(fields["title"])})


class Overviewed:
    """A store whose overview is always that of the record that it reads now: of what it shows, and no more."""

    _record: "Record"

    @property
    def overview(self) -> Overview:
        """What it holds, in numbers."""
        return self._record.overview


def _places(keys: Numbers, some: Numbers) -> Numbers:
    """Where those of `some` that are among `keys` stand there; both ascending."""
    at = np.searchsorted(keys, some)
    inside = at < len(keys)
    found: Numbers = at[inside][keys[at[inside]] == some[inside]]
    return found


def _named(organisations: Mapping[str, Numbers], abbreviations: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Organisations with those that only an abbreviation's explanation names."""
    found: dict[str, list[Numbers]] = {name: [rows] for name, rows in organisations.items()}
    for value, rows in abbreviations.items():
        found.setdefault(value.partition(" = ")[2], []).append(rows)
    return {name: reduce(np.union1d, some) for name, some in found.items()}
