"""An archive made again from a backup: everything is checked before it stands, and nothing stands where anything is wrong."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vectorstore import moving
from vectorstore.backup import RESTORING, settle, why
from vectorstore.connection import Place
from vectorstore.database import check_closed
from vectorstore.errors import BackupUnusable, StoreUnusable
from vectorstore.lock import locked
from vectorstore.parcel import damaged
from vectorstore.reading import RECORD, Restored, read
from vectorstore.record import Record
from vectorstore.sealing import key_of

_NO_MATTER = {"lock", "lost+found", RESTORING}
"""What a folder may hold and still be empty: the last is of a restoring that was killed."""
_DATABASE = b"SQLite format 3\x00"


def restore(file: Path, home: Path, passphrase: Callable[[], str], place: Place | None = None) -> Restored:
    """Makes the archive of the backup `file` in `home`, which is empty or not there yet; indexes are built when it is opened.

    However it ends, also by a kill, there is the whole archive or none. On servers its indexes are others than those of the
    archive that the backup is of.

    Args:
        file: the backup, of this program or an earlier one.
        home: the folder.
        passphrase: is asked for only where the file needs one.
        place: PostgreSQL, in which the record is made instead and has none yet; then `home` may hold something.

    Raises:
        BackupUnusable: `home` or `place` holds something, or the file is no backup, damaged, or of a later version of the
            program; it needs another passphrase; the disk is full.
        StoreLocked, StoreUnusable: see `locked`.
    """
    with _empty(home, may_hold=place is not None) as unfinished:
        restored = _extracted(file, unfinished / RECORD, passphrase)
        _check(unfinished / RECORD, restored.manifest)
        if place:
            moving.moved(unfinished / RECORD, place)
            shutil.rmtree(home / "index", ignore_errors=True)  # of another record
            return restored
        with _writing(home):
            (unfinished / RECORD).replace(home / RECORD)
            settle(home)
        return restored


@contextmanager
def _empty(home: Path, *, may_hold: bool) -> Iterator[Path]:
    """Owns the folder, with another in it for what is unfinished, and leaves it as it was where something goes wrong."""
    if not may_hold and home.is_dir() and (held := sorted({path.name for path in home.iterdir()} - _NO_MATTER)):
        raise BackupUnusable(f"กู้คืนลง {home} ไม่ได้ เพราะมี {held[0]} อยู่แล้ว กู้คืนลงโฟลเดอร์ใหม่หรือโฟลเดอร์ว่างเท่านั้น เพื่อไม่ให้ทับคลังเดิม")
    fresh, owned = not home.exists(), (home / "lock").exists()
    lock = locked(home)
    try:
        shutil.rmtree(home / RESTORING, ignore_errors=True)
        with _writing(home):
            (home / RESTORING).mkdir()
        yield home / RESTORING
    except BaseException:
        lock.release()
        shutil.rmtree(home if fresh else home / RESTORING, ignore_errors=True)
        if not owned:
            (home / "lock").unlink(missing_ok=True)
        raise
    shutil.rmtree(home / RESTORING, ignore_errors=True)
    lock.release()


@contextmanager
def _writing(home: Path) -> Iterator[None]:
    """Errors of a disk that is written as ours."""
    try:
        yield
    except (OSError, StoreUnusable) as error:
        if told := why(error):
            raise BackupUnusable(
                f"กู้คืนลง {home} ไม่ได้ ({told}) ตรวจสิทธิ์เขียน เพิ่มที่ว่างในดิสก์ แล้วสั่งใหม่ ไม่มีอะไรค้างไว้ และไฟล์สำรองไม่เปลี่ยนแปลง"
            ) from error
        raise


def _extracted(file: Path, into: Path, passphrase: Callable[[], str]) -> Restored:
    """What the file has, its record written to `into`."""
    home = into.parent.parent

    def begun(manifest: Mapping[str, Any]) -> None:
        if (size := manifest["members"][RECORD]["size"]) > shutil.disk_usage(home).free:
            raise BackupUnusable(f"ที่ว่างในดิสก์ของ {home} ไม่พอ ต้องการ {size / 1e6:,.0f} เมกะไบต์ เพิ่มที่ว่างแล้วสั่งใหม่")

    def take(piece: bytes) -> None:
        left = memoryview(piece)
        with _writing(home):
            while left:
                left = left[record.write(left) :]

    with _writing(home):
        record = into.open("xb", 0)
    with record:
        restored = read(file, lambda kept: key_of(kept, passphrase()), take, begun)
        with _writing(home):
            os.fsync(record.fileno())
    return restored


def _check(database: Path, manifest: Mapping[str, Any]) -> None:
    """That the record is one of ours, sound, and holds what the manifest says; it is carried over to today's schema."""
    with database.open("rb") as file:
        head = file.read(100)
    schema = int.from_bytes(head[60:64], "big")  # https://www.sqlite.org/fileformat.html: the user version
    if not head.startswith(_DATABASE) or schema != manifest["schema"]:
        raise damaged(f"{RECORD} ไม่ใช่ฐานข้อมูลที่ไฟล์บอกไว้")
    try:
        with _writing(database.parent.parent):
            faults, counts = _looked_through(database)
    except StoreUnusable as error:
        raise damaged(str(error)) from error
    if faults:
        raise damaged(f"{RECORD}: {faults[0][:200]}")
    told = manifest.get("counts")
    if not isinstance(told, dict) or counts != (told.get("documents"), told.get("passages")):
        raise damaged(f"จำนวนเอกสารใน {RECORD} ไม่ตรงกับที่ไฟล์บอกไว้")


def _looked_through(database: Path) -> tuple[list[str], tuple[int, int]]:
    record = Record(database)
    try:
        faults = record.faults()
        counts = record.counts()
        record.accounts.end_all()  # who has been logged out since the backup was made stays so
        record.part()
    finally:
        record.close()
    check_closed(database)
    return faults, counts
