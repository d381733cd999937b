"""Trust: every statement of a model is followed to the words it cites, and what they do not bear is dropped."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.types import Answer, Citation, Query
from vectorstore import thai
from vectorstore.types import Document

_MARKER = re.compile(r" *[\[【]([0-9]{1,3}(?: *, *[0-9]{1,3})*)[\]】]")
_FIGURE = re.compile(r"[0-9][0-9,.]*")
_WORDED = re.compile(
    "(?:[0-9][0-9,.]* *)?(?:หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ยี่สิบ|ร้อย|พัน|หมื่น|แสน|ล้าน)+"
    "|มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม"
)
"""Numbers in words, the multipliers of numbers in figures, and months: they are figures too."""
_NOTHING = re.compile("^(?:ไม่พบ|ไม่มีข้อมูล|not found|no answer)", re.IGNORECASE)
_ACTIVE = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]*>|https?://[^ \n]+|www\.[^ \n]+")


def verified(pieces: Iterable[str], citations: Mapping[int, Citation]) -> Iterator[str]:
    """The lines of a model's words that their citations bear, each as soon as it is whole.

    A line is kept if it has a marker of a known citation and every figure in it, also in words, stands in what it cites. Links,
    images and markup are taken out: they could only come from a document or the model, never from us.

    Args:
        pieces: the model's words as they come.
        citations: what the model was shown, by number.
    """
    rest = ""
    for piece in pieces:
        *lines, rest = (rest + piece).split("\n")
        for line in lines:
            yield from _checked(line, citations)
    yield from _checked(rest, citations)


def _checked(line: str, citations: Mapping[int, Citation]) -> Iterator[str]:
    line = _ACTIVE.sub(r"\1", line).rstrip()
    numbers = [n for n in numbers_cited(line) if n in citations]
    said = _MARKER.sub("", line)
    quoted = " ".join(citations[n].quote for n in numbers)
    if numbers and thai.terms(said) and not _NOTHING.match(said.strip()) and _borne(said, quoted):
        yield said + " " + "".join(f"[{n}]" for n in dict.fromkeys(numbers))


def _borne(said: str, quoted: str) -> bool:
    """Whether every figure that is said stands in the words quoted, whatever its digits and spaces."""
    words = thai.fold(quoted).replace(",", "")
    worded = (thai.fold(found).replace(",", "") for found in _WORDED.findall(thai.arabic_digits(said)))
    return _figures(said) <= _figures(quoted) and all(found in words for found in worded)


def numbers_cited(text: str) -> list[int]:
    """The numbers in the markers of `text`, in order."""
    return [int(n) for match in _MARKER.finditer(text) for n in match[1].split(",")]


def _figures(text: str) -> set[str]:
    return {found.replace(",", "").strip(".") for found in _FIGURE.findall(thai.arabic_digits(text))}


def compose(query: Query, lines: Sequence[str], citations: Mapping[int, Citation], by: str) -> Answer | None:
    """An answer of verified lines with the citations they use, in the evidence's numbers; None where nothing was borne."""
    used = sorted({n for line in lines for n in numbers_cited(line)})
    if not used:
        return None
    return Answer(query=query, text="\n".join(lines), citations=tuple(citations[n] for n in used), by=by)


def stands(citation: Citation, document: Document) -> bool:
    """Whether the quote is, to the letter, what stands at its place."""
    return document.text[citation.start : citation.end] == citation.quote
