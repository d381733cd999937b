"""Provinces, districts and subdistricts: known, and told from ordinary words, people, roads and each other."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore import gazetteer, thai
from vectorstore.places import forms, latin_mentions, mentions


def found(text: str) -> list[tuple[str, str, str]]:
    some = mentions(text) if any("ก" <= char <= "๎" for char in text) else latin_mentions(text)
    return [(place.name, place.level, place.province) for mention in some for place in mention.places]


def test_the_whole_country_is_there() -> None:
    rows = {row for some in gazetteer.rows().values() for row in some}
    levels = [row[2] for row in rows]
    assert (levels.count("province"), levels.count("district")) == (77, 928)
    assert levels.count("subdistrict") == len({row for row in rows if row[2] == "subdistrict"}) > 7400
    assert set(gazetteer.provinces()) == set(thai.provinces())


def test_the_file_is_what_its_source_makes(shared: Path) -> None:
    source = shared / "data" / "gazetteer_th.json"
    assert gazetteer.make(json.loads(source.read_text(encoding="utf-8"))) == gazetteer.PATH.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("จ.ตรัง มีกี่ตำบล", "ตรัง"),
        ("จังหวัด ตรังมีกี่ตำบล", "ตรัง"),
        ("บ้านมั่นคงในตรังกี่หลัง", "ตรัง"),
        ("งบของ กทม. เท่าไร", "กรุงเทพมหานคร"),
        ("โคราชได้งบเท่าไร", "นครราชสีมา"),
        ("แปดริ้วมีสมาชิกกี่คน", "ฉะเชิงเทรา"),
        ("จ.นศ มีกี่ตำบล", "นครศรีธรรมราช"),
        ("จังหวัดเลยมีกี่ตำบล", "เลย"),
        ("เมืองตรังมีกี่ชุมชน", "ตรัง"),
        ("How many in Phuket?", "ภูเก็ต"),
        ("in phuket province", "ภูเก็ต"),
        ("Nakorn Sri Thammarat", "นครศรีธรรมราช"),
        ("the Ayudhya plan", "พระนครศรีอยุธยา"),
        ("from Korat", "นครราชสีมา"),
        ("in Petchaboon", "เพชรบูรณ์"),
        ("Suphanburi's plan", "สุพรรณบุรี"),
    ],
)
def test_provinces(text: str, name: str) -> None:
    assert found(text) == [(name, "province", name)]


@pytest.mark.parametrize(
    "text",
    [
        "ทำได้เลยไหม",
        "เผยแพร่ข่าวในตรังกานู",
        "ตากแห้ง",
        "น่านน้ำไทย",
        "คุณสุรินทร์เป็นใคร",
        "ถนนเพชรบุรี",
        "อยู่ตำบลอะไร",
        "เขตพื้นที่",
        "จังหวัดชายแดนภาคใต้",
        "บ้านไร่ปลอดสาร",
        "his nan took a long song",
        "Mr Surin Chumphon",
        "which tambon keeps the membership books",
    ],
)
def test_words_that_are_no_places(text: str) -> None:
    assert found(text) == []


def test_a_word_that_is_a_province_too_needs_another_beside_it() -> None:
    assert [name for name, _, _ in found("หนองคาย เลย และอุดรธานี")] == ["หนองคาย", "เลย", "อุดรธานี"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ต.บางรัก จ.ตรัง", ("บางรัก", "subdistrict", "ตรัง")),
        ("บางรัก ตรัง", ("บางรัก", "subdistrict", "ตรัง")),
        ("เขตบางรัก", ("บางรัก", "district", "กรุงเทพมหานคร")),
        ("อ.เมือง จ.ตรัง", ("เมืองตรัง", "district", "ตรัง")),
        ("อ.พิชัย อุตรดิตถ์", ("พิชัย", "district", "อุตรดิตถ์")),
        ("หาดใหญ่มีบ้านกี่หลัง", ("หาดใหญ่", "district", "สงขลา")),
        ("Mueang Trang district", ("เมืองตรัง", "district", "ตรัง")),
        ("Mueang district, Trang", ("เมืองตรัง", "district", "ตรัง")),
        ("Tambon Bang Rak in Trang", ("บางรัก", "subdistrict", "ตรัง")),
        ("in Khlong Toei district", ("คลองเตย", "district", "กรุงเทพมหานคร")),
        ("people of Hadyai", ("หาดใหญ่", "district", "สงขลา")),
    ],
)
def test_districts_and_subdistricts(text: str, place: tuple[str, str, str]) -> None:
    assert found(text)[0] == place


def test_homonyms_that_nothing_tells_apart_all_remain() -> None:
    assert {province for _, _, province in found("Bang Rak subdistrict")} == {"กรุงเทพมหานคร", "ตรัง"}


def test_a_name_that_the_gazetteer_lacks_keeps_what_it_may_be() -> None:
    (mention,) = mentions("ตำบลนาหินแก้วมีกองทุนไหม")
    assert mention.places == () and mention.names[-1] == "นาหินแก้ว"


def test_forms_of_a_province() -> None:
    (bangkok,) = mentions("กทม.")
    assert {"กรุงเทพมหานคร", "กรุงเทพ", "กทม.", "Bangkok"} <= set(forms(bangkok.places[0]))
    (loei,) = mentions("จังหวัดเลย")
    assert "เลย" not in forms(loei.places[0])


@given(st.text(max_size=60) | st.text(alphabet="กขตำบลอเภจ.ังหวัดเมือง ร่ABang,", max_size=80))
def test_any_text(text: str) -> None:
    for mention in (*mentions(text), *latin_mentions(text)):
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.places or mention.names


@pytest.mark.parametrize("unit", ["ตำบล", "ต.", "จ.", "เมือง", "อ.เมือง ", "ก", "Tambon ", "Bang Rak ", "a ", "district of "])
def test_hostile_text_is_read_to_its_end(unit: str) -> None:
    text = (unit * 2000)[:2000]
    assert all(mention.end <= len(text) for mention in (*mentions(text), *latin_mentions(text)))
