"""Old and open formats by way of LibreOffice, with the real program; and what is said where there is none."""

import io
import os
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.util import Inches

from ingest import IngestError, office, read_document
from ingest.office import convert
from ingest.readers import format_of
from tests.ingest import memory

SOFFICE = office.program()
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
TEXT = "ที่ประชุมเห็นชอบงบประมาณกองทุนสวัสดิการชุมชน จำนวน 50,000 บาท"


def slides() -> bytes:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_textbox(Inches(1), Inches(1), Inches(6), Inches(1)).text_frame.text = TEXT
    return memory.saved(deck)


MADE = {
    "doc": ("docx", memory.word(TEXT), "office"),
    "odt": ("docx", memory.word(TEXT), "open"),
    "rtf": ("docx", memory.word(TEXT), "rich_text"),
    "xls": ("xlsx", memory.sheet([["รายการ", "บาท"], ["ปูน", 500]]), "office"),
    "ods": ("xlsx", memory.sheet([["รายการ", "บาท"], ["ปูน", 500]]), "open"),
    "ppt": ("pptx", slides(), "office"),
    "odp": ("pptx", slides(), "open"),
}


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("suffix", MADE)
def test_old_formats(suffix: str) -> None:
    modern, content, kind = MADE[suffix]
    old = convert(f"a.{modern}", content, modern, suffix)
    assert format_of(old) == kind
    assert read_document(f"รายงาน.{suffix}", old).text == ("รายการ: ปูน | บาท: 500" if modern == "xlsx" else TEXT)
    if suffix == "rtf":
        assert read_document("เปลี่ยนชื่อ.doc", old).text == TEXT


@needs_office
def test_what_libreoffice_cannot_read() -> None:
    with pytest.raises(IngestError) as caught:
        read_document(
            "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "WordDocument\x00".encode("utf-16-le") + bytes(64)
        )
    assert caught.value.code in {"corrupt", "empty_file"}


def test_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(office, "_PLACES", ())
    with pytest.raises(IngestError, match="LibreOffice") as caught:
        read_document("รายงาน.rtf", b"{\\rtf1 x}")
    assert caught.value.code == "converter_missing"
    assert "โปรดติดตั้ง LibreOffice" in str(caught.value)


def test_a_program_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nsleep 300 &\necho $! > {tmp_path}/child\nsleep 300\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(office, "TIMEOUT_S", 1)
    with pytest.raises(IngestError) as caught:
        read_document("a.rtf", b"{\\rtf1 x}")
    assert caught.value.code == "timeout"
    child = (tmp_path / "child").read_text().strip()
    state = subprocess.run(["ps", "-o", "stat=", "-p", child], capture_output=True, text=True, check=False).stdout.strip()
    assert not state or state.startswith("Z")


def test_open_documents_that_are_refused() -> None:
    kind = b"application/vnd.oasis.opendocument."
    locked = memory.zipped({"mimetype": kind + b"text", "META-INF/manifest.xml": b"<manifest:encryption-data/>"})
    for name, content, code in (
        ("a.odt", locked, "encrypted"),
        ("a.odg", memory.zipped({"mimetype": kind + b"graphics"}), "unsupported_format"),
    ):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert "mimetype" in package.namelist()
        with pytest.raises(IngestError) as caught:
            read_document(name, content)
        assert caught.value.code == code
