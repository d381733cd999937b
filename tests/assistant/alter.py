"""Sentences made wrong, each in one thing, and sentences written otherwise that say the same."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from assistant.figures import figures
from vectorstore import thai

FIGURE = re.compile(r"(?<![0-9,.])[0-9][0-9,]*(?:\.[0-9]+)?(?![0-9])")
MONTHS = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
PERSON = re.compile("(?:นาย(?!ก|อำเภอ|ทะเบียน|จ้าง)|นางสาว|(?<!พระ)นาง(?!สาว|งาม))([ก-ฮเ-ไ][ก-๎]{3,12}) ([ก-ฮเ-ไ][ก-๎]{3,14})(?= )")
PROVINCE = re.compile(f"จังหวัด({'|'.join(thai.provinces())})")
_CONSONANTS = "กขคงจชดตทนบปผพมยรลวสห"
_NO_SURNAME = re.compile("กล่าว|ให้|ที่|เป็น|เปิด|ผู้|ใน|และ|ครั้ง|ได้|ต่อ|ระบุ|พร้อม|จาก|ร่วม|มี|ว่า|ประธาน|รัฐ|อธิบดี|ปลัด|รอง|เลขา")

Change = tuple[str, str]
"""(what was changed, the text that is now wrong)."""


def persons(text: str) -> list[re.Match[str]]:
    """Names with a title, as far as what follows looks like a surname."""
    return [match for match in PERSON.finditer(text) if not _NO_SURNAME.search(match[2])]


def _put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _values(text: str) -> set[object]:
    found = figures(text)
    years = {value + 543 for figure in found if isinstance(value := figure.value, int)}
    return (
        {figure.value for figure in found} | years | {Decimal(part) for part in re.findall("[0-9]+", thai.arabic_digits(text))}
    )


def digits(text: str, rng: random.Random) -> Iterator[Change]:
    """One digit of one figure is another, and the new value stands nowhere in the text."""
    for match in rng.sample(found := list(FIGURE.finditer(text)), min(1, len(found))):
        place = rng.choice([at for at in range(*match.span()) if text[at].isdigit()])
        new = _put(text, place, place + 1, str((int(text[place]) + rng.randint(1, 9)) % 10))
        value = new[match.start() : match.end()].replace(",", "")
        before = _values(text)
        if Decimal(value) not in before and Decimal(value) - 543 not in before and Decimal(value) + 543 not in before:
            yield "figure", new


def months(text: str, rng: random.Random) -> Iterator[Change]:
    """One month is another that the text does not name."""
    others = [month for month in MONTHS if month not in text]
    for match in list(re.finditer("|".join(MONTHS), text))[:1]:
        yield "date", _put(text, *match.span(), rng.choice(others))


def names(text: str, rng: random.Random, known: Sequence[tuple[str, str]]) -> Iterator[Change]:
    """A person's first name, surname or one letter of them, or a province, is another."""
    for match in persons(text)[:1]:
        group = rng.choice((1, 2))
        new = rng.choice(known)[group - 1]
        if new not in text and match[group] not in new:
            yield "name", _put(text, *match.span(group), new)
        place = rng.randrange(*match.span(group))
        letter = rng.choice(_CONSONANTS)
        if "ก" <= text[place] <= "ฮ" and text[place] != letter:
            yield "letter", _put(text, place, place + 1, letter)
    for match in list(PROVINCE.finditer(text))[:1]:
        new = rng.choice(list(thai.provinces()))
        if new not in text:
            yield "place", _put(text, *match.span(1), new)


def denials(text: str, rng: random.Random) -> Iterator[Change]:
    """A negation taken out, or put before a word."""
    for match in list(re.finditer("ไม่", text))[:1]:
        yield "negation out", _put(text, *match.span(), "")
    words, place = thai.words(text), 0
    free = []
    for before, word in zip(["", *words], words, strict=False):
        if re.fullmatch("[ก-๎]{4,}", word) and not re.search("ไม่|มิ|ห้าม|งด|ยกเว้น", before + word):
            free.append(place)
        place += len(word)
    if free:
        at = rng.choice(free)
        yield "negation in", _put(text, at, at, "ไม่")


NOISE: tuple[Callable[[str, random.Random], str], ...] = (
    lambda text, rng: text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")),
    lambda text, rng: "".join(char + "\u200b" * (rng.random() < 0.1) for char in text),
    lambda text, rng: text.replace("ำ", "ํา"),
    lambda text, rng: re.sub("([ก-ฮ])([่-๋])ำ", r"\1ํ\2า", text),
    lambda text, rng: re.sub("(?<=[0-9]),(?=[0-9]{3})", "", text),
    lambda text, rng: re.sub(" +", "  ", text),
    lambda text, rng: re.sub("(?<=[ก-๎]) (?=[ก-๎])", "", text),
)
"""What changes no value and no word: Thai digits, zero width, sara am in two, thousands without commas, spaces."""
