"""What LINE tells an operator's program of an Official Account, beside what `tests.loopback.line` does with messages.

    with line.serving(Console(secret=SECRET)) as console:
        console.channels["access-token"] = "Ubot"
        console.endpoint, console.active = "https://bot.example.org/webhooks/line", True
        console.hosts["https://bot.example.org"] = "http://127.0.0.1:8000"     # where that address is on this machine

A test of the webhook is really sent there, signed with `secret`.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

from tests.loopback import line, line_events

Answer = line.Answer


@dataclass
class Console(line.Platform):
    """An account as its keeper set it up: its webhook ('' where none is set), its month (`limit` None: any number).

    `tested` is what a test of the webhook comes to, without one, where it is given.
    """

    secret: str = ""
    name: str = "ถามคลัง พช."
    endpoint: str = ""
    active: bool = True
    limit: int | None = 200
    used: int = 0
    hosts: dict[str, str] = field(default_factory=dict)
    tested: dict[str, Any] | None = None

    def info(self, channel: str, _: dict[str, Any], __: str) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#get-bot-info."""
        told = {
            "userId": channel,
            "basicId": "@123abcde",
            "displayName": self.name,
            "chatMode": "bot",
            "markAsReadMode": "auto",
        }
        return 200, told, {}

    def webhook(self, _: str, __: dict[str, Any], ___: str) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#get-webhook-endpoint-information."""
        if not self.endpoint:
            return 404, {"message": "Webhook endpoint not found"}, {}
        return 200, {"endpoint": self.endpoint, "active": self.active}, {}

    def test(self, channel: str, body: dict[str, Any], _: str) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#test-webhook-endpoint."""
        if self.tested:
            return 200, self.tested, {}
        endpoint = body.get("endpoint") or self.endpoint
        parts = urlsplit(endpoint)
        if parts.scheme != "https" or len(endpoint) > 500:
            return 400, {"message": "Invalid webhook endpoint URL"}, {}
        host = self.hosts.get(f"https://{parts.netloc}")
        told = {"success": False, "timestamp": "2026-12-01T05:38:20.031Z", "statusCode": 0, "reason": "COULD_NOT_CONNECT"}
        if not host:
            return 200, told | {"detail": f"Failure to connect: {endpoint}"}, {}
        try:
            status = line_events.post(f"{host}{parts.path}", self.secret, destination=channel)
        except URLError:
            return 200, told | {"detail": f"Failure to connect: {endpoint}"}, {}
        success = 200 <= status < 300
        reason = "OK" if success else "ERROR_STATUS_CODE"
        return 200, told | {"success": success, "statusCode": status, "reason": reason, "detail": str(status)}, {}

    def may_send(self, _: str, __: dict[str, Any], ___: str) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#get-quota."""
        return 200, {"type": "none"} if self.limit is None else {"type": "limited", "value": self.limit}, {}

    def has_sent(self, _: str, __: dict[str, Any], ___: str) -> Answer:
        """https://developers.line.biz/en/reference/messaging-api/#get-consumption."""
        return 200, {"totalUsage": self.used}, {}


line.ENDPOINTS.update(
    {
        ("GET", "/v2/bot/info"): ("info", Console.info),
        ("GET", "/v2/bot/channel/webhook/endpoint"): ("webhook", Console.webhook),
        ("POST", "/v2/bot/channel/webhook/test"): ("test", Console.test),
        ("GET", "/v2/bot/message/quota"): ("quota", Console.may_send),
        ("GET", "/v2/bot/message/quota/consumption"): ("used", Console.has_sent),
    }
)
