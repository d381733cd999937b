"""Topics are terms of the field that documents share, and a path leads from what defines one through the years."""

from assistant.topics import LONGEST, path, topics
from tests.fakes import document

HEADS = [
    "รายงานการประชุมกองทุนสวัสดิการชุมชนตำบลนาดี",
    "โครงการกองทุนสวัสดิการชุมชนเพื่อผู้สูงอายุ",
    "ข่าวฝายชะลอน้ำบ้านดอย จังหวัดน่าน",
    "บันทึกเยี่ยมผู้สูงอายุที่จังหวัดน่าน",
    "รายงานการประชุมประจำปี จังหวัดน่าน",
]


def test_topics_are_the_fields_and_shared_and_no_names_of_offices_or_provinces() -> None:
    found = {topic.term: topic.heads for topic in topics(HEADS)}
    assert found == {"กองทุนสวัสดิการชุมชน": (0, 1), "ผู้สูงอายุ": (1, 3)}
    assert topics([]) == [] and topics(HEADS[:1]) == []


def test_what_defines_the_topic_comes_first_then_the_oldest_to_the_newest() -> None:
    made = [
        document("a.txt", "ข่าวกองทุน", "กองทุนสวัสดิการชุมชนตำบลนาดีมอบเงินให้สมาชิกที่เจ็บป่วย", date="2021-01-01", kind="news"),
        document("b.txt", "คู่มือ", "กองทุนสวัสดิการชุมชน คือ การออมร่วมกันของคนในตำบลเพื่อดูแลกัน", date="2023-01-01", kind="report"),
        document("c.txt", "รายงานการประชุม", "นายดี มีสุข กรรมการกองทุนสวัสดิการชุมชนตำบลนาดีและคณะ",
                 "มติที่ประชุม เห็นชอบให้กองทุนสวัสดิการชุมชนเพิ่มเงิน", date="2022-01-01", kind="minutes"),
    ]  # fmt: skip
    steps = path("กองทุนสวัสดิการชุมชน", made)
    assert [step.document.source for step in steps] == ["b.txt", "a.txt", "c.txt"]
    assert [step.defines for step in steps] == [True, False, False]
    assert steps[2].line.quote.startswith("มติที่ประชุม เห็นชอบ")
    for step in steps:
        assert step.document.text[step.line.start : step.line.end] == step.line.quote


def test_a_path_is_short_and_ends_no_later_than_its_newest_minutes() -> None:
    line = "กองทุนสวัสดิการชุมชนตำบลนาดีมอบเงินให้สมาชิกที่เจ็บป่วย"
    made = [document(f"{year}.txt", f"ข่าว {year}", line, date=f"{year}-01-01", kind="news") for year in range(2010, 2020)]
    made.append(document("last.txt", "รายงานการประชุม", line, date="2024-01-01", kind="minutes"))
    steps = path("กองทุนสวัสดิการชุมชน", made)
    assert len(steps) == LONGEST and steps[-1].document.source == "last.txt"
    assert path("ป่าชุมชน", [document("x.txt", "สั้น")]) == []
