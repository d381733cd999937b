"""A document's way in: bytes -> lines -> clean lines -> text and blocks -> facts -> passages -> the archive."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from ingest import ahead, bundle, export, facts, readers
from ingest.chunk import passages
from ingest.clean import clean
from ingest.describe import described
from ingest.errors import EmptyDocument, IngestError, NoTextLayer, TooLarge, UnreachableSource
from ingest.outcome import Failure, Outcome, failed
from ingest.pulse import beat
from ingest.raw import Raw, RawLine
from ingest.sources import Source, clean_name, sources
from ingest.standing import meeting, standing
from ingest.structure import seen, structure
from ingest.task import Task
from ingest.way import ADDRESS_BYTES, Way
from ingest.web import Address, fetch
from vectorstore.masks import Masks
from vectorstore.thai import remember
from vectorstore.types import Document, Passage
from vectorstore.unread import Unread

BATCH = 256
"""Documents handed over together: each time SQLite writes every page anew that one of them touches, which is most of some."""

MAX_BATCH_CHARACTERS = 5_000_000
"""A batch is handed over sooner where its documents are long, so that memory stays flat."""

PLAIN_BYTES = 1_000_000
"""A plain text up to so many bytes may be read in this process; a longer one is read apart, as what a library parses is."""

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

    @property
    def masks(self) -> Masks:
        """Where personal data was found in what was added."""

    def add(self, entries: Sequence[tuple[Document, Sequence[Passage]]]) -> list[bool]:
        """Take all entries in, or none. One bool an entry: whether it replaced an earlier document of its source."""


@dataclass(slots=True)
class Report:
    """What became of each source, by name; `seconds` is the whole time taken, `stopped` whether there may be more to do.

    `personal` is in how many places a document that was taken in has personal data, where it has any.
    """

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    personal: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    stopped: bool = False

    @property
    def rate(self) -> float:
        """Documents taken in a second."""
        return (len(self.added) + len(self.replaced)) / self.seconds if self.seconds else 0.0


Progress = Callable[[str, float], object]
"""Is told a source's name when it is known what became of it, and the share of all that was to be read, 0 to 1."""


def ingest(
    paths: Sequence[Path],
    archive: Archive,
    *,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
    batch: int = BATCH,
) -> Report:
    """Take files, folders, ZIPs, mails and JSON Lines exports into `archive`, up to `batch` documents at a time.

    A source that cannot be read is reported and stops nothing; a document whose bytes the archive knows is skipped.
    When `stopped` says so, what has been read so far is taken in, and nothing more.
    """
    return take_in(list(sources(paths)), archive, progress=progress, stopped=stopped, batch=batch)


def take_in(
    found: Sequence[Source | Address | UnreachableSource],
    archive: Archive,
    *,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
    batch: int = BATCH,
) -> Report:
    """The same for files whose names are told already, and for pages of the web."""
    started = time.perf_counter()
    report = Report()
    waiting: dict[str, tuple[Document, list[Passage]]] = {}
    characters = 0
    way = Way(found)
    with closing(ahead.done(way.along(_tasks(found, archive)), stopped=stopped)) as outcomes, archive.bulk():
        for outcome in outcomes:
            source = _noted(outcome, waiting, archive, report)
            if isinstance(outcome, tuple):
                characters += outcome[0].characters
            if len(waiting) >= batch or characters >= MAX_BATCH_CHARACTERS:
                _hand_over(waiting, archive, report)
                characters = 0
            share = way.share()
            if progress is not None:
                progress(source, share)
        _hand_over(waiting, archive, report)
    report.stopped = stopped()
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


def _tasks(found: Iterable[Source | Address | UnreachableSource], archive: Archive) -> Iterator[Task]:
    """What is to be done for every source, in order; each may be done in another process."""
    for source in found:
        try:
            if isinstance(source, UnreachableSource):
                raise source
            if isinstance(source, Address):
                yield Task(source.url, partial(read_address, source), bytes=ADDRESS_BYTES)
            else:
                yield from _export(source, archive) if _is_export(source.path) else _file(source, archive)
        except IngestError as error:
            yield Task(error.source, partial(Failure, error.source, error.code, str(error)), plain=True)
        except OSError as error:
            name = source.name if isinstance(source, Source) else ""
            yield Task(name, partial(_unreachable, name, error.strerror or ""), plain=True)


def _is_export(path: Path) -> bool:
    """By suffix, or by a first line that is a record."""
    if path.suffix.lower() in export.SUFFIXES:
        return True
    with path.open("rb") as file:
        first = file.readline(_FIRST_LINE_BYTES).removeprefix(b"\xef\xbb\xbf").strip()
    return first.startswith(b"{") and export.is_record(first)


def _file(source: Source, archive: Archive) -> Iterator[Task]:
    size = source.path.stat().st_size
    if size > readers.MAX_BYTES:
        raise TooLarge(source.name, f"เกิน {readers.MAX_BYTES // 1_000_000} ล้านไบต์")
    with source.path.open("rb") as file:
        head = file.read(4_096)
        file.seek(0)
        if readers.may_be_bundle(head) and readers.format_of(content := file.read()) in readers.BUNDLES:
            yield from _members(source.name, content, archive)
            return
        file.seek(0)
        known = archive.known(hashlib.file_digest(file, "sha256").hexdigest())
    if known:
        yield Task(source.name, partial(str, source.name), plain=True, bytes=size)
    else:
        plain = size <= PLAIN_BYTES and readers.is_plain(source.name, head)
        yield Task(source.name, partial(read_file, source.name, source.path), plain=plain, bytes=size)


def _members(source: str, content: bytes, archive: Archive) -> Iterator[Task]:
    """The documents of a ZIP or a mail, one at a time; what cannot be unpacked is a failure of its own."""
    for member in bundle.members(source, content):
        if isinstance(member, IngestError):
            yield Task(member.source, partial(Failure, member.source, member.code, str(member)), plain=True)
            continue
        size = len(member.content)
        if member.format == "export":
            yield from _records(member.name, BytesIO(member.content), archive)
        elif archive.known(_digest(member.content)):
            yield Task(member.name, partial(str, member.name), plain=True, bytes=size)
        else:
            plain = size <= PLAIN_BYTES and readers.is_plain(member.name, member.content[:4_096])
            yield Task(member.name, partial(_read_member, member.name, member.content), plain=plain, bytes=size)


def _records(source: str, file: BinaryIO, archive: Archive) -> Iterator[Task]:
    """The records of an export, one at a time; a broken one is a failure of its line."""
    for number, line in export.records(file):
        run = partial(_read_record, source, number, line, line is not None and archive.known(_digest(line)))
        yield Task(f"{source}:{number}", run, plain=True, bytes=len(line or b""))


def _export(source: Source, archive: Archive) -> Iterator[Task]:
    with source.path.open("rb") as file:
        yield from _records(source.name, file, archive)


def _read_member(source: str, content: bytes) -> Outcome:
    return cut(source, partial(read_document, source, content))


def read_file(source: str, path: Path, url: str | None = None) -> Outcome:
    """What becomes of the file at `path`, which is known as `source` and was found at `url`."""
    try:
        return cut(source, partial(read_document, source, path.read_bytes(), url=url))
    except OSError as error:
        return _unreachable(source, error.strerror or "")


def read_address(address: Address) -> Outcome:
    """What becomes of what stands at `address`."""
    try:
        content = fetch(address)
    except IngestError as error:
        return failed(error)
    beat()
    return cut(address.name, partial(read_document, address.name, content, url=address.url))


def _read_record(source: str, number: int, line: bytes | None, known: bool) -> Outcome:
    try:
        name, raw = export.read_record(source, number, line)
    except IngestError as error:
        return Failure(f"{source}:{number}", error.code, str(error))
    name = clean_name(name)
    return name if known else cut(name, partial(_document, name, _digest(line or b""), raw, None))


def cut(source: str, read: Callable[[], Document]) -> Outcome:
    """What becomes of the source that `read` reads: its document, cut into passages, or why there is none."""
    try:
        document = read()
    except IngestError as error:
        return Failure(source, error.code, str(error))
    return document, passages(document), {}


def _unreachable(source: str, why: str) -> Failure:
    return failed(UnreachableSource(source, why))


def _document(source: str, content_id: str, raw: Raw, url: str | None) -> Document:
    readers.check_size(source, raw)
    lines = clean(raw.lines)
    if not lines and raw.title and any(line.text.strip() for line in raw.lines):
        lines = clean([RawLine(raw.title)])  # a post of hashtags says what it is about in its title
    if all(line.doubt == "hidden" or not line.text for line in lines):
        raise EmptyDocument(source)
    text, blocks = structure(lines)
    told, shown = seen(text, blocks)
    date, dates = facts.dated(raw, told)
    title = facts.title(raw, told, shown) or source
    document = Document(
        id=content_id,
        source=source,
        title=title,
        kind=facts.kind(told, shown),
        date=date,
        dates=dates,
        url=facts.address(url or raw.url),
        characters=len(text),
        status=standing(source, title, told),
        meeting=meeting(title, told, date),
        text=text,
        blocks=blocks,
    )
    return described(document)


def _hand_over(waiting: dict[str, tuple[Document, list[Passage]]], archive: Archive, report: Report) -> None:
    if not waiting:
        return
    entries = list(waiting.values())
    for (document, _), replaced in zip(entries, archive.add(entries), strict=True):
        (report.replaced if replaced else report.added).append(document.source)
    found = archive.masks.counts([document.id for document, _ in entries])
    report.personal |= {document.source: found[document.id] for document, _ in entries if document.id in found}
    waiting.clear()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
