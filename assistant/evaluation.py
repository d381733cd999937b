"""How well an archive answers a file of questions: found, answered, refused, and every citation opened."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.chat import Archive, Assistant
from assistant.cite import stands
from assistant.errors import AssistantError
from assistant.question import understand
from assistant.types import Answer, Turn
from vectorstore import thai

FIRST = 5
"""A document counts as found when it is behind one of so many first hits."""


class QuestionFileError(AssistantError):
    """A line of a question file cannot be used."""


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question file: what is asked in turn, and what a right reply has."""

    id: str
    turns: tuple[str, ...]
    must: tuple[tuple[str, ...], ...]
    documents: tuple[str, ...]
    abstain: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question. `broken` counts citations whose quote does not stand at its place."""

    question: Question
    found: bool
    first: bool
    answered: bool
    refused: bool
    broken: int
    said: str


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1 over the questions that each is about; None where there are none."""

    questions: int
    found: float | None
    first: float | None
    answered: float | None
    refused: float | None
    wrongly_refused: float | None
    citations_broken: int
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
    hits = archive.search(query.text, k=FIRST, extra=query.extra)
    sources = [hit.document.source for hit in hits]
    reply = assistant.ask(question.turns[-1], history)
    citations = reply.citations if isinstance(reply, Answer) else ()
    quoted = thai.fold("\n".join(cited.quote for cited in citations))
    return Outcome(
        question=question,
        found=any(source in question.documents for source in sources),
        first=bool(sources) and sources[0] in question.documents,
        answered=bool(citations) and all(any(thai.fold(form) in quoted for form in group) for group in question.must),
        refused=not isinstance(reply, Answer),
        broken=sum(not stands(cited, archive.document(cited.document.id)) for cited in citations),
        said=reply.text if isinstance(reply, Answer) else f"({reply.reason})",
    )


def score(outcomes: Iterable[Outcome]) -> Score:
    """The shares over all outcomes."""
    outcomes = list(outcomes)
    answerable = [outcome for outcome in outcomes if not outcome.question.abstain]
    unanswerable = [outcome for outcome in outcomes if outcome.question.abstain]
    return Score(
        questions=len(outcomes),
        found=_share([outcome.found for outcome in answerable]),
        first=_share([outcome.first for outcome in answerable]),
        answered=_share([outcome.answered for outcome in answerable]),
        refused=_share([outcome.refused for outcome in unanswerable]),
        wrongly_refused=_share([outcome.refused for outcome in answerable]),
        citations_broken=sum(outcome.broken for outcome in outcomes),
        outcomes=outcomes,
    )


def _share(values: list[bool]) -> float | None:
    return sum(values) / len(values) if values else None
