"""POST /webhooks/line: where LINE sends what happens in the chats of our channels."""

import logging
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from ui import metrics
from ui.compose import House
from ui.guard import WEBHOOK
from ui.line.channels import NotSigned, channels
from ui.problems import problem
from vectorstore.errors import StoreError

if TYPE_CHECKING:
    from ui.line.bot import Bot

MAX_BODY = 1_000_000
"""Bytes of the largest request; LINE's are a few thousand."""
_log = logging.getLogger("thamkhlang.line")


def add(app: Starlette, house: House) -> None:
    """Adds the webhook to `app`, with `app.state.line` the bot that answers; None where no channel is set.

    Raises:
        SettingsError, StoreUnusable: see `Bot`.
    """
    app.state.line = None
    if known := channels(house.settings):
        from ui.line.bot import Bot  # line-bot-sdk takes a second to import

        app.state.line = bot = Bot(house, known)
        app.state.readiness.watch("line", bot.wrong)
        metrics.watch("line", "Events of LINE since the start, by what became of them; open: not answered yet.", bot.counters)
    app.router.routes.append(Route(WEBHOOK, webhook, methods=["POST"]))


async def webhook(request: Request) -> Response:
    """200 once all that is asked for is on the disk; LINE sends again what gets another answer, where that is turned on."""
    bot: Bot | None = request.app.state.line
    if bot is None:
        return problem(
            404, "line_not_set", "ยังไม่ได้ตั้งบัญชี LINE ตั้ง THAMKHLANG_LINE_SECRET และ THAMKHLANG_LINE_TOKEN แล้วเปิดโปรแกรมใหม่"
        )
    content = bytearray()
    try:
        async for piece in request.stream():
            content += piece
            if len(content) > MAX_BODY:
                return problem(413, "too_large", f"ข้อมูลที่ส่งมาใหญ่เกิน {MAX_BODY:,} ไบต์")
    except ClientDisconnect:
        return problem(400, "broken_off", "ข้อมูลที่ส่งมาขาดไปก่อนจบ")
    try:
        await bot.receive(bytes(content), request.headers.get("x-line-signature", ""))
    except NotSigned:
        return problem(400, "bad_signature", "ลายเซ็นใน x-line-signature ไม่ตรงกับข้อมูลที่ส่งมา ตรวจ Channel secret ของบัญชี LINE")
    except ValueError:
        return problem(400, "invalid_json", "ข้อมูลที่ส่งมาไม่ใช่ JSON ที่มีรายการ events")
    except (StoreError, TimeoutError) as error:
        _log.error("LINE: events could not be kept (%s)", type(error).__name__)
        return problem(503, "inbox_unavailable", "เก็บข้อความจาก LINE ไม่ได้ในขณะนี้ ตรวจที่ว่างในดิสก์และสิทธิ์เขียน")
    return Response()
