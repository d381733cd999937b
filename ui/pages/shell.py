"""What all screens share: the way between them at the top, the templates, the content policy."""

from collections.abc import Iterator
from typing import Any

import jinja2
from markupsafe import Markup
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, StreamingResponse

from ui.compose import House
from ui.people import OWNER, Person, person_of
from ui.words import BOOK

CSP = (
    "default-src 'none'; style-src 'self'; font-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Nothing but our own files, whatever a document says."""
HEADERS = {"Content-Security-Policy": CSP, "Referrer-Policy": "same-origin"}
"""With no referrer at all a form's origin would be told as null, and the form refused."""
SCREENS = ("ask", "start", "resolutions", "documents", "manage")
"""In the order in which they are named; each is at the path of its name, but for the chat page at the top."""
_WORDS = {"ask": "asking", "resolutions": "register", "documents": "library", "login": "people", "logout": "people"}
"""The table of words of a screen, where it is called otherwise."""
_templates = jinja2.Environment(
    loader=jinja2.PackageLoader("ui.pages"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def show(request: HTTPConnection, template: str, here: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The screen `here`, as `template` shows `values`; every value is text, and never markup.

    A template has the words of its screen and of lists as `words`, `top`: the way up to where the program is served, and
    `may_add`: whether whoever reads it may add documents.
    """
    shown = _templates.get_template(template).render(**_shared(request, here), **values)
    return HTMLResponse(shown, status, HEADERS)


def refusal(request: HTTPConnection, here: str, told: str, status: int = 403) -> HTMLResponse:
    """What somebody is told who may not open the screen `here`, or not now."""
    words = BOOK["people"]
    return show(request, "told.html", here, status, heading=words["refused"], lines=[told], way="./", back=words["home"])


def stream(request: HTTPConnection, template: str, here: str, **values: Any) -> StreamingResponse:
    """The same, sent as far as it has come while one of the `values`, which the template goes through, still comes."""
    shown = _templates.get_template(template).generate(**_shared(request, here), **values)
    return StreamingResponse(_told(shown), media_type="text/html", headers=HEADERS)


def _told(pieces: Iterator[str]) -> Iterator[str]:
    """The pieces of a template, by the line; joined, because what is added to a piece that is markup would be escaped again."""
    line: list[str] = []
    for piece in pieces:
        line.append(piece)
        if piece.endswith("\n"):
            yield "".join(line)
            line.clear()
    yield "".join(line)


def _shared(request: HTTPConnection, here: str) -> dict[str, Any]:
    """What every template has."""
    top = "../" * (request.url.path.removeprefix(request.scope.get("root_path", "")).count("/") - 1)
    return {
        "title": BOOK["screens"][here],
        "words": BOOK["lists"] | BOOK[_WORDS.get(here, here)],
        "name": BOOK["title"],
        "shared": BOOK["screens"],
        "top": top,
        "may_add": person_of(request).may("editor"),
        "header": Markup(header(here, person_of(request), top or "./")),
    }


def seen(house: House, request: HTTPConnection) -> House:
    """The house as whoever sent the request may see it."""
    return house.seen_by(person_of(request))


def header(here: str = "", person: Person = OWNER, top: str = "./") -> str:
    """HTML of the head of a page: the program's name, the screens that `person` may open, `here` marked, and who they are."""
    screens = [
        {"name": BOOK["screens"][name], "path": top + ("" if name == "ask" else name), "here": name == here}
        for name in SCREENS
        if person.may("administrator" if name == "manage" else "reader")
    ]
    words = BOOK["screens"]
    return _templates.get_template("header.html").render(screens=screens, name=BOOK["title"], top=top, words=words, who=person)
