"""The map of Thailand's 77 provinces, as shapes by their Thai names."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from ui.words import ASSETS

SHADES = 5
"""Shades of a map, the faintest first."""


@dataclass(frozen=True, slots=True)
class Map:
    """An SVG view box, the outline of each province in it, in official order, and whose work they are."""

    box: str
    shapes: Mapping[str, str]
    source: str
    licence: str


@cache
def thailand() -> Map:
    """Read from `assets/provinces.json`, which tells what was changed in it."""
    read = json.loads((ASSETS / "provinces.json").read_text(encoding="utf-8"))
    return Map(read["viewBox"], read["provinces"], read["source"], read["licence"])


def steps(counts: Iterable[int]) -> list[tuple[int, int]]:
    """The counts that each shade stands for, (first, last): as many places in each, fewer shades where few counts differ."""
    some = sorted(count for count in counts if count)
    ends = sorted({some[-(-len(some) * place // SHADES) - 1] for place in range(1, SHADES + 1)}) if some else []
    return [(first, last) for first, last in zip([*some[:1], *(end + 1 for end in ends)], ends, strict=False)]


def shade(count: int, found: list[tuple[int, int]]) -> int:
    """The shade of a count, 1 to SHADES and SHADES for the most; 0 for none."""
    place = next((number for number, (first, last) in enumerate(found) if first <= count <= last), None)
    return 0 if place is None else SHADES - len(found) + place + 1
