"""The tables as Markdown, ready for the README."""

import datetime
import os
import platform
import statistics
import subprocess
from collections.abc import Iterable, Mapping, Sequence

from assistant.evaluation import Share
from tests.bench.answers import Answered
from tests.bench.cases import ROOT
from tests.bench.growth import Grown
from tests.bench.kill import Killed
from tests.bench.line import RATE, Line
from tests.bench.load import Load
from tests.bench.page import Page
from tests.bench.quotes import FIRST, SHOWN, Quoted
from tests.bench.reading import Read
from tests.bench.results import Latency, Row
from tests.bench.soak import Soaked
from tests.bench.systems import OURS

MB = 1e6


def heading(command: str) -> str:
    """Date, command, machine and commit: what a figure needs beside it."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    day = datetime.date.today().isoformat()
    return f"`{command}`, {day}, {cores} cores, Python {platform.python_version()}, commit {commit or 'unknown'}"


def retrieval(rows: Iterable[Row]) -> str:
    """How early the right document is, a line for each group of questions and each way of searching."""
    head = ("questions", "system", "number", "R@1", "R@5", "R@10", "MRR@10", "nDCG@10")
    rows = list(rows)
    lines = []
    for group in dict.fromkeys(group for row in rows for group in row.groups):
        for row in rows:
            if of := row.groups.get(group):
                shares = (of.first, of.in_5, of.in_10, of.mrr, of.ndcg)
                lines.append((group, row.system, str(of.questions), *map(interval, shares)))
    return _table(head, lines, left=2)


def speed(rows: Iterable[Row]) -> str:
    """Time, memory and disk; "to ours" is a ratio to ours in the same case, of p95, of documents a second, of disk."""
    head = ("archive", "system", "passages", "p50 / p95 / p99 ms", "p95 to ours", "documents a second", "to ours")
    rows = list(rows)
    ours = {row.case: row for row in reversed(rows) if row.system == OURS}
    lines = [(row.case, row.system, *_speed(row, ours.get(row.case))) for row in rows if row.latency]
    return _table((*head, "peak memory MB", "disk MB", "to ours"), lines, left=2)


def answers(some: Iterable[Answered]) -> str:
    """What is answered and refused."""
    head = ("archive", "questions", "right document first", "in 5", "answered", "refused rightly", "refused wrongly")
    quoted = ("figures and names in quotes", "characters quoted")
    rest = ("citations that do not open", "search p50 / p95 / p99 ms", "answer p50 / p95 / p99 ms")
    waits = ("understanding p95 ms", "slowest bad input", "cold `ask`")
    lines: list[tuple[str, ...]] = []
    for one in some:
        found = one.score.retrieval.get("all")
        ranked = (found.first, found.in_5) if found else (None, None)
        shares = (*ranked, one.answered, one.refused, one.wrongly_refused)
        archive = f"{one.archive} ({one.documents:,} documents, {one.passages:,} passages)"
        understood = f"{one.understand.p95:.1f}" if one.understand else "-"
        others = (understood, f"{one.slowest_bad_s * 1000:.0f} ms", f"{one.cold_s:.1f} s")
        times = (_times(one.search), _times(one.answer), *others)
        overall = one.score.answering["all"]
        told = (f"{(overall.support or 0) * 100:.1f}", f"{overall.length or 0:.0f}")
        counts = (str(one.score.citations_broken), *times)
        lines.append((archive, str(one.score.questions), *map(interval, shares), *told, *counts))
    return _table((*head, *quoted, *rest, *waits), lines, left=1)


def quotes(of: Quoted) -> str:
    """How little has to be quoted."""
    head = ("iapp_valid questions", f"in the first quote of {FIRST}", f"in the {SHOWN} shown", "refused", "characters quoted")
    return _table(
        head, [(str(of.questions), interval(of.first), interval(of.shown), interval(of.refused), f"{of.length:.0f}")], left=1
    )


def reading(some: Iterable[Read]) -> str:
    """How fast documents are read on one core."""
    head = ("what is done", "documents", "documents a second")
    return _table(head, [(one.what, f"{one.documents:,}", f"{one.rate:,.0f}") for one in some], left=1)


def page(of: Page) -> str:
    """How long somebody at the chat page waits."""
    parts = (
        ("from opening the page until it can be used", of.usable_s),
        ("from Enter until the first words of the first answer", of.first_words_s),
        ("from choosing a DOCX and a broken PDF until the first answers", of.taken_s),
        (f"{len(of.at_once_s)} ask at once: until an answer is whole", of.at_once_s),
    )
    head = ("seconds", "measured", "median", "longest")
    rows = [(what, str(len(some)), f"{statistics.median(some):.2f}", f"{max(some):.2f}") for what, some in parts]
    return _table(head, rows, left=1)


def line(of: Line) -> str:
    """How soon LINE's events are acknowledged under load, and what becomes of them."""
    took = sorted(of.acknowledged_s)
    p50, p95, p99 = (took[min(len(took) - 1, round(share * len(took)))] * 1000 for share in (0.5, 0.95, 0.99))
    head = (
        "events",
        "a second",
        "acknowledged in ms (p50 / p95 / p99 / longest)",
        "refused",
        "answered",
        "button",
        "late",
        "lost",
    )
    row = (str(len(took)), str(RATE), f"{p50:.0f} / {p95:.0f} / {p99:.0f} / {took[-1] * 1000:.0f}", str(of.refused))
    told = f"\n\n{of.added} documents were taken in meanwhile."
    return _table(head, [(*row, str(of.answered), str(of.later), str(of.late), str(of.lost))], left=0) + told


def load(of: Load) -> str:
    """What several clients at once get, and whether the server grows while they ask."""
    head = ("path", "clients at once", "answers a second", "p50 / p95 / p99 ms", "told to come back", "errors")
    rows = [
        (
            one.path,
            str(one.clients),
            f"{one.answers / one.seconds:.1f}",
            _times(one.latency),
            str(one.away),
            _errors(one.errors),
        )
        for one in (*of.rounds, of.steady)
    ]
    grown = (
        f"{of.memory[0] / MB:,.0f} MB at the start, {of.memory[-1] / MB:,.0f} at the end, {max(of.memory) / MB:,.0f} at most"
    )
    kept = f"Memory of the server in the last line, {of.steady.seconds:,.0f} s: {grown}."
    return f"{_table(head, rows, left=1)}\n\n{kept}"


def soak(of: Soaked) -> str:
    """What those who ask get while others change the archive, and whether the server grows meanwhile."""
    head = ("while", "answers", "p50 / p95 / p99 ms")
    rows = [
        ("one asks", "", _times(of.one)),
        ("all ask", "", _times(of.idle)),
        ("all ask, and the archive is changed", f"{of.answers:,}", _times(of.busy)),
    ]
    ratio = _ratio(of.busy.p95 if of.busy else None, of.idle.p95 if of.idle else None)
    changed = f"{of.added:,} documents added, {of.replaced:,} replaced, {of.removed:,} removed"
    wrong = f"errors: {_errors(of.errors)}; removed documents in replies: {of.cited}"
    other = f"told to come back: {of.away}, that a source was removed meanwhile: {of.withdrawn}"
    memory = " / ".join(f"{one / MB:,.0f}" for one in of.memory)
    told = f"{of.seconds:,.0f} s: {changed}; {wrong}; {other}; p95 {ratio} times that of before."
    return f"{_table(head, rows, left=1)}\n\n{told} Memory at the start, each minute and at the end: {memory} MB."


def growth(some: Sequence[Grown]) -> str:
    """How an archive grows, a line for each size."""
    head = ("passages", "search p50 / p95 / p99 ms", "documents a second", "peak memory MB", "disk MB")
    rows = [
        (
            f"{one.passages:,}",
            _times(one.latency),
            f"{one.added / one.seconds:.0f}",
            f"{one.peak_bytes / MB:,.0f}",
            f"{one.disk_bytes / MB:,.0f}",
        )
        for one in some
    ]
    return _table(head, rows, left=0)


def kill(some: Iterable[Killed]) -> str:
    """What a killed process leaves."""
    head = ("killed", "times", "changes acknowledged", "wrong afterwards", "seconds")
    rows = [
        (one.where, str(one.times), f"{one.acknowledged:,}", "; ".join(one.wrong) or "0", f"{one.seconds:,.0f}") for one in some
    ]
    return _table(head, rows, left=1)


def _errors(errors: Mapping[str, int]) -> str:
    return ", ".join(f"{what}: {count}" for what, count in errors.items()) or "0"


def interval(share: Share | None) -> str:
    """A share in percent with its 95 % interval."""
    return f"{share.value * 100:.1f} ({share.low * 100:.1f}–{share.high * 100:.1f})" if share else "-"


def _times(latency: Latency | None) -> str:
    return f"{latency.p50:.1f} / {latency.p95:.1f} / {latency.p99:.1f}" if latency else "-"


def _speed(row: Row, ours: Row | None) -> tuple[str, ...]:
    """The figures of a row; what belongs to building stands with the usual way of a system alone."""
    p95 = _ratio(row.latency.p95 if row.latency else None, ours.latency.p95 if ours and ours.latency else None)
    if not (build := row.build):
        return "-", _times(row.latency), p95, "-", "-", "-", "-", "-"
    base = ours.build if ours else None
    rate = row.documents / build.seconds
    return (
        f"{build.passages:,}",
        _times(row.latency),
        p95,
        f"{rate:.0f}",
        _ratio(rate, row.documents / base.seconds if base else None),
        f"{build.peak_bytes / MB:,.0f}",
        f"{build.disk_bytes / MB:,.1f}",
        _ratio(build.disk_bytes, base.disk_bytes if base else None),
    )


def _ratio(value: float | None, base: float | None) -> str:
    return f"{value / base:.2f}" if value and base else "-"


def _table(head: Sequence[str], lines: Iterable[Sequence[str]], *, left: int) -> str:
    """A Markdown table whose first `left` columns are words, the others figures."""
    rule = ["---"] * left + ["--:"] * (len(head) - left)
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *lines))
