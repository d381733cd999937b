"""English terms and their Thai: both tables as the code expects them, and what a question's words become."""

import pytest

from vectorstore import glossary, thai

TABLES = {"glossary": glossary.concepts(), "english": glossary.words()}


@pytest.mark.parametrize("table", TABLES)
def test_every_line_has_both_sides_written_as_they_are_looked_up(table: str) -> None:
    for names, forms in TABLES[table]:
        assert all(names) and all(forms)
        assert [thai.normalise(form).strip() for form in forms] == list(forms)
        assert len(set(forms)) == len(forms) and len(set(names)) == len(names)


def test_the_wider_table_has_keys_each_once_and_no_word_without_meaning() -> None:
    names = [name for names, _ in glossary.words() for name in names]
    assert [name for name in names if [found for found, _ in glossary.thai_for(name)] != [name]] == []
    assert len(set(names)) == len(names)
    assert not set(names) & set(thai.stopwords())


@pytest.mark.parametrize(
    ("english", "form"),
    [
        ("community organization council", "สภาองค์กรชุมชน"),
        ("Community Organisation Councils", "สภาองค์กรชุมชน"),
        ("welfare funds", "กองทุนสวัสดิการ"),
        ("mangroves", "ป่าชายเลน"),
        ("budget", "งบประมาณ"),
        ("provinces", "จังหวัด"),
    ],
)
def test_a_term_is_known_however_it_is_written(english: str, form: str) -> None:
    ((said, forms),) = glossary.thai_for(english)
    assert said == english and any(form in one for one in forms)


def test_the_longest_term_wins_and_figures_stay_whole() -> None:
    assert [said for said, _ in glossary.thai_for("1,200.50 baht for the community organization council")][::3] == [
        "1,200.50",
        "the",
    ]
    assert glossary.thai_for("zzqx") == [("zzqx", ())]


@pytest.mark.parametrize(("inflected", "plain"), [("resolved", "resolve"), ("auditing", "audit"), ("approved", "approve")])
def test_an_inflected_word_is_its_plain_one(inflected: str, plain: str) -> None:
    assert glossary.thai_for(inflected)[0][1] == glossary.thai_for(plain)[0][1] != ()


def test_what_an_abbreviation_stands_for_both_ways() -> None:
    assert "สถาบันพัฒนาองค์กรชุมชน" in glossary.other_forms("พอช. อนุมัติ")["พอช."]
    assert "พอช." in str(glossary.other_forms("สถาบันพัฒนาองค์กรชุมชน"))
