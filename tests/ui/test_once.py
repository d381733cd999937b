"""A change that is asked for twice is made once, and told again: to whoever asked, for a day, as long as it is there."""

import json
import threading
from pathlib import Path

import pytest

from tests.ui.test_gates import REPORT, archive, code, guarded  # noqa: F401  a fixture
from ui import conversation

QUESTION = {"question": "กองทุนมีสมาชิกกี่คน"}


def key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": name}


def send(client, name: str, text: str, divider: str, key_: str = "k-document"):
    body = f'--{divider}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n{text}\r\n--{divider}--\r\n'
    headers = {"content-type": f"multipart/form-data; boundary={divider}"} | key(key_)
    return client.post("/v1/documents", content=body.encode(), headers=headers)


def test_a_document_is_added_once(archive) -> None:  # noqa: F811
    house, client = archive
    own = client(house.store.keys.add("bot", "editor"))
    first = send(own, "a.txt", REPORT, "one")
    assert first.status_code == 201 and "idempotency-replayed" not in first.headers
    again = send(own, "a.txt", REPORT, "another-divider")
    assert again.status_code == 201 and again.json() == first.json(), "not skipped: it is the first one's reply"
    assert again.headers["idempotency-replayed"] == "true"
    assert len([event for event in house.store.audit.latest() if event.what == "document.added"]) == 1
    for name, text in (("b.txt", REPORT), ("a.txt", REPORT + "x")):
        assert code(send(own, name, text, "one")) == (422, "idempotency_key_reused")
    assert code(own.post("/v1/feedback", json={"n": 1}, headers=key("k-document"))) == (422, "idempotency_key_reused")
    other = client(house.store.keys.add("other", "editor"))
    assert send(other, "a.txt", REPORT, "one").json()["status"] == "skipped", "a key is its sender's"
    refused = send(own, "empty.txt", "", "one", "k-empty")
    assert refused.status_code == 422 and send(own, "empty.txt", REPORT, "one", "k-empty").status_code in (200, 201)
    house.store.remove("a.txt")
    assert "idempotency-replayed" not in send(own, "a.txt", REPORT, "one").headers


def test_a_question_is_kept_once_and_its_reply_told_from_the_record(archive) -> None:  # noqa: F811
    house, client = archive
    own = client(house.store.keys.add("bot", "editor"))
    send(own, "a.txt", REPORT, "one")
    begun = [own.post("/v1/conversations", headers=key(name)).json() for name in ("c-1", '"c-1"', "c-2")]
    assert begun[0] == begun[1] != begun[2], "quoted, as the standard has it, or bare"
    asked = QUESTION | {"conversation_id": begun[0]["conversation_id"]}
    first = own.post("/v1/answers", json=asked, headers=key("q-1"))
    again = own.post("/v1/answers", json=asked, headers=key("q-1"))
    assert first.json() == again.json() and first.json()["n"] == 1 and again.headers["idempotency-replayed"] == "true"
    stream = own.post("/v1/answers", json=asked | {"stream": True}, headers=key("q-2")).text
    told = own.post("/v1/answers", json=asked | {"stream": True}, headers=key("q-2")).text
    whole = [json.loads(text.rpartition("event: answer\ndata: ")[2].strip()) for text in (stream, told)]
    assert whole[0] == whole[1] and whole[0]["n"] == 2 and told.startswith("event: answer\n")
    right = {"conversation_id": begun[0]["conversation_id"], "n": 1, "right": True}
    assert [own.post("/v1/feedback", json=right, headers=key("f-1")).status_code for _ in range(2)] == [204, 204]
    assert len(house.store.conversations.turns(begun[0]["conversation_id"])) == 2
    kept = repr(house.store._record._rows("SELECT * FROM replays"))
    assert "สมาชิก" not in kept and "q-1" not in kept and "bot" not in kept.replace("a.txt", "")
    house.store.remove("a.txt")
    assert "845" not in own.post("/v1/answers", json=asked, headers=key("q-1")).json()["answer"]
    assert own.delete(f"/v1/conversations/{begun[0]['conversation_id']}").status_code == 204
    anew = own.post("/v1/answers", json=asked, headers=key("q-1"))
    assert "idempotency-replayed" not in anew.headers and anew.json()["n"] == 1


def test_what_changes_nothing_is_asked_anew(archive) -> None:  # noqa: F811
    house, client = archive
    own = client(house.store.keys.add("bot", "editor"))
    for body in (QUESTION, {"question": "อีกข้อ"}):
        assert own.post("/v1/answers", json=body, headers=key("q")).status_code == 200
        assert own.post("/v1/search", json={"query": body["question"]}, headers=key("q")).status_code == 200
    for wrong in (b"", b"x" * 300, b'"open', "กข".encode(), b'a"b'):
        refused = own.post("/v1/conversations", headers={"Idempotency-Key": wrong})
        assert code(refused) == (400, "idempotency_key_invalid"), wrong


def test_a_reply_outlives_the_program(tmp_path: Path) -> None:
    with guarded(tmp_path / "home") as (house, client):
        whole = house.store.keys.add("bot", "editor")
        first = client(whole).post("/v1/conversations", headers=key("c")).json()
    with guarded(tmp_path / "home") as (_, client):
        again = client(whole).post("/v1/conversations", headers=key("c"))
        assert again.json() == first and again.status_code == 201 and again.headers["idempotency-replayed"] == "true"


def test_what_is_still_being_done_is_not_begun_again(archive, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    house, client = archive
    own = client(house.store.keys.add("bot", "editor"))
    began, go_on, pieces = threading.Event(), threading.Event(), conversation.pieces

    def slow(*given):
        began.set()
        assert go_on.wait(30)
        return pieces(*given)

    monkeypatch.setattr(conversation, "pieces", slow)
    asked, replies = QUESTION | {"conversation_id": "talk:0001"}, []
    first = threading.Thread(target=lambda: replies.append(own.post("/v1/answers", json=asked, headers=key("q"))))
    first.start()
    assert began.wait(30)
    second = own.post("/v1/answers", json=asked, headers=key("q"))
    assert code(second) == (409, "still_running") and second.headers["retry-after"] == "1"
    go_on.set()
    first.join()
    third = own.post("/v1/answers", json=asked, headers=key("q"))
    assert third.json() == replies[0].json() and third.headers["idempotency-replayed"] == "true"
    assert len(house.store.conversations.turns("talk:0001")) == 1
