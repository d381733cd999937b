"""Trains the bundled embedding model: `python -m vectorstore.train --data FOLDER --out vectorstore/model`.

The model is one vector per piece of a word; a text's vector is the mean over its pieces. It learns from pairs of texts
that belong together, each pair against all others of its batch. Needs the extras `models` and `dev`.
"""

import argparse
import io
import json
import math
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
import zstandard
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from torch.nn import functional

from vectorstore.embed import BundledEmbedder, pieces

TEST_SOURCES = ("UD_Thai-PUD", "Tatoeba", "XCOPA")
"""Sources of the parallel file whose rows are never trained on."""

_UNIT = re.compile("[0-9]+|[^0-9 ]+")
_OPENINGS = ("what is the", "how many", "how much", "who is", "which", "when did", "where is the", "tell me about", "", "", "")
"""What English questions begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to train."""

    data: Path
    out: Path
    dimension: int
    vocabulary: int
    epochs: int
    batch: int
    rate: float
    scale: float
    seed: int
    quick: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together, as `pieces` gives them; pairs of one `group` are never each other's negatives."""

    group: int
    left: str
    right: str


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains, writes the model and prints what it measures on held-out rows."""
    options = _options(arguments)
    started = time.monotonic()

    def told(text: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {text}", flush=True)

    found = list(pairs(options.data, options.seed))
    told(f"{len(found):,} pairs")
    tokenizer = make_tokenizer(found, options.vocabulary)
    told(f"{tokenizer.get_vocab_size():,} pieces")
    vectors = train(found, tokenizer, options, told)
    save(vectors, tokenizer, options.out)
    for name, value in evaluate(options.data, options.out).items():
        told(f"{name} {value:.1f}")


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m vectorstore.train",
        description="Trains the bundled embedding model.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
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
        parser.add_argument(name, type=type(default), default=default, help=meaning)
    parser.add_argument("--quick", action="store_true", help="a tiny model, for tests")
    found = parser.parse_args(arguments)
    if found.quick:
        found.dimension, found.vocabulary, found.epochs, found.batch = 32, 600, 2, 64
    return Options(**vars(found))


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a .jsonl.zst file."""
    with zstandard.open(path, "rb") as file:
        yield from map(json.loads, io.TextIOWrapper(file, encoding="utf-8"))


def pairs(data: Path, seed: int) -> Iterator[Pair]:
    """The training pairs, in the same order for the same seed."""
    rng = random.Random(seed)
    terms, sentences = _translations(data)
    dictionary: dict[str, list[str]] = defaultdict(list)
    for th, en in terms:
        dictionary[th].append(en)
    group = 0
    for th, en in [*terms, *sentences]:
        yield Pair(group := group + 1, th, en)
    for th, en in sentences:
        yield Pair(group := group + 1, f"{th} {th}", en)
    for row in read(data / "pairs_title_body.jsonl.zst"):
        if not row["community"] and row["lex"] < 0.95:
            yield from _article_pairs(
                group := group + 1, pieces(row["title"]).split(), pieces(row["body"]).split(), dictionary, rng
            )
    valid = {row["context"] for row in read(data / "iapp_valid.jsonl.zst")}
    groups: dict[str, int] = {}
    for row in read(data / "iapp_train.jsonl.zst"):
        if row["context"] not in valid:
            if row["context"] not in groups:
                groups[row["context"]] = group = group + 1
                for _ in range(3):
                    yield from _article_pairs(
                        group, pieces(row["title"]).split(), pieces(row["context"]).split(), dictionary, rng
                    )
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
    return [(th, en) for th, en in terms if th and en], sentences


def _article_pairs(
    group: int, title: list[str], body: list[str], dictionary: dict[str, list[str]], rng: random.Random
) -> Iterator[Pair]:
    start = " ".join(body[: rng.randint(60, 220)])
    yield Pair(group, " ".join(title), start)
    yield Pair(group, switched(title, dictionary, rng, keep=1.0), start)
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


def _question_pairs(group: int, row: dict[str, Any], dictionary: dict[str, list[str]], rng: random.Random) -> Iterator[Pair]:
    question, answer = pieces(row["question"]), row["answers"][0]["start"]
    before, after = pieces(row["context"][:answer]).split(), pieces(row["context"][answer:]).split()
    for size in (40, 80, 160, 320):
        left = rng.randint(0, size)
        window = " ".join([*before[max(0, len(before) - left) :], *after[: max(8, size - left)]])
        yield Pair(group, question, window)
    if english := switched(question.split(), dictionary, rng, keep=0.2):
        yield Pair(group, f"{rng.choice(_OPENINGS)} {english}", window)


def switched(words: list[str], dictionary: dict[str, list[str]], rng: random.Random, *, keep: float) -> str:
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
    """A Unigram tokenizer of at most `size` pieces: the commonest words, and letters, beginnings and ends for the rest.

    The pieces are counted here because the trainer of `tokenizers` finds others in every run.
    """
    counts = Counter(word for pair in found for text in (pair.left, pair.right) for word in _UNIT.findall(text))
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    whole, rare = ranked[: size * 3 // 4], ranked[size * 3 // 4 :]
    letters, parts = Counter[str](), Counter[str]()
    for word in ranked:
        letters.update(dict.fromkeys(word, counts[word]))
    for word in rare:
        ends = {part for cut in range(2, min(9, len(word))) for part in (word[:cut], word[-cut:])}
        parts.update(dict.fromkeys(ends, counts[word]))
    kept = dict(letters.most_common(size // 20))
    for source in (counts, parts):
        names = whole if source is counts else sorted(parts, key=lambda part: (-parts[part] * (len(part) - 1), part))
        for name in names[: size - 2 - len(kept)]:
            kept.setdefault(name, source[name])
    total = sum(counts.values())
    vocabulary = [("[PAD]", 0.0), ("[UNK]", 0.0), *((name, round(math.log(count / total), 3)) for name, count in kept.items())]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=1))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex("[0-9]+"), "isolated")]
    )
    return tokenizer


def identified(texts: Iterator[str], tokenizer: Tokenizer) -> list[NDArray[np.int32]]:
    """Each text as the numbers of its pieces, unknown ones left out."""
    unknown = tokenizer.token_to_id("[UNK]")
    found: list[NDArray[np.int32]] = []
    while batch := list(islice(texts, 4096)):
        rows = (np.array(encoding.ids, np.int32) for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False))
        found += (row[row != unknown] for row in rows)
    return found


def train(found: Sequence[Pair], tokenizer: Tokenizer, options: Options, told: Callable[[str], None]) -> NDArray[np.float32]:
    """Vectors of the tokenizer's pieces, float32 of shape (pieces, dimension), trained by in-batch contrast.

    The loss is the symmetric cross-entropy of the scaled cosines between the left and the right texts of a batch
    (InfoNCE; van den Oord et al. 2018).
    """
    left = identified((pair.left for pair in found), tokenizer)
    right = identified((pair.right for pair in found), tokenizer)
    groups = torch.tensor([pair.group for pair in found])
    told(f"{sum(map(len, left + right)):,} pieces of text")
    torch.manual_seed(options.seed)
    order = np.random.default_rng(options.seed)
    table = torch.nn.EmbeddingBag(tokenizer.get_vocab_size(), options.dimension, mode="mean")
    steps = options.epochs * max(1, len(found) // options.batch)
    optimiser = torch.optim.Adam(table.parameters(), lr=options.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, options.rate, total_steps=steps + 1, pct_start=0.1, anneal_strategy="linear"
    )
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
        told(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}")
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
    contexts = sorted({row["context"] for row in valid})
    parallel = list(read(data / "parallel_th_en.jsonl.zst"))
    measured = {"questions": ([row["question"] for row in valid], contexts, [contexts.index(row["context"]) for row in valid])}
    for source in TEST_SOURCES:
        rows = [row for row in parallel if row["source"].startswith(source)]
        measured[f"{source} en-th"] = [row["en"] for row in rows], [row["th"] for row in rows], list(range(len(rows)))
    figures = {}
    for name, (questions, texts, gold) in measured.items():
        if questions:
            scores = embedder.embed(questions, question=True) @ embedder.embed(texts).T
            rank = (scores >= scores[np.arange(len(gold)), gold][:, None]).sum(axis=1)
            figures[f"{name} R@1"] = 100 * float((rank == 1).mean())
            figures[f"{name} R@10"] = 100 * float((rank <= 10).mean())
            figures[f"{name} MRR@10"] = 100 * float(np.where(rank <= 10, 1 / rank, 0).mean())
    return figures


if __name__ == "__main__":
    main()
