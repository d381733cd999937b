"""The provinces, districts and subdistricts of Thailand, in Thai and English, read from one small file.

`python -m vectorstore.gazetteer SOURCE.json` makes that file again; its own head names source, licence and corrections.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Level = Literal["province", "district", "subdistrict"]

PATH = Path(__file__).with_name("data") / "places.tsv"
_HEAD = """\
# Provinces, districts and subdistricts of Thailand. One line for each province (P) and district (D), in official order:
# P, Thai name, English name, Thai abbreviation, Latin abbreviation, other Thai names, other English names
# D, Thai name, English name, subdistricts as Thai=English
# Names: MIT License, Copyright (c) 2025 Kongvut Sangkla, https://github.com/kongvut/thai-province-data (commit 9711e723).
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
# files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
# modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
# Software is furnished to do so, subject to the following conditions: The above copyright notice and this permission notice
# shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY
# OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR
# PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
# LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR
# THE USE OR OTHER DEALINGS IN THE SOFTWARE.
# Provinces' abbreviations: PyThaiNLP (CC0-1.0). Other names: our own.
# Corrections: pseudo-districts 7074 and 9077 (municipal offices) left out; district 5025 กัลยาณิวัฒนา added; marks stripped from
# five names; เขต and Khet taken off the districts of Bangkok; aliases that are ordinary words left out.
"""
_LEFT_OUT = frozenset(["ปากน้ำ", "กรุงเก่า"])
"""Aliases that other places have too."""
_SAID = {
    "นนทบุรี": "เมืองนนท์",
    "มหาสารคาม": "สารคาม",
    "สมุทรสงคราม": "แม่กลอง",
    "นครสวรรค์": "ปากน้ำโพ",
    "พิษณุโลก": "เมืองสองแคว",
    "ชลบุรี": "เมืองชล",
    "จันทบุรี": "เมืองจันท์",
    "ปทุมธานี": "ปทุมฯ",
    "นครราชสีมา": "เมืองย่าโม",
    "อุทัยธานี": "อุทัยฯ",
    "ลำพูน": "หริภุญชัย",
}
"""What people call a province besides."""
_ALSO: Mapping[str, str] = {
    "กรุงเทพมหานคร": "Krung Thep|Krung Thep Maha Nakhon|BMA",
    "พระนครศรีอยุธยา": "Ayutthaya|Ayudhya|Ayuthaya",
    "นครราชสีมา": "Korat|Khorat",
    "ฉะเชิงเทรา": "Paet Rio|Chacherngsao",
    "อุบลราชธานี": "Ubon|Ubol Ratchathani",
    "อุดรธานี": "Udon",
    "นครศรีธรรมราช": "Nakhon Si|Ligor",
    "เพชรบุรี": "Phetburi",
    "ราชบุรี": "Ratburi",
    "พิษณุโลก": "Phitsanuloke|Pisanulok",
    "ประจวบคีรีขันธ์": "Prachuap",
    "สุราษฎร์ธานี": "Surat",
    "กาญจนบุรี": "Kanburi",
    "สระแก้ว": "Sa Kaew",
}
"""English names that are in use beside the official ones."""


@dataclass(frozen=True, slots=True)
class Place:
    """A province, a district (อำเภอ, เขต) or a subdistrict (ตำบล, แขวง), without the word for what it is.

    `province` and `district` name those that it lies in; a province is its own, and has no district.
    """

    name: str
    english: str
    level: Level
    province: str
    district: str = ""


Row = tuple[str, str, Level, str, str]
"""A place's fields; places are made of them when they are asked for, so that reading 8,456 takes no time."""


@cache
def _read() -> tuple[list[Row], dict[str, tuple[str, ...]], dict[str, tuple[str, ...]], dict[str, str]]:
    """(every place, Thai names of each province, English ones, abbreviation -> province)."""
    rows: list[Row] = []
    names: dict[str, tuple[str, ...]] = {}
    english: dict[str, tuple[str, ...]] = {}
    short: dict[str, str] = {}
    province = ""
    for line in PATH.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        kind, name, latin, *rest = line.split("\t")
        if kind == "P":
            province = name
            rows.append((name, latin, "province", name, ""))
            names[name] = (name, *filter(None, rest[2].split("|")))
            english[name] = (latin, *filter(None, rest[3].split("|")))
            short[rest[0]] = name
        else:
            rows.append((name, latin, "district", province, ""))
            for pair in rest[0].split("|"):
                sub, _, sub_latin = pair.partition("=")
                rows.append((sub, sub_latin, "subdistrict", province, name))
    return rows, names, english, short


@cache
def rows() -> Mapping[str, tuple[Row, ...]]:
    """Thai name -> the places that bear it; a province under its other names too (โคราช)."""
    found: dict[str, list[Row]] = defaultdict(list)
    every, names, _, _ = _read()
    for row in every:
        found[row[0]].append(row)
        if row[2] == "province":
            for other in names[row[0]][1:]:
                found[other].append(row)
    return {name: tuple(some) for name, some in found.items()}


@cache
def latin_rows() -> Mapping[str, tuple[Row, ...]]:
    """Folded English name (`fold`) -> the places that bear it."""
    found: dict[str, list[Row]] = defaultdict(list)
    every, _, english, _ = _read()
    pairs = [(row[1], row) for row in every]
    pairs += [(other, row) for row in every if row[2] == "province" for other in english[row[0]][1:]]
    for key, (_, row) in zip(fold_all([name for name, _ in pairs]), pairs, strict=True):
        found[key].append(row)
    return {key: tuple(dict.fromkeys(some)) for key, some in found.items()}


def province_names(province: str) -> tuple[str, ...]:
    """The Thai names that a province goes by, the official one first."""
    return _read()[1][province]


def english_names(province: str) -> tuple[str, ...]:
    """The English names that a province goes by, the official one first."""
    return _read()[2][province]


def provinces() -> tuple[str, ...]:
    """The 77 provinces by their Thai names, in official order."""
    return tuple(_read()[1])


def by_abbreviation(short: str) -> str | None:
    """The province of a Thai abbreviation without dots: กทม, นศ."""
    return _read()[3].get(short)


_FOLDED: tuple[tuple[str, str], ...] = (
    *(("ng", "ŋ"), ("tch", "j"), ("ph", "p"), ("th", "t"), ("kh", "k"), ("bh", "p"), ("dh", "t"), ("gh", "k")),
    *(("ch", "j"), ("ck", "k"), ("c", "k"), ("q", "k"), ("g", "k"), ("v", "w"), ("z", "s"), ("sr", "s")),
    *(("ee", "i"), ("oo", "u"), ("ie", "ia"), ("uea", "ua"), ("eua", "ua"), ("ue", "u"), ("eu", "u"), ("aew", "aeo")),
    *(("aw", "ao"), ("ay", "ai"), ("oey", "oei")),
)
"""What different people spell differently, in the order in which it is made one."""
_NOT_LATIN = {ord(char): None for char in map(chr, range(128)) if not char.islower() and char != "\n"}
_SILENT = re.compile("r(?![aeiou])")
_FINAL_D, _FINAL_B = re.compile("d(?![aeiou])"), re.compile("b(?![aeiou])")
_DOUBLED = re.compile(r"([a-zŋ])\1+")


def fold_all(names: Iterable[str]) -> list[str]:
    """`fold` of each name, none with a line break: in one long string that is many times as fast as one by one."""
    text = "\n".join(names).lower().translate(_NOT_LATIN)
    for one, other in _FOLDED:
        text = text.replace(one, other)
    text = _FINAL_B.sub("p", _FINAL_D.sub("t", _SILENT.sub("", text)))
    return _DOUBLED.sub(r"\1", text).split("\n")


def fold(name: str) -> str:
    """A Latin spelling of a Thai place name without what varies: Nakorn Sri Thammarat and Nakhon Si Thammarat are one."""
    return fold_all([name.replace("\n", " ")])[0]


def make(source: Mapping[str, Any]) -> str:
    """The text of the file, made of the gazetteer's JSON: provinces, districts and subdistricts as rows by id."""
    districts: dict[int, list[Any]] = defaultdict(list)
    subdistricts: dict[int, list[Any]] = defaultdict(list)
    for district in source["districts"]:
        districts[district[1]].append(district)
    for subdistrict in source["subdistricts"]:
        subdistricts[subdistrict[1]].append(subdistrict)
    lines = []
    for number, name, english, short, latin, _, aliases in source["provinces"]:
        said = [_SAID[name]] if name in _SAID else []
        others = "|".join(alias for alias in [*aliases, *said] if alias not in _LEFT_OUT)
        lines.append("\t".join(["P", name, english, short, latin, others, _ALSO.get(name, "")]))
        for district, _, district_name, district_english in districts[number]:
            inside = "|".join(f"{row[2]}={row[3]}" for row in subdistricts[district])
            plain = district_name.removeprefix("เขต") if name == "กรุงเทพมหานคร" else district_name
            lines.append("\t".join(["D", plain, district_english.removeprefix("Khet "), inside]))
    return _HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PATH.write_text(make(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), encoding="utf-8")
