"""Teaches the reader where an answer stands: `python -m tests.bench.learn_reader`, about forty minutes on two idle cores.

It learns from the iApp training questions, whose answers are marked in a paragraph of Wikipedia, and from our own questions:
on government news (`news_questions.jsonl`; `reading_questions.jsonl`, of which half cannot be answered), on invented minutes,
projects and tables (`reading_documents.jsonl`, `document_questions.jsonl`), and on tables made by rule (`made_tables`). That a
text does not answer is learned from texts whose answer was cut out, from passages of other documents that the search found,
from our own questions without an answer, and from such as no archive answers (`elsewhere_questions.jsonl`). Writes
`assistant/data/reader.safetensors`.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

from assistant import evaluation
from assistant.clues import CLUES, Asked, asked, clues
from assistant.judging import reach
from assistant.match import Text
from assistant.question import understand
from assistant.reader import DILATIONS, WEIGHTS, of_question
from assistant.tokens import Tokens, tokens
from ingest import ingest
from tests.bench.cases import ROOT, SHARED, rows
from tests.bench.made_tables import made
from vectorstore import Store, embed, thai

OWN = tuple(ROOT / "tests" / "data" / f"{name}_questions.jsonl" for name in ("news", "reading", "document", "elsewhere"))
DOCUMENTS = ROOT / "tests" / "data" / "reading_documents.jsonl"
HELD = ("rk", "ro", "rx2", "d3", "d6", "ek")
"""How the ids of the questions begin that the reader is not taught with: `learn_answering` asks them."""
_TIMES = (2, 2, 3, 1)
"""How often each of our own files is shown for once that iApp is: there is less of it, least of minutes and tables."""
_MADE = 800
"""How many texts are made by rule, each asked twice."""
OTHERS = 62_166
"""How many articles that no question is about are in the archive that is asked: a large one has something like everything."""
_BATCH, _RATE, _DROPPED, _DECAY = 16, 3e-3, 0.2, 1e-2
_HIDDEN, _WORD, _QUESTION = 64, 24, 24
_CUT, _OTHER = 0.3, 0.3
"""Share of the marked questions that are also asked of their paragraph without the answer, and of another document."""
_DOCUMENTS, _HITS = 4, 12

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a text of `n` words.

    `told` float16 (n, CLUES), `vectors` float16 (n, dimension); `words` float32 (m, dimension + 2) of the question;
    `answers`: for each thing that a right answer has, the (first, last) words of each place where it stands; none where the
    text does not answer.
    """

    told: NDArray[np.float16]
    vectors: NDArray[np.float16]
    words: NDArray[np.float32]
    answers: tuple[tuple[tuple[int, int], ...], ...]


class Network(torch.nn.Module):
    """The network of `assistant.reader`, to be taught."""

    def __init__(self, dimension: int, clues: int = CLUES) -> None:
        super().__init__()
        self.word = torch.nn.Linear(dimension, _WORD)
        self.asked = torch.nn.Linear(dimension, _QUESTION)
        self.beside = torch.nn.Conv1d(_QUESTION, _QUESTION, 3, padding=1)
        self.attention = torch.nn.Linear(dimension + 2, 1)
        self.gate = torch.nn.Linear(2 * _QUESTION, _WORD)
        self.first = torch.nn.Linear(clues + _WORD + 2 * _QUESTION, _HIDDEN)
        self.layers = torch.nn.ModuleList(torch.nn.Conv1d(_HIDDEN, _HIDDEN, 3, padding=d, dilation=d) for d in DILATIONS)
        self.odds = torch.nn.Linear(_HIDDEN, 2)
        self.drop = torch.nn.Dropout(_DROPPED)

    def forward(self, told: Any, vectors: Any, present: Any, asked: Any, worded: Any) -> Any:
        """Odds (b, n, 2).

        Args:
            told: (b, n, CLUES).
            vectors: (b, n, dimension).
            present: (b, n, 1), 0 for padding.
            asked: (b, m, dimension + 2).
            worded: (b, m, 1), 0 for padding.
        """
        of_asked = asked[:, :, :-2]
        words = torch.tanh(self.asked(of_asked)) * worded
        words = (words + torch.tanh(self.beside(words.transpose(1, 2)).transpose(1, 2))) * worded
        attention = self.attention(asked).masked_fill(worded == 0, -1e9).softmax(1)
        most = words.masked_fill(worded == 0, -1e9).amax(1)
        question = torch.cat([(attention * words).sum(1), most], 1)
        meaning = torch.tanh(self.word(self.drop(vectors))) * (1 + torch.tanh(self.gate(question)))[:, None]
        own = question[:, None].expand(-1, told.shape[1], -1)
        x = self.drop(torch.relu(self.first(torch.cat([told, meaning, own], 2)))) * present
        for layer in self.layers:
            x = self.drop(x + torch.relu(layer(x.transpose(1, 2)).transpose(1, 2))) * present
        return self.odds(x)


def main(arguments: Sequence[str] | None = None) -> None:
    """Takes the texts in, makes examples of them, teaches and writes."""
    parser = argparse.ArgumentParser("python -m tests.bench.learn_reader", description="Teaches the reader.")
    parser.add_argument("--epochs", type=int, default=4, help="how often everything is shown (default 4)")
    parser.add_argument("--others", type=int, default=OTHERS, help=f"articles that no question is about (default {OTHERS})")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="file to write")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder, "home"), embed.load()) as store:
        ingest([texts(Path(folder, "texts.jsonl"), options.others)], store)
        marked = list(_marked(store))
        own = [list(_own(store, file)) for file in OWN]
    _tell(f"{len(marked)} examples of iApp, {sum(map(len, own))} of our own")
    often = [example for some, times in zip(own, _TIMES, strict=True) for example in some * times]
    network = teach(marked + often + list(_made()), options.epochs)
    save_file({name: value.contiguous() for name, value in network.state_dict().items()}, options.out)
    _tell(f"written to {options.out}")


def _tell(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def texts(path: Path, others: int) -> Path:
    """The paragraphs of iApp, the articles asked about, those on community work and some others, as an export."""
    wanted = {name for file in OWN for question in evaluation.read(file) for name in question.documents}
    wanted |= {row["id"] for row in rows(SHARED / "data" / "thaigov_community.jsonl.zst")}
    articles = list(rows(SHARED / "data" / "thaigov.jsonl.zst"))
    wanted |= {row["id"] for row in random.Random(1).sample(articles, min(others, len(articles)))}
    paragraphs = [{"id": name, "body": text} for text, name in _paragraphs().items()]
    documents = map(json.loads, DOCUMENTS.read_text(encoding="utf-8").splitlines())
    kept = [*paragraphs, *documents, *(row for row in articles if row["id"] in wanted)]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept), encoding="utf-8")
    return path


def _paragraphs() -> dict[str, str]:
    """Paragraph -> the name it has in the archive."""
    contexts = dict.fromkeys(row["context"] for row in rows(SHARED / "data" / "iapp_train.jsonl.zst"))
    return {text: f"iapp-{number}" for number, text in enumerate(contexts)}


def _marked(store: Store) -> Iterator[Example]:
    """Of each question its paragraph; of some also the paragraph without the answer, and another that was found."""
    draw, names = random.Random(3), _paragraphs()
    ids = {header.source: header.id for header in store.documents()}
    for row in rows(SHARED / "data" / "iapp_train.jsonl.zst"):
        document = store.document(ids[names[row["context"]]])
        answer, place = thai.normalise(row["answers"][0]["text"]).strip(), row["answers"][0]["start"]
        question = asked(understand(row["question"]))
        found = _example(question, document.text, document.title, None, [[answer]])
        if not found.answers:
            continue
        words = tokens(document.text)
        nearest = min(found.answers[0], key=lambda span: abs(int(words.starts[span[0]]) - place))
        yield Example(found.told, found.vectors, found.words, ((nearest,),))
        rest = _without(document.text, [answer])
        if draw.random() < _CUT and len(rest) > 80:
            yield _example(question, rest, document.title, None, [])
        if draw.random() < _OTHER:
            for hit in evaluation.search(store, question.query, 6):
                if hit.document.id != document.id and answer not in (other := store.document(hit.document.id)).text:
                    yield _example(question, other.text, other.title, reach(other, [hit.passage]), [])
                    break


def _made() -> Iterator[Example]:
    """Of made tables and lists."""
    for one in made(_MADE):
        yield _example(asked(understand(one.question)), one.text, one.title, None, [[one.answer]] if one.answer else [])


def _without(text: str, forms: Sequence[str]) -> str:
    """`text` without the clauses that have one of `forms`."""
    kept = (text[start:end] for start, end in thai.clauses(text) if not any(form in text[start:end] for form in forms))
    return "\n".join(kept)


def _own(store: Store, file: Path) -> Iterator[Example]:
    """Of each question the documents that it would be answered from, each as far as it would be read."""
    for asked_ in evaluation.read(file):
        if len(asked_.turns) > 1 or asked_.id.startswith(HELD):
            continue
        question = asked(understand(asked_.turns[0]))
        hits = evaluation.search(store, question.query, _HITS)
        must = [[thai.normalise(form).strip() for form in group] for group in asked_.must]
        for name in list(dict.fromkeys(hit.document.id for hit in hits))[:_DOCUMENTS]:
            document = store.document(name)
            passages = [hit.passage for hit in hits if hit.document.id == name]
            right = document.source in asked_.documents and not asked_.abstain
            if right or asked_.abstain or not all(any(form in document.text for form in group) for group in must):
                yield _example(question, document.text, document.title, reach(document, passages), must if right else [])
            rest = _without(document.text, [form for group in must for form in group]) if right else ""
            if len(rest) > len(document.text) / 3:
                yield _example(question, rest, document.title, [(0, min(len(rest), 5000))], [])


def _example(question: Asked, text: str, title: str, spans: Spans | None, must: Sequence[Sequence[str]]) -> Example:
    words = tokens(text, spans)
    of_words = np.hstack([question.words.vectors, of_question(question.words)])
    told = clues(question, text, words, Text(title))
    places = [tuple(span for form in group for span in _places(text, form, words)) for group in must]
    return Example(told.astype(np.float16), words.vectors.astype(np.float16), of_words, tuple(some for some in places if some))


def _places(text: str, form: str, words: Tokens) -> Iterator[tuple[int, int]]:
    """(first, last) words of each place where `form` stands."""
    at = text.find(form)
    while at >= 0:
        first = int(np.searchsorted(words.ends, at, side="right"))
        last = int(np.searchsorted(words.starts, at + len(form))) - 1
        if first <= last and words.starts[first] < at + len(form):
            yield first, last
        at = text.find(form, at + 1)


def teach(examples: Sequence[Example], epochs: int) -> Network:
    """A network that has seen all examples `epochs` times, in batches of like length; the same on every run."""
    torch.manual_seed(0)
    draw = random.Random(0)
    network = Network(examples[0].vectors.shape[1], examples[0].told.shape[1])
    optimiser = torch.optim.AdamW(network.parameters(), _RATE, weight_decay=_DECAY)
    steps = epochs * -(-len(examples) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps + 1)
    for epoch in range(epochs):
        order = sorted(range(len(examples)), key=lambda number: len(examples[number].told) * draw.uniform(0.8, 1.25))
        batches = [order[first : first + _BATCH] for first in range(0, len(order), _BATCH)]
        draw.shuffle(batches)
        total = 0.0
        for batch in batches:
            loss = _loss(network, [examples[number] for number in batch])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        _tell(f"epoch {epoch + 1}: loss {total / len(batches):.3f}")
    return network.eval()


def _loss(network: Network, batch: Sequence[Example]) -> torch.Tensor:
    """Mean over the examples: minus the log of the chance of the right places, or of no answer where there is none."""
    told, present = _padded([example.told for example in batch])
    vectors, _ = _padded([example.vectors for example in batch])
    asked_words, worded = _padded([example.words for example in batch])
    odds = network(told, vectors, present, asked_words, worded).masked_fill(present == 0, -1e9)
    chances = torch.cat([odds, torch.zeros(len(batch), 1, 2)], 1).log_softmax(1)
    losses = []
    for row, example in zip(chances, batch, strict=True):
        for places in example.answers:
            first, last = (torch.tensor(some) for some in zip(*places, strict=True))
            losses.append(-(row[first, 0].logsumexp(0) + row[last, 1].logsumexp(0)) / len(example.answers))
        if not example.answers:
            losses.append(-row[-1].sum())
    return torch.stack(losses).sum() / len(batch)


def _padded(arrays: Sequence[NDArray[Any]]) -> tuple[torch.Tensor, torch.Tensor]:
    """(b, longest, ...) float32 with zeros at the ends, and (b, longest, 1) with 1 where there is something."""
    parts = [torch.from_numpy(array.astype(np.float32)) for array in arrays]
    present = [torch.ones(len(part), 1) for part in parts]
    return tuple(torch.nn.utils.rnn.pad_sequence(some, batch_first=True) for some in (parts, present))  # type: ignore[return-value]


if __name__ == "__main__":
    main()
