"""One golden row for each fault that was counted in 62,000 government news articles and in PDFs of several makers."""

import pytest

from ingest.clean import clean
from ingest.raw import RawLine

FAULTS = {
    "nikhahit and aa": ("อสม.ประจําหมู่บ้าน สํานัก", "อสม.ประจำหมู่บ้าน สำนัก"),
    "nikhahit, tone, aa": ("ลดความเหลื่อมลํ้า", "ลดความเหลื่อมล้ำ"),
    "tone, nikhahit, aa": ("น้ําท่วมขัง", "น้ำท่วมขัง"),
    "sara am before its tone": ("ราง นำ้ ไฟ", "ราง น้ำ ไฟ"),
    "sara am with aa": ("ประจำาปี", "ประจำปี"),
    "a doubled tone": ("ที่่ปรึกษา", "ที่ปรึกษา"),
    "a doubled tone for sara am": ("กระติกน้้าร้อน", "กระติกน้ำร้อน"),
    "a doubled tone that is one": ("เลขาหน้้าห้อง", "เลขาหน้าห้อง"),
    "a tone before its vowel": ("รวมท้ังวันท่ี 30", "รวมทั้งวันที่ 30"),
    "a tone between vowels": ("เพื่ิอประโยชน์", "เพื่อประโยชน์"),
    "a doubled vowel": ("บรรลุุเป้าหมาย", "บรรลุเป้าหมาย"),
    "two vowels": ("วันอังคารทัี่ 30", "วันอังคารที่ 30"),
    "a doubled thanthakhat": ("ความสัมพันธ์์", "ความสัมพันธ์"),
    "two sara e": ("เเละเเผน", "และแผน"),
    "lakkhangyao for aa": ("ธรรมดๅ", "ธรรมดา"),
    "lakkhangyao in its place": ("ฤๅษี", "ฤๅษี"),
    "a mark on a figure": ("รวม4,ุ600 กิโลเมตร", "รวม4,600 กิโลเมตร"),
    "a mark alone": ("ศิลปะภาพพิมพ์ ้", "ศิลปะภาพพิมพ์"),
    "a lost ring": ("ส าหรับประชาชน จ านวน", "สำหรับประชาชน จำนวน"),
    "a lost ring in the midst": ("การท าบุญบริจาค", "การทำบุญบริจาค"),
    "a space before a mark": ("ก ่อสร ้าง", "ก่อสร้าง"),
    "a zero-width space": ("ว่า\u200bที่\u200b ร.ต.", "ว่าที่ ร.ต."),
    "a joiner and a mark of order": ("\u2060เรื่อง\ufeff", "เรื่อง"),
    "soft hyphens": ("เมืองเก่า\u00ad\u00ad", "เมืองเก่า"),
    "direction marks": ("(\u202a5 กันยายน\u202c", "(5 กันยายน"),
    "spaces of other kinds": ("ภูมิภาค\u00a0\u2009รวม\tกัน", "ภูมิภาค รวม กัน"),
    "controls": ("\u009fจัด\u0007ประชุม", "จัดประชุม"),
    "glyphs of old fonts": ("สิทธิ\uf70e \uf0b7 กรุงเทพฯ", "สิทธิ์ • กรุงเทพฯ"),
    "U+FFFD after sara am": ("ประจำ\ufffdปี", "ประจำปี"),
    "U+FFFD between words": ("ในส่วน\ufffdที่กระทรวงดูแล", "ในส่วนที่กระทรวงดูแล"),
    "variation selectors and keycaps": ("1\ufe0f\u20e3 จ่าย‼\ufe0f", "1 จ่าย‼"),
    "tags that nobody sees": ("อนุมัติ\U000e0041\U000e0042งบ", "อนุมัติงบ"),
    "Thai digits stay": ("พ.ศ. ๒๕๖๕", "พ.ศ. ๒๕๖๕"),
    "mai yamok stays": ("ต่าง ๆ อื่นๆ ฯลฯ", "ต่าง ๆ อื่นๆ ฯลฯ"),
    "quotation marks stay": ('“รวมไทยสร้างชาติ” "ก" …', '“รวมไทยสร้างชาติ” "ก" …'),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_repaired(fault: str) -> None:
    broken, right = FAULTS[fault]
    once = clean([RawLine(broken)])
    assert [line.text for line in once] == [right]
    assert clean(once) == once


@pytest.mark.parametrize("line", ["#กระทรวงมหาดไทย #ชุมชนเข้มแข็ง", "แชร์", "• photo  , 1000x563 pixel , 107,273 bytes.", "_____"])
def test_lines_that_say_nothing_go(line: str) -> None:
    assert [kept.text for kept in clean([RawLine("ก่อน"), RawLine(line), RawLine("หลัง")]) if kept.text] == ["ก่อน", "หลัง"]
