"""What goes wrong in any route, told as a problem; and what is not there."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Route

from assistant.errors import AssistantError
from ingest.errors import IngestError
from ui import messages
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

    @app.exception_handler(HTTPException)
    def http(_: Request, error: HTTPException) -> Response:
        return problem(
            error.status_code,
            {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error"),
            str(error.detail),
        )

    @app.exception_handler(Exception)
    def unexpected(_: Request, error: Exception) -> Response:
        _log.error("unexpected error", exc_info=error)
        return problem(500, "internal_error", "เกิดข้อผิดพลาดภายใน ลองใหม่อีกครั้ง หากยังพบ โปรดแจ้งผู้ดูแลพร้อมรหัสคำขอ")


def nothing_else(app: FastAPI) -> None:
    """Answers for what is not there, before the page, which takes in every other path, is asked."""
    known = [route for route in app.routes if isinstance(route, Route)]

    @app.api_route("/v1/{rest:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    def nothing(request: Request) -> Response:
        if any(route.path_regex.match(request.url.path) for route in known):
            return problem(405, "method_not_allowed", f"ที่อยู่นี้ไม่รับคำสั่ง {request.method}")
        return problem(404, "not_found", "ไม่มีที่อยู่นี้ ดูที่มีทั้งหมดใน /openapi.json")
