import json
import os
from pathlib import Path

import pytest

from ingest import export, ingest, pipeline, read_document, readers
from ingest.pipeline import Report
from tests.ingest import memory
from tests.ingest.memory import MemoryArchive


@pytest.fixture
def archive() -> MemoryArchive:
    return MemoryArchive()


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def record(name: object, body: str = "เนื้อหา", **fields: str) -> str:
    return json.dumps({"id": name, "body": body, **fields}, ensure_ascii=False)


def failures(report: Report) -> list[tuple[str, str]]:
    return [(failure.source, failure.code) for failure in report.failed]


def test_a_folder(tmp_path: Path, archive: MemoryArchive) -> None:
    write(tmp_path / "a", หนึ่ง="ประชุมคณะทำงาน")
    write(tmp_path / "a" / "ย่อย", สอง="โครงการ")
    seen: list[tuple[str, float]] = []
    report = ingest([tmp_path / "a"], archive, progress=lambda *told: seen.append(told))
    assert report.added == ["หนึ่ง.txt", "ย่อย/สอง.txt"] == [name for name, _ in seen]
    assert 0 < seen[0][1] < seen[1][1] == 1
    assert archive.documents["หนึ่ง.txt"].text == "ประชุมคณะทำงาน"
    assert [passage.text for passage in archive.passages["ย่อย/สอง.txt"]] == ["โครงการ"]
    assert report.seconds > 0
    assert report.rate == 2 / report.seconds


def test_known_changed_and_new(tmp_path: Path, archive: MemoryArchive) -> None:
    write(tmp_path, a="หนึ่ง", b="สอง")
    ingest([tmp_path], archive)
    write(tmp_path, b="สองใหม่", c="สาม")
    report = ingest([tmp_path], archive)
    assert (report.added, report.replaced, report.skipped) == (["c.txt"], ["b.txt"], ["a.txt"])
    assert archive.documents["b.txt"].text == "สองใหม่"


def test_the_same_content_twice_in_one_call(tmp_path: Path, archive: MemoryArchive) -> None:
    write(tmp_path, a="เดียวกัน", b="เดียวกัน")
    report = ingest([tmp_path], archive)
    assert (report.added, report.skipped) == (["a.txt"], ["b.txt"])


def test_one_path_given_twice_is_one(tmp_path: Path, archive: MemoryArchive) -> None:
    write(tmp_path, a="หนึ่ง")
    assert ingest([tmp_path, tmp_path, tmp_path / "a.txt"], archive).added == ["a.txt"]


def test_files_of_one_name(tmp_path: Path, archive: MemoryArchive) -> None:
    write(tmp_path / "ภาคใต้", a="หนึ่ง", b="สอง")
    write(tmp_path / "ภาคเหนือ", a="สาม")
    report = ingest([tmp_path / "ภาคใต้", tmp_path / "ภาคเหนือ" / "a.txt"], archive)
    assert report.added == ["ภาคใต้/a.txt", "b.txt", "ภาคเหนือ/a.txt"]


def test_names_are_composed(tmp_path: Path, archive: MemoryArchive) -> None:
    (tmp_path / "cafe\u0301.txt").write_text("x", encoding="utf-8")
    assert ingest([tmp_path], archive).added == ["caf\u00e9.txt"]


def test_what_is_passed_over(tmp_path: Path, archive: MemoryArchive) -> None:
    write(tmp_path, a="หนึ่ง", **{".hidden": "x", "~$a": "x"})
    write(tmp_path / ".git", b="สอง")
    (tmp_path / "Thumbs.db").write_bytes(b"x")
    report = ingest([tmp_path], archive)
    assert (report.added, report.failed) == (["a.txt"], [])


def test_links_are_not_followed_out(tmp_path: Path, archive: MemoryArchive) -> None:
    outside = write(tmp_path / "outside", secret="ความลับ")
    inside = write(tmp_path / "inside", a="หนึ่ง")
    (inside / "file.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "same.txt").symlink_to(inside / "a.txt")
    report = ingest([inside], archive)
    assert (report.added, report.skipped) == (["a.txt"], ["same.txt"])


def test_broken_files_stop_nothing(tmp_path: Path, archive: MemoryArchive) -> None:
    write(tmp_path, a="หนึ่ง", z="สอง", empty="")
    (tmp_path / "m.pdf").write_bytes(b"<html></html>")
    (tmp_path / "n.docx").write_bytes(memory.word("ข้อความ")[:500])
    report = ingest([tmp_path, tmp_path / "missing.txt"], archive)
    assert report.added == ["a.txt", "z.txt"]
    assert sorted(failures(report)) == [
        (str(tmp_path / "missing.txt"), "unreachable"),
        ("empty.txt", "empty_file"),
        ("m.pdf", "type_mismatch"),
        ("n.docx", "corrupt"),
    ]
    assert all(failure.source in failure.reason for failure in report.failed)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(tmp_path: Path, archive: MemoryArchive) -> None:
    write(tmp_path, a="หนึ่ง", b="สอง")
    write(tmp_path / "closed", c="สาม").chmod(0)
    (tmp_path / "b.txt").chmod(0)
    report = ingest([tmp_path], archive)
    (tmp_path / "closed").chmod(0o700)
    assert report.added == ["a.txt"]
    assert [code for _, code in failures(report)] == ["unreachable", "unreachable"]


def test_a_file_that_vanishes(tmp_path: Path, archive: MemoryArchive) -> None:
    write(tmp_path, a="หนึ่ง", b="สอง")
    report = ingest([tmp_path], archive, progress=lambda *_: (tmp_path / "b.txt").unlink(missing_ok=True))
    assert report.added == ["a.txt"]
    assert failures(report) == [("b.txt", "unreachable")]


def test_a_file_too_large_is_not_opened(tmp_path: Path, archive: MemoryArchive) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(readers.MAX_BYTES + 1)
    assert failures(ingest([tmp_path], archive)) == [("a.txt", "too_large")]


def test_an_export(tmp_path: Path, archive: MemoryArchive) -> None:
    lines = [
        record("tg-1", "ก" * 40, title="ข่าวหนึ่ง", date="2022-06-20", url="https://a.th/1"),
        "",
        '{"id": "tg-2", ',
        record("tg-3", " "),
        record(4, "สี่"),
        record("tg-5", "ห้า").replace("ห้า", "\\ud83d ห้า"),
    ]
    (tmp_path / "ข่าว.jsonl").write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    report = ingest([tmp_path], archive)
    assert report.added == ["tg-1", "4", "tg-5"]
    assert failures(report) == [("ข่าว.jsonl:3", "invalid_record"), ("tg-3", "empty_file")]
    assert "บรรทัดที่ 3" in report.failed[0].reason
    first = archive.documents["tg-1"]
    assert (first.title, first.date, first.url, first.text) == ("ข่าวหนึ่ง", "2022-06-20", "https://a.th/1", "ก" * 40)
    assert archive.documents["tg-5"].text == "ห้า"


def test_an_export_is_known_by_its_content_too(tmp_path: Path, archive: MemoryArchive) -> None:
    (tmp_path / "export.json").write_text(record("a") + "\n" + record("b", "อื่น"), encoding="utf-8")
    assert ingest([tmp_path], archive).added == ["a", "b"]


def test_a_record_that_changed(tmp_path: Path, archive: MemoryArchive) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join([record("a"), record("a"), record("a", "ใหม่")]), encoding="utf-8")
    report = ingest([path], archive, batch=1)
    assert (report.added, report.skipped, report.replaced) == (["a"], ["a"], ["a"])
    assert archive.documents["a"].text == "ใหม่"


def test_a_line_too_long_to_hold(tmp_path: Path, archive: MemoryArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MAX_LINE_BYTES", 100)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join([record("a"), record("b", "ย" * 200), record("c", "สาม")]), encoding="utf-8")
    report = ingest([path], archive)
    assert report.added == ["a", "c"]
    assert failures(report) == [("a.jsonl:2", "too_large")]


def test_batches(tmp_path: Path, archive: MemoryArchive) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(record(number, f"เรื่องที่ {number}") for number in range(10)), encoding="utf-8")
    assert len(ingest([path], archive, batch=4).added) == 10
    assert archive.batches == [4, 4, 2]


def test_nothing_to_do(tmp_path: Path, archive: MemoryArchive) -> None:
    report = ingest([tmp_path], archive)
    assert report == Report(seconds=report.seconds)
    assert report.rate == 0
    assert archive.batches == []


def test_ids_are_of_the_bytes(tmp_path: Path, archive: MemoryArchive) -> None:
    write(tmp_path, a="หนึ่ง")
    ingest([tmp_path], archive)
    assert archive.documents["a.txt"].id == read_document("other.txt", "หนึ่ง".encode()).id
    assert pipeline.MAX_BATCH_CHARACTERS > 0


def test_a_batch_is_handed_over_before_it_grows_too_large(
    tmp_path: Path, archive: MemoryArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "MAX_BATCH_CHARACTERS", 1_000)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(record(number, "ยาว" * 200 + str(number)) for number in range(5)), encoding="utf-8")
    ingest([path], archive)
    assert archive.batches == [2, 2, 1]


def test_a_post_of_hashtags_is_what_its_title_says() -> None:
    record = {"id": "1", "title": "เปิดตลาดชุมชนบ้านดอนยาง", "body": "#ตลาดชุมชน #ดอนยาง"}
    document = read_document("post.jsonl", json.dumps(record, ensure_ascii=False).encode())
    assert document.text == "เปิดตลาดชุมชนบ้านดอนยาง"
