"""What can go wrong between a question and its answer.

AssistantError
├── QuestionEmpty      nothing was asked
├── QuestionTooLong    more than a question
├── Abandoned          nobody waits for the answer any more
├── SourceWithdrawn    a document was removed or limited while it was quoted
└── ModelError         the language model did not serve; the archive's own words still answer
    ├── ModelUnavailable  not installed, not reachable or refusing
    └── ModelMisset       the setting names no model
"""

from assistant.types import Fallback


class AssistantError(Exception):
    """Something about a question or its answering that a person can act on."""


class QuestionEmpty(AssistantError):
    """Nothing was asked."""


class QuestionTooLong(AssistantError):
    """More text than a question has."""


class Abandoned(AssistantError):
    """Whoever asked has gone: nothing more is done for them."""


class SourceWithdrawn(AssistantError):
    """A document that the answer names was removed, or limited to others, while the answer was made."""

    def __init__(self) -> None:
        super().__init__("เอกสารที่ใช้ตอบถูกนำออก หรือจำกัดให้เห็นเฉพาะบางกลุ่ม ระหว่างที่กำลังตอบ ถามใหม่อีกครั้ง")


class ModelError(AssistantError):
    """The language model did not serve."""


class ModelUnavailable(ModelError):
    """The model is not reachable, answers with an error or too slowly; `code` tells which."""

    def __init__(self, message: str, code: Fallback = "unavailable") -> None:
        super().__init__(message)
        self.code: Fallback = code


class ModelMisset(ModelError):
    """The model's setting cannot be used: unknown provider, missing package, missing key."""
