"""One batch of files made to do harm among good ones: each has its own reason, and the good ones are taken in."""

import os
import re
from pathlib import Path

import pytest

from ingest import ingest
from tests.ingest.hostile import FILES, TAKEN
from tests.ingest.memory import MemoryArchive, word


def children() -> list[str]:
    return Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()


@pytest.mark.slow
def test_each_is_refused_or_read_with_its_own_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder := tmp_path / "files").mkdir()
    (scratch := tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    for number, file in enumerate(FILES):
        (folder / file.name).write_bytes(file.make())
        (folder / f"good-{number}.txt").write_text(f"เอกสารดีฉบับที่ {number}", encoding="utf-8")
    (folder / "good.docx").write_bytes(word("เอกสารดีของ Word"))
    before = children()
    archive = MemoryArchive()
    report = ingest([folder], archive)
    told = {re.split("[:/]", failure.source)[0]: failure.code for failure in report.failed}
    told |= {source.split("/")[0]: TAKEN for source in report.added}
    assert {file.name: told[file.name] for file in FILES if told[file.name] not in file.codes} == {}
    good = {f"good-{number}.txt" for number in range(len(FILES))} | {"good.docx"}
    assert good <= set(report.added)
    assert all(f"“{failure.source.split(':')[0]}”" in failure.reason and "โปรด" in failure.reason for failure in report.failed)

    assert not list(scratch.iterdir()) and children() == before
    assert not any("root:" in document.text for document in archive.documents.values())
