"""A web server on this machine that answers as a script says: HTTP over real sockets."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """What is asked for which host and path, and what is answered."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str]] = []
        self.port = 0


def says(content: bytes, status: int = 200, **headers: str) -> Answer:
    """An answer of these bytes; __ in a header's name is a dash."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("__", "-"), value)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        with contextlib.suppress(OSError):  # the other side may have had enough
            request.wfile.write(content)

    return answer


def redirects(to: str) -> Answer:
    return says(b"", 302, Location=to)


def drips(pause: Callable[[], Any], *, head: bool) -> Answer:
    """An answer that never ends: a byte, then `pause`, and again; in its head or in its body."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        with contextlib.suppress(OSError):
            request.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"X-Slow: " if head else b"Content-Length: 100000\r\n\r\n"))
            while True:
                request.wfile.write(b"x")
                request.wfile.flush()
                if pause():
                    return

    return answer


@contextlib.contextmanager
def serving(answers: dict[str, Answer]) -> Iterator[Site]:
    """Serves until the end of the block; `answers` are by path."""
    site = Site(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.headers["Host"], self.path))
            site.answers[self.path](self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        site.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
