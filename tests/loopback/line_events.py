"""What LINE sends to a bot's webhook: events as plain dicts, and whole signed requests. Over the wire go the signed bytes."""

import base64
import hashlib
import hmac
import itertools
import json
import secrets
import time
import urllib.request
from typing import Any
from urllib.error import HTTPError

BOT = "U8e742f61d673b39c7fff3cecb7536ef0"
PERSON = "U4af4980629aaaaaaaaaaaaaaaaaaaaaa"
GROUP = "Ca56f94637caaaaaaaaaaaaaaaaaaaaaa"
_IDS = itertools.count(int(time.time() * 1000) * 1000)


def event(kind: str, *, user: str = PERSON, group: str = "", token: str = "", at: int = 0, **more: Any) -> dict[str, Any]:
    """An event of any kind; `at` is its time in milliseconds, now where it is not given."""
    source = {"type": "user", "userId": user}
    if group:
        source = {"type": "group", "groupId": group} | ({"userId": user} if user else {})
    made: dict[str, Any] = {
        "type": kind,
        "webhookEventId": f"01TEST{next(_IDS):020d}",
        "deliveryContext": {"isRedelivery": False},
        "timestamp": at or int(time.time() * 1000),
        "source": source,
        "mode": "active",
    }
    return made | ({"replyToken": token} if token else {}) | more


def text(said: str, *, message: str = "", mentions: list[dict[str, Any]] | None = None, kind: str = "message", **more: Any):
    """Somebody wrote `said`; `kind` messageEdited: changed a message of theirs to it."""
    body = {"type": "text", "id": message or str(secrets.randbits(60)), "quoteToken": "q", "text": said}
    if mentions:
        body["mention"] = {"mentionees": mentions}
    return event(kind, message=body, **more)


def sticker(**more: Any) -> dict[str, Any]:
    """Somebody sent a sticker."""
    return event("message", message={"type": "sticker", "id": str(secrets.randbits(60)), "stickerId": "1"}, **more)


def postback(data: str, **more: Any) -> dict[str, Any]:
    """Somebody pressed a button with this data."""
    return event("postback", postback={"data": data}, **more)


def unsend(message: str, **more: Any) -> dict[str, Any]:
    """Somebody took a message back."""
    return event("unsend", unsend={"messageId": message}, **more)


def body(*events: Any, destination: str = BOT) -> bytes:
    """The body of one request."""
    whole = {"destination": destination, "events": list(events)}
    try:
        return json.dumps(whole, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair goes over the wire as an escape
        return json.dumps(whole).encode()


def signature(secret: str, content: bytes) -> str:
    """What x-line-signature says of these bytes."""
    return base64.b64encode(hmac.digest(secret.encode(), content, hashlib.sha256)).decode()


def headers(secret: str, content: bytes) -> dict[str, str]:
    """The headers of a request with these bytes."""
    return {"Content-Type": "application/json; charset=utf-8", "x-line-signature": signature(secret, content)}


def post(url: str, secret: str, *events: Any, destination: str = BOT) -> int:
    """Sends events to a webhook; the status that it answers."""
    content = body(*events, destination=destination)
    try:
        with urllib.request.urlopen(urllib.request.Request(url, content, headers(secret, content)), timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
