"""A served program that is killed while documents are sent, replaced and removed: what it acknowledged holds afterwards."""

import hashlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.ui.conftest import Server, serving
from tests.vectorstore.killing import written
from vectorstore import Store, embed

ROUNDS, SENDERS = 2, 3
QUESTION = {"question": "คณะกรรมการบ้านมีมติว่าอย่างไร"}


@dataclass
class Sender:
    """One who changes documents of its own, as it was told: what each source has, or may have where nothing was told."""

    number: int
    present: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, set[str | None]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    acknowledged: int = 0
    wrong: list[str] = field(default_factory=list)

    def change(self, server: Server, round_: int) -> None:
        """Goes on until nobody answers any more."""
        chance = random.Random(f"{self.number} {round_}")
        with httpx.Client(base_url=server.address, timeout=60) as client:
            for n in range(round_ * 10_000, (round_ + 1) * 10_000):
                source = f"sent-{self.number}-{chance.randrange(4)}.txt"
                try:
                    self._one(client, source, n, remove=source in self.present and chance.random() < 0.4)
                except httpx.TransportError:
                    return

    def _one(self, client: httpx.Client, source: str, n: int, *, remove: bool) -> None:
        content = written(source, n)
        before, after = self.present.get(source), None if remove else hashlib.sha256(content).hexdigest()
        self.unsure[source] = {before, after}
        if remove:
            reply = client.delete(f"/v1/documents/{source}")
        else:
            reply = client.post("/v1/documents", files={"file": (source, content)})
        if reply.status_code >= 300:
            self.wrong.append(reply.text)
            return
        self.acknowledged += 1
        self._now(source, after)

    def _now(self, source: str, name: str | None) -> None:
        self.unsure.pop(source, None)
        if before := self.present.pop(source, None) if name != self.present.get(source) else None:
            self.gone |= {before} if name is None else set()
        if name:
            self.present[source] = name

    def look(self, client: httpx.Client) -> None:
        """What was acknowledged is there; what was not is as it was, or as it was to be."""
        listed = {one["source"]: one["document_id"] for one in client.get("/v1/documents?limit=1000").json()["documents"]}
        for source in {*self.present, *self.unsure, *(one for one in listed if one.startswith(f"sent-{self.number}-"))}:
            if source in self.unsure:
                assert listed.get(source) in self.unsure[source], source
                self._now(source, listed.get(source))
            else:
                assert listed.get(source) == self.present.get(source), source
        for name in self.gone:
            assert client.get(f"/v1/documents/{name}").status_code == 404


def ask(server: Server, wrong: list[str]) -> None:
    with httpx.Client(base_url=server.address, timeout=60) as client:
        while True:
            try:
                reply = client.post("/v1/answers", json=QUESTION | {"conversation_id": "kept:0001"})
            except httpx.TransportError:
                return
            if reply.status_code not in (200, 409):  # 409: a source was removed meanwhile
                wrong.append(reply.text)


def together(*work: Callable[[], None]) -> list[threading.Thread]:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    return threads


@pytest.mark.slow
def test_what_was_acknowledged_holds(tmp_path: Path) -> None:
    chance, senders, wrong = random.Random(5), [Sender(n) for n in range(SENDERS)], list[str]()
    for round_ in range(ROUNDS + 1):
        with serving(tmp_path / "home") as server:
            with httpx.Client(base_url=server.address, timeout=60) as client:
                for sender in senders:
                    sender.look(client)
                assert client.post("/v1/answers", json=QUESTION).status_code == 200
            if round_ == ROUNDS:
                break
            enough = sum(sender.acknowledged for sender in senders) + 4
            threads = together(*(partial(one.change, server, round_) for one in senders), partial(ask, server, wrong))
            while sum(sender.acknowledged for sender in senders) < enough:
                time.sleep(0.02)
            time.sleep(chance.uniform(0, 1))
            os.kill(server.process, signal.SIGKILL)
            for thread in threads:
                thread.join(60)
    assert wrong == [] and [sender.wrong for sender in senders] == [[]] * SENDERS
    assert "unexpected error" not in (tmp_path / "home.log").read_text(encoding="utf-8")
    with Store(tmp_path / "home", embed.load("bundled")) as store:
        assert store.faults() == [] and store._record.pending(1) == [] and store.status().unswept is None
