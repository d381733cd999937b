"""Whether the program runs and its archive can answer."""

from typing import Any

from fastapi import FastAPI

from ui.v1.seen import Seen


def add(app: FastAPI) -> None:
    """Adds the routes."""

    @app.get("/healthz", summary="โปรแกรมทำงานอยู่")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", summary="คลังพร้อมตอบ")
    def readyz(house: Seen) -> dict[str, Any]:
        status = house.store.status()
        return {
            "ready": True,
            "documents": status.documents,
            "passages": status.passages,
            "index": status.index,
            "embedding_model": status.embedding,
            "language_model": house.settings.model or None,
            "personal": status.personal,
            "problem": status.problem,
            "unswept": status.unswept,
        }
