"""Whether a text denies what another asserts, or the reverse: ไม่อนุมัติ against อนุมัติ."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from assistant.plain import places, plain, shared
from vectorstore import glossary, thai

_NOT = re.compile("ไม่(?:ใช่)?|มิ(?=ได้|ใช่|อาจ|ให้|ควร|บังควร|ไม่)")
_NOT_AS_WORD = ("งด", "ห้าม", "ยกเว้น", "ปราศจาก")
"""They stand within other words too (ลงดู), so that their edges must show."""
_AUXILIARY = "ได้"
_OR = "หรือ"
"""What makes ไม่ a question, where a clause ends with it: nothing that follows is denied."""
_TAIL = 8
"""Letters by which the end of a quote (…ครบถ้วนหรือไม่) is known again."""
_ENGLISH_NOT = re.compile(r"(?<![a-z])(?:not|no|never|without|none|neither|nor|cannot)(?![a-z])|n['’]t(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asserted:
    """A folded text without its negations, and how many of them stood where (indexes into `text`)."""

    text: str
    denied: Counter[int]


@lru_cache(256)
def asserted(text: str) -> Asserted:
    """`text` with its negations apart."""
    whole = plain(text)
    spans = [match.span() for match in _NOT.finditer(whole.text)]
    for word in _NOT_AS_WORD:
        ends = ((place, place + len(word)) for place in whole.places(word))
        spans += [(start, end) for start, end in ends if start in whole.edges and end in whole.edges]
    kept, last, denied = "", 0, Counter[int]()
    for start, end in sorted(spans):
        if start < last:
            continue
        kept += whole.text[last:start]
        asks = kept.endswith(_OR) and end in whole.ends
        denied[len(kept) - len(_OR) * asks] += 1
        last = end
    kept += whole.text[last:]
    denied.update({place + len(_AUXILIARY): n for place, n in denied.items() if kept.startswith(_AUXILIARY, place)})
    return Asserted(kept, denied)


def reversed_in(said: str, quoted: str) -> list[str]:
    """The words of `said` that it denies and `quoted` does not, or that `quoted` denies and it does not.

    Each is compared with the place in `quoted` that has the same word in the most alike surroundings.
    """
    claim, quote = asserted(said), asserted(quoted)
    words = {place: _word(claim.text, place) for place in claim.denied}
    for word in {_word(quote.text, place) for place in quote.denied} - {""}:
        words |= dict.fromkeys(places(word, claim.text), word)
    wrong = [
        f"ไม่{word}" if claim.denied[place] else word
        for place, word in sorted(words.items())
        if word != _AUXILIARY
        and not any(quote.denied[other] == claim.denied[place] for other in _alike(claim.text, place, word, quote.text))
    ]
    end, tail = len(quote.text), quote.text[-_TAIL:]
    if quote.denied[end] and claim.text.endswith(tail) and not claim.denied[len(claim.text)]:
        wrong.append(tail)
    return wrong


def _word(text: str, place: int) -> str:
    """The first word at `place`, with the next one where it is but a letter or two: they stand everywhere."""
    words = thai.words(text[place : place + 40]) if text[place:] else []
    return "" if not words else words[0] if len(words[0]) > 1 else "".join(words[:2])


def _alike(claim: str, place: int, word: str, quote: str) -> list[int]:
    """The places of `word` in `quote` whose surroundings share most letters with those of `place`; all of them if equal."""
    back, quote_back = claim[::-1], quote[::-1]
    scored = [
        (shared(claim, place, quote, other) + shared(back, len(claim) - place, quote_back, len(quote) - other), other)
        for other in places(word, quote)
    ]
    best = max((score for score, _ in scored), default=0)
    return [other for score, other in scored if score == best]


def reversed_in_translation(said: str, quoted: str) -> list[str]:
    """The same for an English `said` and a Thai `quoted`: what its words may be in Thai is looked for beside negations."""
    quote = asserted(quoted)
    held: dict[str, list[int]] = {}
    for term, forms in glossary.thai_for(said):
        found = [place for form in forms if len(form) > 1 for place in places(thai.fold(form), quote.text)]
        if found and term.lower() not in thai.stopwords():
            held[term] = found
    denied = {term for term, found in held.items() if all(_is_denied(place, quote) for place in found)}
    negation = _ENGLISH_NOT.search(said)
    if not negation:
        return sorted(denied)
    return [] if any(_is_denied(place, quote) for found in held.values() for place in found) else [negation[0]]


def _is_denied(place: int, quote: Asserted) -> bool:
    return any(place - 3 <= denied <= place for denied, n in quote.denied.items() if n)
