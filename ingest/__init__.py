"""A document's way in: read, repair, structure, chunk."""

from ingest.chunk import passages
from ingest.errors import IngestError
from ingest.pipeline import Archive, Failure, Report, ingest, read_document

__all__ = ["Archive", "Failure", "IngestError", "Report", "ingest", "passages", "read_document"]
