"""An archive in memory, as the pipeline sees one; and files in the formats that people send."""

import io
import zipfile
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

import docx
import openpyxl

from vectorstore.types import Document, Passage


class Names:
    """The names of scans."""

    def __init__(self) -> None:
        self.sources: list[str] = []

    def note(self, source: str) -> None:
        self.sources.append(source)


class Masks:
    """Nothing personal is found."""

    def counts(self, ids: Sequence[str]) -> dict[str, int]:
        return {}


class MemoryArchive:
    """Keeps what it is given; `batches` are the sizes it came in."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.passages: dict[str, list[Passage]] = {}
        self.batches: list[int] = []
        self.unread = Names()
        self.masks = Masks()

    def known(self, content_id: str) -> bool:
        return any(document.id == content_id for document in self.documents.values())

    def bulk(self) -> AbstractContextManager[None]:
        return nullcontext()

    def add(self, entries: Sequence[tuple[Document, Sequence[Passage]]]) -> list[bool]:
        self.batches.append(len(entries))
        replaced = []
        for document, passages in entries:
            replaced.append(document.source in self.documents)
            self.documents[document.source] = document
            self.passages[document.source] = list(passages)
        return replaced


def word(*paragraphs: str | tuple[str, str] | list[list[str]]) -> bytes:
    """A DOCX: a string is a paragraph, a pair a paragraph and its style, a list of lists a table."""
    document = docx.Document()
    for item in paragraphs:
        if isinstance(item, list):
            table = document.add_table(rows=len(item), cols=len(item[0]))
            for row, texts in zip(table.rows, item, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
        elif isinstance(item, tuple):
            document.add_paragraph(item[0], style=item[1])
        else:
            document.add_paragraph(item)
    return saved(document)


def sheet(rows: Sequence[Sequence[object]], title: str = "Sheet") -> bytes:
    """An XLSX of one sheet."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP of files by their names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return buffer.getvalue()


def saved(document: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def repacked(package: bytes, changes: dict[str, bytes | None]) -> bytes:
    """`package` with members replaced, added, or (None) left out."""
    buffer = io.BytesIO()
    quickly = zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with zipfile.ZipFile(io.BytesIO(package)) as old, quickly as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def pdf(*pages: Sequence[str], encrypted: bool = False) -> bytes:
    """A PDF of Latin lines; no lines make a page without text, as a scan is."""
    streams = [
        "".join(f"BT /F1 12 Tf 50 {780 - 20 * row} Td ({line}) Tj ET\n" for row, line in enumerate(page)) for page in pages
    ]
    return pdf_of_streams(*streams, encrypted=encrypted)


def pdf_of_streams(*streams: str, encrypted: bool = False) -> bytes:
    """A PDF of A4 pages drawn by these operators; /F1 is Helvetica."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for stream in streams:
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}endstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    trailer = f"/Size {len(objects) + 1} /Root 1 0 R"
    if encrypted:
        trailer += f" /ID [<{'00' * 16}> <{'00' * 16}>]"
        trailer += f" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >>"
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< {trailer} >>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + end).encode("latin-1")


def member(package: bytes, name: str) -> bytes:
    """One member of a ZIP package."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return opened.read(name)
