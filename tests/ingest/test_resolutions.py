"""Resolutions as minutes record them, in their many ways; and what is none of the meeting's own."""

from pathlib import Path

import pytest

from ingest import read_document
from ingest.due import day_of, due
from vectorstore.types import Document, Resolution

HEAD = """รายงานการประชุมคณะกรรมการหมู่บ้านตัวอย่าง ครั้งที่ 2/2566
วันที่ 10 กุมภาพันธ์ 2566 เวลา 09.00 น.
ณ ศาลาประชาคมบ้านตัวอย่าง ตำบลสมมติ อำเภอวังสะพุง จังหวัดเลย
ระเบียบวาระที่ 1 เรื่องเพื่อพิจารณา
1.1 การซ่อมศาลา
"""
SAMPLES = Path(__file__).parents[2] / "ingest" / "samples"


def read(text: str, source: str = "minutes.txt") -> Document:
    return read_document(source, text.encode())


def rows(lines: str) -> tuple[Resolution, ...]:
    """The register's rows of minutes that end in `lines`; each quotes the document."""
    document = read(HEAD + lines)
    for row in document.resolutions:
        assert document.text[row.start : row.end] == row.decision
        assert row.meeting.startswith("รายงานการประชุมคณะกรรมการ") and row.date == "2023-02-10"
        assert row.place == "ศาลาประชาคมบ้านตัวอย่าง ตำบลสมมติ อำเภอวังสะพุง จังหวัดเลย"
        assert row.section == ("ระเบียบวาระที่ 1 เรื่องเพื่อพิจารณา", "1.1 การซ่อมศาลา")
    return document.resolutions


def one(lines: str) -> Resolution:
    (row,) = rows(lines)
    return row


@pytest.mark.parametrize(
    ("line", "decision"),
    [
        ("มติที่ประชุม เห็นชอบงบซ่อมศาลา 20,000 บาท", "เห็นชอบงบซ่อมศาลา 20,000 บาท"),
        ("มติ : รับทราบ", "รับทราบ"),
        ("มติที่ประชุม: อนุมัติ", "อนุมัติ"),
        ("มติ รับทราบและให้ติดตามต่อ", "รับทราบและให้ติดตามต่อ"),
        ("สรุปมติที่ประชุม - เห็นชอบตามร่าง", "เห็นชอบตามร่าง"),
        ("ที่ประชุมมีมติเห็นชอบให้ซ่อมหลังคาก่อนฤดูฝน", "เห็นชอบให้ซ่อมหลังคาก่อนฤดูฝน"),
        ("ที่ประชุมมีมติเป็นเอกฉันท์เห็นชอบแบบแปลน", "เป็นเอกฉันท์เห็นชอบแบบแปลน"),
        ("ที่ประชุมรับรองรายงานการประชุม ครั้งที่ 1/2566", "รับรองรายงานการประชุม ครั้งที่ 1/2566"),
        ("ที่ประชุมพิจารณาแล้วเห็นชอบราคากลาง 45,000 บาท", "เห็นชอบราคากลาง 45,000 บาท"),
        ("มติที่ประชุมครั้งที่ 2/2566 เห็นชอบแผนงาน", "ครั้งที่ 2/2566 เห็นชอบแผนงาน"),
        ("มอบหมายให้เลขานุการทำหนังสือขอบคุณ", "มอบหมายให้เลขานุการทำหนังสือขอบคุณ"),
    ],
)
def test_the_ways_to_say_it(line: str, decision: str) -> None:
    assert one(line).decision == decision


def test_a_heading_alone_has_its_words_in_the_next_line() -> None:
    row = one("มติที่ประชุม\nเห็นชอบให้ซ่อมหลังคาศาลา มอบหมายให้ นายทดสอบ ใจงาม จัดซื้อวัสดุภายในวันที่ ๕ มีนาคม ๒๕๖๖")
    assert row.decision.startswith("เห็นชอบให้ซ่อม")
    assert (row.assigned, row.due) == (("นายทดสอบ ใจงาม",), "2023-03-05")
    assert row.due_said == "ภายในวันที่ ๕ มีนาคม ๒๕๖๖"


def test_a_list_of_names_belongs_to_its_resolution() -> None:
    row = one("มติที่ประชุม เห็นชอบตั้งคณะทำงานซ่อมศาลา ประกอบด้วย\n1. นายทดสอบ ใจงาม\n2. นางสมมติ รักดี เหรัญญิก\n3. คุณลองดู ก่อนเชื่อ")
    assert row.assigned == ("นายทดสอบ ใจงาม", "นางสมมติ รักดี", "คุณลองดู ก่อนเชื่อ")
    assert row.decision.endswith("3. คุณลองดู ก่อนเชื่อ")


def test_a_list_of_conditions_is_one_resolution() -> None:
    row = one("มติที่ประชุม เห็นชอบระเบียบการยืมของ ดังนี้\n(1) ยืมได้ไม่เกินเจ็ดวัน\n(2) คืนช้าปรับวันละสิบบาท")
    assert "(1) ยืมได้" in row.decision and row.decision.endswith("สิบบาท")


def test_each_task_of_a_list_is_a_row_of_its_own() -> None:
    first, second = rows(
        "มติที่ประชุม เห็นชอบ และแบ่งงานดังนี้\n"
        "1. ให้นายทดสอบ ใจงาม จัดซื้อกระเบื้องให้เสร็จภายในวันที่ 20 กุมภาพันธ์ 2566\n"
        "2. ให้ฝ่ายช่าง รื้อหลังคาเดิมภายในวันที่ 25 กุมภาพันธ์ 2566"
    )
    assert (first.assigned, first.due) == (("นายทดสอบ ใจงาม",), "2023-02-20")
    assert (second.assigned, second.due) == (("ฝ่ายช่าง",), "2023-02-25")
    bare = rows("มติที่ประชุม\n(1) อนุมัติเงิน 5,000 บาท\n(2) รับทราบการลาของเหรัญญิก")
    assert [row.decision for row in bare] == ["อนุมัติเงิน 5,000 บาท", "รับทราบการลาของเหรัญญิก"]


def test_a_line_that_goes_on_belongs_to_it() -> None:
    row = one("มติที่ประชุม เห็นชอบงบประมาณ\nมอบหมายให้เหรัญญิก เบิกจ่ายภายใน 30 วัน")
    assert (row.assigned, row.due, row.due_said) == (("เหรัญญิก",), None, "ภายใน 30 วัน")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("มอบ นาย ก และนาง ข รับผิดชอบ", ("นาย ก", "นาง ข")),
        ("เห็นชอบ มอบหมายนางสาวทดลอง ใจงาม ร่วมกับนายสมมติ รักดี จัดทำบัญชี", ("นางสาวทดลอง ใจงาม", "นายสมมติ รักดี")),
        ("ให้เหรัญญิกติดประกาศที่ศาลา", ("เหรัญญิก",)),
        ("ให้ทุกหมู่บ้านส่งรายชื่อ", ("ทุกหมู่บ้าน",)),
        ("มอบหมายให้คณะทำงานพัฒนาแหล่งน้ำตำบล ดำเนินการสำรวจ", ("คณะทำงานพัฒนาแหล่งน้ำตำบล",)),
        ("เห็นชอบ โดยให้นายทดสอบ ใจงาม เลขานุการ ยกร่างระเบียบ", ("นายทดสอบ ใจงาม",)),
        ("ตั้งกองทุน โดยมีนางสมมติ รักดี เป็นผู้ถือบัญชี", ("นางสมมติ รักดี",)),
        ("เห็นชอบ ส่งร่างให้กรรมการตรวจ", ()),
        ("ให้ใช้แบบเดิม และให้ปรับราคา", ()),
    ],
)
def test_who_is_to_do_it(words: str, names: tuple[str, ...]) -> None:
    assert one(f"มติที่ประชุม {words}").assigned == names


@pytest.mark.parametrize(
    ("words", "said", "day"),
    [
        ("ให้แล้วเสร็จภายในวันที่ 5 มีนาคม 2566", "ให้แล้วเสร็จภายในวันที่ 5 มีนาคม 2566", "2023-03-05"),
        ("ส่งเอกสารภายในเดือนมีนาคม 2566", "ภายในเดือนมีนาคม 2566", "2023-03-31"),
        ("รายงานภายในสิ้นเดือนกุมภาพันธ์ 2567", "ภายในสิ้นเดือนกุมภาพันธ์ 2567", "2024-02-29"),
        ("ส่งก่อนวันที่ 5 ก.พ. 66", "ก่อนวันที่ 5 ก.พ. 66", "2023-02-05"),
        ("ทำให้เสร็จภายในปีงบประมาณ 2566", "ให้เสร็จภายในปีงบประมาณ 2566", "2023-09-30"),
        ("แก้ไขภายใน 30 วัน", "ภายใน 30 วัน", None),
        ("แก้ไขภายในสามเดือน", "ภายในสามเดือน", None),
        ("เสนอก่อนการประชุมครั้งต่อไป", "ก่อนการประชุมครั้งต่อไป", None),
        ("รายงานในการประชุมครั้งถัดไป", "ในการประชุมครั้งถัดไป", None),
        ("รายงานบัญชีทุกวันที่ 5 ของเดือน", "ทุกวันที่ 5 ของเดือน", None),
        ("ให้เสร็จภายในวันที่ 15 มกราคม", "ให้เสร็จภายในวันที่ 15 มกราคม", "2024-01-15"),
        ("ขยายเวลาอีก 2 เดือน (มีนาคม-เมษายน 2566)", "อีก 2 เดือน (มีนาคม-เมษายน 2566)", "2023-04-30"),
        ("ช่วยเหลือไม่เกินหลังละ 2,000 บาท เริ่มวันที่ 1 มีนาคม 2566", None, None),
    ],
)
def test_until_when(words: str, said: str | None, day: str | None) -> None:
    assert due(words, "2023-02-10") == ((said, day) if said else None)


def test_days_as_people_type_them() -> None:
    for typed in ("31 มีนาคม 2566", "31/3/2566", "2566-03-31", "2023-03-31", "๓๑ มี.ค. ๖๖"):
        assert day_of(typed) == "2023-03-31"
    assert (day_of("มีนาคม 2566"), day_of("2566"), day_of("2566-02-31"), day_of("พรุ่งนี้")) == (
        "2023-03-01",
        "2023-01-01",
        None,
        None,
    )


@pytest.mark.parametrize(
    "line",
    [
        "ตามมติ ครม. วันที่ 3 มกราคม 2566 ให้ทุกจังหวัดตั้งศูนย์ช่วยเหลือ ประธานจึงแจ้งให้ทราบ",
        "มติ ครม. เห็นชอบงบกลางสำหรับภัยแล้ง",
        "มติคณะรัฐมนตรี เห็นชอบร่างระเบียบ",
        "ประธานแจ้งว่าที่ประชุมคณะรัฐมนตรีมีมติเห็นชอบโครงการถนน",
        "นายอำเภอแจ้งให้ที่ประชุมรับทราบเรื่องไข้เลือดออก",
        "เลขานุการขอให้ที่ประชุมเห็นชอบรายชื่อ",
        "มติที่ประชุมครั้งที่ 1/2566 ให้ซ่อมรั้ว บัดนี้ซ่อมแล้ว",
        "ที่ประชุมเมื่อเดือนมกราคม 2566 เห็นชอบแผนแล้ว",
        "หนังสือพิมพ์มติชนลงข่าวหมู่บ้าน",
        "ที่ประชุมแลกเปลี่ยนแล้วเห็นว่าควรรอฟังความเห็น",
    ],
)
def test_what_is_no_resolution_of_the_meeting(line: str) -> None:
    assert rows(line) == ()


def test_approving_what_was_proposed_takes_its_names_and_first_day() -> None:
    row = one("(1) นายทดสอบ ใจงาม ทำป้าย ภายในวันที่ 14 กุมภาพันธ์ 2566\n(2) นางสมมติ รักดี ดูแลอาหาร\nมติที่ประชุม เห็นชอบตามที่เสนอ")
    assert (row.assigned, row.due) == (("นายทดสอบ ใจงาม", "นางสมมติ รักดี"), "2023-02-14")


def test_a_short_assent_is_shown_with_what_it_assents_to() -> None:
    assert one("นายทดสอบ ใจงาม เสนอให้ปลูกต้นไม้รอบศาลา ที่ประชุมเห็นด้วย").decision.startswith("นายทดสอบ ใจงาม เสนอ")


def test_news_has_rows_only_of_the_meeting_that_it_reports() -> None:
    village = "เลย / ชาวบ้านจัดเวทีสรุปงาน เมื่อวันที่ 14 มีนาคม 2566 ณ ลานวัดตัวอย่าง มีคนมา 60 คน\n"
    village += "ที่ประชุมมีมติให้เก็บเงินบำรุงปีละ 60 บาท ทั้งนี้ ผู้จัดกล่าวว่าจะทำต่อ"
    (row,) = read("ชาวบ้านสรุปงานประจำปี\nเผยแพร่ 16 มีนาคม 2566\n" + village, "news.txt").resolutions
    assert (row.decision, row.date, row.place) == ("ให้เก็บเงินบำรุงปีละ 60 บาท", "2023-03-14", "ลานวัดตัวอย่าง")
    cabinet = "ครม. ไฟเขียวเงินช่วยชาวนา\n"
    cabinet += "โฆษกรัฐบาลกล่าวว่าที่ประชุมคณะรัฐมนตรีมีมติเห็นชอบเงินช่วยเหลือชาวนาไร่ละ 1,000 บาท และมอบหมายให้กระทรวงเกษตรฯ ดำเนินการ"
    assert read(cabinet, "cabinet.txt").resolutions == ()
    quoted = "ชาวบ้านดีใจได้เงินช่วยเหลือ\nนางสมมติ รักดี กล่าวว่า หลังที่ประชุมอนุมัติเงินไร่ละ 500 บาท ตนก็ซ่อมบ้าน"
    assert read(quoted, "quoted.txt").resolutions == ()


def test_the_sample_minutes() -> None:
    found = {path.name: read_document(path.name, path.read_bytes()).resolutions for path in sorted(SAMPLES.iterdir())}
    assert {name: len(some) for name, some in found.items() if some} == {
        "minutes-chanthaburi-council-2565-01.docx": 6,
        "minutes-chanthaburi-council-2567-02.pdf": 4,
        "minutes-loei-welfare-2564-02.txt": 5,
        "minutes-loei-welfare-2566-03.txt": 5,
        "minutes-phatthalung-wetland-2563-02.docx": 4,
        "minutes-roiet-housing-2565-04.txt": 6,
        "news-nan-weir-2566.html": 2,
    }
    every = [row for some in found.values() for row in some]
    assert sum(bool(row.assigned) for row in every) == 24
    assert sum(bool(row.due) for row in every) == 20
    assert all(row.date and row.place for row in every)
    assert {row.page for row in found["minutes-chanthaburi-council-2567-02.pdf"]} == {1, 2}
