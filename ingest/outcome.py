"""What became of a source; and the same as JSON, for what comes from a process that parses other people's files."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ingest.errors import IngestError
from vectorstore.types import Document, Passage

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be taken in: a stable code, and a Thai sentence that says why and what to do."""

    source: str
    code: str
    reason: str


Outcome = Failure | str | tuple[Document, list[Passage], dict[str, str]]
"""What became of a source: why it could not be read, its name where its content is known, or the document, its passages and
their words, which are cut where there is time for it (`worded`): in the process that reads ahead."""


def failed(error: IngestError) -> Failure:
    """The error as what became of its source."""
    return Failure(error.source, error.code, str(error))


def worded(outcomes: list[Outcome]) -> list[Outcome]:
    """The outcomes with the words of their documents, cut one after the other while the processor has the word list at hand."""
    from vectorstore.thai import cut_lines

    return [
        (outcome[0], outcome[1], cut_lines([outcome[0].title, *(passage.text for passage in outcome[1])]))
        if isinstance(outcome, tuple)
        else outcome
        for outcome in outcomes
    ]


def packed(outcomes: list[Outcome]) -> bytes:
    """The outcomes as JSON.

    Raises:
        ValueError: there is text in them that no encoding has.
    """
    return bytes(_adapter().dump_json(outcomes))


def unpacked(data: bytes) -> list[Outcome]:
    """The outcomes that `packed` made, every field of its type and every passage at its place.

    Raises:
        ValueError: they are not what `packed` makes.
    """
    outcomes: list[Outcome] = _adapter().validate_json(data, strict=True)
    for outcome in outcomes:
        if isinstance(outcome, tuple):
            _check(outcome[0], outcome[1])
    return outcomes


@cache
def _adapter() -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter

    return TypeAdapter(list[Outcome])


def _check(document: Document, passages: list[Passage]) -> None:
    if document.characters != len(document.text):
        raise ValueError(f"{document.source}: {len(document.text)} characters, said to be {document.characters}")
    for passage in passages:
        if passage.document_id != document.id or document.text[passage.start : passage.end] != passage.text:
            raise ValueError(f"{document.source}: passage {passage.id} is not at its place")
