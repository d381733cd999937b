"""What a document says to a language model, not to its reader: it is shown to none and bears nothing."""

import re

_ORDER = re.compile(
    "(?:ลืม|ละเลย|เพิกเฉย|ละทิ้ง|ยกเลิก|ไม่ต้องสนใจ|ไม่สนใจ|อย่าสนใจ|ข้าม) ?(?:ต่อ)?(?:คำสั่ง|กติกา|ข้อความ|คำแนะนำ)"
    "(?:ก่อนหน้า|ข้างต้น|เดิม|ที่ผ่านมา|ทั้งหมด|ทั้งหลาย|ระบบ)"
    "|(?:จง|ให้|โปรด|ต้อง|กรุณา) ?ตอบ(?:เพียง|แค่|เสมอ)?ว่า|(?:เปิดเผย|แสดง|บอก) ?(?:system prompt|พรอมป|คำสั่งระบบ)"
    "|(?:ignore|disregard|forget|override) (?:all |any |the |your |of )*(?:previous|prior|above|earlier|preceding|system)"
    "|(?:reveal|print|show|repeat) (?:your |the )*system prompt|you are now |new instructions? *:"
    "|<\\|?(?:im_start|system|assistant)|\\[/?INST\\]|(?:respond|reply|answer) (?:only )?(?:with|that) [\"“'‘]",
    re.IGNORECASE,
)
"""The turns of phrase of such orders. No list has them all: what a model says is checked whatever it obeyed."""
_GONE = "…"


def obeyable(text: str) -> str:
    """`text` without what gives orders to a model: from such a phrase to the end of its line."""
    return "\n".join(_cut(line) for line in text.split("\n")) if _ORDER.search(text) else text


def _cut(line: str) -> str:
    found = _ORDER.search(line)
    return line[: found.start()] + _GONE if found else line
