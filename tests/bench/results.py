"""What a measurement brings: what was found and how long it took, and from that the rows of the tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.evaluation import Retrieval, ranks, retrieval
from tests.bench.cases import Case


@dataclass(frozen=True, slots=True)
class Build:
    """Building an index: passages in it, seconds until it answered, most memory of the whole run, folder on the disk."""

    passages: int
    seconds: float
    peak_bytes: int
    disk_bytes: int


@dataclass(frozen=True, slots=True)
class WayRun:
    """One way of searching: for each question of the case the documents found, best first; seconds of the timed ones."""

    name: str
    found: tuple[tuple[str, ...], ...]
    seconds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One system on one case: `build` belongs to the first way, the usual one."""

    ways: tuple[WayRun, ...]
    build: Build


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of one question at a time."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Row:
    """One way of one system on one case; `documents` is how many the case has, `build` None for all but the usual way."""

    case: str
    system: str
    documents: int
    groups: dict[str, Retrieval]
    latency: Latency | None
    build: Build | None


def read_run(fields: Mapping[str, Any]) -> Run:
    """A run from its JSON fields."""
    ways = (WayRun(way["name"], tuple(tuple(found) for found in way["found"]), tuple(way["seconds"])) for way in fields["ways"])
    return Run(tuple(ways), Build(**fields["build"]))


def rows(case: Case, documents: int, run: Run) -> list[Row]:
    """A row for each way of a run over a case of so many documents."""
    return [
        Row(
            case=case.name,
            system=way.name,
            documents=documents,
            groups=_groups(case, way),
            latency=latency(way.seconds),
            build=None if number else run.build,
        )
        for number, way in enumerate(run.ways)
    ]


def latency(seconds: Sequence[float]) -> Latency | None:
    """Percentiles of some times in seconds; None of none."""
    if not seconds:
        return None
    p50, p95, p99 = (float(value) * 1000 for value in np.percentile(seconds, (50, 95, 99)))
    return Latency(p50, p95, p99)


def _groups(case: Case, way: WayRun) -> dict[str, Retrieval]:
    ranked: dict[str, list[tuple[tuple[int, ...], int]]] = {}
    for question, found in zip(case.questions, way.found, strict=True):
        ranked.setdefault(question.group, []).append((ranks(found, question.right), len(set(question.right))))
    return {group: retrieval(some) for group, some in ranked.items()}
