"""The lines of a document's pages made one text: running heads dropped, lines of a paragraph joined."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.lines import NO_MARKER, is_known_label, marker
from ingest.raw import RawLine

_EDGE = 2
"""Lines at the top and the bottom of a page among which a running head or foot is looked for."""

_LETTER = re.compile("[A-Za-zก-ฮ]")
_MARK = re.compile("[ัิ-ฺ็-๎]")
_DIGITS = re.compile("[0-9๐-๙]+")
_PAGE_NUMBER = re.compile(
    r"[-–( ]*(?:หน้า(?:ที่)? *|page *)?([0-9๐-๙]{1,4})(?: *(?:/|of|จาก) *[0-9๐-๙]{1,4})?[-–) ]*", re.IGNORECASE
)
_NAMED = re.compile(r"[^:]{2,40}:(?: |$)")
_FULL = 0.85
"""A line of at least this share of the usual full line goes on in the next one."""


def letters(lines: Sequence[RawLine]) -> int:
    """How many letters, marks aside, the lines have."""
    return sum(len(_LETTER.findall(line.text)) for line in lines)


def without_running_lines(pages: Sequence[Sequence[RawLine]]) -> list[list[RawLine]]:
    """Pages without the heads and feet that most of them share (digits aside), and without their own numbers."""
    counts = Counter(key for page in pages for key in {_key(line) for line in _edges(page)})
    running = {key for key, count in counts.items() if len(pages) > 2 and 2 * count > len(pages) and key}
    return [_trimmed(page, number, running) for number, page in enumerate(pages, 1)]


def _edges(page: Sequence[RawLine]) -> list[RawLine]:
    filled = [line for line in page if line.text.strip()]
    return filled[:_EDGE] + filled[_EDGE:][-_EDGE:]


def _key(line: RawLine) -> str:
    return _DIGITS.sub("#", "".join(line.text.split()))


def _trimmed(page: Sequence[RawLine], number: int, running: set[str]) -> list[RawLine]:
    kept = [line for line in page if line.text.strip()]
    for end in (0, -1):
        for _ in range(_EDGE):
            if kept and (_key(kept[end]) in running or _is_number_of(kept[end].text, number)):
                kept.pop(end)
    return kept


def _is_number_of(line: str, number: int) -> bool:
    match = _PAGE_NUMBER.fullmatch(line.strip())
    return match is not None and int(match[1]) == number


def joined(pages: Sequence[Sequence[RawLine]]) -> list[RawLine]:
    """The pages' lines, those of one paragraph joined; a paragraph ends with its page, so that each has one page."""
    widths = sorted(_width(line.text) for page in pages for line in page if line.kind is None)
    full = _FULL * widths[int(0.9 * len(widths))] if widths else 0
    found: list[RawLine] = []
    for page in pages:
        goes_on = False
        for line in page:
            if goes_on and line.kind is None and found[-1].doubt == line.doubt and _continues(line.text):
                found[-1] = replace(line, text=glued(found[-1].text, line.text))
            else:
                found.append(line)
            goes_on = line.kind is None and _width(line.text) >= full
    return found


def _width(line: str) -> int:
    """Characters that take up width: marks above and below do not."""
    return len(line) - len(_MARK.findall(line))


def _continues(line: str) -> bool:
    """A list item, a known heading, or a name and a colon begin anew."""
    line = line.strip()
    return marker(line) is NO_MARKER and not is_known_label(line) and not _NAMED.match(line)


def glued(text: str, line: str) -> str:
    """Thai goes on without a space; a number or Latin word beside the break had one."""
    text, line = text.rstrip("\r\n"), line.lstrip()
    if not text or text[-1:].isspace() or not line or (_is_thai(text[-1:]) and _is_thai(line[0])):
        return text + line
    return f"{text} {line}" if text[-1:] not in '(“"/-' and line[0] not in ')”"/,.' else text + line


def _is_thai(char: str) -> bool:
    return "\u0e00" <= char <= "\u0e7f" and not char.isdigit()
