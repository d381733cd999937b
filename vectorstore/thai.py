"""One treatment of Thai text for documents, questions and quotes: repair, words, digits, clauses.

The only door to PyThaiNLP and nlpo3. Thai vowels and tone marks are not "word characters" to Python's `re`, and the
compatibility normal forms split every ำ, so neither is used on text here: the rules are spelled out instead.
"""

import hashlib
import re
import tempfile
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import nlpo3
from pythainlp.corpus import provinces as _provinces
from pythainlp.corpus import thai_female_names, thai_male_names, thai_words, tnc

from vectorstore.kept import Kept, Recent

_TONE = "[่-๋]"
_VOWEL_MARK = "[ัิีึืฺุู]"
_MARK = "[ัิ-ฺ็-๎]"

_GLYPHS = dict(zip(map(chr, range(0xF700, 0xF71B)), "ฐิีึื่้๊๋์่้๊๋์ญัํ็่้๊๋์ฺุู", strict=True))
"""Old Thai fonts' positional glyphs (private use area) and the letters they draw."""

_SUSPECT = tuple(map(re.compile, ("[^\n -~ก-์๎๐-๛“”‘’–—…•]", "เเ", "ำ[่-๋ำา]", f"[่-๋์]{_VOWEL_MARK}", f"({_MARK})\\1")))
"""What every repair below begins with: five patterns with few first letters each, which `re` finds in half the time of one."""


def is_suspect(text: str) -> bool:
    """Whether `text` may have something to be repaired; most texts have nothing and are left alone."""
    return any(pattern.search(text) for pattern in _SUSPECT)


def _ordered(run: str, first: str) -> str:
    """A run of marks with those of `first` before the others, each in the order that it had.

    The whole run at once: a rule that swaps two at a time would go over a hostile text once for every mark in it.
    """
    return "".join(sorted(run, key=lambda mark: mark not in first))


Replacement = str | Callable[[re.Match[str]], str]

_REPAIRS: tuple[tuple[re.Pattern[str], Replacement], ...] = (
    (re.compile("\r\n?|[\u2028\u2029\u0085\x0b\x0c]"), "\n"),
    (re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\ufe00-\ufe0f\u20e3]"), ""),
    (re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\U000e0000-\U000e01ef]"), ""),
    (re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"), " "),
    (re.compile("[\uf700-\uf71a]"), lambda m: _GLYPHS[m[0]]),
    (re.compile("[\uf020-\uf0ff]"), "•"),
    (re.compile("[\ue000-\uf8ff]"), ""),
    (re.compile("[^\u0e00-\u0e7f\n -@\u0300-\u036f][\u0300-\u036f]+"), lambda m: unicodedata.normalize("NFC", m[0])),
    (re.compile("ำ\ufffd+"), "ำ"),
    (re.compile(f"({_TONE}?)ํ({_TONE}?)า"), r"\1\2ำ"),
    (re.compile("(?<![ำ่-๋])[่-๋]*+ำ++[่-๋][ำ่-๋]*+"), lambda m: _ordered(m[0], first="่้๊๋")),
    (re.compile("ำ[ำา]+"), "ำ"),
    (re.compile("เเ"), "แ"),
    (re.compile("(?<![่-๋์ัิ-ฺ])[ัิ-ฺ]*+[่-๋์]++[ัิ-ฺ][่-๋์ัิ-ฺ]*+"), lambda m: _ordered(m[0], first="ัิีึืฺุู")),
    (re.compile(f"({_MARK})\\1+"), r"\1"),
    (re.compile("าํ"), "ำ"),
)
"""Unicode repairs in their order: line ends, invisible characters, spaces, old glyphs, sara am, เเ, mark order, doubled marks.

The faults and how often real Thai text has them were counted on 62,000 government news articles; each rule keeps
what is right as it is.
"""


@dataclass(frozen=True, slots=True)
class Mapped:
    """Rewritten text and where each character of it came from.

    `origin[i]` is the index in the original of the character behind `text[i]`, and `origin[len(text)]` the original's
    length: one entry more than the text has characters. None means that nothing moved.
    """

    text: str
    origin: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's span (0-based, end exclusive) behind `text[start:end]`."""
        return (start, end) if self.origin is None else (self.origin[start], self.origin[end])

    def rewrite(self, pattern: re.Pattern[str], replacement: Replacement) -> "Mapped":
        """This text with every match replaced, mapped to the same original."""
        pieces: list[str] = []
        origin: list[int] = []
        last = 0
        for match in pattern.finditer(self.text):
            new = match.expand(replacement) if isinstance(replacement, str) else replacement(match)
            if new == match[0]:
                continue
            kept = self.text[last : match.start()]
            pieces += kept, new
            origin.extend(self._origins(last, match.start()))
            first, size = match.start(), len(match[0])
            origin.extend(self._origins(first + min(i, size - 1), first + min(i, size - 1) + 1)[0] for i in range(len(new)))
            last = match.end()
        if not last:
            return self
        pieces.append(self.text[last:])
        origin.extend(self._origins(last, len(self.text) + 1))
        return Mapped("".join(pieces), tuple(origin))

    def _origins(self, start: int, end: int) -> tuple[int, ...] | range:
        return range(start, end) if self.origin is None else self.origin[start:end]


def _repaired(mapped: Mapped) -> Mapped:
    for pattern, replacement in _REPAIRS:
        mapped = mapped.rewrite(pattern, replacement)
    return mapped


def normalise_mapped(text: str) -> Mapped:
    """`text` with broken Thai repaired and invisible characters gone, mapped back to `text`.

    Repeated until nothing changes, so that normalising twice changes nothing.
    """
    if not is_suspect(text):
        return Mapped(text)
    mapped = _repaired(Mapped(text))
    while (again := _repaired(mapped)).text != mapped.text:
        mapped = again
    return mapped


def normalise(text: str) -> str:
    """`normalise_mapped(text).text`, sooner."""
    while is_suspect(text):
        again = text
        for pattern, replacement in _REPAIRS:
            again = pattern.sub(replacement, again)
        if again == text:
            break
        text = again
    return text


_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_THAI_DIGIT = re.compile("[๐-๙]")
_PLAIN = str.maketrans(
    {" ": "", "\n": "", **dict.fromkeys("“”„‟″", '"'), **dict.fromkeys("‘’‛′`", "'"), **dict.fromkeys("‐‑‒–—―−", "-")}
)
_UNFOLDED = re.compile("[ \n“”„‟″‘’‛′`‐-―−]")


def arabic_digits(text: str) -> str:
    """`text` with Thai digits as Arabic ones; the length stays."""
    return text.translate(_DIGITS) if _THAI_DIGIT.search(text) else text


def fold_mapped(text: str) -> Mapped:
    """How quotes are compared: repaired, Arabic digits, small letters, plain dashes and quotation marks, no spaces.

    Spaces go altogether because Thai text has them between clauses only, and every maker of PDFs sets others.
    """
    mapped = normalise_mapped(text)
    return Mapped(_small(arabic_digits(mapped.text)), mapped.origin).rewrite(_UNFOLDED, lambda m: m[0].translate(_PLAIN))


def fold(text: str) -> str:
    """`fold_mapped(text).text`, sooner."""
    small = _small(arabic_digits(normalise(text))).replace(" ", "").replace("\n", "")
    return small.translate(_PLAIN) if _UNFOLDED.search(small) else small


def _small(text: str) -> str:
    """`text` in small letters, but for the few whose small form is longer."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(low if len(low := char.lower()) == 1 else char for char in text)


@cache
def _dictionary() -> tuple[str, str]:
    """(nlpo3's name of our dictionary, its version: 16 hex digits of its SHA-256)."""
    listing = "\n".join(sorted({*thai_words(), *_own_words()}))
    version = hashlib.sha256(f"{_WINDOWS.pattern}\n{listing}".encode()).hexdigest()[:16]
    name = f"thamkhlang-{version}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "words.txt")
        path.write_text(listing, encoding="utf-8")
        _, loaded = nlpo3.load_dict(str(path), name)
    if not loaded:
        raise RuntimeError(f"nlpo3 did not load the dictionary {name}")
    return name, version


def dictionary_version() -> str:
    """Identity of the word list; an index built with another must be rebuilt."""
    return _dictionary()[1]


_WORDS_KEPT = 1 << 17
"""Words of which is kept what was found of them, at most."""
_BETWEEN = "\x1f"
"""A control character: normalised text has none."""
_WINDOW = 160
_WINDOWS = re.compile(rf"\n+|[^\n]{{1,{_WINDOW}}}(?:(?<= )|(?=\n)|\Z)|[^\n]{{1,{_WINDOW}}}")
"""Windows within a line that end after a space where there is one: nlpo3's time grows with the square of a text that
repeats itself, and a line is cut the same wherever it stands, so that the cut one is found again."""


def words(text: str) -> list[str]:
    """`text` cut into words, spaces and punctuation included: joined they are `text` again."""
    return [word for window in _WINDOWS.findall(text) for word in _cut(window)]


def _cut(window: str) -> list[str]:
    return list(nlpo3.segment(window, _dictionary()[0]))


def is_word(text: str) -> bool:
    """Whether PyThaiNLP's word list has `text`."""
    return text in thai_words()


@cache
def counts() -> dict[str, int]:
    """How often each word stands in the Thai National Corpus."""
    return dict(tnc.unigram_word_freqs())


_TERM = re.compile("[0-9a-zก-๎]")
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_LATIN = re.compile(r"[a-z]+|[0-9][0-9,.]*")


def terms(text: str) -> list[str]:
    """What the lexical index keeps of `text`, in order: words without punctuation, small letters, 1,000 and ๑,๐๐๐ as 1000."""
    return list(chain.from_iterable(map(_TERMS_OF.__getitem__, plain_words(text))))


def plain_words(text: str) -> Iterator[str]:
    """The words of a text repaired, with Arabic digits and small letters; spaces and punctuation are among them."""
    return chain.from_iterable(map(_of_line, text.split("\n")))


def small_words(line: str) -> tuple[str, ...]:
    """The words of a repaired line, with Arabic digits and small letters: joined they are as long as `line`."""
    found = _of_line(line)
    return found if sum(map(len, found)) == len(line) else tuple(words(_small(arabic_digits(line))))


def _of_line(line: str) -> tuple[str, ...]:
    """Remembered for a while: a passage is asked for its vector, its terms and its strange words, a title by each passage."""
    found = _lines.get(line)
    if found is None:
        found = tuple(words(arabic_digits(normalise(line)).lower()))
        _lines.keep({line: found})
    return found


_lines: Recent[tuple[str, ...]] = Recent(1 << 13)


def cut_lines(texts: Iterable[str]) -> dict[str, str]:
    """Each line of the texts with its `plain_words`, joined by a character that no word has: for `remember` elsewhere."""
    return {line: _BETWEEN.join(_of_line(line)) for text in texts for line in text.split("\n")}


def remember(cut: Mapping[str, str]) -> None:
    """Takes in what `cut_lines` gave in another process, so that these lines need not be cut again for a while."""
    _lines.keep({line: tuple(joined.split(_BETWEEN)) if joined else () for line, joined in cut.items()})


def _terms(word: str) -> tuple[str, ...]:
    if not _TERM.search(word):
        return ()
    word = word.strip(" .,:;()[]{}\"'“”‘’/-–—_*•!?")
    if word[:1].isascii() and not word.isalpha():
        return tuple(piece.replace(",", "").rstrip(".") for piece in _LATIN.findall(word))
    return (word.rstrip("ๆฯ") or word,) if word and word not in "ๆฯ" else ()


_TERMS_OF = Kept(_terms, _WORDS_KEPT)


_TONES = re.compile("[็-๎]")
_THAI_WORD = re.compile("[ก-ฮะ-ฺเ-ๅ็-๎]+")


def toneless(text: str) -> str:
    """`text` without tone marks, ์ and ็: what scanners lose and people mistype first."""
    return _TONES.sub("", text)


def strange(text: str) -> list[str]:
    """Runs of `text` that the word list has no words for: names, misspellings, what a scanner read wrongly.

    Such a run is cut into unknown words, and into fragments of one or two letters that are seldom words by themselves.
    """
    found: list[str] = []
    for line in map(_of_line, text.split("\n")):
        odd = bytes(map(_STRANGENESS_OF.__getitem__, line))
        found += ["".join(line[run.start() : run.end()]) for run in _ODD.finditer(odd) if sum(run[0]) > 1]
    return found


def _strangeness(word: str) -> int:
    """2 for an unknown Thai word, 1 for a fragment that may be part of one, 0 for all else."""
    if not _THAI_WORD.fullmatch(word) or word in stopwords():
        return 0
    if len(word) <= 2:
        return 1
    return 0 if word in thai_words() or word in _own_words() else 2


_STRANGENESS_OF = Kept(_strangeness, _WORDS_KEPT)
_ODD = re.compile(b"[\x01\x02]+")


@cache
def _own_words() -> frozenset[str]:
    return frozenset(_data("words.txt"))


@cache
def stopwords() -> frozenset[str]:
    """Words that say nothing about what a question asks for, Thai and English; never numbers."""
    return frozenset(word for line in _data("stopwords.txt") for word in line.split())


def _data(name: str) -> list[str]:
    """The lines of one of our word lists, without comments and empty ones."""
    lines = Path(__file__).with_name("data").joinpath(name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


@cache
def provinces() -> dict[str, str]:
    """The 77 provinces: Thai name without จังหวัด -> English name in small letters."""
    return {row["name_th"]: row["name_en"].lower() for row in _provinces(details=True)}


@cache
def given_names() -> frozenset[str]:
    """Some 12,000 first names of people, ordinary words among them."""
    return frozenset(thai_female_names() | thai_male_names())


_BREAK = re.compile(r"\n+|[.!?][\"”']? +(?=[A-Z“\"])| +")
_NO_BREAK_BEFORE = re.compile(
    r"[ๆฯ)\]”,.:;%]|(?:บาท|คน|ครัวเรือน|ล้าน|แสน|หมื่น|พัน|ราย|แห่ง|หลัง|ตำบล|จังหวัด|ชุมชน|ไร่|กลุ่ม|เดือน|ปี|วัน|น\.)"
)
_NO_BREAK_AFTER = re.compile(
    r"(?:[(\[“]|[0-9]|[ก-ฮ]\.|[/,:–-]|จำนวน|วันที่|ที่|ปี|ข้อ|ครั้งที่|แผนที่|วาระที่|เวลา|(?:นาย|นางสาว|นาง|คุณ|ดร\.) ?[ก-๎]{0,14})$"
)


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Spans (0-based, end exclusive, without surrounding spaces) of the clauses of `text`, in order.

    Thai ends a sentence with a space, but writes spaces around numbers, names and lists too: a space is taken as an
    end only where what stands on both sides of it allows that.
    """
    start = 0
    for match in _BREAK.finditer(text):
        if "\n" not in match[0] and (match.start() - start < 12 or _is_inside(text, match, start)):
            continue
        end = match.start() + (match[0][0] in ".!?")
        if text[start:end].strip():
            yield _stripped(text, start, end)
        start = match.end()
    if text[start:].strip():
        yield _stripped(text, start, len(text))


def _is_inside(text: str, match: re.Match[str], start: int) -> bool:
    """Whether what stands on either side of a space shows that the clause begun at `start` goes on."""
    place = match.end()
    if text[place : place + 1].isdigit() or _NO_BREAK_BEFORE.match(text, place):
        return True
    return _NO_BREAK_AFTER.search(text[max(start, match.start() - 24) : match.start()]) is not None


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def word_boundary(text: str, near: int, words_of_text: Iterable[str] | None = None) -> int:
    """The last word boundary of `text` at or before `near` (0 < near <= len(text)); at least 1."""
    ends: list[int] = []
    place = 0
    for word in words_of_text if words_of_text is not None else words(text):
        place += len(word)
        ends.append(place)
    found = bisect_right(ends, near) - 1
    return ends[found] if found >= 0 else near
