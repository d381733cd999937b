"""Screens of our own beside the chat page: plain pages, for tables, maps and forms that Gradio's parts do not make well.

They are sent whole, work without a script, keep what is filtered in their address, and are under a stricter content policy
than Gradio can be: no inline script or style, nothing evaluated.
"""

from types import ModuleType

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from ui.compose import House
from ui.pages import forms, library, login, manage, people, resolutions, shell, start, taking
from ui.words import BOOK

_SCREENS: tuple[ModuleType, ...] = (start, resolutions, library, taking, manage, people, login)
"""Each has `routes(house)`: its paths."""


def add(app: Starlette, house: House) -> None:
    """Adds the screens to `app`, before the chat page, which takes in every other path."""
    for screen in _SCREENS:
        app.router.routes.extend(screen.routes(house))
    app.add_exception_handler(forms.Unreadable, _unreadable)


def _unreadable(request: Request, _: Exception) -> Response:
    words = BOOK["screens"]
    told = {"heading": words["unreadable"], "lines": [words["unreadable_why"]], "way": "./", "back": BOOK["people"]["home"]}
    return shell.show(request, "told.html", "login", 400, **told)
