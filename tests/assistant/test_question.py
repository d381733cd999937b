"""What is understood of a question before anything is searched."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import QuestionEmpty, QuestionTooLong, Turn
from assistant.question import LITERALLY, MAX_CHARACTERS, asks_personal_data, understand
from assistant.types import Concept
from vectorstore import thai


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("ที่ประชุมมีมติว่าอย่างไร", "resolution"),
        ("What did the committee resolve about land?", "resolution"),
        ("ใช้งบประมาณเท่าไร", "money"),
        ("ได้เงินกี่บาท", "money"),
        ("How much funding was received?", "money"),
        ("มีสมาชิกกี่คน", "amount"),
        ("How many households took part?", "amount"),
        ("ประชุมวันไหน", "when"),
        ("When was the meeting held?", "when"),
        ("ใครเป็นประธาน", "who"),
        ("Who chaired it?", "who"),
        ("จัดที่ไหน", "where"),
        ("มีกิจกรรมอะไรบ้าง", "list"),
        ("สภาองค์กรชุมชนคืออะไร", "text"),
    ],
)
def test_the_kind_of_thing_asked_for(question: str, wanted: str) -> None:
    assert understand(question).wanted[0] == wanted


def test_two_things_asked_for_are_both_understood() -> None:
    assert understand("ใครจะซื้อตาชั่ง ราคาเท่าไหร่").wanted == ("money", "who")
    assert understand("ใช้งบเท่าไร").wanted == ("money",)


@pytest.mark.parametrize("year", ["ปี 2566", "ปี ๒๕๖๖", "ปี 66", "ค.ศ. 2023", "พ.ศ. 2566", "ปีงบประมาณ 2566"])
def test_a_year_is_one_value_however_it_is_written(year: str) -> None:
    concept = next(concept for concept in understand(f"งบประมาณ {year} เท่าไร").concepts if concept.years)
    assert concept.required and concept.years == (2023,) and concept.name == "ปี 2566"


def test_places_and_meetings_are_required() -> None:
    required = {c.name for c in understand("ประชุมครั้งที่ ๓/๒๕๖๖ ตำบลเขาขลุง จังหวัดราชบุรี มีมติอะไร").concepts if c.required}
    assert {"ราชบุรี", "เขาขลุง", "ครั้งที่ 3/2566"} <= required


@pytest.mark.parametrize("question", ["จัดที่อำเภอไหน", "อยู่ตำบลอะไร", "แต่ละตำบลได้เท่าไร", "ตำบลที่ได้งบมากสุด"])
def test_a_place_asked_for_is_no_name(question: str) -> None:
    assert not any(concept.required for concept in understand(question).concepts)


def test_a_province_cut_short_is_known() -> None:
    assert any(c.name == "นครศรีธรรมราช" for c in understand("โครงการนครศรีฯ ได้งบเท่าไร").concepts)


def forms(question: str, without: tuple[str, ...] = ()) -> set[str]:
    """All the words that a question is searched by beside its own."""
    query = understand(question, without=without)
    return {form for concept in query.concepts for form in concept.alternatives if form not in query.text}


def test_long_and_short_names_are_searched_alike() -> None:
    assert "สถาบันพัฒนาองค์กรชุมชน" in forms("พอช. สนับสนุนอะไร")
    assert "พอช." in forms("สถาบันพัฒนาองค์กรชุมชนสนับสนุนอะไร")


def test_english_is_bridged_to_the_words_of_the_reports() -> None:
    query = understand("What did the working groups resolve about the 2023 budget in Phangnga?")
    assert query.language == "en"
    assert {"คณะทำงาน", "งบประมาณ"} <= {form for concept in query.concepts for form in concept.alternatives}
    assert any(c.years == (2023,) for c in query.concepts)
    assert any("พังงา" in c.alternatives and c.required for c in query.concepts)


def test_a_follow_up_takes_up_the_question_before_and_a_whole_one_does_not() -> None:
    history = [Turn(role="user", content="กองทุนสวัสดิการนาหินแก้วมีสมาชิกกี่คน"), Turn(role="assistant", content="845 คน")]
    assert understand("แล้วปีที่แล้วล่ะ", history).text.startswith("กองทุนสวัสดิการ")
    whole = "สภาองค์กรชุมชนตำบลคลองพลูทองสำรวจความเสียหายจากช้างป่ากี่ครัวเรือน"
    assert understand(whole, history).text == whole


@pytest.mark.parametrize(
    ("follow_up", "required"),
    [("แล้วปี 2565 ล่ะ", {"ปี 2565", "พังงา"}), ("แล้วจังหวัดกระบี่ล่ะ", {"ปี 2566", "กระบี่"}), ("แล้วใครเป็นประธาน", {"ปี 2566", "พังงา"})],
)
def test_a_follow_up_changes_the_year_or_place_that_it_names(follow_up: str, required: set[str]) -> None:
    history = [Turn(role="user", content="จังหวัดพังงา ปี 2566 มีบ้านมั่นคงกี่ครัวเรือน")]
    assert {concept.name for concept in understand(follow_up, history).concepts if concept.required} == required


@pytest.mark.parametrize("question", ["ขอเบอร์มือถือคุณสมชาย", "เลขบัตรประชาชนของประธานคืออะไร", "What is her home address?"])
def test_personal_data_is_recognised(question: str) -> None:
    assert asks_personal_data(understand(question))


@pytest.mark.parametrize("question", ["โครงการบ้านมั่นคงอยู่ที่ไหน", "หมายเลขโครงการคืออะไร", "How many telephones were bought?"])
def test_ordinary_questions_are_not(question: str) -> None:
    assert not asks_personal_data(understand(question))


@given(st.text(max_size=60) | st.text(alphabet="กขคจม่้ำัิีเแ ?๑1(/ๆฯปีครั้งที่ตำบล", max_size=80))
def test_no_question_is_an_exception(text: str) -> None:
    try:
        query = understand(text, [Turn(role="user", content=text)])
    except QuestionEmpty:
        assert not thai.normalise(text).split()
    else:
        assert query.asked and query.language in ("th", "en")


@pytest.mark.parametrize("unit", ["ก", "ๆ", "1/", "(", "ตำบล", "ครั้งที่ 1 ", "a ", "ปี 66 ", "งบ", "่"])
def test_the_longest_question_is_understood(unit: str) -> None:
    understand("ก" + (unit * MAX_CHARACTERS)[: MAX_CHARACTERS - 1])


@pytest.mark.parametrize(
    ("question", "name"),
    [("ตำบลบ้านแหลมมีสมาชิกกี่คน", "บ้านแหลม"), ("ต.นาหินแก้ว มีกองทุนไหม", "นาหินแก้ว"), ("อำเภอกันตังได้งบเท่าไร", "กันตัง")],
)
def test_a_place_ends_where_another_word_begins(question: str, name: str) -> None:
    concept = next(concept for concept in understand(question).concepts if concept.required)
    assert concept.alternatives[-1] == name


@pytest.mark.parametrize(
    ("noun", "text", "wanted"),
    [
        ("เบอร์โทรศัพท์สำนักงานเทศบาลตำบลนาดี", "เบอร์โทรศัพท์สำนักงานเทศบาลตำบลนาดี เท่าไร", "amount"),
        ("งบประมาณโครงการฝายห้วยน้ำแพะ", "งบประมาณโครงการฝายห้วยน้ำแพะ เท่าไร", "money"),
        ("ขอทราบจำนวนสมาชิกกองทุนนาหินแก้ว", "ขอทราบจำนวนสมาชิกกองทุนนาหินแก้ว เท่าไร", "amount"),
        ("ประธานกองทุนสวัสดิการตำบลนาหินแก้ว", "ประธานกองทุนสวัสดิการตำบลนาหินแก้ว คือใคร", "who"),
        ("วันประชุมสภาองค์กรชุมชนคลองพลูทอง", "วันประชุมสภาองค์กรชุมชนคลองพลูทอง วันไหน", "when"),
        ("สถานที่ประชุมกองทุนนาหินแก้ว", "สถานที่ประชุมกองทุนนาหินแก้ว ที่ไหน", "where"),
    ],
)
def test_a_noun_alone_is_asked_out(noun: str, text: str, wanted: str) -> None:
    asked = understand(noun)
    assert (asked.text, asked.wanted[0], asked.asked) == (text, wanted, noun)


@pytest.mark.parametrize("said", ["งบประมาณไม่พอ", "ประธานกล่าวเปิดงาน", "งบ", "ฝายห้วยน้ำแพะ", "จำนวนสมาชิกกองทุนกี่คน", "ราคายางพารา"])
def test_what_is_no_noun_of_something_stays_as_it_is(said: str) -> None:
    assert understand(said).text == said


@pytest.mark.parametrize("question", ["ติดต่อกลุ่มสตรีได้ยังไง", "ขออีเมลประธาน", "เลขบัญชีกองทุนคืออะไร"])
def test_ways_to_reach_somebody_are_personal(question: str) -> None:
    assert asks_personal_data(understand(question))


def concept(question: str, name: str, **options: object) -> Concept:
    return next(one for one in understand(question, **options).concepts if one.name == name)  # type: ignore[arg-type]


def test_a_budget_year_covers_the_months_before_its_january() -> None:
    (reading,) = [reading for reading in understand("งบปีงบประมาณ 2566 เท่าไร").readings if reading.kind == "year"]
    assert reading.fiscal and reading.years == (2023,) and (reading.first, reading.last) == ("2022-10-01", "2023-09-30")
    assert "ตุลาคม 2565" in concept("งบปีงบประมาณ 2566 เท่าไร", "ปี 2566").alternatives


def test_last_year_is_counted_from_the_day_of_asking() -> None:
    asked = understand("ปีที่แล้วได้งบเท่าไร", today=date(2026, 2, 1))
    assert next(one for one in asked.concepts if one.required).years == (2025,)
    month = understand("เดือนที่แล้วประชุมกี่ครั้ง", today=date(2026, 1, 1))
    assert {one.name for one in month.concepts} >= {"ปี 2568", "ธันวาคม 2568"}


@pytest.mark.parametrize(
    "question", ["มีสมาชิก 66 คนใช่ไหม", "ใช้เงิน 2,590 บาทซื้ออะไร", "ที่ดิน 2590 ไร่อยู่ที่ไหน", "หนังสือเลขที่ 2566 คืออะไร"]
)
def test_a_quantity_is_no_year(question: str) -> None:
    assert not any(one.years for one in understand(question).concepts)


def test_homonyms_are_told_apart_by_the_province() -> None:
    places = {p.name: p for reading in understand("ต.บางรัก จ.ตรัง มีสมาชิกกี่คน").readings for p in reading.places}
    assert places["บางรัก"].province == places["ตรัง"].name == "ตรัง" and places["บางรัก"].level == "subdistrict"
    assert concept("ต.บางรัก จ.ตรัง มีสมาชิกกี่คน", "บางรัก").required


def test_the_capital_district_names_its_province() -> None:
    assert concept("อำเภอเมืองตรังมีกี่ตำบล", "ตรัง").required


def test_an_english_place_however_it_is_spelt() -> None:
    assert "นครศรีธรรมราช" in concept("How many in Nakorn Sri Thammarat?", "Nakorn Sri Thammarat").alternatives
    assert not concept("How many in Hat Yai?", "Hat Yai").required


def test_a_misspelt_word_is_searched_both_ways() -> None:
    query = understand("กองทุนที่สุพรรนมีกี่คน")
    assert "สุพรรณบุรี" in forms("กองทุนที่สุพรรนมีกี่คน") and "สุพรรน" in query.text
    assert "สุพรรน" in concept("กองทุนที่สุพรรนมีกี่คน", "สุพรรณบุรี").alternatives
    assert [(reading.said, reading.forms) for reading in query.readings if reading.kind == "spelling"] == [
        ("สุพรรน", ("สุพรรณ",))
    ]


@pytest.mark.parametrize(
    ("question", "without"),
    [
        ("สุพรรน ได้งบเท่าไร", "spelling:สุพรรน"),
        ("พอช. ได้งบเท่าไร", "abbreviation:พอช."),
        ("จ.ตรัง ได้งบเท่าไร", "place:ตรัง"),
        ("ปี 2566 ได้งบเท่าไร", "year:ปี 2566"),
        ("What is the working group?", "translation:working group"),
    ],
)
def test_each_reading_can_be_taken_back(question: str, without: str) -> None:
    kind = without.partition(":")[0]
    assert without in {reading.id for reading in understand(question).readings}
    for some in ((without,), (kind,)):
        assert kind not in {reading.kind for reading in understand(question, without=some).readings}
    assert not forms("สุพรรน พอช. ได้งบเท่าไร", without=LITERALLY)


NASTY = [
    "ก",
    "่",
    "😀",
    "ที่",
    "a",
    "xq zv ",
    "ก a 1 ",
    "2590 ",
    "ปี 66 ",
    "ปี ",
    "1/",
    "29-",
    "ถึง ",
    "ตำบล",
    "จ.",
    "ต.ก",
    "คุณ ",
    "((",
    "ๆ",
    "๑๒",
    "พ.ศ. ",
    "สุพรรน",
    "ก.พ. ",
    "Tambon ",
]


@pytest.mark.parametrize("unit", NASTY)
def test_nasty_repetition_is_understood(unit: str) -> None:
    text = (unit * MAX_CHARACTERS)[:MAX_CHARACTERS]
    query = understand(text, [Turn(role="user", content=text)])
    assert not asks_personal_data(query) and query.wanted


def test_too_long_says_what_to_do() -> None:
    with pytest.raises(QuestionTooLong, match="ย่อ"):
        understand("ก" * 20_000)


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200b", "\ud800", "\ud800\udfff\u0000"])
def test_nothing_to_ask_says_what_to_do(text: str) -> None:
    with pytest.raises(QuestionEmpty, match="พิมพ์"):
        understand(text)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("ปีที่แล้วได้งบเท่าไร", {"ปี 2568", "งบ"}),
        ("Funds in FY2023", {"ปี 2566", "Funds"}),
        ("Funds in the Buddhist year 2566", {"ปี 2566", "Funds"}),
    ],
)
def test_the_words_of_a_year_are_no_terms_besides(question: str, names: set[str]) -> None:
    assert {one.name for one in understand(question, today=date(2026, 5, 5)).concepts} == names


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("งานบุญจัดตั้งแต่วันไหนถึงวันไหน", {"งานบุญ", "จัด"}),
        ("งานบุญจัดตั้งแต่เมื่อไร", {"งานบุญ", "จัด"}),
        ("How much grant money?", {"grant"}),
        ("How long is the weir?", {"weir"}),
    ],
)
def test_the_words_that_ask_are_no_terms(question: str, names: set[str]) -> None:
    assert {one.name for one in understand(question).concepts} == names
