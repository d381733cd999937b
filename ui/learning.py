"""What a newcomer is told of an archive, found by rule and cited: made once of what somebody sees, kept while it stands."""

import contextlib
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np

from assistant import defining, topics
from assistant.bodies import Body, bodies, matching
from assistant.topics import Step
from assistant.types import Citation
from vectorstore import Store
from vectorstore.errors import UnknownDocument
from vectorstore.overview import Choice, Holdings, Mask, Numbers
from vectorstore.register import Sought
from vectorstore.types import DOCUMENT_KINDS, Document, Filter, Resolution

Key = TypeVar("Key")
Value = TypeVar("Value")

TOPICS, WHO, RESOLUTIONS = 6, 12, 8
"""How many of each are shown."""
_HEADS, _WHOLE = 1_000, 80
"""Documents whose titles tell the topics, and up to how many documents their beginnings tell too."""
_LOOK, _LOOK_UNEXPLAINED = 8, 4
"""Documents that are opened to find what an organisation is, or to lay a path; where none spells its name out."""
_TRIED = 3
"""Times as many organisations as are shown are looked for."""
_FIRST = tuple(DOCUMENT_KINDS.index(kind) for kind in ("minutes", "project", "notes", "report", "news"))
"""Kinds of documents, those that tell most of the work first."""
_ROUTINE = re.compile("(?:มติ)?(?:ที่ประชุม)? ?(?:มีมติ)? ?(?:รับทราบ|รับรองรายงาน|รับรองบันทึก)")
"""How a resolution begins that takes note or approves the last minutes, and resolves nothing else."""
_KEPT, _VIEWS = 4, 64
"""Archives' states, and choices of each, that are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """An organisation, in how many documents it is named, and the passages that spell its name out and say what it is."""

    body: Body
    count: int
    spelled: Citation | None
    says: Citation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A way into a topic; `resolved` tells whether a resolution is about it."""

    term: str
    count: int
    steps: tuple[Step, ...]
    resolved: bool


class Learned:
    """An archive as it stood at one moment, as somebody may see it."""

    def __init__(self, holdings: Holdings) -> None:
        self.holdings = holdings
        self.bodies = bodies(holdings.organisations, holdings.abbreviations)
        self._who: OrderedDict[tuple[Choice, str, int], list[Who]] = OrderedDict()
        self._paths: OrderedDict[Choice, list[Path]] = OrderedDict()

    def who(self, store: Store, choice: Choice, asked: str = "", most: int = WHO) -> list[Who]:
        """Who is who in the documents chosen, those named in most documents first; only whom a passage of them defines."""
        key = (choice, asked, most)
        if key not in self._who:
            _keep(self._who, key, list(islice(self._defined(store, choice, asked, most), most)))
        return self._who[key]

    def _defined(self, store: Store, choice: Choice, asked: str, most: int) -> Iterator[Who]:
        chosen = self.holdings.chosen(choice)
        known = matching(self.bodies, asked) if asked else self.bodies
        counted = [(int(chosen[body.rows].sum()), body) for body in known]
        for count, body in sorted((some for some in counted if some[0]), key=lambda some: -some[0])[: _TRIED * most]:
            if found := self._who_is(store, body, chosen, count):
                yield found

    def _who_is(self, store: Store, body: Body, chosen: Mask, count: int) -> Who | None:
        spelled: Citation | None = None
        says: tuple[int, Citation] | None = None
        for document in _opened(store, self.holdings, self._look(body, chosen)):
            span = None if spelled else defining.spelled_out(document.text, body.name, body.shorts)
            spelled = spelled or (defining.cited(document, span.start, span.end) if span else None)
            best = defining.sentence(document.text, (body.name, *body.shorts[:2]))
            if best and (not says or best.worth > says[0]) and (line := defining.cited(document, best.start, best.end)):
                says = best.worth, line
        return Who(body=body, count=count, spelled=spelled, says=says[1] if says else None) if spelled or says else None

    def _look(self, body: Body, chosen: Mask) -> list[int]:
        """The documents to look in: the newest that spell it out, those with its name in the title, then the newest."""
        told, rows = (some[chosen[some]] for some in (body.explained, body.rows))
        newest = self._newest(rows)
        titled = [row for row in newest[:200] if any(name in self.holdings.titles[row] for name in (body.name, *body.shorts))]
        most = _LOOK if len(told) else _LOOK_UNEXPLAINED
        return list(dict.fromkeys([*self._newest(told)[:3], *titled[:3], *newest]))[:most]

    def _newest(self, rows: Numbers) -> list[int]:
        return [int(row) for row in self.holdings.newest(_mask(self.holdings, rows))]

    def paths(self, store: Store, choice: Choice) -> list[Path]:
        """The ways into what the documents chosen are about."""
        if choice not in self._paths:
            _keep(self._paths, choice, list(self._laid(store, choice)))
        return self._paths[choice]

    def _laid(self, store: Store, choice: Choice) -> Iterator[Path]:
        rows = self._telling(self.holdings.newest(self.holdings.chosen(choice)))
        heads = [self.holdings.titles[row] for row in rows]
        if len(rows) <= _WHOLE:
            whole = [f"{document.title}\n{document.text[: topics.HEAD]}" for document in _opened(store, self.holdings, rows)]
            heads = whole if len(whole) == len(rows) else heads  # one may be removed meanwhile
        for topic in topics.topics(heads, TOPICS):
            documents = list(_opened(store, self.holdings, _spread([rows[number] for number in topic.heads], _LOOK)))
            steps = tuple(topics.path(topic.term, documents))
            if len(steps) > 1:
                yield Path(term=topic.term, count=len(topic.heads), steps=steps, resolved=_resolved(topic.term, documents))

    def _telling(self, newest: Numbers) -> list[int]:
        order = np.argsort([_FIRST.index(int(kind)) for kind in self.holdings.kinds[newest]], kind="stable")
        return [int(row) for row in newest[order][:_HEADS]] if len(newest) else []

    def resolutions(self, store: Store, choice: Choice) -> list[Resolution]:
        """The latest resolutions of the documents chosen."""
        holdings = self.holdings
        rows = holdings.newest(holdings.chosen(choice) & holdings.resolved)[: 4 * RESOLUTIONS]
        names = tuple(header.id for header in store.overview.headers(holdings.keys[rows]))
        found = store.register.find(Sought(wanted=Filter(documents=names)), limit=16 * RESOLUTIONS)[1] if names else []
        return [one for one in found if one.assigned or one.due_said or not _ROUTINE.match(one.decision)][:RESOLUTIONS]


class Learning:
    """What is remembered of an archive, for each part of it that somebody sees."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Learned] = OrderedDict()

    def of(self, store: Store) -> Learned:
        """What `store` shows now: made anew after a change, the same for all who see the same documents."""
        with self._lock:
            state = store.overview.state()
            if state not in self._known:
                _keep(self._known, state, Learned(store.overview.holdings()), _KEPT)
            return self._known[state]


def _keep(kept: OrderedDict[Key, Value], key: Key, value: Value, most: int = _VIEWS) -> None:
    kept[key] = value
    while len(kept) > most:
        with contextlib.suppress(KeyError):  # somebody else may have dropped it
            kept.popitem(last=False)


def _mask(holdings: Holdings, rows: Numbers) -> Mask:
    found = np.zeros(len(holdings.keys), bool)
    found[rows] = True
    return found


def _opened(store: Store, holdings: Holdings, rows: Sequence[int]) -> Iterator[Document]:
    """The documents of these rows with their texts, but for those that are gone."""
    for header in store.overview.headers(holdings.keys[list(rows)] if rows else ()):
        with contextlib.suppress(UnknownDocument):
            yield store.document(header.id)


def _spread(rows: Sequence[int], most: int) -> list[int]:
    """At most so many of `rows`, the first ones and some of all the others."""
    if len(rows) <= most:
        return list(rows)
    half = most // 2
    step = (len(rows) - half) / (most - half)
    return [*rows[:half], *(rows[half + int(step * number)] for number in range(most - half))]


def _resolved(term: str, documents: Sequence[Document]) -> bool:
    return any(term in row.decision for document in documents for row in document.resolutions)
