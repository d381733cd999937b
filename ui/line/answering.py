"""The threads that answer what is in the inbox: of each chat one question at a time, in the order of the events' own times.

A question that is not answered in time spends its reply token on a button; pressing it brings another token, and with it the
answer, which is kept as a turn of the conversation until then. A row is finished when nothing more can be done about it.
"""

import contextlib
import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

from assistant.errors import AssistantError
from ui.compose import House
from ui.line import messages as words
from ui.line.channels import Channel
from ui.line.delivery import Message, Outcome
from ui.line.events import Event
from ui.line.posting import LATER, PUSH, REPLY, NotNow, Post
from ui.line.saying import ASK, TAP, WITHDRAW, Saying, Stopped, Withdrawn, language
from vectorstore.errors import StoreError
from vectorstore.inbox import Inbox, Row

AT_ONCE = 3
"""How many chats are answered at once: answers keep the processor busy, and the machine serves others too."""
_TICK_S = 0.2
_RUSH = 20
"""Requests within a second that are a rush: then one chat is answered at a time, so that what comes in is acknowledged soon."""
_CLEANING_S = 3600.0
_LOADING_S = 3.0
_MOST_BEGUN = 4
"""How often an answer is begun: a question that ends the program each time is told to have failed."""
_MOST_FAILED = 2
_GIVEN_UP_S = 86_400.0
"""LINE knows a retry key for so long, in seconds."""
_OLD_S = 1200.0
"""After this no reply token is good any more, in seconds since its event."""
_log = logging.getLogger("thamkhlang.line")


class Answering:
    """Answers the rows of an inbox until it is closed."""

    def __init__(
        self,
        house: House,
        inbox: Inbox,
        known: Sequence[Channel],
        *,
        clock: Callable[[], float] = time.time,
        pause_s: float = 1.0,
    ) -> None:
        """Answers from `house` over the channels that are `known`; `clock` and `pause_s` as `Post` has them."""
        settings = house.settings
        self.counted: Counter[str] = Counter()
        self.post = Post(known, settings.line_api, inbox, pushes=settings.line_push == "on", clock=clock, pause_s=pause_s)
        self._house, self._inbox, self._clock, self._pause_s = house, inbox, clock, pause_s
        self._saying = Saying(house, inbox, known, self.post.stopping)
        self._changed = threading.Condition()
        self._chats: set[str] = set()
        self._rows: set[str] = set()
        self._parked: dict[str, float] = {}
        self._failed: Counter[str] = Counter()
        self._taps: dict[str, list[Row]] = {}
        self._came: deque[float] = deque(maxlen=_RUSH)
        self._aside = ThreadPoolExecutor(4, "line-aside")
        self._threads = [threading.Thread(target=self._work, name=f"line-{n}", daemon=True) for n in range(AT_ONCE)]
        self._threads.append(threading.Thread(target=self._watch, name="line-watch", daemon=True))

    def start(self) -> None:
        """Starts with what was left open."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stops; what is not finished stays open, and is answered when the program is started again."""
        self.post.stopping.set()
        with self._changed:
            self._changed.notify_all()
        for thread in self._threads:
            if thread.ident:
                thread.join(5)
        self._aside.shutdown(wait=False, cancel_futures=True)
        self.post.close()

    def wake(self) -> None:
        """Tells the threads that something has come in."""
        with self._changed:
            self._came.append(time.monotonic())
            if not self._is_rush():
                self._changed.notify()

    def _is_rush(self) -> bool:
        return len(self._came) == _RUSH and time.monotonic() - self._came[0] < 1

    # Rows come and go

    def _work(self) -> None:
        while not self.post.stopping.is_set():
            row = self._claim()
            if row:
                self._handle(row)
            else:
                with self._changed:
                    self._changed.wait(_TICK_S)

    def _claim(self) -> Row | None:
        """The next row, which nobody else has."""
        now, barred = self._clock(), self.post.waiting()
        with self._changed:
            if self._chats and self._is_rush():
                return None
            self._parked = {name: until for name, until in self._parked.items() if until > now}
            try:
                row = self._inbox.next(chats=self._chats, ids={*self._rows, *self._parked}, channels=barred)
            except StoreError as error:
                _log.error("LINE: the inbox cannot be read (%s)", type(error).__name__)
                return None
            if row:
                self._rows.add(row.id)
                if row.kind != TAP:
                    self._chats.add(row.chat)
            return row

    def _release(self, row: Row) -> None:
        with self._changed:
            self._rows.discard(row.id)
            if row.kind != TAP:
                self._chats.discard(row.chat)
            self._changed.notify_all()

    def _park(self, row: Row, seconds: float) -> None:
        self.post.drop(row)
        with self._changed:
            self._parked[row.id] = self._clock() + seconds

    def _finish(self, row: Row, how: str) -> None:
        self._count(how)
        self._inbox.finish([row])
        self.post.drop(row)
        self._failed.pop(row.id, None)

    def _count(self, how: str) -> None:
        with self._changed:
            self.counted[how] += 1

    def _handle(self, row: Row) -> None:
        """Does what can be done about a row. Whatever goes wrong, the thread goes on, and the row is not lost."""
        is_waiting = False
        try:
            is_waiting = self._attempt(row)
        except Exception as error:  # noqa: BLE001 -- a thread that ends would leave everybody unanswered
            _log.error(
                "LINE: a row could not be answered (%s)", type(error).__name__, exc_info=not isinstance(error, StoreError)
            )
            self._fail(row)
        finally:
            if not is_waiting:
                self._release(row)

    def _attempt(self, row: Row) -> bool:
        """Whether the row waits for another."""
        try:
            event = Event(**row.event)
            if row.kind == TAP:
                return self._tap(row, event)
            self._do(row, event)
        except NotNow as error:
            self._park(row, error.seconds)
        except Stopped:
            self.post.drop(row)
        except Withdrawn:
            self._saying.withdraw(row)
            self._finish(row, "withdrawn")
        return False

    def _fail(self, row: Row) -> None:
        self._failed[row.id] += 1
        if self._failed[row.id] > 2 * _MOST_FAILED:
            with contextlib.suppress(StoreError):
                return self._finish(row, "failed")
        self._park(row, self._pause_s * 2 ** self._failed[row.id])

    # What is done

    def _do(self, row: Row, event: Event) -> None:
        """Answers a row, or does what it tells."""
        if row.kind == ASK:
            return self._ask(row, event)
        if row.kind == WITHDRAW:
            self._saying.withdraw(row)
            return self._finish(row, "withdrawn")
        said = self._saying.other(row, event, self._clock())
        if said and self.post.take(row):
            outcome = self.post.reply(row, event, said, said)
            if outcome is Outcome.DONE and event.kind in ("follow", "join"):
                self._saying.told(row)
            return self._finish(row, f"said:{outcome.value}")
        return self._finish(row, "silent")

    def _ask(self, row: Row, event: Event) -> None:
        self._saying.check(row)
        age = self._clock() - row.received
        if age > _GIVEN_UP_S or (age > _OLD_S and row.tried != LATER and not self.post.may_push(row)):
            return self._finish(row, "undelivered")
        shown = self._aside.submit(self.post.show_loading, row, event) if age < self._house.settings.line_budget_s else None
        said = self._answered(row, event)
        if shown:
            wait([shown], _LOADING_S)  # shown after the answer it would stay
        self._saying.check(row)
        outcome = self._deliver(row, event, said)
        if outcome is Outcome.DONE:
            self._saying.told(row)
        self._finish(row, "answered" if outcome in (Outcome.DONE, Outcome.UNCLEAR) else "kept")

    def _answered(self, row: Row, event: Event) -> list[Message]:
        if row.attempts >= _MOST_BEGUN or self._failed[row.id] > _MOST_FAILED:
            return words.failed()
        try:
            return self._saying.answer(row, event)
        except AssistantError as error:
            _log.error("LINE: no answer (%s)", type(error).__name__)
            return words.failed()

    def _deliver(self, row: Row, event: Event, said: Sequence[Message]) -> Outcome:
        """By the row's own token, else by that of whoever waits for it, else by a push."""
        outcome = Outcome.SPENT
        spare = _plain(said)
        if row.tried in ("", REPLY) and self.post.take(row):
            outcome = self.post.reply(row, event, said, spare)
        with self._changed:
            waiting = self._taps.pop(row.message, [])
        try:
            for tap in waiting:
                if self.post.take(tap):
                    found = self.post.reply(tap, Event(**tap.event), said, spare)
                    outcome = found if outcome is not Outcome.DONE else outcome
                    self._finish(tap, "shown")
        finally:
            for tap in waiting:
                self._release(tap)
        if outcome not in (Outcome.DONE, Outcome.UNCLEAR) and (row.tried == PUSH or self.post.may_push(row)):
            outcome = self.post.push(row, event, said, spare)
        return outcome

    def _tap(self, row: Row, event: Event) -> bool:
        """Shows an answer to whoever pressed the button for it; whether they wait for it, because it is being made."""
        with self._changed:
            self._taps.setdefault(row.message, []).append(row)
        said = self._saying.kept(row)
        if said is None and self._inbox.awaits(row.chat, row.message):
            return True
        with self._changed:
            waiting = self._taps.get(row.message, [])
            if row not in waiting:  # whoever made the answer has shown it
                return True
            waiting.remove(row)
            if not waiting:
                del self._taps[row.message]
        said = said or self._saying.kept(row) or words.failed()
        if self.post.take(row):
            if self.post.reply(row, event, said, _plain(said)) is Outcome.DONE:
                self._saying.told(row)
            self._finish(row, "shown")
        return False

    # What time brings

    def _watch(self) -> None:
        cleaned = 0.0
        while not self.post.stopping.wait(_TICK_S):
            try:
                self._tell_later()
                if self._clock() - cleaned > _CLEANING_S:
                    cleaned = self._clock()
                    self._clean()
            except StoreError as error:
                _log.error("LINE: %s", type(error).__name__)

    def _tell_later(self) -> None:
        """Spends the tokens of questions that take too long on buttons."""
        with self._changed:
            taken = list(self._parked)
        made: list[Future[None]] = []
        barred = self.post.waiting()
        for row in self._inbox.due(self._clock() - self._house.settings.line_budget_s, (ASK, TAP), taken):
            event = Event(**row.event)
            if row.channel not in barred and self.post.take(row):
                made.append(self._aside.submit(self._tell_one_later, row, event))
        wait(made)

    def _tell_one_later(self, row: Row, event: Event) -> None:
        outcome = self.post.later(row, event, words.later(row.message, language(event.text)))
        self._count(f"later:{outcome.value}")
        if row.kind == TAP:
            with self._changed:
                waiting = self._taps.get(row.message, [])
                if row in waiting:
                    waiting.remove(row)
            self._finish(row, "later")
            self._release(row)

    def _clean(self) -> None:
        self._inbox.sweep(self._clock())
        kept = datetime.fromtimestamp(self._clock(), UTC) - timedelta(days=self._house.settings.line_keep_days)
        self._house.store.chats.forget_before(kept.isoformat(timespec="seconds"))


def _plain(said: Sequence[Message]) -> list[Message]:
    """The texts alone: what is said where LINE does not take the rest."""
    return [{"type": "text", "text": one["text"]} for one in said if one["type"] == "text"] or words.failed()
