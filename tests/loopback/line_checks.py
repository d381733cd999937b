"""Which message objects LINE would not send, as its reference says: numbers, lengths and sizes."""

import json
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

_TEXT, _ALT, _URI, _DATA, _DISPLAYED, _SAID, _LABEL = 5_000, 1_500, 1_000, 300, 300, 300, 20
_BUBBLE, _CAROUSEL, _BUBBLES, _QUICK, _MESSAGES = 30_000, 50_000, 12, 13, 5


def faults_of(messages: Any) -> list[str]:
    """What is wrong with the `messages` of one request; nothing where LINE would take them."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= _MESSAGES:
        return [f"messages must be 1 to {_MESSAGES}"]
    return [f"{n}: {one}" for n, message in enumerate(messages) for one in _of_message(message)]


def units(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """Characters as a person counts them: a Thai letter with its vowels and tone above and below is one."""
    return sum(unicodedata.category(sign) not in ("Mn", "Me", "Cf") and sign not in "ำຳ" for sign in text)


def _of_message(message: Any) -> Iterator[str]:
    if not isinstance(message, dict):
        yield "a message must be an object"
        return
    kind = message.get("type")
    if kind == "text":
        yield from _length("text", message.get("text"), _TEXT)
        if message.get("text", "").strip() == "":
            yield "text must not be empty"
    elif kind == "flex":
        yield from _length("altText", message.get("altText"), _ALT)
        yield from _of_flex(message.get("contents"))
    else:
        yield f"type {kind!r} is not known here"
    items = message.get("quickReply", {}).get("items", [])
    if "quickReply" in message and not 1 <= len(items) <= _QUICK:
        yield f"quickReply must have 1 to {_QUICK} items"
    for item in items:
        yield from _of_action(item.get("action"), needs_label=True)
    if any(0xD800 <= ord(sign) < 0xE000 for sign in json.dumps(message, ensure_ascii=False)):
        yield "half a surrogate pair"


def _of_flex(contents: Any) -> Iterator[str]:
    if not isinstance(contents, dict):
        yield "contents must be an object"
        return
    bubbles = [contents]
    if contents.get("type") == "carousel":
        bubbles = contents.get("contents", [])
        if not 1 <= len(bubbles) <= _BUBBLES:
            yield f"a carousel has 1 to {_BUBBLES} bubbles"
        if len(json.dumps(contents)) > _CAROUSEL:
            yield "the carousel is too large"
    for bubble in bubbles:
        if bubble.get("type") != "bubble":
            yield "a bubble's type must be bubble"
        if len(json.dumps(bubble)) > _BUBBLE:
            yield "a bubble is too large"
        yield from _of_part(bubble)


def _of_part(part: Any) -> Iterator[str]:
    """Every box and component within a bubble."""
    if isinstance(part, list):
        for one in part:
            yield from _of_part(one)
    elif isinstance(part, dict):
        if part.get("type") == "text" and not part.get("text") and not part.get("contents"):
            yield "a text component must not be empty"
        if "action" in part:
            yield from _of_action(part["action"], needs_label=part.get("type") == "button")
        for name, one in part.items():
            if name != "action":
                yield from _of_part(one)


def _of_action(action: Any, *, needs_label: bool) -> Iterator[str]:
    if not isinstance(action, dict):
        yield "an action must be an object"
        return
    label = action.get("label", "")
    if (needs_label and not label) or graphemes(label) > _LABEL:
        yield f"label must be 1 to {_LABEL} characters"
    kind = action.get("type")
    if kind == "uri":
        uri = action.get("uri", "")
        yield from _length("uri", uri, _URI)
        if urlsplit(uri).scheme not in ("http", "https", "line", "tel") or not uri.isascii() or " " in uri:
            yield "uri is not one that LINE opens"
    elif kind == "message":
        yield from _length("text", action.get("text"), _SAID)
    elif kind == "postback":
        yield from _length("data", action.get("data"), _DATA)
        if "displayText" in action:
            yield from _length("displayText", action["displayText"], _DISPLAYED)
    else:
        yield f"action {kind!r} is not known here"


def _length(name: str, value: Any, most: int) -> Iterator[str]:
    if not isinstance(value, str) or not 1 <= units(value) <= most:
        yield f"{name} must be 1 to {most} UTF-16 units"
