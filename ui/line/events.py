"""What LINE tells of an event, read from plain dicts: the few fields that are needed, whatever else is there or missing."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "edited", "other", "postback", "follow", "join", "unsend", "leave", "unfollow"]
_PLAIN: dict[str, Kind] = {"follow": "follow", "join": "join", "leave": "leave", "unfollow": "unfollow"}
_ID = re.compile("[!-~]{1,200}")
_LONGEST = 10_000
"""Characters of a text that are kept: LINE's own limit is 5,000 UTF-16 units."""
_LATEST = 2**53


class Odd(Exception):
    """An event that is not what LINE says events are; the message says how, in a word for a counter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event that may ask for something.

    `id` is LINE's, `at` its time in milliseconds since 1970; `chat` the id of the person, group or room where it happened,
    `person` whose doing it was, '' where LINE does not say; `token` the reply token, '' where nothing may be replied; `message`
    the id of the message that it is about; `text` what was written, without the mention of the bot. `is_called` is whether an
    answer is expected: always in a chat with one person, in a group where the bot is mentioned. `data` is that of the button
    which was pressed.
    """

    id: str
    kind: Kind
    at: int
    chat: str
    person: str = ""
    is_group: bool = False
    token: str = ""
    message: str = ""
    text: str = ""
    is_called: bool = False
    data: str = ""
    is_again: bool = False


def read(event: object) -> Event | None:
    """What an event says; None where there is nothing to do about it, or nothing may be done (standby).

    Raises:
        Odd: it lacks what every event has.
    """
    if isinstance(event, Odd):
        raise event
    if not isinstance(event, dict):
        raise Odd("no_object")
    kind = event.get("type")
    if not isinstance(kind, str):
        raise Odd("no_type")
    if event.get("mode") == "standby":
        return None
    known = _known(kind, event)
    if known is None:
        return None
    at = event.get("timestamp")
    if not isinstance(at, int) or isinstance(at, bool) or not 0 <= at < _LATEST:
        raise Odd("no_time")
    again = _dict(event, "deliveryContext").get("isRedelivery") is True
    name = _name(event.get("webhookEventId"), "no_id")
    token = event.get("replyToken")
    fields = _source(event) | known
    return Event(
        id=name, at=at, token=token if isinstance(token, str) and _ID.fullmatch(token) else "", is_again=again, **fields
    )


def _known(kind: str, event: dict[str, Any]) -> dict[str, Any] | None:
    """The fields of events of the kinds that are answered or obeyed."""
    if kind in _PLAIN:
        return {"kind": _PLAIN[kind], "is_called": True}
    if kind == "unsend":
        return {"kind": "unsend", "message": _name(_dict(event, "unsend").get("messageId"), "no_message")}
    if kind == "postback":
        return {"kind": "postback", "data": _clean(_dict(event, "postback").get("data"))[:_LONGEST], "is_called": True}
    if kind not in ("message", "messageEdited"):
        return None
    message = _dict(event, "message")
    name = _name(message.get("id"), "no_message")
    is_one = _dict(event, "source").get("type") == "user"
    if message.get("type") != "text":
        return {"kind": "other", "message": name, "is_called": True} if is_one and kind == "message" else None
    text, called = _without_mention(_clean(message.get("text")), message)
    if not (called or is_one or kind == "messageEdited"):
        return None  # what people say to each other
    read_as = "text" if kind == "message" else "edited"
    return {
        "kind": read_as,
        "message": name,
        "text": text[:_LONGEST] if called or is_one else "",
        "is_called": called or is_one,
    }


def _source(event: dict[str, Any]) -> dict[str, Any]:
    source = _dict(event, "source")
    kind, person = source.get("type"), source.get("userId")
    person = person if isinstance(person, str) and _ID.fullmatch(person) else ""
    names = {"user": person, "group": source.get("groupId"), "room": source.get("roomId")}
    return {"chat": _name(names.get(str(kind)), "no_source"), "person": person, "is_group": kind != "user"}


def _name(value: object, lacking: str) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise Odd(lacking)
    return value


def _dict(event: dict[str, Any], name: str) -> dict[str, Any]:
    value = event.get(name)
    return value if isinstance(value, dict) else {}


def _clean(value: object) -> str:
    """A text whose every surrogate pair is one sign, and half of one the sign for what cannot be read."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else ""


def _without_mention(text: str, message: dict[str, Any]) -> tuple[str, bool]:
    """The text without the places where the bot itself is mentioned, and whether there is one."""
    mentionees = _dict(message, "mention").get("mentionees")
    own = (
        [one for one in mentionees if isinstance(one, dict) and one.get("isSelf") is True]
        if isinstance(mentionees, list)
        else []
    )
    for index, length in sorted(filter(None, map(_span, own)), reverse=True):
        text = _cut(text, index, length)
    return " ".join(text.split()) if own else text, bool(own)


def _span(mentionee: dict[str, Any]) -> tuple[int, int] | None:
    index, length = mentionee.get("index"), mentionee.get("length")
    if isinstance(index, int) and isinstance(length, int) and 0 <= index < _LONGEST and 0 < length < _LONGEST:
        return index, length
    return None


def _cut(text: str, index: int, length: int) -> str:
    """Without a span that begins with @: LINE does not say what it counts, UTF-16 units most likely, else characters."""
    units = text.encode("utf-16-le", "surrogatepass")
    before, said, after = units[: 2 * index], units[2 * index : 2 * (index + length)], units[2 * (index + length) :]
    if said.startswith("@".encode("utf-16-le")):
        return " ".join(part.decode("utf-16-le", "replace") for part in (before, after))
    if text[index : index + 1] == "@":
        return f"{text[:index]} {text[index + length :]}"
    return text


def split(body: bytes) -> tuple[str, list[object]]:
    """(destination, events) of a webhook's body; an event that cannot be read is the reason why, as an `Odd`.

    Raises:
        ValueError: it is not an object with a list of events at all.
    """
    try:
        whole = json.loads(body)
    except RecursionError:  # one event is nested too deeply; the others are not lost for it
        text = body.decode()
        whole = {"destination": _destination(text), "events": [_event(one) for one in _pieces(text)]}
    if not isinstance(whole, dict) or not isinstance(whole.get("events"), list):
        raise ValueError("no list of events")
    destination = whole.get("destination")
    return destination if isinstance(destination, str) and _ID.fullmatch(destination) else "", whole["events"]


_SIGN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}]')
_DESTINATION = re.compile(r'"destination"\s*:\s*"([!-~]{1,200}?)"')


def _destination(text: str) -> str:
    found = _DESTINATION.search(text)
    return found[1] if found else ""


def _event(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return Odd("too_deep")


def _pieces(text: str) -> Iterator[str]:
    """The objects of the first list in an object, each as it stands."""
    depth = start = 0
    for sign in _SIGN.finditer(text):
        if sign[0] in "{[":
            depth += 1
            start = sign.start() if depth == 3 else start
        elif sign[0] in "}]":
            depth -= 1
            if depth == 2:
                yield text[start : sign.end()]
