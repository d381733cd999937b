"""What is said to an event: an answer, kept as a turn of the chat's conversation, or one of a few fixed words."""

import re
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from assistant.errors import Abandoned, QuestionEmpty, QuestionTooLong
from assistant.types import Language
from ui import conversation, wire
from ui.compose import House
from ui.line import messages as words
from ui.line.channels import Channel
from ui.line.commands import ANSWER, command, rating
from ui.line.commands import ASK as ASKS
from ui.line.delivery import Message
from ui.line.events import Event
from ui.line.following import follow_ups
from ui.messages import notice
from ui.people import READER, Person
from ui.quiet import Quiet
from ui.suggesting import Next, answered
from vectorstore.chats import Said
from vectorstore.errors import ConversationFull, StoreError, UnknownConversation
from vectorstore.inbox import Inbox, Row
from vectorstore.status import Index

ASK, TAP, WITHDRAW, OTHER = "ask", "tap", "withdraw", "other"
"""Kinds of rows: a question, a pressed button for a kept answer, a message taken back, anything else."""
_BURST_S = 60.0
_EXAMPLES = 3
"""Questions that a greeting offers, at most."""


class Withdrawn(Exception):
    """The question was taken back, changed, or is to be forgotten while it was answered."""


class Stopped(Exception):
    """The program stops while a question is answered."""


def language(text: str) -> Language:
    """Thai, unless nothing in a text is."""
    return "en" if re.search("[A-Za-z]", text) and not re.search("[ก-๎]", text) else "th"


def row_of(event: Event, house: House, destination: str, now: float) -> Row:
    """The row that keeps an event until it is answered; `now` in seconds since 1970."""
    hashed = house.store.chats.hashed
    if event.data.startswith(ASKS):  # as if it were written
        event = replace(event, text=event.data.removeprefix(ASKS))
    kind, message = OTHER, hashed("message", destination, event.message or event.id)
    if event.kind == "unsend" or (event.kind == "edited" and not event.is_called):
        kind = WITHDRAW
    elif event.kind in ("text", "edited") or event.data.startswith(ASKS):
        kind = OTHER if command(event.text) else ASK
    elif event.data.startswith(ANSWER):
        kind, message = TAP, event.data.removeprefix(ANSWER)
    fields = {name: getattr(event, name) for name in Event.__dataclass_fields__}
    return Row(
        id=event.id,
        at=event.at,
        received=now,
        channel=destination,
        chat=hashed("chat", destination, event.chat),
        asker=hashed("person", event.person) if event.person else "",
        message=message,
        kind=kind,
        event=fields,
        again=event.is_again,
    )


class Saying:
    """What is said to the rows of an inbox over a house; safe to share between threads."""

    def __init__(self, house: House, inbox: Inbox, known: Sequence[Channel], stopping: threading.Event) -> None:
        """Answers from `house`; an answer that is being made is left when it is `stopping`."""
        self._house, self._inbox, self._known, self._stopping = house, inbox, known, stopping
        self._links, self._days = house.settings.public_url, house.settings.line_keep_days
        self._quiet = Quiet()
        self._trying, self._examples = Next(house, self._quiet), answered(house)
        self._lock = threading.Lock()
        self._bursts: dict[str, float] = {}

    def answer(self, row: Row, event: Event) -> list[Message]:
        """The answer to a question, which is kept on return; one that was kept before, for the same event, is not asked again.

        Raises:
            Withdrawn: it is no longer wanted; nothing is kept.
            Stopped: the program stops.
            AssistantError, StoreError: see `conversation.pieces`.
        """
        chats = self._house.store.chats
        kept = chats.answer(row.chat, row.message)
        if kept and kept[2] == row.id:
            return self.kept(row) or words.failed()
        if kept:  # the message was another before
            chats.unsay(row.chat, row.message)
        self._inbox.begin(row)
        try:
            with self._quiet.broken():
                try:
                    reply, standing = self._asked(row, event.text)
                except ConversationFull:
                    chats.turn_over(row.chat)
                    reply, standing = self._asked(row, event.text)
        except (QuestionEmpty, QuestionTooLong) as error:
            return [{"type": "text", "text": str(error)}]
        return self._told(row, reply, self._next(reply, event.text), standing)

    def _next(self, reply: dict[str, Any], question: str) -> list[str]:
        """What may be asked next, where nobody waits for it."""
        if self._inbox.count() > 1:
            return []
        return follow_ups(self._trying, reply, [question])

    def _told(
        self, row: Row, reply: dict[str, Any], following: Sequence[str] = (), standing: Index | None = None
    ) -> list[Message]:
        """The reply as messages, after what is kept of people where those of the chat have not been told.

        `standing` is how the archive was searched, where that was not as usual.
        """
        consent = [] if self._house.store.chats.was_told(row.chat) else words.consent(reply["language"], days=self._days)
        said = words.messages(
            reply,
            links=self._links,
            follow_ups=following,
            answer_id=row.message,
            most=words.MOST - len(consent),
            notice=notice(standing, reply["language"]),
        )
        return [*consent, *said]

    def _asked(self, row: Row, question: str) -> tuple[dict[str, Any], Index | None]:
        """The reply, and how the archive was searched, where that was not as usual."""
        said = Said(message=row.message, event=row.id, chat=row.chat, asker=row.asker)

        def keep(db: Any, turn: int) -> None:
            self.check(row)
            said.keep(db, turn)

        asking = conversation.Asking(
            question=question,
            conversation=self._house.store.chats.conversation(row.chat),
            face="line",
            beside=keep,
            stopped=self._stopping.is_set,
        )
        try:
            told = conversation.ask(self._seen(row), asking)
        except Abandoned:
            raise Stopped from None
        return wire.reply(told.reply, self._links), told.notice

    def check(self, row: Row) -> None:
        """Raises Withdrawn where the row's question is no longer wanted."""
        if self._inbox.is_outdated(row) or not self._inbox.is_open(row):
            raise Withdrawn

    def kept(self, row: Row) -> list[Message] | None:
        """The kept answer to the row's message, as it may be shown now; None where there is none."""
        found = self._house.store.chats.answer(row.chat, row.message)
        if not found:
            return None
        name, n, _ = found
        with suppress(UnknownConversation):
            for turn in self._seen(row).store.conversations.turns(name):
                if turn.n == n:
                    return self._told(row, wire.turn(turn, name, self._links))
        return None

    def _seen(self, row: Row) -> House:
        """The house as somebody unknown sees it, who has the chat's conversations: nothing that is limited to groups."""
        return self._house.seen_by(Person(name=f"line:{row.chat}", role="reader"))

    def withdraw(self, row: Row) -> None:
        """Erases what is kept of a message that was taken back, or of the row's own answer, but not of what came later."""
        chats = self._house.store.chats
        kept = chats.answer(row.chat, row.message)
        if kept and (kept[2] == row.id or (row.kind == WITHDRAW and not self._inbox.is_outdated(row))):
            chats.unsay(row.chat, row.message)

    def other(self, row: Row, event: Event, now: float) -> list[Message]:
        """What is said to an event that asks nothing of the archive; nothing to some."""
        does: dict[str, Callable[[Row, Event, float], list[Message]]] = {
            "follow": self._greet,
            "join": self._greet,
            "leave": self._forget_chat,
            "unfollow": self._forget_chat,
            "other": self._only_text,
            "text": self._command,
            "edited": self._command,
            "postback": self._pressed,
        }
        return does[event.kind](row, event, now) if event.kind in does else []

    def told(self, row: Row) -> None:
        """Notes that those of a chat have been told what is kept of them."""
        if not self._house.store.chats.was_told(row.chat):
            self._house.store.chats.tell(row.chat)

    def _greet(self, row: Row, _: Event, __: float) -> list[Message]:
        return [*words.consent(days=self._days), *words.welcome(examples=self._tried())]

    def _tried(self) -> list[str]:
        with suppress(StoreError):
            return self._examples(READER.groups)[:_EXAMPLES]
        return []

    def _command(self, row: Row, event: Event, _: float) -> list[Message]:
        which, spoken = command(event.text), language(event.text)
        if which == "forget":
            self.forget(row, event)
            return words.forgotten(spoken)
        return words.consent(spoken, days=self._days) if which == "consent" else words.welcome(spoken, self._tried())

    def _pressed(self, row: Row, event: Event, now: float) -> list[Message]:
        """What a button brings that asks nothing of the archive."""
        if event.data.startswith(ASKS):
            return self._command(row, event, now)
        if not (rated := rating(event.data)):
            return []
        name, right = rated
        found = self._house.store.chats.answer(row.chat, name)
        if found:
            self._house.store.feedback.rate(found[0], found[1], right=right)
        return words.thanked() if found else words.failed()

    def _only_text(self, row: Row, _: Event, now: float) -> list[Message]:
        """Once for what is sent together: the next picture within a minute is not remarked on."""
        with self._lock:
            last, self._bursts[row.chat] = self._bursts.get(row.chat, 0.0), now
            self._bursts = {chat: at for chat, at in self._bursts.items() if at > now - _BURST_S}
        return words.only_text() if now - last > _BURST_S else []

    def _forget_chat(self, row: Row, event: Event, _: float) -> list[Message]:
        """Whoever leaves, or is left, can ask for nothing any more."""
        if event.kind == "unfollow":
            self.forget(row, event)
        self._house.store.chats.forget_chat(row.chat)
        return []

    def forget(self, row: Row, event: Event) -> None:
        """Erases all that is kept of the person of an event: turns in whatever chat, what waits, and that they were told."""
        chats = self._house.store.chats
        if row.asker:
            self._inbox.forget(row.asker, row.at)
            chats.forget_person(row.asker)
            for channel in self._known:
                chats.forget_chat(chats.hashed("chat", channel.destination or row.channel, event.person))
