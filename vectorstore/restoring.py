"""An archive made again from a backup: everything is checked before it stands, and nothing stands where anything is wrong."""

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from vectorstore.backup import BLOCK, FORMAT, MANIFEST, PIECE, RECORD, SETTINGS
from vectorstore.errors import BackupUnusable, StoreUnusable
from vectorstore.lock import locked
from vectorstore.record import Record
from vectorstore.schema import SCHEMA

_LONGEST = 1_000_000
"""Most bytes of a manifest, and of the settings."""
_MOST = 1 << 40
"""Most bytes of a record."""
_NO_MATTER = {"lock", "lost+found"}
"""What a folder may hold and still be empty."""
_DATABASE = b"SQLite format 3\x00"
_UNFINISHED = "archive.restoring"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: the backup's manifest, and the settings of the archive that it was made of."""

    manifest: Mapping[str, Any]
    settings: Mapping[str, Any]


def restore(file: Path, home: Path) -> Restored:
    """Makes the archive of the backup `file` in `home`, which is empty or not there yet; indexes are built when it is opened.

    Raises:
        BackupUnusable: `home` holds something, or the file is no backup, damaged, or of a later version of the program.
        StoreLocked, StoreUnusable: see `locked`.
    """
    with _opened(file) as source, _empty(home):
        manifest = _manifest(source)
        if (size := manifest["members"][RECORD]["size"]) > shutil.disk_usage(home).free:
            raise BackupUnusable(f"ที่ว่างในดิสก์ของ {home} ไม่พอ ต้องการ {size / 1e6:,.0f} เมกะไบต์ เพิ่มที่ว่างแล้วสั่งใหม่")
        settings = _settings(_whole(source, SETTINGS, manifest))
        unfinished = home / _UNFINISHED / RECORD
        _extract(source, manifest, unfinished)
        _check(unfinished, manifest)
        unfinished.replace(home / RECORD)
        return Restored(manifest, settings)


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    try:
        with file.open("rb") as source:
            yield source
    except OSError as error:
        raise BackupUnusable(f"กู้คืนจาก {file} ไม่ได้ ({error.strerror}) ตรวจชื่อไฟล์ สิทธิ์อ่าน และที่ว่างในดิสก์ แล้วสั่งใหม่") from error


@contextmanager
def _empty(home: Path) -> Iterator[None]:
    """Owns the folder, and leaves it as it was where something goes wrong."""
    if home.is_dir() and (held := sorted({path.name for path in home.iterdir()} - _NO_MATTER)):
        raise BackupUnusable(f"กู้คืนลง {home} ไม่ได้ เพราะมี {held[0]} อยู่แล้ว กู้คืนลงโฟลเดอร์ใหม่หรือโฟลเดอร์ว่างเท่านั้น เพื่อไม่ให้ทับคลังเดิม")
    fresh, owned = not home.exists(), (home / "lock").exists()
    lock = locked(home)
    try:
        (home / _UNFINISHED).mkdir()
        yield
    except BaseException:
        lock.release()
        shutil.rmtree(home if fresh else home / _UNFINISHED, ignore_errors=True)
        if not owned:
            (home / "lock").unlink(missing_ok=True)
        raise
    shutil.rmtree(home / _UNFINISHED, ignore_errors=True)
    lock.release()


def _manifest(source: BinaryIO) -> dict[str, Any]:
    foreign = BackupUnusable("ไฟล์นี้ไม่ใช่ไฟล์สำรองของถามคลัง เลือกไฟล์ .tar ที่ได้จากคำสั่ง backup หรือจากหน้าดูแล")
    head = source.read(BLOCK)
    try:
        name, size = _header(head)
        if name != MANIFEST or size > _LONGEST:
            raise foreign
        manifest = json.loads(_content(source, size))
        if not isinstance(manifest, dict) or manifest.get("program") != "thamkhlang":
            raise foreign
    except ValueError as error:
        raise foreign from error
    if not isinstance(manifest.get("format"), int) or not isinstance(manifest.get("schema"), int):
        raise foreign
    if manifest["schema"] < 1:
        raise foreign
    if manifest["format"] > FORMAT or manifest["schema"] > SCHEMA:
        raise BackupUnusable(
            f"ไฟล์สำรองนี้มาจากโปรแกรมรุ่นใหม่กว่า (รุ่น {str(manifest.get('version'))[:20]} schema {manifest['schema']}; "
            f"รุ่นนี้รู้จักถึง schema {SCHEMA}) ปรับรุ่นโปรแกรมก่อน แล้วกู้คืนใหม่"
        )
    if not _is_whole(manifest.get("members")):
        raise damaged("รายการในไฟล์ไม่ครบ")
    return manifest


def _is_whole(members: object) -> bool:
    """Whether the manifest names what a backup has, each with a size and a sum."""
    if not isinstance(members, dict) or members.keys() != {SETTINGS, RECORD}:
        return False
    sizes = [(name, one.get("size"), one.get("sha256")) for name, one in members.items() if isinstance(one, dict)]
    most = {SETTINGS: _LONGEST, RECORD: _MOST}
    return len(sizes) == len(members) and all(
        isinstance(size, int) and 0 <= size <= most[name] and isinstance(digest, str) for name, size, digest in sizes
    )


def damaged(why: str) -> BackupUnusable:
    """The error for a file that is a backup, but not as it was written."""
    return BackupUnusable(f"ไฟล์สำรองเสียหาย ({why}) คัดลอกไฟล์มาใหม่ หรือใช้ไฟล์สำรองอื่น คลังยังไม่ถูกเปลี่ยนแปลง")


def _header(head: bytes) -> tuple[str, int]:
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


def _content(source: BinaryIO, size: int) -> bytes:
    content = source.read(size + -size % BLOCK)
    return content[:size]


def _announced(source: BinaryIO, expected: str, manifest: Mapping[str, Any]) -> int:
    """The size of the next member, which must be the one that is expected."""
    try:
        name, size = _header(source.read(BLOCK))
    except ValueError as error:
        raise damaged(f"ก่อน {expected} อ่านไม่ได้") from error
    if name not in (SETTINGS, RECORD):
        raise BackupUnusable(f"ไม่กู้คืนจากไฟล์นี้ เพราะมีไฟล์ชื่อ {name[:100]!r} ซึ่งไฟล์สำรองของถามคลังไม่มี ไฟล์อาจถูกดัดแปลง ใช้ไฟล์สำรองอื่น")
    if name != expected or size != manifest["members"][expected]["size"]:
        raise damaged(f"{expected} ไม่ตรงกับรายการในไฟล์")
    return size


def _whole(source: BinaryIO, name: str, manifest: Mapping[str, Any]) -> bytes:
    content = _content(source, _announced(source, name, manifest))
    if hashlib.sha256(content).hexdigest() != manifest["members"][name]["sha256"]:
        raise damaged(f"{name} ไม่ตรงกับผลรวมตรวจสอบ")
    return content


def _settings(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except ValueError as error:
        raise damaged(f"{SETTINGS} อ่านไม่ได้") from error
    return told if isinstance(told, dict) else {}


def _extract(source: BinaryIO, manifest: Mapping[str, Any], into: Path) -> None:
    left = _announced(source, RECORD, manifest)
    digest, filling = hashlib.sha256(), -left % BLOCK
    with into.open("xb") as record:
        while left and (piece := source.read(min(PIECE, left))):
            digest.update(piece)
            record.write(piece)
            left -= len(piece)
        record.flush()
        os.fsync(record.fileno())
    if left:
        raise damaged("ไฟล์ขาดหายตอนท้าย")
    if digest.hexdigest() != manifest["members"][RECORD]["sha256"]:
        raise damaged(f"{RECORD} ไม่ตรงกับผลรวมตรวจสอบ")
    if any(source.read(PIECE)[filling:]):
        raise BackupUnusable("ไม่กู้คืนจากไฟล์นี้ เพราะมีข้อมูลต่อท้ายที่ไฟล์สำรองของถามคลังไม่มี ไฟล์อาจถูกดัดแปลง ใช้ไฟล์สำรองอื่น")


def _check(database: Path, manifest: Mapping[str, Any]) -> None:
    """That the record is one of ours, sound, and holds what the manifest says."""
    with database.open("rb") as file:
        head = file.read(100)
    schema = int.from_bytes(head[60:64], "big")  # https://www.sqlite.org/fileformat.html: the user version
    if not head.startswith(_DATABASE) or schema != manifest["schema"]:
        raise damaged(f"{RECORD} ไม่ใช่ฐานข้อมูลที่ไฟล์บอกไว้")
    try:
        record = Record(database)
    except StoreUnusable as error:
        raise damaged(str(error)) from error
    try:
        faults = record.faults()
        counts = record.counts()
        record.accounts.end_all()  # who has been logged out since the backup was made stays so
    except StoreUnusable as error:
        raise damaged(str(error)) from error
    finally:
        record.close()
    if faults:
        raise damaged(f"{RECORD}: {faults[0][:200]}")
    told = manifest.get("counts")
    if not isinstance(told, dict) or counts != (told.get("documents"), told.get("passages")):
        raise damaged(f"จำนวนเอกสารใน {RECORD} ไม่ตรงกับที่ไฟล์บอกไว้")
