"""One process owns an archive directory."""

import errno
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore.errors import StoreLocked, StoreUnusable


def locked(home: Path) -> FileLock:
    """The lock of the archive in `home`, which is made if absent; the system frees it when the process ends, however it does.

    Raises:
        StoreLocked: another process has it.
        StoreUnusable: the directory cannot be made or written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / "lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise StoreLocked(
            f"คลัง {home} ถูกโปรแกรมอื่นเปิดใช้อยู่ (เช่น thamkhlang serve) ปิดโปรแกรมนั้นก่อน หรือถามผ่านหน้าเว็บและ API ของโปรแกรมนั้น"
        ) from error
    except OSError as error:
        if home.is_dir() and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise StoreUnusable(
                f"เขียนลงโฟลเดอร์ {home} ไม่ได้ ({error.strerror}) คลังเปิดได้เฉพาะในที่ที่เขียนได้ "
                "ให้สิทธิ์เขียนแก่ผู้ใช้ที่สั่งโปรแกรม หรือคัดลอกทั้งโฟลเดอร์ไปไว้ในที่ที่เขียนได้แล้วเปิดด้วย --home โฟลเดอร์นั้น"
            ) from error
        raise StoreUnusable(f"ใช้โฟลเดอร์ {home} เป็นคลังไม่ได้ ({error}) ตรวจชื่อโฟลเดอร์ สิทธิ์เขียน และที่ว่างในดิสก์") from error
    return lock
