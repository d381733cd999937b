"""Files that hold files, sent over HTTP: a result for each."""

from email.message import EmailMessage

from tests.ingest import memory
from tests.ui.test_api import REPORT, client, upload

__all__ = ["client"]


def test_a_zip_gives_a_result_for_each_member(client) -> None:
    content = memory.zipped({"ก.txt": REPORT.encode(), "เสีย.pdf": b"%PDF-1.7\n", "ข.csv": "รายการ,บาท\nปูน,500\nหิน,60".encode()})
    sent = upload(client, "คลัง.zip", content)
    assert sent.status_code == 201 and sent.json()["status"] == "several"
    told = {member["source"]: member for member in sent.json()["members"]}
    assert told["คลัง.zip/ก.txt"]["status"] == told["คลัง.zip/ข.csv"]["status"] == "added"
    assert told["คลัง.zip/ก.txt"]["document"]["source"] == "คลัง.zip/ก.txt"
    broken = told["คลัง.zip/เสีย.pdf"]
    assert (broken["status"], broken["document"], broken["problem"]["code"]) == ("failed", None, "corrupt")
    assert client.get("/v1/documents").json()["total"] == 2
    again = upload(client, "คลัง.zip", content)
    assert again.status_code == 200
    assert [member["status"] for member in again.json()["members"]] == ["skipped", "failed", "skipped"]


def test_a_zip_of_nothing_readable(client) -> None:
    assert upload(client, "a.zip", memory.zipped({"a.pdf": b"%PDF-1.7\n"})).status_code == 422
    assert upload(client, "a.zip", memory.zipped({})).json()["code"] == "empty_file"


def test_a_mail_alone_is_one_document_and_with_attachments_several(client) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "รายงานกองทุน", "a@example.org", "b@example.org"
    mail.set_content(REPORT)
    assert upload(client, "ข่าว.eml", mail.as_bytes()).json()["document"]["title"] == "รายงานกองทุน"
    mail.add_attachment(memory.word("มติ เห็นชอบให้ตั้งคณะทำงาน"), maintype="application", subtype="msword", filename="มติ.docx")
    members = upload(client, "ข่าว.eml", mail.as_bytes()).json()["members"]
    assert [(member["source"], member["status"]) for member in members] == [
        ("ข่าว.eml", "replaced"),
        ("ข่าว.eml/มติ.docx", "added"),
    ]
