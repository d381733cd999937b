"""A file that somebody sends to the archive: one document, or several where it is a ZIP or a mail with attachments."""

import io
from collections.abc import Iterator
from itertools import chain
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from ingest import bundle
from ingest.apart import Readers
from ingest.errors import IngestError, NoTextLayer
from ingest.outcome import Failure, Outcome, failed
from ingest.readers import BUNDLES, format_of, may_be_bundle
from ingest.upload import read_page, read_upload
from ingest.web import Address
from ui import documents, messages
from ui.compose import House
from vectorstore import Store

_NAMELESS = "document"

Taken = tuple[dict[str, Any], int]
"""(reply, HTTP status): {"status", "document"}, or for a bundle {"status": "several", "members"}."""


def named(sent: str) -> str:
    """The name of a file that was sent under `sent`, which may be a path of the other machine."""
    return PurePosixPath(sent.replace("\\", "/")).name or _NAMELESS


def take(house: House, readers: Readers, name: str, file: BinaryIO, url: str | None) -> Taken | Failure:
    """What became of a file sent under `name`; a Failure where it is one document, and cannot be read.

    Each member of a bundle has the source's name, what became of it, and its document or the problem with it. The status is
    201 where anything is new, 200 where all was known, and 422 where nothing could be read.

    Raises:
        DiskFull: nothing is taken in, nor read.
    """
    house.store.room.check()
    found = _members(name, file)
    first, second = next(found, None), next(found, None)
    if first is None or (isinstance(first, bundle.Member) and first.name == name and second is None):
        return _taken(house, read_upload(name, file, readers, url))
    if isinstance(first, IngestError) and first.source == name and second is None:
        return failed(first)
    rest = chain([first], [second] if second else [], found)
    members = [_member(house, readers, member, url) for member in rest]
    statuses = {member["status"] for member in members}
    code = 201 if statuses & {"added", "replaced"} else 200 if "skipped" in statuses else 422
    return {"status": "several", "members": members}, code


def take_page(house: House, readers: Readers, address: Address) -> Taken | Failure:
    """What became of what stands at `address`; raises as `take` does."""
    house.store.room.check()
    return _taken(house, read_page(address, readers))


def _members(name: str, file: BinaryIO) -> Iterator[bundle.Member | IngestError]:
    """What is in a ZIP or a mail; nothing where the file is neither, and then it is not read as a whole."""
    file.seek(0)
    if may_be_bundle(file.read(4_096)):
        file.seek(0)
        content = file.read()
        if format_of(content) in BUNDLES:
            yield from bundle.members(name, content)


def _member(house: House, readers: Readers, member: bundle.Member | IngestError, url: str | None) -> dict[str, Any]:
    if isinstance(member, IngestError):
        taken: Taken | Failure = failed(member)
    else:
        taken = _taken(house, read_upload(member.name, io.BytesIO(member.content), readers, url))
    if isinstance(taken, Failure):
        told = messages.failure(taken)
        problem = {"code": told.code, "detail": told.detail}
        return {"source": taken.source, "status": "failed", "document": None, "problem": problem}
    assert not isinstance(member, IngestError)
    return {"source": member.name, "problem": None, **taken[0]}


def _taken(house: House, outcome: Outcome) -> Taken | Failure:
    """Takes in what was read, and writes down who sent it."""
    store = house.store
    if isinstance(outcome, Failure):
        if outcome.code == NoTextLayer.code:
            store.unread.note(outcome.source)
        return outcome
    assert isinstance(outcome, tuple), "only a name whose content is known is neither"
    document, found, _ = outcome
    if store.known(document.id):
        return {"status": "skipped", "document": _shown(store, document.id)}, 200
    (replaced,) = store.add([(document, found)])
    house.note("document.replaced" if replaced else "document.added", store.find(document.id).source)
    return {"status": "replaced" if replaced else "added", "document": _shown(store, document.id)}, 201


def _shown(store: Store, document_id: str) -> dict[str, Any]:
    return documents.told(store, [store.find(document_id)])[0]
