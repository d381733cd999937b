"""Drafts of minutes beside the minutes that came of them: these are quoted, and the drafts named."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.types import Answer, Citation
from vectorstore.types import Header, Hit

_ASKED = ("ร่าง", "draft")


def preferred(text: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits without those of drafts whose minutes are among them too; the minutes' hits name the drafts.

    A question that speaks of a draft gets them all, and so does one for which a draft alone was found.
    """
    if any(word in text.lower() for word in _ASKED):
        return list(hits)
    drafts = list({hit.document.id: hit.document for hit in hits if hit.document.status == "draft"}.values())
    kept = [hit for hit in hits if not any(_came_of(hit.document, other.document) for other in hits)]
    return [_naming(hit, [draft for draft in drafts if _came_of(draft, hit.document)]) for hit in kept]


def _came_of(draft: Header, minutes: Header) -> bool:
    """Whether `minutes` are those that came of `draft`: of the same body, number and year, and the same day."""
    same = draft.meeting is not None and draft.meeting == minutes.meeting
    return same and draft.status == "draft" != minutes.status and (draft.date or minutes.date) == (minutes.date or draft.date)


def _naming(hit: Hit, drafts: Sequence[Header]) -> Hit:
    return replace(hit, others=tuple(dict.fromkeys([*hit.others, *drafts]))) if drafts else hit


def named(answer: Answer, hits: Sequence[Hit]) -> Answer:
    """The answer, each citation with the documents that say the same there, and the drafts of what it quotes."""
    return replace(answer, citations=tuple(replace(cited, others=_others(cited, hits)) for cited in answer.citations))


def _others(cited: Citation, hits: Sequence[Hit]) -> tuple[Header, ...]:
    own = [hit for hit in hits if hit.document.id == cited.document.id]
    near = [hit for hit in own if hit.passage.start < cited.end and cited.start < hit.passage.end]
    found = [other for hit in near for other in hit.others]
    found += [other for hit in own for other in hit.others if _came_of(other, cited.document)]
    return tuple(dict.fromkeys(found))
