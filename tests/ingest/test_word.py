"""DOCX in depth: what Word prints and python-docx does not say."""

import io
from xml.sax.saxutils import escape

import docx
import pytest
from docx.oxml import parse_xml

from ingest import read_document
from ingest.numbering import number
from ingest.symbols import plain, sign
from tests.ingest import memory
from vectorstore.types import Document

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SPACES = (
    f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def package(*body: str, parts: dict[str, str] | None = None) -> bytes:
    """A DOCX with `body` as its document, and other parts of it replaced."""
    whole = f'<?xml version="1.0"?><w:document {SPACES}><w:body>{"".join(body)}</w:body></w:document>'
    changes: dict[str, bytes | None] = {"word/document.xml": whole.encode()}
    return memory.repacked(memory.word("ก"), changes | {name: text.encode() for name, text in (parts or {}).items()})


def read(*body: str, parts: dict[str, str] | None = None) -> Document:
    return read_document("a.docx", package(*body, parts=parts))


def doubts(document: Document) -> dict[str, str | None]:
    return {document.text[block.start : block.end]: block.doubt for block in document.blocks}


def test_a_run_may_begin_with_a_mark() -> None:
    assert read(paragraph(run("ที่ประช"), run("ุมก"), run("ำหนดวันท"), run("ี่"))).text == "ที่ประชุมกำหนดวันที่"


def test_a_text_box_is_read_once_and_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph(run('ในกรอบข้อความ'))}</w:txbxContent>"
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    document = read(paragraph(run("ก่อนกรอบ"), both, run("หลังกรอบ")), paragraph(run("ถัดไป")))
    assert document.text == "ก่อนกรอบหลังกรอบ\n\nในกรอบข้อความ\n\nถัดไป"
    old = f"<w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r>"
    assert read(paragraph(old)).text == "ในกรอบข้อความ"


def test_signs_of_symbol_fonts() -> None:
    tick = '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
    empty = '<w:r><w:sym w:font="Wingdings 2" w:char="F0A3"/></w:r>'
    drawn = run("\uf0fe", '<w:rFonts w:ascii="Wingdings"/>')
    document = read(paragraph(tick, run(" เห็นชอบ "), empty, run(" ไม่เห็นชอบ "), drawn, run(" งดออกเสียง")))
    assert document.text == "✓ เห็นชอบ ☐ ไม่เห็นชอบ ☑ งดออกเสียง"
    assert sign(0xF0E0, "Wingdings") == "→" and sign(0xF099, "Wingdings 3") == "•" and sign(0x0E01, "TH Sarabun New") == "ก"
    assert plain("• \uf0b7", "") == "• •"


def test_insertions_deletions_moves_fields_and_links() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("2566")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    document = read(
        paragraph(
            run("งบ"),
            f"<w:ins>{run(' 50,000')}</w:ins><w:del><w:r><w:delText> 40,000</w:delText></w:r></w:del>",
            f"<w:moveFrom>{run('ย้ายไป')}</w:moveFrom><w:moveTo>{run(' บาท')}</w:moveTo>",
            run(" ปี "),
            field,
            f"<w:hyperlink>{run(' ดูแผน')}</w:hyperlink><w:fldSimple w:instr='x'>{run(' หน้า')}</w:fldSimple>",
        ),
        paragraph("<w:r><w:t>ชุม</w:t><w:softHyphen/><w:t>ชน</w:t><w:noBreakHyphen/><w:t>เมือง</w:t></w:r>"),
        paragraph('<w:r><w:br w:type="page"/></w:r>', run("หน้าใหม่"), "<w:r><w:lastRenderedPageBreak/></w:r>", run("ต่อกัน")),
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + paragraph(run("คลิกเพื่อใส่")) + "</w:sdtContent></w:sdt>",
    )
    assert document.text.split("\n") == ["งบ 50,000 บาท ปี 2566 ดูแผน หน้า", "ชุมชน-เมือง", "หน้าใหม่ต่อกัน"]


def test_notes_follow_their_paragraph_and_comments_are_left_out() -> None:
    content = package(
        paragraph(
            run("กองทุนมีสมาชิก 845"),
            '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="0"/></w:r>',
            run(" คน"),
            '<w:r><w:endnoteReference w:id="3"/></w:r>',
        ),
        paragraph(run("ย่อหน้าถัดไป")),
    )
    notes = {
        name: f'<w:{name} {W}><w:{name[:-1]} w:type="separator" w:id="0">{paragraph(run("เส้น"))}</w:{name[:-1]}>'
        f'<w:{name[:-1]} w:id="{number}">{paragraph(run(text))}</w:{name[:-1]}></w:{name}>'
        for name, number, text in (("footnotes", 2, "นับถึงสิ้นปี 2566"), ("endnotes", 3, "จากทะเบียนกองทุน"))
    }
    relations = memory.member(content, "word/_rels/document.xml.rels").decode()
    types = memory.member(content, "[Content_Types].xml").decode()
    for name in notes:
        kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{name}"
        relations = relations.replace("</Rel", f'<Relationship Id="{name}" Type="{kind}" Target="{name}.xml"/></Rel', 1)
        part = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"
        types = types.replace("</Types>", f'<Override PartName="/word/{name}.xml" ContentType="{part}"/></Types>')
    changes = {f"word/{name}.xml": text.encode() for name, text in notes.items()}
    changes |= {"word/_rels/document.xml.rels": relations.encode(), "[Content_Types].xml": types.encode()}
    document = read_document("a.docx", memory.repacked(content, dict(changes)))
    assert [line for line in document.text.split("\n") if line] == [
        "กองทุนมีสมาชิก 845 คน",
        "นับถึงสิ้นปี 2566",
        "จากทะเบียนกองทุน",
        "ย่อหน้าถัดไป",
    ]


def level(place: int, form: str, text: str, more: str = "") -> str:
    shape = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{escape(text)}"/>'
    return f'<w:lvl w:ilvl="{place}">{shape}</w:lvl>'


BULLET = level(0, "bullet", chr(0xF0B7), '<w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr>')
NUMBERING = f"""<?xml version="1.0"?><w:numbering {W}>
<w:abstractNum w:abstractNumId="1">{level(0, "thaiNumbers", "%1.")}{level(1, "decimal", "%1.%2", "<w:isLgl/>")}</w:abstractNum>
<w:abstractNum w:abstractNumId="2">{level(0, "thaiLetters", "%1)")}</w:abstractNum>
<w:abstractNum w:abstractNumId="3">{BULLET}</w:abstractNum>
<w:abstractNum w:abstractNumId="4">{level(0, "decimal", "ระเบียบวาระที่ %1")}</w:abstractNum>
{"".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2, 3, 4))}
<w:num w:numId="9"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>"""


def item(text: str, list_: int, place: int = 0) -> str:
    return paragraph(run(text), properties=f'<w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="{list_}"/></w:numPr>')


def test_lists_have_the_numbers_that_word_prints() -> None:
    body = [
        item("เตรียมพื้นที่", 1),
        item("ถางหญ้า", 1, 1),
        item("ขุดหลุม", 1, 1),
        item("ปลูกป่า", 1),
        item("รดน้ำ", 1, 1),
        item("ผู้รับผิดชอบ", 2),
        item("ผู้ติดตาม", 2),
        item("จอบ", 3),
        item("เริ่มใหม่", 9),
        item("เรื่องแจ้งเพื่อทราบ", 4),
        item("", 1),
        paragraph(run("ไม่มีเลข"), properties='<w:numPr><w:numId w:val="0"/></w:numPr>'),
    ]
    document = read(*body, parts={"word/numbering.xml": NUMBERING})
    kinds = {document.text[block.start : block.end]: block.kind for block in document.blocks}
    assert document.text.split("\n")[:10] == [
        "๑. เตรียมพื้นที่",
        "1.1 ถางหญ้า",
        "1.2 ขุดหลุม",
        "๒. ปลูกป่า",
        "2.1 รดน้ำ",
        "ก) ผู้รับผิดชอบ",
        "ข) ผู้ติดตาม",
        "• จอบ",
        "๑. เริ่มใหม่",
        "ระเบียบวาระที่ 1 เรื่องแจ้งเพื่อทราบ",
    ]
    assert kinds["• จอบ"] == kinds["ข) ผู้ติดตาม"] == "list_item"
    assert kinds["ระเบียบวาระที่ 1 เรื่องแจ้งเพื่อทราบ"] == "heading"
    assert document.text.endswith("\nไม่มีเลข")


@pytest.mark.parametrize(
    ("count", "form", "text"),
    [
        (12, "thaiNumbers", "๑๒"),
        (41, "thaiLetters", "ฮ"),
        (42, "thaiLetters", "กก"),
        (21, "thaiCounting", "ยี่สิบเอ็ด"),
        (111, "thaiCounting", "หนึ่งร้อยสิบเอ็ด"),
        (27, "lowerLetter", "aa"),
        (4, "upperRoman", "IV"),
        (3, "decimalZero", "03"),
        (3, "none", ""),
    ],
)
def test_numbers_of_lists(count: int, form: str, text: str) -> None:
    assert number(count, form) == text


def test_hidden_words_stand_apart_and_are_marked() -> None:
    dark = '<w:shd w:val="clear" w:fill="1F4E79"/>'
    white = '<w:color w:val="FFFFFF"/>'
    document = read(
        paragraph(run("เห็นได้ "), run("ซ่อนไว้", "<w:vanish/>"), run("ตามปกติ", '<w:vanish w:val="0"/>')),
        paragraph(run("ขาวบนขาว", white)),
        paragraph(run("ตัวจิ๋ว", '<w:sz w:val="2"/>')),
        paragraph(run("ขาวบนน้ำเงิน", white), properties=dark),
        paragraph(run("ขาวเน้นสี", white + '<w:highlight w:val="red"/>')),
        f"<w:tbl><w:tr><w:tc><w:tcPr>{dark}</w:tcPr>{paragraph(run('หัวตาราง', white))}</w:tc>"
        f"<w:tc>{paragraph(run('บาท'), run('ลับ', '<w:vanish/>'))}</w:tc></w:tr></w:tbl>",
    )
    assert doubts(document) == {
        "เห็นได้ ตามปกติ": None,
        "ซ่อนไว้": "hidden",
        "ขาวบนขาว": "hidden",
        "ตัวจิ๋ว": "hidden",
        "ขาวบนน้ำเงิน": None,
        "ขาวเน้นสี": None,
        "หัวตาราง | บาท": None,
        "ลับ": "hidden",
    }


def test_a_style_may_hide_and_head() -> None:
    document = docx.Document()
    document.styles.add_style("ซ่อน", 1).font.hidden = True
    document.styles.add_style("หัวเรื่องของเรา", 1).base_style = document.styles["Heading 2"]
    document.add_paragraph("มองไม่เห็น", style="ซ่อน")
    document.add_paragraph("งบประมาณ", style="หัวเรื่องของเรา")
    document.add_paragraph("ใช้ไป 500 บาท")
    made = read_document("a.docx", memory.saved(document))
    assert doubts(made)["มองไม่เห็น"] == "hidden"
    assert made.blocks[-1].section == ("งบประมาณ",)


def test_a_table_in_a_cell_follows_its_row() -> None:
    document = docx.Document()
    outer = document.add_table(rows=2, cols=2)
    for place, text in {(0, 0): "กิจกรรม", (0, 1): "งบ", (1, 0): "อบรม", (1, 1): "รวม 500"}.items():
        outer.cell(*place).text = text
    inner = outer.cell(1, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "วิทยากร", "300"
    assert read_document("a.docx", memory.saved(document)).text == "กิจกรรม | งบ\nอบรม | รวม 500\n\nวิทยากร | 300"


def test_headers_and_footers_are_left_out() -> None:
    document = docx.Document()
    document.add_paragraph("เนื้อความ")
    document.sections[0].header.paragraphs[0].text = "หัวกระดาษ"
    document.sections[0].footer.paragraphs[0].text = "ท้ายกระดาษ"
    buffer = io.BytesIO()
    document.save(buffer)
    assert read_document("a.docx", buffer.getvalue()).text == "เนื้อความ"


def test_a_deleted_row_is_gone() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for index, row in enumerate(table.rows):
        for cell in row.cells:
            cell.text = f"แถว {index}"
    table.rows[1]._tr.insert(0, parse_xml(f"<w:trPr {W}><w:del w:id='1' w:author='x'/></w:trPr>"))
    assert read_document("a.docx", memory.saved(document)).text == "แถว 0 | แถว 0"
