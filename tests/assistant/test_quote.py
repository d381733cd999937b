"""A quote stands where a document says it, whatever copying did to it, and nowhere once its meaning was altered."""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.quote import find
from tests.assistant.alter import MONTHS
from tests.bench.cases import rows
from vectorstore import thai

REPORT = """การประชุมครั้งที่ 1/2566 วันที่ ๑๘ มิถุนายน 2566
กองทุนมีสมาชิก 845 คน งบประมาณ 107,500 บาท กู้ยืม 5 ล้านบาท อายุยี่สิบห้าปี
ที่ประชุมไม่เห็นชอบให้ย้าย “ตลาดน้ำ” ไป
บ้านใหม่ ถามว่าทำได้หรือไม่ นายสมหวัง รักถิ่น แจ้งว่าทำไม่ได้ จึงเลื่อน 😀 ไปก่อน
หมู่ที่ 4 | 12 | e-mail: ban@example.org"""
PER_KIND = 1_000
"""Quotes of the real news for each kind of noise or alteration."""


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("กองทุนมีสมาชิก ๘๔๕ คน", "กองทุนมีสมาชิก 845 คน"),
        ("กองทุน มีสมาชิก845คน", "กองทุนมีสมาชิก 845 คน"),
        ("วันที่ 18 มิถุนายน ๒๕๖๖ กองทุน", "วันที่ ๑๘ มิถุนายน 2566\nกองทุน"),
        ("ย้าย\u00a0'ตลาดน้ำ'".replace("'", '"'), "ย้าย “ตลาดน้ำ”"),
        ("ตลาดน\u0e4d\u0e49า” ไปบ้าน\u200bใหม่", "ตลาดน้ำ” ไป\nบ้านใหม่"),
        ("ตลาดน\u0e49\u0e4dา", "ตลาดน้ำ"),
        ("ตลาดน\u0e33\u0e49", "ตลาดน้ำ"),
        ("  หมู่ที่ 4 | 12  ", "หมู่ที่ 4 | 12"),
        ("จึงเลื่อน 😀 ไปก่อน", "จึงเลื่อน 😀 ไปก่อน"),
        ("นายสมหวัง รักถิ่น", "นายสมหวัง รักถิ่น"),
    ],
)
def test_noise_is_forgiven(quote: str, stands: str) -> None:
    place = REPORT.index(stands)
    assert find(quote, REPORT) == (place, place + len(stands))


@pytest.mark.parametrize(
    "quote",
    [
        "กองทุนมีสมาชิก 854 คน",
        "กองทุนมีสมาชิก 84",
        "45 คน",
        "งบประมาณ 107",
        "งบประมาณ 107500 บาท",
        "กู้ยืม 5",
        "ห้าปี",
        "2566 วันที่",
        "นายสมหวัง รักถิน",
        "นายสมหมาย รักถิ่น",
        "วันที่ 18 มิถุนายน 2567",
        "วันที่ 18 กรกฎาคม 2566",
        "เห็นชอบให้ย้าย",
        "ที่ประชุมเห็นชอบให้ย้าย",
        "ที่ประชุมไม่ได้เห็นชอบให้ย้าย",
        "กองทุนไม่มีสมาชิก 845 คน",
        "ไปบ้านใหม",
        "่ประชุมไม่เห็นชอบ",
        "ย้าย ตลาดน้ำ ไป",
        "หมู่ที่ 4 12",
        "mail: ban",
        "E-MAIL: ban@example.org",
        "",
        " \u200b\n",
    ],
)
def test_nothing_else_is(quote: str) -> None:
    assert find(quote, REPORT) is None


def test_figures_are_kept_apart() -> None:
    assert find("ช่อง 12", "ช่อง 1 2") is None
    assert find("ช่อง 1 2", "ช่อง 12") is None
    assert find("ช่อง 1  2", "ช่อง 1\n2") == (0, 8)


def test_a_place_that_is_not_negated_is_found_after_those_that_are() -> None:
    text = "ไม่เห็นชอบ มิได้เห็นชอบ ไม่ควรเห็นชอบ แต่เห็นชอบ"
    assert find("เห็นชอบ", text) == (len(text) - 7, len(text))
    assert find("เห็นชอบ", text[:-11]) is None
    assert find("จึงเลื่อน", REPORT) and find("นายสมหวัง", REPORT), "a clause that ends in ไม่ได้ or หรือไม่ negates no other"


LETTERS = st.text(alphabet="กขน่้ำาเแไม ็ \n12๓,./|ab😀“\u200b\u0e4d", max_size=60)


@given(LETTERS, LETTERS, LETTERS, st.randoms(use_true_random=False))
def test_what_stands_is_found_through_any_noise(before: str, quote: str, after: str, chance: random.Random) -> None:
    quote = thai.normalise(quote).strip()
    text = f"{before} | {quote} | {after}"
    found = find(noisy(quote, chance), text)
    if quote:
        assert found
        assert bare(text[slice(*found)]) == bare(quote)
        assert text[found[0]].strip() and text[found[1] - 1].strip()
    else:
        assert found is None


@given(LETTERS, LETTERS)
def test_what_is_found_is_what_was_quoted(quote: str, text: str) -> None:
    if found := find(quote, text):
        assert bare(text[slice(*found)]) == bare(quote)


def bare(text: str) -> str:
    """Without any of the noise; spaces go altogether."""
    plain = thai.arabic_digits(thai.normalise(text)).translate(str.maketrans("“”‘’", "\"\"''"))
    return "".join(plain.split())


THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
NOISES: tuple[Callable[[str], str], ...] = (
    lambda text: thai.arabic_digits(text),
    lambda text: text.translate(THAI_DIGITS),
    lambda text: re.sub("(?<=[ก-ฮ]) |(?<=[ก-ฮ])\n", "", text),
    lambda text: text.replace(" ", "\u00a0\u2003 "),
    lambda text: text.replace(" ", "\n"),
    lambda text: re.sub("(?<=[ก-ฮ])(?=[เ-ไ])", "\u200b", text),
    lambda text: re.sub("(?<=[ก-ฮ])(?=[เ-ไ])", " ", text),
    lambda text: text.replace("“", '"').replace("”", '"').replace("’", "'"),
    lambda text: text.replace("้ำ", "\u0e4d\u0e49า").replace("ำ", "\u0e4dา"),
    lambda text: text.replace("้ำ", "\u0e49\u0e4dา"),
    lambda text: text.replace("้ำ", "\u0e33\u0e49"),
    lambda text: f"\ufeff {text}\n",
)


def noisy(text: str, chance: random.Random) -> str:
    """`text` as some programs would copy it."""
    for noise in chance.sample(NOISES, 3):
        text = noise(text)
    return text


def pieces(text: str, chance: random.Random) -> Iterator[str]:
    """Clauses that stand together, 40 to 300 characters; none that a line break cuts out of 1.8 ล้าน."""
    spans = [(start, end) for start, end in thai.clauses(text) if not re.match("\n?(?:แสน|ล้าน)", text[start:])]
    spans = [(start, end) for start, end in spans if not re.match("[ \n]+(?:แสน|ล้าน)", text[end:])]
    for _ in range(12):
        first = chance.randrange(len(spans)) if spans else 0
        ends = [end for _, end in spans[first:] if 40 <= end - spans[first][0] <= 300]
        if ends:
            yield text[spans[first][0] : chance.choice(ends)]


def other_digit(found: re.Match[str], chance: random.Random) -> str:
    number = found[0]
    place = chance.choice([n for n, char in enumerate(number) if char.isdigit()])
    old = int(number[place])
    return number[:place] + str(chance.choice([digit for digit in range(1, 10) if digit != old])) + number[place + 1 :]


def other_name(found: re.Match[str], chance: random.Random) -> str:
    name = found[0]
    place = chance.choice([n for n, char in enumerate(name) if "ก" <= char <= "ฮ" and n >= found.start(1) - found.start()])
    return name[:place] + chance.choice([char for char in "กขคงจชดตทนบปพมยรลวสห" if char != name[place]]) + name[place + 1 :]


ALTERED: dict[str, tuple[str, Callable[[re.Match[str], random.Random], str]]] = {
    "number": ("[0-9๐-๙][0-9๐-๙,.]*", other_digit),
    "name": ("(?:นาย|นาง|นางสาว|จังหวัด|อำเภอ|ตำบล)([ก-ฮ][ก-๎]+)", other_name),
    "date": ("|".join(MONTHS), lambda found, chance: chance.choice([month for month in MONTHS if month != found[0]])),
    "negation added": ("(?<![ก-๎])(?:มี|ได้|เห็นชอบ|อนุมัติ|จะ|ให้|เป็น|สามารถ|ต้อง)", lambda found, _: "ไม่" + found[0]),
    "negation removed": ("ไม่(?!เพียง)", lambda found, _: ""),
}


@pytest.fixture(scope="module")
def news(shared: Path) -> list[str]:
    """All but the longest, whose hundreds of pages take most of the time."""
    bodies = (row["body"] for row in rows(shared / "data" / "thaigov_community.jsonl.zst"))
    return [thai.normalise(body) for body in bodies if len(body) < 5_000]


@pytest.mark.slow
def test_quotes_of_real_news_are_found_through_noise(news: list[str]) -> None:
    chance, tried = random.Random(1), 0
    for text in news:
        for quote in list(pieces(text, chance))[:2]:
            found = find(noisy(quote, chance), text)
            assert found, quote
            assert bare(text[slice(*found)]) == bare(quote)
            assert bare(text).count(bare(quote)) > 1 or text[slice(*found)] == quote
            tried += 1
        if tried >= PER_KIND:
            return
    pytest.fail(f"only {tried}")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ALTERED)
def test_altered_quotes_of_real_news_are_rejected(news: list[str], kind: str) -> None:
    pattern, alter = ALTERED[kind]
    chance, tried = random.Random(2), 0
    for text in news * 3:
        for quote in pieces(text, chance):
            places = list(re.finditer(pattern, quote))
            if not places:
                continue
            one = chance.choice(places)
            said = quote[: one.start()] + alter(one, chance) + quote[one.end() :]
            if bare(said) in bare(text):  # by chance it says that too, or the negation was its first word: see above
                continue
            assert find(noisy(said, chance), text) is None, f"{quote} -> {said}"
            tried += 1
            break
        if tried == PER_KIND:
            return
    pytest.fail(f"only {tried}")
