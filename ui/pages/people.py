"""Accounts, API keys and documents limited to groups, for administrators: one page, a form for each thing to do."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ui import passwords
from ui.clock import time_of
from ui.compose import House
from ui.pages import shell
from ui.pages.forms import sent
from ui.pages.manage import tabs
from ui.people import ROLES, Role
from ui.words import BOOK
from vectorstore.errors import AccountRefused, StoreError, UnknownDocument
from vectorstore.keys import SCOPES

Fields = Mapping[str, str]
_FOUND = 10
"""Documents that are shown for a word."""
_EVENTS = 50


def routes(house: House) -> list[Route]:
    """/manage/people."""

    def page(request: Request) -> Response:
        return _page(request, shell.seen(house, request))

    async def change(request: Request) -> Response:
        fields = await sent(request)
        return await run_in_threadpool(_changed, request, shell.seen(house, request), fields)

    return [
        Route("/manage/people", page, methods=["GET"]),
        Route("/manage/people", change, methods=["POST"]),
    ]


def _changed(request: Request, house: House, fields: Fields) -> Response:
    """Does what a form asks for, then shows the page anew by its address, so that reloading it does nothing twice."""
    did = fields.get("do", "")
    try:
        if did == "key_added":
            return _page(request, house, key=_add_key(house, fields))
        if did not in _DONE:
            raise AccountRefused(BOOK["people"]["unknown_action"])
        _DONE[did](house, fields)
    except StoreError as error:
        return _page(request, house, told=str(error), status=404 if isinstance(error, UnknownDocument) else 422)
    return RedirectResponse(f"people?done={did}", 303)


def _add_account(house: House, fields: Fields) -> None:
    name, password = fields.get("name", ""), fields.get("password", "")
    if wrong := passwords.fault(password, name):
        raise AccountRefused(wrong)
    made = house.store.accounts.add(name, passwords.hashed(password), _role(fields), _groups(fields))
    house.note("account.added", made.name)


def _change_account(house: House, fields: Fields) -> None:
    accounts, name = house.store.accounts, fields.get("name", "")
    accounts.set_role(name, _role(fields))
    accounts.set_groups(name, _groups(fields))
    house.note("account.changed", accounts.find(name).name)


def _set_password(house: House, fields: Fields) -> None:
    name, password = house.store.accounts.find(fields.get("name", "")).name, fields.get("password", "")
    if wrong := passwords.fault(password, name):
        raise AccountRefused(wrong)
    house.store.accounts.set_hash(name, passwords.hashed(password))
    house.note("account.password", name)


def _disable(house: House, fields: Fields) -> None:
    name = house.store.accounts.find(fields.get("name", "")).name
    house.store.accounts.disable(name)
    house.note("account.disabled", name)


def _enable(house: House, fields: Fields) -> None:
    name = house.store.accounts.find(fields.get("name", "")).name
    house.store.accounts.disable(name, disabled=False)
    house.note("account.enabled", name)


def _remove(house: House, fields: Fields) -> None:
    name = house.store.accounts.find(fields.get("name", "")).name
    if not fields.get("sure"):
        raise AccountRefused(BOOK["people"]["not_sure"])
    house.store.accounts.remove(name)
    house.note("account.removed", name)


def _add_key(house: House, fields: Fields) -> str:
    days = fields.get("days", "").strip()
    if days and not (days.isascii() and days.isdigit()):
        raise AccountRefused(BOOK["people"]["wrong_days"])
    name = fields.get("name", "")
    scopes = [scope for scope in SCOPES if fields.get(f"scope_{scope}")]
    until = int(days[:9]) if days else None
    whole = house.store.keys.add(name, _role(fields), _groups(fields), days=until, scopes=scopes or None)
    house.note("key.added", house.store.keys.find(whole).name)
    return whole


def _revoke(house: House, fields: Fields) -> None:
    house.note("key.revoked", house.store.keys.revoke(fields.get("prefix", "")).name)


def _limit(house: House, fields: Fields) -> None:
    house.note("limit.set", house.store.limit(fields.get("document", ""), _groups(fields)).source)


_DONE: dict[str, Callable[[House, Fields], None]] = {
    "account_added": _add_account,
    "account_changed": _change_account,
    "account_password": _set_password,
    "account_disabled": _disable,
    "account_enabled": _enable,
    "account_removed": _remove,
    "key_revoked": _revoke,
    "limit_set": _limit,
}
"""What a form may ask for, by the name that tells afterwards that it is done."""


def _role(fields: Fields) -> Role:
    role = fields.get("role", "")
    if role not in ROLES:
        raise AccountRefused(BOOK["people"]["unknown_role"])
    return role


def _groups(fields: Fields) -> tuple[str, ...]:
    return tuple(fields.get("groups", "").split(","))


def _page(request: Request, house: House, *, told: str = "", key: str = "", status: int = 200) -> Response:
    store, asked = house.store, request.query_params
    accounts, limits = store.accounts.all(), store.limits.all()
    groups = {group for some in limits.values() for group in some} | {group for one in accounts for group in one.groups}
    response = shell.show(
        request,
        "people.html",
        "manage",
        status,
        own=BOOK["people"],
        tabs=tabs(3),
        told=told,
        key=key,
        done=BOOK["people"]["done"].get(asked.get("done", ""), ""),
        on=house.settings.accounts == "on",
        accounts=accounts,
        keys=store.keys.all(),
        limits=limits,
        groups=sorted(groups),
        roles=BOOK["people"]["roles"],
        scopes=BOOK["people"]["scopes"],
        asked=asked.get("q", ""),
        **_documents(house, asked.get("q", ""), asked.get("document", "")),
        events=[_event(one) for one in store.audit.latest(_EVENTS)],
        time=time_of,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _documents(house: House, asked: str, chosen: str) -> dict[str, Any]:
    """What was found for a word that was typed, and the document that was chosen, with its groups."""
    store = house.store
    found = {hit.document.id: hit.document for hit in store.search(asked, k=_FOUND)} if asked.strip() else {}
    for name in filter(None, (asked.strip(), chosen)):
        try:
            header = store.find(name)
        except UnknownDocument:
            continue
        found = {header.id: header, **found}
    document = next((one for one in found.values() if chosen in (one.id, one.source)), None) if chosen else None
    own = store.limits.of(document.source) if document else ()
    return {"found": list(found.values()) if asked.strip() else [], "document": document, "own_groups": ", ".join(own)}


def _event(one: Any) -> dict[str, str]:
    words = BOOK["people"]
    who = one.who or words["nobody" if one.what == "login.failed" else "machine"]
    return {"at": time_of(one.at), "who": who, "what": words["events"].get(one.what, one.what), "which": one.which}
