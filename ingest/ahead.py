"""Reading ahead apart: on a second processor core documents are read and cut while the archive takes in others."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import suppress
from itertools import chain

from ingest.apart import Reader
from ingest.outcome import Outcome
from ingest.task import LIMITS, Limits, Task

AT_ONCE, BYTES_AT_ONCE = 16, 1_000_000
"""Plain tasks handed over together: so many, or fewer that hold so many bytes. What a library parses goes alone."""
_AHEAD, _BYTES_AHEAD = 32, 4_000_000
"""Such handfuls on their way at once, or fewer that hold so many bytes: more than the archive takes in in one go, so that the
other process has work meanwhile."""
_ALONE = 64
"""The first plain tasks are done here: the other process takes half a second to begin."""
_LOOK_S = 0.2
"""How often it is asked whether to stop, in seconds."""

_Asked = deque[tuple[list[Task], Future[list[Outcome]]]]


class Stopped(Exception):
    """Nothing more is wanted."""


def done(
    tasks: Iterable[Task], *, stopped: Callable[[], bool] = lambda: False, limits: Limits = LIMITS
) -> Generator[Outcome, None, None]:
    """What becomes of each task, in order, until `stopped`.

    Plain ones are done here as far as the 64th; another process does what a library parses, and all that comes after that.
    """
    waiting = iter(tasks)
    first: list[Task] = []
    for number, task in enumerate(waiting):
        if number >= _ALONE or not task.plain:
            first = [task]
            break
        if stopped():
            return
        yield task.run()
    if first:
        with Reader(limits) as reader, suppress(Stopped):
            yield from _ahead(reader, chain(first, waiting), stopped)


def _ahead(reader: Reader, tasks: Iterator[Task], stopped: Callable[[], bool]) -> Iterator[Outcome]:
    handfuls = _handfuls(tasks)
    asked: _Asked = deque()
    more = True
    while True:
        while more and not reader.is_worn and _is_near(asked):
            some = next(handfuls, None)
            more = some is not None
            if some:
                asked.append((some, reader.ask(some)))
        if asked:
            yield from _next(reader, asked, stopped)
        elif more:
            reader.renew()
        else:
            return


def _is_near(asked: _Asked) -> bool:
    """Whether more may be asked for."""
    return len(asked) < _AHEAD and sum(task.bytes for tasks, _ in asked for task in tasks) < _BYTES_AHEAD


def _next(reader: Reader, asked: _Asked, stopped: Callable[[], bool]) -> list[Outcome]:
    """What became of the handful that was asked for first; the later ones are asked for again where the process was lost."""
    tasks, future = asked.popleft()
    while not wait([future], _LOOK_S).done:
        if stopped():
            raise Stopped
    if stopped():
        raise Stopped
    lost = future.exception() is not None
    outcomes = reader.settled(tasks, future)
    if lost:
        again = [tasks for tasks, _ in asked]
        asked.clear()
        asked.extend((some, reader.ask(some)) for some in again)
    return outcomes


def _handfuls(tasks: Iterator[Task]) -> Iterator[list[Task]]:
    some: list[Task] = []
    size = 0
    for task in tasks:
        if some and not task.plain:
            yield some
            some, size = [], 0
        some.append(task)
        size += task.bytes
        if len(some) == AT_ONCE or size >= BYTES_AT_ONCE or not task.plain:
            yield some
            some, size = [], 0
    if some:
        yield some
