"""An answer in a language model's words: asked, followed as it comes, put right once, or left for the archive's own words."""

import hashlib
import logging
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import prompts
from assistant import cite
from assistant.cite import Sentence
from assistant.claims import Fault, Kind, faults
from assistant.errors import ModelUnavailable
from assistant.model import ChatModel
from assistant.orders import obeyable
from assistant.pace import Deadline, Stopped, never, paced
from assistant.types import Answer, Citation, Fallback, Language, Turn

_LONGEST = 20_000
"""Characters that a model may say at once; what goes on longer does not stop by itself."""
_PAUSE_S = 0.5
"""Before a server that failed at once is tried again, in seconds."""
_REPAIRED = 8
"""How many sentences a model is asked to put right."""
_HISTORY, _TURN = 2000, 500
"""Characters of the earlier conversation that are shown, and of one turn of it."""
_LANGUAGE: dict[Language, str] = {"th": "ตอบเป็นภาษาไทย", "en": "Answer in English. (ตอบเป็นภาษาอังกฤษ)"}
_WRONG: dict[Kind, str] = {
    "marker": "ไม่มีเลขแหล่งที่มา หรือเลขนี้ไม่มีอยู่จริง",
    "figure": "ตัวเลขหรือวันที่นี้ไม่อยู่ในแหล่งที่อ้าง",
    "name": "ชื่อนี้ไม่อยู่ในแหล่งที่อ้าง",
    "negation": "คำปฏิเสธไม่ตรงกับแหล่งที่อ้าง",
    "words": "แหล่งที่อ้างไม่ได้กล่าวไว้",
}
_BRACKETS = str.maketrans("[]【】<>", "()()‹›")
_log = logging.getLogger("thamkhlang")


@dataclass(slots=True)
class _Heard:
    """What has come of a model's words so far."""

    kept: list[Sentence] = field(default_factory=list)
    failed: list[tuple[Sentence, list[Fault]]] = field(default_factory=list)
    ended: Fallback | None = None


def answer(model: ChatModel, plain: Answer, history: Sequence[Turn] = (), stopped: Stopped = never) -> Iterator[str | Answer]:
    """The sentences that `plain`'s citations bear, as they come, then the whole; where there is none, `plain` and why.

    A sentence that they do not bear is kept back. When the model has ended, it is asked once to put those right; what it then
    says well comes after the others. All this takes `model.timeout_s` at the most, in which a server that fails before
    it has said anything is tried twice.

    Args:
        model: whom to ask.
        plain: the answer in the archive's own words, whose citations the model is shown.
        history: what was said before, the oldest first.
        stopped: whether whoever asked has gone; looked at again and again.

    Raises:
        Abandoned: they have.
    """
    deadline = Deadline(time.monotonic() + model.timeout_s, stopped)
    heard, citations = _Heard(), {cited.n: cited for cited in plain.citations}
    yield from _borne(model, _question(plain, history), deadline, citations, heard)
    failed = len(heard.failed)
    if failed and not heard.ended:
        again, known = _Heard(kept=list(heard.kept)), len(heard.kept)
        yield from _borne(model, _repair(plain, heard), deadline, citations, again)
        failed = max(0, failed - (len(again.kept) - known))
        heard.kept = again.kept
    said = cite.compose(plain.query, heard.kept, citations, model.name)
    if said:
        yield replace(said, dropped=failed, fallback=heard.ended)
        return
    yield plain.text
    yield replace(plain, dropped=failed, fallback=heard.ended or ("unsupported" if failed else "empty"))


def _borne(
    model: ChatModel, question: str, deadline: Deadline, citations: Mapping[int, Citation], heard: _Heard
) -> Iterator[str]:
    """The text of each new sentence that its quotes bear, a line each; `heard` takes in all of them."""
    quotes = {n: cited.quote for n, cited in citations.items()}
    try:
        for sentence in cite.sentences(_pieces(model, question, deadline)):
            if not deadline.left():
                heard.ended = "timeout"
                return
            if sentence.is_empty or sentence in heard.kept:
                continue
            if wrong := faults(sentence.said, sentence.cited, quotes):
                heard.failed.append((sentence, wrong))
                continue
            heard.kept.append(sentence)
            yield ("\n" if len(heard.kept) > 1 else "") + sentence.text
    except ModelUnavailable as error:
        _log.warning("%s", error)
        heard.ended = error.code


def _pieces(model: ChatModel, question: str, deadline: Deadline) -> Iterator[str]:
    """The model's words; a failure before the first of them is given a second try where there is time."""
    system = prompts.render("system")
    said = False
    try:
        for piece in paced(lambda: model.stream(system, question), deadline, _LONGEST):
            said = True
            yield piece
        return
    except ModelUnavailable as error:
        if said or error.code not in ("unavailable", "rate_limited") or deadline.left() < 2 * _PAUSE_S:
            raise
    time.sleep(_PAUSE_S)
    yield from paced(lambda: model.stream(system, question), deadline, _LONGEST)


def _question(plain: Answer, history: Sequence[Turn]) -> str:
    sources, mark = _sources(plain.citations)
    return prompts.render(
        "answer",
        mark=mark,
        sources=sources,
        history=_earlier(history) or "-",
        question=plain.query.text,
        language=_LANGUAGE[plain.query.language],
    )


def _repair(plain: Answer, heard: _Heard) -> str:
    """What to ask about the first sentences that failed, with the sources that they cite."""
    failed = heard.failed[:_REPAIRED]
    wanted = {n for sentence, _ in failed for n in sentence.cited}
    cited = [one for one in plain.citations if one.n in wanted] or plain.citations
    sources, mark = _sources(cited)
    lines = [f"- {_data(sentence.said)}: {'; '.join(map(_told, wrong[:3]))}" for sentence, wrong in failed]
    return prompts.render(
        "repair",
        mark=mark,
        sources=sources,
        faults="\n".join(lines),
        question=plain.query.text,
        language=_LANGUAGE[plain.query.language],
    )


def _told(fault: Fault) -> str:
    return _WRONG[fault.kind] + (f" ({_data(fault.said[:40])})" if fault.said else "")


def _sources(citations: Sequence[Citation]) -> tuple[str, str]:
    """The quotes as a model is shown them, and the mark between which they stand.

    The mark is a digest of the quotes, so that none of them can hold it; their brackets are made others, so that none can
    hold a marker or a line like those that begin and end it.
    """
    mark = hashlib.sha256("\n".join(cited.quote + cited.document.title for cited in citations).encode()).hexdigest()[:12]
    shown = [
        prompts.render(
            "source",
            mark=mark,
            n=str(cited.n),
            title=_data(cited.document.title[:200]),
            date=cited.document.date or "-",
            text="\n".join(_data(line) for line in cited.quote.split("\n")),
        )
        for cited in citations
    ]
    return "\n\n".join(shown), mark


def _data(text: str) -> str:
    """A line of a document, or of a model, as data: no marker, no order."""
    return obeyable(" ".join(text.split())).translate(_BRACKETS)


def _earlier(history: Sequence[Turn]) -> str:
    """The newest turns that fit, the oldest of them first."""
    lines: list[str] = []
    left = _HISTORY
    for turn in reversed(history):
        said = re.sub(r" *\[[0-9, ]+\]", "", turn.content)[:_TURN]
        line = f"{'ผู้ถาม' if turn.role == 'user' else 'ถามคลัง'}: {_data(said)}"
        left -= len(line)
        if left < 0:
            break
        lines.insert(0, line)
    return "\n".join(lines)
