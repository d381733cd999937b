"""How soon LINE's webhook acknowledges under load, while the archive takes in many documents, and whether anything is lost."""

import asyncio
import contextlib
import io
import json
import sqlite3
import threading
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.bench.runner import tell
from tests.loopback import line, line_events
from tests.ui.conftest import serving
from ui.compose import SAMPLES
from ui.words import BOOK

RATE, SECONDS = 200, 30
"""Events a second, and for how long."""
_PEOPLE = 100
_SECRET, _TOKEN = "bench-secret", "bench-token"
_MEMBERS = 400
_PATIENCE_S = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Of each event the seconds until it was acknowledged; how many were not, and what became of the others.

    `answered` were told the answer, `later` given a button for it; of the `late` the reply token was too old when their turn
    came; the `lost` were never answered. `added` documents were taken in meanwhile.
    """

    acknowledged_s: Sequence[float]
    refused: int
    answered: int
    later: int
    late: int
    lost: int
    added: int


def acknowledged(work: Path) -> Line:
    """Measures a real server over the bundled samples; events come one by one, as from that many people."""
    platform = line.Platform(channels={_TOKEN: line_events.BOT})
    with line.serving(platform):
        given = {"SECRET": _SECRET, "TOKEN": _TOKEN, "API": platform.url}
        home = work / "line-home"
        with serving(home, "--samples", **{f"THAMKHLANG_LINE_{name}": value for name, value in given.items()}) as server:
            ended = threading.Event()
            added: list[int] = []
            adding = threading.Thread(target=_add, args=(server.address, ended, added))
            adding.start()
            time.sleep(3)  # it is under way
            tell(f"{RATE} events a second for {SECONDS} seconds")
            took, tokens = asyncio.run(_send(server.address, platform))
            ended.set()
            adding.join()
            tell(f"{len(tokens)} acknowledged; {sum(added)} documents taken in meanwhile; now the answers")
            _drained(home, platform)
    later = sum('"answer=' in json.dumps(one.messages) for one in platform.delivered)
    return Line(
        acknowledged_s=took,
        refused=RATE * SECONDS - len(tokens),
        answered=len(platform.delivered) - later,
        later=later,
        late=len(tokens & platform.tried - platform.used),
        lost=len(tokens - platform.tried),
        added=sum(added),
    )


def _add(address: str, ended: threading.Event, added: list[int]) -> None:
    """Sends ZIPs of many reports, one after the other."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt"))]
    n = 0
    while not ended.is_set():
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as archive:
            for member in range(_MEMBERS):
                n += 1
                archive.writestr(f"report-{n}.txt", f"รายงานฉบับที่ {n} เล่ม {member}\n{texts[n % len(texts)]}")
        sent = httpx.post(f"{address}/v1/documents", files={"file": (f"reports-{n}.zip", whole.getvalue())}, timeout=600)
        added.append(sum(one["status"] == "added" for one in sent.json()["members"]))


async def _send(address: str, platform: line.Platform) -> tuple[list[float], set[str]]:
    """(seconds of each acknowledgement, reply tokens of the events that were acknowledged)."""
    questions = [sample["question"] for sample in BOOK["samples"]]
    took: list[float] = []
    tokens: set[str] = set()

    async def send(client: httpx.AsyncClient, n: int) -> None:
        user = f"U{n % _PEOPLE:03}"
        token = platform.token(user)
        content = line_events.body(line_events.text(f"{questions[n % len(questions)]}", user=user, token=token))
        began = time.perf_counter()
        status = 0
        with contextlib.suppress(httpx.TransportError):  # a connection may be closed that has been idle
            status = (
                await client.post("/webhooks/line", content=content, headers=line_events.headers(_SECRET, content))
            ).status_code
        took.append(time.perf_counter() - began)
        if status == 200:
            tokens.add(token)

    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(base_url=address, timeout=30, limits=limits) as client:
        began = time.perf_counter()
        sending = []
        for n in range(RATE * SECONDS):
            await asyncio.sleep(max(0.0, began + n / RATE - time.perf_counter()))
            sending.append(asyncio.create_task(send(client, n)))
        await asyncio.gather(*sending)
    return took, tokens


def _drained(home: Path, platform: line.Platform) -> None:
    """Waits until nothing is open in the inbox any more."""
    until = time.monotonic() + _PATIENCE_S
    with contextlib.closing(sqlite3.connect(f"{(home / 'inbox.db').as_uri()}?mode=ro", uri=True)) as inbox:
        while (open_ := inbox.execute("SELECT count(*) FROM events WHERE event IS NOT NULL").fetchone()[0]) > 0:
            assert time.monotonic() < until, f"{open_} are still open"
            tell(f"{open_} open, {len(platform.delivered)} delivered")
            time.sleep(5)
