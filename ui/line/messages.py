"""What is said on LINE, as message objects. Two postbacks are read: `answer=<id>` shows a kept answer, `ask=<question>` asks.

Where a group's follow-ups are buttons they have to be the latter: a text without a mention is not for the bot.
"""

from collections.abc import Sequence
from typing import Any

Message = dict[str, Any]


def messages(reply: dict[str, Any], *, links: str, follow_ups: Sequence[str] = (), answer_id: str = "") -> list[Message]:
    """A reply (the API's object) as 1 to 5 messages."""
    said = reply["answer"] or reply["refusal"]["message"]
    return [_text(said[:4900])]


def welcome() -> list[Message]:
    """What a new friend or group is told."""
    return [_text("สวัสดีค่ะ พิมพ์คำถามเกี่ยวกับเอกสารในคลังได้เลย")]


def consent() -> list[Message]:
    """What is kept of people, and how it is erased."""
    return [_text("ระบบเก็บคำถามและคำตอบไว้เพื่อให้ถามต่อได้ พิมพ์ ลบข้อมูลของฉัน เพื่อลบทั้งหมด")]


def later(answer_id: str) -> list[Message]:
    """That the answer takes longer, with a button that shows it."""
    action = {"type": "postback", "label": "ดูคำตอบ", "data": f"answer={answer_id}", "displayText": "ดูคำตอบ"}
    return [_text("กำลังค้นหา กดดูคำตอบในอีกสักครู่") | {"quickReply": {"items": [{"type": "action", "action": action}]}}]


def only_text() -> list[Message]:
    """That only texts are read."""
    return [_text("ตอนนี้รับเฉพาะข้อความ")]


def failed() -> list[Message]:
    """That something went wrong."""
    return [_text("ขออภัย เกิดข้อผิดพลาด โปรดลองใหม่อีกครั้ง")]


def forgotten() -> list[Message]:
    """That all that was kept of whoever asked is erased."""
    return [_text("ลบข้อมูลของท่านแล้ว")]


def _text(words: str) -> Message:
    return {"type": "text", "text": words}
