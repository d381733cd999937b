"""Measures one system on one case, in a process of its own: `python -m tests.bench.worker SYSTEM CASE.json FOLDER`.

A process for each, so that its peak memory is its own and nothing that another left behind is in its way.
"""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from assistant.evaluation import PASSAGES
from tests.bench import systems
from tests.bench.cases import Asked, Case
from tests.bench.memory import Peak
from tests.bench.results import Build, Run, WayRun
from tests.bench.systems import System, Way

TIMED, WARM = 200, 5
"""How many questions are timed, evenly out of all, and how many are asked before that."""
_SHOWN = 10
"""Passages asked for when time is taken: a page of results."""


def measured(system: System, case: Case, folder: Path) -> Run:
    """What `system`, empty in `folder`, does with `case`; it is closed in the end.

    Building counts until the first question is answered, so that work put off until then counts too.
    """
    with Peak() as peak:
        started = time.perf_counter()
        passages = system.index(case.documents)
        ways = system.ways()
        usual = next(ways)
        usual.search(case.questions[0].text, _SHOWN)
        seconds = time.perf_counter() - started
        runs = [asked(usual, case.questions)]
        most = peak.bytes()  # before a further way builds what only it needs
        runs += [asked(way, case.questions) for way in ways]
    system.close()
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Run(tuple(runs), Build(passages=passages, seconds=seconds, peak_bytes=most, disk_bytes=size))


def asked(way: Way, questions: tuple[Asked, ...]) -> WayRun:
    """What one way finds for each question, and how long some of them take, one at a time."""
    found = tuple(tuple(way.search(question.text, PASSAGES)) for question in questions)
    seconds = []
    if way.timed:
        some = questions[:: -(-len(questions) // TIMED)]
        for question in (*some[:WARM], *some):
            started = time.perf_counter()
            way.search(question.text, _SHOWN)
            seconds.append(time.perf_counter() - started)
    return WayRun(way.name, found, tuple(seconds[WARM:]))


def read_case(path: Path) -> Case:
    """A case that the calling process wrote."""
    fields = json.loads(path.read_text(encoding="utf-8"))
    questions = (Asked(row["text"], tuple(row["right"]), row["group"]) for row in fields["questions"])
    return Case(fields["name"], Path(fields["documents"]), tuple(questions))


def main(name: str, case: Path, folder: Path) -> None:
    """Writes the run as JSON to standard output's last line."""
    folder.mkdir(parents=True)
    run = measured(systems.load(name, folder), read_case(case), folder)
    print("\n" + json.dumps(asdict(run), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
