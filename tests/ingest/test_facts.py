import json

import pytest

from ingest import facts, read_document
from ingest.facts import address, provinces
from vectorstore.types import Document


def made(text: str, source: str = "x.txt") -> Document:
    return read_document(source, text.encode())


def record(**fields: str) -> Document:
    return made(json.dumps({"id": "a", "body": "เนื้อหา", **fields}, ensure_ascii=False), "x.jsonl")


def test_title_given() -> None:
    assert record(title=" ข่าว​วันนี้ ").title == "ข่าววันนี้"


def test_title_is_the_first_line() -> None:
    assert made("-----\n\nประชุมคณะทำงานกลุ่มจังหวัด\nวันที่ 1").title == "ประชุมคณะทำงานกลุ่มจังหวัด"


def test_the_opening_of_a_paragraph_stands_for_a_title() -> None:
    title = made("โครงการความร่วมมือเพื่อแก้ปัญหาความยากจนและพัฒนาสังคม " * 5).title
    assert title == "โครงการความร่วมมือเพื่อแก้ปัญหาความยากจนและพัฒนาสังคม"


def test_title_takes_in_the_number_of_the_meeting() -> None:
    assert made("รายงานการประชุมคณะกรรมการกองทุน\nครั้งที่ 2/2564\nวัน").title == "รายงานการประชุมคณะกรรมการกองทุน ครั้งที่ 2/2564"
    assert made("แผ่นสรุปโครงการ\nธนาคารเมล็ดพันธุ์ข้าว\nวัน").title == "แผ่นสรุปโครงการ ธนาคารเมล็ดพันธุ์ข้าว"


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ({"date": "2022-06-20"}, "2022-06-20"),
        ({"date": "20 มิ.ย. 65"}, "2022-06-20"),
        ({"date": "2565"}, "2022"),
        ({"date": "เมื่อวาน", "body": "ประชุมวันที่ 5 ก.พ. 66"}, "2023-02-05"),
        ({"body": "ส่งภายในเดือนมีนาคม 2566 ประชุมวันที่ 29-30 มกราคม 2566"}, "2023-01-29"),
        ({"body": "ในปี 2566 และเดือนกันยายน 2567"}, "2024-09"),
        ({"body": "วิสัยทัศน์ 2020 เริ่มปี 56"}, "2013"),
        ({"body": "ก" * 2_000 + " เมื่อ พ.ศ. 2552"}, "2009"),
        ({"body": "ไม่มีวันที่ 3,830,000 บาท"}, None),
    ],
)
def test_date(fields: dict[str, str], date: str | None) -> None:
    assert record(**fields).date == date


def test_all_dates() -> None:
    found = record(body="ประชุม 29-30 มกราคม 2566 ส่งภายใน 5 ก.พ. 66 แผนปี 2566-67 ตามแผนปี 2560")
    assert found.dates == ("2017", "2023-01-29", "2023-01-30", "2023-02-05", "2024")
    assert found.years == {2017, 2023, 2024}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("อำเภอเมือง จังหวัดพังงา", ("พังงา",)),
        ("อ.วังสะพุง จ.เลย และ จ. น่าน", ("น่าน", "เลย")),
        ("ไม่เลย ตากผ้า แพร่หลาย แม่น้ำน่าน", ()),
        ("(ระนอง พังงา ภูเก็ต กระบี่ ตรัง สตูล)", ("กระบี่", "ตรัง", "พังงา", "ภูเก็ต", "ระนอง", "สตูล")),
        ("ขบวนจังหวัดสุพรรณบุรี กาญจนบุรี และราชบุรี", ("กาญจนบุรี", "ราชบุรี", "สุพรรณบุรี")),
        ("กรุงเทพฯ และ กทม. กรุงเทพมหานคร", ("กรุงเทพมหานคร",)),
        ("มหาวิทยาลัยสงขลานครินทร์ ต.พิจิตร ถนนเพชรบุรี", ()),
        ("อำเภอเมืองนครสวรรค์", ("นครสวรรค์",)),
        ("ฉะเชิงเทรา / สัมมนา", ("ฉะเชิงเทรา",)),
    ],
)
def test_provinces(text: str, names: tuple[str, ...]) -> None:
    assert provinces(text) == names


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ประชุมคณะทำงาน\nวาระที่ 1 เรื่องแจ้ง\n1.1 เรื่อง", "minutes"),
        ("ประชุมคณะทำงาน\nมติ เห็นชอบ", "minutes"),
        ("โครงการธนาคารข้าว\n2. วัตถุประสงค์\n2.1 รวบรวมพันธุ์", "project"),
        ("โครงการความร่วมมือ\nเป้าประสงค์\n1. นำแผน", "project"),
        ("บันทึกลงพื้นที่น้ำท่วม\nน้ำมาเร็ว", "notes"),
        ("ประชุมกลไกกลาง\nสสจ.\n- หนึ่ง\n- สอง\n- สาม", "notes"),
        ("สุพรรณบุรี : วันที่ 19 พฤษภาคม 2566 ผู้บริหารประชุม", "news"),
        ("รัฐมนตรีกล่าวว่า จะเร่งแก้ไข", "news"),
        ("สรุปผลการดำเนินงานของเครือข่าย", "report"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert made(text).kind == kind


def test_only_web_addresses_are_kept() -> None:
    assert address("https://www.thaigov.go.th/a?b=1") == "https://www.thaigov.go.th/a?b=1"
    for bad in ("javascript:alert(1)", "file:///etc/passwd", "http://a b", 'http://a"onload=', "", None):
        assert address(bad) is None
    assert record(url="javascript:alert(1)").url is None
    assert record(url="https://a.th/1").url == "https://a.th/1"
    assert read_document("x.txt", "ก".encode(), url="https://a.th/2").url == "https://a.th/2"


def test_organisations_are_told_by_their_full_names() -> None:
    found = facts.organisations("พอช. ร่วมกับ สปสช. และสำนักงานกองทุนสนับสนุนการสร้างเสริมสุขภาพ ประชุมที่โรงเรียน")
    assert any("สถาบันพัฒนาองค์กรชุมชน" in name for name in found)
    assert "สำนักงานหลักประกันสุขภาพแห่งชาติ" in found
    assert "สำนักงานกองทุนสนับสนุนการสร้างเสริมสุขภาพ" in found
    assert facts.organisations("ไม่มีหน่วยงานใด") == ()
