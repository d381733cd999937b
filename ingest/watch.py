"""Folders that are watched by looking again and again, which works on network drives too."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import UnreachableSource
from ingest.sources import Source, sources

_Stamp = tuple[int, int]
"""When a file was last changed (nanoseconds), and its bytes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What has come about since the last look: files to be read, names of files that are gone, what cannot be reached now."""

    ready: list[Source]
    gone: list[str]
    unreachable: list[UnreachableSource]


class Watch:
    """Looks at files and folders. A file is ready once it was the same at two looks: until then it may still be growing."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._seen: dict[Source, _Stamp] = {}
        self._taken: dict[Path, _Stamp] = {}
        self._told: set[str] = set()

    def look(self) -> Seen:
        """What has come about. Each change of a file is told once, and so is each thing that cannot be reached."""
        found, unreachable = self._found()
        ready = [source for source, stamp in found.items() if self._is_ready(source, stamp)]
        self._taken |= {source.path: found[source] for source in ready}
        here = {source.path for source in found}
        gone = [] if unreachable else [source.name for source in self._seen if source.path not in here]
        if not unreachable:
            self._taken = {path: stamp for path, stamp in self._taken.items() if path in here}
        self._seen = found if not unreachable else self._seen | found
        fresh = [error for error in unreachable if error.source not in self._told]
        self._told = {error.source for error in unreachable}
        return Seen(ready, gone, fresh)

    def _is_ready(self, source: Source, stamp: _Stamp) -> bool:
        return self._seen.get(source) == stamp != self._taken.get(source.path)

    def _found(self) -> tuple[dict[Source, _Stamp], list[UnreachableSource]]:
        found: dict[Source, _Stamp] = {}
        unreachable: list[UnreachableSource] = []
        for source in sources(self._paths):
            if isinstance(source, UnreachableSource):
                unreachable.append(source)
            else:
                with suppress(OSError):  # it has gone meanwhile
                    state = os.stat(source.path)
                    found[source] = state.st_mtime_ns, state.st_size
        return found, unreachable
