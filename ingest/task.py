"""Something to be read, and the limits within which it is."""

from collections.abc import Callable
from dataclasses import dataclass

from ingest.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Task:
    """A source to be read: `run`, which can be pickled, says what became of `source`.

    `plain` where no library parses it (plain text, a record of an export), so that it may be done in this process;
    `bytes` is how much of its file it is, for telling how far the work is.
    """

    source: str
    run: Callable[[], Outcome]
    plain: bool = False
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one source may take of the machine."""

    memory_bytes: int = 2_000_000_000
    """Address space, which is more than what is used of it."""
    file_bytes: int = 500_000_000
    """The largest file that may be written on the way."""
    seconds: float = 60.0
    """Of the clock and of the processor, from one beat (`ingest.pulse`) to the next."""
    most_seconds: float = 1_800.0
    """Of the clock in all."""


LIMITS = Limits()
