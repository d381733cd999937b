"""Each request's id, and a line about each in the log: JSON, on stderr. What was asked, by whom, and keys are in no line."""

import json
import logging
import re
import sys
import time
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import metrics
from ui.asgi import path_of

HEADER = "X-Request-Id"
GONE = 499
"""The status of a request whose sender went away before it was answered."""
_OWN = re.compile("[A-Za-z0-9._-]{8,64}")
"""What others may call a request."""
_FILES = re.compile("/(?:page|assets|static|svelte)/.*|/(?:theme[.]css|favicon[.]ico|robots[.]txt|manifest[.]json)")
"""What is the same for everybody, and not worth a line."""
_PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
_KEY = re.compile("(tk_[A-Za-z0-9]{6})_[A-Za-z0-9]+")
_BREAKS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})
"""What some readers take for the end of a line, and JSON does not."""
_request: ContextVar[str] = ContextVar("request", default="")
_log = logging.getLogger("thamkhlang")


def request_id() -> str:
    """The id of the request that is being answered; a fresh one where none is."""
    return _request.get() or uuid.uuid4().hex


def is_file(path: str) -> bool:
    """Whether a path is of the page's own files."""
    return bool(_FILES.fullmatch(path))


class Journal:
    """ASGI middleware that gives each request its id, and tells of it when it is answered."""

    def __init__(self, app: ASGIApp) -> None:
        """Tells of what `app` answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, and tells."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        sent = Headers(scope=scope).get(HEADER, "")
        name = sent if _OWN.fullmatch(sent) else uuid.uuid4().hex
        _request.set(name)
        began, status = time.monotonic(), GONE

        async def headed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        try:
            await self._app(scope, receive, headed)
        except Exception:
            status = 500
            raise
        finally:
            _tell(scope, status, time.monotonic() - began)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    path = path_of(scope)
    route, method = _route(scope), scope["method"]
    metrics.requested(route, method, status, seconds)
    quiet = is_file(path) or path in _PROBES
    level = logging.ERROR if status >= 500 and status != 503 else logging.DEBUG if quiet and status < 400 else logging.INFO
    fields = {"method": method[:20], "route": route, "status": status, "ms": round(seconds * 1000), "face": _face(path)}
    _log.log(level, "request", extra={"fields": fields})


def _route(scope: Scope) -> str:
    """The template of the path that answered; '-' where it was refused before one was looked for."""
    return str(getattr(scope.get("route"), "path", "") or "-")


def _face(path: str) -> str:
    heads = {"/v1/": "api", "/webhooks/": "line", "/gradio_api/": "page"}
    return next((face for head, face in heads.items() if path.startswith(head)), "screen")


class _Lines(logging.Formatter):
    """A line of JSON for each record, with the id of the request it is about."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "request_id": _request.get() or None,
            **getattr(record, "fields", {}),
        }
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            fields["error"] = record.exc_text
        line = _KEY.sub(r"\1_•", json.dumps(fields, ensure_ascii=False)).translate(_BREAKS)
        return line.encode("utf-8", "backslashreplace").decode()


def begin(level: str) -> None:
    """Writes what is logged from this level on to stderr, a line of JSON each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    _log.handlers, _log.propagate = [handler], False
    _log.setLevel(level.upper())
