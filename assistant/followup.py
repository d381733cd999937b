"""What a question leans on of the one before it."""

from collections.abc import Sequence

from assistant.kinds import any_of
from assistant.types import Turn
from vectorstore import thai

_DEPENDENT = any_of(
    "^(?:แล้ว|ส่วน|และ|งั้น|ถ้างั้น|and |what about|how about|then )",
    "นั้น|ดังกล่าว|เหล่านั้น|เขา|ล่ะ|อันแรก|อันนี้|ข้อแรก|ที่ว่า",
    "(?<![a-z])(?:it|its|they|their|there|that|those|these|he|she|his|her)(?![a-z])",
)
_FEW = 3
"""A follow-up with at most so many content words leans on the question before it."""


def before(asked: str, history: Sequence[Turn], longest: int) -> str:
    """The earlier question that `asked` leans on, cut at `longest` characters; '' where it stands alone."""
    earlier = [" ".join(thai.normalise(turn.content[:longest]).split()) for turn in history if turn.role == "user"]
    if not earlier or not earlier[-1]:
        return ""
    content = [word for word in thai.terms(asked) if word not in thai.stopwords()]
    return earlier[-1] if _DEPENDENT.search(asked) or len(content) <= _FEW else ""
