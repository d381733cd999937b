"""What a short text means that is no question."""

from typing import Literal

Command = Literal["forget", "help", "consent"]
_WORDS: dict[str, Command] = {"ลบข้อมูลของฉัน": "forget", "ช่วยเหลือ": "help", "ความเป็นส่วนตัว": "consent"}


def command(text: str) -> Command | None:
    """Which command `text` is; None where it is a question."""
    return _WORDS.get(" ".join(text.split()))
