"""The small parts of the chat page: chips, what is copied, the choices, what waits, which questions are proposed."""

import threading
from pathlib import Path

from assistant.question import understand
from ingest import ingest
from tests import fakes
from ui import chips, filters, settings, suggesting, toolbar, wire
from ui.compose import compose
from ui.quiet import Quiet
from vectorstore import Store
from vectorstore.types import Fact, Filter, Resolution


def told(question: str, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return list(chips._chips(wire.query(understand(question, without=without))["understood"]))


def test_chips_tell_what_a_person_would_care_to_see() -> None:
    assert told("กองทุนมีสมาชิกกี่คน") == []
    assert chips.chips(wire.query(understand("กองทุนมีสมาชิกกี่คน"))) == ""
    assert told("พอช.สนับสนุนเท่าไร ปี 2564-2566") == [
        ("year:ปี 2564-2566", "ปี พ.ศ. 2564–2566 (ค.ศ. 2021–2023)"),
        ("abbreviation:พอช.", "พอช. = สถาบันพัฒนาองค์กรชุมชน"),
    ]
    assert told("ประชุมวันที่ 18 มิถุนายน 2566 มติอะไร") == [("date:18 มิถุนายน 2566", "วันที่ 18\u00a0มิ.ย.\u00a02566")]
    assert told("พอช.สนับสนุนเท่าไร ปี 2566", ("abbreviation:พอช.",)) == [("year:ปี 2566", "ปี พ.ศ. 2566 (ค.ศ. 2023)")]


def test_a_chip_keeps_what_was_taken_out_before() -> None:
    shown = chips.chips(wire.query(understand("พอช.สนับสนุนเท่าไร ปี 2566", without=("abbreviation:พอช.",))))
    assert shown.count("data-wish") == 1
    assert "abbreviation&#58;พอช&#46;" in shown and "year&#58;ปี 2566" in shown


def test_what_was_searched_is_told() -> None:
    wanted = wire.filter_of(Filter(years=(2023,), provinces=("เลย",), kinds=("minutes",), documents=("a", "b")))
    assert "ค้นเฉพาะ ปี 2566 · จังหวัดเลย · รายงานการประชุม · รายงาน ก · เอกสารที่เลือกไว้" in chips.searched(wanted, {"a": "รายงาน ก"})
    assert chips.searched({}, {}) == ""


def test_a_copied_answer_has_a_place_for_each_link() -> None:
    cited = {"n": 1, "title": "ราย\ufffcงาน", "status": None, "date": "2023-06-18", "section": ["วาระ 1"], "page": 2}
    assert toolbar.plain("ถาม\ufffc", "ตอบ [1]", [cited]) == (
        "ถาม\n\nตอบ [1]\n\nที่มาของคำตอบ\n[1] รายงาน · 18 มิ.ย. 2566 · วาระ 1 · หน้า 2\n\ufffc"
    )


def test_choices_are_in_thai_order_and_years_are_buddhist(tmp_path: Path) -> None:
    with Store(tmp_path / "home", fakes.HashEmbedder()) as store:
        made = fakes.document("a.txt", "ประชุม", provinces=("เลย", "น่าน", "สงขลา"), date="2023-06-18")
        store.add([(made, fakes.passages(made))])
        shown = filters.form(store, "a.txt")
        assert shown.index("น่าน") < shown.index("เลย") < shown.index("สงขลา")
        assert 'value="2023"' in shown and "ปี 2566" in shown
        assert f'<data id="limit-document" value="{made.id}">ประชุม</data>' in shown
        assert "limit-document" not in filters.form(store, "another.txt")


def test_example_questions_name_nothing_that_was_limited_since(tmp_path: Path) -> None:
    house = compose(settings.load(home=tmp_path / "home"))
    with house.store as store:
        for name, place in (("a.txt", "นาหินแก้ว"), ("b.txt", "ห้วยหมาก")):
            about = f"โครงการบ้านมั่นคง{place}"
            (tmp_path / name).write_text(f"{about}\nวัตถุประสงค์\n1. ให้ชาวบ้าน{place}มีบ้าน\nงบประมาณ 50,000 บาท\n", encoding="utf-8")
            ingest([tmp_path / name], store)
        store.limit("a.txt", ["การเงิน"])
        examples, nobody = suggesting.answered(house), frozenset[str]()
        assert "ห้วยหมาก" in repr(examples(nobody)) and "นาหินแก้ว" not in repr(examples(nobody))
        store.limit("a.txt", [])
        store.limit("b.txt", ["การเงิน"])
        assert "ห้วยหมาก" not in repr(examples(nobody)), "as many documents are to be seen, and others"
        assert "นาหินแก้ว" in repr(examples(nobody))


def test_quiet_is_when_nobody_waits() -> None:
    quiet = Quiet()
    assert quiet.wait(0)
    with quiet.broken(), quiet.broken():
        assert not quiet.wait(0.01)
    assert quiet.wait(0)
    waiting = threading.Thread(target=quiet.wait, args=(20,))
    with quiet.broken():
        waiting.start()
        assert waiting.is_alive()
    waiting.join(5)
    assert not waiting.is_alive()


def test_questions_are_proposed_from_what_a_document_has() -> None:
    row = Resolution(
        document_id="a", source="a.txt", meeting="ประชุม", section=("วาระที่ 3", "3.1 การปรับเงินช่วยเหลือ"), assigned=("เหรัญญิก",),
        decision="ชอบ", start=0, end=3,
    )  # fmt: skip
    dull = Resolution(
        document_id="a", source="a.txt", meeting="ประชุม", section=("1. เรื่องแจ้งเพื่อทราบ",), decision="ชอบ", start=0, end=3
    )
    made = fakes.document(
        "a.txt", "ชอบ", title="รายงานการประชุมกองทุนนา", kind="minutes", resolutions=(dull, row),
        facts=(Fact(name="amount", value="200 บาท"),),
    )  # fmt: skip
    assert list(suggesting.following(made)) == [
        "กองทุนนา มีมติเรื่องการปรับเงินช่วยเหลือว่าอย่างไร",
        "กองทุนนา ให้ใครรับผิดชอบเรื่องการปรับเงินช่วยเหลือ",
        "กองทุนนา ใช้งบประมาณเท่าไร",
        "รายงานการประชุมกองทุนนา มีมติอะไรบ้าง",
    ]
