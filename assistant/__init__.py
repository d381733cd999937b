"""A question's way out of the archive: understood, searched, answered in quoted words, or refused."""

from assistant.chat import Assistant
from assistant.errors import AssistantError, ModelError, ModelMisset, ModelUnavailable, QuestionEmpty, QuestionTooLong
from assistant.types import Answer, Citation, Query, Refusal, Turn

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Citation",
    "ModelError",
    "ModelMisset",
    "ModelUnavailable",
    "Query",
    "QuestionEmpty",
    "QuestionTooLong",
    "Refusal",
    "Turn",
]
