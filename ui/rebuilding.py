"""`thamkhlang rebuild`: all made anew beside what is searched, compared on questions, switched to, and gone back from."""

import argparse
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from assistant import evaluation
from assistant.evaluation import Question, Score
from ingest.chunk import RULES, passages
from ingest.describe import described
from ui.compose import House, compose
from ui.settings import Settings, SettingsError
from vectorstore import Store, embed
from vectorstore.errors import EmbedderUnavailable
from vectorstore.renewal import Renewal, standing

DONE, SHORT = 0, 1
MARGIN = 0.02
"""By how much of the questions the new may be worse, and still be switched to."""


@dataclass(frozen=True, slots=True)
class _Figure:
    """A share of a score, what it is called, and whether more of it is better."""

    name: str
    of: Callable[[Score], float | None]
    more_is_better: bool = True


_FIGURES = (
    _Figure("พบเอกสาร (5 อันดับแรก)", lambda score: score.found),
    _Figure("พบเอกสารเป็นอันดับแรก", lambda score: score.first),
    _Figure("ตอบถูก", lambda score: score.answered),
    _Figure("ปฏิเสธถูก", lambda score: score.refused),
    _Figure("ปฏิเสธทั้งที่มีคำตอบ", lambda score: score.wrongly_refused, more_is_better=False),
)


def rebuild(called: argparse.Namespace, settings: Settings) -> int:
    """Describes, cuts, embeds and indexes everything anew from the record alone; the exit code: 1 where it is not switched to.

    Raises:
        SettingsError: what is asked for cannot be had together.
        StoreError: see `compose` and `Renewal`; what is searched stays as it was.
    """
    if called.rollback and (called.model or called.eval):
        raise SettingsError("--rollback ใช้กับ --model หรือ --eval ไม่ได้ เพราะกลับไปใช้ดัชนีรุ่นก่อนตามเดิม")
    questions = evaluation.read(called.eval) if called.eval else []
    model = called.model or settings.embedding_model
    house = compose(settings.model_copy(update={"embedding_model": model}), rebuilding=True)
    with house.store as store:
        if not store.is_local:
            return _elsewhere(called, store, settings)
        if called.rollback:
            embedder = embed.named(Renewal.before(store).embedding)
            renewal = Renewal(store, embedder, passages, back=True)
            before = None
        else:
            store.renew_texts(described)
            before = _before(house, questions, forced=called.force) if questions else None
            renewal = Renewal(store, store.embedder, passages, RULES)
        _make(renewal, store)
        if before and not _is_fit(before, _score(house, renewal.trial(), questions), forced=called.force):
            renewal.close()
            return SHORT
        renewal.switch()
        _tell(store, settings, back=called.rollback)
    return DONE


def _elsewhere(called: argparse.Namespace, store: Store, settings: Settings) -> int:
    """The same where the record or the indexes are on servers: in place, and what was before is not kept."""
    if called.rollback or called.eval:
        raise SettingsError(
            "คลังที่ใช้ PostgreSQL, Milvus หรือ Chroma บนเซิร์ฟเวอร์ ไม่เก็บดัชนีรุ่นก่อน จึงใช้ --eval และ --rollback ไม่ได้ "
            "ลองโมเดลใหม่กับสำเนาของคลังในโฟลเดอร์ก่อน แล้วสั่ง rebuild --model ที่นี่"
        )
    with _bar(" ช่วงข้อความ", "สร้างดัชนี", None) as bar:
        store.rebuild(passages, lambda done: bar.update(done - bar.n), describe=described)
    _tell(store, settings, back=False)
    return DONE


def _make(renewal: Renewal, store: Store) -> None:
    with _bar(" เอกสาร", "ตัดและทำเวกเตอร์", renewal.undone()) as bar:
        renewal.prepare(lambda done: bar.update(done - bar.n))
    with _bar(" ช่วงข้อความ", "สร้างดัชนี", None) as bar:
        renewal.build(lambda done: bar.update(done - bar.n))


@contextmanager
def _bar(unit: str, what: str, total: int | None) -> Any:
    from tqdm import tqdm

    with tqdm(unit=unit, desc=what, total=total, disable=None, leave=False) as bar:
        yield bar


def _before(house: House, questions: Sequence[Question], *, forced: bool) -> Score | None:
    """How well the archive answers as it stands; None where the model that it was built with is gone, and that is no matter."""
    built = house.store.record.meta("embedding")
    if not built or house.store.is_empty():
        return None
    try:
        embedder = embed.named(built)
    except EmbedderUnavailable as error:
        if forced:
            print(f"เทียบกับของเดิมไม่ได้ ({error})")
            return None
        raise EmbedderUnavailable(f"เทียบกับของเดิมไม่ได้ {error} หรือสลับโดยไม่เทียบด้วย --force") from error
    with standing(house.store, embedder) as archive:
        return _score(house, archive, questions)


def _score(house: House, archive: Store, questions: Sequence[Question]) -> Score:
    asked = [replace(one, turns=tuple(map(house.discreet, one.turns))) for one in questions]
    with _bar(" ข้อ", "ลองถาม", len(asked)) as bar:
        outcomes = []
        for outcome in evaluation.run(asked, archive, house.assistant.over(archive)):
            outcomes.append(outcome)
            bar.update(1)
    return evaluation.score(outcomes)


def _is_fit(before: Score, after: Score, *, forced: bool) -> bool:
    """Tells both; whether the new is to be switched to."""
    print(f"{'เดิม':>8} {'ใหม่':>8}  ({after.questions} คำถาม)")
    for figure in _FIGURES:
        print(f"{_percent(figure.of(before)):>8} {_percent(figure.of(after)):>8}  {figure.name}")
    print(f"{before.citations_broken:>8} {after.citations_broken:>8}  การอ้างอิงที่เปิดไม่ตรง")
    worse = [figure.name for figure in _FIGURES if _loss(figure, before, after) > MARGIN]
    worse += ["การอ้างอิงที่เปิดไม่ตรง"] if after.citations_broken else []
    if not worse or forced:
        return True
    print(
        f"ไม่สลับ เพราะแย่ลงเกิน {MARGIN:.0%}: {' · '.join(worse)} คลังยังใช้ดัชนีเดิม "
        "สลับทั้งอย่างนี้ได้ด้วยคำสั่งเดิมเพิ่ม --force (ไม่ต้องทำเวกเตอร์ใหม่อีก)"
    )
    return False


def _loss(figure: _Figure, before: Score, after: Score) -> float:
    was, now = figure.of(before), figure.of(after)
    if was is None or now is None:
        return 0.0
    return was - now if figure.more_is_better else now - was


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}%"


def _tell(store: Store, settings: Settings, *, back: bool) -> None:
    status = store.status()
    done = "กลับไปใช้ดัชนีรุ่นก่อนแล้ว" if back else "สร้างดัชนีใหม่แล้ว"
    print(f"{done}: {status.documents} เอกสาร {status.passages} ช่วงข้อความ ด้วย {status.embedding}")
    model = embed.loaded_as(status.embedding)
    if model != settings.embedding_model and embed.load(settings.embedding_model).name != status.embedding:
        print(f"ตั้ง THAMKHLANG_EMBEDDING_MODEL={model} ก่อนเปิดคลังครั้งต่อไป")
    if store.generations.beside():
        print("ดัชนีรุ่นก่อนยังเก็บไว้ กลับไปใช้ได้ด้วย thamkhlang rebuild --rollback")
