"""What a store holds, as its record shows it: documents, their versions, resolutions, and the values to choose from."""

from collections.abc import Collection

from vectorstore.embed import Embedder
from vectorstore.errors import UnknownDocument
from vectorstore.record import Record
from vectorstore.register import Register
from vectorstore.types import Document, Header, Version


class Holding:
    """The half of a store that tells what is in it."""

    embedder: Embedder
    _record: Record

    def known(self, content_id: str) -> bool:
        """Whether a document with this content (SHA-256 in hex) is in the archive."""
        return self._record.known(content_id)

    @property
    def unrelated(self) -> float:
        """See `Embedder.unrelated`."""
        return self.embedder.unrelated

    @property
    def register(self) -> Register:
        """The resolutions that the documents record."""
        return self._record.register

    def is_empty(self) -> bool:
        """Whether no document has been added, or all were removed."""
        return self._record.is_empty()

    def documents(self) -> list[Header]:
        """All documents, the latest first."""
        return self._record.headers()

    def source_of(self, name: str) -> str:
        """The source of the document with this id, of any version, or with this source name.

        Raises:
            UnknownDocument: there is none.
        """
        if header := self._record.find(name):
            return header.source
        return self.document(name).source

    def versions(self, source: str) -> list[Version]:
        """The versions of a source, the earliest first; none where there is no such source."""
        return self._record.versions.of(source)

    def choices(self, name: str) -> list[tuple[str, int]]:
        """The values of a fact (year, province, kind, …), each with how many current documents have it, by value."""
        return self._record.choices(name)

    def all_versions(self) -> list[Version]:
        """The versions of all sources, by name, the earliest of each first."""
        return self._record.versions.all()

    def shows(self, sources: Collection[str]) -> bool:
        """Whether all these sources are in it at this moment: one may have been removed since it was read, or limited."""
        return all(map(self.versions, sources))

    def find(self, name: str) -> Header:
        """The document with this id or source name.

        Raises:
            UnknownDocument: there is none.
        """
        if header := self._record.find(name):
            return header
        raise UnknownDocument(f"ไม่มีเอกสาร {name!r} ในคลัง ดูรายการด้วยคำสั่ง thamkhlang list")

    def document(self, document_id: str) -> Document:
        """A document with its text, also one that was replaced since.

        Raises:
            UnknownDocument: there is none with this id.
        """
        if document := self._record.document(document_id):
            return document
        raise UnknownDocument(f"ไม่มีเอกสารรหัส {document_id!r} ในคลัง อาจถูกนำออกไปแล้ว")
