"""Backups that are made by the clock while the archive is served."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from tests.disk import small
from tests.ui.conftest import serving
from tests.ui.test_access import opened
from tests.ui.test_api import REPORT, upload
from tests.ui.test_health import figures
from tests.vectorstore.parcels import unasked
from ui import backups as scheduled
from ui import passphrase, settings
from ui.backups import Backups
from ui.cli import main
from ui.compose import House
from ui.settings import SettingsError
from vectorstore import backup, reading
from vectorstore.restoring import restore

DAY = 86_400.0
QUESTION = {"question": "กองทุนมีสมาชิกกี่คน"}
PASSPHRASE = "รหัสผ่านของคลัง-1"


class Clock:
    def __init__(self) -> None:
        self.now = 1_780_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[tuple[House, TestClient]]:
    """One whose backups are made only when a test says so."""
    (tmp_path / "out").mkdir()
    with opened(tmp_path / "home") as (house, client):
        upload(client(), "report.txt", REPORT)
        yield house, client()


def of(house: House, folder: Path, clock: Clock, **given: object) -> Backups:
    told = settings.load(home=house.settings.home, backup_folder=str(folder), **given)
    return Backups(replace(house, settings=told), passphrase.seal(told), clock)


def test_one_is_made_when_it_is_due_and_old_ones_go(archive, tmp_path: Path) -> None:
    house, _ = archive
    clock = Clock()
    backups = of(house, tmp_path / "out", clock, backup_hours=12, backup_daily=2, backup_weekly=1)
    assert backups.due().timestamp() == clock.now and backups.turn() and not backups.turn()
    clock.now += 12 * 3600 - 1
    assert not backups.turn()
    for _ in range(8):
        clock.now += 12 * 3600
        assert of(house, tmp_path / "out", clock, backup_hours=12, backup_daily=2, backup_weekly=1).turn(), "also after a start"
    made = backups.made()
    assert len(made) <= 3 and made[0].at.timestamp() == clock.now and backups.wrong() is None
    for one in made:
        assert reading.read(one.file, unasked).manifest["counts"]["documents"] == 1
    restore(made[0].file, tmp_path / "new", unasked)
    clock.now += 3 * DAY
    assert "สองรอบ" in str(backups.wrong())


def test_a_clock_that_was_wrong_stops_nothing(archive, tmp_path: Path) -> None:
    house, _ = archive
    clock = Clock()
    backups = of(house, tmp_path / "out", clock)
    clock.now += 1000 * DAY
    assert backups.turn()
    clock.now -= 1000 * DAY
    assert backups.turn() and not backups.turn() and len(backups.made()) == 2


def test_a_failure_is_told_everywhere_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(scheduled, "_LOOKS_S", 0.05)
    monkeypatch.setattr(scheduled, "_AGAIN_S", 0.05)
    folder = tmp_path / "ยังไม่ได้ต่อดิสก์"
    with opened(tmp_path / "home", backup_folder=str(folder)) as (_, made):
        client = made()
        wait(lambda: "backup" in client.get("/readyz").json()["degraded"])
        told = client.get("/readyz")
        assert told.status_code == 200 and told.json()["ready"], "questions are answered"
        assert "ไม่มีโฟลเดอร์นี้" in told.json()["degraded"]["backup"]
        assert "ไม่มีโฟลเดอร์นี้" in client.get("/manage/system").text
        assert figures(client)['thamkhlang_backup{kind="failing"}'] == 1
        assert any(one.message == "backup failed" and "ไม่มีโฟลเดอร์นี้" in one.fields["why"] for one in caplog.records)  # type: ignore[attr-defined]
        folder.mkdir()
        wait(lambda: "backup" not in client.get("/readyz").json()["degraded"])
        (file,) = folder.iterdir()
        assert file.name in client.get("/manage/system").text
        after = figures(client)
        assert after['thamkhlang_backup{kind="failing"}'] == 0 and after['thamkhlang_backup{kind="kept"}'] == 1
        assert after['thamkhlang_backup{kind="failed"}'] >= 1


def wait(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_full_disk_is_told_questions_go_on_and_it_is_made_when_there_is_room(archive, tmp_path: Path) -> None:
    house, client = archive
    clock = Clock()
    with small(tmp_path / "disk", 4) as disk:
        backups = of(house, disk.path, clock, backup_hours=1)
        assert backups.turn()
        before = backups.made()[0].file.read_bytes()
        disk.fill(leave=100_000)
        clock.now += 3600
        assert not backups.turn() and "ดิสก์เต็ม" in str(backups.wrong())
        assert client.post("/v1/answers", json=QUESTION).json()["answered"]
        assert [one.file.read_bytes() for one in backups.made()] == [before]
        assert {path.name for path in disk.path.iterdir()} == {"filler", backups.made()[0].file.name}
        disk.empty()
        assert not backups.turn(), "it waits a little"
        clock.now += 600
        assert backups.turn() and backups.wrong() is None


def test_two_are_never_made_at_once_and_one_is_given_up_at_the_end(
    archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, _ = archive
    backups = of(house, tmp_path / "out", Clock())
    begun, write = threading.Event(), backup.write

    def slowly(*given: object, go_on: Callable[[], object], **named: object) -> object:
        begun.set()
        while True:
            go_on()
            time.sleep(0.01)

    monkeypatch.setattr(backup, "write", slowly)
    backups.start()
    assert begun.wait(60) and not backups.turn()
    backups.close()
    monkeypatch.setattr(backup, "write", write)
    assert not backups.made() and not list((tmp_path / "out").iterdir()) and backups.failure is None
    assert of(house, tmp_path / "out", Clock()).turn()


def test_a_passphrase_from_a_file_encrypts_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, out = tmp_path / "รหัสผ่าน", tmp_path / "out"
    file.write_text(f"{PASSPHRASE}\n")
    out.mkdir()
    with opened(tmp_path / "home", backup_folder=str(out), backup_passphrase_file=str(file)) as (_, made):
        client = made()
        wait(lambda: any(out.glob("*.age.tar")))
        sent = client.post("/manage/backup", data={"sure": "yes"})
        assert sent.headers["content-disposition"].endswith('.age.tar"') and b"manifest" not in sent.content
        assert PASSPHRASE not in client.get("/manage/system").text
    (tmp_path / "sent").write_bytes(sent.content)
    for n, one in enumerate([tmp_path / "sent", *out.iterdir()]):
        typed(monkeypatch, "ผิดแน่นอนรหัสนี้", PASSPHRASE)
        assert main(["--home", str(tmp_path / f"new{n}"), "restore", str(one)]) == 2
        assert "ไม่ถูกต้อง" in capsys.readouterr().err and not (tmp_path / f"new{n}").exists()
        assert main(["--home", str(tmp_path / f"new{n}"), "restore", str(one)]) == 0
    monkeypatch.setenv("THAMKHLANG_BACKUP_PASSPHRASE_FILE", str(file))
    assert main(["--home", str(tmp_path / "again"), "restore", str(tmp_path / "sent")]) == 0
    for content in (b"", b"short\n", b"\xff\xfe\x00", b"tab\tbed-passphrase"):
        file.write_bytes(content)
        with pytest.raises(SettingsError, match="BACKUP_PASSPHRASE_FILE"):
            passphrase.seal(settings.load())
    file.unlink()
    assert (
        main(["--home", str(tmp_path / "again"), "backup", str(tmp_path / "plain")]) == 2 and not (tmp_path / "plain").exists()
    )


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    said = iter(words)
    monkeypatch.setattr("getpass.getpass", lambda _: next(said))


def test_a_passphrase_is_asked_for_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, file = str(tmp_path / "home"), tmp_path / "a"
    for words, told in (((PASSPHRASE, "อื่น"), "ไม่ตรงกัน"), (("สั้น",), "ต้องยาว")):
        typed(monkeypatch, *words)
        assert main(["--home", home, "backup", str(file), "--passphrase"]) == 2
        assert told in capsys.readouterr().err and not file.exists()
    typed(monkeypatch, PASSPHRASE, PASSPHRASE)
    assert main(["--home", home, "backup", str(file), "--passphrase", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["format"] == 2 and file.read_bytes().startswith(b"key.age\0")

    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody)
    assert main(["--home", str(tmp_path / "new"), "restore", str(file)]) == 2
    assert "THAMKHLANG_BACKUP_PASSPHRASE_FILE" in capsys.readouterr().err and not (tmp_path / "new").exists()


@pytest.mark.slow
def test_a_program_that_is_killed_again_and_again_leaves_whole_backups_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    given = {"THAMKHLANG_BACKUP_FOLDER": str(out), "THAMKHLANG_BACKUP_HOURS": "0.0001"}
    for n in range(4):
        with serving(tmp_path / "home", "--samples", **given) as server:
            wait(lambda n=n: len(list(out.glob("*.tar.zst"))) >= 1)
            answered = httpx.post(f"{server.address}/v1/answers", json=QUESTION, timeout=60)
            assert answered.status_code == 200
            time.sleep(0.07 * n)
            os.kill(server.process, signal.SIGKILL)
        for file in out.glob("*.tar.zst"):
            assert reading.read(file, unasked).manifest["counts"]["documents"] == 18
    with serving(tmp_path / "home", **given | {"THAMKHLANG_BACKUP_HOURS": "100"}) as server:
        assert "backup" not in httpx.get(f"{server.address}/readyz").json()["degraded"]
