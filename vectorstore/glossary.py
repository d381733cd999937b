"""The field's terms in English and Thai, short and long: what one word of a question may be called in a report."""

import re
from functools import cache
from pathlib import Path

from vectorstore.alternatives import one_of

_LONGEST = 9
"""English words in the longest term that is looked for."""


@cache
def concepts() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """(English names, Thai forms) of everything in the glossary."""
    return _read("glossary.tsv")


@cache
def words() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """(English words and terms, as `_key` gives them, Thai forms): what news and reports speak of beyond the field."""
    return _read("english.tsv")


def _read(name: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """The rows of one of our tables of two columns, its heading left out."""
    path = Path(__file__).with_name("data") / name
    cells = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    return tuple((tuple(names.split(" | ")), tuple(thais.split(" | "))) for names, thais in cells)


@cache
def _english() -> dict[str, tuple[str, ...]]:
    """English term -> Thai forms: the field's before those that it has elsewhere."""
    table = {name: thais for names, thais in words() for name in names}
    for names, thais in concepts():
        table |= {key: tuple(dict.fromkeys((*thais, *table.get(key, ())))) for key in map(_key, names)}
    return table


@cache
def _other() -> dict[str, tuple[str, ...]]:
    """Thai form -> its other forms, the longest first."""
    forms: dict[str, tuple[str, ...]] = {}
    for _, thais in concepts():
        if any(map(_is_abbreviation, thais)) and all(len(form) > 3 for form in thais):
            forms |= {form: tuple(other for other in thais if other != form) for form in thais}
    return dict(sorted(forms.items(), key=lambda item: -len(item[0])))


def _is_abbreviation(form: str) -> bool:
    """พอช. and รพ.สต. are; the single letters of จ. and ต., which stand in every address, are left to the places."""
    return "." in form and 3 <= len(form) <= 12


def _key(term: str) -> str:
    """A term without what may vary: 'Community Organisation Councils' and 'community-organization council' are one."""
    words = (_singular(word) for word in re.findall("[a-z0-9]+", term.lower().replace("'s", "").replace("’s", "")))
    return " ".join(words).replace("isation", "ization").replace("programme", "program").replace("centre", "center")


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def thai_for(english: str) -> list[tuple[str, tuple[str, ...]]]:
    """The terms of an English text in their order, longest first: (as written, Thai forms); no forms where none is known."""
    table = _english()
    words = re.findall(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[A-Za-z0-9][A-Za-z0-9'’.&/-]*[A-Za-z0-9]|[A-Za-z0-9]", english)
    found: list[tuple[str, tuple[str, ...]]] = []
    at = 0
    while at < len(words):
        for size in range(min(_LONGEST, len(words) - at), 0, -1):
            term = " ".join(words[at : at + size])
            forms = table.get(_key(term)) or (table.get(_stem(term)) if size == 1 else None)
            if forms:
                found.append((term, forms))
                at += size
                break
        else:
            found.append((words[at], ()))
            at += 1
    return found


def _stem(word: str) -> str:
    """The glossary's form of an inflected word: resolved -> resolve, auditing -> audit; the word itself where there is none."""
    word = word.lower()
    table = _english()
    for ending, plain in (("ied", "y"), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""), ("ly", ""), ("er", "")):
        stem = word[: -len(ending)]
        if word.endswith(ending) and stem + plain in table:
            return stem + plain
        if word.endswith(ending) and stem[-1:] == stem[-2:-1] and stem[:-1] in table:
            return stem[:-1]
    return word


def other_forms(text: str) -> dict[str, tuple[str, ...]]:
    """Abbreviations and long names that stand in a Thai text -> their other forms, longest first."""
    forms = _other()
    found: dict[str, tuple[str, ...]] = {}
    for form in sorted(set(_forms().findall(text)), key=lambda form: (-len(form), form)):
        if not any(form in longer for longer in found):
            found[form] = forms[form]
    return found


def full_names(name: str) -> tuple[str, ...]:
    """The names that an abbreviation stands for, with dots or without; none where it is no abbreviation."""
    forms = _other().get(name) or _other().get(f"{name}.") or ()
    return tuple(form for form in forms if len(form) > len(name))


@cache
def _forms() -> re.Pattern[str]:
    """Looks ahead, so that a form that begins within another is seen too."""
    return re.compile(f"(?=({one_of(_other())}))")
