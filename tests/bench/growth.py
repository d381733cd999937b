"""How time, memory and disk grow with an archive: `python -m tests.bench.growth CASE.json FOLDER SIZE ...`, its own process.

Beyond the articles that there are, they are repeated with altered text: half the lines of one among those of another, with
other digits, so that neither words, vectors nor figures are the same again.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

from tests.bench.cases import ROOT, Case
from tests.bench.memory import Peak
from tests.bench.results import Latency, latency
from tests.bench.runner import tell
from tests.bench.systems.ours import Ours
from tests.bench.worker import asked, read_case

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
_PASSAGES = 5
"""Passages of an article, or a little less: as many articles are taken in at a time as may be lacking."""
_LEAST = 50
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """An archive of so many passages: what taking in the last `added` documents took, and searching it afterwards.

    `peak_bytes` is the most memory until then, of taking in and searching; `latency` that of one search at a time.
    """

    passages: int
    added: int
    seconds: float
    peak_bytes: int
    disk_bytes: int
    latency: Latency


def growth(case: Case, work: Path, sizes: Sequence[int] = SIZES) -> Iterator[Grown]:
    """One archive as it grows through `sizes`, in passages."""
    path, folder = work / "growth.json", work / "growth"
    path.write_text(json.dumps(asdict(case) | {"documents": str(case.documents)}, ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.growth", str(path), str(folder), *map(str, sizes)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as growing:
        assert growing.stdout
        for line in growing.stdout:
            fields: dict[str, Any] = json.loads(line)
            found = Grown(**fields | {"latency": Latency(**fields["latency"])})
            tell(f"{found.passages:,} passages")
            yield found
    if growing.returncode:
        raise subprocess.CalledProcessError(growing.returncode, command)


def altered(lines: Sequence[str], seed: int = 1) -> Iterator[dict[str, str]]:
    """The records of an export as they are, then altered, again and again without end."""
    chance = random.Random(seed)
    for number in count():
        for line in lines:
            record = json.loads(line)
            if number:
                other = json.loads(chance.choice(lines))
                mixed = [*_half(record["body"], chance), *_half(other["body"], chance)]
                chance.shuffle(mixed)
                digits = str.maketrans(_DIGITS, "".join(chance.sample(_DIGITS, len(_DIGITS))))
                record |= {"id": f"{record['id']}-{number}", "body": "\n".join(mixed).translate(digits)}
            yield record


def _half(body: str, chance: random.Random) -> list[str]:
    lines = body.split("\n")
    return chance.sample(lines, -(-len(lines) // 2))


def grown(case: Case, folder: Path, sizes: Sequence[int]) -> Iterator[Grown]:
    """The same in this process; `folder` is made."""
    records = altered(case.documents.read_text(encoding="utf-8").splitlines())
    folder.mkdir(parents=True)
    ours, some, passages = Ours(folder), folder.with_suffix(".jsonl"), 0
    with Peak() as peak:
        for size in sizes:
            began, added = time.perf_counter(), 0
            while passages < size:
                more = list(islice(records, max(_LEAST, (size - passages) // _PASSAGES)))
                some.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in more), encoding="utf-8")
                passages, added = ours.index(some), added + len(more)
            seconds = time.perf_counter() - began
            searched = latency(asked(next(ours.ways()), case.questions).seconds)
            on_disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            assert searched
            yield Grown(
                passages=passages,
                added=added,
                seconds=seconds,
                peak_bytes=peak.bytes(),
                disk_bytes=on_disk,
                latency=searched,
            )
    ours.close()


def plot(some: Sequence[Grown], path: Path) -> None:
    """Writes the growth as an SVG."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.hashsalt": "growth", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}
    from matplotlib import pyplot

    passages = [one.passages for one in some]
    panels: dict[str, dict[str, list[float]]] = {
        "search, ms": {"p50": [one.latency.p50 for one in some], "p95": [one.latency.p95 for one in some]},
        "documents taken in a second": {"": [one.added / one.seconds for one in some]},
        "most memory, GB": {"": [one.peak_bytes / 1e9 for one in some]},
        "disk, GB": {"": [one.disk_bytes / 1e9 for one in some]},
    }
    figure, axes = pyplot.subplots(1, len(panels), figsize=(12, 2.8), layout="constrained")
    for axis, (title, curves) in zip(axes, panels.items(), strict=True):
        for name, values in curves.items():
            axis.plot(passages, values, marker="o", label=name)
        axis.set(title=title, xlabel="passages", xscale="log", ylim=(0, None))
        if len(curves) > 1:
            axis.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})


def main(case: Path, folder: Path, sizes: Sequence[int]) -> None:
    """Writes each stage as JSON to standard output, a line each."""
    for found in grown(read_case(case), folder, sizes):
        print(json.dumps(asdict(found)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), list(map(int, sys.argv[3:])))
