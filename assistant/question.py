"""A question understood: what stands alone, which language, what it names, what kind of thing would answer it."""

import re
from collections.abc import Collection, Sequence
from datetime import date

from assistant import followup
from assistant.bare import asked_out
from assistant.errors import QuestionEmpty, QuestionTooLong
from assistant.kinds import asks_personal_data as asks_personal_data
from assistant.kinds import kinds
from assistant.named import allowed, named
from assistant.rates import asked as asked_per
from assistant.types import Language, Query, Turn
from vectorstore import thai
from vectorstore.types import Filter

MAX_CHARACTERS = 2000
"""Longest question, in characters; the longest in practice are a few hundred."""
LITERALLY = ("spelling", "abbreviation", "translation")
"""What `without` takes back at once for a question to be searched as it is written."""

_THAI = re.compile("[ก-๎]")
_LATIN = re.compile("[A-Za-z]")


def understand(
    text: str,
    history: Sequence[Turn] = (),
    wanted: Filter | None = None,
    *,
    without: Collection[str] = (),
    today: date | None = None,
    known: Collection[str] = (),
) -> Query:
    """What `text` asks.

    Args:
        text: the question as typed.
        history: what was said before it, the oldest first.
        wanted: which documents may be searched.
        without: readings to take back, by id (spelling:สุพรรน) or all of a kind (`LITERALLY`).
        today: the day from which ปีที่แล้ว is counted; the real one where none is given.
        known: words that the archive has, which are right however they are spelt.

    Raises:
        QuestionEmpty: nothing but spaces and invisible characters.
        QuestionTooLong: more than `MAX_CHARACTERS`.
    """
    asked = " ".join(thai.normalise(text[: MAX_CHARACTERS * 2]).split())
    if not asked:
        raise QuestionEmpty("ยังไม่มีคำถาม พิมพ์สิ่งที่อยากรู้จากเอกสารในคลัง เช่น ที่ประชุมมีมติเรื่องงบประมาณว่าอย่างไร")
    if len(asked) > MAX_CHARACTERS:
        raise QuestionTooLong(f"คำถามยาวเกินไป (รับได้ไม่เกิน {MAX_CHARACTERS:,} ตัวอักษร) ย่อให้เหลือสิ่งที่อยากรู้จริง ๆ")
    today, may = today or date.today(), allowed(without)
    whole = followup.standalone(asked, history, MAX_CHARACTERS, today)
    found = named(whole.text, _language(whole.text), today, may, known)
    text, asks = asked_out(whole.text) or (whole.text, whole.asks)
    return Query(
        asked=asked,
        text=text,
        language=_language(asked),
        wanted=kinds(asks),
        per=asked_per(asks),
        concepts=found.concepts,
        filter=wanted or Filter(),
        readings=found.readings,
        carried=whole.carried,
        without=tuple(without),
    )


def _language(text: str) -> Language:
    """Thai, unless there are letters and none of them is."""
    return "en" if _LATIN.search(text) and not _THAI.search(text) else "th"
