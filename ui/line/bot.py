"""The face that LINE has of the archive: what comes in is kept in an inbox, and answered from there."""

import asyncio
import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

from ui.compose import House
from ui.line.answering import Answering
from ui.line.channels import Channel, NotSigned, signers
from ui.line.events import Event, Odd, read, split
from ui.line.saying import row_of
from ui.words import BOOK
from vectorstore.errors import StoreError
from vectorstore.inbox import Inbox, Row

_STORING_S = 1.5
"""How long an event may take to the disk, in seconds: LINE waits for two."""
_GATHERING_S = 0.004
"""How long events are gathered that are put on the disk together, in seconds."""


class Bot:
    """All channels of one archive, until it is closed; safe to share between threads."""

    def __init__(
        self,
        house: House,
        known: Sequence[Channel],
        *,
        clock: Callable[[], float] = time.time,
        pause_s: float = 1.0,
    ) -> None:
        """Answers from `house` on the channels that are `known`; `clock` and `pause_s` as `Post` has them.

        Raises:
            StoreUnusable: see `Inbox`.
            StoreLocked: another process has an inbox in this folder.
        """
        self.known = tuple(known)
        self._house, self._clock = house, clock
        house.store.own_home()
        self._inbox = Inbox(house.store.home)
        house.store.chats.hashed("")  # while nothing waits for the record
        self._answering = Answering(house, self._inbox, self.known, clock=clock, pause_s=pause_s)
        self._counted: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._coming: list[Row] = []
        self._storing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to answer, with what was left open before."""
        self._answering.start()

    def close(self) -> None:
        """Stops; what is not answered stays in the inbox."""
        self._answering.close()
        self._inbox.close()

    async def receive(self, content: bytes, signature: str) -> None:
        """Takes in a request of LINE; on return what it asks for is on the disk.

        Raises:
            NotSigned: it is not from a channel of ours.
            ValueError: it is signed, and no list of events.
            StoreError, TimeoutError: it could not be kept.
        """
        channel, destination, events = self._signed(content, signature)
        rows = []
        for event in events:
            if found := self._read(event):
                rows.append(row_of(found, self._house, destination or channel.destination, self._clock()))
        if rows:
            self._count("received", len(rows))
            self._coming += rows
            self._storing = self._storing or asyncio.create_task(self._store())
            await asyncio.wait_for(asyncio.shield(self._storing), _STORING_S)

    async def _store(self) -> None:
        """Puts what has come within a moment on the disk at once: for each commit a thread has its turn, and waits for it."""
        await asyncio.sleep(_GATHERING_S)
        rows, self._coming, self._storing = self._coming, [], None
        await asyncio.wrap_future(self._inbox.put(rows))
        self._answering.wake()

    def _signed(self, content: bytes, signature: str) -> tuple[Channel, str, list[object]]:
        signed = signers(self.known, content, signature)
        if not signed:
            self._count("refused")
            raise NotSigned
        destination, events = split(content)
        channel = next((one for one in signed if one.destination in ("", destination)), None)
        if not channel:
            self._count("refused")
            raise NotSigned
        return channel, destination, events

    def _read(self, event: object) -> Event | None:
        try:
            return read(event)
        except Odd as odd:
            self._count(f"odd:{odd}")
            return None

    def _count(self, name: str, more: int = 1) -> None:
        with self._lock:
            self._counted[name] += more

    def counters(self) -> dict[str, int]:
        """How often what happened since the start, by name: nothing of what was said, nor by whom. `open` is of now."""
        with self._lock:
            found = {**self._counted, **self._answering.counted}
        with contextlib.suppress(StoreError):  # figures are told even where the inbox is closed or broken
            found["open"] = self._inbox.count()
        return found

    def degraded(self) -> list[str]:
        """What is wrong with the way out now: `unauthorized` (an access token is refused), `quota` (the month's is used up)."""
        post = self._answering.post
        return [name for name, found in (("unauthorized", post.barred()), ("quota", post.unpushed())) if found]

    def wrong(self) -> str | None:
        """The same in words for whoever looks after the archive; None where all is well."""
        return " ".join(BOOK["line"]["wrong"][name] for name in self.degraded()) or None
