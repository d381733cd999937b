"""Plain text, in the encodings that Thai files have: UTF-8, UTF-16, TIS-620/CP874."""

import re

from ingest.errors import InvalidEncoding
from ingest.raw import Raw, RawLine

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_THAI_SHARE = 0.3
"""TIS-620 has no invalid sequences to tell it by: so much of the letters must be Thai."""

_MISREAD = re.compile("เ[ธน]")
_MISREAD_SHARE = 6
"""Broken UTF-8 read as TIS-620 has เธ or เน for every third letter; Thai has them for one in a hundred."""

_LOOKED_AT = 4_096
"""Bytes by which two-byte letters are told."""
_WIDE_SHARE = 0.9

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_LETTER = re.compile("[A-Za-zก-๎\x80-\u024f]")
_THAI = re.compile("[ก-๎]")
_WIDE = re.compile("[\t\r\n -~ก-๛\u2010-\u2026]")


def decode(source: str, content: bytes) -> str:
    """The text of `content`.

    Raises:
        InvalidEncoding: it is in none of the three encodings.
    """
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None) or wide(content) or "utf-8"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding.startswith("utf-16"):
            raise InvalidEncoding(source) from error
        return _thai(source, content)


def wide(content: bytes) -> str | None:
    """Which UTF-16 `content` is in where no byte order mark says so: nearly all of it Thai and ASCII letters; else None."""
    head = content[:_LOOKED_AT]
    head = head[: len(head) // 2 * 2]
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head.decode(encoding, "replace")
        if text and len(_WIDE.findall(text)) >= _WIDE_SHARE * len(text):
            return encoding
    return None


def _thai(source: str, content: bytes) -> str:
    """Latin letters count against it only when accented: those are what another encoding's bytes would give."""
    try:
        text = content.decode("cp874")
    except UnicodeDecodeError as error:
        raise InvalidEncoding(source) from error
    letters = len(_LETTER.findall(text))
    told = len(_THAI.findall(text)) >= _THAI_SHARE * letters > 0 and _MISREAD_SHARE * len(_MISREAD.findall(text)) < letters
    if _CONTROL.search(text) or not told:
        raise InvalidEncoding(source)
    return text


def lines_of(text: str) -> list[RawLine]:
    """The lines of `text`; one with three or more cells between tabs is a table row."""
    return [RawLine(line, kind="table_row" if line.strip().count("\t") > 1 else None) for line in text.splitlines()]


def read_plain(source: str, content: bytes) -> Raw:
    """A plain text file's lines.

    Raises:
        InvalidEncoding: its encoding cannot be told.
    """
    return Raw(lines_of(decode(source, content)))
