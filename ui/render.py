"""Answers, hits and scores as text for people: Buddhist years, Thai words, no markup."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from assistant.evaluation import Answering, Retrieval, Score, Share
from assistant.types import Answer, Citation, Query, Refusal
from ui.messages import refusal, whose_words
from ui.words import WORDS
from vectorstore.erasing import Erasure
from vectorstore.status import Status
from vectorstore.types import Doubt, Header, Hit, Version

MONTHS = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
STANDINGS = {"draft": "ร่าง ยังไม่รับรอง", "approved": "รับรองแล้ว", None: ""}
"""What minutes say of themselves."""
KINDS = {"minutes": "รายงานการประชุม", "project": "เอกสารโครงการ", "notes": "บันทึก", "news": "ข่าว", "report": "รายงาน"}


DOUBTS: dict[Doubt, str] = {"ocr": "อ่านจากภาพด้วยเครื่อง โปรดเทียบกับต้นฉบับ", "hidden": "ข้อความที่มองไม่เห็นในต้นฉบับ"}
"""What is said beside words that are to be compared with the original."""


def day(date: str | None) -> str:
    """An ISO date in Thai with the Buddhist year: 2023-01-29 -> 29 ม.ค. 2566; '' where there is none."""
    if not date:
        return ""
    year, *rest = (int(part) for part in date.split("-"))
    month = f"{MONTHS[rest[0] - 1]} " if rest else ""
    return (f"{rest[1]} " if len(rest) > 1 else "") + f"{month}{year + 543}"


def place(cited: Citation) -> str:
    """Where a citation stands: title, date, page and section on one line."""
    parts = [
        cited.document.title,
        STANDINGS[cited.document.status],
        day(cited.document.date),
        f"หน้า {cited.page}" if cited.page else "",
        " › ".join(cited.section),
    ]
    return " · ".join(part for part in parts if part)


def reply_text(reply: Answer | Refusal) -> str:
    """An answer with its sources, or a refusal with the nearest documents."""
    if isinstance(reply, Refusal):
        near = [f"  - {near_line(header)}" for header in reply.nearest]
        return "\n".join([refusal(reply), *(["เอกสารที่ใกล้เคียง:"] if near else []), *near])
    sources = [
        f"[{cited.n}] {place(cited)}\n    {cited.document.source} ตัวอักษรที่ {cited.start}–{cited.end}"
        f"{_beside(cited)}{_noted(cited.doubt)}"
        for cited in reply.citations
    ]
    told = whose_words(reply)
    return "\n".join([reply.text, *([f"({told})"] if told else []), "", "ที่มา", *sources])


def _beside(cited: Citation) -> str:
    words = others_line(cited.others)
    return f"\n    {words}" if words else ""


def others_line(others: Sequence[Header]) -> str:
    """Which documents say the same, and which drafts there are, on one line; '' where there are none."""
    drafts = [other.source for other in others if other.status == "draft"]
    same = [other.source for other in others if other.status != "draft"]
    parts = [("มีฉบับร่างด้วย", drafts), ("ถ้อยคำเดียวกันมีใน", same)]
    return " · ".join(f"{what}: {', '.join(names)}" for what, names in parts if names)


_SHOWN = 20
"""How many similar documents are named after many were added."""


def listed(header: Header, version: Version, similar: Sequence[Header]) -> str:
    """A document in a list: the beginning of its id, its day and names; what it says of itself, which version, and copies."""
    line = f"{header.id[:12]}  {day(header.date) or '-':<16}  {header.source}  {header.title}"
    about = [STANDINGS[header.status]]
    if version.version > 1:
        about.append(f"ฉบับที่ {version.version} เพิ่มเมื่อ {day(version.added_at[:10])}")
    if similar:
        about.append(f"คล้ายกับ {', '.join(other.source for other in similar)}")
    return "  ".join([line, *(f"[{words}]" for words in about if words)])


def version_text(one: Version) -> str:
    """One version of a source: its id, by which it stays openable, its number, when it was added (UTC) and its names."""
    now = "ฉบับปัจจุบัน" if one.current else "ถูกแทนแล้ว"
    added = f"{day(one.added_at[:10])} {one.added_at[11:16]}"
    return f"{one.document_id}  ฉบับที่ {one.version}  เพิ่มเมื่อ {added} (UTC)  {now}  {one.source}  {one.title}"


def personal_lines(counts: Mapping[str, int], *, shows: bool) -> list[str]:
    """Which documents that were added have personal data, in how many places, a line each; the first ones by name."""
    done = "มี" if shows else "ปิดบัง"
    lines = [f"  • {source} {done}ข้อมูลส่วนบุคคล {count} แห่ง" for source, count in list(counts.items())[:_SHOWN]]
    rest = len(counts) - _SHOWN
    return lines + ([f"  • และอีก {rest:,} เอกสาร ดูได้ด้วย thamkhlang check --privacy"] if rest > 0 else [])


def similar_lines(similar: Mapping[str, Sequence[str]]) -> list[str]:
    """Which of the documents that were added say nearly the same as others, a line each."""
    lines = [f"  ≈ {source} คล้ายกับ {', '.join(others)}" for source, others in list(similar.items())[:_SHOWN]]
    rest = len(similar) - _SHOWN
    return lines + ([f"  ≈ และอีก {rest} เอกสารที่คล้ายกับเอกสารอื่น ดูได้ด้วย thamkhlang list"] if rest > 0 else [])


def erasure_text(gone: Erasure) -> str:
    """A certificate of what was erased."""
    indexes = {"clean": "ไม่เหลือในไฟล์ดัชนีแล้ว", "rebuilding": "ค้นไม่พบแล้ว และกำลังสร้างดัชนีใหม่เพื่อล้างไฟล์เดิม"}[gone.indexes]
    lines = [
        f"ลบ {gone.source} ({gone.title}) ออกจากคลังทั้งหมดแล้ว",
        *(f"  รหัส {name} (ฉบับที่ {n})" for n, name in enumerate(gone.documents, start=1)),
        f"  ช่วงข้อความและเวกเตอร์ {gone.passages} · คำถามในบทสนทนาที่ตัดถ้อยคำออก {gone.turns}"
        f" · ความเชื่อมโยงกับเอกสารที่คล้ายกัน {gone.copies}",
        f"  ดัชนี: {indexes}",
        f"  เวลา {gone.at} (UTC) · ไฟล์ต้นฉบับและสำเนาสำรองที่อยู่นอกคลังไม่ได้ถูกลบ",
    ]
    return "\n".join(lines)


def read_as(query: Query) -> str:
    """What is searched besides what was typed, on one short line; '' where nothing was mended or expanded."""
    mended = [f"{' '.join(r.forms)} (พิมพ์ว่า {r.said})" for r in query.readings if r.kind == "spelling"]
    expanded = [
        f"{r.said} = {r.forms[0]}" for r in query.readings if r.kind == "abbreviation" and len(r.said) < len(r.forms[0])
    ]
    return f"ค้นด้วย: {' · '.join([*mended, *expanded])}" if mended or expanded else ""


def understood_as(query: Query) -> str:
    """The question as it stands alone, where an earlier one lent it words; else ''."""
    return WORDS["understood"].format(question=query.text) if query.carried else ""


def near_line(header: Header) -> str:
    """A document on one line."""
    return " · ".join(part for part in (header.title, day(header.date), header.source) if part)


def _noted(doubt: Doubt | None) -> str:
    return f"\n    ({DOUBTS[doubt]})" if doubt else ""


def hit_text(n: int, hit: Hit, doubt: Doubt | None = None) -> str:
    """A hit: where it stands, then its words, and what is doubtful about them."""
    parts = (hit.document.title, STANDINGS[hit.document.status], day(hit.document.date), " › ".join(hit.passage.section))
    head = " · ".join(part for part in parts if part)
    same = f"(ข้อความเดียวกันใน {', '.join(other.source for other in hit.others)})\n" if hit.others else ""
    noted = f"({DOUBTS[doubt]})\n" if doubt else ""
    return f"{n}. {head} ({hit.document.source}, {hit.score:.2f})\n{hit.passage.text}\n{noted}{same}"


_PERSONAL = {
    "hidden": "ข้อมูลส่วนบุคคล: ปิดบังเมื่อแสดง แต่เอกสารที่เพิ่มไว้ก่อนยังไม่ถูกปิดบังในฐานข้อมูล สั่ง thamkhlang rebuild เพื่อปิดบังถาวร",
    "kept": "ข้อมูลส่วนบุคคล: เก็บและแสดงตามเอกสาร (THAMKHLANG_SHOW_PERSONAL=true)",
}


def status_text(status: Status) -> str:
    """How the archive stands."""
    index = {
        "ready": "พร้อม",
        "exact": "ค้นเวกเตอร์ทีละรายการ",
        "words_missing": "ค้นด้วยความหมายอย่างเดียว",
        "vectors_missing": "ค้นด้วยคำอย่างเดียว",
    }[status.index]
    lines = [
        f"เอกสาร {status.documents} · ช่วงข้อความ {status.passages}",
        f"ดัชนี: {index}",
        f"โมเดลเวกเตอร์: {status.embedding} ({status.dimension} มิติ)",
    ]
    lines += [_PERSONAL[status.personal]] if status.personal in _PERSONAL else []
    if status.unswept:
        lines.append(f"ไฟล์ดัชนียังมีคำของเอกสารที่ลบเมื่อ {status.unswept} (ค้นไม่พบแล้ว) ล้างให้เสร็จด้วย thamkhlang rebuild")
    return "\n".join(lines + ([f"ปัญหา: {status.problem}"] if status.problem else []))


def score_text(score: Score, *, show: bool = False) -> str:
    """A score as a small table; with `show` the questions that went wrong."""
    overall = score.answering["all"]
    rows = [
        ("คำถาม", str(score.questions)),
        ("พบเอกสาร (5 อันดับแรก)", _percent(score.found)),
        ("พบเอกสารเป็นอันดับแรก", _percent(score.first)),
        ("ตอบถูก (ถ้อยคำที่อ้างมีคำตอบครบ)", _percent(score.answered)),
        ("ปฏิเสธถูก (คลังไม่มีคำตอบ)", _percent(score.refused)),
        ("ปฏิเสธทั้งที่มีคำตอบ", _percent(score.wrongly_refused)),
        ("ตัวเลขและชื่อในคำตอบอยู่ในถ้อยคำที่อ้าง", _percent(overall.support)),
        ("ถ้อยคำที่อ้างตรงตามตัวอักษรที่ตำแหน่งนั้น", _percent(overall.precision)),
        ("การอ้างอิงที่เปิดไม่ตรง", str(score.citations_broken)),
        ("มิลลิวินาทีต่อคำตอบ (p50 / p95)", " / ".join(f"{of:.0f}" for of in score.wait_ms) if score.wait_ms else "-"),
        ("ตัวอักษรที่อ้างต่อคำตอบ (เฉลี่ย)", "-" if overall.length is None else f"{overall.length:.0f}"),
    ]
    lines = [f"{value:>8}  {name}" for name, value in rows] + _answering_lines(score.answering)
    lines += _retrieval_lines(score.retrieval)
    if show:
        for outcome in score.outcomes:
            right = outcome.refused if outcome.question.abstain else outcome.answered and outcome.found
            if not right:
                found = "" if outcome.found or outcome.question.abstain else " (ไม่พบเอกสาร)"
                lines += ["", f"✗ {outcome.question.id}{found} {' / '.join(outcome.question.turns)}", f"  {outcome.said}"]
    return "\n".join(lines)


_GROUPS = {
    "all": "ทั้งหมด",
    "th": "ภาษาไทย",
    "en": "ภาษาอังกฤษ",
    "plain": "ถามตรง",
    "colloquial": "ภาษาพูด",
    "english": "ภาษาอังกฤษ",
    "followup": "ถามต่อเนื่อง",
    "unanswerable": "คลังไม่มีคำตอบ",
}
"""Kinds of question as the files name them."""


def _answering_lines(groups: dict[str, Answering]) -> list[str]:
    """A table of each kind of question; nothing where the file tells none apart."""
    if len(groups) < 2:
        return []
    head = ["ข้อ", "ตอบถูก", "ปฏิเสธถูก", "ปฏิเสธผิด", "ตัวอักษร"]
    rows = [
        [
            str(of.questions),
            *map(_percent, (of.answered, of.refused, of.wrongly_refused)),
            f"{of.length:.0f}" if of.length else "-",
        ]
        for of in groups.values()
    ]
    return ["", "แยกตามชนิดของคำถาม", *_table(head, rows, groups)]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], groups: Iterable[str]) -> list[str]:
    """Lines of cells set to the right, and the group's name behind."""
    widths = [max(_width(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = []
    for name, row in zip(["", *groups], [head, *rows], strict=True):
        cells = [" " * (width - _width(cell)) + cell for cell, width in zip(row, widths, strict=True)]
        lines.append("  ".join([*cells, _GROUPS.get(name, name)]).rstrip())
    return lines


def _retrieval_lines(groups: dict[str, Retrieval]) -> list[str]:
    """A table of where the right document was; nothing where no question names one."""
    if not groups:
        return []
    head = ["ข้อ", "เป็นอันดับแรก", "ใน 5", "ใน 10", "MRR@10", "nDCG@10"]
    rows = [
        [str(of.questions), *(_interval(share) for share in (of.first, of.in_5, of.in_10, of.mrr, of.ndcg))]
        for of in groups.values()
    ]
    title = "เอกสารที่ถูกอยู่อันดับใดใน 10 เอกสารแรก (% และช่วงเชื่อมั่น 95%)"
    return ["", title, *_table(head, rows, groups)]


def _interval(share: Share) -> str:
    return f"{share.value * 100:.1f} ({share.low * 100:.0f}–{share.high * 100:.0f})"


def _width(text: str) -> int:
    """Columns on a screen: Thai vowels and tones above and below take none."""
    return sum(unicodedata.category(char) != "Mn" for char in text)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share * 100:.1f}%"
