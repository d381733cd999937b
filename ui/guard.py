"""What is refused before anybody is asked who they are: foreign pages and names, odd paths, bodies of no size or a mad one."""

import re
from urllib.parse import unquote_plus, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.line import links
from ui.problems import problem
from ui.sessions import COOKIE
from ui.settings import Settings

MAX_BODY = 1_000_000
"""Largest JSON body, in bytes."""
_FORMS = re.compile("/documents(?:/[^/]+/replace)?")
"""Pages that take files, and tell those who send too much on a page of their own (`ui.pages.taking`)."""
CSP = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; connect-src 'self'; "
    "font-src 'self' data:; form-action 'self'; base-uri 'self'; object-src 'none'; frame-src 'none'; frame-ancestors 'self'"
)
"""Nothing from another host, whatever a document or a model puts into the page."""
_LOCAL = {"127.0.0.1", "localhost", "[::1]"}
WEBHOOK = "/webhooks/line"
"""Where LINE sends to, through whatever stands before this machine: what it sends is signed, and its size is counted there."""
_KEY = re.compile("tk_[A-Za-z0-9]{6}_[A-Za-z0-9]{8}")
"""What begins as an API key does, and goes on."""
READS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer a form's own origin would be "null"
}
"""What every response has that has no other."""


class Guard:
    """ASGI middleware that refuses, and puts the headers on every response that all have."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Guards `app`."""
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, or passes on."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await (refused(Request(scope), self._settings) or self._app)(scope, receive, headed)


def refused(request: Request, settings: Settings) -> Response | None:
    """Why a request is not even looked at; None where it is.

    A path that ends in a line break would be taken for the path without it by its route, and for another by its rule.
    """
    host, is_webhook = request.headers.get("host", "").lower(), request.scope["path"] == WEBHOOK
    if any(sign < " " for sign in request.scope["path"]):
        return problem(404, "not_found", "ที่อยู่นี้มีอักขระควบคุม ซึ่งไม่มีที่อยู่ใดมี ตรวจที่อยู่แล้วเปิดใหม่")
    if _KEY.search(unquote_plus(request.url.query)):
        told = "กุญแจ API อยู่ในที่อยู่ ซึ่งเครื่องระหว่างทางมักบันทึกไว้ ส่งใน Authorization: Bearer แทน และเพิกถอนกุญแจนี้แล้วขอดอกใหม่"
        response = problem(401, "key_in_query", told)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if not is_webhook and _is_misnamed(host, settings):
        return problem(403, "foreign_host", "เปิดรับเฉพาะเครื่องนี้ ใช้ที่อยู่ http://127.0.0.1")
    if request.method not in READS and _is_foreign(request, host):
        return problem(403, "foreign_origin", "ไม่รับคำสั่งที่ส่งมาจากหน้าเว็บอื่น")
    if "transfer-encoding" in request.headers and not is_webhook:
        return problem(411, "length_required", "ต้องบอกขนาดของข้อมูล (Content-Length) ก่อนส่ง")
    length = request.headers.get("content-length", "0")
    most = _most(request, settings)
    if not (length.isascii() and length.isdigit()) or (int(length) > most and not _FORMS.fullmatch(request.url.path)):
        return problem(413, "too_large", f"ข้อมูลที่ส่งมาใหญ่เกิน {most:,} ไบต์")
    return None


def _is_misnamed(host: str, settings: Settings) -> bool:
    """Whether what only this machine can reach is asked for by another name than its own.

    By its public name a proxy of this machine passes on what others ask. Without accounts they would be its owner.
    """
    if not settings.is_local or host in _LOCAL or host.rsplit(":", 1)[0] in _LOCAL:
        return False
    return settings.accounts == "off" or not host or host != urlsplit(links.base(settings.public_url)).netloc


def _most(request: Request, settings: Settings) -> int:
    """Bytes of the largest body that a request may have: a file for the API, else a question."""
    sent = request.url.path.startswith("/v1/") and request.headers.get("content-type", "").startswith("multipart/")
    return sent * settings.max_upload_mb * 1_000_000 + MAX_BODY


def _is_foreign(request: Request, host: str) -> bool:
    """Whether a change may have been sent by another site's page.

    Browsers say so of every change, in Origin or Sec-Fetch-Site. One that says neither is believed only where no session comes
    with it: a program, which shows a key or nothing.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin and origin != "null":
        return origin.split("://", 1)[-1] != host
    if site:
        return site not in ("same-origin", "none")
    return bool(origin) or COOKIE in request.cookies
