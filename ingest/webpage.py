"""HTML by trafilatura: the article without navigation, or all text where that finds too little; its only door."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import trafilatura
from lxml import etree, html

from ingest.errors import EmptyDocument, TooLarge, UnreadableDocument
from ingest.furniture import drop_furniture, take_hidden
from ingest.metadata import stated_address, stated_date
from ingest.plain import decode
from ingest.raw import Raw, RawLine
from ingest.spans import spread

FAULTS = (etree.LxmlError, ValueError, AttributeError, TypeError)
"""What lxml and trafilatura raise for a page that they cannot make sense of."""

EXHAUSTED = (RecursionError, MemoryError)

_SHORT = 200
"""Fewer characters than this of an article on a page with more: trafilatura took the article for decoration."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_LINE_END = "\u2028"
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_-]+)", re.IGNORECASE)
_THAI_CHARSETS = {"tis-620", "tis620", "windows-874", "iso-8859-11", "cp874", "x-windows-874"}
_DROPPED = (
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "button",
    "select",
    "iframe",
    "svg",
)
_HASHTAGS = re.compile(r"\s*(?:#[^\s#]+[\s,]*)*")
_BLOCK = re.compile("p|div|section|article|main|blockquote|pre|t[dh]|d[ltd]|figcaption|center|body|table|[uo]l|li|h[1-6]")


def read_webpage(source: str, content: bytes) -> Raw:
    """A page's lines, with the title, date and address that it states.

    Buttons to share it, links to other pages and hashtags at its end are left out; words that the page hides stand at the
    end, marked so (see `furniture.take_hidden`).

    Raises:
        UnreadableDocument: it cannot be parsed.
        EmptyDocument: it has no text.
        InvalidEncoding: its encoding cannot be told.
        TooLarge: it is nested too deeply.
    """
    text = _parsable(_decoded(source, content))
    try:
        tree = html.document_fromstring(text)
        date, address, title = stated_date(tree), stated_address(tree, text), _title(tree)
        drop_furniture(tree)
        hidden = take_hidden(tree)
        spread(tree)
        article = trafilatura.bare_extraction(
            html.tostring(tree, encoding="unicode"),
            include_comments=False,
            include_tables=True,
            favor_recall=True,
            with_metadata=True,
            deduplicate=False,
        )
        lines = list(_article(article.body)) if article is not None and article.body is not None else []
        everything = list(_everything(tree))
        unseen = [replace(line, doubt="hidden") for element in hidden for line in _shown(element) if line.text]
    except FAULTS as error:
        raise UnreadableDocument(source) from error
    except EXHAUSTED as error:
        raise TooLarge(source, "โครงสร้างซับซ้อนเกินไป") from error
    if _length(lines) < min(_SHORT, _length(everything)):
        lines = everything
    lines = _without_hashtags(lines)
    if not _length(lines) + _length(unseen):
        raise EmptyDocument(source)
    lines += [RawLine(""), *unseen]
    if article is None:
        return Raw(lines, title=title, date=date, url=address)
    return Raw(lines, title=article.title or title, date=date or article.date, url=address or article.url)


def _without_hashtags(lines: list[RawLine]) -> list[RawLine]:
    """`lines` up to the hashtags that end them."""
    last = len(lines)
    while last and _HASHTAGS.fullmatch(lines[last - 1].text):
        last -= 1
    return lines[:last] if _length(lines[:last]) else lines


def _decoded(source: str, content: bytes) -> str:
    """The charset that the page states counts for Thai ones only: the others are told from the bytes."""
    stated = _CHARSET.search(content[:2_048])
    if stated and stated[1].decode("ascii").lower() in _THAI_CHARSETS:
        return content.decode("cp874", errors="replace")
    return decode(source, content)


def _parsable(text: str) -> str:
    """The parser takes no control characters, and no encoding declaration of a text that has been decoded."""
    return _DECLARATION.sub("", _CONTROL.sub("", text)) or " "


def _length(lines: list[RawLine]) -> int:
    return sum(len(line.text) for line in lines)


def _title(tree: Any) -> str | None:
    found = tree.findtext(".//title")
    return " ".join(found.split()) or None if found else None


def _article(body: Any) -> Iterator[RawLine]:
    """The tree that trafilatura makes: head, p, list/item, table/row/cell, quote."""
    for element in body.iterchildren():
        if element.tag == "head":
            yield RawLine(_flat(element), kind="heading", level=_level(str(element.get("rend") or "h2")))
        elif element.tag == "list":
            yield from (RawLine(_flat(item), kind="list_item") for item in element.iter("item"))
        elif element.tag == "table":
            yield from _rows(element, "row", ("cell",))
        elif isinstance(element.tag, str):
            yield RawLine("")
            yield from (RawLine(line) for line in _broken(element))


def _level(tag: str) -> int:
    return int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() else 2


def _flat(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _broken(element: Any) -> list[str]:
    """The element's text, a line break in it (lb, br) ending a line."""
    for line_break in element.iter("lb", "br"):
        line_break.tail = _LINE_END + (line_break.tail or "")
    return [" ".join(line.split()) for line in "".join(element.itertext()).split(_LINE_END)]


def _rows(table: Any, row: str, cells: tuple[str, ...]) -> Iterator[RawLine]:
    for line in table.iter(row):
        texts = [_flat(cell) for cell in line.iterchildren(*cells)]
        if any(texts):
            yield RawLine(" | ".join(texts), kind="table_row" if len(texts) > 1 else None)


def _everything(tree: Any) -> Iterator[RawLine]:
    """All that the page shows but its navigation, block by block."""
    body = tree.find("body")
    for element in list(tree.iter(*_DROPPED)):
        element.drop_tree()
    yield from _shown(body if body is not None else tree)


def _shown(element: Any) -> Iterator[RawLine]:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag == "table" and next(element.iter("tr"), None) is not None:
        yield from _rows(element, "tr", ("td", "th"))
    elif re.fullmatch("h[1-6]", tag):
        yield RawLine(_flat(element), kind="heading", level=int(tag[1]))
    elif tag == "li":
        yield RawLine(_flat(element), kind="list_item")
    elif any(isinstance(child.tag, str) and _BLOCK.fullmatch(child.tag) for child in element.iterdescendants()):
        yield from (RawLine(line) for line in (element.text or "").split("\n") if line.strip())
        for child in element.iterchildren():
            yield from _shown(child)
            yield from (RawLine(line) for line in (child.tail or "").split("\n") if line.strip())
    elif tag:
        yield from (RawLine(line) for line in _broken(element) if line)
