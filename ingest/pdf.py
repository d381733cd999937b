"""PDF by PDFium: pages to lines, running heads dropped, lines of a paragraph joined. The only door to pypdfium2."""

import re
from collections import Counter
from threading import Lock

import pypdfium2
from pypdfium2 import raw as pdfium

from ingest.errors import EncryptedDocument, NoTextLayer, TooLarge, UnreadableDocument
from ingest.lines import NO_MARKER, is_known_label, marker
from ingest.raw import Raw, RawLine

MAX_PAGES = 3_000

FAULTS = (pypdfium2.PdfiumError, ValueError, UnicodeError)
"""What PDFium raises for a broken file."""

_LETTERS_A_PAGE = 8
_LETTERS_OF_A_STAMP = 30
"""A page of text has more than the first, running heads aside; a scan has none, or the scanner's own stamp on every page."""

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

_ONE_AT_A_TIME = Lock()
"""PDFium keeps global state and is not to be called from two threads."""


def read_pdf(source: str, content: bytes) -> Raw:
    """A PDF's lines with their pages.

    Raises:
        UnreadableDocument: PDFium cannot open it.
        EncryptedDocument: it opens with a password only.
        NoTextLayer: its pages are pictures.
        TooLarge: it has more than 3,000 pages.
    """
    try:
        with _ONE_AT_A_TIME:
            pages = _pages(source, content)
    except FAULTS as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise EncryptedDocument(source) from error
        raise UnreadableDocument(source) from error
    except MemoryError as error:
        raise TooLarge(source, "โครงสร้างซับซ้อนเกินไป") from error
    own = _without_running_lines(pages)
    if _letters(own) < _LETTERS_A_PAGE * len(pages):
        own = pages
        if _letters(pages) < _LETTERS_OF_A_STAMP * len(pages):
            raise NoTextLayer(source)
    return Raw(_joined(own))


def _letters(pages: list[list[str]]) -> int:
    return sum(len(_LETTER.findall(line)) for page in pages for line in page)


def _pages(source: str, content: bytes) -> list[list[str]]:
    document = pypdfium2.PdfDocument(content)
    try:
        if not len(document):
            raise UnreadableDocument(source)
        if len(document) > MAX_PAGES:
            raise TooLarge(source, f"เกิน {MAX_PAGES:,} หน้า")
        return [_page(document, index) for index in range(len(document))]
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, index: int) -> list[str]:
    """The lines of one page; PDFium writes a hyphen at a line's end as U+FFFE."""
    page = document[index]
    try:
        text_page = page.get_textpage()
        try:
            text = str(text_page.get_text_bounded())
        finally:
            text_page.close()
    finally:
        page.close()
    return text.replace("\ufffe\r\n", "").replace("\ufffe", "-").splitlines()


def _without_running_lines(pages: list[list[str]]) -> list[list[str]]:
    """Pages without the heads and feet that most of them share (digits aside), and without their own numbers."""
    counts = Counter(key for page in pages for key in {_key(line) for line in _edges(page)})
    running = {key for key, count in counts.items() if len(pages) > 2 and 2 * count > len(pages) and key}
    return [_trimmed(page, number, running) for number, page in enumerate(pages, 1)]


def _edges(page: list[str]) -> list[str]:
    filled = [line for line in page if line.strip()]
    return filled[:_EDGE] + filled[_EDGE:][-_EDGE:]


def _key(line: str) -> str:
    return _DIGITS.sub("#", "".join(line.split()))


def _trimmed(page: list[str], number: int, running: set[str]) -> list[str]:
    page = [line for line in page if line.strip()]
    for end in (0, -1):
        for _ in range(_EDGE):
            if page and (_key(page[end]) in running or _is_number_of(page[end], number)):
                page.pop(end)
    return page


def _is_number_of(line: str, number: int) -> bool:
    match = _PAGE_NUMBER.fullmatch(line.strip())
    return match is not None and int(match[1]) == number


def _joined(pages: list[list[str]]) -> list[RawLine]:
    """The pages' lines, those of one paragraph joined; a paragraph ends with its page, so that each has one page."""
    widths = sorted(_width(line) for page in pages for line in page)
    full = _FULL * widths[int(0.9 * len(widths))] if widths else 0
    found: list[RawLine] = []
    for number, page in enumerate(pages, 1):
        goes_on = False
        for line in page:
            if goes_on and _continues(line):
                found[-1] = RawLine(_glued(found[-1].text, line), number)
            else:
                found.append(RawLine(line, number))
            goes_on = _width(line) >= full
    return found


def _width(line: str) -> int:
    """Characters that take up width: marks above and below do not."""
    return len(line) - len(_MARK.findall(line))


def _continues(line: str) -> bool:
    """A list item, a known heading, or a name and a colon begin anew."""
    line = line.strip()
    return marker(line) is NO_MARKER and not is_known_label(line) and not _NAMED.match(line)


def _glued(text: str, line: str) -> str:
    """Thai goes on without a space; a number or Latin word beside the break had one."""
    text, line = text.rstrip("\r\n"), line.lstrip()
    if text[-1:].isspace() or not line or (_is_thai(text[-1:]) and _is_thai(line[0])):
        return text + line
    return f"{text} {line}" if text[-1:] not in '(“"/-' and line[0] not in ')”"/,.' else text + line


def _is_thai(char: str) -> bool:
    return "\u0e00" <= char <= "\u0e7f" and not char.isdigit()
