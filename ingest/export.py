"""JSON Lines exports: one document a line, `{"id", "title", "date", "body", "url"}`."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from ingest.errors import InvalidRecord, TooLarge
from ingest.plain import lines_of
from ingest.raw import Raw

MAX_LINE_BYTES = 100_000_000
SUFFIXES = frozenset({".jsonl", ".ndjson"})


def records(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """(1-based line number, the line's bytes without its end) of every line that is not blank; None for one too long to hold.

    Never more than one line is in memory.
    """
    number = 0
    while line := file.readline(MAX_LINE_BYTES):
        number += 1
        whole = line.endswith(b"\n") or len(line) < MAX_LINE_BYTES
        while not whole:
            rest = file.readline(MAX_LINE_BYTES)
            whole = not rest or rest.endswith(b"\n")
            line = b""
        if not line:
            yield number, None
        elif line := (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip():
            yield number, line


def read_record(source: str, number: int, line: bytes | None) -> tuple[str, Raw]:
    """(the record's id, its document) of line `number` of the export `source`.

    Raises:
        InvalidRecord: the line is no JSON object, or has no id or no body.
        TooLarge: the line was too long to hold.
    """
    if line is None:
        raise TooLarge(source, f"บรรทัดที่ {number} ยาวเกิน {MAX_LINE_BYTES // 1_000_000} ล้านไบต์")
    record = _object(source, number, line)
    name, body = record.get("id"), record.get("body")
    if isinstance(name, bool) or not isinstance(name, str | int) or not str(name).strip():
        raise InvalidRecord(source, f"บรรทัดที่ {number}: ไม่มี id")
    if not isinstance(body, str):
        raise InvalidRecord(source, f"บรรทัดที่ {number}: ไม่มี body ที่เป็นข้อความ")
    title, date, url = (_text(record.get(key)) for key in ("title", "date", "url"))
    return str(name).strip(), Raw(lines_of(body), title=title, date=date, url=url)


def is_record(line: bytes) -> bool:
    """Whether `line` looks like a record of an export: a JSON object with an id and a body."""
    try:
        read_record("", 1, line.strip())
    except InvalidRecord:
        return False
    return True


def _object(source: str, number: int, line: bytes) -> dict[str, object]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidRecord(source, f"บรรทัดที่ {number}: ไม่ใช่ JSON") from error
    if not isinstance(record, dict):
        raise InvalidRecord(source, f"บรรทัดที่ {number}: ไม่ใช่ออบเจกต์ JSON")
    return record


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
