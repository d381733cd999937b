"""Questions put together by subject."""

import pytest

from ui.subjects import Asked, features, rated, subjects


def grouped(*questions: str) -> list[set[str]]:
    asked = [
        Asked(question=one, reason="not_in_archive", at=f"2026-11-{n + 1:02}T00:00:00Z") for n, one in enumerate(questions)
    ]
    return [{one.question for one in subject.asked} for subject in subjects(asked)]


ELDERLY = ("โรงเรียนผู้สูงอายุมีกี่แห่ง", "งบประมาณโรงเรียนผู้สูงอายุเท่าไร", "โรงเรียนผู้สูงอายุเปิดเมื่อไร")
RUBBER = ("ราคายางพาราเท่าไร", "ยางพาราราคาเป็นอย่างไร")


def test_questions_that_share_their_words_are_one_subject() -> None:
    assert grouped(*RUBBER, *ELDERLY, "แผนที่ดาวอังคารอยู่ที่ไหน") == [set(ELDERLY), set(RUBBER), {"แผนที่ดาวอังคารอยู่ที่ไหน"}]


def test_words_that_ask_or_count_make_no_subject() -> None:
    assert len(grouped("เรือดำน้ำซื้อกี่ลำ", "เครื่องบินรบกี่ลำ")) == 2
    assert len(grouped("เรือดำน้ำเมื่อไร", "ดาวเทียมเมื่อไร", "ดาวอังคารเมื่อไร")) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("จังหวัดพังงามีรถไฟฟ้ากี่สาย", "สนามบินอวกาศจังหวัดพังงาเปิดหรือยัง"),
        ("พอช. ส่งดาวเทียมดวงแรกเมื่อไร", "เครื่องบินรบของ พอช. จอดที่ไหน"),
    ],
)
def test_what_is_alone_joins_what_names_the_same_place_or_abbreviation(one: str, other: str) -> None:
    assert {one, other} in grouped(one, other, *ELDERLY, *RUBBER)


def test_a_rare_word_says_more_than_a_common_one() -> None:
    common = [f"โครงการ{name}ได้ผลอย่างไร" for name in ("ฝายชะลอน้ำ", "ธนาคารขยะ", "บ้านมั่นคง", "ครัวชุมชน", "ป่าชายเลน")]
    assert len(grouped(*common)) == 5
    assert {"โครงการธนาคารขยะได้ผลอย่างไร", "ธนาคารขยะขาดทุนเพราะอะไร"} in grouped(*common, "ธนาคารขยะขาดทุนเพราะอะไร")


def test_a_subject_is_called_by_its_commonest_words() -> None:
    asked = [Asked(question=one, reason="not_in_archive", at=f"2026-11-2{n}T01:00:00Z") for n, one in enumerate(ELDERLY)]
    (subject,) = subjects([*asked, asked[0]])
    assert subject.name.startswith("โรงเรียน ผู้สูงอายุ") and len(subject.asked) == 4
    assert subject.last == "2026-11-22T01:00:00Z" and subject.asked[0].question == ELDERLY[2]


def test_what_says_nothing_is_no_error() -> None:
    assert [
        subject.name for subject in subjects([Asked(question="?", reason="not_in_archive", at="2026-11-20T00:00:00Z")])
    ] == [""]
    assert subjects([]) == []


def test_a_question_has_each_thing_once() -> None:
    found = features("พอช. ช่วยบ้านมั่นคงจังหวัดพังงา บ้านมั่นคงของ พอช. ปี 2566")
    assert len(found) == len(set(found)) and {kind for kind, _ in found} == {"short", "place", "word"}
    assert not any("2566" in name for _, name in found)


def test_bad_ratings_are_read_masked() -> None:
    (one,) = rated([("เบอร์โทรนายสมชาย 081-234-5678 ถูกไหม", "ผิดเรื่อง", "2026-11-30T00:00:00Z")])
    assert "5678" not in one.question and one.reason == "ผิดเรื่อง" and not one.nearest


def test_many_questions_are_put_together_and_none_is_lost() -> None:
    questions = [
        f"{what}หมู่ {n} {asked}" for n in range(40) for what in ("ถนน", "ฝาย", "ตลาด") for asked in ("งบเท่าไร", "ใครดูแล")
    ]
    found = grouped(*questions[:28])
    assert sum(map(len, found)) == 28 and len(found) < 28
