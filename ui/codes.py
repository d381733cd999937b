"""Every code of a problem that the API may answer with: its HTTP status, and what it means to whoever writes a client."""

CODES: dict[str, tuple[int, str]] = {
    "http_error": (400, "อ่านคำขอไม่ได้ ดู detail"),
    "invalid_encoding": (400, "เนื้อหาไม่ใช่ UTF-8 (422 เมื่อเป็นไฟล์ข้อความที่บอกรหัสอักขระไม่ได้)"),
    "too_deep": (400, "JSON ซ้อนกันลึกเกินไป"),
    "duplicate_field": (400, "ฟิลด์ซ้ำใน JSON"),
    "invalid_number": (400, "NaN หรือ Infinity ใน JSON"),
    "idempotency_key_invalid": (400, "Idempotency-Key ไม่ใช่ชื่อที่ใช้ได้"),
    "last_message_not_user": (400, "ข้อความสุดท้ายต้องเป็นของ user"),
    "unsupported_content": (400, "รับเฉพาะข้อความ ไม่รับภาพ เสียง หรือไฟล์"),
    "unsupported_value": (400, "ขอสิ่งที่คลังให้ไม่ได้ ดู param"),
    "url_forbidden": (400, "ไม่รับเอกสารจากที่อยู่นี้"),
    "login_required": (401, "ต้องเข้าสู่ระบบ หรือส่งกุญแจ"),
    "key_invalid": (401, "กุญแจไม่ถูกต้อง หรือถูกเพิกถอนแล้ว"),
    "key_expired": (401, "กุญแจหมดอายุ"),
    "key_in_query": (401, "กุญแจอยู่ในที่อยู่ ให้ส่งใน Authorization"),
    "not_allowed": (403, "สิทธิ์ไม่พอ"),
    "missing_scope": (403, "กุญแจนี้ทำสิ่งนี้ไม่ได้"),
    "foreign_host": (403, "เปิดรับเฉพาะเครื่องนี้"),
    "foreign_origin": (403, "คำสั่งมาจากหน้าเว็บอื่น"),
    "not_found": (404, "ไม่มีที่อยู่นี้"),
    "unknown_document": (404, "ไม่มีเอกสารนี้ หรือไม่มีสิทธิ์เห็น"),
    "unknown_account": (404, "ไม่มีบัญชีนี้"),
    "unknown_conversation": (404, "ไม่มีบทสนทนานี้ หรือเป็นของผู้อื่น"),
    "unknown_turn": (404, "ไม่มีคำถามข้อนี้ในบทสนทนา"),
    "model_not_found": (404, "ไม่มีโมเดลนี้"),
    "method_not_allowed": (405, "ที่อยู่นี้ไม่รับคำสั่งนี้ ดู Allow"),
    "too_slow": (408, "ส่งเนื้อหาช้าเกินไป"),
    "abandoned": (499, "ผู้ถามไปก่อนได้คำตอบ ไม่มีใครได้รับรหัสนี้"),
    "conversation_full": (409, "บทสนทนาเต็ม เริ่มใหม่"),
    "still_running": (409, "คำขอที่ใช้ Idempotency-Key นี้ยังทำอยู่"),
    "length_required": (411, "ต้องบอก Content-Length"),
    "changed": (412, "เอกสารไม่เป็นอย่างที่ If-Match หรือ If-None-Match บอก"),
    "too_large": (413, "ใหญ่เกินกำหนด"),
    "invalid_request": (422, "ฟิลด์ผิด ดู errors"),
    "question_empty": (422, "ไม่มีคำถาม"),
    "question_too_long": (422, "คำถามยาวเกินไป"),
    "quote_length": (422, "ถ้อยคำสั้นหรือยาวเกินไป"),
    "unknown_day": (422, "ไม่ใช่วันที่"),
    "misnamed_conversation": (422, "ชื่อบทสนทนาใช้ไม่ได้"),
    "account_refused": (422, "บัญชีนี้ใช้ไม่ได้"),
    "backup_unusable": (422, "ไฟล์สำรองใช้ไม่ได้"),
    "idempotency_key_reused": (422, "Idempotency-Key นี้ใช้กับคำขออื่นแล้ว"),
    "unsupported_format": (422, "ไฟล์ชนิดที่ยังอ่านไม่ได้"),
    "several_documents": (422, "มีเอกสารหลายฉบับในไฟล์เดียว"),
    "nested_archive": (422, "ZIP ซ้อน ZIP"),
    "converter_missing": (422, "ต้องมี LibreOffice"),
    "corrupt": (422, "ไฟล์เสียหาย"),
    "type_mismatch": (422, "ชื่อกับเนื้อในเป็นไฟล์คนละชนิด"),
    "xml_dtd_forbidden": (422, "XML ที่มี DOCTYPE"),
    "invalid_record": (422, "บรรทัดของ JSON Lines ไม่เป็นเอกสาร"),
    "encrypted": (422, "ไฟล์มีรหัสผ่าน"),
    "empty_file": (422, "ไม่มีข้อความ"),
    "no_text_layer": (422, "เป็นภาพสแกน อ่านตัวอักษรไม่ได้"),
    "unreachable": (422, "เปิดไฟล์ไม่ได้"),
    "timeout": (422, "อ่านนานเกินกำหนด"),
    "ingest_error": (422, "อ่านไฟล์ไม่ได้"),
    "rate_limited": (429, "ถามถี่เกินกำหนด รอตาม Retry-After"),
    "internal_error": (500, "ผิดพลาดภายใน แจ้งผู้ดูแลพร้อม request_id"),
    "model_misset": (500, "ตั้งค่าโมเดลภาษาไม่ถูก"),
    "assistant_error": (500, "ตอบไม่ได้"),
    "archive_error": (500, "คลังขัดข้อง"),
    "settings": (500, "การตั้งค่าใช้ไม่ได้"),
    "model_unavailable": (502, "ติดต่อโมเดลภาษาไม่ได้"),
    "url_unreachable": (502, "ที่อยู่เว็บไม่ตอบ"),
    "busy": (503, "มีผู้ถามพร้อมกันมาก รอตาม Retry-After"),
    "archive_locked": (503, "โปรแกรมอื่นใช้คลังอยู่"),
    "index_mismatch": (503, "ดัชนีสร้างด้วยโมเดลเวกเตอร์อื่น"),
    "embedder_unavailable": (503, "ไม่มีโมเดลเวกเตอร์ในเครื่อง"),
    "reader_unavailable": (503, "เริ่มกระบวนการอ่านไฟล์ไม่ได้"),
    "archive_unusable": (507, "เปิดหรือเขียนฐานข้อมูลไม่ได้ เช่น ดิสก์เต็ม"),
    "backup_failed": (507, "สำรองไม่สำเร็จ"),
}
ALSO = {"invalid_encoding": 422}
"""A further status of a code, where it has one."""
ALWAYS = (
    *("login_required", "key_invalid", "key_expired", "key_in_query", "not_allowed", "missing_scope", "foreign_host"),
    *("not_found", "length_required", "too_large", "invalid_request", "rate_limited", "internal_error", "busy"),
    *("archive_error", "archive_unusable"),
)
"""What any path may answer with, whatever is asked."""
CHANGES = ("foreign_origin", "http_error", "invalid_encoding", "duplicate_field", "invalid_number", "too_deep", "too_slow")
"""What any path may that takes a body."""
ASKING = ("question_empty", "question_too_long", "misnamed_conversation", "unknown_conversation", "conversation_full")
"""What asking may answer with."""
AGAIN = ("idempotency_key_invalid", "idempotency_key_reused", "still_running")
"""What a change may that is asked for under an Idempotency-Key."""
FILES = (
    *("unsupported_format", "several_documents", "nested_archive", "converter_missing", "corrupt", "type_mismatch"),
    *("xml_dtd_forbidden", "invalid_encoding", "invalid_record", "encrypted", "empty_file", "no_text_layer", "unreachable"),
    *("timeout", "url_forbidden", "url_unreachable", "reader_unavailable"),
)
"""What a file or an address may be refused for."""
