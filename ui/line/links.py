"""Addresses of this server that a message may open: of our own making only, and such as LINE takes."""

import re
from urllib.parse import quote, urlsplit

from assistant import types

_LONGEST = 1_000
"""Characters of an address that LINE opens."""
_HOST = re.compile("[A-Za-z0-9.-]+")
_KEPT = "/%:@!$&'()*+,;=~"
"""Signs of a path that are encoded already, or need not be."""


def base(public_url: str) -> str:
    """`public_url` as LINE takes it, without the / at its end; '' where it is no https address: then there are no links."""
    try:
        parts = urlsplit(public_url)
        host, port = (parts.hostname or "").encode("idna").decode(), f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme != "https" or not _HOST.fullmatch(host):
        return ""
    return f"https://{host}{port}{quote(parts.path, safe=_KEPT)}".rstrip("/")


def document(public_url: str, document_id: str) -> str:
    """Where a document opens; '' where LINE cannot open it."""
    return _short(public_url, f"/documents/{quote(document_id, safe='')}")


def words(public_url: str, document_id: str, start: int, end: int, page: int | None) -> str:
    """Where a document opens at the characters `start` to `end` (0-based, end exclusive); '' where LINE cannot open it."""
    return _short(public_url, types.link(document_id, start, end, page))


def question(public_url: str, text: str) -> str:
    """Where `text` is asked on the page, the page alone where it is long; '' where LINE cannot open it."""
    return _short(public_url, f"/?q={quote(text, safe='', errors='replace')}") or _short(public_url, "/")


def _short(public_url: str, path: str) -> str:
    address = base(public_url)
    return address + path if address and len(address + path) <= _LONGEST else ""
