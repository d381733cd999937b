"""Conversations that are kept, as programs and people use them: over HTTP, on the command line and on the page."""

import json
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from tests.ui.conftest import Server, Visit, serving
from ui import api, settings
from ui.cli import main
from ui.compose import compose
from ui.schema import Conversation
from ui.words import BOOK, WORDS
from vectorstore.conversations import MOST_TURNS

Open = Callable[..., Visit]
NAME = "line:U0123456789"
FUND = "ประชุมกองทุนสวัสดิการนาหินแก้ว วันที่ 18 มิถุนายน 2566\nกองทุนมีสมาชิก 845 คน\nมติ เห็นชอบงบประมาณ 50,000 บาท"
ASKED = "กองทุนสวัสดิการนาหินแก้วมีสมาชิกกี่คน"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    house = compose(settings.load(home=tmp_path / "home"))
    with house.store, TestClient(api.create(house), base_url="http://127.0.0.1:8000") as opened:
        opened.post("/v1/documents", files={"file": ("fund.txt", FUND)})
        yield opened


def ask(client: TestClient | httpx.Client, question: str, name: str | None = NAME, **more: object) -> dict:
    response = client.post("/v1/answers", json={"question": question, "conversation_id": name, **more})
    assert response.status_code == 200, response.text
    return response.json()


def kept(client: TestClient | httpx.Client, name: str = NAME) -> list[dict]:
    return client.get(f"/v1/conversations/{name}").json()["turns"]


def test_a_conversation_is_continued_read_and_erased(client: TestClient) -> None:
    first = ask(client, ASKED)
    second = ask(client, "แล้วงบล่ะ")
    assert first["conversation_id"] == NAME and not first["query"]["carried"]
    assert second["query"] | {"understood": None} == {
        "text": "กองทุนสวัสดิการนาหินแก้ว ใช้งบเท่าไร", "carried": True, "without": [], "filter": {}, "understood": None,
    }  # fmt: skip
    assert "50,000" in second["answer"]
    read = client.get(f"/v1/conversations/{NAME}").json()
    Conversation.model_validate(read, strict=True)
    assert [(turn["n"], turn["asked"]) for turn in read["turns"]] == [(1, ASKED), (2, "แล้วงบล่ะ")]
    for said, turn in zip((first, second), read["turns"], strict=True):
        assert said.pop("unkept") is said.pop("notice") is None, "which are told of an answer that was not as usual alone"
        assert {name: turn[name] for name in said} == said
    assert client.delete(f"/v1/conversations/{NAME}").status_code == 204
    for response in (client.get(f"/v1/conversations/{NAME}"), client.delete(f"/v1/conversations/{NAME}")):
        assert (response.status_code, response.json()["code"]) == (404, "unknown_conversation")
    assert ask(client, "แล้วงบล่ะ")["query"]["text"] == "แล้วงบล่ะ", "nothing is left to lean on"


def test_without_a_conversation_nothing_is_kept(client: TestClient) -> None:
    assert ask(client, ASKED, None)["conversation_id"] is None
    assert client.post("/v1/answers", json={"question": ASKED}).json()["conversation_id"] is None
    rows = client.app.state.house.store._record._rows("SELECT count(*) FROM conversations")  # type: ignore[attr-defined]
    assert rows == [(0,)]


def test_a_begun_conversation_has_a_name_and_no_turns(client: TestClient) -> None:
    begun = client.post("/v1/conversations")
    name = begun.json()["conversation_id"]
    assert begun.status_code == 201 and len(name) == 32 and kept(client, name) == []
    ask(client, ASKED, name)
    assert len(kept(client, name)) == 1


def test_a_history_that_comes_along_goes_before_the_kept_turns(client: TestClient) -> None:
    history = [{"role": "user", "content": ASKED}, {"role": "assistant", "content": "845"}]
    assert "นาหินแก้ว" in ask(client, "แล้วงบล่ะ", history=history)["query"]["text"]
    ask(client, "โครงการฝายห้วยหมากได้รับงบประมาณเท่าไร")
    assert "ฝายห้วยหมาก" in ask(client, "เริ่มเมื่อไร", history=history)["query"]["text"], "the kept ones are later"


def test_a_streamed_answer_is_kept_when_it_is_told(client: TestClient) -> None:
    response = client.post("/v1/answers", json={"question": ASKED, "conversation_id": NAME, "stream": True})
    last = response.text.strip().split("\n\n")[-1].split("\n")
    said = json.loads(last[1].removeprefix("data: "))
    assert last[0] == "event: answer" and said["conversation_id"] == NAME
    assert kept(client)[0]["answer"] == said["answer"]


@pytest.mark.parametrize("name", ["short", "x" * 129, "ไทยไทยไทย", "a b c d e f", "../../etc/x", ""])
def test_a_wrong_name_is_told(client: TestClient, name: str) -> None:
    for stream in (False, True):
        response = client.post("/v1/answers", json={"question": ASKED, "conversation_id": name, "stream": stream})
        assert (response.status_code, response.json()["code"]) == (422, "misnamed_conversation")
    assert client.get(f"/v1/conversations/{name or 'x'}").status_code in (404, 422)


def test_a_full_conversation_is_told_before_anything_is_answered(client: TestClient) -> None:
    ask(client, ASKED)
    client.app.state.house.store._record._rows("UPDATE turns SET n = ?", (MOST_TURNS,))  # type: ignore[attr-defined]
    response = client.post("/v1/answers", json={"question": ASKED, "conversation_id": NAME})
    assert (response.status_code, response.json()["code"]) == (409, "conversation_full")


def test_a_question_that_cannot_be_asked_is_no_turn(client: TestClient) -> None:
    assert client.post("/v1/answers", json={"question": " ", "conversation_id": NAME}).status_code == 422
    assert client.get(f"/v1/conversations/{NAME}").status_code == 404


def test_the_subject_outlasts_the_turns_that_are_read(client: TestClient) -> None:
    ask(client, ASKED)
    for _ in range(12):
        ask(client, "มีมติอะไรบ้าง")
    assert "นาหินแก้ว" in ask(client, "งบล่ะ")["query"]["text"]


def test_a_removed_document_leaves_its_place_in_the_conversation(client: TestClient) -> None:
    ask(client, ASKED)
    client.delete("/v1/documents/fund.txt")
    (turn,) = kept(client)
    assert turn["asked"] == ASKED and turn["citations"][0]["removed"] and "845" not in json.dumps(turn, ensure_ascii=False)
    Conversation.model_validate(client.get(f"/v1/conversations/{NAME}").json(), strict=True)


def test_the_command_line_continues_a_conversation(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = tmp_path / "fund.txt"
    report.write_text(FUND, encoding="utf-8")
    home = ["--home", str(tmp_path / "home")]
    assert main([*home, "add", str(report)]) == 0
    assert main([*home, "ask", "--conversation", NAME, ASKED]) == 0
    capsys.readouterr()
    assert main([*home, "ask", "--conversation", NAME, "แล้วงบล่ะ"]) == 0
    shown = capsys.readouterr().out
    assert "เข้าใจว่าถามถึง: กองทุนสวัสดิการนาหินแก้ว ใช้งบเท่าไร" in shown and "50,000" in shown
    assert main([*home, "ask", "--json", "--conversation", NAME, "สมาชิกล่ะ"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["conversation_id"] == NAME and "845" in said["answer"]
    assert main([*home, "ask", "--conversation", "สั้น", ASKED]) == 2
    assert "8 ถึง 128" in capsys.readouterr().err


@pytest.mark.slow
def test_a_killed_server_has_kept_every_turn_it_answered(tmp_path: Path) -> None:
    home, numbers = tmp_path / "home", 3
    with serving(home) as server, httpx.Client(base_url=server.address, timeout=60) as http:
        http.post("/v1/documents", files={"file": ("fund.txt", FUND.encode())})

        def several() -> None:
            for _ in range(numbers):
                ask(http, ASKED)

        threads = [threading.Thread(target=several) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        server.send_signal(signal.SIGKILL)
    with serving(home) as server, httpx.Client(base_url=server.address, timeout=60) as http:
        turns = kept(http)
        assert [turn["n"] for turn in turns] == list(range(1, 4 * numbers + 1))
        assert all("845" in turn["answer"] for turn in turns)


ASKING = BOOK["asking"]
WEIR = "โครงการฝายห้วยน้ำแพะได้รับงบประมาณเท่าไร"


def test_a_reloaded_page_has_its_conversation_and_sources(server: Server, visit: Open) -> None:
    seen = visit(server)
    seen.ask(WEIR)
    seen.ask("แล้วใครรับผิดชอบ")
    understood = seen.page.locator(".understood").inner_text()
    assert "เข้าใจว่าถามถึง: โครงการฝายห้วยน้ำแพะ ใครรับผิดชอบ" in understood
    before = seen.page.locator("#chat").inner_text()
    seen.settle()
    seen.page.reload()
    seen.page.wait_for_selector("#chat .turn")
    assert seen.page.locator("#chat").inner_text() == before
    seen.page.click("#chat .answered >> nth=0 >> a.ref >> nth=0")
    assert "200,000" in seen.page.locator("#source-1-1 mark").inner_text()
    seen.page.click(".reask")
    assert seen.page.input_value("#question textarea") == "โครงการฝายห้วยน้ำแพะ ใครรับผิดชอบ"
    seen.page.fill("#question textarea", "แล้วเริ่มเมื่อไร")
    seen.page.press("#question textarea", "Enter")
    seen.answer(2)
    assert "โครงการฝายห้วยน้ำแพะ เริ่มเมื่อไร" in seen.page.locator(".understood").last.inner_text()


def test_a_new_conversation_begins_anew_and_an_erased_one_is_gone(server: Server, visit: Open) -> None:
    seen = visit(server)
    seen.ask(WEIR)
    seen.page.click("#anew")
    seen.page.wait_for_selector("#examples button")
    seen.ask("แล้วใครรับผิดชอบ")
    assert seen.page.locator(".understood").count() == 0, "another conversation leans on nothing"
    seen.page.get_by_role("button", name=WORDS["erase"]).click()
    seen.page.get_by_role("button", name=ASKING["erase_yes"]).click()
    seen.page.wait_for_selector("#examples button")
    seen.settle()
    seen.page.reload()
    seen.page.wait_for_selector("#examples button")
    seen.settle()
    assert seen.page.locator(".turn").count() == 0
    assert not seen.page.get_by_role("button", name=WORDS["erase"]).is_visible()


def test_a_removed_source_is_told_on_the_page(server: Server, visit: Open) -> None:
    report = "บันทึกกลุ่มทอผ้าบ้านโคกสมมุติ\nกลุ่มทอผ้าบ้านโคกสมมุติมีสมาชิก 37 คน"
    added = httpx.post(f"{server.address}/v1/documents", files={"file": ("ทอผ้า.txt", report.encode())}).json()
    seen = visit(server)
    assert "37 คน" in seen.ask("กลุ่มทอผ้าบ้านโคกสมมุติมีสมาชิกกี่คน")
    assert httpx.delete(f"{server.address}/v1/documents/{added['document']['document_id']}").status_code == 200
    seen.settle()
    seen.page.reload()
    seen.page.wait_for_selector("#chat .turn")
    assert WORDS["removed"] in seen.page.inner_text("#chat") and WORDS["removed"] in seen.page.inner_text("#sources")
    assert "37 คน" not in seen.page.inner_text("body")
