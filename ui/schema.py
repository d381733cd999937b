"""What an answer looks like on the wire, for /openapi.json to describe; `ui.wire` makes it."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.types import Fallback, Language, Reason, Wanted
from vectorstore.gazetteer import Level
from vectorstore.register import Due, Order
from vectorstore.types import Doubt, Standing

STATUS = "draft: เอกสารบอกว่าเป็นร่างหรือยังไม่รับรอง · approved: เอกสารบอกว่ารับรองแล้ว · null: ไม่ได้บอก"
"""What a document says of itself, in words for the description."""
_LINK = f"/documents/{'3f' * 32}#p=2&s=812-1104"


class _Read(BaseModel):
    id: str = Field(description="ส่งกลับมาใน without เพื่อไม่ให้ตีความอย่างนี้", examples=["spelling:สุพรรน"])
    said: str = Field(description="ถ้อยคำในคำถาม")


class YearRead(_Read):
    """Years that the question names, in both eras, with the first and last day of them."""

    buddhist: list[int]
    gregorian: list[int]
    fiscal: bool = Field(description="ปีงบประมาณ (1 ตุลาคมของปีก่อนหน้า ถึง 30 กันยายน)")
    first: str
    last: str


class DateRead(_Read):
    """A day, month or range of days that the question names: YYYY-MM-DD or YYYY-MM."""

    first: str
    last: str


class PlaceRead(_Read):
    """A place that the question names; homonyms that nothing tells apart are several."""

    name: str
    english: str
    level: Level
    province: str
    district: str


class WordsRead(_Read):
    """Other words that are searched for what is said."""

    forms: list[str]


class Understood(BaseModel):
    """What the question was taken to mean."""

    language: Language
    kinds: list[Wanted]
    years: list[YearRead]
    dates: list[DateRead]
    places: list[PlaceRead]
    abbreviations: list[WordsRead]
    spellings: list[WordsRead] = Field(description="คำที่น่าจะพิมพ์ผิด และคำที่ใช้ค้นด้วย")
    translations: list[WordsRead]


class QueryRead(BaseModel):
    """The question as it is searched."""

    text: str = Field(description="คำถามที่เข้าใจได้โดยไม่ต้องอ่านคำถามก่อนหน้า แก้แล้วส่งมาเป็น question ใหม่ได้")
    carried: bool = Field(default=False, description="มีถ้อยคำจากคำถามก่อนหน้าอยู่ใน text")
    without: list[str] = Field(default=[], description="ที่ขอไว้ว่าไม่ให้ตีความ")
    filter: dict[str, Any]
    understood: Understood


class Citation(BaseModel):
    """Where quoted words stand: the characters from start to end (0-based, end exclusive) of the document."""

    n: int
    document_id: str
    source: str
    title: str
    date: str | None
    status: Standing | None = Field(default=None, description=STATUS)
    page: int | None
    section: list[str]
    quote: str
    start: int
    end: int
    doubt: Doubt | None = Field(
        default=None,
        description="ควรเทียบกับต้นฉบับเพราะ: ocr เครื่องอ่านจากภาพ, hidden มองไม่เห็นในต้นฉบับ",
    )
    link: str = Field(description="เปิดเอกสารที่ถ้อยคำนี้: ที่อยู่ในเซิร์ฟเวอร์นี้ หรือที่อยู่เต็มถ้าตั้ง public_url ไว้", examples=[_LINK])
    url: str | None
    others: list["Named"] = Field(default=[], description="เอกสารอื่นที่มีถ้อยคำเดียวกัน และฉบับร่างของรายงานการประชุมที่อ้าง")
    removed: bool = Field(default=False, description="เอกสารถูกนำออกจากคลังแล้ว ไม่มีถ้อยคำเหลือ (เฉพาะบทสนทนาที่เก็บไว้)")


class Named(BaseModel):
    """A document by its names: one that may help, or that says the same."""

    document_id: str
    source: str
    title: str
    date: str | None
    status: Standing | None = Field(default=None, description=STATUS)


class RefusalRead(BaseModel):
    """Why there is no answer."""

    reason: Reason
    message: str
    missing: list[str]
    nearest: list[Named]


class By(BaseModel):
    """Whose words an answer has: a language model's, held to the quotes, or the archive's own."""

    path: Literal["model", "extractive"]
    model: str | None = Field(description="โมเดลที่เรียบเรียงคำตอบ", examples=["openai:qwen3"])
    fallback: Fallback | None = Field(description="เหตุที่ไม่ใช้ถ้อยคำของโมเดล หรือใช้ได้เพียงบางส่วน")
    dropped: int = Field(description="จำนวนข้อความของโมเดลที่ตัดออก เพราะถ้อยคำที่อ้างไม่รองรับ")


class Reply(BaseModel):
    """An answer with its sources, or a refusal; never both."""

    answered: bool
    language: Language
    answer: str
    refusal: RefusalRead | None
    query: QueryRead
    citations: list[Citation]
    by: By | None
    conversation_id: str | None = Field(default=None, description="บทสนทนาที่เก็บคำถามนี้ไว้ null คือไม่เก็บ")
    n: int | None = Field(default=None, description="คำถามที่เท่าไรของบทสนทนา นับจาก 1 ใช้กับ /v1/feedback null คือไม่เก็บ")
    unkept: str | None = Field(default=None, description="เหตุที่เก็บไว้ในบทสนทนาไม่ได้ เช่น ดิสก์เต็ม คำตอบใช้ได้ตามปกติ")


class Hit(BaseModel):
    """A passage that a search found: the characters from start to end (0-based, end exclusive) of the document."""

    document_id: str
    source: str
    title: str
    status: Standing | None = Field(description=STATUS)
    text: str
    score: float = Field(description="น่าจะตอบคำค้นเพียงใด 0 ถึง 1")
    section: list[str]
    page: int | None
    start: int
    end: int
    doubt: Doubt | None = Field(
        default=None,
        description="ควรเทียบกับต้นฉบับเพราะ: ocr เครื่องอ่านจากภาพ, hidden มองไม่เห็นในต้นฉบับ",
    )
    others: list[Named] = Field(description="เอกสารอื่นที่มีข้อความเดียวกัน")


class Hits(BaseModel):
    """What a search found, best first."""

    hits: list[Hit]


class Verified(BaseModel):
    """Whether a quote stands in a document; where it does, its exact words and their place there."""

    stands: bool
    document_id: str
    page: int | None
    start: int | None = Field(description="อักขระแรก นับจาก 0 ในข้อความของเอกสาร")
    end: int | None = Field(description="อักขระถัดจากตัวสุดท้าย")
    quote: str | None = Field(description="ถ้อยคำในเอกสารตามตัวอักษร")
    doubt: Doubt | None = Field(
        default=None,
        description="ควรเทียบกับต้นฉบับเพราะ: ocr เครื่องอ่านจากภาพ, hidden มองไม่เห็นในต้นฉบับ",
    )
    link: str | None = Field(examples=[_LINK])


class KeptReply(Reply):
    """A question that was asked in a kept conversation, and its reply; `n` counts from 1, `at` is UTC."""

    n: int = Field()
    asked: str
    at: str


class Conversation(BaseModel):
    """A kept conversation, the oldest turn first; `total` is how many turns there are in all."""

    conversation_id: str
    total: int
    turns: list[KeptReply]


class VersionRead(BaseModel):
    """One version of a source; `added_at` is UTC."""

    document_id: str
    source: str
    title: str
    version: int
    added_at: str
    current: bool


class Versions(BaseModel):
    """The versions of a source, the earliest first; `total` is how many there are in all."""

    source: str
    total: int
    versions: list[VersionRead]


class Erased(BaseModel):
    """What was erased with a document that was removed; `at` is UTC."""

    source: str
    title: str
    documents: list[str] = Field(description="รหัสของทุกฉบับที่ลบ")
    versions: int
    passages: int = Field(description="ช่วงข้อความและเวกเตอร์ที่ลบ")
    copies: int = Field(description="ความเชื่อมโยงกับเอกสารที่คล้ายกันที่ลบ")
    turns: int = Field(description="คำถามในบทสนทนาที่เก็บไว้ ซึ่งตัดถ้อยคำของเอกสารนี้ออกแล้ว")
    at: str
    indexes: Literal["clean", "rebuilding"] = Field(
        description="clean: ไม่เหลือในไฟล์ดัชนีแล้ว · rebuilding: กำลังสร้างดัชนีใหม่ (ค้นไม่พบแล้ว ดูใน /readyz ว่าเสร็จเมื่อไร)"
    )


class ErasedScan(BaseModel):
    """The name of a scan that was never read, which was erased."""

    source: str
    indexes: Literal["clean"]


class Begun(BaseModel):
    """A new conversation."""

    conversation_id: str


class ResolutionRead(BaseModel):
    """What a meeting resolved: the characters from start to end (0-based, end exclusive) of the document."""

    document_id: str
    source: str
    meeting: str
    date: str | None = Field(description="วันที่ประชุม")
    place: str | None
    section: list[str] = Field(description="วาระ")
    decision: str = Field(description="ถ้อยคำในเอกสารตามตัวอักษร")
    assigned: list[str] = Field(description="ผู้รับผิดชอบ ตามถ้อยคำในเอกสาร")
    due: str | None = Field(description="วันสุดท้าย ปี-เดือน-วัน ค.ศ. null คือเอกสารไม่บอกเป็นวันที่", examples=["2023-03-05"])
    due_said: str | None = Field(description="กำหนดตามถ้อยคำในเอกสาร", examples=["ภายในวันที่ 5 มีนาคม 2566"])
    page: int | None
    start: int
    end: int
    link: str = Field(examples=[_LINK])


class RegisterQuery(BaseModel):
    """What is asked of the register; of several values of one name any will do."""

    model_config = ConfigDict(extra="forbid")

    province: list[str] = Field(default=[], max_length=100, examples=[["เลย"]])
    district: list[str] = Field(default=[], max_length=100)
    organisation: list[str] = Field(default=[], max_length=100)
    year: list[int] = Field(default=[], max_length=100, description="พ.ศ. หรือ ค.ศ.")
    document: list[str] = Field(default=[], max_length=100, description="รหัสหรือชื่อเอกสาร")
    text: str = Field(default="", max_length=1000, description="คำในมติ วาระ หรือชื่อผู้รับผิดชอบ")
    due_before: str = Field(default="", max_length=100, description="กำหนดเสร็จก่อนวันนี้", examples=["2566-03-31"])
    due: Due | None = Field(default=None, description="เลยกำหนด ใกล้ถึง (ภายใน 30 วัน) ยังไม่ถึง หรือไม่ได้กำหนดวัน")
    sort: Order = Field(default="-date", description="เรียงตามวันประชุม กำหนด หรือชื่อการประชุม (- คือจากมากไปน้อย)")
    limit: int = Field(default=100, ge=1, le=1000)
    offset: int = Field(default=0, ge=0, le=10**9)

    def fields(self) -> dict[str, Any]:
        """As `ui.register.sought` takes them, but for the documents."""
        wanted = {"provinces": self.province, "districts": self.district, "organisations": self.organisation}
        return {**wanted, "years": self.year, "text": self.text, "due_before": self.due_before, "due": self.due}


class Register(BaseModel):
    """Resolutions, the newest meeting first; `total` is how many there are in all."""

    total: int
    resolutions: list[ResolutionRead]


class Health(BaseModel):
    """The program runs."""

    status: Literal["ok"]


class Ready(BaseModel):
    """Whether the archive can be relied on, and how it stands."""

    ready: bool
    reasons: dict[str, str] = Field(description="เหตุที่ไม่พร้อม ตามส่วน: record index disk")
    degraded: dict[str, str] = Field(description="ส่วนอื่นที่ขัดข้องโดยยังตอบได้")
    documents: int
    passages: int
    index: Literal["ready", "exact"]
    embedding_model: str
    language_model: str | None
    personal: Literal["masked", "hidden", "kept"]
    problem: str | None
    unswept: str | None = Field(description="มีข้อมูลที่ลบแล้วค้างในไฟล์ดัชนีตั้งแต่เมื่อไร")


class Version(BaseModel):
    """What is running."""

    program: str
    api: str
    record: int = Field(description="schema ของฐานข้อมูล", alias="schema")
    embedding_model: str


class Fault(BaseModel):
    """A field that cannot be used."""

    field: str
    message: str


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str = Field(description="รหัสคงที่สำหรับโปรแกรม", examples=["question_empty"])
    detail: str = Field(description="ประโยคสำหรับคนอ่าน บอกว่าต้องทำอย่างไร")
    request_id: str
    errors: list[Fault] = Field(default=[], description="ฟิลด์ที่ผิด (เฉพาะ invalid_request)")
