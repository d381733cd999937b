"""What is done to a record before its indexes are made anew: every document masked and described by today's rules."""

from collections.abc import Callable, Sequence

from vectorstore import vectors
from vectorstore.embed import Embedder
from vectorstore.engine import Engine
from vectorstore.errors import IndexMismatch
from vectorstore.record import Record
from vectorstore.types import Document, Header, Passage

Chunk = Callable[[Document], Sequence[Passage]]
Describe = Callable[[Document], Document]
"""Finds facts and resolutions in a document, and gives it back with them."""


def check_embedder(record: Record, embedder: Embedder) -> None:
    """Raises IndexMismatch where the passages of `record` were embedded by another."""
    built = record.meta("embedding")
    if built and built != embedder.name and record.counts()[1]:
        raise IndexMismatch(
            f"คลังนี้สร้างด้วยโมเดลเวกเตอร์ {built} แต่ตั้งค่าไว้เป็น {embedder.name} "
            "ตั้ง THAMKHLANG_EMBEDDING_MODEL เป็นโมเดลเดิม หรือสร้างดัชนีใหม่ด้วย thamkhlang rebuild (ไม่ต้องอ่านเอกสารต้นฉบับอีก)"
        )


def renew_texts(record: Record, indexes: Engine, describe: Describe | None, *, personal: bool) -> None:
    """Masks personal data in the record for good, unless it is kept as `personal`, and describes every document anew."""
    if not personal and not record.masks.are_complete():
        indexes.disown()
        record.generations.give_up()  # its vectors tell of what is masked
        record.mask()
    if describe:
        describe_anew(record, describe)


def describe_anew(record: Record, describe: Describe) -> None:
    """Finds facts and resolutions in every current document again."""
    for header in record.headers():
        record.register.describe([describe(_opened(record, header))])


def cut_anew(record: Record, indexes: Engine, embedder: Embedder, chunk: Chunk) -> None:
    """Cuts every current document again and embeds its passages, where none can be made beside those that are searched.

    Until all are done the record fits no embedder, nor do its indexes fit it until they are built.
    """
    indexes.disown()
    record.set_meta("embedding", f"({embedder.name} ที่ยังสร้างไม่เสร็จ)")  # until all vectors are its own
    for header in record.headers():
        document = _opened(record, header)
        passages = chunk(document)
        record.replace_passages(document.id, passages, vectors.of_passages(embedder, [(document, passages)]))
    record.set_meta("embedding", embedder.name)


def _opened(record: Record, header: Header) -> Document:
    document = record.document(header.id)
    assert document, "nobody else changes the record meanwhile"
    return document
