"""A text as it is compared with another: without spaces, in one kind of digits, with the places where its words end."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, pairwise

from vectorstore import thai

_THOUSANDS = re.compile("(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_GAP = re.compile("(?<=[0-9])[ \n]+(?=[0-9])")
_LETTERS = re.compile("[0-9a-zà-ɏก-๎]+")
_BETWEEN = "\x1f"
_PIECES = re.compile("[ \n]+|[^ \n\x1f]+")
"""Words again, those of the word list that have a space in them (กระทรวงการอุดมศึกษา วิทยาศาสตร์ …) cut there."""
_PLACES = 256
APART = "\n¶\n"
"""What stands between two quotes, so that nothing is found that begins in one and ends in the other."""


@dataclass(frozen=True)
class Plain:
    """`text` folded; its words end at `edges`, and at `ends` stood a space, a sign or the end of a line as well (indexes)."""

    text: str
    edges: frozenset[int]
    ends: frozenset[int]

    @cached_property
    def cuts(self) -> tuple[int, ...]:
        """The edges in order."""
        return tuple(sorted(self.edges))

    @cached_property
    def words(self) -> frozenset[str]:
        """What stands between the edges."""
        return frozenset(self.text[start:end] for start, end in pairwise(self.cuts))

    def word_at(self, place: int) -> str:
        """The word that begins or goes on at `place`; '' at the end."""
        return self.text[place : next((edge for edge in self.cuts if edge > place), len(self.text))]

    def places(self, said: str) -> list[int]:
        """Where the folded `said` begins, wherever it stands; the first few hundred places of a text that repeats itself."""
        return places(said, self.text)

    def has_whole(self, said: str) -> bool:
        """Whether `said` stands here as whole words."""
        folded = plain(said).text
        return any(place in self.edges and place + len(folded) in self.edges for place in self.places(folded))


def places(said: str, text: str) -> list[int]:
    """Where `said` begins in `text`, at most `_PLACES` times."""
    found = re.finditer(f"(?={re.escape(said)})", text) if said else iter(())
    return [match.start() for match in islice(found, _PLACES)]


def readable(text: str) -> str:
    """`text` repaired, with Arabic digits and without the commas of thousands."""
    return _THOUSANDS.sub("", thai.arabic_digits(thai.normalise(text)))


@lru_cache(256)
def plain(text: str) -> Plain:
    """`text` for comparing. Digits that a space parts stay apart: 2566 15 is not 256615."""
    pieces: list[str] = []
    edges, ends, at = {0}, {0}, 0
    for word in _PIECES.findall(_BETWEEN.join(thai.words(_GAP.sub("¦", readable(text))))):
        folded = thai.fold(word)
        if not _LETTERS.fullmatch(folded):
            ends |= {at, at + len(folded)}
        at += len(folded)
        pieces.append(folded)
        edges.add(at)
    return Plain("".join(pieces), frozenset(edges), frozenset(ends | {at}))


_STEP = 32


def shared(one: str, start: int, other: str, place: int) -> int:
    """How many characters from `one[start]` on are the same as from `other[place]` on."""
    size = 0
    while (part := one[start + size : start + size + _STEP]) and part == other[place + size : place + size + _STEP]:
        size += len(part)
    while start + size < len(one) and place + size < len(other) and one[start + size] == other[place + size]:
        size += 1
    return size
