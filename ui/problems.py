"""An error as the API tells it."""

import uuid

from starlette.responses import JSONResponse


def problem(status: int, code: str, detail: str, **more: object) -> JSONResponse:
    """RFC 9457: one shape for every error."""
    body = {
        "type": "about:blank",
        "title": code,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": uuid.uuid4().hex,
        **more,
    }
    return JSONResponse(body, status_code=status, media_type="application/problem+json")
