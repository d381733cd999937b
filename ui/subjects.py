"""Questions put together by what they are about, by rule: which subjects the archive was asked for in vain."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.subject import own_words
from vectorstore import thai
from vectorstore.abbreviations import abbreviations
from vectorstore.places import mentions
from vectorstore.privacy import masked

_SHARE = 0.5
"""Of what the lighter of two questions says, by weight, so much must be in the other for both to be of one subject."""
_NAMED = 1.5
"""How much more than a word a place or an abbreviation weighs."""
_NAMES = 3
"""Words in a subject's name."""

Feature = tuple[str, str]
"""(what it is: word, place or short; the word, or the name by which the thing is known)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question that was asked, the reason why that is told, when (UTC, ISO 8601), and the ids of the nearest documents."""

    question: str
    reason: str
    at: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Questions about one thing, the latest first; `name` is its commonest words, '' where they have none."""

    name: str
    asked: tuple[Asked, ...]

    @property
    def last(self) -> str:
        """When it was last asked for."""
        return max(one.at for one in self.asked)


def rated(rows: Iterable[tuple[str, str, str]]) -> list[Asked]:
    """Questions whose answers were rated bad, of rows of (question, reason, at); the personal data in them is masked."""
    return [Asked(question=masked(question), reason=masked(reason), at=at) for question, reason, at in rows]


def subjects(asked: Iterable[Asked]) -> list[Subject]:
    """The questions by subject: the one asked for most often first, then the latest.

    Questions are of one subject where they share half of what they say, by the weight of its words: the rarer among these
    questions, the more. What is alone after that joins those that name the same place or abbreviation.
    """
    same: dict[str, list[Asked]] = {}
    for one in sorted(asked, key=lambda one: (one.at, one.question), reverse=True):
        same.setdefault(thai.fold(one.question), []).append(one)
    every = list(same.values())
    said = [features(some[0].question) for some in every]
    weights = _weights(said)
    found = [_subject([(said[i], every[i]) for i in group], weights) for group in _named_alike(_alike(said, weights), said)]
    return sorted(sorted(found, key=lambda one: one.last, reverse=True), key=lambda one: len(one.asked), reverse=True)


def _subject(some: Sequence[tuple[tuple[Feature, ...], list[Asked]]], weights: dict[Feature, float]) -> Subject:
    asked = sorted((one for _, same in some for one in same), key=lambda one: one.at, reverse=True)
    counts = Counter(feature for said, same in some for feature in said for _ in same)
    return Subject(name=_name(counts, weights), asked=tuple(asked))


@lru_cache(1 << 13)
def features(question: str) -> tuple[Feature, ...]:
    """What a question says: the places and abbreviations that it names, and its other content words, each once, in order."""
    text = thai.normalise(question)
    named = [(one.start, one.end, ("place", one.said)) for one in mentions(text)]
    short = [(one.start, one.end, ("short", one.said)) for one in abbreviations(text) if not _within(one.start, named)]
    found = sorted([*named, *short])
    rest, last = "", 0
    for start, end, _ in found:
        rest, last = f"{rest}{text[last:start]}\n", max(last, end)
    own = (word for line in (rest + text[last:]).split("\n") for word in own_words(line))
    words = (("word", _root(term)) for word in own for term in thai.terms(word) if _tells(term))
    order = {feature: text.find(feature[1]) for feature in [*(one for *_, one in found), *words]}
    return tuple(sorted(order, key=order.__getitem__))


def _within(place: int, spans: Iterable[tuple[int, int, Feature]]) -> bool:
    return any(start <= place < end for start, end, _ in spans)


def _tells(word: str) -> bool:
    return len(word) > 1 and not word.isdigit() and word not in thai.stopwords()


def _root(word: str) -> str:
    """A word without the การ or ความ that makes a noun of it, where what is left is a word."""
    root = re.sub("^(?:การ|ความ)(?=[ก-๎]{3})", "", word)
    return root if thai.is_word(root) else word


def _weights(said: Sequence[tuple[Feature, ...]]) -> dict[Feature, float]:
    """What each thing weighs: the more, the fewer of the questions say it."""
    counts = Counter(feature for one in said for feature in one)
    rarity = {feature: math.log(1 + len(said) / count) for feature, count in counts.items()}
    return {feature: rare * (1 if feature[0] == "word" else _NAMED) for feature, rare in rarity.items()}


def _alike(said: Sequence[tuple[Feature, ...]], weights: dict[Feature, float]) -> list[list[int]]:
    """Questions, by number, each with the earliest of those before it that it is most like."""
    groups: list[list[int]] = []
    having: dict[Feature, list[int]] = {}
    for i, own in enumerate(said):
        shared: Counter[int] = Counter()
        for feature in own:
            for group in having.get(feature, ()):
                shared[group] += weights[feature]  # type: ignore[assignment]
        total = sum(weights[feature] for feature in own)
        best, most = -1, 0.0
        for group, weight in sorted(shared.items()):
            lighter = min(total, sum(weights[feature] for feature in said[groups[group][0]]))
            if weight / lighter >= _SHARE and weight / lighter > most:
                best, most = group, weight / lighter
        if best < 0:
            best = len(groups)
            groups.append([])
            for feature in own:
                having.setdefault(feature, []).append(best)
        groups[best].append(i)
    return groups


def _named_alike(groups: Sequence[list[int]], said: Sequence[tuple[Feature, ...]]) -> list[list[int]]:
    """The same, with those that are alone joined to the largest group whose first question names what they name."""
    by_name: dict[Feature, list[list[int]]] = {}
    for group in groups:
        for feature in said[group[0]]:
            if feature[0] != "word":
                by_name.setdefault(feature, []).append(group)
    gone: set[int] = set()
    for group in groups:
        if len(group) == 1 and group[0] not in gone:
            names = [feature for feature in said[group[0]] if feature[0] != "word"]
            others = [one for name in names for one in by_name[name] if one is not group and one[0] not in gone]
            if others:
                max(others, key=len).extend(group)
                gone.add(group[0])
    return [sorted(group) for group in groups if group[0] not in gone or len(group) > 1]


def _name(counts: Counter[Feature], weights: dict[Feature, float]) -> str:
    """The commonest things that questions say, in the order in which they were first said."""
    order = list(counts)
    chosen = sorted(order, key=lambda feature: (-counts[feature], -weights[feature], order.index(feature)))[:_NAMES]
    return " ".join(name for _, name in sorted(chosen, key=order.index))
