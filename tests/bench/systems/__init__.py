"""The systems that are measured, ours and its peers, behind one small interface.

Each is asked for documents by way of passages: `search` gives the documents of the `k` best passages. All use our bundled
embedding model, so that what differs is the search around it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

OURS = "ThamKhlang"
"""The name of our usual way to search, which others are compared with."""
Search = Callable[[str, int], list[str]]
"""(question, k) -> the names of the documents of the k best passages, best first, each once."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to search what a system has indexed; `timed` where its time is what a user would wait."""

    name: str
    search: Search
    timed: bool = True


class System(Protocol):
    """A system over one folder of its own."""

    def index(self, documents: Path) -> int:
        """Takes in the documents of a case (see `cases.documents`) and returns the number of passages."""
        ...

    def ways(self) -> Iterator[Way]:
        """The ways to search, the usual one first; what a later one needs besides is built when it is come to."""
        ...

    def close(self) -> None:
        """Leaves the folder as a user would find it on the disk."""
        ...


NEEDS = {
    "ours": (),
    "langchain": ("langchain_chroma", "langchain_classic", "langchain_community", "rank_bm25"),
    "txtai": ("txtai", "langchain_text_splitters"),
}
"""The packages that each system needs besides the project's own."""


def missing(name: str) -> list[str]:
    """Packages that the system called `name` needs and that are not installed (`pip install -e '.[bench]'`)."""
    return [package for package in NEEDS[name] if find_spec(package) is None]


def load(name: str, folder: Path) -> System:
    """The system called `name` (a key of `NEEDS`), empty, in `folder`; its packages are imported only here."""
    made: System = import_module(f"tests.bench.systems.{name}").make(folder)
    return made
