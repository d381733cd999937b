"""How many questions a server answers a second for 1, 8 and 32 clients at once, how soon each, and whether it grows."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.cases import ROOT
from tests.bench.results import Latency, latency
from tests.bench.runner import tell
from tests.ui.conftest import Server, serving

CLIENTS = (1, 8, 32)
PATHS = {"/v1/answers": "question", "/v1/search": "query"}
_SHARE = 10
"""Each path and number of clients is measured for this part of the time in which the memory is."""
_LOOKS = 20
"""How often the memory is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What so many clients, each asking again as soon as it is answered, got of one path in `seconds`.

    `away` is how often one was told to come back (429 or 503 with Retry-After), `errors` how often anything else went wrong, by
    status or kind.
    """

    path: str
    clients: int
    seconds: float
    answers: int
    latency: Latency | None
    away: int
    errors: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """All rounds; the last of them is `steady`, in which the server's resident `memory` was looked at, in bytes, in order."""

    rounds: Sequence[Round]
    steady: Round
    memory: Sequence[int]


def load(work: Path, home: Path | None, questions: Sequence[str], seconds: float) -> Load:
    """Measures the archive in `home`, or the bundled samples, with `questions`; the memory for `seconds`."""
    options = [] if home else ["--samples"]
    with serving(home or work / "load-home", *options) as server:
        tell("every question once, unmeasured")
        _round(server, "/v1/answers", questions, clients=4, seconds=min(seconds / _SHARE, len(questions) / 4))
        rounds = []
        for path in PATHS:
            for clients in CLIENTS:
                tell(f"{path}: {clients} at once")
                rounds.append(_round(server, path, questions, clients=clients, seconds=seconds / _SHARE))
        tell(f"memory: {CLIENTS[-1]} at once for {seconds:,.0f} s")
        asking = _asking(server, "/v1/answers", questions, clients=CLIENTS[-1], seconds=seconds)
        told, memory = _watched(server, asking, seconds)
        steady = _told("/v1/answers", CLIENTS[-1], told)
    return Load(rounds=rounds, steady=steady, memory=memory)


def questions_in(path: Path) -> list[str]:
    """The questions of a file as `thamkhlang eval` takes it; of several turns the first."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [row["q"] if "q" in row else row["turns"][0] for row in rows]


def _round(server: Server, path: str, questions: Sequence[str], *, clients: int, seconds: float) -> Round:
    return _told(path, clients, _asking(server, path, questions, clients=clients, seconds=seconds).communicate()[0])


def _asking(server: Server, path: str, questions: Sequence[str], *, clients: int, seconds: float) -> subprocess.Popen[str]:
    """A process that asks; what it says is read when it has ended."""
    plan = {"address": server.address, "path": path, "field": PATHS[path], "questions": list(questions)}
    command = [sys.executable, "-m", "tests.bench.asker"]
    asking = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    assert asking.stdin
    asking.stdin.write(json.dumps(plan | {"clients": clients, "seconds": seconds}))
    asking.stdin.close()
    asking.stdin = None  # else it would be written to again
    return asking


def _told(path: str, clients: int, told: str) -> Round:
    fields: dict[str, Any] = json.loads(told)
    ms = fields.pop("ms")
    return Round(path=path, clients=clients, answers=len(ms), latency=latency([one / 1000 for one in ms]), **fields)


def _watched(server: Server, asking: subprocess.Popen[str], seconds: float) -> tuple[str, list[int]]:
    """What who asks says in the end, and the server's memory until then; first a little after the beginning."""
    memory: list[int] = []
    while True:
        try:
            return asking.communicate(timeout=seconds / _LOOKS)[0], memory
        except subprocess.TimeoutExpired:
            memory.append(resident(server.process))


def resident(process: int) -> int:
    """Bytes of memory that a process has at this moment."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
