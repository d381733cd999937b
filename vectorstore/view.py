"""An archive as one person sees it: what is limited to groups that they are not in is not there."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from vectorstore.erasing import Erasure
from vectorstore.errors import LimitedDocument
from vectorstore.privacy import masked_name
from vectorstore.record import Record
from vectorstore.renewing import Chunk, Describe
from vectorstore.store import Store
from vectorstore.types import Document, Header, Passage


class View(Store):
    """A store over another, which owns the directory: it reads from a narrowed record and changes only what that shows."""

    def __init__(self, whole: Store, record: Record, owner: str | None = None, groups: frozenset[str] | None = None) -> None:
        """The archive of `whole` as `record` shows it to `groups`; with an `owner` their kept conversations alone.

        Where nothing was limited yet the record is the whole one, also for those of some groups.
        """
        vars(self).update(vars(whole))
        self._whole, self._record, self._groups = whole, record, groups
        self._furnish(owner)

    def close(self) -> None:
        """Nothing: the whole is closed by whoever opened it."""

    def seen_by(self, groups: frozenset[str] | None, owner: str | None = None) -> Store:
        """The whole as others see it."""
        return self._whole.seen_by(groups, owner)

    def shows(self, sources: Collection[str]) -> bool:
        """See `Store.shows`; what was limited to others since this was opened is not in it either."""
        groups = self._groups
        hidden = groups is not None and any(self.limits.hide(source, (), groups) for source in sources)
        return not hidden and super().shows(sources)

    def add(self, entries: Sequence[tuple[Document, Sequence[Passage]]]) -> list[bool]:
        """See `Store.add`.

        Raises:
            LimitedDocument: one has the name or the content of a document that is not to be seen; nothing is taken in.
        """
        for document, _ in entries:
            name = document.source if self._personal else masked_name(document.source)  # as it will be called
            if self._groups is not None and self.limits.hide(name, [document.id], self._groups):
                raise LimitedDocument(
                    f"เพิ่ม {document.source} ไม่ได้ เพราะชื่อหรือเนื้อหาตรงกับเอกสารที่จำกัดไว้เฉพาะกลุ่ม เปลี่ยนชื่อไฟล์ หรือติดต่อผู้ดูแลคลัง"
                )
        return self._whole.add(entries)

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """See `Store.bulk`."""
        with self._whole.bulk():
            yield

    def remove(self, name: str) -> Erasure:
        """See `Store.remove`; what is told of the document is what could be seen of it."""
        header = self.find(name)
        copies = len(self.similar([header.id]).get(header.id, ()))
        return replace(self._whole.remove(header.id), copies=copies)

    def limit(self, name: str, groups: Sequence[str]) -> Header:
        """See `Store.limit`."""
        return self._whole.limit(self.find(name).id, groups)

    def catch_up(self, describe: Describe, progress: Callable[[int], object] = lambda _: None) -> None:
        """See `Store.catch_up`."""
        self._whole.catch_up(describe, progress)

    def rebuild(
        self,
        chunk: Chunk | None = None,
        progress: Callable[[int], object] = lambda _: None,
        *,
        describe: Describe | None = None,
    ) -> None:
        """See `Store.rebuild`: of the whole."""
        self._whole.rebuild(chunk, progress, describe=describe)
