"""Documents that say nearly the same: reposts of one piece of news, minutes as PDF and as DOCX, a copy with another header.

Two documents are copies where at least `LEAST` of their runs of eight letters are in both (Jaccard). Which may be is looked
up, not compared one by one: a document's 64 MinHash values (Broder, 1997) are cut into 16 bands of four, and whoever has a
band in common is opened and compared. Of pairs that share 0.7 of their runs 99 in 100 have one, at 0.8 all but one in 10,000.
"""

import hashlib
from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectorstore import thai
from vectorstore.conversations import Rows
from vectorstore.packing import unpacked

TABLES = """\
CREATE TABLE bands (band INTEGER NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (band, document)) WITHOUT ROWID;
CREATE TABLE copies (one INTEGER NOT NULL, other INTEGER NOT NULL, share REAL NOT NULL,
  PRIMARY KEY (one, other)) WITHOUT ROWID"""
"""Of current documents alone; a pair of copies stands twice, each document first."""

LEAST = 0.7
"""Share of their runs that copies have in common."""
_LETTERS = 8
_BANDS, _ROWS = 16, 4
_WIDE = 64
"""So many of the newest documents of one band are looked at: a form that thousands fill in is no reason to open them all."""
_MOST = 4000
"""Of more documents than this all links are read: SQLite takes a limited number of values."""
_AT_ONCE = 4096
_DROPPED = np.isin(np.arange(1 << 16), [ord(sign) for sign in " \n\t\"'“”‘’-–—.,:;()[]{}|/*•·…"])
_U32 = np.uint32
_CHANCE = np.frombuffer(hashlib.shake_256(b"copies").digest(8 * _BANDS * _ROWS), "<u4").reshape(2, -1, 1)
"""Kept bands hang on it: the same in every process, and whatever numpy's random numbers become."""
_TIMES, _MIXED = _CHANCE[0] | _U32(1), _CHANCE[1]

Runs = NDArray[np.uint32]


def runs(text: str) -> Runs:
    """The runs of eight letters of `text` as hashes, uint32 (n,), sorted, each once; spaces and signs count for nothing."""
    points = np.frombuffer(thai.arabic_digits(text).encode("utf-32-le", "replace"), "<u4")
    points = points[~_DROPPED[np.minimum(points, len(_DROPPED) - 1)]]
    found = np.zeros(max(1, len(points) - _LETTERS + 1), _U32)
    for place in range(min(_LETTERS, len(points))):
        found *= _U32(0x01000193)
        found += points[place : place + len(found)]
    for shift, times in ((15, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):  # the end of MurmurHash3 (Appleby, 2011)
        found ^= found >> _U32(shift)
        found *= _U32(times)
    found.sort()  # np.unique puts them into a hash table first, which takes ten times as long
    new: NDArray[np.bool_] = np.append(True, found[1:] != found[:-1])
    return np.asarray(found[new], _U32)


def share(one: Runs, other: Runs) -> float:
    """The share of all their runs that are in both (Jaccard), 0 to 1."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


def bands(found: Runs) -> list[int]:
    """The bands of a document with these runs: 16 signed 64-bit numbers."""
    least = np.full(_BANDS * _ROWS, 0xFFFFFFFF, _U32)
    for start in range(0, len(found), _AT_ONCE):
        np.minimum(least, ((found[None, start : start + _AT_ONCE] * _TIMES) ^ _MIXED).min(axis=1), out=least)
    hashed = np.arange(_BANDS, dtype=np.uint64)
    for row in least.reshape(_BANDS, _ROWS).T:
        hashed = hashed * np.uint64(0x9E3779B97F4A7C15) + row
        hashed ^= hashed >> np.uint64(29)
    return [int(band) for band in hashed.view(np.int64)]


def write(db: Any, key: int, text: str) -> None:
    """Links a new document to those that say nearly the same, within the transaction that takes it in."""
    own = runs(text)
    found = bands(own)
    for other in _near(db, found):
        (blob,) = db.execute("SELECT text FROM documents WHERE key = ?", (other,)).fetchone()
        alike = share(own, runs(unpacked(blob)))
        if alike >= LEAST:
            db.executemany("INSERT INTO copies VALUES (?, ?, ?)", [(key, other, alike), (other, key, alike)])
    db.executemany("INSERT INTO bands VALUES (?, ?) ON CONFLICT DO NOTHING", [(band, key) for band in found])


def _near(db: Any, found: list[int]) -> list[int]:
    one = "SELECT document FROM (SELECT document FROM bands WHERE band = ? ORDER BY document DESC LIMIT ?) b"
    values = [value for band in found for value in (band, _WIDE)]
    near = db.execute(" UNION ALL ".join([one] * len(found)), values).fetchall()
    counted = np.unique(np.array(near, np.int64), return_counts=True)
    return [int(key) for key in counted[0][np.argsort(-counted[1], kind="stable")][:_WIDE]]


def forget(db: Any, key: int) -> None:
    """Drops a document's links, within a transaction in which its text is still there."""
    (blob,) = db.execute("SELECT text FROM documents WHERE key = ?", (key,)).fetchone()
    db.executemany("DELETE FROM bands WHERE band = ? AND document = ?", [(band, key) for band in bands(runs(unpacked(blob)))])
    others = db.execute("SELECT other FROM copies WHERE one = ?", (key,)).fetchall()
    db.executemany("DELETE FROM copies WHERE one = ? AND other = ?", [(other, key) for (other,) in others])
    db.execute("DELETE FROM copies WHERE one = ?", (key,))


def catch_up(db: Any) -> None:
    """Links all documents of an archive that had no links, within a transaction."""
    for (key,) in db.execute("SELECT key FROM documents WHERE current ORDER BY key").fetchall():
        write(db, key, unpacked(db.execute("SELECT text FROM documents WHERE key = ?", (key,)).fetchone()[0]))


class Copies:
    """Which documents of one archive say nearly the same."""

    def __init__(self, rows: Rows) -> None:
        """Copies over a record's way to read."""
        self._rows = rows

    def of(self, documents: Collection[str]) -> dict[str, list[str]]:
        """The ids of the copies of each of the current `documents` (ids), the most alike first; who has none is left out."""
        if len(documents) > _MOST:
            wanted = set(documents)
            return {one: others for one, others in self.all().items() if one in wanted}
        return self._found(f"AND a.id IN ({', '.join('?' * len(documents))})", *documents)

    def all(self) -> dict[str, list[str]]:
        """The same, of every document."""
        return self._found()

    def _found(self, some: str = "", *values: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        pairs = self._rows(
            "SELECT a.id, b.id FROM documents a JOIN copies c ON c.one = a.key JOIN documents b ON b.key = c.other "
            f"WHERE a.current {some} ORDER BY a.key, c.share DESC, b.key",
            values,
        )
        for one, other in pairs:
            found.setdefault(one, []).append(other)
        return found
