"""Documents are sent, replaced and removed on the screen: with a script and without, dropped, broken, and by those who may."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Route

from tests.ingest.memory import word
from tests.ui.conftest import Server, Visit, serving
from ui import api, settings, sheets
from ui.access import Access
from ui.compose import compose
from ui.people import Person
from ui.words import BOOK

Open = Callable[..., Visit]
STATES: dict[str, str] = BOOK["library"]["states"]
EVIL = "<img src=x onerror=alert(1)>.txt"
REPORT = "กลุ่มออมทรัพย์บ้านทดสอบมีสมาชิก 845 คน และมีเงินออมสะสม 41,730 บาท"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("taking") / "home", "--samples") as running:
        yield running


def written(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


def rows(seen: Visit, count: int) -> list[str]:
    """What stands beside each file when all are done."""
    seen.page.locator(".sent > li > :is(.done, .failed)").nth(count - 1).wait_for()
    return seen.page.locator(".sent > li").all_inner_texts()


def forgive(seen: Visit) -> None:
    """The browser's own words for each file that was refused."""
    seen.complaints[:] = [said for said in seen.complaints if "status of 4" not in said]


def test_a_good_and_a_broken_file_together_and_the_good_one_answers(here: Server, visit: Open, tmp_path: Path) -> None:
    files = [written(tmp_path, "ออม.docx", word(REPORT)), written(tmp_path, "เสีย.pdf", b"%PDF-1.7\nbroken")]
    seen = visit(here, "/documents", ready=".upload.live")
    seen.page.set_input_files("#files", files)
    good, broken = rows(seen, 2)
    assert STATES["added"] in good and STATES["open"] in good
    assert "เสีย.pdf" in broken and "โปรด" in broken, "its reason, and what to do"
    assert STATES["finished"].format(done=2, count=2) in seen.page.inner_text(".summary")
    seen.page.get_by_role("link", name=STATES["anew"]).click()
    seen.page.wait_for_url("**sort=-added")
    assert "ออม.docx" in seen.page.locator("tbody tr").first.inner_text()
    forgive(seen)
    asking = visit(here)
    assert "845" in asking.ask("กลุ่มออมทรัพย์บ้านทดสอบมีสมาชิกกี่คน")


def test_a_zip_tells_of_each_file_in_it_and_names_stay_text(here: Server, visit: Open, tmp_path: Path) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        file.writestr("หนึ่ง.txt", "เอกสารในซิป หนึ่ง")
        file.writestr("ว่าง.txt", "")
    files = [written(tmp_path, "หลาย.zip", package.getvalue()), written(tmp_path, EVIL, "ชื่อแปลก ๆ ของไฟล์".encode())]
    seen = visit(here, "/documents", ready=".upload.live")
    seen.page.set_input_files("#files", files)
    first, second = rows(seen, 2)
    assert STATES["several"] in first and STATES["added"] in first and "ไม่มีข้อความให้อ่าน" in first
    assert EVIL in second and seen.page.locator("main img").count() == 0
    seen.page.set_input_files("#files", files[1:])
    assert STATES["skipped"] in rows(seen, 3)[-1]
    forgive(seen)


DROP = """(files) => {
  const carried = new DataTransfer();
  for (const [name, text] of files) carried.items.add(new File([text], name));
  for (const kind of ["dragenter", "dragover", "drop"])
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


def test_files_are_dropped_anywhere_on_the_page(here: Server, visit: Open) -> None:
    seen = visit(here, "/documents", ready=".upload.live")
    seen.page.evaluate(DROP, [["วาง1.txt", "ไฟล์ที่ลากมาวาง หนึ่ง"], ["วาง2.txt", "ไฟล์ที่ลากมาวาง สอง"]])
    assert all(STATES["added"] in row for row in rows(seen, 2))
    assert not seen.page.locator(".upload.over-it").count()


def test_only_what_is_being_sent_has_a_bar(here: Server, visit: Open, tmp_path: Path) -> None:
    seen = visit(here, "/documents", ready=".upload.live")
    held: list[Route] = []
    seen.page.route("**/v1/documents", lambda route: route.continue_() if held else held.append(route))
    seen.page.set_input_files("#files", [written(tmp_path, f"แถบ{n}.txt", f"ไฟล์ที่มีแถบ {n}".encode()) for n in (1, 2)])
    seen.page.locator(".sent progress").first.wait_for()
    bars = seen.page.locator(".sent progress")
    assert bars.count() == 2 and [bars.nth(n).is_visible() for n in (0, 1)] == [True, False]
    held[0].continue_()
    rows(seen, 2)
    assert bars.count() == 0


def test_a_file_is_sent_by_keyboard_and_its_progress_is_told(here: Server, visit: Open, tmp_path: Path) -> None:
    seen = visit(here, "/documents", ready=".upload.live")
    seen.page.evaluate("""() => { window.said = [];
      new MutationObserver(() => document.querySelectorAll(".sent > li").forEach((row) => window.said.push(row.innerText)))
        .observe(document.querySelector(".sent"), { childList: true, subtree: true, characterData: true }); }""")
    seen.settle()
    seen.page.bring_to_front()
    with seen.page.expect_file_chooser() as choosing:
        seen.page.locator("#files").press("Space")
    choosing.value.set_files(written(tmp_path, "ยาว.txt", ("บรรทัดยาว ๆ ของเอกสาร\n" * 8_000).encode()))
    rows(seen, 1)
    said = "\n".join(seen.page.evaluate("window.said"))
    assert STATES["sending"].format(percent=0) in said and STATES["reading"] in said


def test_too_large_a_file_is_told_before_it_is_sent(tmp_path: Path, visit: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    house = tmp_path / "home"
    with serving(house) as running:
        seen = visit(running, "/documents", ready=".upload.live")
        seen.page.evaluate("document.getElementById('upload').dataset.most = '0.00001'")
        seen.page.set_input_files("#files", written(tmp_path, "ใหญ่.txt", b"x" * 100))
        assert "ใหญ่เกิน" in rows(seen, 1)[0]
        assert not [asked for asked in seen.requests if asked.endswith("/v1/documents")]


def test_without_a_script_a_page_tells_of_each_file(here: Server, visit: Open, tmp_path: Path) -> None:
    files = [written(tmp_path, "ธรรมดา.txt", "ส่งโดยไม่มีสคริปต์".encode()), written(tmp_path, "ว่าง.txt", b"")]
    seen = visit(here, "/documents", ready="#upload", java_script_enabled=False)
    seen.page.set_input_files("#files", files)
    seen.page.click("#upload .send")
    seen.page.wait_for_selector(".summary")
    good, empty = seen.page.locator(".sent > li").all_inner_texts()
    assert STATES["added"] in good and "ไม่มีข้อความให้อ่าน" in empty
    seen.page.click(".sent a")
    assert "ส่งโดยไม่มีสคริปต์" in seen.page.inner_text("#text")


def put(server: Server, name: str, text: str) -> str:
    added = httpx.post(f"{server.address}/v1/documents", files={"file": (name, text.encode())}).raise_for_status()
    return str(added.json()["document"]["document_id"])


def test_a_document_is_replaced_and_both_versions_open(here: Server, visit: Open, tmp_path: Path) -> None:
    old = put(here, "แทน.txt", "ฉบับแรก มีสมาชิก 24 คน")
    seen = visit(here, f"/documents/{old}", ready="#text")
    seen.page.get_by_role("link", name=BOOK["library"]["replace"]).click()
    assert BOOK["library"]["unchosen"] in seen.page.inner_text("form") and not seen.page.locator("#file:valid").count()
    assert seen.page.locator("#file").bounding_box()["width"] <= 1, (
        "where nothing is chosen the browser would say so in English"
    )
    seen.page.set_input_files("#file", written(tmp_path, "ชื่ออื่น.txt", "ฉบับที่สอง มีสมาชิก 25 คน".encode()))
    assert BOOK["library"]["unchosen"] not in seen.page.inner_text("form")
    assert seen.page.locator("#file").bounding_box()["width"] > 60, "then it shows the file's name"
    seen.page.click("form button.main")
    seen.page.wait_for_selector(".summary")
    assert "แทน.txt" in seen.page.inner_text(".sent") and STATES["replaced"] in seen.page.inner_text(".sent")
    seen.page.click(".sent a")
    seen.page.wait_for_selector("#text")
    assert "25 คน" in seen.page.inner_text("#text")
    seen.page.click(".versions summary")
    assert "ฉบับปัจจุบัน" in seen.page.locator(".versions li").first.inner_text()
    seen.page.click(".versions a")
    seen.page.wait_for_url(f"**/{old}")
    assert "24 คน" in seen.page.inner_text("#text") and "มีฉบับที่ 2 ใช้แทนแล้ว" in seen.page.inner_text("main")
    assert seen.page.get_by_role("link", name=BOOK["library"]["remove"]).count() == 0, "what was replaced goes with the newest"


def test_a_document_is_removed_after_it_is_confirmed(here: Server, visit: Open) -> None:
    name = put(here, "ลบ<b>.txt", "เอกสารที่จะถูกลบ")
    seen = visit(here, f"/documents/{name}", ready="#text")
    seen.page.get_by_role("link", name=BOOK["library"]["remove"]).click()
    seen.page.wait_for_url("**/remove")
    assert "ลบ<b>.txt" in seen.page.inner_text("main") and "1 ฉบับ" in seen.page.inner_text("main")
    assert httpx.get(f"{here.address}/v1/documents/{name}").status_code == 200, "asking removes nothing"
    seen.page.click("button.danger")
    seen.page.wait_for_selector(f"text={BOOK['library']['removed']}")
    certificate = seen.page.inner_text("main")
    assert name in certificate and "ลบ<b>.txt" in certificate and "ไม่เหลือในไฟล์ดัชนีแล้ว" in certificate
    assert httpx.get(f"{here.address}/v1/documents/{name}").status_code == 404
    gone = seen.page.goto(f"{here.address}/documents/{name}/remove")
    assert gone.status == 404 and "ไม่มีเอกสารนี้" in seen.page.inner_text("main")
    seen.complaints.clear()


def test_documents_that_are_alike_and_warnings_are_told(here: Server, visit: Open) -> None:
    words = "ที่ประชุมเห็นชอบให้ซ่อมศาลาประชาคมของหมู่บ้านก่อนฤดูฝน และให้ทุกครัวเรือนช่วยกันลงแรงในวันอาทิตย์หน้า"
    put(here, "เหมือน1.txt", words + " หนึ่ง")
    name = put(here, "เหมือน2.txt", words + " สอง โทร 081-234-5678")
    seen = visit(here, f"/documents/{name}", ready="#text")
    seen.page.click(".similar summary")
    assert "เหมือน1.txt" in seen.page.inner_text(".similar") and "ปิดบังข้อมูลส่วนบุคคลไว้ 1 แห่ง" in seen.page.inner_text("main")
    seen.page.goto(f"{here.address}/documents?text=เหมือน2")
    assert seen.page.locator(".caution").all_inner_texts() == ["ปิดบังข้อมูลส่วนบุคคล", "คล้ายเอกสารอื่น"]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    house = compose(settings.load(home=tmp_path / "home", max_upload_mb=1))
    app = api.create(house)
    with house.store, TestClient(app, base_url="http://127.0.0.1:8000") as opened:
        house.store.unread.note("สแกน<b>.pdf")
        yield opened


class As:
    """An app whose every request comes from `person`."""

    def __init__(self, app: Any, person: Person) -> None:
        self.app, self.person = app, person

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope.setdefault("state", {})["person"] = self.person
        await self.app(scope, receive, send)


def test_who_may_only_read_changes_and_takes_away_nothing(client: TestClient) -> None:
    name = client.post("/v1/documents", files={"file": ("a.txt", REPORT)}).json()["document"]["document_id"]
    app: Any = api.create(client.app.state.house)  # type: ignore[attr-defined]
    app.user_middleware = [one for one in app.user_middleware if one.cls is not Access]  # the pages refuse by themselves too
    reader = TestClient(As(app, Person(role="reader")), base_url="http://127.0.0.1:8000")
    asked = [f"/documents/{name}/{what}" for what in ("replace", "remove", "text")]
    for path in [*asked, "/documents.csv", "/documents.xlsx", "/documents.jsonl"]:
        told = reader.get(path)
        assert told.status_code == 403 and BOOK["library"]["refused"] in told.text, path
    for path in ("/documents", f"/documents/{name}/replace", f"/documents/{name}/remove", "/documents/scans/forget"):
        told = reader.post(path, files={"file": ("b.txt", "ใหม่")})
        assert told.status_code == 403 and BOOK["library"]["refused"] in told.text, path
    shown = reader.get("/documents").text + reader.get(f"/documents/{name}").text
    assert not [word for word in ("/remove", "/replace", "/text", ".csv", "multipart", "upload.js", "forget") if word in shown]
    assert client.get("/v1/documents").json()["total"] == 1 and reader.get("/resolutions.csv").status_code == 200
    assert client.get("/v1/documents").json()["unread"] == ["สแกน<b>.pdf"]


def test_forms_from_elsewhere_and_forms_that_are_none(client: TestClient) -> None:
    sent = {"files": {"file": ("a.txt", REPORT)}}
    assert client.post("/documents", **sent, headers={"origin": "http://evil.example"}).status_code == 403
    assert client.get("/v1/documents").json()["total"] == 0
    broken = {"content-type": "multipart/form-data; boundary=x"}
    for told, status, words in (
        (client.post("/documents", files={"other": ("a.txt", REPORT)}), 422, "ยังไม่ได้เลือกไฟล์"),
        (client.post("/documents", data={"file": "x"}), 422, "ยังไม่ได้เลือกไฟล์"),
        (client.post("/documents", content=b"--y\r\n", headers=broken), 400, "อ่านแบบฟอร์มที่ส่งมาไม่ได้"),
        (client.post("/documents", content=b"", headers={"content-length": "99999999"}), 413, "รวมกันใหญ่เกิน 10 เมกะไบต์"),
        (client.post("/documents/nothing/replace", **sent), 404, "ไม่มีเอกสารนี้"),
    ):
        assert told.status_code == status and words in told.text and told.headers["content-type"].startswith("text/html")
    large = client.post("/documents", files={"file": ("a.txt", "x" * 1_000_001)})
    assert "ใหญ่เกิน 1 เมกะไบต์" in large.text and client.get("/v1/documents").json()["total"] == 0
    named = client.post("/documents", files={"file": ("..\\..\\c:\\ลับ.txt", REPORT)})
    assert "<b>ลับ.txt</b>" in named.text


def test_scans_that_nobody_has_read_are_named_and_can_be_taken_off(client: TestClient) -> None:
    shown = client.get("/documents").text
    assert "ภาพสแกนที่ยังอ่านไม่ได้ 1 ไฟล์" in shown and "สแกน&lt;b&gt;.pdf" in shown
    done = client.post("/documents/scans/forget", data={"source": "สแกน<b>.pdf"})
    assert done.url.path == "/documents" and "ภาพสแกนที่ยังอ่านไม่ได้" not in done.text
    assert client.get("/v1/documents").json()["unread"] == []


def test_a_table_too_large_for_excel_is_told(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    minutes = "รายงานการประชุมกองทุน ครั้งที่ 1/2566\nวันที่ 5 มกราคม 2566\nวาระที่ 1 เรื่องพิจารณา\nมติที่ประชุม เห็นชอบให้ซ่อมศาลา\n"
    client.post("/v1/documents", files={"file": ("a.txt", minutes)})
    for path in ("/documents.xlsx", "/resolutions.xlsx"):
        assert client.get(path).content.startswith(b"PK")
        with monkeypatch.context() as patch:
            patch.setattr(sheets, "MOST_ROWS", 0)
            told = client.get(path)
        assert told.status_code == 413 and "CSV" in told.text and f'href="{path[1:].partition(".")[0]}"' in told.text
