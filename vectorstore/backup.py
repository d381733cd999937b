"""A backup: one tar file with the record, what the operator has set, and a manifest first that says what must be in it.

Indexes are derived, and are not in it. The tar is neither compressed nor nested: texts and vectors are small already, its size
is known before it is sent, and what is read of it can never be larger than the file. Its members' names are known; a later
format, which may have more of them, says so by its number in the manifest.
"""

import errno
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from vectorstore.errors import BackupFailed, StoreUnusable
from vectorstore.schema import SCHEMA

if TYPE_CHECKING:
    from vectorstore.store import Store

FORMAT = 1
"""Raised when a file has what this program would not know how to restore: passphrases, parts, what else a home may hold."""
MANIFEST, RECORD, SETTINGS = "manifest.json", "archive.db", "settings.json"
PIECE = 1 << 20
"""Bytes that are read, hashed and sent at once."""
BLOCK = 512
"""Bytes of a tar's header; each member is filled up to a multiple of it."""
_END = bytes(2 * BLOCK)
_UNFINISHED = ".backup-"
"""How the folder of a copy that is being made begins."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is ready to be read: its `manifest`, and the file with the copy of the record."""

    manifest: Mapping[str, Any]
    settings: bytes
    record: BinaryIO

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        lengths: list[int] = [len(_json(self.manifest)), *(one["size"] for one in self.manifest["members"].values())]
        return sum(BLOCK + length + -length % BLOCK for length in lengths) + len(_END)

    @property
    def name(self) -> str:
        """A name for the file, by the time of the copy (UTC)."""
        return f"thamkhlang-{self.manifest['made_at'][:16].replace(':', '').replace('T', '-')}.tar"

    def pieces(self) -> Iterator[bytes]:
        """The whole file, some bytes at a time."""
        manifest = _json(self.manifest)
        yield _member(MANIFEST, len(manifest)) + manifest + _filling(len(manifest))
        yield _member(SETTINGS, len(self.settings)) + self.settings + _filling(len(self.settings))
        length = self.manifest["members"][RECORD]["size"]
        yield _member(RECORD, length)
        self.record.seek(0)
        while piece := self.record.read(PIECE):
            yield piece
        yield _filling(length) + _END


@contextmanager
def made(store: "Store", settings: Mapping[str, Any], version: str, beside: Path | None = None) -> Iterator[Backup]:
    """A backup of the archive as it is now, while others ask and add; within this it can be read, and leaves nothing after.

    Args:
        store: the archive.
        settings: what the operator has set, without secrets, as JSON.
        version: of the program.
        beside: the folder in which the copy is made, the archive's own where it is not given.

    Raises:
        BackupFailed: it cannot be written.
    """
    store.usage.flush()
    with _folder(beside or store.home) as folder:
        try:
            documents, passages, turns = store.copy(folder / RECORD)
            with (folder / RECORD).open("rb") as record:
                told = _json(settings)
                manifest = {
                    "format": FORMAT,
                    "program": "thamkhlang",
                    "version": version,
                    "schema": SCHEMA,
                    "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
                    "embedding": store.embedder.name,
                    "counts": {"documents": documents, "passages": passages, "turns": turns},
                    "members": {SETTINGS: _told(len(told), hashlib.sha256(told).hexdigest()), RECORD: _sum(record)},
                }
                yield Backup(manifest, told, record)
        except (StoreUnusable, OSError) as error:
            raise BackupFailed(_failed(beside or store.home, error)) from error


def write(store: "Store", settings: Mapping[str, Any], version: str, file: Path) -> Mapping[str, Any]:
    """Writes a backup to `file`, which is there whole or not at all; one of that name is replaced.

    Returns:
        Its manifest.

    Raises:
        BackupFailed: it cannot be written.
    """
    with made(store, settings, version, file.parent) as backup:
        unfinished = Path(backup.record.name).with_name("backup.tar")
        with open(unfinished, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as whole:  # it holds everything
            for piece in backup.pieces():
                whole.write(piece)
            whole.flush()
            os.fsync(whole.fileno())
        unfinished.replace(file)
        return backup.manifest


def sweep(home: Path) -> None:
    """Deletes the copies of a process that was killed while it made them."""
    for folder in home.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _folder(beside: Path) -> Iterator[Path]:
    try:
        made = tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=beside)  # nobody else may look into it
    except OSError as error:
        raise BackupFailed(_failed(beside, error)) from error
    with made as folder:
        yield Path(folder)


_WHY = {
    errno.ENOENT: "ไม่มีโฟลเดอร์นี้",
    errno.ENOTDIR: "ไม่ใช่โฟลเดอร์",
    errno.ENOSPC: "ดิสก์เต็ม",
    errno.EACCES: "ไม่มีสิทธิ์เขียน",
    errno.EPERM: "ไม่มีสิทธิ์เขียน",
    errno.EROFS: "เขียนไม่ได้",
    errno.EISDIR: "ชื่อนี้เป็นโฟลเดอร์",
    errno.EFBIG: "ไฟล์ใหญ่เกินที่ระบบยอมให้",
}


def _failed(folder: Path, error: Exception) -> str:
    why = _WHY.get(error.errno or 0, error.strerror) if isinstance(error, OSError) else error
    return (
        f"สำรองข้อมูลลง {folder} ไม่ได้ ({why}) ตรวจว่ามีโฟลเดอร์นี้ เขียนได้ และมีที่ว่างอย่างน้อยสองเท่าของ archive.db "
        "แล้วสั่งใหม่ ไม่มีไฟล์ค้างไว้ และคลังไม่เปลี่ยนแปลง"
    )


def _sum(file: BinaryIO) -> dict[str, Any]:
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    return _told(file.tell(), digest.hexdigest())


def _told(size: int, digest: str) -> dict[str, Any]:
    return {"size": size, "sha256": digest}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode()


def _member(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)


def _filling(size: int) -> bytes:
    return bytes(-size % BLOCK)
