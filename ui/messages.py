"""What a person reads when something is refused or fails: one table of codes, statuses and sentences."""

import errno
from dataclasses import dataclass

from assistant.errors import (
    Abandoned,
    AssistantError,
    ModelMisset,
    ModelUnavailable,
    QuestionEmpty,
    QuestionTooLong,
    SourceWithdrawn,
)
from assistant.types import Answer, Fallback, Language, Reason, Refusal
from ingest.errors import IngestError
from ingest.outcome import Failure, failed
from ui.settings import SettingsError
from vectorstore.errors import (
    AccountRefused,
    BackupFailed,
    BackupUnusable,
    ConversationFull,
    DiskFull,
    EmbedderUnavailable,
    IndexMismatch,
    IndexUnavailable,
    LimitedDocument,
    MisnamedConversation,
    StoreError,
    StoreLocked,
    StoreUnusable,
    UnknownAccount,
    UnknownConversation,
    UnknownDocument,
    UnknownTurn,
)
from vectorstore.status import Index


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as the API tells it: a stable code, an HTTP status and a sentence for people."""

    code: str
    status: int
    detail: str


_CODES: tuple[tuple[type[Exception], str, int], ...] = (
    (QuestionEmpty, "question_empty", 422),
    (QuestionTooLong, "question_too_long", 422),
    (Abandoned, "abandoned", 499),
    (SourceWithdrawn, "source_withdrawn", 409),
    (ModelMisset, "model_misset", 500),
    (ModelUnavailable, "model_unavailable", 502),
    (AssistantError, "assistant_error", 500),
    (UnknownDocument, "unknown_document", 404),
    (LimitedDocument, "not_allowed", 403),
    (UnknownAccount, "unknown_account", 404),
    (AccountRefused, "account_refused", 422),
    (UnknownConversation, "unknown_conversation", 404),
    (UnknownTurn, "unknown_turn", 404),
    (MisnamedConversation, "misnamed_conversation", 422),
    (ConversationFull, "conversation_full", 409),
    (StoreLocked, "archive_locked", 503),
    (IndexMismatch, "index_mismatch", 503),
    (IndexUnavailable, "index_unavailable", 503),
    (EmbedderUnavailable, "embedder_unavailable", 503),
    (DiskFull, "disk_full", 507),
    (StoreUnusable, "archive_unusable", 507),
    (BackupFailed, "backup_failed", 507),
    (BackupUnusable, "backup_unusable", 422),
    (StoreError, "archive_error", 500),
    (SettingsError, "settings", 500),
)
"""Most specific first."""


NO_ROOM = "ดิสก์ของเครื่องที่เปิดโปรแกรมเต็ม จึงรับไว้ไม่ได้ สิ่งที่อยู่ในคลังยังอยู่ครบและถามได้ตามเดิม เพิ่มที่ว่างในดิสก์ (รวมโฟลเดอร์ชั่วคราว) แล้วทำใหม่"
_FULL = {errno.ENOSPC, errno.EDQUOT}
UNKEPT = "เก็บคำถามและคำตอบนี้ไว้ในบทสนทนาไม่ได้ คำถามต่อไปจึงไม่รู้ว่าถามเรื่องนี้แล้ว: {why}"


def is_full(error: BaseException) -> bool:
    """Whether something went wrong because a disk, the archive's or that of temporary files, is full."""
    return (
        isinstance(error, DiskFull)
        or (isinstance(error, OSError) and error.errno in _FULL)
        or (error.__cause__ is not None and is_full(error.__cause__))
    )


def problem(error: Exception) -> Problem:
    """How to tell `error`, which must be one of ours."""
    if isinstance(error, IngestError):
        return failure(failed(error))
    code, status = next((code, status) for kind, code, status in _CODES if isinstance(error, kind))
    return Problem(code, status, str(error))


_STATUSES = {"too_large": 413, "url_forbidden": 400, "url_unreachable": 502, "reader_unavailable": 503}
"""Of documents that cannot be taken in; 422 for all others."""


def failure(told: Failure) -> Problem:
    """How to tell that a document could not be taken in."""
    return Problem(told.code, _STATUSES.get(told.code, 422), told.reason)


_REFUSALS: dict[Reason, dict[Language, str]] = {
    "not_in_archive": {"th": "ไม่พบคำตอบในเอกสารที่มีอยู่ในคลัง", "en": "The documents in this archive do not hold the answer."},
    "detail_not_found": {
        "th": "คลังมีเอกสารเรื่องนี้ แต่ไม่พบรายละเอียดที่ถาม",
        "en": "The archive has documents on this subject, but not the detail asked for.",
    },
    "unreadable_scan": {
        "th": "อาจอยู่ในเอกสารที่เป็นภาพสแกน ซึ่งคลังยังอ่านตัวอักษรไม่ได้ โปรดเปิดไฟล์ต้นฉบับ หรือทำ OCR แล้วเพิ่มใหม่",
        "en": "It may be in a scan that the archive cannot read yet. Please open the original, or add it again after OCR.",
    },
    "no_question": {
        "th": "ยินดีช่วยค้นเอกสาร พิมพ์สิ่งที่อยากรู้ เช่น ที่ประชุมมีมติเรื่องงบประมาณว่าอย่างไร",
        "en": "Ask about the documents, for example: What did the meeting resolve about the budget?",
    },
    "personal_data": {
        "th": "ถามคลังไม่ให้ข้อมูลส่วนบุคคล เช่น เบอร์โทรศัพท์ เลขบัตร หรือที่อยู่ โปรดติดต่อหน่วยงานเจ้าของเรื่องโดยตรง",
        "en": "Personal data (telephone or identity numbers, home addresses) is not given out. Please ask the office.",
    },
    "empty_archive": {
        "th": "คลังยังไม่มีเอกสาร ผู้ดูแลเพิ่มได้ที่หน้าเอกสาร หรือด้วยคำสั่ง thamkhlang add โฟลเดอร์เอกสาร",
        "en": "The archive has no documents yet. Add some with: thamkhlang add FOLDER",
    },
}
_MISSING = {"th": "สิ่งที่ไม่พบ: ", "en": "Not found: "}
_SCANS = {"th": "ไฟล์: ", "en": "Files: "}


def refusal(refused: Refusal) -> str:
    """The sentence for a refusal, with what was not found."""
    language = refused.query.language
    sentence = _REFUSALS[refused.reason][language]
    names = (_SCANS if refused.reason == "unreadable_scan" else _MISSING)[language]
    return sentence + (f" ({names}{', '.join(refused.missing)})" if refused.missing else "")


_FALLBACKS: dict[Fallback, dict[Language, str]] = {
    "unsupported": {"th": "เอกสารไม่รองรับถ้อยคำของโมเดล", "en": "the documents do not bear the model's words"},
    "timeout": {"th": "โมเดลตอบไม่ทันเวลา", "en": "the model took too long"},
    "unavailable": {"th": "ติดต่อโมเดลไม่ได้หรือโมเดลขัดข้อง", "en": "the model could not be reached or failed"},
    "rate_limited": {"th": "โมเดลมีผู้ใช้มากเกินกำหนด", "en": "the model has too many requests"},
    "refused": {"th": "โมเดลปฏิเสธที่จะตอบ", "en": "the model declined"},
    "misset": {"th": "กุญแจหรือชื่อโมเดลไม่ถูกต้อง โปรดแจ้งผู้ดูแล", "en": "the model's key or name is wrong; please tell the operator"},
    "empty": {"th": "โมเดลไม่ได้ให้คำตอบ", "en": "the model gave no answer"},
    "garbled": {"th": "โมเดลส่งข้อมูลที่อ่านไม่ได้", "en": "the model sent what cannot be read"},
    "too_long": {"th": "โมเดลตอบยาวเกินกำหนด", "en": "the model did not stop"},
}
_WORDED: dict[Language, str] = {
    "th": "เรียบเรียงโดย {model} จากถ้อยคำที่อ้าง",
    "en": "Worded by {model} from the words cited",
}
_DROPPED: dict[Language, str] = {"th": "ตัดออก {count} ข้อความที่เอกสารไม่รองรับ", "en": "{count} unsupported sentences taken out"}
_SHORT: dict[Language, str] = {"th": "อาจไม่ครบ: {why}", "en": "may be incomplete: {why}"}
_OWN: dict[Language, str] = {"th": "ใช้ถ้อยคำในเอกสารล้วน: {why}", "en": "The documents' own words: {why}"}


def whose_words(reply: Answer) -> str:
    """On one line whose words an answer has, what was taken out of them and why; '' where no language model was asked."""
    return worded_by(reply.query.language, reply.by, reply.fallback, reply.dropped)


def worded_by(language: Language, model: str | None, fallback: Fallback | None, dropped: int) -> str:
    """The same, of an answer's fields."""
    why = _FALLBACKS[fallback][language] if fallback else ""
    if not model:
        return _OWN[language].format(why=why) if why else ""
    parts = [_WORDED[language].format(model=model)]
    parts += [_DROPPED[language].format(count=dropped)] if dropped else []
    parts += [_SHORT[language].format(why=why)] if why else []
    return " · ".join(parts)


_NOTICES: dict[Index, dict[Language, str]] = {
    "exact": {
        "th": "กำลังสร้างดัชนีใหม่ ระหว่างนี้ค้นเวกเตอร์ทีละรายการ คำตอบครบเหมือนเดิมแต่อาจช้าลง เอกสารที่เพิ่งเพิ่มจะค้นพบเมื่อสร้างเสร็จ",
        "en": "The indexes are being built anew. Until then answers may be slower, and new documents are not found.",
    },
    "words_missing": {
        "th": "กำลังสร้างดัชนีใหม่ ระหว่างนี้ค้นด้วยความหมายอย่างเดียว คำตอบอาจไม่ครบ โปรดถามอีกครั้งเมื่อสร้างเสร็จ",
        "en": "The indexes are being built anew. Until then only meaning is searched, not words: please ask again later.",
    },
    "vectors_missing": {
        "th": "กำลังสร้างดัชนีใหม่ ระหว่างนี้ค้นด้วยคำอย่างเดียว คำตอบอาจไม่ครบ โปรดถามอีกครั้งเมื่อสร้างเสร็จ",
        "en": "The indexes are being built anew. Until then only words are searched, not meaning: please ask again later.",
    },
    "ready": {"th": "", "en": ""},
}


def notice(standing: Index | None, language: Language = "th") -> str | None:
    """The sentence beside an answer that was found otherwise than usual; None where there is nothing to tell."""
    return _NOTICES[standing][language] or None if standing else None
