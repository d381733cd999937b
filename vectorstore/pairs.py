"""Pairs of texts that belong together, from which the bundled embedding model learns.

Of an article: its title, also in English by dictionary, and its beginning; clauses and the words of clauses that a question
would keep, and what stands around them. Of a question: what stands around its answer. Of English news: the Thai news of
the same days that the model at hand finds nearest. Terms, places and sentences: their translations.
"""

import io
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import zstandard

from vectorstore import gazetteer, glossary
from vectorstore.embed import Embedder, pieces

TEST_SOURCES = ("UD_Thai-PUD", "Tatoeba", "XCOPA")
"""Sources of the parallel file whose rows are never trained on."""

_ENGLISH_QUESTION = (
    "what is the",
    "how many",
    "how much",
    "who is",
    "which",
    "when did",
    "where is the",
    "tell me about",
    *[""] * 3,
)
_THAI_QUESTION = ("ใคร", "เมื่อ ไหร่", "เท่าไร", "กี่", "ที่ไหน", "อะไร บ้าง", "อย่างไร", "คือ อะไร", "ใน ปี ใด", "", "", "")
"""What questions begin or end with, as `pieces` gives it; nothing as often as not."""
_LEAD = 700
"""Characters of an article by which English and Thai news are compared."""
_DAYS, _NEAR = 3, 0.37
"""Days between an English article and its Thai one at most, and their cosine at least: of 32 such pairs looked at, spread
evenly over the cosines above it, one was of different events."""
_ROUNDS = 12
"""Views of a pair of articles."""

Dictionary = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together, as `pieces` gives them; pairs of one `group` are never each other's negatives."""

    group: int
    left: str
    right: str


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a .jsonl.zst file."""
    with zstandard.open(path, "rb") as file:
        yield from map(json.loads, io.TextIOWrapper(file, encoding="utf-8"))


def pairs(data: Path, seed: int, embedder: Embedder | None) -> Iterator[Pair]:
    """The training pairs, in the same order for the same seed.

    Args:
        data: the folder of the training files.
        seed: of every random choice.
        embedder: finds the Thai news of English news; without one there are no such pairs.
    """
    rng = random.Random(seed)
    terms, sentences = _translations(data)
    dictionary: Dictionary = defaultdict(list)
    for th, en in terms:
        dictionary[th].append(en)
    group = 0
    for th, en in [*terms, *sentences]:
        yield Pair(group := group + 1, th, en)
    first, numbers = group + 1, _alike(data)
    for row in read(data / "pairs_title_body.jsonl.zst"):
        if not row["community"] and row["lex"] < 0.95:
            group = first + numbers.setdefault(row["id"], len(numbers))
            yield from _views(group, pieces(row["title"]).split(), pieces(row["body"]).split(), dictionary, rng)
    for name, english, thai in _same_news(data, embedder) if embedder else ():
        yield from _news_views(first + numbers.setdefault(name, len(numbers)), english, thai, rng)
    yield from _asked(data, first + len(numbers), dictionary, rng)


def _translations(data: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Terms and sentences, Thai and English, as `pieces` gives them; the more trustworthy terms more than once."""
    terms: list[tuple[str, str]] = []
    sentences: list[tuple[str, str]] = []
    for row in read(data / "parallel_th_en.jsonl.zst"):
        if not row["source"].startswith(TEST_SOURCES):
            pair = pieces(row["th"]), pieces(row["en"])
            if row["kind"] in ("sentence", "paragraph", "ui"):
                sentences.append(pair)
            else:
                terms += [pair] * (1 if "WordNet" in row["source"] else 2)
    for row in json.loads((data / "thaigov_acronyms.json").read_text(encoding="utf-8")):
        terms.append((pieces(row["th"]), pieces(row["acronym"])))
    for english, thais in (*glossary.concepts(), *glossary.words()):
        terms += [(pieces(th), pieces(en)) for en in english[:4] for th in thais[:3] for _ in range(2)]
    for name, places in gazetteer.rows().items():
        for _, english_name, level, *_ in dict.fromkeys(places):
            terms += [(pieces(name), pieces(english_name))] * (3 if level == "province" else 1)
    return [(th, en) for th, en in terms if th and en], sentences * 2


def _alike(data: Path) -> dict[str, int]:
    """Articles that are nearly the same -> one number: they are no wrong answers for each other."""
    numbers: dict[str, int] = {}
    for line in (data / "thaigov_neardup.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        one, other, *_ = line.split("\t")
        number = numbers.get(one, numbers.get(other, len(numbers)))
        numbers[one] = numbers[other] = number
    return numbers


def _views(group: int, title: list[str], body: list[str], dictionary: Dictionary, rng: random.Random) -> Iterator[Pair]:
    """Pairs of one article, as words."""
    if len(body) < 12:
        return
    start = " ".join(body[: rng.randint(50, 220)])
    yield Pair(group, " ".join(title), start)
    if mixed := switched(title, dictionary, rng, keep=1.0):
        yield Pair(group, mixed, start)
    if english := switched(title, dictionary, rng, keep=0.0):
        yield Pair(group, f"{rng.choice(_ENGLISH_QUESTION)} {english}", start)
    for drawn in range(6):
        around = _window(body, rng, 40, 200)
        size = rng.randint(6, 24)
        place = rng.randrange(max(1, len(around) - size + 1))
        inside = around[place : place + size]
        head = title if rng.random() < 0.35 else []
        if drawn == 5:
            if english := switched(inside, dictionary, rng, keep=0.2):
                yield Pair(group, f"{rng.choice(_ENGLISH_QUESTION)} {english}", " ".join(head + around))
        elif drawn % 3 == 2:
            if len(rest := around[:place] + around[place + size :]) > 8:
                yield Pair(group, " ".join(inside), " ".join(head + rest))
        else:
            share = rng.uniform(0.3, 0.8)
            kept = [word for word in inside if rng.random() < share] or inside
            yield Pair(group, f"{' '.join(kept)} {rng.choice(_THAI_QUESTION)}", " ".join(head + around))


def _window(words: list[str], rng: random.Random, least: int, most: int) -> list[str]:
    size = rng.randint(least, most)
    place = rng.randrange(max(1, len(words) - size // 2))
    return words[place : place + size]


def _same_news(data: Path, embedder: Embedder) -> Iterator[tuple[str, tuple[str, str], tuple[str, str]]]:
    """(id of the Thai article, English title and body, Thai title and body) of one event's news; none kept aside."""
    aside = {row["id"] for row in read(data / "thaigov_community.jsonl.zst")}
    english: list[dict[str, Any]] = []
    thai: list[dict[str, Any]] = []
    for row in read(data / "thaigov.jsonl.zst"):
        if row["id"] not in aside:
            latin = len(re.findall("[A-Za-z]", row["body"][:_LEAD]))
            (english if latin > _LEAD / 2 else thai).append(row)
    days = np.array([date.fromisoformat(row["date"]).toordinal() for row in thai])
    vectors = embedder.embed([f"{row['title']}\n{row['body'][:_LEAD]}" for row in thai])
    for row, vector in zip(english, embedder.embed([f"{row['title']}\n{row['body'][:_LEAD]}" for row in english]), strict=True):
        near = np.flatnonzero(abs(days - date.fromisoformat(row["date"]).toordinal()) <= _DAYS)
        scores = vectors[near] @ vector
        if len(near) and scores.max() >= _NEAR and "cabinet met on" not in row["title"]:
            other = thai[near[scores.argmax()]]
            yield other["id"], (row["title"], row["body"]), (other["title"], other["body"])


def _news_views(group: int, english: Sequence[str], thai: Sequence[str], rng: random.Random) -> Iterator[Pair]:
    title, body = (pieces(text[:3000]) for text in english)
    thai_title, thai_body = (pieces(text[:3000]) for text in thai)
    asked, told = body.split(), thai_body.split()
    for turn in range(_ROUNDS):
        around = _window(told, rng, 60, 260) if turn % 2 else told[: rng.randint(60, 260)]
        size = rng.randint(8, 30)
        place = rng.randrange(max(1, min(len(asked), 150) - size + 1))
        kept = [word for word in asked[place : place + size] if rng.random() < 0.75]
        left = title if turn % 3 == 0 else f"{rng.choice(_ENGLISH_QUESTION)} {' '.join(kept)}"
        yield Pair(group, left, " ".join(around))
        if turn % 4 == 3:
            yield Pair(group, thai_title, " ".join(asked[: rng.randint(60, 200)]))


def _asked(data: Path, group: int, dictionary: Dictionary, rng: random.Random) -> Iterator[Pair]:
    """Questions and windows around their answers, and the views of their paragraphs."""
    valid = {row["context"] for row in read(data / "iapp_valid.jsonl.zst")}
    numbers: dict[str, int] = {}
    for row in read(data / "iapp_train.jsonl.zst"):
        context = row["context"]
        if context in valid:
            continue
        if context not in numbers:
            numbers[context] = group + len(numbers)
            for _ in range(3):
                yield from _views(numbers[context], pieces(row["title"]).split(), pieces(context).split(), dictionary, rng)
        question, answer = pieces(row["question"]), row["answers"][0]["start"]
        before, after = pieces(context[:answer]).split(), pieces(context[answer:]).split()
        for size in (40, 60, 90, 120, 160, 240):
            left = rng.randint(0, size)
            around = " ".join([*before[max(0, len(before) - left) :], *after[: max(8, size - left)]])
            yield Pair(numbers[context], question, around)
        if english := switched(question.split(), dictionary, rng, keep=0.2):
            yield Pair(numbers[context], f"{rng.choice(_ENGLISH_QUESTION)} {english}", around)


def switched(words: list[str], dictionary: Dictionary, rng: random.Random, *, keep: float) -> str:
    """`words` with what the dictionary knows in English; the share `keep` of the others stays. Empty where nothing changes."""
    found: list[str] = []
    place = changed = 0
    while place < len(words):
        for size in (4, 3, 2, 1):
            key = " ".join(words[place : place + size])
            if key in dictionary and (keep == 0.0 or rng.random() < 0.8):
                found.append(rng.choice(dictionary[key]))
                changed += 1
                break
        else:
            size = 1
            if words[place][0].isascii() or rng.random() < keep:
                found.append(words[place])
        place += size
    return " ".join(found) if changed else ""
