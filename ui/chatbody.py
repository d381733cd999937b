"""What OpenAI's clients send to ask: of a chat completion's request what an archive can heed, the rest ignored or refused."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.types import Turn
from ui.bodies import FilterBody
from ui.openai import MODELS, NOTICE, SOURCES

MOST_READ = 20
"""How many messages before the question are read: ten questions and their answers."""
_TASK = "### Task:"
"""How Open WebUI begins what it asks a language model for on the side: a title, tags, what may be asked next."""


class _Sent(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Part(_Sent):
    """A part of a message; a question has parts of the type `text` alone."""

    type: str = Field(max_length=100, examples=["text"])
    text: str | None = None


class Message(_Sent):
    """One message; those of the roles system, developer, tool and function are read by nobody."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = Field(default=None, examples=["ที่ประชุมมีมติเรื่องงบประมาณว่าอย่างไร"])

    def text(self) -> str:
        """Its words; parts of several stand below each other."""
        if isinstance(self.content, list):
            return "\n".join(part.text or "" for part in self.content if part.type == "text")
        return self.content or ""

    def is_text(self) -> bool:
        """Whether it is words alone."""
        return not isinstance(self.content, list) or all(part.type == "text" for part in self.content)


class StreamOptions(_Sent):
    """How to stream."""

    include_usage: bool | None = None


class ChatBody(_Sent):
    """A request for a chat completion: the last message is the question."""

    model: str = Field(
        max_length=200, description="thamkhlang หรือ thamkhlang-sources (ต่อท้ายคำตอบด้วยรายการที่มา)", examples=[MODELS[0]]
    )
    messages: list[Message] = Field(
        min_length=1,
        max_length=10_000,
        description=f"ข้อความสุดท้ายต้องเป็นของ user คือคำถาม · ก่อนหน้านั้นอ่านเฉพาะของ user และ assistant {MOST_READ} ข้อความล่าสุด "
        "เพื่อทำความเข้าใจคำถาม · system developer tool function ไม่มีผู้อ่าน เพราะคำตอบเป็นถ้อยคำในเอกสาร",
    )
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=None, description="1 เท่านั้น")
    response_format: dict[str, Any] | None = Field(default=None, description='{"type": "text"} เท่านั้น')
    tool_choice: str | dict[str, Any] | None = Field(default=None, description="none หรือ auto เท่านั้น (ไม่เรียกเครื่องมือใด)")
    filter: FilterBody = FilterBody()

    def fault(self) -> tuple[str, str, str] | None:
        """(field, code, sentence) of the first thing asked for that cannot be given; None where all can."""
        last = self.messages[-1]
        faults = (
            (
                self.model not in MODELS,
                ("model", "model_not_found", f"ไม่มีโมเดล {self.model!r} ที่มีคือ {' และ '.join(MODELS)}"),
            ),
            (
                last.role != "user",
                ("messages", "last_message_not_user", "ข้อความสุดท้ายต้องเป็นของ user คือคำถามที่ให้ตอบ"),
            ),
            (not last.is_text(), ("messages", "unsupported_content", "รับเฉพาะข้อความ (type: text) ไม่รับภาพ เสียง หรือไฟล์")),
            (self.n not in (None, 1), ("n", "unsupported_value", "คำถามหนึ่งได้คำตอบเดียว ไม่ต้องส่ง n หรือส่ง 1")),
            (
                self.response_format is not None and self.response_format.get("type") != "text",
                ("response_format", "unsupported_value", "คำตอบเป็นถ้อยคำในเอกสาร ขอเป็น JSON ตามแบบที่กำหนดไม่ได้"),
            ),
            (
                self.tool_choice not in (None, "none", "auto"),
                ("tool_choice", "unsupported_value", "ถามคลังไม่เรียกเครื่องมือใด บังคับให้เรียกไม่ได้"),
            ),
        )
        return next((told for is_wrong, told in faults if is_wrong), None)

    def question(self) -> str:
        """What is asked."""
        return self.messages[-1].text()

    def history(self) -> list[Turn]:
        """What was said before, as far as it is read; our answers without what was added to them as text."""
        turns: list[Turn] = []
        for one in self.messages[:-1]:
            text = one.text()
            if one.role == "user" and text:
                turns.append(Turn(role="user", content=text))
            elif one.role == "assistant" and (own := text.rsplit(NOTICE, 1)[0].rsplit(SOURCES, 1)[0]):
                turns.append(Turn(role="assistant", content=own))
        return turns[-MOST_READ:]

    def is_task(self) -> bool:
        """Whether this is no question to the archive but a chat program's request to a language model."""
        return self.question().lstrip().startswith(_TASK)

    def includes_usage(self) -> bool:
        """Whether a stream ends with what was used."""
        return bool(self.stream_options and self.stream_options.include_usage)
