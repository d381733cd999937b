"""The register of resolutions as people and programs read it: JSON, a spreadsheet, lines on a screen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date as calendar
from itertools import groupby
from pathlib import Path
from typing import Any

from assistant.types import link
from ingest.due import day_of
from ui import render, sheets
from ui.wire import to_filter
from vectorstore.register import Due, Sought, due_of
from vectorstore.types import Resolution

COLUMNS = (
    *("การประชุม", "วันที่ประชุม", "วันที่ประชุม (พ.ศ.)", "สถานที่", "วาระ", "มติ", "ผู้รับผิดชอบ"),
    *("กำหนดวันที่", "กำหนดวันที่ (พ.ศ.)", "กำหนดตามเอกสาร", "สถานะกำหนด"),
    *("เอกสาร", "รหัสเอกสาร", "หน้า", "อักขระแรก", "อักขระถัดจากตัวสุดท้าย", "ลิงก์"),
)
DUES: dict[Due, str] = {"overdue": "เลยกำหนด", "soon": "ใกล้ถึง", "later": "ยังไม่ถึง", "none": "ไม่ได้กำหนดวัน"}
"""How a resolution stands today."""


class UnknownDay(ValueError):
    """What was typed for a day is none; the sentence tells how to write one."""


def sought(fields: Mapping[str, Any]) -> Sought:
    """What is asked of the register: a filter's fields as `to_filter` takes them, `text`, `due_before` and `due`.

    Raises:
        UnknownDay: `due_before` is no day.
    """
    return Sought(
        wanted=to_filter(fields),
        text=fields.get("text") or "",
        due_before=day(fields.get("due_before") or ""),
        due=fields.get("due"),
        today=today(),
    )


def today() -> str:
    """The day, ISO, by this machine's clock."""
    return calendar.today().isoformat()


def day(text: str) -> str:
    """A day as people type it, ISO; '' where nothing was typed.

    Raises:
        UnknownDay: it is no day.
    """
    found = day_of(text) if text.strip() else ""
    if found is None:
        raise UnknownDay(f"ไม่เข้าใจวันที่ {text!r} เขียนอย่าง 31 มีนาคม 2566 หรือ 2566-03-31")
    return found


def row(resolution: Resolution, public_url: str = "") -> dict[str, Any]:
    """A resolution as JSON; its link opens the document at the words."""
    fields = {name: getattr(resolution, name) for name in Resolution.__dataclass_fields__}
    path = link(resolution.document_id, resolution.start, resolution.end, resolution.page)
    lists = {name: list(fields[name]) for name in ("section", "assigned")}
    return {**fields, **lists, "link": public_url.rstrip("/") + path}


def write_csv(path: Path, rows: Iterable[Resolution], public_url: str = "") -> None:
    """A spreadsheet that Excel opens as Thai, a row each; no cell is a formula.

    Raises:
        OSError: the file cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(sheets.as_csv(COLUMNS, values(rows, public_url)))


def values(rows: Iterable[Resolution], public_url: str = "") -> Iterator[Sequence[sheets.Value]]:
    """The cells of `COLUMNS`, a row for each resolution."""
    now = today()
    for one in rows:
        who, where = " · ".join(one.assigned), " › ".join(one.section)
        met = (one.meeting, sheets.day(one.date), render.day(one.date), one.place)
        until = (sheets.day(one.due), render.day(one.due), one.due_said, DUES[due_of(one.due, now)])
        place = (one.source, one.document_id, one.page, one.start, one.end, row(one, public_url)["link"])
        yield (*met, where, one.decision, who, *until, *place)


def lines(rows: Sequence[Resolution], total: int) -> Iterable[str]:
    """The register for a screen: each meeting with its resolutions below, who is to do it and until when."""
    meetings = 0
    number = 0
    for (_, meeting, date, place), some in groupby(rows, lambda one: (one.document_id, one.meeting, one.date, one.place)):
        meetings += 1
        yield meeting
        yield "  " + " · ".join(filter(None, [render.day(date) or "ไม่ทราบวันที่", place]))
        for one in some:
            number += 1
            yield from _lines(number, one)
        yield ""
    if not rows:
        yield "ไม่พบมติที่ตรงกับที่ขอ"
    else:
        more = f" (แสดง {len(rows)})" if total > len(rows) else ""
        yield f"ทั้งหมด {total} มติ{more} จาก {meetings} การประชุม"


def _lines(number: int, one: Resolution) -> Iterable[str]:
    yield f"  {number}. {' '.join(one.decision.split())}"
    if one.section:
        yield f"     วาระ: {' › '.join(one.section)}"
    if one.assigned:
        yield f"     ผู้รับผิดชอบ: {', '.join(one.assigned)}"
    if one.due_said:
        told = f"{render.day(one.due)} ({one.due_said})" if one.due else one.due_said
        yield f"     กำหนด: {told}"
    page = f"หน้า {one.page} " if one.page else ""
    yield f"     ที่มา: {one.source} {page}ตัวอักษรที่ {one.start}–{one.end}"
