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

RATE, SECONDS = 200, 15
"""Events a second, and for how long."""
_QUESTION = 5
"""Every so-manieth event is a question; the others are pictures and stickers, which are stored and read as well."""
_PEOPLE, _CONNECTIONS = 100, 60
_SECRET, _TOKEN = "bench-secret", "bench-token"
_MEMBERS = 400
_PATIENCE_S = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Of each event the seconds until it was acknowledged; how many were not, and how many of the others are `lost`.

    Of the questions some were `answered`, some given a button for a later answer; of the `late` the reply token was too old
    when their turn came. `added` documents were taken in meanwhile.
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
            took, ids = asyncio.run(_send(server.address, platform))
            ended.set()
            adding.join()
            tell(f"{len(ids)} acknowledged; {sum(added)} documents taken in meanwhile; now the answers")
            known = _drained(home, platform)
    asked = set(filter(None, ids.values()))
    later = sum('"answer=' in json.dumps(one.messages) for one in platform.delivered)
    return Line(
        acknowledged_s=took,
        refused=RATE * SECONDS - len(ids),
        answered=len(asked & platform.used) - later,
        later=later,
        late=len(asked - platform.used),
        lost=len(ids.keys() - known),
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


async def _send(address: str, platform: line.Platform) -> tuple[list[float], dict[str, str]]:
    """(seconds of each acknowledgement, reply token of each event that was acknowledged by its id, '' of what is no question).

    Over plain connections that stay open: a client that does more would measure itself. An event's seconds count from when it
    is due, also where all connections are waiting then.
    """
    host, port = address.removeprefix("http://").split(":")
    questions = [sample["question"] for sample in BOOK["samples"]]
    free: asyncio.Queue[_Connection] = asyncio.Queue()
    for _ in range(_CONNECTIONS):
        free.put_nowait(_Connection(*await asyncio.open_connection(host, int(port))))
    took: list[float] = []
    ids: dict[str, str] = {}

    async def send(n: int, due: float) -> None:
        user = f"U{n % _PEOPLE:03}"
        token, asked = platform.token(user), n % _QUESTION == 0
        said = questions[n // _QUESTION % len(questions)]
        event = line_events.text(said, user=user, token=token) if asked else line_events.sticker(user=user, token=token)
        content = line_events.body(event)
        connection = await free.get()
        if await connection.post(content) == 200:
            ids[event["webhookEventId"]] = token if asked else ""
        took.append(time.perf_counter() - due)
        free.put_nowait(connection)

    began = time.perf_counter()
    sending = []
    for n in range(RATE * SECONDS):
        due = began + n / RATE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        sending.append(asyncio.create_task(send(n, due)))
    await asyncio.gather(*sending)
    while not free.empty():
        free.get_nowait().writer.close()
    return took, ids


@dataclass(frozen=True, slots=True)
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def post(self, content: bytes) -> int:
        """Sends a request with these bytes; the status of its answer."""
        headers = {"Host": "127.0.0.1", "Content-Length": str(len(content)), **line_events.headers(_SECRET, content)}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.writer.write(f"POST /webhooks/line HTTP/1.1\r\n{head}\r\n".encode() + content)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await self.reader.readexactly(length)
        return int(answer.split(b" ", 2)[1])


def _drained(home: Path, platform: line.Platform) -> set[str]:
    """The ids of all events that the inbox knows, when none of them is open any more."""
    until = time.monotonic() + _PATIENCE_S
    with contextlib.closing(sqlite3.connect(f"{(home / 'inbox.db').as_uri()}?mode=ro", uri=True)) as inbox:
        while (open_ := inbox.execute("SELECT count(*) FROM events WHERE event IS NOT NULL").fetchone()[0]) > 0:
            assert time.monotonic() < until, f"{open_} are still open"
            tell(f"{open_} open, {len(platform.delivered)} delivered")
            time.sleep(5)
        return {name for (name,) in inbox.execute("SELECT id FROM events")}
