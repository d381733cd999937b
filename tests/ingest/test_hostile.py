"""One batch of files made to do harm among good ones: each has its own reason, and the good ones are taken in."""

import os
import re
from functools import partial
from pathlib import Path

import pytest

from ingest import ahead, ingest
from ingest.outcome import Failure
from ingest.pipeline import read_file
from ingest.task import Limits, Task
from tests.ingest.hostile import FILES, OPERATORS, TAKEN
from tests.ingest.memory import MemoryArchive, word


def children() -> list[str]:
    return Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()


@pytest.mark.slow
def test_each_is_refused_or_read_with_its_own_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder := tmp_path / "files").mkdir()
    (scratch := tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    files = [file for file in FILES if file is not OPERATORS]
    for number, file in enumerate(files):
        (folder / file.name).write_bytes(file.make())
        (folder / f"good-{number}.txt").write_text(f"เอกสารดีฉบับที่ {number}", encoding="utf-8")
    (folder / "good.docx").write_bytes(word("เอกสารดีของ Word"))
    before = children()
    archive = MemoryArchive()
    report = ingest([folder], archive)
    told = {re.split("[:/]", failure.source)[0]: failure.code for failure in report.failed}
    told |= {source.split("/")[0]: TAKEN for source in report.added}
    assert {file.name: told[file.name] for file in files if told[file.name] not in file.codes} == {}
    good = {f"good-{number}.txt" for number in range(len(files))} | {"good.docx"}
    assert good <= set(report.added)
    assert all(f"“{failure.source.split(':')[0]}”" in failure.reason and "โปรด" in failure.reason for failure in report.failed)

    assert not list(scratch.iterdir()) and children() == before
    assert not any("root:" in document.text for document in archive.documents.values())


def test_one_that_takes_all_its_time_is_given_up(tmp_path: Path) -> None:
    """Here it is given little: all of it where a server is sent it (tests/ui/test_hostile.py)."""
    (path := tmp_path / OPERATORS.name).write_bytes(OPERATORS.make())
    task = Task(path.name, partial(read_file, path.name, path))
    (told,) = ahead.done([task], limits=Limits(seconds=3.0))
    assert isinstance(told, Failure) and told.code == "timeout" and "โปรด" in told.reason
