"""What the styles of a Word document say of its paragraphs and runs: headings, lists, and text that nobody sees."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vectorstore.types import BlockKind

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|หัวเรื่อง|หัวข้อ) ?([1-9])$", re.IGNORECASE)
_WHITE = re.compile("[Ff][5-9A-Fa-f]" * 3)
_NO_FILL = ("", "auto", "FFFFFF", "ffffff")
_TINY = 2
"""Half points: letters of one point are a smear on paper."""
_DEPTH = 20
"""Styles that build on each other, at most; a circle ends here."""


@dataclass(frozen=True, slots=True)
class Style:
    """One style of paragraphs, characters or tables; `look` is its run properties, `number` its (list, level) or None."""

    name: str
    base: str
    look: Any | None
    outline: int | None
    number: tuple[str, int | None] | None
    shaded: bool


Styles = Mapping[str, Style]


def styles_of(part: Any | None) -> Styles:
    """The styles by their ids, of the root of the styles part."""
    elements = part.iterchildren(f"{W}style") if part is not None else ()
    return {element.get(f"{W}styleId", ""): _style(element) for element in elements}


def _style(element: Any) -> Style:
    paragraph = element.find(f"{W}pPr")
    return Style(
        name=value(element, "name"),
        base=value(element, "basedOn"),
        look=element.find(f"{W}rPr"),
        outline=_outline(paragraph),
        number=number_of(paragraph),
        shaded=any(is_filled(shade) for shade in element.iter(f"{W}shd")),
    )


def value(element: Any | None, name: str) -> str:
    """The value of the child `name`; '' where there is none."""
    found = element.find(f"{W}{name}") if element is not None else None
    return str(found.get(f"{W}val", "")) if found is not None else ""


def is_on(element: Any | None, name: str) -> bool | None:
    """Whether the switch `name` is on; None where it is not set."""
    found = element.find(f"{W}{name}") if element is not None else None
    return None if found is None else found.get(f"{W}val", "1") not in ("0", "false", "off")


def number_of(properties: Any | None) -> tuple[str, int | None] | None:
    """(list, level or None) that paragraph properties put a paragraph into."""
    found = properties.find(f"{W}numPr") if properties is not None else None
    if found is None:
        return None
    level = value(found, "ilvl")
    return value(found, "numId"), int(level) if level else None


def _outline(properties: Any | None) -> int | None:
    level = value(properties, "outlineLvl")
    return int(level) + 1 if level.isdigit() and int(level) < 9 else None


def chain(styles: Styles, name: str) -> Iterator[Style]:
    """The style `name` and those that it builds on, nearest first."""
    for _ in range(_DEPTH):
        style = styles.get(name)
        if style is None:
            return
        yield style
        name = style.base


def said_by(styles: Styles, name: str, properties: Any | None) -> tuple[BlockKind | None, int]:
    """What a paragraph's style and properties say of it: a heading and its level, a list item, or nothing."""
    for style in chain(styles, name):
        if style.name.lower() == "title":
            return "heading", 1
        if match := _HEADING.match(style.name):
            return "heading", int(match[1])
        if style.name.lower().startswith(("list bullet", "list number")):
            return "list_item", 0
        if style.outline:
            return "heading", style.outline
    outline = _outline(properties)
    return ("heading", outline) if outline else (None, 0)


def is_hidden(run: Any, paragraph: Any, styles: Styles, *, on_white: bool) -> bool:
    """Whether nobody who looks at the page sees the words of `run`: marked hidden, a point high, or white on white.

    White words count as hidden where neither they, their paragraph, cell nor table has a colour behind them, and `on_white`
    says that the page has none.
    """
    own = run.find(f"{W}rPr")
    of_paragraph = value(paragraph.find(f"{W}pPr"), "pStyle")
    names = [value(own, "rStyle"), of_paragraph]
    looks = [own, *(style.look for name in names for style in chain(styles, name))]
    looks = [look for look in looks if look is not None]
    if not looks:
        return False
    if next((on for look in looks if (on := is_on(look, "vanish")) is not None), False):
        return True
    size = next((said for look in looks if (said := value(look, "sz"))), "")
    if size.isdigit() and int(size) <= _TINY:
        return True
    colour = next((said for look in looks if (said := value(look, "color"))), "")
    return bool(on_white and _WHITE.fullmatch(colour)) and not _has_ground(run, looks, of_paragraph, styles)


def _has_ground(run: Any, looks: list[Any], style: str, styles: Styles) -> bool:
    """Whether a colour lies behind the run. A table's style may colour some of its rows: then all count as coloured."""
    if any(is_filled(look.find(f"{W}shd")) or value(look, "highlight") not in ("", "none", "white") for look in looks):
        return True
    if any(of.shaded for of in chain(styles, style)):
        return True
    for above in run.iterancestors(f"{W}p", f"{W}tc", f"{W}tr", f"{W}tbl", f"{W}txbxContent"):
        name = above.tag.removeprefix(W)
        if name == "txbxContent" or is_filled(above.find(f"{W}{name}Pr/{W}shd")):
            return True
        if name == "tbl" and any(of.shaded for of in chain(styles, value(above.find(f"{W}tblPr"), "tblStyle"))):
            return True
    return False


def is_filled(shade: Any | None) -> bool:
    """Whether a shading has a colour of its own."""
    return shade is not None and (
        shade.get(f"{W}fill", "") not in _NO_FILL or shade.get(f"{W}val", "clear") not in ("clear", "nil")
    )
