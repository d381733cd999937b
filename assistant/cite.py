"""Trust: a model's words cut into sentences with what each cites, and answers made of those that are borne."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.types import Answer, Citation, Query
from vectorstore import thai
from vectorstore.types import Document

_MARKER = re.compile(r" *[\[【]([0-9๐-๙]{1,3}(?: *, *[0-9๐-๙]{1,3})*)[\]】](?!\()")
_MARKERS = re.compile(rf"(?:{_MARKER.pattern})+[.。]?")
_SENTENCE = re.compile(r"(?<=[^ .][^ .][.!?])[\"”']? +(?=[A-Z“\"])")
_TITLED = re.compile(r"(?:^|[ (])(?:Mr|Mrs|Ms|Dr|Prof|No|St|Gov|Gen|Col)\.$")
_ACTIVE = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]*>|(?:https?|ftp|javascript|data):[^ \n]+|www\.[^ \n]+", re.IGNORECASE)
_LEADING = re.compile(r"^ *(?:(?:[-*•#>]+|[0-9๐-๙]{1,2}[.)])(?: +|$))+")
_SIGNS = str.maketrans(dict.fromkeys("<>`*_#|~\\{}$", ""))
"""What makes markup of words; none is needed to tell what a report says."""
_NOTHING = re.compile("^(?:ไม่พบ|ไม่มีข้อมูล|ไม่มีคำตอบ|not found|no answer)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a model says: `said` as plain words without markers, and the numbers that it cites, each once."""

    said: str
    cited: tuple[int, ...]

    @property
    def text(self) -> str:
        """As it stands in an answer, the markers at its end."""
        return " ".join(filter(None, [self.said, "".join(f"[{n}]" for n in self.cited)]))

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing that could be true or false: no words, a heading, or that there is no answer."""
        heading = not self.cited and self.said.endswith((":", "："))
        return not thai.terms(self.said) or heading or bool(_NOTHING.match(self.said))


def sentences(pieces: Iterable[str]) -> Iterator[Sentence]:
    """The sentences in a model's words, each as soon as it is whole: with its markers and a sign of what follows, or its line.

    A marker is for all that was said since the marker before it, on its line. Links, images and markup are taken out: they
    could only come from a document or the model, never from us.

    Args:
        pieces: the model's words as they come, cut anywhere.
    """
    rest = ""
    for piece in pieces:
        rest += piece
        *lines, rest = rest.split("\n")
        for line in lines:
            yield from _of_line(line)
        ends = [match.end() for match in _MARKERS.finditer(rest) if rest[match.end() :].strip(" .。[【")]
        if whole := max(ends, default=0):
            yield from _of_line(rest[:whole])
            rest = rest[whole:]
    yield from _of_line(rest)


def _of_line(line: str) -> Iterator[Sentence]:
    start = 0
    for match in _MARKERS.finditer(line):
        yield from _split(line[start : match.start()], tuple(dict.fromkeys(numbers_cited(match[0]))))
        start = match.end()
    yield from _split(line[start:], ())


def _split(said: str, cited: tuple[int, ...]) -> Iterator[Sentence]:
    """The sentences of an English text; a Thai one is one sentence, because nothing shows where others would begin."""
    text, start = _LEADING.sub("", " ".join(_ACTIVE.sub(r"\1", said).translate(_SIGNS).split())), 0
    for match in _SENTENCE.finditer(text):
        if not _TITLED.search(text[: match.start()]):
            yield Sentence(text[start : match.start()], cited)
            start = match.end()
    if text[start:] or cited:
        yield Sentence(text[start:], cited)


def numbers_cited(text: str) -> list[int]:
    """The numbers in the markers of `text`, in order."""
    return [int(n) for match in _MARKER.finditer(text) for n in match[1].split(",")]


def compose(query: Query, said: Sequence[Sentence], citations: Mapping[int, Citation], by: str) -> Answer | None:
    """An answer of borne sentences, a line each, with the citations they use in the evidence's numbers; None where none is."""
    used = sorted({n for sentence in said for n in sentence.cited})
    if not used:
        return None
    text = "\n".join(sentence.text for sentence in said)
    return Answer(query=query, text=text, citations=tuple(citations[n] for n in used), by=by)


def stands(citation: Citation, document: Document) -> bool:
    """Whether the quote is, to the letter, what stands at its place."""
    return document.text[citation.start : citation.end] == citation.quote
