"""`thamkhlang line check`: whether LINE and this server are set up for each other, what is wrong, and what to do about it."""

import argparse
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from ui.guard import WEBHOOK
from ui.line import links
from ui.line.account import Account, Quota, Reached, Refused, Unreached, Webhook
from ui.line.channels import Channel, channels
from ui.settings import Settings
from ui.words import BOOK

_WORDS = BOOK["line"]["check"]
_SECRET = re.compile("[0-9a-f]{32}")
_TOKEN = re.compile("[!-~]+")
_NEARLY = 0.8
"""The share of the month's messages from which it is told that they run out."""
State = Literal["right", "wrong", "misset", "advice"]
"""In order; to be put right at LINE or around this server; in this program's settings; worth doing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at: of which account ('' of none), how it is, in words, and what to do ('' where nothing)."""

    name: str
    state: State
    said: str
    do: str = ""
    account: str = ""


def run(called: argparse.Namespace, settings: Settings) -> int:
    """Prints what `check` finds, as JSON where the call asks for it; the exit code."""
    findings = list(check(settings))
    code = _code(findings)
    print(_json(findings, code) if called.json else "\n".join(_lines(findings, code)))
    return code


def check(settings: Settings) -> Iterator[Finding]:
    """Everything that can be looked at from here, of every account that is set.

    Raises:
        SettingsError: see `channels`.
    """
    known = channels(settings)
    if not known:
        yield _misset("unset")
        return
    base = links.base(settings.public_url)
    yield _right("public_url", url=base) if base else _misset("public_url", url=settings.public_url)
    if base:
        yield _opens(settings)
    for channel in known:
        yield from _shapes(channel)
        yield from _account(channel, settings, base + WEBHOOK if base else "")
    yield _finding("redelivery", "advice", {})


def _opens(settings: Settings) -> Finding:
    """Whether who presses a source's button sees the document: see `ui.guard`, and `ui.people.stranger`."""
    if settings.accounts == "off":
        return _misset("opens_owner") if settings.is_local else _right("opens")
    return _right("opens") if settings.anonymous == "reader" else _finding("opens_login", "advice", {})


def _shapes(channel: Channel) -> Iterator[Finding]:
    """What can be told of the two secrets without asking anybody; neither is shown."""
    yield _right("secret") if _SECRET.fullmatch(channel.secret) else _misset("secret", length=len(channel.secret))
    swapped = _SECRET.fullmatch(channel.token) or channel.token.isdigit()
    if swapped or not _TOKEN.fullmatch(channel.token):
        yield _misset("token", length=len(channel.token))


def _account(channel: Channel, settings: Settings, endpoint: str) -> Iterator[Finding]:
    """What LINE says of the account; nothing more is asked where it does not take the token."""
    with Account(channel.token, settings.line_api) as account:
        try:
            bot = account.bot()
        except Refused as error:
            told = {"status": error.status, "message": error}
            yield _misset("refused", **told) if error.status in (400, 401, 403) else _wrong("line", **told)
            return
        except Unreached as error:
            yield _wrong("unreached", why=error, api=settings.line_api)
            return
        named = {"account": f"{bot.name} ({bot.basic_id})"}
        yield _right("account", **named, bot=bot.user_id)
        if channel.destination not in ("", bot.user_id):
            yield _misset("destination", **named, bot=bot.user_id, set=channel.destination)
        parts: list[Callable[[], Finding]] = [lambda: _webhook(account.webhook(), endpoint)]
        parts += [lambda: _reached(account.reach(endpoint), endpoint)] if endpoint else []
        parts += [lambda: _quota(account.quota(), pushes=settings.line_push == "on")]
        for part in parts:
            yield _told(part, named["account"])


def _told(part: Callable[[], Finding], account: str) -> Finding:
    try:
        found = part()
    except Refused as error:
        found = _wrong("line", status=error.status, message=error)
    except Unreached as error:
        found = _wrong("unreached", why=error, api="LINE")
    return Finding(**asdict(found) | {"account": account})


def _webhook(found: Webhook | None, endpoint: str) -> Finding:
    if not endpoint:
        return _wrong("webhook_unknown", found=found.endpoint if found else "-")
    if not found:
        return _wrong("webhook_unset", endpoint=endpoint)
    if links.base(found.endpoint) != endpoint:
        return _wrong("webhook_other", endpoint=endpoint, found=found.endpoint)
    return _right("webhook", endpoint=endpoint) if found.active else _wrong("webhook_off", endpoint=endpoint)


_STATUSES = {400: "reach_400", 401: "reach_gate", 403: "reach_gate", 404: "reach_404", 413: "reach_gate"}
_REASONS = {"COULD_NOT_CONNECT": "reach_connect", "REQUEST_TIMEOUT": "reach_slow"}


def _reached(found: Reached, endpoint: str) -> Finding:
    if found.success:
        return _right("reach", endpoint=endpoint)
    name = _REASONS.get(found.reason) or _STATUSES.get(found.status, "reach_other")
    return _wrong(name, endpoint=endpoint, status=found.status, reason=found.reason, detail=found.detail)


def _quota(found: Quota, *, pushes: bool) -> Finding:
    if found.limit is None:
        return _right("quota_free", used=found.used)
    told = {"used": found.used, "limit": found.limit}
    if pushes and found.used >= found.limit:
        return _wrong("quota_gone", **told)
    if pushes and found.used >= found.limit * _NEARLY:
        return _finding("quota_low", "advice", told)
    return _right("quota_push" if pushes else "quota", **told)


def _right(name: str, **told: object) -> Finding:
    return _finding(name, "right", told)


def _wrong(name: str, **told: object) -> Finding:
    return _finding(name, "wrong", told)


def _misset(name: str, **told: object) -> Finding:
    return _finding(name, "misset", told)


def _finding(name: str, state: State, told: Mapping[str, object]) -> Finding:
    """The name of a fault tells which sentence says what to do; what is right has a sentence of its own."""
    sentence = _WORDS["right" if state == "right" else "said"][name].format(**told)
    do = "" if state == "right" else _WORDS["do"][name].format(**told)
    return Finding(name=name, state=state, said=sentence, do=do, account=str(told.get("account", "")))


def _code(findings: Sequence[Finding]) -> int:
    states = {one.state for one in findings}
    return 2 if "misset" in states else int("wrong" in states)


def _json(findings: Sequence[Finding], code: int) -> str:
    return json.dumps({"code": code, "findings": [asdict(one) for one in findings]}, ensure_ascii=False, indent=2)


_MARKS: dict[State, str] = {"right": "✓", "wrong": "✗", "misset": "✗", "advice": "•"}


def _lines(findings: Sequence[Finding], code: int) -> Iterator[str]:
    for one in findings:
        yield f"{_MARKS[one.state]} {one.said}" + (f"\n    {one.do}" if one.do else "")
    yield _WORDS["ended"] if code == 0 else _WORDS["not_ended"]
