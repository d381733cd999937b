"""The command line as a person and a program call it."""

import contextlib
import errno
import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.ingest import memory
from tests.loopback import openai
from ui.cli import main

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "ingest" / "samples"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text("ประชุมกองทุนสวัสดิการ วันที่ 18 มิถุนายน 2566\nกองทุนมีสมาชิก 845 คน\nมติ เห็นชอบงบประมาณ 50,000 บาท", encoding="utf-8")
    return path


def test_add_list_ask_search_remove(capsys: pytest.CaptureFixture[str], home: Path, report: Path) -> None:
    code, out, _ = run(capsys, "--home", home, "add", report)
    assert code == 0 and "เพิ่มใหม่ 1" in out and "เอกสารต่อวินาที" in out
    code, out, _ = run(capsys, "list", "--home", home)
    assert code == 0 and "report.txt" in out and "18 มิ.ย. 2566" in out
    code, out, _ = run(capsys, "ask", "กองทุนมีสมาชิกกี่คน", "--home", home)
    assert code == 0 and "845 คน" in out and "ที่มา" in out and "report.txt" in out
    code, out, _ = run(capsys, "search", "งบประมาณ", "--home", home)
    assert code == 0 and "50,000" in out
    code, out, _ = run(capsys, "check", "--home", home)
    assert code == 0 and "พร้อม" in out
    code, out, _ = run(capsys, "remove", "report.txt", "--home", home)
    assert code == 0 and "ลบ report.txt" in out and "(ฉบับที่ 1)" in out and "ไม่เหลือในไฟล์ดัชนีแล้ว" in out
    code, out, _ = run(capsys, "ask", "กองทุนมีสมาชิกกี่คน", "--home", home)
    assert code == 0 and "คลังยังไม่มีเอกสาร" in out


def test_add_again_skips_and_new_content_replaces(capsys: pytest.CaptureFixture[str], home: Path, report: Path) -> None:
    run(capsys, "--home", home, "add", report)
    assert "ข้าม (มีแล้ว) 1" in run(capsys, "--home", home, "add", report)[1]
    report.write_text("กองทุนมีสมาชิก 900 คน", encoding="utf-8")
    assert "แทนฉบับเดิม 1" in run(capsys, "--home", home, "add", report)[1]


def test_versions_drafts_and_similar_documents_are_listed(
    capsys: pytest.CaptureFixture[str], home: Path, report: Path, tmp_path: Path
) -> None:
    run(capsys, "--home", home, "add", report)
    report.write_text(f"รายงานการประชุมกองทุน ครั้งที่ 2/2566\n{report.read_text(encoding='utf-8')}", encoding="utf-8")
    draft = tmp_path / "ร่าง.txt"
    draft.write_text(f"(ร่าง) {report.read_text(encoding='utf-8')}", encoding="utf-8")
    run(capsys, "--home", home, "add", report)
    assert "≈ ร่าง.txt คล้ายกับ report.txt" in run(capsys, "--home", home, "add", draft)[1]
    code, out, _ = run(capsys, "--home", home, "list")
    assert code == 0 and "[ร่าง ยังไม่รับรอง]" in out and "[คล้ายกับ ร่าง.txt]" in out and "[ฉบับที่ 2 เพิ่มเมื่อ " in out
    lines = run(capsys, "--home", home, "list", "report.txt")[1].splitlines()
    assert ["ฉบับที่ 1" in lines[0], "ถูกแทนแล้ว" in lines[0], "ฉบับที่ 2" in lines[1], "ฉบับปัจจุบัน" in lines[1]] == [True] * 4
    assert run(capsys, "--home", home, "list", lines[0].split()[0])[1].splitlines() == lines, "by the id of any version"
    every = json.loads(run(capsys, "--home", home, "list", "--versions", "--json")[1])
    assert [(one["source"], one["version"], one["current"]) for one in every] == [
        ("report.txt", 1, False),
        ("report.txt", 2, True),
        ("ร่าง.txt", 1, True),
    ]
    listed = json.loads(run(capsys, "--home", home, "list", "--json")[1])
    assert {one["source"]: [other["source"] for other in one["similar"]] for one in listed} == {
        "report.txt": ["ร่าง.txt"],
        "ร่าง.txt": ["report.txt"],
    }
    gone = json.loads(run(capsys, "--home", home, "remove", "report.txt", "--json")[1])
    assert gone["versions"] == 2 and gone["copies"] == 1 and gone["indexes"] == "clean"


def test_ask_json_has_the_shape_that_programs_rely_on(capsys: pytest.CaptureFixture[str], home: Path, report: Path) -> None:
    run(capsys, "--home", home, "add", report)
    code, out, _ = run(capsys, "--home", home, "ask", "--json", "กองทุนมีสมาชิกกี่คน")
    said = json.loads(out)
    assert code == 0
    answer = {"answered", "language", "answer", "refusal", "query", "citations", "by"}
    assert said.keys() == answer | {"conversation_id", "unkept", "notice"}
    assert said["answered"] is True and said["language"] == "th" and said["refusal"] is None
    assert said["query"].keys() == {"text", "carried", "without", "filter", "understood"}
    cited = said["citations"][0]
    where = {"document_id", "source", "title", "date", "page", "section", "start", "end", "link", "url", "status", "others"}
    assert cited.keys() == where | {"n", "quote", "doubt"}
    assert cited["date"] == "2023-06-18" and cited["source"] == "report.txt"
    assert "[1]" in said["answer"] and cited["n"] == 1


def test_what_was_mended_is_told_unless_the_question_is_taken_literally(
    capsys: pytest.CaptureFixture[str], home: Path, report: Path
) -> None:
    run(capsys, "--home", home, "add", report)
    for verb in ("ask", "search"):
        assert "ค้นด้วย: งบประมาณ" in run(capsys, "--home", home, verb, "งบประมานเท่าไร")[1]
        assert "ค้นด้วย" not in run(capsys, "--home", home, verb, "--literally", "งบประมานเท่าไร")[1]


def test_a_refusal_in_json(capsys: pytest.CaptureFixture[str], home: Path, report: Path) -> None:
    run(capsys, "--home", home, "add", report)
    said = json.loads(run(capsys, "--home", home, "ask", "--json", "กองทุนปี 2590 มีสมาชิกกี่คน")[1])
    assert said["answered"] is False and said["citations"] == [] and said["answer"] == ""
    assert said["refusal"]["reason"] == "not_in_archive" and "2590" in said["refusal"]["message"]


def test_search_json(capsys: pytest.CaptureFixture[str], home: Path, report: Path) -> None:
    run(capsys, "--home", home, "add", report)
    hits = json.loads(run(capsys, "--home", home, "search", "--json", "สมาชิก", "-k", "1")[1])["hits"]
    assert len(hits) == 1
    fields = {"document_id", "source", "title", "text", "score", "section", "page", "start", "end", "status", "doubt", "others"}
    assert set(hits[0]) == fields and hits[0]["others"] == []


def test_failures_are_told_and_the_rest_goes_on(capsys: pytest.CaptureFixture[str], home: Path, report: Path) -> None:
    (report.parent / "empty.txt").write_bytes(b"")
    (report.parent / "page.pdf").write_text("<html><body>สวัสดี</body></html>", encoding="utf-8")
    (report.parent / "x.bin").write_bytes(bytes(range(256)) * 20)
    code, out, _ = run(capsys, "--home", home, "add", "--json", *sorted(report.parent.glob("*.*")))
    told = json.loads(out)
    assert code == 1 and told["added"] == ["report.txt"]
    assert {failure["source"]: failure["code"] for failure in told["failed"]} == {
        "empty.txt": "empty_file",
        "page.pdf": "type_mismatch",
        "x.bin": "unsupported_format",
    }


def test_a_scan_is_listed_by_name_and_its_name_can_be_removed(
    capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path
) -> None:
    scan = tmp_path / "ภาพสแกนประชุม.pdf"
    scan.write_bytes(memory.pdf([], []))
    assert run(capsys, "--home", home, "add", scan)[0] == 1
    assert "ภาพสแกนที่ยังอ่านไม่ได้: ภาพสแกนประชุม.pdf" in run(capsys, "--home", home, "list")[1]
    code, out, _ = run(capsys, "--home", home, "ask", "ภาพสแกนประชุม")
    assert code == 0 and "ภาพสแกนประชุม.pdf" in out, "an archive without documents points at it too"
    assert run(capsys, "--home", home, "remove", "ภาพสแกนประชุม.pdf")[0] == 0
    assert "ภาพสแกน" not in run(capsys, "--home", home, "list")[1]


def test_eval_counts_and_opens_every_citation(
    capsys: pytest.CaptureFixture[str], home: Path, report: Path, tmp_path: Path
) -> None:
    run(capsys, "--home", home, "add", report)
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"id": "1", "q": "กองทุนมีสมาชิกกี่คน", "must": [["845 คน"]], "doc": "report.txt"}\n'
        '{"id": "2", "q": "กองทุนปี 2590 มีสมาชิกกี่คน", "abstain": true}\n',
        encoding="utf-8",
    )
    code, out, _ = run(capsys, "eval", questions, "--home", home, "--json")
    score = json.loads(out)
    assert code == 0
    assert (score["found"], score["answered"], score["refused"], score["citations_broken"]) == (1.0, 1.0, 1.0, 0)
    assert score["retrieval"]["all"]["questions"] == 1
    assert score["retrieval"]["all"]["first"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    code, out, _ = run(capsys, "eval", questions, "--home", home)
    assert code == 0 and "nDCG@10" in out and "100.0 (100–100)  ทั้งหมด" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", ""], "ยังไม่มีคำถาม"),
        (["ask", "ก" * 100_000], "คำถามยาวเกินไป"),
        (["remove", "nothing"], "ไม่มีเอกสาร"),
        (["eval", "nothing.jsonl"], "อ่านไฟล์คำถาม"),
    ],
)
def test_a_wrong_call_exits_with_2_and_says_what_to_do(
    capsys: pytest.CaptureFixture[str], home: Path, arguments, words: str
) -> None:
    code, out, err = run(capsys, "--home", home, *arguments)
    assert code == 2 and words in err and not out


@pytest.mark.parametrize("arguments", [[], ["nosuch"], ["ask"], ["search", "x", "-k", "0"], ["ask", "x", "--kind", "novel"]])
def test_a_misspelt_call_is_answered_in_thai(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    said = capsys.readouterr().err
    assert "คำสั่งไม่ถูกต้อง" in said
    assert not {"required", "invalid", "argument", "choose"} & set(said.split()), "in Thai"


def test_help_is_thai_and_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--help"])
    out = capsys.readouterr().out
    assert exit_.value.code == 0 and out.startswith("วิธีใช้: thamkhlang")
    for verb in ["add", "list", "remove", "search", "ask", "serve", "eval", "check", "rebuild"]:
        assert f"    {verb}" in out


def test_unknown_and_wrong_settings_are_told_together(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THAMKHLANG_COLOUR", "blue")
    monkeypatch.setenv("THAMKHLANG_PORT", "http")
    code, _, err = run(capsys, "list")
    assert code == 2 and "THAMKHLANG_COLOUR" in err and "THAMKHLANG_PORT='http'" in err


def test_a_misset_model_is_told(capsys, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("THAMKHLANG_MODEL", "qwen")
    code, _, err = run(capsys, "--home", home, "ask", "มีสมาชิกกี่คน")
    assert code == 2 and "provider:model" in err


def test_ask_shows_whose_words_an_answer_has(capsys, monkeypatch: pytest.MonkeyPatch, home: Path, report: Path) -> None:
    run(capsys, "--home", home, "add", report)
    monkeypatch.setenv("THAMKHLANG_MODEL", "openai:qwen")
    said = openai.says("กองทุนมีสมาชิก 845 คน [1]\nกองทุนมีสมาชิก 999 คน [1]")
    with openai.serving(openai.Script([said, openai.says("ไม่พบ"), openai.fails(401)])) as script:
        monkeypatch.setenv("THAMKHLANG_MODEL_URL", script.url)
        code, out, _ = run(capsys, "--home", home, "ask", "กองทุนมีสมาชิกกี่คน")
        assert code == 0 and "เรียบเรียงโดย openai:qwen" in out and "ตัดออก 1 ข้อความ" in out and "999" not in out
        code, out, _ = run(capsys, "--home", home, "ask", "กองทุนมีสมาชิกกี่คน", "--json")
        by = json.loads(out)["by"]
    assert code == 0 and by == {"path": "extractive", "model": None, "fallback": "misset", "dropped": 0}


def test_eval_measures_a_models_answers_where_it_is_told_to(
    capsys, monkeypatch: pytest.MonkeyPatch, home: Path, report: Path, tmp_path: Path
) -> None:
    run(capsys, "--home", home, "add", report)
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "1", "q": "กองทุนมีสมาชิกกี่คน", "must": [["845 คน"]], "doc": "report.txt"}\n', encoding="utf-8")
    with openai.serving(openai.Script([openai.says("กองทุนมีสมาชิก 845 คน [1]")])) as script:
        monkeypatch.setenv("THAMKHLANG_MODEL_URL", script.url)
        code, out, _ = run(capsys, "--home", home, "eval", questions, "--model", "openai:qwen", "--json")
        asked = len(script.prompts())
        run(capsys, "--home", home, "eval", questions, "--json")
        assert len(script.prompts()) == asked == 1, "without --model no model is asked"
    score = json.loads(out)
    assert code == 0 and score["outcomes"][0]["said"].startswith("กองทุนมีสมาชิก 845 คน")
    assert score["answering"]["all"]["support"] == 1.0


def test_another_embedding_model_is_told_and_rebuild_takes_it(
    capsys, monkeypatch, home: Path, report: Path, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    from vectorstore.embed import MODEL

    run(capsys, "--home", home, "add", report)
    SentenceTransformer(str(MODEL), device="cpu").save_pretrained(str(tmp_path / "other"))
    monkeypatch.setenv("THAMKHLANG_EMBEDDING_MODEL", str(tmp_path / "other"))
    code, _, err = run(capsys, "--home", home, "ask", "มีสมาชิกกี่คน")
    assert code == 2 and "thamkhlang rebuild" in err
    code, out, _ = run(capsys, "--home", home, "rebuild")
    assert code == 0 and str(tmp_path / "other") in out
    assert "845" in run(capsys, "--home", home, "ask", "มีสมาชิกกี่คน")[1]


def test_every_command_ends_with_2_without_its_model_or_where_nothing_can_be_written(
    capsys, monkeypatch, home: Path, report: Path, tmp_path: Path
) -> None:
    commands = (["ask", "มีสมาชิกกี่คน"], ["add", report], ["serve", "--port", "0"])
    with monkeypatch.context() as missing:
        missing.setenv("THAMKHLANG_EMBEDDING_MODEL", str(tmp_path / "nowhere"))
        for command in commands:
            code, _, err = run(capsys, "--home", home, *command)
            assert code == 2 and "nowhere" in err and "THAMKHLANG_EMBEDDING_MODEL" in err and "Traceback" not in err, command
    home.mkdir(exist_ok=True)
    opened = os.open

    def refused(path: Any, *given: Any, **more: Any) -> int:
        """The user who runs the tests may write anywhere: the system's answer is given in its place."""
        if str(path).startswith(str(home)):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opened(path, *given, **more)

    monkeypatch.setattr(os, "open", refused)
    for command in commands:
        code, _, err = run(capsys, "--home", home, *command)
        assert code == 2 and "คัดลอกทั้งโฟลเดอร์" in err and "Traceback" not in err, command


def test_a_second_process_is_told_who_has_the_archive(capsys, home: Path, report: Path) -> None:
    from vectorstore import Store, embed

    with Store(home, embed.load()):
        code, _, err = run(capsys, "--home", home, "add", report)
    assert code == 2 and "ถูกโปรแกรมอื่นเปิดใช้อยู่" in err


def _program(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        cwd=ROOT,
    )


def test_asking_needs_no_torch_and_no_locale(home: Path, report: Path) -> None:
    added = _program("-m", "ui.cli", "--home", home, "add", report, LC_ALL="C")
    assert added.returncode == 0, added.stderr
    code = (
        f"import sys; from ui.cli import main; main(['--home', {str(home)!r}, 'ask', 'กองทุนมีสมาชิกกี่คน']);"
        "heavy = {'torch', 'chromadb', 'sentence_transformers', 'langchain', 'gradio', 'fastapi', 'docx'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    asked = _program("-c", code, LC_ALL="C")
    assert asked.returncode == 0, asked.stderr
    assert "845 คน" in asked.stdout


def _documents(database: Path) -> int:
    """How many documents another process has recorded so far."""
    if not database.exists():
        return 0
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db, contextlib.suppress(sqlite3.Error):
        return int(db.execute("SELECT count(*) FROM documents").fetchone()[0])
    return 0


@pytest.mark.slow
def test_a_killed_add_ends_as_an_undisturbed_one(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export = tmp_path / "export.jsonl"
    rows = [
        {
            "id": f"r-{n}",
            "title": f"รายงานฉบับที่ {n}",
            "date": "2023-05-01",
            "body": f"หมู่บ้านที่ {n} ได้งบประมาณ {n},000 บาท\n" * 60,
            "url": None,
        }
        for n in range(400)
    ]
    export.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "--home", str(home), "add", str(export)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and not _documents(home / "archive.db"):
        time.sleep(0.01)
    process.kill()
    process.wait()
    code, out, err = run(capsys, "--home", home, "add", "--json", export)
    again = json.loads(out)
    assert code == 0, err
    assert again["skipped"] and again["added"], "the kill fell in the middle"
    run(capsys, "--home", tmp_path / "other", "add", export)
    listed = [json.loads(run(capsys, "--home", where, "list", "--json")[1]) for where in (home, tmp_path / "other")]
    assert listed[0] == listed[1] and len(listed[0]) == 400
    assert run(capsys, "--home", home, "check")[0] == 0


def test_a_reader_that_has_seen_enough_is_no_error(home: Path, report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "--home", home, "add", report)
    command = f"{sys.executable} -m ui.cli --home {home} list | true; exit ${{PIPESTATUS[0]}}"
    piped = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)
    assert piped.returncode == 0 and not piped.stderr


def test_the_id_that_list_prints_is_taken(capsys: pytest.CaptureFixture[str], home: Path, report: Path) -> None:
    run(capsys, "--home", home, "add", report)
    short = run(capsys, "--home", home, "list")[1].split()[0]
    assert len(short) == 12
    assert "845" in run(capsys, "--home", home, "search", "สมาชิก", "--document", short)[1]
    assert run(capsys, "--home", home, "search", "สมาชิก", "--document", "0" * 12)[0] == 2
    assert run(capsys, "--home", home, "remove", short)[0] == 0


@pytest.mark.parametrize(
    "line",
    ['{"id": 1, "turns": []}', '{"id": 1, "q": 5}', '{"id": 1, "q": ""}', '{"id": 1, "q": "x", "must": ["abc"]}', "[]", "{"],
)
def test_a_line_that_is_no_question_is_told_with_its_number(capsys, home: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "q.jsonl").write_text('{"id": 0, "q": "x"}\n' + line, encoding="utf-8")
    code, _, err = run(capsys, "--home", home, "eval", tmp_path / "q.jsonl")
    assert code == 2 and "บรรทัดที่ 2" in err
