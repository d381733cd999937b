"""Logging in and out: what is counted, checked, written down and sent as a cookie."""

import ipaddress
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from starlette.responses import Response

from ui import passwords
from ui.compose import House
from ui.settings import Settings

COOKIE = "thamkhlang-session"
"""The cookie that holds a session's token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What became of an attempt: the session's `token`; or '' where name or password are wrong, or it has to `wait` minutes."""

    token: str = ""
    wait: int = 0


def log_in(house: House, name: str, password: str, address: str) -> Login:
    """Logs an account in. A name that there is not takes as long as a wrong password, and is told the same."""
    accounts, audit = house.store.accounts, house.store.audit
    if wait := accounts.attempt(name, address):
        return Login(wait=wait)
    kept = accounts.hash_of(name)
    if not passwords.fits(password, kept) or kept is None:
        audit.note(accounts.find(name).name if kept else "", "login.failed", address)
        return Login()
    if passwords.is_dated(kept):
        accounts.set_hash(name, passwords.hashed(password), keep_sessions=True)
    accounts.succeeded(name, address)
    audit.note(accounts.find(name).name, "login.done", address)
    return Login(token=accounts.begin(name, house.settings.session_hours))


def address_of(connection: HTTPConnection) -> str:
    """Where a request comes from: the address, of IPv6 the network, which one machine has many addresses of."""
    host = connection.client.host if connection.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host


def remember(response: Response, token: str, connection: HTTPConnection, settings: Settings) -> None:
    """Sends the browser its session."""
    seconds = int(settings.session_hours * 3600)
    response.set_cookie(COOKIE, token, max_age=seconds, **_manner(connection, settings))  # type: ignore[arg-type]


def forget(response: Response, connection: HTTPConnection, settings: Settings) -> None:
    """Takes the session from the browser."""
    response.delete_cookie(COOKIE, **_manner(connection, settings))  # type: ignore[arg-type]


def _manner(connection: HTTPConnection, settings: Settings) -> dict[str, object]:
    secure = connection.url.scheme == "https" or settings.public_url.startswith("https://")
    path = connection.scope.get("root_path", "") or "/"
    return {"path": path, "httponly": True, "samesite": "lax", "secure": secure}
