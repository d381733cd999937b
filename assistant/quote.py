"""Where quoted words stand in a document: the noise of copying is forgiven, an altered letter, number or negation is not."""

import re

from vectorstore import thai
from vectorstore.thai import Mapped

_BETWEEN = "\x1f"
"""A control character: repaired text has none."""
_STRAIGHT = str.maketrans(dict.fromkeys("“”„‟″", '"') | dict.fromkeys("‘’‛′", "'"))
_SPACES = re.compile("[ \n]+")
_THAI = re.compile("[ก-ฺเ-๎]")
_TIMES = "(?:สิบ|ร้อย(?!ละ|เอ็ด)|พัน(?!ธ)|หมื่น|แสน|ล้าน)"
_WHOLE = re.compile(
    "[A-Za-zÀ-ɏ0-9]+(?:[.,:/'_@–-][A-Za-zÀ-ɏ0-9]+)*"  # 107,500 · 1/2566 · e-mail
    f"(?:(?<=[0-9]){_TIMES}+)?"  # 5 ล้าน
    f"|(?:หนึ่ง|เอ็ด|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|ยี่|{_TIMES}){{2,}}(?![ะ-ฺ็-๎])"  # ยี่สิบห้า
    "|[เ-ไ]?[ก-ฮ][ะ-ฺๅ็-๎]*"  # a letter with its vowels and tone
    "|.",
    re.DOTALL,
)
"""What a quote may not begin or end inside of: 84 is no quote of 845, nor ใหม of ใหม่."""
_AFTER_NOT = "(?:ได้รับ|ได้|ใช่|ให้|มี|เป็น|ควร|ต้อง|อาจ|สามารถ|เคย|พึง|น่า)"
_NEGATED = re.compile(f"(?:(?<!หรือ)ไม่ ?|(?<!หรือ)ไม่{_AFTER_NOT}{{1,2}}|มิ{_AFTER_NOT}{{1,2}}|ห้าม)$")
"""Words before a quote that it would say the opposite without. หรือไม่ ends a question, and ไม่ได้ and a space a clause."""
_LONGEST_NEGATION = 24
_TRIES = 100
"""How many negated places are passed over in search of one that is not."""


def find(quote: str, text: str) -> tuple[int, int] | None:
    """The first span of `text` (0-based, end exclusive) that says what `quote` says; None where it does not stand there.

    Forgiven are Thai or Arabic digits, curly or straight quotation marks, invisible characters, broken Thai as
    `thai.normalise` repairs it, other runs of spaces and line breaks and, beside a Thai letter, none. Everything else must
    be the same, in whole letters, numbers and Latin words, and not straight after a negation that was left out.

    Time and memory grow with the two lengths, never with their product.
    """
    wanted, there = _reduced(quote), _reduced(text)
    if not wanted.text:
        return None
    needle, hay = _parted(wanted.text), _parted(there.text)
    place = -1
    for _ in range(_TRIES):
        place = hay.find(needle, place + 1)
        if place < 0:
            return None
        begin = place - hay.count(_BETWEEN, 0, place)
        start, end = there.span(begin, begin + len(wanted.text))
        if not _NEGATED.search(thai.normalise(text[max(0, start - _LONGEST_NEGATION) : start]).replace("\n", " ")):
            return start, _without_noise(text, end)
    return None


def _reduced(text: str) -> Mapped:
    """`text` without the noise that is forgiven, mapped back to it."""
    mapped = thai.normalise_mapped(text)
    plain = Mapped(thai.arabic_digits(mapped.text).translate(_STRAIGHT), mapped.origin)
    return plain.rewrite(_SPACES, _space)


def _space(run: re.Match[str]) -> str:
    """One space between two that are no Thai letters, since 12 345 is not 12345; none elsewhere."""
    before, after = run.string[run.start() - 1 : run.start()], run.string[run.end() : run.end() + 1]
    return " " if before and after and not _THAI.match(before) and not _THAI.match(after) else ""


def _parted(text: str) -> str:
    """`text` with a mark before, between and after its letters, numbers and words: a part of it is found in whole ones only."""
    return _BETWEEN + _BETWEEN.join(_WHOLE.findall(text)) + _BETWEEN


def _without_noise(text: str, end: int) -> int:
    """Where the words before `end` end: what was reduced to nothing after them is none of them."""
    while not thai.normalise(text[end - 1]).strip():
        end -= 1
    return end
