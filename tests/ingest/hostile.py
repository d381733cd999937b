"""Files made to do harm, or broken in ways that have done some, each with what may become of it."""

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import openpyxl

from tests.ingest import memory

TAKEN = "taken"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
_GOOD = "รายงานการประชุมสภาองค์กรชุมชน มีสมาชิก 845 คน"


@dataclass(frozen=True)
class Hostile:
    """A file: what it is called, its bytes when asked for, and the codes of which one is told of it; `taken` is none."""

    name: str
    make: Callable[[], bytes]
    codes: tuple[str, ...]


def _word(body: bytes = b"", **parts: bytes) -> bytes:
    """A DOCX whose document is `body`, compressed; `parts` are members beside it, __ for a slash and _ for a dot."""
    members = {name.replace("__", "/").replace("_", "."): content for name, content in parts.items()}
    if body:
        members["word/document.xml"] = body
    return memory.repacked(memory.word(_GOOD), members)


def _document(inside: bytes, doctype: bytes = b"") -> bytes:
    head = b'<?xml version="1.0"?>' + doctype + f"<w:document {_W}><w:body>".encode()
    return head + inside + b"</w:body></w:document>"


def _paragraph(inside: bytes) -> bytes:
    return b"<w:p><w:r><w:t>" + inside + b"</w:t></w:r></w:p>"


def _laughs() -> bytes:
    entities = b'<!ENTITY a0 "ha">' + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    return _word(_document(_paragraph(b"&a11;"), b"<!DOCTYPE w [" + entities + b"]>"))


def _tables(depth: int) -> bytes:
    return b"<w:tbl><w:tr><w:tc>" * depth + _paragraph(b"x") + b"</w:tc></w:tr></w:tbl>" * depth


def _pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, from 1 on; the first is its catalogue."""
    body, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        len(body),
    )


def _stream(data: bytes, filters: bytes) -> bytes:
    return b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream" % (len(data), filters, data)


def _page(contents: bytes) -> bytes:
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    return _pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, contents, font)


def _packed(mebibytes: int) -> bytes:
    """So much of spaces, deflated: one mebibyte that needs none before it, again and again."""
    spaces, packing, sum_ = b" " * (1 << 20), zlib.compressobj(9), 1
    head = packing.compress(b"") + packing.flush(zlib.Z_FULL_FLUSH)
    one = packing.compress(spaces) + packing.flush(zlib.Z_FULL_FLUSH)
    for _ in range(mebibytes):
        sum_ = zlib.adler32(spaces, sum_)
    return head + one * mebibytes + b"\x03\x00" + sum_.to_bytes(4, "big")


def _many_pages(count: int) -> bytes:
    kids = b" ".join([b"3 0 R"] * count)
    pages = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return _pdf(b"<< /Type /Catalog /Pages 2 0 R >>", pages, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>")


def _cycle() -> bytes:
    pages = (b"<< /Type /Pages /Kids [3 0 R] /Count 9 >>", b"<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R /Count 9 >>")
    return _pdf(b"<< /Type /Catalog /Pages 2 0 R >>", *pages)


def _zip(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in members:
            package.writestr(name, content)
    return buffer.getvalue()


def _bomb(depth: int) -> bytes:
    inner = _zip(("a.txt", bytes(10_000_000)))
    for _ in range(depth):
        inner = _zip(*((f"{n}.zip", inner) for n in range(10)))
    return inner


def _lying() -> bytes:
    """A DOCX whose directory says that a part has ten bytes."""
    content = bytearray(_word(_document(_paragraph(b"x" * 50_000_000))))
    place = content.rfind(b"word/document.xml") - 46
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def _sheet() -> bytes:
    """One cell in the last row and column that a sheet may have."""
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "ไกล"
    book.save(file := io.BytesIO())
    return file.getvalue()


def _png(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = side.to_bytes(4, "big") * 2 + b"\x01\x00\x00\x00\x00"
    packing = zlib.compressobj(9)
    row = bytes(1 + side // 8 + 1)
    pixels = b"".join(packing.compress(row) for _ in range(side)) + packing.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _svg() -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'


OPERATORS = Hostile(
    "operators.pdf",
    lambda: _page(_stream(zlib.compress(b"BT /F1 9 Tf 50 700 Td " + b"(ab) Tj " * 1_500_000 + b"ET"), b"/FlateDecode")),
    ("too_large", "timeout", TAKEN),
)
"""Read until its time is up."""

FILES = (
    Hostile("zero.txt", bytes, ("empty_file",)),
    Hostile("zero.pdf", bytes, ("empty_file",)),
    Hostile("spaces.docx", lambda: b" " * 1000, ("empty_file",)),
    Hostile("mark.txt", lambda: b"\xef\xbb\xbf", ("empty_file",)),
    Hostile("text-bomb.docx", lambda: _word(_document(_paragraph(b"x" * 400_000_000))), ("too_large",)),
    Hostile("part-bomb.docx", lambda: _word(word__media__a_bin=bytes(300_000_000)), ("too_large",)),
    Hostile("paragraphs.docx", lambda: _word(_document(_paragraph(b"x") * 2_000_000)), ("too_large",)),
    Hostile("tables.docx", lambda: _word(_document(_tables(5_000))), ("too_large", "corrupt")),
    Hostile(
        "entity.docx",
        lambda: _word(_document(_paragraph(b"&x;"), b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
        ("xml_dtd_forbidden",),
    ),
    Hostile("laughs.docx", _laughs, ("xml_dtd_forbidden",)),
    Hostile(
        "quadratic.docx",
        lambda: _word(_document(_paragraph(b"&x;" * 50_000), b'<!DOCTYPE w [<!ENTITY x "' + b"x" * 50_000 + b'">]>')),
        ("xml_dtd_forbidden",),
    ),
    Hostile(
        "styles.docx",
        lambda: _word(word__styles_xml='<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w []><w/>'.encode("utf-16")),
        ("xml_dtd_forbidden",),
    ),
    Hostile("members.docx", lambda: _word(**{f"a{n}_xml": b"<a/>" for n in range(3_000)}), ("too_large",)),
    Hostile("above.docx", lambda: memory.repacked(memory.word(_GOOD), {"../../etc/passwd": b"x"}), (TAKEN,)),
    Hostile("lying.docx", _lying, ("corrupt", "too_large")),
    Hostile("password.docx", lambda: _OLE + "EncryptedPackage".encode("utf-16-le"), ("encrypted",)),
    Hostile("old.docx", lambda: _OLE, ("unsupported_format", "corrupt")),
    Hostile("short.docx", lambda: memory.word(_GOOD)[:4_000], ("corrupt",)),
    Hostile(
        "stream.pdf",
        lambda: _page(_stream(_packed(1_024), b"/FlateDecode")),
        ("no_text_layer", "corrupt", "too_large", "timeout"),
    ),
    Hostile(
        "double.pdf",
        lambda: _page(_stream(zlib.compress(_packed(1_024), 9), b"[/FlateDecode /FlateDecode]")),
        ("no_text_layer", "corrupt", "too_large", "timeout"),
    ),
    Hostile("pages.pdf", partial(_many_pages, 200_000), ("too_large", "corrupt")),
    Hostile("cycle.pdf", _cycle, ("corrupt", "no_text_layer")),
    OPERATORS,
    Hostile("short.pdf", lambda: memory.pdf(["Some text of a page"])[:120], ("corrupt",)),
    Hostile("password.pdf", lambda: memory.pdf(["Secret text of a page"], encrypted=True), ("encrypted",)),
    Hostile("scan.pdf", lambda: memory.pdf([], []), ("no_text_layer",)),
    Hostile("page.pdf", lambda: b"<html><body>x</body></html>", ("type_mismatch",)),
    Hostile("pdf.txt", lambda: memory.pdf(["Some text of a page"]), ("type_mismatch",)),
    Hostile(
        "nested.html",
        lambda: b"<html><body>" + b"<div>" * 200_000 + b"x",
        ("too_large", "corrupt", "timeout", "empty_file", TAKEN),
    ),
    Hostile("tags.html", lambda: b"<html><body>" + b"<p>a<b>b" * 4_000_000, ("too_large", "timeout", "corrupt")),
    Hostile(
        "laughs.html",
        lambda: b'<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><html><body><p>&b;</p>' + _GOOD.encode(),
        (TAKEN, "corrupt"),
    ),
    Hostile("line.txt", lambda: "งบ".encode() * 6_000_000, ("too_large", "timeout")),
    Hostile("long.txt", lambda: "งบ".encode() * 950_000, (TAKEN,)),
    Hostile("lines.txt", lambda: b"a\n" * 400_000, ("too_large",)),
    Hostile("deep.jsonl", lambda: b"[" * 100_000, ("invalid_record",)),
    Hostile("bytes.bin", lambda: bytes(range(256)) * 100, ("unsupported_format",)),
    Hostile("latin.txt", lambda: b"caf\xe9 cr\xe8me br\xfbl\xe9e na\xefve", ("invalid_encoding",)),
    Hostile("far.xlsx", _sheet, (TAKEN,)),
    Hostile("large.png", partial(_png, 30_000), ("too_large",)),
    Hostile("bomb.zip", partial(_bomb, 3), ("too_large", "nested_archive")),
    Hostile("mimetype.zip", lambda: _zip(("mimetype", bytes(300_000_000))), ("too_large",)),
    Hostile("directory.zip", lambda: b"PK\x03\x04" + b"PK\x01\x02" * 300_000, ("too_large",)),
    Hostile("above.zip", lambda: _zip(("../../etc/passwd", _GOOD.encode())), (TAKEN,)),
    Hostile("picture.svg", _svg, ("unsupported_format", "xml_dtd_forbidden")),
    Hostile(
        "deep.rtf",
        lambda: b"{\\rtf1" + b"{" * 100_000,
        ("corrupt", "too_large", "timeout", "converter_missing", "empty_file", TAKEN),
    ),
)
"""A format that is read from now on needs no more than another code here."""

NAMES = {
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\system.ini": "system.ini",
    "CON.txt": "CON.txt",
    "ก" * 300 + ".txt": "ก" * 196 + ".txt",
    "รายงาน\u202etxt.fdp": "รายงานtxt.fdp",
    "-rf.txt": "-rf.txt",
    "--home=x.txt": "--home=x.txt",
    "nul\x00.txt": "nul.txt",
    "cafe\u0301.txt": "caf\u00e9.txt",
    "line\nbreak.txt": "linebreak.txt",
    "<img src=x onerror=alert(1)>.txt": "<img src=x onerror=alert(1)>.txt",
}
"""What a file may be called, and how the archive knows it."""
