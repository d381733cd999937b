"""A real server that is sent files made to do harm: it tells each one's reason, answers meanwhile, and does not grow."""

from pathlib import Path

import httpx
import pytest

from tests.ingest.hostile import FILES, NAMES, TAKEN
from tests.ingest.memory import word
from tests.ui.conftest import Server, serving

GROWTH_KB = 200_000
"""What a server may take of memory on top of what it took at its start."""


def kilobytes(server: Server, what: str) -> int:
    status = Path(f"/proc/{server.process}/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith(what)))


def send(client: httpx.Client, name: str, content: bytes) -> httpx.Response:
    """A form made by hand: libraries clean the names that a program may send."""
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    headers = {"content-type": "multipart/form-data; boundary=x"}
    return client.post("/v1/documents", content=head + content + b"\r\n--x--\r\n", headers=headers)


@pytest.mark.slow
def test_files_made_to_do_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (scratch := tmp_path / "scratch").mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    with serving(tmp_path / "home") as server, httpx.Client(base_url=server.address, timeout=180) as client:
        assert send(client, "first.txt", "กองทุนสวัสดิการมีสมาชิก 845 คน".encode()).status_code == 201
        before = kilobytes(server, "VmRSS")
        for file in FILES:
            response = send(client, file.name, file.make())
            told = response.json()
            for one in told.get("members", [told]):
                problem = one.get("problem") or one
                assert problem.get("code", TAKEN) in file.codes, (file.name, response.text)
                assert "code" not in problem or "โปรด" in problem["detail"]
        assert kilobytes(server, "VmHWM") - before < GROWTH_KB
        assert send(client, "last.docx", word("เอกสารดี")).status_code == 201
        assert client.post("/v1/answers", json={"question": "กองทุนสวัสดิการมีสมาชิกกี่คน"}).json()["answered"]
        assert "root:" not in "".join(client.get(f"/v1/documents/{name}").text for name in ("above.docx", "laughs.html"))
    assert not list(scratch.glob("thamkhlang-*"))
    assert not Path(f"/proc/{server.process}").exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_no_path_and_no_command(empty_server: Server, name: str) -> None:
    with httpx.Client(base_url=empty_server.address, timeout=60) as client:
        sent = name.replace("\n", "%0A").replace("\x00", "")
        response = send(client, sent, f"เอกสารชื่อ {name!r}".encode())
        known = response.json()["document"]["source"]
        expected = NAMES[name].replace("linebreak", "line%0Abreak")
        assert response.status_code == 201 and known == expected
        assert client.get(f"/v1/documents/{response.json()['document']['document_id']}").json()["source"] == expected
        assert client.delete(f"/v1/documents/{response.json()['document']['document_id']}").status_code == 200
