"""How far the work is: the share of the bytes to be read of which it is known what became of them."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress

from ingest.errors import UnreachableSource
from ingest.sources import Source
from ingest.task import Task
from ingest.web import Address

ADDRESS_BYTES = 200_000
"""A page of the web is taken to be so long before it is known."""


class Way:
    """Counts the tasks of `found` as they are handed out, and as they come back, in the same order."""

    def __init__(self, found: Sequence[Source | Address | UnreachableSource]) -> None:
        self._whole = sum(_size(source) for source in found)
        self._done = 0
        self._out: deque[int] = deque()

    def along(self, tasks: Iterator[Task]) -> Iterator[Task]:
        """The tasks, counted."""
        for task in tasks:
            self._out.append(task.bytes)
            yield task

    def share(self) -> float:
        """Of all, 0 to 1, after one more has come back."""
        self._done += self._out.popleft()
        return min(1.0, self._done / self._whole) if self._whole else 1.0


def _size(source: Source | Address | UnreachableSource) -> int:
    if isinstance(source, Source):
        with suppress(OSError):
            return source.path.stat().st_size
    return ADDRESS_BYTES if isinstance(source, Address) else 0
