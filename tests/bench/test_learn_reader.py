"""Teaching: what is taught is what the reader does, with the same figures, and the same on every run."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from assistant import reader
from assistant.clues import asked, clues
from assistant.match import Text
from assistant.question import understand
from assistant.tokens import tokens
from assistant.units import units
from ingest import read_document
from tests.bench.learn_answering import Held, learn
from tests.bench.learn_reader import Example, Network, _example, _padded, _without, teach
from tests.bench.made_tables import made

PAGES = {
    "กองทุนมีสมาชิกกี่คน": ("กองทุนสวัสดิการมีสมาชิก 845 คน เพิ่มจากปีก่อน", "845 คน"),
    "ฝายใช้งบเท่าไร": ("ชาวบ้านเปิดฝาย 15 ตัว ใช้งบประมาณ 196,400 บาท นำโดยนายอุทัย", "196,400"),
    "ใครเป็นประธาน": ("ที่ประชุมเลือกนางบุญมา ใจเย็น เป็นประธาน", "บุญมา ใจเย็น"),
}


def examples() -> list[Example]:
    found = []
    for question, (text, answer) in PAGES.items():
        query = understand(question)
        prepared = asked(query)
        found += [_example(prepared, text, "", None, [[answer]]), _example(prepared, _without(text, [answer]), "", None, [])]
    return found


def test_the_answer_is_marked_where_it_stands() -> None:
    assert [len(example.answers) for example in examples()] == [1, 0] * 3
    (places,) = examples()[2].answers
    ((first, last),) = places
    assert "".join(tokens(PAGES["ฝายใช้งบเท่าไร"][0]).words[first : last + 1]) == "196,400"


def test_numpy_reads_as_torch_taught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(1)
    example = examples()[0]
    network = Network(example.vectors.shape[1]).eval()
    save_file(network.state_dict(), tmp_path / "reader.safetensors")
    monkeypatch.setattr(reader, "_weights", lambda: reader.load(tmp_path / "reader.safetensors"))
    (question, (text, _)), *_ = PAGES.items()
    query = understand(question)
    prepared = asked(query)
    words = tokens(text)
    told, present = _padded([clues(prepared, text, words, Text(""))])
    vectors, _ = _padded([words.vectors])
    of_question, worded = _padded([example.words])
    with torch.no_grad():
        odds = network(told, vectors, present, of_question, worded)[0].numpy()
    found = reader.read(prepared, text, "")
    assert np.abs(np.column_stack([found.begins, found.ends]) - odds).max() < 1e-4


def test_teaching_lowers_the_loss_and_is_the_same_again() -> None:
    first, second = (teach(examples(), 12) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first.state_dict().values(), second.state_dict().values(), strict=True))
    marked = examples()[0]
    told, present = _padded([marked.told])
    vectors, _ = _padded([marked.vectors])
    of_question, worded = _padded([marked.words])
    with torch.no_grad():
        taught, fresh = (
            network(told, vectors, present, of_question, worded)[0, :, 0].softmax(0) for network in (first, Network(128).eval())
        )
    place = marked.answers[0][0][0]
    assert taught[place] > fresh[place]


def test_what_answers_is_learned_from_what_held_the_answer() -> None:
    from assistant.judging import ANSWER, PIECE, Judged

    draw = np.random.default_rng(0)
    document = read_document("a.txt", "กองทุนมีสมาชิก 845 คน".encode())
    (unit,) = units(document, [(0, document.characters)])
    cases = []
    for number in range(60):
        features = draw.normal(size=(5, len(PIECE)))
        chances = np.full(5, 0.9 if number % 3 else 0.1)
        pieces = Judged((unit,) * 5, features, chances, np.ones(5), np.zeros(5), float(chances[0]), {}, {}, {})
        right = np.zeros(5)
        if number % 3:
            right[features[:, 0].argmax()] = 1
        cases.append(Held(pieces, right, abstain=not number % 3))
    kept = learn(cases)
    assert kept["piece"]["share"] > max(abs(kept["piece"][name]) for name in PIECE if name != "share")
    assert kept["answer"]["chance"] + kept["answer"]["most"] > 0 and set(kept["answer"]) == set(ANSWER)


def test_made_tables_hold_their_answers_and_are_the_same_again() -> None:
    some = list(made(60))
    assert some == list(made(60)) and len(some) == 120
    assert all(one.answer in one.text for one in some) and sum(bool(one.answer) for one in some) == 60
    assert len({one.text for one in some}) == 60 and len({one.question for one in some}) > 100
