"""How fast documents are read, once their bytes are there: repair and structure alone, and with all that is found in them."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from ingest import export, read_document
from ingest.clean import clean
from ingest.structure import structure
from tests.bench.cases import SHARED, rows
from ui.compose import SAMPLES
from vectorstore import privacy

_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Read:
    """What was done with each of `documents` documents, and how many a second on one core."""

    what: str
    documents: int
    rate: float


def read() -> list[Read]:
    """News where it is, the bundled samples otherwise."""
    news = SHARED / "data" / "thaigov.jsonl.zst"
    samples = ({"id": path.name, "body": path.read_text("utf-8")} for path in sorted(SAMPLES.iterdir()))
    lines = [json.dumps(row, ensure_ascii=False).encode() for row in (islice(rows(news), _MOST) if news.exists() else samples)]
    raws = [export.read_record("bench", number, line)[1] for number, line in enumerate(lines)]
    texts = [row.text for raw in raws for row in raw.lines]
    return [
        _timed("repaired and structured", len(lines), lambda: [structure(clean(raw.lines)) for raw in raws]),
        _timed("the same, with dates, places, facts and resolutions", len(lines), lambda: [_whole(line) for line in lines]),
        _timed("searched for personal data", len(lines), lambda: [privacy.find(text) for text in texts]),
    ]


def _whole(line: bytes) -> object:
    return read_document("a.jsonl", line)


def _timed(what: str, documents: int, run: Callable[[], Iterable[object]]) -> Read:
    run()
    started = time.perf_counter()
    run()
    return Read(what, documents, documents / (time.perf_counter() - started))
