"""One row in place of its whole table or list, where one value is asked for and one row alone names what it is of.

A row is whole by itself with the row that names the columns, which is quoted beside it, and what stands above. Where what is
asked about stands only above the rows, they are told apart by nothing, and a sum is that of the last: the total. In doubt,
the whole table or list is the answer.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant.askwords import verb
from assistant.kinds import any_of
from assistant.match import Text, answers_kind
from assistant.types import Concept, Query, Wanted
from assistant.units import Unit, rows
from vectorstore import thai

SEVERAL = any_of(
    "บ้าง|มั่ง",
    "ทั้งหมด|รายชื่อ|ทุกคน",
    "(?:แต่ละ|ทุก)(?:ครั้ง|ปี|แห่ง|ตำบล|จังหวัด|โครงการ|เวที)",
    "ครั้งไหน|กี่ครั้ง|ย้อนหลัง|ที่ผ่านมา|ล่าสุด",
    "(?<![a-z])(?:all|each|every|which|latest|recent|recently|over the years)(?![a-z])",
)
"""What shows that more than one thing, or the things of more than one report, are asked for."""
_ONE: frozenset[Wanted] = frozenset(["amount", "money", "when", "who", "where"])
_ASKING = any_of(
    "กี่|เท่า(?:ไร|ไหร่|ใด)|ใคร|ผู้ใด|เมื่อ(?:ไร|ไหร่|ใด)|อะไร|ไหน|อย่างไร|ยังไง",
    "(?<![a-z])(?:how|who|whom|whose|when|where|what|which)(?![a-z])",
)
_HELD, _AMONG = 0.3, 0.7
"""How much of what the reader finds in the whole, and in the rows that name as much as this one, this one must hold."""
_TOTAL = re.compile(r"[\d. |]*(?:รวม|ยอดรวม|ผลรวม|total)", re.IGNORECASE)
_DEPUTY = ("รอง", "ผู้ช่วย", "อดีต", "ที่ปรึกษา")
"""What stands before the name of a post that is another one's."""

Shares = Callable[[Sequence[Unit]], Sequence[float]]


def asks_for_one(query: Query) -> bool:
    """Whether one value is asked for: a sum, a number, a day, a place or a person."""
    return set(query.wanted) <= _ONE and not SEVERAL.search(query.text) and len(_ASKING.findall(query.text)) == 1


def narrowed(query: Query, whole: Unit, counts: Mapping[str, float], shares: Shares) -> Unit:
    """The row of a table or list that answers in its stead, or `whole` itself.

    Args:
        query: the question.
        whole: a piece that is chosen to answer.
        counts: what each thing that is asked about counts, by name.
        shares: how much of what the reader takes for the answer each of some pieces of the document holds, 0 to 1.
    """
    fitting = list(_fitting(query, whole, counts)) if asks_for_one(query) else []
    if len(fitting) == 1 and _TOTAL.match(fitting[0].text) and not _unsaid(query, fitting[0].around):
        return fitting[0]
    held = shares(fitting)
    if not fitting or max(held) < _AMONG * sum(held) or max(held) < _HELD * shares([whole])[0]:
        return whole
    return fitting[max(range(len(held)), key=held.__getitem__)]


def _fitting(query: Query, whole: Unit, counts: Mapping[str, float]) -> Iterator[Unit]:
    """The rows that lack nothing which the whole has, and name the most that is not said of all of them."""
    texts = Text(whole.text), Text(whole.around)
    told = [concept for concept in _matter(query) if any(text.holds(concept) for text in texts)]
    kinds = {kind: answers_kind(query, whole.text, kind, whole.around) for kind in query.wanted}
    named: list[tuple[Unit, float]] = []
    for row in rows(whole):
        above, own = Text(row.around), [concept for concept in told if _names(query, row.text, concept)]
        lacks = any(concept not in own and not above.holds(concept) for concept in told)
        if not lacks and all(answers_kind(query, row.text, kind, row.around) >= sure for kind, sure in kinds.items()):
            named.append((row, sum(concept.weight * counts[concept.name] for concept in own if not above.holds(concept))))
    most = max((count for _, count in named), default=0.0)
    sums = not {"amount", "money"}.isdisjoint(query.wanted)
    yield from (row for row, count in named if count == most and (most or (sums and _TOTAL.match(row.text))))


def _matter(query: Query) -> list[Concept]:
    """What is asked about, without verbs that say nothing of it: ใช้, ทำ."""
    return [concept for concept in query.concepts if not verb(concept.name)]


def _unsaid(query: Query, above: str) -> bool:
    """Whether a part of the matter is not said above the rows, and may be one row's in other words."""
    said = Text(above)
    return not all(said.holds(concept) for concept in _matter(query))


def _names(query: Query, text: str, concept: Concept) -> bool:
    """Whether `text` names it, and not the deputy of the one that is asked about."""
    if not Text(text).holds(concept):
        return False
    folded, asked = thai.fold(text), thai.fold(query.text)
    found = [
        (folded[: match.start()], form)
        for form in map(thai.fold, concept.alternatives)
        for match in re.finditer(re.escape(form), folded)
    ]
    return not found or any(not before.endswith(_DEPUTY) or f"{_deputy(before)}{form}" in asked for before, form in found)


def _deputy(before: str) -> str:
    return next(word for word in _DEPUTY if before.endswith(word))
