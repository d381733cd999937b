"""The form of a backup's file, and the only door to zstandard for it. What must be in it `reading.py` knows.

Format 2 is a tar, compressed by zstandard. With a passphrase that is encrypted by age with a key of its own, and is the second
member of a plain tar, whose first is the key, encrypted with the passphrase. Format 1 was a plain tar and nothing else.
"""

import os
import shutil
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import zstandard

from vectorstore.errors import BackupUnusable
from vectorstore.sealing import LONGEST_KEY, Reads, Seal, decrypted, encrypt

PIECE = 1 << 20
"""Bytes that are read, hashed and written at once."""
BLOCK = 512
"""Bytes of a tar's header; each member is filled up to a multiple of it."""
PLAIN, SEALED = ".tar.zst", ".age.tar"
"""How names of files end: of those that anybody can open, and of those that need a passphrase."""
KEY, WITHIN = "key.age", "backup.tar.zst.age"
"""The members of a file that needs a passphrase."""
_END = bytes(2 * BLOCK)
_MOST_END = 20 * BLOCK
"""Most bytes behind the last member: a tar may be filled up to a multiple of this."""
_MAGIC = zstandard.FRAME_HEADER
_LEVEL = 3
_WINDOW = 1 << 23
"""Most bytes that are remembered while something is decompressed: more than our level needs."""

KeyOf = Callable[[bytes], Any]
"""Makes the key of a file of what is kept of it there; see `sealing`."""


def member(name: str, size: int) -> bytes:
    """The header of a member of a tar."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def filling(size: int) -> bytes:
    """What follows a member of this size."""
    return bytes(-size % BLOCK)


def header(head: bytes) -> tuple[str, int]:
    """(name, bytes) of the member that a tar's header announces.

    Raises:
        ValueError: it is no header of a plain file.
    """
    try:
        info = tarfile.TarInfo.frombuf(head, "utf-8", "strict")
    except (tarfile.HeaderError, UnicodeError) as error:
        raise ValueError(str(error)) from error
    if info.type != tarfile.REGTYPE or info.size < 0:
        raise ValueError("not a plain file")
    return info.name, info.size


def damaged(why: str) -> BackupUnusable:
    """The error for a file that is a backup, but not as it was written."""
    return BackupUnusable(f"ไฟล์สำรองเสียหาย ({why}) คัดลอกไฟล์มาใหม่ หรือใช้ไฟล์สำรองอื่น คลังยังไม่ถูกเปลี่ยนแปลง")


def foreign() -> BackupUnusable:
    """The error for a file that is no backup at all."""
    return BackupUnusable("ไฟล์นี้ไม่ใช่ไฟล์สำรองของถามคลัง หรือคัดลอกมาไม่ครบ เลือกไฟล์ที่ได้จากคำสั่ง backup จากการสำรองตามเวลา หรือจากหน้าดูแล")


class _Pieces:
    """Pieces as a file that is read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self._left = iter(pieces), memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        while not self._left and (piece := next(self._pieces, None)) is not None:
            self._left = memoryview(piece)
        some = self._left[:size]
        self._left = self._left[len(some) :]
        return bytes(some)


def write(target: BinaryIO, members: Iterable[tuple[str, int, Iterable[bytes]]], seal: Seal | None = None) -> None:
    """Writes a file of these members, each with its name, its size and its pieces; `target` can be sought in."""
    whole = zstandard.ZstdCompressor(_LEVEL, write_checksum=True).stream_reader(
        cast(BinaryIO, _Pieces(_tar(members))), closefd=False
    )
    if seal is None:
        shutil.copyfileobj(whole, target, PIECE)
        return
    target.write(member(KEY, len(seal.kept)) + seal.kept + filling(len(seal.kept)))
    at = target.tell()
    target.write(member(WITHIN, 0))
    encrypt(cast(Reads, whole), target, seal)
    size = target.tell() - at - BLOCK
    target.write(filling(size) + _END)
    target.seek(at)
    target.write(member(WITHIN, size))  # now that it is known
    target.seek(0, os.SEEK_END)


def _tar(members: Iterable[tuple[str, int, Iterable[bytes]]]) -> Iterator[bytes]:
    for name, size, pieces in members:
        yield member(name, size)
        yield from pieces
        yield filling(size)
    yield _END


@contextmanager
def opened(file: Path, key_of: KeyOf) -> Iterator[BinaryIO]:
    """The tar within a backup's file of any format, from its beginning, as it is read; never more of it at once than is asked.

    Raises:
        BackupUnusable: it cannot be read, or is not as it was written, which may be found out only at its end.
    """
    with _readable(file) as source, _untied(source, key_of) as plain:
        if plain.peek(4)[:4] != _MAGIC:
            if plain is not source:
                raise damaged("ส่วนที่เข้ารหัสไม่ใช่ไฟล์สำรอง")
            yield plain
            return
        try:
            unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
            yield cast(BinaryIO, unpacker.stream_reader(plain, read_across_frames=True, closefd=False))
        except zstandard.ZstdError as error:
            raise damaged("คลายการบีบอัดไม่ได้") from error


@contextmanager
def _readable(file: Path) -> Iterator[Any]:
    try:
        with file.open("rb") as source:
            yield source
    except OSError as error:
        raise BackupUnusable(f"อ่าน {file} ไม่ได้ ({error.strerror}) ตรวจชื่อไฟล์และสิทธิ์อ่าน แล้วสั่งใหม่") from error


@contextmanager
def _untied(source: Any, key_of: KeyOf) -> Iterator[Any]:
    """What is within the encryption, where there is one, and to its last byte; else the same from its beginning."""
    head = source.read(BLOCK)
    try:
        name, size = header(head)
    except ValueError:
        name, size = "", 0
    if name != KEY:
        source.seek(0)
        yield source
        return
    if size > LONGEST_KEY:
        raise damaged(f"{KEY} ใหญ่เกินไป")
    kept = source.read(size + -size % BLOCK)[:size]
    try:
        within, length = header(source.read(BLOCK))
    except ValueError as error:
        raise damaged(f"หลัง {KEY} อ่านไม่ได้") from error
    if within != WITHIN:
        raise damaged(f"ไม่มี {WITHIN}")
    part = _Part(source, length)
    with decrypted(part, key_of(kept)) as plain:
        yield plain
    ends(source, -length % BLOCK)


class _Part:
    """So many bytes of a file, from where it stands."""

    def __init__(self, source: BinaryIO, size: int) -> None:
        self._source, self._left = source, size

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(min(size, self._left) if size >= 0 else self._left)
        self._left -= len(piece)
        return piece


def ends(source: Reads, fill: int) -> None:
    """That a tar ends here, but for `fill` bytes that belong to its last member.

    Raises:
        BackupUnusable: something follows.
    """
    rest = source.read(fill + _MOST_END + 1)
    if any(rest) or len(rest) > fill + _MOST_END:
        raise BackupUnusable("ไม่กู้คืนจากไฟล์นี้ เพราะมีข้อมูลต่อท้ายที่ไฟล์สำรองของถามคลังไม่มี ไฟล์อาจถูกดัดแปลง ใช้ไฟล์สำรองอื่น")


def seems_one(file: Path) -> bool:
    """Whether a file begins as one of format 2 does.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as source:
        head = source.read(BLOCK)
    return head.startswith(_MAGIC) or head.startswith(KEY.encode() + b"\0")
