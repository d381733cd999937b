"""What a form of our own pages sends."""

from collections.abc import Mapping

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

_FIELDS = 100


class Unreadable(Exception):
    """What was sent is no form of a page: files, or more or longer fields than any has."""


async def sent(request: Request) -> Mapping[str, str]:
    """The fields of a form by name, each once.

    Raises:
        Unreadable: it is none; `ui.pages` tells so on a page.
    """
    try:
        async with request.form(max_files=0, max_fields=_FIELDS) as form:
            return {name: value for name, value in form.items() if not isinstance(value, UploadFile)}
    except HTTPException as error:
        raise Unreadable from error


def local(path: str) -> str:
    """A path on this server, relative to its top, that somebody is to be sent on to; '' where it is none, and thus the top.

    Whatever leads anywhere else is none: another host, a scheme, a way up, signs that a browser would drop or take for others.
    """
    head = path.split("?", 1)[0].split("#", 1)[0]
    head = head.casefold().replace("%2e", ".")  # as a browser reads it
    strange = not path.isprintable() or "\\" in path or "//" in head or ":" in head
    return "" if strange or path.startswith("/") or ".." in head.split("/") else path
