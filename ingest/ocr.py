"""Words read off a picture by Tesseract, a program of its own: the only door to it. Without it scans stay unread.

It runs as a child process, one page at a time or a few beside each other, each within a time limit.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import islice
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.errors import TimedOut
from ingest.pulse import beat

DPI = 300
PAGE_TIMEOUT_S, DOCUMENT_TIMEOUT_S = 45.0, 1_500.0
"""Seconds that reading one page, and all pages of one document, may take: less than `ingest.task.Limits` allow."""
MAX_PIXELS = 40_000_000
"""Of one picture."""

_SURE = 55
"""How sure of its letters, 0 to 100, Tesseract must be of a line on the whole; below it is a photograph or a stamp."""
_LOW = 0.55
"""A line so low, beside the page's usual one, is of marks that were taken for letters."""
_ROOM = 0.35
"""Room between two letters that is a space, in heights of a letter."""
_AT_ONCE = max(1, min(4, os.cpu_count() or 1))
_FOLLOWS = re.compile("[ะ-ฺๅ็-๎]")
"""What no Thai word begins with."""
_LINE, _WORD = "4", "5"
"""Tesseract's names of what a row of its table tells of."""

Pixels = NDArray[np.uint8]


class _Piece(NamedTuple):
    """A letter or a few, from `left` to `right` in pixels, and how sure Tesseract is of them."""

    text: str
    left: int
    right: int
    height: int
    sure: float


@cache
def is_there() -> bool:
    """Whether Tesseract is installed with its Thai data."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    try:
        told = subprocess.run([program, "--list-langs"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return b"tha" in told.stdout.split()


def read_pages(source: str, pictures: Iterable[Pixels]) -> Iterator[list[str]]:
    """The lines of each picture, as Tesseract writes them: unrepaired.

    Args:
        source: the document's name, for the error.
        pictures: grey pixels (height, width), 0 black, about 300 to the inch; taken a few at a time.

    Raises:
        TimedOut: a page, or the document, takes longer than it may.
    """
    until = time.monotonic() + DOCUMENT_TIMEOUT_S
    waiting = iter(pictures)
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        while some := list(islice(waiting, _AT_ONCE)):
            yield from workers.map(lambda picture: _lines(source, picture, until), some)
            beat()


def _lines(source: str, picture: Pixels, until: float) -> list[str]:
    limit = min(PAGE_TIMEOUT_S, until - time.monotonic())
    if limit <= 0:
        raise TimedOut(source, f"อ่านภาพสแกนไม่ทันใน {DOCUMENT_TIMEOUT_S / 60:.0f} นาที")
    height, width = picture.shape
    content = f"P5 {width} {height} 255\n".encode() + np.ascontiguousarray(picture).tobytes()
    try:
        done = subprocess.run(_command(), input=content, capture_output=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired as error:
        raise TimedOut(source, f"อ่านภาพสแกนหน้าหนึ่งไม่ทันใน {limit:.0f} วินาที") from error
    return list(_told(done.stdout.decode("utf-8", "replace"))) if done.returncode == 0 else []


def _command() -> list[str]:
    """Tesseract reading a block of Thai text (--psm 6, measured best) from a pipe, on one core where that can be said."""
    one_core = [env, "OMP_THREAD_LIMIT=1"] if (env := shutil.which("env")) else []
    program = shutil.which("tesseract") or "tesseract"
    return [*one_core, program, "stdin", "stdout", "-l", "tha", "--psm", "6", "--dpi", str(DPI), "tsv"]


def _told(table: str) -> Iterator[str]:
    """The lines of Tesseract's table of letters, without those that it is hardly sure of and those of marks torn off a line."""
    found: list[list[_Piece]] = [[]]
    for row in table.splitlines()[1:]:
        level, *fields = row.split("\t")
        if level == _LINE:
            found.append([])
        elif level == _WORD and len(fields) == 11 and fields[10].strip():
            left, _, width, height = map(int, fields[5:9])
            found[-1].append(_Piece(fields[10].strip(), left, left + width, height, float(fields[9])))
    lines = [line for line in found if line]
    usual = median(_height(line) for line in lines) if lines else 0.0
    return (_text(line) for line in lines if _is_sure(line) and _height(line) >= _LOW * usual)


def _height(line: Sequence[_Piece]) -> float:
    return median(piece.height for piece in line)


def _is_sure(line: Sequence[_Piece]) -> bool:
    return sum(piece.sure * len(piece.text) for piece in line) >= _SURE * sum(len(piece.text) for piece in line)


def _text(line: Sequence[_Piece]) -> str:
    """The pieces with a space where there is room for one: Tesseract writes one after nearly every Thai letter."""
    room = _ROOM * _height(line)
    text, right = "", 0
    for piece in line:
        apart = piece.left - right > room and not _FOLLOWS.match(piece.text)
        text += (" " if text and apart else "") + piece.text
        right = max(right, piece.right)
    return text
