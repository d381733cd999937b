"""What of a page is not its matter: buttons to share it, links to other pages; and what of it nobody sees."""

import re
from collections.abc import Iterator
from typing import Any

_ROLE = re.compile(
    r"(?:^|[-_ ])(?:share|shares|sharing|share-?buttons|social|addtoany|addthis|sharedaddy|related|breadcrumbs?|cookies?|"
    r"newsletter|hashtags?|tag-?links|tagcloud|pagination|post-?navigation|sharethis|likebtn)(?:$|[-_ ])",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"(?:ข่าว|บทความ|เรื่อง|เนื้อหา|โพสต์|กระทู้)(?:อื่น ?ๆ)?ที่เกี่ยวข้อง|related (?:topics?|posts?|news|articles?)", re.IGNORECASE
)
_MOST = 600
"""Characters of a piece of furniture at most: a page about social work may call its own article `social`."""
_LINKED = 0.6
"""Share of a block's text that is links where it leads to other pages."""

_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)|"
    r"font-size\s*:\s*0(?:\.0+)?\s*(?:px|pt|r?em|%)?\s*(?:;|$|!)",
    re.IGNORECASE,
)
_WHITE = r"(?:#fff(?:fff)?(?![0-9a-f])|white(?![a-z-])|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))"
_WHITE_TEXT = re.compile(rf"(?:^|[;\s])color\s*:\s*{_WHITE}", re.IGNORECASE)
_GROUND = re.compile(r"background(?:-color|-image)?\s*:\s*([^;]+)", re.IGNORECASE)
_WHITE_GROUND = re.compile(rf"(?:{_WHITE}|none|transparent|inherit)", re.IGNORECASE)
_CONTROLS = frozenset(
    ["nav", "header", "footer", "aside", "form", "button", "select", "dialog", "menu", "script", "style", "template"]
)
_CONTROL_ROLE = re.compile(
    r"menu|modal|popup|dropdown|navbar|offcanvas|cookie|search|loading|toolbar|tooltip|lightbox", re.IGNORECASE
)
_ROOT = frozenset(["html", "body"])


def drop_furniture(tree: Any) -> None:
    """Takes out what shares the page, and what leads to others, under the heading that says so."""
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in _ROOT or element.getparent() is None:
            continue
        if _ROLE.search(_names(element)) and len(_text(element)) <= _MOST:
            element.drop_tree()
        elif element.tag in ("h2", "h3", "h4", "h5", "strong", "p", "div") and _is_related(element):
            following = element.getnext()
            if following is not None and _is_links(following):
                following.drop_tree()
            element.drop_tree()


def _is_related(element: Any) -> bool:
    text = _text(element)
    return len(text) <= 40 and _RELATED.fullmatch(text.rstrip(" :")) is not None


def _is_links(element: Any) -> bool:
    linked = sum(len(_text(link)) for link in element.iter("a"))
    return isinstance(element.tag, str) and 0 < _LINKED * len(_text(element)) <= linked


def take_hidden(tree: Any) -> list[Any]:
    """The outermost elements that the page hides, taken out of it, in order; those of menus and dialogs are thrown away.

    Hidden means: the attribute `hidden`; by a style of its own not shown, of no size or transparent; or white with nothing
    but white behind it. What a style sheet hides is not looked for: pages fold away much that a click shows.
    """
    found = [
        element for element in tree.iter() if isinstance(element.tag, str) and element.tag not in _ROOT and _is_hidden(element)
    ]
    hidden = set(found)
    outermost = [element for element in found if hidden.isdisjoint(element.iterancestors())]
    kept = [element for element in outermost if not _is_control(element)]
    for element in outermost:
        element.drop_tree()
    return kept


def _is_hidden(element: Any) -> bool:
    style = element.get("style", "")
    return "hidden" in element.attrib or bool(_UNSEEN.search(style)) or (_is_white(element, style) and _is_on_white(element))


def _is_white(element: Any, style: str) -> bool:
    return bool(_WHITE_TEXT.search(style)) or (element.tag == "font" and bool(re.fullmatch(_WHITE, element.get("color", ""))))


def _is_on_white(element: Any) -> bool:
    """Whether the nearest colour behind an element is white. Where a style sheet may have given it one, that is not known."""
    for place in [element, *element.iterancestors()]:
        ground = _GROUND.search(place.get("style", ""))
        said = ground[1].strip() if ground else place.get("bgcolor") or place.get("background")
        if said:
            return bool(_WHITE_GROUND.match(said))
        if place.tag not in _ROOT and (place.get("class") or place.get("id")):
            return False
    return True


def _is_control(element: Any) -> bool:
    return any(place.tag in _CONTROLS or _CONTROL_ROLE.search(_names(place)) for place in _upwards(element))


def _upwards(element: Any) -> Iterator[Any]:
    yield element
    yield from (above for above in element.iterancestors() if above.tag not in _ROOT)


def _names(element: Any) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _text(element: Any) -> str:
    return " ".join(element.text_content().split())
