"""What is the same as before is not sent again, and what has changed since it was read is not changed (RFC 9110, 13.1)."""

import hashlib
import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Header
from fastapi.responses import JSONResponse, Response

from ui.problems import problem

IfMatch = Annotated[str | None, Header(description="ETag ของเอกสารที่อ่านไว้ (* คือต้องมีอยู่) ถ้าเปลี่ยนไปแล้วได้ 412 และไม่มีอะไรเปลี่ยน")]
IfNoneMatch = Annotated[str | None, Header(description="ETag ที่มีอยู่แล้ว ถ้ายังเหมือนเดิมได้ 304 โดยไม่มีเนื้อหา")]
IfNew = Annotated[str | None, Header(description="* คือเพิ่มเฉพาะเมื่อยังไม่มีเอกสารชื่อนี้ ไม่เช่นนั้นได้ 412")]
_TAG = re.compile(r'(W/)?("[^"]*")')


def _tag(response: JSONResponse) -> str:
    return f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'


def tagged(none_match: str | None, told: Any, headers: Mapping[str, str] | None = None) -> Response:
    """`told` as JSON under its tag; 304 without a body where that is what If-None-Match names."""
    response = JSONResponse(told, headers=dict(headers or {}))
    response.headers["ETag"] = _tag(response)
    if _names(none_match, response.headers["ETag"], weakly=True):
        return Response(status_code=304, headers={**(headers or {}), "ETag": response.headers["ETag"]})
    return response


def changed(given: str | None, now: Any, none_match: str | None = None) -> Response | None:
    """Why a change is not made: the document is not as If-Match or If-None-Match says; `now` is its JSON, if there is one."""
    current = _tag(JSONResponse(now)) if now is not None else None
    if given is not None and not _names(given, current):
        return problem(412, "changed", "เอกสารไม่เหมือนที่อ่านไว้ (If-Match) อ่านใหม่ ตรวจว่ายังต้องการ แล้วส่งอีกครั้งด้วย ETag ใหม่")
    if none_match is not None and _names(none_match, current, weakly=True):
        return problem(412, "changed", "มีเอกสารชื่อนี้อยู่แล้ว (If-None-Match) ใช้ชื่ออื่น หรือส่ง If-Match เพื่อใช้ไฟล์นี้แทน")
    return None


def _names(header: str | None, current: str | None, *, weakly: bool = False) -> bool:
    """Whether the header names the tag of what is there; a weak tag (W/) names nothing where bytes have to be the same."""
    if header is None or current is None:
        return False
    return header.strip() == "*" or any(name == current and (weakly or not weak) for weak, name in _TAG.findall(header))
