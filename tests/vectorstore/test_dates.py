import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.dates import dates, gregorian, month_forms, relative, years

PIECES = st.sampled_from([*"0123456789๐๑๒๕๖๗ -–/.,()", "ก.พ.", "มกราคม", "ม.ค", "2566", "66", "May", "พ.ศ.", "ปี", "ถึง", "วันที่"])
DATED = st.lists(PIECES, max_size=24).map("".join)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("วันที่ 29-30 มกราคม 2566", "2023-01-29", "2023-01-30"),
        ("22 – 23 กันยายน 2565", "2022-09-22", "2022-09-23"),
        ("29 กันยายน – 3 ตุลาคม 2565", "2022-09-29", "2022-10-03"),
        ("29 ธันวาคม – 3 มกราคม 2566", "2022-12-29", "2023-01-03"),
        ("ระหว่างวันที่ 23 มีนาคม ถึง 11 พฤษภาคม 2562", "2019-03-23", "2019-05-11"),
        ("1 ธันวาคม 2561 - 31 ตุลาคม 2562", "2018-12-01", "2019-10-31"),
        ("ก่อนวันที่ 5 ก.พ. 66", "2023-02-05", None),
        ("-วันที่ 8 ก.พ.66 เวที", "2023-02-08", None),
        ("5 กพ 66", "2023-02-05", None),
        ("วันที่ ๑๕ มีนาคม พ.ศ. ๒๕๖๖", "2023-03-15", None),
        ("15 เดือนมีนาคม พ.ศ.2566", "2023-03-15", None),
        ("มีนาคม 2552 – สิงหาคม 2553", "2009-03", "2010-08"),
        ("ตุลาคม-พฤศจิกายน 2565", "2022-10", "2022-11"),
        ("เดือนกันยายน 56 จะประกาศ", "2013-09", None),
        ("พ.ค. 66", "2023-05", None),
        ("19/05/2566", "2023-05-19", None),
        ("19.05.2566", "2023-05-19", None),
        ("2023-01-29T10:00", "2023-01-29", None),
        ("29 January 2023", "2023-01-29", None),
        ("the 29th of January 2023", "2023-01-29", None),
        ("January 29-30, 2023", "2023-01-29", "2023-01-30"),
        ("22-23 Sept 2022", "2022-09-22", "2022-09-23"),
        ("May 2023", "2023-05", None),
    ],
)
def test_dates(text: str, first: str, last: str | None) -> None:
    assert [(found.first, found.last) for found in dates(text)] == [(first, last)]


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2566",
        "งบประมาณ 3,830,000 บาท",
        "โทร 08-2566-1234",
        "วาระที่ 2.1",
        "ครั้งที่ 2/2565",
        "5 ก.พ. จำนวน 66 คน",
        "32 มกราคม",
        "พยาบาล 66 คน",
    ],
)
def test_no_dates(text: str) -> None:
    assert dates(text) == []


def test_an_impossible_day_leaves_the_month() -> None:
    assert [found.first for found in dates("31 ก.พ. 66")] == ["2023-02"]


def test_several_dates_in_order() -> None:
    text = "ส่งภายในวันที่ 5 ก.พ.66 บันทึกภายในวันที่ 6 ก.พ.66 และประชุม 7 - 8 ก.พ. 66"
    assert [(found.first, found.last) for found in dates(text)] == [
        ("2023-02-05", None),
        ("2023-02-06", None),
        ("2023-02-07", "2023-02-08"),
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("พ.ศ. ๒๕๖๖", [2023]),
        ("2566", [2023]),
        ("ปี 66", [2023]),
        ("ปีงบประมาณ 2566", [2023]),
        ("เมื่อ ก.พ.66", [2023]),
        ("ปี 2555-57", [2012, 2013, 2014]),
        ("(2566 – 2570)", [2023, 2024, 2025, 2026, 2027]),
        ("ปีการผลิต 2564/65", [2021, 2022]),
        ("ครั้งที่ 2/2565วันที่", [2022]),
        ("ค.ศ. 2023", [2023]),
        ("B.E. 2566", [2023]),
        ("in 2023 and 1999", [2023, 1999]),
        ("19/05/2566", [2023]),
        ("ปี 2566 ครั้งที่ 2", [2023]),
        ("ปี 56 1 ตำบล 1 แผน", [2013]),
        ("92+9 แห่ง (ปี 2556)", [2013]),
        ("3,830,000 บาท", []),
        ("2566 คน", []),
        ("2,566", []),
        ("12566 25667", []),
        ("08-2566-1234", []),
        ("ระยะ 20 ปี 60 ตำบล", []),
        ("2566.75 ไร่", []),
        ("อายุ 66 ปี", []),
        ("ปีงบ 66", [2023]),
        ("ปี๖๖", [2023]),
        ("พ.ศ.66", [2023]),
        ("FY2023", [2023]),
        ("ตั้งแต่ปี 2564 ถึง 2566", [2021, 2022, 2023]),
        ("ปี 2564 จนถึงปี 2566", [2021, 2022, 2023]),
        ("from 2020 to 2022", [2020, 2021, 2022]),
        ("ปี 2564 ถึง 66 ครัวเรือน", [2021]),
        ("66 คน", []),
        ("2,590 บาท", []),
        ("2590 ไร่", []),
        ("ปี 2590", [2047]),
        ("บ้านเลขที่ 2566", []),
        ("ห้อง 2566", []),
    ],
)
def test_years(text: str, values: list[int]) -> None:
    assert [year.value for year in years(text)] == values


def test_a_budget_year_is_known_as_one() -> None:
    assert [year.fiscal for year in years("ปีงบประมาณ พ.ศ. 2566 และปี 2567")] == [True, False]


def test_years_say_where() -> None:
    text = "ในปี พ.ศ. ๒๕๖๖ และ ปี 2555-57"
    assert [text[year.start : year.end] for year in years(text)] == ["๒๕๖๖", "2555-57", "2555-57", "2555-57"]


@pytest.mark.parametrize(("year", "value"), [(2566, 2023), (66, 2023), (40, 1997), (2023, 2023), (12, 12)])
def test_gregorian(year: int, value: int) -> None:
    assert gregorian(year) == value


@settings(deadline=None)
@given(st.one_of(DATED, st.text()))
def test_any_text(text: str) -> None:
    last = 0
    for found in dates(text):
        assert last <= found.start < found.end <= len(text)
        assert re.fullmatch(r"\d{4}-\d\d(-\d\d)?", found.first)
        assert found.last is None or found.first <= found.last
        last = found.end
    for year in years(text):
        assert 0 <= year.start < year.end <= len(text)
        assert 1800 < year.value < 2200


@pytest.mark.parametrize(
    "hostile", ["5 ก.พ. 66 " * 5_000, "2566 " * 5_000, "ปี " * 20_000, " " * 100_000, "1/" * 50_000, "29-" * 30_000 + "ก.พ. 66"]
)
def test_hostile_text_takes_no_time(hostile: str) -> None:
    assert len(dates(hostile)) <= 5_000
    assert len(years(hostile)) <= 5_000


TODAY = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("ปีนี้ได้งบเท่าไร", "2026-01-01", "2026-12-31"),
        ("ปีที่แล้ว", "2025-01-01", "2025-12-31"),
        ("ปีก่อน", "2025-01-01", "2025-12-31"),
        ("ปีหน้า", "2027-01-01", "2027-12-31"),
        ("เมื่อสองปีก่อน", "2024-01-01", "2024-12-31"),
        ("3 years ago", "2023-01-01", "2023-12-31"),
        ("ปีงบประมาณนี้", "2025-10-01", "2026-09-30"),
        ("ปีงบที่แล้ว", "2024-10-01", "2025-09-30"),
        ("เดือนที่แล้ว", "2025-12-01", "2025-12-31"),
        ("เดือนนี้", "2026-01-01", "2026-01-31"),
        ("last month", "2025-12-01", "2025-12-31"),
        ("Last year", "2025-01-01", "2025-12-31"),
        ("next fiscal year", "2026-10-01", "2027-09-30"),
    ],
)
def test_relative(text: str, first: str, last: str) -> None:
    assert [(period.first, period.last) for period in relative(text, TODAY)] == [(first, last)]


@pytest.mark.parametrize(
    "text",
    [
        "5 ปี",
        "เพิ่มจากปีก่อนเท่าไร",
        "มากกว่าปีที่แล้วไหม",
        "more than last year",
        "ก่อนปี 2566",
        "ปีแรก",
        "เดือนละ 100 บาท",
        "the year before",
    ],
)
def test_not_relative(text: str) -> None:
    assert relative(text, TODAY) == []


def test_a_fiscal_year_turns_in_october() -> None:
    assert relative("ปีงบประมาณนี้", date(2026, 10, 1))[0].value == 2027


def test_how_reports_write_a_month() -> None:
    assert month_forms(2022, 10) == ("ตุลาคม 2565", "ต.ค. 2565", "ต.ค. 65", "October 2022")
