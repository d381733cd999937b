"""The figures of the README: `python -m tests.bench [PART ...]`; without a part all but `full`, `growth`, `kill` and `soak`.

Tables go to standard output as Markdown, how it goes to standard error. Times are of this machine now: read the ratios.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.bench import cases, systems, tables
from tests.bench.answers import Answered, answered
from tests.bench.cases import ROOT, SHARED, Case
from tests.bench.growth import SIZES, growth, plot
from tests.bench.kill import killed
from tests.bench.line import acknowledged
from tests.bench.load import load, questions_in
from tests.bench.page import page
from tests.bench.quotes import quoted
from tests.bench.reading import read
from tests.bench.results import Row
from tests.bench.runner import compare, tell
from tests.bench.soak import soak
from ui.compose import SAMPLES

SAMPLE_QUESTIONS = ROOT / "tests" / "data" / "sample_questions.jsonl"
ALONE = ("reading", "answers", "quotes", "page", "line", "load", "kill", "soak", "growth")
"""Parts that measure ours alone; the others have peers."""
PARTS = (*ALONE, "iapp", "pud", "reports", "community", "full")
LONG = ("kill", "soak", "growth", "full")
"""Parts that are measured only when they are named: minutes, or hours."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures the parts that are asked for and prints their tables."""
    called = _parser().parse_args(arguments)
    parts = called.parts or [part for part in PARTS if part not in LONG]
    print(tables.heading(" ".join(["python -m tests.bench", *(sys.argv[1:] if arguments is None else arguments)])), flush=True)
    with tempfile.TemporaryDirectory(dir=called.work) as folder:
        work = Path(folder)
        if "reading" in parts:
            print("\nReading\n\n" + tables.reading(read()), flush=True)
        if "answers" in parts:
            print("\nAnswers\n\n" + tables.answers(_answers(work)), flush=True)
        if "quotes" in parts and (found_quotes := quoted(work)):
            print("\nQuotes\n\n" + tables.quotes(found_quotes), flush=True)
        if "line" in parts:
            print("\nLINE\n\n" + tables.line(acknowledged(work)), flush=True)
        if "page" in parts and (waited := page(work)):
            print("\nThe page\n\n" + tables.page(waited), flush=True)
        if "load" in parts:
            asked = load(work, called.home, questions_in(called.questions), called.seconds)
            print("\nLoad\n\n" + tables.load(asked), flush=True)
        _endured(parts, work, called)
        rows: list[Row] = []
        for part in (part for part in parts if part not in ALONE):
            case = _case(part, work, called.articles)
            if case is None:
                tell(f"{part} left out: its data are not in {SHARED}")
            else:
                found: list[Row] = []
                for row in compare(case, called.systems, work):
                    found.append(row)
                    _keep([*rows, *found], called.json)
                rows += found
                print(f"\n{case.name}\n\n{tables.retrieval(found)}\n\n{tables.speed(found)}", flush=True)


def _endured(parts: Sequence[str], work: Path, called: argparse.Namespace) -> None:
    """What ours withstands."""
    if "kill" in parts:
        print("\nKilled\n\n" + tables.kill(killed(work, called.times)), flush=True)
    if "soak" in parts:
        soaked = soak(work, called.home, questions_in(called.questions), called.seconds)
        print("\nSoak\n\n" + tables.soak(soaked), flush=True)
    if "growth" in parts and (case := cases.full(work, called.articles)):
        found = list(growth(case, work, called.sizes))
        print("\nGrowth\n\n" + tables.growth(found), flush=True)
        if called.plot:
            plot(found, called.plot)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []], help=f"one of {', '.join(PARTS)}")
    parser.add_argument("--systems", nargs="+", choices=list(systems.NEEDS), default=list(systems.NEEDS), help="only these")
    parser.add_argument("--articles", type=int, metavar="N", help="of the part full: only N of the articles, for a try")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where indexes are built (default: the temporary folder)")
    parser.add_argument(
        "--home", type=Path, metavar="DIR", help="of load and soak: an archive that stands (default: the samples)"
    )
    parser.add_argument(
        "--questions", type=Path, metavar="FILE", default=SAMPLE_QUESTIONS, help="of load and soak: what is asked"
    )
    parser.add_argument("--seconds", type=float, metavar="S", default=60.0, help="of load and soak: how long it is asked")
    parser.add_argument("--times", type=int, metavar="N", default=100, help="of kill: how often at a random moment")
    parser.add_argument(
        "--sizes", type=int, nargs="+", metavar="N", default=SIZES, help="of growth: passages at which it is measured"
    )
    parser.add_argument("--plot", type=Path, metavar="FILE", help="of growth: draw it there too, as SVG")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too, each as it is done")
    return parser


def _answers(work: Path) -> Iterator[Answered]:
    """The bundled samples always; real reports and news where they are."""
    yield answered("bundled samples", work / "samples-home", SAMPLES, SAMPLE_QUESTIONS)
    questions = SHARED / "questions"
    if case := cases.reports(work):
        yield answered("real reports", work / "reports-home", case.documents, questions / "seed_dev.jsonl")
    if case := cases.community(work):
        yield answered("government news", work / "news-home", case.documents, questions / "gov_dev.jsonl")


def _keep(rows: Sequence[Row], path: Path | None) -> None:
    """Written after each system: of a run of hours that is broken off, what was done stays."""
    if path:
        path.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1), encoding="utf-8")


def _case(part: str, work: Path, articles: int | None) -> Case | None:
    if part == "full":
        return cases.full(work, articles)
    made: dict[str, Callable[[Path], Case | None]] = {
        "iapp": cases.iapp,
        "pud": cases.pud,
        "reports": cases.reports,
        "community": cases.community,
    }
    return made[part](work)


if __name__ == "__main__":
    main()
