"""Ratings over HTTP: one for each kept reply, told apart from what cannot be rated."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ui import api, settings
from ui.compose import compose

NAME = "line:U0123456789"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    house = compose(settings.load(home=tmp_path / "home"))
    with house.store, TestClient(api.create(house), base_url="http://127.0.0.1:8000") as opened:
        opened.post("/v1/answers", json={"question": "กองทุนมีสมาชิกกี่คน", "conversation_id": NAME})
        yield opened


def test_a_reply_is_rated_and_rated_again(client: TestClient) -> None:
    feedback = client.app.state.house.store.feedback  # type: ignore[attr-defined]
    sent = {"conversation_id": NAME, "n": 1, "right": False, "reason": "ถามเรื่องอื่น โทร 081-234-5678"}
    answered = client.post("/v1/feedback", json=sent)
    assert (answered.status_code, answered.content) == (204, b"")
    assert (feedback.of(NAME)[1].right, feedback.of(NAME)[1].reason) == (False, "ถามเรื่องอื่น โทร •••-•••-••••")
    assert client.post("/v1/feedback", json={"conversation_id": NAME, "n": 1, "right": True}).status_code == 204
    assert (feedback.of(NAME)[1].right, feedback.of(NAME)[1].reason) == (True, "")
    client.delete(f"/v1/conversations/{NAME}")
    assert feedback.of(NAME) == {}


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"n": 2}, 404, "unknown_turn"),
        ({"conversation_id": "nobody-knows-it"}, 404, "unknown_conversation"),
        ({"conversation_id": "สั้น"}, 422, "misnamed_conversation"),
        ({"n": 0}, 422, "invalid_request"),
        ({"right": "อาจจะ"}, 422, "invalid_request"),
        ({"reason": "ก" * 5000}, 422, "invalid_request"),
        ({"more": 1}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_rated_is_told_in_thai(client: TestClient, changed: dict, status: int, code: str) -> None:
    answered = client.post("/v1/feedback", json={"conversation_id": NAME, "n": 1, "right": True} | changed)
    assert (answered.status_code, answered.json()["code"]) == (status, code)
    assert answered.headers["content-type"] == "application/problem+json"
    assert any("ก" <= letter <= "๎" for letter in answered.json()["detail"])


def test_another_page_rates_nothing(client: TestClient) -> None:
    sent = {"conversation_id": NAME, "n": 1, "right": True}
    assert client.post("/v1/feedback", json=sent, headers={"origin": "https://example.org"}).status_code == 403


def test_it_is_described(client: TestClient) -> None:
    told = client.get("/openapi.json").json()
    path = told["paths"]["/v1/feedback"]["post"]
    assert "204" in path["responses"]
    assert set(told["components"]["schemas"]["FeedbackBody"]["properties"]) == {"conversation_id", "n", "right", "reason"}
