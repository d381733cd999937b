"""Misspelt words of the field mended: what is written is compared by its consonants with the names that are known.

No list is gone through: every known name lies under the key of its consonants, sounds that are confused as one letter, and
under each key that lacks one of them, so that a dropped, added or changed consonant still meets it.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from vectorstore import gazetteer, glossary, thai

_GROUPS = ("กขฃคฅฆ", "ซศษส", "ดตฎฏทธฑฒถฐจฉชฌ", "บปผพภ", "ฝฟ", "นณญงรลฬฤ", "ม", "ย", "ว", "หฮ")
"""Consonants that are written for each other: of one sound, or of one sound at the end of a syllable."""
_CLASS = {ord(letter): group[0] for group in _GROUPS for letter in group}
_VOWELLESS = str.maketrans(dict.fromkeys("ะัาำิีึืฺุูเแโใไๅๆ็่้๊๋ํ๎ฯอ์", ""))
_SILENT = re.compile("[ก-ฮ][ิุ]?์")
_RR = re.compile("รร")

_SHORTEST, _LONGEST, _WINDOW = 4, 40, 6
_SHORTEST_DISTRICT, _SHORTEST_WHOLE = 5, 6
"""Characters of a word that may be mended, and words that one may have been cut into."""
_TIGHT, _LOOSE = 0.7, 0.19
"""Cost allowed where the word was cut into words that are all known; and for each character where one of them is strange."""
_MOST = 1.5
_SAME = 0.5
"""Cost up to which a word that another begins with is that other misspelt: a lost ์, a doubled letter."""
_MARKS = frozenset("่้๊๋็์ะ")
_CONFUSED = (*_GROUPS, "จชฌฉ", "ใไ", "ิีึื", "ุู", "ะา", "ะั", "เแ", "าำ")
_ALIKE = frozenset((a, b) for group in _CONFUSED for a in group for b in group)
_FAR = 1.4
_LONG = 8
"""Cost allowed in a province's name of more characters than this, where nothing else is near."""
_TITLE = re.compile("(?:นาย|นาง|นางสาว|น\\.ส\\.|คุณ|ดร\\.|ผศ\\.|รศ\\.|ศ\\.) ?")
_NAMED_PLACE = re.compile(
    "(?:ตำบล|ต\\.|หมู่บ้าน) ?[ก-๎]{0,6}$|(?:บ้าน|ท่า|หนอง|คลอง|ห้วย|บาง|(?<!จังห)วัด|เกาะ|โคก|นา|ดอน|โนน|แม่|เขา|ทุ่ง|วัง|ดอย|ควน|บ่อ)$"
)
"""What a village's name begins with."""
_THAI = re.compile("[ก-ฮะ-ฺเ-ๅ็-๎]+")


@dataclass(frozen=True, slots=True)
class Mended:
    """A word as it is written, its place (0-based, end exclusive) and the known word that it is taken for."""

    said: str
    start: int
    end: int
    form: str


def key(word: str) -> str:
    """The consonants of a Thai word, sounds that are confused as one letter: สุพรรณ and สุพัน have the same."""
    letters = _SILENT.sub("", _RR.sub("", word)).translate(_VOWELLESS).translate(_CLASS)
    return "".join(letter for place, letter in enumerate(letters) if letter != letters[place - 1 : place])


@cache
def _provinces() -> frozenset[str]:
    return frozenset(name for province in gazetteer.provinces() for name in gazetteer.province_names(province))


@cache
def _right() -> frozenset[str]:
    """The words that are spelt right: the glossary's, and the provinces and districts."""
    names = {form for _, forms in glossary.concepts() for form in forms} | _provinces()
    names |= {name for name, rows in gazetteer.rows().items() if any(row[2] == "district" for row in rows) and len(name) > 4}
    return frozenset(name for name in names if _THAI.fullmatch(name) and _SHORTEST <= len(name) <= _LONGEST)


@cache
def _by_key() -> Mapping[str, tuple[str, ...]]:
    return _index((key(name), name) for name in _right())


@cache
def _by_part() -> Mapping[str, tuple[str, ...]]:
    """Made only once something strange is asked: it is eight times as large."""
    return _index((less, name) for whole, names in _by_key().items() for less in _lessened(whole) for name in names)


def _index(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    index: dict[str, list[str]] = defaultdict(list)
    for some, name in pairs:
        index[some].append(name)
    return {some: tuple(sorted(names)) for some, names in index.items()}


def _lessened(whole: str) -> Iterator[str]:
    """A key, and each that lacks one of its consonants but the first; short ones would meet too much."""
    yield whole
    if len(whole) > 3:
        yield from {whole[:place] + whole[place + 1 :] for place in range(1, len(whole))} - {whole}


def mend(text: str, known: Container[str] = ()) -> list[Mended]:
    """What is misspelt in a question, in order; people's names, villages', figures and Latin letters stay as they are.

    Args:
        text: the question, normalised.
        known: words that the archive has, which are right for that reason.
    """
    words = thai.words(text)
    places = [0]
    for word in words:
        places.append(places[-1] + len(word))
    found: list[Mended] = []
    first = 0
    while first < len(words):
        mended = _mended_at(text, words, places, first, known)
        if mended:
            found.append(mended)
            first = places.index(mended.end)
        else:
            first = _after_right(words, first, known)
    return found


def _after_right(words: Sequence[str], first: int, known: Container[str]) -> int:
    """Where to go on: after the longest right word that begins here, whose parts are right too."""
    for last in range(min(first + _WINDOW, len(words)), first + 1, -1):
        said = "".join(words[first:last])
        if said in _right() or said in known:
            return last
    return first + 1


def _mended_at(text: str, words: Sequence[str], places: Sequence[int], first: int, known: Container[str]) -> Mended | None:
    """The best mending of the words from the `first` on: the longest of those that cost least."""
    start = places[first]
    if not _THAI.fullmatch(words[first]) or (words[first] in thai.stopwords() and words[first] not in _OPENING):
        return None
    best: tuple[float, Mended] | None = None
    strange = False
    for last in range(first + 1, min(first + _WINDOW, len(words)) + 1):
        piece = words[last - 1]
        said = text[start : places[last]]
        if not _THAI.fullmatch(piece) or len(said) > _LONGEST + 2:
            break
        strange = strange or _is_strange(piece)
        if len(said) < _SHORTEST or said in _right() or said in known or (last == first + 1 and thai.is_word(said)):
            continue
        near = _nearest(said, tuple(words[first:last]), strange=strange)
        if near and (best is None or near[0] <= best[0]):
            best = near[0], Mended(said, start, places[last], near[1])
    return None if best is None or _names_somebody(text, start) else best[1]


def _is_strange(piece: str) -> bool:
    """Whether a piece is what is left of a word that the dictionary lacks: no word, or a short one that is seldom said."""
    return not thai.is_word(piece) or (len(piece) < 3 and piece not in thai.stopwords() and piece not in _OFTEN)


_OPENING = frozenset(["การ", "ความ", "ผู้", "คน"])
_OFTEN = frozenset(["บน", "งบ", "ปี", "นา", "จน", "ขอ", "ดี", "พอ", "ทำ", "หา", "พา", "รถ", "ไฟ", "ลด", "ยา", "ผล"])


def _names_somebody(text: str, start: int) -> bool:
    """Whether a person's or a village's name begins here or goes on: after คุณ, up to two words of letters."""
    before = text[max(0, start - 48) : start]
    if _NAMED_PLACE.search(before):
        return True
    ends = [title.end() for title in _TITLE.finditer(before)]
    return bool(ends) and before[ends[-1] :].count(" ") < 2 and len(before) - ends[-1] < 24


@lru_cache(maxsize=4096)
def _nearest(said: str, pieces: tuple[str, ...], *, strange: bool) -> tuple[float, str] | None:
    """(cost for each character, known word) of the nearest one, where it is near enough."""
    whole = key(said)
    names = {name for less in _lessened(whole) for name in _by_part().get(less, ())} if strange else _by_key().get(whole, ())
    best: tuple[float, str] | None = None
    for name in sorted(names):
        allowed = min(_LOOSE * len(name), _MOST) if strange else _TIGHT
        if abs(len(name) - len(said)) > (3 if len(name) > _LONG else 2) or not _may_be(name, said, strange=strange):
            continue
        if name in _provinces():
            allowed = max(allowed, _FAR if len(name) > _LONG else 0.0)
        elif said in name or name in said:
            allowed = _SAME
        cost = distance(said, name, allowed)
        if cost <= allowed and (best is None or cost / len(name) < best[0]) and not _is_another(pieces, name):
            best = cost / len(name), name
    return best


def _may_be(name: str, said: str, *, strange: bool) -> bool:
    """A short word is near to many; a district's name to many villages'; a committee is not its subcommittee."""
    if name in _provinces():
        return True
    if name in gazetteer.rows():
        return strange and len(name) > _SHORTEST_DISTRICT
    return len(name) > (_SHORTEST if strange else _SHORTEST_WHOLE) and ("อนุ" in name) == ("อนุ" in said)


def _is_another(pieces: Sequence[str], name: str) -> bool:
    """Whether what sets a known word off from what is written is a word of its own: เรื่องมหาสารคาม is not เมืองมหาสารคาม."""
    first, last = 0, len(pieces)
    while first < last and name.startswith(pieces[first]):
        name, first = name[len(pieces[first]) :], first + 1
    while first < last and name.endswith(pieces[last - 1]):
        name, last = name[: -len(pieces[last - 1])], last - 1
    rest = "".join(pieces[first:last])
    return len(rest) > 3 and last - first < len(pieces) and thai.is_word(rest) and distance(rest, name) > _SAME


def distance(one: str, other: str, most: float = 99.0) -> float:
    """What it costs to turn one Thai word into another: marks little, letters that are confused less than others.

    Optimal string alignment (Damerau-Levenshtein without moved blocks) with weights; stops above `most`.
    """
    before: list[float] = []
    row = [0.0]
    for letter in other:
        row.append(row[-1] + _cost(letter))
    for i, a in enumerate(one, start=1):
        new = [row[0] + _cost(a)]
        for j, b in enumerate(other, start=1):
            without = row[j] + _cost(a, one[i - 2 : i - 1])
            least = min(without, new[j - 1] + _cost(b, other[j - 2 : j - 1]), row[j - 1] + _change(a, b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                least = min(least, before[j - 2] + 0.6)
            new.append(least)
        if min(new) > most:
            return min(new)
        before, row = row, new
    return row[-1]


def _cost(letter: str, beside: str = "") -> float:
    """What a letter too many costs: a mark, or a letter written twice, less."""
    return 0.35 if letter in _MARKS else 0.5 if letter == beside else 1.0


def _change(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in _MARKS and other in _MARKS:
        return 0.35
    return 0.5 if (one, other) in _ALIKE else 1.0
