"""Trains the bundled embedding model: `python -m vectorstore.train --data FOLDER --out vectorstore/model`.

The model is one vector per piece of a word; a text's vector is the mean over its pieces. It learns from pairs of texts
that belong together, each pair against all others of its batch. Needs the extras `models` and `dev`.
"""

import argparse
import io
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
import zstandard
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch.nn import functional

from vectorstore.embed import BundledEmbedder, pieces

TEST_SOURCES = ("UD_Thai-PUD", "Tatoeba", "XCOPA")
"""Sources of the parallel file whose rows are never trained on."""

_OPENINGS = ("what is the", "how many", "how much", "who is", "which", "when did", "where is the", "tell me about", "", "", "")
"""What English questions begin with."""


Dictionary = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together, as `pieces` gives them; pairs of one `group` are never each other's negatives."""

    group: int
    left: str
    right: str


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains, writes the model and prints what it measures on held-out rows."""
    options = _options(arguments)
    found = list(pairs(options.data, options.seed))
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
        ("--epochs", 6, "times that every pair is seen"),
        ("--batch", 2048, "pairs a step"),
        ("--rate", 0.1, "highest learning rate of Adam"),
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


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a .jsonl.zst file."""
    with zstandard.open(path, "rb") as file:
        yield from map(json.loads, io.TextIOWrapper(file, encoding="utf-8"))


def pairs(data: Path, seed: int) -> Iterator[Pair]:
    """The training pairs, in the same order for the same seed."""
    rng = random.Random(seed)
    terms, sentences = _translations(data)
    dictionary: Dictionary = defaultdict(list)
    for th, en in terms:
        dictionary[th].append(en)
    group = 0
    for th, en in [*terms, *sentences]:
        yield Pair(group := group + 1, th, en)
    for row in read(data / "pairs_title_body.jsonl.zst"):
        if not row["community"] and row["lex"] < 0.95:
            yield from _article_pairs(group := group + 1, row["title"], row["body"], dictionary, rng)
    valid = {row["context"] for row in read(data / "iapp_valid.jsonl.zst")}
    groups: dict[str, int] = {}
    for row in read(data / "iapp_train.jsonl.zst"):
        if row["context"] not in valid:
            if row["context"] not in groups:
                groups[row["context"]] = group = group + 1
                for _ in range(3):
                    yield from _article_pairs(group, row["title"], row["context"], dictionary, rng)
            yield from _question_pairs(groups[row["context"]], row, dictionary, rng)


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
    gazetteer = json.loads((data / "gazetteer_th.json").read_text(encoding="utf-8"))
    for _, th, en, *_, aliases in gazetteer["provinces"]:
        terms += [(pieces(name), pieces(en)) for name in (th, *aliases) for _ in range(3)]
    for level in ("districts", "subdistricts"):
        terms += [(pieces(th), pieces(en)) for _, _, th, en, *_ in gazetteer[level]]
    return [(th, en) for th, en in terms if th and en], sentences * 2


def _article_pairs(group: int, heading: str, text: str, dictionary: Dictionary, rng: random.Random) -> Iterator[Pair]:
    title, body = pieces(heading).split(), pieces(text).split()
    start = " ".join(body[: rng.randint(60, 220)])
    yield Pair(group, " ".join(title), start)
    if mixed := switched(title, dictionary, rng, keep=1.0):
        yield Pair(group, mixed, start)
    if english := switched(title, dictionary, rng, keep=0.0):
        yield Pair(group, f"{rng.choice(_OPENINGS)} {english}", start)
    for drawn in range(3):
        place, size = rng.randrange(max(1, len(body) - 8)), rng.randint(5, 20)
        before, after = rng.randint(20, 80), rng.randint(20, 80)
        inside = body[place : place + size]
        kept = inside if rng.random() < 0.3 else []
        around = " ".join([*body[max(0, place - before) : place], *kept, *body[place + size : place + size + after]])
        clause = " ".join(inside) if drawn < 2 else switched(inside, dictionary, rng, keep=0.2)
        if around and clause:
            yield Pair(group, clause, around)


def _question_pairs(group: int, row: dict[str, Any], dictionary: Dictionary, rng: random.Random) -> Iterator[Pair]:
    question, answer = pieces(row["question"]), row["answers"][0]["start"]
    before, after = pieces(row["context"][:answer]).split(), pieces(row["context"][answer:]).split()
    for size in (40, 80, 160, 320):
        left = rng.randint(0, size)
        window = " ".join([*before[max(0, len(before) - left) :], *after[: max(8, size - left)]])
        yield Pair(group, question, window)
    if english := switched(question.split(), dictionary, rng, keep=0.2):
        yield Pair(group, f"{rng.choice(_OPENINGS)} {english}", window)


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
    (InfoNCE; van den Oord et al. 2018).
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
        shuffled = order.permutation(len(found))
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
    return vectors


def _vectors(table: torch.nn.EmbeddingBag, rows: list[NDArray[np.int32]]) -> torch.Tensor:
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
    """Per cent of held-out questions and sentences whose own text comes first, and their mean reciprocal rank at 10."""
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
        scores = embedder.embed([question for question, _ in rows], question=True) @ embedder.embed(texts).T
        rank = (scores >= np.take_along_axis(scores, gold, axis=1)).sum(axis=1)
        figures[f"{name}: R@1"] = 100 * float((rank == 1).mean())
        figures[f"{name}: R@10"] = 100 * float((rank <= 10).mean())
        figures[f"{name}: MRR@10"] = 100 * float(np.where(rank <= 10, 1 / rank, 0).mean())
    return figures


if __name__ == "__main__":
    main()
