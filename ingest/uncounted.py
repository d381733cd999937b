"""Formulas without a value: a program that writes sheets counts nothing, and leaves that to whoever opens them first."""

import io
import re
import zipfile
from collections.abc import Iterator

from ingest.errors import IngestError
from ingest.office import convert, program

NOT_COUNTED = "(สูตรที่ยังไม่ได้คำนวณ)"
"""What stands in place of a value that the file does not have."""
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_TAG = rb"<(?:[a-z]+:)?%b(?=[\s/>])[^<>]{0,200}"
_END = rb"</(?:[a-z]+:)?%b>"
_FORMULA = re.compile(
    rb"%b?\sr=\"([A-Z]{1,3}[0-9]{1,7})\"[^<>]{0,200}>\s*(?:%b/>|%b>[^<]*%b)\s*(?:%b/>|%b>\s*%b)?\s*%b"
    % (_TAG % b"c", _TAG % b"f", _TAG % b"f", _END % b"f", _TAG % b"v", _TAG % b"v", _END % b"v", _END % b"c")
)
_REACHING = re.compile(rb"WEBSERVICE|FILTERXML|(?<![A-Z])(?:DDE|RTD)(?![A-Z])|%b>[^<]*\[[0-9]" % (_TAG % b"f"), re.IGNORECASE)
"""Formulas that would fetch something from elsewhere."""


def uncounted(sheet: bytes) -> Iterator[str]:
    """The cells (B12) of a sheet, given as XML, that have a formula and no value."""
    return (match[1].decode() for match in _FORMULA.finditer(sheet))


def counted(source: str, content: bytes) -> bytes:
    """The workbook with its formulas counted by LibreOffice, where one has no value and none reaches for another place.

    Itself where there is nothing to count, LibreOffice is not installed, or cannot count it.

    Raises:
        BadZipFile, OSError: the package is broken.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [package.read(name) for name in package.namelist() if _SHEET.fullmatch(name)]
    if not any(_FORMULA.search(sheet) for sheet in sheets) or any(_REACHING.search(sheet) for sheet in sheets) or not program():
        return content
    try:
        return convert(source, content, "xlsx", "xlsx")
    except IngestError:
        return content
