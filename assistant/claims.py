"""The sentences of a model's words, and whether the quotes that each cites bear it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from assistant import denial, figures, naming
from assistant.orders import obeyable
from assistant.plain import APART, Plain, plain
from vectorstore import glossary, thai

Kind = Literal["marker", "figure", "name", "negation", "words"]
"""What may be wrong with a sentence, in the order in which it is looked for."""

_ENOUGH, _ENOUGH_OF_CLAUSE, _ENOUGH_TRANSLATED = 0.6, 0.5, 0.5
"""Shares of a sentence's content words that its quotes must have; fewer in English, for not every word has a translation."""
_SHORT = 3
_CLAUSE = 3
"""A clause of so many content words is measured by itself: nothing rides along on a sentence that is borne."""
_LONGEST = 1000
"""Characters of the longest sentence that is looked at; no statement is so long."""
_TURNING = re.compile(
    "เพิ่ม|ลด|มากกว่า|น้อยกว่า|สูงกว่า|ต่ำกว่า|เกิน|อย่างน้อย|อย่างมาก|ครึ่ง|ยกเลิก|ระงับ|ปฏิเสธ|คัดค้าน|เลื่อน|ยกเว้น|เท่านั้น|ล้มเหลว|ทุจริต"
)
"""Words that turn a statement round: said, they must be quoted."""
_DENIED = re.compile("(?:(?<!หรือ)ไม่|มิได้|ห้าม|งด|เว้น|not|(?<![a-z])no)$")
_THAI = re.compile("[ก-๎]")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a sentence is not borne: `said` is the part of it that is not, '' where it is the whole."""

    kind: Kind
    said: str = ""


def faults(said: str, cited: Iterable[int], quotes: Mapping[int, str]) -> list[Fault]:
    """What is wrong with a sentence; nothing where its quotes bear it.

    Args:
        said: the sentence without its markers.
        cited: the numbers in its markers.
        quotes: the words that the model was shown, by number.
    """
    said = thai.normalise(said[: 2 * _LONGEST])
    if len(said) > _LONGEST:
        return [Fault("words")]
    numbers = list(dict.fromkeys(cited))
    strangers = [Fault("marker", f"[{n}]") for n in numbers if n not in quotes]
    if strangers or not numbers:
        return strangers or [Fault("marker")]
    quoted = obeyable(APART.join(quotes[n] for n in numbers))
    if _stands_verbatim(plain(said), plain(quoted)):
        return []
    found = [Fault("figure", part) for part in figures.missing(said, quoted)]
    thai_said = bool(_THAI.search(said))
    missing = naming.unknown(said, quoted) if thai_said else naming.unheard(said, quoted)
    found += [Fault("name", part) for part in missing]
    turned = denial.reversed_in(said, quoted) if thai_said else denial.reversed_in_translation(said, quoted)
    found += [Fault("negation", part) for part in turned]
    uncovered = _uncovered(said, quoted) if thai_said else _untranslated(said, quoted)
    return found + [Fault("words", part) for part in uncovered]


def _stands_verbatim(said: Plain, quote: Plain) -> bool:
    """Whether the sentence stands in the quote as it is, from one space or sign to another, and nothing before denies it."""
    return bool(said.text) and any(
        place in quote.ends
        and place + len(said.text) in quote.ends
        and not _DENIED.search(quote.text, max(0, place - 8), place)
        for place in quote.places(said.text)
    )


def _uncovered(said: str, quoted: str) -> Iterator[str]:
    """The clauses of a Thai sentence whose words the quote does not have enough of."""
    quote = plain(quoted)
    yield from (match[0] for match in _TURNING.finditer(said) if match[0] not in quote.text)
    clauses = [said[start:end] for start, end in thai.clauses(thai.normalise(said))]
    for text, enough, least in [(said, _ENOUGH, 0), *((clause, _ENOUGH_OF_CLAUSE, _CLAUSE) for clause in clauses)]:
        words = [word for word in thai.terms(text) if not (word in thai.stopwords() or figures.is_number(word))]
        held = sum(_has_word(word, quote) for word in words)
        if len(words) >= least and held < enough * len(words):
            yield text.strip()


def _has_word(word: str, quote: Plain) -> bool:
    """A short word must begin one of the quote's: งบ does งบประมาณ. A long one may be one of the quote's and a little more."""
    if len(word) <= _SHORT:
        return any(place in quote.edges for place in quote.places(word))
    return word in quote.text or any(len(part) > len(word) / 2 and part in word for part in quote.words if len(part) > _SHORT)


def _untranslated(said: str, quoted: str) -> Iterator[str]:
    """An English sentence of whose words the quote has too few, as they are, translated, or heard as names."""
    quote = plain(quoted)
    terms = [
        (term, forms)
        for term, forms in glossary.thai_for(said)
        if term.lower() not in thai.stopwords() and not term[0].isdigit() and len(term) > 1
    ]
    held = 0
    for term, forms in terms:
        here = any(thai.fold(form) in quote.text for form in (term, *forms))
        held += here or (term[0].isupper() and not naming.unheard(term, quoted))
    if held < _ENOUGH_TRANSLATED * len(terms):
        yield said.strip()
