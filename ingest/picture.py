"""Photographs and scans as pictures (PNG, JPEG, TIFF), read by OCR. The only door to Pillow."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ingest import ocr
from ingest.errors import NoTextLayer, TooLarge, UnreadableDocument, UnsupportedFormat
from ingest.paged import ocr_lines
from ingest.pages import joined
from ingest.raw import Raw

MAX_FRAMES = 300
"""Pages of a TIFF."""

_FORMATS = ("PNG", "JPEG", "TIFF")
_OTHERS = (b"GIF8", b"RIFF")
_LONG_SIDE = 3_300
"""Pixels of an A4 page's longer side at 300 to the inch, about; a smaller picture is drawn larger, up to three times."""

FAULTS = (OSError, SyntaxError, ValueError, ArithmeticError, EOFError, LookupError, TypeError, Warning)
"""What Pillow raises for a broken picture."""


def read_picture(source: str, content: bytes) -> Raw:
    """The lines that OCR reads off a picture; a TIFF's frames are its pages.

    Raises:
        UnsupportedFormat: it is another kind of picture.
        UnreadableDocument: it is broken.
        TooLarge: it has more than 40 million pixels or 300 frames, or reading it takes too long.
        NoTextLayer: no OCR is installed, or it finds no words.
    """
    if content.startswith(_OTHERS):
        raise UnsupportedFormat(source, "รูปภาพชนิดอื่นที่ไม่ใช่ PNG, JPEG หรือ TIFF")
    picture = _opened(source, content)
    if not ocr.is_there():
        raise NoTextLayer(source)
    read = ocr.read_pages(source, (_frame(source, picture, number) for number in range(_frames(source, picture))))
    pages = [ocr_lines(found, number) for number, found in enumerate(read, 1)]
    if not any(pages):
        raise NoTextLayer(source, "อ่านตัวอักษรจากภาพไม่ได้")
    return Raw(joined(pages))


@contextmanager
def _faults_told(source: str) -> Iterator[None]:
    """Pillow's errors, and its warnings, as ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            yield
        except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
            raise TooLarge(source, _limit()) from error
        except FAULTS as error:
            raise UnreadableDocument(source) from error


def _opened(source: str, content: bytes) -> Image.Image:
    """The picture, its size looked at before anything is decoded."""
    with _faults_told(source):
        picture = Image.open(io.BytesIO(content), formats=_FORMATS)
    _check_size(source, picture)
    return picture


def _check_size(source: str, picture: Image.Image) -> None:
    if picture.width * picture.height > ocr.MAX_PIXELS:
        raise TooLarge(source, _limit())


def _limit() -> str:
    return f"ภาพเกิน {ocr.MAX_PIXELS // 1_000_000} ล้านพิกเซล"


def _frames(source: str, picture: Image.Image) -> int:
    with _faults_told(source):
        count = int(getattr(picture, "n_frames", 1))
    if count > MAX_FRAMES:
        raise TooLarge(source, f"เกิน {MAX_FRAMES} หน้า")
    return count


def _frame(source: str, picture: Image.Image, number: int) -> NDArray[np.uint8]:
    """A frame (0-based) upright, in grey and of the size that OCR reads best."""
    with _faults_told(source):
        picture.seek(number)
    _check_size(source, picture)
    with _faults_told(source):
        return _grey(picture)


def _grey(frame: Image.Image) -> NDArray[np.uint8]:
    upright = ImageOps.exif_transpose(frame)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        clear = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    grey = upright.convert("L")
    scale = min(3.0, _LONG_SIDE / max(grey.size))
    if scale > 1.2:
        grey = grey.resize((round(grey.width * scale), round(grey.height * scale)), Image.Resampling.LANCZOS)
    return np.asarray(grey, np.uint8)
