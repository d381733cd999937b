"""The room that is to stay free on an archive's disk, so that what it holds can be asked, mended and removed."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from vectorstore.errors import DiskFull

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Room:
    """The disk of the archive in `home`, on which `floor_mb` megabytes are to stay free; 0 asks for nothing."""

    home: Path
    floor_mb: int = 0

    def short(self) -> str | None:
        """What is to be done where less is free; None where enough is.

        Raises:
            OSError: the disk does not say.
        """
        free = shutil.disk_usage(self.home).free / _MB
        if free >= self.floor_mb:
            return None
        return (
            f"ที่ว่างในดิสก์ของคลังเหลือ {free:,.0f} เมกะไบต์ ต่ำกว่าที่ตั้งไว้ {self.floor_mb:,} จึงไม่รับเอกสารเพิ่ม (ยังถามได้) "
            "เพิ่มที่ว่าง หรือลดค่า THAMKHLANG_MIN_FREE_MB"
        )

    def check(self) -> None:
        """Raises DiskFull where less is free."""
        if short := self.short():
            raise DiskFull(short)
