"""Questions about what no archive of community work holds."""

from pathlib import Path

from assistant import Assistant, Refusal, evaluation
from ingest import ingest
from vectorstore import Store, embed

ROOT = Path(__file__).parents[2]
HELD = "ek"
"""How the ids of those begin that the reader was not taught with."""


def test_they_are_refused(tmp_path: Path) -> None:
    questions = evaluation.read(ROOT / "tests" / "data" / "elsewhere_questions.jsonl")
    asked = [question.turns[0] for question in questions if question.id.startswith(HELD)]
    with Store(tmp_path / "home", embed.load()) as store:
        ingest([ROOT / "ingest" / "samples"], store)
        assistant = Assistant(store)
        answered = [question for question in asked if not isinstance(assistant.ask(question), Refusal)]
    assert len(asked) == 60 and len(answered) <= 3, answered
