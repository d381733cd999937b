"""The names in a statement, and whether a quote has them.

A name is what follows a person's title (นาย, ดร., ผู้ใหญ่บ้าน), a first name that is no word, a place of the gazetteer or with the
word for its level, what is joined to the word for a body or a village (กองทุน, บ้าน, โรงเรียน), letters that the word list has no
words for, Latin letters within Thai, what stands in quotation marks, and in English a capitalised word that is no term.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.plain import Plain, plain, shared
from vectorstore import glossary, places, thai
from vectorstore.translit import names_like

_TITLE = re.compile(
    "(?:นาย(?!ก(?:รัฐ|เทศ|สมาคม|สภา|องค์|อบ|เหล่า|พุทธ|กิตติ|ฯ|[ .])|อำเภอ)|"
    "นางสาว|(?<!พระ)นาง(?!สาว)|น\\.ส\\.|(?<![ก-๎])คุณ(?!ภาพ|ธรรม|ค่า|สมบัติ|ลักษณะ|ประโยชน์|ูปการ)|ด\\.[ชญ]\\.|"
    "(?<![ก-๎])(?:ผศ|รศ|ศ|ดร)\\.(?: ?ดร\\.)?|(?:พล|พ|ร|ส|จ|ด)\\.(?:[ตทอสจ])?\\.?[อตทร]\\.|ม\\.(?:ร\\.ว|ล)\\.|"
    "พระครู|พระมหา|กำนัน|ผู้ใหญ่บ้าน|ผู้ว่าราชการจังหวัด|หลวง(?:พ่อ|ปู่|ตา)|(?<![ก-๎])(?:ครู|หมอ|พ่อ|แม่|ลุง|ป้า)(?=[ก-ฮเ-ไ]))"
)
_BODY = re.compile(
    "(?:หมู่บ้าน|(?<![ก-๎])บ้าน|ชุมชน|(?<!จังห)วัด|โรงเรียน|มูลนิธิ|สมาคม|บริษัท|สหกรณ์|ชมรม|กองทุน|กลุ่ม|เครือข่าย|สภา|ศูนย์|สำนักงาน|สถาบัน|"
    "มหาวิทยาลัย|โรงพยาบาล|เทศบาล|(?<![ก-๎])กรม|กระทรวง|โครงการ|องค์การ|ธนาคาร|อบต\\.|อบจ\\.|พรรค|เกาะ|แม่น้ำ|ห้วย|คลอง|ถนน|ซอย|ภูเขา)"
    "(?=[ก-๎])"
)
_OFFICE = re.compile(
    "นายกรัฐมนตรี|นายกเทศมนตรี|นายกสมาคม|นายก(?= ?อบ)|นายอำเภอ|รัฐมนตรี|ปลัด|อธิบดี|ผู้ว่าราชการ|ประธาน|เลขานุการ|เลขาธิการ|เหรัญญิก|กำนัน|"
    "ผู้ใหญ่บ้าน|ผู้อำนวยการ|ผู้จัดการ|โฆษก|สมาชิกวุฒิสภา|รอง(?=ประธาน|นายก|อธิบดี|ปลัด|ผู้)"
)
"""Who somebody is by office is said as exactly as a name."""
_VERBS = frozenset(
    re.findall(
        "[ก-๎]+",
        "กล่าว เปิดเผย เผย ระบุ ชี้แจง รายงาน เสนอ แจ้ง นำ เห็นชอบ อนุมัติ ประชุม จัด ทำ ใช้ รับ ได้รับ ร่วม ดำเนินการ มอบ สร้าง เปิด พัฒนา แก้ไข ตั้ง "
        "เลือก ลง ขอ ช่วย ดูแล บริหาร ผลิต ขาย ซื้อ จ่าย เก็บ ขยาย ส่งเสริม สนับสนุน ประกอบด้วย ตั้งอยู่ ดำรงตำแหน่ง",
    )
)
"""What a person or a body does: no part of its name."""
_AFTER_NAME = frozenset(
    re.findall(
        "[ก-๎]+",
        "เป็น คือ และ กับ ซึ่ง ที่ ว่า จะ จาก ในฐานะ พร้อม พร้อมด้วย ร่วม ได้รับ กล่าว เปิดเผย เผย ระบุ ชี้แจง รายงาน เสนอ แจ้ง นำ "
        "ดำรงตำแหน่ง ทำหน้าที่",
    )
)
"""What may come after a first name instead of a surname; มี, ปี and other short words begin surnames."""
_SHORTEST_NAME = 5
_THAI = re.compile("[ก-๎]")
_LATIN = re.compile("[A-Za-z][A-Za-z0-9.&@_/'’-]*[A-Za-z0-9]")
_QUOTED = re.compile("[“\"]([^”\"]{2,})[”\"]|[‘']([^’']{4,})[’'](?![a-z])")
_CALLED = re.compile(f"(?:{_TITLE.pattern}|{_BODY.pattern}|ตำบล|ต\\.|อำเภอ|อ\\.|จังหวัด|จ\\.|หมู่บ้าน|บ้าน) ?")
_MISTER = frozenset(re.findall("[a-z]+", "mr mrs ms miss dr khun nai nang professor prof ban tambon amphoe changwat moo wat"))


def unknown(said: str, quoted: str) -> list[str]:
    """The names of a Thai `said` that `quoted` does not have, as far as each differs."""
    text = thai.normalise(said)
    claim, quote = plain(said), plain(quoted)
    missing = [name for name in dict.fromkeys(_called(text, _TITLE)) if not _is_person(name, quote)]
    missing += [name for name in dict.fromkeys(_called(text, _BODY)) if not _is_body(name, quote)]
    missing += [mention.said for mention in places.mentions(text) if not _is_place(mention, quoted)]
    missing += [match[0] for match in _OFFICE.finditer(text) if match[0] not in quote.text]
    missing += [name for name in _first_names(claim) if name not in quote.text]
    missing += [run for run in thai.strange(said) if thai.fold(run) not in quote.text]
    missing += [word for word in _LATIN.findall(text) if not _has_latin(word, quote)]
    missing += [name for one, other in _QUOTED.findall(text) if plain(name := one or other).text not in quote.text]
    return list(dict.fromkeys(missing)) if claim.text else []


def _first_names(said: Plain) -> Iterator[str]:
    """First names of two or three words that are no word: สมชาย."""
    for first, start in enumerate(said.cuts):
        for end in said.cuts[first + 2 : first + 4]:
            name = said.text[start:end]
            if len(name) >= _SHORTEST_NAME and name in thai.given_names() and not thai.is_word(name):
                yield name


def _called(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """What stands from each match on, as long as a name may be."""
    for match in pattern.finditer(text):
        if _THAI.match(text[match.end() :].lstrip(" ")[:1]):
            yield text[match.start() : match.end() + 60].split("\n")[0]


def _is_person(name: str, quote: Plain) -> bool:
    """Whether some place of the quote goes along with `name` until the name ends in both.

    The surname may be left out, but not replaced: what comes after the given name must be no name, or stand in the quote.
    """
    said = plain(name)
    for place in quote.places(said.text[:4]):
        size = shared(said.text, 0, quote.text, place)
        if _closes(quote, place + size) and (size == len(said.text) or _goes_on(said, size, quote)):
            return True
    return False


def _closes(text: Plain, place: int) -> bool:
    """Whether a name may end at `place`."""
    return place in text.ends or (place in text.edges and _is_no_name(text.word_at(place)))


def _is_no_name(word: str) -> bool:
    return word in thai.stopwords() or word in _VERBS


def _goes_on(said: Plain, place: int, quote: Plain) -> bool:
    """Whether what follows a name in a statement is not part of it."""
    word = said.word_at(place)
    if not _THAI.match(word) or (place in said.edges and word in _AFTER_NAME):
        return True
    if place not in said.ends:
        return place in said.edges and _is_no_name(word)
    stop = next(
        edge
        for edge in said.cuts
        if edge > place and (edge in said.ends or edge == len(said.text) or _is_no_name(said.word_at(edge)))
    )
    phrase = said.text[place:stop]
    return any(at in quote.ends and at + len(phrase) in quote.edges for at in quote.places(phrase))


def _is_body(name: str, quote: Plain) -> bool:
    """Whether the quote has a body's name until it ends, or the words joined to it, which then are ordinary ones."""
    said = plain(name)
    first = said.cuts[1] if len(said.cuts) > 1 else 0
    if _closes(said, first):
        return True
    for place in quote.places(said.text[: first + 1]):
        size = shared(said.text, 0, quote.text, place)
        closed = size == len(said.text) or size in said.ends or (size in said.edges and _is_no_name(said.word_at(size)))
        if closed and place + size in quote.edges:
            return True
    return all(quote.has_whole(word) for word in _joined(said))


def _joined(said: Plain) -> Iterator[str]:
    """The words up to where a name must end."""
    for start in said.cuts[:-1]:
        word = said.word_at(start)
        if start and (start in said.ends or _is_no_name(word)):
            return
        yield word


def _is_place(mention: places.Mention, quoted: str) -> bool:
    quote = plain(quoted)
    if any(quote.has_whole(name) for name in (mention.said, *mention.names)):
        return True
    wanted = {place.name for place in mention.places}
    return any(wanted & {place.name for place in other.places} for other in _mentions(quoted))


@lru_cache(64)
def _mentions(quoted: str) -> tuple[places.Mention, ...]:
    return tuple(places.mentions(thai.normalise(quoted)))


def _has_latin(word: str, quote: Plain) -> bool:
    folded = thai.fold(word)
    around = re.compile(f"(?<![a-z0-9]){re.escape(folded)}(?![a-z0-9])")
    return bool(around.search(quote.text))


def unheard(said: str, quoted: str) -> list[str]:
    """The names of an English `said` that `quoted` has neither so nor in Thai: capitals that are no term of the glossary."""
    quote = plain(quoted)
    mentions = places.latin_mentions(said)
    missing = [one.said for one in mentions if not _is_place(one, quoted) and not _is_heard(one.said.split(), quoted)]
    spans = [(one.start, one.end) for one in mentions]
    names: list[list[str]] = []
    last = -2
    for match in _LATIN.finditer(said):
        if (
            any(start <= match.start() < end for start, end in spans)
            or not _may_be_name(match[0])
            or _has_latin(match[0], quote)
        ):
            continue
        if match.start() - last == 1 and names:
            names[-1].append(match[0])
        else:
            names.append([match[0]])
        last = match.end()
    return missing + [" ".join(name) for name in names if not _is_heard(name, quoted)]


def _may_be_name(word: str) -> bool:
    bare = word.lower().rstrip(".")
    if "." in word.strip(".") or "@" in word:
        return True
    known = bare in thai.stopwords() or bare in _MISTER or any(forms for _, forms in glossary.thai_for(word))
    return word[0].isupper() and not known


def _is_heard(words: list[str], quoted: str) -> bool:
    """Whether the words sound like Thai names of the quote, one after the other or several as one."""
    if not words:
        return True
    return any(
        names_like("".join(words[:size]), _thai_names(quoted)) and _is_heard(words[size:], quoted)
        for size in range(len(words), 0, -1)
    )


@lru_cache(64)
def _thai_names(quoted: str) -> tuple[str, ...]:
    """What may be a name in a Thai quote: words after a title or a word for a place, one to five together, and strange runs."""
    text = thai.normalise(quoted)
    names = dict.fromkeys(thai.strange(quoted))
    for match in _CALLED.finditer(text):
        for run in text[match.end() : match.end() + 40].split("\n")[0].split(" ")[:2]:
            words = thai.words(run)[:5]
            names |= dict.fromkeys("".join(words[:size]) for size in range(1, len(words) + 1))
    return tuple(name for name in names if len(name) > 1)
