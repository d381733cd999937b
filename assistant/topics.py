"""What an archive is about, by rule: terms of the field that several documents begin with, and a way to read into each."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from assistant import defining
from assistant.types import Citation
from vectorstore import glossary, thai
from vectorstore.types import Block, Document

HEAD = 2_000
"""Characters at a document's beginning that say what it is about."""
LONGEST = 5
"""Documents of a path, at most."""
_WORDS = 5
"""Words of a term, at most."""
_WORD = re.compile("[ก-๎]{2,}")
_RARE, _KNOWN = 1_500, 200
"""How often the Thai National Corpus has a word of general use; what is added to every count."""
_CORPUS = 33_535_657
"""Words of that corpus."""
_WIDE = 0.4
"""The part of the documents beyond which a term is no topic but what all are about."""
_SAME = 0.6
"""Two terms are one topic where the documents that have both are this part of those that have either."""
_SUBJECT = re.compile(
    "^(?:(?:การ|ความ|ด้าน|กลุ่ม|ศูนย์|ธนาคาร|กองทุน|โครงการ|เครือข่าย|ชุมชน|ผู้|คน|ชาว)?(?:"
    "สวัสดิการ|กองทุน|ออม(?:ทรัพย์)?|สัจจะ|หนี้|สินเชื่อ|อาชีพ|วิสาหกิจ|สหกรณ์|ท่องเที่ยว|ตลาด|ผลิตภัณฑ์ชุมชน|เศรษฐกิจ(?:ฐานราก|พอเพียง|ชุมชน|สร้างสรรค์)|โอทอป|"
    "ที่ดิน(?:ทำกิน)?|ที่อยู่อาศัย|ที่ทำกิน|บ้านมั่นคง|บ้านพอเพียง|ซ่อม(?:แซม)?บ้าน|ชุมชนแออัด|ไร้บ้าน|สภาองค์กรชุมชน|องค์กรชุมชน|แผนชุมชน|แผนแม่บท|ธรรมนูญ|ประชาธิปไตย|"
    "สูงอายุ|สูงวัย|ป่วย|ติดเตียง|พิการ|เด็ก(?!ร์)|เยาวชน|สตรี|ครอบครัว|ยากไร้|ยากลำบาก|ยากจน|เปราะบาง|แรงงาน|ชาติพันธุ์|ชาวเล|สุขภาพ|สุขภาวะ|ยาเสพติด|อาหาร|โควิด|วัคซีน|"
    "ป่า|ไฟป่า|แนวกันไฟ|หมอกควัน|ฝุ่น|ต้นไม้|ช้าง|สัตว์|น้ำ(?!หนัก|เงิน|ใจ|มัน|ตาล)|ฝาย|ลุ่มน้ำ|แหล่งน้ำ|พื้นที่ชุ่มน้ำ|ชลประทาน|แม่น้ำ|ลำน้ำ|ชายฝั่ง|ทะเล|ประมง|ธนาคารปู|ปูม้า|"
    "ขยะ|สิ่งแวดล้อม|ทรัพยากร|พลังงาน|โลกร้อน|ภัยพิบัติ|ภัยแล้ง|น้ำท่วม|อุทกภัย|แผ่นดินไหว|เกษตร(?:อินทรีย์|กรรม|กร)|เมล็ดพันธุ์|พันธุ์ข้าว|ข้าว|ยางพารา|ปศุสัตว์|วัฒนธรรม|ประเพณี|ภูมิปัญญา|"
    "ศึกษา(?!ดูงาน)|ห้องสมุด|ดิจิทัล|ทุจริต|ผู้บริโภค|คุณภาพชีวิต|จิตอาสา|อาสาสมัคร|ผู้นำ)).*(?<!ตำบล)(?<!จังหวัด)(?<!หมุนเวียน)$"
)
"""What the work of communities is about. Which of these are topics, and by which name, is for the documents to say."""
_AIM = re.compile(r"^[0-9๐-๙.() -]*(?:วัตถุประสงค์|เป้าหมาย|เพื่อ|หลักการ)")
_PLAIN = re.compile(
    "^[^ก-๎]*(?:นาย|นาง|คุณ|มติที่ประชุม รับ(?:รอง|ทราบ)|(?:ที่ประชุม)?รับทราบ|[ก-๎ ]{3,24}: ?นา[ยง]|เลิกประชุม|เริ่มประชุม|"
    "ประธานกล่าวเปิด|รับรองรายงาน|องค์กรผู้เสนอ|เอกสารตัวอย่าง|วันที่|วัน(?:จันทร์|อังคาร|พุธ|พฤหัส|ศุกร์|เสาร์|อาทิตย์)|เวลา|ณ |ครั้งที่|"
    "ผู้(?:เข้า|มา|ไม่มา|บันทึก|จด|ลง|ร่วมทาง|ให้ข้อมูล)|สถานที่|ทีม|พื้นที่|เรื่อง ?:|photo|ภาพ|เบอร์|โทร)"
)
"""Lines that say when, where and who."""
_LEAST = 25
"""Letters of a line that says something."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A term, and which of the heads have it (0-based, ascending)."""

    term: str
    heads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A document of a path, and the line of it that says what it is; `defines`: that line says what the topic is."""

    document: Document
    line: Citation
    defines: bool = False


@cache
def _field() -> frozenset[str]:
    return frozenset(form for _, forms in glossary.concepts() for form in forms if len(form) >= 4 and _SUBJECT.match(form))


def topics(heads: Sequence[str], most: int = 6) -> list[Topic]:
    """What documents with these beginnings (title first) are about, the most telling first.

    A term is one of the field's, no province, and in two heads at least, or in one of a hundred; seldom said elsewhere.
    """
    counts: Counter[str] = Counter()
    titles: Counter[str] = Counter()
    compound: set[str] = set()
    for head in heads:
        some = _terms(head)
        counts.update(some.keys())
        titles.update(term for term in some if term in head.partition("\n")[0])
        compound |= {term for term, words in some.items() if words > 1}
    scored = []
    for term, count in counts.items():
        general = thai.counts().get(term, 0)
        if max(2, len(heads) / 300) <= count <= max(3, _WIDE * len(heads)) and general < _RARE:
            rare = math.log(1 + count / len(heads) * _CORPUS / (general + _KNOWN))
            scored.append(((count + 2 * titles[term]) * rare * (1 + (term in compound)), term))
    found: list[Topic] = []
    for _, term in sorted(scored, key=lambda one: (-one[0], one[1]))[: 8 * most]:
        topic = Topic(term, tuple(number for number, head in enumerate(heads) if term in head))
        if not any(_same(topic, other) for other in found):
            found.append(topic)
    return found[:most]


def _terms(head: str) -> dict[str, int]:
    """Terms of the field that stand in `head` as words, with how many words they are."""
    words = thai.words(head)
    found: dict[str, int] = {}
    for first in range(len(words)):
        term = ""
        for size, word in enumerate(words[first : first + _WORDS], 1):
            if not _WORD.fullmatch(word):
                break
            term += word
            if term in _field() and term not in thai.provinces():
                found[term] = size
    return found


def _same(one: Topic, other: Topic) -> bool:
    if one.term in other.term or other.term in one.term:
        return True
    mine, theirs = set(one.heads), set(other.heads)
    return len(mine & theirs) >= _SAME * len(mine | theirs)


def path(term: str, documents: Iterable[Document]) -> list[Step]:
    """A way into a topic through the documents that tell of it: what defines it first, then the oldest to the newest.

    At most LONGEST: of more, those of the most kinds, and those that speak of it most; the newest minutes are among them.
    """
    steps = [step for document in documents if (step := _step(term, document))]
    steps.sort(key=lambda step: (step.document.date or "9", step.document.source))
    first = next((step for step in steps if step.defines), None) or next(
        (step for step in steps if step.document.kind == "project"), None
    )
    last = next((step for step in reversed(steps) if step.document.kind == "minutes" and step is not first), None)
    kept = [step for step in (first, last) if step]
    others = sorted((step for step in steps if step not in kept), key=lambda step: -_told(term, step.document))
    kinds = {step.document.kind for step in kept}
    for step in sorted(others, key=lambda step: step.document.kind in kinds):
        if len(kept) < LONGEST:
            kept.append(step)
    rest = [step for step in steps if step in kept and step is not first]
    return ([first] if first else []) + rest


def _told(term: str, document: Document) -> float:
    return 5 * (term in document.title) + document.text.count(term) / (1 + len(document.text) / 2_000)


def _step(term: str, document: Document) -> Step | None:
    said = defining.sentence(document.text, [term])
    if said and said.worth > 1 and (line := defining.cited(document, said.start, said.end)):
        return Step(document, line, defines=True)
    span = _line(term, document)
    line = defining.cited(document, *span) if span else None
    return Step(document, line) if line else None


def _line(term: str, document: Document) -> tuple[int, int] | None:
    """The line that says what a document is: its aim, what it resolved of the topic, or the first that tells of it."""
    best: tuple[int, Block] | None = None
    for number, block in enumerate(document.blocks[:400]):
        said = document.text[block.start : block.end]
        if block.kind in ("heading", "table_row") or block.doubt == "hidden" or len(said) < _LEAST or _PLAIN.match(said):
            continue
        if said in document.title or document.title in said[: len(document.title) + 2]:
            continue
        aim = bool(_AIM.match(said) or (block.section and _AIM.match(block.section[-1])))
        worth = 2 * aim + 3 * (term in said) + (number < 12) + (said.startswith(("มติ", "ที่ประชุมมีมติ")) and term in said)
        if best is None or worth > best[0]:
            best = worth, block
    return _cut(term, document.text, best[1]) if best else None


def _cut(term: str, text: str, block: Block) -> tuple[int, int]:
    """The clauses of a long block from the one that has the term on, as long as may be quoted."""
    spans = [(block.start + start, block.start + end) for start, end in thai.clauses(text[block.start : block.end])]
    if block.end - block.start <= defining.LONGEST or not spans:
        return block.start, block.end
    at = next((number for number, (start, end) in enumerate(spans) if term in text[start:end]), 0)
    start, end = spans[at]
    if end - block.start <= defining.LONGEST:
        start = block.start
    for _, later in spans[at + 1 :]:
        if later - start <= defining.LONGEST:
            end = later
    if end - start > defining.LONGEST:
        space = text.rfind(" ", start, start + defining.LONGEST)
        end = space if space > start + _LEAST else start + defining.LONGEST
    return start, end
