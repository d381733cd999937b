"""Answers on question files: found, answered, refused, every citation opened, and how long a person waits."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import Assistant, evaluation
from assistant.evaluation import Score, Share
from assistant.question import understand
from assistant.types import Query
from ingest import ingest
from tests.assistant.test_bad_input import BAD
from tests.bench.cases import ROOT
from tests.bench.results import Latency, latency
from vectorstore import Store, embed


@dataclass(frozen=True, slots=True)
class Answered:
    """One archive and the questions that it was asked; shares are None where no question is of that sort.

    `understand`: of the questions alone, before any search. `slowest_bad_s`: seconds of the slowest of the hostile and
    pointless questions that the tests ask. `cold_s`: seconds of one `thamkhlang ask` from a process just started.
    """

    archive: str
    documents: int
    passages: int
    score: Score
    answered: Share | None
    refused: Share | None
    wrongly_refused: Share | None
    search: Latency | None
    answer: Latency | None
    understand: Latency | None
    slowest_bad_s: float
    cold_s: float


def answered(archive: str, home: Path, documents: Path, questions: Path) -> Answered:
    """Takes `documents` into a new archive in `home`, asks it the file of `questions` and times its last turns."""
    asked = evaluation.read(questions)
    with Store(home, embed.load()) as store:
        ingest([documents], store)
        status = store.status()
        score = evaluation.score(evaluation.run(asked, store, Assistant(store)))
        queries = [understand(question.turns[-1]) for question in asked]
        search = _timed(lambda query: evaluation.search(store, query, 10), queries)
        answer = _timed(lambda query: Assistant(store).ask(query.asked), queries)
        understood = _timed(lambda query: understand(query.asked), queries)
        slowest = max(_seconds(lambda text=text: Assistant(store).ask(text)) for text in BAD)
    answerable = [outcome for outcome in score.outcomes if not outcome.question.abstain]
    return Answered(
        archive=archive,
        documents=status.documents,
        passages=status.passages,
        score=score,
        answered=_share([outcome.answered for outcome in answerable]),
        refused=_share([outcome.refused for outcome in score.outcomes if outcome.question.abstain]),
        wrongly_refused=_share([outcome.refused for outcome in answerable]),
        search=search,
        answer=answer,
        understand=understood,
        slowest_bad_s=slowest,
        cold_s=_cold(home, asked[0].turns[0]),
    )


def _share(values: Sequence[bool]) -> Share | None:
    return evaluation.share(values) if values else None


def _timed(call: Callable[[Query], object], queries: Sequence[Query]) -> Latency | None:
    """Percentiles of a call, after one that is not counted."""
    call(queries[0])
    return latency([_seconds(lambda query=query: call(query)) for query in queries])


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _cold(home: Path, question: str) -> float:
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "ask", question]
    return _seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT))
