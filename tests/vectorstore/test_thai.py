"""Thai text: repaired without loss, mapped back to where it came from, cut into words one way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore import thai
from vectorstore.kept import Recent

THAI = st.text(alphabet=st.sampled_from("กขนมรสจ้่๊๋ัิีึืุู็์ํำาเแโฯๆ ๒๕2566.,\u200b\u00a0\ufffd\uf70a\uf701ab\r\n\t()-"), max_size=40)


@pytest.mark.parametrize(
    ("broken", "repaired"),
    [
        ("จํานวน", "จำนวน"),
        ("น้ํา", "น้ำ"),
        ("นํ้า", "น้ำ"),
        ("นำ้", "น้ำ"),
        ("เเละ", "และ"),
        ("ท้ังนี้", "ทั้งนี้"),
        ("ที่่ประชุม", "ที่ประชุม"),
        ("บรรลุุ", "บรรลุ"),
        ("สัมพันธ์์", "สัมพันธ์"),
        ("ว่า​ที่​ ร.ต.", "ว่าที่ ร.ต."),
        ("ก\u00a0ข\u2009ค", "ก ข ค"),
        ("สิทธิ\uf70e", "สิทธิ์"),
        ("\uf0b7 ข้อแรก", "• ข้อแรก"),
        ("สำ\ufffdนัก", "สำนัก"),
        ("ก\r\nข\rค", "ก\nข\nค"),
        ("ab\u0000c\u202e", "abc"),
        ("e\u0301", "é"),
        ("\ud800ก", "ก"),
    ],
)
def test_each_fault_is_repaired(broken: str, repaired: str) -> None:
    assert thai.normalise(broken) == repaired


@pytest.mark.parametrize(
    "right", ["น้ำ", "ค่า", "กำลัง", "สิทธิ์", "ฤๅษี", "มากกกก", "อื่น ๆ ฯลฯ", "๒๕๖๖", "“อ้าง”", "1.5%", "ปู่ ย่า", "\n\n"]
)
def test_what_is_right_stays(right: str) -> None:
    assert thai.normalise(right) == right


@given(THAI | st.text(max_size=30))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = thai.normalise(text)
    assert thai.normalise(once) == once


@given(THAI | st.text(max_size=30))
def test_offsets_map_back(text: str) -> None:
    for mapped in (thai.normalise_mapped(text), thai.fold_mapped(text)):
        if mapped.origin is not None:
            assert len(mapped.origin) == len(mapped.text) + 1
            assert mapped.origin[-1] == len(text)
            assert list(mapped.origin) == sorted(mapped.origin)
        places = [mapped.span(i, i + 1) for i in range(len(mapped.text))]
        assert all(0 <= start <= end <= len(text) for start, end in places)


@given(THAI)
def test_an_untouched_letter_maps_to_itself(text: str) -> None:
    mapped = thai.normalise_mapped(text)
    for i, char in enumerate(mapped.text):
        if char in "กขจมรสab":
            assert text[mapped.span(i, i + 1)[0]] == char


@given(THAI | st.text(max_size=30))
def test_words_joined_are_the_text(text: str) -> None:
    text = thai.normalise(text)
    assert "".join(thai.words(text)) == text


@given(THAI | st.text(max_size=30))
def test_clauses_are_slices_in_order(text: str) -> None:
    text = thai.normalise(text)
    end = 0
    for start, stop in thai.clauses(text):
        assert end <= start < stop <= len(text)
        assert text[start:stop] == text[start:stop].strip()
        assert not text[end:start].strip(), "nothing but spaces lies between"
        end = stop


def test_terms_are_one_value_for_one_thing() -> None:
    assert thai.terms("๒๕๖๖") == thai.terms("2566") == ["2566"]
    assert thai.terms("3,830,000 บาท")[0] == "3830000"
    assert thai.terms("จํานวน") == thai.terms("จำนวน")
    assert thai.terms("TPMAP") == ["tpmap"]
    assert "พอช" in thai.terms("เจ้าหน้าที่ พอช. ภาคใต้")
    assert thai.terms("อื่น ๆ") == thai.terms("อื่นๆ")
    assert thai.terms(" … “” - ฯ") == []


def test_a_name_is_not_cut_from_its_surname() -> None:
    text = "นำโดยนายเจษฎา มิ่งสมร ที่ปรึกษาคณะทำงานภาค และนางสาวสุมล ยางสูง ผู้อำนวยการภาค เข้าร่วมการประชุมครั้งนี้ด้วย"
    clauses = [text[a:b] for a, b in thai.clauses(text)]
    assert any("เจษฎา มิ่งสมร" in clause for clause in clauses)
    assert any("สุมล ยางสูง" in clause for clause in clauses)


def test_fold_is_blind_to_what_makers_of_pdfs_change() -> None:
    assert thai.fold("งบ ๓,๘๓๐,๐๐๐  บาท\n“ปี ๒๕๖๕”") == thai.fold('งบ3,830,000 บาท "ปี 2565"')
    assert thai.fold("3,830,000") != thai.fold("3,380,000")


def test_the_provinces_are_all_there() -> None:
    assert len(thai.provinces()) == 77
    assert thai.provinces()["พังงา"] == "phangnga" or "phang" in thai.provinces()["พังงา"]


def test_numbers_are_no_stop_words() -> None:
    assert not {"1", "2566", "หนึ่ง"} & thai.stopwords()


@given(THAI | st.text(max_size=30))
def test_a_text_taken_for_sound_needs_no_repair(text: str) -> None:
    assert thai.normalise(text) == text or thai.is_suspect(text)
    assert thai.is_suspect(text) or thai._repaired(thai.Mapped(text)).text == text


@given(THAI | st.text(max_size=30))
def test_folding_is_one_with_and_without_a_map(text: str) -> None:
    assert thai.fold(text) == thai.fold_mapped(text).text


@pytest.mark.parametrize("unit", ["ำ่", "่ิ", "中", "\ufffd", "é", "กรรม", "สสส", "เเ", "ํ", "ก "])
def test_a_hostile_text_takes_no_more_time_than_its_length(unit: str) -> None:
    """Ten thousand characters that repeat themselves: with a rule that goes back over them this would not end."""
    text = unit * (10_000 // len(unit))
    once = thai.normalise(text)
    assert thai.normalise(once) == once
    assert "".join(thai.words(once)) == once


def test_words_cut_elsewhere_are_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "ประชุมครั้งที่ ๓/๒๕๖๖\n\nมติ: อนุมัติงบ 1,000 บาท"
    cut = thai.cut_lines([text])
    usual = list(thai.plain_words(text))
    monkeypatch.setattr(thai, "_lines", Recent(10))
    monkeypatch.setattr(thai, "words", None)
    thai.remember(cut)
    assert list(thai.plain_words(text)) == usual


def test_the_last_lines_are_remembered_and_only_they(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    usual = thai.words
    monkeypatch.setattr(thai, "_lines", Recent(10))
    monkeypatch.setattr(thai, "words", lambda line: asked.append(line) or usual(line))
    lines = [f"แถวที่ {n}" for n in range(50)]
    for line in lines:
        list(thai.plain_words(line))
    for line in lines[-10:]:
        list(thai.plain_words(line))
    assert asked == lines, "the last ten are not cut again"
    list(thai.plain_words(lines[0]))
    assert asked == [*lines, lines[0]], "the first is"
