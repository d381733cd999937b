"""Signs of symbol fonts, which have their own tables of characters: ticks, boxes, arrows and bullets as Unicode has them."""

_WINGDINGS = {
    0x21: "✏", 0x22: "✂", 0x28: "☎", 0x2A: "✉", 0x46: "☞", 0x4A: "☺", 0x4C: "☹", 0x52: "☼", 0x6C: "●", 0x6D: "❍", 0x6E: "■",
    0x6F: "□", 0x70: "□", 0x71: "❑", 0x72: "❒", 0x73: "◆", 0x74: "◆", 0x75: "◆", 0x76: "❖", 0x77: "◆", 0x78: "☒", 0x7B: "❀",
    0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA6: "○", 0xA7: "▪", 0xA8: "☐", 0xAB: "★", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑",
    0xE2: "↓", 0xE8: "➔", 0xE9: "⇧", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    **{0x80 + number: chr(0x24EA if not number else 0x245F + number) for number in range(11)},
    **{0x8B + number: chr(0x24FF if not number else 0x2775 + number) for number in range(11)},
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "•", 0xA3: "☐", 0x2A: "☐", 0x2E: "☐"}
_WINGDINGS_3 = {0x22: "↔", 0x67: "◄", 0x75: "►", 0x7D: "►"}
_SYMBOL = {
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×",
    0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0x2D: "-", 0x6D: "µ", 0x70: "π",
}  # fmt: skip
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "wingdings 3": _WINGDINGS_3, "symbol": _SYMBOL}
_PRIVATE = range(0xF020, 0xF100)
"""Where Word puts the characters of a symbol font."""
_UNKNOWN = "•"


def sign(code: int, font: str) -> str:
    """The character `code` of `font` (`F0FC` or `FC` of Wingdings is ✓); "•" for one of a symbol font that is in no table."""
    table = _FONTS.get(font.strip().lower())
    if table is None:
        return _UNKNOWN if code in _PRIVATE else chr(code) if 0x20 <= code < 0xD800 else ""
    low = code & 0xFF
    if low in table:
        return table[low]
    return chr(low) if table is _SYMBOL and 0x20 <= low < 0x7F else _UNKNOWN


def plain(text: str, font: str) -> str:
    """`text` with the signs of symbol fonts in it as Unicode has them; all of it is signs where `font` is one of pictures."""
    if font.strip().lower() in _FONTS and font.strip().lower() != "symbol":
        return "".join(letter if letter.isspace() or ord(letter) > 0xF100 else sign(ord(letter), font) for letter in text)
    return "".join(sign(ord(letter), font) if ord(letter) in _PRIVATE else letter for letter in text)
