"""What is kept from whoever has no passphrase: the only door to age (https://age-encryption.org), whose files these are.

A passphrase is stretched for a second in half a gigabyte, and what is encrypted with it is held in memory as a whole.
So it encrypts a key alone, and the key encrypts what may be large, as a stream.
"""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol, cast

import pyrage

from vectorstore.errors import BackupUnusable

LONGEST_KEY = 10_000
"""Most bytes of a key that is encrypted with a passphrase; one of ours has 300."""
_HEAVIEST = 20
"""The logarithm of the most work to stretch a passphrase: a gigabyte and some seconds. Ours takes 18 on today's machines."""
_WORK = re.compile(rb"age-encryption[.]org/v1\n-> scrypt [A-Za-z0-9+/]{22} ([0-9]{1,2})\n")


class Reads(Protocol):
    """What gives bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""


@dataclass(frozen=True, slots=True, repr=False)
class Seal:
    """A key that encrypts, and the same key encrypted with a passphrase (`kept`), as an age file."""

    key: Any
    kept: bytes

    @classmethod
    def of(cls, passphrase: str) -> "Seal":
        """A fresh key under a passphrase. Nothing else of this program goes on meanwhile, for a second."""
        key = pyrage.x25519.Identity.generate()
        return cls(key, pyrage.passphrase.encrypt(f"{key}\n".encode(), passphrase))


def key_of(kept: bytes, passphrase: str) -> Any:
    """The key that is encrypted with a passphrase.

    Raises:
        BackupUnusable: it is another passphrase, or this is no key.
    """
    work = _WORK.match(kept)
    if not work or int(work[1]) > _HEAVIEST:
        raise _broken()
    try:
        told = pyrage.passphrase.decrypt(kept, passphrase)
    except (pyrage.DecryptError, UnicodeError) as error:  # the latter of what no keyboard gives
        raise BackupUnusable("รหัสผ่านของไฟล์สำรองไม่ถูกต้อง ลองใหม่ด้วยรหัสผ่านที่ใช้ตอนสำรอง ยังไม่มีอะไรถูกเปลี่ยนแปลง") from error
    try:
        return pyrage.x25519.Identity.from_str(told.decode().strip())
    except (pyrage.IdentityError, UnicodeError) as error:
        raise _broken() from error


class _Noting:
    """A file whose error is remembered: age tells it as a text alone."""

    def __init__(self, file: Any) -> None:
        self._file, self.error = file, cast("BaseException | None", None)

    def read(self, size: int = -1) -> bytes:
        return cast(bytes, self._noted(self._file.read, size))

    def write(self, piece: bytes) -> int:
        return cast(int, self._noted(self._file.write, piece))

    def flush(self) -> None:
        self._noted(self._file.flush)

    def _noted(self, act: Any, *given: object) -> object:
        try:
            return act(*given)
        except BaseException as error:
            self.error = error
            raise


def encrypt(source: Reads, target: BinaryIO, seal: Seal) -> None:
    """Writes what `source` gives to `target`, encrypted; an error of either is raised as it is."""
    reading, writing = _Noting(source), _Noting(target)
    try:
        pyrage.encrypt_io(reading, writing, [seal.key.to_public()])
    except (pyrage.EncryptError, OSError) as error:
        raise (reading.error or writing.error or OSError(str(error))) from error


@contextmanager
def decrypted(source: Reads, key: Any) -> Iterator[BinaryIO]:
    """What `source` holds, decrypted as it is read; no byte comes that has not been proven to be as it was written.

    Raises:
        BackupUnusable: at the end, where it is damaged, cut off, or of another key; what came before it ended there.
    """
    end, begin = os.pipe()
    failed: list[BaseException] = []

    def decrypt() -> None:
        try:
            with open(begin, "wb") as given:
                pyrage.decrypt_io(source, given, [key])
        except (pyrage.DecryptError, OSError) as error:
            failed.append(error)

    thread = threading.Thread(target=decrypt, name="decrypting", daemon=True)
    thread.start()
    try:
        with open(end, "rb") as read:
            yield read
    finally:
        thread.join()  # it cannot write any more
    if failed:
        raise _broken() from failed[0]


def _broken() -> BackupUnusable:
    return BackupUnusable("ไฟล์สำรองที่เข้ารหัสเสียหายหรือถูกดัดแปลง คัดลอกไฟล์มาใหม่ หรือใช้ไฟล์สำรองอื่น ยังไม่มีอะไรถูกเปลี่ยนแปลง")
