"""Documents with what they have to do with others: similar ones, and the version that replaced one."""

import contextlib
from collections.abc import Collection, Sequence
from typing import Any

from ui import register, wire
from ui.compose import House
from vectorstore import Store
from vectorstore.erasing import Erasure, tombstone
from vectorstore.errors import UnknownDocument
from vectorstore.types import Document, Header


def opened(store: Store, name: str) -> Document:
    """The document with this id or source name, also one that was replaced since, by its id.

    Raises:
        UnknownDocument: there is none.
    """
    with contextlib.suppress(UnknownDocument):
        name = store.find(name).id
    return store.document(name)


def newest(store: Store, document: Header) -> Header | None:
    """The version that has replaced `document`; None where it is the present one, or was removed meanwhile."""
    with contextlib.suppress(UnknownDocument):
        found = store.find(document.source)
        return found if found.source == document.source and found.version > document.version else None
    return None


def similar(store: Store, shown: Sequence[Header], known: Sequence[Header] = ()) -> dict[str, list[Header]]:
    """The documents that say nearly the same as each of those `shown`, by id; `known` are headers that are at hand."""
    links = store.similar([header.id for header in shown])
    headers = {header.id: header for header in known}
    for name in {other for some in links.values() for other in some} - headers.keys():
        with contextlib.suppress(UnknownDocument):  # it may be removed meanwhile
            headers[name] = store.find(name)
    return {one: [headers[name] for name in some if name in headers] for one, some in links.items()}


def similar_to(store: Store, sources: Collection[str]) -> dict[str, list[str]]:
    """The names of the documents that say nearly the same as each of `sources`, by name; who has none is left out."""
    if not sources:
        return {}
    headers = store.documents()
    near = similar(store, [header for header in headers if header.source in sources], headers)
    return {header.source: [other.source for other in near[header.id]] for header in headers if header.id in near}


def told(store: Store, shown: Sequence[Header], known: Sequence[Header] = ()) -> list[dict[str, Any]]:
    """Current documents as JSON; `known` are headers that are at hand."""
    near, personal = similar(store, shown, known), store.masks.counts([header.id for header in shown])
    return [wire.document(header, near.get(header.id, ()), personal=personal.get(header.id, 0)) for header in shown]


def remove(house: House, name: str) -> Erasure:
    """Erases a document, as `Store.remove` does, and writes down who did."""
    gone = house.store.remove(name)
    house.note("document.removed", tombstone(gone.documents[-1]))
    return gone


def forget_scan(house: House, name: str) -> bool:
    """Forgets a scan that waits to be read, and writes down who did; whether there was one."""
    was_there = house.store.unread.forget(name)
    if was_there:
        house.note("scan.forgotten", tombstone(name))
    return was_there


def whole(store: Store, document: Document, public_url: str = "") -> dict[str, Any]:
    """A document of any version as JSON, with its text and blocks, and what was found in them."""
    later = newest(store, document)
    about = wire.document(document, (), later) if later else told(store, [document])[0]
    blocks = [{name: getattr(b, name) for name in ("start", "end", "kind", "section", "page")} for b in document.blocks]
    rows = [register.row(one, public_url) for one in document.resolutions]
    return {**about, "text": document.text, "blocks": blocks, "facts": wire.facts(document), "resolutions": rows}
