"""A change that is asked for twice under one `Idempotency-Key` is made once, and its reply told again.

The header is that of draft-ietf-httpapi-idempotency-key-header-07; the key may stand without quotes too. Of the reply to a
question only its place in the record is kept, so that it goes with the conversation, and has no word of a removed document.
"""

import contextlib
import hashlib
import json
import re
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import messages, streams, wire
from ui.asgi import drained, path_of
from ui.compose import House
from ui.people import OWNER, person_of
from ui.problems import problem
from ui.sessions import address_of
from vectorstore.errors import StoreError, UnknownTurn
from vectorstore.replays import MOST_CHARACTERS, Reply, named

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
"""The header of a reply that is told again."""
ANSWERS = "/v1/answers"
_PATHS = re.compile("/v1/(?:documents|feedback|conversations|answers)")
_KEY = re.compile('"([ !#-~]{1,255})"|([!#-~]{1,255})')
"""Quoted as RFC 8941 has a string, without what would be escaped in it, or bare."""
_TOLD_AGAIN = ("content-type", "link", "location")
_PIECE = 1 << 20
"""Bytes of a body that are passed on at once, and kept in memory: any body but a file."""
_BOUNDARY = re.compile('boundary="?([^";]+)')


class Once:
    """ASGI middleware that knows what it has passed on already, and what came of it."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        """Stands before `app`, which serves `house`."""
        self._app = app
        self._house = house
        self._running: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, tells again, or refuses."""
        key = Headers(scope=scope).get(HEADER) if scope["type"] == "http" and scope["method"] == "POST" else None
        path = path_of(scope) if key is not None else ""
        if key is None or not _PATHS.fullmatch(path):
            return await self._app(scope, receive, send)
        if not (found := _KEY.fullmatch(key.strip())):
            told = f"{HEADER} ต้องเป็นอักขระ ASCII ที่พิมพ์ได้ 1 ถึง 255 ตัว เช่น UUID"
            return await problem(400, "idempotency_key_invalid", told)(scope, receive, send)
        said = found[1] or found[2]
        with tempfile.SpooledTemporaryFile(_PIECE) as body:
            asked = await _read(scope, receive, body, f"{path}\n{said}")
            if asked is None:
                return None
            if path == ANSWERS and not _keeps(body):
                return await self._app(scope, _replayed(body, receive), send)
            name = named(_who(scope), said)
            if name in self._running:
                busy = problem(409, "still_running", "คำขอเดิมที่ใช้ Idempotency-Key นี้ยังทำไม่เสร็จ รอสักครู่แล้วส่งใหม่")
                busy.headers["Retry-After"] = "1"
                return await busy(scope, receive, send)
            self._running.add(name)
            try:
                await self._once(scope, receive, send, body, name, asked)
            finally:
                self._running.discard(name)

    async def _once(self, scope: Scope, receive: Receive, send: Send, body: IO[bytes], name: str, asked: str) -> None:
        kept = await run_in_threadpool(self._house.store.replays.find, name)
        if kept is None:
            return await self._app(scope, _replayed(body, receive), self._kept(scope, send, name, asked))
        if kept.asked != asked:
            told = "Idempotency-Key นี้ใช้กับคำขออื่นไปแล้ว ใช้ค่าใหม่กับคำขอใหม่ หรือส่งคำขอเดิมให้เหมือนเดิม"
            return await problem(422, "idempotency_key_reused", told)(scope, receive, send)
        house = self._house.seen_by(person_of(HTTPConnection(scope)))
        response = await run_in_threadpool(_again, house, kept.reply)
        await response(scope, receive, send)

    def _kept(self, scope: Scope, send: Send, name: str, asked: str) -> Send:
        """Passes on, and keeps what came of it before its end is told: who has it all may ask again."""
        head: dict[str, Any] = {}
        pieces: list[bytes] = []
        path = path_of(scope)

        async def caught(message: Message) -> None:
            if message["type"] == "http.response.start":
                head.update(status=message["status"], headers=Headers(raw=message["headers"]))
            elif message["type"] == "http.response.body" and head["status"] < 400:
                pieces.append(message.get("body", b""))
                if not message.get("more_body", False) and (reply := _reply(path, head, b"".join(pieces))):
                    with contextlib.suppress(StoreError):  # it is done, and is told even if it cannot be told again
                        await run_in_threadpool(self._house.store.replays.keep, name, asked, reply)
            await send(message)

        return caught


def _who(scope: Scope) -> str:
    """Whose key it is: the person's name, or the address of somebody who has none."""
    connection = HTTPConnection(scope)
    person = person_of(connection)
    return person.name or ("" if person == OWNER else f"address:{address_of(connection)}")


async def _read(scope: Scope, receive: Receive, body: IO[bytes], salt: str) -> str | None:
    """Reads a body into a file: the digest of what is asked; None where whoever sent it has gone before its end.

    What divides the parts of a form is drawn anew each time that a program sends it, and does not count.
    """
    kind = Headers(scope=scope).get("content-type", "")
    found = _BOUNDARY.search(kind) if kind.lower().startswith("multipart/") else None
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        try:
            body.write(message.get("body", b""))
        except OSError:
            await drained(receive)
            raise
        if not message.get("more_body", False):
            return await run_in_threadpool(_digest, body, salt, f"--{found[1]}".encode() if found else b"")


def _digest(body: IO[bytes], salt: str, divider: bytes) -> str:
    digest, rest = hashlib.sha256(f"{salt}\n".encode()), b""
    for piece in _pieces(body):
        rest += piece
        if divider:
            rest = rest.replace(divider, b"")
        keep = len(divider)
        digest.update(rest[: len(rest) - keep])
        rest = rest[len(rest) - keep :]
    digest.update(rest)
    return digest.hexdigest()


def _pieces(body: IO[bytes]) -> Iterator[bytes]:
    body.seek(0)
    while piece := body.read(_PIECE):
        yield piece


def _keeps(body: IO[bytes]) -> bool:
    """Whether a question is kept in a conversation: asking another changes nothing."""
    body.seek(0)
    try:
        fields = json.loads(body.read())
    except (ValueError, RecursionError):
        return False
    return isinstance(fields, dict) and isinstance(fields.get("conversation_id"), str)


def _replayed(body: IO[bytes], receive: Receive) -> Receive:
    """The body from its file, then what `receive` brings."""
    body.seek(0)
    at_end = False

    async def received() -> Message:
        nonlocal at_end
        if at_end:
            return await receive()
        piece = body.read(_PIECE)
        at_end = len(piece) < _PIECE
        return {"type": "http.request", "body": piece, "more_body": not at_end}

    return received


def _reply(path: str, head: dict[str, Any], body: bytes) -> Reply | None:
    """What is kept of a reply; None where nothing came that can be told again."""
    headers = {name: head["headers"][name] for name in _TOLD_AGAIN if name in head["headers"]}
    said = body.decode(errors="replace")
    if path == ANSWERS:
        if headers.get("content-type", "").startswith("text/event-stream"):
            said = said.rpartition(streams.event(streams.ANSWER, "").rstrip())[2].partition("\n")[0]
        try:
            fields = json.loads(said)
            if fields["n"] is None:  # it could not be kept, and is not to be told again from there
                return None
            said = json.dumps({"conversation_id": fields["conversation_id"], "n": fields["n"]})
        except (ValueError, KeyError, TypeError):
            return None
    return Reply(status=head["status"], headers=headers, body=said) if len(said) <= MOST_CHARACTERS else None


def _again(house: House, kept: Reply) -> Response:
    """A reply once more."""
    body = kept.body
    with contextlib.suppress(ValueError):
        fields = json.loads(body) if body else None
        if isinstance(fields, dict) and fields.keys() == {"conversation_id", "n"}:
            try:
                body = _answer(house, fields["conversation_id"], fields["n"])
            except StoreError as error:  # not theirs any more, or gone
                told = messages.problem(error)
                return problem(told.status, told.code, told.detail)
            if kept.headers.get("content-type", "").startswith("text/event-stream"):
                body = streams.event(streams.ANSWER, body)
    return Response(body, kept.status, {**kept.headers, REPLAYED: "true"})


def _answer(house: House, conversation: str, n: int) -> str:
    """A kept turn as its question was replied to."""
    kept = next((one for one in house.store.conversations.turns(conversation) if one.n == n), None)
    if kept is None:
        raise UnknownTurn("ไม่มีคำตอบนี้ในคลังแล้ว ส่งคำถามใหม่ด้วย Idempotency-Key ใหม่")
    told = wire.turn(kept, conversation, house.settings.public_url)
    shown = {name: value for name, value in told.items() if name not in ("asked", "at")} | {"unkept": None, "notice": None}
    return json.dumps(shown, ensure_ascii=False)
