"""What a person reads when something is refused or fails: one table of codes, statuses and sentences."""

from dataclasses import dataclass

from assistant.errors import AssistantError, ModelMisset, ModelUnavailable, QuestionEmpty, QuestionTooLong
from assistant.types import Language, Reason, Refusal
from ingest.errors import IngestError
from ui.settings import SettingsError
from vectorstore.errors import (
    ConversationFull,
    EmbedderUnavailable,
    IndexMismatch,
    MisnamedConversation,
    StoreError,
    StoreLocked,
    StoreUnusable,
    UnknownConversation,
    UnknownDocument,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as the API tells it: a stable code, an HTTP status and a sentence for people."""

    code: str
    status: int
    detail: str


_CODES: tuple[tuple[type[Exception], str, int], ...] = (
    (QuestionEmpty, "question_empty", 422),
    (QuestionTooLong, "question_too_long", 422),
    (ModelMisset, "model_misset", 500),
    (ModelUnavailable, "model_unavailable", 502),
    (AssistantError, "assistant_error", 500),
    (UnknownDocument, "unknown_document", 404),
    (UnknownConversation, "unknown_conversation", 404),
    (MisnamedConversation, "misnamed_conversation", 422),
    (ConversationFull, "conversation_full", 409),
    (StoreLocked, "archive_locked", 503),
    (IndexMismatch, "index_mismatch", 503),
    (EmbedderUnavailable, "embedder_unavailable", 503),
    (StoreUnusable, "archive_unusable", 507),
    (StoreError, "archive_error", 500),
    (SettingsError, "settings", 500),
)
"""Most specific first."""


def problem(error: Exception) -> Problem:
    """How to tell `error`, which must be one of ours."""
    if isinstance(error, IngestError):
        return Problem(error.code, 413 if error.code == "too_large" else 422, str(error))
    code, status = next((code, status) for kind, code, status in _CODES if isinstance(error, kind))
    return Problem(code, status, str(error))


_REFUSALS: dict[Reason, dict[Language, str]] = {
    "not_in_archive": {"th": "ไม่พบคำตอบในเอกสารที่มีอยู่ในคลัง", "en": "The documents in this archive do not hold the answer."},
    "detail_not_found": {
        "th": "คลังมีเอกสารเรื่องนี้ แต่ไม่พบรายละเอียดที่ถาม",
        "en": "The archive has documents on this subject, but not the detail asked for.",
    },
    "personal_data": {
        "th": "ถามคลังไม่ให้ข้อมูลส่วนบุคคล เช่น เบอร์โทรศัพท์ เลขบัตร หรือที่อยู่ โปรดติดต่อหน่วยงานเจ้าของเรื่องโดยตรง",
        "en": "Personal data (telephone or identity numbers, home addresses) is not given out. Please ask the office.",
    },
    "empty_archive": {
        "th": "คลังยังไม่มีเอกสาร เพิ่มด้วยคำสั่ง thamkhlang add โฟลเดอร์เอกสาร แล้วถามใหม่",
        "en": "The archive has no documents yet. Add some with: thamkhlang add FOLDER",
    },
}
_MISSING = {"th": "สิ่งที่ไม่พบ: ", "en": "Not found: "}


def refusal(refused: Refusal) -> str:
    """The sentence for a refusal, with what was not found."""
    language = refused.query.language
    sentence = _REFUSALS[refused.reason][language]
    return sentence + (f" ({_MISSING[language]}{', '.join(refused.missing)})" if refused.missing else "")
