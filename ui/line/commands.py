"""What a short text asks of the bot itself, and what the buttons of its messages send back."""

import re
from typing import Literal

from vectorstore import thai

Command = Literal["forget", "help", "consent"]
"""To erase what is kept of whoever asks; how this is used; what is kept of people."""
_LONGEST = 60
"""Characters of a command."""
_BEFORE = "(?:ขอ|ช่วย|กรุณา|โปรด|รบกวน|อยาก(?:จะ|ให้)?|ต้องการ(?:จะ|ให้)?|ให้|please|/)*"
_AFTER = "(?:ทั้งหมด|ทุกอย่าง|ออก|ที|ให้|หน่อย|ด้วย|เลย|นะ|ครับผม|ครับ|คับ|ค่ะ|คะ|จ้า|จ้ะ|please)*"
_WHOSE = "(?:ของ)?(?:ตัวเอง|ตัว)?(?:ดิฉัน|ฉัน|ชั้น|ผม|หนู|เรา|ข้าพเจ้า)"
_KEPT = "(?:ข้อม[ุู]ล|ประวัติ|บทสนทนา|คำถาม|การคุย|แชท)+(?:ส่วนตัว|ส่วนบุคคล|ทั้งหมด|ทุกอย่าง)*"
_SAID: tuple[tuple[Command, str], ...] = (
    ("forget", f"(?:ลบ|ล้าง){_KEPT}{_WHOSE}"),
    ("forget", "(?:delete|erase|remove|forget)(?:all)?(?:of)?my(?:personal)?(?:data|history|information|questions)"),
    ("forget", "forgetme|ลืม(?:ดิฉัน|ฉัน|ผม)"),
    ("consent", f"ลบ{_KEPT}|(?:นโยบาย)?ความเป็นส่วนตัว|ข้อม[ุู]ลส่วน(?:ตัว|บุคคล)|privacy(?:policy)?|pdpa"),
    ("help", "(?:ความ)?ช่วยเหลือ|วิธี(?:การ)?ใช้(?:งาน)?|ใช้(?:งาน)?(?:ยังไง|อย่างไร)|เมนู|help|menu|howto|start"),
)
_COMMANDS = tuple((name, re.compile(thai.toneless(f"{_BEFORE}(?:{said}){_AFTER}"))) for name, said in _SAID)
"""As they stand without tone marks, which are mistyped first."""
_PUNCTUATION = re.compile("[\"'“”‘’.,!?()ๆฯ…-]")
ANSWER, ASK, RIGHT, WRONG = "answer=", "ask=", "right=", "wrong="
"""What a button's data begin with; behind it stands the id of a kept answer, or the question that is asked."""


def command(text: str) -> Command | None:
    """What `text` asks for, where it says nothing else; None where it is a question, which may have the same words in it."""
    if len(text) > _LONGEST:
        return None
    said = thai.toneless(_PUNCTUATION.sub("", thai.fold(text)))
    return next((name for name, pattern in _COMMANDS if pattern.fullmatch(said)), None)


def rating(data: str) -> tuple[str, bool] | None:
    """(the id of the answer that a button speaks of, whether it fits what was asked); None where it speaks of none."""
    for begins, right in ((RIGHT, True), (WRONG, False)):
        if data.startswith(begins) and data != begins:
            return data.removeprefix(begins), right
    return None
