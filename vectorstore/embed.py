"""Texts to vectors: the bundled Thai and English model, or any model of sentence-transformers.

The only door to model2vec and sentence-transformers. Nothing is fetched unless the operator sets HF_HUB_OFFLINE=0.
"""

import hashlib
import json
import os
import re
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vectorstore import thai
from vectorstore.errors import EmbedderUnavailable
from vectorstore.kept import Kept

Vectors = NDArray[np.float32]

MODEL = Path(__file__).with_name("model")
"""The folder of the bundled model, written by `python -m vectorstore.train`."""

_KEPT = 200_000
"""Words whose pieces are kept, at most; a space has none."""

_E5 = re.compile("(?:^|[-_])e5(?:[-_]|$)")
"""Models whose texts begin with what they are: told by the model's own name, not by the folders that it lies in."""


class Embedder(Protocol):
    """What turns texts into vectors; cosine similarity is their dot product."""

    name: str
    """Identity, model and revision: vectors of different names must never be compared."""
    dimension: int
    leading: int
    """So many first dimensions tell enough to find candidates by; all of them where none tell more than others."""
    unrelated: float
    """Cosine below which a question and a passage have nothing to do with each other; 0 where nobody has measured it."""

    def embed(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        """Vectors of `texts`, float32 of shape (len(texts), dimension), each row of length 1.

        A text without any known token has a row of zeros. `question` tells a question from a passage, for models
        that were trained to tell them apart.
        """
        ...


def load(name: str = "bundled") -> Embedder:
    """The embedder called `name`: "bundled", a folder, or a model name of the Hugging Face Hub.

    Raises:
        EmbedderUnavailable: the model or the package it needs is not on this machine, or cannot be read.
    """
    return bundled() if name == "bundled" else SentenceTransformerEmbedder(name)


def named(name: str) -> Embedder:
    """The embedder whose `Embedder.name` is this, model and revision.

    Raises:
        EmbedderUnavailable: the model is not on this machine, or is there in another revision.
    """
    found = load(loaded_as(name))
    if found.name != name:
        raise EmbedderUnavailable(f"แบบจำลองเวกเตอร์ในเครื่องคือ {found.name} ไม่ใช่ {name} ที่คลังเคยใช้ ให้นำรุ่นเดิมกลับมาก่อน")
    return found


def loaded_as(name: str) -> str:
    """What `load` is given for the embedder of this name: that without its revision."""
    return name.rpartition("@")[0]


@cache
def bundled() -> "BundledEmbedder":
    """The bundled model, read once.

    Raises:
        EmbedderUnavailable: it cannot be read.
    """
    return BundledEmbedder()


def pieces(text: str) -> str:
    """`text` as the bundled model reads it, in training and afterwards.

    Repaired, Arabic digits, small letters, and one space between words.
    """
    return " ".join(word for word in thai.plain_words(text) if not word.isspace())


class BundledEmbedder:
    """The model in `folder`: the mean of the vectors of a text's pieces. Questions and passages are read alike."""

    def __init__(self, folder: Path = MODEL) -> None:
        """Raises EmbedderUnavailable where `folder` holds no model that `vectorstore.train` wrote."""
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from model2vec.persistence import load_pretrained
        from safetensors import SafetensorError

        try:
            rows, tokenizer, _, _, scales, _ = load_pretrained(folder.resolve(strict=True), None, None, False)
            digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
        except (OSError, ValueError, SafetensorError) as error:
            what = f"อ่านแบบจำลองเวกเตอร์ที่มากับโปรแกรมไม่ได้ที่ {folder} ({error})"
            raise EmbedderUnavailable(f"{what} ให้ติดตั้งโปรแกรมใหม่ หรือสั่ง python -m vectorstore.train") from error
        self._rows: Vectors = rows.astype(np.float32) * scales[:, None]
        self._pieces: Kept[list[int]] = Kept(lambda word: tokenizer.encode(word, add_special_tokens=False).ids, _KEPT)
        self.name = f"bundled@{digest[:12]}"
        self.dimension = int(rows.shape[1])
        self.leading = min(128, self.dimension)
        self.unrelated = 0.18  # every answerable question on the reports and the samples has a nearer passage

    def embed(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        """See `Embedder.embed`."""
        # A step for all texts before the next one: each walks tables that push the others' out of the processor's cache.
        words = [list(thai.plain_words(text)) for text in texts]
        ids = [np.fromiter(chain.from_iterable(map(self._pieces.__getitem__, some)), np.int32) for some in words]
        sums = np.zeros((len(texts), self.dimension), np.float32)
        for some, row in zip(ids, sums, strict=True):
            np.add.reduce(self._rows.take(some, axis=0), out=row)
        return _unit(sums)

    def words(self, words: Sequence[str]) -> Vectors:
        """The sum of the vectors of each word's pieces, float32 (len(words), dimension): the longer, the more a word tells.

        Words are given as `thai.small_words` cuts them.
        """
        return np.array([self._rows.take(self._pieces[word], axis=0).sum(axis=0) for word in words], np.float32)


class SentenceTransformerEmbedder:
    """Any model of sentence-transformers, by folder or by name, on the processor."""

    def __init__(self, name: str) -> None:
        """Raises EmbedderUnavailable where the package or the model is missing, or the model cannot be read."""
        offline = os.environ.setdefault("HF_HUB_OFFLINE", "1").upper() in {"1", "ON", "YES", "TRUE"}
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            what = f"แบบจำลองเวกเตอร์ {name!r} ต้องใช้แพ็กเกจ sentence-transformers ({error})"
            remedy = 'ให้สั่ง pip install "thamkhlang[models]" หรือตั้ง THAMKHLANG_EMBEDDING_MODEL=bundled'
            raise EmbedderUnavailable(f"{what} {remedy}") from error
        try:
            self._model = SentenceTransformer(name, device="cpu", trust_remote_code=False, local_files_only=offline)
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            what = f"เปิดแบบจำลองเวกเตอร์ {name!r} ไม่ได้ ({type(error).__name__}: {str(error)[:200]})"
            remedy = "ให้ตั้ง THAMKHLANG_EMBEDDING_MODEL เป็นโฟลเดอร์ของแบบจำลองหรือ bundled หรือดาวน์โหลดก่อนโดยตั้ง HF_HUB_OFFLINE=0"
            raise EmbedderUnavailable(f"{what} {remedy}") from error
        self._prepare = pieces if _is_ours(Path(name)) else thai.normalise
        self._question, self._passage = _prompts(self._model.prompts, name)
        self.name = f"{name}@{_revision(name)}"
        self.dimension = self.leading = int(self._model.get_embedding_dimension())
        self.unrelated = 0.0

    def embed(self, texts: Sequence[str], *, question: bool = False) -> Vectors:
        """See `Embedder.embed`."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        prompt = self._question if question else self._passage
        found = self._model.encode([prompt + self._prepare(text) for text in texts], prompt="", show_progress_bar=False)
        return _unit(np.nan_to_num(np.asarray(found, np.float32)))


def _unit(rows: Vectors) -> Vectors:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0, length, 1), np.float32)


def _is_ours(folder: Path) -> bool:
    try:
        return "thamkhlang" in json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False


def _prompts(own: dict[str, str], name: str) -> tuple[str, str]:
    """What a model with the prompts `own` wants before a question and before a passage."""
    question, passage = own.get("query") or "", own.get("passage") or own.get("document") or ""
    return (question, passage) if question or passage or not _E5.search(Path(name).name.lower()) else ("query: ", "passage: ")


def _revision(name: str) -> str:
    """The first 12 hex digits of the commit of a model of the Hub, or of the SHA-256 of a folder's weights."""
    from huggingface_hub import try_to_load_from_cache

    if not Path(name).is_dir():
        cached = (try_to_load_from_cache(name, file) for file in ("modules.json", "config.json"))
        return next((Path(path).parent.name[:12] for path in cached if isinstance(path, str)), "unknown")
    digest = hashlib.sha256()
    for path in sorted(path for path in Path(name).rglob("*") if path.suffix in {".safetensors", ".bin"}):
        with path.open("rb") as file:
            hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()[:12]
