"""Long lists by the page: where the next and the previous one are."""

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Query, Request

MOST = 1000
"""How many of a list are given at once, at most."""
Offset = Annotated[int, Query(ge=0, le=10**9, description="เริ่มหลังจากกี่รายการแรก")]


def links(request: Request, total: int, limit: int, offset: int) -> dict[str, str]:
    """The header Link (RFC 8288) of a page of a list that has `total`: rel next and prev, where there are such pages."""
    told = []
    if offset + limit < total:
        told.append(_link(request, offset + limit, "next"))
    if offset:
        told.append(_link(request, max(0, min(offset, total) - limit), "prev"))
    return {"Link": ", ".join(told)} if told else {}


def _link(request: Request, offset: int, rel: str) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "offset"]
    return f'<{quote(request.url.path)}?{urlencode([*kept, ("offset", offset)], errors="replace")}>; rel="{rel}"'
