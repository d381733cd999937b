"""What keeps an archive safe, as commands: its state, a backup of it, and an archive made again from one."""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ui import discreet, passphrase, render
from ui.compose import House
from ui.settings import PREFIX, Settings, without_secrets
from vectorstore import backup as backups
from vectorstore.connection import shown

VERSION = version("thamkhlang")
"""Of the program."""
_LONGEST = 300
"""Characters of a setting of another machine that are shown."""


def check(called: argparse.Namespace, house: House) -> int:
    """Tells how the archive stands and what is wrong with it: 1 where anything is."""
    with house.store as store:
        status = store.status()
        faults = store.faults()
    if called.json:
        _print_json(asdict(status) | {"faults": faults})
    else:
        print(render.status_text(status))
        for line in faults:
            print(f"  ✗ {line}")
    return int(bool(faults or status.problem or status.index != "ready"))


def check_privacy(called: argparse.Namespace, house: House) -> int:
    """Tells where personal data was found."""
    with house.store as store:
        found = list(discreet.places(store))
    if called.json:
        _print_json({"places": found})
    else:
        for place in found:
            print(discreet.place_text(place))
        print(discreet.total_text(found, kept=house.settings.show_personal))
    return 0


def backup(called: argparse.Namespace, house: House) -> int:
    """Writes a backup to the file that is named."""
    with house.store as store:
        seal = passphrase.seal(house.settings, passphrase.chosen() if called.passphrase else "")
        manifest = backups.write(store, without_secrets(house.settings), VERSION, called.file, seal=seal)
    if called.json:
        _print_json(manifest)
    else:
        size = called.file.stat().st_size / 1e6
        print(f"สำรองลง {called.file} แล้ว {size:,.1f} เมกะไบต์: {_counted(manifest)}")
        if seal:
            print("เข้ารหัสแล้ว ลืมรหัสผ่านแล้วไม่มีใครกู้คืนได้ เก็บรหัสผ่านไว้คนละที่กับไฟล์นี้")
        else:
            print("ไฟล์นี้ไม่ได้เข้ารหัสและมีเอกสารและคำถามทั้งหมด เก็บไว้นอกเครื่องนี้ในที่ที่คนอื่นเปิดไม่ได้")
        print("กู้คืนด้วย thamkhlang --home โฟลเดอร์ใหม่ restore")
    return 0


def restore(called: argparse.Namespace, settings: Settings) -> int:
    """Makes the archive of a backup in the folder, or the database, that is set."""
    from vectorstore.database import address
    from vectorstore.restoring import restore as restored_from

    said = settings.database.get_secret_value()
    place = address(said) if said else settings.home
    into = None if isinstance(place, Path) else place
    restored = restored_from(called.file, settings.home, lambda: passphrase.told(settings), into)
    if called.json:
        _print_json(restored.manifest)
        return 0
    print(f"กู้คืนลง {shown(place)} แล้ว: {_counted(restored.manifest)}")
    print("ดัชนีจะสร้างใหม่เองเมื่อเปิดคลังครั้งแรก คลังใหญ่อาจใช้หลายนาที")
    again = {name: value for name, value in restored.settings.items() if name != f"{PREFIX}HOME"}
    if again:
        print("คลังเดิมตั้งค่าไว้ดังนี้ ตั้งใหม่ในเครื่องนี้ถ้ายังต้องการ", file=sys.stderr)
    for name, value in again.items():
        told = " (ความลับไม่อยู่ในไฟล์สำรอง ต้องใส่เอง)" if value is None else f"={_plain(value)}"
        print(f"  {_plain(name)}{told}", file=sys.stderr)
    return 0


def _counted(manifest: Mapping[str, Any]) -> str:
    counts = manifest["counts"]
    kept = f" คำถามที่เก็บไว้ {counts['turns']:,}" if isinstance(counts.get("turns"), int) else ""
    return f"{counts['documents']:,} เอกสาร {counts['passages']:,} ช่วงข้อความ{kept}"


def _plain(value: object) -> str:
    """What another machine says, without anything that a terminal would obey."""
    return "".join(letter for letter in str(value)[:_LONGEST] if letter.isprintable())


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
