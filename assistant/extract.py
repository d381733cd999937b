"""The answer in the archive's own words: the chosen pieces, each whole, each with its marker."""

from collections.abc import Sequence

from assistant.evidence import Evidence, differ
from assistant.types import Answer, Citation, Query
from vectorstore.types import doubt_of

_LEAD = {"th": "", "en": "In the reports' own words (Thai):\n"}
_COLUMNS = {"th": "ชื่อคอลัมน์: ", "en": "Columns: "}
_DIFFER = {
    "th": "เอกสารให้ตัวเลขต่างกัน (ใหม่ไปเก่า)",
    "en": "The documents give different figures (newest first).",
}


def answer(query: Query, evidence: Sequence[Evidence]) -> Answer:
    """`evidence` (at least one piece, best first) quoted; several pieces stand in the order of their worth.

    Where the words asked for are sure they lead, as the source writes them; the quote that has them follows. The names of
    its columns stand in the line below a row.
    """
    citations = tuple(citation(n, piece) for n, piece in enumerate(evidence, start=1))
    quotes = "".join(
        f"\n{_COLUMNS[query.language]}{cited.quote} [{cited.n}]" if piece.names_columns else f"\n\n{cited.quote} [{cited.n}]"
        for piece, cited in zip(evidence, citations, strict=True)
    )
    lead = [f"{piece.words} [{n}]" for n, piece in enumerate(evidence, start=1) if piece.words]
    if differ(evidence):
        lead = ["\n".join([_DIFFER[query.language], *lead])]
    return Answer(query=query, text=_LEAD[query.language] + "\n\n".join([*lead[:1], quotes.lstrip("\n")]), citations=citations)


def citation(n: int, piece: Evidence) -> Citation:
    """The `n`-th citation: where a piece stands."""
    unit = piece.unit
    return Citation(
        n=n,
        document=unit.document,
        page=unit.page,
        section=unit.section,
        quote=unit.text,
        start=unit.start,
        end=unit.end,
        doubt=doubt_of(unit.document.blocks, unit.start, unit.end),
    )
