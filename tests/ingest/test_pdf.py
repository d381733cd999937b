"""PDFs that a real program made of a known text, and pages drawn by hand: what is read, in which order, and as what."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest import read_document
from ingest.glyphs import Box, Glyph, Page, Rule
from ingest.paged import read
from tests.ingest import hostile, office

SIZE = 12.0
SHOWN = Box(0, 0, 595, 842)


def word(text: str, x: float, y: float, size: float = SIZE) -> list[Glyph]:
    """Letters of half their size's breadth, marks over the letter before them."""
    glyphs = []
    for letter in text:
        if letter in "ัิีึืุู่้๊๋็์ํ":
            glyphs.append(Glyph(letter, x, y, x - 4, x, size, Box(x - 4, y + 9, x - 1, y + 11)))
        else:
            glyphs.append(Glyph(letter, x, y, x, x + size / 2, size, Box(x, y, x + size / 2, y + 8)))
            x += size / 2
    return glyphs


def lines_of(glyphs: Sequence[Glyph], rules: Sequence[Rule] = ()) -> list[tuple[str | None, str]]:
    def draw(index: int, dpi: float) -> object:
        raise AssertionError("nothing here needs to be drawn")

    raw = read("a.pdf", 1, lambda index: Page(list(glyphs), list(rules), [], SHOWN), draw)  # type: ignore[arg-type]
    return [(line.kind, line.text) for line in raw.lines]


def box(x0: float, y0: float, x1: float, y1: float) -> list[Rule]:
    return [Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1), Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1)]


@pytest.mark.parametrize("font", office.FONTS)
def test_a_report_comes_back_from_a_pdf(font: str, tmp_path: Path) -> None:
    document = read_document("a.pdf", office.report_in(font, tmp_path))
    right = office.REPORT.read_text(encoding="utf-8")
    assert office.error_rate(right, document.text) <= 0.003
    assert document.text.split("\n")[0] == right.split("\n")[0]
    assert {block.doubt for block in document.blocks} == {None}


def test_marks_go_to_the_letters_they_stand_over() -> None:
    glyphs = word("ทงนนคอรายงานการประชม", 50, 700)
    tone = Glyph("้", 90, 700, 53, 56, SIZE, Box(53, 712, 55, 714))
    vowel = Glyph("ั", 170, 700, 52, 56, SIZE, Box(52, 709, 55, 711))
    assert lines_of([*glyphs, tone, vowel]) == [(None, "ทั้งนนคอรายงานการประชม")]


def test_letters_drawn_twice_are_read_once() -> None:
    twice = [
        part
        for letter in word("งบประมาณรายจายของกองทุนสวัสดิการชุมชน", 50, 700)
        for part in (letter, letter._replace(x=letter.x + 0.4))
    ]
    assert lines_of(twice) == [(None, "งบประมาณรายจายของกองทุนสวัสดิการชุมชน")]


def test_rows_of_a_ruled_table() -> None:
    rules = [*box(50, 640, 350, 700), Rule(50, 670, 350, 670), Rule(200, 640, 200, 700)]
    cells = [("รายการ", 60, 680), ("จำนวนเงิน", 210, 680), ("วัสดุกอสราง", 60, 650), ("114,000", 210, 650)]
    table = [glyph for text, x, y in cells for glyph in word(text, x, y)]
    found = lines_of([*word("งบประมาณของโครงการ", 50, 720), *table, *word("รวมทั้งสิ้น", 50, 600)], rules)
    assert found == [
        (None, "งบประมาณของโครงการ"),
        ("table_row", "รายการ | จำนวนเงิน"),
        ("table_row", "วัสดุกอสราง | 114,000"),
        (None, "รวมทั้งสิ้น"),
    ]


def test_a_frame_is_no_table() -> None:
    text = word("ประกาศของชุมชนเรื่องการประชุม", 60, 680)
    assert lines_of(text, [*box(50, 640, 350, 700), *box(45, 635, 355, 705)]) == [(None, "ประกาศของชุมชนเรื่องการประชุม")]


def test_lines_through_words_are_no_table() -> None:
    rules = [*box(50, 640, 350, 700), Rule(50, 670, 350, 670), Rule(153, 640, 153, 700)]
    glyphs = [*word("ประชุมสมาชิกกองทุนสวัสดิการชุมชน", 60, 680), *word("มติเห็นชอบตามที่เสนอทุกประการ", 60, 650)]
    assert {kind for kind, _ in lines_of(glyphs, rules)} == {None}


def test_figures_below_each_other_are_rows() -> None:
    rows = [("คาวัสดุ", "114,000 บาท"), ("คาแรง", "26,000 บาท"), ("รวม", "140,000 บาท")]
    glyphs = [g for n, (a, b) in enumerate(rows) for g in [*word(a, 50, 700 - 20 * n), *word(b, 300, 700 - 20 * n)]]
    assert lines_of(glyphs) == [("table_row", " | ".join(row)) for row in rows]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"คอลัมนซายบรรทัดที่{n}ของรายงาน" for n in "กขคงจฉ"]
    right = [f"คอลัมนขวาบรรทัดที่{n}ของรายงาน" for n in "กขคงจฉ"]
    glyphs = [
        g
        for n, (a, b) in enumerate(zip(left, right, strict=True))
        for g in [*word(a, 50, 700 - 20 * n), *word(b, 310, 700 - 20 * n)]
    ]
    text = "".join(text for _, text in lines_of(glyphs))
    assert text.index(left[-1]) < text.index(right[0])


def test_words_along_the_margin_stay_together() -> None:
    upright = word("รายงานประจำปของกองทุน", 100, 700)
    aside = [glyph._replace(turn=90) for glyph in word("งบประมาณ", 300, -40)]
    assert [text for _, text in lines_of([*upright, *aside])] == ["รายงานประจำปของกองทุน", "งบประมาณ"]


@pytest.mark.parametrize(("flags", "seen"), [(4, True), (2, False)], ids=["shown", "hidden"])
def test_what_was_filled_into_a_form_is_read_where_it_is_seen(flags: int, seen: bool) -> None:
    font = b"<< /Font << /H 5 0 R >> >>"
    drawn = b"BT /H 12 Tf 2 5 Td (Somchai 4,500 baht) Tj ET"
    asked = b"BT /H 12 Tf 100 700 Td (Name and amount asked for:) Tj ET"
    content = hostile._pdf(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [4 0 R] /Contents 6 0 R /Resources %s >>" % font,
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (n) /Rect [100 600 400 620] /F %d /P 3 0 R /AP << /N 7 0 R >> >>" % flags,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(asked), asked),
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 300 20] /Resources %s /Length %d >>\nstream\n%s\nendstream"
        % (font, len(drawn), drawn),
    )
    text = read_document("แบบฟอร์ม.pdf", content).text
    assert text == ("Name and amount asked for: Somchai 4,500 baht" if seen else "Name and amount asked for:")
