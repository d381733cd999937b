"""Every Thai word of the screens, by its use: the only reader of `assets/words.toml`."""

import tomllib
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).parent / "assets"
"""Words, style, scripts and fonts of the screens."""
BOOK: dict[str, Any] = tomllib.loads((ASSETS / "words.toml").read_text(encoding="utf-8"))
"""All of them; the words of one screen are a table by its name."""
WORDS: dict[str, str] = {name: words for name, words in BOOK.items() if isinstance(words, str)}
"""Those of the chat page, and of no one screen."""
