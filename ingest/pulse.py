"""How a reader with long work says that it goes on, page after page, so that it is not taken for one that hangs."""

from collections.abc import Callable

_listeners: list[Callable[[], object]] = []


def beat() -> None:
    """Says that the work goes on: the time allowed for it begins anew. Nothing where nobody measures it."""
    for listener in _listeners:
        listener()


def on_beat(listener: Callable[[], object]) -> None:
    """Has `listener` called at every beat, from now on."""
    _listeners.append(listener)
