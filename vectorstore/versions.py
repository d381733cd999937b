"""What a source was before: every version that was added of it, until it is removed."""

from vectorstore.conversations import Rows
from vectorstore.types import Version

_FIELDS = ("document_id", "source", "title", "version", "added_at", "current")


class Versions:
    """The versions of the sources of one archive."""

    def __init__(self, rows: Rows) -> None:
        """Versions over a record's way to read."""
        self._rows = rows

    def of(self, source: str) -> list[Version]:
        """Those of one source, the earliest first; none where it was never added, or removed."""
        return self._found("WHERE source = ?", source)

    def all(self) -> list[Version]:
        """Those of all sources, by name, the earliest of each first."""
        return self._found()

    def _found(self, where: str = "", *values: str) -> list[Version]:
        query = f"SELECT id, source, title, version, added_at, current FROM documents {where} ORDER BY source, version"
        return [
            Version(**dict(zip(_FIELDS, row, strict=True)) | {"current": bool(row[-1])}) for row in self._rows(query, values)
        ]
