"""Learns which pieces answer, and when none does, from the questions that the reader is not taught with.

Two commands, an hour on two idle cores:

    python -m tests.bench.learn_reader
    python -m tests.bench.learn_answering

The second writes `assistant/data/answering.json`: weights of what tells how well a piece answers (the cross-entropy of the
right pieces among all of a question; Cao et al. 2007), weights of what tells whether the best one answers at all (logistic
regression), and the log odds below which a question is refused: of the held questions that can be answered, `_WRONGLY` are.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from assistant import evaluation, evidence
from assistant.fitting import fit
from assistant.judging import ANSWER, PIECE, WEIGHTS, Judged, judge
from assistant.question import understand
from ingest import ingest
from tests.bench.learn import _minimise
from tests.bench.learn_reader import HELD, OTHERS, OWN, texts
from vectorstore import Store, embed, thai
from vectorstore.names import heard

_WRONGLY = 0.06
"""Share of the held questions that can be answered, but may be refused."""
_SHRINKAGE = 1e-3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Held:
    """One question's pieces, and how much of a right answer each holds: float64 (n,), of 1 what stands in it."""

    pieces: Judged
    right: Floats
    abstain: bool


def main(arguments: Sequence[str] | None = None) -> None:
    """Asks the held questions, learns and writes."""
    parser = argparse.ArgumentParser("python -m tests.bench.learn_answering", description="Learns what answers.")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="file to write")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder, "home"), embed.load()) as store:
        ingest([texts(Path(folder, "texts.jsonl"), OTHERS)], store)
        cases = list(held(store))
    kept = learn(cases)
    options.out.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"{len(cases)} questions; written to {options.out}")


def held(store: Store) -> Iterator[Held]:
    """The held questions on documents that pass what `fit` requires."""
    for asked in (question for file in OWN for question in evaluation.read(file) if question.id.startswith(HELD)):
        if not asked.documents:
            continue
        query = understand(asked.turns[0])
        hits = evaluation.search(store, query, 12)
        query = replace(query, concepts=tuple(heard(dict.fromkeys(query.concepts, 1.0), hits)))
        names = list(dict.fromkeys(hit.document.id for hit in hits))[: evidence.DOCUMENTS]
        rarity = store.rarity({concept.name: concept.alternatives for concept in query.concepts})
        fitting, _ = fit(query, hits, {name: store.document(name) for name in names}, rarity)
        pieces = judge(query, fitting, rarity)
        if pieces.units:
            yield Held(pieces, np.array([_right(asked, unit) for unit in pieces.units]), asked.abstain)


def _right(asked: evaluation.Question, unit: Any) -> float:
    if asked.abstain or unit.document.source not in asked.documents:
        return 0.0
    said = thai.fold(unit.text)
    return float(np.mean([any(thai.fold(form) in said for form in group) for group in asked.must]))


def learn(cases: Sequence[Held]) -> dict[str, Any]:
    """What `answering.json` holds."""
    answerable = [case for case in cases if case.right.any()]
    features = [torch.from_numpy(case.pieces.features) for case in answerable]
    targets = [torch.from_numpy(case.right / case.right.sum()) for case in answerable]
    weights = torch.zeros(len(PIECE), dtype=torch.float64, requires_grad=True)

    def order_loss() -> torch.Tensor:
        losses = [-(torch.log_softmax(row @ weights, 0) * target).sum() for row, target in zip(features, targets, strict=True)]
        return torch.stack(losses).mean() + _SHRINKAGE * (weights**2).sum()

    _minimise(order_loss, weights)
    piece = weights.detach().numpy()
    best = [int((case.pieces.features @ piece).argmax()) for case in cases]
    signs = np.array([case.pieces.signs(place) for case, place in zip(cases, best, strict=True)])
    can = np.array([not case.abstain for case in cases])
    answer = _logistic(signs, can)
    least = float(np.quantile((signs @ answer)[can], _WRONGLY))
    refused = float(((signs @ answer)[~can] < least).mean())
    print(f"of {can.sum()} that can be answered {_WRONGLY:.0%} are refused, of {(~can).sum()} others {refused:.0%}")
    return {
        "piece": dict(zip(PIECE, piece.round(4).tolist(), strict=True)),
        "answer": dict(zip(ANSWER, answer.round(4).tolist(), strict=True)),
        "least": round(least, 4),
    }


def _logistic(signs: Floats, can: NDArray[np.bool_]) -> Floats:
    """Weights of a logistic regression in which both sorts of question count alike."""
    rows, right = torch.from_numpy(signs), torch.from_numpy(can.astype(np.float64))
    counts = torch.from_numpy(np.where(can, 0.5 / can.mean(), 0.5 / (~can).mean()))
    weights = torch.zeros(signs.shape[1], dtype=torch.float64, requires_grad=True)

    def loss() -> torch.Tensor:
        odds = torch.nn.functional.binary_cross_entropy_with_logits(rows @ weights, right, weight=counts)
        return odds + _SHRINKAGE * (weights**2).sum()

    _minimise(loss, weights)
    return weights.detach().numpy()


if __name__ == "__main__":
    main()
