"""What is personal is masked in its place, and nothing else is."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vectorstore import planted
from vectorstore.privacy import KINDS, MASK, Kind, find, is_masked, masked, masked_name
from vectorstore.thai import normalise

PERSONAL: list[tuple[Kind, str]] = [
    ("citizen", "นางสมใจ เลขประจำตัวประชาชน «1-2345-67890-12-1» อายุ 45 ปี"),
    ("citizen", "เลขบัตรประชาชน «1234567890121»"),
    ("citizen", "เลขบัตรประชาชน «1234567890125»"),
    ("citizen", "บัตรประจำตัวประชาชนเลขที่ «๓ ๑๐๐๒ ๐๐๔๕๖ ๗๘ ๙»"),
    ("citizen", "เลขประจำตัวประชาชน «l-2345-67B9O-12-1» (ภาพสแกน)"),
    ("citizen", "เลขประจำตัวประชาชน «1-2345-\n67890-12-1»\nนายดำ"),
    ("citizen", "เลขประจำตัวประชาชน «123456789012» (พิมพ์ตกหนึ่งหลัก)"),
    ("citizen", "เลขประจำตัวประชาชน «1 2 3 4 5 6 7 8 9 0 1 2 1»"),
    ("citizen", "ผู้ค้ำประกัน «5-1001-00123-45-6» และพยาน"),
    ("citizen", "«1234567890121» นายก้อน หินใหญ่"),
    ("citizen", "3. นายก้อน หินใหญ่ «3309901234567» ม.4"),
    ("citizen", "บุคคลธรรมดา เลขประจำตัวผู้เสียภาษี «3-1002-00456-78-9»"),
    ("citizen", "เลข ปชช.«3100200456789»"),
    ("citizen", "รหัสบัตรประชาชน: «3100200456789»"),
    ("citizen", "Citizen ID «3 1002 00456 78 9»"),
    ("citizen", "ชื่อ | เลขประจำตัวประชาชน\nนายเอก | -\nนายโท | «3100200456788»"),
    ("citizen", "เลขบัตรประชาชนผู้กู้ «3100200456789» โครงการปรับปรุงบ้าน 40,000 บาท"),
    ("phone", "โทร. «081-234-5678»"),
    ("phone", "โทร «0812345678»"),
    ("phone", "มือถือ «๐๘ ๑๒๓๔ ๕๖๗๘»"),
    ("phone", "ติดต่อคุณแดง «+66 81 234 5678»"),
    ("phone", "ติดต่อคุณแดง +«66(0)812345678»"),
    ("phone", "โทร. «0 8123 45678» ต่อคุณแดง"),
    ("phone", "เบอร์มือถือ «O8l-234-5678»"),
    ("phone", "เบอร์โทรศัพท์มือถือ «081-234-567»"),
    ("phone", "(«081) 234 5678» ประธานกลุ่ม"),
    ("phone", "1 นายก้อน หินใหญ่ ประธาน «0899998888» ลงชื่อ"),
    ("phone", "นายก้อน หินใหญ่ บ้านเลขที่เดิม โทร. «053-123456»"),
    ("phone", "โทรศัพท์บ้าน «02-123-4567»"),
    ("phone", "ชื่อ | โทรศัพท์\nนายเอก | «812345678»"),
    ("phone", "สำนักงานเทศบาล โทร. 0 5312 3456 หรือ «08 1234 5678» (ปลัด)"),
    ("phone", "พร้อมเพย์ «081-234-5678» ชื่อนายเอก"),
    ("account", "โอนเข้าบัญชีเลขที่ «123-4-56789-0» ธนาคารกรุงไทย"),
    ("account", "เลขที่บัญชี «1234567890» ออมสิน สาขาบ้านนา"),
    ("account", "ธ.ก.ส. เลขที่บัญชี «020123456789» ชื่อบัญชี นายเอก"),
    ("account", "บัญชีธนาคารออมสิน เลขที่ «020-1-2345678-9»"),
    ("account", "ชื่อ | เลขที่บัญชี | จำนวน\nนายเอก | «1234567890» | 500"),
    ("account", "«123-4-56789-0» นายเอก"),
    ("email", "อีเมล «somchai.jaidee@gmail.com»"),
    ("email", "ส่งที่ «Somying_99 @ hotmail . com» ภายในวันศุกร์"),
    ("email", "E-mail:«a1@yahoo.co.th»"),
    ("line", "LINE ID : «somchai_99»"),
    ("line", "ไลน์ไอดี «daeng.np»"),
    ("line", "ID Line: «kaew2520»"),
    ("passport", "หนังสือเดินทางเลขที่ «AA1234567» สัญชาติลาว"),
    ("passport", "Passport No. «P 0123456»"),
    ("address", "อยู่บ้านเลขที่ «12/3» หมู่ 4 ตำบลนาดี"),
    ("address", "นายก้อน หินใหญ่ อยู่เลขที่ «๔๕» หมู่ที่ ๒ ต.นาดี"),
    ("address", "ชื่อ | บ้านเลขที่ | หมู่\nนายเอก | «112/1» | 4"),
    ("address", "ภูมิลำเนาเลขที่ «7» ถนนสุขใจ"),
]
NOBODYS = [
    "หนังสือ ที่ มท 0808.2/ว 1234 ลงวันที่ 12 มกราคม 2566",
    "หนังสือเลขที่ พอช. 11/0567",
    "งบประมาณ 1,234,567,890.00 บาท และ 12345678.50 บาท",
    "รหัสโครงการ 1234567890121 ปี 2566",
    "เลขที่โครงการ 66017123456 เลขคุมสัญญา 660114012345",
    "รหัสงบประมาณ 07003440001003110001 แหล่งเงิน 6711200",
    "รหัสบัญชีแยกประเภท 5104010107 ค่าใช้สอย",
    "บริษัท บ้านสุข จำกัด เลขประจำตัวผู้เสียภาษี 0-1055-36000-00-1",
    "เลขทะเบียนนิติบุคคล 0105536000001",
    "ISBN 978-616-123-456-7",
    "พิกัด 13.756331, 100.501765 ถึง 18.788345 98.985301",
    "ละติจูด 18.7883 ลองจิจูด 98.9853 ระดับน้ำ 0.81234567",
    "สำนักงานพัฒนาชุมชน โทร. 0-2141-7000 ต่อ 1234 โทรสาร 0 2143 9696",
    "ศูนย์ดำรงธรรม โทร 053-112-236 สายด่วน 1567",
    "สถาบันพัฒนาองค์กรชุมชน 02-378-8300-9",
    "กองบริหาร โทร. 0-2245-9429 0-2245-6716 กรมการจัดหางาน",
    "อีเมล saraban@codi.or.th และ pr_nan@dla.go.th",
    "LINE Official Account: @codi และ LINE TODAY",
    "Facebook : ibank และ Line : iBank 4 all และ extension of Pink Line: Sri Rat",
    "ที่ดินตาม น.ส. 3 ข. เลขที่ 200 หมู่ที่ 9",
    "ออนไลน์: facebook.com/codi LINE : https://lin.ee/abc1234",
    "ประชุมครั้งที่ 3/2566 วันที่ 12-03-2566 เวลา 09.30-16.30 น.",
    "ระหว่างปี 2561 2562 2563 2564 2565 มีสมาชิกเพิ่มขึ้น",
    "เงินสะสม 12 345 678 บาท ครัวเรือน 1234 5678 910",
    "ตำบลนาดี | 1,200 | 35 | 4\nตำบลนางาม | 980 | 27 | 3",
    "1.1.2.3 วัตถุประสงค์ 2.1 กิจกรรม 3.2.1",
    "พระราชบัญญัติ พ.ศ. 2562 มาตรา 22 และมาตรา 24 (1)",
    "นายก้อน หินใหญ่ ประธาน และนางสาวแก้ว ใจดี เลขานุการ มาประชุม",
    "บ้านเลขที่ 120 หลัง ได้รับความเสียหาย จำนวนบ้าน 35 หลัง",
    "สำนักงานตั้งอยู่เลขที่ 912 ถนนนวมินทร์ เขตบางกะปิ",
    "https://www.example.org/news/1234567890121?id=0812345678",
    "เอกสาร 3f2a1234567890121bc และรหัส SHA 0812345678abcdef",
    "ครุภัณฑ์ 7440-001-0001/66 เครื่องคอมพิวเตอร์",
    "สมาชิก 845 คน เงินกองทุน 2345678901 บาท",
    "จำนวนผู้มีบัตรประชาชน 13,456 คน จาก 14 หมู่บ้าน",
    "ลำดับ | งบ 2564 | งบ 2565\n1 | 1234567890 | 2234567890",
    "เลขที่ใบเสร็จ 6601712345678 เล่มที่ 12",
    "ธ.ก.ส. (รายละ 5 บาท)\n22.88\n1.49\n24.37\nรวม\n46.81",
    "บัญชีรายชื่อผู้มีสิทธิ 1,250 คน ตามบัญชีหมายเลข 2",
    "แผนปี 2566-2570 ฉบับที่ 13 พ.ศ. 2566 - 2570",
]


@pytest.mark.parametrize(("kind", "marked"), PERSONAL, ids=lambda value: value[:24] if len(value) > 9 else "")
def test_what_is_personal_is_found_as_what_it_is(kind: Kind, marked: str) -> None:
    before, wanted, _ = marked.replace("»", "«").split("«")
    text = marked.replace("«", "").replace("»", "")
    found = [one for one in find(text) if one.start < len(before) + len(wanted) and one.end > len(before)]
    assert found, masked(text)
    shown = masked(text)[len(before) : len(before) + len(wanted)]
    assert not any(char.isalnum() for char in shown), shown
    assert found[0].kind == kind or (kind, found[0].kind) == ("phone", "account")
    rest = text[: len(before)] + text[len(before) + len(wanted) :]
    assert masked(text)[: len(before)] + masked(text)[len(before) + len(wanted) :] == rest, "nothing else"


@pytest.mark.parametrize("text", NOBODYS, ids=lambda text: text[:24])
def test_what_is_nobodys_stays(text: str) -> None:
    assert masked(text) == text


def test_of_planted_citizens_numbers_nearly_all_are_masked() -> None:
    texts = planted.citizens(1500, seed=2566)
    shown = [one for one in texts if any(char.isdigit() for char in masked(one.text)[one.start : one.end])]
    assert len(shown) <= 0.01 * len(texts), [one.text for one in shown[:5]]


def test_of_planted_budgets_and_books_hardly_any_is() -> None:
    texts = planted.figures(1500, seed=2566)
    alarms = [text for text in texts if masked(text) != text]
    assert len(alarms) <= 0.01 * len(texts), alarms[:5]


def test_documents_are_masked_as_they_are_recorded() -> None:
    """Zero-width characters go when a text is repaired; a question or a history is masked as it comes."""
    texts = planted.citizens(300, seed=7)
    shown = [one.text for one in texts if any(kind.kind == "citizen" for kind in find(normalise(one.text)))]
    assert len(shown) >= 0.99 * len(texts)


ODD = st.text(alphabet="0123456789๐๑๓ -.|/\n@OlI()+กเลขที่บัญชีประชาชนโทรIDline", max_size=120)


@given(ODD | st.text(max_size=60))
def test_a_mask_keeps_every_other_character_in_its_place(text: str) -> None:
    found = find(text)
    hidden = masked(text, found)
    assert len(hidden) == len(text) and is_masked(hidden, text)
    assert all(0 <= one.start < one.end <= len(text) and one.kind in KINDS for one in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
    inside = {place for one in found for place in range(one.start, one.end)}
    assert all(hidden[place] == text[place] for place in range(len(text)) if place not in inside)
    assert not any(char.isdecimal() and char.isascii() for place, char in enumerate(hidden) if place in inside)


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "1-", "0812345678 ", "เลขบัตรประชาชน 1 ", "บ้านเลขที่ 1/", "a@", "line:", " | 1", "ID "]
)
def test_a_hostile_text_takes_time_in_proportion(unit: str) -> None:
    find(unit * (200_000 // len(unit)))


def test_a_file_that_is_named_by_a_number_keeps_a_name_of_its_own() -> None:
    first, second = (f"โครงการ/สำเนาบัตรประชาชน 123456789012{last}.pdf" for last in "12")
    assert masked_name(first) != masked_name(second)
    assert masked_name(first).startswith(f"โครงการ/สำเนาบัตรประชาชน {MASK * 13}~") and masked_name(first).endswith(".pdf")
    assert masked_name(masked_name(first)) == masked_name(first)
    assert masked_name("รายงาน 2566/12-03-2566.pdf") == "รายงาน 2566/12-03-2566.pdf"
