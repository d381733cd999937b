"""The passphrase of backups: from a file that is set, or asked for. Never an argument, which other programs can read."""

import getpass
from pathlib import Path

from ui.settings import Settings, SettingsError
from vectorstore.errors import BackupUnusable
from vectorstore.sealing import Seal

_SHORTEST, _LONGEST = 10, 1000
"""Characters of a passphrase."""


def kept(settings: Settings) -> str:
    """The one that is set, '' where none is.

    Raises:
        SettingsError: its file cannot be read, or has none that can be used. Nothing is written then that anybody could open.
    """
    if not settings.backup_passphrase_file:
        return ""
    path, name = Path(settings.backup_passphrase_file).expanduser(), "THAMKHLANG_BACKUP_PASSPHRASE_FILE"
    try:
        with path.open("rb") as file:
            passphrase = file.read(8 * _LONGEST).decode("utf-8-sig").split("\n")[0].rstrip("\r")
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"{name}={path} อ่านไม่ได้ ({error}) ตรวจชื่อไฟล์ สิทธิ์อ่าน และต้องเป็น UTF-8") from error
    if fault := _fault(passphrase):
        raise SettingsError(f"{name}={path} บรรทัดแรกใช้เป็นรหัสผ่านไม่ได้ {fault}")
    return passphrase


def seal(settings: Settings, passphrase: str = "") -> Seal | None:
    """What encrypts backups, with the passphrase that is given or set; None where there is none. Takes a second.

    Raises:
        SettingsError: see `kept`.
    """
    passphrase = passphrase or kept(settings)
    return Seal.of(passphrase) if passphrase else None


def chosen() -> str:
    """One that is typed twice.

    Raises:
        SettingsError: it cannot be used, or is not the same twice.
    """
    passphrase = _typed("รหัสผ่านของไฟล์สำรอง (ลืมแล้วกู้คืนไม่ได้): ")
    if fault := _fault(passphrase):
        raise SettingsError(f"ใช้เป็นรหัสผ่านไม่ได้ {fault}")
    if _typed("รหัสผ่านอีกครั้ง: ") != passphrase:
        raise SettingsError("รหัสผ่านสองครั้งไม่ตรงกัน สั่งใหม่อีกครั้ง")
    return passphrase


def told(settings: Settings) -> str:
    """That of a backup that is there: the one that is set, or else one that is typed.

    Raises:
        SettingsError: see `kept`.
        BackupUnusable: nobody is there to type it.
    """
    return kept(settings) or _typed("ไฟล์สำรองนี้เข้ารหัสไว้ รหัสผ่าน: ")


def _typed(prompt: str) -> str:
    try:
        return getpass.getpass(prompt)
    except EOFError as error:
        raise BackupUnusable(
            "ต้องใช้รหัสผ่านของไฟล์สำรอง แต่ไม่มีผู้พิมพ์ ใส่รหัสผ่านไว้ในไฟล์ แล้วบอกชื่อไฟล์ใน THAMKHLANG_BACKUP_PASSPHRASE_FILE"
        ) from error


def _fault(passphrase: str) -> str:
    if _SHORTEST <= len(passphrase) <= _LONGEST and passphrase.isprintable():
        return ""
    return f"ต้องยาว {_SHORTEST} ถึง {_LONGEST:,} ตัวอักษร และไม่มีอักขระที่มองไม่เห็น"
