"""Who may do what, over HTTP: every path of the program for every role, and what is limited to groups for nobody else."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from ingest import ingest
from ui import access, api, page, passwords, settings
from ui.compose import House, compose
from ui.people import ROLES, Person, Role
from ui.sessions import COOKIE
from ui.words import BOOK
from vectorstore.accounts import MOST_BY_NAME

PASSWORD = "ข้าวเหนียวมะม่วง 7 จาน"
LIMITED = "ประชุมลับกองทุนสวัสดิการห้วยหมาก วันที่ 18 มิถุนายน 2566\nกองทุนลับมีสมาชิก 777 คน\nมติ เห็นชอบงบประมาณลับ 70,000 บาท"
OPEN = "ประชุมกองทุนสวัสดิการนาหินแก้ว วันที่ 18 มิถุนายน 2566\nกองทุนมีสมาชิก 845 คน\nมติ เห็นชอบงบประมาณ 50,000 บาท"

TABLE: dict[str, tuple[Role | None, Role | None]] = {
    "/healthz": (None, None),
    "/readyz": ("reader", None),
    "/openapi.json": ("reader", None),
    "/version": ("reader", None),
    "/metrics": ("administrator", None),
    "/login": (None, None),
    "/logout": (None, None),
    "/webhooks/line": (None, None),
    "/v1/answers": (None, "reader"),
    "/v1/chat/completions": (None, "reader"),
    **dict.fromkeys(("/v1/models", "/v1/models/{model}"), ("reader", None)),
    "/v1/search": (None, "reader"),
    "/v1/verify": (None, "reader"),
    "/v1/conversations": (None, "reader"),
    "/v1/conversations/{conversation_id}": ("reader", "reader"),
    "/v1/documents": ("reader", "editor"),
    "/v1/documents/{document_id:path}": ("reader", "editor"),
    "/v1/documents/{document_id:path}/versions": ("reader", None),
    "/v1/resolutions": ("reader", None),
    "/v1/feedback": (None, "reader"),
    "/documents/{document_id:path}": ("reader", None),
    "/start": ("reader", None),
    **dict.fromkeys(("/resolutions", "/resolutions.csv", "/resolutions.xlsx"), ("reader", None)),
    "/documents": ("reader", "editor"),
    **dict.fromkeys(
        ("/documents.csv", "/documents.xlsx", "/documents.jsonl", "/documents/{document_id}/text"), ("editor", None)
    ),
    **dict.fromkeys(("/documents/{document_id}/replace", "/documents/{document_id}/remove"), ("editor", "editor")),
    "/documents/scans/forget": (None, "editor"),
    **dict.fromkeys(("/manage", "/manage/questions", "/manage/system"), ("administrator", None)),
    **dict.fromkeys(("/manage/backup", "/manage/check", "/manage/rebuild"), (None, "administrator")),
    "/manage/people": ("administrator", "administrator"),
}
"""The role that reading a path needs, and changing something by it: of every path that the program has."""


@contextmanager
def opened(home: Path, **given: object) -> Iterator[tuple[House, Callable[[], TestClient]]]:
    house = compose(settings.load(home=home, **given))
    with house.store:
        app = api.create(house)
        with TestClient(app, base_url="http://127.0.0.1:8000"):  # starts and ends what the app does beside

            def client() -> TestClient:
                return TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)

            yield house, client


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[tuple[House, Callable[[], TestClient]]]:
    """Accounts on, one for each role, and one document that only those of a group may see."""
    with opened(tmp_path / "home", accounts="on") as (house, client):
        for role in ROLES:
            house.store.accounts.add(role, hashed(), role)
        house.store.accounts.add("loei", hashed(), "editor", ["ทีมเลย"])
        for name, text in (("open.txt", OPEN), ("limited.txt", LIMITED)):
            (tmp_path / name).write_text(text, encoding="utf-8")
            assert ingest([tmp_path / name], house.store).added
        house.store.limit("limited.txt", ["ทีมเลย"])
        yield house, client


@cache
def hashed() -> str:
    """The hash of everybody's password, made once: it takes a while, as it is meant to."""
    return passwords.hashed(PASSWORD)


SAME = {"Origin": "http://127.0.0.1:8000"}
PAGE = {"Accept": "text/html"}


def logged_in(client: TestClient, name: str, password: str = PASSWORD) -> TestClient:
    response = client.post("/login", data={"name": name, "password": password}, headers=SAME)
    assert response.status_code == 303 and response.cookies[COOKIE]
    client.headers.update(SAME)
    return client


def code(response) -> str:
    told = response.json() if "json" in response.headers.get("content-type", "") else {}
    return told.get("error", told).get("code", "")  # in OpenAI's shape, where its clients ask


def test_every_path_needs_the_role_that_the_table_says(archive) -> None:
    _, client = archive
    app = client().app
    paths = {route.path: set() for route in app.routes if isinstance(route, Route)}
    for route in app.routes:
        assert isinstance(route, Route), f"what is mounted at {route.path} has no row in TABLE"
        paths[route.path] |= route.methods or set()
    paths.pop("/v1/{rest:path}")  # what is not there
    assert paths.keys() == TABLE.keys(), "a new path needs a row in TABLE and a rule in ui/access.py"
    clients = {None: client(), **{role: logged_in(client(), role) for role in ROLES}}
    for path, methods in sorted(paths.items(), key=lambda item: item[0] == "/logout"):
        assert access.rule_of(re.sub("{.*?}", "x", path)), f"no rule names {path}"
        for method in sorted(methods - {"HEAD", "OPTIONS"}):
            needed = TABLE[path][method != "GET"]
            for role, own in clients.items():
                may = needed is None or (role is not None and ROLES.index(role) >= ROLES.index(needed))
                asked = own.request(method, re.sub("{.*?}", "nothing-such", path))
                if path != "/logout":
                    assert (asked.status_code not in (401, 403)) == may, (method, path, role, asked.status_code)
                if not may:
                    assert asked.status_code == (401 if role is None else 403)
                    assert code(asked) == ("login_required" if role is None else "not_allowed")
                    assert "request_id" in asked.text


@pytest.mark.parametrize(
    "path", ["/", "/config", "/theme.css", "/assets/x.js", "/gradio_api/startup-events", "/none", "/v1/none"]
)
def test_nothing_of_the_chat_page_is_served_to_who_is_not_logged_in(archive, path: str) -> None:
    _, client = archive
    assert client().get(path).status_code == 401 and client().post(path).status_code == 401
    assert logged_in(client(), "reader").get(path).status_code == 404, "let through, to a chat page that is not mounted here"


@pytest.mark.parametrize("sign", ["%0A", "%0D", "%0a%0a", "%00"])
def test_no_path_is_taken_for_another_by_its_rule_and_its_route(archive, sign: str) -> None:
    _, client = archive
    own = logged_in(client(), "reader")
    for path in ("/manage", "/manage/people", "/manage/system", "/documents.csv", "/documents/x/text", "/v1/documents/x"):
        asked = own.get(path + sign)
        assert asked.status_code == 404 and "limited.txt" not in asked.text and "loei" not in asked.text, path
        assert own.post(path + sign).status_code == 404


def test_a_page_sends_to_the_form_and_back(archive) -> None:
    _, client = archive
    own = client()
    sent = own.get("/documents/open.txt?s=1-2", headers=PAGE)
    assert sent.status_code == 303 and sent.headers["location"] == "../login?next=documents%2Fopen.txt%3Fs%3D1-2"
    form = own.get("/login?next=documents%2Fopen.txt%3Fs%3D1-2")
    assert form.status_code == 200 and 'value="documents/open.txt?s=1-2"' in form.text
    fields = {"name": "reader", "password": PASSWORD, "next": "documents/open.txt?s=1-2"}
    back = own.post("/login", data=fields, headers=SAME)
    assert back.status_code == 303 and back.headers["location"] == "./documents/open.txt?s=1-2"
    cookie = back.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie
    refused = own.get("/manage/people", headers=PAGE)
    assert refused.status_code == 403 and "ผู้ดูแล" in refused.text
    assert own.get("/login").headers["location"] == "./"
    out = own.post("/logout", headers=SAME)
    assert out.status_code == 303 and own.get("/v1/documents").status_code == 401


@pytest.mark.parametrize(
    "onward", ["//evil.example", "https://evil.example", "/\\evil", "javascript:alert(1)", "a/../../b", "%2E%2e/b", "a\nb"]
)
def test_the_form_sends_nowhere_else(archive, onward: str) -> None:
    _, client = archive
    sent = client().post("/login", data={"name": "reader", "password": PASSWORD, "next": onward}, headers=SAME)
    assert sent.status_code == 303 and sent.headers["location"] == "./"


def test_over_https_the_cookie_is_only_for_https(tmp_path: Path) -> None:
    with opened(tmp_path / "home", accounts="on", public_url="https://archive.example.org") as (house, client):
        house.store.accounts.add("somchai", hashed(), "administrator")
        sent = client().post("/login", data={"name": "somchai", "password": PASSWORD}, headers=SAME)
        assert "; secure" in sent.headers["set-cookie"].lower()


def test_attempts_are_limited_and_tell_nothing(archive) -> None:
    house, client = archive
    wrong = [client().post("/login", data={"name": name, "password": "x"}, headers=SAME) for name in ("reader", "nobody")]
    assert wrong[0].status_code == wrong[1].status_code == 422
    assert wrong[0].text.replace("reader", "nobody") == wrong[1].text
    for name in ("editor", "nobody-else"):
        answers = [client().post("/login", data={"name": name, "password": "x"}, headers=SAME) for _ in range(MOST_BY_NAME + 1)]
        assert [answer.status_code for answer in answers] == [422] * MOST_BY_NAME + [429]
        assert re.search("รออีก 1[45] นาที", answers[-1].text)
    right = client().post("/login", data={"name": "editor", "password": PASSWORD}, headers=SAME)
    assert right.status_code == 429, "not even the right password, and that it is right is not told"
    events = [(event.who, event.what) for event in house.store.audit.latest(50)]
    assert ("reader", "login.failed") in events and ("", "login.failed") in events
    assert not any("nobody" in repr(event) for event in house.store.audit.latest(500))


@pytest.mark.parametrize(
    ("headers", "may"),
    [
        ({"Origin": "http://127.0.0.1:8000"}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({}, False),
    ],
)
def test_changes_come_from_our_own_pages(archive, headers: dict[str, str], may: bool) -> None:
    _, client = archive
    own = logged_in(client(), "reader")
    for name in SAME:
        own.headers.pop(name)
    asked = own.post("/v1/conversations", headers=headers)
    assert asked.status_code == (201 if may else 403) and (may or code(asked) == "foreign_origin")


def test_a_key_is_asked_for_as_an_account_is(archive) -> None:
    house, client = archive
    whole = house.store.keys.add("line-bot", "reader")
    bearer = {"Authorization": f"Bearer {whole}"}
    assert client().get("/v1/documents", headers=bearer).json()["total"] == 1
    refused = client().post("/v1/documents", files={"file": ("x.txt", "x")}, headers=bearer)
    assert refused.status_code == 403 and code(refused) == "not_allowed"
    begun = client().post("/v1/conversations", headers=bearer).json()["conversation_id"]
    assert code(logged_in(client(), "reader").get(f"/v1/conversations/{begun}")) == "unknown_conversation"
    assert house.store.keys.all()[0].used_at
    for wrong in (whole[:-1] + ("a" if whole[-1] != "a" else "b"), "tk_nothing", ""):
        asked = client().get("/v1/documents", headers={"Authorization": f"Bearer {wrong}"})
        assert asked.status_code == 401 and code(asked) == "key_invalid" and asked.headers["www-authenticate"] == "Bearer"
    house.store.keys.revoke(whole)
    assert code(client().get("/v1/documents", headers=bearer)) == "key_invalid"
    group = {"Authorization": f"Bearer {house.store.keys.add('loei-bot', 'reader', ['ทีมเลย'])}"}
    assert client().get("/v1/documents", headers=group).json()["total"] == 2


def test_what_is_limited_is_told_to_nobody_else(archive) -> None:
    house, client = archive
    hidden = house.store.find("limited.txt").id
    kept = logged_in(client(), "loei")
    talk = kept.post("/v1/conversations").json()["conversation_id"]
    said = kept.post("/v1/answers", json={"question": "กองทุนลับมีสมาชิกกี่คน", "conversation_id": talk}).json()
    assert "777" in said["answer"]
    for role in ("reader", "editor"):
        own = logged_in(client(), role)
        texts = [own.get(path).text for path in ("/v1/documents", "/v1/resolutions", "/readyz")]
        asked = {"question": "กองทุนลับห้วยหมากมีสมาชิกกี่คน", "query": "กองทุนลับ"}
        answers = [own.post("/v1/answers", json={"question": asked["question"]}), own.post("/v1/search", json={"query": "ลับ"})]
        texts += [answer.text for answer in answers]
        texts.append(own.post("/v1/answers", json={"question": asked["question"], "stream": True}).text)
        for name in ("limited.txt", hidden, hidden[:12]):
            verify = {"document_id": name, "quote": "777 คน"}
            tried = [
                own.get(f"/v1/documents/{name}"),
                own.get(f"/v1/documents/{name}/versions"),
                own.post("/v1/verify", json=verify),
            ]
            tried += [own.get(f"/documents/{name}", headers=PAGE), own.get(f"/v1/resolutions?document={name}")]
            if role == "editor":
                tried.append(own.delete(f"/v1/documents/{name}"))
            assert {one.status_code for one in tried} == {404}, [one.status_code for one in tried]
            texts += [one.text.replace(name, "") for one in tried]
        for text in texts:
            assert not any(words in text for words in ("777 คน", "70,000", "limited.txt", hidden, "ประชุมลับ")), text
        assert own.get("/v1/documents").json()["total"] == 1 == own.get("/readyz").json()["documents"]
        again = own.post("/v1/documents", files={"file": ("limited.txt", "ของใหม่")})
        assert again.status_code == 403 and code(again) == "not_allowed"
    assert house.store.find("limited.txt").version == 1
    house.store.limit("limited.txt", ["การเงิน"])
    assert "777" not in kept.get(f"/v1/conversations/{talk}").text.replace("กองทุนลับมีสมาชิกกี่คน", "")
    assert '"removed":true' in kept.get(f"/v1/conversations/{talk}").text.replace(" ", "")


def test_what_was_done_is_written_down(archive) -> None:
    house, client = archive
    own = logged_in(client(), "loei")
    own.get("/documents/" + house.store.find("limited.txt").id, headers=PAGE)
    own.get("/v1/documents/open.txt")
    own.post("/v1/answers", json={"question": "กองทุนมีสมาชิกกี่คน"})
    own.post("/v1/documents", files={"file": ("open.txt", OPEN + "\nเพิ่มเติม")})
    own.delete("/v1/documents/open.txt")
    events = [(event.who, event.what, event.which) for event in reversed(house.store.audit.latest(5))]
    assert [event[:2] for event in events] == [
        ("loei", "login.done"),
        ("loei", "document.opened"),
        ("loei", "document.cited"),
        ("loei", "document.replaced"),
        ("loei", "document.removed"),
    ]
    assert events[1][2] == events[2][2] == "limited.txt" and "open.txt" not in repr(events) and "สมาชิก" not in repr(events)


def test_whoever_sees_words_of_a_limited_document_is_written_down(archive) -> None:
    house, client = archive
    own, name = logged_in(client(), "loei"), house.store.find("limited.txt").id
    talk = own.post("/v1/conversations").json()["conversation_id"]
    asked = {"question": "กองทุนลับห้วยหมากมีสมาชิกกี่คน", "conversation_id": talk}

    def noted(response) -> set[tuple[str, str]]:
        assert response.status_code == 200, response.text
        found = {(event.what, event.which) for event in house.store.audit.latest(50) if event.who == "loei"} - before
        before.update(found)
        with house.store._record._transaction() as db:
            db.execute("DELETE FROM audit WHERE what LIKE 'document.%'")
        before.difference_update({one for one in before if one[0].startswith("document.")})
        return found

    before = {(event.what, event.which) for event in house.store.audit.latest(50) if event.who == "loei"}
    cited, found, read = (
        {("document.cited", "limited.txt")},
        {("document.found", "limited.txt")},
        {("document.opened", "limited.txt")},
    )
    assert noted(own.post("/v1/answers", json=asked)) == cited
    assert noted(own.post("/v1/answers", json=asked | {"stream": True})) == cited
    assert noted(own.get(f"/v1/conversations/{talk}")) == cited
    assert noted(own.post("/v1/search", json={"query": "กองทุนลับ"})) == found
    assert noted(own.post("/v1/verify", json={"document_id": name, "quote": "777 คน"})) == found
    assert noted(own.get(f"/v1/documents/{name}/versions")) == found
    assert noted(own.get("/v1/resolutions")) == found == noted(own.get("/resolutions")) == noted(own.get("/resolutions.csv"))
    for path in (f"/v1/documents/{name}", f"/documents/{name}", f"/documents/{name}/text", "/documents.jsonl"):
        assert noted(own.get(path)) == read, path
    assert noted(own.post("/v1/search", json={"query": "นาหินแก้ว", "filter": {"documents": ["open.txt"]}})) == set()
    house.store.unread.note("scan.pdf")
    assert own.delete("/v1/documents/scan.pdf").status_code == 200
    assert own.delete(f"/v1/conversations/{talk}").status_code == 204
    done = [(event.who, event.what) for event in reversed(house.store.audit.latest(2))]
    assert done == [("loei", "scan.forgotten"), ("loei", "conversation.erased")]
    assert "scan.pdf" not in repr(house.store.audit.latest(2)) and talk not in repr(house.store.audit.latest(2))


def test_who_has_not_logged_in_may_read_where_the_operator_says_so(tmp_path: Path) -> None:
    with opened(tmp_path / "home", accounts="on", anonymous="reader") as (house, client):
        house.store.accounts.add("somchai", hashed(), "administrator")
        own = logged_in(client(), "somchai")
        for name, text in (("open.txt", OPEN), ("limited.txt", LIMITED)):
            own.post("/v1/documents", files={"file": (name, text)})
        house.store.limit("limited.txt", ["ทีมเลย"])
        assert client().get("/v1/documents").json()["total"] == 1 and own.get("/v1/documents").json()["total"] == 2
        assert client().get("/").status_code == 404, "which is let through"
        for refused in (client().delete("/v1/documents/open.txt"), client().get("/manage/people")):
            assert refused.status_code == 401 and code(refused) == "login_required"


def test_without_accounts_this_machine_may_do_everything_and_others_only_read(tmp_path: Path) -> None:
    with opened(tmp_path / "home") as (_, client):
        assert client().post("/v1/documents", files={"file": ("open.txt", OPEN)}).status_code == 201
        assert client().get("/manage/people").status_code == 200
    with opened(tmp_path / "home", host="0.0.0.0") as (_, client):
        assert client().get("/v1/documents").json()["total"] == 1
        for refused in (client().delete("/v1/documents/open.txt"), client().get("/manage/people")):
            assert refused.status_code == 403 and "THAMKHLANG_ACCOUNTS=on" in refused.json()["detail"]
        assert client().post("/v1/answers", json={"question": "กองทุนมีสมาชิกกี่คน"}).json()["answered"]


@pytest.mark.parametrize(
    ("accounts", "public", "host", "status"),
    [
        ("on", "https://archive.example.org", "archive.example.org", 200),
        ("on", "https://คลัง.example.org:8443/x", "XN--42cg3g1b.example.org:8443", 200),
        ("on", "https://archive.example.org", "evil.example", 403),
        ("on", "", "archive.example.org", 403),
        ("on", "", "", 403),
        ("off", "https://archive.example.org", "archive.example.org", 403),  # whoever comes through a proxy is no owner
    ],
)
def test_by_its_public_name_this_machine_answers_only_where_accounts_tell_people_apart(
    tmp_path: Path, accounts: str, public: str, host: str, status: int
) -> None:
    with opened(tmp_path / "home", accounts=accounts, public_url=public, anonymous="reader") as (_, client):
        asked = client().get("/v1/documents", headers={"host": host})
        assert asked.status_code == status and (status == 200 or code(asked) == "foreign_host")
        if status == 200:
            own = {"host": host, "origin": f"https://{host.lower()}"}
            assert code(client().post("/v1/answers", json={"question": "ก"}, headers=own)) != "foreign_origin"
            assert code(client().delete("/v1/documents/x", headers=own)) == "login_required"


def test_who_is_disabled_or_loses_a_role_does_so_at_once(archive) -> None:
    house, client = archive
    own = logged_in(client(), "editor")
    house.store.accounts.set_role("editor", "reader")
    assert own.delete("/v1/documents/open.txt").status_code == 403
    house.store.accounts.disable("editor")
    assert own.get("/v1/documents").status_code == 401
    assert client().post("/login", data={"name": "editor", "password": PASSWORD}, headers=SAME).status_code == 422


def test_an_administrator_looks_after_people_on_the_page(archive) -> None:
    house, client = archive
    own, page = logged_in(client(), "administrator"), "/manage/people"

    def do(what: str, **fields: str):
        return own.post(page, data={"do": what, **fields})

    added = do("account_added", name="Somying", password=PASSWORD, role="editor", groups="ทีมเลย, การเงิน")
    assert added.status_code == 303 and "เพิ่มบัญชีแล้ว" in own.get(f"/manage/{added.headers['location']}").text
    assert house.store.accounts.find("somying").groups == ("การเงิน", "ทีมเลย")
    assert logged_in(client(), "somying").get("/v1/documents").json()["total"] == 2
    assert do("account_changed", name="somying", role="reader", groups="").status_code == 303
    assert house.store.accounts.find("somying").role == "reader"
    for wrong in ("สั้น", "somying", "x" * 201):
        told = do("account_password", name="somying", password=wrong)
        assert told.status_code == 422 and "รหัสผ่าน" in told.text
    assert do("account_password", name="somying", password="อีกวลีหนึ่งที่จำง่าย").status_code == 303
    logged_in(client(), "somying", "อีกวลีหนึ่งที่จำง่าย")
    assert do("account_removed", name="somying").status_code == 422, "it has to be ticked"
    assert do("account_removed", name="somying", sure="1").status_code == 303
    last = do("account_disabled", name="administrator")
    assert last.status_code == 422 and "อย่างน้อยหนึ่ง" in last.text
    narrow = {"scope_ask": "1", "scope_metrics": "1"}
    made = do("key_added", name="line-bot", role="reader", groups="", days="30", **narrow, scope_read="1")
    assert house.store.keys.all()[0].scopes == ("ask", "read", "metrics") and "ถามและค้น, อ่านเอกสาร" in made.text
    (whole,) = re.findall("tk_[A-Za-z0-9]{6}_[A-Za-z0-9]{38}", made.text)
    assert made.status_code == 200 and made.headers["cache-control"] == "no-store" and whole not in own.get(page).text
    assert client().get("/v1/documents", headers={"Authorization": f"Bearer {whole}"}).status_code == 200
    assert do("key_revoked", prefix=whole[3:9]).status_code == 303
    found = own.get(f"{page}?q=กองทุนสวัสดิการ&document=open.txt").text
    assert "limited.txt" in found and 'name="document" value="' in found
    assert do("limit_set", document="open.txt", groups="การเงิน").status_code == 303
    assert logged_in(client(), "reader").get("/v1/documents").json()["total"] == 0
    assert do("limit_set", document="nothing", groups="").status_code == 404
    assert do("else").status_code == 422
    told = own.get(page).text
    assert "<script" not in told and "ตั้งกลุ่มของเอกสาร" in told and "Content-Security-Policy" in own.get(page).headers


def test_what_is_no_form_is_told_on_a_page(archive) -> None:
    _, client = archive
    own = logged_in(client(), "administrator")
    file = {"files": {"file": ("a.txt", "x")}}
    for path in ("/login", "/manage/people", "/manage/check", "/documents/scans/forget"):
        most = {"data": {f"field{n}": "x" for n in range(101)}}
        for sent in (file, most) if path != "/manage/check" else (file,):
            told = own.post(path, **sent)
            assert told.status_code == 400 and told.headers["content-type"].startswith("text/html"), (path, told.text)
            assert BOOK["screens"]["unreadable"] in told.text and "Content-Security-Policy" in told.headers
            assert not re.findall("Too many|Maximum|detail", told.text)


def test_readers_are_told_whom_to_ask_and_editors_how_to_add(archive) -> None:
    house, client = archive
    for name in ("open.txt", "limited.txt"):
        house.store.remove(name)
    for path in ("/documents", "/start", "/resolutions"):
        reader, editor = (logged_in(client(), role).get(path, headers=PAGE).text for role in ("reader", "editor"))
        assert BOOK["screens"]["ask_to_add"] in reader and BOOK["screens"]["to_documents"] not in reader
        assert BOOK["screens"]["ask_to_add"] not in editor
    refused = {"reason": "not_in_archive", "nearest": (), "query": {"filter": {}}}
    for role, words in (("reader", BOOK["asking"]["send"]), ("editor", BOOK["asking"]["add"])):
        person = Person(role=role)
        shown = page._helping(**refused, person=person) + page.welcome(0, person)
        assert page.inert(words) in shown and ("documents" in shown) == ("thamkhlang" in shown) == person.may("editor")
