"""The verbs of the command line for people and rights: `account`, `key` and `limit`."""

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from vectorstore.accounts import ROLES
from vectorstore.keys import SCOPES

Verb = Callable[..., argparse.ArgumentParser]
Opens = Callable[[argparse.Namespace], Any]
"""Opens the house of a call, briefly."""


def add_verbs(verb: Verb, house: Opens) -> None:
    """Tells the command line's parser of them; `verb(name, about, run, prints_data=…)` adds one."""

    def run(do: Callable[[argparse.Namespace, Any], str | Iterable[str]]) -> Callable[[argparse.Namespace], int]:
        def called(given: argparse.Namespace) -> int:
            opened = house(given)
            with opened.store:
                told = do(given, opened)
            print(told if isinstance(told, str) else "\n".join(told))
            return 0

        return called

    account = verb("account", "บัญชีผู้ใช้: สร้าง ดูรายชื่อ เปลี่ยนรหัสผ่าน สิทธิ์ หรือกลุ่ม ลบ", run(_list_accounts))
    _accounts(_steps(account), run)
    key = verb("key", "กุญแจ API ของโปรแกรมและบอต: สร้าง ดูรายการ เพิกถอน", run(_list_keys))
    _keys(_steps(key), run)
    limit = verb("limit", "จำกัดเอกสารให้เห็นเฉพาะกลุ่ม (ไม่ระบุกลุ่ม = ทุกคนเห็น)", run(_limit))
    limit.add_argument("document", metavar="DOCUMENT", help="รหัสหรือชื่อเอกสาร ตามที่ list แสดง")
    limit.add_argument("groups", nargs="*", metavar="GROUP", help="ชื่อกลุ่มที่เห็นเอกสารนี้ได้")


def _steps(parser: argparse.ArgumentParser) -> Any:
    return parser.add_subparsers(dest="step", required=True, metavar="สิ่งที่ทำ", parser_class=type(parser))


def _accounts(steps: Any, run: Callable[..., Any]) -> None:
    def step(name: str, about: str, do: Callable[..., Any], *, named: bool = True) -> argparse.ArgumentParser:
        sub: argparse.ArgumentParser = steps.add_parser(name, help=about, description=about)
        if named:
            sub.add_argument("name", metavar="NAME", help="ชื่อบัญชี")
        sub.set_defaults(run=run(do))
        return sub

    add = step("add", "สร้างบัญชี (ถามรหัสผ่านเมื่อสั่ง)", _add_account)
    _role(add)
    _stdin(add)
    _json(step("list", "แสดงบัญชีทั้งหมด", _list_accounts, named=False))
    _stdin(step("password", "ตั้งรหัสผ่านใหม่", _set_password))
    role = step("role", "เปลี่ยนสิทธิ์", _set_role)
    role.add_argument("role", choices=ROLES, metavar="ROLE", help=" ".join(ROLES))
    groups = step("group", "ตั้งกลุ่ม (ไม่ระบุ = ไม่อยู่ในกลุ่มใด)", _set_groups)
    groups.add_argument("groups", nargs="*", metavar="GROUP", help="ชื่อกลุ่ม")
    step("remove", "ลบบัญชี", _remove_account)


def _keys(steps: Any, run: Callable[..., Any]) -> None:
    add = steps.add_parser("add", help="สร้างกุญแจ แสดงครั้งเดียว", description="สร้างกุญแจ แสดงครั้งเดียว")
    add.add_argument("name", metavar="NAME", help="ชื่อโปรแกรมที่ใช้กุญแจนี้")
    _role(add)
    add.add_argument("--days", type=int, metavar="DAYS", help="ใช้ได้กี่วัน (ปริยาย: ไม่มีกำหนด)")
    narrower = f"ให้ทำได้เฉพาะ {' '.join(SCOPES)} (ใช้ซ้ำได้ ปริยาย: ทุกอย่างที่สิทธิ์ทำได้)"
    add.add_argument("--scope", action="append", choices=SCOPES, metavar="SCOPE", help=narrower)
    add.set_defaults(run=run(_add_key))
    listing = steps.add_parser("list", help="แสดงกุญแจทั้งหมด (ไม่แสดงตัวกุญแจ)", description="แสดงกุญแจทั้งหมด")
    _json(listing)
    listing.set_defaults(run=run(_list_keys))
    revoke = steps.add_parser("revoke", help="เพิกถอนกุญแจ", description="เพิกถอนกุญแจ")
    revoke.add_argument("prefix", metavar="PREFIX", help="ส่วนต้นของกุญแจ ตามที่ key list แสดง เช่น tk_3fK9aQ")
    revoke.set_defaults(run=run(_revoke))


def _role(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--role", choices=ROLES, default="reader", metavar="ROLE", help=f"{' '.join(ROLES)} (ปริยาย: reader)")
    sub.add_argument("--group", action="append", default=[], metavar="GROUP", help="กลุ่มที่อยู่ (ใช้ซ้ำได้)")


def _stdin(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--stdin", action="store_true", help="อ่านรหัสผ่านจากบรรทัดแรกของ stdin แทนการถาม")


def _json(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--json", action="store_true", help="พิมพ์ผลเป็น JSON")


def _asked(given: argparse.Namespace) -> str:
    """The password that is typed, or comes on the first line of stdin; never an argument, which other programs can read.

    Raises:
        AccountRefused: it is none that an account can have.
    """
    from ui import passwords
    from vectorstore.errors import AccountRefused

    if given.stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass("รหัสผ่าน: ")
        if getpass.getpass("รหัสผ่านอีกครั้ง: ") != password:
            raise AccountRefused("รหัสผ่านสองครั้งไม่ตรงกัน สั่งใหม่อีกครั้ง")
    if wrong := passwords.fault(password, given.name):
        raise AccountRefused(wrong)
    return passwords.hashed(password)


def _add_account(given: argparse.Namespace, house: Any) -> str:
    from vectorstore.accounts import account_name

    account_name(given.name)  # before a password is asked for
    made = house.store.accounts.add(given.name, _asked(given), given.role, given.group)
    house.note("account.added", made.name)
    return f"สร้างบัญชี {made.name} ({made.role}) แล้ว"


def _list_accounts(given: argparse.Namespace, house: Any) -> Iterable[str]:
    accounts = house.store.accounts.all()
    if given.json:
        return [json.dumps([asdict(one) for one in accounts], ensure_ascii=False, indent=2)]
    lines = [_line(one, "ปิดไว้" if one.disabled else "", f"เข้าใช้ล่าสุด {one.login_at or 'ยังไม่เคย'}") for one in accounts]
    return [*lines, f"ทั้งหมด {len(accounts)} บัญชี"]


def _line(one: Any, *more: str) -> str:
    groups = "ทุกเอกสาร" if one.role == "administrator" else ", ".join(one.groups)
    return " · ".join(filter(None, [one.name, one.role, groups, *more]))


def _set_password(given: argparse.Namespace, house: Any) -> str:
    name = house.store.accounts.find(given.name).name
    house.store.accounts.set_hash(name, _asked(given))
    house.note("account.password", name)
    return f"ตั้งรหัสผ่านใหม่ของ {name} แล้ว"


def _set_role(given: argparse.Namespace, house: Any) -> str:
    house.store.accounts.set_role(given.name, given.role)
    return _changed(given, house)


def _set_groups(given: argparse.Namespace, house: Any) -> str:
    house.store.accounts.set_groups(given.name, given.groups)
    return _changed(given, house)


def _changed(given: argparse.Namespace, house: Any) -> str:
    account = house.store.accounts.find(given.name)
    house.note("account.changed", account.name)
    return _line(account)


def _remove_account(given: argparse.Namespace, house: Any) -> str:
    name = house.store.accounts.find(given.name).name
    house.store.accounts.remove(name)
    house.note("account.removed", name)
    return f"ลบบัญชี {name} แล้ว"


def _add_key(given: argparse.Namespace, house: Any) -> Iterable[str]:
    whole = house.store.keys.add(given.name, given.role, given.group, days=given.days, scopes=given.scope)
    house.note("key.added", house.store.keys.find(whole).name)
    print("คัดลอกเก็บไว้ตอนนี้ กุญแจนี้จะไม่แสดงอีก", file=sys.stderr)
    return [whole]


def _list_keys(given: argparse.Namespace, house: Any) -> Iterable[str]:
    keys = house.store.keys.all()
    if given.json:
        return [json.dumps([asdict(one) for one in keys], ensure_ascii=False, indent=2)]
    lines = [_line(one, f"tk_{one.prefix}", _scopes(one), _until(one), f"ใช้ล่าสุด {one.used_at or 'ยังไม่เคย'}") for one in keys]
    return [*lines, f"ทั้งหมด {len(keys)} ดอก"]


def _scopes(one: Any) -> str:
    return f"เฉพาะ {' '.join(one.scopes)}" if one.scopes else ""


def _until(one: Any) -> str:
    if one.revoked:
        return "เพิกถอนแล้ว"
    return "หมดอายุแล้ว" if one.expired else f"ใช้ได้ถึง {one.until}" if one.until else "ไม่มีกำหนด"


def _revoke(given: argparse.Namespace, house: Any) -> str:
    key = house.store.keys.revoke(given.prefix)
    house.note("key.revoked", key.name)
    return f"เพิกถอนกุญแจ tk_{key.prefix} ของ {key.name} แล้ว"


def _limit(given: argparse.Namespace, house: Any) -> str:
    header = house.store.limit(given.document, given.groups)
    house.note("limit.set", header.source)
    groups = house.store.limits.of(header.source)
    return f"{header.source} เห็นได้เฉพาะกลุ่ม {', '.join(groups)}" if groups else f"{header.source} ทุกคนเห็นได้"
