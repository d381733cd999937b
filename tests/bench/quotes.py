"""How little has to be quoted: whether the marked answers of iApp stand in the first quote, and in all that is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import Answer, Assistant, evaluation
from assistant.evaluation import Share
from ingest import ingest
from tests.bench.cases import SHARED, iapp, rows
from vectorstore import Store, embed, thai

FIRST, SHOWN = 160, 480
"""Characters of the first quote, and of all quotes together, within which the answer must stand."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Shares of `questions` questions, from 0 to 1, and the mean of the characters quoted for an answer."""

    questions: int
    first: Share
    shown: Share
    refused: Share
    length: float


def quoted(work: Path) -> Quoted | None:
    """iApp's validation questions asked over its paragraphs, from the question to the quotes; None where they are not there."""
    case = iapp(work)
    if case is None:
        return None
    clear = [row for row in rows(SHARED / "data" / "iapp_valid.jsonl.zst") if not row["ambiguous"]]
    with Store(work / "quotes-home", embed.load()) as store:
        ingest([case.documents], store)
        replies = [Assistant(store).ask(row["question"]) for row in clear]
    quotes = [[cited.quote for cited in reply.citations] if isinstance(reply, Answer) else [] for reply in replies]
    answers = [thai.fold(thai.normalise(row["answers"][0]["text"])) for row in clear]
    return Quoted(
        questions=len(clear),
        first=evaluation.share([_stands(some[:1], answer, FIRST) for some, answer in zip(quotes, answers, strict=True)]),
        shown=evaluation.share([_stands(some, answer, SHOWN) for some, answer in zip(quotes, answers, strict=True)]),
        refused=evaluation.share([not some for some in quotes]),
        length=sum(len(quote) for some in quotes for quote in some) / max(1, sum(map(bool, quotes))),
    )


def _stands(quotes: Sequence[str], answer: str, most: int) -> bool:
    """Whether `answer` stands in one of the first quotes that make at most `most` characters."""
    length = 0
    for quote in quotes:
        length += len(quote)
        if length <= most and answer in thai.fold(quote):
            return True
    return False
