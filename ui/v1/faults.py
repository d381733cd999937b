"""What goes wrong in any route, told as a problem; and what is not there."""

import logging
from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assistant.errors import AssistantError
from ingest.errors import IngestError
from ui import messages, openai
from ui.asgi import path_of
from ui.problems import problem
from vectorstore.errors import StoreError

_log = logging.getLogger("thamkhlang")


def handle(app: FastAPI) -> None:
    """Tells `app` how errors are answered."""

    @app.exception_handler(AssistantError)
    @app.exception_handler(StoreError)
    @app.exception_handler(IngestError)
    def ours(_: Request, error: Exception) -> Response:
        told = messages.problem(error)
        return problem(told.status, told.code, told.detail)

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> Response:
        faults = [
            {"field": ".".join(str(part) for part in fault["loc"][1:]), "message": fault["msg"]} for fault in error.errors()
        ]
        return problem(422, "invalid_request", "คำขอไม่ถูกต้อง ดูชื่อฟิลด์และสาเหตุใน errors", errors=faults)

    @app.exception_handler(OSError)
    def system(_: Request, error: OSError) -> Response:
        if not messages.is_full(error):
            raise error
        return _full()

    @app.exception_handler(HTTPException)
    def http(_: Request, error: HTTPException) -> Response:
        if messages.is_full(error):  # a form that could not be put down as it came
            return _full()
        return problem(
            error.status_code,
            {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error"),
            str(error.detail),
        )

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        if messages.is_full(error):  # in what stands before the routes
            return openai.shaped(request.url.path, _full())
        _log.error("unexpected error", exc_info=error)
        told = problem(500, "internal_error", "เกิดข้อผิดพลาดภายใน ลองใหม่อีกครั้ง หากยังพบ โปรดแจ้งผู้ดูแลพร้อมรหัสคำขอ")
        return openai.shaped(request.url.path, told)  # this is told outside all middleware


def _full() -> Response:
    return problem(507, "disk_full", messages.NO_ROOM)


class Nothing:
    """The app of paths on which nothing is, or nothing that this method could do: told before the chat page is asked."""

    def __init__(self, routes: Sequence[Route]) -> None:
        """Knows all `routes` that there are."""
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tells what is the matter; to OPTIONS what can be done here."""
        await self._told(Request(scope))(scope, receive, send)

    def _told(self, request: Request) -> Response:
        path = path_of(request.scope)
        methods = {method for route in self._routes if route.path_regex.match(path) for method in route.methods or ()}
        if not methods:
            return problem(404, "not_found", "ไม่มีที่อยู่นี้ ดูที่มีทั้งหมดใน /openapi.json")
        allowed = {"Allow": ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=allowed)
        told = problem(405, "method_not_allowed", f"ที่อยู่นี้ไม่รับคำสั่ง {request.method} รับ {allowed['Allow']}")
        told.headers.update(allowed)
        return told


def nothing_else(app: FastAPI) -> None:
    """Answers for what is not there, before the page, which takes in every other path, is asked."""
    known = [route for route in app.routes if isinstance(route, Route)]
    paths = {
        route.path for route in known if isinstance(route, APIRoute) and not route.path.startswith(("/v1/", "/documents/"))
    }
    for path in ("/v1/{rest:path}", "/documents/{document_id:path}", *sorted(paths), "/openapi.json"):
        app.router.routes.append(Route(path, Nothing(known), include_in_schema=False))
