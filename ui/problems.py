"""An error as the API tells it."""

from starlette.responses import JSONResponse

from ui.journal import HEADER, request_id


def problem(status: int, code: str, detail: str, **more: object) -> JSONResponse:
    """RFC 9457: one shape for every error, with the id of the request; `more` are further fields, or others for its own."""
    name = request_id()
    body = {
        "type": "about:blank",
        "title": code,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": name,
        **more,
    }
    return JSONResponse(body, status_code=status, media_type="application/problem+json", headers={HEADER: name})
