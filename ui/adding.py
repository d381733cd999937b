"""`thamkhlang add`: files, folders, exports and addresses into the archive, visibly, until done or told to stop."""

import json
import os
import re
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from ingest import Report, take_in
from ingest.errors import UnreachableSource
from ingest.sources import Source, sources
from ingest.watch import Watch
from ingest.web import Address
from ui import documents, render
from ui.compose import House, reach
from ui.settings import SettingsError

DONE, SHORT = 0, 1
EVERY_S = 2.0
"""How often a watched folder is looked at, in seconds."""
_ADDRESS = re.compile("[a-zA-Z][a-zA-Z0-9+.-]*://")
_STOPPING = "\nกำลังหยุด: เก็บเอกสารที่อ่านแล้วให้เรียบร้อย (กด Ctrl+C อีกครั้งเพื่อหยุดทันที)\n"


def add(called: Namespace, house: House) -> int:
    """Does what was called for; the exit code.

    Raises:
        SettingsError: nothing was named, or the file of addresses cannot be read.
    """
    paths = [Path(given) for given in called.paths if not _ADDRESS.match(given)]
    addresses = [given for given in called.paths if _ADDRESS.match(given)] + _addresses_in(called.urls)
    if not paths and not addresses:
        raise SettingsError("ยังไม่ได้ระบุไฟล์ โฟลเดอร์ หรือที่อยู่เว็บที่จะเพิ่ม")
    if called.watch and (addresses or not paths):
        raise SettingsError("--watch ใช้กับไฟล์และโฟลเดอร์เท่านั้น ที่อยู่เว็บให้เพิ่มโดยไม่มี --watch")
    with house.store, _stop() as stop:
        house.store.room.check()  # before anything is read
        if called.watch:
            return _watch(paths, house, stop, as_json=called.json)
        found = [*sources(paths), *(Address(url, reach(house.settings)) for url in addresses)]
        report = _shown(found, house, stop)
        similar = documents.similar_to(house.store, {*report.added, *report.replaced})
        if report.added or report.replaced:
            house.note("document.several", f"{len(report.added)} + {len(report.replaced)}")
    if called.json:
        print(json.dumps(told(report) | {"similar": similar}, ensure_ascii=False, indent=2))
    else:
        _tell(report, similar, shows=house.settings.show_personal)
    return SHORT if report.failed or report.stopped else DONE


def _addresses_in(path: Path | None) -> list[str]:
    """The addresses of a file, one a line; blank lines and those that begin with # are passed over."""
    if path is None:
        return []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"อ่านไฟล์รายการที่อยู่เว็บ {path} ไม่ได้ ต้องเป็นไฟล์ข้อความ UTF-8 บรรทัดละหนึ่งที่อยู่") from error
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


@contextmanager
def _stop() -> Iterator[threading.Event]:
    """Is set by the first Ctrl+C; the second one interrupts."""
    asked = threading.Event()

    def heard(*_: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        os.write(2, _STOPPING.encode())  # print is not to be called again while it prints

    before = signal.signal(signal.SIGINT, heard)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def _shown(found: Sequence[Source | Address | UnreachableSource], house: House, stop: threading.Event) -> Report:
    """Takes the sources in; on a terminal a line shows how far it is, how fast, and how long it will take."""
    from tqdm import tqdm

    form = "{percentage:3.0f}% |{bar:20}| {desc} เหลืออีก {remaining}"
    started = monotonic()
    count = 0
    with tqdm(total=1.0, disable=None, leave=False, bar_format=form, desc="กำลังอ่าน") as bar:

        def progress(_: str, share: float) -> None:
            nonlocal count
            count += 1
            rate = count / max(monotonic() - started, 0.001)
            bar.set_description_str(f"{count:,} เอกสาร · {rate:,.1f} เอกสารต่อวินาที ·", refresh=False)
            bar.update(share - bar.n)

        return take_in(found, house.store, progress=progress, stopped=stop.is_set)


def told(report: Report) -> dict[str, Any]:
    """What became of each source, as JSON has it."""
    failed = [{"source": failure.source, "code": failure.code, "reason": failure.reason} for failure in report.failed]
    return {
        "added": report.added,
        "replaced": report.replaced,
        "skipped": report.skipped,
        "personal": report.personal,
        "failed": failed,
        "stopped": report.stopped,
        "seconds": round(report.seconds, 3),
        "documents_per_second": round(report.rate, 1),
    }


def _tell(report: Report, similar: Mapping[str, Sequence[str]], *, shows: bool) -> None:
    done = (("เพิ่มใหม่", report.added), ("แทนฉบับเดิม", report.replaced), ("ข้าม (มีแล้ว)", report.skipped))
    print(" · ".join(f"{what} {len(names)}" for what, names in (*done, ("ไม่สำเร็จ", report.failed))))
    print(f"ใช้เวลา {report.seconds:.1f} วินาที ({report.rate:.1f} เอกสารต่อวินาที)")
    _tell_each(report, similar, shows=shows)
    if report.stopped:
        count = len(report.added) + len(report.replaced)
        print(f"หยุดตามที่สั่ง: {count:,} เอกสารที่เพิ่มในรอบนี้อยู่ในคลังครบแล้ว สั่งคำสั่งเดิมอีกครั้งเพื่อทำต่อจากตรงนี้ (เอกสารที่มีแล้วจะข้ามไป)")


def _tell_each(report: Report, similar: Mapping[str, Sequence[str]], *, shows: bool) -> None:
    for name in report.replaced:
        print(f"  ↻ {name} มีเนื้อหาใหม่ ใช้แทนฉบับเดิมที่ชื่อเดียวกัน (ถ้าเป็นคนละเอกสาร เปลี่ยนชื่อไฟล์แล้วเพิ่มใหม่)")
    for line in [*render.personal_lines(report.personal, shows=shows), *render.similar_lines(similar)]:
        print(line)
    for failure in report.failed:
        print(f"  ✗ {failure.source} [{failure.code}]: {failure.reason}")


def _watch(paths: Sequence[Path], house: House, stop: threading.Event, *, as_json: bool) -> int:
    """Takes in what is new or changed until told to stop. With JSON, a line for each time that something was."""
    watch = Watch(paths)
    if not as_json:
        print(f"กำลังเฝ้าดู {', '.join(map(str, paths))} ไฟล์ใหม่หรือไฟล์ที่แก้จะเข้าคลังเอง หยุดด้วย Ctrl+C", flush=True)
    while not stop.is_set():
        seen = watch.look()
        come: list[Source | Address | UnreachableSource] = [*seen.ready, *seen.unreachable]
        report = take_in(come, house.store, stopped=stop.is_set) if come else Report()
        if as_json and (come or seen.gone):
            print(json.dumps(told(report) | {"gone": seen.gone}, ensure_ascii=False), flush=True)
        elif not as_json:
            similar = documents.similar_to(house.store, {*report.added, *report.replaced})
            _tell_seen(report, similar, seen.gone, shows=house.settings.show_personal)
        stop.wait(EVERY_S)
    if not as_json:
        print("เลิกเฝ้าดูแล้ว เอกสารที่เพิ่มไว้อยู่ในคลังครบ")
    return DONE


def _tell_seen(report: Report, similar: Mapping[str, Sequence[str]], gone: Sequence[str], *, shows: bool) -> None:
    for name in report.added:
        print(f"  + {name}")
    for name in report.skipped:
        print(f"  = {name} มีในคลังแล้ว")
    _tell_each(report, similar, shows=shows)
    for name in gone:
        print(f"  - {name} ไม่อยู่ในโฟลเดอร์แล้ว แต่ยังอยู่ในคลัง (นำออกด้วย thamkhlang remove)")
    sys.stdout.flush()
