"""One row in place of its whole table or list, where one value is asked for and one row alone names it."""

import re
from collections.abc import Mapping

from assistant.kinds import any_of
from assistant.match import Text, answers_kind
from assistant.types import Query, Wanted
from assistant.units import Unit, rows

SEVERAL = any_of(
    "บ้าง|มั่ง",
    "ทั้งหมด|รายชื่อ|ทุกคน|กันคนละ",
    "(?:แต่ละ|ทุก)(?:ครั้ง|ปี|แห่ง|ตำบล|จังหวัด|โครงการ|เวที)",
    "ครั้งไหน|กี่ครั้ง|ย้อนหลัง|ที่ผ่านมา|ล่าสุด",
    "(?<![a-z])(?:all|each|every|which|latest|recent|recently|over the years)(?![a-z])",
)
_ONE: frozenset[Wanted] = frozenset(["amount", "money", "when", "who", "where"])
_ASKING = any_of(
    "กี่|เท่า(?:ไร|ไหร่|ใด)|ใคร|ผู้ใด|เมื่อ(?:ไร|ไหร่|ใด)|อะไร|ไหน|อย่างไร|ยังไง",
    "(?<![a-z])(?:how|who|whom|whose|when|where|what|which)(?![a-z])",
)
_HELD = 0.3
"""How much of what the reader finds in the group the row must hold, or the two disagree."""
_AMONG = 0.7
"""And of what it finds in rows that name as much as this one."""
_TOTAL = re.compile(r"[\d. |]*(?:รวม|ยอดรวม|ผลรวม|total)", re.IGNORECASE)
_NOT_THE = re.compile("(?:รอง|ผู้ช่วย|อดีต|ที่ปรึกษา)$")


def narrowed(query: Query, group: Unit, counts: Mapping[str, float], shares: object) -> Unit:
    """."""
    if not asks_for_one(query):
        return group
    within = rows(group)
    if len(within) < 2:
        return group
    whole = [Text(group.text), Text(group.around)]
    required = [c for c in query.concepts if any(t.holds(c) for t in whole)]
    told: list[tuple[Unit, float]] = []
    for row in within:
        own, around = Text(row.text), Text(row.around)
        if not all(own.holds(c) or around.holds(c) for c in required):
            continue
        if any(answers_kind(query, row.text, kind) < answers_kind(query, group.text, kind) for kind in query.wanted):
            continue
        told.append((row, sum(counts[c.name] * c.weight for c in required if own.holds(c) and not around.holds(c))))
    most = max((v for _, v in told), default=0.0)
    if most <= 0:
        fitting = [row for row, _ in told if _TOTAL.match(row.text)] if {"money", "amount"} & set(query.wanted) else []
    else:
        fitting = [row for row, v in told if v >= most - 1e-9]
    held = [float(x) for x in shares(fitting)]
    if not held or max(held) < _AMONG * sum(held):
        return group
    best = held.index(max(held))
    return fitting[best] if held[best] >= _HELD * float(shares([group])[0]) else group


def asks_for_one(query: Query) -> bool:
    """Whether one value is asked for."""
    return set(query.wanted) <= _ONE and not SEVERAL.search(query.text) and len(_ASKING.findall(query.text)) == 1
