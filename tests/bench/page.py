"""How soon the chat page can be used, how soon it answers, also of what was just sent, and how it bears twenty at once."""

import json
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from playwright.sync_api import Browser, sync_playwright

from tests.bench.runner import tell
from tests.ingest.memory import word
from tests.ui.conftest import CHROMIUM, SWITCHES, serving
from ui.words import BOOK

PEOPLE = 20
"""How many ask at once."""
_VISITS = 5
_SENT = 3
"""How often files are sent."""
_SAID = "document.querySelector('#chat .answered .said:not(.waiting)')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Seconds over the bundled samples.

    Of each visit until the page can be used, and from Enter until the first words of its first answer; from choosing a DOCX and
    a broken PDF until the broken one's reason is told and the other has answered a question on the chat page, which is opened
    for it; of each of those who ask at the same moment until theirs is whole.
    """

    usable_s: Sequence[float]
    first_words_s: Sequence[float]
    taken_s: Sequence[float]
    at_once_s: Sequence[float]


def page(work: Path) -> Page | None:
    """Measures a real server with a real browser; those who ask at once speak to the server as the page does, without one.

    None where there is no Chromium: twenty browsers on the machine of the server would measure themselves.
    """
    if not CHROMIUM:
        return None
    with serving(work / "page-home", "--samples") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        visits = [_visit(browser, server.address, sample["question"]) for sample in (BOOK["samples"] * 2)[:_VISITS]]
        taken = [_taken(browser, server.address, work, n) for n in range(_SENT)]
        browser.close()
        tell(f"{PEOPLE} ask at once")
        return Page(
            usable_s=[usable for usable, _ in visits],
            first_words_s=[first for _, first in visits],
            taken_s=taken,
            at_once_s=_at_once(server.address),
        )


def _visit(browser: Browser, address: str, question: str) -> tuple[float, float]:
    """Seconds until the examples stand on the page and one may type, and from Enter until the first words."""
    context = browser.new_context(locale="th-TH")
    seen = context.new_page()
    began = time.perf_counter()
    seen.goto(address)
    seen.wait_for_selector("#examples button")
    seen.wait_for_selector("#question textarea:enabled")
    usable = time.perf_counter() - began
    seen.fill("#question textarea", question)
    began = time.perf_counter()
    seen.press("#question textarea", "Enter")
    seen.wait_for_function(_SAID)
    first = time.perf_counter() - began
    seen.wait_for_selector("#said .answered")
    context.close()
    return usable, first


def _taken(browser: Browser, address: str, work: Path, n: int) -> float:
    """Seconds from choosing two files until the good one has answered; the broken one's reason is told by then."""
    good, broken = work / f"ออม{n}.docx", work / f"เสีย{n}.pdf"
    good.write_bytes(word(f"กลุ่มออมทรัพย์บ้านทดสอบที่ {n} มีสมาชิก 84{n} คน และมีเงินออมสะสม 41,73{n} บาท"))
    broken.write_bytes(b"%PDF-1.7\nbroken")
    context = browser.new_context(locale="th-TH")
    seen = context.new_page()
    seen.goto(f"{address}/documents")
    seen.wait_for_selector(".upload.live")
    began = time.perf_counter()
    seen.set_input_files("#files", [good, broken])
    seen.wait_for_selector(".sent > li .done")
    seen.wait_for_selector(".sent > li .failed")
    seen.goto(f"{address}/?q=" + quote(f"กลุ่มออมทรัพย์บ้านทดสอบที่ {n} มีสมาชิกกี่คน"))
    seen.wait_for_selector("#said .answered")
    took = time.perf_counter() - began
    assert f"84{n} คน" in seen.inner_text("#said .answered")
    context.close()
    return took


def _at_once(address: str) -> list[float]:
    """Seconds until each of `PEOPLE` has the whole answer; each has a page of their own, and all press Enter together."""
    config = httpx.get(f"{address}/config", timeout=30).json()
    box = next(part["id"] for part in config["components"] if part["props"].get("elem_id") == "question")
    asks = next(one for one in config["dependencies"] if [box, "submit"] in [list(target) for target in one["targets"]])
    questions = [sample["question"] for sample in BOOK["samples"]]
    starting = threading.Barrier(PEOPLE)
    took = [0.0] * PEOPLE

    def person(n: int) -> None:
        with httpx.Client(base_url=address, timeout=120) as client:
            starting.wait()
            took[n] = _asked(client, asks, questions[n % len(questions)])

    threads = [threading.Thread(target=person, args=(n,)) for n in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def _asked(client: httpx.Client, asks: dict[str, Any], question: str) -> float:
    """Seconds from sending `question` as the page does until its whole answer has come."""
    session = uuid.uuid4().hex[:12]
    data = [question, json.dumps({"filter": {}}), None, "", []]
    began = time.perf_counter()
    sent = {"data": data, "fn_index": asks["id"], "session_hash": session, "trigger_id": asks["targets"][0][0]}
    client.post("/gradio_api/queue/join", json=sent).raise_for_status()
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as events:
        for line in events.iter_lines():
            told = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if told.get("msg") == "process_completed":
                assert told["success"], told
                return time.perf_counter() - began
    raise AssertionError("the answer never came")
