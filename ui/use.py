"""How much the archive is used, as people read it: days or months in a row, and what the questions came to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ui.render import day
from vectorstore.usage import BOUNDS_S, SLOWER, Usage, today

DAYS, MONTHS = 30, 12
_STEP, _BAR, _HIGH = 10.0, 8.0, 100.0
"""Of the chart, in its own units: from bar to bar, a bar's width, the height of the highest."""


@dataclass(frozen=True, slots=True)
class Row:
    """A day or a month: how it is called, and how many questions were asked, answered, refused, or broke off."""

    name: str
    asked: int
    answered: int
    refused: int
    failed: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A row's place in the chart: answered at the bottom, what was not above it."""

    row: Row
    x: float
    answered: tuple[float, float]
    others: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Use:
    """What was counted in a span: its rows, and all of them together by counter."""

    rows: Sequence[Row]
    total: Row
    counters: Mapping[str, int]

    def under(self, kind: str) -> list[tuple[str, int]]:
        """The counters called `kind:…`, by the rest of their name, the highest first."""
        found = [(name.partition(":")[2], count) for name, count in self.counters.items() if name.startswith(f"{kind}:")]
        return sorted(found, key=lambda one: (-one[1], one[0]))

    @property
    def width(self) -> float:
        """Of the chart."""
        return _STEP * len(self.rows)

    @property
    def most(self) -> int:
        """Questions of the row that has most."""
        return max(row.asked for row in self.rows)

    @property
    def bars(self) -> list[Bar]:
        """The chart."""
        scale = _HIGH / (self.most or 1)
        bars = []
        for n, row in enumerate(self.rows):
            low, all_ = round(row.answered * scale, 2), round(row.asked * scale, 2)
            place = n * _STEP + (_STEP - _BAR) / 2
            bars.append(Bar(row, place, (round(_HIGH - low, 2), low), (round(_HIGH - all_, 2), round(all_ - low, 2))))
        return bars

    def within(self, share: float) -> str:
        """The time within which this share of the replies came, in seconds: 0.5; '' where none was, or it took longer."""
        timed = [self.counters.get(f"took:{bound}", 0) for bound in BOUNDS_S]
        wanted = share * (sum(timed) + self.counters.get(f"took:{SLOWER}", 0))
        for n, bound in enumerate(BOUNDS_S):
            if wanted and sum(timed[: n + 1]) >= wanted:
                return f"{bound:g}"
        return ""


def by_day(usage: Usage) -> Use:
    """The last days, today last."""
    last = date.fromisoformat(today())
    days = [(last - timedelta(days=n)).isoformat() for n in reversed(range(DAYS))]
    return _use(usage, days, len("2026-12-01"))


def by_month(usage: Usage) -> Use:
    """The last months, this one last."""
    year, month = (int(part) for part in today().split("-")[:2])
    months = [divmod(year * 12 + month - 1 - n, 12) for n in reversed(range(MONTHS))]
    return _use(usage, [f"{one:04}-{other + 1:02}" for one, other in months], len("2026-12"))


def _use(usage: Usage, names: Sequence[str], length: int) -> Use:
    """`length` is of the days' names that make one row."""
    rows: dict[str, Counter[str]] = {name: Counter() for name in names}
    for on, counted in usage.since(names[0]).items():
        if on[:length] in rows:
            rows[on[:length]].update(counted)
    total: Counter[str] = Counter()
    for counted in rows.values():
        total.update(counted)
    return Use([_row(day(name), counted) for name, counted in rows.items()], _row("", total), total)


def _row(name: str, counted: Mapping[str, int]) -> Row:
    refused = sum(count for what, count in counted.items() if what.startswith("refused:"))
    return Row(name, counted.get("asked", 0), counted.get("answered", 0), refused, counted.get("failed", 0))
