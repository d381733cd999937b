"""The screen for administrators: what was asked in vain, use, the archive's state, and a backup to take away."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from tests.ui.conftest import Server, Visit, serving
from tests.vectorstore.parcels import members, tar_in
from ui import api, conversation, settings
from ui.access import Access
from ui.cli import main
from ui.compose import SAMPLES, House, compose
from ui.conversation import Asking
from ui.people import Person
from vectorstore.schema import SCHEMA
from vectorstore.usage import today

Open = Callable[..., Visit]
HOSTILE = '<img src=x onerror=alert(1)> เรือดำน้ำ <b onmouseover="alert(2)">ราคาเท่าไร</b> {{ 7*7 }} "><script>alert(3)</script>'
KEY = "sk-very-secret-0123456789"
SURE = {"sure": "yes"}
PAGES = ("/manage", "/manage?span=months", "/manage/questions", "/manage/system")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the sample reports in which some questions have no answer."""
    home = tmp_path_factory.mktemp("manage") / "home"
    assert main(["--home", str(home), "add", str(SAMPLES)]) == 0
    house = compose(settings.load(home=home))
    with house.store:
        for n, question in enumerate([HOSTILE, "เรือดำน้ำซื้อกี่ลำ", "เบอร์โทรนายสมชาย 081-234-5678", "สวัสดีครับ", "ราคายางพาราเท่าไร"]):
            ask(house, question, f"kept-{n:08}")
        ask(house, "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วปรับเงินช่วยเหลือกรณีเจ็บป่วยเป็นคืนละเท่าไร")
    return home


def ask(house: House, question: str, kept: str | None = None) -> Any:
    return conversation.ask(house, Asking(question=question, conversation=kept, face="page")).reply


@pytest.fixture
def house(samples: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("THAMKHLANG_MODEL_KEY", KEY)
    monkeypatch.setenv("THAMKHLANG_MODEL_URL", "http://user:hunter2@127.0.0.1:9/v1")
    made = compose(settings.load(home=samples))
    with made.store:
        yield made


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with TestClient(api.create(house), base_url="http://127.0.0.1:8000", follow_redirects=False) as opened:
        yield opened


# Counting


def counted(house: House) -> dict[str, int]:
    return dict(house.store.usage.since(today()).get(today(), {}))


def test_a_question_is_counted_where_it_is_answered(house: House) -> None:
    before = counted(house)
    ask(house, "เรือดำน้ำราคาเท่าไร")
    conversation.ask(house, Asking(question="โครงการฝายห้วยน้ำแพะได้รับงบประมาณเท่าไร"))
    after = counted(house)
    grown = {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}
    took = {name: grown.pop(name) for name in list(grown) if name.startswith("took:")}
    assert sum(took.values()) == 2
    assert grown == {
        "asked": 2,
        "answered": 1,
        "refused:not_in_archive": 1,
        "face:page": 1,
        "face:api": 1,
        "path:extractive": 1,
    }
    assert not any("เรือ" in name for name in after)


def test_a_question_that_breaks_off_is_counted_as_such(house: House) -> None:
    before = counted(house).get("failed", 0)
    with pytest.raises(Exception, match="ยาว"):
        ask(house, "ก" * 3000)
    assert counted(house)["failed"] == before + 1


def test_a_question_is_answered_where_nothing_can_be_counted(samples: Path, tmp_path: Path) -> None:
    house = compose(settings.load(home=tmp_path / "home"))
    with house.store, TestClient(api.create(house), base_url="http://127.0.0.1:8000") as client:
        client.post("/v1/documents", files={"file": ("a.txt", "กองทุนสวัสดิการนาหินแก้วมีสมาชิก 845 คน")})
        house.store._record._rows("DROP TABLE usage")
        for _ in range(3):
            reply = client.post("/v1/answers", json={"question": "กองทุนสวัสดิการนาหินแก้วมีสมาชิกกี่คน"})
            assert reply.status_code == 200 and "845" in reply.json()["answer"]
            house.store.usage.flush()


# The pages


def test_unanswered_questions_are_told_by_subject(client: TestClient) -> None:
    shown = client.get("/manage/questions").text
    assert "เรือดำน้ำซื้อกี่ลำ" in shown and "ราคายางพาราเท่าไร" in shown
    assert "สวัสดีครับ" not in shown, "a greeting is no question"
    assert "5678" not in shown and "•••-•••-••••" in shown
    assert "../?q=%E0%B8%A3%E0%B8%B2%E0%B8%84%E0%B8%B2" in shown and 'href="../documents"' in shown
    assert "4 คำถาม ใน 3 เรื่อง" in shown
    only = client.get("/manage/questions", params={"reason": "personal_data"}).text
    assert "เบอร์โทรนายสมชาย" in only and "เรือดำน้ำซื้อกี่ลำ" not in only
    for odd in ({"page": "9999"}, {"page": "-1"}, {"page": "๓"}, {"reason": HOSTILE}):
        assert client.get("/manage/questions", params=odd).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_no_secret_and_no_markup_of_anybodys_is_on_a_page(client: TestClient, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 200
    assert KEY not in reply.text and "hunter2" not in reply.text
    assert "<img" not in reply.text and "alert(3)</script>" not in reply.text and "style=" not in reply.text
    assert "unsafe-inline" not in reply.headers["content-security-policy"]


def test_the_state_and_the_settings_are_told(client: TestClient) -> None:
    shown = client.get("/manage/system").text
    for words in (
        "18",
        "bundled@",
        f"โครงสร้างฐานข้อมูลรุ่นที่ {SCHEMA}",
        "THAMKHLANG_MODEL_KEY",
        "ตั้งไว้แล้ว",
        "http://***@127.0.0.1:9/v1",
        "ปริยาย: 8000",
    ):
        assert words in shown, words
    for name in settings.Settings.model_fields:
        assert f"THAMKHLANG_{name.upper()}" in shown


def test_the_chart_has_the_numbers_of_the_table(client: TestClient, house: House) -> None:
    house.store.usage.count(["asked"] * 200, "2020-01-01")
    shown = client.get("/manage").text
    bars = re.findall(r'<rect class="answered"[^>]* height="([0-9.]+)"', shown)
    rows = re.findall(r'<tr><td>([^<]+)</td><td class="figure">(\d+)</td><td class="figure">(\d+)</td>', shown)
    assert len(bars) == len(rows) == 30
    most = max(int(asked) for _, asked, _ in rows)
    assert float(bars[-1]) == pytest.approx(100 * int(rows[0][2]) / most, abs=0.01) and most < 200
    assert len(re.findall('<rect class="answered"', client.get("/manage?span=months").text)) == 12


def test_others_than_administrators_are_turned_away_by_the_page_itself_too(house: House) -> None:
    app = api.create(house)
    app.user_middleware = [one for one in app.user_middleware if one.cls is not Access]

    @app.middleware("http")
    async def as_editor(request: Any, call_next: Any) -> Any:
        request.state.person = Person(name="สมศรี", role="editor")
        return await call_next(request)

    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        replies = [client.get(path) for path in PAGES]
        replies += [client.post(f"/manage/{what}", data=SURE) for what in ("check", "rebuild", "backup")]
        replies += [client.post("/manage/backup")]
    assert {reply.status_code for reply in replies} == {403}
    assert all("ผู้ดูแลระบบ" in reply.text and "THAMKHLANG_" not in reply.text for reply in replies)
    assert house.store.behind.done is None


# What changes something


@pytest.mark.parametrize("what", ["check", "rebuild", "backup"])
def test_nothing_is_done_before_it_is_meant(client: TestClient, house: House, what: str) -> None:
    for sent in ({}, {"data": {"sure": "no"}}, {"json": SURE}, {"data": SURE | {"more": "ก" * 20_000}}):
        reply = client.post(f"/manage/{what}", **sent)  # type: ignore[arg-type]
        assert reply.status_code == 422 and "ยังไม่ได้ทำอะไร" in reply.text
    assert house.store.behind.done is None
    assert client.post(f"/manage/{what}", data=SURE, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.get(f"/manage/{what}").status_code in (404, 405)


def test_the_archive_is_checked(client: TestClient, house: House) -> None:
    assert "ไม่พบสิ่งผิดปกติ" in client.post("/manage/check", data=SURE).text
    house.store._record._rows("CREATE VIEW ของใคร AS SELECT 1")
    try:
        assert "ของใคร is not of this program" in client.post("/manage/check", data=SURE).text
    finally:
        house.store._record._rows("DROP VIEW ของใคร")


def test_indexes_are_built_anew_while_questions_are_answered(client: TestClient, house: House) -> None:
    before = sorted(path.name for path in (house.settings.home / "index").iterdir())
    reply = client.post("/manage/rebuild", data=SURE)
    assert (reply.status_code, reply.headers["location"]) == (303, "system")
    while house.store.behind.done is not None:
        assert "200 บาท" in ask(house, "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วปรับเงินช่วยเหลือกรณีเจ็บป่วยเป็นคืนละเท่าไร").text
    house.store.wait_until_swept()
    after = sorted(path.name for path in (house.settings.home / "index").iterdir())
    assert after != before and len(after) == 1 and house.store.faults() == []


def test_a_backup_is_downloaded_and_restored(client: TestClient, house: House, tmp_path: Path) -> None:
    reply = client.post("/manage/backup", data=SURE)
    assert reply.status_code == 200 and int(reply.headers["content-length"]) == len(reply.content)
    assert re.fullmatch(r'attachment; filename="thamkhlang-[0-9-]+\.tar\.zst"', reply.headers["content-disposition"])
    assert not list(house.settings.home.glob(".thamkhlang-*")), "the copy is gone"
    (tmp_path / "a.tar").write_bytes(reply.content)
    content = tar_in(tmp_path / "a.tar")
    assert KEY.encode() not in content and b"hunter2" not in content
    kept = json.loads(members(tmp_path / "a.tar")["settings.json"])
    assert kept["THAMKHLANG_MODEL_KEY"] is None
    assert main(["--home", str(tmp_path / "new"), "restore", str(tmp_path / "a.tar")]) == 0
    assert main(["--home", str(tmp_path / "new"), "check"]) == 0


def test_a_backup_that_cannot_be_made_is_told(client: TestClient, house: House) -> None:
    house.store._record.path = house.settings.home / "ไม่มี" / "archive.db"
    reply = client.post("/manage/backup", data=SURE)
    assert reply.status_code == 507 and "สำรองข้อมูล" in reply.text and "ไม่มีไฟล์ค้างไว้" in reply.text
    assert not list(house.settings.home.glob(".thamkhlang-*"))


# The commands


def test_the_commands(
    samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THAMKHLANG_MODEL_KEY", KEY)
    monkeypatch.setenv("THAMKHLANG_PORT", "8001")
    file = tmp_path / "คลัง.tar"
    assert main(["--home", str(samples), "backup", str(file)]) == 0
    assert "18 เอกสาร" in capsys.readouterr().out
    assert main(["--home", str(samples), "backup", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["documents"] == 18
    assert main(["--home", str(tmp_path / "new"), "restore", str(file)]) == 0
    told = capsys.readouterr()
    assert "18 เอกสาร" in told.out and "THAMKHLANG_PORT=8001" in told.err and "THAMKHLANG_MODEL_KEY (ความลับ" in told.err
    assert main(["--home", str(tmp_path / "new"), "restore", str(file)]) == 2
    assert "อยู่แล้ว" in capsys.readouterr().err
    assert main(["--home", str(samples), "backup", str(tmp_path / "ไม่มี" / "a.tar")]) == 2
    assert "ไม่มีโฟลเดอร์" in capsys.readouterr().err


# In the browser


@pytest.fixture(scope="module")
def managed(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("managed") / "home"
    file = home.with_suffix(".tar")
    assert main(["--home", str(samples), "backup", str(file)]) == 0
    assert main(["--home", str(home), "restore", str(file)]) == 0
    with serving(home) as running:
        yield running


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [360, 1440])
def test_a_page_fits_its_screen(managed: Server, visit: Open, path: str, width: int) -> None:
    seen = visit(managed, path, ready="main h1", width=width)
    assert seen.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert seen.page.locator('.tabs [aria-current="page"]').count() == 1


def test_hostile_questions_stay_text(managed: Server, visit: Open) -> None:
    seen = visit(managed, "/manage/questions", ready="article")
    assert HOSTILE in seen.page.locator("main").inner_text()
    assert seen.page.locator("main :is(img, script, b)").count() == 0


def test_indexes_are_built_from_the_page_while_others_ask(managed: Server, visit: Open) -> None:
    seen = visit(managed, "/manage/system", ready="#progress")
    button = seen.page.locator("#progress button")
    button.click()
    assert seen.page.url.endswith("/manage/system") and seen.page.locator("#progress button").count() == 1, "not confirmed yet"
    stop, replies = threading.Event(), []

    def asking() -> None:
        while not stop.is_set() or not replies:
            question = {"question": "โครงการฝายห้วยน้ำแพะได้รับงบประมาณเท่าไร"}
            replies.append(httpx.post(f"{managed.address}/v1/answers", json=question, timeout=60).json()["answer"])

    thread = threading.Thread(target=asking)
    thread.start()
    try:
        seen.page.locator("#progress input").check()
        button.click()
        seen.page.wait_for_selector("#progress button", timeout=60_000)  # comes back by itself when all is built
    finally:
        stop.set()
        thread.join()
    assert seen.page.url.endswith("/manage/system")
    assert all("200,000 บาท" in reply for reply in replies)


def test_a_backup_is_downloaded_from_the_page(managed: Server, visit: Open, tmp_path: Path) -> None:
    seen = visit(managed, "/manage/system", ready="#progress")
    form = seen.page.locator("form[action$='manage/backup']")
    form.locator("input").check()
    with seen.page.expect_download() as coming:
        form.locator("button").click()
    coming.value.save_as(tmp_path / "a.tar")
    assert main(["--home", str(tmp_path / "new"), "restore", str(tmp_path / "a.tar")]) == 0
