"""What a page states of itself: its date and address in meta elements, JSON-LD, or the comment of a browser that saved it."""

import json
import re
from collections.abc import Iterator
from typing import Any

_DATES = (
    "article:published_time", "og:published_time", "datepublished", "publishdate", "pubdate", "dc.date", "dc.date.issued",
    "dcterms.date", "dcterms.created", "date",
)  # fmt: skip
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://\S+?)\s*-->", re.IGNORECASE)
_HEAD = 2_000
"""Characters in which a browser's comment stands."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def stated_date(tree: Any) -> str | None:
    """The day of publication as the page states it, None where it does not; a year may be of the Buddhist Era."""
    metas = {
        str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower(): meta for meta in tree.iter("meta")
    }
    found = [metas[name].get("content") for name in _DATES if name in metas]
    found += [item.get("datePublished") for item in _linked(tree)]
    found += [
        time.get("datetime")
        for time in tree.iter("time")
        if "pubdate" in time.attrib or time.get("itemprop") == "datePublished"
    ]
    return next((day[0] for text in found if isinstance(text, str) and (day := _DAY.search(text))), None)


def stated_address(tree: Any, text: str) -> str | None:
    """Where the page is on the web: its canonical link, else og:url, JSON-LD, or whence a browser saved it."""
    links = [link.get("href") for link in tree.iter("link") if str(link.get("rel", "")).lower() == "canonical"]
    links += [meta.get("content") for meta in tree.iter("meta") if str(meta.get("property", "")).lower() == "og:url"]
    links += [item.get("url") or item.get("mainEntityOfPage") for item in _linked(tree) if item.get("datePublished")]
    links += _SAVED.findall(text[:_HEAD])
    return next((link for link in links if isinstance(link, str) and link.startswith(("http://", "https://"))), None)


def _linked(tree: Any) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, those in lists and graphs too."""
    for script in tree.iter("script"):
        if str(script.get("type", "")).lower().startswith("application/ld+json"):
            try:
                said = json.loads(script.text or "")
            except (ValueError, RecursionError):
                continue
            for item in said if isinstance(said, list) else [said]:
                graph = item.get("@graph") if isinstance(item, dict) else None
                yield from (of for of in [item, *(graph if isinstance(graph, list) else [])] if isinstance(of, dict))
