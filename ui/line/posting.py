"""How an answer is sent, once: by the event's reply token while it lives, else by a push where the operator pays for it.

A reply that was not acknowledged may have been delivered. It is tried again with its token, which LINE takes once only, and is
never pushed after that: somebody would get it twice. What is about to be tried is on the disk before.
"""

import threading
import time
import uuid
from collections.abc import Callable, Sequence

from ui.line.channels import Channel, named
from ui.line.delivery import Message, Outcome, Sender
from ui.line.events import Event
from vectorstore.inbox import Inbox, Row

TOKEN_S = 60.0
"""How long a reply token is good for after its event came, in seconds; LINE does not promise more."""
LATER, REPLY, PUSH = "later", "reply", "push"
"""What a row says that was tried: the button for a later answer, a reply, a push."""
_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Between attempts, in pauses."""
_BARRED_S, _UNPUSHED_S = 60.0, 3600.0
_KEYS = uuid.UUID("6d3a3f1c-5e0b-5a53-9b8e-2f8f7f3b9a41")
"""Under which an event's retry key is made of its id."""
_AGAIN = (Outcome.UNCLEAR, Outcome.UNREACHED, Outcome.BUSY)


class NotNow(Exception):
    """Nothing can be sent for now: the row stays open, and is tried again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Post:
    """The ways out of all channels; safe to share between threads."""

    def __init__(
        self,
        known: Sequence[Channel],
        api: str,
        inbox: Inbox,
        *,
        pushes: bool,
        clock: Callable[[], float] = time.time,
        pause_s: float = 1.0,
    ) -> None:
        """Sends for the channels that are `known` to LINE at `api`; `pushes` where that may cost.

        `clock` gives seconds since 1970; `pause_s` is what waits between attempts are counted in, in seconds.
        """
        self._known = known
        self._senders = {one.token: Sender(one.token, api) for one in known}
        self._inbox, self._pushes = inbox, pushes
        self._clock, self._pause_s = clock, pause_s
        self._lock = threading.Lock()
        self._taken: set[str] = set()
        self._barred: dict[str, float] = {}
        self._unpushed: dict[str, float] = {}
        self.stopping = threading.Event()

    def close(self) -> None:
        """Closes all connections."""
        for sender in self._senders.values():
            sender.close()

    def barred(self) -> list[str]:
        """The channels whose access token was refused when it was last tried, by destination."""
        with self._lock:
            return sorted(self._barred)

    def waiting(self) -> list[str]:
        """Those of them by which nothing is tried for now."""
        with self._lock:
            return [name for name, until in self._barred.items() if until > self._clock()]

    def unpushed(self) -> list[str]:
        """The channels that have used up the month's messages, by destination."""
        with self._lock:
            return sorted(name for name, until in self._unpushed.items() if until > self._clock())

    def take(self, row: Row) -> bool:
        """Whether whoever calls may use the row's reply token: the first who asks, and nobody after."""
        with self._lock:
            is_free = row.id not in self._taken
            self._taken.add(row.id)
            return is_free

    def drop(self, row: Row) -> None:
        """Forgets who took the row's token, because the row is finished or nobody could use it."""
        with self._lock:
            self._taken.discard(row.id)

    def is_alive(self, row: Row) -> bool:
        """Whether the row's reply token should still be good."""
        return self._clock() < row.received + TOKEN_S

    def may_push(self, row: Row) -> bool:
        """Whether a push may be tried for this row's channel."""
        return self._pushes and row.channel not in self.unpushed()

    def show_loading(self, row: Row, event: Event) -> None:
        """Shows in a chat with one person that an answer is being made."""
        if (sender := self._sender(row)) and not event.is_group:
            sender.show_loading(event.chat)

    def reply(self, row: Row, event: Event, messages: Sequence[Message], spare: Sequence[Message]) -> Outcome:
        """Answers by the row's token, which whoever calls has taken; `spare` is said where LINE does not take `messages`.

        DONE, UNCLEAR: it was or may have been delivered. SPENT, UNREACHED, BUSY, REJECTED: it was not.

        Raises:
            NotNow: the channel is barred, or the program stops.
        """
        sender = self._sender(row)
        if not event.token or not sender:
            return Outcome.SPENT
        unclear = row.tried == REPLY
        self._inbox.mark(row, REPLY)
        for wait in (*_WAITS, None):
            outcome = sender.reply(event.token, messages)
            unclear |= outcome is Outcome.UNCLEAR
            if outcome is Outcome.REJECTED and messages is not spare:
                messages = spare
                continue
            if outcome is Outcome.BARRED:
                if not unclear:
                    self._inbox.mark(row, row.tried)
                self._bar(row)
            self._unbar(row, outcome)
            if outcome not in _AGAIN or wait is None or not self.is_alive(row):
                break
            self._wait(wait)
        if unclear:
            return Outcome.DONE if outcome is Outcome.SPENT else Outcome.UNCLEAR if outcome is not Outcome.DONE else outcome
        return outcome

    def later(self, row: Row, event: Event, messages: Sequence[Message]) -> Outcome:
        """Spends the row's token, which whoever calls has taken, on a button; tried once."""
        sender = self._sender(row)
        if not event.token or not sender:
            return Outcome.SPENT
        self._inbox.mark(row, LATER)
        outcome = sender.reply(event.token, messages)
        if outcome in (Outcome.UNREACHED, Outcome.BUSY, Outcome.BARRED) and self.is_alive(row):
            self._inbox.mark(row, row.tried)
            self.stopping.wait(self._pause_s)
            self.drop(row)
        return outcome

    def push(self, row: Row, event: Event, messages: Sequence[Message], spare: Sequence[Message]) -> Outcome:
        """Sends to the chat of an event, once however often it is tried.

        Raises:
            NotNow: LINE cannot take it for now, the channel is barred, or the program stops.
        """
        sender = self._sender(row)
        if not sender:
            return Outcome.REJECTED
        self._inbox.mark(row, PUSH)
        key = str(uuid.uuid5(_KEYS, row.id))
        for wait in _WAITS:
            outcome = sender.push(event.chat, messages, key)
            if outcome is Outcome.REJECTED and messages is not spare:
                messages = spare
                continue
            if outcome is Outcome.BARRED:
                self._bar(row)
            if outcome is Outcome.QUOTA:
                with self._lock:
                    self._unpushed[row.channel] = self._clock() + _UNPUSHED_S
            self._unbar(row, outcome)
            if outcome not in _AGAIN:
                return outcome
            self._wait(wait)
        raise NotNow(_BARRED_S * self._pause_s)

    def _sender(self, row: Row) -> Sender | None:
        channel = named(self._known, row.channel)
        return self._senders[channel.token] if channel else None

    def _bar(self, row: Row) -> None:
        seconds = _BARRED_S * self._pause_s
        with self._lock:
            self._barred[row.channel] = self._clock() + seconds
        raise NotNow(seconds)

    def _unbar(self, row: Row, outcome: Outcome) -> None:
        """Whatever LINE says of a message, it knows the token again; of what did not reach it nothing is known."""
        if outcome in (Outcome.DONE, Outcome.SPENT):
            with self._lock:
                self._barred.pop(row.channel, None)

    def _wait(self, pauses: float) -> None:
        if self.stopping.wait(pauses * self._pause_s):
            raise NotNow(0)
