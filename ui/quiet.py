"""Work that may wait until nobody waits for an answer."""

import contextlib
import threading
from collections.abc import Iterator


class Quiet:
    """Counts the answers that are on their way, so that what nobody waits for does not slow them."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._busy = 0

    @contextlib.contextmanager
    def broken(self) -> Iterator[None]:
        """While an answer is on its way."""
        with self._turn:
            self._busy += 1
        try:
            yield
        finally:
            with self._turn:
                self._busy -= 1
                self._turn.notify_all()

    def wait(self, most_s: float) -> bool:
        """Waits until no answer is on its way; whether that came to be within `most_s` seconds."""
        with self._turn:
            return self._turn.wait_for(lambda: not self._busy, most_s)
