"""Personal data is in nothing that anybody is shown, sends on or finds in a log; an office's number is answered."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.types import Turn
from tests.fakes import ScriptedModel
from ui import api, settings
from ui.cli import main
from ui.compose import House, compose
from ui.discreet import log_discreetly
from vectorstore.privacy import MASK

CITIZEN, MOBILE, MAIL = "1-2345-67890-12-1", "081-234-5678", "somjai.jaidee@gmail.com"
REGISTER = (
    "บันทึกการประชุมกองทุนสวัสดิการตำบลนาดี วันที่ 18 มิถุนายน 2566\n"
    f"นางสมใจ ใจดี ประธานกองทุน เลขประจำตัวประชาชน {CITIZEN} โทร. {MOBILE}\n"
    f"กองทุนมีสมาชิก 845 คน ส่งรายชื่อที่ {MAIL}\n"
    "สำนักงานเทศบาลตำบลนาดี โทรศัพท์ 0-5312-3456 ต่อ 11 รับคำขอทุกวันทำการ\n"
)


def shows_nothing(said: str) -> None:
    for value in (CITIZEN, MOBILE, MAIL, CITIZEN.replace("-", "")):
        assert value not in said, value


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = compose(settings.load(home=tmp_path / "home"))
    with made.store:
        yield made


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with TestClient(api.create(house), base_url="http://127.0.0.1:8000") as opened:
        taken = opened.post("/v1/documents", files={"file": ("register.txt", REGISTER.encode())}).json()
        assert taken["document"]["personal"] == 3
        yield opened


def test_the_api_says_nothing_personal(client: TestClient) -> None:
    name = "line:U0123456789"
    asked = f"นางสมใจ เลขประจำตัวประชาชน {CITIZEN} เป็นอะไรในกองทุนสวัสดิการตำบลนาดี"
    for question in (asked, "กองทุนสวัสดิการตำบลนาดีมีสมาชิกกี่คน", f"{MOBILE} ของใคร"):
        body = {"question": question, "conversation_id": name, "history": [{"role": "user", "content": asked}]}
        shows_nothing(client.post("/v1/answers", json=body).text)
        shows_nothing(client.post("/v1/answers", json={**body, "stream": True}).text)
    shows_nothing(client.post("/v1/search", json={"query": f"นางสมใจ {CITIZEN}"}).text)
    shows_nothing(client.get(f"/v1/conversations/{name}").text)
    (listed,) = client.get("/v1/documents").json()["documents"]
    assert listed["personal"] == 3
    read = client.get(f"/v1/documents/{listed['document_id']}").json()
    shows_nothing(read["text"])
    assert read["personal"] == 3 and len(read["text"]) == len(REGISTER.rstrip("\n"))
    page = client.get(f"/documents/{listed['document_id']}").text
    shows_nothing(page)
    assert "ปิดบังข้อมูลส่วนบุคคลไว้ 3 แห่ง" in page
    assert client.get("/readyz").json()["personal"] == "masked"


def test_a_masked_quote_stands_and_the_number_behind_it_does_not(client: TestClient) -> None:
    for quote, stands in ((f"โทร. {MOBILE}", False), ("โทร. " + "".join(MASK if c.isdigit() else c for c in MOBILE), True)):
        said = client.post("/v1/verify", json={"document_id": "register.txt", "quote": quote}).json()
        assert said["stands"] is stands
        shows_nothing(json.dumps(said))


@pytest.mark.parametrize(
    "question",
    [f"{MOBILE} ของใคร", "เลขบัตรประชาชนของนางสมใจ", "ขอเบอร์โทรนางสมใจ ใจดี", MOBILE, f"ใครใช้เบอร์ {MOBILE}", "เบอร์มือถือของเทศบาล"],
)
def test_who_asks_for_personal_data_is_told_whom_to_ask(house: House, client: TestClient, question: str) -> None:
    said = client.post("/v1/answers", json={"question": question}).json()
    assert not said["answered"] and said["refusal"]["reason"] == "personal_data"
    assert "หน่วยงาน" in said["refusal"]["message"] and not said["citations"]
    latest = house.store.audit.latest(1)[0]
    assert (latest.what, latest.which) == ("personal.asked", ""), "that it was asked, and not for what"


def test_the_number_of_an_office_is_answered(client: TestClient) -> None:
    asked = "สำนักงานเทศบาลตำบลนาดีโทรศัพท์หมายเลขอะไร", "เบอร์โทรสำนักงานเทศบาลตำบลนาดีเบอร์อะไร"
    for question in (*asked, "เบอร์โทรศัพท์สำนักงานเทศบาลตำบลนาดี"):
        said = client.post("/v1/answers", json={"question": question}).json()
        assert said["answered"] and "0-5312-3456" in said["answer"], question


def test_a_language_model_is_told_nothing_personal(house: House, client: TestClient) -> None:
    model = ScriptedModel("นางสมใจ ใจดี เป็นประธานกองทุน [1]")
    asking = Assistant(house.store, model)
    history = [Turn(role="user", content=f"เลขบัตรประชาชน {CITIZEN} โทร {MOBILE}"), Turn(role="assistant", content="ไม่พบ")]
    asking.ask(f"กองทุนสวัสดิการตำบลนาดี มีนางสมใจ บัตรประชาชน {CITIZEN} เป็นประธานไหม", history)
    assert model.asked
    shows_nothing(repr(model.asked))


def test_a_log_says_nothing_personal(house: House, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("thamkhlang")
    try:
        raise ValueError(f"เลขบัตรประชาชน {CITIZEN}")
    except ValueError as error:
        log.error("โทร %s", MOBILE, exc_info=error)
    shows_nothing(caplog.text)
    assert "โทร" in caplog.text and "ValueError" in caplog.text
    log_discreetly(False)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main([str(argument) for argument in arguments]) == 0
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_the_command_line_says_where_it_was_and_never_what(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    home, report = tmp_path / "home", tmp_path / "register.txt"
    report.write_text(REGISTER, encoding="utf-8")
    assert "register.txt ปิดบังข้อมูลส่วนบุคคล 3 แห่ง" in run(capsys, "--home", home, "add", report)
    assert "พบข้อมูลส่วนบุคคลใน 1 เอกสาร" in run(capsys, "--home", home, "list")
    told = run(capsys, "--home", home, "check", "--privacy")
    assert "register.txt · เลขประจำตัวประชาชน" in told and "3 แห่ง ใน 1 เอกสาร" in told and "อีเมลส่วนตัว 1" in told
    shows_nothing(told)
    places = json.loads(run(capsys, "--home", home, "check", "--privacy", "--json"))["places"]
    assert [place["kind"] for place in places] == ["citizen", "phone", "email"]
    assert places[0].keys() == {"document_id", "source", "page", "kind", "start", "end", "text"}
    questions = tmp_path / "questions.jsonl"
    question = {"id": "1", "q": f"เลขบัตรประชาชน {CITIZEN} ได้รับเงินเท่าไร", "must": [["ไม่มีคำนี้"]], "doc": "register.txt"}
    questions.write_text(json.dumps(question), encoding="utf-8")
    for arguments in (
        ["search", f"นางสมใจ {MOBILE}"],
        ["search", "นางสมใจ", "--json"],
        ["ask", "ประธานกองทุนสวัสดิการตำบลนาดีคือใคร"],
        ["ask", "--json", f"ประธานกองทุนสวัสดิการตำบลนาดีคือใคร {CITIZEN}"],
        ["eval", questions, "--show"],
        ["list", "--json"],
    ):
        shows_nothing(run(capsys, "--home", home, *arguments))


def test_an_operator_may_keep_it(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, report = tmp_path / "home", tmp_path / "register.txt"
    report.write_text(REGISTER, encoding="utf-8")
    monkeypatch.setenv("THAMKHLANG_SHOW_PERSONAL", "true")
    assert "register.txt มีข้อมูลส่วนบุคคล 3 แห่ง" in run(capsys, "--home", home, "add", report)
    assert MOBILE in run(capsys, "--home", home, "search", "นางสมใจ ใจดี ประธานกองทุน")
    shows_nothing(run(capsys, "--home", home, "check", "--privacy"))
    assert "THAMKHLANG_SHOW_PERSONAL" in run(capsys, "--home", home, "check")
    monkeypatch.setenv("THAMKHLANG_SHOW_PERSONAL", "false")
    shows_nothing(run(capsys, "--home", home, "search", "นางสมใจ ใจดี ประธานกองทุน"))
    assert "rebuild" in run(capsys, "--home", home, "check")
    run(capsys, "--home", home, "rebuild")
    monkeypatch.setenv("THAMKHLANG_SHOW_PERSONAL", "true")
    shows_nothing(run(capsys, "--home", home, "search", "นางสมใจ ใจดี ประธานกองทุน"))
