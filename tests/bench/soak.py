"""Asking while documents are added, replaced and removed, for minutes: errors, removed documents in replies, waits, memory."""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.bench.load import resident
from tests.bench.results import Latency, latency
from tests.bench.runner import tell
from tests.ui.conftest import Server, serving
from tests.vectorstore.killing import made

ASKERS, CHANGERS = 20, 4
_SHARE = 10
"""For this part of the time the same clients ask before anything is changed."""
_AT_A_TIME = 6
"""Documents that each of those who change the archive has in it, at most."""
_AWAY = (429, 503)
_WITHDRAWN = 409
"""Told where a source was removed while the answer was made."""
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Soaked:
    """What `seconds` of asking and changing brought.

    `one` are the waits of a client alone and `idle` those of all of them before anything was changed, `busy` while it was;
    `cited` is how often a document stood in a reply that was asked for after its removal had returned; `errors` what else went
    wrong, by status or kind; `away` how often somebody was told to come back, `withdrawn` that a source was removed while the
    answer was made; `memory` the server's in bytes: at the start, each minute, at the end.
    """

    seconds: float
    one: Latency | None
    idle: Latency | None
    busy: Latency | None
    answers: int
    added: int
    replaced: int
    removed: int
    cited: int
    away: int
    withdrawn: int
    errors: Mapping[str, int]
    memory: Sequence[int]


@dataclass
class Seen:
    """What the clients have seen so far; what they may ask about, and which documents are gone."""

    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    waits: list[float] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    titles: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    def count(self, what: str) -> None:
        with self.lock:
            self.done[what] += 1

    def sent(self, send: Callable[[], httpx.Response]) -> Any:
        """The JSON of a reply; None where there is none to read."""
        try:
            reply = send()
        except httpx.HTTPError as error:
            return self._failed(type(error).__name__)
        if reply.status_code < 300:
            return reply.json()
        if reply.status_code == _WITHDRAWN:
            return self.count("withdrawn")
        if reply.status_code in _AWAY and "retry-after" in reply.headers:
            self.count("away")
            self.over.wait(min(5.0, float(reply.headers["retry-after"])))
            return None
        return self._failed(f"{reply.status_code} {reply.text[:120]}")

    def _failed(self, what: str) -> None:
        with self.lock:
            self.errors[what] += 1


def soak(work: Path, home: Path | None, questions: Sequence[str], seconds: float) -> Soaked:
    """Asks and changes the archive in `home`, or one of the bundled samples, through a server of its own.

    Documents that were added are removed at the end.
    """
    with serving(home or work / "soak-home", *([] if home else ["--samples"])) as server:
        tell("every question once, unmeasured")
        asked(server, questions, 4, min(60.0, seconds / _SHARE))
        tell(f"one at a time, then {ASKERS} at once, while nothing is changed")
        one = asked(server, questions, 1, seconds / _SHARE)
        idle = asked(server, questions, ASKERS, seconds / _SHARE)
        tell(f"{ASKERS} ask while {CHANGERS} change the archive, for {seconds:,.0f} s")
        memory, began = [resident(server.process)], time.perf_counter()
        seen = asked(server, questions, ASKERS, seconds, changers=CHANGERS, memory=memory)
        took = time.perf_counter() - began
        memory.append(resident(server.process))
    return Soaked(
        seconds=took,
        one=latency(one.waits),
        idle=latency(idle.waits),
        busy=latency(seen.waits),
        answers=len(seen.waits),
        **{what: seen.done[what] for what in ("added", "replaced", "removed", "cited", "away", "withdrawn")},
        errors=one.errors + idle.errors + seen.errors,
        memory=memory,
    )


def asked(
    server: Server, questions: Sequence[str], askers: int, seconds: float, *, changers: int = 0, memory: list[int] | None = None
) -> Seen:
    """What so many saw who asked for so long, each again as soon as it was answered, while others changed the archive."""
    seen = Seen()
    work = [threading.Thread(target=_ask, args=(server.address, questions, n, seen)) for n in range(askers)]
    work += [threading.Thread(target=_change, args=(server.address, n, seen)) for n in range(changers)]
    for one in work:
        one.start()
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _MINUTE_S))
        if memory is not None and until - time.monotonic() > 1:
            memory.append(resident(server.process))
            tell(f"{len(seen.waits)} answers, {dict(seen.done)}, {dict(seen.errors)}, {memory[-1] / 1e6:,.0f} MB")
    seen.over.set()
    for one in work:
        one.join()
    return seen


def _ask(address: str, questions: Sequence[str], first: int, seen: Seen) -> None:
    """Asks, every other time about a document that is there, was there, or will be: in a conversation that is kept."""
    chance = random.Random(first)
    with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:
        for n in itertools.count(first * 7):
            if seen.over.is_set():
                return
            question = questions[n % len(questions)]
            if seen.titles and n % 2:
                question = f"{chance.choice(seen.titles[-50:])} มีมติว่าอย่างไร"
            body: dict[str, Any] = {"question": question}
            if n % 3 == 0:
                body["conversation_id"] = f"soak-{first}-{n // 60}-0000"
            gone, began = set(seen.gone), time.perf_counter()
            told = seen.sent(lambda body=body: client.post("/v1/answers", json=body))
            if told is not None:
                seen.waits.append(time.perf_counter() - began)
                if gone & _named(told):
                    seen.count("cited")


def _named(told: dict[str, Any]) -> set[str]:
    """The ids of the documents that a reply cites or names."""
    near = told["refusal"]["nearest"] if told["refusal"] else []
    cited = [other for one in told["citations"] for other in (one, *one["others"])]
    return {one["document_id"] for one in (*cited, *near)}


def _change(address: str, number: int, seen: Seen) -> None:
    """Adds, replaces and removes documents of its own; at the end all are removed."""
    chance, present = random.Random(number), dict[str, list[str]]()
    with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:
        for n in itertools.count():
            if seen.over.is_set():
                break
            source = f"soak-{number}-{chance.randrange(_AT_A_TIME)}.txt"
            if source in present and chance.random() < 0.4:
                _remove(client, source, present, seen)
                continue
            document = made(source, n)
            sent = {"file": (source, document.text.encode())}
            told = seen.sent(lambda sent=sent: client.post("/v1/documents", files=sent))
            if told is not None:
                seen.count(told["status"])
                present.setdefault(source, []).append(told["document"]["document_id"])
                seen.titles.append(document.title)
        for source in list(present):
            _remove(client, source, present, seen)


def _remove(client: httpx.Client, source: str, present: dict[str, list[str]], seen: Seen) -> None:
    if seen.sent(lambda: client.delete(f"/v1/documents/{source}")) is not None:
        seen.count("removed")
        with seen.lock:
            seen.gone |= set(present.pop(source))
