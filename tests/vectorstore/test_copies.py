"""Documents that say nearly the same are linked when they come, and only they."""

import random
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import HashEmbedder, document, passages
from vectorstore import Document, Store, copies

WORDS = "กองทุน|สวัสดิการ|ชุมชน|ประชุม|เห็นชอบ|งบประมาณ|สมาชิก|ตำบล|เครือข่าย|ป่า|น้ำ|ฝาย|เยาวชน|ตลาด|ออมทรัพย์|ที่ดิน"
NOUNS = re.findall("[^|]+", WORDS)


def prose(seed: int, words: int = 200) -> str:
    chance = random.Random(seed)
    return "\n".join(" ".join(f"{chance.choice(NOUNS)}{chance.choice(NOUNS)}" for _ in range(10)) for _ in range(words // 20))


def made(source: str, text: str) -> Document:
    return document(source, *text.split("\n"))


def add(store: Store, *documents: Document) -> None:
    store.add([(one, passages(one)) for one in documents])


def similar(store: Store) -> dict[str, list[str]]:
    names = {header.id: header.source for header in store.documents()}
    return {names[one]: [names[other] for other in others] for one, others in store.similar().items()}


@pytest.fixture
def store(tmp_path: Path):
    with Store(tmp_path, HashEmbedder()) as opened:
        yield opened


NEWS = prose(1)


@pytest.mark.parametrize(
    "copy",
    [
        "เผยแพร่ซ้ำโดยศูนย์ข่าวท้องถิ่น\n" + NEWS,
        NEWS.replace(" ", ""),
        NEWS.replace("\n", " "),
        "\n".join(f"- {line} |" for line in NEWS.split("\n")),
        NEWS + "\nเลขหน้า ๑",
        NEWS.replace("ฝาย", "ฝายน้ำ", 2),
    ],
    ids=["header", "no spaces", "no lines", "as a table", "a page number", "two words mended"],
)
def test_a_copy_is_linked(store: Store, copy: str) -> None:
    add(store, made("a.txt", NEWS), *(made(f"{n}.txt", prose(n)) for n in range(2, 12)))
    add(store, made("copy.txt", copy))
    assert similar(store) == {"a.txt": ["copy.txt"], "copy.txt": ["a.txt"]}
    assert store.similar([store.find("a.txt").id]) == {store.find("a.txt").id: [store.find("copy.txt").id]}


def test_other_documents_are_not(store: Store) -> None:
    add(store, made("a.txt", NEWS), made("half.txt", "\n".join(NEWS.split("\n")[:5]) + "\n" + prose(3, 100)))
    assert similar(store) == {}


def test_the_most_alike_comes_first(store: Store) -> None:
    add(store, made("a.txt", NEWS + "\n" + prose(2, 40)), made("b.txt", NEWS), made("c.txt", NEWS + "\nจบ"))
    assert similar(store)["c.txt"] == ["b.txt", "a.txt"]


def test_links_go_with_their_documents(store: Store) -> None:
    add(store, made("a.txt", NEWS), made("b.txt", NEWS + "\nจบข่าว"), made("c.txt", NEWS + "\nจบ"))
    store.remove("b.txt")
    assert similar(store) == {"a.txt": ["c.txt"], "c.txt": ["a.txt"]}
    add(store, made("c.txt", prose(9)))
    assert similar(store) == {}
    add(store, made("d.txt", NEWS + "\nนี่คือสำเนา"))
    assert similar(store) == {"a.txt": ["d.txt"], "d.txt": ["a.txt"]}, "a version that was replaced is nobody's copy"
    left = store._record._rows("SELECT count(*), count(DISTINCT document) FROM bands")[0]
    assert left == (3 * 16, 3)


def test_an_answer_quotes_copies_once(store: Store) -> None:
    add(store, made("a.txt", "โรงสีชุมชนบ้านโคกมีรายได้ 48,000 บาท\nสมาชิกได้ปันผลร้อยละ 5"))
    add(store, made("b.txt", "โรงสีชุมชนบ้านโคกมีรายได้ 48,000 บาท\nสมาชิกได้ปันผลร้อยละ 5 ทุกคน"))
    hits = store.search("โรงสีชุมชนมีรายได้เท่าไร", k=1)
    assert {hits[0].document.source, *(other.source for other in hits[0].others)} == {"a.txt", "b.txt"}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_has_runs_and_bands_and_is_its_own_copy(text: str) -> None:
    found = copies.runs(text)
    assert found.dtype == np.uint32 and len(found) and (np.diff(found.astype(np.int64)) > 0).all()
    assert copies.share(found, found) == 1
    assert len(set(copies.bands(found))) == 16
    assert copies.bands(found) == copies.bands(copies.runs(f" {text}\n"))


BANDS = [-6847270696683636410, -1338423824814831126]


def test_bands_are_the_same_in_every_version() -> None:
    assert copies.bands(copies.runs("ถามคลัง"))[:2] == BANDS, "archives keep them: another rule needs another schema"
