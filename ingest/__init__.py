"""A document's way in: read, repair, structure, chunk."""

from ingest.chunk import passages
from ingest.errors import IngestError
from ingest.outcome import Failure
from ingest.pipeline import Archive, Report, ingest, read_document, take_in

__all__ = ["Archive", "Failure", "IngestError", "Report", "ingest", "passages", "read_document", "take_in"]
