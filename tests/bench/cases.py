"""What is searched and asked: a case is a set of documents and questions whose right documents are known.

The data lie beside the checkout, not in it; a case whose data are not there is None.
"""

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from assistant import evaluation

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
LANGUAGES = {"th": "Thai", "en": "English"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the names of the documents that are right for it, and the row of the table that it counts in."""

    text: str
    right: tuple[str, ...]
    group: str


@dataclass(frozen=True, slots=True)
class Case:
    """`documents` is a folder of text files or a JSON Lines export, as `thamkhlang add` takes them."""

    name: str
    documents: Path
    questions: tuple[Asked, ...]


def documents(path: Path) -> Iterator[tuple[str, str]]:
    """(name, text) of each document of a case, the title on a line of its own before the text; one at a time."""
    if path.is_dir():
        yield from ((file.name, file.read_text(encoding="utf-8")) for file in sorted(path.glob("*.txt")))
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            yield str(record["id"]), "\n".join(part for part in (record.get("title"), record["body"]) if part)


def iapp(work: Path) -> Case | None:
    """Thai questions to the paragraph of Wikipedia that answers them, ambiguous questions left out."""
    source = SHARED / "data" / "iapp_valid.jsonl.zst"
    if not source.exists():
        return None
    contexts, questions = _iapp(source)
    return Case("iapp_valid", _write(work / "iapp.jsonl", contexts), tuple(questions))


def pud(work: Path) -> Case | None:
    """English sentences of UD_Thai-PUD to their Thai translations."""
    source = SHARED / "data" / "parallel_th_en.jsonl.zst"
    if not source.exists():
        return None
    pairs = {f"pud-{number}": row for number, row in enumerate(row for row in rows(source) if row["source"] == "UD_Thai-PUD")}
    sentences = ({"id": name, "body": row["th"]} for name, row in pairs.items())
    questions = (Asked(row["en"], (name,), "UD_Thai-PUD, English to Thai") for name, row in pairs.items())
    return Case("UD_Thai-PUD", _write(work / "pud.jsonl", sentences), tuple(questions))


def reports(work: Path) -> Case | None:
    """The five real reports."""
    if not (SHARED / "archive").is_dir():
        return None
    return Case("5 real reports", SHARED / "archive", tuple(_asked("seed_dev")))


def community(work: Path) -> Case | None:
    """The news articles of community work."""
    source = SHARED / "data" / "thaigov_community.jsonl.zst"
    if not source.exists():
        return None
    return Case("1,753 articles", _write(work / "community.jsonl", rows(source)), tuple(_asked("gov_dev")))


def full(work: Path, articles: int | None = None) -> Case | None:
    """All news articles and the paragraphs of `iapp` in one archive, asked the questions of both.

    Args:
        work: where the export is written.
        articles: keep only so many, the right ones first, for a try.
    """
    news, wiki = SHARED / "data" / "thaigov.jsonl.zst", SHARED / "data" / "iapp_valid.jsonl.zst"
    if not (news.exists() and wiki.exists()):
        return None
    contexts, questions = _iapp(wiki)
    asked = list(_asked("gov_dev"))
    kept: Iterable[dict[str, Any]] = rows(news)
    if articles is not None:
        right = {name for question in asked for name in question.right}
        needed = [row for row in rows(news) if row["id"] in right]
        others = (row for row in kept if row["id"] not in right)
        kept = [*needed, *islice(others, max(articles - len(needed), 0))]
    path = _write(work / "full.jsonl", (row for some in (contexts, kept) for row in some))
    name = "62,166 articles" if articles is None else f"{articles:,} articles"
    questions = [Asked(question.text, question.right, f"{question.group} among the articles") for question in questions]
    return Case(f"{name} and {len(contexts)} paragraphs", path, (*questions, *asked))


def _iapp(source: Path) -> tuple[list[dict[str, str]], list[Asked]]:
    clear = [row for row in rows(source) if not row["ambiguous"]]
    names = {text: f"iapp-{number}" for number, text in enumerate(dict.fromkeys(row["context"] for row in clear))}
    contexts = [{"id": name, "body": text} for text, name in names.items()]
    return contexts, [Asked(row["question"], (names[row["context"]],), "iapp_valid") for row in clear]


def _asked(file: str) -> Iterator[Asked]:
    """The answerable questions of a question file that stand alone; what a follow-up needs, only `thamkhlang eval` gives."""
    for question in evaluation.read(SHARED / "questions" / f"{file}.jsonl"):
        if question.documents and not question.abstain and len(question.turns) == 1:
            language = LANGUAGES.get(question.language, question.language)
            yield Asked(question.turns[0], question.documents, f"{file}, {language}".rstrip(", "))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON Lines file packed with zstandard, one at a time."""
    import zstandard

    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as unpacked:
        for line in io.TextIOWrapper(unpacked, encoding="utf-8", newline="\n"):
            if line.strip():
                yield json.loads(line)


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return path
