"""A backup: one file with the record, what the operator has set, and a manifest first that says what must be in it.

Indexes are derived, and are not in it; nor is the inbox of LINE, whose events nobody may answer a second time. What is in the
record is all that there is: files that documents were read from are not kept.
"""

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from vectorstore import database, parcel
from vectorstore.errors import BackupFailed, BackupUnusable, StoreError, StoreUnusable
from vectorstore.lock import locked
from vectorstore.parcel import PIECE, PLAIN, SEALED
from vectorstore.reading import FORMAT, MANIFEST, RECORD, SETTINGS, read
from vectorstore.schema import SCHEMA
from vectorstore.sealing import Seal

if TYPE_CHECKING:
    from vectorstore.store import Store

RESTORING = "archive.restoring"
"""The folder in a home in which an archive is made again; see `restoring`."""
_UNFINISHED, _FORMERLY = ".thamkhlang-", ".backup-"
"""How the folder of a backup that is being made begins, and how it began in version 0.1."""
_WHOLE = "backup"
_WITHIN = (RECORD, f"{RECORD}-journal", f"{RECORD}-wal", f"{RECORD}-shm", _WHOLE, "backup.tar", "lock")
"""What may be in such a folder."""

GoOn = Callable[[], object]
"""Called again and again while a backup is made; what it raises ends that."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is whole: its `manifest`, the `file`, and whether it needs a passphrase."""

    manifest: Mapping[str, Any]
    file: Path
    is_sealed: bool

    @property
    def name(self) -> str:
        """A name for the file, by the time of the copy (UTC)."""
        at = self.manifest["made_at"][:16].replace(":", "").replace("T", "-")
        return f"thamkhlang-{at}{SEALED if self.is_sealed else PLAIN}"


@contextmanager
def made(
    store: "Store",
    settings: Mapping[str, Any],
    version: str,
    *,
    seal: Seal | None = None,
    beside: Path | None = None,
    go_on: GoOn = lambda: None,
) -> Iterator[Backup]:
    """A backup of the archive as it is now, while others ask and add; it was read again once, and is gone after this.

    Args:
        store: the archive.
        settings: what the operator has set, without secrets, as JSON.
        version: of the program.
        seal: encrypts it; nobody needs a passphrase where it is not given.
        beside: the folder in which it is made, the archive's own where it is not given.
        go_on: see `GoOn`.

    Raises:
        BackupFailed: it cannot be written.
    """
    store.usage.flush()
    with _folder(beside or store.home) as folder:
        try:
            manifest = _write(store, settings, version, folder, seal, go_on)
            again = read(folder / _WHOLE, lambda _: seal.key if seal else None, lambda _: go_on())
        except (StoreUnusable, BackupUnusable, OSError) as error:
            raise BackupFailed(_failed(beside or store.home, error)) from error
        if again.manifest != manifest:
            raise BackupFailed(_failed(beside or store.home, BackupUnusable("อ่านทวนแล้วไม่เหมือนที่เขียน")))
        yield Backup(manifest, folder / _WHOLE, seal is not None)


def write(
    store: "Store",
    settings: Mapping[str, Any],
    version: str,
    file: Path,
    *,
    seal: Seal | None = None,
    go_on: GoOn = lambda: None,
) -> Mapping[str, Any]:
    """Writes a backup to `file`, which is there whole and read again, or not at all; one of that name is replaced.

    Returns:
        Its manifest.

    Raises:
        BackupFailed: it cannot be written.
    """
    sweep(file.parent)
    with made(store, settings, version, seal=seal, beside=file.parent, go_on=go_on) as backup:
        try:
            backup.file.replace(file)
            settle(file.parent)
        except OSError as error:
            raise BackupFailed(_failed(file.parent, error)) from error
        return backup.manifest


def _write(
    store: "Store", settings: Mapping[str, Any], version: str, folder: Path, seal: Seal | None, go_on: GoOn
) -> dict[str, Any]:
    """Writes the whole file, and leaves of the folder no more than that; its manifest."""
    documents, passages, turns = store.copy(folder / RECORD, go_on)
    told = _json(settings)
    members: dict[str, dict[str, Any]] = {SETTINGS: _told(len(told), hashlib.sha256(told).hexdigest())}
    with (folder / RECORD).open("rb") as record:
        members[RECORD] = _sum(record, go_on)
        manifest = {
            "format": FORMAT,
            "program": "thamkhlang",
            "version": version,
            "schema": SCHEMA,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "embedding": store.embedder.name,
            "counts": {"documents": documents, "passages": passages, "turns": turns},
            "members": members,
        }
        first = _json(manifest)
        record.seek(0)
        small = [(MANIFEST, len(first), [first]), (SETTINGS, len(told), [told])]
        with open(folder / _WHOLE, "xb", opener=_private) as whole:
            parcel.write(whole, [*small, (RECORD, members[RECORD]["size"], _pieces(record, go_on))], seal)
            whole.flush()
            os.fsync(whole.fileno())
    (folder / RECORD).unlink()
    return manifest


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)  # it holds everything


def _pieces(file: BinaryIO, go_on: GoOn) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        go_on()
        yield piece


def sweep(folder: Path) -> None:
    """Deletes what a process has left in a folder that was killed while it made a backup there, and nothing else."""
    for left in folder.glob(f"{_UNFINISHED}????????"):
        _sweep(left)


def sweep_home(home: Path) -> None:
    """The same of an archive's own folder, and what a restoring has left there."""
    sweep(home)
    for left in home.glob(f"{_FORMERLY}*"):
        _sweep(left)
    shutil.rmtree(home / RESTORING, ignore_errors=True)


def _sweep(left: Path) -> None:
    if left.is_symlink() or not left.is_dir():  # somebody may point at what is theirs
        return
    with suppress(StoreError, OSError):  # one that another process is at
        locked(left).release()
        for name in _WITHIN:
            (left / name).unlink(missing_ok=True)
        left.rmdir()


@contextmanager
def _folder(beside: Path) -> Iterator[Path]:
    try:
        made = tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=beside)  # nobody else may look into it
    except OSError as error:
        raise BackupFailed(_failed(beside, error)) from error
    with made as name:
        folder = Path(name)
        try:
            lock = locked(folder)
        except StoreError as error:
            raise BackupFailed(_failed(beside, error)) from error
        try:
            yield folder
        finally:
            lock.release()


def settle(folder: Path) -> None:
    """Has what was renamed in a folder on the disk."""
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


_WHY = {
    errno.ENOENT: "ไม่มีโฟลเดอร์นี้",
    errno.ENOTDIR: "ไม่ใช่โฟลเดอร์",
    errno.ENOSPC: "ดิสก์เต็ม",
    errno.EDQUOT: "ดิสก์เต็ม",
    errno.EACCES: "ไม่มีสิทธิ์เขียน",
    errno.EPERM: "ไม่มีสิทธิ์เขียน",
    errno.EROFS: "เขียนไม่ได้",
    errno.EISDIR: "ชื่อนี้เป็นโฟลเดอร์",
    errno.EFBIG: "ไฟล์ใหญ่เกินที่ระบบยอมให้",
}


def why(error: BaseException | None) -> str:
    """What the disk has against it, in a few words; '' where that is not what an error is about."""
    while error:
        if isinstance(error, OSError):
            return _WHY.get(error.errno or 0, error.strerror or str(error))
        if database.is_full(error):
            return _WHY[errno.ENOSPC]
        error = error.__cause__
    return ""


def _failed(folder: Path, error: Exception) -> str:
    return (
        f"สำรองข้อมูลลง {folder} ไม่ได้ ({why(error) or error}) ตรวจว่ามีโฟลเดอร์นี้ เขียนได้ และมีที่ว่างอย่างน้อยสองเท่าของ archive.db "
        "แล้วสั่งใหม่ ไม่มีไฟล์ค้างไว้ และคลังไม่เปลี่ยนแปลง"
    )


def _sum(file: BinaryIO, go_on: GoOn) -> dict[str, Any]:
    digest = hashlib.sha256()
    for piece in _pieces(file, go_on):
        digest.update(piece)
    return _told(file.tell(), digest.hexdigest())


def _told(size: int, digest: str) -> dict[str, Any]:
    return {"size": size, "sha256": digest}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode()
