"""Sheets: what a row says, quoted alone; tables told apart; values as the sheet shows them."""

import datetime
import io

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from ingest import IngestError, office, passages, read_document, uncounted, workbook
from ingest.grid import is_number
from ingest.numberformat import shown
from tests.ingest import memory
from tests.ingest.test_readers import THAI
from vectorstore.types import Document

DAY = datetime.date(2023, 2, 5)


def book() -> tuple[Workbook, openpyxl.worksheet.worksheet.Worksheet]:
    made = openpyxl.Workbook()
    made.active.title = "งบประมาณ"
    return made, made.active


def read(made: Workbook) -> Document:
    return read_document("a.xlsx", memory.saved(made))


def rows(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind == "table_row"]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (25000, "General", "25000"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567890123, "General", "1234567890123"),
        (25000, "#,##0", "25,000"),
        (1234.5, "#,##0.00", "1,234.50"),
        (2.345, "0.00", "2.35"),
        (-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"),
        (-5, "0;[Red]-0", "-5"),
        (0, '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', "-"),
        (25000, '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-', "25,000"),
        (25000, '#,##0 "บาท"', "25,000 บาท"),
        (25000, "[$฿-41E]#,##0.00", "฿25,000.00"),
        (0.125, "0.0%", "12.5%"),
        (0.5, "0%", "50%"),
        (2566, "t0", "๒๕๖๖"),
        (1500, "[$-D000000]#,##0", "๑,๕๐๐"),
        (1234567, "#,##0,", "1,235"),
        (1103700012345, "0-0000-00000-00-0", "1-1037-00012-34-5"),
        (7, "000", "007"),
        (True, "General", "TRUE"),
        ("ค่าวัสดุ", "@", "ค่าวัสดุ"),
        (None, "General", ""),
        (DAY, "[$-107041E]d mmmm yyyy;@", "5 กุมภาพันธ์ 2566"),
        (DAY, "[$-D07041E]d mmm yyyy;@", "๕ ก.พ. ๒๕๖๖"),
        (DAY, "[$-1070000]d/m/yyyy;@", "5/2/2566"),
        (DAY, "[$-th-TH,107]d mmm yy", "5 ก.พ. 66"),
        (DAY, "d mmmm bbbb", "5 กุมภาพันธ์ 2566"),
        (DAY, "[$-409]d mmmm yyyy", "5 February 2023"),
        (DAY, "yyyy-mm-dd", "2023-02-05"),
        (DAY, "mm-dd-yy", "5/2/2566"),
        (DAY, "[$-F800]dddd, mmmm dd, yyyy", "5 กุมภาพันธ์ 2566"),
        (datetime.datetime(2023, 2, 5, 13, 5), "d/m/yyyy h:mm", "5/2/2023 13:05"),
        (datetime.time(9, 30), 'hh:mm "น."', "09:30 น."),
        (datetime.timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
    ],
)
def test_values_as_the_sheet_shows_them(value: object, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_a_row_says_the_names_of_its_columns() -> None:
    made, sheet = book()
    sheet.append(["แผนงบประมาณโครงการฝายบ้านห้วยทราย"])
    sheet.merge_cells("A1:D1")
    sheet.append(["หน่วย: บาท"])
    sheet.append(["หมวด", "รายการ", "งบประมาณ", None, "ร้อยละ", "จ่ายเมื่อ"])
    sheet.append([None, None, "พอช.", "อบต."])
    sheet.append(["ค่าวัสดุ", "ปูนซีเมนต์", 25000, 1500.5, 0.125, DAY])
    sheet.append([None, "หินคลุก", 12000, 0, 0.5, DAY])
    sheet.append(["รวม", None, 37000, 1500.5])
    for place in ("A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4", "A5:A6", "A7:B7"):
        sheet.merge_cells(place)
    for row in sheet.iter_rows(min_row=5):
        for cell, code in zip(row[2:], ["#,##0", "#,##0.00", "0.0%", "[$-107041E]d mmm yyyy"], strict=True):
            cell.number_format = code
    document = read(made)
    assert document.title == "แผนงบประมาณโครงการฝายบ้านห้วยทราย"
    assert rows(document) == [
        "หมวด: ค่าวัสดุ | รายการ: ปูนซีเมนต์ | งบประมาณ พอช.: 25,000 | งบประมาณ อบต.: 1,500.50 | ร้อยละ: 12.5% | จ่ายเมื่อ: 5 ก.พ. 2566",
        "หมวด: ค่าวัสดุ | รายการ: หินคลุก | งบประมาณ พอช.: 12,000 | งบประมาณ อบต.: 0.00 | ร้อยละ: 50.0% | จ่ายเมื่อ: 5 ก.พ. 2566",
        "รวม | งบประมาณ พอช.: 37,000 | งบประมาณ อบต.: 1,500.50",
    ]
    assert "หน่วย: บาท" in document.text.split("\n")
    assert document.blocks[-1].section[-1] == "แผนงบประมาณโครงการฝายบ้านห้วยทราย"


def test_tables_and_sheets_are_told_apart() -> None:
    made, sheet = book()
    for row in [["ชื่อ", "ตำแหน่ง"], ["นายดำ", "ประธาน"], ["นางแดง", "เหรัญญิก"], [], ["ปี", "สมาชิก (คน)"], [2565, 80], [2566, 95]]:
        sheet.append(row)
    other = made.create_sheet("แบบเสนอ")
    for row in (["ชื่อโครงการ", "ธนาคารขยะ"], ["ผู้เสนอ", "นายเขียว"], ["งบประมาณ", 5000]):
        other.append(row)
    document = read(made)
    assert rows(document) == [
        "ชื่อ: นายดำ | ตำแหน่ง: ประธาน",
        "ชื่อ: นางแดง | ตำแหน่ง: เหรัญญิก",
        "ปี: 2565 | สมาชิก (คน): 80",
        "ปี: 2566 | สมาชิก (คน): 95",
        "ชื่อโครงการ: ธนาคารขยะ",
        "ผู้เสนอ: นายเขียว",
        "งบประมาณ: 5000",
    ]
    assert {block.section for block in document.blocks} == {("งบประมาณ",), ("แบบเสนอ",)}
    texts = [passage.text for passage in passages(document)]
    assert not any("เหรัญญิก" in text and "สมาชิก (คน)" in text for text in texts)
    assert not any("สมาชิก (คน)" in text and "ธนาคารขยะ" in text for text in texts)


def test_groups_of_rows_and_totals() -> None:
    made, sheet = book()
    data = [["ที่", "รายการ", "บาท"], ["หมวดวัสดุ"], [1, "ปูน", 300], ["หมวดแรงงาน"], [2, "ช่าง", 500], ["รวมทั้งสิ้น", None, 800]]
    for row in data:
        sheet.append(row)
    assert rows(read(made))[1:] == [
        "หมวดวัสดุ | ที่: 1 | รายการ: ปูน | บาท: 300",
        "หมวดแรงงาน",
        "หมวดแรงงาน | ที่: 2 | รายการ: ช่าง | บาท: 500",
        "ที่: รวมทั้งสิ้น | บาท: 800",
    ]


def test_years_and_numbered_columns_are_names() -> None:
    made, sheet = book()
    for row in (["กิจกรรม", "งบประมาณ", None], [None, 2565, 2566], ["(1)", "(2)", "(3)"], ["อบรม", 10, 20]):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("A1:A2")
    assert rows(read(made)) == ["กิจกรรม: อบรม | งบประมาณ 2565: 10 | งบประมาณ 2566: 20"]


def test_what_is_hidden_is_read_and_marked() -> None:
    made, sheet = book()
    for row in (["รายการ", "บาท", "ต้นทุนจริง"], ["ปูน", 300, 280], ["หิน", 200, 150]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    secret = made.create_sheet("ลับ")
    secret.append(["ข้อความในแผ่นที่ซ่อน"])
    secret.sheet_state = "hidden"
    document = read(made)
    said = {document.text[block.start : block.end]: block.doubt for block in document.blocks}
    assert said["รายการ: ปูน | บาท: 300"] is None
    assert said["รายการ: ปูน | ต้นทุนจริง: 280"] == "hidden"
    assert said["รายการ: หิน | บาท: 200"] == "hidden"
    assert said["ลับ"] == said["ข้อความในแผ่นที่ซ่อน"] == "hidden"


def test_one_cell_in_the_last_place_is_cheap_and_read() -> None:
    made, sheet = book()
    sheet["A1"], sheet["XFD1048576"] = THAI, "ไกลมาก"
    assert read(made).text.split("\n")[-1] == "ไกลมาก"


def test_too_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_CELLS", 5)
    with pytest.raises(IngestError) as caught:
        read_document("a.xlsx", memory.sheet([["ก", "ข"], ["ค", "ง"], ["จ", "ฉ"]]))
    assert caught.value.code == "too_large"


def test_text_in_a_sheet_is_text() -> None:
    made, sheet = book()
    for line in ("รายงานการประชุม", "วาระที่ 1 เรื่องแจ้งเพื่อทราบ", "ประธานแจ้งว่าฝายแล้วเสร็จ"):
        sheet.append([line])
    assert [block.kind for block in read(made).blocks][-1] == "paragraph"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "tis-620", "cp874", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_delimited_in_every_encoding(encoding: str, sign: str) -> None:
    lines = [["ลำดับ", "รายการ", "จำนวน (บาท)"], ["1", '"ปูน\nซีเมนต์"', "25,000"], ["2", "หินคลุก", "12,000"]]
    text = "\r\n".join(sign.join(f'"{cell}"' if "," in cell and cell[0] != '"' else cell for cell in row) for row in lines)
    expected = [
        "ลำดับ: 1 | รายการ: ปูน ซีเมนต์ | จำนวน (บาท): 25,000",
        "ลำดับ: 2 | รายการ: หินคลุก | จำนวน (บาท): 12,000",
    ]
    assert rows(read_document("a.csv", text.encode(encoding))) == expected
    assert rows(read_document("a.xls", text.encode(encoding))) == expected


def test_a_stated_delimiter_and_a_table_without_a_name() -> None:
    assert rows(read_document("a.csv", "sep=;\nชื่อ;ตำแหน่ง\nนายดำ;ประธาน".encode())) == ["ชื่อ: นายดำ | ตำแหน่ง: ประธาน"]
    unnamed = "ที่\tชื่อ\tบาท\n1\tก\t5\n2\tข\t6\n".encode()
    assert rows(read_document("upload", unnamed)) == ["ที่: 1 | ชื่อ: ก | บาท: 5", "ที่: 2 | ชื่อ: ข | บาท: 6"]
    assert read_document("upload", f"{THAI}\n{THAI}".encode()).text == f"{THAI}\n{THAI}"


@pytest.mark.parametrize(
    ("text", "number"), [("25,000", True), ("๑๒.๕%", True), ("1,500 บาท", True), ("-", True), ("3 คน", False)]
)
def test_numbers(text: str, number: bool) -> None:
    assert is_number(text) is number


def test_a_sheet_written_by_another_program_without_sizes() -> None:
    content = memory.sheet([["ชื่อ", "บาท"], ["ก", 1]])
    with io.BytesIO(content) as file:
        name = next(iter(openpyxl.load_workbook(file).sheetnames))
    assert name == "Sheet"
    xml = memory.member(content, "xl/worksheets/sheet1.xml").replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1"')
    assert rows(read_document("a.xlsx", memory.repacked(content, {"xl/worksheets/sheet1.xml": xml}))) == ["ชื่อ: ก | บาท: 1"]


def budget() -> bytes:
    """A sheet as a program writes it that counts nothing: its sum is a formula without a value."""
    made, sheet = book()
    for row in (("รายการ", "บาท"), ("ค่าอาหาร", 3000), ("ค่าเดินทาง", 1500), ("รวม", "=SUM(B2:B3)")):
        sheet.append(row)
    return memory.saved(made)


def test_a_sum_that_nobody_has_counted_is_counted() -> None:
    if office.program() is None:
        pytest.skip("LibreOffice is not installed")
    assert rows(read_document("a.xlsx", budget()))[-1] == "รายการ: รวม | บาท: 4500"


def test_a_sum_that_cannot_be_counted_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(office, "_PLACES", ())
    assert rows(read_document("a.xlsx", budget()))[-1] == f"รายการ: รวม | บาท: {uncounted.NOT_COUNTED}"


@pytest.mark.parametrize("formula", ['=WEBSERVICE("http://127.0.0.1/")', "=[1]งบ!A1"])
def test_a_formula_that_reaches_for_another_place_is_not_run(formula: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uncounted, "convert", lambda *_: pytest.fail("LibreOffice was asked"))
    made, sheet = book()
    sheet.append(("รายการ", "บาท"))
    sheet.append(("ราคา", formula))
    assert rows(read(made))[-1].endswith(uncounted.NOT_COUNTED)


def test_counted_values_are_read_as_they_were_kept() -> None:
    sheet = (
        '<c r="A1"><f>SUM(B1:B2)</f><v>7</v></c><c r="B1"><v>3</v></c>'
        '<c r="C1" t="str"><f>"ก"</f><v></v></c><x:c r="D2" s="1"><x:f ca="1"/><x:v/></x:c><c r="E3"><f>1+1</f></c>'
    )
    assert list(uncounted.uncounted(sheet.encode())) == ["C1", "D2", "E3"]
