"""Thai names in Latin letters are found however they are spelt, and nothing else is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore import gazetteer
from vectorstore.translit import latin_key, names_like, romanised

NAMES = [
    ("จุติ", "Juti"),
    ("จุติ", "Chuti"),
    ("วราวุธ", "Varawut"),
    ("วราวุธ", "Warawut"),
    ("อนุทิน", "Anutin"),
    ("ประยุทธ์", "Prayut"),
    ("ประยุทธ์", "Prayuth"),
    ("ประวิตร", "Prawit"),
    ("สมศักดิ์", "Somsak"),
    ("จุรินทร์", "Jurin"),
    ("ชาญวีรกูล", "Charnvirakul"),
    ("ธรรมรักษ์", "Thammarak"),
    ("พิพัฒน์", "Phiphat"),
    ("หนองกวาง", "Nong Kwang"),
    ("บ้านหนองกวาง", "Ban Nong Kwang"),
    ("บ้านสวน", "Ban Suan"),
    ("คลองแดน", "Khlong Daen"),
    ("ไชยสถาน", "Chai Sathan"),
    ("สวนหอมมีสุข", "Suan Hom Mee Suk"),
    ("นาหว้า", "Na Wa"),
]
WORDS = [*dict.fromkeys(thai for thai, _ in NAMES), "ป่าชุมชน", "กองทุน", "คณะทำงาน", "บ้านมั่นคง", "จังหวัด", "ประชุม", "งบประมาณ"]


@pytest.mark.parametrize(("thai", "latin"), NAMES)
def test_a_name_is_found_among_others(thai: str, latin: str) -> None:
    assert romanised(thai) == latin_key(latin)
    assert names_like(latin, WORDS)[0] == thai


@pytest.mark.parametrize("latin", ["Community forest", "budget", "Development", "U", "", "Bangkok", "66", "Resolution"])
def test_other_words_are_not(latin: str) -> None:
    assert names_like(latin, WORDS) == []


def test_most_subdistricts_are_found_by_their_english_names() -> None:
    rows = [row for some in gazetteer.rows().values() for row in some if row[2] == "subdistrict" and len(row[1]) > 4]
    sample = random.Random(1).sample(sorted(rows), 300)
    assert sum(bool(names_like(row[1], [row[0]])) for row in sample) / len(sample) > 0.85


@given(st.text(max_size=40), st.text(alphabet="กขรทศสห์ิุเแโัวอย", max_size=40))
def test_any_text(latin: str, thai: str) -> None:
    assert latin_key(latin).isupper() or not latin_key(latin)
    assert romanised(thai).isupper() or not romanised(thai)
    names_like(latin, [thai])


def test_hostile_names_are_read_to_their_end() -> None:
    assert not names_like("tch" * 200, ["ทร์" * 200, "เกาะ" * 200])
