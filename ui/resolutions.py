"""The verb of the command line for the register: `resolutions`."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ui.granting import Opens, Verb
from vectorstore.register import DUES, ORDERS, SOON_DAYS

DONE, WRONG = 0, 2


def add_verb(verb: Verb, house: Opens, wanted: Callable[[argparse.Namespace, Any], dict[str, Any]]) -> argparse.ArgumentParser:
    """Tells the command line's parser of it; `wanted` gives the fields of the filters of a call over a store.

    Returns:
        The verb's parser, which has no filters yet.
    """

    def run(called: argparse.Namespace) -> int:
        return _run(called, house, wanted)

    sub = verb("resolutions", "ทะเบียนมติที่ประชุม: ใครต้องทำอะไรภายในเมื่อไร", run, prints_data=True)
    sub.add_argument("--text", default="", help="เฉพาะมติที่มีคำเหล่านี้ (ในมติ วาระ หรือชื่อผู้รับผิดชอบ)")
    sub.add_argument("--due-before", default="", metavar="DATE", help="เฉพาะที่กำหนดเสร็จก่อนวันนี้ เช่น 31/3/2566")
    dues = f"overdue เลยกำหนด, soon ใกล้ถึง (ภายใน {SOON_DAYS} วัน), later ยังไม่ถึง, none ไม่ได้กำหนดวัน"
    sub.add_argument("--due", choices=DUES, help=f"เฉพาะสถานะกำหนดนี้: {dues}")
    sub.add_argument(
        "--sort",
        choices=ORDERS,
        default="-date",
        help="เรียงตามวันประชุม (date) กำหนด (due) หรือชื่อการประชุม (meeting) ใส่ - ข้างหน้าเพื่อเรียงกลับ เช่น --sort=-due (ปริยาย: -date)",
    )
    sub.add_argument("--csv", type=Path, metavar="FILE", help="บันทึกเป็นตารางที่เปิดด้วย Excel ได้")
    return sub


def _run(called: argparse.Namespace, house: Opens, wanted: Callable[[argparse.Namespace, Any], dict[str, Any]]) -> int:
    from ui import register

    try:
        register.day(called.due_before)  # before an archive is opened
        opened = house(called)
        with opened.store as store:
            asked = {"text": called.text, "due_before": called.due_before, "due": called.due}
            total, rows = store.register.find(register.sought(wanted(called, store) | asked), called.sort)
        link = opened.settings.public_url
        if called.csv:
            register.write_csv(called.csv, rows, link)
    except register.UnknownDay as error:
        return _wrong(str(error))
    except OSError as error:
        return _wrong(f"บันทึก {called.csv} ไม่ได้ ({error.strerror}) ตรวจชื่อโฟลเดอร์ สิทธิ์เขียน และปิดไฟล์นี้ใน Excel ก่อน")
    if called.json:
        print(
            json.dumps({"total": total, "resolutions": [register.row(one, link) for one in rows]}, ensure_ascii=False, indent=2)
        )
    elif called.csv:
        print(f"บันทึก {total} มติลง {called.csv} แล้ว")
    else:
        print("\n".join(register.lines(rows, total)))
    return DONE


def _wrong(told: str) -> int:
    print(f"thamkhlang: {told}", file=sys.stderr)
    return WRONG
