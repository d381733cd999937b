"""Logging in, in Chromium; and the verbs of the command line that make the accounts."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import Server, Visit, serving
from ui import cli

PASSWORD = "ข้าวเหนียวมะม่วง 7 จาน"
LIMITED = "minutes-loei-welfare-2566-03.txt"
QUESTION = "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วปรับเงินช่วยเหลือกรณีเจ็บป่วยเป็นคืนละเท่าไร"

Open = Callable[..., Visit]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command over the archive in `tmp_path / "home"`, with what is typed: its exit code and what it printed."""

    def called(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = cli.main(["--home", str(tmp_path / "home"), *arguments])
        return (code, *capsys.readouterr())

    return called


def test_accounts_keys_and_limits_on_the_command_line(run: Run, tmp_path: Path) -> None:
    code, _, told = run("account", "add", "Somchai", "--role", "administrator", "--stdin", typed="สั้น\n")
    assert code == 2 and "อย่างน้อย 10" in told
    added = run("account", "add", "Somchai", "--role", "administrator", "--stdin", typed=PASSWORD + "\n")
    assert added[0] == 0 and "somchai" in added[1] and PASSWORD not in added[1] + added[2]
    assert run("account", "add", "มาลี", "--group", "ทีมเลย", "--stdin", typed=PASSWORD)[0] == 0
    assert run("account", "role", "มาลี", "editor")[0] == run("account", "group", "มาลี", "การเงิน")[0] == 0
    assert run("account", "password", "มาลี", "--stdin", typed="อีกวลีหนึ่งที่จำง่าย")[0] == 0
    (malee,) = [one for one in json.loads(run("account", "list", "--json")[1]) if one["name"] == "มาลี"]
    assert malee["role"] == "editor" and malee["groups"] == ["การเงิน"]
    code, _, told = run("account", "remove", "somchai")
    assert code == 2 and "อย่างน้อยหนึ่ง" in told
    assert run("account", "remove", "มาลี")[0] == 0 and run("account", "remove", "มาลี")[0] == 2
    whole = run("key", "add", "line-bot", "--days", "90")[1].strip()
    listed = run("key", "list")[1]
    assert whole[:9] in listed and whole not in listed
    assert run("key", "revoke", whole[:9])[0] == 0 and json.loads(run("key", "list", "--json")[1])[0]["revoked"]
    (tmp_path / "a.txt").write_text("กองทุนสวัสดิการมีสมาชิก 845 คน", encoding="utf-8")
    assert run("add", str(tmp_path / "a.txt"))[0] == 0
    assert "ทีมเลย" in run("limit", "a.txt", "ทีมเลย")[1] and "ทุกคน" in run("limit", "a.txt")[1]
    assert run("limit", "b.txt", "ทีมเลย")[0] == 2


def test_no_accounts_without_an_administrator(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THAMKHLANG_ACCOUNTS", "on")
    code, _, told = run("serve", "--port", "0")
    assert code == 2 and "thamkhlang account add" in told and "--role administrator" in told


@pytest.fixture
def guarded(run: Run, tmp_path: Path) -> Iterator[Server]:
    """The bundled reports with accounts on; one of them only for a group that the reader is not in."""
    for name, role in (("somchai", "administrator"), ("malee", "reader")):
        assert run("account", "add", name, "--role", role, "--stdin", typed=PASSWORD)[0] == 0
    samples = Path(cli.__file__).parent.parent / "ingest" / "samples"
    assert run("add", str(samples))[0] == 0 and run("limit", LIMITED, "ทีมเลย")[0] == 0
    with serving(tmp_path / "home", THAMKHLANG_ACCOUNTS="on") as running:
        yield running


def log_in(seen: Visit, name: str, password: str = PASSWORD) -> None:
    seen.page.fill("input[name=name]", name)
    seen.page.fill("input[name=password]", password)
    seen.page.press("input[name=password]", "Enter")


def test_people_log_in_ask_and_log_out(guarded: Server, visit: Open) -> None:
    seen = visit(guarded, ready="input[name=password]", width=360)
    page = seen.page
    assert page.url.startswith(f"{guarded.address}/login?next=")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    log_in(seen, "malee")
    page.wait_for_selector("#question textarea")
    expect(page.locator(".head .whoami")).to_contain_text("malee")
    expect(page.locator(".head nav")).not_to_contain_text("ดูแล")
    expect(page.locator("#heading")).to_contain_text("17 เอกสาร")
    expect(page.locator("#adding")).not_to_be_visible()
    assert "200 บาท" not in seen.ask(QUESTION)
    page.click(".head .whoami button")
    page.wait_for_selector("input[name=password]")
    page.goto(f"{guarded.address}/manage/people")
    log_in(seen, "somchai")
    page.wait_for_url("**/manage/people")
    expect(page.locator("#limits ~ .table")).to_contain_text(LIMITED)
    page.goto(guarded.address)
    page.wait_for_selector("#question textarea")
    expect(page.locator("#heading")).to_contain_text("18 เอกสาร")
    expect(page.locator("#chat")).not_to_contain_text("เจ็บป่วยเป็นคืนละ")  # what another asked in this browser
    assert "200 บาท" in seen.ask(QUESTION)


def test_a_wrong_password_is_told_where_the_reader_is(guarded: Server, visit: Open) -> None:
    seen = visit(guarded, "/login", ready="input[name=password]")
    log_in(seen, "malee", "ไม่ใช่รหัสผ่านนี้")
    expect(seen.page.get_by_role("alert")).to_contain_text("ไม่ถูกต้อง")
    expect(seen.page.locator("input[name=password]")).to_be_focused()
    assert seen.page.input_value("input[name=name]") == "malee" and seen.page.input_value("input[name=password]") == ""
    assert len(seen.complaints) == 1 and "422" in seen.complaints.pop()
