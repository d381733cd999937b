"""A question asked in a conversation that the record keeps, or in none."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.errors import Abandoned, AssistantError, SourceWithdrawn
from assistant.pace import GONE, Stopped, never
from assistant.types import Answer, Refusal, Turn
from ui import metrics, wire
from ui.compose import House
from ui.messages import UNKEPT
from vectorstore.conversations import KeptTurn
from vectorstore.errors import StoreError, StoreUnusable
from vectorstore.status import Index
from vectorstore.types import Filter
from vectorstore.usage import took

Face = Literal["page", "api", "command", "line"]
"""Where a question was asked."""
REMEMBERED = 10
"""How many kept turns a question is understood with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question, what was said before it, what may be searched, and the conversation that keeps it: None keeps nothing.

    `face` is where it was asked; `stopped` says whether whoever asked has gone; `beside` keeps what belongs to the turn, as
    `Conversations.add` calls it.
    """

    question: str
    history: Sequence[Turn] = ()
    wanted: Filter | None = None
    without: Collection[str] = ()
    conversation: str | None = None
    face: Face = "api"
    stopped: Stopped = never
    beside: Callable[[Any, int], object] = lambda *_: None


def before(house: House, asking: Asking) -> list[Turn]:
    """What the question is understood with: the history that came with it, then the kept turns.

    Raises:
        MisnamedConversation, ConversationFull: see `Conversations.latest`.
    """
    if asking.conversation is None:
        return list(asking.history)
    kept = house.store.conversations.latest(asking.conversation, REMEMBERED)
    return [*asking.history, *(message for turn in kept for message in _messages(turn, first=turn is kept[0]))]


def _messages(turn: KeptTurn, *, first: bool) -> list[Turn]:
    """The first one stands alone: what it leaned on is no longer among those that are read."""
    refused = turn.reply["refusal"]
    said = turn.reply["answer"] or (refused["message"] if refused else "")
    return [Turn(role="user", content=turn.text if first else turn.asked), Turn(role="assistant", content=said)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The whole of what was said, and which turn of its conversation keeps it, from 1: 0 where none does.

    `unkept` says why none does where one was to; `notice` is how the archive was searched, where that was not as usual.
    """

    reply: Answer | Refusal
    n: int = 0
    unkept: str = ""
    notice: Index | None = None


def pieces(house: House, asking: Asking) -> Iterator[str | Told]:
    """Pieces of the answer's text, then the whole, when it is counted and, where it is to be, kept.

    Raises:
        AssistantError, StoreError: see `before`, `Assistant.stream` and `Conversations.add`.
    """
    began = time.monotonic()
    try:
        for piece in _kept(house, asking):
            if not isinstance(piece, str):
                house.note_seen("document.cited", piece.reply.sources)
                if isinstance(piece.reply, Refusal) and piece.reply.reason == "personal_data":
                    house.note_refused("personal.asked")
                _count(house, asking, piece.reply, time.monotonic() - began)
            yield piece
    except (AssistantError, StoreError):
        house.store.usage.count(["asked", f"face:{asking.face}", "failed"])
        metrics.failed(asking.face)
        raise


def _count(house: House, asking: Asking, reply: Answer | Refusal, seconds: float) -> None:
    house.store.usage.count(_counters(asking, reply, seconds))
    refused = reply.reason if isinstance(reply, Refusal) else ""
    metrics.asked(asking.face, "refused" if isinstance(reply, Refusal) else wire.by(reply)["path"], seconds, refused)


def _counters(asking: Asking, reply: Answer | Refusal, seconds: float) -> list[str]:
    """What is counted of a question: nothing of its words, nor of who asked."""
    names = ["asked", f"face:{asking.face}", took(seconds)]
    if isinstance(reply, Refusal):
        return [*names, f"refused:{reply.reason}"]
    path = wire.by(reply)["path"]
    return [*names, "answered", f"path:{path}", *([f"fallback:{reply.fallback}"] if reply.fallback else [])]


def _kept(house: House, asking: Asking) -> Iterator[str | Told]:
    said = house.assistant.stream(
        asking.question, before(house, asking), asking.wanted, without=asking.without, stopped=asking.stopped
    )
    for piece in said:
        if isinstance(piece, str):
            yield piece
        elif asking.conversation is None:
            yield Told(reply=piece, notice=house.store.notice)
        else:
            told = _keep(house, asking, asking.conversation, piece)
            if not house.store.shows(piece.sources):  # while that was waited for
                raise SourceWithdrawn
            yield told


def _keep(house: House, asking: Asking, name: str, said: Answer | Refusal) -> Told:
    """Keeps a reply in a conversation. Where nothing can be written it is told all the same; in LINE it hangs on being kept."""
    query = said.query
    if asking.stopped():
        raise Abandoned(GONE)  # what nobody waited for is not kept
    try:
        turn = house.store.conversations.add(
            name, asked=query.asked, text=query.text, reply=wire.reply(said), beside=asking.beside
        )
    except StoreUnusable as error:
        if asking.face == "line":
            raise
        return Told(reply=said, unkept=UNKEPT.format(why=error), notice=house.store.notice)
    return Told(reply=said, n=turn.n, notice=house.store.notice)


def ask(house: House, asking: Asking) -> Told:
    """The last of `pieces`."""
    *_, told = pieces(house, asking)
    assert isinstance(told, Told)
    return told
