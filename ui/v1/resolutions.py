"""The register of resolutions."""

from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import JSONResponse, Response

from ui import documents, register
from ui.problems import problem
from ui.schema import Register, RegisterQuery
from ui.v1.described import problems
from ui.v1.paging import links
from ui.v1.seen import Seen


def add(app: FastAPI) -> None:
    """Adds the route."""

    @app.get(
        "/v1/resolutions",
        operation_id="list_resolutions",
        summary="ทะเบียนมติที่ประชุม",
        responses=problems("unknown_document", "unknown_day") | {200: {"model": Register}},
    )
    def resolutions(request: Request, asked: Annotated[RegisterQuery, Query()], house: Seen) -> Response:
        names = [documents.opened(house.store, name).source for name in asked.document]
        try:
            sought = register.sought(asked.fields() | {"documents": names})
        except register.UnknownDay as error:
            return problem(422, "unknown_day", str(error))
        total, rows = house.store.register.find(sought, asked.sort, limit=asked.limit, offset=asked.offset)
        house.note_seen("document.found", (one.source for one in rows))
        told = {"total": total, "resolutions": [register.row(one, house.settings.public_url) for one in rows]}
        return JSONResponse(told, headers=links(request, total, asked.limit, asked.offset))
