"""Whether the program runs, its archive can answer, what it is, and its figures."""

from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from ui import metrics
from ui.keeping import VERSION
from ui.v1.seen import Seen
from vectorstore.schema import SCHEMA


def add(app: FastAPI) -> None:
    """Adds the routes."""

    @app.get("/healthz", summary="โปรแกรมทำงานอยู่")
    async def healthz() -> dict[str, str]:  # not in a thread: they may all be at work
        return {"status": "ok"}

    @app.get("/readyz", summary="คลังพร้อมตอบ")
    def readyz(house: Seen) -> Response:
        status, reasons = house.store.status(), app.state.readiness.reasons()
        told = {
            "ready": not reasons,
            "reasons": reasons,
            "degraded": app.state.readiness.degraded(),
            "documents": status.documents,
            "passages": status.passages,
            "index": status.index,
            "embedding_model": status.embedding,
            "language_model": house.settings.model or None,
            "personal": status.personal,
            "problem": status.problem,
            "unswept": status.unswept,
        }
        return JSONResponse(told, 503 if reasons else 200, {"Cache-Control": "no-store"})

    @app.get("/version", summary="รุ่นของโปรแกรม คลัง และโมเดลเวกเตอร์")
    def version(house: Seen) -> dict[str, Any]:
        return {"program": VERSION, "api": app.version, "schema": SCHEMA, "embedding_model": house.store.embedder.name}

    @app.get("/metrics", summary="ตัวเลขการทำงานสำหรับ Prometheus", response_class=Response)
    def figures() -> Response:
        return Response(metrics.exposition(app.state.house), media_type=metrics.TYPE)
