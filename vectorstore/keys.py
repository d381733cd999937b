"""API keys: what programs show in place of a password. Shown once; known here by their SHA-256 alone.

A key is tk_, six characters by which people tell it from others, a secret of 32, and six of a checksum, by which a slip is told
before anything is looked up and a scanner of leaked secrets tells it from other words.
"""

import contextlib
import hashlib
import hmac
import json
import re
import secrets
import string
import time
import zlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from vectorstore.accounts import Role, account_name, moment
from vectorstore.conversations import Rows, Transaction
from vectorstore.errors import AccountRefused, StoreUnusable, UnknownAccount
from vectorstore.limits import group_names
from vectorstore.rowform import dumps

TABLES = """\
CREATE TABLE api_keys (prefix TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('reader', 'editor', 'administrator')), groups TEXT NOT NULL,
  made_at INTEGER NOT NULL, until INTEGER, revoked_at INTEGER, used_at INTEGER) WITHOUT ROWID"""

SCOPES_TABLES = """
ALTER TABLE api_keys ADD COLUMN scopes TEXT
"""
"""JSON; null of a key that may do all that its role may, as those of earlier schemas."""

Scope = Literal["ask", "read", "write", "admin", "metrics"]
SCOPES: tuple[Scope, ...] = ("ask", "read", "write", "admin", "metrics")
"""What a key may be narrowed to: to ask and search, read documents, add and remove them, look after all, read the figures."""
MOST = 2
"""Keys of one name that are good at a time: the old one and the new one while a program changes over."""
LONGEST_DAYS = 3650
_LETTERS = string.ascii_letters + string.digits
_PREFIX, _SECRET, _CHECK = 6, 32, 6
_FORM = re.compile(f"tk_([A-Za-z0-9]{{{_PREFIX}}})_([A-Za-z0-9]{{{_SECRET + _CHECK}}})")
_NOTED_S = 60
"""How often, in seconds, the last use of a key is written down at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key without its secret: `prefix` is how it begins behind tk_. Times are UTC, ISO 8601; `until` None: for good.

    `scopes` are what it is narrowed to, in the order of `SCOPES`; None: it may do all that its role may.
    """

    prefix: str
    name: str
    role: Role
    groups: tuple[str, ...]
    scopes: tuple[Scope, ...] | None
    made_at: str
    until: str | None
    revoked: bool
    expired: bool
    used_at: str | None


class Keys:
    """The API keys of one archive."""

    def __init__(self, transaction: Transaction, rows: Rows, *, clock: Callable[[], float] = time.time) -> None:
        """Keys over a record's ways to write and to read; `clock` gives seconds since 1970."""
        self._transaction = transaction
        self._rows = rows
        self._clock = clock

    def add(
        self,
        name: str,
        role: Role,
        groups: Iterable[str] = (),
        *,
        days: int | None = None,
        scopes: Collection[str] | None = None,
    ) -> str:
        """A new key, in full: it cannot be read again. Good for so many days, or for good; narrowed to `scopes`, or not.

        Raises:
            AccountRefused: the name is none, the days or scopes are none, or two keys of this name are good already.
        """
        name, now = account_name(name), int(self._clock())
        if days is not None and not 1 <= days <= LONGEST_DAYS:
            raise AccountRefused(f"อายุกุญแจต้องเป็น 1 ถึง {LONGEST_DAYS:,} วัน ไม่ใช่ {days}")
        head = f"tk_{_drawn(_PREFIX)}_{_drawn(_SECRET)}"
        whole = head + _checksum(head)
        until = None if days is None else now + days * 86_400
        row = (_prefix(whole), name, _hashed(whole), role, dumps(group_names(groups)), now, until, _narrowed(scopes))
        good = "SELECT count(*) FROM api_keys WHERE name = ? AND revoked_at IS NULL AND (until IS NULL OR until > ?)"
        with self._transaction() as db:
            if db.execute(good, (name, now)).fetchone()[0] >= MOST:
                raise AccountRefused(f"กุญแจชื่อ {name} ใช้ได้อยู่ {MOST} ดอกแล้ว เพิกถอนดอกเก่าก่อน")
            columns = "prefix, name, hash, role, groups, made_at, until, scopes"
            db.execute(f"INSERT INTO api_keys ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return whole

    def all(self) -> list[Key]:
        """All keys by name, the newest of each first."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM api_keys ORDER BY name, made_at DESC, prefix", ())
        return [self._key(row) for row in rows]

    def find(self, prefix: str) -> Key:
        """The key that begins so.

        Raises:
            UnknownAccount: there is none.
        """
        prefix = prefix.removeprefix("tk_").split("_")[0]
        rows = self._rows(f"SELECT {_COLUMNS} FROM api_keys WHERE prefix = ?", (prefix,))
        if not rows:
            raise UnknownAccount(f"ไม่มีกุญแจที่ขึ้นต้นด้วย tk_{prefix} ดูรายการด้วยคำสั่ง thamkhlang key list")
        return self._key(rows[0])

    def revoke(self, prefix: str) -> Key:
        """Makes a key good for nothing.

        Raises:
            UnknownAccount: there is no such key.
        """
        key = self.find(prefix)
        with self._transaction() as db:
            change = "UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?) WHERE prefix = ?"
            db.execute(change, (int(self._clock()), key.prefix))
        return self.find(key.prefix)

    def of(self, whole: str) -> Key | None:
        """Which key this is; None where it is none, or revoked. One whose time is over is told as `expired`.

        The same is done for whatever is sent, so that the time it takes tells nothing: one row is looked up, one hash made
        and one compared. Only the use of a key that is good is written down.
        """
        has_form = is_key(whole)
        rows = self._rows(f"SELECT {_COLUMNS}, hash FROM api_keys WHERE prefix = ?", (_prefix(whole) if has_form else "",))
        *row, kept = rows[0] if rows else (*_NO_ROW, _NO_HASH)
        fits = hmac.compare_digest(str(kept), _hashed(whole))
        key = self._key(tuple(row))
        if not (has_form and rows and fits) or key.revoked:
            return None
        if not key.expired:
            self._used(key.prefix)
        return key

    def _used(self, prefix: str) -> None:
        now = int(self._clock())
        late = (prefix, now - _NOTED_S)
        if self._rows("SELECT 1 FROM api_keys WHERE prefix = ? AND (used_at IS NULL OR used_at <= ?)", late):
            with contextlib.suppress(StoreUnusable), self._transaction() as db:  # a full disk keeps nobody from asking
                db.execute("UPDATE api_keys SET used_at = ? WHERE prefix = ?", (now, prefix))

    def _key(self, row: tuple[Any, ...]) -> Key:
        prefix, name, role, groups, scopes, made_at, until, revoked_at, used_at = row
        return Key(
            prefix=prefix,
            name=name,
            role=role,
            groups=tuple(json.loads(groups)),
            scopes=None if scopes is None else tuple(json.loads(scopes)),
            made_at=moment(made_at),
            until=None if until is None else moment(until),
            revoked=revoked_at is not None,
            expired=until is not None and until <= self._clock(),
            used_at=None if used_at is None else moment(used_at),
        )


_COLUMNS = "prefix, name, role, groups, scopes, made_at, until, revoked_at, used_at"
_NO_ROW = ("", "", "reader", "[]", None, 0, None, None, None)
_NO_HASH = "0" * 64
"""What a key that is none is compared with."""


def _narrowed(scopes: Collection[str] | None) -> str | None:
    """Scopes as they are kept.

    Raises:
        AccountRefused: there are none, or one that there is not.
    """
    if scopes is None:
        return None
    if not scopes or set(scopes) - set(SCOPES):
        raise AccountRefused(f"ขอบเขตของกุญแจต้องเป็นอย่างน้อยหนึ่งใน {' '.join(SCOPES)} หรือไม่ระบุเลย (ทำได้เท่าสิทธิ์)")
    return dumps([scope for scope in SCOPES if scope in scopes])


def is_key(said: str) -> bool:
    """Whether this has the form of a key and its checksum is right."""
    return bool(_FORM.fullmatch(said)) and hmac.compare_digest(said[-_CHECK:], _checksum(said[:-_CHECK]))


def _checksum(head: str) -> str:
    """The CRC-32 of a key's head in six characters."""
    number = zlib.crc32(head.encode())
    letters = ""
    for _ in range(_CHECK):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters


def _drawn(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def _prefix(whole: str) -> str:
    return whole.split("_")[1]


def _hashed(whole: str) -> str:
    return hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest()
