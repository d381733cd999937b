"""Formats before Office 2007, OpenDocument and RTF: LibreOffice, where it is installed, turns them into ones read here."""

import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Literal

from ingest.errors import ConverterMissing, EncryptedDocument, TimedOut, UnreadableDocument, UnsupportedFormat
from ingest.package import BROKEN
from ingest.raw import Raw

TIMEOUT_S = 50
"""Seconds that LibreOffice has for one file."""
_PROGRAMS = ("soffice", "libreoffice")
_PLACES = ("/Applications/LibreOffice.app/Contents/MacOS/soffice",)

Modern = Literal["docx", "xlsx", "pptx"]

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_STREAMS: tuple[tuple[str, str, Modern], ...] = (
    ("WordDocument", "doc", "docx"),
    ("PowerPoint Document", "ppt", "pptx"),
    ("Workbook", "xls", "xlsx"),
    ("Book", "xls", "xlsx"),
)
"""The stream of an OLE file that tells what it is, its suffix, and what it is turned into."""
_OPEN: dict[str, tuple[str, Modern]] = {
    "text": ("odt", "docx"),
    "text-template": ("ott", "docx"),
    "spreadsheet": ("ods", "xlsx"),
    "spreadsheet-template": ("ots", "xlsx"),
    "presentation": ("odp", "pptx"),
    "presentation-template": ("otp", "pptx"),
}
_OPEN_TYPE = "application/vnd.oasis.opendocument."


def read_office(source: str, content: bytes) -> Raw:
    """An OLE file: a modern one with a password is one, and so are .doc, .xls and .ppt.

    Raises:
        EncryptedDocument: it has a password.
        UnsupportedFormat: it is of another program; ConverterMissing: LibreOffice is not installed.
        IngestError: what is wrong with what it was turned into.
    """
    if _ENCRYPTED in content:
        raise EncryptedDocument(source)
    for stream, suffix, modern in _STREAMS:
        if (stream + "\x00").encode("utf-16-le") in content:
            return _read(source, content, suffix, modern)
    raise UnsupportedFormat(source, "ไฟล์ OLE ที่ไม่ใช่ Word, Excel หรือ PowerPoint")


def read_open_document(source: str, content: bytes) -> Raw:
    """An ODT, ODS or ODP file, or a binary Excel workbook (XLSB).

    Raises:
        EncryptedDocument: it has a password.
        UnreadableDocument: the package is broken.
        UnsupportedFormat: it is a drawing, a formula or a data base; ConverterMissing: LibreOffice is not installed.
        IngestError: what is wrong with what it was turned into.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            names = package.namelist()
            kind = package.read("mimetype").decode("ascii", "replace").strip() if "mimetype" in names else ""
            manifest = package.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
    except BROKEN as error:
        raise UnreadableDocument(source) from error
    if b"encryption-data" in manifest:
        raise EncryptedDocument(source)
    if "xl/workbook.bin" in names:
        return _read(source, content, "xlsb", "xlsx")
    found = _OPEN.get(kind.removeprefix(_OPEN_TYPE))
    if found is None:
        raise UnsupportedFormat(source, "OpenDocument ที่ไม่ใช่ ODT, ODS หรือ ODP")
    return _read(source, content, *found)


def read_rich_text(source: str, content: bytes) -> Raw:
    """An RTF file.

    Raises:
        ConverterMissing: LibreOffice is not installed.
        IngestError: what is wrong with what it was turned into.
    """
    return _read(source, content, "rtf", "docx")


def _read(source: str, content: bytes, suffix: str, modern: Modern) -> Raw:
    return _reader(modern)(source, convert(source, content, suffix, modern))


def _reader(modern: Modern) -> Callable[[str, bytes], Raw]:
    if modern == "docx":
        from ingest.word import read_word

        return read_word
    if modern == "xlsx":
        from ingest.workbook import read_workbook

        return read_workbook
    from ingest.slides import read_slides

    return read_slides


def program() -> str | None:
    """LibreOffice's program, None where it is not installed."""
    found = next((path for name in _PROGRAMS if (path := shutil.which(name))), None)
    return found or next((path for path in _PLACES if Path(path).is_file()), None)


def convert(source: str, content: bytes, suffix: str, modern: str) -> bytes:
    """`content`, a file that ends in `suffix`, as LibreOffice writes it in the format `modern`.

    It runs in a folder of its own, with settings of its own that know no macros' author, and is killed with all that it
    started when its time is up.

    Raises:
        ConverterMissing: LibreOffice is not installed.
        UnreadableDocument: it cannot read the file; a password is one reason.
        TimedOut: it took too long.
    """
    office = program()
    if office is None:
        raise ConverterMissing(source, f".{suffix}")
    with tempfile.TemporaryDirectory(prefix="thamkhlang-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        given = folder / f"given.{suffix}"
        given.write_bytes(content)
        command = [
            office,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
        ]
        command += ["--convert-to", modern, "--outdir", str(folder / "made"), str(given)]
        _run(source, command, folder)
        made = folder / "made" / f"given.{modern}"
        if not made.is_file():
            raise UnreadableDocument(source, "LibreOffice เปิดไม่ได้ ไฟล์อาจเสียหรือตั้งรหัสผ่านไว้")
        return made.read_bytes()


def _run(source: str, command: list[str], folder: Path) -> None:
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise TimedOut(source, f"LibreOffice ใช้เวลาแปลงเกิน {TIMEOUT_S} วินาที") from error
    finally:
        with suppress(ProcessLookupError, PermissionError):  # it has ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
