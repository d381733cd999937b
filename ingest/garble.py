"""Text that a PDF's fonts give the wrong letters for: told by what no Thai text has, put right where the mistake is known."""

import re
from collections.abc import Sequence

from ingest.glyphs import Glyph
from vectorstore import thai

_ENOUGH = 60
"""Letters without which nothing is judged."""
_IMPOSSIBLE, _STRANGE = 0.08, 0.5
"""Share of a page's letters that stand where none can, and that are in no known word, from which it is garbled."""
_THAI = re.compile("[ก-ฮ]")
_WRONG = re.compile(
    "[\ufffd\ue000-\uf8ff\u0080-\u009f]|[ก-๎][\u00a1-\u00ff]|[\u00a1-\u00ff][ก-๎]"
    "|(?<![ก-ฮ่-๎ัิ-ฺ])[ัิ-ฺ็-๎]|[เ-ไ](?![ก-ฮเ])|[ะาำ][ัิ-ฺ]|[ัิีึื][ัิีึื]|[่-๋][่-๋]"
)
_OLD = re.compile("[\u00a1-\u00da\u00df-\u00fb]")
_APART = 0x0E01 - 0x00A1
"""From a letter's place in TIS-620 to its place in Unicode."""


def is_garbled(text: str) -> bool:
    """Whether `text`, repaired, is too broken to be quoted: letters where none can stand, or hardly any known word."""
    letters = len(_THAI.findall(text)) + len(_OLD.findall(text)) + text.count("\ufffd")
    if letters < _ENOUGH:
        return False
    if len(_WRONG.findall(text)) > _IMPOSSIBLE * letters:
        return True
    words = [word for word in thai.words(text) if _THAI.search(word)]
    strange = sum(len(word) for word in words if len(word) == 1 or not thai.is_word(word))
    return strange > _STRANGE * sum(map(len, words))


def decoded(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The letters as Thai where a font names its Thai letters by their place in TIS-620, as if they were Latin (ÃÒÂ§Ò¹)."""
    old = sum(len(glyph.text) == 1 and bool(_OLD.match(glyph.text)) for glyph in glyphs)
    thai_letters = sum(bool(_THAI.search(glyph.text)) for glyph in glyphs)
    latin = sum(glyph.text.isascii() and glyph.text.isalpha() for glyph in glyphs)
    if old < _ENOUGH or old < 4 * thai_letters or old < latin:
        return list(glyphs)
    return [glyph._replace(text=_as_thai(glyph.text)) for glyph in glyphs]


def _as_thai(text: str) -> str:
    return "".join(chr(ord(char) + _APART) if _OLD.fullmatch(char) else char for char in text)
