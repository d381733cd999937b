"""The API's description at /openapi.json: what FastAPI cannot tell of itself."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from ui import openai
from ui.chatschema import ChatError
from ui.codes import ALSO, ALWAYS, CHANGES, CODES
from ui.schema import Problem
from ui.sessions import COOKIE

_SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "กุญแจ API (tk_…) เมื่อเปิดใช้บัญชี สร้างด้วย thamkhlang key add"},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "คุกกี้ของผู้ที่เข้าสู่ระบบที่ /login"},
}
_EITHER: list[dict[str, list[str]]] = [{"key": []}, {"session": []}, {}]
"""A key, a session, or nothing where accounts are off or the operator lets anybody read."""
_OPEN = ("/healthz",)
_EXAMPLES = Path(__file__).parent / "examples.json"
MODELS = "#/components/schemas/"
"""Where the document's models are."""
_PROBLEM = "application/problem+json"


def problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The problems that a route may answer with, by status: those that any may, and these `codes` of its own."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for code in dict.fromkeys((*codes, *ALWAYS)):
        first, meaning = CODES[code]
        for status in filter(None, (first, ALSO.get(code))):
            told = by_status.setdefault(status, {"description": "", "content": _shape(_PROBLEM, Problem.__name__)})
            told["description"] = "\n".join(filter(None, [told["description"], f"- `{code}` {meaning}"]))
    return by_status


def _shape(kind: str, model: str) -> dict[str, Any]:
    return {kind: {"schema": {"$ref": f"{MODELS}{model}"}}}


def named(route: APIRoute) -> str:
    """The id of an operation that has no other: the name of its function."""
    return route.name


def describe(app: FastAPI) -> None:
    """Makes `app` tell the whole truth of itself; the document is made when it is first asked for."""
    plain = app.openapi

    def whole() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _finished(plain())
        return app.openapi_schema

    app.openapi = whole  # type: ignore[method-assign]


def _finished(document: dict[str, Any]) -> dict[str, Any]:
    components = document["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    for model in (Problem, ChatError):
        schema = model.model_json_schema(ref_template=MODELS + "{model}")
        components["schemas"] |= schema.pop("$defs", {}) | {model.__name__: schema}
    components["securitySchemes"] = _SCHEMES
    document["security"] = _EITHER
    examples = json.loads(_EXAMPLES.read_text(encoding="utf-8"))
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _finish(path, method, operation, examples.get(operation["operationId"]))
    return document


def _finish(path: str, method: str, operation: dict[str, Any], example: object) -> None:
    responses = operation["responses"]
    if path in _OPEN:
        operation["security"] = []
    if method != "get":
        _merge(responses, CHANGES)
    if openai.shapes(path):
        _reshape(responses)
    for done in (responses[status] for status in ("200", "201", "204") if status in responses):
        done["description"] = done["description"].replace("Successful Response", "สำเร็จ")
        if example is not None and "application/json" in done.get("content", {}):
            done["content"]["application/json"]["example"] = example
    operation["responses"] = dict(sorted(responses.items()))


def _merge(responses: dict[str, Any], codes: Iterable[str]) -> None:
    for status, told in problems(*codes).items():
        known = responses.setdefault(str(status), told)
        lines = [*known["description"].split("\n"), *told["description"].split("\n")]
        known["description"] = "\n".join(dict.fromkeys(lines))


def _reshape(responses: dict[str, Any]) -> None:
    """What is told in OpenAI's shape, in which a wrong request is always 400."""
    wrong = responses.pop("422", None)
    if wrong:
        known = responses.setdefault("400", {"description": ""})
        known["description"] = "\n".join(filter(None, [known["description"], wrong["description"]]))
    for status, told in responses.items():
        if status >= "400":
            told["content"] = _shape("application/json", ChatError.__name__)
