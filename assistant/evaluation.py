"""How well an archive answers a file of questions: found, ranked, answered, refused, and every citation opened."""

import json
import math
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.chat import Archive, Assistant
from assistant.cite import sentences, stands
from assistant.claims import faults
from assistant.errors import AssistantError
from assistant.question import understand
from assistant.types import Answer, Query, Turn
from vectorstore import thai
from vectorstore.types import Hit

FIRST = 5
"""A document counts as found when it is behind one of so many first hits."""
DEPTH = 10
"""Ranks count down to here, over distinct documents."""
PASSAGES = 50
"""How many passages are asked for: enough that ten distinct documents are nearly always behind them."""

_RESAMPLES, _SEED = 2000, 1


class QuestionFileError(AssistantError):
    """A line of a question file cannot be used."""


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question file: what is asked in turn, and what a right reply has.

    `language` and `kind` are the file's own words for it, "" where it has none; scores are split by them.
    """

    id: str
    turns: tuple[str, ...]
    must: tuple[tuple[str, ...], ...]
    documents: tuple[str, ...]
    abstain: bool
    language: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A mean over questions, 0 to 1, with its 95 % bootstrap interval from `low` to `high`."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How early the right documents are among the first ten distinct ones, over `questions` questions.

    `first`, `in_5` and `in_10`: a right document is that early (R@1, R@5, R@10 where each question has one). `mrr`: mean
    reciprocal rank of the first right one, 0 below the tenth (MRR@10). `ndcg`: discounted cumulative gain with binary gains
    over the best possible (nDCG@10; Jarvelin and Kekalainen 2002), to which every right document counts.
    """

    questions: int
    first: Share
    in_5: Share
    in_10: Share
    mrr: Share
    ndcg: Share


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    `ranks` are those of the right documents, from 1, among the first ten distinct documents found. `cited` counts citations,
    `broken` those whose quote does not stand at its place; `quoted` is the characters of all quotes. `borne`: every figure and
    name of the answer stands in the quotes that its sentence cites. `seconds`: how long the last reply took.
    """

    question: Question
    found: bool
    first: bool
    ranks: tuple[int, ...]
    answered: bool
    refused: bool
    cited: int
    broken: int
    quoted: int
    borne: bool
    seconds: float
    said: str


@dataclass(frozen=True, slots=True)
class Answering:
    """Shares from 0 to 1 over `questions` questions of a kind; None where there is nothing that they are of.

    `answered` and `wrongly_refused` are of those that can be answered, `refused` of the others; `support` of the answers given
    those whose figures and names all stand in the quotes cited; `precision` of the citations those that stand to the letter at
    their place; `length`: mean characters quoted for an answer.
    """

    questions: int
    answered: float | None
    refused: float | None
    wrongly_refused: float | None
    support: float | None
    precision: float | None
    length: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1 over the questions that each is about; None where there are none.

    `retrieval` is over the questions that name their document: under "all", and under each language and kind that the file
    tells apart. `answering` is over all questions, "all", and each kind. `wait_ms`: p50 and p95 of the replies, milliseconds.
    """

    questions: int
    found: float | None
    first: float | None
    answered: float | None
    refused: float | None
    wrongly_refused: float | None
    citations_broken: int
    wait_ms: tuple[float, float] | None
    answering: dict[str, Answering]
    retrieval: dict[str, Retrieval]
    outcomes: list[Outcome] = field(repr=False)


def read(path: Path) -> list[Question]:
    """The questions of a JSON Lines file.

    Raises:
        QuestionFileError: the file cannot be read, or a line is no question.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(f"อ่านไฟล์คำถาม {path} ไม่ได้ ({error})") from error
    questions = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                questions.append(_question(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise QuestionFileError(f"{path} บรรทัดที่ {number}: ไม่ใช่คำถามที่ใช้ได้ ต้องมี id, q หรือ turns ({error})") from error
    return questions


def _question(fields: dict[str, Any]) -> Question:
    turns = tuple(fields["turns"] if "turns" in fields else [fields["q"]])
    must = tuple(tuple(group) if isinstance(group, list) else group for group in fields.get("must", ()))
    if not turns or not all(isinstance(turn, str) and turn.strip() for turn in turns):
        raise ValueError("q หรือ turns ต้องเป็นข้อความที่ไม่ว่าง")
    if not all(isinstance(group, tuple) and all(isinstance(form, str) for form in group) for group in must):
        raise ValueError("must ต้องเป็นรายการของรายการข้อความ")
    documents = fields.get("doc") or []
    return Question(
        id=str(fields["id"]),
        turns=turns,
        must=must,
        documents=(documents,) if isinstance(documents, str) else tuple(documents),
        abstain=bool(fields.get("abstain", False)),
        language=str(fields.get("lang") or ""),
        kind=str(fields.get("kind") or ""),
    )


def run(questions: Iterable[Question], archive: Archive, assistant: Assistant) -> Iterator[Outcome]:
    """Asks each question, its turns in one conversation, and judges the last reply."""
    for question in questions:
        history: list[Turn] = []
        for asked in question.turns[:-1]:
            earlier = assistant.ask(asked, history)
            said = earlier.text if isinstance(earlier, Answer) else ""
            history += [Turn(role="user", content=asked), Turn(role="assistant", content=said)]
        yield _judged(question, history, archive, assistant)


def _judged(question: Question, history: list[Turn], archive: Archive, assistant: Assistant) -> Outcome:
    query = understand(question.turns[-1], history)
    hits = search(archive, query, PASSAGES)
    sources = behind(hits)
    started = time.perf_counter()
    reply = assistant.ask(question.turns[-1], history)
    seconds = time.perf_counter() - started
    citations = reply.citations if isinstance(reply, Answer) else ()
    quoted = thai.fold("\n".join(cited.quote for cited in citations))
    return Outcome(
        question=question,
        found=any(source in question.documents for source in behind(hits[:FIRST])),
        first=bool(sources) and sources[0] in question.documents,
        ranks=ranks(sources, question.documents),
        answered=bool(citations) and all(any(thai.fold(form) in quoted for form in group) for group in question.must),
        refused=not isinstance(reply, Answer),
        cited=len(citations),
        broken=sum(not stands(cited, archive.document(cited.document.id)) for cited in citations),
        quoted=sum(len(cited.quote) for cited in citations),
        borne=isinstance(reply, Answer) and is_borne(reply),
        seconds=seconds,
        said=reply.text if isinstance(reply, Answer) else f"({reply.reason})",
    )


def is_borne(answer: Answer) -> bool:
    """Whether every figure and name of what is said beside the quotes stands in those that it cites, whoever worded it."""
    quotes = {cited.n: cited.quote for cited in answer.citations}
    rest = answer.text
    for quote in quotes.values():
        rest = rest.replace(quote, "")
    said = (sentence for sentence in sentences([rest]) if not sentence.is_empty)
    found = (fault for sentence in said for fault in faults(sentence.said, sentence.cited, quotes))
    return not any(fault.kind in ("figure", "name") for fault in found)


def search(archive: Archive, query: Query, k: int) -> list[Hit]:
    """The `k` best passages for a question that was understood, searched as `Assistant` does it."""
    return archive.search(query.text, wanted=query.filter, k=k, concepts=query.concepts)


def behind(hits: Iterable[Hit]) -> list[str]:
    """The sources of the documents behind the hits, best first: each hit's own, then those that say the same."""
    return [header.source for hit in hits for header in (hit.document, *hit.others)]


def _answering(outcomes: Sequence[Outcome]) -> Answering:
    answerable = [outcome for outcome in outcomes if not outcome.question.abstain]
    given = [outcome for outcome in outcomes if not outcome.refused]
    citations = sum(outcome.cited for outcome in given)
    return Answering(
        questions=len(outcomes),
        answered=_share([outcome.answered for outcome in answerable]),
        refused=_share([outcome.refused for outcome in outcomes if outcome.question.abstain]),
        wrongly_refused=_share([outcome.refused for outcome in answerable]),
        support=_share([outcome.borne for outcome in given]),
        precision=1 - sum(outcome.broken for outcome in given) / citations if citations else None,
        length=sum(outcome.quoted for outcome in given) / len(given) if given else None,
    )


def score(outcomes: Iterable[Outcome]) -> Score:
    """The shares over all outcomes."""
    outcomes = list(outcomes)
    answerable = [outcome for outcome in outcomes if not outcome.question.abstain]
    unanswerable = [outcome for outcome in outcomes if outcome.question.abstain]
    found = [outcome for outcome in answerable if outcome.question.documents]
    return Score(
        questions=len(outcomes),
        found=_share([outcome.found for outcome in answerable]),
        first=_share([outcome.first for outcome in answerable]),
        answered=_share([outcome.answered for outcome in answerable]),
        refused=_share([outcome.refused for outcome in unanswerable]),
        wrongly_refused=_share([outcome.refused for outcome in answerable]),
        citations_broken=sum(outcome.broken for outcome in outcomes),
        wait_ms=_wait([outcome.seconds for outcome in outcomes]),
        answering={name: _answering(some) for name, some in _groups(outcomes, ("kind",)).items()},
        retrieval={name: _retrieval(some) for name, some in _groups(found, ("language", "kind")).items() if some},
        outcomes=outcomes,
    )


def _wait(seconds: Sequence[float]) -> tuple[float, float] | None:
    if not seconds:
        return None
    half, most = np.percentile(np.asarray(seconds) * 1000, (50, 95))
    return float(half), float(most)


def _share(values: list[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def ranks(found: Iterable[str], right: Collection[str]) -> tuple[int, ...]:
    """Ranks from 1 of the `right` documents among the first ten distinct documents of `found`, which is best first."""
    distinct = list(dict.fromkeys(found))[:DEPTH]
    return tuple(rank for rank, name in enumerate(distinct, start=1) if name in right)


def retrieval(ranked: Sequence[tuple[tuple[int, ...], int]]) -> Retrieval:
    """The measures of at least one question, each given as its `ranks` and how many documents are right for it (at least 1)."""
    earliest = np.array([found[0] if found else math.inf for found, _ in ranked])
    gained = [_gain(found) / _gain(range(1, min(right, DEPTH) + 1)) for found, right in ranked]
    return Retrieval(
        questions=len(ranked),
        first=share(earliest <= 1),
        in_5=share(earliest <= 5),
        in_10=share(earliest <= DEPTH),
        mrr=share(1 / earliest),
        ndcg=share(gained),
    )


def share(values: Sequence[float] | NDArray[Any]) -> Share:
    """The mean of at least one value and its 95 % percentile bootstrap interval (Efron 1979), the same on every run."""
    of = np.asarray(values, float)
    means = of[np.random.default_rng(_SEED).integers(0, len(of), (_RESAMPLES, len(of)))].mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return Share(float(of.mean()), float(low), float(high))


def _gain(ranks: Iterable[int]) -> float:
    return sum(1 / math.log2(rank + 1) for rank in ranks)


def _groups(outcomes: Sequence[Outcome], names: Sequence[str]) -> dict[str, list[Outcome]]:
    """All, then by each of `names`; a group that has the same questions as an earlier one is left out."""
    groups = {"all": list(outcomes)}
    for name in names:
        for value in dict.fromkeys(getattr(outcome.question, name) for outcome in outcomes):
            some = [outcome for outcome in outcomes if getattr(outcome.question, name) == value]
            if value and some not in groups.values():
                groups.setdefault(value, some)
    return groups


def _retrieval(outcomes: Sequence[Outcome]) -> Retrieval:
    return retrieval([(outcome.ranks, len(set(outcome.question.documents))) for outcome in outcomes])
