"""Places that a text names, in Thai and English, with those of one name told apart by the province or district beside them."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from vectorstore import gazetteer, thai
from vectorstore.gazetteer import Level, Place, Row

_MARK = re.compile(
    "(?:(?P<province>จังหวัด|(?<![ก-๎])จ\\.|(?<![ก-๎])จว\\.)|(?P<district>อำเภอ|(?<![ก-๎])อ\\.|เขต)"
    "|(?P<subdistrict>ตำบล|(?<![ก-๎])ต\\.|แขวง)) ?"
)
_NO_NAME = re.compile(
    "ไหน|ใด|อะไร|ไร|กี่|เดียว|ละ|ที่|ใน|ของ|และ|มี|ต่าง|เป็น|จะ|ได้|ให้|นั้น|นี้|ตัวอย่าง|ต้นแบบ|นึง|หนึ่ง|หลัก|เป้าหมาย|อื่น|ทั้ง|ใกล้|เดิม|จัดการ|นำร่อง|"
    "ชายแดน|ภาค|สุขภาวะ|ปลอดภัย|ยั่งยืน|เข้มแข็ง|อัจฉริยะ|ทุก|หลาย|บาง ?(?:แห่ง|ที่)|เรา|ดัง|ร่วม|รวม|อยู่|จำนวน|เพื่อ"
)
"""What follows ตำบล or อำเภอ where no name does."""
_OF_ANOTHER = re.compile(
    "(?:นาย|นาง|นางสาว|น\\.ส\\.|คุณ|ดร\\.|พระ|ถนน|ถ\\.|ซอย|ซ\\.|วัด|แม่น้ำ|สะพาน|บ้าน|หมู่บ้าน|ตำบล|ต\\.|อำเภอ|อ\\.|โรงเรียน|สกุล) ?$"
)
"""What stands before a name that is not the province's or district's: a person's, a road's, a village's."""
_ORDINARY = frozenset(["เลย", "ตาก", "แพร่"])
"""Provinces that are ordinary words: they need จังหวัด, another province beside them, or one of `_INTO` before them."""
_INTO = re.compile("(?:เมือง|ชาว|(?<!ข้าง)ใน) ?$")
_ORDINARY_DISTRICTS = frozenset(
    re.findall(
        "[ก-๎]+",
        "มะขาม พนม สมเด็จ สนม วัฒนา สังคม พิชัย แสวงหา เสนา สำโรง ท่าเรือ ปราสาท ชนบท สันติสุข มหาราช ไชโย ลำดวน สีดา สีชมพู เพ็ญ พร้าว "
        "จัตุรัส เอราวัณ เฉลิมพระเกียรติ ชื่นชม สารภี ศรีสวัสดิ์ มโนรมย์ นาดี นามน อุทัย พระพรหม สิรินธร ดินแดง ลับแล จุฬาภรณ์ สุวรรณภูมิ "
        "เทพา ธนบุรี พนา บ้านไร่ บ้านสวน บ้านค่าย ท่าช้าง บ้านโพธิ์ บ้านนา ดุสิต สอยดาว",
    )
)
"""Districts that are ordinary words or people's names: only อำเภอ tells them."""
_BESIDE = re.compile("(?: |,|/|-|และ|กับ|หรือ)*")
_SHORTEST_SURE = 6
"""Provinces' names from this length on are known wherever their letters stand; shorter ones must be words of their own."""
_LONGEST_NAME, _LONGEST_WINDOW = 30, 6


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a place (0-based, end exclusive, with the word for what it is) and which it may be.

    `said` is the name as written. `places` are several where homonyms cannot be told apart, and none where the name is not
    in the gazetteer; then `names` are what it may be, shortest first, because Thai does not show where a name ends.
    """

    said: str
    start: int
    end: int
    places: tuple[Place, ...]
    marked: bool = False
    names: tuple[str, ...] = ()

    @property
    def level(self) -> Level | None:
        """What kind of place it is; None where the gazetteer does not know it."""
        return self.places[0].level if self.places else None


def mentions(text: str) -> list[Mention]:
    """The places that a Thai text names, in order."""
    edges = _edges(text)
    found: list[Mention] = []
    for mark in _MARK.finditer(text):
        if (mention := _marked(text, mark, edges)) and not _taken(found, mention.start):
            found.append(mention)
    found += _bare(text, edges, found)
    return _told_apart(sorted(found, key=lambda mention: mention.start))


def _edges(text: str) -> set[int]:
    place, edges = 0, {0}
    for word in thai.words(text):
        place += len(word)
        edges.add(place)
    return edges


def _taken(found: Iterable[Mention], at: int) -> bool:
    return any(mention.start <= at < mention.end for mention in found)


def _marked(text: str, mark: re.Match[str], edges: set[int]) -> Mention | None:
    """The longest name of the marked level that stands after the mark."""
    level: Level = "province" if mark["province"] else "district" if mark["district"] else "subdistrict"
    start = mark.end()
    for size in range(min(_LONGEST_NAME, len(text) - start), 1, -1):
        name = text[start : start + size]
        rows = [row for row in gazetteer.rows().get(name, ()) if row[2] == level]
        if rows and (start + size in edges or size >= _SHORTEST_SURE):
            return Mention(name, mark.start(), start + size, _places(rows), marked=True)
    if level == "province":
        short = re.compile("[ก-ฮ]{2,3}").match(text, start)
        province = gazetteer.by_abbreviation(short[0]) if short and short.end() in edges else None
        return Mention(short[0], mark.start(), short.end(), _province(province), marked=True) if short and province else None
    if level == "district" and text.startswith("เมือง", start):
        return Mention("เมือง", mark.start(), start + 5, (), marked=True)
    if mark[0].strip() in ("เขต", "แขวง") or _NO_NAME.match(text, start):
        return None
    run = re.compile("[ก-๎]{3,30}").match(text, start)
    names = _first_words(run[0]) if run else ()
    return Mention(names[-1], mark.start(), start + len(names[-1]), (), marked=True, names=names) if names else None


_GENERIC = frozenset(
    "บ้าน เมือง หนอง คลอง บาง ดอน โนน นา ห้วย ท่า วัง ป่า เขา โคก แม่ เกาะ ทุ่ง ปาก ควน สระ ศรี ชุมชน".split()  # noqa: SIM905
)
"""Words that hundreds of names begin with."""


def _first_words(run: str) -> tuple[str, ...]:
    """The names that a run of letters may begin with, shortest first."""
    names, name = list[str](), ""
    for word in thai.words(run)[:4]:
        if name and word in thai.stopwords():
            break
        name += word
        if len(name) >= 3 and name not in _GENERIC:
            names.append(name)
    return tuple(names)


def _places(rows: Iterable[Row]) -> tuple[Place, ...]:
    return tuple(Place(*row) for row in rows)


def _province(name: str) -> tuple[Place, ...]:
    return _places(row for row in gazetteer.rows()[name] if row[2] == "province")


def _bare(text: str, edges: set[int], found: Sequence[Mention]) -> list[Mention]:
    """Names without a word for what they are: provinces, districts that are nothing else, subdistricts of those named."""
    cuts = sorted(edges)
    new: list[Mention] = []
    for first, start in enumerate(cuts):
        if _taken(found, start) or _taken(new, start) or not "ก" <= text[start : start + 1] <= "๎":
            continue
        for end in reversed(cuts[first + 1 : first + 1 + _LONGEST_WINDOW]):
            name = text[start:end]
            rows = gazetteer.rows().get(name, ()) if end - start > 2 else ()
            if any(row[0] == f"เมือง{row[3]}" for row in rows):
                # Without อำเภอ, เมืองนครศรีธรรมราช is the province in other words.
                rows = tuple(row for row in gazetteer.rows()[name.removeprefix("เมือง")] if row[2] == "province")
            if rows and not _OF_ANOTHER.search(text, max(0, start - 10), start):
                new.append(Mention(text[start:end], start, end, _places(rows)))
                break
    new += _sure(text, [*found, *new])
    return [mention for mention in (_likely(text, one, [*found, *new]) for one in new) if mention]


def _sure(text: str, found: Sequence[Mention]) -> list[Mention]:
    """Long names of provinces that the words' edges do not show."""
    new = []
    for name in gazetteer.provinces():
        at = text.find(name) if len(name) >= _SHORTEST_SURE else -1
        if at >= 0 and not _taken(found, at) and not _OF_ANOTHER.search(text, max(0, at - 10), at):
            new.append(Mention(name, at, at + len(name), _province(name)))
    return new


def _likely(text: str, mention: Mention, others: Sequence[Mention]) -> Mention | None:
    """The mention as what it most likely is without a mark, or nothing."""
    provinces = tuple(place for place in mention.places if place.level == "province")
    if provinces:
        plain = mention.said not in _ORDINARY or _has_support(text, mention, others)
        return replace(mention, places=provinces) if plain else None
    if len(mention.said) < 4 or mention.said in _ORDINARY_DISTRICTS:
        return None
    return _smaller(mention, others)


def _smaller(mention: Mention, others: Sequence[Mention]) -> Mention | None:
    """A district or subdistrict without its level: one in a province or district beside it, else a district."""
    inside = tuple(place for place in mention.places if _lies_in(place, others))
    places = tuple(place for place in inside or mention.places if place.level == "district") or inside
    return replace(mention, places=places) if places else None


def _has_support(text: str, mention: Mention, others: Iterable[Mention]) -> bool:
    start, end = mention.start, mention.end
    if _INTO.search(text, max(0, start - 8), start) or (start == 0 and text[end : end + 1] == " "):
        return True
    for other in others:
        between = text[end : other.start] if other.start >= end else text[other.end : start] if other.end <= start else None
        if between is not None and _BESIDE.fullmatch(between) and other.level == "province":
            return True
    return False


def _lies_in(place: Place, others: Iterable[Mention]) -> bool:
    """Whether a province or district that is named beside it holds the place, and nothing else could be meant."""
    return any(
        (other.level == "province" and place.province == other.places[0].province)
        or (other.level == "district" and other.marked and place.district == other.said)
        for other in others
    )


def _told_apart(found: Sequence[Mention]) -> list[Mention]:
    """Every mention with only those of its homonyms that lie in a province or district named beside it, where any does."""
    named = {p.province for mention in found if mention.level == "province" for p in mention.places}
    districts = {p.name for mention in found if mention.level == "district" for p in mention.places}
    apart = []
    for mention in found:
        places = mention.places
        if mention.said in ("เมือง", _CENTRAL) and not places:
            central = (row for name in sorted(named) for row in gazetteer.rows().get(f"เมือง{name}", ()))
            places = _places(row for row in central if row[2] == "district")
        for fits in (lambda p: p.province in named, lambda p: not p.district or p.district in districts):
            places = _narrowed(places, fits)
        apart.append(replace(mention, places=places))
    return [mention for mention in apart if mention.places or mention.names]


def _narrowed(places: tuple[Place, ...], fits: Callable[[Place], bool]) -> tuple[Place, ...]:
    return tuple(place for place in places if fits(place)) or places


_LATIN = re.compile("[A-Za-z]+(?:['’-][A-Za-z]+)*")
_LEVELS: dict[str, Level] = {
    **dict.fromkeys(("province", "changwat"), "province"),
    **dict.fromkeys(("district", "amphoe", "amphur", "khet"), "district"),
    **dict.fromkeys(("subdistrict", "sub-district", "tambon", "khwaeng"), "subdistrict"),
}
_BEFORE = frozenset(["changwat", "amphoe", "amphur", "khet", "tambon", "khwaeng"])
"""Thai words for what a place is stand before its name; English ones with `of`."""
_TITLES = frozenset("mr mrs ms miss dr khun nai nang professor".split())  # noqa: SIM905
_LONGEST_LATIN = 5
_CENTRAL = "Mueang"
"""The district of a province's capital, called by its first word alone."""


def latin_mentions(text: str) -> list[Mention]:
    """The places that an English text names, in order; without a level, a capital or a long province's name."""
    tokens = list(_LATIN.finditer(text))
    spans = [(i, i + n) for i in range(len(tokens)) for n in range(min(_LONGEST_LATIN, len(tokens) - i), 0, -1)]
    spoken = [" ".join(token[0].removesuffix("'s").removesuffix("’s") for token in tokens[i:j]) for i, j in spans]
    keys = gazetteer.fold_all(spoken) if spans else []
    found: list[Mention] = []
    done = 0
    for (i, j), said, key in zip(spans, spoken, keys, strict=True):
        rows = gazetteer.latin_rows().get(key, ())
        central = _CENTRAL if said.lower() in ("mueang", "muang") else ""
        if i < done or not (rows or central) or any(token[0].lower() in _LEVELS for token in tokens[i:j]):
            continue
        if mention := _latin(tokens, i, j, central or said, rows):
            found.append(mention)
            done = j
    sure = (one if one.marked or one.level == "province" else _smaller(one, found) for one in found)
    return _told_apart([mention for mention in sure if mention])


def _latin(tokens: Sequence[re.Match[str]], i: int, j: int, said: str, rows: Sequence[Row]) -> Mention | None:
    """The window of tokens as a place: of the level beside it, or of the largest that its name allows."""
    words = [token[0].lower() for token in tokens[max(0, i - 2) : i]]
    of = len(words) == 2 and words[1] == "of" and words[0] in _LEVELS
    before = words[0] if of else words[-1] if words and words[-1] in _BEFORE else ""
    close = j < len(tokens) and tokens[j].start() - tokens[j - 1].end() <= 1
    after = tokens[j][0].lower() if close and tokens[j][0].lower() in _LEVELS else ""
    start = tokens[i - 1 - of].start() if before and not after else tokens[i].start()
    end = tokens[j].end() if after else tokens[j - 1].end()
    if after or before:
        places = _places(row for row in rows if row[2] == _LEVELS[after or before])
        return Mention(said, start, end, places, marked=True) if places or said == _CENTRAL else None
    capital, several = tokens[i][0][0].isupper(), j - i > 1
    provinces = _places(row for row in rows if row[2] == "province")
    if _TITLES.intersection(words) or not (capital or (provinces and len(said) > 4)):
        return None
    return Mention(said, start, end, provinces or _places(rows)) if provinces or several or (len(said) > 5 and i) else None


def forms(place: Place) -> tuple[str, ...]:
    """What reports call a place: Thai forms first, English ones last."""
    if place.level == "province":
        return province_forms(place.name)
    if place.name.startswith("เมือง") and place.name == f"เมือง{place.province}":
        return (place.name, "อำเภอเมือง", "อ.เมือง")
    return (place.name,)


_LISTED = {
    "เลย": ("หนองคาย", "หนองบัวลำภู", "อุดรธานี", "ขอนแก่น", "บึงกาฬ", "เพชรบูรณ์", "ชัยภูมิ"),
    "แพร่": ("ลำปาง", "น่าน", "พะเยา", "ลำพูน", "อุตรดิตถ์", "เชียงราย", "สุโขทัย"),
}
"""Provinces whose letters stand in every report, and those that they are listed with."""
_LATIN_SHORTEST = 6
"""English names from this length on may be looked for anywhere: Trat stands in every administration."""


def province_forms(name: str) -> tuple[str, ...]:
    """What reports call a province: Thai forms first, English ones last."""
    if name in _LISTED:
        listed = (pair for other in _LISTED[name] for pair in (other + name, name + other))
        return (f"จังหวัด{name}", f"จ.{name}", f"เมือง{name}", f",{name}", f"{name},", *listed)
    latin = (english for english in gazetteer.english_names(name) if len(english) >= _LATIN_SHORTEST)
    others = (other for other in gazetteer.province_names(name)[1:] if len(other) > 4 or other.endswith("."))
    return (name, *others, *latin)
