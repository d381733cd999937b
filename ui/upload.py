"""A file that somebody sends to the archive: one document, or several where it is a ZIP or a mail with attachments."""

from collections.abc import Iterator
from typing import Any

from ingest import bundle, chunk, pipeline
from ingest.errors import IngestError, NoTextLayer
from ui import documents, messages
from vectorstore import Store


def take(store: Store, name: str, content: bytes, url: str | None) -> tuple[dict[str, Any], int]:
    """(reply, HTTP status) for a file sent under `name`: {"status", "document"}, or for a bundle {"status", "members"}.

    Each member has the source's name, what became of it, and its document or the problem with it. The status is 201 where
    anything is new, 200 where all was known, and 422 where nothing could be read.

    Raises:
        IngestError: the file is one document, and cannot be read.
    """
    found = bundle.members(name, content)
    first, second = next(found, None), next(found, None)
    if isinstance(first, bundle.Member) and first.name == name and second is None:
        reply = _taken(store, name, content, url)
        return reply, 200 if reply["status"] == "skipped" else 201
    if isinstance(first, IngestError) and first.source == name and second is None:
        raise first
    members = [_member(store, member, url) for member in _again(first, second, found)]
    statuses = {member["status"] for member in members}
    code = 201 if statuses & {"added", "replaced"} else 200 if "skipped" in statuses or not members else 422
    return {"status": "several", "members": members}, code


def _again(
    first: bundle.Member | IngestError | None,
    second: bundle.Member | IngestError | None,
    rest: Iterator[bundle.Member | IngestError],
) -> Iterator[bundle.Member | IngestError]:
    yield from (member for member in (first, second) if member is not None)
    yield from rest


def _member(store: Store, member: bundle.Member | IngestError, url: str | None) -> dict[str, Any]:
    source = member.source if isinstance(member, IngestError) else member.name
    try:
        if isinstance(member, IngestError):
            raise member
        return {"source": source, "problem": None, **_taken(store, member.name, member.content, url)}
    except IngestError as error:
        told = messages.problem(error)
        return {"source": source, "status": "failed", "document": None, "problem": {"code": told.code, "detail": told.detail}}


def _taken(store: Store, name: str, content: bytes, url: str | None) -> dict[str, Any]:
    try:
        document = pipeline.read_document(name, content, url=url)
    except NoTextLayer as error:
        store.unread.note(error.source)
        raise
    if store.known(document.id):
        return {"status": "skipped", "document": documents.told(store, [store.find(document.id)])[0]}
    (replaced,) = store.add([(document, chunk.passages(document))])
    return {"status": "replaced" if replaced else "added", "document": documents.told(store, [store.find(document.id)])[0]}
