"""`thamkhlang line check` against LINE's API on this machine and a really served archive."""

import json
from collections.abc import Callable, Iterator

import pytest

from tests.loopback import line, line_events
from tests.loopback.line_account import Console
from tests.ui.conftest import Server, serving
from ui.cli import main

SECRET, TOKEN = "8c570fa6dd201bb328f1c1eac23a96d8", "bNl4YEFPI/hjFWhTqexp4MuEw5YPs7qhr6dJDXKwNPuLka=="
PUBLIC = "https://คลัง.example.org"
HOST = "https://xn--42cg3g1b.example.org"
ENDPOINT = f"{HOST}/webhooks/line"
USUAL = {
    "THAMKHLANG_LINE_SECRET": SECRET,
    "THAMKHLANG_LINE_TOKEN": TOKEN,
    "THAMKHLANG_PUBLIC_URL": PUBLIC,
    "THAMKHLANG_ACCOUNTS": "on",
    "THAMKHLANG_ANONYMOUS": "reader",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with line.serving() as nobody:
        secrets = {name: value for name, value in USUAL.items() if "LINE" in name}
        home = tmp_path_factory.mktemp("line") / "home"
        with serving(home, THAMKHLANG_LINE_API=nobody.url, THAMKHLANG_PUBLIC_URL=PUBLIC, **secrets) as running:
            yield running


@pytest.fixture
def console(served: Server) -> Iterator[Console]:
    console = Console(secret=SECRET, endpoint=ENDPOINT, channels={TOKEN: line_events.BOT}, hosts={HOST: served.address})
    with line.serving(console):
        yield console


Check = Callable[..., tuple[int, dict[str, str], str]]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, console: Console) -> Check:
    """Checks, with other settings where they are given; the exit code, the state of each finding by its name, and all words."""

    def run(**settings: str) -> tuple[int, dict[str, str], str]:
        for name, value in (USUAL | {"THAMKHLANG_LINE_API": console.url} | settings).items():
            monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
        code = main(["line", "check", "--json"])
        told = json.loads(capsys.readouterr().out)
        assert told["code"] == code
        assert all((one["state"] == "right") == (one["do"] == "") for one in told["findings"]), "each fault says what to do"
        words = "\n".join(f"{one['account']} {one['said']} {one['do']}" for one in told["findings"])
        assert SECRET not in words and TOKEN not in words and "{" not in words
        return code, {one["name"]: one["state"] for one in told["findings"]}, words

    return run


RIGHT = dict.fromkeys(["public_url", "opens", "secret", "account", "webhook", "reach", "quota"], "right") | {
    "redelivery": "advice"
}


def test_all_is_right_for_a_person_and_for_a_program(check: Check, capsys: pytest.CaptureFixture[str]) -> None:
    code, states, words = check()
    assert (code, states) == (0, RIGHT)
    assert "ถามคลัง พช. (@123abcde)" in words and ENDPOINT in words and "0 จาก 200" in words
    assert main(["line", "check"]) == 0
    said = capsys.readouterr().out
    assert said.count("✓") == 7 and "✗" not in said and said.endswith("พร้อมใช้กับ LINE\n") and "redelivery" in said


def test_nothing_is_set(check: Check) -> None:
    code, states, words = check(THAMKHLANG_LINE_SECRET="", THAMKHLANG_LINE_TOKEN="")
    assert (code, states) == (2, {"unset": "misset"}) and "THAMKHLANG_LINE_SECRET" in words


def test_half_is_set(check: Check, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THAMKHLANG_LINE_SECRET", SECRET)
    assert main(["line", "check"]) == 2 and "THAMKHLANG_LINE_TOKEN" in capsys.readouterr().err


@pytest.mark.parametrize("secret", ["1234567890", SECRET.upper(), f"{SECRET}0", TOKEN])
def test_a_secret_that_is_none(check: Check, secret: str) -> None:
    code, states, words = check(THAMKHLANG_LINE_SECRET=secret)
    assert code == 2 and states["secret"] == "misset" and "Basic settings" in words and secret not in words


@pytest.mark.parametrize("token", [SECRET, "1650000000", "two words", "กุญแจ"])
def test_a_token_that_is_none(check: Check, token: str) -> None:
    code, states, words = check(THAMKHLANG_LINE_TOKEN=token)
    assert code == 2 and states["token"] == "misset" and "webhook" not in states and token not in words.replace(SECRET, "")


def test_a_token_that_line_does_not_take(check: Check, console: Console) -> None:
    console.channels.clear()
    code, states, words = check()
    assert code == 2 and states["refused"] == "misset" and "401" in words and "reach" not in states


@pytest.mark.parametrize("public", ["", "http://127.0.0.1:8000", "https://["])
def test_no_public_https_address(check: Check, public: str) -> None:
    code, states, _ = check(THAMKHLANG_PUBLIC_URL=public)
    assert code == 2 and states["public_url"] == "misset" and states["webhook_unknown"] == "wrong" and "reach" not in states


def test_links_in_line_that_nobody_could_open(check: Check) -> None:
    code, states, words = check(THAMKHLANG_ACCOUNTS="off")
    assert code == 2 and states["opens_owner"] == "misset" and "THAMKHLANG_ACCOUNTS=on" in words
    code, states, words = check(THAMKHLANG_ANONYMOUS="none")
    assert code == 0 and states["opens_login"] == "advice" and "THAMKHLANG_ANONYMOUS=reader" in words
    assert check(THAMKHLANG_ACCOUNTS="off", THAMKHLANG_HOST="0.0.0.0")[1]["opens"] == "right"


def test_the_webhook_that_line_knows(check: Check, console: Console) -> None:
    console.endpoint = f"{PUBLIC}/webhooks/line"
    assert check()[:2] == (0, RIGHT), "the same address as people write it"
    console.endpoint = ""
    code, states, words = check()
    assert code == 1 and states["webhook_unset"] == "wrong" and ENDPOINT in words
    console.endpoint = "https://old.example.org/callback"
    code, states, words = check()
    assert code == 1 and states["webhook_other"] == "wrong" and console.endpoint in words and ENDPOINT in words
    console.endpoint, console.active = ENDPOINT, False
    code, states, words = check()
    assert code == 1 and states["webhook_off"] == "wrong" and "Use webhook" in words


def test_what_line_cannot_reach(check: Check, console: Console, served: Server) -> None:
    console.hosts.clear()
    code, states, words = check()
    assert code == 1 and states["reach_connect"] == "wrong" and "ใบรับรอง" in words
    console.hosts[HOST] = served.address
    console.secret = "f" * 32
    code, states, words = check()
    assert code == 1 and states["reach_400"] == "wrong" and "Channel เดียวกัน" in words, "our own server refused the signature"
    console.hosts[HOST] = console.url
    code, states, words = check()
    assert code == 1 and states["reach_gate"] == "wrong", "something before us asks for a password"


@pytest.mark.parametrize(
    ("reason", "status", "name"),
    [("REQUEST_TIMEOUT", -1, "reach_slow"), ("ERROR_STATUS_CODE", 404, "reach_404"), ("UNCLASSIFIED", 0, "reach_other")],
)
def test_each_reason_of_lines(check: Check, console: Console, reason: str, status: int, name: str) -> None:
    told = {"success": False, "timestamp": "2026-12-01T05:38:20.031Z", "statusCode": status, "reason": reason, "detail": "x"}
    console.tested = told
    code, states, _ = check()
    assert code == 1 and states[name] == "wrong"


@pytest.mark.parametrize(
    ("limit", "used", "push", "name", "code"),
    [
        (200, 200, "off", "quota", 0),
        (200, 150, "on", "quota_push", 0),
        (200, 160, "on", "quota_low", 0),
        (200, 200, "on", "quota_gone", 1),
        (None, 5_000, "on", "quota_free", 0),
    ],
)
def test_the_months_messages(
    check: Check, console: Console, limit: int | None, used: int, push: str, name: str, code: int
) -> None:
    console.limit, console.used = limit, used
    found, states, words = check(THAMKHLANG_LINE_PUSH=push)
    assert found == code and name in states and str(used) in words


def test_line_is_down_or_far(check: Check, console: Console) -> None:
    console.faults["info"] += [line.Fault(status=500, message="sorry")]
    code, states, words = check()
    assert code == 1 and states["line"] == "wrong" and "500" in words
    console.faults["test"] += [line.Fault(status=429, message="rate")]
    console.faults["webhook"] += [line.Fault()]
    code, states, _ = check()
    assert code == 1 and states["line"] == states["unreached"] == "wrong" and states["quota"] == "right", "the rest is asked"
    code, states, words = check(THAMKHLANG_LINE_API="http://127.0.0.1:9")
    assert code == 1 and states["unreached"] == "wrong" and "http://127.0.0.1:9" in words


def test_several_accounts(check: Check, console: Console) -> None:
    console.channels["second"] = "Usecond"
    rows = [{"destination": line_events.BOT, "secret": SECRET, "token": TOKEN}]
    rows += [{"destination": "Uother", "secret": "a" * 32, "token": "second"}]
    several = {"THAMKHLANG_LINE_SECRET": "", "THAMKHLANG_LINE_TOKEN": "", "THAMKHLANG_LINE_CHANNELS": json.dumps(rows)}
    code, states, words = check(**several)
    assert code == 2 and states["destination"] == "misset" and "Usecond" in words and states["reach"] == "right"
