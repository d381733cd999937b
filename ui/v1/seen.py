"""Who asks a route, and the archive as they may see it."""

from typing import Annotated

from fastapi import Depends, Request

from ui.compose import House
from ui.pages.shell import seen


def _view(request: Request) -> House:
    """The house as whoever asks may see it."""
    return seen(request.app.state.house, request)


Seen = Annotated[House, Depends(_view)]
"""What a route takes to be given the house as whoever asks may see it."""
