"""Whether the program runs, its archive can answer, what it is, and its figures."""

from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from ui import metrics
from ui.keeping import VERSION
from ui.schema import Health, Ready, Version
from ui.v1.described import MODELS, problems
from ui.v1.seen import Seen
from vectorstore.schema import SCHEMA

_UNREADY = problems()[503]
_READY = problems() | {
    200: {"model": Ready},
    503: _UNREADY | {"content": _UNREADY["content"] | {"application/json": {"schema": {"$ref": f"{MODELS}Ready"}}}},
}


def add(app: FastAPI) -> None:
    """Adds the routes."""

    @app.get("/healthz", operation_id="health", summary="โปรแกรมทำงานอยู่", responses=problems() | {200: {"model": Health}})
    async def healthz() -> dict[str, str]:  # not in a thread: they may all be at work
        return {"status": "ok"}

    @app.get("/readyz", operation_id="readiness", summary="คลังพร้อมตอบ", responses=_READY)
    def readyz(house: Seen) -> Response:
        status, reasons = house.store.status(), app.state.readiness.reasons()
        told = {
            "ready": not reasons,
            "reasons": reasons,
            "degraded": app.state.readiness.degraded(),
            "documents": status.documents,
            "passages": status.passages,
            "index": status.index,
            "rebuilding": house.store.behind.done,
            "embedding_model": status.embedding,
            "language_model": house.settings.model or None,
            "personal": status.personal,
            "problem": status.problem,
            "unswept": status.unswept,
        }
        return JSONResponse(told, 503 if reasons else 200, {"Cache-Control": "no-store"})

    @app.get(
        "/version",
        operation_id="version",
        summary="รุ่นของโปรแกรม คลัง และโมเดลเวกเตอร์",
        responses=problems() | {200: {"model": Version}},
    )
    def version(house: Seen) -> dict[str, Any]:
        return {"program": VERSION, "api": app.version, "schema": SCHEMA, "embedding_model": house.store.embedder.name}

    @app.get(
        "/metrics",
        operation_id="metrics",
        summary="ตัวเลขการทำงานสำหรับ Prometheus",
        response_class=PlainTextResponse,
        responses=problems(),
    )
    def figures() -> Response:
        return Response(metrics.exposition(app.state.house), media_type=metrics.TYPE)
