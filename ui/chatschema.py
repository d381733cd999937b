"""What a chat completion looks like, for /openapi.json to describe; `ui.completion` makes it. Every field is always there."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from ui.schema import By, Named, RefusalRead
from vectorstore.types import Doubt, Standing


class UrlCitation(BaseModel):
    """A marker [n] in the answer: the characters from start to end (0-based, end exclusive), and what it leads to."""

    start_index: int
    end_index: int
    title: str
    url: str


class Annotation(BaseModel):
    """A marker with its source."""

    type: Literal["url_citation"]
    url_citation: UrlCitation


class Said(BaseModel):
    """The answer's text, with markers [n]; of a refusal the sentence that tells of it."""

    role: Literal["assistant"]
    content: str
    refusal: None = Field(description="null เสมอ ดู refusal ข้างนอก")
    annotations: list[Annotation]


class Choice(BaseModel):
    """The only reply."""

    index: Literal[0]
    message: Said
    logprobs: None
    finish_reason: Literal["stop"]


class Usage(BaseModel):
    """Characters that were read and written, because there are no tokens without a language model."""

    prompt_tokens: int = Field(description="นับเป็นตัวอักษร: คำถามและข้อความก่อนหน้าที่อ่าน")
    completion_tokens: int = Field(description="นับเป็นตัวอักษร")
    total_tokens: int


class SearchResult(BaseModel):
    """A source, as Perplexity's clients read it."""

    title: str
    url: str
    date: str | None


class Source(BaseModel):
    """Where quoted words stand: the characters from start to end (0-based, end exclusive) of the document."""

    n: int = Field(description="เลขใน [n]")
    document_id: str
    source: str
    title: str
    date: str | None
    status: Standing | None
    page: int | None
    section: list[str]
    quote: str = Field(description="ถ้อยคำในเอกสารตามตัวอักษร")
    start: int
    end: int
    doubt: Doubt | None
    link: str = Field(description="เปิดเอกสารที่ถ้อยคำนี้")
    url: str | None = Field(description="ที่อยู่เว็บของต้นฉบับ")
    others: list[Named]


class ChatCompletion(BaseModel):
    """A chat completion with its sources."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    answered: bool = Field(description="false: คลังไม่มีคำตอบ")
    refusal: RefusalRead | None
    by: By | None
    citations: list[str] = Field(description="ที่อยู่ของ [1] [2] … ตามลำดับ '' คือเลขที่ไม่ถูกอ้าง")
    search_results: list[SearchResult]
    sources: list[Source]
    notice: str | None = Field(description="ค้นไม่เหมือนปกติอย่างไร ขณะกำลังสร้างดัชนีใหม่ (อยู่ท้ายคำตอบด้วย) null คือค้นตามปกติ")


class Model(BaseModel):
    """What can be asked as a model."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class Models(BaseModel):
    """All that can be asked."""

    object: Literal["list"]
    data: list[Model]


class ChatFault(BaseModel):
    """What is wrong, in OpenAI's shape."""

    message: str
    type: Literal["invalid_request_error", "authentication_error", "permission_error", "rate_limit_error", "server_error"]
    param: str | None = Field(description="ฟิลด์ที่ผิด")
    code: str
    request_id: str | None


class ChatError(BaseModel):
    """An error on the paths of OpenAI's clients."""

    error: ChatFault


EVENTS: dict[str, Any] = {
    "schema": {
        "type": "object",
        "properties": {"data": {"type": "string", "description": "JSON ของ chat.completion.chunk หรือ [DONE]"}},
        "description": "เหตุการณ์หนึ่ง: chat.completion.chunk ทีละก้อน · ที่มาอยู่ในก้อนที่มี finish_reason · จบด้วย data: [DONE] · "
        'ผิดพลาดหลังเริ่มส่ง: data: {"error": …} แล้วไม่มี [DONE] · บรรทัดที่ขึ้นต้นด้วย : คือหมายเหตุ ให้ข้าม',
    }
}
"""The same as a stream."""
