"""A language model's server: OpenAI's chat completions over HTTP, streamed as server-sent events, after a script."""

import contextlib
import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from typing import Any

DONE = b"data: [DONE]\n\n"


@dataclass
class Reply:
    """What the server does with one request: waits, sends `chunks` as they are, with `pause_s` between them."""

    chunks: Iterable[bytes] = ()
    status: int = 200
    kind: str = "text/event-stream"
    wait_s: float = 0.0
    pause_s: float = 0.0
    cut: bool = False


def event(content: str | None = None, finish: str | None = None) -> bytes:
    """A chunk of a streamed chat completion."""
    delta = {} if content is None else {"content": content}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    whole = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(whole, ensure_ascii=False)}\n\n".encode()


def says(*pieces: str, finish: str = "stop") -> Reply:
    """A whole reply in these pieces."""
    return Reply([*map(event, pieces), event(finish=finish), DONE])


def fails(status: int, body: bytes = b'{"error": {"message": "scripted"}}') -> Reply:
    """An error of that HTTP status."""
    return Reply([body], status=status, kind="application/json")


def endless(piece: str, pause_s: float = 0.0) -> Reply:
    """The same piece for ever."""
    return Reply(repeat(event(piece)), pause_s=pause_s)


@dataclass
class Script:
    """The replies to play, one a request, the last of them again and again; and what was asked."""

    replies: Sequence[Reply] = ()
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def prompts(self) -> list[str]:
        """The words of the person in each request."""
        return [str(body["messages"][-1]["content"]) for body in self.asked]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        script = self.script
        reply = script.replies[min(len(script.asked), len(script.replies) - 1)]
        script.asked.append(body)
        script.keys.append(self.headers["Authorization"])
        script.paths.append(self.path)
        self.close_connection = True
        script.over.wait(reply.wait_s)
        with contextlib.suppress(OSError):  # whoever asked may have hung up
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        for chunk in reply.chunks:
            if self.script.over.wait(reply.pause_s) if reply.pause_s else self.script.over.is_set():
                return
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        if not reply.cut:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextlib.contextmanager
def serving(script: Script) -> Iterator[Script]:
    """Plays `script` at its `url` until the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"script": script}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield script
    finally:
        script.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
