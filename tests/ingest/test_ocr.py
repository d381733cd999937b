"""Scans and photographs: read by Tesseract where it is installed, refused with what to install where it is not."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest import IngestError, ingest, ocr, pdf, picture, read_document
from ingest.errors import NoTextLayer
from ingest.misread import mended
from tests.ingest import memory, office
from vectorstore.types import Document

RIGHT = office.REPORT.read_text(encoding="utf-8")

needs_tesseract = pytest.mark.skipif(not ocr.is_there(), reason="Tesseract with its Thai data is not installed")


def scanned(content: bytes) -> list[Image.Image]:
    """The pages of a PDF as a scanner sees them, 300 to the inch."""
    with pdf._opened("a.pdf", content) as document:
        return [Image.fromarray(pdf._drawing("a.pdf", document, n, 300)[0]) for n in range(len(document))]


def saved(pages: list[Image.Image], kind: str) -> bytes:
    buffer = io.BytesIO()
    several = {"save_all": True, "append_images": pages[1:]} if len(pages) > 1 else {}
    pages[0].save(buffer, kind, resolution=300, dpi=(300, 300), **several)
    return buffer.getvalue()


def check(document: Document, right: str = RIGHT) -> None:
    assert office.error_rate(right, document.text) <= 0.05
    assert {block.doubt for block in document.blocks} == {"ocr"}


@needs_tesseract
@pytest.mark.parametrize("font", ["Garuda", "Norasi"])
def test_a_scanned_report_is_read(font: str, tmp_path: Path) -> None:
    pages = scanned(office.report_in(font, tmp_path))
    document = read_document("a.pdf", saved(pages, "PDF"))
    check(document)
    assert {block.page for block in document.blocks} == set(range(1, len(pages) + 1))
    assert "จ านวน" not in document.text
    assert "ํ" not in document.text


@needs_tesseract
@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.tiff", "TIFF")])
def test_a_picture_is_read(name: str, kind: str, tmp_path: Path) -> None:
    page = scanned(office.report_in("Norasi", tmp_path))[0]
    content = saved([page.crop((0, 0, page.width, page.height // 4))], kind)
    assert "รายงานการประชุมสภาองค์กรชุมชนตำบลบ้านสวนพริก" in read_document(name, content).text.replace(" ", "")


@needs_tesseract
def test_a_scan_is_read_where_tesseract_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = scanned(office.report_in("Norasi", tmp_path))[0]
    content = saved([page.crop((0, 0, page.width, page.height // 4))], "PDF")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "scan.pdf").write_bytes(content)
    with monkeypatch.context() as without:
        without.setattr(ocr, "is_there", lambda: False)
        with pytest.raises(NoTextLayer, match="tesseract-ocr-tha"):
            read_document("scan.pdf", content)
    assert ingest([tmp_path / "in"], memory.MemoryArchive()).added == ["scan.pdf"]


def refused(name: str, content: bytes) -> str:
    with pytest.raises(IngestError) as caught:
        read_document(name, content)
    return caught.value.code


def test_what_cannot_be_a_page() -> None:
    assert refused("a.png", saved([Image.new("1", (7_000, 6_000))], "PNG")) == "too_large"
    assert refused("a.png", saved([Image.new("L", (100, 100))], "PNG")[:80]) in ("corrupt", "no_text_layer")
    assert refused("a.png", saved([Image.new("L", (100, 100), 255)], "PNG")) == "no_text_layer"
    assert refused("a.gif", saved([Image.new("L", (100, 100))], "GIF")) == "unsupported_format"


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MAX_FRAMES", 1)
    monkeypatch.setattr(ocr, "is_there", lambda: True)
    assert refused("a.tif", saved([Image.new("L", (10, 10)), Image.new("L", (10, 10))], "TIFF")) == "too_large"


@needs_tesseract
def test_a_page_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "DOCUMENT_TIMEOUT_S", 0.0)
    with pytest.raises(IngestError, match="ไม่ทัน"):
        list(ocr.read_pages("a.pdf", [np.zeros((10, 10), np.uint8)]))


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("ทีประชุมครังที 3", "ที่ประชุมครั้งที่ 3"),
        ("เมือวันศุกร์ที 5", "เมื่อวันศุกร์ที่ 5"),
        ("เรืองอืน ๆ", "เรื่องอื่น ๆ"),
        ("ทังนี้ตังแต่ปี 72,500 บาท", "ทั้งนี้ตั้งแต่ปี 72,500 บาท"),
        ("รายงานการปร ะชุม", "รายงานการประชุม"),
    ],
)
def test_lost_signs_are_put_back(read: str, meant: str) -> None:
    assert mended(read) == meant


@pytest.mark.parametrize(
    "right", ["ฝายชะลอน้ำ 9 จุด", "ทีมงาน ทันที ทุกที", "ครูใหญ่ นำเสนอ", "ปี 2566 กับ ๒๕๖๗", "น้ำ ไฟ ถนน", "คุณเรือง ใจซื่อ"]
)
def test_what_is_right_stays(right: str) -> None:
    assert mended(right) == right
