"""The command line: `thamkhlang --help`. Exit codes: 0 done, 1 something fell short, 2 the call or the set-up is wrong."""

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from assistant.errors import AssistantError
from ui import granting, resolutions
from ui import settings as settings_of
from ui.granting import Verb
from ui.line import verbs as line_verbs
from ui.settings import SettingsError
from vectorstore.errors import DiskFull, StoreError

DONE, SHORT, WRONG = 0, 1, 2

_SAID = {
    "the following arguments are required: ": "ยังไม่ได้ระบุ ",
    "unrecognized arguments: ": "ไม่รู้จัก ",
    "argument (.*?): ": r"\1: ",
    "expected (?:one argument|at least one argument)": "ต้องมีค่าตามหลัง",
    r"invalid choice: (.*?) \(choose from (.*)\)": r"ไม่มี \1 ให้เลือก มี \2",
    "invalid (?:int|_positive) value: ": "ต้องเป็นจำนวนเต็ม ไม่ใช่ ",
}
"""What argparse says, in Thai."""
_KINDS = ("minutes", "project", "notes", "news", "report")
_PATHS = "ไฟล์ (pdf docx xlsx pptx csv html txt eml zip jsonl และรูปแบบเก่า doc xls ppt odt ods odp rtf)"


class _Parser(argparse.ArgumentParser):
    """argparse, speaking Thai."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **(options | {"add_help": False}))
        self._positionals.title, self._optionals.title = "สิ่งที่ต้องระบุ", "ตัวเลือก"
        self.add_argument("-h", "--help", action="help", help="แสดงวิธีใช้แล้วจบ")

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "วิธีใช้: ", 1)

    def error(self, message: str) -> NoReturn:
        for pattern, thai in _SAID.items():
            message = re.sub(pattern, thai, message)
        self.exit(WRONG, f"thamkhlang: คำสั่งไม่ถูกต้อง ({message}) ดูวิธีใช้ด้วย {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="thamkhlang", description="ถามคลัง: ถามเอกสารงานพัฒนาชุมชน ได้คำตอบเป็นถ้อยคำในเอกสารพร้อมที่มา", parents=[_home()]
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="คำสั่ง", parser_class=_Parser)

    def verb(
        name: str, about: str, run: Callable[[argparse.Namespace], int], *, prints_data: bool = False
    ) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=about, description=about, parents=[_home()])
        if prints_data:
            sub.add_argument("--json", action="store_true", help="พิมพ์ผลเป็น JSON")
        sub.set_defaults(run=run)
        return sub

    _documents(verb)
    _questions(verb)
    _archive(verb)
    granting.add_verbs(verb, partial(_house, brief=True))
    line_verbs.add_verbs(verb, _settings)
    return parser


def _documents(verb: Verb) -> None:
    add = verb("add", "เพิ่มเอกสารจากไฟล์ โฟลเดอร์ หรือเว็บเข้าคลัง", _add, prints_data=True)
    add.add_argument("paths", nargs="*", metavar="PATH", help=f"{_PATHS} โฟลเดอร์ หรือ https://…")
    add.add_argument("--urls", type=Path, metavar="FILE", help="ไฟล์รายการที่อยู่เว็บ บรรทัดละหนึ่งที่อยู่ (ต้องตั้ง THAMKHLANG_URLS=on)")
    add.add_argument("--watch", action="store_true", help="เฝ้าดูต่อไป เพิ่มไฟล์ใหม่และไฟล์ที่แก้เองจนกว่าจะกด Ctrl+C")
    listing = verb("list", "แสดงรายการเอกสารในคลัง หรือทุกฉบับของเอกสารหนึ่ง", _list, prints_data=True)
    listing.add_argument("document", nargs="?", metavar="DOCUMENT", help="แสดงทุกฉบับของเอกสารนี้ (รหัสหรือชื่อ)")
    listing.add_argument("--versions", action="store_true", help="แสดงทุกฉบับของทุกเอกสาร")
    remove = verb("remove", "ลบเอกสารออกจากคลังทั้งหมด (ทุกฉบับ) และบอกว่าลบอะไรไปบ้าง", _remove, prints_data=True)
    remove.add_argument("id", help="รหัสหรือชื่อเอกสาร ตามที่ list แสดง")


def _questions(verb: Verb) -> None:
    search = verb("search", "ค้นข้อความในคลัง", _search, prints_data=True)
    search.add_argument("query", help="คำค้น")
    search.add_argument("-k", type=_positive, default=10, help="จำนวนผลลัพธ์ (ปริยาย: 10)")
    ask = verb("ask", "ถามคลัง ได้คำตอบพร้อมที่มา", _ask, prints_data=True)
    ask.add_argument("question", help="คำถามภาษาไทยหรืออังกฤษ")
    ask.add_argument("--conversation", metavar="ID", help="ถามต่อในบทสนทนานี้ และเก็บคำถามคำตอบไว้ในคลัง (ชื่อ 8 ถึง 128 ตัวอักษร)")
    register = resolutions.add_verb(verb, partial(_house, brief=True), _wanted)
    for sub in (search, ask, register):
        _filters(sub)
    for sub in (search, ask):
        sub.add_argument("--literally", action="store_true", help="ค้นตามที่พิมพ์ ไม่แก้คำผิด ไม่ขยายคำย่อ ไม่แปล")


def _archive(verb: Verb) -> None:
    serve = verb("serve", "เปิดหน้าถามตอบและ API", _serve)
    serve.add_argument("--host", default=argparse.SUPPRESS, help="ที่อยู่ที่เปิดรับ (ปริยาย: 127.0.0.1)")
    serve.add_argument("--port", type=int, default=argparse.SUPPRESS, help="พอร์ต (ปริยาย: 8000)")
    serve.add_argument("--samples", action="store_true", help="ถ้าคลังว่าง ให้เพิ่มเอกสารตัวอย่างที่มากับโปรแกรมก่อน")
    evaluate = verb("eval", "วัดผลกับไฟล์คำถาม และเปิดตรวจการอ้างอิงทุกข้อ", _eval, prints_data=True)
    evaluate.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl", help="ไฟล์คำถาม")
    evaluate.add_argument(
        "--model",
        nargs="?",
        const="",
        metavar="PROVIDER:MODEL",
        help="วัดคำตอบที่โมเดลภาษาเรียบเรียง (ไม่ระบุชื่อ = ตาม THAMKHLANG_MODEL) ปริยายคือวัดถ้อยคำในเอกสารล้วน",
    )
    evaluate.add_argument("--show", action="store_true", help="แสดงข้อที่ไม่ผ่านพร้อมคำตอบที่ได้")
    check = verb("check", "ตรวจสภาพคลังและดัชนี", _check, prints_data=True)
    check.add_argument("--privacy", action="store_true", help="แสดงว่าพบข้อมูลส่วนบุคคลในเอกสารใด ที่ใดบ้าง (ไม่แสดงตัวข้อมูล)")
    backup = verb("backup", "สำรองคลังทั้งหมดลงไฟล์เดียว", _backup, prints_data=True)
    backup.add_argument("file", type=Path, metavar="FILE", help="ไฟล์ที่จะเขียน เช่น คลัง.tar.zst (มีอยู่แล้วจะถูกแทน)")
    backup.add_argument(
        "--passphrase", action="store_true", help="ถามรหัสผ่านแล้วเข้ารหัสไฟล์ (ปริยาย: ตาม THAMKHLANG_BACKUP_PASSPHRASE_FILE)"
    )
    restore = verb("restore", "กู้คลังคืนจากไฟล์สำรอง ลงโฟลเดอร์ใหม่หรือโฟลเดอร์ว่าง", _restore, prints_data=True)
    restore.add_argument("file", type=Path, metavar="FILE", help="ไฟล์ที่ได้จาก backup จากการสำรองตามเวลา หรือจากหน้าดูแล")
    _rebuilding(verb)


def _rebuilding(verb: Verb) -> None:
    rebuild = verb("rebuild", "สร้างดัชนีใหม่จากคลัง โดยไม่อ่านไฟล์ต้นฉบับ", _rebuild)
    rebuild.add_argument("--model", metavar="NAME", help="ด้วยโมเดลเวกเตอร์นี้ (ปริยาย: THAMKHLANG_EMBEDDING_MODEL)")
    rebuild.add_argument("--eval", type=Path, metavar="FILE", help="เทียบเดิมกับใหม่ด้วยไฟล์คำถาม สลับเมื่อใหม่ไม่แย่ลงเกินร้อยละ 2")
    rebuild.add_argument("--force", action="store_true", help="สลับแม้ผลเทียบแย่ลง")
    rebuild.add_argument("--rollback", action="store_true", help="กลับไปใช้ดัชนีรุ่นก่อนการสลับครั้งล่าสุด")


def _filters(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--year", action="append", default=[], type=int, help="เฉพาะปีนี้ พ.ศ. หรือ ค.ศ. (ใช้ซ้ำได้)")
    sub.add_argument("--province", action="append", default=[], help="เฉพาะจังหวัดนี้ (ใช้ซ้ำได้)")
    sub.add_argument("--district", action="append", default=[], help="เฉพาะอำเภอหรือเขตนี้ (ใช้ซ้ำได้)")
    sub.add_argument("--organisation", action="append", default=[], help="เฉพาะเอกสารที่กล่าวถึงองค์กรนี้ ชื่อเต็มหรือชื่อย่อ")
    sub.add_argument("--kind", action="append", default=[], choices=_KINDS, help="เฉพาะเอกสารชนิดนี้")
    sub.add_argument("--document", action="append", default=[], help="เฉพาะเอกสารนี้ (รหัสหรือชื่อ)")


def _home() -> Any:
    """--home, accepted before and after the verb."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument(
        "--home", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="โฟลเดอร์ของคลัง (ปริยาย: THAMKHLANG_HOME)"
    )
    return parent


def _positive(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError(f"{text} ต้องเป็นจำนวนเต็มตั้งแต่ 1 ถึง 1000")
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        called = _parser().parse_args(arguments)
        code = int(called.run(called))
        sys.stdout.flush()
        return code
    except (StoreError, AssistantError, SettingsError) as error:
        _tell(f"thamkhlang: {error}")
        return SHORT if isinstance(error, DiskFull) else WRONG
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        from ui.messages import NO_ROOM, is_full

        if not is_full(error):
            raise
        _tell(f"thamkhlang: {NO_ROOM}")
        return SHORT
    except KeyboardInterrupt:
        _tell("\nthamkhlang: หยุดตามที่สั่ง สิ่งที่บันทึกแล้วยังอยู่ครบ")
        return 130


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _settings(called: argparse.Namespace, **given: object) -> settings_of.Settings:
    own = {name: getattr(called, name) for name in ("home", "host", "port") if hasattr(called, name)}
    return settings_of.load(**own, **given)


def _house(called: argparse.Namespace, *, brief: bool = False, rebuilding: bool = False, **given: object) -> Any:
    from ui.compose import compose

    return compose(_settings(called, **given), brief=brief, rebuilding=rebuilding)


def _add(called: argparse.Namespace) -> int:
    from ui.adding import add

    return add(called, _house(called))


def _list(called: argparse.Namespace) -> int:
    from ui import documents, render, wire

    with _house(called, brief=True).store as store:
        if called.document or called.versions:
            source = store.source_of(called.document) if called.document else None
            return _list_versions(called, store.versions(source) if source else store.all_versions())
        headers, scans, personal = store.documents(), store.unread.sources(), store.masks.counts()
        similar = documents.similar(store, headers, headers)
        versions = {one.document_id: one for one in store.all_versions() if one.current}
    if called.json:
        _print_json(
            [wire.document(header, similar.get(header.id, ()), personal=personal.get(header.id, 0)) for header in headers]
        )
    else:
        _lines(render.listed(header, versions[header.id], similar.get(header.id, ())) for header in headers)
        print(f"ทั้งหมด {len(headers)} เอกสาร")
        _lines([f"พบข้อมูลส่วนบุคคลใน {len(personal)} เอกสาร ดูที่ใดบ้างด้วย thamkhlang check --privacy"] if personal else ())
        _lines(f"ภาพสแกนที่ยังอ่านไม่ได้: {scan}" for scan in scans)
    return DONE


def _list_versions(called: argparse.Namespace, versions: Sequence[Any]) -> int:
    from ui import render, wire

    if called.json:
        _print_json([wire.version(one) for one in versions])
    else:
        _lines(render.version_text(one) for one in versions)
    return DONE


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _remove(called: argparse.Namespace) -> int:
    from dataclasses import replace

    from ui import render, wire
    from vectorstore.erasing import tombstone

    with _house(called).store as store:
        if store.unread.forget(called.id):
            told = f"นำชื่อภาพสแกน {called.id} ออกจากคลังแล้ว"
            _print_json({"source": called.id, "indexes": "clean"}) if called.json else print(told)
            return DONE
        gone = store.remove(called.id)
        store.audit.note("", "document.removed", tombstone(gone.documents[-1]))
        if gone.indexes == "rebuilding":
            _tell("ลบแล้วและค้นไม่พบอีก กำลังสร้างดัชนีใหม่เพื่อล้างคำที่ลบออกจากไฟล์ คลังใหญ่อาจใช้หลายนาที (หยุดได้ ครั้งหน้าที่เปิดคลังจะทำต่อ)")
            gone = replace(gone, indexes="clean" if store.wait_until_swept() else "rebuilding")
    _print_json(wire.erasure(gone)) if called.json else print(render.erasure_text(gone))
    return DONE


def _filter(called: argparse.Namespace, store: Any) -> Any:
    from ui.wire import to_filter

    return to_filter(_wanted(called, store))


def _wanted(called: argparse.Namespace, store: Any) -> dict[str, Any]:
    return {
        "years": called.year,
        "provinces": called.province,
        "districts": called.district,
        "organisations": called.organisation,
        "kinds": called.kind,
        "documents": [store.find(name).source for name in called.document],
    }


def _search(called: argparse.Namespace) -> int:
    from assistant.question import LITERALLY, understand
    from ui import render, wire

    without = LITERALLY if called.literally else ()
    understand(called.query)
    house = _house(called, brief=True)
    with house.store as store:
        wanted = _filter(called, store)
        query = understand(house.discreet(called.query), (), wanted, without=without)
        hits = store.search(query.text, wanted=wanted, k=called.k, concepts=query.concepts)
        doubts = store.doubts(hits)
    if called.json:
        _print_json({"hits": [wire.hit(hit, doubt) for hit, doubt in zip(hits, doubts, strict=True)]})
    else:
        _lines(filter(None, [render.read_as(query)]))
        _lines(render.hit_text(n, *hit) for n, hit in enumerate(zip(hits, doubts, strict=True), start=1))
        if not hits:
            print("ไม่พบข้อความที่ตรงกับคำค้น")
    return DONE


def _ask(called: argparse.Namespace) -> int:
    from assistant.question import LITERALLY
    from ui import conversation, messages, render, wire

    house = _house(called, brief=True)
    with house.store:
        without = LITERALLY if called.literally else ()
        wanted = _filter(called, house.store)
        asking = conversation.Asking(
            question=called.question, wanted=wanted, without=without, conversation=called.conversation, face="command"
        )
        told = conversation.ask(house, asking)
        reply, notice = told.reply, messages.notice(told.notice, told.reply.query.language)
    if called.json:
        kept = {"conversation_id": called.conversation, "unkept": told.unkept or None, "notice": notice}
        _print_json(wire.reply(reply, house.settings.public_url) | kept)
    else:
        _lines(filter(None, [render.understood_as(reply.query), render.read_as(reply.query)]))
        print(render.reply_text(reply))
        _lines(filter(None, [told.unkept, notice]))
    return DONE


def _serve(called: argparse.Namespace) -> int:
    from ui.server import serve

    return serve(_settings(called), samples=called.samples)


def _eval(called: argparse.Namespace) -> int:
    from dataclasses import asdict, replace

    from tqdm import tqdm

    from assistant import evaluation
    from ui import render

    questions = evaluation.read(called.questions)
    house = _house(called) if called.model == "" else _house(called, model=called.model or "")
    questions = [replace(question, turns=tuple(map(house.discreet, question.turns))) for question in questions]
    with house.store:
        running = tqdm(
            evaluation.run(questions, house.store, house.assistant), total=len(questions), disable=None, leave=False, unit=" ข้อ"
        )
        score = evaluation.score(running)
    if called.json:
        fields = asdict(score)
        fields["outcomes"] = [{**outcome, "question": outcome["question"]["id"]} for outcome in fields["outcomes"]]
        _print_json(fields)
    else:
        print(render.score_text(score, show=called.show))
    return SHORT if score.citations_broken else DONE


def _check(called: argparse.Namespace) -> int:
    from ui import keeping

    if called.privacy:
        return keeping.check_privacy(called, _house(called, brief=True))
    return keeping.check(called, _house(called))


def _backup(called: argparse.Namespace) -> int:
    from ui import keeping

    return keeping.backup(called, _house(called, brief=True))


def _restore(called: argparse.Namespace) -> int:
    from ui import keeping

    return keeping.restore(called, _settings(called))


def _rebuild(called: argparse.Namespace) -> int:
    from ui import rebuilding

    return rebuilding.rebuild(called, _settings(called))


if __name__ == "__main__":
    sys.exit(main())
