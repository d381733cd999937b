"""Items of an answer, and which of them a question means: ข้อ 2, อันแรก, the second one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vectorstore import thai

_LONGEST = 120
"""Characters of an item that stand for it in a question."""
_NUMBERED = re.compile(r"(?:^|(?<=[\s(]))\(?(\d{1,2})[.)](?!\d)\s*", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[-•*–][ \t]+(.+)$", re.MULTILINE)
_QUOTE_END = re.compile(r"\s*\[(\d{1,3})\]")
_LEAD_IN = re.compile("^[^ก-๎]*:\n")
_LAST = -1
_ORDINALS = {
    "แรก": 1, "หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9, "สิบ": 10,
    "สุดท้าย": _LAST, "ท้ายสุด": _LAST,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "last": _LAST,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_WORDS = "|".join(sorted((word for word in _ORDINALS if not word.isascii()), key=len, reverse=True))
_EARLY = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last"
_COUNTS = "one|two|three|four|five|six|seven|eight|nine|ten"
_NOUNS = "one|item|point|person|plan|project|group|quote|source"
_REFERENCE = re.compile(
    rf"(?:(?P<source>ที่มา|แหล่งที่มา|อ้างอิง|source) ?\[?|\[)(?P<cited>\d{{1,2}})\]?"
    rf"|(?:ข้อ|อัน|รายการ|เรื่อง|ประเด็น|แผนงาน|แผน|โครงการ|คน|กลุ่ม|แห่ง|ฉบับ|ราย|มติ|รายชื่อ|ลำดับ|กิจกรรม|ตัว|ชิ้น|หัวข้อ)"
    r"(?:(?:ที่)? ?(?P<n>\d{1,2})(?![\d/]| *(?:คน|บาท|ปี|แห่ง|ครัวเรือน|ตำบล|จังหวัด))"
    rf"|(?:ที่)? ?(?P<word>{_WORDS})(?!คน))"
    rf"|(?<![a-z])(?:the )?(?P<early>{_EARLY}|\d{{1,2}}(?:st|nd|rd|th)) (?:{_NOUNS})(?![a-z])"
    rf"|(?<![a-z])(?:number|item|point|no\.) ?(?P<count>\d{{1,2}}|(?:{_COUNTS})(?![a-z]))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """The item that a question means (from 1; -1 the last) and the words that say so (0-based, end exclusive).

    `cited` where they name a quote by its marker.
    """

    n: int
    start: int
    end: int
    cited: bool = False


def reference(text: str) -> Reference | None:
    """The first reference of `text` (normalised) to an item of a list; None where it has none."""
    found = _REFERENCE.search(thai.arabic_digits(text).lower())
    if not found:
        return None
    said = found["cited"] or found["n"] or found["word"] or found["early"] or found["count"]
    number = re.match(r"\d+", said)
    return Reference(int(number[0]) if number else _ORDINALS[said], *found.span(), cited=bool(found["cited"]))


def item(answer: str, wanted: Reference) -> str:
    """The words of the item of `answer` that is meant, on one line and cut where they are long; '' where there is none."""
    answer = thai.normalise(answer)
    found = quotes(answer) if wanted.cited else numbered(answer) or bullets(answer) or quotes(answer)
    at = len(found) - 1 if wanted.n == _LAST else wanted.n - 1
    return _short(found[at]) if 0 <= at < len(found) else ""


def numbered(answer: str) -> list[str]:
    """The items of the first list that is counted from 1 (1. 2. 3., or ๑) ๒), or within a line); [] where none has two."""
    text = thai.arabic_digits(answer)
    marks: list[re.Match[str]] = []
    for match in _NUMBERED.finditer(text):
        if int(match[1]) == len(marks) + 1:
            marks.append(match)
        elif int(match[1]) == 1 and len(marks) < 2:
            marks = [match]
    if len(marks) < 2:
        return []
    ends = [match.start() for match in marks[1:]] + [len(answer)]
    return [answer[match.end() : end].strip().split("\n")[0] for match, end in zip(marks, ends, strict=True)]


def bullets(answer: str) -> list[str]:
    """The lines that begin with a dash or a dot; [] where there are not two."""
    found = _BULLET.findall(answer)
    return found if len(found) > 1 else []


def quotes(answer: str) -> list[str]:
    """The quotes of an answer, each ending in its marker [n], without an English lead-in and the words of a quote that lead."""
    found, start = list[tuple[str, str]](), 0
    for match in _QUOTE_END.finditer(answer):
        found.append((_LEAD_IN.sub("", answer[start : match.start()].strip()), match[1]))
        start = match.end()
    after = [*found, ("", "")][1:]
    return [said for (said, n), (longer, m) in zip(found, after, strict=False) if said and not (n == m and said in longer)]


def _short(words: str) -> str:
    words = " ".join(_QUOTE_END.sub("", words).split()).rstrip(" ,;").removesuffix(" และ")
    if len(words) <= _LONGEST:
        return words
    space = words.rfind(" ", _LONGEST // 3, _LONGEST)
    return words[: space if space > 0 else thai.word_boundary(words, _LONGEST)]


def without(text: str, found: Reference, words: Sequence[str] = ()) -> str:
    """`text` with the reference replaced by `words`."""
    return " ".join([text[: found.start].strip(), *words, text[found.end :].strip()]).strip()
