"""Personal data kept out of what is typed, told and logged, and told where it stands."""

import logging
from collections.abc import Iterator
from typing import Any

from vectorstore import Store
from vectorstore.privacy import KINDS, Kind, Personal, masked
from vectorstore.types import Document

NAMES: dict[Kind, str] = {
    "citizen": "เลขประจำตัวประชาชน",
    "phone": "เบอร์โทรศัพท์",
    "account": "เลขที่บัญชีธนาคาร",
    "email": "อีเมลส่วนตัว",
    "line": "ไลน์ไอดี",
    "address": "บ้านเลขที่",
    "passport": "เลขหนังสือเดินทาง",
}
_SURROUNDINGS = 30
"""Characters shown on either side."""
_log = logging.getLogger("thamkhlang")


def places(store: Store) -> Iterator[dict[str, Any]]:
    """Where personal data was found in every document, the latest document first: JSON without the data itself."""
    counts = store.masks.counts()
    for header in store.documents():
        if header.id in counts:
            document, found = store.document(header.id), store.masks.of(header.id)
            shown = masked(document.text, found)
            yield from (_place(document, shown, one) for one in found)


def _place(document: Document, shown: str, one: Personal) -> dict[str, Any]:
    page = next((block.page for block in document.blocks if block.end > one.start), None)
    around = shown[max(0, one.start - _SURROUNDINGS) : one.end + _SURROUNDINGS]
    named = {"document_id": document.id, "source": document.source, "page": page, "kind": one.kind}
    return {**named, "start": one.start, "end": one.end, "text": " ".join(around.split())}


def place_text(place: dict[str, Any]) -> str:
    """A place on one line."""
    page = f" หน้า {place['page']}" if place["page"] else ""
    return f"{place['source']}{page} · {NAMES[place['kind']]} · …{place['text']}…"


def total_text(found: list[dict[str, Any]], *, kept: bool) -> str:
    """How many places there are, of each kind."""
    if not found:
        return "ไม่พบข้อมูลส่วนบุคคลในเอกสาร"
    counts = {kind: sum(place["kind"] == kind for place in found) for kind in KINDS}
    each = ", ".join(f"{NAMES[kind]} {count}" for kind, count in counts.items() if count)
    documents = len({place["document_id"] for place in found})
    done = "พบข้อมูลส่วนบุคคล (ตั้งค่าให้แสดง)" if kept else "ปิดบังข้อมูลส่วนบุคคลแล้ว"
    return f"{done} {len(found)} แห่ง ใน {documents} เอกสาร: {each}"


class _Discreet(logging.Filter):
    """Masks what a message or an error says."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), None
        if record.exc_info:
            record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
        return True


_DISCREET = _Discreet()


def log_discreetly(discreet: bool) -> None:
    """Masks personal data in what the program logs from now on, or no longer."""
    (_log.addFilter if discreet else _log.removeFilter)(_DISCREET)
