"""A document's own page, for people."""

from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse, Response

from ui import beside, documents, reader
from ui.v1.described import problems
from ui.v1.seen import Seen
from vectorstore.errors import UnknownDocument

_EITHER = problems()
"""Also who asks for no page is told on one that there is no such document."""
_EITHER[404]["content"]["text/html"] = {"schema": {"type": "string"}}


def add(app: FastAPI) -> None:
    """Adds the route, whose path takes in all that is below /documents."""

    @app.get(
        "/documents/{document_id:path}",
        operation_id="open_document_page",
        summary="หน้าเอกสารสำหรับคนอ่าน",
        response_class=HTMLResponse,
        responses=_EITHER,
    )
    def page(
        house: Seen,
        document_id: str,
        s: Annotated[str, Query(description="ถ้อยคำที่เน้นสี: อักขระแรก-อักขระถัดจากตัวสุดท้าย", examples=["812-1104"])] = "",
    ) -> Response:
        store = house.store
        headers = {"Content-Security-Policy": reader.CSP}
        try:
            document = store.document(document_id)
        except UnknownDocument:
            return HTMLResponse(reader.missing(1 + document_id.count("/"), house.person), 404, headers)
        house.note_opened(document.source)
        masked = 0 if house.settings.show_personal else store.masks.counts([document.id]).get(document.id, 0)
        around = beside.beside(store, document, house.person)
        newest = documents.newest(store, document)
        shown = reader.show(document, s, newest, masked=masked, person=house.person, beside=around)
        return HTMLResponse(shown, headers=headers)
