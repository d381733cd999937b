"""One document that a program or a person sends: read apart, unless it is a short plain text."""

import shutil
from functools import partial
from typing import BinaryIO

from ingest.apart import Readers
from ingest.outcome import Outcome
from ingest.pipeline import PLAIN_BYTES, cut, read_address, read_document, read_file
from ingest.readers import is_plain
from ingest.sources import clean_name
from ingest.task import Task
from ingest.web import Address


def read_upload(name: str, file: BinaryIO, readers: Readers, url: str | None = None) -> Outcome:
    """What becomes of `file`, from its beginning, sent as `name` and found at `url`; it is never whole in this process."""
    source = clean_name(name)
    size = file.seek(0, 2)
    file.seek(0)
    plain = size <= PLAIN_BYTES and is_plain(source, file.read(4_096))
    file.seek(0)
    if plain:
        return cut(source, partial(read_document, source, file.read(), url=url))
    with readers.one() as reader:
        path = reader.folder / "upload"
        try:
            with path.open("wb") as copy:
                shutil.copyfileobj(file, copy, 1 << 20)
            return reader.read(Task(source, partial(read_file, source, path, url)))
        finally:
            path.unlink(missing_ok=True)


def read_page(address: Address, readers: Readers) -> Outcome:
    """What becomes of what stands at `address`."""
    with readers.one() as reader:
        return reader.read(Task(address.url, partial(read_address, address)))
