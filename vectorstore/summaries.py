"""Kept conversations as a list shows them, and looked for by words of their questions and answers."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from vectorstore import thai
from vectorstore.privacy import masked

_COMMA = re.compile("(?<=[0-9]),(?=[0-9]{3})")
"""In large numbers, which words that are looked for have not."""


class _Rows(Protocol):
    def __call__(self, query: str, values: list[Any], /) -> list[tuple[Any, ...]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A kept conversation with at least one turn.

    `id` is its name, `asked` its first question, `at` when its last was answered (UTC, ISO 8601), `turns` how many it has.
    """

    id: str
    asked: str
    at: str
    turns: int


def summaries(rows: _Rows, names: Collection[str], text: str = "", owner: str | None = None) -> list[Summary]:
    """Those of `names` that have a turn, the last answered first; only those whose turns have every word of `text`.

    With an `owner` only those that are theirs. What is shown and looked through has the personal data in it masked.
    """
    marks = ", ".join("?" * len(names))
    found = rows(
        "SELECT c.key, c.id, (SELECT asked FROM turns WHERE conversation = c.key ORDER BY n LIMIT 1), max(t.at), count(*) "
        f"FROM conversations c JOIN turns t ON t.conversation = c.key WHERE c.id IN ({marks}) "
        "AND c.owner = coalesce(?, c.owner) GROUP BY c.key ORDER BY max(t.at) DESC, max(t.key) DESC",
        [*names, owner],
    )
    having = set(_having(rows, [row[0] for row in found], _words(text))) if text.strip() else {row[0] for row in found}
    return [Summary(id=name, asked=masked(asked), at=at, turns=turns) for key, name, asked, at, turns in found if key in having]


def _words(text: str) -> list[str]:
    words = list(dict.fromkeys(map(thai.fold, thai.terms(text))))
    return [word for word in words if word not in thai.stopwords()] or words or [thai.fold(text)]


def _having(rows: _Rows, keys: list[int], words: list[str]) -> Iterator[int]:
    """Keys of the conversations in which each of `words` (folded) is said."""
    marks = ", ".join("?" * len(keys))
    said: dict[int, list[str]] = {}
    for key, *texts in rows(
        "SELECT conversation, asked, json_extract(reply, '$.answer'), coalesce(json_extract(reply, '$.refusal.message'), '') "
        f"FROM turns WHERE conversation IN ({marks})",
        keys,
    ):
        said.setdefault(key, []).append(_COMMA.sub("", thai.fold(masked("\n".join(texts)))))
    return (key for key, folded in said.items() if all(any(word in one for one in folded) for word in words))
