"""ZIPs and mails: every file in them a source of its own, and none of their tricks."""

import base64
import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest import bundle, ingest, read_document
from ingest.errors import IngestError
from tests.ingest import memory
from tests.ingest.memory import MemoryArchive
from tests.ingest.test_readers import THAI


def told(content: bytes, name: str = "คลัง.zip") -> list[tuple[str, str]]:
    """(name, what it is or what is wrong with it) of each member."""
    return [
        (found.source, found.code) if isinstance(found, IngestError) else (found.name, found.format)
        for found in bundle.members(name, content)
    ]


def message(subject: str = "ผลประชุมกองทุน", body: str = THAI) -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = subject, "สมชาย ใจดี <somchai@example.org>", "office@example.org"
    made["Date"] = "Sun, 05 Feb 2023 09:00:00 +0700"
    made["Message-ID"] = "<1@example.org>"
    if body:
        made.set_content(body)
    return made


def test_members_of_a_zip() -> None:
    content = memory.zipped(
        {
            "ภาคใต้/บันทึก.txt": THAI.encode(),
            "ภาคใต้/": b"",
            "งบ.xlsx": memory.sheet([["ก", "ข"], ["ค", 1]]),
            "__MACOSX/._บันทึก.txt": b"x",
            ".DS_Store": b"x",
            "~$งบ.xlsx": b"x",
        }
    )
    assert told(content) == [("คลัง.zip/ภาคใต้/บันทึก.txt", "plain"), ("คลัง.zip/งบ.xlsx", "workbook")]


@pytest.mark.parametrize("encoding", ["cp874", "utf-8"])
def test_names_without_a_mark_of_their_encoding(encoding: str) -> None:
    name = "รายงาน.txt".encode(encoding)
    content = memory.zipped({"x" * len(name): THAI.encode()}).replace(b"x" * len(name), name)
    assert told(content) == [("คลัง.zip/รายงาน.txt", "plain")]


def test_names_that_lead_out_lead_nowhere(tmp_path: Path) -> None:
    names = ["../../etc/passwd.txt", "/abs/a.txt", "C:\\b\\c.txt", "x/../../d.txt"]
    content = memory.zipped({name: f"{THAI} {name}".encode() for name in names})
    assert [name for name, _ in told(content)] == [
        "คลัง.zip/etc/passwd.txt",
        "คลัง.zip/abs/a.txt",
        "คลัง.zip/b/c.txt",
        "คลัง.zip/x/d.txt",
    ]
    (tmp_path / "คลัง.zip").write_bytes(content)
    ingest([tmp_path / "คลัง.zip"], MemoryArchive())
    assert [path.name for path in tmp_path.iterdir()] == ["คลัง.zip"]


def test_two_members_of_one_name() -> None:
    content = memory.zipped({"a/b.txt": THAI.encode(), "a//b.txt": b"other"})
    assert [name for name, _ in told(content)] == ["คลัง.zip/a/b.txt", "คลัง.zip/a/b.txt (2)"]


def test_what_cannot_be_unpacked_is_told_and_stops_nothing() -> None:
    content = memory.zipped(
        {"ใน.zip": memory.zipped({"a.txt": b"x"}), "bomb.txt": bytes(bundle.RATIO_FLOOR_BYTES + 1), "ดี.txt": THAI.encode()}
    )
    assert told(content) == [
        ("คลัง.zip/ใน.zip", "nested_archive"),
        ("คลัง.zip/bomb.txt", "too_large"),
        ("คลัง.zip/ดี.txt", "plain"),
    ]
    assert told(memory.zipped({})) == [("คลัง.zip", "empty_file")]
    locked = bytearray(memory.zipped({"a.txt": THAI.encode()}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + place] |= 1
    assert told(bytes(locked)) == [("คลัง.zip/a.txt", "encrypted")]
    broken = bytearray(memory.zipped({"a.txt": THAI.encode() * 9, "b.txt": THAI.encode()}))
    broken[45:60] = bytes(15)
    assert told(bytes(broken)) == [("คลัง.zip/a.txt", "corrupt"), ("คลัง.zip/b.txt", "plain")]


def test_too_many_members_or_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    content = memory.zipped({"a.txt": b"12345", "b.txt": b"67890"})
    monkeypatch.setattr(bundle, "MAX_MEMBERS", 1)
    assert told(content) == [("คลัง.zip", "too_large")]
    monkeypatch.setattr(bundle, "MAX_MEMBERS", 2)
    monkeypatch.setattr(bundle, "MAX_UNPACKED_BYTES", 9)
    assert told(content) == [("คลัง.zip/a.txt", "plain"), ("คลัง.zip/b.txt", "too_large")]


def test_a_mail() -> None:
    document = read_document("a.eml", message(body=f"เรียนทุกท่าน\n{THAI}\n\n> เดิมเสนอไว้ 2 ราย\n>> และ 1 ราย").as_bytes())
    assert (document.title, document.date) == ("ผลประชุมกองทุน", "2023-02-05")
    assert document.text.split("\n") == [
        "ผลประชุมกองทุน",
        "จาก: สมชาย ใจดี",
        "",
        "เรียนทุกท่าน",
        THAI,
        "",
        "เดิมเสนอไว้ 2 ราย",
        "และ 1 ราย",
    ]
    assert "example.org" not in document.text


def test_a_mail_in_the_thai_code_page() -> None:
    encoded = "=?windows-874?B?" + base64.b64encode("ผลประชุม".encode("cp874")).decode() + "?="
    head = f"From: {encoded} <a@b.c>\r\nTo: d@e.f\r\nSubject: {encoded}\r\nDate: Sun, 05 Feb 2023 09:00:00 +0700\r\n"
    body = "Content-Type: text/plain; charset=windows-874\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    document = read_document("a.eml", (head + body).encode() + THAI.encode("cp874"))
    assert document.text == f"ผลประชุม\nจาก: ผลประชุม\n\n{THAI}"
    raw = b"From: a@b.c\r\nTo: d@e.f\r\nSubject: " + "ผลประชุม".encode("cp874") + b"\r\nDate: x\r\n\r\n" + THAI.encode("cp874")
    assert read_document("upload", raw).text == f"ผลประชุม\n\n{THAI}"


def test_a_mail_that_is_a_page_and_has_attachments(tmp_path: Path) -> None:
    made = message(body="")
    made.set_content(f"<html><body><p>{THAI}</p></body></html>", subtype="html")
    made.add_attachment(memory.word("มติที่ประชุม เห็นชอบ"), maintype="application", subtype="msword", filename="มติ.docx")
    made.add_attachment(b"\x89PNG\r\n\x1a\n" + bytes(9), maintype="image", subtype="png", filename="โลโก้.png", cid="<logo>")
    made.add_attachment(
        memory.zipped({"งบ.csv": "รายการ,บาท\nปูน,5\nหิน,6".encode()}), maintype="application", subtype="zip", filename="a.zip"
    )
    made.add_attachment(message("ฉบับก่อน", "เนื้อความฉบับก่อน"))
    path = tmp_path / "ข่าว.eml"
    path.write_bytes(made.as_bytes())
    archive = MemoryArchive()
    report = ingest([path], archive)
    assert not report.failed
    assert report.added == ["ข่าว.eml", "ข่าว.eml/มติ.docx", "ข่าว.eml/a.zip/งบ.csv", "ข่าว.eml/5.eml"]
    assert THAI in archive.documents["ข่าว.eml"].text
    assert "เห็นชอบ" in archive.documents["ข่าว.eml/มติ.docx"].text
    assert "เนื้อความฉบับก่อน" in archive.documents["ข่าว.eml/5.eml"].text
    assert ingest([path], archive).skipped == report.added


def test_a_zip_in_the_pipeline(tmp_path: Path) -> None:
    content = memory.zipped(
        {
            "ก.txt": THAI.encode(),
            "ข.pdf": b"%PDF-1.7\n",
            "ค.jsonl": b'{"id": "r1", "body": "first"}\n{"id": "r2", "body": "second"}\n',
        }
    )
    (tmp_path / "a.zip").write_bytes(content)
    archive = MemoryArchive()
    report = ingest([tmp_path], archive)
    assert report.added == ["a.zip/ก.txt", "r1", "r2"]
    assert [(failure.source, failure.code) for failure in report.failed] == [("a.zip/ข.pdf", "corrupt")]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        (tmp_path / "เดี่ยว.txt").write_bytes(package.read("ก.txt"))
    assert ingest([tmp_path / "เดี่ยว.txt"], archive).skipped == ["เดี่ยว.txt"]


def test_a_name_for_another_file_is_no_document() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        link = zipfile.ZipInfo("ลัด.txt")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        package.writestr(link, "/etc/passwd")
        package.writestr("จริง.txt", THAI)
    assert [name for name, _ in told(content.getvalue())] == ["คลัง.zip/จริง.txt"]


def test_a_message_that_is_forwarded_within_another_is_a_document() -> None:
    outer, inner = message(), message("เรื่องที่ส่งต่อ", "ข้อความข้างใน")
    outer.add_attachment(inner)
    del next(part for part in outer.iter_attachments())["Content-Disposition"]
    assert [name for name, _ in told(outer.as_bytes(), "จดหมาย.eml")] == ["จดหมาย.eml", "จดหมาย.eml/2.eml"]
