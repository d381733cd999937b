"""LINE's Messaging API on this machine, over real sockets: what a bot sends is checked and kept as LINE would.

In a test:

    with line.serving() as platform:                       # a `Platform`, at platform.url
        platform.channels["access-token"] = "Ubot"
        token = platform.token("Uperson")                  # a reply token: once only, for a minute of platform.clock
        platform.faults["reply"] += [Fault(status=500)]    # what goes wrong with the next replies, one a request
        ...                                                # THAMKHLANG_LINE_API=platform.url
        platform.delivered                                 # what people would see, in order

`tests.loopback.line_events` makes what LINE sends to a webhook, and signs it. By hand, with a bot that listens at URL:

    python -m tests.loopback.line --webhook URL --secret SECRET     # then type questions; what is delivered is printed

Limits and messages are those of LINE's reference where it says them; of others ("(our words)") the wording is made up.
"""

import argparse
import contextlib
import json
import secrets
import sys
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.loopback.line_checks import faults_of

INVALID_TOKEN = "Invalid reply token"
MONTHLY_LIMIT = "You have reached your monthly limit."
RATE_LIMIT = "The API rate limit has been exceeded. Try again later."
_TOKEN_S = 60.0
_LARGEST = 2_000_000


@dataclass
class Fault:
    """What goes wrong with one request: an HTTP `status` (0: none is answered, the connection is dropped), after `hang_s`.

    With `delivered` what was asked for is done all the same, before.
    """

    status: int = 0
    message: str = "scripted"
    hang_s: float = 0.0
    delivered: bool = False
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivered:
    """Messages that people got: by which endpoint (reply, push), in which chat, from which channel, at which clock time."""

    by: str
    chat: str
    messages: list[dict[str, Any]]
    channel: str
    at: float
    retry_key: str = ""

    @property
    def text(self) -> str:
        """All its texts, a line each."""
        return "\n".join(str(one.get("text", one.get("altText", ""))) for one in self.messages)


@dataclass
class Platform:
    """What LINE knows; `channels` are the bots' user ids by access token, `faults` by endpoint (reply, push, loading).

    `tried` are the reply tokens that were sent to it, `used` those that it took.
    """

    channels: dict[str, str] = field(default_factory=dict)
    clock: Callable[[], float] = time.monotonic
    url: str = ""
    quota: int = 1_000_000
    delivered: list[Delivered] = field(default_factory=list)
    loading: list[str] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    requests: list[tuple[str, int]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    tried: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    _accepted: dict[str, str] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def token(self, chat: str) -> str:
        """A fresh reply token for a chat (a user's, a group's or a room's id)."""
        made = secrets.token_hex(16)
        with self._changed:
            self._tokens[made] = chat, self.clock()
        return made

    def wait(self, count: int, seconds: float = 30.0) -> list[Delivered]:
        """What was delivered, when there are `count` deliveries at least."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.delivered) >= count, seconds), self.delivered
            return list(self.delivered)

    def count(self, endpoint: str) -> int:
        """How many requests an endpoint has had."""
        return sum(name == endpoint for name, _ in self.requests)

    # The endpoints: each (status, what is answered, headers)

    def reply(self, channel: str, body: dict[str, Any], retry_key: str) -> "Answer":
        """https://developers.line.biz/en/reference/messaging-api/#send-reply-message."""
        if retry_key:
            return 400, {"message": "The retry key is not supported by this endpoint (our words)"}, {}
        if wrong := faults_of(body.get("messages")):
            return 400, _invalid(wrong), {}
        token = body.get("replyToken", "")
        with self._changed:
            self.tried.add(token)
            chat, issued = self._tokens.get(token, ("", 0.0))
            if not chat or token in self.used or self.clock() - issued > _TOKEN_S:
                return 400, {"message": INVALID_TOKEN}, {}
            self.used.add(token)
        return self._deliver("reply", chat, body["messages"], channel)

    def push(self, channel: str, body: dict[str, Any], retry_key: str) -> "Answer":
        """https://developers.line.biz/en/reference/messaging-api/#send-push-message."""
        if retry_key and retry_key != str(uuid.UUID(retry_key)):
            return 400, {"message": "Invalid retry key (our words)"}, {}
        if wrong := faults_of(body.get("messages")):
            return 400, _invalid(wrong), {}
        if not body.get("to"):
            return 400, {"message": "The property, 'to', in the request body is invalid"}, {}
        with self._changed:
            if retry_key in self._accepted:
                known = {"x-line-accepted-request-id": self._accepted[retry_key]}
                return 409, {"message": "The retry key is already accepted", "sentMessages": []}, known
            if self.quota <= 0:
                return 429, {"message": MONTHLY_LIMIT}, {}
            self.quota -= 1
            if retry_key:
                self._accepted[retry_key] = str(uuid.uuid4())
        return self._deliver("push", body["to"], body["messages"], channel, retry_key)

    def start_loading(self, _: str, body: dict[str, Any], __: str) -> "Answer":
        """https://developers.line.biz/en/reference/messaging-api/#display-a-loading-indicator."""
        seconds = body.get("loadingSeconds", 20)
        if not str(body.get("chatId", "")).startswith("U"):
            return 400, {"message": "The chat is not one-to-one (our words)"}, {}
        if not isinstance(seconds, int) or not 5 <= seconds <= 60 or seconds % 5:
            return 400, {"message": "loadingSeconds must be 5 to 60, in steps of 5 (our words)"}, {}
        self.loading.append(body["chatId"])
        return 202, {}, {}

    def validate(self, _: str, body: dict[str, Any], __: str) -> "Answer":
        """Whether messages would be sent."""
        wrong = faults_of(body.get("messages"))
        return (400, _invalid(wrong), {}) if wrong else (200, {}, {})

    def _deliver(self, by: str, chat: str, messages: list[dict[str, Any]], channel: str, retry_key: str = "") -> "Answer":
        with self._changed:
            self.delivered.append(Delivered(by, chat, messages, channel, self.clock(), retry_key))
            self._changed.notify_all()
        return 200, {"sentMessages": [{"id": str(secrets.randbits(60)), "quoteToken": "q"} for _ in messages]}, {}


Answer = tuple[int, dict[str, Any], dict[str, str]]
ENDPOINTS: dict[tuple[str, str], tuple[str, Callable[[Platform, str, dict[str, Any], str], Answer]]] = {
    ("POST", "/v2/bot/message/reply"): ("reply", Platform.reply),
    ("POST", "/v2/bot/message/push"): ("push", Platform.push),
    ("POST", "/v2/bot/message/validate/reply"): ("validate", Platform.validate),
    ("POST", "/v2/bot/message/validate/push"): ("validate", Platform.validate),
    ("POST", "/v2/bot/chat/loading/start"): ("loading", Platform.start_loading),
}
"""By method and path: the name that `Platform.faults` knows it by, and what it does. Others can be added."""


def _invalid(wrong: list[str]) -> dict[str, Any]:
    details = [{"message": one, "property": "messages"} for one in wrong]
    return {"message": f"The request body has {len(wrong)} error(s)", "details": details}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    platform: Platform

    def do_GET(self) -> None:
        self._do({})

    def do_POST(self) -> None:
        self._do(self._body())

    do_PUT = do_POST  # noqa: N815

    def _body(self) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length", 0))
        raw = self.rfile.read(length)
        return {"too_large": True} if length > _LARGEST else json.loads(raw or b"{}")

    def _do(self, body: dict[str, Any]) -> None:
        name, work = ENDPOINTS.get((self.command, self.path.split("?")[0]), ("", None))
        fault = self.platform.faults[name].pop(0) if self.platform.faults[name] else None
        answer = self._answer(work, body) if fault is None or fault.delivered else None
        if fault:
            self.platform.over.wait(fault.hang_s)
            if not fault.status:
                self.platform.requests.append((name, 0))
                self.close_connection = True
                return
            answer = fault.status, {"message": fault.message}, fault.headers
        assert answer
        self.platform.requests.append((name, answer[0]))
        with contextlib.suppress(OSError):  # whoever asked may have hung up
            self._send(*answer)

    def _answer(self, work: Callable[..., Answer] | None, body: dict[str, Any]) -> Answer:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        channel = self.platform.channels.get(token)
        if scheme != "Bearer" or channel is None:
            return 401, {"message": "Authentication failed. Confirm that the access token in the header is valid."}, {}
        if body.get("too_large"):
            return 413, {"message": "Request entity too large (our words)"}, {}
        if work is None:
            return 404, {"message": "Not found"}, {}
        return work(self.platform, channel, body, self.headers.get("X-Line-Retry-Key", ""))

    def _send(self, status: int, answer: dict[str, Any], headers: dict[str, str]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "x-line-request-id": str(uuid.uuid4()), **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextlib.contextmanager
def serving(platform: Platform | None = None, port: int = 0) -> Iterator[Platform]:
    """Serves `platform` at its `url` until the end."""
    platform = platform or Platform()
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"platform": platform}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    platform.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield platform
    finally:
        platform.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _show(one: Delivered) -> None:
    print(f"--- {one.by} to {one.chat}: {len(one.messages)} message(s)")
    print(json.dumps(one.messages, ensure_ascii=False, indent=1) if "--raw" in sys.argv else one.text)
    for action in _actions(one.messages):
        does = action.get("uri") or action.get("text") or f"postback:{action.get('data')}"
        print(f"    [{action.get('label')}] {does}")


def _actions(part: Any) -> Iterator[dict[str, Any]]:
    """Those of all buttons within messages."""
    for one in part if isinstance(part, list) else [part]:
        if isinstance(one, dict):
            if isinstance(one.get("action"), dict):
                yield one["action"]
            yield from _actions([value for name, value in one.items() if name != "action"])
        elif isinstance(one, list):
            yield from _actions(one)


def main() -> None:
    """Types questions to a bot as a person in LINE would."""
    from tests.loopback import line_events

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--webhook", required=True, metavar="URL", help="where the bot listens")
    parser.add_argument("--secret", required=True, help="the channel's secret, as the bot has it")
    parser.add_argument("--token", default="token", help="the channel's access token, as the bot has it (default: token)")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--raw", action="store_true", help="print whole message objects")
    called = parser.parse_args()
    with serving(port=called.port) as platform:
        platform.channels[called.token] = line_events.BOT
        print(f"LINE is at {platform.url} (THAMKHLANG_LINE_API). Type a question, or postback:DATA; Ctrl+D ends.", flush=True)
        shown = 0
        while line := sys.stdin.readline().strip():
            token = platform.token(line_events.PERSON)
            made = (
                line_events.postback(line[9:], token=token)
                if line.startswith("postback:")
                else line_events.text(line, token=token)
            )
            print(f"the webhook answered {line_events.post(called.webhook, called.secret, made)}", flush=True)
            with contextlib.suppress(AssertionError):
                for one in platform.wait(shown + 1)[shown:]:
                    _show(one)
                    shown += 1


if __name__ == "__main__":
    main()
