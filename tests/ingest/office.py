"""What LibreOffice makes of our text, for tests that need a real PDF; and how far a text is from the true one."""

import shutil
import subprocess
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

REPORT = Path(__file__).parents[1] / "data" / "round_trip.txt"
FONTS = ("Garuda", "Loma", "Norasi", "Noto Sans Thai")


def has_font(font: str) -> bool:
    listing = shutil.which("fc-list")
    return listing is not None and bool(subprocess.run([listing, font], capture_output=True, check=False).stdout.strip())


def pdf_of(document: Path) -> bytes:
    """The PDF that LibreOffice makes of a file, beside it; skips the test where there is no LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation=file://{document.parent}/profile"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(document.parent), str(document)]
    subprocess.run(command, capture_output=True, check=True, timeout=180)
    return document.with_suffix(".pdf").read_bytes()


def report_in(font: str, folder: Path) -> bytes:
    """Our report as a PDF in a font; skips the test where the font is missing."""
    if not has_font(font):
        pytest.skip(f"the font {font} is not installed")
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.size = Pt(14)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)
    for line in REPORT.read_text(encoding="utf-8").splitlines():
        document.add_paragraph(line)
    path = folder / f"{font.replace(' ', '')}.docx"
    document.save(str(path))
    return pdf_of(path)


def error_rate(right: str, read: str) -> float:
    """The share of characters, spaces aside, to be changed, added or taken away (Levenshtein) to make one of the other."""
    one, other = "".join(right.split()), "".join(read.split())
    before = list(range(len(other) + 1))
    for n, a in enumerate(one, 1):
        row = [n]
        for m, b in enumerate(other, 1):
            row.append(min(before[m] + 1, row[-1] + 1, before[m - 1] + (a != b)))
        before = row
    return before[-1] / len(one)


def error_rate_within(right: str, read: str) -> float:
    """The share of characters, spaces and the marks between cells aside, in which `right` differs from what is likest to it."""
    one, other = ("".join(text.replace("|", " ").replace("•", "●").split()) for text in (right, read))
    before = [0] * (len(other) + 1)
    for n, a in enumerate(one, 1):
        row = [n]
        for m, b in enumerate(other, 1):
            row.append(min(before[m] + 1, row[-1] + 1, before[m - 1] + (a != b)))
        before = row
    return min(before) / len(one)
