"""Scans whose words cannot be read are known by their names, until they are read or erased."""

from dataclasses import replace
from pathlib import Path

from assistant import Assistant, Refusal
from ingest import ingest, passages, read_document
from tests.fakes import HashEmbedder
from tests.ingest.memory import pdf
from vectorstore import Store

NAME = "รายงานประชุมสภาองค์กรชุมชนบ้านโคกสีทอง.pdf"


def test_a_scan_is_pointed_at_until_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_bytes(pdf([], [], []))
    with Store(tmp_path / "home", HashEmbedder(dimension=64)) as store:
        other = read_document("other.txt", "กลุ่มออมทรัพย์บ้านนา\nมีสมาชิก 12 คน".encode())
        store.add([(other, passages(other))])
        assert [failure.code for failure in ingest([file], store).failed] == ["no_text_layer"]
        assert store.unread.sources() == [NAME]
        said = Assistant(store).ask("สภาองค์กรชุมชนบ้านโคกสีทองมีมติอะไรบ้าง")
        assert isinstance(said, Refusal) and (said.reason, said.missing) == ("unreadable_scan", (NAME,))
        said = Assistant(store).ask("กลุ่มเลี้ยงโคบ้านหนองบัวขายได้กี่ตัว")
        assert isinstance(said, Refusal) and said.reason == "not_in_archive"
    with Store(tmp_path / "home", HashEmbedder(dimension=64)) as store:
        assert store.unread.sources() == [NAME], "kept in the record"
        document = read_document("a.txt", "สภาองค์กรชุมชนบ้านโคกสีทอง\nมติ เห็นชอบปลูกป่า 40 ไร่".encode())
        store.add([(replace(document, source=NAME), passages(document))])
        assert store.unread.sources() == []


def test_a_name_can_be_forgotten(tmp_path: Path) -> None:
    with Store(tmp_path / "home", HashEmbedder(dimension=64)) as store:
        store.unread.note("a.pdf")
        store.unread.note("a.pdf")
        assert store.unread.sources() == ["a.pdf"]
        assert store.unread.forget("a.pdf") and not store.unread.forget("a.pdf")
