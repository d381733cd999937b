"""Documents cut for the peers as LangChain's guide does it, since neither has a chunker for Thai of its own."""

from collections.abc import Iterator
from pathlib import Path

from langchain_text_splitters import RecursiveCharacterTextSplitter

from tests.bench.cases import documents

CHUNK = 750
"""Most characters of a chunk. Measured on 2,000 of the news articles: chunks of 508 characters on average, as our passages are
(515), so that all systems have about as many to search."""


def chunks(path: Path) -> Iterator[tuple[str, str]]:
    """(the document's name, a chunk's text), with the splitter's usual separators and no overlap, as our passages have none."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=0)
    for name, text in documents(path):
        for piece in splitter.split_text(text):
            yield name, piece
