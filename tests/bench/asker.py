"""Asks a server as many clients at once do, in a process of its own: `python -m tests.bench.asker` with a plan on stdin.

The plan is JSON: {"address", "path", "field", "questions", "clients", "seconds"}; what came of it is JSON on standard output.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any

import httpx

_LONGEST_S = 120
_AWAY = (429, 503)


class _Asked:
    """What the clients have seen so far: milliseconds of each answer, and how often anything else came."""

    def __init__(self) -> None:
        self.ms: list[float] = []
        self.away = 0
        self.errors: Counter[str] = Counter()


async def _client(client: httpx.AsyncClient, plan: dict[str, Any], first: int, until: float, asked: _Asked) -> None:
    n = first
    while time.perf_counter() < until:
        question, began = plan["questions"][n % len(plan["questions"])], time.perf_counter()
        n += plan["clients"]
        try:
            response = await client.post(plan["path"], json={plan["field"]: question})
        except httpx.HTTPError as error:
            asked.errors[type(error).__name__] += 1
            continue
        if response.status_code == 200:
            asked.ms.append((time.perf_counter() - began) * 1000)
        elif response.status_code in _AWAY and "retry-after" in response.headers:
            asked.away += 1
            await asyncio.sleep(min(float(response.headers["retry-after"]), max(0.0, until - time.perf_counter())))
        else:
            asked.errors[str(response.status_code)] += 1


async def _all(plan: dict[str, Any]) -> dict[str, Any]:
    asked = _Asked()
    limits = httpx.Limits(max_connections=plan["clients"], max_keepalive_connections=plan["clients"])
    async with httpx.AsyncClient(base_url=plan["address"], timeout=_LONGEST_S, limits=limits, trust_env=False) as client:
        began = time.perf_counter()
        await asyncio.gather(*(_client(client, plan, n, began + plan["seconds"], asked) for n in range(plan["clients"])))
    return {"ms": asked.ms, "seconds": time.perf_counter() - began, "away": asked.away, "errors": asked.errors}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_all(json.load(sys.stdin)))))
