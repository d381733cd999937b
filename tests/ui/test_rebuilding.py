"""`thamkhlang rebuild` as a person calls it, with models that are on the machine; a server whose archive is harmed."""

import json
import os
import shutil
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.ui.conftest import serving
from tests.ui.test_cli import run
from ui.cli import main
from ui.openai import NOTICE
from vectorstore.embed import MODEL

REPORT = "ประชุมกองทุนสวัสดิการ วันที่ 18 มิถุนายน 2566\nกองทุนมีสมาชิก 845 คน\nมติ เห็นชอบงบประมาณ 50,000 บาท"
QUESTIONS = [
    {"id": "1", "q": "กองทุนมีสมาชิกกี่คน", "must": [["845"]], "doc": "report.txt"},
    {"id": "2", "q": "ใครเป็นประธานสโมสรฟุตบอล", "abstain": True},
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "report.txt").write_text(REPORT, encoding="utf-8")
    assert main(["--home", str(folder / "home"), "add", str(folder / "report.txt")]) == 0
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, QUESTIONS)), encoding="utf-8")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "made")


def test_a_model_is_compared_switched_to_and_gone_back_from(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, model = folder / "home", shutil.copytree(MODEL, folder / "model")
    code, out, err = run(capsys, "--home", home, "rebuild", "--model", model, "--eval", folder / "questions.jsonl")
    assert code == 0, err
    assert "เดิม" in out and "ใหม่" in out and out.count("100.0%   100.0%") >= 3 and "--rollback" in out
    assert f"THAMKHLANG_EMBEDDING_MODEL={model}" in out
    code, _, err = run(capsys, "--home", home, "ask", "กองทุนมีสมาชิกกี่คน")
    assert code == 2 and str(model) in err and "bundled@" in err and "THAMKHLANG_EMBEDDING_MODEL" in err
    monkeypatch.setenv("THAMKHLANG_EMBEDDING_MODEL", str(model))
    assert "845" in run(capsys, "--home", home, "ask", "กองทุนมีสมาชิกกี่คน")[1]
    (folder / "later.txt").write_text("ประชุมกลุ่มออมทรัพย์\nกลุ่มออมทรัพย์มีเงินออม 72,000 บาท", encoding="utf-8")
    assert run(capsys, "--home", home, "add", folder / "later.txt")[0] == 0
    assert run(capsys, "--home", home, "rebuild", "--rollback", "--model", "bundled")[0] == 2
    code, out, err = run(capsys, "--home", home, "rebuild", "--rollback")
    assert code == 0 and "กลับไปใช้ดัชนีรุ่นก่อนแล้ว: 2 เอกสาร" in out and "THAMKHLANG_EMBEDDING_MODEL=bundled" in out, err
    monkeypatch.delenv("THAMKHLANG_EMBEDDING_MODEL")
    assert "845" in run(capsys, "--home", home, "ask", "กองทุนมีสมาชิกกี่คน")[1]
    assert "72,000" in run(capsys, "--home", home, "ask", "กลุ่มออมทรัพย์มีเงินออมเท่าไร")[1]
    assert run(capsys, "--home", home, "check")[0] == 0


def test_a_worse_one_is_not_switched_to_unless_it_is_forced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "งบ": 1}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    weights = np.array([[0, 0], [1, 0]], np.float32)
    blind = str(folder / "blind")
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save_pretrained(blind)
    questions = folder / "hard.jsonl"
    asked = [*QUESTIONS, {"id": "3", "q": "ใครชนะการแข่งขันเรือยาวที่ลำปาง", "abstain": True}]
    asked.append({"id": "4", "q": "how many people are in the fund", "must": [["ไม่มีคำนี้ในเอกสาร"]], "doc": "report.txt"})
    questions.write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    home = folder / "home"
    code, out, err = run(capsys, "--home", home, "rebuild", "--model", blind, "--eval", questions)
    assert "เดิม" in out, err
    if code == 1:
        assert "ไม่สลับ" in out and "--force" in out
        assert "845" in run(capsys, "--home", home, "ask", "กองทุนมีสมาชิกกี่คน")[1], "the archive is as it was"
        assert run(capsys, "--home", home, "rebuild", "--model", blind, "--eval", questions, "--force")[0] == 0
    assert run(capsys, "--home", home, "ask", "กองทุนมีสมาชิกกี่คน")[0] == 2
    assert run(capsys, "--home", home, "rebuild", "--rollback")[0] == 0
    assert "845" in run(capsys, "--home", home, "ask", "กองทุนมีสมาชิกกี่คน")[1]


def test_nothing_to_go_back_to_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--home", folder / "home", "rebuild", "--rollback")
    assert code == 2 and "ไม่มีดัชนีรุ่นก่อน" in err
    code, _, err = run(capsys, "--home", folder / "home", "rebuild", "--model", folder / "nowhere")
    assert code == 2 and "เปิดแบบจำลองเวกเตอร์" in err
    assert "845" in run(capsys, "--home", folder / "home", "ask", "กองทุนมีสมาชิกกี่คน")[1]


def test_a_harmed_record_is_refused_by_command_line_and_server(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = folder / "home"
    with (home / "archive.db").open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(60_000))
    for verb in (["ask", "กองทุนมีสมาชิกกี่คน"], ["serve", "--port", "0"], ["rebuild"], ["check"]):
        code, _, err = run(capsys, "--home", home, *verb)
        assert code == 2 and "restore ไฟล์สำรอง" in err and "Traceback" not in err, verb


@pytest.mark.slow
def test_a_server_answers_while_its_indexes_are_gone(folder: Path) -> None:
    home = folder / "home"
    shutil.rmtree(home / "index")
    (home / "index").write_text("in the way")  # nothing can be built for now
    asked = {"question": "กองทุนมีสมาชิกกี่คน", "stream": False}
    with serving(home, THAMKHLANG_CHECK_MINUTES="0.01") as server:
        told = httpx.get(f"{server.address}/readyz", timeout=60)
        assert told.status_code == 200 and told.json()["index"] == "words_missing" and told.json()["degraded"]["indexes"]
        answer = httpx.post(f"{server.address}/v1/answers", json=asked, timeout=60)
        assert answer.status_code == 200 and "ดัชนี" in answer.json()["notice"]
        asking = {"model": "thamkhlang", "messages": [{"role": "user", "content": asked["question"]}]}
        chat = httpx.post(f"{server.address}/v1/chat/completions", json=asking, timeout=60).json()
        assert chat["notice"] == answer.json()["notice"]
        assert chat["choices"][0]["message"]["content"].endswith(NOTICE + chat["notice"])
        streamed = httpx.post(f"{server.address}/v1/chat/completions", json=asking | {"stream": True}, timeout=60).text
        assert streamed.count(chat["notice"]) == 2, "among the words, and beside the last of them"
        (home / "index").unlink()
        for _ in range(200):
            ready = httpx.get(f"{server.address}/readyz", timeout=60).json()
            if ready["index"] == "ready" and not ready["degraded"]:
                break
        answer = httpx.post(f"{server.address}/v1/answers", json=asked, timeout=60).json()
        assert answer["notice"] is None and "845" in answer["answer"]
        shutil.rmtree(home / "index")
        assert "845" in httpx.post(f"{server.address}/v1/answers", json=asked, timeout=60).json()["answer"]


@pytest.mark.slow
def test_a_file_is_refused_where_too_little_room_is_left(folder: Path) -> None:
    with serving(folder / "home", THAMKHLANG_MIN_FREE_MB=str(10**8)) as server:
        refused = httpx.post(f"{server.address}/v1/documents", files={"file": ("new.txt", REPORT + "ใหม่")}, timeout=60)
        assert refused.status_code == 507 and refused.json()["code"] == "disk_full"
        assert "THAMKHLANG_MIN_FREE_MB" in refused.json()["detail"]
        asked = {"question": "กองทุนมีสมาชิกกี่คน", "stream": False}
        assert "845" in httpx.post(f"{server.address}/v1/answers", json=asked, timeout=60).json()["answer"]
        assert httpx.get(f"{server.address}/readyz", timeout=60).json()["reasons"].keys() == {"disk"}


def test_the_command_line_adds_nothing_where_too_little_room_is_left(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THAMKHLANG_MIN_FREE_MB", str(10**8))
    code, _, err = run(capsys, "--home", folder / "home", "add", folder / "report.txt")
    assert code == 1 and "THAMKHLANG_MIN_FREE_MB" in err
    assert "845" in run(capsys, "--home", folder / "home", "ask", "กองทุนมีสมาชิกกี่คน")[1]


def test_indexes_on_a_server_are_rebuilt_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    report = tmp_path / "report.txt"
    report.write_text("ประชุมกองทุนสวัสดิการ จังหวัดเลย วันที่ 18 มิถุนายน 2566\nกองทุนมีสมาชิก 845 คน", encoding="utf-8")
    monkeypatch.setenv("THAMKHLANG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("THAMKHLANG_ENGINE", f"milvus:{tmp_path / 'lite.db'}")
    assert main(["add", str(report)]) == 0
    assert main(["rebuild", "--rollback"]) == 2 and "--rollback" in capsys.readouterr().err
    assert main(["rebuild"]) == 0
    assert main(["ask", "กองทุนมีสมาชิกกี่คน"]) == 0 and "845" in capsys.readouterr().out
