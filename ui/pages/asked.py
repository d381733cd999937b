"""What the address of a list asks for: its filters, its order and its page, and the addresses that ask for others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

PAGE = 50
"""Rows of a list that are shown at once."""
_LONGEST = 300
"""Characters of a field that are looked at."""
_PAGES = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of a list's form that are filled in, the order and the page (from 1)."""

    fields: Mapping[str, str]
    sort: str
    page: int = 1
    usual: str = ""
    """The order of a list that nothing is said of."""

    def to(self, **changes: str) -> str:
        """The address of the same list, but for `changes`, from its first page on unless they name another."""
        asked = {**self.fields, "sort": self.sort, **changes}
        if asked["sort"] == self.usual:
            asked["sort"] = ""
        return "?" + urlencode({name: value for name, value in asked.items() if value}, errors="ignore")

    def chips(self, names: Mapping[str, str], told: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
        """What is filled in, each with the address of the list without it; `told` are the words for the values of a field."""
        return [
            {"name": names[name], "value": told.get(name, {}).get(value, value), "without": self.to(**{name: ""})}
            for name, value in self.fields.items()
        ]

    def columns(self, columns: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
        """The heads of columns (what it is sorted by, its words), each with how it is sorted and the address that turns it."""
        heads = []
        for by, words in columns:
            down = self.sort == f"-{by}"
            sorted_by = "descending" if down else "ascending" if self.sort == by else ""
            turned = by if down or not sorted_by else f"-{by}"
            if not sorted_by and by in ("date", "added"):
                turned = f"-{by}"
            heads.append({"words": words, "sorted": sorted_by, "to": self.to(sort=turned) if by else ""})
        return heads

    def pager(self, total: int) -> dict[str, Any]:
        """The part of `total` rows that is shown, 1-based, and the addresses of the pages beside it."""
        last = max(1, -(-total // PAGE))
        before = self.to(page=str(min(self.page - 1, last))) if self.page > 1 else ""
        after = self.to(page=str(self.page + 1)) if self.page < last else ""
        first = self.offset + 1
        return {
            "first": f"{first:,}",
            "last": f"{min(total, self.offset + PAGE):,}",
            "page": f"{self.page:,}",
            "pages": f"{last:,}",
            "before": before,
            "after": after,
            "beyond": self.page > last,
            "several": last > 1,
        }

    @property
    def offset(self) -> int:
        """How many rows come before the page."""
        return (self.page - 1) * PAGE


def asked(query: Mapping[str, str], fields: Sequence[str], orders: Sequence[str], usual: str = "-date") -> Asked:
    """What `query` asks for in its known `fields`; an order or a page that there is none of counts for nothing."""
    given = {name: query.get(name, "").strip()[:_LONGEST] for name in fields}
    sort = query.get("sort", usual)
    page = query.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < len(str(_PAGES)) else 1
    filled = {name: value for name, value in given.items() if value}
    return Asked(filled, sort if sort in orders else usual, max(1, number), usual)


def options(values: Mapping[str, str], chosen: str) -> list[tuple[str, str, bool]]:
    """The choices of a field: (value, words, whether it is `chosen`); what is chosen is among them in any case."""
    some = values if not chosen or chosen in values else {chosen: chosen, **values}
    return [(value, words, value == chosen) for value, words in some.items()]
