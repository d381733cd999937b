import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vectorstore import embed
from vectorstore.embed import MODEL, BundledEmbedder, Embedder, SentenceTransformerEmbedder, load, pieces
from vectorstore.errors import EmbedderUnavailable


@pytest.fixture(scope="module")
def bundled() -> Embedder:
    return load()


def similarities(embedder: Embedder, question: str, texts: list[str]) -> list[float]:
    return [float(value) for value in embedder.embed([question], question=True)[0] @ embedder.embed(texts).T]


def test_the_bundled_model_loads_and_embeds_without_torch() -> None:
    code = (
        "import sys; from vectorstore.embed import load; e = load();"
        "print(e.embed(['งบประมาณ']).shape[1] == e.dimension, e.name);"
        "sys.exit('torch' in sys.modules or 'sentence_transformers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == (f"True {load().name}\n", "")


def test_a_name_tells_the_model_and_its_weights(bundled: Embedder) -> None:
    kind, _, digest = bundled.name.partition("@")
    assert kind == "bundled"
    assert len(digest) == 12 and set(digest) <= set("0123456789abcdef")


def test_pieces_are_repaired_small_and_spaced() -> None:
    assert pieces("งบประมาณ ๒,๕๐๐ บาท\nจาก CODI") == "งบประมาณ 2,500 บาท จาก codi"
    assert pieces("น้ํา") == pieces("น้ำ")
    assert pieces(" \n ") == ""


@pytest.mark.parametrize("texts", [["ที่ประชุมมีมติ"], ["ก", "budget 2566", "ๆ"], ["x" * 3000, "ตำบล" * 900]])
def test_rows_have_length_one(bundled: Embedder, texts: list[str]) -> None:
    found = bundled.embed(texts)
    assert found.dtype == np.float32
    assert found.shape == (len(texts), bundled.dimension)
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)


@pytest.mark.parametrize("text", ["", " \n\t", "🙂🙂", "\ud800", "\u200b"])
def test_a_text_without_known_pieces_is_a_row_of_zeros(bundled: Embedder, text: str) -> None:
    assert not bundled.embed([text, "บ้านมั่นคง"])[0].any()


def test_no_texts_give_no_rows(bundled: Embedder) -> None:
    assert bundled.embed([]).shape == (0, bundled.dimension)


def test_a_very_long_text_is_read_to_its_end(bundled: Embedder) -> None:
    long = "ชาวประมงเลี้ยงปลาในกระชัง " * 4000
    assert len(long) > 100_000
    first, both = bundled.embed([long, long + "งบประมาณซ่อมแซมบ้าน " * 4000])
    assert 0.1 < float(first @ both) < 0.99


def test_batches_and_single_texts_agree(bundled: Embedder) -> None:
    texts = [f"หมู่ที่ {number} ตำบลคลองลาน มีสมาชิก {number * 7} ครัวเรือน" for number in range(700)]
    batch = bundled.embed(texts)
    assert (
        np.abs(batch[[0, 511, 512, 699]] - np.concatenate([bundled.embed([texts[i]]) for i in (0, 511, 512, 699)])).max() < 1e-6
    )


def test_a_paraphrase_is_closer_than_another_matter(bundled: Embedder) -> None:
    near, far = similarities(
        bundled,
        "ชาวบ้านร่วมกันปลูกป่าชายเลนเพื่อป้องกันคลื่นกัดเซาะ",
        ["ชุมชนช่วยกันฟื้นฟูป่าโกงกางริมทะเลเพื่อลดการกัดเซาะชายฝั่ง", "ธนาคารปรับอัตราดอกเบี้ยเงินฝากประจำ"],
    )
    assert near > far + 0.2


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("How much budget was approved for repairing houses?", 0),
        ("fishermen and mangrove forest conservation", 1),
        ("dengue fever patients in the hospital", 2),
    ],
)
def test_an_english_question_finds_the_thai_sentence(bundled: Embedder, question: str, right: int) -> None:
    texts = [
        "คณะกรรมการอนุมัติงบประมาณซ่อมแซมที่อยู่อาศัยจำนวนสามล้านบาท",
        "กลุ่มประมงพื้นบ้านร่วมอนุรักษ์ป่าชายเลน",
        "โรงพยาบาลรับผู้ป่วยโรคไข้เลือดออกเพิ่มขึ้น",
    ]
    found = similarities(bundled, question, texts)
    assert found.index(max(found)) == right


def test_a_folder_without_a_model_is_told_in_thai(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(EmbedderUnavailable, match=r"ติดตั้งโปรแกรมใหม่"):
            BundledEmbedder(folder)


def test_damaged_weights_are_told_in_thai(tmp_path: Path) -> None:
    for path in MODEL.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()[: 1000 if path.suffix == ".safetensors" else None])
    with pytest.raises(EmbedderUnavailable, match=r"ติดตั้งโปรแกรมใหม่"):
        BundledEmbedder(tmp_path)


@pytest.mark.slow
def test_sentence_transformers_and_model2vec_give_the_same_vectors(bundled: Embedder) -> None:
    from model2vec import StaticModel
    from sentence_transformers import SentenceTransformer

    texts = ["ที่ประชุมอนุมัติงบประมาณ ๓ ล้านบาท", "the budget of the project", "ยาว " * 3000, "🙂 บ้าน", ""]
    ours, segmented = bundled.embed(texts), [pieces(text) for text in texts]
    assert np.abs(SentenceTransformer(str(MODEL), device="cpu").encode(segmented) - ours).max() < 1e-5
    assert np.abs(StaticModel.from_pretrained(MODEL).encode(segmented) - ours).max() < 1e-5
    other = load(str(MODEL))
    assert isinstance(other, SentenceTransformerEmbedder)
    assert np.abs(other.embed(texts) - ours).max() < 1e-5


@pytest.mark.slow
def test_an_unknown_model_is_refused_without_the_network() -> None:
    with pytest.raises(EmbedderUnavailable, match=r"THAMKHLANG_EMBEDDING_MODEL"):
        load("nobody/no-such-model")


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EmbedderUnavailable, match=r"pip install .*thamkhlang\[models\]"):
        load("intfloat/multilingual-e5-small")


@pytest.mark.slow
def test_any_sentence_transformer_can_be_used(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = ["[UNK]", "query:", "passage:", "บ้าน", "มั่นคง", "งบ"]
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    weights = np.eye(6, dtype=np.float32) * 2
    weights[0] = 0
    folder = tmp_path / "tiny-e5"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save_pretrained(
        str(folder)
    )

    found = load(str(folder))
    assert isinstance(found, SentenceTransformerEmbedder)
    assert found.dimension == 6
    assert found.name.startswith(f"{folder}@") and found.name == load(str(folder)).name
    half = np.float32(0.5**0.5)
    assert found.embed(["บ้าน"], question=True) == pytest.approx(np.array([[0, half, 0, half, 0, 0]]))
    assert found.embed(["บ้าน"]) == pytest.approx(np.array([[0, 0, half, half, 0, 0]]))
    assert found.embed([]).shape == (0, 6)

    plain = tmp_path / "tiny"
    folder.rename(plain)
    raw = load(str(plain))
    assert not raw.embed(["บ้านมั่นคง", ""]).any()
    assert raw.embed(["บ้าน มั่นคง"]) == pytest.approx(np.array([[0, 0, 0, half, half, 0]]))


@pytest.mark.parametrize(
    ("name", "prompt"),
    [("intfloat/multilingual-e5-small", "query: "), ("/models/Xe5z/e5-base", "query: "), ("/models/ae5b/model", "")],
)
def test_only_an_e5_model_gets_the_prompts_of_e5(name: str, prompt: str) -> None:
    assert embed._prompts({}, name)[0] == prompt
