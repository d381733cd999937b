"""A document's way in: bytes -> lines -> clean lines -> text and blocks -> facts -> passages -> the archive."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from ingest import ahead, export, facts, readers
from ingest.chunk import passages
from ingest.clean import clean
from ingest.errors import EmptyDocument, IngestError, NoTextLayer, TooLarge, UnreachableSource
from ingest.raw import Raw
from ingest.sources import Source, clean_name, sources
from ingest.structure import seen, structure
from vectorstore.thai import cut_lines, remember
from vectorstore.types import Document, Passage
from vectorstore.unread import Unread

MAX_BATCH_CHARACTERS = 5_000_000
"""A batch is handed over sooner where its documents are long, so that memory stays flat."""

_FIRST_LINE_BYTES = 1_000_000


class Archive(Protocol):
    """Where documents go."""

    def known(self, content_id: str) -> bool:
        """Whether a document with this id is in the archive."""

    def bulk(self) -> AbstractContextManager[None]:
        """Within this what is added may be found later; when it ends, all of it is found."""

    @property
    def unread(self) -> Unread:
        """Where the names of scans go, whose words cannot be read."""

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


Outcome = Failure | str | tuple[Document, list[Passage], dict[str, str]]
"""What became of a source: why it could not be read, its name where its content is known, or the document, its passages and
their words, which are cut where there is time for it: in the process that reads ahead."""


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
    with closing(ahead.done(_tasks(paths, archive))) as outcomes, archive.bulk():
        for outcome in outcomes:
            source = _noted(outcome, waiting, archive, report)
            if isinstance(outcome, tuple):
                characters += outcome[0].characters
            if len(waiting) >= batch or characters >= MAX_BATCH_CHARACTERS:
                _hand_over(waiting, archive, report)
                characters = 0
            if progress is not None:
                progress(source)
        _hand_over(waiting, archive, report)
    report.seconds = time.perf_counter() - started
    return report


def _noted(outcome: Outcome, waiting: dict[str, tuple[Document, list[Passage]]], archive: Archive, report: Report) -> str:
    """Notes what became of a source, a document among those `waiting`; the source's name."""
    if isinstance(outcome, Failure):
        report.failed.append(outcome)
        if outcome.code == NoTextLayer.code:
            archive.unread.note(outcome.source)
        return outcome.source
    source = outcome if isinstance(outcome, str) else outcome[0].source
    if isinstance(outcome, str) or outcome[0].id in waiting or archive.known(outcome[0].id):
        report.skipped.append(source)
    else:
        document, found, lines = outcome
        remember(lines)
        waiting[document.id] = document, found
    return source


def read_document(source: str, content: bytes, *, url: str | None = None) -> Document:
    """The document that `content` is, as uploaded under the name `source`; `url` is where it was found.

    Raises:
        IngestError: it cannot be read; the message says why and what to do.
    """
    source = clean_name(source)
    return _document(source, _digest(content), readers.read(source, content), url)


def _tasks(paths: Sequence[Path], archive: Archive) -> Iterator[Callable[[], Outcome]]:
    """What is to be done for every source, in order; each may be done in another process."""
    for source in sources(paths):
        try:
            if isinstance(source, UnreachableSource):
                raise source
            yield from _records(source, archive) if _is_export(source.path) else _file(source, archive)
        except IngestError as error:
            yield partial(Failure, error.source, error.code, str(error))
        except OSError as error:
            yield partial(_unreachable, source.name if isinstance(source, Source) else source.source, error.strerror or "")


def _is_export(path: Path) -> bool:
    """By suffix, or by a first line that is a record."""
    if path.suffix.lower() in export.SUFFIXES:
        return True
    with path.open("rb") as file:
        first = file.readline(_FIRST_LINE_BYTES).removeprefix(b"\xef\xbb\xbf").strip()
    return first.startswith(b"{") and export.is_record(first)


def _file(source: Source, archive: Archive) -> Iterator[Callable[[], Outcome]]:
    if source.path.stat().st_size > readers.MAX_BYTES:
        raise TooLarge(source.name, f"เกิน {readers.MAX_BYTES // 1_000_000} ล้านไบต์")
    known = archive.known(_digest(source.path.read_bytes()))
    yield partial(str, source.name) if known else partial(_read_file, source)


def _records(source: Source, archive: Archive) -> Iterator[Callable[[], Outcome]]:
    """The records of an export, one at a time; a broken one is a failure of its line."""
    with source.path.open("rb") as file:
        for number, line in export.records(file):
            yield partial(_read_record, source.name, number, line, line is not None and archive.known(_digest(line)))


def _read_file(source: Source) -> Outcome:
    try:
        return _cut(source.name, partial(read_document, source.name, source.path.read_bytes()))
    except OSError as error:
        return _unreachable(source.name, error.strerror or "")


def _read_record(source: str, number: int, line: bytes | None, known: bool) -> Outcome:
    try:
        name, raw = export.read_record(source, number, line)
    except IngestError as error:
        return Failure(f"{source}:{number}", error.code, str(error))
    name = clean_name(name)
    return name if known else _cut(name, partial(_document, name, _digest(line or b""), raw, None))


def _cut(source: str, read: Callable[[], Document]) -> Outcome:
    try:
        document = read()
    except IngestError as error:
        return Failure(source, error.code, str(error))
    found = passages(document)
    return document, found, cut_lines([document.title, *(passage.text for passage in found)])


def _unreachable(source: str, why: str) -> Failure:
    error = UnreachableSource(source, why)
    return Failure(error.source, error.code, str(error))


def _document(source: str, content_id: str, raw: Raw, url: str | None) -> Document:
    readers.check_size(source, raw)
    lines = clean(raw.lines)
    if all(line.doubt == "hidden" or not line.text for line in lines):
        raise EmptyDocument(source)
    text, blocks = structure(lines)
    told, shown = seen(text, blocks)
    date, dates = facts.dated(raw, told)
    return Document(
        id=content_id,
        source=source,
        title=facts.title(raw, told, shown) or source,
        kind=facts.kind(told, shown),
        date=date,
        dates=dates,
        provinces=facts.provinces(told),
        organisations=facts.organisations(told),
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
