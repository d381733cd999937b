"""Every kind of file, whole and broken: what is read from it, and what is said of one that cannot be read."""

import io
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import IngestError, package, pdf, read_document, readers, word
from ingest.errors import UnsupportedFormat
from ingest.readers import format_of, read
from tests.ingest import memory
from vectorstore.types import Document

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
THAI = "รายงานการประชุมสภาองค์กรชุมชนตำบล จำนวน 3 ราย"


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def xlsx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


def bomb(member_bytes: int) -> bytes:
    return memory.repacked(memory.word("ก"), {"word/media/a.bin": bytes(member_bytes)})


def entity(doctype: str) -> bytes:
    xml = f'<?xml version="1.0"?><!DOCTYPE w [{doctype}]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    return memory.repacked(memory.word("ก"), {"word/document.xml": xml.encode()})


BROKEN: dict[str, tuple[str, bytes, str]] = {
    "no bytes": ("a.txt", b"", "empty_file"),
    "spaces": ("a.txt", b" \n\t ", "empty_file"),
    "a mark only": ("a.txt", b"\xef\xbb\xbf", "empty_file"),
    "nothing but rules": ("a.txt", b"-----\n.....\n", "empty_file"),
    "zero width": ("a.txt", "\u200b\ufeff".encode(), "empty_file"),
    "an empty docx": ("a.docx", memory.word(""), "empty_file"),
    "an empty page": ("a.html", b"<html><body><script>x</script></body></html>", "empty_file"),
    "a PDF of pictures": ("a.pdf", memory.pdf([], [], []), "no_text_layer"),
    "a PDF with a scanner's stamp": ("a.pdf", memory.pdf(["CamScan"], ["CamScan"]), "no_text_layer"),
    "a docx of pictures": ("a.docx", memory.repacked(memory.word(""), {"word/media/a.png": PNG}), "no_text_layer"),
    "a PDF with a password": ("a.pdf", memory.pdf(["Secret text of a page"], encrypted=True), "encrypted"),
    "a docx with a password": ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "a PDF cut short": ("a.pdf", memory.pdf(["Some text of a page"])[:120], "corrupt"),
    "a PDF of nothing": ("a.pdf", b"%PDF-1.7\n", "corrupt"),
    "a docx cut short": ("a.docx", memory.word("ข้อความ")[:4_000], "corrupt"),
    "a docx without its parts": ("a.docx", memory.repacked(memory.word("ก"), {"[Content_Types].xml": None}), "corrupt"),
    "a docx of broken XML": ("a.docx", memory.repacked(memory.word("ก"), {"word/document.xml": b"<w:document>"}), "corrupt"),
    "a docx with an outside entity": ("a.docx", entity('<!ENTITY x SYSTEM "file:///etc/passwd">'), "xml_dtd_forbidden"),
    "a docx of a billion laughs": ("a.docx", entity('<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">'), "xml_dtd_forbidden"),
    "a docx that unpacks to too much": ("a.docx", bomb(package.MAX_UNPACKED_BYTES + 1), "too_large"),
    "a page under a PDF's name": ("a.pdf", b"<!DOCTYPE html><html><body>x</body></html>", "type_mismatch"),
    "text under a PDF's name": ("a.pdf", THAI.encode(), "type_mismatch"),
    "a PDF under a text's name": ("a.txt", memory.pdf(["Some text of a page"]), "type_mismatch"),
    "text under a docx's name": ("a.docx", THAI.encode(), "type_mismatch"),
    "a spreadsheet under a docx's name": ("a.docx", xlsx(), "type_mismatch"),
    "a picture under a PDF's name": ("a.pdf", PNG, "type_mismatch"),
    "a page under a text's name": ("a.txt", b"<html><body>x</body></html>", "type_mismatch"),
    "a spreadsheet without its parts": ("a.xlsx", xlsx(), "corrupt"),
    "a spreadsheet cut short": ("a.xlsx", memory.sheet([["ก", "ข"], ["ค", 1]])[:2_000], "corrupt"),
    "slides cut short": ("a.pptx", memory.word("ก")[:2_000], "corrupt"),
    "an OpenDocument file cut short": ("a.odt", memory.word("ก")[:2_000], "corrupt"),
    "a ZIP": ("a.zip", memory.zipped({"a.txt": THAI.encode()}), "several_documents"),
    "a message without words": ("a.eml", b"From: a@b.c\nTo: d@e.f\nDate: x\nMessage-ID: <1>\n\n", "empty_file"),
    "an empty sheet": ("a.xlsx", memory.sheet([]), "empty_file"),
    "an old Word file": ("a.doc", OLE, "unsupported_format"),
    "an old Word file renamed": ("a.docx", OLE, "unsupported_format"),
    "a picture of nothing": ("a.png", PNG, "corrupt"),
    "a picture of another kind": ("a.gif", b"GIF89a" + bytes(64), "unsupported_format"),
    "XML": ("a.xml", b'<?xml version="1.0"?><a/>', "unsupported_format"),
    "bytes": ("a.bin", bytes(range(256)), "unsupported_format"),
    "neither UTF-8 nor Thai": ("a.txt", b"caf\xe9 cr\xe8me br\xfbl\xe9e na\xefve", "invalid_encoding"),
    "UTF-8 with a byte lost": ("a.txt", "วาระนารี".encode()[:-1], "invalid_encoding"),
    "half a character of UTF-16": ("a.txt", b"\xff\xfea", "invalid_encoding"),
    "a broken record": ("a.jsonl", b'{"id": "a", "body": ', "invalid_record"),
    "a record without a body": ("a.jsonl", b'{"id": "a"}', "invalid_record"),
    "a record without an id": ("a.jsonl", b'{"body": "x"}', "invalid_record"),
    "a list": ("a.jsonl", b"[1]", "invalid_record"),
    "a record nested too deeply": ("a.jsonl", b"[" * 100_000, "invalid_record"),
    "too many lines": ("a.txt", b"a\n" * (readers.MAX_LINES + 1), "too_large"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_says_why(case: str) -> None:
    name, content, code = BROKEN[case]
    with pytest.raises(IngestError) as caught:
        read_document(name, content)
    assert caught.value.code == code
    assert f"“{name}”" in str(caught.value)
    assert "โปรด" in str(caught.value)


def test_too_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MAX_BYTES", 10)
    with pytest.raises(IngestError) as caught:
        read("a.txt", b"x" * 11)
    assert caught.value.code == "too_large"


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    with pytest.raises(IngestError) as caught:
        read("a.pdf", memory.pdf(["a"], ["b"], ["c"]))
    assert caught.value.code == "too_large"


def test_too_many_paragraphs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "MAX_PARAGRAPHS", 2)
    with pytest.raises(IngestError) as caught:
        read("a.docx", memory.word("a", "b", "c"))
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp874", "tis-620"])
def test_encodings(encoding: str) -> None:
    assert read_document("a.txt", f"{THAI}\r\n".encode(encoding)).text == THAI


def test_a_stray_nul_is_dropped() -> None:
    assert read_document("a.txt", f"{THAI}\x00".encode()).text == THAI


def test_the_content_decides_where_the_name_says_nothing() -> None:
    assert format_of(memory.word("ก")) == "word"
    assert read_document("no suffix", memory.word(THAI)).text == THAI
    assert read_document("upload", f"<html><body><p>{THAI}</p></body></html>".encode()).text == THAI
    assert read_document("upload", b"junk\n" + memory.pdf(["Some text of a page"])).text == "Some text of a page"
    assert read_document("upload.json", f'{{"id": "7", "body": "{THAI}"}}'.encode()).text == THAI


def test_a_name_is_cleaned() -> None:
    assert read_document("re\u202eport\x00\n.txt", b"x").source == "report.txt"
    assert len(read_document("ก" * 300 + ".txt", b"x").source) == 200


def test_an_upload_of_several_records() -> None:
    with pytest.raises(UnsupportedFormat, match="2 ระเบียน"):
        read_document("a.jsonl", b'{"id": "a", "body": "x"}\n{"id": "b", "body": "y"}\n')


def test_word() -> None:
    content = memory.word(
        ("โครงการฝาย", "Title"),
        ("1. งบประมาณ", "Heading 1"),
        "แบ่งเป็น ดังนี้",
        [["รายการ", "บาท"], ["วัสดุ\nก่อสร้าง", "114,000"]],
        ("ข้อหนึ่ง", "List Bullet"),
        ("2. แผน", "Heading 1"),
        "ธันวาคม 2561",
    )
    document = read_document("a.docx", content)
    assert document.title == "โครงการฝาย"
    assert blocks(document) == [
        ("heading", "โครงการฝาย"),
        ("heading", "1. งบประมาณ"),
        ("paragraph", "แบ่งเป็น ดังนี้"),
        ("table_row", "รายการ | บาท"),
        ("table_row", "วัสดุ ก่อสร้าง | 114,000"),
        ("list_item", "• ข้อหนึ่ง"),
        ("heading", "2. แผน"),
        ("paragraph", "ธันวาคม 2561"),
    ]


def test_word_joins_runs_before_repair() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("ท")
    paragraph.add_run("ี่ประช")
    paragraph.add_run("ุม\nมติ")
    assert read_document("a.docx", memory.saved(document)).text == "ที่ประชุม\nมติ"


def test_word_says_a_cell_of_several_rows_in_each_of_them() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=3)
    for place, text in {(0, 0): "หมวด", (0, 1): "รวม", (0, 2): "", (1, 0): "", (1, 1): "ค่าวัสดุ", (1, 2): "500"}.items():
        table.cell(*place).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    assert read_document("a.docx", memory.saved(document)).text == "หมวด | รวม\nหมวด | ค่าวัสดุ | 500"


def test_a_whole_paragraph_beside_several_rows_is_said_once() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for place, text in {(0, 0): THAI * 9, (0, 1): "ปี 2566", (1, 0): "", (1, 1): "ปี 2567"}.items():
        table.cell(*place).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    assert read_document("a.docx", memory.saved(document)).text == f"{THAI * 9} | ปี 2566\n| ปี 2567"


def test_word_reads_content_controls_and_insertions() -> None:
    xml = (
        '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>ในช่องกรอก</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:ins><w:r><w:t>ที่เพิ่ม</w:t></w:r></w:ins><w:del><w:r><w:delText>ที่ลบ</w:delText></w:r></w:del></w:p>"
        "</w:body></w:document>"
    )
    content = memory.repacked(memory.word("ก"), {"word/document.xml": xml.encode()})
    assert read_document("a.docx", content).text == "ในช่องกรอก\nที่เพิ่ม"


PAGE = f"""<!DOCTYPE html><html><head><title>ชื่อหน้า</title><meta property="article:published_time" content="2023-03-16">
<link rel="canonical" href="https://example.org/news/1"></head><body><nav><a href="/">หน้าแรก</a></nav>
<article><h1>ฝายชะลอน้ำเสร็จแล้ว</h1><p>{THAI} {"ชาวบ้านร่วมกันสร้างฝายชะลอน้ำในป่าต้นน้ำ " * 6}</p>
<h2>งบประมาณ</h2><ul><li>พอช. 140,000 บาท</li><li>อบต. 40,000 บาท</li></ul>
<table><tr><th>รายการ</th><th>บาท</th></tr><tr><td>วัสดุ</td><td>114,000</td></tr></table></article>
<footer>ติดต่อเรา</footer></body></html>"""


def test_webpage() -> None:
    document = read_document("a.html", PAGE.encode())
    kinds = {text: kind for kind, text in blocks(document)}
    assert document.title.startswith(("ฝายชะลอน้ำ", "ชื่อหน้า"))
    assert document.date == "2023-03-16"
    assert document.url == "https://example.org/news/1"
    assert kinds["งบประมาณ"] == "heading"
    assert kinds["พอช. 140,000 บาท"] == "list_item"
    assert kinds["วัสดุ | 114,000"] == "table_row"
    assert "ติดต่อเรา" not in document.text
    assert document.blocks[-1].section == ("งบประมาณ",)


def test_a_short_page_is_read_whole() -> None:
    body = "<div>ปิดทำการ<br>วันที่ 5 ก.พ. 66</div><table><tr><td>ก</td><td>ข</td></tr></table>"
    page = f"<html><head><title>ประกาศ</title></head><body>{body}</body></html>"
    document = read_document("a.html", page.encode())
    assert document.title == "ประกาศ"
    assert document.text.split("\n")[-1] == "ก | ข"
    assert "ปิดทำการ\nวันที่ 5 ก.พ. 66" in document.text


def test_a_page_in_a_thai_charset() -> None:
    page = f'<html><head><meta charset="windows-874"></head><body><p>{THAI}</p></body></html>'
    assert read_document("a.htm", page.encode("cp874")).text == THAI


def test_a_fragment_of_a_page() -> None:
    assert read_document("a.html", f"<p>{THAI}</p>".encode()).text == THAI


def test_pdf_pages_lines_and_running_heads() -> None:
    long = "This line is as long as the page is wide and so it goes on in"
    words = ["one", "two", "three", "four"]
    pages = [
        ["Annual report 2566", f"{number}. Chapter {word}", long, f"the {word}.", f"- {number} -"]
        for number, word in enumerate(words, 1)
    ]
    document = read_document("a.pdf", memory.pdf(*pages))
    assert document.text.split("\n")[:2] == ["1. Chapter one", f"{long} the one."]
    assert {block.page for block in document.blocks} == {1, 2, 3, 4}
    assert "Annual" not in document.text
    assert "- 2 -" not in document.text


def test_a_pdf_of_like_pages_is_no_scan() -> None:
    document = read_document("a.pdf", memory.pdf(*[["The same form is on every one of these pages"]] * 4))
    assert len(document.blocks) == 4


WHOLE = {
    "a.docx": memory.word(THAI, ("1. งบประมาณ", "Heading 1"), [["ก", "ข"], ["ค", "ง"]]),
    "a.pdf": memory.pdf(["Some text of a page", "and more"], ["and a second page"]),
    "a.html": PAGE.encode(),
    "a.txt": THAI.encode("cp874"),
    "a.jsonl": f'{{"id": "a", "body": "{THAI}"}}'.encode(),
    "a.xlsx": memory.sheet([["รายการ", "บาท"], ["ปูน", 500]]),
    "a.csv": "รายการ,บาท\nปูน,500\n".encode("cp874"),
    "a.eml": f"From: =?utf-8?B?4LiB?= <a@b.c>\nTo: d@e.f\nDate: x\nSubject: x\n\n{THAI}".encode(),
}


@settings(deadline=None)
@given(
    st.sampled_from(sorted(WHOLE)), st.lists(st.tuples(st.integers(0, 40_000), st.binary(max_size=4)), min_size=1, max_size=20)
)
def test_a_damaged_file_is_read_or_refused(name: str, damage: list[tuple[int, bytes]]) -> None:
    content = bytearray(WHOLE[name])
    for place, piece in damage:
        start = place % len(content)
        content[start : start + 3] = piece or b" "
    try:
        read_document(name, bytes(content))
    except IngestError as error:
        assert error.code in {"several_documents", *(code for _, _, code in BROKEN.values())}
