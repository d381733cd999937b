"""What stands on a document's page before its text: what can be done with it, its versions, what is like it, its contents."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from ui.clock import day_of
from ui.people import Person
from ui.render import day
from ui.words import BOOK, WORDS
from vectorstore import Store
from vectorstore.types import Block, Document, Header, Version

_WORDS: dict[str, Any] = BOOK["library"]
_MOST = 300
"""Headings that a table of contents has; of a longer document the outer ones."""
_LONG = 120
"""Characters of a heading that it shows."""


def beside(store: Store, document: Document, person: Person) -> str:
    """HTML with everything escaped, for a page at /documents/{id} that `person` reads."""
    versions = store.versions(document.source)
    current = any(one.current and one.document_id == document.id for one in versions)
    similar = store.listing.headers(store.similar([document.id]).get(document.id, ())) if current else []
    parts = (_actions(document, person, current=current), _versions(document, versions), _similar(similar), contents(document))
    return "".join(parts)


def _actions(document: Document, person: Person, *, current: bool) -> str:
    links = []
    if current:
        links.append((f"../?document={document.id}", _WORDS["ask"]))
    if current and document.resolutions:
        links.append((f"../resolutions?document={document.id}", _WORDS["its_resolutions"]))
    if person.may("editor"):
        links.append((f"{document.id}/text", _WORDS["as_text"]))
        links.append((f"../v1/documents/{document.id}", _WORDS["as_json"]))
    if person.may("editor") and current:
        links += [(f"{document.id}/replace", _WORDS["replace"]), (f"{document.id}/remove", _WORDS["remove"])]
    items = "".join(f'<li><a href="{escape(address)}"{_manner(address)}>{escape(words)}</a></li>' for address, words in links)
    return f'<ul class="actions">{items}</ul>' if items else ""


def _manner(address: str) -> str:
    """What else a link says: that it is saved, or asks."""
    return " download" if address.startswith("../v1/") else ' class="button main"' if address.startswith("../?") else ""


def _versions(document: Document, versions: Sequence[Version]) -> str:
    if len(versions) < 2:
        return ""
    return _folded("versions", _WORDS["versions"], (_version(document, one) for one in reversed(versions)))


def _version(document: Document, one: Version) -> str:
    words = f"{WORDS['version'].format(version=one.version)} · {_WORDS['added']} {day_of(one.added_at)}"
    state = _WORDS["current"] if one.current else _WORDS["past"]
    shown = escape(words)
    if one.document_id != document.id:
        shown = f'<a href="{quote(one.document_id, safe="")}">{shown}</a>'
    else:
        shown = f'<b aria-current="true">{shown}</b>'
    return f"{shown} <small>{escape(state)}</small>"


def _similar(similar: Sequence[Header]) -> str:
    shown = (
        f'<a href="{quote(one.id, safe="")}">{escape(one.title)}</a> <small>{escape(_about(one))}</small>' for one in similar
    )
    return _folded("similar", f"{_WORDS['similar']} ({len(similar)})", shown) if similar else ""


def _about(one: Header) -> str:
    return " · ".join(filter(None, (day(one.date), one.source)))


def contents(document: Document) -> str:
    """HTML of a document's headings, each a link to its place; '' where there are fewer than two."""
    found = [block for block in document.blocks if block.kind == "heading" and block.doubt != "hidden"]
    deepest = max((len(block.section) for block in found), default=0)
    while len(found) > _MOST and deepest > 1:
        deepest -= 1
        found = [block for block in found if len(block.section) <= deepest]
    if len(found) < 2:
        return ""
    return _folded("contents", _WORDS["contents"], (_heading(document, block) for block in found[:_MOST]))


def _heading(document: Document, block: Block) -> str:
    words = " ".join(document.text[block.start : block.end].split())
    shown = words if len(words) <= _LONG else words[:_LONG].rstrip() + "…"
    return f'<a class="level-{min(3, max(1, len(block.section)))}" href="#b{block.start}">{escape(shown)}</a>'


def _folded(name: str, words: str, items: Iterable[str]) -> str:
    listed = "".join(f"<li>{item}</li>" for item in items)
    return f'<details class="known {name}"><summary>{escape(words)}</summary><ul>{listed}</ul></details>'
