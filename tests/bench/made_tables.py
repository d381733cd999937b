"""Tables and lists made up by rule, with questions on them: layouts of which there are few to learn from elsewhere."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from vectorstore import glossary, thai

_CATEGORIES = (
    "ค่าตอบแทน|ค่าใช้สอย|ค่าวัสดุ|ค่าครุภัณฑ์|ค่าจ้างเหมา|ค่าเดินทาง|ค่าอาหารและที่พัก|ค่าเวทีประชาคม|ค่าอบรม|ค่าบริหารจัดการ|ค่าติดตามประเมินผล"
    "|ค่าประชาสัมพันธ์|ค่าศึกษาดูงาน|ค่าพันธุ์ไม้|ค่าซ่อมแซม|ค่าสื่อและเอกสาร"
)
_ROLES = "ประธาน|รองประธาน|เลขานุการ|เหรัญญิก|ผู้ตรวจสอบ|ที่ปรึกษา|ผู้ประสานงาน|ประชาสัมพันธ์|นายทะเบียน|ผู้รายงาน"
_FIRST = "สมชาย|สมหญิง|บุญมี|ประเสริฐ|วิไล|สุพัตรา|อนันต์|จันทร์เพ็ญ|ธีระ|มาลี|คำปัน|รัตนา|วีระ|อรุณ|นิตยา|ไพโรจน์"
_LAST = "แก้วมณี|ใจดี|ทองสุข|ศรีวงศ์|บุญเรือง|พันธุ์ดี|สายทอง|มั่นคง|รักไทย|วงษ์คำ|ดอนชัย|พรหมมา|เพชรรัตน์|หลวงจันทร์"
_TOPICS = "โครงการส่งเสริมอาชีพ|กองทุนสวัสดิการชุมชน|โครงการบ้านพอเพียง|แผนพัฒนาตำบล|โครงการฟื้นฟูป่าชุมชน|โครงการจัดการน้ำ|เวทีสภาองค์กรชุมชน"
_FILLER = (
    "ที่ประชุมรับทราบผลการดำเนินงานที่ผ่านมาและร่วมกันวางแผนระยะต่อไป",
    "คณะทำงานลงพื้นที่ติดตามงานร่วมกับผู้นำชุมชนและเจ้าหน้าที่ท้องถิ่น",
    "การดำเนินงานเน้นการมีส่วนร่วมของชาวบ้านในทุกขั้นตอน",
    "ปัญหาที่พบคือการประสานงานล่าช้าและข้อมูลยังไม่ครบทุกหมู่บ้าน",
    "ขอให้ทุกฝ่ายสรุปผลส่งก่อนการประชุมครั้งหน้า",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on a made text; `answer` stands in it, '' where nothing there answers."""

    question: str
    title: str
    text: str
    answer: str


def made(number: int) -> Iterator[Asked]:
    """`number` texts, each asked twice: for a line that it has, and for one that it has not; the same on every run."""
    draw = random.Random(11)
    bodies = _bodies()
    for _ in range(number):
        place = draw.choice(list(thai.provinces()))
        title = f"{draw.choice(_TOPICS.split('|'))} จังหวัด{place}"
        lines, asked, missing = draw.choice((_money, _counts, _people))(draw, bodies, place)
        filler = draw.sample(_FILLER, draw.randint(1, 4))
        cut = draw.randint(0, len(filler))
        text = "\n".join([*filler[:cut], *lines, *filler[cut:]])
        text = f"{title}\n{text}" if draw.random() < 0.5 else text
        about = draw.choice([f" {title}", f" ใน{title}", "", f" ที่{place}"])
        (question, answer), nothing = asked, missing
        yield Asked(question + about, title, text, answer)
        yield Asked(nothing + about, title, text, "")


def _bodies() -> list[tuple[str, ...]]:
    """Bodies that give money, each in all its names, Thai and English."""
    some = [(*thais, *names) for names, thais in glossary.concepts() if any("." in form for form in thais) and len(thais) > 1]
    return [
        forms
        for forms in some
        if any(form.startswith(("สถาบัน", "กรม", "องค์การ", "สำนักงาน", "ธนาคาร", "กองทุน")) for form in forms)
    ]


T = TypeVar("T")
Table = tuple[list[str], tuple[str, str], str]


def _money(draw: random.Random, bodies: Sequence[tuple[str, ...]], _: str) -> Table:
    sources = draw.random() < 0.6
    labels = draw.sample(bodies, 7) if sources else [(label,) for label in draw.sample(_CATEGORIES.split("|"), 7)]
    sums = [f"{amount:,}" for amount in draw.sample(range(4_000, 9_000_000, 500), 6)]
    shown = [draw.choice([form for form in forms if thai_form(form)]) for forms in labels]
    head = draw.choice(["ผู้สนับสนุน | จำนวนเงิน (บาท)", "งบประมาณ", "เงินสมทบจากหน่วยงาน\nหน่วยงาน\nยอดเงิน (บาท)", "รายการ | บาท"])
    name, other = draw.choice(labels[0]), draw.choice(labels[6])
    ask = draw.choice(
        ["{} สนับสนุนเท่าไร", "{} ให้งบกี่บาท", "ได้เงินจาก{}เท่าไหร่", "งบของ{}กี่บาทอ่ะ"]
        if sources
        else ["{}เท่าไร", "งบ{}กี่บาท", "หมวด{}ใช้เงินเท่าไหร่"]
    )
    ask = ask if thai_form(name) else "How much did the {} contribute to"
    nothing = "{} สนับสนุนเท่าไร" if thai_form(other) else "How much did the {} contribute to"
    return _laid_out(draw, head, shown[:6], sums, "บาท"), (ask.format(name), sums[0]), nothing.format(other)


def _counts(draw: random.Random, _: Sequence[tuple[str, ...]], place: str) -> Table:
    unit = draw.choice(["ครัวเรือน", "คน", "หลัง", "ไร่", "ราย"])
    names = [f"{draw.choice(['จังหวัด', 'ตำบล', 'หมู่บ้าน'])}{name}" for name in draw.sample(list(thai.provinces()), 7)]
    counts = [str(count) for count in draw.sample(range(11, 999), 6)]
    ask = draw.choice(["{} กี่" + unit, "{} มีกี่" + unit, "เป้าหมายของ{}กี่" + unit])
    return (
        _laid_out(draw, f"เป้าหมายของ{place}", names[:6], counts, unit),
        (ask.format(names[0]), counts[0]),
        ask.format(names[6]),
    )


def _people(draw: random.Random, _: Sequence[tuple[str, ...]], place: str) -> Table:
    roles = draw.sample(_ROLES.split("|"), 7)
    people = [
        f"{draw.choice(['นาย', 'นาง', 'คุณ'])}{first} {last}"
        for first, last in zip(draw.sample(_FIRST.split("|"), 6), draw.sample(_LAST.split("|"), 6), strict=True)
    ]
    ask = draw.choice(["ใครเป็น{}", "{}ชื่ออะไร", "{}คือใครอ่ะ"])
    if draw.random() < 0.5:
        lines = [f"{name} {role}" for name, role in zip(people, roles, strict=False)]
        return ["รายชื่อคณะทำงาน" + place, *_shuffled(draw, lines)], (ask.format(roles[0]), people[0]), ask.format(roles[6])
    return _laid_out(draw, "คณะกรรมการ", roles[:6], people, ""), (ask.format(roles[0]), people[0]), ask.format(roles[6])


def _laid_out(draw: random.Random, head: str, labels: Sequence[str], values: Sequence[str], unit: str) -> list[str]:
    """The lines of a table in one of the ways in which reports are laid out."""
    form = draw.choice(
        ["{l} | {v}", "{l}\n{v}", "- {l} {v} {u}", "{n}. {l} จำนวน {v} {u}", "{l} : {v} {u}", "{n}) {l} {v}", "{n} | {l} | {v}"]
    )
    pairs = _shuffled(draw, list(zip(labels, values, strict=False)))
    lines = [form.format(n=n, l=label, v=value, u=unit).rstrip() for n, (label, value) in enumerate(pairs, start=1)]
    return [head, *lines]


def _shuffled(draw: random.Random, some: list[T]) -> list[T]:
    draw.shuffle(some)
    return some


def thai_form(form: str) -> bool:
    """Whether a name is written in Thai letters."""
    return any("ก" <= char <= "๎" for char in form)
