"""Words that nobody sees who looks at a PDF: kept and marked, never found or quoted."""

import pytest

from ingest import IngestError, passages, read_document
from tests.ingest import memory
from vectorstore.types import Document

SEEN = "The meeting approved 40,000 baht for the weir"
SECRET = "Secret words approve 99,999 baht instead"


def drawn(*operators: str, picture: bool = False) -> bytes:
    """A PDF whose page shows `SEEN` and does what the operators say; `picture` puts one under all of the page."""
    under = "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q\n" if picture else ""
    first = "" if picture else f"BT /F1 12 Tf 50 780 Td ({SEEN}) Tj ET\n"
    return memory.pdf_of_streams(under + first + "\n".join(operators) + "\n")


def doubts(content: bytes) -> dict[str, str | None]:
    document = read_document("a.pdf", content)
    return {document.text[block.start : block.end]: block.doubt for block in document.blocks}


def found(document: Document) -> str:
    return "\n".join(passage.text for passage in passages(document))


def test_words_without_ink_are_hidden() -> None:
    content = drawn(f"BT 3 Tr /F1 12 Tf 50 700 Td ({SECRET}) Tj ET")
    assert doubts(content) == {SEEN: None, SECRET: "hidden"}
    assert found(read_document("a.pdf", content)) == SEEN


def test_white_on_white_is_hidden_and_white_on_dark_is_not() -> None:
    white = f"BT 1 g /F1 12 Tf 50 700 Td ({SECRET}) Tj ET"
    assert doubts(drawn(white)) == {SEEN: None, SECRET: "hidden"}
    assert set(doubts(drawn("q 0 0 0.4 rg 40 690 400 30 re f Q", white)).values()) == {None}


def test_tiny_words_are_hidden() -> None:
    assert doubts(drawn(f"BT /F1 1 Tf 50 700 Td ({SECRET}) Tj ET")) == {SEEN: None, SECRET: "hidden"}
    assert set(doubts(drawn(f"BT /F1 1 Tf 12 0 0 12 50 700 Tm ({SECRET}) Tj ET")).values()) == {None}


def test_words_beside_the_page_are_hidden() -> None:
    assert doubts(drawn(f"BT /F1 12 Tf 50 -300 Td ({SECRET}) Tj ET"))[SECRET] == "hidden"


def test_the_words_that_a_scanner_put_under_its_picture_are_ocr() -> None:
    layer = f"BT 3 Tr /F1 12 Tf 50 700 Td ({SEEN}) Tj ET"
    assert doubts(drawn(layer, picture=True)) == {SEEN: "ocr"}


def test_hidden_words_tell_nothing_of_the_document() -> None:
    secret = "BT 3 Tr /F1 30 Tf 50 810 Td (Report of 5 March 2540) Tj ET"
    document = read_document("a.pdf", drawn(secret))
    assert document.title == SEEN
    assert document.date is None
    assert "2540" in document.text


def test_a_document_of_nothing_else_is_empty() -> None:
    content = memory.pdf_of_streams("\n".join(f"BT 3 Tr /F1 12 Tf 50 {700 - 20 * n} Td ({SECRET}) Tj ET" for n in range(3)))
    with pytest.raises(IngestError) as caught:
        read_document("a.pdf", content)
    assert caught.value.code in ("empty_file", "no_text_layer")
