"""Slides: pages, titles, tables, groups, notes, diagrams, and slides that are hidden."""

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Inches

from ingest import read_document
from tests.ingest import memory

BOX = (Inches(1), Inches(1), Inches(3), Inches(1))
DIAGRAM = """<p:graphicFrame xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvGraphicFramePr><p:cNvPr id="90" name="d"/>
<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></p:xfrm><a:graphic>
<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram"><dgm:relIds
 xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:dm="{}"/></a:graphicData></a:graphic>
</p:graphicFrame>"""
DATA = """<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:pt><dgm:t><a:p><a:r><a:t>ขั้นที่หนึ่ง </a:t></a:r>
<a:r><a:t>สำรวจ</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>"""


def test_slides() -> None:
    deck = Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = "สรุปผลโครงการธนาคารปูม้า"
    body = first.placeholders[1].text_frame
    body.text = "ปล่อยพันธุ์ปูม้าลงทะเล"
    below = body.add_paragraph()
    below.text, below.level = "ครั้งละ 5,000 ตัว", 1
    first.notes_slide.notes_text_frame.text = "ย้ำเรื่องเวรยาม"
    second = deck.slides.add_slide(deck.slide_layouts[6])
    group = second.shapes.add_group_shape()
    group.shapes.add_group_shape().shapes.add_textbox(*BOX).text_frame.text = "อยู่ในกลุ่มซ้อน"
    table = second.shapes.add_table(2, 2, *BOX).table
    for place, text in {(0, 0): "รายการ", (0, 1): "บาท", (1, 0): "อวน", (1, 1): "3,200"}.items():
        table.cell(*place).text = text
    third = deck.slides.add_slide(deck.slide_layouts[6])
    third.shapes.add_textbox(*BOX).text_frame.text = "สไลด์ที่ซ่อนไว้"
    third._element.set("show", "0")
    document = read_document("a.pptx", memory.saved(deck))
    said = [(block.page, block.kind, document.text[block.start : block.end]) for block in document.blocks]
    assert document.title == "สรุปผลโครงการธนาคารปูม้า"
    assert said == [
        (1, "heading", "สรุปผลโครงการธนาคารปูม้า"),
        (1, "paragraph", "ปล่อยพันธุ์ปูม้าลงทะเล"),
        (1, "list_item", "ครั้งละ 5,000 ตัว"),
        (1, "paragraph", "ย้ำเรื่องเวรยาม"),
        (2, "heading", "อยู่ในกลุ่มซ้อน"),
        (2, "table_row", "รายการ | บาท"),
        (2, "table_row", "อวน | 3,200"),
        (3, "paragraph", "สไลด์ที่ซ่อนไว้"),
    ]
    assert [block.page for block in document.blocks if block.doubt == "hidden"] == [3]


def test_a_diagram() -> None:
    from lxml import etree

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", deck.part.package, DATA.encode())
    name = slide.part.relate_to(part, RELATIONSHIP_TYPE.DIAGRAM_DATA)
    slide.shapes._spTree.append(etree.fromstring(DIAGRAM.format(name)))
    assert read_document("a.pptx", memory.saved(deck)).text == "ขั้นที่หนึ่ง สำรวจ"
