"""The answer in the archive's own words: the chosen pieces, each whole, each with its marker."""

from collections.abc import Sequence

from assistant.evidence import Evidence
from assistant.types import Answer, Citation, Query

_LEAD = {"th": "", "en": "In the reports' own words (Thai):\n"}


def answer(query: Query, evidence: Sequence[Evidence]) -> Answer:
    """`evidence` (at least one piece, best first) quoted; several pieces stand in the order of their worth."""
    citations = tuple(citation(n, piece) for n, piece in enumerate(evidence, start=1))
    body = "\n\n".join(f"{cited.quote} [{cited.n}]" for cited in citations)
    return Answer(query=query, text=_LEAD[query.language] + body, citations=citations)


def citation(n: int, piece: Evidence) -> Citation:
    """The `n`-th citation: where a piece stands."""
    unit = piece.unit
    return Citation(
        n=n, document=unit.document, page=unit.page, section=unit.section, quote=unit.text, start=unit.start, end=unit.end
    )
