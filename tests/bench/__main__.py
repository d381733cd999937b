"""Answers on question files, and speed beside a peer on the same passages in the same run.

The bundled samples are always measured; the real reports and news beside the checkout where there are any. Times are of
this machine now: read the ratios.
"""

import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from langchain_core.documents import Document as LangChainDocument
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import InMemoryVectorStore

from assistant import Assistant, evaluation
from assistant.question import understand
from ingest import ingest
from ui.compose import SAMPLES
from vectorstore import Store, embed
from vectorstore.embed import Embedder

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
QUESTIONS = ROOT / "tests" / "data" / "sample_questions.jsonl"


class Peer(Embeddings):
    """Our vectors in LangChain's own in-memory store."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.embed(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.embed([text], question=True)[0].tolist()  # type: ignore[no-any-return]


def main() -> None:
    """Measures and prints a table for each archive."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        measure("ตัวอย่างที่มากับโปรแกรม", home / "samples", SAMPLES, QUESTIONS)
        if (SHARED / "archive").is_dir():
            measure("รายงานจริง 5 ฉบับ", home / "archive", SHARED / "archive", SHARED / "questions" / "seed_dev.jsonl")
            export = home / "community.jsonl"
            export.write_bytes(_unpacked(SHARED / "data" / "thaigov_community.jsonl.zst"))
            measure("ข่าวรัฐบาล 1,753 ข่าว", home / "news", export, SHARED / "questions" / "gov_dev.jsonl")


def _unpacked(path: Path) -> bytes:
    import zstandard

    with path.open("rb") as file:
        return zstandard.ZstdDecompressor().stream_reader(io.BufferedReader(file)).read()


def measure(name: str, home: Path, documents: Path, questions: Path) -> None:
    """One archive: taken in, asked, searched beside the peer, and asked once more from a fresh process."""
    with Store(home, embed.load()) as store:
        report = ingest([documents], store)
        status = store.status()
        asked = evaluation.read(questions)
        score = evaluation.score(evaluation.run(asked, store, Assistant(store)))
        queries = [understand(question.turns[-1]) for question in asked]
        ours = timed(lambda query: store.search(query.text, k=10, extra=query.extra), queries)
        peer = InMemoryVectorStore(Peer(store.embedder))
        peer.add_documents([LangChainDocument(row[1]) for some in store._record.texts() for row in some])
        theirs = timed(lambda query: peer.similarity_search(query.text, k=10), queries)
        answering = timed(lambda query: Assistant(store).ask(query.asked), queries)
    started = time.perf_counter()
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "ask", asked[0].turns[0]]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    cold = time.perf_counter() - started
    size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    print(
        f"\n{name}: {status.documents} เอกสาร {status.passages} ช่วงข้อความ {size / 1e6:.0f} MB ({report.rate:.0f} เอกสาร/วินาที)"
    )
    print(f"  พบใน 5 อันดับ {show(score.found)} · อันดับแรก {show(score.first)} · ตอบถูก {show(score.answered)}", end="")
    print(f" · ปฏิเสธถูก {show(score.refused)} · ปฏิเสธผิด {show(score.wrongly_refused)} · อ้างอิงเสีย {score.citations_broken}")
    print(f"  ค้น p50/p95 {ours[0] * 1e3:.1f}/{ours[1] * 1e3:.1f} ms", end="")
    print(f" = {ours[0] / theirs[0]:.2f} เท่าของ LangChain InMemoryVectorStore", end="")
    print(
        f" · ตอบ p50/p95 {answering[0] * 1e3:.0f}/{answering[1] * 1e3:.0f} ms · ถามจากโปรแกรมที่เพิ่งเปิด {cold:.2f} s", flush=True
    )


def timed(call: Callable[[Any], object], arguments: Sequence[Any]) -> tuple[float, float]:
    """(median, 95th percentile) seconds of a call, after one that is not counted."""
    call(arguments[0])
    seconds = []
    for argument in arguments:
        started = time.perf_counter()
        call(argument)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]


def show(share: float | None) -> str:
    """A share as a percentage."""
    return "-" if share is None else f"{share * 100:.0f}%"


if __name__ == "__main__":
    main()
