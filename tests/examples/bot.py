"""A bot of your own for LINE that asks ThamKhlang over its API. Copy it and change it: Apache-2.0.

    pip install fastapi httpx uvicorn
    LINE_SECRET=… LINE_TOKEN=… ARCHIVE_URL=http://127.0.0.1:8000 ARCHIVE_KEY=tk_… uvicorn bot:app --port 9000

Its webhook is https://(your address)/callback. It remembers nothing over a restart: a question that is being answered then
is lost. ThamKhlang's own webhook loses none, and needs no program of yours (docs/line.md).
"""

import base64
import hashlib
import hmac
import json
import os
from typing import Any

import httpx
from fastapi import BackgroundTasks, FastAPI, Request, Response

SECRET, TOKEN = os.environ["LINE_SECRET"].encode(), os.environ["LINE_TOKEN"]
ARCHIVE, KEY = os.environ["ARCHIVE_URL"].rstrip("/"), os.environ.get("ARCHIVE_KEY", "")
LINE = os.environ.get("LINE_API", "https://api.line.me")
app = FastAPI()
seen: dict[str, None] = {}  # ids of events, because LINE may send one twice


@app.post("/callback")
async def callback(request: Request, later: BackgroundTasks) -> Response:
    body = await request.body()  # the bytes as they came: JSON that is written anew has another signature
    signature = base64.b64encode(hmac.digest(SECRET, body, hashlib.sha256))
    if not hmac.compare_digest(signature, request.headers.get("x-line-signature", "").encode()):
        return Response(status_code=400)
    for event in json.loads(body)["events"]:
        if event.get("webhookEventId") not in seen and (question := asked(event)):
            seen[event["webhookEventId"]] = None
            later.add_task(answer, event, question)
    for old in list(seen)[:-10_000]:
        del seen[old]
    return Response()  # at once, because LINE waits for two seconds; the answer follows


def asked(event: dict[str, Any]) -> str:
    """What an event asks; '' where it is no question to the bot. In a group only what mentions it is."""
    message = event.get("message") or {}
    if event.get("mode") != "active" or event.get("type") != "message" or message.get("type") != "text":
        return ""
    units = message["text"].encode("utf-16-le")  # LINE counts in UTF-16
    mentions = [one for one in message.get("mention", {}).get("mentionees", []) if one.get("isSelf")]
    for one in sorted(mentions, key=lambda one: -one["index"]):
        units = units[: 2 * one["index"]] + units[2 * (one["index"] + one["length"]) :]
    return units.decode("utf-16-le").strip() if mentions or event["source"]["type"] == "user" else ""


async def answer(event: dict[str, Any], question: str) -> None:
    source = event["source"]
    chat = source.get("groupId") or source.get("roomId") or source["userId"]
    conversation = "line-" + hmac.new(SECRET, chat.encode(), hashlib.sha256).hexdigest()  # nobody's id, so that one can ask on
    async with httpx.AsyncClient(timeout=40) as client:  # a reply token is good for a minute
        headers = {"Authorization": f"Bearer {KEY}"} if KEY else {}
        try:
            asking = {"question": question, "conversation_id": conversation}
            response = await client.post(f"{ARCHIVE}/v1/answers", json=asking, headers=headers)
            text = told(response.raise_for_status().json())
        except httpx.HTTPError:
            text = "ตอบไม่ได้ในขณะนี้ รอสักครู่แล้วถามใหม่"
        reply = {"replyToken": event["replyToken"], "messages": [{"type": "text", "text": text}]}
        await client.post(f"{LINE}/v2/bot/message/reply", json=reply, headers={"Authorization": f"Bearer {TOKEN}"})


def told(reply: dict[str, Any]) -> str:
    """The answer with its sources, each with the link that opens it at its words; or why there is none."""
    if not reply["answered"]:
        return str(reply["refusal"]["message"])
    sources = [f"[{one['n']}] {one['title']}\n{httpx.URL(ARCHIVE).join(one['link'])}" for one in reply["citations"]]
    return "\n\n".join([reply["answer"][:2_000], *sources[:5]])  # LINE takes 5,000 UTF-16 units
