"""Words as HTML in which no word of a question, a model or a document can become markup."""

import json
import string
from typing import Any

_INERT = str.maketrans({mark: f"&#{ord(mark)};" for mark in string.punctuation} | {"\n": "<br>", "\r": "", "\0": ""})
_UNSEEN = {
    code: None
    for first, last in (
        (0x200B, 0x200F),  # widthless, and marks of direction
        (0x202A, 0x202E),  # what turns the direction of words
        (0x2060, 0x2069),
        (0xFEFF, 0xFEFF),
        (0xE0000, 0xE007F),  # letters that nobody sees
    )
    for code in range(first, last + 1)
}


def inert(words: str) -> str:
    """`words` as HTML that shows exactly them: with every ASCII sign a character reference, none has a meaning left.

    That holds for HTML, and for the Markdown, KaTeX and templates that Gradio may pass a value through. Characters that
    cannot be seen, or would turn the words around, are left out.
    """
    return words.translate(_UNSEEN).translate(_INERT)


def inert_value(words: str) -> str:
    """The same as the value of an attribute, which keeps its lines."""
    return "&#10;".join(map(inert, words.replace("\r", "").split("\n")))


def inert_json(value: Any) -> str:
    """A value for page.js as the content of an attribute."""
    return inert(json.dumps(value, ensure_ascii=False))


def phrases(words: str) -> str:
    """Words of the page as HTML whose lines break between phrases first: a browser cuts Thai inside compounds such as คำตอบ."""
    return " ".join(f'<span class="phrase">{inert(phrase)}</span>' for phrase in words.split())


def button(words: str, name: str, **data: str) -> str:
    """A button with the class `name` that does what page.js knows of it; `data` are HTML already."""
    told = "".join(f' data-{key.replace("_", "-")}="{value}"' for key, value in data.items())
    return f'<button type="button" class="{name}"{told}>{inert(words)}</button>'
