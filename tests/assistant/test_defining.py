"""A definition is what stands in the text as one: names spelled out, and sentences that say what something is or does."""

from dataclasses import replace

import pytest

from assistant import defining
from tests.fakes import document

FULL = "สถาบันพัฒนาองค์กรชุมชน"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (f"ร่วมกับ{FULL} (พอช.) จัดเวที", f"{FULL} (พอช.)"),
        (f"{FULL} (องค์การมหาชน) (พอช.) จัดเวที", f"{FULL} (องค์การมหาชน) (พอช.)"),
        (f"{FULL} (องค์การมหาชน) หรือ พอช. จัดเวที", f"{FULL} (องค์การมหาชน) หรือ พอช."),
        (f"{FULL} เรียกย่อว่า พอช. จัดเวที", f"{FULL} เรียกย่อว่า พอช."),
        (f"เจ้าหน้าที่ พอช. ({FULL}) มา", f"พอช. ({FULL})"),
        (f"{FULL} และ พอช. จัดเวที", None),
        ("พอช. จัดเวที", None),
    ],
)
def test_a_name_is_spelled_out_beside_its_abbreviation(text: str, quoted: str | None) -> None:
    found = defining.spelled_out(text, FULL, ["พอช."])
    assert (found and text[found.start : found.end]) == quoted


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("พอช. เป็นหน่วยงานของรัฐที่สนับสนุนองค์กรชุมชนทั่วประเทศ", "พอช. เป็นหน่วยงานของรัฐที่สนับสนุนองค์กรชุมชนทั่วประเทศ"),
        ("เมื่อวาน\nพอช. (องค์การมหาชน) มีหน้าที่ส่งเสริมการรวมตัวของชุมชน\nจบ", "พอช. (องค์การมหาชน) มีหน้าที่ส่งเสริมการรวมตัวของชุมชน"),
        ("พอช. คือ เพื่อนคู่คิดของชุมชนที่ทำงานร่วมกันทุกตำบล", "พอช. คือ เพื่อนคู่คิดของชุมชนที่ทำงานร่วมกันทุกตำบล"),
        ("พอช. คืออะไร ใครรู้บ้างว่าเป็นอย่างไร", None),
        ("พอช. เป็นประธานการประชุมในวันที่ผ่านมาที่ศาลากลาง", None),
        ("พอช. เป็นเจ้าภาพจัดประชุมเครือข่ายสภาองค์กรชุมชน", None),
        ("ระเบียบ พอช. เป็นกฎหมายที่ใช้ในการปฏิบัติงานของเจ้าหน้าที่ทุกคน", None),
        ("โครงการของพอช. เป็นกฎหมายที่ใช้ในการปฏิบัติงานของเจ้าหน้าที่ทุกคน", None),
        ("พอช. เป็นเครื่องมือตั้งต้นในการแสวงหาความร่วมมือกับหน่วยงานอื่น", None),
        ("พอช. มีหน้าที่เป็นประธานและเลขานุการของที่ประชุมทุกครั้ง", None),
    ],
)
def test_a_sentence_says_what_a_name_is_or_does_and_not_what_its_people_do(text: str, quoted: str | None) -> None:
    found = defining.sentence(text, ["พอช.", FULL])
    assert (found and text[found.start : found.end]) == quoted


def test_what_it_is_counts_more_than_what_it_does_and_no_quote_is_too_long() -> None:
    does = "พอช. มีหน้าที่ส่งเสริมการรวมตัวของชุมชนในทุกตำบลทั่วประเทศ"
    says = "พอช. เป็นหน่วยงานของรัฐที่ทำงานกับชุมชน" + " และสนับสนุนการพัฒนาของตำบล" * 30
    text = f"{does}\n{says}"
    found = defining.sentence(text, ["พอช."])
    assert found and text[found.start :].startswith("พอช. เป็น") and 40 < found.end - found.start <= defining.LONGEST


def test_hidden_words_are_not_cited_and_a_citation_is_the_text() -> None:
    made = document("a.txt", "พอช. คือ หน่วยงานของรัฐ")
    line = defining.cited(made, 0, 9)
    assert line and line.quote == made.text[:9] and line.link.endswith("#s=0-9")
    hidden = replace(made, blocks=tuple(replace(block, doubt="hidden") for block in made.blocks))
    assert defining.cited(hidden, 0, 9) is None
