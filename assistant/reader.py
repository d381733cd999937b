"""Where in a text a question is answered: a small network that was taught it, `python -m tests.bench.learn_reader`.

Each word of the text is looked at with what is told of it (`clues`), its vector and the question's words; four layers of
dilated convolutions (van den Oord et al. 2016) tell it of the words around. What comes out are the log odds that the answer
begins, and ends, at a word, against that the text does not answer at all (Rajpurkar et al. 2018).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.clues import Asked, Floats, clues
from assistant.match import Text
from assistant.tokens import Tokens, tokens

WEIGHTS = Path(__file__).with_name("data") / "reader.safetensors"
DILATIONS = (1, 2, 4, 8)
"""Words between those that each layer looks at, to either side."""


@dataclass(frozen=True, slots=True)
class Read:
    """Where the `n` words read may answer: `begins` and `ends`, float32 (n,), log odds against no answer at all."""

    words: Tokens
    begins: Floats
    ends: Floats

    @property
    def chance(self) -> float:
        """How surely (0 to 1) the text answers."""
        return 1 - (_no_answer(self.begins) + _no_answer(self.ends)) / 2

    def shares(self) -> NDArray[np.float64]:
        """How much of the answer is at each word, float64 (n,), `chance` in all: the mean of where it begins and ends."""
        return (_softmax(self.begins) + _softmax(self.ends)) / 2

    def best(self, longest: int = 24) -> tuple[int, int, float]:
        """(first word, last word, chance) of the likeliest answer of at most `longest` words; n is at least 1."""
        begins, ends = _softmax(self.begins), _softmax(self.ends)
        found = (0, 0, 0.0)
        for first in np.argsort(-begins)[:8]:
            last = int(first + np.argmax(ends[first : first + longest]))
            found = max(found, (int(first), last, float(begins[first] * ends[last])), key=lambda span: span[2])
        return found


def read(question: Asked, text: str, title: str, spans: list[tuple[int, int]] | None = None) -> Read:
    """Reads the `spans` (0-based, end exclusive, in order, not overlapping) of a repaired text called `title`."""
    words = tokens(text, spans)
    if not words.words:
        return Read(words, np.zeros(0, np.float32), np.zeros(0, np.float32))
    told = clues(question, text, words, Text(title))
    odds = _forward(_weights(), told, words.vectors, question.words.vectors, of_question(question.words))
    return Read(words, odds[:, 0], odds[:, 1])


def of_question(words: Tokens) -> Floats:
    """What is told of a question's words besides their vectors, float32 (n, 2): how much each tells, whether it has content."""
    return np.column_stack([words.telling / 30, 1 - words.empty]).astype(np.float32)


@cache
def _weights() -> Mapping[str, Floats]:
    return load(WEIGHTS)


def load(path: Path) -> Mapping[str, Floats]:
    """The weights that `tests.bench.learn_reader` wrote, by name; those of convolutions as (taps, in, out)."""
    from safetensors.numpy import load_file

    weights = {name: value.astype(np.float32) for name, value in load_file(path).items()}
    return {
        name: np.ascontiguousarray(value.transpose(2, 1, 0)) if value.ndim == 3 else value for name, value in weights.items()
    }


def _forward(w: Mapping[str, Floats], told: Floats, vectors: Floats, asked: Floats, of_asked: Floats) -> Floats:
    """The network's odds, float32 (n, 2), as `tests.bench.learn_reader.Network` has them without dropout."""
    words = np.tanh(asked @ w["asked.weight"].T + w["asked.bias"])
    words = words + np.tanh(_convolve(words, w["beside.weight"], w["beside.bias"], 1))
    attention = np.hstack([asked, of_asked]) @ w["attention.weight"].T + w["attention.bias"]
    weights = np.exp(attention - attention.max())
    question = np.concatenate([(weights / weights.sum() * words).sum(axis=0), words.max(axis=0)])
    gate = 1 + np.tanh(w["gate.weight"] @ question + w["gate.bias"])
    meaning = np.tanh(vectors @ w["word.weight"].T + w["word.bias"]) * gate
    known, own = w["first.weight"][:, : -len(question)], w["first.weight"][:, -len(question) :]
    x = np.maximum(np.hstack([told, meaning]) @ known.T + (own @ question + w["first.bias"]), 0)
    for layer, dilation in enumerate(DILATIONS):
        x = x + np.maximum(_convolve(x, w[f"layers.{layer}.weight"], w[f"layers.{layer}.bias"], dilation), 0)
    return np.asarray(x @ w["odds.weight"].T + w["odds.bias"], np.float32)


def _convolve(x: Floats, weight: Floats, bias: Floats, dilation: int) -> Floats:
    """A convolution of three taps over the rows of `x`, with zeros beyond its ends; `weight` is (3, in, out)."""
    beyond = np.zeros((dilation, x.shape[1]), np.float32)
    wide = np.concatenate([beyond, x, beyond])
    before, here, after = (wide[tap * dilation : tap * dilation + len(x)] @ weight[tap] for tap in range(3))
    return np.asarray(before + here + after + bias, np.float32)


def _softmax(odds: Floats) -> NDArray[np.float64]:
    """Chances of each, the rest of 1 being that of no answer."""
    top = max(float(odds.max(initial=0.0)), 0.0)
    powers = np.exp(odds.astype(np.float64) - top)
    return np.asarray(powers / (powers.sum() + np.exp(-top)))


def _no_answer(odds: Floats) -> float:
    return 1 - float(_softmax(odds).sum())
