"""The words of a text as a reader sees them: where each stands, what sort of word it is, and its vector."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from vectorstore import embed, thai

_LISTS = (
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม "
    "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
    "หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ ยี่สิบ ร้อย พัน หมื่น แสน ล้าน",
    "นาย นาง นางสาว น.ส. คุณ ดร. ผศ. รศ. ศ. พล พ.ต. พระ เด็กชาย หม่อม ประธาน กำนัน ผู้ใหญ่บ้าน รัฐมนตรี ปลัด อธิบดี "
    "ผู้อำนวยการ เลขาธิการ รายงาน",
    "จังหวัด อำเภอ ตำบล หมู่บ้าน ถนน เมือง ประเทศ ณ ห้อง โรงแรม โรงเรียน มหาวิทยาลัย วัด ศูนย์ เขต บ้าน จ. อ. ต.",
    "บาท คน ครัวเรือน ร้อยละ % ไร่ ปี วัน กิโลเมตร หลัง แห่ง ราย ตำบล หมู่บ้าน ชุมชน",
    "มติ เห็นชอบ อนุมัติ มอบหมาย รับทราบ",
)
"""Words of months, numbers, persons, places, what is counted, and what is decided."""
_SORTED = tuple(frozenset(words.split()) for words in _LISTS)
SORTS = len(_SORTED) + 11
"""Things that may be told of a word alone, each 0 or 1."""
_EMPTY = len(_SORTED)
"""Which of them is that a word says nothing."""
_KEPT = 40_000
"""Words that are kept, at most."""


class _Known:
    """What there is to know of every word seen: a table with a row for each, as long as it will ever be."""

    def __init__(self) -> None:
        self._embedder = embed.bundled()
        self._rows: dict[str, int] = {}
        self._table = np.zeros((_KEPT, self._embedder.leading + 1 + SORTS), np.float32)
        self._lock = Lock()

    def of(self, words: Sequence[str]) -> NDArray[np.float32]:
        """The leading part of each word's vector, how much it tells, its sorts: float32 (len(words), leading + 1 + SORTS)."""
        with self._lock:
            new = [word for word in dict.fromkeys(words) if word not in self._rows]
            if len(self._rows) + len(new) > _KEPT:
                self._rows.clear()
                new = list(dict.fromkeys(words))[:_KEPT]
            if new:
                first = len(self._rows)
                self._table[first : first + len(new)] = self._told(new)
                self._rows |= {word: row for row, word in enumerate(new, start=first)}
            return self._table[[self._rows.get(word, 0) for word in words]]

    def _told(self, words: Sequence[str]) -> NDArray[np.float32]:
        vectors = self._embedder.words(words)
        leading = vectors[:, : self._embedder.leading]
        length = np.linalg.norm(leading, axis=1, keepdims=True)
        sorts = np.array([_sorts(word) for word in words], np.float32)
        return np.hstack([leading / np.where(length > 0, length, 1), np.linalg.norm(vectors, axis=1, keepdims=True), sorts])


@cache
def _known() -> _Known:
    return _Known()


def _sorts(word: str) -> list[bool]:
    bare = word.replace(",", "").replace(".", "")
    figure = bare.isascii() and bare.isdecimal()
    value = int(bare) if figure and len(bare) < 9 else 0
    thai_word = any("ก" <= char <= "๎" for char in word)
    return [
        *(word in some for some in _SORTED),
        word in thai.stopwords(),
        word in thai.provinces(),
        figure,
        len(bare) == 4 and (2400 <= value <= 2620 or 1850 <= value <= 2070),
        figure and value <= 31,
        figure and ("," in word or value > 9999),
        word[:1].isascii() and word[:1].isalpha(),
        len(word) == 1 and word in "()[]\"“”'",
        not thai_word and not word.isalnum(),
        thai_word and not thai.is_word(word),
        len(word) == 1,
    ]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The `n` words of a text, spaces left out.

    `starts`, `ends`: int32 (n,), 0-based places in the text, end exclusive. `vectors`: float32 (n, dimension), each of
    length 1 or 0. `telling`: float32 (n,), how much a word tells (the length of its full vector). `sorts`: float32 (n, SORTS).
    `opens`: float32 (n, 2), whether a space, and a line break, stands before it.
    """

    words: tuple[str, ...]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    vectors: NDArray[np.float32]
    telling: NDArray[np.float32]
    sorts: NDArray[np.float32]
    opens: NDArray[np.float32]

    @property
    def empty(self) -> NDArray[np.float32]:
        """1 for each word that says nothing, float32 (n,)."""
        return self.sorts[:, _EMPTY]


def tokens(text: str, spans: Iterable[tuple[int, int]] | None = None) -> Tokens:
    """The words of `text` that lie in `spans` (0-based, end exclusive, in order, not overlapping; all of it by default)."""
    found = [word for start, end in ([(0, len(text))] if spans is None else spans) for word in _placed(text[start:end], start)]
    words = tuple(word for word, *_ in found)
    known = _known().of(words)
    return Tokens(
        words=words,
        starts=np.array([place for _, place, _, _ in found], np.int32),
        ends=np.array([place + len(word) for word, place, _, _ in found], np.int32),
        vectors=known[:, : -SORTS - 1],
        telling=known[:, -SORTS - 1],
        sorts=known[:, -SORTS:],
        opens=np.array([(space, line) for _, _, space, line in found], np.float32).reshape(-1, 2),
    )


def _placed(text: str, place: int) -> Iterator[tuple[str, int, bool, bool]]:
    """(word, where it stands, whether a space is before it, whether a line begins with it)."""
    for line in text.split("\n"):
        at, space, first = place, True, True
        for word in thai.small_words(line):
            if word.isspace():
                space = True
            else:
                yield word, at, space, first
                space = first = False
            at += len(word)
        place += len(line) + 1
