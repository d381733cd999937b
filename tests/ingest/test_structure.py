import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clean import clean
from ingest.plain import lines_of
from ingest.raw import RawLine
from ingest.structure import SECTION_LENGTH, cut, structure

MINUTES = """รายงานการประชุมคณะทำงาน ครั้งที่ 1/2566

วาระที่ 1 เรื่องแจ้งเพื่อทราบ
1.1 ประธานแจ้งว่ากองทุนได้รับเงินสมทบจากองค์การบริหารส่วนตำบลแล้วเต็มจำนวนตั้งแต่ต้นเดือนมกราคมที่ผ่านมา
วาระที่ ๒ เรื่องสืบเนื่อง
๒.๑ ทิศทางการขับเคลื่อน
ข้อเสนอแนะเพิ่มเติม
1)ให้จัดกลไกใหม่
2)ให้เพิ่มภาคี
(1)หน่วยงานรัฐ
มติ เห็นชอบให้ตั้งคณะทำงานชุดเล็ก ประกอบด้วย
1.คุณหนึ่ง

2.คุณสอง
2.2 โครงการใหม่
จังหวัดพังงา 504 ครัวเรือน
จังหวัดกระบี่ 100 ครัวเรือน"""

SHEET = """โครงการความร่วมมือแก้ปัญหาความยากจนระดับตำบลในพื้นที่ต้นแบบ
เป้าประสงค์
1. นำแผนไปสู่การปฏิบัติ
2. พัฒนาระบบข้อมูล
1. การสร้างรูปธรรม
- จัดเวทีตรวจสอบ
2. ยกระดับแผน
3. พัฒนาระบบ
1. ประชุมคณะกรรมการ
2. ประชุมทีม
1. ขอบเขตพื้นที่
จำนวน 60 ตำบล ประกอบด้วย
2. ขอบเขตเนื้อหา
ดังนี้
แหล่งงบประมาณ
จำนวน(บาท)
สำนักงานหลักประกันสุขภาพแห่งชาติ
3,000,000
กองทุนสวัสดิการสังคม
4,200,000
ภาคีการพัฒนา
- วิชาการ"""

NOTES = """ประชุมคณะทำงานกลไกกลาง
สสจ.
- ควรมีเจ้าภาพหลัก
ทต.ปริก
- ปี 56
พมจ. - พัฒนาสังคมจังหวัด
- มี 2 ฝ่าย"""


def outline(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """(kind, first characters, section path shortened) of each block."""
    whole, blocks = structure(clean(lines_of(text)))
    return [(b.kind, whole[b.start : b.end][:16], tuple(part[:12] for part in b.section)) for b in blocks]


def test_minutes() -> None:
    two, item = "วาระที่ ๒ เร", "๒.๑ ทิศทางกา"
    assert outline(MINUTES)[1:] == [
        ("heading", "วาระที่ 1 เรื่อง", ("วาระที่ 1 เร",)),
        ("list_item", "1.1 ประธานแจ้งว่", ("วาระที่ 1 เร",)),
        ("heading", "วาระที่ ๒ เรื่อง", (two,)),
        ("heading", "๒.๑ ทิศทางการขับ", (two, item)),
        ("heading", "ข้อเสนอแนะเพิ่มเ", (two, item, "ข้อเสนอแนะเพ")),
        ("list_item", "1)ให้จัดกลไกใหม่", (two, item, "ข้อเสนอแนะเพ")),
        ("list_item", "2)ให้เพิ่มภาคี", (two, item, "ข้อเสนอแนะเพ")),
        ("list_item", "(1)หน่วยงานรัฐ", (two, item, "ข้อเสนอแนะเพ")),
        ("paragraph", "มติ เห็นชอบให้ตั", (two, item)),
        ("list_item", "1.คุณหนึ่ง", (two, item)),
        ("list_item", "2.คุณสอง", (two, item)),
        ("heading", "2.2 โครงการใหม่", (two, "2.2 โครงการใ")),
        ("list_item", "จังหวัดพังงา 504", (two, "2.2 โครงการใ")),
        ("list_item", "จังหวัดกระบี่ 10", (two, "2.2 โครงการใ")),
    ]


def test_project_sheet() -> None:
    aim = ("เป้าประสงค์",)
    assert outline(SHEET)[1:] == [
        ("heading", "เป้าประสงค์", aim),
        ("list_item", "1. นำแผนไปสู่การ", aim),
        ("list_item", "2. พัฒนาระบบข้อม", aim),
        ("heading", "1. การสร้างรูปธร", (*aim, "1. การสร้างร")),
        ("list_item", "- จัดเวทีตรวจสอบ", (*aim, "1. การสร้างร")),
        ("list_item", "2. ยกระดับแผน", aim),
        ("list_item", "3. พัฒนาระบบ", aim),
        ("list_item", "1. ประชุมคณะกรรม", ()),
        ("list_item", "2. ประชุมทีม", ()),
        ("heading", "1. ขอบเขตพื้นที่", ("1. ขอบเขตพื้",)),
        ("paragraph", "จำนวน 60 ตำบล ปร", ("1. ขอบเขตพื้",)),
        ("heading", "2. ขอบเขตเนื้อหา", ("2. ขอบเขตเนื",)),
        ("paragraph", "ดังนี้", ("2. ขอบเขตเนื",)),
        ("heading", "แหล่งงบประมาณ", ("แหล่งงบประมา",)),
        ("table_row", "จำนวน(บาท)", ("แหล่งงบประมา",)),
        ("table_row", "สำนักงานหลักประก", ("แหล่งงบประมา",)),
        ("table_row", "กองทุนสวัสดิการส", ("แหล่งงบประมา",)),
        ("heading", "ภาคีการพัฒนา", ("ภาคีการพัฒนา",)),
        ("list_item", "- วิชาการ", ("ภาคีการพัฒนา",)),
    ]


def test_a_name_and_its_figure_are_one_row() -> None:
    text, blocks = structure(clean(lines_of(SHEET)))
    assert "สำนักงานหลักประกันสุขภาพแห่งชาติ\n3,000,000" in [text[b.start : b.end] for b in blocks]


def test_organisations_head_their_lists() -> None:
    assert [(kind, path) for kind, _, path in outline(NOTES)] == [
        ("paragraph", ()),
        ("heading", ("สสจ.",)),
        ("list_item", ("สสจ.",)),
        ("heading", ("ทต.ปริก",)),
        ("list_item", ("ทต.ปริก",)),
        ("heading", ("พมจ. - พัฒนา",)),
        ("list_item", ("พมจ. - พัฒนา",)),
    ]


def test_the_last_item_of_a_list_is_no_heading() -> None:
    found = outline("ศูนย์พักพิงมีสามจุด\n1. วัด 112 คน\n2. โรงเรียน 58 คน\n3. เต็นท์ 39 คน\nรวมพักนอกบ้าน 209 คน ที่เหลือขออยู่บ้านเฝ้าของ")
    assert [kind for kind, _, _ in found] == ["paragraph", "list_item", "list_item", "list_item", "paragraph"]


def test_rows_with_bars_and_rows_of_amounts() -> None:
    assert [kind for kind, _, _ in outline("ประเภท | ราย\nเกิด | 6")] == ["table_row"] * 2
    assert [kind for kind, _, _ in outline("แหล่งทุน จำนวนเงิน (บาท)\nพอช. 150,000\nอบต. สมทบ 50,000")] == ["table_row"] * 3


def test_headings_of_the_format_itself() -> None:
    lines = [
        RawLine("ชื่อเรื่อง", kind="heading", level=1),
        RawLine("นำเรื่อง"),
        RawLine("บทที่หนึ่ง", kind="heading", level=2),
        RawLine("ย่อย", kind="heading", level=3),
        RawLine("เนื้อหา"),
        RawLine("บทที่สอง", kind="heading", level=2),
    ]
    assert [block.section for block in structure(lines)[1]] == [
        ("ชื่อเรื่อง",),
        ("ชื่อเรื่อง",),
        ("บทที่หนึ่ง",),
        ("บทที่หนึ่ง", "ย่อย"),
        ("บทที่หนึ่ง", "ย่อย"),
        ("บทที่สอง",),
    ]


def test_the_end_of_a_wrapped_item_is_no_heading() -> None:
    lines = [RawLine(text, 1) for text in ("ตัวชี้วัด", f"- แผนงาน{'พื้นฐาน' * 8}", "ทางสังคม", "- แผนงานบุคลากร")]
    assert [block.kind for block in structure(lines)[1]] == ["heading", "list_item", "paragraph", "list_item"]


def test_long_headings_are_cut_at_a_word() -> None:
    heading = "วาระที่ 1 " + "พิจารณาเห็นชอบแผนงานและงบประมาณประจำปีของกองทุนสวัสดิการชุมชน " * 3
    (section,) = structure(clean(lines_of(heading)))[1][0].section
    assert len(section) <= SECTION_LENGTH
    assert heading.startswith(section)
    assert section.endswith("ชุมชน")


@pytest.mark.parametrize("length", [1, 10, 40])
def test_cut(length: int) -> None:
    text = "กองทุนสวัสดิการชุมชน ตำบลนาหินแก้ว อำเภอวังสะพุง"
    assert text.startswith(cut(text, length))
    assert 0 < len(cut(text, length)) <= length


MARKERS = ["วาระที่ 1 ", "ระเบียบวาระที่ ๒ ", "2.1 ", "1. ", "2. ", "1)", "(1) ", "- ", "• ", "ก. ", "แผนที่ 1 ", "มติ "]
TURNS = ["ข้อเสนอแนะ", "สสจ.", "3,595,000", "จำนวน(บาท)", " | ", "ดังนี้", "504 ครัวเรือน", "เป้าประสงค์\n"]
PIECES = st.sampled_from([*MARKERS, *TURNS, "กองทุน", "คน", " ", "\n", "\n\n", "ยาว" * 40])


@settings(deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text()))
def test_blocks_cover_every_line(text: str) -> None:
    source = clean(lines_of(text))
    whole, blocks = structure(source)
    assert whole == "\n".join(line.text for line in source)
    covered = set()
    for block in blocks:
        assert whole[block.start : block.end].strip()
        covered.update(range(block.start, block.end))
    assert {place for place, char in enumerate(whole) if not char.isspace()} <= covered


@pytest.mark.parametrize(
    "head",
    [
        "วาระที่ 1 เรื่องแจ้งเพื่อทราบ",
        "ระเบียบวาระที่ ๑ เรื่องแจ้งเพื่อทราบ",
        "วาระ 1 เรื่องแจ้งเพื่อทราบ",
        "วาระ ที่ 1 เรื่องแจ้งเพื่อทราบ",
        "ระเบียบวาระการประชุมที่ 1 เรื่องแจ้งเพื่อทราบ",
        "วาระที่หนึ่ง เรื่องแจ้งเพื่อทราบ",
    ],
)
def test_an_agenda_item_in_its_spellings(head: str) -> None:
    for item in ("1.1 เรื่องน้ำ", "๑.๑ เรื่องน้ำ", "วาระที่ 1.1 เรื่องน้ำ"):
        lines = [RawLine(line) for line in (head, item, "น้ำในสระเหลือน้อยกว่าปีก่อนมาก", "มติที่ประชุม รับทราบ")]
        _, blocks = structure(lines)
        assert [block.section for block in blocks] == [(head,), (head, item), (head, item), (head, item)]


@pytest.mark.parametrize("head", ["วาระเพื่อพิจารณา", "ระเบียบวาระเพื่อทราบ :", "วาระอื่น ๆ", "วาระจร"])
def test_an_agenda_item_without_a_number(head: str) -> None:
    _, blocks = structure([RawLine(line) for line in (head, "เรื่องงบประมาณซ่อมศาลาของหมู่บ้าน", "มติ เห็นชอบ")])
    assert [block.section for block in blocks] == [(head,)] * 3
    long = "วาระเพื่อทราบ สถาบันได้รายงานผลการดำเนินงานของปีที่ผ่านมาให้คณะกรรมการทุกคนได้ทราบพร้อมกันทั้งหมดแล้ว"
    assert structure([RawLine(long)])[1][0].kind == "paragraph"
