"""Minutes that are a draft, approved, or say nothing; and the meeting by which drafts and minutes know each other."""

import pytest

from ingest import read_document
from ingest.standing import meeting, standing

HEAD = "รายงานการประชุมคณะกรรมการป่าชุมชนบ้านห้วยทราย\nครั้งที่ ๒/๒๕๖๗\nวันที่ 9 มีนาคม 2567"
AGENDA = "\nระเบียบวาระที่ 1 เรื่องแจ้งเพื่อทราบ\nร่างแผนงาน (ร่าง)\nระเบียบวาระที่ 2 รับรองรายงานการประชุมครั้งที่แล้ว\nมติ รับรองแล้ว"


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        ("a.txt", HEAD + AGENDA, None),
        ("a.txt", f"(ร่าง)\n{HEAD}{AGENDA}", "draft"),
        ("a.txt", f"(ร่าง) {HEAD}{AGENDA}", "draft"),
        ("a.txt", f"ร่าง{HEAD}{AGENDA}", "draft"),
        ("a.txt", f"ร่าง\n{HEAD}{AGENDA}", "draft"),
        ("a.txt", f"{HEAD} (ร่าง){AGENDA}", "draft"),
        ("a.txt", f"{HEAD}\n(ร่าง ครั้งที่ 1){AGENDA}", "draft"),
        ("a.txt", f"{HEAD}\nฉบับร่าง{AGENDA}", "draft"),
        ("a.txt", f"{HEAD}\nยังไม่ผ่านการรับรอง{AGENDA}", "draft"),
        ("a.txt", f"{HEAD}\nยังไม่รับรอง{AGENDA}", "draft"),
        ("a.txt", f"{HEAD}\n(รอการรับรองในการประชุมครั้งถัดไป){AGENDA}", "draft"),
        ("ร่าง_รายงานการประชุม 2-67.txt", HEAD + AGENDA, "draft"),
        ("2567/รายงานการประชุม(ร่าง).txt", HEAD + AGENDA, "draft"),
        ("ร่างรายงานการประชุม.txt", HEAD + AGENDA, "draft"),
        ("minutes-draft.txt", HEAD + AGENDA, "draft"),
        ("a.txt", f"{HEAD}\n(รับรองแล้ว){AGENDA}", "approved"),
        ("a.txt", f"{HEAD}\nฉบับที่ผ่านการรับรอง{AGENDA}", "approved"),
        ("minutes_approved.txt", HEAD + AGENDA, "approved"),
        ("a.txt", f"รายงานการประชุมพิจารณา (ร่าง) แผนพัฒนาตำบล ครั้งที่ 1/2567{AGENDA}", None),
        ("a.txt", f"รายงานการประชุมคณะทำงานยกร่างธรรมนูญตำบล ครั้งที่ 1/2567{AGENDA}", None),
        ("a.txt", "ร่างพระราชบัญญัติป่าชุมชน\nฉบับร่าง", None),
        ("overdraft-minutes.txt", HEAD + AGENDA, None),
    ],
)
def test_what_minutes_say_of_themselves(source: str, text: str, said: str | None) -> None:
    made = read_document(source, text.encode())
    assert made.status == said
    assert standing(source, made.title, made.text) == said


OF = "คณะกรรมการป่าชุมชนบ้านห้วยทราย 2/2567"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD, OF),
        (f"(ร่าง) {HEAD}", OF),
        (f"ร่าง{HEAD}", OF),
        ("รายงานการประชุม คณะกรรมการป่าชุมชน บ้านห้วยทราย (ร่าง) ครั้งที่ 2 / 67", OF),
        ("บันทึกการประชุมคณะกรรมการป่าชุมชนบ้านห้วยทราย ครั้งที่ 2 ประจำปี พ.ศ. 2567", OF),
        ("สรุปการประชุมคณะกรรมการป่าชุมชนบ้านห้วยทราย ครั้งที่ 2\nวันที่ 9 มีนาคม 2567", OF),
        ("รายงานการประชุมคณะกรรมการป่าชุมชนบ้านห้วยทราย ครั้งที่ 12/2567", "คณะกรรมการป่าชุมชนบ้านห้วยทราย 12/2567"),
        ("รายงานการประชุมคณะกรรมการป่าชุมชนบ้านห้วยทราย ครั้งที่ 2", None),
        ("รายงานการประชุมครั้งที่ 2/2567", None),
        ("ข่าวป่าชุมชนบ้านห้วยทราย", None),
    ],
)
def test_which_meeting(text: str, said: str | None) -> None:
    made = read_document("a.txt", (text + AGENDA).encode())
    assert made.meeting == said
    assert meeting(made.title, made.text, made.date) == said
