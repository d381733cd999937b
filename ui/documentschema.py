"""What a document looks like on the wire, for /openapi.json to describe; `ui.documents` and `ui.upload` make it."""

from typing import Literal

from pydantic import BaseModel, Field

from ui.schema import STATUS, Named, ResolutionRead
from vectorstore.types import BlockKind, DocumentKind, Standing


class Replaced(BaseModel):
    """The version that has replaced a document."""

    document_id: str
    version: int
    title: str


class DocumentRead(BaseModel):
    """What a list shows of a document: everything but its text."""

    document_id: str = Field(description="SHA-256 ของไฟล์ต้นฉบับ")
    source: str = Field(description="ชื่อไฟล์ หรือที่อยู่เว็บ")
    title: str
    kind: DocumentKind
    date: str | None = Field(description="วันที่ของเอกสาร ปี-เดือน-วัน ค.ศ. อาจมีเพียงปีหรือเดือน")
    dates: list[str]
    provinces: list[str]
    organisations: list[str]
    districts: list[str]
    url: str | None
    version: int = Field(description="ฉบับที่เท่าไรของชื่อนี้ นับจาก 1")
    characters: int
    status: Standing | None = Field(description=STATUS)
    meeting: str | None
    years: list[int] = Field(description="ปี ค.ศ.")
    similar: list[Named] = Field(description="เอกสารที่คล้ายกันเกือบทั้งฉบับ")
    replaced_by: Replaced | None
    personal: int = Field(description="พบข้อมูลส่วนบุคคลกี่แห่ง")


class BlockRead(BaseModel):
    """A part of a text: the characters from start to end (0-based, end exclusive)."""

    start: int
    end: int
    kind: BlockKind
    section: list[str]
    page: int | None


class DocumentWhole(DocumentRead):
    """A document with its text, and what was found in it."""

    text: str
    blocks: list[BlockRead]
    facts: dict[str, list[str]] = Field(description="สิ่งที่เอกสารบอกไว้ ตามชื่อ เช่น subdistrict meeting_place attendee amount")
    resolutions: list[ResolutionRead]


class Documents(BaseModel):
    """Current documents, the latest first; `total` is how many there are in all, `unread` the scans that wait to be read."""

    total: int
    documents: list[DocumentRead]
    unread: list[str]


class Added(BaseModel):
    """What became of a file that is one document."""

    status: Literal["added", "replaced", "skipped"] = Field(description="skipped: มีเนื้อหานี้อยู่แล้ว")
    document: DocumentRead


class Unread(BaseModel):
    """Why a member of a bundle could not be read."""

    code: str
    detail: str


class Member(BaseModel):
    """What became of one file in a ZIP or a mail."""

    source: str
    status: Literal["added", "replaced", "skipped", "failed"]
    document: DocumentRead | None
    problem: Unread | None


class Several(BaseModel):
    """What became of the files in a ZIP or a mail."""

    status: Literal["several"]
    members: list[Member]
