"""Letters that a PDF's fonts name wrongly: told from Thai, and put right where the mistake is known."""

from ingest import garble
from ingest.glyphs import Box, Glyph
from tests.ingest.office import REPORT

RIGHT = REPORT.read_text(encoding="utf-8")


def glyphs(text: str) -> list[Glyph]:
    return [Glyph(letter, 0, 0, 0, 6, 12, Box(0, 0, 6, 8)) for letter in text]


def test_a_report_is_not_garbled() -> None:
    assert not garble.is_garbled(RIGHT)
    assert not garble.is_garbled("An English report of the meeting, with names and figures: 40,000 baht. " * 5)
    assert not garble.is_garbled("ก")


def test_shuffled_letters_are() -> None:
    swapped = str.maketrans("กขคงจชนมรลวสอ", "ฎฬฏฒงฌฮผฆญฝษฑ")
    assert garble.is_garbled(RIGHT.translate(swapped))
    assert garble.is_garbled("".join(f"{letter}\ufffd" if n % 5 == 0 else letter for n, letter in enumerate(RIGHT)))


def test_thai_letters_named_as_latin_ones_are_put_right() -> None:
    line = "รายงานการประชุมสภาองค์กรชุมชนตำบลบ้านสวนพริก ครั้งที่ ๔/๒๕๖๗ มีมติรับรองทุกเรื่อง"
    wrong = line.encode("tis-620").decode("latin-1")
    assert "".join(glyph.text for glyph in garble.decoded(glyphs(wrong))) == line


def test_french_stays() -> None:
    line = "Le conseil a approuvé la création d'une réserve d'eau près de l'école, où l'été est très sec. " * 12
    assert "".join(glyph.text for glyph in garble.decoded(glyphs(line))) == line
