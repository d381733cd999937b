"""The register as an officer asks for it: on the screen, as a spreadsheet, over HTTP."""

import csv
import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from ui import api, register, settings
from ui.cli import main
from ui.compose import SAMPLES, compose
from ui.schema import Register, ResolutionRead
from vectorstore.types import Resolution

LOEI = "minutes-loei-welfare-2566-03.txt"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("register") / "home"
    assert main(["--home", str(folder), "add", str(SAMPLES)]) == 0
    return folder


@pytest.fixture
def client(home: Path):
    house = compose(settings.load(home=home, public_url="https://thamkhlang.example.org/"))
    with house.store, TestClient(api.create(house), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def test_the_screen_says_who_does_what_by_when(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    code, out, _ = run(
        capsys, "resolutions", "--home", home, "--province", "จังหวัดเลย", "--year", 2566, "--due-before", "5 กรกฎาคม 2566"
    )
    assert code == 0
    assert out.splitlines() == [
        "รายงานการประชุมคณะกรรมการกองทุนสวัสดิการชุมชนตำบลนาหินแก้ว ครั้งที่ ๓/๒๕๖๖",
        "  18 มิ.ย. 2566 · ที่ทำการกองทุน บ้านโนนหินลาด หมู่ที่ 1 ตำบลนาหินแก้ว อำเภอวังสะพุง จังหวัดเลย",
        "  1. รับทราบ และให้เหรัญญิกติดประกาศสถานะการเงินที่ศาลากลางบ้านทุกหมู่บ้านภายในวันที่ 30 มิถุนายน 2566",
        "     วาระ: ระเบียบวาระที่ 3 เรื่องเพื่อทราบ › 3.3 การจ่ายสวัสดิการในรอบ 3 เดือน",
        "     ผู้รับผิดชอบ: เหรัญญิก",
        "     กำหนด: 30 มิ.ย. 2566 (ภายในวันที่ 30 มิถุนายน 2566)",
        f"     ที่มา: {LOEI} ตัวอักษรที่ 1739–1836",
        "",
        "ทั้งหมด 1 มติ จาก 1 การประชุม",
    ]
    whole = run(capsys, "resolutions", "--home", home)[1]
    assert whole.index("9 พ.ค. 2567") < whole.index("18 มิ.ย. 2566") < whole.index("28 ส.ค. 2563")
    assert "ทั้งหมด 32 มติ จาก 7 การประชุม" in whole and "หน้า 2 ตัวอักษร" in whole


def test_filters_and_what_is_not_found(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert "นางละมุล" in run(capsys, "resolutions", "--home", home, "--text", "ภัยพิบัติ", "--document", LOEI)[1]
    assert "6 มติ จาก 2" in run(capsys, "resolutions", "--home", home, "--text", "ช้างป่า", "--district", "อำเภอมะขาม")[1]
    assert "ไม่พบมติ" in run(capsys, "resolutions", "--home", home, "--text", "เรือดำน้ำ")[1]
    overdue = json.loads(run(capsys, "resolutions", "--home", home, "--json", "--due", "overdue", "--sort=-due")[1])[
        "resolutions"
    ]
    days = [row["due"] for row in overdue]
    assert len(days) > 1 and None not in days and days == sorted(days, reverse=True)
    assert "ทั้งหมด" in run(capsys, "resolutions", "--home", home, "--due", "none", "--sort", "meeting")[1]
    for option, value in (("--due", "พรุ่งนี้"), ("--sort", "ใกล้สุด")):
        with pytest.raises(SystemExit) as ended:
            main(["resolutions", "--home", str(home), option, value])
        assert ended.value.code == 2 and "ให้เลือก" in capsys.readouterr().err
    code, _, told = run(capsys, "resolutions", "--home", home, "--due-before", "เมื่อไรก็ได้")
    assert code == 2 and "31 มีนาคม 2566" in told
    code, _, told = run(capsys, "resolutions", "--home", home, "--document", "ไม่มี.txt")
    assert code == 2 and "ไม่มีเอกสาร" in told


def test_a_spreadsheet(capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path) -> None:
    path = tmp_path / "มติ.csv"
    code, out, _ = run(capsys, "resolutions", "--home", home, "--csv", path)
    assert code == 0 and "32 มติ" in out
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "or Excel shows no Thai"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 32 and rows[0]["วันที่ประชุม"] == "2024-05-09"
    (row,) = [row for row in rows if row["มติ"].startswith("ให้กันเงิน")]
    assert (row["ผู้รับผิดชอบ"], row["กำหนดวันที่"], row["เอกสาร"]) == ("นางละมุล ศรีหินกอง", "2023-07-31", LOEI)
    assert re.fullmatch(r"/documents/[0-9a-f]{64}#s=\d+-\d+", row["ลิงก์"])
    code, _, told = run(capsys, "resolutions", "--home", home, "--csv", tmp_path / "ไม่มี" / "a.csv")
    assert code == 2 and "บันทึก" in told


@pytest.mark.parametrize("start", ["=1+1", "+66 81", "-2 คน", "@SUM(A1)", " =HYPERLINK(1)", "\t=1"])
def test_no_cell_is_a_formula(tmp_path: Path, start: str) -> None:
    made = Resolution(document_id="a", source=start, meeting=start, decision=start, assigned=(start,), start=0, end=len(start))
    register.write_csv(tmp_path / "a.csv", [made])
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert [row[name] for name in ("การประชุม", "มติ", "ผู้รับผิดชอบ", "เอกสาร")] == [f"'{start}"] * 4


def test_json_is_the_same_on_the_command_line_and_over_http(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("THAMKHLANG_PUBLIC_URL", "https://thamkhlang.example.org")
    printed = json.loads(run(capsys, "resolutions", "--home", home, "--json", "--year", 2564)[1])
    house = compose(settings.load(home=home))
    with house.store, TestClient(api.create(house), base_url="http://127.0.0.1:8000") as client:
        assert client.get("/v1/resolutions", params={"year": 2564}).json() == printed
    assert printed["total"] == 5 and printed["resolutions"][0]["link"].startswith("https://thamkhlang.example.org/documents/")


def test_the_api(client: TestClient) -> None:
    page = client.get("/v1/resolutions", params={"limit": 2, "offset": 1}).json()
    assert page["total"] == 32 and len(page["resolutions"]) == 2
    Register.model_validate(page, strict=True)
    assert page["resolutions"][0].keys() == ResolutionRead.model_fields.keys()
    asked = {"province": ["เลย", "ร้อยเอ็ด"], "text": "มอบหมาย", "due_before": "2564-12-31"}
    for row in client.get("/v1/resolutions", params=asked).json()["resolutions"]:
        document = client.get(f"/v1/documents/{row['document_id']}").json()
        assert document["text"][row["start"] : row["end"]] == row["decision"]
        assert "เลย" in document["provinces"] and row["due"] < "2021-12-31"
        assert row in document["resolutions"]
    overdue = client.get("/v1/resolutions", params={"due": "overdue", "sort": "due"}).json()["resolutions"]
    assert overdue and [row["due"] for row in overdue] == sorted(row["due"] for row in overdue)
    assert client.get("/v1/resolutions", params={"due": "none"}).json()["total"] == 32 - len(overdue)
    assert client.get("/v1/resolutions", params={"sort": "date; DROP TABLE"}).json()["code"] == "invalid_request"
    assert client.get("/v1/resolutions", params={"due_before": "พรุ่งนี้"}).json()["code"] == "unknown_day"
    assert client.get("/v1/resolutions", params={"limit": 0}).json()["code"] == "invalid_request"
    assert client.get("/v1/resolutions", params={"provinces": "เลย"}).json()["code"] == "invalid_request"
    assert client.get("/v1/resolutions", params={"document": "ไม่มี"}).json()["code"] == "unknown_document"
    assert client.post("/v1/resolutions", json={}).json()["code"] == "method_not_allowed"


def test_a_link_opens_at_the_words(client: TestClient) -> None:
    (row,) = client.get("/v1/resolutions", params={"text": "ภัยพิบัติ", "province": "เลย"}).json()["resolutions"]
    shown = client.get(row["link"].removeprefix("https://thamkhlang.example.org").replace("#", "?"))
    assert shown.status_code == 200 and "ให้กันเงิน 40,000 บาท" in shown.text


def test_a_document_tells_its_facts(client: TestClient) -> None:
    document = client.get(f"/v1/documents/{LOEI}").json()
    assert document["districts"] == ["วังสะพุง"]
    assert document["facts"]["subdistrict"] == ["นาหินแก้ว"]
    assert "นางละมุล ศรีหินกอง · เหรัญญิก" in document["facts"]["attendee"]
    assert len(document["resolutions"]) == 5


def test_districts_and_organisations_are_filters(client: TestClient) -> None:
    for wanted in ({"districts": ["อ.มะขาม"]}, {"districts": ["มะขาม"], "organisations": ["อบต."]}):
        hits = client.post("/v1/search", json={"query": "ประชุม", "filter": wanted}).json()["hits"]
        assert hits and all("chanthaburi" in hit["source"] for hit in hits)
    nothing = client.post("/v1/search", json={"query": "ประชุม", "filter": {"districts": ["ไม่มี"]}})
    assert nothing.json()["hits"] == []
