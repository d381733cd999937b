"""Text goes into each format by its own library and comes out again: how many letters are wrong, spaces aside."""

import io
from difflib import SequenceMatcher

import docx
import pytest
from pptx import Presentation
from pptx.util import Inches

from ingest import read_document
from tests.ingest import memory

MOST = 0.003
TEXT = (
    "รายงานความก้าวหน้ากองทุนสวัสดิการชุมชนตำบลหนองน้ำใส อำเภอเมือง จังหวัดสมมติ ประจำปี พ.ศ. ๒๕๖๖",
    "กองทุนก่อตั้งเมื่อวันที่ ๙ มิถุนายน ๒๕๔๙ จากการรวมตัวของแกนนำหมู่บ้านทั้ง ๑๑ หมู่บ้าน ปัจจุบันมีสมาชิก ๑,๒๔๘ คน "
    "เพิ่มขึ้นจากปีที่แล้ว ๗๖ คน สมาชิกส่วนใหญ่เป็นเกษตรกร ผู้สูงอายุ และผู้มีรายได้น้อย",
    "คณะกรรมการประชุมทุกวันที่ 5 ของเดือน ณ ศาลาประชาคมหมู่ที่ 3 เพื่อพิจารณาคำขอรับสวัสดิการ รับเงินออมวันละ 1 บาท "
    "และตรวจบัญชีร่วมกับเจ้าหน้าที่องค์การบริหารส่วนตำบล ซึ่งสมทบงบประมาณให้ 180,000 บาทต่อปี",
    "ปีที่ผ่านมาจ่ายสวัสดิการ ๙ ประเภท ได้แก่ เกิด แก่ เจ็บ ตาย ทุนการศึกษา ผู้ด้อยโอกาส ภัยพิบัติ บำเหน็จ และสืบสานประเพณี "
    "รวมเป็นเงิน 642,350.75 บาท แบ่งเป็นค่ารักษาพยาบาลมากที่สุด รองลงมาคือค่าทำศพและทุนการศึกษาบุตรหลานของสมาชิก",
    "น้ำท่วมเมื่อเดือนตุลาคมทำให้บ้านเรือนเสียหาย 34 หลัง กองทุนช่วยเหลือทันทีหลังละ 2,000 บาท พร้อมข้าวสารและน้ำดื่ม "
    "เครือข่ายกองทุนตำบลใกล้เคียงส่งอาสาสมัครมาช่วยซ่อมหลังคา ทาสี และเก็บกวาดโคลนอยู่หนึ่งสัปดาห์เต็ม",
    "ปัญหาที่พบ ได้แก่ สมาชิกบางส่วนขาดส่งเงินออม ข้อมูลทะเบียนไม่เป็นปัจจุบัน และคนรุ่นใหม่ยังไม่เข้ามาเป็นกรรมการ "
    "ที่ประชุมจึงเห็นควรให้จัดอบรมการใช้โปรแกรมบัญชี เชิญเยาวชนเข้าร่วมสังเกตการณ์ และปรับปรุงระเบียบให้เข้าใจง่ายขึ้น",
    "แผนปีหน้า กองทุนตั้งเป้าให้มีสมาชิกครบ ๑,๕๐๐ คน จัดตั้งครัวกลางสำหรับผู้ป่วยติดเตียง ปลูกสมุนไพรในที่ดินสาธารณะ ๒ ไร่ "
    "และเชื่อมโยงกับสหกรณ์ออมทรัพย์ โรงเรียน วัด และโรงพยาบาลส่งเสริมสุขภาพตำบล เพื่อดูแลกันตั้งแต่เกิดจนตาย",
    "ผู้ใหญ่บ้านฝากให้กรรมการทุกคนช่วยกันจดบันทึกสิ่งที่ทำ เพราะเรื่องเล่าเล็ก ๆ ของชาวบ้านคือบทเรียนที่มีค่าที่สุดของตำบล "
    "เมื่อครบรอบสิบแปดปีจะรวบรวมพิมพ์เป็นหนังสือแจกห้องสมุดชุมชนทุกหมู่บ้านในจังหวัด",
    "ที่ประชุมมีมติเห็นชอบให้แต่งตั้งคณะทำงานติดตามผล ๕ คน รายงานทุกสามเดือน และขอบคุณผู้นำสตรี กลุ่มเลี้ยงไก่ไข่ กลุ่มทอผ้า "
    "รวมถึงชมรมผู้สูงอายุที่ช่วยทำอาหารเลี้ยงผู้เข้าร่วมประชุมตลอดทั้งวัน",
)


def in_word() -> bytes:
    """Each paragraph in runs of seven letters, which part letters from their marks."""
    document = docx.Document()
    for line in TEXT:
        paragraph = document.add_paragraph()
        for start in range(0, len(line), 7):
            paragraph.add_run(line[start : start + 7])
    return memory.saved(document)


def in_slides() -> bytes:
    deck = Presentation()
    for line in TEXT:
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        slide.shapes.add_textbox(Inches(1), Inches(1), Inches(8), Inches(5)).text_frame.text = line
    return memory.saved(deck)


def in_page() -> bytes:
    body = "".join(f"<p>{line}</p>" for line in TEXT)
    return (
        f"<html><head><meta charset='utf-8'><title>รายงาน</title></head><body><article>{body}</article></body></html>".encode()
    )


MADE = {
    "a.docx": in_word(),
    "a.html": in_page(),
    "a.xlsx": memory.sheet([[line] for line in TEXT]),
    "a.pptx": in_slides(),
    "a.csv": "\n".join(f'"{line}"' for line in TEXT).encode("cp874"),
}


def wrong(read: str, meant: str) -> float:
    """Share of the meant letters that came out wrong, were lost or came on top; spaces do not count."""
    one, other = "".join(read.split()), "".join(meant.split())
    same = sum(block.size for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks())
    return (max(len(one), len(other)) - same) / len(other)


@pytest.mark.parametrize("name", MADE)
def test_round_trip(name: str) -> None:
    meant = "\n".join(TEXT)
    assert sum("\u0e01" <= letter <= "\u0e4e" for letter in meant) >= 1_500
    assert io.BytesIO(MADE[name]).read(2)
    assert wrong(read_document(name, MADE[name]).text, meant) <= MOST
