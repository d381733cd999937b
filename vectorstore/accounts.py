"""Who may use an archive: accounts with their roles and groups, their sessions, and attempts to log in that failed.

A password is known by its hash alone, which others make and check; a session's token by its SHA-256. Times are kept as whole
seconds since 1970 where something ends by them, and shown as UTC, ISO 8601.
"""

import hashlib
import json
import math
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from vectorstore import replays
from vectorstore.conversations import Rows, Transaction
from vectorstore.errors import AccountRefused, UnknownAccount
from vectorstore.limits import group_names
from vectorstore.rowform import dumps

TABLES = """\
CREATE TABLE accounts (name TEXT PRIMARY KEY, hash TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('reader', 'editor', 'administrator')), groups TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0, made_at INTEGER NOT NULL, login_at INTEGER) WITHOUT ROWID;
CREATE TABLE sessions (token TEXT PRIMARY KEY, account TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX sessions_account ON sessions (account);
CREATE TABLE attempts (who TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX attempts_who ON attempts (who, at)"""
"""`attempts.who` is a SHA-256: of what was typed for a name (it may be a password in the wrong box), of an address, of both."""

Role = Literal["reader", "editor", "administrator"]
ROLES: tuple[Role, ...] = ("reader", "editor", "administrator")
"""Each may do what those before it may: ask and read; add, replace and remove documents; everything else."""
LONGEST = 40
"""Characters of a name."""
WINDOW_S = 900
"""Seconds for which a failed attempt counts."""
MOST_BY_NAME, MOST_BY_ADDRESS, MOST_ANYWHERE = 8, 40, 100
"""So many failed attempts are taken in a window: for one name from one address, for all names from one address, for one
name from all addresses. Who guesses is kept out sooner than whoever is called so and comes from elsewhere."""

_FORBIDDEN = frozenset(" :/\\,;<>\"'")
_REMOVED = "removed:"
"""Whose conversations are that were of an account that was removed: no account or key is called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account without its hash; `login_at` is None before its first login."""

    name: str
    role: Role
    groups: tuple[str, ...]
    disabled: bool
    made_at: str
    login_at: str | None


class Accounts:
    """The accounts of one archive."""

    def __init__(self, transaction: Transaction, rows: Rows, *, clock: Callable[[], float] = time.time) -> None:
        """Accounts over a record's ways to write and to read; `clock` gives seconds since 1970."""
        self._transaction = transaction
        self._rows = rows
        self._clock = clock

    # Accounts

    def add(self, name: str, hashed: str, role: Role, groups: Iterable[str] = ()) -> Account:
        """Makes an account, whose password has this hash.

        Raises:
            AccountRefused: the name is taken, or none that an account can have.
        """
        name = account_name(name)
        row = (name, hashed, role, dumps(group_names(groups)), int(self._clock()))
        with self._transaction() as db:
            if db.execute("SELECT 1 FROM accounts WHERE name = ?", (name,)).fetchone():
                raise AccountRefused(f"มีบัญชี {name} อยู่แล้ว เลือกชื่ออื่น หรือเปลี่ยนรหัสผ่านของบัญชีนี้")
            db.execute("INSERT INTO accounts (name, hash, role, groups, made_at) VALUES (?, ?, ?, ?, ?)", row)
        return self.find(name)

    def all(self) -> list[Account]:
        """All accounts, by name."""
        return [_account(row) for row in self._rows(f"SELECT {_COLUMNS} FROM accounts a ORDER BY name", ())]

    def find(self, name: str) -> Account:
        """The account of this name.

        Raises:
            UnknownAccount: there is none.
        """
        rows = self._rows(f"SELECT {_COLUMNS} FROM accounts a WHERE name = ?", (_plain(name),))
        if not rows:
            raise UnknownAccount(f"ไม่มีบัญชี {name!r} ดูรายชื่อด้วยคำสั่ง thamkhlang account list")
        return _account(rows[0])

    def hash_of(self, name: str) -> str | None:
        """The hash of the password of an account that may log in; None where there is no such."""
        rows = self._rows("SELECT hash FROM accounts WHERE name = ? AND disabled = 0", (_plain(name),))
        return str(rows[0][0]) if rows else None

    def has_administrator(self) -> bool:
        """Whether an administrator can log in."""
        return bool(self._rows("SELECT 1 FROM accounts WHERE role = 'administrator' AND disabled = 0 LIMIT 1", ()))

    def set_hash(self, name: str, hashed: str, *, keep_sessions: bool = False) -> None:
        """Sets the hash of a password; whoever is logged in is no longer, unless only the way of hashing has changed.

        Raises:
            UnknownAccount: there is no such account.
        """
        self._change(name, "hash = ?", hashed, ends_sessions=not keep_sessions)

    def set_role(self, name: str, role: Role) -> None:
        """Gives an account a role.

        Raises:
            UnknownAccount: there is no such account.
            AccountRefused: no administrator would be left.
        """
        self._change(name, "role = ?", role)

    def set_groups(self, name: str, groups: Iterable[str]) -> None:
        """Puts an account into these groups and no others.

        Raises:
            UnknownAccount: there is no such account.
            AccountRefused: see `group_names`.
        """
        self._change(name, "groups = ?", dumps(group_names(groups)))

    def disable(self, name: str, *, disabled: bool = True) -> None:
        """Keeps an account from logging in, or no longer; its sessions end.

        Raises:
            UnknownAccount, AccountRefused: see `set_role`.
        """
        self._change(name, "disabled = ?", int(disabled), ends_sessions=True)

    def remove(self, name: str) -> None:
        """Removes an account with its sessions; what it asked is nobody's then, also where another is called the same later.

        Raises:
            UnknownAccount, AccountRefused: see `set_role`.
        """
        account = self.find(name).name
        with self._transaction() as db:
            db.execute("DELETE FROM accounts WHERE name = ?", (account,))
            db.execute("DELETE FROM sessions WHERE account = ?", (account,))
            db.execute("UPDATE conversations SET owner = ? WHERE owner = ?", (_REMOVED, account))
            replays.forget_all(db)  # whose they are cannot be told
            _check_administrator(db)

    def _change(self, name: str, change: str, value: object, *, ends_sessions: bool = False) -> None:
        account = self.find(name).name
        with self._transaction() as db:
            (had,) = db.execute(_ADMINISTRATORS).fetchone()
            db.execute(f"UPDATE accounts SET {change} WHERE name = ?", (value, account))
            if ends_sessions:
                db.execute("DELETE FROM sessions WHERE account = ?", (account,))
            if had:
                _check_administrator(db)

    # Sessions

    def begin(self, name: str, hours: float) -> str:
        """Logs an account in for so many hours: the token of the session, of which only the SHA-256 is kept."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._transaction() as db:
            db.execute("DELETE FROM sessions WHERE until <= ?", (now,))
            db.execute("INSERT INTO sessions VALUES (?, ?, ?)", (_hashed(token), _plain(name), math.ceil(now + hours * 3600)))
            db.execute("UPDATE accounts SET login_at = ? WHERE name = ?", (int(now), _plain(name)))
        return token

    def of_session(self, token: str) -> Account | None:
        """Whose session has this token; None where it has ended, or its account may not log in."""
        query = (
            f"SELECT {_COLUMNS} FROM sessions s JOIN accounts a ON a.name = s.account "
            "WHERE s.token = ? AND s.until > ? AND a.disabled = 0"
        )
        rows = self._rows(query, (_hashed(token), self._clock()))
        return _account(rows[0]) if rows else None

    def end(self, token: str) -> None:
        """Ends a session."""
        with self._transaction() as db:
            db.execute("DELETE FROM sessions WHERE token = ?", (_hashed(token),))

    def end_all(self) -> None:
        """Ends every session."""
        with self._transaction() as db:
            db.execute("DELETE FROM sessions")

    # Attempts

    def attempt(self, name: str, address: str) -> int:
        """Counts an attempt to log in before it is looked at, whether there is such an account or not.

        Returns:
            0 where it may be made; else in how many minutes the next one may be, and this one is not counted.
        """
        now = self._clock()
        limits = tuple(zip(_whos(name, address), (MOST_BY_NAME, MOST_BY_ADDRESS, MOST_ANYWHERE), strict=True))
        with self._transaction() as db:
            db.execute("DELETE FROM attempts WHERE at <= ?", (now - WINDOW_S,))
            waits = [_wait(db, who, most, now) for who, most in limits]
            if max(waits) <= 0:
                db.executemany("INSERT INTO attempts VALUES (?, ?)", [(who, now) for who, _ in limits])
        return math.ceil(max(*waits, 0) / 60)

    def succeeded(self, name: str, address: str) -> None:
        """Forgets the attempts from an address for a name that has logged in, and the last one of those counted otherwise."""
        own, *others = _whos(name, address)
        with self._transaction() as db:
            db.execute("DELETE FROM attempts WHERE who = ?", (own,))
            last = "SELECT rowid FROM attempts WHERE who = ? ORDER BY at DESC LIMIT 1"
            for who in others:
                db.execute(f"DELETE FROM attempts WHERE rowid = ({last})", (who,))


_COLUMNS = "a.name, a.role, a.groups, a.disabled, a.made_at, a.login_at"
_ADMINISTRATORS = "SELECT count(*) FROM accounts WHERE role = 'administrator' AND disabled = 0"


def account_name(said: str) -> str:
    """A name as it is kept: composed, small letters.

    Raises:
        AccountRefused: it is too short or too long, or has signs that no name has.
    """
    name = _plain(said)
    if not 2 <= len(name) <= LONGEST or not name.isprintable() or not _FORBIDDEN.isdisjoint(name):
        raise AccountRefused(
            f"ชื่อ {said[: LONGEST + 5]!r} ใช้ไม่ได้ ต้องยาว 2 ถึง {LONGEST} ตัวอักษร ไม่มีช่องว่าง "
            "และไม่มีเครื่องหมาย : / \\ , ; < > หรืออัญประกาศ"
        )
    return name


def moment(seconds: float) -> str:
    """Seconds since 1970 as UTC, ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name.encode(errors="ignore").decode()).strip().casefold()


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _whos(name: str, address: str) -> tuple[str, str, str]:
    """Under what an attempt is counted: the name at the address, the address, the name."""
    name = _plain(name)
    return _hashed(f"both:{address} {name}"), _hashed(f"address:{address}"), _hashed(f"name:{name}")


def _account(row: tuple[Any, ...]) -> Account:
    name, role, groups, disabled, made_at, login_at = row
    login = None if login_at is None else moment(login_at)
    groups = tuple(json.loads(groups))
    return Account(name=name, role=role, groups=groups, disabled=bool(disabled), made_at=moment(made_at), login_at=login)


def _check_administrator(db: Any) -> None:
    (left,) = db.execute(_ADMINISTRATORS).fetchone()
    (any_left,) = db.execute("SELECT count(*) FROM accounts").fetchone()
    if any_left and not left:
        raise AccountRefused("ต้องเหลือผู้ดูแลอย่างน้อยหนึ่งบัญชี ตั้งบัญชีอื่นเป็นผู้ดูแลก่อน")


def _wait(db: Any, who: str, most: int, now: float) -> float:
    """In how many seconds the attempt that counts longest among the last `most` is forgotten; 0 where there are fewer."""
    rows = db.execute("SELECT at FROM attempts WHERE who = ? ORDER BY at DESC LIMIT ?", (who, most)).fetchall()
    return float(rows[-1][0]) + WINDOW_S - now if len(rows) == most else 0.0
