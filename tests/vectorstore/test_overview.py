"""The overview: counts that agree with the documents, of those that can be seen, and a name for each state."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import HashEmbedder, document, passages
from tests.vectorstore.conftest import Profile
from vectorstore import Document, Store
from vectorstore.overview import Choice, Overview
from vectorstore.types import Fact

MADE = [
    replace(document("a.txt", "กองทุน", date="2023-06-18", kind="minutes"), provinces=("เลย",)),
    replace(document("b.txt", "ข่าวฝาย", date="2023-03", kind="news"), provinces=("น่าน", "เลย"), organisations=("กรมป่าไม้",)),
    replace(document("c.txt", "บันทึก", date="2021", kind="notes"), facts=(Fact(name="abbreviation", value="ปม. = กรมป่าไม้"),)),
    document("d.txt", "รายงาน"),
]


def added(store: Store, *made: Document) -> None:
    store.add([(one, passages(one)) for one in made])


@pytest.fixture
def store(tmp_path: Path, profile: Profile):
    with Store(tmp_path / "home", HashEmbedder(), **profile()) as opened:
        added(opened, *MADE)
        yield opened


@pytest.mark.parametrize(
    ("choice", "sources"),
    [
        (Choice(), "a b c d"),
        (Choice(province="เลย"), "a b"),
        (Choice(province="เลย", kind="news"), "b"),
        (Choice(year=2023), "a b"),
        (Choice(year=2023, month=3), "b"),
        (Choice(organisation="กรมป่าไม้"), "b c"),
        (Choice(province="ภูเก็ต"), ""),
        (Choice(kind="poem"), ""),
    ],
)
def test_a_choice_admits_what_has_all_of_it(store: Store, choice: Choice, sources: str) -> None:
    holdings = store.overview.holdings()
    found = store.overview.headers(holdings.keys[holdings.chosen(choice)])
    assert [header.source for header in found] == [f"{name}.txt" for name in sources.split()]


def test_a_field_can_be_left_out_of_the_choice_and_the_newest_come_first(store: Store) -> None:
    holdings = store.overview.holdings()
    found = holdings.chosen(Choice(province="น่าน", year=2023), leave=["province"])
    assert found.tolist() == [True, True, False, False]
    newest = store.overview.headers(holdings.keys[holdings.newest(np.ones(4, bool))])
    assert [header.source for header in newest] == ["a.txt", "b.txt", "c.txt", "d.txt"]


def test_headers_come_in_the_order_asked_for_without_those_that_are_gone(store: Store) -> None:
    keys = store.overview.holdings().keys.tolist()
    assert [header.source for header in store.overview.headers([keys[2], 999, keys[0]])] == ["c.txt", "a.txt"]


def test_every_change_has_a_state_of_its_own(store: Store) -> None:
    states = [store.overview.state()]
    added(store, document("a.txt", "กองทุน ฉบับแก้"))
    states.append(store.overview.state())
    store.remove("b.txt")
    states.append(store.overview.state())
    assert len(set(states)) == 3 and store.overview.state() == states[-1]
    assert "ข่าวฝาย" not in store.overview.holdings().titles and "กองทุน ฉบับแก้" in store.overview.holdings().titles


def test_who_may_see_less_is_told_of_less_and_has_another_state(store: Store) -> None:
    some = Overview(store._record._rows, str, "d.current AND d.source <> 'b.txt'")
    assert some.state() != store.overview.state()
    holdings = some.holdings()
    assert len(holdings.keys) == 3 and holdings.provinces.keys() == {"เลย"}
    assert len(holdings.organisations["กรมป่าไม้"]) == 1
    hidden = store.overview.holdings().keys[1]
    assert some.headers([hidden]) == []


def test_an_empty_archive_has_an_overview(tmp_path: Path) -> None:
    with Store(tmp_path / "home", HashEmbedder()) as store:
        assert store.overview.state() and store.overview.headers([]) == []
        assert not store.overview.holdings().chosen(Choice(year=2023)).any()
