"""Trains the bundled embedding model: `python -m vectorstore.train --data FOLDER --out vectorstore/model`.

The model is one vector per piece of a word; a text's vector is the mean over its pieces. It learns from pairs of texts
that belong together, each pair against all others of its batch. Needs the extras `models` and `dev`.
"""

import argparse
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch.nn import functional

from vectorstore import thai
from vectorstore.embed import BundledEmbedder
from vectorstore.errors import EmbedderUnavailable
from vectorstore.pairs import TEST_SOURCES, Pair, pairs, read

_CLUSTERS, _RUN = 512, 256
"""Kinds of texts that batches are made of after the first epoch, and how many pairs of one kind stand together."""
_PASSAGE = 450
"""Characters of the passages that the held-out paragraphs are cut into."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains, writes the model and prints what it measures on held-out rows."""
    options = _options(arguments)
    found = list(pairs(options.data, options.seed, _earlier(options.out)))
    kept = options.tokenizer
    tokenizer = Tokenizer.from_file(str(kept)) if kept else make_tokenizer(found, options.vocabulary)
    print(f"{len(found):,} pairs, {tokenizer.get_vocab_size():,} pieces", flush=True)
    save(train(found, tokenizer, options), tokenizer, options.out)
    for name, value in evaluate(options.data, options.out).items():
        print(f"{name} {value:.1f}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m vectorstore.train", description="Trains the bundled embedding model.")
    for name, default, meaning in (
        ("--data", Path("../shared/data"), "folder of the training files"),
        ("--out", Path("vectorstore/model"), "folder to write the model to"),
        ("--dimension", 512, "length of a vector"),
        ("--vocabulary", 36_000, "greatest number of pieces"),
        ("--epochs", 4, "times that every pair is seen"),
        ("--batch", 2048, "pairs a step"),
        ("--rate", 0.03, "highest learning rate of Adam"),
        ("--scale", 20.0, "factor of the cosines in the loss"),
        ("--seed", 20, "seed of every random choice"),
    ):
        parser.add_argument(name, type=type(default), default=default, help=f"{meaning} (default {default})")
    parser.add_argument("--tokenizer", type=Path, help="tokenizer.json to keep, for the same model from the same seed")
    parser.add_argument("--quick", action="store_true", help="a tiny model, for tests")
    found = parser.parse_args(arguments)
    if found.quick:
        found.dimension, found.vocabulary, found.epochs, found.batch = 32, 600, 2, 64
    return found


def _earlier(folder: Path) -> BundledEmbedder | None:
    """The model that is in `folder` already, which tells which English and Thai news are of one thing."""
    try:
        return BundledEmbedder(folder)
    except EmbedderUnavailable:
        return None


def make_tokenizer(found: Iterable[Pair], size: int) -> Tokenizer:
    """A Unigram tokenizer of at most `size` pieces for texts that `pieces` gave.

    The trainer of `tokenizers` takes no seed: each run finds slightly other pieces. Whole words instead, which could be
    counted the same in every run, found a quarter fewer Thai sentences from English.
    """
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFC()
    numbers = pre_tokenizers.Split(Regex("[0-9]+"), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), numbers])
    trainer = trainers.UnigramTrainer(
        vocab_size=size, special_tokens=["[PAD]", "[UNK]"], unk_token="[UNK]", show_progress=False
    )
    tokenizer.train_from_iterator((text for pair in found for text in (pair.left, pair.right)), trainer)
    return tokenizer


def identified(texts: Sequence[str], tokenizer: Tokenizer) -> list[NDArray[np.int32]]:
    """Each text as the numbers of its pieces, unknown ones left out."""
    words = sorted({word for text in texts for word in text.split()})
    unknown = tokenizer.token_to_id("[UNK]")
    encoded = tokenizer.encode_batch_fast(words, add_special_tokens=False)
    ids = {word: [piece for piece in row.ids if piece != unknown] for word, row in zip(words, encoded, strict=True)}
    return [np.fromiter(chain.from_iterable(ids[word] for word in text.split()), np.int32) for text in texts]


def train(found: Sequence[Pair], tokenizer: Tokenizer, options: argparse.Namespace) -> NDArray[np.float32]:
    """Vectors of the tokenizer's pieces, float32 of shape (pieces, dimension), trained by in-batch contrast.

    The loss is the symmetric cross-entropy of the scaled cosines between the left and the right texts of a batch
    (InfoNCE; van den Oord et al. 2018). At the end all are turned so that the first numbers of a vector say most of it
    (principal components), which changes no cosine.
    """
    started = time.monotonic()
    left = identified([pair.left for pair in found], tokenizer)
    right = identified([pair.right for pair in found], tokenizer)
    groups = torch.tensor([pair.group for pair in found])
    torch.manual_seed(options.seed)
    order = np.random.default_rng(options.seed)
    table = torch.nn.EmbeddingBag(tokenizer.get_vocab_size(), options.dimension, mode="mean")
    steps = options.epochs * max(1, len(found) // options.batch)
    optimiser = torch.optim.Adam(table.parameters(), lr=options.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, options.rate, total_steps=steps + 1, pct_start=0.1)
    for epoch in range(options.epochs):
        losses = []
        shuffled = _ordered(table, left, order) if epoch else order.permutation(len(found))
        for step in range(steps // options.epochs):
            which = shuffled[step * options.batch : (step + 1) * options.batch]
            lefts, rights = (_vectors(table, [side[place] for place in which]) for side in (left, right))
            same = groups[which][:, None] == groups[which][None, :]
            scores = (options.scale * lefts @ rights.T).masked_fill(same.fill_diagonal_(False), -1e4)
            target = torch.arange(len(which))
            loss = functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            schedule.step()
            losses.append(loss.item() / 2)
        print(f"epoch {epoch + 1} after {time.monotonic() - started:.0f} s: loss {np.mean(losses):.3f}", flush=True)
    vectors = table.weight.detach().numpy()
    vectors[np.bincount(np.concatenate(left + right), minlength=len(vectors)) == 0] = 0
    with torch.no_grad():
        sample = _vectors(table, [right[place] for place in order.permutation(len(found))[:20_000]]).numpy()
    return np.asarray(vectors @ np.linalg.eigh(sample.T @ sample)[1][:, ::-1], np.float32)


def _ordered(table: torch.nn.EmbeddingBag, left: Sequence[NDArray[np.int32]], order: np.random.Generator) -> NDArray[np.int64]:
    """All pairs in an order that puts pairs of one kind together in runs: what is alike is told apart hardest."""
    shuffled = order.permutation(len(left))
    with torch.no_grad():
        centres = _vectors(table, [left[place] for place in shuffled[:_CLUSTERS]])
        parts = (left[at : at + 8192] for at in range(0, len(left), 8192))
        kinds = torch.cat([(_vectors(table, part) @ centres.T).argmax(dim=1) for part in parts]).numpy()
    shuffled = shuffled[np.argsort(kinds[shuffled], kind="stable")]
    runs = [shuffled[at : at + _RUN] for at in range(0, len(shuffled), _RUN)]
    return np.concatenate([runs[place] for place in order.permutation(len(runs))])


def _vectors(table: torch.nn.EmbeddingBag, rows: Sequence[NDArray[np.int32]]) -> torch.Tensor:
    offsets = np.cumsum([0, *map(len, rows[:-1])], dtype=np.int32)
    return functional.normalize(table(torch.from_numpy(np.concatenate(rows)), torch.from_numpy(offsets)))


def save(vectors: NDArray[np.float32], tokenizer: Tokenizer, folder: Path) -> None:
    """Writes the model as bytes with one scale per row, for sentence-transformers and model2vec alike."""
    folder.mkdir(parents=True, exist_ok=True)
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9).astype(np.float32) / 127
    rows = np.rint(vectors / scales[:, None]).astype(np.int8)
    save_file({"embeddings": rows, "weights": scales}, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    modules = ("sentence_transformer.modules.StaticEmbedding", ""), ("base.modules.Normalize", "1_Normalize")
    files = {
        "config.json": {"thamkhlang": {"segmented": True}, "normalize": True, "max_length": None, "embedding_dtype": "int8"},
        "config_sentence_transformers.json": {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine"},
        "modules.json": [
            {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.{module}"}
            for place, (module, path) in enumerate(modules)
        ],
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def evaluate(data: Path, folder: Path) -> dict[str, float]:
    """Per cent of held-out questions and sentences whose own text comes first, and their mean reciprocal rank at 10.

    A paragraph is found by its best passage, cut at spaces.
    """
    embedder = BundledEmbedder(folder)
    valid = [row for row in read(data / "iapp_valid.jsonl.zst") if not row["ambiguous"]]
    sets = {"question to context": [(row["question"], row["context"]) for row in valid]}
    for row in read(data / "parallel_th_en.jsonl.zst"):
        if row["source"].startswith(TEST_SOURCES):
            sets.setdefault(f"{row['source'].split()[0]}, English to Thai", []).append((row["en"], row["th"]))
    figures: dict[str, float] = {}
    for name, rows in sets.items():
        texts = sorted({text for _, text in rows})
        gold = np.array([[texts.index(text)] for _, text in rows])
        passages = [(place, passage) for place, text in enumerate(texts) for passage in _passages(text)]
        near = embedder.embed([question for question, _ in rows], question=True) @ embedder.embed([p for _, p in passages]).T
        starts = np.searchsorted([place for place, _ in passages], range(len(texts)))
        scores = np.maximum.reduceat(near, starts, axis=1)
        rank = (scores >= np.take_along_axis(scores, gold, axis=1)).sum(axis=1)
        figures[f"{name}: R@1"] = 100 * float((rank == 1).mean())
        figures[f"{name}: R@10"] = 100 * float((rank <= 10).mean())
        figures[f"{name}: MRR@10"] = 100 * float(np.where(rank <= 10, 1 / rank, 0).mean())
    return figures


def _passages(text: str) -> Iterator[str]:
    start = 0
    for _, end in thai.clauses(text):
        if end - start >= _PASSAGE or end >= len(text.rstrip()):
            yield text[start:end]
            start = end


if __name__ == "__main__":
    main()
