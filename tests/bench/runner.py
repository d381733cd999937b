"""Runs each system on a case in a subprocess, and reads what it measured."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.bench import systems
from tests.bench.cases import ROOT, Case, documents
from tests.bench.results import Row, read_run, rows


def compare(case: Case, names: Sequence[str], work: Path) -> Iterator[Row]:
    """The rows of the systems `names` on `case` as they are done, one system after the other, each in a folder of its own.

    A peer that is not installed or fails is told of and left out, so that an hour's work of the others is not lost; ours
    must not fail.
    """
    count = sum(1 for _ in documents(case.documents))
    for name in names:
        if lacking := systems.missing(name):
            tell(f"{name} left out: {', '.join(lacking)} not installed (pip install -e '.[bench]')")
            continue
        tell(f"{case.name}: {name} ...")
        try:
            yield from rows(case, count, read_run(_worker(name, case, work)))
        except subprocess.CalledProcessError as error:
            if name == "ours":
                raise
            tell(f"{case.name}: {name} FAILED with exit code {error.returncode}, left out")


def tell(text: str) -> None:
    """A word on how it goes, beside the tables."""
    print(text, file=sys.stderr, flush=True)


def _worker(name: str, case: Case, work: Path) -> dict[str, object]:
    asked, folder = work / "case.json", work / name
    asked.write_text(json.dumps(asdict(case) | {"documents": str(case.documents)}, ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.worker", name, str(asked), str(folder)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True, env=os.environ | {"HF_HUB_OFFLINE": "1"}
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    fields: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return fields
