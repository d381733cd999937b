"""Passwords: what one must be, how it is hashed and checked. The only door to argon2."""

import threading
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200
"""Characters of a password."""
_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)
"""Argon2id with 64 MiB, as RFC 9106 has it for machines with little memory."""
_AT_ONCE = threading.Semaphore(2)
"""Hashes made at a time: whoever sends many passwords at once takes no more memory than this."""


def fault(password: str, name: str) -> str:
    """What is wrong with a new password for the account `name`, as a sentence; '' where nothing is.

    Length is what counts (NIST SP 800-63B, 3.1.1.2): no signs or figures are asked for.
    """
    plain = _plain(password)
    if len(plain) < SHORTEST:
        return f"รหัสผ่านต้องยาวอย่างน้อย {SHORTEST} ตัวอักษร ใช้วลีที่จำง่ายได้ ไม่ต้องมีตัวเลขหรือเครื่องหมาย"
    if len(plain) > LONGEST:
        return f"รหัสผ่านต้องยาวไม่เกิน {LONGEST} ตัวอักษร"
    if plain.casefold() == name.strip().casefold():
        return "รหัสผ่านต้องไม่เป็นชื่อบัญชี"
    if len(set(plain)) == 1:
        return "รหัสผ่านต้องไม่เป็นตัวอักษรตัวเดียวซ้ำกัน"
    return ""


def hashed(password: str) -> str:
    """The hash that is kept of a password."""
    with _AT_ONCE:
        return _hasher.hash(_plain(password))


def fits(password: str, kept: str | None) -> bool:
    """Whether `kept` is the hash of this password; None of no account takes as long, and never fits."""
    if len(password) > LONGEST:
        return False
    try:
        with _AT_ONCE:
            _hasher.verify(kept or _nobodys(), _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_dated(kept: str) -> bool:
    """Whether a hash was made in another way than they are today."""
    return _hasher.check_needs_rehash(kept)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("ไม่มีบัญชีนี้")


def _plain(password: str) -> str:
    """One spelling of what may be typed in several; never NFKC, which breaks ำ."""
    return unicodedata.normalize("NFC", password.encode(errors="replace").decode())
