"""The command line: `thamkhlang --help`. Exit codes: 0 done, 1 something fell short, 2 the call or the set-up is wrong."""

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from assistant.errors import AssistantError
from ui import settings as settings_of
from ui.settings import SettingsError
from vectorstore.errors import StoreError

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

    add = verb("add", "เพิ่มเอกสารจากไฟล์หรือโฟลเดอร์เข้าคลัง", _add, prints_data=True)
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="ไฟล์ (txt, html, docx, pdf, jsonl) หรือโฟลเดอร์")
    verb("list", "แสดงรายการเอกสารในคลัง", _list, prints_data=True)
    remove = verb("remove", "นำเอกสารออกจากคลัง (รวมฉบับก่อนหน้า)", _remove)
    remove.add_argument("id", help="รหัสหรือชื่อเอกสาร ตามที่ list แสดง")
    search = verb("search", "ค้นข้อความในคลัง", _search, prints_data=True)
    search.add_argument("query", help="คำค้น")
    search.add_argument("-k", type=_positive, default=10, help="จำนวนผลลัพธ์ (ปริยาย: 10)")
    ask = verb("ask", "ถามคลัง ได้คำตอบพร้อมที่มา", _ask, prints_data=True)
    ask.add_argument("question", help="คำถามภาษาไทยหรืออังกฤษ")
    ask.add_argument("--conversation", metavar="ID", help="ถามต่อในบทสนทนานี้ และเก็บคำถามคำตอบไว้ในคลัง (ชื่อ 8 ถึง 128 ตัวอักษร)")
    for sub in (search, ask):
        sub.add_argument("--year", action="append", default=[], type=int, help="เฉพาะปีนี้ พ.ศ. หรือ ค.ศ. (ใช้ซ้ำได้)")
        sub.add_argument("--province", action="append", default=[], help="เฉพาะจังหวัดนี้ (ใช้ซ้ำได้)")
        sub.add_argument(
            "--kind",
            action="append",
            default=[],
            choices=("minutes", "project", "notes", "news", "report"),
            help="เฉพาะเอกสารชนิดนี้",
        )
        sub.add_argument("--document", action="append", default=[], help="เฉพาะเอกสารนี้ (รหัสหรือชื่อ)")
        sub.add_argument("--literally", action="store_true", help="ค้นตามที่พิมพ์ ไม่แก้คำผิด ไม่ขยายคำย่อ ไม่แปล")
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
    verb("check", "ตรวจสภาพคลังและดัชนี", _check, prints_data=True)
    verb("rebuild", "สร้างดัชนีใหม่จากคลัง โดยไม่อ่านไฟล์ต้นฉบับ", _rebuild)
    return parser


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
        return WRONG
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
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
    from tqdm import tqdm

    from ingest import ingest

    house = _house(called)
    with house.store, tqdm(unit=" เอกสาร", disable=None, leave=False, desc="เพิ่มเอกสาร") as bar:
        report = ingest(called.paths, house.store, progress=lambda _: bar.update())
    if called.json:
        failed = [{"source": failure.source, "code": failure.code, "reason": failure.reason} for failure in report.failed]
        counts = {name: getattr(report, name) for name in ("added", "replaced", "skipped")}
        _print_json(
            counts | {"failed": failed, "seconds": round(report.seconds, 3), "documents_per_second": round(report.rate, 1)}
        )
    else:
        done = (("เพิ่มใหม่", report.added), ("แทนฉบับเดิม", report.replaced), ("ข้าม (มีแล้ว)", report.skipped))
        print(" · ".join(f"{what} {len(sources)}" for what, sources in (*done, ("ไม่สำเร็จ", report.failed))))
        print(f"ใช้เวลา {report.seconds:.1f} วินาที ({report.rate:.1f} เอกสารต่อวินาที)")
        for source in report.replaced:
            print(f"  ↻ {source} มีเนื้อหาใหม่ ใช้แทนฉบับเดิมที่ชื่อเดียวกัน (ถ้าเป็นคนละเอกสาร เปลี่ยนชื่อไฟล์แล้วเพิ่มใหม่)")
        for failure in report.failed:
            print(f"  ✗ {failure.source} [{failure.code}]: {failure.reason}")
    return SHORT if report.failed else DONE


def _list(called: argparse.Namespace) -> int:
    from ui import render, wire

    with _house(called, brief=True).store as store:
        headers, scans = store.documents(), store.unread.sources()
    if called.json:
        _print_json([wire.document(header) for header in headers])
    else:
        _lines(f"{header.id[:12]}  {render.day(header.date) or '-':<16}  {header.source}  {header.title}" for header in headers)
        print(f"ทั้งหมด {len(headers)} เอกสาร")
        _lines(f"ภาพสแกนที่ยังอ่านไม่ได้: {scan}" for scan in scans)
    return DONE


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _remove(called: argparse.Namespace) -> int:
    with _house(called).store as store:
        if store.unread.forget(called.id):
            print(f"นำชื่อภาพสแกน {called.id} ออกจากคลังแล้ว")
            return DONE
        header = store.remove(called.id)
    print(f"นำ {header.source} ({header.title}) ออกจากคลังแล้ว")
    return DONE


def _filter(called: argparse.Namespace, store: Any) -> Any:
    from ui.wire import to_filter

    documents = [store.find(name).source for name in called.document]
    return to_filter({"years": called.year, "provinces": called.province, "kinds": called.kind, "documents": documents})


def _search(called: argparse.Namespace) -> int:
    from assistant.question import LITERALLY, understand
    from ui import render, wire

    without = LITERALLY if called.literally else ()
    understand(called.query)
    with _house(called, brief=True).store as store:
        wanted = _filter(called, store)
        query = understand(called.query, (), wanted, without=without)
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
    from ui import conversation, render, wire

    house = _house(called, brief=True)
    with house.store:
        without = LITERALLY if called.literally else ()
        wanted = _filter(called, house.store)
        asking = conversation.Asking(question=called.question, wanted=wanted, without=without, conversation=called.conversation)
        reply = conversation.ask(house, asking)
    if called.json:
        _print_json(wire.reply(reply, house.settings.public_url) | {"conversation_id": called.conversation})
    else:
        _lines(filter(None, [render.understood_as(reply.query), render.read_as(reply.query)]))
        print(render.reply_text(reply))
    return DONE


def _serve(called: argparse.Namespace) -> int:
    from ui.server import serve

    return serve(_settings(called), samples=called.samples)


def _eval(called: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tqdm import tqdm

    from assistant import evaluation
    from ui import render

    questions = evaluation.read(called.questions)
    house = _house(called) if called.model == "" else _house(called, model=called.model or "")
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
    from dataclasses import asdict

    from ui import render

    with _house(called).store as store:
        status = store.status()
        faults = store.faults()
    if called.json:
        _print_json(asdict(status) | {"faults": faults})
    else:
        print(render.status_text(status))
        _lines(f"  ✗ {line}" for line in faults)
    return SHORT if faults or status.problem or status.index != "ready" else DONE


def _rebuild(called: argparse.Namespace) -> int:
    from tqdm import tqdm

    from ingest.chunk import passages

    with _house(called, rebuilding=True).store as store, tqdm(unit=" ช่วงข้อความ", disable=None, leave=False) as bar:
        store.rebuild(passages, lambda done: bar.update(done - bar.n))
        status = store.status()
    print(f"สร้างดัชนีใหม่แล้ว: {status.documents} เอกสาร {status.passages} ช่วงข้อความ ด้วย {status.embedding}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
