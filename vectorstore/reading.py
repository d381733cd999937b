"""What is read of a backup: a manifest first, and then nothing but what it names, held to the sizes and sums that it tells."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from vectorstore import parcel
from vectorstore.errors import BackupUnusable
from vectorstore.parcel import BLOCK, PIECE, KeyOf, damaged, foreign
from vectorstore.schema import SCHEMA

FORMAT = 2
"""Raised when a file has what this program would not know how to restore. 1 was not compressed, and had no passphrase."""
MANIFEST, RECORD, SETTINGS = "manifest.json", "archive.db", "settings.json"
_LONGEST = 1_000_000
"""Most bytes of a manifest, and of the settings."""
_MOST = 1 << 40
"""Most bytes of a record."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: the backup's manifest, and the settings of the archive that it was made of."""

    manifest: Mapping[str, Any]
    settings: Mapping[str, Any]


def read(
    file: Path,
    key_of: KeyOf,
    take: Callable[[bytes], object] = lambda _: None,
    begun: Callable[[Mapping[str, Any]], object] = lambda _: None,
) -> Restored:
    """Reads a backup from its first to its last byte.

    Args:
        file: the backup.
        key_of: makes its key where it needs a passphrase, see `parcel.opened`.
        take: is given the record, some bytes at a time, before it is known whether they are right.
        begun: is given the manifest, before anything else is read.

    Raises:
        BackupUnusable: it is no backup, of a later version, damaged, or has what a backup has not.
    """
    with parcel.opened(file, key_of) as source:
        manifest = _manifest(source)
        begun(manifest)
        settings = _settings(_whole(source, SETTINGS, manifest))
        left = _announced(source, RECORD, manifest)
        digest, fill = hashlib.sha256(), -left % BLOCK
        while left and (piece := source.read(min(PIECE, left))):
            digest.update(piece)
            take(piece)
            left -= len(piece)
        if left:
            raise damaged("ไฟล์ขาดหายตอนท้าย")
        if digest.hexdigest() != manifest["members"][RECORD]["sha256"]:
            raise damaged(f"{RECORD} ไม่ตรงกับผลรวมตรวจสอบ")
        parcel.ends(source, fill)
    return Restored(manifest, settings)


def _manifest(source: BinaryIO) -> dict[str, Any]:
    try:
        name, size = parcel.header(source.read(BLOCK))
        if name != MANIFEST or size > _LONGEST:
            raise foreign()
        manifest = json.loads(_content(source, size))
    except (ValueError, RecursionError) as error:
        raise foreign() from error
    if not isinstance(manifest, dict) or manifest.get("program") != "thamkhlang":
        raise foreign()
    numbers = manifest.get("format"), manifest.get("schema")
    if not all(isinstance(number, int) and number >= 1 for number in numbers):
        raise foreign()
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


def _content(source: BinaryIO, size: int) -> bytes:
    return source.read(size + -size % BLOCK)[:size]


def _announced(source: BinaryIO, expected: str, manifest: Mapping[str, Any]) -> int:
    """The size of the next member, which must be the one that is expected."""
    try:
        name, size = parcel.header(source.read(BLOCK))
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
    except (ValueError, RecursionError) as error:
        raise damaged(f"{SETTINGS} อ่านไม่ได้") from error
    return told if isinstance(told, dict) else {}
