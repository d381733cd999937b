"""A document's way in: bytes -> lines -> clean lines -> text and blocks -> facts -> passages -> the archive."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from ingest import export, facts, readers
from ingest.chunk import passages
from ingest.clean import clean
from ingest.errors import EmptyDocument, IngestError, TooLarge, UnreachableSource
from ingest.raw import Raw
from ingest.sources import Source, clean_name, sources
from ingest.structure import structure
from vectorstore.types import Document, Passage

MAX_BATCH_CHARACTERS = 5_000_000
"""A batch is handed over sooner where its documents are long, so that memory stays flat."""

_FIRST_LINE_BYTES = 1_000_000


class Archive(Protocol):
    """Where documents go."""

    def known(self, content_id: str) -> bool:
        """Whether a document with this id is in the archive."""

    def add(self, entries: Sequence[tuple[Document, Sequence[Passage]]]) -> list[bool]:
        """Take all entries in, or none. One bool an entry: whether it replaced an earlier document of its source."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be taken in: a stable code, and a Thai sentence that says why and what to do."""

    source: str
    code: str
    reason: str


@dataclass(slots=True)
class Report:
    """What became of each source, by name; `seconds` is the whole time taken."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Documents taken in a second."""
        return (len(self.added) + len(self.replaced)) / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class _Item:
    """A document before it is read: `read` raises IngestError where it cannot be."""

    source: str
    content_id: str
    read: Callable[[], Document]


def ingest(
    paths: Sequence[Path], archive: Archive, *, progress: Callable[[str], object] | None = None, batch: int = 64
) -> Report:
    """Take files, folders and JSON Lines exports into `archive`, up to `batch` documents at a time.

    A source that cannot be read is reported and stops nothing; a document whose bytes the archive knows is skipped.
    `progress` is called with each source's name.
    """
    started = time.perf_counter()
    report = Report()
    waiting: dict[str, tuple[Document, list[Passage]]] = {}
    characters = 0
    for item in _items(paths):
        if isinstance(item, Failure):
            report.failed.append(item)
        elif item.content_id in waiting or archive.known(item.content_id):
            report.skipped.append(item.source)
        elif isinstance(document := _read(item), Failure):
            report.failed.append(document)
        else:
            waiting[item.content_id] = document, passages(document)
            characters += document.characters
            if len(waiting) >= batch or characters >= MAX_BATCH_CHARACTERS:
                _hand_over(waiting, archive, report)
                characters = 0
        if progress is not None:
            progress(item.source)
    _hand_over(waiting, archive, report)
    report.seconds = time.perf_counter() - started
    return report


def read_document(source: str, content: bytes, *, url: str | None = None) -> Document:
    """The document that `content` is, as uploaded under the name `source`; `url` is where it was found.

    Raises:
        IngestError: it cannot be read; the message says why and what to do.
    """
    source = clean_name(source)
    return _document(source, _digest(content), readers.read(source, content), url)


def _items(paths: Sequence[Path]) -> Iterator[_Item | Failure]:
    for source in sources(paths):
        try:
            if isinstance(source, UnreachableSource):
                raise source
            yield from _records(source) if _is_export(source.path) else _file(source)
        except IngestError as error:
            yield Failure(error.source, error.code, str(error))
        except OSError as error:
            unreachable = UnreachableSource(source.name if isinstance(source, Source) else source.source, error.strerror or "")
            yield Failure(unreachable.source, unreachable.code, str(unreachable))


def _is_export(path: Path) -> bool:
    """By suffix, or by a first line that is a record."""
    if path.suffix.lower() in export.SUFFIXES:
        return True
    with path.open("rb") as file:
        first = file.readline(_FIRST_LINE_BYTES).removeprefix(b"\xef\xbb\xbf").strip()
    return first.startswith(b"{") and export.is_record(first)


def _file(source: Source) -> Iterator[_Item]:
    if source.path.stat().st_size > readers.MAX_BYTES:
        raise TooLarge(source.name, f"เกิน {readers.MAX_BYTES // 1_000_000} ล้านไบต์")
    content = source.path.read_bytes()
    yield _Item(source.name, _digest(content), partial(read_document, source.name, content))


def _records(source: Source) -> Iterator[_Item | Failure]:
    """The records of an export, one at a time; a broken one is a failure of its line."""
    with source.path.open("rb") as file:
        for number, line in export.records(file):
            try:
                name, raw = export.read_record(source.name, number, line)
            except IngestError as error:
                yield Failure(f"{source.name}:{number}", error.code, str(error))
                continue
            content_id = _digest(line or b"")
            name = clean_name(name)
            yield _Item(name, content_id, partial(_document, name, content_id, raw, None))


def _read(item: _Item) -> Document | Failure:
    try:
        return item.read()
    except IngestError as error:
        return Failure(item.source, error.code, str(error))


def _document(source: str, content_id: str, raw: Raw, url: str | None) -> Document:
    readers.check_size(source, raw)
    lines = clean(raw.lines)
    if not lines:
        raise EmptyDocument(source)
    text, blocks = structure(lines)
    date, dates = facts.dated(raw, text)
    return Document(
        id=content_id,
        source=source,
        title=facts.title(raw, text, blocks) or source,
        kind=facts.kind(text, blocks),
        date=date,
        dates=dates,
        provinces=facts.provinces(text),
        organisations=facts.organisations(text),
        url=facts.address(url or raw.url),
        characters=len(text),
        text=text,
        blocks=blocks,
    )


def _hand_over(waiting: dict[str, tuple[Document, list[Passage]]], archive: Archive, report: Report) -> None:
    if not waiting:
        return
    entries = list(waiting.values())
    for (document, _), replaced in zip(entries, archive.add(entries), strict=True):
        (report.replaced if replaced else report.added).append(document.source)
    waiting.clear()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
