"""How often somebody may ask: so many requests a minute for each key, each account, and each address of who has neither.

The only door to the library that counts them, in memory. Headers are those of draft-ietf-httpapi-ratelimit-headers-11.
"""

import math
import re
import time
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from ui.journal import is_file
from ui.people import OWNER, Person
from ui.settings import Settings

POLICY = "minute"
"""The name of the only policy there is."""
_WINDOW_S = 60
EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded"
"""The type of the problem, as the draft has it."""
_FREE = re.compile("/healthz|/webhooks/.*")
"""Whoever watches the program must not be turned away by those who use it; a webhook has a signature and a queue of its own."""


@dataclass(frozen=True, slots=True)
class Left:
    """What somebody may still ask: `left` of `most` requests until `seconds` from now; `over` where this one was too many."""

    most: int
    left: int
    seconds: int
    over: bool

    def headed(self, send: Send) -> Send:
        """Tells of it in the head of the response."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = f'"{POLICY}";q={self.most};w={_WINDOW_S}'
                headers["RateLimit"] = f'"{POLICY}";r={self.left};t={self.seconds}'
            await send(message)

        return sent


class Rates:
    """The counters of one server."""

    def __init__(self, settings: Settings) -> None:
        """Counters with the limits that are set."""
        self._counters = FixedWindowRateLimiter(MemoryStorage())
        self._known, self._unknown = settings.rate_per_minute, settings.address_rate_per_minute

    def take(self, person: Person, address: str, path: str) -> Left | None:
        """Counts a request of `person`, who comes from `address`; None where it is not limited.

        The owner of the machine is not, nor is what must always be answered, nor the page's own files.
        """
        most = self._known if person.name else self._unknown
        if not most or person == OWNER or _FREE.fullmatch(path) or is_file(path):
            return None
        item, who = RateLimitItemPerMinute(most), (person.name or f"address:{address}",)
        over = not self._counters.hit(item, *who)
        until, left = self._counters.get_window_stats(item, *who)
        return Left(most, max(0, left), max(1, math.ceil(until - time.time())), over)
