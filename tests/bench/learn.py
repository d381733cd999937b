"""Learns the weights of the reranker: `python -m tests.bench.learn`, some minutes; writes `vectorstore/data/ranking.json`.

The questions are our own (`tests/data/news_questions.jsonl`), on 140 government news articles that no other question
file asks about; they are asked over these articles, those on community work and some thousand others. The iApp training
questions are of no use here: the embedding model has learned from them, so that its half looks better than it is.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assistant import evaluation
from assistant.question import understand
from ingest import ingest
from tests.bench.cases import SHARED, rows
from vectorstore import Store, embed
from vectorstore.fuse import fuse
from vectorstore.rerank import NAMES, WEIGHTS, Candidate, features

QUESTIONS = Path(__file__).parents[1] / "data" / "news_questions.jsonl"
_JUDGED, _POOL = 50, 100
_SHRINKAGE = 1e-3
"""Weight of the squared weights in the loss; a third or three times of it changed no set by more than two questions."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One question's candidates: their features, float64 (n, len(NAMES)), and which are of the right document, bool (n,)."""

    features: torch.Tensor
    right: torch.Tensor


def main(arguments: Sequence[str] | None = None) -> None:
    """Takes the articles in, asks, learns and writes."""
    parser = argparse.ArgumentParser("python -m tests.bench.learn", description="Learns the reranker's weights.")
    parser.add_argument("--others", type=int, default=9_600, help="articles that no question is about (default 9600)")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="file to write")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder, "home"), embed.load()) as store:
        ingest([_articles(Path(folder, "news.jsonl"), options.others)], store)
        judged = [case for case in _cases(store) if case.right.any()]
    weights, bias = learn(judged)
    kept = {"weights": dict(zip(NAMES, weights.round(4).tolist(), strict=True)), "bias": round(bias, 4)}
    options.out.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    first = np.mean([bool(case.right[(case.features @ torch.from_numpy(weights)).argmax()]) for case in judged])
    print(f"{len(judged)} questions, the right document first for {first:.1%} of them; written to {options.out}")


def _articles(path: Path, others: int) -> Path:
    """The articles asked about, those on community work, and as many others, drawn with a fixed seed, as an export."""
    wanted = {question.documents[0] for question in evaluation.read(QUESTIONS)}
    wanted |= {row["id"] for row in rows(SHARED / "data" / "thaigov_community.jsonl.zst")}
    articles = list(rows(SHARED / "data" / "thaigov.jsonl.zst"))
    drawn = {row["id"] for row in random.Random(1).sample(articles, min(others, len(articles)))}
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in articles if row["id"] in wanted | drawn)
    return path


def _cases(store: Store) -> Iterator[Judged]:
    for question in evaluation.read(QUESTIONS):
        query = understand(question.turns[-1])
        hits = store.search(query.text, k=_POOL, concepts=query.concepts)
        order = fuse({n: hit.lexical for n, hit in enumerate(hits)}, {n: hit.dense for n, hit in enumerate(hits)})
        chosen = [hits[place] for place in list(order)[:_JUDGED]]
        candidates = [Candidate(hit.passage, hit.document, hit.lexical, hit.dense) for hit in chosen]
        found = features(query.text, store.importance(query.concepts), candidates)
        right = [hit.document.source in question.documents for hit in chosen]
        yield Judged(torch.from_numpy(found).double(), torch.tensor(right))


def learn(cases: Sequence[Judged]) -> tuple[NDArray[np.float64], float]:
    """(weights in the order of `NAMES`, bias): first what puts the right passages first, then what makes odds of it.

    The loss is the cross-entropy of the right passages among all of a question (ListNet's top one; Cao et al. 2007);
    the second step is Platt's scaling.
    """
    weights = torch.zeros(len(NAMES), dtype=torch.float64, requires_grad=True)

    def order_loss() -> torch.Tensor:
        loss = _SHRINKAGE * (weights**2).sum()
        for case in cases:
            scores = case.features @ weights
            loss = loss + (torch.logsumexp(scores, 0) - torch.logsumexp(scores[case.right], 0)) / len(cases)
        return loss

    _minimise(order_loss, weights)
    scores = torch.cat([case.features @ weights.detach() for case in cases])
    right = torch.cat([case.right for case in cases]).double()
    scaling = torch.tensor([1.0, -float(scores.median())], dtype=torch.float64, requires_grad=True)
    odds_loss = torch.nn.functional.binary_cross_entropy_with_logits
    _minimise(lambda: odds_loss(scaling[0] * scores + scaling[1], right), scaling)
    factor, bias = scaling.detach().tolist()
    return weights.detach().numpy() * factor, bias


def _minimise(loss: Callable[[], torch.Tensor], parameter: torch.Tensor) -> None:
    optimiser = torch.optim.LBFGS([parameter], max_iter=300, line_search_fn="strong_wolfe")

    def step() -> torch.Tensor:
        optimiser.zero_grad()
        value = loss()
        torch.autograd.backward(value)
        return value

    optimiser.step(step)


if __name__ == "__main__":
    main()
