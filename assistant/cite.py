"""Trust: every statement of a model is followed to the words it cites, and what they do not bear is dropped."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.types import Answer, Citation, Query
from vectorstore import thai
from vectorstore.types import Document

_MARKER = re.compile(r" *[\[【]([0-9]{1,3}(?: *, *[0-9]{1,3})*)[\]】]")
_FIGURE = re.compile(r"[0-9][0-9,.]*")
_ACTIVE = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]*>|https?://[^ \n]+|www\.[^ \n]+")


def verified(pieces: Iterable[str], citations: Mapping[int, Citation]) -> Iterator[str]:
    """The lines of a model's words that their citations bear, each as soon as it is whole.

    A line is kept if it has a marker of a known citation, and every figure in it stands in the words cited. Links,
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
    if numbers and thai.terms(said) and _figures(said) <= _figures(" ".join(citations[n].quote for n in numbers)):
        yield said + " " + "".join(f"[{n}]" for n in dict.fromkeys(numbers))


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
