"""What is said to an event: an answer, kept as a turn of the chat's conversation, or one of a few fixed words."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from assistant.errors import QuestionEmpty, QuestionTooLong
from ui import conversation, wire
from ui.compose import House
from ui.line import messages as words
from ui.line.channels import Channel
from ui.line.commands import command
from ui.line.delivery import Message
from ui.line.events import Event
from ui.people import Person
from vectorstore.chats import Said
from vectorstore.errors import ConversationFull, UnknownConversation
from vectorstore.inbox import Inbox, Row

ASK, TAP, WITHDRAW, OTHER = "ask", "tap", "withdraw", "other"
"""Kinds of rows: a question, a pressed button for a kept answer, a message taken back, anything else."""
_ASKS, _SHOWS = "ask=", "answer="
"""What the data of our buttons begin with."""
_MOST = 5
"""Messages in one reply."""
_BURST_S = 60.0


class Withdrawn(Exception):
    """The question was taken back, changed, or is to be forgotten while it was answered."""


class Stopped(Exception):
    """The program stops while a question is answered."""


def row_of(event: Event, house: House, destination: str, now: float) -> Row:
    """The row that keeps an event until it is answered; `now` in seconds since 1970."""
    hashed = house.store.chats.hashed
    kind, message = OTHER, hashed("message", destination, event.message or event.id)
    if event.kind == "unsend" or (event.kind == "edited" and not event.is_called):
        kind = WITHDRAW
    elif event.kind in ("text", "edited"):
        kind = OTHER if command(event.text) else ASK
    elif event.data.startswith(_ASKS):
        kind = ASK
    elif event.data.startswith(_SHOWS):
        kind, message = TAP, event.data.removeprefix(_SHOWS)
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
        self._links = house.settings.public_url
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
        question = event.data.removeprefix(_ASKS) if event.kind == "postback" else event.text
        try:
            try:
                reply = self._asked(row, question)
            except ConversationFull:
                chats.turn_over(row.chat)
                reply = self._asked(row, question)
        except (QuestionEmpty, QuestionTooLong) as error:
            return [{"type": "text", "text": str(error)}]
        return words.messages(reply, links=self._links, answer_id=row.message)

    def _asked(self, row: Row, question: str) -> dict[str, Any]:
        said = Said(message=row.message, event=row.id, chat=row.chat, asker=row.asker)

        def keep(db: Any, turn: int) -> None:
            self.check(row)
            said.keep(db, turn)

        asking = conversation.Asking(
            question=question, conversation=self._house.store.chats.conversation(row.chat), face="line", beside=keep
        )
        for piece in conversation.pieces(self._seen(row), asking):
            if self._stopping.is_set():
                raise Stopped
            if not isinstance(piece, str):
                return wire.reply(piece.reply, self._links)
        raise Stopped

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
                    return words.messages(wire.turn(turn, name, self._links), links=self._links, answer_id=row.message)
        return None

    def _seen(self, row: Row) -> House:
        """The house as somebody unknown sees it, who has the chat's conversations: nothing that is limited to groups."""
        return self._house.seen_by(Person(name=f"line:{row.chat}", role="reader"))

    def withdraw(self, row: Row) -> None:
        """Erases what is kept of a message."""
        self._house.store.chats.unsay(row.chat, row.message)

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
        }
        return does[event.kind](row, event, now) if event.kind in does else []

    def with_notice(self, row: Row, said: list[Message]) -> tuple[list[Message], bool]:
        """What is said, after what is kept of people where those of the chat have not been told; and whether that was added."""
        notice = [] if self._house.store.chats.was_told(row.chat) else words.consent()
        if not notice or len(notice) + len(said) > _MOST:
            return said, False
        return [*notice, *said], True

    def told(self, row: Row) -> None:
        """Notes that those of a chat have been told."""
        self._house.store.chats.tell(row.chat)

    def _greet(self, row: Row, _: Event, __: float) -> list[Message]:
        self.told(row)
        return [*words.welcome(), *words.consent()][:_MOST]

    def _command(self, row: Row, event: Event, now: float) -> list[Message]:
        which = command(event.text)
        if which == "forget":
            self.forget(row, event)
            return words.forgotten()
        if which == "consent":
            return words.consent()
        return words.welcome()

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
