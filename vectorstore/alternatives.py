"""Many names as one pattern."""

import re
from collections.abc import Iterable


def one_of(names: Iterable[str]) -> str:
    """A pattern of `re` for the longest of `names` that begins at a place: a tree, sooner than one name after the other."""
    tails: dict[str, list[str]] = {}
    for name in names:
        tails.setdefault(name[:1], []).append(name[1:])
    ends = tails.pop("", None)
    tree = "|".join(re.escape(first) + one_of(rest) for first, rest in tails.items())
    return f"(?:{tree}){'?' if ends else ''}" if tree else ""
