"""PDF by PDFium: the letters, ruling lines and pictures of each page, and how a page looks. The only door to pypdfium2."""

import ctypes
import math
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from threading import Lock

import numpy as np
import pypdfium2
from pypdfium2 import raw as pdfium

from ingest import paged
from ingest.errors import EncryptedDocument, TooLarge, UnreadableDocument
from ingest.glyphs import Box, Glyph, Ink, Page, Rule, turned
from ingest.invisible import Drawing
from ingest.raw import Raw

MAX_PAGES = 3_000
MAX_PIXELS = 40_000_000
"""Of a page that is drawn; a larger one is drawn smaller."""

FAULTS = (pypdfium2.PdfiumError, ctypes.ArgumentError, ValueError)
"""What PDFium raises for a broken file."""

_MOST_PATHS, _MOST_SEGMENTS = 4_000, 200
"""A page of more drawn paths is a map or a plan; a path of more pieces is a figure."""
_MOST_FIELDS = 2_000
"""Notes and fields of one page that are looked at."""
_THIN = 2.5
"""Points across which a filled rectangle is a ruling line at most."""
_SHORT = 3.0
"""Points along which it is one at least."""
_PALE = 225
"""A colour of no part below this is looked at against its ground."""

_ONE_AT_A_TIME = Lock()
"""PDFium keeps global state and is not to be called from two threads."""


def read_pdf(source: str, content: bytes) -> Raw:
    """A PDF's lines with their pages; pages without letters, or with garbled ones, are read by OCR where there is one.

    Raises:
        UnreadableDocument: PDFium cannot open it.
        EncryptedDocument: it opens with a password only.
        NoTextLayer: its pages are pictures, and no OCR is installed.
        TooLarge: it has more than 3,000 pages, or OCR takes too long.
    """
    with _opened(source, content) as document:
        return paged.read(source, len(document), partial(_page, source, document), partial(_drawing, source, document))


@contextmanager
def _faults_told(source: str) -> Iterator[None]:
    """PDFium's errors as ours."""
    try:
        yield
    except FAULTS as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise EncryptedDocument(source) from error
        raise UnreadableDocument(source) from error
    except MemoryError as error:
        raise TooLarge(source, "โครงสร้างซับซ้อนเกินไป") from error


@contextmanager
def _opened(source: str, content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with _ONE_AT_A_TIME:
        with _faults_told(source):
            document = pypdfium2.PdfDocument(content)
        try:
            if not len(document):
                raise UnreadableDocument(source)
            if len(document) > MAX_PAGES:
                raise TooLarge(source, f"เกิน {MAX_PAGES:,} หน้า")
            yield document
        finally:
            document.close()


def _drawing(source: str, document: pypdfium2.PdfDocument, index: int, dpi: float) -> Drawing:
    """A page drawn, by its index, at `dpi` dots per inch or, where that were too many, fewer."""
    with _faults_told(source), closing(document[index]) as page:
        width, height = page.get_size()
        scale = min(dpi / 72, math.sqrt(MAX_PIXELS / max(1.0, width * height)))
        bitmap = page.render(scale=scale, grayscale=True)
        pixels = np.array(bitmap.to_numpy(), np.uint8).reshape(bitmap.height, bitmap.width)
        corners = [_device(page, bitmap.width, bitmap.height, x, y) for x, y in ((0, 0), (1000, 0), (0, 1000))]
        bitmap.close()
    (x0, y0), (x1, y1), (x2, y2) = corners

    def to_pixel(x: float, y: float) -> tuple[int, int]:
        across = x0 + x * (x1 - x0) / 1000 + y * (x2 - x0) / 1000
        down = y0 + x * (y1 - y0) / 1000 + y * (y2 - y0) / 1000
        return round(across), round(down)

    return pixels, to_pixel


def _device(page: pypdfium2.PdfPage, width: int, height: int, x: float, y: float) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, across, down)
    return across.value, down.value


def _page(source: str, document: pypdfium2.PdfDocument, index: int) -> Page:
    with _faults_told(source), closing(document[index]) as page:
        if _is_filled_in(page):
            pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)  # of which a page knows when it is opened again
    with _faults_told(source), closing(document[index]) as page:
        with closing(page.get_textpage()) as text_page:
            glyphs = list(_glyphs(text_page))
        rules, pictures = _drawn(page)
        return Page(glyphs, rules, pictures, Box(*page.get_bbox()))


def _is_filled_in(page: pypdfium2.PdfPage) -> bool:
    """Whether there are fields of a form, or words typed onto the page: they stand beside what the page itself has."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_FIELDS)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind in (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT):
            return True
    return False


def _glyphs(text_page: pypdfium2.PdfTextPage) -> Iterator[Glyph]:
    """The letters that the page itself has, without those that PDFium adds (spaces, line ends).

    Letters that one drawn shape stands for have one place; they are one glyph of several letters.
    """
    x, y = ctypes.c_double(), ctypes.c_double()
    inks: dict[int, tuple[float, int, Ink]] = {}
    loose = pdfium.FS_RECTF()
    half = last_key = 0
    last: Glyph | None = None
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if pdfium.FPDFText_IsGenerated(text_page, index) > 0 or not code:
            continue
        if 0xD800 <= code < 0xDC00:
            half = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((half - 0xD800) << 10) + code - 0xDC00 if half else 0xFFFD
        half = 0
        drawn = pdfium.FPDFText_GetTextObject(text_page, index)
        key = ctypes.cast(drawn, ctypes.c_void_p).value or 0
        if key not in inks:
            inks[key] = _ink(text_page, index, drawn)
        size, turn, ink = inks[key]
        pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
        pdfium.FPDFText_GetLooseCharBox(text_page, index, loose)
        text = "-" if code in (2, 0xFFFE) else chr(code)
        box = turned(Box(*text_page.get_charbox(index)), turn)
        room = turned(Box(loose.left, loose.bottom, loose.right, loose.top), turn)
        pen = turned(Box(x.value, y.value, x.value, y.value), turn)
        glyph = Glyph(text, pen.left, pen.bottom, room.left, room.right, size, box, turn, ink)
        if last is not None and key == last_key and (last.x, last.y) == (glyph.x, glyph.y) and last.right > last.x + 0.1 * size:
            last = last.joined(glyph)
            continue
        if last is not None:
            yield last
        last, last_key = glyph, key
    if last is not None:
        yield last


def _ink(text_page: pypdfium2.PdfTextPage, index: int, drawn: object) -> tuple[float, int, Ink]:
    """(size in points, direction of writing in degrees, how they are drawn) of the letters of one text object."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text_page, index, matrix)
    size = pdfium.FPDFText_GetFontSize(text_page, index) * math.hypot(matrix.c, matrix.d)
    turn = round(math.degrees(math.atan2(matrix.b, matrix.a)) / 5) * 5 % 360
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(text_page, index, red, green, blue, alpha)
    if drawn and pdfium.FPDFTextObj_GetTextRenderMode(drawn) in (
        pdfium.FPDF_TEXTRENDERMODE_INVISIBLE,
        pdfium.FPDF_TEXTRENDERMODE_CLIP,
    ):
        return size, turn, "invisible"
    pale = min(red.value, green.value, blue.value) >= _PALE or alpha.value < 255 - _PALE
    return size, turn, "pale" if pale else "plain"


def _drawn(page: pypdfium2.PdfPage) -> tuple[list[Rule], list[Box]]:
    """The page's ruling lines and pictures; no lines where it is a plan or a map."""
    rules: list[Rule] = []
    pictures: list[Box] = []
    paths = 0
    for drawn in page.get_objects(max_depth=1):
        if drawn.type == pdfium.FPDF_PAGEOBJ_PATH:
            paths += 1
            if paths <= _MOST_PATHS:
                rules += _rules(drawn)
        elif drawn.type in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            pictures.append(Box(*drawn.get_bounds()))
    return (rules if paths <= _MOST_PATHS else []), pictures


def _rules(path: pypdfium2.PdfObject) -> Iterator[Rule]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    if stroke.value:
        yield from _strokes(path)
    elif fill.value:
        left, bottom, right, top = path.get_bounds()
        if top - bottom <= _THIN and right - left >= _SHORT:
            yield Rule(left, (bottom + top) / 2, right, (bottom + top) / 2)
        elif right - left <= _THIN and top - bottom >= _SHORT:
            yield Rule((left + right) / 2, bottom, (left + right) / 2, top)


def _strokes(path: pypdfium2.PdfObject) -> Iterator[Rule]:
    """The straight pieces of a drawn outline that run across or down."""
    count = pdfium.FPDFPath_CountSegments(path)
    if not 2 <= count <= _MOST_SEGMENTS:
        return
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    begun = last = (0.0, 0.0)
    for n in range(count):
        piece = pdfium.FPDFPath_GetPathSegment(path, n)
        pdfium.FPDFPathSegment_GetPoint(piece, x, y)
        here = matrix.on_point(x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(piece)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begun = here
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield from _straight(last, here)
        if pdfium.FPDFPathSegment_GetClose(piece):
            yield from _straight(here, begun)
        last = here


def _straight(a: tuple[float, float], b: tuple[float, float]) -> Iterator[Rule]:
    (x0, x1), (y0, y1) = sorted((a[0], b[0])), sorted((a[1], b[1]))
    if (x1 - x0 >= _SHORT and y1 - y0 <= 1) or (y1 - y0 >= _SHORT and x1 - x0 <= 1):
        yield Rule(x0, y0, x1, y0) if x1 - x0 > y1 - y0 else Rule(x0, y0, x0, y1)
