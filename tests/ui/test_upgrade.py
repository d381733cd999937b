"""What earlier releases left is carried over, opened and restored; what is restored answers as before, to the byte."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.types import Turn
from tests.fakes import HashEmbedder
from tests.vectorstore import earlier
from tests.vectorstore.killed import rows, user_version
from tests.vectorstore.parcels import put, summed, tarred, unasked
from ui import conversation, settings, wire
from ui.cli import main
from ui.compose import SAMPLES, House, compose
from ui.conversation import Asking
from vectorstore import Store, backup
from vectorstore.packing import unpacked
from vectorstore.record import Record
from vectorstore.restoring import restore
from vectorstore.schema import SCHEMA

DATA = Path(__file__).parents[1] / "data"
QUESTION = "กองทุนสวัสดิการชุมชนตำบลนาหินแก้วมีสมาชิกกี่คน"
CHANGED = {"meta", "pending"}
"""Tables in which today's program notes what it has yet to do."""


def answers(home: Path, questions: list[list[str]]) -> list[str]:
    """The JSON of every answer, in the order of the questions; each is a conversation's turns."""
    house = compose(settings.load(home=home))
    with house.store:
        return [json.dumps(one, ensure_ascii=False, sort_keys=True) for turns in questions for one in _replies(house, turns)]


def _replies(house: House, turns: list[str]) -> Iterator[dict[str, Any]]:
    past: list[Turn] = []
    for turn in turns:
        told = wire.reply(conversation.ask(house, Asking(question=turn, history=past)).reply, "")
        said = told["answer"] or told["refusal"]["message"]
        past = [*past, Turn(role="user", content=turn), Turn(role="assistant", content=said)]
        yield told


@pytest.mark.parametrize("schema", range(1, SCHEMA))
def test_all_that_an_archive_of_an_earlier_schema_has_is_carried_over(schema: int, tmp_path: Path) -> None:
    database = earlier.real(schema, tmp_path)
    before = rows(database)
    Record(database).close()
    after = rows(database)
    assert user_version(database) == SCHEMA
    for table, (names, held) in before.items():
        if table in CHANGED:
            continue
        now = [dict(zip(after[table][0], row, strict=True)) for row in after[table][1]]
        assert set(names) <= set(after[table][0])
        for was, one in zip(sorted(held, key=repr), now, strict=True) if schema > 1 else ():
            assert {name: one[name] for name in names} == dict(zip(names, was, strict=True)), table
        assert len(now) == len(held)
    assert len(before["documents"][1]) == 3 and len(before["passages"][1]) == 16, "two, one in two versions"
    assert schema < 3 or len(before["turns"][1]) == 2
    assert schema < 5 or (len(before["accounts"][1]), len(before["api_keys"][1]), len(before["limits"][1])) == (1, 1, 1)


def test_texts_of_the_first_schema_are_the_same_when_they_are_packed(tmp_path: Path) -> None:
    database = earlier.real(1, tmp_path)

    def texts() -> list[tuple[object, ...]]:
        names, held = rows(database)["documents"]
        return sorted(tuple(row[names.index(name)] for name in ("key", "id", "text", "blocks")) for row in held)

    before = texts()
    Record(database).close()
    assert before == [(key, name, unpacked(text), unpacked(blocks)) for key, name, text, blocks in texts()]  # type: ignore[arg-type]


@pytest.mark.parametrize("schema", range(1, SCHEMA))
@pytest.mark.parametrize("way", ["opened", "restored"])
def test_an_archive_of_every_schema_answers(schema: int, way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "home"
    database = earlier.real(schema, tmp_path)
    if way == "opened":
        home.mkdir()
        shutil.move(database, home / "archive.db")
    else:
        put(tmp_path / "file", tarred(summed(_members(database, schema))), "compressed" if schema % 2 else "tar")
        restore(tmp_path / "file", home, unasked)
    if schema == 1:  # another embedding model
        assert main(["--home", str(home), "check"]) == 2 and "rebuild" in capsys.readouterr().err
        assert main(["--home", str(home), "rebuild"]) == 0
    house = compose(settings.load(home=home))
    with house.store as store:
        reply = conversation.ask(house, Asking(question=QUESTION)).reply
        assert "845 คน" in reply.text and reply.citations[0].document.source == "กองทุน.txt"
        assert [one.source for one in store.documents()] == ["กองทุน.txt", "น้ำท่วม.txt"]
        assert len(store.versions("กองทุน.txt")) == 2 and store.register.undescribed() == [] and store.faults() == []
        kept = store.conversations.turns("kept-12345678") if schema >= 3 else []
        assert [turn.asked for turn in kept] == ([QUESTION, "แล้วเรือดำน้ำราคาเท่าไร"] if schema >= 3 else [])
        assert [one.name for one in store.accounts.all()] == (["somchai"] if schema >= 5 else [])
        seen = [one.source for one in store.seen_by(frozenset()).documents()]
        assert seen == (["กองทุน.txt"] if schema >= 5 else ["กองทุน.txt", "น้ำท่วม.txt"])


def _members(database: Path, schema: int) -> dict[str, bytes]:
    manifest = {
        "format": 1,
        "program": "thamkhlang",
        "version": "0.1.0",
        "schema": schema,
        "counts": {"documents": 2, "passages": 16, "turns": 0},
        "members": {"settings.json": {}, "archive.db": {}},
    }
    return {"manifest.json": json.dumps(manifest).encode(), "settings.json": b"{}", "archive.db": database.read_bytes()}


def test_a_backup_of_the_release_before_is_restored(tmp_path: Path) -> None:
    file = earlier.backup_1(tmp_path)
    assert main(["--home", str(tmp_path / "home"), "restore", str(file)]) == 0
    assert main(["--home", str(tmp_path / "home"), "check"]) == 0


def test_events_of_line_are_in_no_backup(tmp_path: Path) -> None:
    """What is restored answers nobody a second time."""
    from vectorstore.inbox import NAME, Inbox, Row

    with Store(tmp_path / "home", HashEmbedder()) as store:
        inbox = Inbox(store.home)
        event = {"text": "คำถามที่ยังไม่ได้ตอบ"}
        row = Row(id="1", at=1, received=1.0, channel="c", chat="c", asker="a", message="m", kind="ask", event=event)
        inbox.put([row]).result()
        backup.write(store, {}, "0.1.0", tmp_path / "a.tar.zst")
        assert inbox.count() == 1
        inbox.close()
    restore(tmp_path / "a.tar.zst", tmp_path / "new", unasked)
    assert not (tmp_path / "new" / NAME).exists()
    inbox = Inbox(tmp_path / "new")
    assert inbox.count() == 0 and inbox.next() is None
    inbox.close()


def test_what_is_restored_answers_to_the_byte(tmp_path: Path) -> None:
    _answers_alike(SAMPLES, DATA / "sample_questions.jsonl", tmp_path, most=12)


@pytest.mark.slow
def test_real_reports_are_answered_to_the_byte_after_a_restoring(shared: Path, tmp_path: Path) -> None:
    _answers_alike(shared / "archive", shared / "questions" / "seed_dev.jsonl", tmp_path)


def _answers_alike(documents: Path, asked: Path, folder: Path, most: int | None = None) -> None:
    lines = [json.loads(line) for line in asked.read_text(encoding="utf-8").splitlines()][:most]
    questions = [one.get("turns") or [one["q"]] for one in lines]
    home, new, file = folder / "home", folder / "new", folder / "a.tar.zst"
    assert main(["--home", str(home), "add", str(documents)]) == 0
    before = answers(home, questions)
    assert main(["--home", str(home), "backup", str(file)]) == 0
    assert main(["--home", str(new), "restore", str(file)]) == 0
    after = answers(new, questions)
    assert len(before) >= len(questions) and before == after
