"""What HTTP itself promises: pages of long lists, tags, conditions, HEAD, OPTIONS and methods that are not there."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.ui.test_api import REPORT, upload
from ui import api, settings
from ui.compose import compose


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """Over five documents, one of them in two versions, and a conversation of three turns."""
    house = compose(settings.load(home=tmp_path / "home"))
    with house.store, TestClient(api.create(house), base_url="http://127.0.0.1:8000") as opened:
        for n in range(5):
            assert upload(opened, f"{n}.txt" if n else "รายงาน <0>.txt", f"{REPORT}\nมติ เห็นชอบเรื่องที่ {n}").status_code == 201
        assert upload(opened, "รายงาน <0>.txt", f"{REPORT}\nฉบับแก้ไข").status_code == 201
        for question in ("กองทุนมีสมาชิกกี่คน", "งบประมาณเท่าไร", "ประชุมวันไหน"):
            opened.post("/v1/answers", json={"question": question, "conversation_id": "my-talk-1"}).raise_for_status()
        yield opened


LISTS = {
    "/v1/documents": ("documents", lambda one: one["document_id"]),
    "/v1/documents/รายงาน%20<0>.txt/versions": ("versions", lambda one: one["version"]),
    "/v1/resolutions": ("resolutions", lambda one: (one["document_id"], one["start"])),
    "/v1/conversations/my-talk-1": ("turns", lambda one: one["n"]),
}


@pytest.mark.parametrize("path", LISTS)
def test_a_long_list_is_read_by_its_links_forwards_and_back(client: TestClient, path: str) -> None:
    name, key = LISTS[path]
    whole = client.get(path).json()
    assert whole["total"] == len(whole[name]) > 1 and "link" not in client.get(path).headers
    forwards, response = [], client.get(path, params={"limit": 2, **({"province": "เลย"} if "resol" in path else {})})
    while True:
        assert response.json()["total"] == whole["total"]
        forwards += response.json()[name]
        if "next" not in response.links:
            break
        response = client.get(response.links["next"]["url"])
    assert list(map(key, forwards)) == list(map(key, whole[name]))
    backwards = response.json()[name]
    while "prev" in response.links:
        assert parse_qs(urlsplit(response.links["prev"]["url"]).query)["limit"] == ["2"]
        response = client.get(response.links["prev"]["url"])
        backwards = response.json()[name] + backwards
    assert {key(one) for one in backwards} == {key(one) for one in whole[name]}
    far = client.get(path, params={"limit": 2, "offset": 10**9})
    assert far.json()[name] == [] and "prev" in far.links and "next" not in far.links
    for wrong in ({"limit": 0}, {"offset": -1}, {"offset": 10**30}, {"limit": "x"}, {"limit": 10**6}):
        assert client.get(path, params=wrong).json()["code"] == "invalid_request", wrong


@pytest.mark.parametrize("path", ["/v1/documents", "/v1/documents?limit=2", "/v1/documents/1.txt"])
def test_what_is_the_same_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    for same in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = client.get(path, headers={"If-None-Match": same})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers.get("link") == first.headers.get("link")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    upload(client, "1.txt", f"{REPORT}\nอีกฉบับ")
    assert client.get(path, headers={"If-None-Match": tag}).headers["etag"] != tag


def test_what_has_changed_since_it_was_read_is_not_removed(client: TestClient) -> None:
    path = "/v1/documents/1.txt"
    tag = client.get(path).headers["etag"]
    upload(client, "1.txt", f"{REPORT}\nอีกฉบับ")
    for stale in (tag, '"nothing"', "nonsense", f"W/{client.get(path).headers['etag']}"):
        refused = client.delete(path, headers={"If-Match": stale})
        assert (refused.status_code, refused.json()["code"]) == (412, "changed")
    assert client.delete("/v1/documents/nothing", headers={"If-Match": "*"}).status_code == 404
    assert client.delete(path, headers={"If-Match": client.get(path).headers["etag"]}).json()["versions"] == 2
    assert client.get(path).status_code == 404


def test_a_file_takes_the_place_of_what_was_read_alone(client: TestClient) -> None:
    def send(text: str, **headers: str):
        return client.post(
            "/v1/documents",
            files={"file": ("1.txt", text)},
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    tag = client.get("/v1/documents/1.txt").headers["etag"]
    assert send("ใหม่", If_None_Match="*").json()["code"] == "changed"
    assert send("ใหม่", If_Match='"other"').status_code == 412
    assert client.get("/v1/documents/1.txt").headers["etag"] == tag, "nothing has changed"
    assert send("ข้อความใหม่ของรายงาน", If_Match=tag).json()["status"] == "replaced"
    assert send("ข้อความอื่นอีก", If_Match=tag).status_code == 412
    new = {"files": {"file": ("new.txt", "รายงานใหม่เรื่องป่าชุมชน")}}
    assert client.post("/v1/documents", **new, headers={"If-Match": "*"}).status_code == 412
    assert client.post("/v1/documents", **new, headers={"If-None-Match": "*"}).status_code == 201


READ = ("/v1/documents", "/v1/documents/1.txt", "/v1/models", "/v1/resolutions", "/healthz", "/readyz", "/openapi.json")


@pytest.mark.parametrize("path", [*READ, "/v1/documents/nothing", "/v1/models/nothing"])
def test_the_head_is_that_of_reading_without_a_body(client: TestClient, path: str) -> None:
    whole, head = client.get(path), client.head(path)
    assert head.content == b"" and head.status_code == whole.status_code
    assert head.headers.keys() == whole.headers.keys()
    if whole.is_success:
        assert int(head.headers["content-length"]) == len(whole.content)


def test_every_path_tells_what_can_be_done_with_it(client: TestClient) -> None:
    for path, operations in client.get("/openapi.json").json()["paths"].items():
        called = path.format(document_id="1.txt", conversation_id="my-talk-1", model="thamkhlang")
        allowed = client.options(called)
        assert allowed.status_code == 204 and allowed.content == b"", called
        methods = set(allowed.headers["allow"].split(", "))
        assert {method.upper() for method in operations} <= methods and ("HEAD" in methods) == ("GET" in methods)
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"} - methods:
            refused = client.request(method, called)
            assert refused.status_code == 405 and set(refused.headers["allow"].split(", ")) == methods, (method, called)
            assert "method_not_allowed" in refused.text
    assert client.options("/v1/nothing").json()["code"] == "not_found"
    assert {route.path for route in client.app.routes if isinstance(route, Route)} >= {"/openapi.json"}  # type: ignore[attr-defined]
