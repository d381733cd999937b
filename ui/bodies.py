"""What the HTTP API is sent: the fields of each request, described at /openapi.json."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FilterBody(_Body):
    """Which documents may be searched; years in the Buddhist or the Gregorian era."""

    years: list[int] = Field(default=[], max_length=100, examples=[[2566]])
    provinces: list[str] = Field(default=[], max_length=100, examples=[["พังงา"]])
    kinds: list[Literal["minutes", "project", "notes", "news", "report"]] = Field(default=[], max_length=10)
    documents: list[str] = Field(default=[], max_length=1000)
    districts: list[str] = Field(default=[], max_length=100, examples=[["วังสะพุง"]])
    organisations: list[str] = Field(default=[], max_length=100, examples=[["พอช."]])


class TurnBody(_Body):
    """One earlier message."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=100_000)


Without = Annotated[
    list[Annotated[str, Field(max_length=200)]],
    Field(
        max_length=100,
        description="ไม่ให้ตีความคำถามอย่างนี้: id จาก query.understood หรือทั้งชนิด (spelling abbreviation translation place year date)",
        examples=[["spelling:สุพรรน"]],
    ),
]


class QuestionBody(_Body):
    """A question, with what was said before it."""

    question: str = Field(examples=["ที่ประชุมมีมติเรื่องกองทุนสวัสดิการชุมชนว่าอย่างไร"])
    history: list[TurnBody] = Field(default=[], max_length=200)
    filter: FilterBody = FilterBody()
    conversation_id: str | None = Field(
        default=None,
        description="บทสนทนาที่จะเก็บคำถามและคำตอบนี้ไว้ เริ่มใหม่ถ้ายังไม่มี (ชื่อที่ตั้งเองได้ A-Z a-z 0-9 . _ : - ยาว 8 ถึง 128 ตัว) "
        "คำถามที่เก็บไว้ล่าสุดใช้ทำความเข้าใจคำถามนี้ ต่อจาก history null คือไม่เก็บอะไร",
    )
    stream: bool = False
    without: Without = []


class SearchBody(_Body):
    """Words to search for."""

    query: str = Field(examples=["งบประมาณ บ้านมั่นคง"])
    k: int = Field(default=10, ge=1, le=100)
    filter: FilterBody = FilterBody()
    without: Without = []


class FeedbackBody(_Body):
    """Whether a kept reply fits what was asked; sent again, it takes the place of what was said before."""

    conversation_id: str = Field(max_length=200)
    n: int = Field(ge=1, le=10**6, description="คำถามที่เท่าไรของบทสนทนา นับจาก 1")
    right: bool = Field(description="ตรงกับที่ถาม")
    reason: str = Field(default="", max_length=4_000, description="เหตุที่ไม่ตรง เก็บไม่เกิน 1,000 ตัวอักษร ข้อมูลส่วนบุคคลถูกปิดบัง")


class AddressBody(_Body):
    """Where a document stands in the web."""

    url: str = Field(examples=["https://www.example.org/report.pdf"], max_length=2_000)


class QuoteBody(_Body):
    """Words that may stand in a document."""

    document_id: str = Field(description="รหัสหรือชื่อเอกสาร", max_length=1000)
    quote: str = Field(examples=["กองทุนมีสมาชิก ๘๔๕ คน"])
