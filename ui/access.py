"""Who sent a request, and whether they may: asked of every path before anything else is done with it.

A path that no rule names can be read by readers and changed by administrators; a test holds that every path has a rule.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Asked

from ui.asgi import path_of
from ui.compose import House
from ui.guard import READS, WEBHOOK
from ui.pages import shell
from ui.people import NOBODY, READER, Person, Role, holder, stranger
from ui.problems import problem
from ui.rates import EXCEEDED, POLICY, Left, Rates
from ui.sessions import COOKIE, address_of
from ui.words import BOOK
from vectorstore.keys import Scope

_NOT_ON = (
    "โปรแกรมนี้เปิดให้เครื่องอื่นถามและอ่านเท่านั้น เพราะยังไม่ได้เปิดใช้บัญชี "
    "ผู้ดูแลเปิดได้ด้วยการตั้ง THAMKHLANG_ACCOUNTS=on แล้วสร้างบัญชีด้วยคำสั่ง thamkhlang account add"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which role reading a path needs, and which changing something by it; None: anybody may, logged in or not.

    `scopes` are what a key that is narrowed needs for the same two; None: any key has what it takes.
    """

    path: str
    reads: Role | None
    changes: Role | None
    scopes: tuple[Scope | None, Scope | None] = ("read", "admin")


RULES = (
    Rule(path="/healthz|/login|/logout|/page(?:/.*)?", reads=None, changes=None, scopes=(None, None)),
    Rule(path=WEBHOOK, reads=None, changes=None, scopes=(None, None)),  # what it takes is signed
    Rule(path="/manage(?:/.*)?", reads="administrator", changes="administrator", scopes=("admin", "admin")),
    Rule(path="/metrics", reads="administrator", changes="administrator", scopes=("metrics", "admin")),
    Rule(
        path="/documents(?:[.][a-z]+|/[^/]+/(?:text|replace|remove))",
        reads="editor",
        changes="editor",
        scopes=("read", "write"),
    ),
    Rule(path="/(?:v1/)?(?:documents|resolutions)(?:[./].*)?", reads="reader", changes="editor", scopes=("read", "write")),
    Rule(
        path="/v1/(?:answers|search|verify|feedback|chat/completions|(?:conversations|models)(?:/.*)?)",
        reads="reader",
        changes="reader",
        scopes=("ask", "ask"),
    ),
    Rule(path="/readyz|/version|/openapi.json", reads="reader", changes="administrator", scopes=(None, "admin")),
    Rule(path="/start(?:/.*)?", reads="reader", changes="administrator"),
    # the chat page, as ui/web.py serves it
    Rule(path="/|/config|/theme.css|/favicon.ico|/robots.txt|/manifest.json", reads="reader", changes="administrator"),
    Rule(path="/(?:assets|static|svelte|gradio_api)/.*", reads="reader", changes="reader", scopes=("ask", "ask")),
)
"""The first that fits counts."""


def rule_of(path: str) -> Rule | None:
    """The rule for a path on the server; None where none names it."""
    return next((rule for rule in RULES if re.fullmatch(rule.path, path)), None)


def needed(method: str, path: str) -> tuple[Role | None, Scope | None]:
    """The role that a request needs, None where anybody may send it; and the scope."""
    rule = rule_of(path) or Rule(path=path, reads="reader", changes="administrator")
    reads = method in READS
    return rule.reads if reads else rule.changes, rule.scopes[not reads]


def may(person: Person, role: Role, scope: Scope | None) -> bool:
    """Whether somebody may do what needs this role and this scope.

    The figures of a running program are no administrator's alone: a key that was made for them reads them, whatever its role.
    """
    if scope == "metrics" and person.scopes is not None:
        return "metrics" in person.scopes
    return person.may(role) and person.has(scope)


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A key that is none, or no longer good."""

    code: str
    detail: str


class Access:
    """ASGI middleware that tells what comes after it who asks, as `request.state.person`, and lets nobody by who may not."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        """Guards `app`, which serves `house`."""
        self._app = app
        self._house = house
        self._on = house.settings.accounts == "on"
        self._rates = Rates(house.settings)

    async def __call__(self, scope: Asked, receive: Receive, send: Send) -> None:
        """Finds who asks, then answers or passes on."""
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        if scope["path"] == WEBHOOK:  # nobody's session or key counts there, and it waits for no thread of others
            return await self._app(scope, receive, send)
        connection = HTTPConnection(scope)
        found = await run_in_threadpool(self._known, connection) if self._on else stranger(self._house.settings)
        person = NOBODY if isinstance(found, _Wrong) else found
        scope.setdefault("state", {})["person"] = person
        path = path_of(scope)
        left = self._rates.take(person, address_of(connection), path)
        send = left.headed(send) if left else send
        role, wanted = needed(scope.get("method", "GET"), path)
        if left and left.over:
            refused = _too_often(connection, path, left)
        elif role is None or (not isinstance(found, _Wrong) and may(person, role, wanted)):
            return await self._app(scope, receive, self._unkept(send) if self._on and role else send)
        elif not isinstance(found, _Wrong) and not person.has(wanted):
            refused = _out_of_scope(wanted)
        else:
            refused = self._refusal(connection, path, role, found)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        await refused(scope, receive, send)

    def _known(self, connection: HTTPConnection) -> Person | _Wrong:
        store = self._house.store
        scheme, _, word = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            key = store.keys.of(word.strip())
            if key is None:
                return _Wrong("key_invalid", "กุญแจ API ไม่ถูกต้องหรือถูกเพิกถอนแล้ว ตรวจว่าคัดลอกมาครบ หรือขอดอกใหม่จากผู้ดูแล")
            if key.expired:
                return _Wrong("key_expired", "กุญแจ API หมดอายุแล้ว ขอดอกใหม่จากผู้ดูแล")
            return holder(key)
        token = connection.cookies.get(COOKIE)
        account = store.accounts.of_session(token) if token else None
        if account:
            return holder(account)
        return replace(READER if self._house.settings.anonymous == "reader" else NOBODY, may_log_in=True)

    def _refusal(self, connection: HTTPConnection, path: str, role: Role, found: Person | _Wrong) -> Response:
        if isinstance(found, _Wrong):
            return _asking(problem(401, found.code, found.detail))
        is_page = _is_page(connection, path)
        if is_page and found.may_log_in:
            top = "../" * (path.count("/") - 1)
            query = f"?{connection.url.query}" if connection.url.query and connection.scope["method"] in READS else ""
            return RedirectResponse(f"{top}login?next={quote(path.removeprefix('/') + query, safe='')}", 303)
        detail = _NOT_ON if not self._on else BOOK["people"]["needs"].format(role=BOOK["people"]["roles"][role])
        if is_page:
            return shell.refusal(connection, "login", detail)
        if found.may_log_in:
            return _asking(problem(401, "login_required", "ต้องเข้าสู่ระบบก่อน หรือส่งกุญแจ API ใน Authorization: Bearer tk_…"))
        return problem(403, "not_allowed", detail)

    @staticmethod
    def _unkept(send: Send) -> Send:
        """Nothing that only some may see is kept by a browser that others use after them."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            await send(message)

        return sent


def _is_page(connection: HTTPConnection, path: str) -> bool:
    """Whether somebody asks with a browser, and reads what they are told."""
    return "text/html" in connection.headers.get("accept", "") and not path.startswith("/v1/")


def _too_often(connection: HTTPConnection, path: str, left: Left) -> Response:
    told = f"ส่งคำขอครบ {left.most:,} ครั้งในหนึ่งนาทีแล้ว รออีก {left.seconds} วินาทีแล้วส่งใหม่"
    if _is_page(connection, path):
        response: Response = shell.refusal(connection, "login", told, 429)
    else:
        response = problem(429, "rate_limited", told, type=EXCEEDED, **{"violated-policies": [POLICY]})
    response.headers["Retry-After"] = str(left.seconds)
    return response


def _out_of_scope(wanted: Scope | None) -> Response:
    words = BOOK["people"]
    response = problem(
        403, "missing_scope", words["needs_scope"].format(scope=wanted, name=words["scopes"][wanted]), scope=wanted
    )
    response.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{wanted}"'
    return response


def _asking(response: Response) -> Response:
    response.headers["WWW-Authenticate"] = "Bearer"
    return response
