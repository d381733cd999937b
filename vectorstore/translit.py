"""Thai names in Latin letters: whether Juti is จุติ and Ban Nong Kwang is บ้านหนองกวาง, by consonants first, then by vowels.

Nobody spells a Thai name twice alike, so a name is not turned into letters but compared: `romanised` and `latin_key` reduce
both writings to the classes of their consonants, and `names_like` then weighs the vowels that both of them write.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_THAI_SOUND = {
    **dict.fromkeys("ขฃคฅฆ", "Q"),
    **dict.fromkeys("ชฉฌ", "C"),
    **dict.fromkeys("ดฎ", "D"),
    **dict.fromkeys("ตฏ", "T"),
    **dict.fromkeys("ทธฑฒถฐ", "Z"),
    **dict.fromkeys("ผพภ", "V"),
    **dict.fromkeys("ซศษส", "S"),
    **dict.fromkeys("นณ", "N"),
    **dict.fromkeys("รลฬฤ", "L"),
    **dict.fromkeys("ฝฟ", "F"),
    **dict.fromkeys("หฮ", "H"),
    **{"ก": "K", "จ": "J", "บ": "B", "ป": "P", "ง": "G", "ม": "M", "ย": "Y", "ญ": "Y", "ว": "W"},
}
"""One capital for each sound; in Latin letters kh is Q, th Z, ph V, ch C and ng G."""
_CLASS = str.maketrans("QCDZVBFGL", "KJTTPPPNN")
"""Sounds that are written for each other: what a key tells apart."""
_VOWEL = {
    **dict.fromkeys("ะัา", "a"),
    **dict.fromkeys("ิี", "i"),
    **dict.fromkeys("ึืุู", "u"),
    **dict.fromkeys("เแ", "e"),
    **{"โ": "o", "ไ": "a", "ใ": "a", "ำ": "a", "ๅ": "a"},
}
_THAI_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        ("[่-๋ฯๆ]", ""),
        ("(?<=น)ทร์|ษณ์|[ก-ฮ][ิุ]?์", ""),  # จันทร์, ลักษณ์, ศักดิ์
        ("(?<=[ัาิีึืุู็])[จชซศษส](?![ะ-ฺอวย])", "ต"),  # ราช, เสด็จ
        ("็", ""),
        ("(?<![ใไ])(?<![ใไ]ห)ญ(?![ะ-ฺ])", "น"),
        ("เ([ก-ฮ]{1,2})าะ", r"\1โ"),
        ("ทราย", "ซาย"),
        ("เกียรติ", "เกียต"),
        ("สามารถ", "สามาต"),
        ("พฤ", "พรึ"),
        ("ฤทธิ", "ริต"),
        ("(?<![ก-ฮ])ทร(?=[าวงัุโ])", "ซ"),  # ทราย, ทรง
        ("(?<=[ศสซ])ร(?=[ีิะาัเแโ])", ""),  # ศรี, สระ
        ("(?<=[ตทธช])ร(?![ะ-ฺเ-ไก-ฮ])", ""),  # บุตร, ภัทร, เพชร
        ("รร(?=[ก-ฮ](?![ะ-ฺ]))", "ะ"),  # ธรรม, สุพรรณ
        ("รร", "ัน"),
        ("ห(?=[งญนมยรล]|ว[ะ-ฺ])", ""),
        ("([เแโไใ])([ก-ฮ])", r"\2\1"),
        ("([กขคปผพตทฟ])([เแโไใ])([รลว])", r"\1\3\2"),
        ("เา", "า"),
        ("เ[ิอ]", "โ"),
        ("เ([ีื])[ยอะ]?", r"\1"),
        ("ัว", "ุ"),
        ("(?<=[ก-ฮ])ว(?=[กงดตนบมยส])", "ุ"),  # สวน, กวน
        ("ำ", "าม"),
        ("อ(?=[ะ-ฺ])", ""),
        ("(?<=[ก-ฮ])อ", "โ"),
    )
)
_LATIN_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        ("[^a-z]", ""),
        ("ng", "G"),
        ("tch|ch|sh", "C"),
        ("j", "J"),
        ("c(?=[eiy])", "S"),
        ("x", "KS"),
        ("p+h|bh", "V"),
        ("t+h|dh", "Z"),
        ("[kc]+h|gh", "Q"),
        ("p+", "P"),
        ("b+", "B"),
        ("t+", "T"),
        ("d+", "D"),
        ("[kcgq]+", "K"),
        ("sr(?=[aeiou])", "S"),
        ("[sz]+", "S"),
        ("f", "F"),
        ("r(?![aeiouh])", ""),  # Nakorn, Charn
        ("rh|[rl]+", "L"),
        ("n+", "N"),
        ("m+", "M"),
        ("[vw]", "W"),
        ("y(?![aeiou])", "i"),
        ("y", "Y"),
        ("h(?![aeiou])", ""),
        ("h", "H"),
        ("eua|uea|ua|ue|eu|oo|ou|u", "u"),
        ("ee|ia|ie|ea|i", "i"),
        ("ae|e", "e"),
        ("au|aw|or|oe|o", "o"),
        ("a+", "a"),
        ("aO|ao", "a"),
    )
)
_GLIDE = re.compile("(?<!^)[WY]")
_GLIDES = frozenset([("u", "W"), ("o", "W"), ("i", "Y"), ("e", "Y")])
"""Vowels in Latin letters that Thai writes as ว and ย."""
_MOST_WRONG = 0.145
"""Share of a name's letters that may differ: vowels and glides count half or less."""
_FREE = frozenset("aou")
"""Vowels that Thai may leave unwritten."""


@lru_cache(maxsize=100_000)
def _thai_sounds(word: str) -> str:
    """Consonant classes in capitals and the vowels that Thai writes in small letters: จุติ is JuTi."""
    for pattern, form in _THAI_RULES:
        word = pattern.sub(form, word)
    return "".join(_THAI_SOUND.get(letter) or _VOWEL.get(letter, "") for letter in word)


def _latin_sounds(name: str) -> str:
    """The same of Latin letters: Juti is JuTi."""
    text = name.lower()
    for pattern, form in _LATIN_RULES:
        text = pattern.sub(form, text)
    return text


def _key(sounds: str) -> str:
    """Consonants alone: glides only at the beginning, ng as n, r as l and n at the end, nothing twice."""
    letters = _GLIDE.sub("", "".join(letter for letter in sounds if letter.isupper())).translate(_CLASS)
    return "".join(letter for place, letter in enumerate(letters) if letter != letters[place - 1 : place] or not place)


def romanised(thai_word: str) -> str:
    """The key of a Thai word: classes of its consonants, those of the same sound alike; '' where it has none."""
    return _key(_thai_sounds(thai_word.replace(" ", "")))


def latin_key(name: str) -> str:
    """The key of a name in Latin letters; the same as `romanised` of the Thai name, however it is spelt."""
    return _key(_latin_sounds(name))


def names_like(latin: str, candidates: Iterable[str]) -> list[str]:
    """Those of the Thai `candidates` that may be written `latin`, the likeliest first; none for a name of one consonant."""
    wanted, sounds = latin_key(latin), _latin_sounds(latin)
    if sum(sound.isupper() for sound in sounds) < 2:
        return []
    alike = (name for name in candidates if romanised(name) == wanted)
    scored = sorted((_difference(sounds, _thai_sounds(name.replace(" ", ""))), name) for name in alike)
    return [name for wrong, name in scored if wrong <= _MOST_WRONG]


def _difference(latin: str, thai: str) -> float:
    """How much two writings differ, as a share of the longer: edit distance in which unwritten vowels cost nothing.

    Wagner-Fischer with weights: a vowel that only Latin writes is what Thai leaves out (สม is Som); one that only Thai
    writes, or another vowel, counts half; l and n at the end of a syllable are one sound.
    """
    row = [0.0]
    for sound in thai:
        row.append(row[-1] + _lost(sound))
    for a in latin:
        new = [row[0] + _added(a)]
        for j, b in enumerate(thai, start=1):
            new.append(min(row[j] + _added(a), new[j - 1] + _lost(b), row[j - 1] + _changed(a, b)))
        row = new
    return row[-1] / max(len(latin), len(thai), 1)


def _added(sound: str) -> float:
    return 0.05 if sound in _FREE else 0.4 if sound.islower() else 0.35 if sound in "WY" else 0.8


def _lost(sound: str) -> float:
    return 0.4 if sound.islower() else 0.35 if sound in "WYH" else 0.8


def _changed(latin: str, thai: str) -> float:
    if latin == thai:
        return 0.0
    if latin.islower() and thai.islower():
        return 0.5
    if latin.isupper() and latin.translate(_CLASS) == thai.translate(_CLASS):
        return 0.5 if "N" in (latin, thai) and "L" in (latin, thai) else 0.7 if "G" in (latin, thai) else 0.2
    return 0.15 if (latin, thai) in _GLIDES else 1.0
