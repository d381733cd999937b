import io
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard

from vectorstore.embed import BundledEmbedder, load, pieces
from vectorstore.pairs import Pair, pairs, read, switched
from vectorstore.train import evaluate, main

PROJECTS = ("บ้านมั่นคง", "ธนาคารปูม้า", "ป่าชายเลน", "กองทุนสวัสดิการ", "ข้าวอินทรีย์", "ฝายชะลอน้ำ")
PLACES = ("สตูล", "ตรัง", "น่าน", "ยะลา", "เลย", "ตราด")


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    with zstandard.open(path, "wb") as file, io.TextIOWrapper(file, encoding="utf-8") as text:
        text.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    stories = [
        (
            f"ชาวบ้าน{place}เริ่มทำ{project}",
            f"คณะกรรมการชุมชนจังหวัด{place}ประชุมเรื่อง{project} มีสมาชิกมาร่วม {n + 20} คน และตกลงแบ่งงานกันทำทุกวันเสาร์ " * 2,
        )
        for n, (project, place) in enumerate(zip(PROJECTS, PLACES, strict=True))
    ]
    articles = [
        {"id": f"a{n}", "title": title, "body": body, "lex": 0.5, "community": False} for n, (title, body) in enumerate(stories)
    ]
    articles[0]["community"], articles[1]["lex"] = True, 0.97
    questions = [
        {
            "question": f"{project}มีสมาชิกกี่คน",
            "context": f"โครงการ{project}ที่{place} เริ่มเมื่อปีก่อน มีสมาชิก {n + 30} คน ทำงานร่วมกันมาตลอด",
            "title": project,
            "answers": [{"start": 30}],
            "ambiguous": False,
        }
        for n, (project, place) in enumerate(zip(PROJECTS, PLACES, strict=True))
    ]
    parallel = [
        {"th": "ป่าชายเลน", "en": "mangrove", "source": "WordNet", "kind": "term"},
        {"th": "สมาชิก", "en": "member", "source": "OMW", "kind": "term"},
        {"th": "เราประชุมกันทุกเดือน", "en": "We meet every month.", "source": "TALPCo", "kind": "sentence"},
        {"th": "ฝนตกหนักที่ภาคใต้", "en": "Heavy rain fell in the south.", "source": "UD_Thai-PUD", "kind": "sentence"},
    ]
    write(folder / "pairs_title_body.jsonl.zst", articles)
    write(folder / "iapp_train.jsonl.zst", questions[:4])
    write(folder / "iapp_valid.jsonl.zst", questions[3:])
    write(folder / "parallel_th_en.jsonl.zst", parallel)
    (folder / "thaigov_acronyms.json").write_text(json.dumps([{"th": "สมาคมคนรักป่า", "acronym": "SKP"}]), encoding="utf-8")
    (folder / "thaigov_neardup.tsv").write_text("id_a\tid_b\tjaccard\tnote\na2\ta3\t0.95\t\n", encoding="utf-8")
    news = [
        {"id": "en", "date": "2023-05-02", "title": "Crab bank opens", "body": "The crab bank of Trang was opened. " * 30},
        {"id": "a1", "date": "2023-05-01", "title": stories[1][0], "body": stories[1][1] + " crab bank Trang"},
        {"id": "a4", "date": "2023-05-01", "title": stories[4][0], "body": stories[4][1]},
        {"id": "late", "date": "2023-06-01", "title": "ธนาคารปูม้า crab bank", "body": "crab bank Trang ธนาคารปูม้า"},
    ]
    write(folder / "thaigov.jsonl.zst", news)
    write(folder / "thaigov_community.jsonl.zst", [{"id": "a4"}])
    return folder


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    main(["--quick", "--data", str(data), "--out", str(folder)])
    return folder


def drawn(data: Path, seed: int = 1) -> list[Pair]:
    return list(pairs(data, seed, None))


def test_help_names_every_option() -> None:
    done = subprocess.run([sys.executable, "-m", "vectorstore.train", "--help"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    for option in (
        "--data",
        "--out",
        "--dimension",
        "--vocabulary",
        "--epochs",
        "--batch",
        "--rate",
        "--seed",
        "--tokenizer",
        "--quick",
    ):
        assert option in done.stdout


def test_pairs_are_the_same_for_the_same_seed(data: Path) -> None:
    assert drawn(data) == drawn(data)
    assert drawn(data) != drawn(data, seed=2)


def test_held_out_rows_are_never_trained_on(data: Path) -> None:
    text = "\n".join(f"{pair.left}\n{pair.right}" for pair in drawn(data))
    held_out = [
        *(row["title"] for row in read(data / "pairs_title_body.jsonl.zst") if row["community"]),
        *(row["context"] for row in read(data / "iapp_valid.jsonl.zst")),
        *(row["question"] for row in read(data / "iapp_valid.jsonl.zst")),
        "Heavy rain fell in the south.",
    ]
    assert len(held_out) == 8
    assert not [row for row in held_out if pieces(row) in text]
    assert pieces("We meet every month.") in text


def test_texts_of_one_source_share_their_group(data: Path) -> None:
    groups: dict[str, set[int]] = {}
    for pair in drawn(data):
        for place in PLACES:
            if f"{pieces('คณะกรรมการชุมชนจังหวัด')} {pieces(place)}" in pair.right:
                groups.setdefault(place, set()).add(pair.group)
    assert len(groups) == 4 and all(len(some) == 1 for some in groups.values())


def test_articles_that_are_nearly_the_same_share_a_group(data: Path) -> None:
    told = {place: f"{pieces('คณะกรรมการชุมชนจังหวัด')} {pieces(place)}" for place in PLACES[2:5]}
    groups = {place: pair.group for pair in drawn(data) for place, words in told.items() if words in pair.right}
    assert groups[PLACES[2]] == groups[PLACES[3]] != groups[PLACES[4]]


def test_english_news_meet_the_thai_news_of_their_days(data: Path) -> None:
    found = [pair for pair in pairs(data, 1, load()) if "crab" in pair.left.lower()]
    assert found and all(pieces("ธนาคารปูม้า") in pair.right or "crab" in pair.right for pair in found)
    assert all("late" not in pair.right and pieces(PROJECTS[4]) not in pair.right for pair in found)


def test_switched_words_are_the_dictionarys() -> None:
    dictionary = {"ป่า ชายเลน": ["mangrove"], "สมาชิก": ["member"]}
    words = ["สมาชิก", "ปลูก", "ป่า", "ชายเลน", "2566"]
    assert switched(words, dictionary, random.Random(1), keep=0.0) == "member mangrove 2566"
    assert switched(["ปลูก", "ข้าว"], dictionary, random.Random(1), keep=1.0) == ""
    kept = {switched(words, dictionary, random.Random(seed), keep=1.0) for seed in range(40)}
    assert "member ปลูก mangrove 2566" in kept and "สมาชิก ปลูก mangrove 2566" in kept


def test_a_quick_model_loads_both_ways(trained: Path) -> None:
    from model2vec import StaticModel

    texts = ["ป่าชายเลนที่น่าน", "สมาชิก 25 คน", "mangrove", ""]
    ours = BundledEmbedder(trained)
    found = ours.embed(texts)
    assert found.shape == (4, 32)
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1, 1, 0], abs=1e-5)
    assert np.abs(load(str(trained)).embed(texts) - found).max() < 1e-5
    assert np.abs(StaticModel.from_pretrained(trained).encode([pieces(text) for text in texts]) - found).max() < 1e-5


def test_a_quick_model_knows_what_it_saw(trained: Path) -> None:
    embedder = BundledEmbedder(trained)
    asked, right, wrong = embedder.embed(["ธนาคารปูม้ามีสมาชิกกี่คน", "ธนาคารปูม้าที่ตรัง", "กองทุนสวัสดิการที่ยะลา"])
    assert asked @ right > asked @ wrong


def test_the_same_seed_and_tokenizer_give_the_same_model(trained: Path, data: Path, tmp_path: Path) -> None:
    main(["--quick", "--data", str(data), "--out", str(tmp_path), "--tokenizer", str(trained / "tokenizer.json")])
    assert (tmp_path / "model.safetensors").read_bytes() == (trained / "model.safetensors").read_bytes()


def test_the_folder_names_no_machine(trained: Path, data: Path) -> None:
    for path in trained.iterdir():
        content = path.read_bytes()
        assert str(data).encode() not in content and str(trained).encode() not in content
        assert path.stat().st_mode & 0o044 == 0o044


def test_figures_are_per_cent_of_held_out_rows(trained: Path, data: Path) -> None:
    figures = evaluate(data, trained)
    assert {"question to context: R@1", "question to context: MRR@10", "UD_Thai-PUD, English to Thai: R@1"} <= set(figures)
    assert all(0 <= value <= 100 for value in figures.values())
    assert figures["UD_Thai-PUD, English to Thai: R@10"] == 100
