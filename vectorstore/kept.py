"""What was found of words and lines, kept while there is room, because the next document asks for it again."""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(dict[str, Value]):
    """What is found of a word; looked up a thousand times for each document, and soonest as a dict. All go when it is full."""

    def __init__(self, find: Callable[[str], Value], most: int) -> None:
        super().__init__()
        self._find, self._most = find, most

    def __missing__(self, word: str) -> Value:
        found = self._find(word)
        if len(self) >= self._most:
            self.clear()
        self[word] = found
        return found


class Recent(Generic[Value]):
    """What was found of the last lines: of `least` of them at least, of twice as many at most.

    The older half goes at once, never the newer one: what is in the midst of its way through the archive is there.
    """

    def __init__(self, least: int) -> None:
        self._least = least
        self._newer: dict[str, Value] = {}
        self._older: dict[str, Value] = {}

    def get(self, line: str) -> Value | None:
        """What was found of `line`; None where it is not known any more."""
        found = self._newer.get(line)
        return self._older.get(line) if found is None else found

    def keep(self, found: Mapping[str, Value]) -> None:
        """Takes in what was found of some lines."""
        if len(self._newer) >= self._least:
            self._newer, self._older = {}, self._newer
        self._newer.update(found)
